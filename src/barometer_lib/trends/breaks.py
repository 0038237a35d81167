"""Shifts of level in a long series: where its mean changes, as many times as the evidence bears.

Segments of constant mean by least squares over all partitions (Bai and Perron), their number by
BIC. A shift found is a hint to look for its cause; only the catalogue declares a break.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Grid = np.ndarray[tuple[int, int], np.dtype[np.float64]]

FEWEST_POINTS = 10
TRIMMING = 0.15


@dataclass(frozen=True)
class Levels:
    """A partition: `breaks` are how many points lie before each shift; the means in time order.

    `rss` is the squared deviation from the means, in the values' unit squared.
    """

    breaks: tuple[int, ...]
    means: tuple[float, ...]
    rss: float
    bic: float


def level_breaks(
    values: Sequence[float], most: int = 5, shortest: int | None = None
) -> list[Levels]:
    """The best partition with 0, 1, ... `most` shifts; the least `bic` is the one to believe.

    Each segment has at least `shortest` points (15 % of the series unless given). Raises
    `ValueError` below ten points. Source: Bai and Perron 2003; R strucchange.
    """
    n = len(values)
    if n < FEWEST_POINTS:
        raise ValueError(f"shifts of level need {FEWEST_POINTS} points, got {n}")
    least = max(2, int(TRIMMING * n)) if shortest is None else shortest
    if least < 1 or most < 0:
        raise ValueError(f"segments of {least} points, {most} shifts")
    cost = _costs(values, least)
    found = []
    for count in range(min(most, n // least - 1) + 1):
        rss, breaks = _partition(cost, n, count)
        ends = [0, *breaks, n]
        means = tuple(sum(values[a:b]) / (b - a) for a, b in itertools.pairwise(ends))
        # A perfect fit has no finite BIC: nothing beats it.
        told = -inf if rss <= 0 else n * (log(rss) + 1 - log(n) + log(2 * pi))
        found.append(Levels(breaks, means, rss, told + log(n) * 2 * (count + 1)))
    return found


def chosen(partitions: Sequence[Levels]) -> Levels:
    """The partition with the least BIC; of equals the one with fewest shifts."""
    return min(partitions, key=lambda one: (one.bic, len(one.breaks)))


def _costs(values: Sequence[float], least: int) -> Grid:
    """The squared deviation of values i to j from their mean; infinite where too short."""
    import numpy as np

    y = np.asarray(values, float)
    y = y - y.mean()
    n = len(y)
    sums, squares = np.r_[0, np.cumsum(y)], np.r_[0, np.cumsum(y * y)]
    start, end = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    length = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = squares[None, :] - squares[:, None] - (sums[None, :] - sums[:, None]) ** 2 / length
    return np.where(length >= least, np.maximum(cost, 0.0), inf)


def _partition(cost: Grid, n: int, count: int) -> tuple[float, tuple[int, ...]]:
    import numpy as np

    best = cost[0]
    back = []
    for _ in range(count):
        through = best[:, None] + cost
        back.append(np.argmin(through, axis=0))
        best = np.min(through, axis=0)
    breaks: list[int] = []
    end = n
    for places in reversed(back):
        end = int(places[end])
        breaks.insert(0, end)
    return float(best[n]), tuple(breaks)
