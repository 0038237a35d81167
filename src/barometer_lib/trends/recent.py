"""The recent trend of a health profile service: the last five points, by their own precision.

A rise or fall must stand out (chi-square at 99.8 %) and keep its sign whichever of the five points
is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

POINTS = 5
CRITICAL = 9.54953570608324
"""The chi-square with one degree of freedom that 99.8 % stay below."""
WIDTH = 3.92
"""A 95 % interval is this many standard errors wide, as the service counts."""
KINDS = frozenset({"proportion", "rate", "standardised_rate"})
WITHIN_A_YEAR = frozenset(
    {"year", "school_year", "half_year", "quarter", "month", "day", "survey_wave"}
)


@dataclass(frozen=True)
class Point:
    """One measurement: its value with 95 % limits in one unit, or its count of how many."""

    value: float
    low: float | None = None
    high: float | None = None
    count: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Recent:
    """`trend` is increasing, decreasing, no_significant_change or cannot_be_calculated.

    `slope` is per step of time: in the values' unit, for counts on the log odds. `kept_sign` says
    whether it keeps its sign in all five refits. `reason` is blank, or why nothing is calculated:
    fewer_than_five, kind_of_value, longer_than_a_year, no_interval, all_counted, none_counted,
    constant_interval.
    """

    trend: str
    chi_square: float | None = None
    slope: float | None = None
    kept_sign: bool | None = None
    reason: str | None = None


def recent_trend(
    points: Sequence[Point],
    kind: str = "proportion",
    *,
    by_count: bool = False,
    frequency: str = "year",
    times: Sequence[float] | None = None,
) -> Recent:
    """What the last five of the valid points tell, oldest first.

    `by_count` uses the chi-square for a trend in proportions on the counts; otherwise the points
    are weighted by their intervals. `times` are their real places in years; without them the
    points are taken one step apart, as the service does. Source: Fingertips (TrendMarkerCalculator
    of fingertips-open and FingertipsNext).
    """
    if kind not in KINDS:
        return _refused("kind_of_value")
    if frequency not in WITHIN_A_YEAR:
        return _refused("longer_than_a_year")
    if len(points) < POINTS:
        return _refused("fewer_than_five")
    last = list(points[-POINTS:])
    steps = [float(one) for one in range(1, POINTS + 1)] if times is None else list(times)[-POINTS:]
    if any(one.count is not None and one.count == one.denominator for one in last):
        return _refused("all_counted")
    return _of_counts(last, steps) if by_count else _of_intervals(last, steps)


def telling(trend: str, polarity: str) -> str:
    """`trend` with what it means: increasing_better, decreasing_worse, or as it is where neither
    way is better."""
    if trend not in ("increasing", "decreasing") or polarity == "neither":
        return trend
    better = (trend == "increasing") is (polarity == "higher")
    return f"{trend}_{'better' if better else 'worse'}"


def _refused(reason: str) -> Recent:
    return Recent("cannot_be_calculated", reason=reason)


def _of_intervals(points: Sequence[Point], times: Sequence[float]) -> Recent:
    weights = []
    for one in points:
        if one.low is None or one.high is None:
            return _refused("no_interval")
        if not one.high > one.low:
            return _refused("constant_interval")
        weights.append((WIDTH / (one.high - one.low)) ** 2)
    values = [one.value for one in points]
    slope = _slope(times, values, weights)
    s0 = sum(weights)
    s1 = sum(w * t for w, t in zip(weights, times, strict=True))
    s2 = sum(w * t * t for w, t in zip(weights, times, strict=True))
    return _told(slope**2 * (s0 * s2 - s1 * s1) / s0, slope, times, values, weights)


def _of_counts(points: Sequence[Point], times: Sequence[float]) -> Recent:
    counts, of = [], []
    for one in points:
        if one.count is None or one.denominator is None:
            return _refused("no_interval")
        if one.count <= 0:
            return _refused("none_counted")
        counts.append(one.count)
        of.append(one.denominator)
    n, c = sum(of), sum(counts)
    ct = sum(one * t for one, t in zip(counts, times, strict=True))
    nt = sum(one * t for one, t in zip(of, times, strict=True))
    ntt = sum(one * t * t for one, t in zip(of, times, strict=True))
    chi_square = n * (n * ct - c * nt) ** 2 / (c * (n - c) * (n * ntt - nt * nt))
    odds = [log(one / (whole - one)) for one, whole in zip(counts, of, strict=True)]
    same = [1.0] * POINTS
    return _told(chi_square, _slope(times, odds, same), times, odds, same)


def _told(
    chi_square: float,
    slope: float,
    times: Sequence[float],
    values: Sequence[float],
    weights: Sequence[float],
) -> Recent:
    without = [_slope(*(_left_out(one, i) for one in (times, values, weights))) for i in range(5)]
    kept = slope != 0 and all(one * slope > 0 for one in without)
    trend = "no_significant_change"
    if kept and chi_square > CRITICAL:
        trend = "increasing" if slope > 0 else "decreasing"
    return Recent(trend, chi_square, slope, kept)


def _left_out(numbers: Sequence[float], place: int) -> list[float]:
    return [one for i, one in enumerate(numbers) if i != place]


def _slope(times: Sequence[float], values: Sequence[float], weights: Sequence[float]) -> float:
    whole = sum(weights)
    t = sum(w * one for w, one in zip(weights, times, strict=True)) / whole
    y = sum(w * one for w, one in zip(weights, values, strict=True)) / whole
    rows = list(zip(weights, times, values, strict=True))
    return sum(w * (a - t) * (b - y) for w, a, b in rows) / sum(
        w * (a - t) ** 2 for w, a, _ in rows
    )
