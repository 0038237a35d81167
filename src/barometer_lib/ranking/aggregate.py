"""Components into one score: pure functions of arrays.

Every function takes `scores`, units by components with higher better and NaN missing, and
`weights`, one number a component (equal where not given; only their proportions matter). It gives
one score a unit. What is missing is handled by `least_share`: where a smaller share of the
components (0-1, each counting the same) is known the score is NaN; else the weights are shared out
over what is known. 0, the default, wants a single component, 1 wants all of them.
Formulas as in COINr 1.1.14, and Mazziotta and Pareto 2016; see METHODS.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from barometer_lib.errors import BadInput

Array = NDArray[np.float64]
ROUNDING = 1e-9  # 2 of 3 is not less than a least share written 0.6667 or 2/3


def _checked(scores: ArrayLike, weights: ArrayLike | None) -> tuple[Array, Array]:
    matrix = np.atleast_2d(np.asarray(scores, dtype=float))
    wide = matrix.shape[1]
    shares = np.ones(wide) if weights is None else np.asarray(weights, dtype=float)
    if shares.shape != (wide,):
        raise BadInput("weights_do_not_fit", weights=shares.size, components=wide)
    if not (np.isfinite(shares).all() and (shares >= 0).all() and shares.sum() > 0):
        raise BadInput("bad_weights", found=", ".join(f"{one:g}" for one in shares))
    return matrix, shares / shares.sum()


def _mean(matrix: Array, shares: Array, least_share: float) -> Array:
    """The weighted mean of what is known of each unit; NaN where too little is."""
    known = ~np.isnan(matrix)
    weight = known @ shares
    total = np.where(known, matrix, 0.0) @ shares
    enough = (known.mean(axis=1) >= least_share - ROUNDING) & (weight > 0)
    return np.where(enough, total / np.where(weight > 0, weight, 1.0), np.nan)


def _above_zero(matrix: Array, method: str) -> None:
    if (matrix <= 0).any():
        raise BadInput("needs_positive", method=method, found=f"{matrix[matrix <= 0][0]:g}")


def arithmetic(
    scores: ArrayLike, weights: ArrayLike | None = None, least_share: float = 0.0
) -> Array:
    """`Σ w x / Σ w`: a low component is made up for by a high one, point for point."""
    matrix, shares = _checked(scores, weights)
    return _mean(matrix, shares, least_share)


def geometric(
    scores: ArrayLike, weights: ArrayLike | None = None, least_share: float = 0.0
) -> Array:
    """`exp(Σ w ln x / Σ w)`. Scores must be above 0."""
    matrix, shares = _checked(scores, weights)
    _above_zero(matrix, "geometric")
    return np.asarray(np.exp(_mean(np.log(matrix), shares, least_share)))


def harmonic(
    scores: ArrayLike, weights: ArrayLike | None = None, least_share: float = 0.0
) -> Array:
    """`Σ w / Σ (w / x)`. Scores must be above 0."""
    matrix, shares = _checked(scores, weights)
    _above_zero(matrix, "harmonic")
    return np.asarray(1.0 / _mean(1.0 / matrix, shares, least_share))


def generalised(
    scores: ArrayLike,
    weights: ArrayLike | None = None,
    least_share: float = 0.0,
    power: float = 1.0,
) -> Array:
    """`(Σ w x^p / Σ w)^(1/p)`; `power` 1 is arithmetic, 0 geometric, -1 harmonic."""
    if power == 0:
        return geometric(scores, weights, least_share)
    matrix, shares = _checked(scores, weights)
    if power != 1:
        _above_zero(matrix, "generalised")
    return np.asarray(_mean(matrix**power, shares, least_share) ** (1.0 / power))


def outranking(scores: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Units by units: the weight of the components in which the row's unit beats the column's.

    Equal scores give half of the component's weight to each. Components that are missing for
    either of two units are left out of that pair and their weight shared out. The diagonal is 0;
    a pair without a common component is NaN.
    """
    matrix, shares = _checked(scores, weights)
    units = len(matrix)
    won = np.zeros((units, units))
    both = np.zeros((units, units))
    for place, share in enumerate(shares):
        one = matrix[:, place]
        difference = one[:, None] - one[None, :]
        known = ~np.isnan(difference)
        won += share * np.where(known, (difference > 0) + 0.5 * (difference == 0), 0.0)
        both += share * known
    found = np.where(both > 0, won / np.where(both > 0, both, 1.0), np.nan)
    np.fill_diagonal(found, 0.0)
    return found


def dominant_pairs(matrix: Array) -> tuple[int, float]:
    """Pairs of an outranking matrix in which one unit wins everything: their number and share."""
    units = len(matrix)
    count = int((matrix >= 1.0 - ROUNDING).sum())
    return count, count / (units * (units - 1) / 2) if units > 1 else 0.0


def copeland(
    scores: ArrayLike, weights: ArrayLike | None = None, least_share: float = 0.0
) -> Array:
    """Pairs won minus pairs lost, a pair being won with more than half of the weight."""
    matrix, _ = _checked(scores, weights)
    pairs = outranking(scores, weights)
    won = np.nansum(pairs > 0.5 + ROUNDING, axis=1) - np.nansum(pairs.T > 0.5 + ROUNDING, axis=1)
    enough = (~np.isnan(matrix)).mean(axis=1) >= max(least_share - ROUNDING, ROUNDING)
    return np.where(enough, won.astype(float), np.nan)


def mazziotta_pareto(
    scores: ArrayLike,
    weights: ArrayLike | None = None,
    least_share: float = 0.0,
    penalty: int = -1,
) -> Array:
    """`M + penalty * S * cv` of each unit's standardised scores: uneven profiles score lower.

    `scores` are standardised here to mean 100 and deviation 10 over the units (population
    formula, as in the source; a component that is equal everywhere is 100). M and S are a unit's
    mean and deviation over its components and `cv = S / M`. `penalty` is -1 where a high index
    is good, 1 where a low one is.
    """
    matrix, shares = _checked(scores, weights)
    known = ~np.isnan(matrix)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, matrix, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (matrix - centre) ** 2, 0.0).sum(axis=0) / count)
    standard = 100.0 + 10.0 * (matrix - centre) / np.where(spread > 0, spread, 1.0)
    mean = _mean(standard, shares, least_share)
    variance = _mean((standard - mean[:, None]) ** 2, shares, least_share)
    return mean + penalty * variance / mean


Aggregator = Callable[..., Array]
AGGREGATIONS: dict[str, Aggregator] = {
    "arithmetic": arithmetic,
    "geometric": geometric,
    "harmonic": harmonic,
    "generalised": generalised,
    "copeland": copeland,
    "mazziotta_pareto": mazziotta_pareto,
}


def aggregate(
    scores: ArrayLike,
    weights: ArrayLike | None = None,
    method: str = "arithmetic",
    least_share: float = 0.0,
    **options: Any,
) -> Array:
    """One score a unit by the named method (a key of `AGGREGATIONS`) and that method's options."""
    if method not in AGGREGATIONS:
        raise BadInput("bad_choice", asked=method, known=sorted(AGGREGATIONS))
    return AGGREGATIONS[method](scores, weights, least_share, **options)
