"""Series in time as the charts take them, and where a line must not be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from barometer_lib import periods
from barometer_lib.locale import as_rounded, interval, period, text, with_unit

STEPS = {  # years from one period to the next
    "year": 1.0,
    "half_year": 1 / 2,
    "quarter": 1 / 4,
    "month": 1 / 12,
    "day": 1.0,
    "school_year": 1.0,
    "survey_wave": 1.0,
}


@dataclass(frozen=True)
class Point:
    """One measurement in the published unit. A blank value has a `status` that says why.

    `x_mid` is the middle of the period in years; blank, it follows from the period's code. Where
    the period is not stated, `when` is said in its place, and `x_mid` is where to draw it, if at
    all. `rounded_to` is the base of a figure told rounded, which its words then say.
    """

    period_code: str | None
    x_mid: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    status: str = "reported"
    decimals: int | None = None
    when: str | None = None
    rounded_to: int | None = None

    @property
    def x(self) -> float | None:
        """Where it stands on the time axis, in years; blank where it cannot be placed."""
        if self.x_mid is None and self.period_code is not None:
            return periods.parse(self.period_code).midpoint
        return self.x_mid

    def period(self, lang: str) -> str:
        """Its period in words."""
        if self.period_code is None:
            return self.when or text(lang, "numbers.period.unknown")
        return period(self.period_code, lang)

    def shown(self, unit: str, lang: str, decimals: int | None) -> str:
        """Its value with the unit, or the word for why there is none."""
        if self.value is None:
            reason = "missing" if self.status == "reported" else self.status
            return text(lang, f"numbers.value.{reason}")
        fitting = decimals if self.decimals is None else self.decimals
        return as_rounded(with_unit(self.value, unit, lang, fitting), self.rounded_to, lang)

    def limits(self, unit: str, lang: str, decimals: int | None) -> str | None:
        """Its interval in words; blank where none is known."""
        if self.value is None or self.low is None or self.high is None:
            return None
        fitting = decimals if self.decimals is None else self.decimals
        return interval(self.low, self.high, unit, lang, fitting)


@dataclass(frozen=True)
class Line:
    """A labelled series; its points may come in any order. `key` names its column in the table.

    `carried` marks figures carried over a linked break: drawn dashed beside those as delivered.
    """

    label: str
    points: Sequence[Point]
    key: str | None = None
    carried: bool = False

    @property
    def placed(self) -> list[tuple[float, Point]]:
        """Its points that have a place in time, in order."""
        found = [(point.x, point) for point in self.points]
        return sorted(((x, one) for x, one in found if x is not None), key=lambda pair: pair[0])

    @property
    def drawn(self) -> list[tuple[float, Point]]:
        """Its points that have a place and a value, in order."""
        return [(x, point) for x, point in self.placed if point.value is not None]


@dataclass(frozen=True)
class Forecast:
    """What a frozen forecast led to: (time in years, middle, low, high) of each later period."""

    points: Sequence[tuple[float, float, float, float]]


@dataclass(frozen=True)
class Break:
    """From this period on the series is not comparable with before; the reason in words.

    `linked` tells that figures before it were carried over and are drawn beside."""

    period_code: str
    reason: str
    linked: bool = False

    @property
    def x(self) -> float:
        """The beginning of its period, in years."""
        first = periods.parse(self.period_code)
        return first.midpoint - STEPS[first.frequency] / 2


@dataclass(frozen=True)
class Target:
    """A target value: a `level` to reach, or a `maximum` or `minimum` that holds throughout.

    The path from the baseline over the milestones (period and value each) is drawn where baseline
    value, its period and the target's are known.
    """

    value: float
    form: Literal["level", "maximum", "minimum"] = "level"
    period_code: str | None = None
    baseline: float | None = None
    baseline_period: str | None = None
    decimals: int | None = None
    milestones: Sequence[tuple[str, float]] = ()

    @property
    def x(self) -> float | None:
        """The middle of the target's period, in years."""
        return None if self.period_code is None else periods.parse(self.period_code).midpoint

    @property
    def way(self) -> list[tuple[float, float]]:
        """The milestones as points, in time."""
        return sorted((periods.parse(when).midpoint, value) for when, value in self.milestones)

    @property
    def path(self) -> list[tuple[float, float]]:
        """The way from baseline to target as points; empty where it is not known."""
        if self.baseline is None or self.baseline_period is None or self.x is None:
            return []
        return [
            (periods.parse(self.baseline_period).midpoint, self.baseline),
            *self.way,
            (self.x, self.value),
        ]


def step_of(line: Line) -> float:
    """The years from one measurement to the next, by the finest frequency of its periods."""
    codes = {point.period_code for point in line.points if point.period_code}
    return min((STEPS[periods.parse(code).frequency] for code in codes), default=1.0)


def pieces(line: Line, breaks: Sequence[Break]) -> list[list[tuple[float, Point | None]]]:
    """The line parted at breaks; inside a part a blank stands where the line must be interrupted.

    It is interrupted where a value is blank and where a measurement is absent.
    """
    step = step_of(line)
    parts: list[list[tuple[float, Point | None]]] = []
    before: float | None = None
    for x, point in line.placed:
        if before is None or any(before < one.x <= x for one in breaks):
            parts.append([])
        elif x - before > 1.5 * step:
            parts[-1].append(((before + x) / 2, None))
        parts[-1].append((x, None if point.value is None else point))
        before = x
    return [part for part in parts if any(point for _, point in part)]


def interrupted(line: Line, breaks: Sequence[Break]) -> bool:
    """Whether measurements are absent somewhere between the first and the last that are drawn."""
    for part in pieces(line, breaks):
        known = [point is not None for _, point in part]
        first, last = known.index(True), len(known) - known[::-1].index(True)
        if not all(known[first:last]):
            return True
    return False
