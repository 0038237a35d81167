"""Student's t: p, quantiles, and the mean of values with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import atan, inf, isfinite, pi, sqrt

from barometer_lib.intervals.shares import LEVEL


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


def mean_interval(values: Sequence[float], level: float = LEVEL) -> tuple[float, float, float]:
    """The mean of at least two values and its two-sided limits, in the values' unit.

    Raises `ValueError` for fewer. Source: Student 1908, as in PHEindicatormethods 2.1.0.
    """
    n = len(values)
    if n < 2:
        raise ValueError(f"a mean with its uncertainty needs two values, got {n}")
    mean = sum(values) / n
    deviation = sqrt(sum((one - mean) ** 2 for one in values) / (n - 1))
    reach = student_quantile(n - 1, level) * deviation / sqrt(n)
    return mean, mean - reach, mean + reach
