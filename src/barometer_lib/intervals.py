"""Intervals that several method rooms need: shares, differences of shares, ratios of counts.

All are two-sided with the exact normal quantile (not 1.96) and no continuity correction.
"""

from __future__ import annotations

from functools import cache
from math import atan, inf, isfinite, pi, sqrt
from statistics import NormalDist

LEVEL = 0.95


@cache
def normal_quantile(level: float = LEVEL) -> float:
    """The z of a two-sided interval at `level`, such as 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(count: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson score interval of the share `count`/`n`, as shares of 1.

    `count` may be a fraction (a share times an effective sample size). Raises `ValueError` where
    there is no share (n <= 0, count below 0 or above n). Source: Wilson 1927, as in
    PHEindicatormethods 2.1.0.
    """
    if not (isfinite(count) and isfinite(n)) or n <= 0 or count < 0 or count > n:
        raise ValueError(f"no share: {count} of {n}")
    z = normal_quantile(level)
    middle = 2 * count + z * z
    spread = z * sqrt(z * z + 4 * count * (1 - count / n))
    divisor = 2 * (n + z * z)
    low = 0.0 if count == 0 else max(0.0, (middle - spread) / divisor)
    high = 1.0 if count == n else min(1.0, (middle + spread) / divisor)
    return low, high


def newcombe(
    count1: float, n1: float, count2: float, n2: float, level: float = LEVEL
) -> tuple[float, float]:
    """Interval of the difference share1 - share2 of two independent groups, as shares of 1.

    Positive where the first share is greater. Source: Newcombe 1998, method 10 (hybrid score).
    """
    share1, share2 = count1 / n1, count2 / n2
    low1, high1 = wilson(count1, n1, level)
    low2, high2 = wilson(count2, n2, level)
    below = sqrt((share1 - low1) ** 2 + (high2 - share2) ** 2)
    above = sqrt((high1 - share1) ** 2 + (share2 - low2) ** 2)
    return share1 - share2 - below, share1 - share2 + above


def ratio_of_counts(count1: float, count2: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the ratio count1/count2 of two independent Poisson counts; 1 is no change.

    Given their sum the first count is binomial; the Wilson interval of its share is turned into
    a ratio. The upper limit is infinite where the second count may be zero.
    """
    low, high = wilson(count1, count1 + count2, level)
    return low / (1 - low), float("inf") if high >= 1 else high / (1 - high)


def student_p(t: float, freedom: int) -> float:
    """Two-sided p of Student's t with `freedom` whole degrees of freedom.

    The finite series of Abramowitz and Stegun 26.7.3-4; 0 for an infinite t.
    """
    if freedom < 1:
        raise ValueError(f"degrees of freedom: {freedom}")
    if not isfinite(t):
        return 0.0
    t = abs(t)
    cos2 = freedom / (freedom + t * t)
    sine = sqrt(1 - cos2)
    term, total = 1.0, 0.0
    if freedom % 2 == 1:
        if freedom > 1:
            term = sqrt(cos2)
            total = term
            for k in range(3, freedom, 2):
                term *= cos2 * (k - 1) / k
                total += term
        return max(0.0, 1 - 2 / pi * (atan(t / sqrt(freedom)) + sine * total))
    total = 1.0
    for k in range(2, freedom, 2):
        term *= cos2 * (k - 1) / k
        total += term
    return max(0.0, 1 - sine * total)


@cache
def student_quantile(freedom: int, level: float = LEVEL) -> float:
    """The t of a two-sided interval at `level`, such as 3.182 for 3 degrees of freedom."""
    low, high = 0.0, 1.0
    while student_p(high, freedom) > 1 - level:
        high *= 2
        if high == inf:
            raise ValueError("no quantile")
    for _ in range(200):
        middle = (low + high) / 2
        if student_p(middle, freedom) > 1 - level:
            low = middle
        else:
            high = middle
    return (low + high) / 2
