"""A goal's status in words, and several goals' statuses counted.

Rows are those of `store.status.status`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from barometer_lib.locale import list_of, number, period, text, text_count, with_unit
from barometer_lib.sentences.counting import counts, entering, marking
from barometer_lib.sentences.indicators import changed, indicator_reason, one_stop, value

Row = Mapping[str, Any]
ORDER = (
    *("progress", "standstill", "setback", "no_new_figures"),
    *("green", "yellow", "red", "white"),
    *("met", "not_met", "cannot_tell"),
    "target_met",
    "on_track",
    "acceleration_needed",
    "limited_progress",
    "moving_away",
    "significant_progress",
    "moderate_progress",
    "insufficient_progress",
    "movement_away",
    "moderate_movement_away",
    "significant_movement_away",
    "target_achieved",
    "substantial_progress",
    "deterioration",
    "fair_progress",
    "stagnation_or_regression",
    "maintaining",
    "moderately_improving",
    "stagnating",
    "decreasing",
    "sun",
    "sun_and_cloud",
    "cloud",
    "thunderstorm",
    "better",
    "same_rounded",
    "worse",
    "not_distinguishable",
)
UNJUDGED = "unjudged"


def counted(statuses: Iterable[str | None], lang: str, of: str = "goals") -> str:
    """How many goals have each status: "2 goals in progress and 1 goal in setback".

    A blank status stands for a goal without figures. Of no goals at all the text is empty. With
    `of="efforts"` effort areas are counted, of which a status was told in words.
    """
    found = Counter(code or UNJUDGED for code in statuses)
    said = [
        text_count(lang, f"sentences.{of}.{code}", found[code])
        for code in (*ORDER, UNJUDGED)
        if found[code]
    ]
    return list_of(said, lang)


def verdict(goal: Row, lang: str) -> str:
    """Whether the status was published or computed, and what the other of the two says."""
    published, computed = goal["status_published"], goal["status_computed"]
    if published is None:
        return text(lang, "sentences.verdict.computed")
    if computed is None:
        return text(lang, "sentences.verdict.published")
    if published == computed:
        return text(lang, "sentences.verdict.agree")
    name = text(lang, f"status.short.{computed}")
    return text(lang, "sentences.verdict.differ", computed=name)


def goal_reason(goal: Row, lang: str) -> str:
    """Why the goal has its (computed) status, with the numbers it was worked out from."""
    key, facts = f"status.goal_reason.{goal['reason']}", goal["facts"]
    fields = {
        "entering": entering(goal["rule"], lang),
        "progress": _whole(facts.get("better"), lang),
        "setback": _whole(facts.get("worse"), lang),
        "counting": _whole(facts.get("counting"), lang),
        "count": _whole(facts.get("count"), lang),
        "of": _whole(_areas_known(goal), lang),
        "limit": with_unit(facts["limit"], facts["unit"], lang) if "limit" in facts else "",
    }
    try:
        return one_stop(text(lang, key, **fields))
    except KeyError:
        return one_stop(text(lang, f"status.indicator_reason.{goal['reason']}", **fields))


def _areas_known(goal: Row) -> int | None:
    known = goal["facts"].get("areas_known")
    return int(known) if known is not None else None


def _whole(count: float | None, lang: str) -> str:
    return text(lang, "numbers.value.unknown") if count is None else number(count, lang, 0)


def areas_above(goal: Row, names: Mapping[str, str], division: str | None, lang: str) -> list[str]:
    """The districts above the limit with their values, and which division they belong to.

    Empty for a goal that is not judged district by district.
    """
    facts = goal["facts"]
    if "areas_above" not in facts:
        return []
    if goal["reason"] == "no_new_figures":
        return _earlier_count(facts, lang)
    said = []
    if facts["areas_above"]:
        above = list_of(_areas(facts, names, lang), lang)
        said.append(text(lang, "sentences.areas.above", areas=above))
    elif facts.get("count"):
        said.append(text(lang, "sentences.areas.not_named"))
    if facts.get("period"):
        said.append(text(lang, "sentences.areas.period", period=period(facts["period"], lang)))
    if division:
        said.append(text(lang, "sentences.areas.division", division=division))
    elif facts.get("count") is not None:
        said.append(text(lang, "sentences.areas.no_division"))
    return said


def _areas(facts: Row, names: Mapping[str, str], lang: str) -> list[str]:
    decimals = max(_decimals(one["value"]) for one in facts["areas_above"])
    return [
        text(
            lang,
            "sentences.areas.one",
            area=names[one["area"]],
            value=with_unit(one["value"], facts["unit"], lang, decimals),
        )
        for one in facts["areas_above"]
    ]


def _earlier_count(facts: Row, lang: str) -> list[str]:
    """The newest count there is, of an earlier round; none where nothing was ever counted."""
    if facts.get("count") is None:
        return []
    said = text(
        lang,
        "sentences.areas.earlier",
        period=period(facts["period"], lang),
        count=number(facts["count"], lang, 0),
        limit=with_unit(facts["limit"], facts["unit"], lang),
    )
    return [one_stop(said)]


def _decimals(shown: float) -> int:
    """How many decimals a printed value carries."""
    return 0 if shown == int(shown) else len(repr(shown).partition(".")[2])


def worked_out(goal: Row, names: Mapping[str, str], lang: str) -> list[str]:
    """How the status was worked out: the rule, then every indicator with its numbers."""
    said = [text(lang, f"sentences.rule.{goal['rule']}")]
    said += [
        _indicator_line(row, names[row["indicator"]], goal["rule"], lang)
        for row in goal["indicators"]
    ]
    said.append(goal_reason(goal, lang))
    return said


def _indicator_line(row: Row, name: str, rule: str, lang: str) -> str:
    said: Sequence[str | None] = (value(row, lang), changed(row, lang))
    starred = row["counts"] and marking(rule) == "star"
    line = text(
        lang,
        f"sentences.line.{'star' if starred else 'other'}",
        name=name,
        counts=counts(row["counts"], rule, lang),
        figures=", ".join(part for part in said if part),
        reason=indicator_reason(row, lang),
    )
    return one_stop(line)
