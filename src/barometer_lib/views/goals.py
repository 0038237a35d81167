"""Effort areas, goals and indicators as the overview's template shows them: words, no codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometer_lib.charts.sparkline import sparkline
from barometer_lib.locale import as_rounded, with_unit
from barometer_lib.locale.numbers import NO_BREAK_SPACE
from barometer_lib.sentences import (
    areas_above,
    change,
    changed,
    counted,
    counts,
    goal_reason,
    goal_target,
    indicator_reason,
    marking,
    own_target,
    reply,
    significance,
    value,
    verdict,
    worked_out,
)
from barometer_lib.sentences.remarks import marks_of
from barometer_lib.views.pages import Reading, period_words

Row = dict[str, Any]
FEWEST_POINTS = 2


@dataclass
class Shown:
    """The rows of one policy in one round, and the names of everything in them."""

    reader: Reading
    labels: Mapping[tuple[str, str], str]
    policy: Row
    committee: str | None
    document: Row
    effort_areas: list[Row]
    figures: list[Row]
    targets: list[Row]
    sources: Mapping[str, str]
    ratios: frozenset[str]
    family: tuple[int, int] = (0, 0)
    remark: str | None = None
    remarks: tuple[Sequence[Row], Sequence[Row]] = ((), ())

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.reader.lang

    def name(self, kind: str, code: str) -> str:
        """The name of a code."""
        return self.labels[kind, code]

    def names(self, kind: str) -> dict[str, str]:
        """All names of a kind by code."""
        return {code: words for (one, code), words in self.labels.items() if one == kind}

    def target(self, row: Row) -> str:
        """The target of an indicator in words; a direction of its whole goal is not its own."""
        of_goals = {one["target"] for one in self.targets if one["indicator"] is None}
        return own_target(row, frozenset(of_goals), self.lang)

    @property
    def rounded(self) -> list[int]:
        """The bases of the figures shown that are told rounded to protect people."""
        goals = self.document["goals"]
        told = {one["rounded_to"] for goal in goals for one in goal["indicators"]}
        told |= {row["rounded_to"] for row in self.figures}
        return sorted(base for base in told if base)

    @property
    def national(self) -> bool:
        """True of a framework of the whole country: no committee of the city answers for it."""
        return bool(self.policy["form"] == "national")

    @property
    def goals_seen(self) -> str | None:
        """Which of the policy's goals were seen, where a bare count would mislead.

        Blank with a committee chosen: then only its own goals are counted.
        """
        if self.committee:
            return None
        return self.note("policy_goals_seen", self.policy["policy"])

    def note(self, kind: str, code: str | None) -> str | None:
        """A note to a code, where there is one."""
        return self.labels.get((kind, code)) if code else None


def areas_shown(shown: Shown) -> list[Row]:
    """The effort areas with their goals; last, the goals of which no source names the area.

    With a committee chosen, areas in which it has no goal are left out.
    """
    document = shown.document
    goals = [_judged(shown, goal) for goal in document["goals"]]
    goals += [_without_figures(shown, goal) for goal in document["goals_without_figures"]]
    said = {row["effort_area"]: row for row in document["statements"]}
    codes = [row["effort_area"] for row in shown.effort_areas]
    areas = [
        _area(shown, code, [goal for goal in goals if goal["area"] == code], said.get(code))
        for code in codes
    ]
    areas.append(_area(shown, None, [goal for goal in goals if goal["area"] not in codes], None))
    return [
        area
        for area in areas
        if area["goals"] or (area["code"] is not None and shown.committee is None)
    ]


def of_effort_area(shown: Shown, code: str) -> Shown:
    """What is shown of one effort area alone; all of it where the policy has no such area."""
    kept = [row for row in shown.effort_areas if row["effort_area"] == code]
    if not kept:
        return shown
    parts = {
        key: [row for row in shown.document[key] if row["effort_area"] == code]
        for key in ("goals", "goals_without_figures", "statements")
    }
    return replace(shown, effort_areas=kept, document=shown.document | parts)


def _area(shown: Shown, code: str | None, goals: list[Row], statement: Row | None) -> Row:
    number = next((row["number"] for row in shown.effort_areas if row["effort_area"] == code), None)
    key = "unnamed" if shown.effort_areas else "none"
    name = shown.name("effort_area", code) if code else shown.reader.say(f"overview.area.{key}")
    return {
        "code": code,
        "id": code or "other",
        "number": number,
        "name": name,
        "goals": goals,
        "statement": statement,
        "sentence": _area_sentence(shown, goals, statement),
        "source": shown.sources.get(statement["source"]) if statement else None,
    }


def _area_sentence(shown: Shown, goals: list[Row], statement: Row | None) -> str:
    say = shown.reader.say
    if statement:
        status = say(f"status.short.{statement['status']}")
        return say("overview.area.statement", status=status)
    if shown.goals_seen and not shown.document["round"]:
        return shown.goals_seen
    said = counted([goal["status"] for goal in goals], shown.lang)
    return say("overview.area.counts", counts=said) if said else say("overview.area.nothing")


def _judged(shown: Shown, goal: Row) -> Row:
    division = goal["facts"].get("division")
    named = shown.name("division", division) if division else None
    of_goal = [
        row for row in shown.targets if row["goal"] == goal["goal"] and row["indicator"] is None
    ]
    return _goal(shown, goal) | {
        "status": goal["status"],
        "kind": "published" if goal["status_published"] else "computed",
        "verdict": verdict(goal, shown.lang),
        "reason": goal_reason(goal, shown.lang),
        "remark": _remark(shown, goal),
        "areas": areas_above(goal, shown.names("area"), named, shown.lang),
        "source": goal["source"],
        "source_name": shown.sources.get(goal["source"]),
        "indicators": [_indicator(shown, row) for row in goal["indicators"]],
        "how": worked_out(goal, shown.names("indicator"), shown.lang),
        "replies": _replies(shown, goal),
        "targets": _aims(shown, of_goal),
    }


def _remark(shown: Shown, goal: Row) -> str | None:
    """That a status rests on no new figures, where the status itself does not say so."""
    unsaid = goal["reason"] == "no_new_figures" and goal["status"] != "no_new_figures"
    return shown.reader.say("status.short.no_new_figures") if unsaid else None


def _without_figures(shown: Shown, goal: Row) -> Row:
    aims = _aims(shown, [row for row in shown.targets if row["goal"] == goal["goal"]])
    return (
        _goal(shown, goal)
        | {"status": None, "indicators": [], "targets": aims}
        | {"replies": _replies(shown, goal)}
    )


def _replies(shown: Shown, goal: Row) -> list[str]:
    """What committees answered of the goal after the letters of the round before."""
    return [reply(one, shown.labels, shown.lang) for one in goal["replies"]]


def _aims(shown: Shown, targets: list[Row]) -> list[Row]:
    return [
        {
            "words": goal_target(row, shown.lang),
            "source": row["source_address"],
            "source_name": shown.sources.get(row["source_address"]),
            "note": shown.note("target_note", row["target"]),
        }
        for row in targets
    ]


def _goal(shown: Shown, goal: Row) -> Row:
    lead, others = goal["lead_committee"], goal["contributing_committees"]
    return {
        "id": goal["goal"],
        "area": goal["effort_area"],
        "number": goal["number"],
        "name": shown.name("goal", goal["goal"]),
        "lead": shown.name("committee", lead) if lead else None,
        "contributing": [shown.name("committee", code) for code in others or ()],
        "no_lead": lead is None and not shown.national,
        "called": shown.note("goal_kind", goal["goal"]),
        "note": shown.note("goal_note", goal["goal"]),
    }


def _indicator(shown: Shown, row: Row) -> Row:
    lang = shown.lang
    said, _, unit = value(row, lang).partition(NO_BREAK_SPACE if row["value"] is not None else "\n")
    return {
        "name": shown.name("indicator", row["indicator"]),
        "address": shown.reader.address(
            "indicator",
            indicator=row["indicator"],
            policy=shown.policy["policy"],
            round=shown.document["round"],
        ),
        "star": row["counts"] and marking(shown.policy["rule"]) == "star",
        "counts": counts(row["counts"], shown.policy["rule"], lang),
        "status": row["status"],
        "value": {"number": said, "unit": unit},
        "ratio": _ratio(shown, row["indicator"]),
        "change": change(row, lang),
        "changed": changed(row, lang),
        "significance": significance(row, lang),
        "reason": indicator_reason(row, lang),
        "target": shown.target(row),
        "picture": _picture(shown, row),
        "marks": marks_of(row),
        "period": period_words(row["period"], lang),
        "source": row["source"],
        "source_name": shown.sources.get(row["source"]),
    }


def _ratio(shown: Shown, code: str) -> str | None:
    """What a ratio compares, so that no reader takes it for a difference; blank for others."""
    if code not in shown.ratios:
        return None
    return shown.reader.say("overview.ratio", name=shown.note("indicator_short", code))


def _picture(shown: Shown, row: Row) -> str | None:
    """The figures that led up to the round as a small line; none for a single dated figure."""
    points = [one for one in shown.figures if one["indicator"] == row["indicator"]]
    known = [one for one in points if one["printed"] is not None]
    if len(known) < FEWEST_POINTS:
        return None
    values: list[float | None] = []
    places: list[float] = []
    for one in points:
        place = float(one["period_end"].toordinal())
        if one["interrupted"]:
            values.append(None)
            places.append(place)
        values.append(one["printed"])
        places.append(place)
    first, last = known[0], known[-1]
    label = shown.reader.say(
        "overview.picture",
        name=shown.name("indicator", row["indicator"]),
        first=_printed(first, shown.lang),
        since=period_words(first["period"], shown.lang),
        last=_printed(last, shown.lang),
        until=period_words(last["period"], shown.lang),
    )
    return sparkline(values, shown.lang, label=label, places=places)


def _printed(row: Row, lang: str) -> str:
    shown = with_unit(row["printed"], row["unit"], lang, row["decimals"], row["things"])
    return as_rounded(shown, row["rounded_to"], lang)
