"""Survey shares and means by their design: weights, strata, clusters, finite population.

Standard errors by Taylor linearisation. Weights alone are not the design: clusters can cost far
more precision than weights do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING

from barometer_lib.intervals.shares import LEVEL, Limits, normal_quantile
from barometer_lib.intervals.student import student_quantile

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[tuple[int], np.dtype[np.float64]]
Values = Sequence[float]
Names = Sequence[object]


@dataclass(frozen=True)
class Design:
    """Who stands for whom. `weights` one per person; `clusters` and `strata` name each person's
    (blank: each a cluster of its own, one stratum). `population` is, per person, how many clusters
    (or people, without clusters) the person's stratum has in all; blank: very many."""

    weights: Values
    clusters: Names | None = None
    strata: Names | None = None
    population: Values | None = None


@dataclass(frozen=True)
class Surveyed:
    """An estimate with its standard error by design, in the values' unit.

    `freedom` is clusters minus strata (those that hold anybody of the domain). `design_effect` is
    the variance over that of a simple random sample of as many people; blank for a total.
    """

    value: float
    se: float
    freedom: int
    design_effect: float | None

    def limits(self, level: float = LEVEL, *, normal: bool = False) -> Limits:
        """Student's limits with the design's degrees of freedom, or normal ones."""
        reach = normal_quantile(level) if normal else student_quantile(self.freedom, level)
        return self.value - reach * self.se, self.value + reach * self.se

    def logit_limits(self, level: float = LEVEL) -> Limits:
        """Limits of a share on the logit scale, always between 0 and 1."""
        return logit_limits(self.value, self.se, self.freedom, level)


def logit_limits(share: float, se: float, freedom: int, level: float = LEVEL) -> Limits:
    """`logit p +- t se / (p (1 - p))`, turned back into shares of 1.

    A share of 0 or 1 has no logit and raises `ValueError`: use Wilson's interval with the
    effective sample size. Source: Lumley, survey package, svyciprop.
    """
    if not 0 < share < 1:
        raise ValueError(f"no logit of a share of {share}")
    middle = log(share / (1 - share))
    reach = student_quantile(freedom, level) * se / (share * (1 - share))
    return 1 / (1 + exp(reach - middle)), 1 / (1 + exp(-reach - middle))


def effective_sample_size(weights: Values) -> float:
    """Kish's `(sum w)^2 / sum w^2`: what unequal weights alone leave of the sample, in people."""
    squares = sum(one * one for one in weights)
    if not squares > 0:
        raise ValueError("no weights")
    return sum(weights) ** 2 / squares


def design_mean(values: Values, design: Design, domain: Sequence[bool] | None = None) -> Surveyed:
    """The weighted mean (of 0 and 1: the share), over those in `domain` where it is given."""
    import numpy as np

    y, w = np.asarray(values, float), np.asarray(design.weights, float)
    inside = np.ones(len(y), bool) if domain is None else np.asarray(domain, bool)
    whole = float(w[inside].sum())
    if not whole > 0:
        raise ValueError("nobody of the domain carries weight")
    mean = float((w * y)[inside].sum() / whole)
    scores = np.where(inside, w * (y - mean) / whole, 0.0)
    variance, freedom = _variance(scores, design, inside)
    simple = _simple_variance(y[inside], w[inside], mean)
    effect = None if simple <= 0 else variance / simple
    return Surveyed(mean, sqrt(variance), freedom, effect)


def design_total(values: Values, design: Design) -> Surveyed:
    """The weighted total, such as how many people a sample stands for."""
    import numpy as np

    scores = np.asarray(values, float) * np.asarray(design.weights, float)
    variance, freedom = _variance(scores, design, np.ones(len(scores), bool))
    return Surveyed(float(scores.sum()), sqrt(variance), freedom, None)


def jackknife_mean(values: Values, design: Design) -> Surveyed:
    """The weighted mean with the standard error of leaving out one cluster at a time (JK1).

    For designs without strata. Replicates spread around their own mean, and the finite population
    correction applies, as in R's survey package.
    """
    import numpy as np

    if design.strata is not None:
        raise ValueError("the delete-one jackknife here is for designs without strata")
    y, w = np.asarray(values, float), np.asarray(design.weights, float)
    places = _places(design.clusters, len(y))
    count = int(places.max()) + 1
    mean = float((w * y).sum() / w.sum())
    without = np.array(
        [(w * y)[places != one].sum() / w[places != one].sum() for one in range(count)]
    )
    whole = inf if design.population is None else float(design.population[0])
    spread = float(((without - without.mean()) ** 2).sum())
    variance = (1 - count / whole) * (count - 1) / count * spread
    return Surveyed(mean, sqrt(variance), count - 1, None)


def _places(names: Names | None, n: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    import numpy as np

    if names is None:
        return np.arange(n)
    known = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([known[name] for name in names])


def _variance(scores: Column, design: Design, inside: object) -> tuple[float, int]:
    """Between-cluster variance within strata, and clusters minus strata that hold the domain."""
    import numpy as np

    n = len(scores)
    strata = _places(design.strata if design.strata is not None else [0] * n, n)
    clusters = _places(
        None if design.clusters is None else list(zip(strata, design.clusters, strict=True)), n
    )
    counted = np.asarray(inside, bool)
    variance, freedom = 0.0, 0
    for one in range(int(strata.max()) + 1):
        here = strata == one
        held = np.unique(clusters[here])
        m = len(held)
        if m < 2:
            raise ValueError("a stratum with one cluster tells no variance")
        sums = np.array([scores[clusters == place].sum() for place in held])
        whole = inf if design.population is None else float(design.population[int(np.argmax(here))])
        variance += (1 - m / whole) * m / (m - 1) * float(((sums - sums.mean()) ** 2).sum())
        holding = len(np.unique(clusters[here & counted]))
        freedom += max(0, holding - 1)
    return variance, freedom


def _simple_variance(y: Column, w: Column, mean: float) -> float:
    """The variance of the mean of a simple random sample of as many people, out of sum(w)."""
    n, whole = len(y), float(w.sum())
    if n < 2 or whole <= n:
        return 0.0
    spread = float((w * (y - mean) ** 2).sum() / whole) * n / (n - 1)
    return spread / n * (1 - n / whole)
