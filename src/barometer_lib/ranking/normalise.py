"""Values of different kinds on one scale: pure functions of arrays.

Every function takes `values`, units by indicators (or one indicator's units), and gives an array
of the same shape. NaN is missing and stays missing. `direction` is 1 where higher is better and -1
where lower is better, for all indicators or one each; after normalisation higher is always better.
An indicator that is equal everywhere has no spread to measure on and comes out as NaN.
Formulas as in COINr 1.1.14; see METHODS.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from barometer_lib.errors import BadInput

Array = NDArray[np.float64]


def _signed(values: ArrayLike, direction: ArrayLike) -> Array:
    signs = np.asarray(direction, dtype=float)
    if not np.isin(signs, (-1.0, 1.0)).all():
        raise BadInput("bad_direction", found=str(direction))
    return np.asarray(np.asarray(values, dtype=float) * signs)


def _lowest(values: Array) -> Array:
    """The smallest known value of each indicator; NaN where none is known."""
    least = np.where(np.isnan(values), np.inf, values).min(axis=0)
    return np.asarray(np.where(np.isinf(least), np.nan, least))


def _highest(values: Array) -> Array:
    return -_lowest(-values)


def _ratio(part: Array, whole: ArrayLike) -> Array:
    """`part / whole`, NaN where the whole is 0."""
    below = np.asarray(whole, dtype=float)
    return part / np.where(below == 0, np.nan, below)


def min_max(
    values: ArrayLike, direction: ArrayLike = 1, low: float = 0.0, high: float = 100.0
) -> Array:
    """Lowest to `low`, highest to `high`: `low + (x - min) / (max - min) * (high - low)`."""
    signed = _signed(values, direction)
    least = _lowest(signed)
    return low + _ratio(signed - least, _highest(signed) - least) * (high - low)


def z_score(
    values: ArrayLike, direction: ArrayLike = 1, mean: float = 0.0, deviation: float = 1.0
) -> Array:
    """`mean + (x - x̄) / s * deviation` with the sample standard deviation (n - 1)."""
    signed = _signed(values, direction)
    known = ~np.isnan(signed)
    count = known.sum(axis=0)
    centre = _ratio(np.where(known, signed, 0.0).sum(axis=0), count)
    squares = np.where(known, (signed - centre) ** 2, 0.0).sum(axis=0)
    spread = np.sqrt(_ratio(squares, np.maximum(count - 1, 0)))
    return mean + _ratio(signed - centre, spread) * deviation


def scaled(
    values: ArrayLike,
    direction: ArrayLike = 1,
    bounds: tuple[ArrayLike, ArrayLike] = (0.0, 100.0),
    low: float = 0.0,
    high: float = 100.0,
) -> Array:
    """From known bounds to a scale: `low + (x - a) / (b - a) * (high - low)`, not cut at the ends.

    With direction -1 the bounds are turned: `bounds[1]` gives `low`.
    """
    signs = np.asarray(direction, dtype=float)
    signed = _signed(values, direction)
    ends = (np.asarray(bounds[0], dtype=float), np.asarray(bounds[1], dtype=float))
    first = np.where(signs > 0, ends[0], -ends[1])
    last = np.where(signs > 0, ends[1], -ends[0])
    return low + _ratio(signed - first, last - first) * (high - low)


def rank(values: ArrayLike, direction: ArrayLike = 1) -> Array:
    """Ranks from the worst, 1, to the best, n; equal values share the lowest number."""
    signed = _signed(values, direction)
    columns = signed.reshape(len(signed), -1)
    found = np.full(columns.shape, np.nan)
    for place in range(columns.shape[1]):
        known = ~np.isnan(columns[:, place])
        one = columns[known, place]
        found[known, place] = 1.0 + np.searchsorted(np.sort(one), one, side="left")
    return found.reshape(signed.shape)


def borda(values: ArrayLike, direction: ArrayLike = 1) -> Array:
    """How many units each one beats: `rank - 1`."""
    return rank(values, direction) - 1.0


def percentile_rank(values: ArrayLike, direction: ArrayLike = 1) -> Array:
    """The share of the other units each one beats: `(rank - 1) / (n - 1)`, 0-1."""
    known = (~np.isnan(np.asarray(values, dtype=float))).sum(axis=0)
    return _ratio(borda(values, direction), np.maximum(known - 1, 0))


def fraction_of_maximum(values: ArrayLike, direction: ArrayLike = 1) -> Array:
    """`x / max(x)` where higher is better, `min(x) / x` where lower is; values must be above 0."""
    signs = np.asarray(direction, dtype=float)
    signed = _signed(values, direction)
    plain = np.asarray(values, dtype=float)
    if (plain <= 0).any():
        raise BadInput("needs_positive", method="fraction_of_maximum", found=_first_not(plain))
    return np.where(signs > 0, _ratio(signed, _highest(signed)), _ratio(_lowest(plain), plain))


def _first_not(values: Array) -> str:
    return f"{values[values <= 0].ravel()[0]:g}"


def distance_to_maximum(values: ArrayLike, direction: ArrayLike = 1) -> Array:
    """`1 - (max - x) / (max - min)`: 1 for the best, 0 for the worst."""
    return min_max(values, direction, 0.0, 1.0)


def distance_to_target(
    values: ArrayLike, direction: ArrayLike = 1, target: ArrayLike = 1.0, cap: bool = False
) -> Array:
    """How far each unit has come from the worst value to the target: 0 worst, 1 at the target.

    `(x - min) / (target - min)` where higher is better, `(max - x) / (max - target)` where lower
    is. Above 1 past the target, or 1 with `cap`. NaN where the target is the worst value.
    """
    signed = _signed(values, direction)
    aim = np.asarray(target, dtype=float) * np.asarray(direction, dtype=float)
    least = _lowest(signed)
    found = _ratio(signed - least, aim - least)
    return np.minimum(found, 1.0) if cap else found


def distance_to_reference(
    values: ArrayLike, direction: ArrayLike = 1, reference: int = 0, cap: bool = False
) -> Array:
    """As `distance_to_target`, with the value of one unit (its row number) as the target."""
    plain = np.asarray(values, dtype=float)
    return distance_to_target(values, direction, plain[reference], cap)


def goalposts(
    values: ArrayLike,
    direction: ArrayLike = 1,
    posts: tuple[ArrayLike, ArrayLike] = (0.0, 100.0),
    scale: float = 1.0,
    cut: bool = True,
) -> Array:
    """From fixed posts to 0-`scale`; outside the posts cut to the ends, or left with `cut` off."""
    found = scaled(values, direction, posts, 0.0, 1.0)
    return (np.clip(found, 0.0, 1.0) if cut else found) * scale


Normaliser = Callable[..., Array]
NORMALISATIONS: dict[str, Normaliser] = {
    "min_max": min_max,
    "z_score": z_score,
    "scaled": scaled,
    "rank": rank,
    "borda": borda,
    "percentile_rank": percentile_rank,
    "fraction_of_maximum": fraction_of_maximum,
    "distance_to_maximum": distance_to_maximum,
    "distance_to_target": distance_to_target,
    "distance_to_reference": distance_to_reference,
    "goalposts": goalposts,
}


def normalise(
    values: ArrayLike, method: str = "min_max", direction: ArrayLike = 1, **options: Any
) -> Array:
    """`values` by the named method (a key of `NORMALISATIONS`) with that method's options."""
    if method not in NORMALISATIONS:
        raise BadInput("bad_choice", asked=method, known=sorted(NORMALISATIONS))
    return NORMALISATIONS[method](values, direction, **options)
