"""Counts of events, rates, and rates standardised by age: limits by Byar, exact below ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt

from barometer_lib.intervals.shares import LEVEL, normal_quantile, wilson

FEW = 10
"""Below this many events limits are exact, and a directly standardised rate is not told."""

Counts = Sequence[float | None]


@dataclass(frozen=True)
class Estimate:
    """A value with its two-sided limits, all in one unit."""

    value: float
    low: float
    high: float


def byar(count: float, level: float = LEVEL) -> tuple[float | None, float]:
    """Byar's limits of a Poisson count; the lower is blank where the formula goes below zero.

    Source: Breslow and Day 1987, as in PHEindicatormethods 2.1.0.
    """
    _check_count(count)
    z = normal_quantile(level)
    more = count + 1
    high = float(more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3)
    if count == 0:
        return None, high
    low = float(count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3)
    return (low if low >= 0 else None), high


def exact_poisson(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact limits of a Poisson count by the chi-square quantiles. Source: Garwood 1936."""
    from scipy.special import chdtri

    _check_count(count)
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(chdtri(2 * count, 1 - tail)) / 2
    return low, float(chdtri(2 * count + 2, tail)) / 2


def count_limits(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a Poisson count: Byar's from ten events up, exact below."""
    if count < FEW:
        return exact_poisson(count, level)
    low, high = byar(count, level)
    return (0.0 if low is None else low), high


def rate(
    count: float | None, n: float | None, multiplier: float = 1.0, level: float = LEVEL
) -> Estimate | None:
    """The rate count/n per `multiplier`, with the count's limits. Blank where either is blank."""
    if count is None or n is None:
        return None
    if not n > 0:
        raise ValueError(f"no rate: {count} of {n}")
    low, high = count_limits(count, level)
    return Estimate(count / n * multiplier, low / n * multiplier, high / n * multiplier)


def ratio_of_counts(count1: float, count2: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the ratio count1/count2 of two independent Poisson counts; 1 is no change.

    Given their sum the first count is binomial; the Wilson interval of its share is turned into
    a ratio. The upper limit is infinite where the second count may be zero.
    """
    low, high = wilson(count1, count1 + count2, level)
    return low / (1 - low), inf if high >= 1 else high / (1 - high)


def directly_standardised(
    counts: Counts,
    populations: Sequence[float],
    standard: Sequence[float],
    multiplier: float = 1.0,
    level: float = LEVEL,
) -> Estimate | None:
    """The rate a standard population would have: `sum(w x/n) / sum(w)` per `multiplier`.

    One count, population and standard population per age band; a blank count is none. Limits are
    Dobson's: the Byar limits of the total count, scaled by the rate's own variance. Blank below
    ten events in all. Source: Dobson et al. 1991, as in PHEindicatormethods 2.1.0.
    """
    events = [one or 0.0 for one in counts]
    value, variance = _weighted(events, populations, standard)
    return _dobson(value, variance, sum(events), multiplier, level)


def directly_standardised_events(
    people: Mapping[int, Counts],
    populations: Sequence[float],
    standard: Sequence[float],
    multiplier: float = 1.0,
    level: float = LEVEL,
) -> Estimate | None:
    """As `directly_standardised` where one person may have several events.

    `people[k]` counts, per age band, those with exactly k events. Events of one person are not
    independent, so the variance is the sum of k^2 times the variance of each k's people: wider
    limits around the same rate. Source: PHEindicatormethods 2.1.0, non-independent events.
    """
    bands = len(populations)
    events, variance = [0.0] * bands, 0.0
    for times, counted in people.items():
        having = [one or 0.0 for one in counted]
        variance += times**2 * _weighted(having, populations, standard)[1]
        events = [so_far + times * one for so_far, one in zip(events, having, strict=True)]
    value = _weighted(events, populations, standard)[0]
    return _dobson(value, variance, sum(events), multiplier, level)


def _weighted(
    events: Sequence[float], populations: Sequence[float], standard: Sequence[float]
) -> tuple[float, float]:
    if not events or any(not n > 0 for n in populations) or not sum(standard) > 0:
        raise ValueError("a standardised rate needs people in every age band")
    whole = sum(standard)
    rows = list(zip(events, populations, standard, strict=True))
    value = sum(w * x / n for x, n, w in rows) / whole
    return value, sum(w * w * x / (n * n) for x, n, w in rows) / whole**2


def _dobson(
    value: float, variance: float, total: float, multiplier: float, level: float
) -> Estimate | None:
    if total < FEW:
        return None
    low, high = count_limits(total, level)
    scale = sqrt(variance / total)
    return Estimate(
        value * multiplier,
        (value + scale * (low - total)) * multiplier,
        (value + scale * (high - total)) * multiplier,
    )


@dataclass(frozen=True)
class Standardised:
    """Observed events, those the reference rates would give, and their ratio with limits.

    `rate` is the ratio times the reference's own crude rate, per multiplier.
    """

    observed: float
    expected: float
    ratio: Estimate
    reference_rate: float
    rate: Estimate


def indirectly_standardised(
    counts: Counts,
    populations: Sequence[float],
    reference_counts: Sequence[float],
    reference_populations: Sequence[float],
    multiplier: float = 1.0,
    level: float = LEVEL,
) -> Standardised | None:
    """Observed events against those expected at the reference's rates; limits as of a count.

    A blank count is none. Blank where nothing is expected. Source: PHEindicatormethods 2.1.0.
    """
    observed = sum(one or 0.0 for one in counts)
    reference = list(zip(populations, reference_counts, reference_populations, strict=True))
    expected = sum(n * x / whole for n, x, whole in reference)
    if not expected > 0:
        return None
    low, high = count_limits(observed, level)
    crude = sum(reference_counts) / sum(reference_populations) * multiplier
    ratio = Estimate(observed / expected, low / expected, high / expected)
    rated = Estimate(ratio.value * crude, ratio.low * crude, ratio.high * crude)
    return Standardised(observed, expected, ratio, crude, rated)


def _check_count(count: float) -> None:
    if not isfinite(count) or count < 0:
        raise ValueError(f"no count: {count}")
