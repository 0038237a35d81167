"""The ways an index could as well have been made, each as one matrix ready for drawn weights.

A weighted mean ranks units by `sum(weight * f(component))`: f is the component itself for the
arithmetic mean, its logarithm for the geometric, and minus its reciprocal for the harmonic. What
is missing is filled, put on a scale that begins above 0, and transformed; a component left out
counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking import normalise as scales

Array = NDArray[np.float64]
LEAST = 1.0  # where scales begin, so that logarithms and reciprocals exist
MOST_MATRICES = 2000


def _as_scored(values: Array) -> Array:
    return values + max(0.0, LEAST - float(values.min()))


NORMALISATIONS: dict[str, Callable[[Array], Array]] = {
    "as_scored": _as_scored,
    "min_max": lambda values: scales.min_max(values, 1, LEAST, 100.0),
    "z_score": lambda values: _as_scored(scales.z_score(values, 1, 100.0, 10.0)),
    "rank": lambda values: scales.rank(values, 1),
}
AGGREGATIONS: dict[str, Callable[[Array], Array]] = {
    "arithmetic": lambda values: values,
    "geometric": lambda values: np.asarray(np.log(values)),
    "harmonic": lambda values: -1.0 / values,
}
IMPUTATIONS = ("mean", "median", "group_mean", "group_median")


@dataclass(frozen=True)
class Choices:
    """What may be chosen otherwise. The first of each is the index as it stands.

    `drop` also leaves out one component at a time.
    """

    imputations: Sequence[str] = ("mean", "median")
    normalisations: Sequence[str] = ("as_scored", "min_max", "z_score", "rank")
    aggregations: Sequence[str] = ("arithmetic", "geometric", "harmonic")
    drop: bool = True

    def __post_init__(self) -> None:
        known = (tuple(IMPUTATIONS), tuple(NORMALISATIONS), tuple(AGGREGATIONS))
        asked = (self.imputations, self.normalisations, self.aggregations)
        for codes, allowed in zip(asked, known, strict=True):
            for code in codes or ("",):
                if code not in allowed:
                    raise BadInput("bad_choice", asked=code, known=list(allowed))


@dataclass(frozen=True)
class Combination:
    """One way to make the index. `dropped` is the column left out, blank for none."""

    imputation: str
    normalisation: str
    aggregation: str
    dropped: int | None
    matrix: Array


def combinations(
    values: Array, choices: Choices, groups: Sequence[str] | None = None
) -> list[Combination]:
    """Every combination of the choices; the first is the index as it stands.

    `values` are units by components, higher is better, NaN is missing; `groups` names each unit's
    group, for the imputations that fill from the unit's own group. Where nothing is missing the
    first imputation stands for all. Raises `BadInput` where a component is missing everywhere.
    """
    whole = bool(np.isfinite(values).all())
    imputations = choices.imputations[:1] if whole else choices.imputations
    left_out: list[int | None] = [None]
    if choices.drop and values.shape[1] > 1:
        left_out += list(range(values.shape[1]))
    found = []
    for imputation in imputations:
        complete = filled(values, imputation, groups)
        for normalisation in choices.normalisations:
            scaled = NORMALISATIONS[normalisation](complete)
            # A component that is equal everywhere has no spread to be measured on.
            even = np.where(np.isnan(scaled), LEAST, scaled)
            for aggregation in choices.aggregations:
                matrix = AGGREGATIONS[aggregation](even)
                for dropped in left_out:
                    made = _without(matrix, dropped)
                    found.append(Combination(imputation, normalisation, aggregation, dropped, made))
    if len(found) > MOST_MATRICES:
        raise BadInput("stress_combinations", found=len(found), most=MOST_MATRICES)
    return found


def _without(matrix: Array, dropped: int | None) -> Array:
    if dropped is None:
        return matrix
    left = matrix.copy()
    left[:, dropped] = 0.0
    return left


def filled(values: Array, imputation: str, groups: Sequence[str] | None = None) -> Array:
    """`values` with each gap filled by the mean or median of its component.

    The `group_` kinds take it over the unit's own group, and over all units where nobody of the
    group has a score. Raises `BadInput` ("component_empty") where a whole column is missing.
    """
    empty = np.isnan(values).all(axis=0)
    if empty.any():
        raise BadInput("component_empty", column=int(empty.argmax()) + 1)
    middle = np.nanmedian if imputation.endswith("median") else np.nanmean
    complete = np.where(np.isnan(values), middle(values, axis=0), values)
    if not imputation.startswith("group_") or groups is None:
        return complete
    named = np.asarray(groups)
    for group in set(groups):
        rows = np.flatnonzero(named == group)
        for column in np.flatnonzero(np.isnan(values[rows]).any(axis=0)):
            own = values[rows, column]
            if np.isfinite(own).any():
                complete[rows, column] = np.where(np.isnan(own), middle(own), own)
    return complete
