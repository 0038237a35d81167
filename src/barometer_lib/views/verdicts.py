"""What the rounds said of an indicator: under each goal the verdict and how it was worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from barometer_lib.locale import (
    as_rounded,
    change,
    interval,
    list_of,
    number,
    period,
    text,
    text_count,
    with_unit,
)
from barometer_lib.sentences import entering, marking
from barometer_lib.views.pages import Reading
from barometer_lib.views.series_reading import Stored
from barometer_lib.views.series_tables import sample_words

Row = Mapping[str, Any]
Facts = Mapping[str, Any]
OUTCOMES = {"met": "green", "not_met": "red", "cannot_tell": "white"}


def standings(stored: Stored, reader: Reading, kept: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every goal of the indicator with its verdict in the round of the address, or the newest."""
    found = []
    for goal in stored.goals:
        rows = [row for row in stored.verdicts if row["goal"] == goal["goal"]]
        named = [row for row in rows if row["round"] == kept.get("round")]
        row = next(iter(named or rows), None)
        found.append(_standing(stored, reader, goal, row))
    return found


def _standing(stored: Stored, reader: Reading, goal: Row, row: Row | None) -> dict[str, Any]:
    words = stored.label("goal", goal["goal"])
    numbered = "goal" if goal["goal_number"] is not None else "goal_plain"
    shown: dict[str, Any] = {
        "goal": reader.say(
            f"indicator.verdicts.{numbered}", number=goal["goal_number"], goal=words
        ),
        "policy": stored.label("policy", goal["policy"]),
        "note": stored.note("goal_note", goal["goal"]),
        "id": goal["goal"],
        "address": reader.address(
            "overview", policy=goal["policy"], round=None if row is None else row["round"]
        ),
        "judged": row is not None,
    }
    if row is None:
        return shown
    facts, goal_facts = json.loads(row["facts"]), json.loads(row["goal_facts"])
    return shown | {
        "round": stored.label("round", row["round"]),
        "published": _mark(reader, row["status_published"]),
        "computed": _mark(reader, row["status_computed"]),
        "agree": row["status_published"] == row["status_computed"],
        "own": _mark(reader, row["status"]),
        "counts": _counts(reader, row),
        "reason": _reason(stored, "indicator_reason", row, facts),
        "goal_reason": _reason(stored, "goal_reason", row, goal_facts),
        "source": row["goal_source_address"],
        "source_name": stored.label("source", row["goal_source"]),
        "worked": _worked(stored, row, facts, goal_facts),
    }


def _mark(reader: Reading, status: str | None) -> dict[str, str] | None:
    """The colour, shape and word of a verdict; blank where there is none."""
    if status is None:
        return None
    if status in OUTCOMES:
        return {"code": OUTCOMES[status], "word": reader.say(f"indicator.outcome.{status}")}
    return {"code": status, "word": reader.say(f"status.code.{status}.name")}


def _counts(reader: Reading, row: Row) -> str:
    """Whether the indicator counts for the goal's status, by the stars of its source or plainly."""
    within = "within" if row["counts"] else "without"
    return reader.say(f"indicator.verdicts.counts.{marking(row['goal_rule'])}.{within}")


def _reason(stored: Stored, kind: str, row: Row, facts: Facts) -> str:
    """The reason of a verdict in words, with the numbers it rests on."""
    code = row["reason" if kind == "indicator_reason" else "goal_reason"]
    fields = dict.fromkeys(("limit", "count", "of", "counting", "progress", "setback"), "")
    fields |= {key: str(value) for key, value in facts.items() if isinstance(value, int | float)}
    fields |= {
        "entering": entering(row["goal_rule"], stored.lang),
        "progress": str(facts.get("better", "")),
        "setback": str(facts.get("worse", "")),
    }
    if facts.get("limit") is not None:
        fields["limit"] = with_unit(facts["limit"], facts["unit"], stored.lang)
    elif (facts.get("target") or {}).get("value") is not None:
        target = facts["target"]
        fields["limit"] = with_unit(
            target["value"], target["unit"], stored.lang, things=row["things"]
        )
    if code == "partial_count":
        fields["of"] = str(facts.get("areas_known", facts.get("of")))
    try:
        return text(stored.lang, f"status.{kind}.{code}", **fields)
    except KeyError:
        other = "goal_reason" if kind == "indicator_reason" else "indicator_reason"
        return text(stored.lang, f"status.{other}.{code}", **fields)


