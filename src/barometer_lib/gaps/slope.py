"""Inequality along an order (such as most to least deprived): slope, relative and concentration
index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from barometer_lib.intervals import LEVEL, normal_quantile

Values = Sequence[float]
DRAWS = 100_000
SEED = 20261101
PLAIN, RATE, PROPORTION = "plain", "rate", "proportion"


@dataclass(frozen=True)
class Slope:
    """`sii` is the difference between the two ends of the order, in the values' unit; `rii` their
    ratio. Limits are blank where no standard errors were given."""

    sii: float
    rii: float
    sii_low: float | None = None
    sii_high: float | None = None
    rii_low: float | None = None
    rii_high: float | None = None


def rank_midpoints(populations: Values) -> Any:
    """The middle of each group's place in the order of people, from 0 to 1."""
    p = np.asarray(populations, float) / float(np.sum(populations))
    return np.cumsum(p) - p / 2


def slope_index(
    values: Values,
    populations: Values,
    *,
    kind: str = PLAIN,
    transform: bool = False,
    multiplier: float = 1.0,
    errors: Values | None = None,
    level: float = LEVEL,
) -> Slope:
    """Slope and relative index of inequality of groups in their order.

    Weighted least squares on the rank midpoints, weights the population; `sii` slope times
    `multiplier`, `rii` (a + b)/a, turned over where the multiplier is negative. With `transform`
    the regression is on logs (rate) or logits (proportion) and both ends are turned back. `errors`
    are standard errors, of the log for a rate and of the logit for a proportion; limits are then
    simulated with a fixed seed. Source: PHEindicatormethods 2.1.0 (phe_sii).
    """
    y, p = np.asarray(values, float), np.asarray(populations, float)
    if len(y) != len(p) or len(y) < 3 or not (p > 0).all():
        raise ValueError("a slope needs three groups or more with their populations")
    if kind not in (PLAIN, RATE, PROPORTION) or (transform and kind == PLAIN):
        raise ValueError(f"no transform of values that are {kind}")
    sii, rii = _ends(y[None, :], p, kind, transform, multiplier)
    found = Slope(float(sii[0]), float(rii[0]))
    if errors is None:
        return found
    scaled = _forward(y, kind)
    random = np.random.default_rng(SEED)
    drawn = _back(random.normal(scaled, np.asarray(errors, float), (DRAWS, len(y))), kind)
    many, ratios = _ends(drawn, p, kind, transform, multiplier)
    tail = (1 - level) / 2
    low, high = np.quantile(many, [tail, 1 - tail])
    below, above = np.quantile(ratios, [tail, 1 - tail])
    return Slope(found.sii, found.rii, float(low), float(high), float(below), float(above))


def _forward(y: Any, kind: str) -> Any:
    if kind == RATE:
        return np.log(y)
    return np.log(y / (1 - y)) if kind == PROPORTION else y


def _back(y: Any, kind: str) -> Any:
    if kind == RATE:
        return np.exp(y)
    return 1 / (1 + np.exp(-y)) if kind == PROPORTION else y


def _ends(rows: Any, p: Any, kind: str, transform: bool, multiplier: float) -> tuple[Any, Any]:
    """The index of each row of values: difference of the ends, and their ratio."""
    x = rank_midpoints(list(p))
    w = p / p.sum()
    y = _forward(rows, kind) if transform else rows
    centre = float((w * x).sum())
    slope = (w * (x - centre) * y).sum(axis=1) / float((w * (x - centre) ** 2).sum())
    start = (w * y).sum(axis=1) - slope * centre
    first, last = start, start + slope
    if transform:
        first, last = _back(first, kind), _back(last, kind)
    ratio = first / last if multiplier < 0 else last / first
    return (last - first) * multiplier, ratio


@dataclass(frozen=True)
class Concentration:
    """`absolute` is in the values' unit: positive where those later in the order have more;
    `relative` is it over the mean, from -1 to 1. Standard error and limits of the absolute."""

    absolute: float
    relative: float
    se: float
    low: float
    high: float


def concentration(values: Values, populations: Values, level: float = LEVEL) -> Concentration:
    """Concentration index of groups in their order: `2 cov(y, rank)`, and over the mean.

    The standard error is that of the convenient regression of `2 var(rank) y` on the rank. Source:
    Wagstaff et al. 1991; Kakwani et al. 1997; WHO healthequal.
    """
    y, n = np.asarray(values, float), np.asarray(populations, float)
    if len(y) != len(n) or len(y) < 3 or not (n > 0).all():
        raise ValueError("a concentration needs three groups or more with their populations")
    w = n / n.sum()
    x = rank_midpoints(list(n))
    centre, mu = float((w * x).sum()), float((w * y).sum())
    spread = float((w * (x - centre) ** 2).sum())
    scaled = 2 * spread * y
    slope = float((w * (x - centre) * scaled).sum()) / spread
    left = scaled - float((w * scaled).sum()) - slope * (x - centre)
    se = sqrt(float((w * left**2).sum()) / (len(y) - 2) / spread)
    reach = normal_quantile(level) * se
    return Concentration(slope, slope / mu, se, slope - reach, slope + reach)
