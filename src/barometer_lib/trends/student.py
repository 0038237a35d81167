"""Student's t for whole arrays, from numpy alone: p values and quantiles without cancellation.

Both come from the finite series of Abramowitz and Stegun 26.7.3-4. Small p are summed from the
other end of the same series, where every term is positive, so they keep all their digits.
"""

from __future__ import annotations

from functools import cache
from math import exp, lgamma, log, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

SMALL = 1e-3
"""Below this p the finite series would cancel; the remaining terms are summed instead."""


def two_sided_p(t: Numbers, freedom: Counts) -> Numbers:
    """P(|T| > |t|) with `freedom` whole degrees of freedom, element by element.

    NaN where t is NaN or there is no degree of freedom; 0 for an infinite t.
    """
    found = np.full(t.shape, np.nan)
    usable = (freedom >= 1) & ~np.isnan(t)
    kept = np.where(usable, freedom, 0)
    for v in _distinct(kept):
        chosen = np.flatnonzero(kept == v)
        found[chosen] = _of_one_freedom(np.abs(t[chosen]), int(v))
    return found


def _distinct(freedom: Counts) -> Counts:
    """The degrees of freedom that occur, without 0."""
    occurs = np.bincount(freedom)
    occurs[:1] = 0
    return np.flatnonzero(occurs)


def upper_tail(t: Numbers, freedom: Counts) -> Numbers:
    """P(T > t), element by element."""
    half = two_sided_p(t, freedom) / 2
    return np.where(t > 0, half, 1 - half)


def _of_one_freedom(t: Numbers, v: int) -> Numbers:
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.hypot(sqrt(v), t)
        sine, cosine = t / whole, sqrt(v) / whole
    sine[np.isinf(t)] = 1.0
    square = cosine * cosine
    total = np.ones_like(t)
    for k in range(v - 2, 1 + v % 2, -2):
        total *= square
        total *= (k - 1) / k
        total += 1
    if v % 2 == 0:
        p = 1 - sine * total
    else:
        inner = np.arctan2(t, sqrt(v))
        if v > 1:
            inner = inner + sine * cosine * total
        p = 1 - 2 / pi * inner
    small = np.flatnonzero(p < SMALL)
    if small.size:
        p[small] = _small(sine[small], cosine[small], v)
    return p


def _small(sine: Numbers, cosine: Numbers, v: int) -> Numbers:
    """The terms from the v-th on of the series that adds up to one: all positive."""
    square = cosine * cosine
    even = v % 2 == 0
    first = np.ones_like(sine) if even else 2 / pi * cosine
    for k in range(2 if even else 3, v + 1, 2):
        first *= square * ((k - 1) / k)
    largest = float(square.max())
    steps = 1 if largest == 0 else int(log(1e-18) / log(largest)) + 2
    total = np.ones_like(sine)
    for k in range(v + 2 * steps, v, -2):
        total *= square
        total *= (k - 1) / k
        total += 1
    tail: Numbers = sine * first * total
    return tail


@cache
def quantile(freedom: int, level: float = 0.95) -> float:
    """The t of a two-sided interval at `level`, such as 3.182 for 3 degrees of freedom.

    Newton's steps from the normal quantile, which lies below it: p is convex there, so every step
    comes closer from the same side.
    """
    if freedom < 1:
        raise ValueError(f"degrees of freedom: {freedom}")
    t = NormalDist().inv_cdf(0.5 + level / 2)
    scale = 2 * exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    for _ in range(200):
        p = float(_of_one_freedom(np.array([t]), freedom)[0])
        step = (p - (1 - level)) / (scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2))
        t += step
        if abs(step) <= 4e-16 * t:
            break
    return t


def quantiles(freedom: Counts, level: float = 0.95) -> Numbers:
    """`quantile` for whole arrays; NaN where there is no degree of freedom."""
    found = np.full(int(freedom.max(initial=0)) + 1, np.nan)
    for v in _distinct(freedom):
        found[v] = quantile(int(v), level)
    return found[freedom]
