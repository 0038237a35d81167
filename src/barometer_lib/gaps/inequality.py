"""How unequal areas or groups are: one number over all of them, and what chance alone would give.

Every measure takes the areas' values and their populations. Sampling alone makes equal areas look
unequal: `by_chance` says how much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from barometer_lib.intervals import LEVEL

Values = Sequence[float]
Measure = Callable[[Any, Values], Any]
DRAWS = 1000
SEED = 20261101


def _arrays(values: Any, populations: Values) -> tuple[Any, Any, Any]:
    """Values (a row, or rows of draws), population shares, and the mean of each row."""
    y, n = np.asarray(values, float), np.asarray(populations, float)
    if y.shape[-1] != len(n) or len(n) < 2 or not (n >= 0).all() or not n.sum() > 0:
        raise ValueError("inequality is of two areas or more with their populations")
    p = n / n.sum()
    return y, p, (p * y).sum(axis=-1, keepdims=True)


def _number(found: Any) -> Any:
    """A plain number for one row, an array for rows."""
    return float(found) if np.ndim(found) == 0 else found


def mean(values: Any, populations: Values) -> Any:
    """The mean over all people."""
    return _number(_arrays(values, populations)[2][..., 0])


def between_variance(values: Any, populations: Values) -> Any:
    """`sum p (y - mean)^2`, in the values' unit squared. Source: WHO, Health inequality monitor."""
    y, p, mu = _arrays(values, populations)
    return _number((p * (y - mu) ** 2).sum(axis=-1))


def disparity(values: Any, populations: Values) -> Any:
    """Index of disparity: the mean distance from the mean in percent of it; each area counts one.

    Source: Pearcy and Keppel 2002.
    """
    y, _, mu = _positive(values, populations)
    return _number(100 * (np.abs(y - mu) / mu).mean(axis=-1))


def disparity_weighted(values: Any, populations: Values) -> Any:
    """As `disparity`, each area by its population."""
    y, p, mu = _positive(values, populations)
    return _number(100 * (p * np.abs(y - mu) / mu).sum(axis=-1))


def mean_difference(
    values: Any, populations: Values, reference: float | None = None, *, weighted: bool = False
) -> Any:
    """The mean distance from `reference` (blank: the mean), in the values' unit; each area counts
    one, or by its population where `weighted`."""
    y, p, mu = _arrays(values, populations)
    away = np.abs(y - (mu if reference is None else reference))
    return _number((p * away).sum(axis=-1) if weighted else away.mean(axis=-1))


def attributable(values: Values, populations: Values, best: float) -> float:
    """Population attributable risk: `best` minus the mean. What the mean would gain if every area
    were as the best (below 0: lose, where a low value is best)."""
    return best - float(mean(values, populations))


def theil(values: Any, populations: Values) -> Any:
    """Theil's index `sum p (y/mean) ln(y/mean)`, 0 for equality. Values of 0 add nothing."""
    y, p, mu = _positive(values, populations)
    ratio = y / mu
    logs = np.log(np.where(ratio > 0, ratio, 1.0))
    return _number((p * ratio * logs).sum(axis=-1))


def mean_log_deviation(values: Any, populations: Values) -> Any:
    """`sum p ln(mean/y)`, 0 for equality. Raises `ValueError` where a value is 0."""
    y, p, mu = _positive(values, populations)
    if not (y > 0).all():
        raise ValueError("the mean log deviation is of values above 0")
    return _number((p * np.log(mu / y)).sum(axis=-1))


def _positive(values: Any, populations: Values) -> tuple[Any, Any, Any]:
    y, p, mu = _arrays(values, populations)
    if not (y >= 0).all() or not (mu > 0).all():
        raise ValueError("this index is of values from 0 up that are not all 0")
    return y, p, mu


@dataclass(frozen=True)
class Split:
    """Theil's index and its exact parts: between regions, and within them."""

    whole: float
    between: float
    within: float


def theil_split(values: Values, populations: Values, regions: Sequence[object]) -> Split:
    """Theil's index split by region: parts add up exactly. Source: Theil 1967."""
    y, p, mu = _positive(values, populations)
    whole = float(mu[0])
    between = within = 0.0
    for region in dict.fromkeys(regions):
        here = np.array([one == region for one in regions])
        share = float(p[here].sum())
        own = float((p[here] * y[here]).sum()) / share if share > 0 else 0.0
        if own <= 0:
            continue
        between += share * own / whole * float(np.log(own / whole))
        if here.sum() > 1:
            within += share * own / whole * float(theil(y[here], list(p[here])))
    return Split(float(theil(values, populations)), between, within)


def gini(values: Values, populations: Values) -> float:
    """Gini's index: half the mean difference of two people drawn, over the mean."""
    y, p, mu = _positive(values, populations)
    apart = np.abs(y[:, None] - y[None, :]) * p[:, None] * p[None, :]
    return float(apart.sum() / (2 * mu[0]))


def hoover(values: Values, populations: Values) -> float:
    """The share that would have to move for equality: half the sum of `|y p / mean - p|`."""
    y, p, mu = _positive(values, populations)
    return float(np.abs(p * y / mu - p).sum() / 2)


def lorenz(values: Values, populations: Values) -> list[tuple[float, float]]:
    """The Lorenz curve: share of people, share of the whole, poorest areas first, from (0, 0)."""
    y, p, mu = _positive(values, populations)
    order = np.argsort(y, kind="stable")
    people = np.r_[0, np.cumsum(p[order])]
    whole = np.r_[0, np.cumsum(p[order] * y[order]) / mu]
    return [(float(a), float(b)) for a, b in zip(people, whole, strict=True)]


@dataclass(frozen=True)
class Uncertain:
    """A measure, its limits from redrawn counts, and what equal areas of these sizes would show by
    chance: the mean and the value that 95 % stay below."""

    value: float
    low: float
    high: float
    chance: float
    chance_high: float


def with_chance(
    measure: Measure, counts: Values, ns: Values, draws: int = DRAWS, level: float = LEVEL
) -> Uncertain:
    """A measure of shares `counts`/`ns`, with limits and the baseline of chance.

    Limits redraw each area's count and are reflected around the measure (the basic bootstrap:
    redrawing adds the very spread that the measure already overstates); never below 0. Chance draws
    every area from the common share. Both with a fixed seed. Source: Davison and Hinkley 1997.
    """
    return all_with_chance({"": measure}, counts, ns, draws, level)[""]


def all_with_chance(
    measures: Mapping[str, Measure],
    counts: Values,
    ns: Values,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> dict[str, Uncertain]:
    """As `with_chance`, several measures from the same draws."""
    x, n = np.asarray(counts, float), np.asarray(ns, float)
    random = np.random.default_rng(SEED)
    size = np.maximum(1, np.round(n)).astype(np.int64)
    again = _some(random.binomial(size, x / n, (draws, len(x)))) / size
    pooled = float(x.sum() / n.sum())
    alike = _some(random.binomial(size, pooled, (draws, len(x)))) / size
    tail = (1 - level) / 2
    found = {}
    for name, measure in measures.items():
        value = float(measure(x / n, ns))
        low, high = np.quantile(measure(again, ns), [tail, 1 - tail])
        chance = measure(alike, ns)
        found[name] = Uncertain(
            value,
            max(0.0, 2 * value - float(high)),
            max(0.0, 2 * value - float(low)),
            float(chance.mean()),
            float(np.quantile(chance, 0.95)),
        )
    return found


def _some(drawn: Any) -> Any:
    """The draws in which anybody is counted: of nobody there is no inequality."""
    return drawn[drawn.sum(axis=1) > 0]
