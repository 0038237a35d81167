"""The ratio of two shares (a relative gap, a parity index): by logarithms, or by the score."""

from __future__ import annotations

from math import exp, inf, log, sqrt

from barometer_lib.intervals.shares import LEVEL, Limits, normal_quantile


def ratio_log(
    count1: float, n1: float, count2: float, n2: float, level: float = LEVEL
) -> Limits | None:
    """Interval of share1/share2 on the log scale; 1 is no gap. Blank where a count is zero.

    Source: Katz et al. 1978.
    """
    if min(count1, count2) <= 0:
        return None
    middle = (count1 / n1) / (count2 / n2)
    reach = normal_quantile(level) * sqrt(1 / count1 - 1 / n1 + 1 / count2 - 1 / n2)
    return middle * exp(-reach), middle * exp(reach)


def ratio_log_adjusted(
    count1: float, n1: float, count2: float, n2: float, level: float = LEVEL
) -> Limits:
    """As `ratio_log` with half a person added to each count and each n, so also at zero.

    Source: Walter 1975.
    """
    found = ratio_log(count1 + 0.5, n1 + 0.5, count2 + 0.5, n2 + 0.5, level)
    if found is None:
        raise ValueError(f"no shares: {count1} of {n1}, {count2} of {n2}")
    return found


def koopman(count1: float, n1: float, count2: float, n2: float, level: float = LEVEL) -> Limits:
    """Koopman's score interval of share1/share2; 1 is no gap.

    0 is the lower limit where the first count is zero, infinity the upper where the second is.
    Good for small counts too, so it is the one used for relative gaps. Source: Koopman 1984.
    """
    if min(n1, n2) <= 0 or min(count1, count2) < 0 or count1 > n1 or count2 > n2:
        raise ValueError(f"no shares: {count1} of {n1}, {count2} of {n2}")
    z = normal_quantile(level)
    start = log((count1 + 0.5) / (n1 + 0.5)) - log((count2 + 0.5) / (n2 + 0.5))
    shares = (count1, n1, count2, n2)
    low = 0.0 if count1 == 0 else exp(_root(shares, z, start, -1))
    high = inf if count2 == 0 else exp(_root(shares, -z, start, 1))
    return low, high


def _root(
    shares: tuple[float, float, float, float], wanted: float, start: float, way: int
) -> float:
    """The log ratio at which the score is `wanted`; the score falls as the ratio grows."""
    from scipy.optimize import brentq

    near, step = start, 0.5
    while way * (_score(*shares, exp(near)) - wanted) < 0:
        near -= way * step
    far = near + way * step
    while way * (_score(*shares, exp(far)) - wanted) > 0:
        step *= 2
        far += way * step
    return float(brentq(lambda x: _score(*shares, exp(x)) - wanted, near, far, xtol=1e-13))


def _score(count1: float, n1: float, count2: float, n2: float, ratio: float) -> float:
    """The score statistic of share1 = ratio * share2, at the likeliest such shares."""
    a = (n1 + n2) * ratio
    b = n1 * ratio + count1 + n2 + count2 * ratio
    c = count1 + count2
    share2 = 2 * c / (b + sqrt(max(0.0, b * b - 4 * a * c)))
    share1 = min(1.0, ratio * share2)
    variance = share1 * (1 - share1) / n1 + ratio**2 * share2 * (1 - share2) / n2
    off = count1 / n1 - ratio * count2 / n2
    if variance <= 0:
        return 0.0 if off == 0 else inf if off > 0 else -inf
    return off / sqrt(variance)
