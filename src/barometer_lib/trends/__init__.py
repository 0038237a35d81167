"""What a series has done: a change where there are few points, a trend where there are enough.

One point tells a level, two to four a change between the newest two, five or more comparable
points a trend: the least-squares line through the points at their real places in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.figures import Change, Figure, computed_change, published_change
from barometer_lib.periods import parse

TREND_POINTS = 5
SIGNIFICANT_P = 0.05


@dataclass(frozen=True)
class Line:
    """The least-squares line of values on years. `slope`, `low`, `high`: per year, stored unit.

    `se` is the slope's standard error, `t` and `p` its two-sided test against no slope (`t` blank
    where points lie exactly on a line), `r2` the share of variance explained (blank where nothing
    varies), `n` the points. `sen` with its limits is Sen's slope per year, `rank_p` Mann-Kendall's.
    """

    n: int
    slope: float
    intercept: float
    se: float
    t: float | None
    p: float
    low: float
    high: float
    r2: float | None
    sen: float
    sen_low: float | None
    sen_high: float | None
    rank_p: float

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Line:
        """The line among all that the engine tells of a series: a row of the store's `trend`."""
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})


Fit = Callable[[Sequence[float], Sequence[float]], Line]
"""The line through values at times in years: worked out by the engine, or as it was stored."""


def as_stored(told: Mapping[str, Any]) -> Fit:
    """The stored line of a series (a row of the store's table `trend`), whatever it is asked.

    Raises `ValueError` where the line was not drawn through that many points: a series that is
    read otherwise than it was built.
    """

    def line(times: Sequence[float], _values: Sequence[float]) -> Line:
        if len(times) != told["n"]:
            raise ValueError(f"{len(times)} points, but a stored line through {told['n']}")
        return Line.of(told)

    return line


@dataclass(frozen=True)
class Trend:
    """What a series tells. `evidence` is none, level, change or trend.

    `direction` is improving, worsening, not_distinguishable, too_few_points or, without polarity,
    rising or falling. `points` counts the comparable points used, `before_break` those left out.
    """

    evidence: str
    direction: str
    reason: str
    points: int
    before_break: int
    latest: Figure | None
    change: Change | None
    line: Line | None


def trend(
    figures: Sequence[Figure],
    breaks: Sequence[Mapping[str, Any]],
    polarity: str,
    design_effect: float | None = None,
    *,
    line_through: Fit,
) -> Trend:
    """The trend of one series in time order; only points after the last unlinked break count.

    `line_through` gives the line where the points are enough: `as_stored` for what stands,
    `fits.line_through` where it must be worked out.
    """
    measured = [one for one in figures if one.measured]
    comparable = _since_break(measured, breaks)
    before = len(measured) - len(comparable)
    latest = measured[-1] if measured else None
    if latest is None:
        return Trend("none", "too_few_points", "no_figures", 0, before, None, None, None)
    change = published_change(latest)
    dated = [one for one in comparable if one.period is not None]
    if change is None and len(dated) >= 2:
        change = computed_change(dated[-2], dated[-1], design_effect)
    if len(dated) < TREND_POINTS:
        evidence = "level" if change is None else "change"
        reason = "one_point" if change is None else "fewer_than_five"
        if before and change is None:
            reason = "across_break"
        return Trend(
            evidence, "too_few_points", reason, len(comparable), before, latest, change, None
        )
    line = line_through(
        [parse(one.period or "").midpoint for one in dated], [one.value or 0.0 for one in dated]
    )
    direction, reason = _direction(line, polarity)
    return Trend("trend", direction, reason, len(dated), before, latest, change, line)


def comparable(
    figures: Sequence[Figure], breaks: Sequence[Mapping[str, Any]]
) -> tuple[list[Figure], int]:
    """The figures of one series that can be compared (measured, dated, since the last unlinked
    break), in time order, and how many measured ones the break leaves out."""
    measured = [one for one in figures if one.measured]
    since = _since_break(measured, breaks)
    return [one for one in since if one.period is not None], len(measured) - len(since)


def _since_break(measured: Sequence[Figure], breaks: Sequence[Mapping[str, Any]]) -> list[Figure]:
    starts = [one["start_day"] for one in breaks if not one["linked"]]
    if not measured:
        return []
    newest = measured[-1].period_end
    passed = [day for day in starts if newest is not None and day <= newest]
    if not passed:
        return list(measured)
    last = max(passed)
    return [one for one in measured if one.period_end is None or one.period_end >= last]


def _direction(line: Line, polarity: str) -> tuple[str, str]:
    if line.p >= SIGNIFICANT_P:
        return "not_distinguishable", "slope_not_significant"
    if polarity == "neither":
        return ("rising" if line.slope > 0 else "falling"), "slope_significant"
    good = (line.slope > 0) is (polarity == "higher")
    return ("improving" if good else "worsening"), "slope_significant"


__all__ = ["Fit", "Line", "Trend", "as_stored", "comparable", "trend"]