def _worked(stored: Stored, row: Row, facts: Facts, goal_facts: Facts) -> list[tuple[str, str]]:
    """The numbers a verdict was worked out from, as pairs of term and words."""
    lang = stored.lang
    pairs: list[tuple[str, str]] = []

    def add(key: str, words: str | None) -> None:
        if words:
            pairs.append((text(lang, f"indicator.worked.{key}"), words))

    if row["printed"] is not None:
        shown = with_unit(row["printed"], row["unit"], lang, row["decimals"], row["things"])
        add("value", as_rounded(shown, facts.get("rounded_to"), lang))
        add("period", _period(row["period"], lang))
        add("n", _sample(facts, lang))
    if row["change_printed"] is not None:
        add("before", _before(row, facts, lang))
        add("change", _change(row, lang))
        add("kind", text(lang, f"status.kind.{row['change_kind']}"))
        add("interval", _limits(row, facts, lang))
        add("significance", _significance(row, lang))
    add("polarity", text(lang, f"indicator.worked.polarity_word.{stored.indicator['polarity']}"))
    target = facts.get("target") or {}
    if target.get("value") is not None:
        add("target", with_unit(target["value"], target["unit"], lang, things=row["things"]))
    if target.get("distance") is not None:
        unit = "percentage_points" if row["unit"] == "percent" else row["unit"]
        unit = "percent" if target["form"] == "change" else unit
        add("distance", change(target["distance"], unit, lang, row["decimals"], row["things"]))
    for key, words in _counted(stored, row["goal_rule"], goal_facts):
        add(key, words)
    return pairs


def _counted(stored: Stored, rule: str, facts: Facts) -> Iterator[tuple[str, str]]:
    """What the goal's verdict counted: its indicators, or the districts above a limit."""
    lang = stored.lang
    if "counting" in facts:
        counted = {key: number(value, lang, 0) for key, value in facts.items()}
        lead = text_count(lang, f"indicator.worked.lead.{marking(rule)}", facts["counting"])
        yield "counted", text(lang, "indicator.worked.counting", lead=lead, **counted)
    if facts.get("limit") is None:
        return
    yield "counted_period", _period(facts.get("period"), lang)
    if facts.get("division"):
        yield "division", stored.label("division", facts["division"])
    above = [
        f"{stored.label('area', one['area'])} ({with_unit(one['value'], facts['unit'], lang)})"
        for one in facts.get("areas_above") or []
    ]
    yield "above", list_of(above, lang)


def _period(code: str | None, lang: str) -> str:
    return period(code, lang) if code else text(lang, "numbers.value.unknown")


def _sample(facts: Facts, lang: str) -> str | None:
    known = {key: facts.get(key) for key in ("numerator", "denominator", "sample_size")}
    return sample_words(known, lang) if any(known.values()) else None


def _before(row: Row, facts: Facts, lang: str) -> str:
    since = row["reference_period"]
    if since in (None, "previous"):
        return text(lang, "indicator.worked.previous")
    when = period(since, lang)
    if row["reference_printed"] is None:
        return text(lang, "indicator.worked.value_not_published", period=when)
    linked = facts.get("linked")
    shown = facts["reference_value"] if linked else row["reference_printed"]
    value = with_unit(shown, row["unit"], lang, row["reference_decimals"], row["things"])
    value = as_rounded(value, row["reference_rounded_to"], lang)
    key = "value_linked" if linked else "value_in"
    return text(lang, f"indicator.worked.{key}", value=value, period=when)


def _change(row: Row, lang: str) -> str:
    decimals = max(row["decimals"], 1 if row["change_printed"] % 1 else 0)
    return change(row["change_printed"], row["change_unit"], lang, decimals, row["things"])


def _limits(row: Row, facts: Facts, lang: str) -> str | None:
    if facts.get("low") is None or facts.get("high") is None:
        return None
    return interval(facts["low"], facts["high"], row["change_unit"], lang, row["decimals"] + 1)


def _significance(row: Row, lang: str) -> str:
    said = {True: "significant", False: "not_significant", None: "not_stated"}
    return text(lang, f"status.significance.{said[row['significant']]}")
