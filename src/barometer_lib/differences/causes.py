"""Why two rounds say different things: every difference once, each with one cause.

A difference is one of three parts of what a round says of an indicator or a goal: the method, the
target, or the figure and what follows from it. Causes are tried in the order of `CAUSES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from barometer_lib.periods import last_day, parse

Row = Mapping[str, Any]
Key = tuple[str, ...]

CAUSES = (
    "new_method",
    "new_definition",
    "new_target",
    "corrected_error",
    "new_period",
    "revised_figure",
    "no_new_figures",
    "published_verdict",
)
METHOD = ("rule", "counts")
TARGET = ("target", "form", "applies_to", "value", "unit", "direction", "period")
# Of the round itself, or of the order on the page: never a difference of what is said.
ASIDE = frozenset({"round", "position", "synthetic", *METHOD})
NAMES = ("policy", "goal", "indicator", "area", "population_group")


@dataclass(frozen=True)
class State:
    """What a round says: its day, the policies it judges, its rows of both assessments."""

    day: date
    policies: frozenset[str]
    indicators: Sequence[Row]
    goals: Sequence[Row]


@dataclass(frozen=True)
class Happenings:
    """What may be a cause: vintages that became known after the first round's day and no later
    than the second's (`renewed` where the figure had been known before), corrections, breaks, the
    last day of indicators that have ended, and the indicators under each goal."""

    vintages: Sequence[Row] = ()
    corrections: Sequence[Row] = ()
    breaks: Sequence[Row] = ()
    ends: Mapping[str, date] = field(default_factory=dict)
    under: Mapping[str, frozenset[str]] = field(default_factory=dict)


def differences(before: State, after: State, known: Happenings) -> list[dict[str, Any]]:
    """Every difference of `after` from `before` as a row with its one cause, `old_` and `new_`
    value, period, status and target; goals have no indicator. Nothing is said of what is the same.
    """
    look = _Look(before, after, known)
    found = list(look.indicators())
    return [*found, *look.goals(found)]


def compared(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The differences of two rounds from the rows that the store has of both, earlier first."""
    parts = zip(*(found[name] for name in ("days", "policies", "indicators", "goals")), strict=True)
    first, second = (
        State(day, frozenset(policies), indicators, goals)
        for day, policies, indicators, goals in parts
    )
    ends = {code: last_day(end) for code, end in found["ends"].items()}
    known = Happenings(
        found["vintages"], found["corrections"], found["breaks"], ends, found["under"]
    )
    return differences(first, second, known)


