"""Many gaps at once: the same numbers as `between.gap`, for whole columns of a table.

Blank (nan) counts give blank limits. Held to the single form by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from barometer_lib.intervals import LEVEL, normal_quantile

STEPS = 60


@dataclass(frozen=True)
class Gaps:
    """Columns as of `between.Gap`, shares of 1; nan is blank, infinity an open ratio."""

    low: Any
    high: Any
    ratio_low: Any
    ratio_high: Any
    p: Any


def gaps(count1: Any, n1: Any, count2: Any, n2: Any, level: float = LEVEL) -> Gaps:
    """Newcombe's limits, Koopman's limits of the ratio, and p, of each row's two shares."""
    columns = [np.asarray(one, float) for one in (count1, n1, count2, n2)]
    whole = np.full(columns[0].shape, np.nan)
    with np.errstate(invalid="ignore"):
        known = (columns[1] > 0) & (columns[3] > 0)
        for count, n in (columns[:2], columns[2:]):
            known &= (count >= 0) & (count <= n)
    a, b, c, d = (one[known] for one in columns)
    z = normal_quantile(level)
    found = [*_newcombe(a, b, c, d, z), *_koopman(a, b, c, d, z), _p(a, b, c, d)]
    blanks = [whole.copy() for _ in found]
    for blank, column in zip(blanks, found, strict=True):
        blank[known] = column
    return Gaps(*blanks)


def _wilson(count: Any, n: Any, z: Any) -> tuple[Any, Any]:
    middle = 2 * count + z * z
    spread = z * np.sqrt(z * z + 4 * count * (1 - count / n))
    divisor = 2 * (n + z * z)
    low = np.where(count == 0, 0.0, np.maximum(0.0, (middle - spread) / divisor))
    return low, np.where(count == n, 1.0, np.minimum(1.0, (middle + spread) / divisor))


def _newcombe(count1: Any, n1: Any, count2: Any, n2: Any, z: Any) -> tuple[Any, Any]:
    share1, share2 = count1 / n1, count2 / n2
    (low1, high1), (low2, high2) = _wilson(count1, n1, z), _wilson(count2, n2, z)
    below = np.hypot(share1 - low1, high2 - share2)
    above = np.hypot(high1 - share1, share2 - low2)
    return share1 - share2 - below, share1 - share2 + above


def _p(count1: Any, n1: Any, count2: Any, n2: Any) -> Any:
    """One minus the level at which Newcombe's interval just reaches no difference."""
    from scipy.special import ndtr

    turned = count1 / n1 < count2 / n2
    a = (np.where(turned, count2, count1), np.where(turned, n2, n1))
    b = (np.where(turned, count1, count2), np.where(turned, n1, n2))
    low, high = np.zeros(len(turned)), np.full(len(turned), 40.0)
    for _ in range(STEPS):
        middle = (low + high) / 2
        beyond = _newcombe(*a, *b, middle)[0] > 0
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.where(count1 / n1 == count2 / n2, 1.0, 2 * ndtr(-(low + high) / 2))


def _koopman(count1: Any, n1: Any, count2: Any, n2: Any, z: float) -> tuple[Any, Any]:
    """The ratios at which the score is z and -z; the score falls as the ratio grows."""
    limits = []
    for wanted in (z, -z):
        low, high = np.full(len(n1), -40.0), np.full(len(n1), 40.0)
        for _ in range(STEPS + 5):
            middle = (low + high) / 2
            above = _score(count1, n1, count2, n2, np.exp(middle)) > wanted
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        limits.append(np.exp((low + high) / 2))
    return np.where(count1 == 0, 0.0, limits[0]), np.where(count2 == 0, np.inf, limits[1])


def _score(count1: Any, n1: Any, count2: Any, n2: Any, ratio: Any) -> Any:
    a = (n1 + n2) * ratio
    b = n1 * ratio + count1 + n2 + count2 * ratio
    c = count1 + count2
    share2 = 2 * c / (b + np.sqrt(np.maximum(0.0, b * b - 4 * a * c)))
    share1 = np.minimum(1.0, ratio * share2)
    variance = share1 * (1 - share1) / n1 + ratio**2 * share2 * (1 - share2) / n2
    off = count1 / n1 - ratio * count2 / n2
    with np.errstate(divide="ignore", invalid="ignore"):
        certain = np.where(off == 0, 0.0, np.sign(off) * np.inf)
        return np.where(variance > 0, off / np.sqrt(variance), certain)
