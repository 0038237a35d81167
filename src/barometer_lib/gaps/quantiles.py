"""Percentiles, groups of equally many areas, and the spine of an area among its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

FEWEST_AREAS = 4


def percentile(values: Sequence[float], share: float) -> float | None:
    """The percentile at `share` of 1, interpolated at (n - 1) share + 1; blank below four values.

    Source: Fingertips; Excel's PERCENTILE.INC.
    """
    if len(values) < FEWEST_AREAS:
        return None
    return _at(sorted(values), share)


def _at(ordered: Sequence[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def quantile_of_value(
    value: float, values: Sequence[float], groups: int = 5, polarity: str = "lower"
) -> int | None:
    """Which of `groups` bands between percentiles a value lies in; the upper bound belongs to the
    lower band. 1 is the lowest values, or the highest where high is good. Blank where there are
    fewer values than groups. Source: Fingertips.
    """
    if len(values) < groups:
        return None
    ordered = sorted(values)
    bounds = [_at(ordered, one / groups) for one in range(1, groups)]
    band = 1 + sum(value > one for one in bounds)
    return groups + 1 - band if polarity == "higher" else band


def quantile_of_rank(
    values: Sequence[float | None], groups: int, *, inverted: bool = False
) -> list[int | None]:
    """The group of each value by its rank: 1 the lowest, or the highest where `inverted`.

    `(k + 1) - ceil((N + 1 - rank) k / N)`, ties share the better rank, 0 becomes 1;
    blank for blank values, and where there are fewer values than groups. Source:
    PHEindicatormethods 2.1.0.
    """
    known = [one for one in values if one is not None]
    n = len(known)
    if n < groups:
        return [None] * len(values)
    found: list[int | None] = []
    for one in values:
        if one is None:
            found.append(None)
            continue
        before = sum(other > one if inverted else other < one for other in known)
        # whole numbers: rounding would put an area at a boundary into the wrong group
        found.append(max(1, groups + 1 - -(-(n - before) * groups // n)))
    return found


@dataclass(frozen=True)
class Spine:
    """An area among its peers. Places run from 0 (worst) over 0.5 (the benchmark) to 1 (best), each
    half scaled by itself; without polarity from lowest to highest."""

    worst: float
    p25: float
    middle: float
    p75: float
    best: float
    p25_place: float
    p75_place: float
    place: float


def spine(
    value: float, values: Sequence[float], polarity: str, benchmark: float | None = None
) -> Spine | None:
    """The spine of a value; `benchmark` is the median unless given. Blank below four areas."""
    low_quarter, high_quarter = percentile(values, 0.25), percentile(values, 0.75)
    median = percentile(values, 0.5)
    if low_quarter is None or high_quarter is None or median is None:
        return None
    middle = median if benchmark is None else benchmark
    worst, best = min(values), max(values)
    p25, p75 = low_quarter, high_quarter
    if polarity == "lower":
        worst, best, p25, p75 = best, worst, p75, p25

    def place(one: float) -> float:
        good = (one - middle) * (best - worst) >= 0
        reach = abs(best - middle) if good else abs(middle - worst)
        half = 0.0 if reach == 0 else min(1.0, abs(one - middle) / reach) / 2
        return 0.5 + half if good else 0.5 - half

    return Spine(worst, p25, middle, p75, best, place(p25), place(p75), place(value))
