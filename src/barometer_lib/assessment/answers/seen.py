"""What the answers look at: one series as it was known on a round's day, and what it aims at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from barometer_lib import periods
from barometer_lib.figures.series import Figure
from barometer_lib.units import change_unit, printed, scale

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """A series (indicator, area, group) on a round's day.

    `target` is the one in force for this very series, blank where none is; `hold` says why one of
    the indicator does not hold here. `breaks` are those that concern the area's level, `new`
    whether the round brought a newer figure than the one before.
    """

    indicator: Row
    area: str
    group: str
    figures: Sequence[Figure]
    breaks: Sequence[Row]
    target: Row | None
    hold: str | None
    base_period: str | None
    new: bool
    revised: int = 0

    @property
    def unit(self) -> str:
        """The unit of the figures."""
        return str(self.indicator["unit"])

    @property
    def by(self) -> str:
        """The unit of a change or a distance."""
        return change_unit(self.unit)

    @property
    def newest(self) -> Figure | None:
        """The newest figure, hidden or repeated ones included."""
        return self.figures[-1] if self.figures else None

    @property
    def suppressed(self) -> bool:
        """Whether the newest figure is hidden to protect people."""
        return self.newest is not None and self.newest.status == "suppressed"

    @cached_property
    def measured(self) -> list[Figure]:
        """What was measured, in time order."""
        return [one for one in self.figures if one.measured]

    @property
    def latest(self) -> Figure | None:
        """The newest measured figure."""
        return self.measured[-1] if self.measured else None

    @cached_property
    def last_break(self) -> date | None:
        """The newest unlinked break at or before the newest measured figure."""
        end = None if self.latest is None else self.latest.period_end
        passed = [
            one["start_day"]
            for one in self.breaks
            if not one["linked"] and end is not None and one["start_day"] <= end
        ]
        return max(passed, default=None)

    @cached_property
    def comparable(self) -> list[Figure]:
        """The measured figures with a period, after the last break."""
        return [
            one
            for one in self.measured
            if one.period_end is not None
            and (self.last_break is None or one.period_end >= self.last_break)
        ]

    @property
    def before_break(self) -> int:
        """How many measured figures lie before the last break and are left out."""
        if self.last_break is None:
            return 0
        return sum(
            1 for one in self.measured if one.period_end and one.period_end < self.last_break
        )

    @cached_property
    def times(self) -> list[float]:
        """The places of the comparable figures on the time axis, in years."""
        return [periods.parse(one.period or "").midpoint for one in self.comparable]

    @cached_property
    def values(self) -> list[float]:
        """The comparable values in the printed unit, not rounded."""
        return [(one.value or 0.0) * scale(self.unit) for one in self.comparable]

    def facts(self) -> dict[str, Any]:
        """What every answer tells of its series: what was used and what was left out."""
        latest = self.latest
        return {
            "value": None if latest is None else latest.printed,
            "unit": self.unit,
            "period": None if latest is None else latest.period,
            "points": len(self.comparable),
            "first_period": self.comparable[0].period if self.comparable else None,
            "before_break": self.before_break,
            "linked": sum(1 for one in self.comparable if one.linked_over is not None),
            "suppressed": sum(1 for one in self.figures if one.status == "suppressed"),
            "revised": self.revised,
            "new": self.new,
        }


@dataclass(frozen=True)
class Aim:
    """A target in the printed unit. `value` is blank where there is none to compare with, and
    `reason` says why; `better` is +1 where higher is better, -1 where lower is, 0 where unknown."""

    reason: str
    kind: str | None
    value: float | None
    better: int
    period: str | None = None
    base_period: str | None = None
    base_value: float | None = None
    direction: str | None = None

    @property
    def time(self) -> float | None:
        """The target's place on the time axis."""
        return None if self.period is None else periods.parse(self.period).midpoint


BETTER = {"higher": 1, "lower": -1, "neither": 0}


def aim_of(seen: Seen) -> Aim:
    """What the series aims at, or why there is nothing to compare with.

    A relative change becomes a level: so many percent from the base the target states.
    """
    target, better = seen.target, BETTER[seen.indicator["polarity"]]
    if target is None:
        return Aim(seen.hold or "no_target_seen", None, None, better, None, seen.base_period)
    kind, value = target["form"], target["value"]
    start = target["baseline_period"] or seen.base_period
    stated = target["baseline_value"]
    when = target["target_period"]
    if kind == "direction" or value is None:
        return Aim("direction_only", kind, None, better, when, start, stated, target["direction"])
    if kind == "change":
        if not stated:
            return Aim("baseline_not_stated", kind, None, better, when, start)
        better = 1 if value > 0 else -1
        value = stated * (1 + value / 100)
    better = {"maximum": -1, "minimum": 1}.get(kind, better)
    if better == 0:
        return Aim("no_polarity", kind, None, 0, when, start, stated)
    return Aim("target", kind, float(value), better, when, start, stated)


@dataclass(frozen=True)
class Reply:
    """One of the three answers. `code` says what, `reason` why; `facts` hold the numbers.

    `amount`, `low` and `high` are in `unit` as printed: level, the distance from the target;
    direction, the change (or, of a trend, the change per year); pace, the projected value.
    """

    question: str
    code: str
    reason: str
    evidence: str
    facts: dict[str, Any]
    amount: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    decimals: int = 1
    probability: float | None = None


def fine(value: float | None, decimals: int) -> float | None:
    """A printed-unit number rounded for telling; blank stays blank."""
    return printed(value, "count", decimals)
