"""Shares and differences of shares.

All limits are two-sided with the exact normal quantile (not 1.96) and no continuity correction.
"""

from __future__ import annotations

from functools import cache
from math import isfinite, sqrt
from statistics import NormalDist

LEVEL = 0.95
Limits = tuple[float, float]


@cache
def normal_quantile(level: float = LEVEL) -> float:
    """The z of a two-sided interval at `level`, such as 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(count: float, n: float, level: float = LEVEL) -> Limits:
    """Wilson score interval of the share `count`/`n`, as shares of 1.

    `count` may be a fraction (a share times an effective sample size). Raises `ValueError` where
    there is no share (n <= 0, count below 0 or above n). Source: Wilson 1927, as in
    PHEindicatormethods 2.1.0.
    """
    return _wilson(count, n, normal_quantile(level))


def _wilson(count: float, n: float, z: float) -> Limits:
    if not (isfinite(count) and isfinite(n)) or n <= 0 or count < 0 or count > n:
        raise ValueError(f"no share: {count} of {n}")
    middle = 2 * count + z * z
    spread = z * sqrt(z * z + 4 * count * (1 - count / n))
    divisor = 2 * (n + z * z)
    low = 0.0 if count == 0 else max(0.0, (middle - spread) / divisor)
    high = 1.0 if count == n else min(1.0, (middle + spread) / divisor)
    return low, high


def difference(
    first: float, limits1: Limits, second: float, limits2: Limits, correlation: float = 0.0
) -> Limits:
    """Limits of first - second from each one's own limits, in their unit (square and add).

    `correlation` is that of the two estimates; independent ones have 0. Limits of a difference
    put in again give those of a difference of differences: the change of a gap, from the four
    shares' own limits. Source: Newcombe 1998; Zou and Donner 2008 (MOVER).
    """
    (low1, high1), (low2, high2) = limits1, limits2
    below = _added(first - low1, high2 - second, correlation)
    above = _added(high1 - first, second - low2, correlation)
    return first - second - below, first - second + above


def _added(one: float, other: float, correlation: float) -> float:
    return sqrt(max(0.0, one * one + other * other - 2 * correlation * one * other))


def newcombe(
    count1: float,
    n1: float,
    count2: float,
    n2: float,
    level: float = LEVEL,
    correlation: float = 0.0,
) -> Limits:
    """Interval of the difference share1 - share2, as shares of 1; positive where the first is
    greater.

    Independent groups have `correlation` 0; for a panel or overlapping samples it is what
    `overlap_correlation` gives. Source: Newcombe 1998, method 10 (hybrid score); with correlation
    the paired form of the same author, without its continuity correction.
    """
    return _newcombe(count1, n1, count2, n2, normal_quantile(level), correlation)


def _newcombe(c1: float, n1: float, c2: float, n2: float, z: float, correlation: float) -> Limits:
    limits1, limits2 = _wilson(c1, n1, z), _wilson(c2, n2, z)
    return difference(c1 / n1, limits1, c2 / n2, limits2, correlation)


def newcombe_p(
    count1: float, n1: float, count2: float, n2: float, correlation: float = 0.0
) -> float:
    """Two-sided p of no difference: 1 - the level at which Newcombe's interval just reaches 0.

    So p < 0.05 exactly where the 95 % interval leaves out 0. 1 for equal shares.
    """
    share1, share2 = count1 / n1, count2 / n2
    if share1 == share2:
        return 1.0
    if share1 < share2:
        return newcombe_p(count2, n2, count1, n1, correlation)
    low, high = 0.0, 1.0
    while high < 1e3 and _newcombe(count1, n1, count2, n2, high, correlation)[0] > 0:
        low, high = high, high * 2
    for _ in range(100):
        middle = (low + high) / 2
        if _newcombe(count1, n1, count2, n2, middle, correlation)[0] > 0:
            low = middle
        else:
            high = middle
    return 2 * NormalDist().cdf(-(low + high) / 2)


def overlap_correlation(within: float, common: float, n1: float, n2: float) -> float:
    """The correlation of two rounds' shares where `common` people are in both samples.

    `within` is the correlation of the same person's two answers (-1 to 1). All in both gives
    `within`, nobody gives 0. The variance of the change is v1 + v2 - 2 r sqrt(v1 v2) with this r.
    Source: Kish 1965, section 12.4.
    """
    if not -1 <= within <= 1 or common < 0 or common > min(n1, n2):
        raise ValueError(f"no overlap: {common} of {n1} and {n2}, correlation {within}")
    return within * common / sqrt(n1 * n2)


def smallest_detectable_change(
    n1: float,
    n2: float | None = None,
    share: float = 0.6,
    design_effect: float = 1.0,
    level: float = LEVEL,
    power: float = 0.8,
) -> float:
    """The smallest change of a share that two survey rounds can tell, as a share of 1.

    Found with probability `power` by a two-sided test at `level`, both shares near `share`:
    two rounds of 500 tell 0.087, of 1,000 tell 0.061. Source: any textbook's sample size formula
    for two shares, solved for the difference.
    """
    second = n1 if n2 is None else n2
    if min(n1, second) <= 0 or not 0 < share < 1 or design_effect <= 0 or not 0 < power < 1:
        raise ValueError(f"no survey rounds: {n1} and {second}, share {share}")
    reach = normal_quantile(level) + NormalDist().inv_cdf(power)
    return reach * sqrt(design_effect * share * (1 - share) * (1 / n1 + 1 / second))
