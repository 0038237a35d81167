"""What a series has done: a change where there are few points, a trend where there are enough.

One point tells a level, two to four a change between the newest two, five or more comparable
points a trend: the least-squares line through the points at their real places in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from barometer_lib.figures import Change, Figure, computed_change, published_change
from barometer_lib.intervals import student_p, student_quantile
from barometer_lib.periods import parse

TREND_POINTS = 5
SIGNIFICANT_P = 0.05


@dataclass(frozen=True)
class Line:
    """The least-squares line of values on years. `slope`, `low`, `high`: per year, stored unit.

    `se` is the slope's standard error, `p` two-sided against no slope, `n` the points. A constant
    series has slope 0 and p 1; points exactly on a line have se 0 and p 0.
    """

    slope: float
    intercept: float
    se: float
    t: float | None
    p: float
    low: float
    high: float
    n: int


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


def least_squares(x: Sequence[float], y: Sequence[float]) -> Line:
    """The ordinary least-squares line through at least three points, from explicit residuals.

    The same as the engine gives for one series (a test holds the two together); without numpy,
    which would weigh on every reader's kernel.
    """
    n = len(x)
    if n < 3 or n != len(y):
        raise ValueError(f"a line with its uncertainty needs three points, got {n}")
    mean_x, mean_y = sum(x) / n, sum(y) / n
    spread = sum((one - mean_x) ** 2 for one in x)
    if spread == 0:
        raise ValueError("all points lie at one time")
    if min(y) == max(y):
        return Line(0.0, y[0], 0.0, 0.0, 1.0, 0.0, 0.0, n)
    together = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    slope = together / spread
    intercept = mean_y - slope * mean_x
    left = sum((b - mean_y - slope * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    if left <= n * (4 * 2.220446049250313e-16 * max(abs(one) for one in y)) ** 2:
        return Line(slope, intercept, 0.0, None, 0.0, slope, slope, n)
    se = sqrt(left / (n - 2) / spread)
    reach = student_quantile(n - 2) * se
    t = slope / se
    return Line(slope, intercept, se, t, student_p(t, n - 2), slope - reach, slope + reach, n)


def trend(
    figures: Sequence[Figure],
    breaks: Sequence[Mapping[str, Any]],
    polarity: str,
    design_effect: float | None = None,
) -> Trend:
    """The trend of one series in time order; only points after the last unlinked break count."""
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
    line = least_squares(
        [parse(one.period or "").midpoint for one in dated], [one.value or 0.0 for one in dated]
    )
    direction, reason = _direction(line, polarity)
    return Trend("trend", direction, reason, len(dated), before, latest, change, line)


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


__all__ = ["Line", "Trend", "least_squares", "trend"]