class _Look:
    """Two rounds side by side, and what happened between their days."""

    def __init__(self, before: State, after: State, known: Happenings) -> None:
        self.before, self.after, self.known = before, after, known
        self.corrected = [
            one for one in known.corrections if before.day < one["corrected_on"] <= after.day
        ]

    def indicators(self) -> Iterator[dict[str, Any]]:
        old, new = (
            {tuple(str(row[name]) for name in NAMES): row for row in state.indicators}
            for state in (self.before, self.after)
        )
        for key in dict.fromkeys((*new, *old)):
            was, now = old.get(key), new.get(key)
            for cause in self._causes(was, now):
                yield _line(cause, was, now)

    def goals(self, lines: Sequence[Row]) -> Iterator[dict[str, Any]]:
        old, new = (
            {(str(row["policy"]), str(row["goal"])): row for row in state.goals}
            for state in (self.before, self.after)
        )
        for key in dict.fromkeys((*new, *old)):
            was, now = old.get(key), new.get(key)
            if was is None or now is None or _parts(was, now):
                yield _line(self._goal_cause(key, was, now, lines), was, now)

    def _causes(self, was: Row | None, now: Row | None) -> list[str]:
        """The cause of each part that differs."""
        if was is None or now is None:
            return [self._came_or_went(was, now)]
        parts = _parts(was, now)
        found = ["new_method"] if "method" in parts else []
        if "target" in parts:
            found.append("new_target")
        if "figure" in parts:
            found.append(self._figure_cause(was, now))
        return found

    def _came_or_went(self, was: Row | None, now: Row | None) -> str:
        row = was or now
        if row is None:
            raise ValueError("a row that stands in neither round")
        judged = self.after.policies if now is None else self.before.policies
        if row["policy"] not in judged:
            return "new_method"
        if now is not None:
            return "new_period"
        ended = self.known.ends.get(str(row["indicator"]))
        if ended is not None and ended <= self.after.day:
            return "new_definition"
        return "corrected_error" if self._corrections(row) else "no_new_figures"

    def _figure_cause(self, was: Row, now: Row) -> str:
        old, new = was["period"], now["period"]
        if self._broken(str(now["indicator"]), old, new):
            return "new_definition"
        touched = {one["period"] for one in self._corrections(now)}
        if old in touched and not _later(old, new):
            return "corrected_error"  # the figure itself, or it was retracted and is shown no more
        if _later(old, new):
            return "new_period"
        if old is None and new is None and self._vintages(now, {None}, renewed=False):
            return "new_period"  # the source does not say of which period, but a round reports it
        used = {old, new, was["reference_period"], now["reference_period"]}
        if touched & used:
            return "corrected_error"
        return "revised_figure" if self._vintages(now, used, renewed=True) else "no_new_figures"

    def _goal_cause(
        self, key: tuple[str, str], was: Row | None, now: Row | None, lines: Sequence[Row]
    ) -> str:
        policy, goal = key
        judged = self.after.policies if now is None else self.before.policies
        if (was is None or now is None) and policy not in judged:
            return "new_method"
        under = {one["cause"] for one in lines if (one["policy"], one["goal"]) == key}
        if was is not None and now is not None:
            if was["rule"] != now["rule"]:
                return "new_method"
            facts = [row["facts"].get("limit") for row in (was, now)]
            if facts[0] != facts[1]:
                under.add("new_target")
            if _later(was["facts"].get("period"), now["facts"].get("period")):
                under.add("new_period")
        rule = (now or was or {}).get("rule")
        under |= self._elsewhere(goal) if rule == "maximum_in_every_area" else set()
        said = was is not None and now is not None and _same_but_published(was, now)
        if said and not under:
            return "published_verdict"
        return next((one for one in CAUSES if one in under), "no_new_figures")

    def _elsewhere(self, goal: str) -> set[str]:
        """Causes in figures of other areas, which a goal of every district is judged by."""
        of_goal = self.known.under.get(goal, frozenset())
        found = set()
        if any(one["indicator"] in of_goal for one in self.corrected):
            found.add("corrected_error")
        if any(
            one["indicator"] in of_goal and one["renewed"] and not one["correction"]
            for one in self.known.vintages
        ):
            found.add("revised_figure")
        return found

    def _corrections(self, row: Row) -> list[Row]:
        return [one for one in self.corrected if _same_series(one, row)]

    def _vintages(self, row: Row, moments: set[Any], *, renewed: bool) -> list[Row]:
        return [
            one
            for one in self.known.vintages
            if _same_series(one, row) and one["period"] in moments and one["renewed"] is renewed
        ]

    def _broken(self, indicator: str, old: str | None, new: str | None) -> bool:
        if old is None or new is None:
            return False
        first, last = parse(old).end, parse(new).end
        return any(
            one["indicator"] == indicator and first < one["start_day"] <= last
            for one in self.known.breaks
        )


def _parts(was: Row, now: Row) -> set[str]:
    """Which parts of what is said differ: method, target, figure."""
    found = set()
    if any(was.get(name) != now.get(name) for name in METHOD):
        found.add("method")
    names = (set(was) | set(now)) - ASIDE - {"facts"}
    moved = any(was.get(name) != now.get(name) for name in names) or _facts(was) != _facts(now)
    if _target(was) != _target(now):
        found.add("target")
    elif _against_target(was) != _against_target(now):
        moved = True
    if moved:
        found.add("figure")
    return found


def _target(row: Row) -> tuple[Any, ...]:
    target = row["facts"].get("target") or {}
    return tuple(target.get(name) for name in TARGET)


def _facts(row: Row) -> dict[str, Any]:
    """The numbers behind what is said, the target left out."""
    return {name: value for name, value in row["facts"].items() if name != "target"}


def _against_target(row: Row) -> dict[str, Any]:
    """Whether the target is met and by how much: it follows from the figure."""
    target = row["facts"].get("target") or {}
    return {name: value for name, value in target.items() if name not in TARGET}


def _later(old: str | None, new: str | None) -> bool:
    if new is None:
        return False
    return old is None or parse(new).end > parse(old).end


def _same_series(one: Row, row: Row) -> bool:
    return all(one[name] == row.get(name) for name in NAMES[2:])


def _same_but_published(was: Row, now: Row) -> bool:
    return bool(was["status_computed"] == now["status_computed"] and was["reason"] == now["reason"])


def _line(cause: str, was: Row | None, now: Row | None) -> dict[str, Any]:
    row = now or was or {}
    line: dict[str, Any] = {name: row.get(name) for name in NAMES}
    line["cause"] = cause
    line |= {name: row.get(name) for name in ("unit", "decimals")}
    for side, said in (("old", was), ("new", now)):
        one: Row = said or {"facts": {}}
        line[f"{side}_value"] = one.get("value")
        line[f"{side}_period"] = one.get("period")
        line[f"{side}_status"] = one.get("status")
        line[f"{side}_target"] = (one["facts"].get("target") or {}).get("value")
    return line
