"""Weights of the parts of a group, and what they come to down the tree.

Equal weights are an assumption like any other: where no weights are known they are named as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet
from barometer_lib.ranking.structure import Structure

Array = NDArray[np.float64]
CLOSE = 1e-12


def equal_weights(structure: Structure) -> dict[str, float]:
    """1 for every part."""
    return {part.code: 1.0 for part in structure.parts}


def effective_weights(structure: Structure) -> dict[str, float]:
    """What each part counts in the index, 0-1: the product of its and its groups' shares."""
    found = {structure.top: 1.0}
    for level in range(structure.levels, 1, -1):
        for group in structure.at(level):
            shares = structure.weights_of(group.code)
            if shares.sum() <= 0:
                raise BadInput("bad_weights", found=f"{group.code}: {shares}")
            for part, share in zip(
                structure.children(group.code), shares / shares.sum(), strict=True
            ):
                found[part.code] = found[group.code] * float(share)
    return found


@dataclass(frozen=True)
class Components:
    """Principal components of columns: variances (largest first), loadings a row per column.

    A component's sign is arbitrary; here its largest loading is positive. `n` is how many units
    are wholly known, which alone count.
    """

    variances: Array
    loadings: Array
    n: int

    @property
    def deviations(self) -> Array:
        """Standard deviations of the components."""
        return np.asarray(np.sqrt(self.variances))

    @property
    def shares(self) -> Array:
        """The share of the whole variance of each component."""
        return np.asarray(self.variances / self.variances.sum())


def principal_components(scores: ArrayLike, standardised: bool = True) -> Components:
    """Principal components of the wholly known rows, of correlations or (not standardised) of
    covariances with n - 1."""
    matrix = np.asarray(scores, dtype=float)
    whole = matrix[~np.isnan(matrix).any(axis=1)]
    if len(whole) < 2:
        raise BadInput("too_few_units", count=len(whole), least=2)
    centred = whole - whole.mean(axis=0)
    if standardised:
        spread = whole.std(axis=0, ddof=1)
        centred = centred / np.where(spread > 0, spread, 1.0)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    loadings = rows.T
    largest = loadings[np.abs(loadings).argmax(axis=0), np.arange(loadings.shape[1])]
    return Components(singular**2 / (len(whole) - 1), loadings * np.sign(largest), len(whole))


def pca_weights(scores: ArrayLike) -> Array:
    """The loadings of the first component, as their sizes. A negative loading is a warning sign:
    see `principal_components`."""
    return np.asarray(np.abs(principal_components(scores).loadings[:, 0]))


def budget_weights(allocations: ArrayLike) -> tuple[Array, Array]:
    """Mean share of each part over the judges (rows) who shared out points, and its deviation.

    Each judge counts the same whatever the number of points. The deviation (n - 1) says how far
    they disagree; NaN with one judge.
    """
    points = np.atleast_2d(np.asarray(allocations, dtype=float))
    if not (np.isfinite(points).all() and (points >= 0).all() and (points.sum(axis=1) > 0).all()):
        raise BadInput("bad_weights", found="points of a judge")
    shares = points / points.sum(axis=1, keepdims=True)
    spread = shares.std(axis=0, ddof=1) if len(shares) > 1 else np.full(shares.shape[1], np.nan)
    return np.asarray(shares.mean(axis=0)), np.asarray(spread)


@dataclass(frozen=True)
class Optimised:
    """Weights (adding up to 1), the correlations with the index they give, and what is left of the
    sum of squared differences from the wanted proportions."""

    weights: Array
    correlations: Array
    left: float


def correlations_with_index(scores: Array, weights: Array) -> Array:
    """The correlation of each part with the parts' weighted mean; over wholly known units."""
    whole = scores[~np.isnan(scores).any(axis=1)]
    covariance = np.cov(whole.T)
    spread = np.sqrt(np.diag(covariance))
    return np.asarray(covariance @ weights / (spread * np.sqrt(weights @ covariance @ weights)))


def optimised_weights(scores: ArrayLike, wanted: ArrayLike | None = None) -> Optimised:
    """Weights of 0 and more under which the parts' correlations with the index stand as `wanted`
    (equal where not given; only proportions matter). What is left above 0 could not be reached.
    """
    from scipy.optimize import minimize

    matrix = np.asarray(scores, dtype=float)
    wide = matrix.shape[1]
    aims = np.ones(wide) if wanted is None else np.asarray(wanted, dtype=float)
    aims = aims / aims.sum()

    def off(weights: Array) -> float:
        found = correlations_with_index(matrix, weights)
        return float((((found / np.abs(found).sum()) - aims) ** 2).sum())

    best = None
    for start in (np.ones(wide) / wide, aims):
        answer = minimize(
            off,
            start,
            bounds=[(0.0, 1.0)] * wide,
            constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1.0},
            method="SLSQP",
            options={"ftol": CLOSE**1.5, "maxiter": 1000},
        )
        best = answer if best is None or answer.fun < best.fun else best
    assert best is not None  # noqa: S101 - two starts are always tried
    weights = np.clip(best.x, 0.0, None)
    weights = weights / weights.sum()
    return Optimised(weights, correlations_with_index(matrix, weights), float(off(weights)))


def budgeted(structure: Structure, allocations: Sheet) -> tuple[Structure, dict[str, float]]:
    """The structure with weights from judges who shared out points, and how far they disagree.

    `allocations` are judges by parts. The parts of a group are weighed together: a group counts
    where every part has a column, and keeps its weights where none has. The second answer is the
    deviation (n - 1) of each part's share over the judges. Raises `BadInput` ("budget_part") for a
    group that is covered in part, or columns of no part.
    """
    found: dict[str, float] = {}
    spreads: dict[str, float] = {}
    for group in (part for part in structure.parts if part.level > 1):
        codes = [part.code for part in structure.children(group.code)]
        have = [code for code in codes if code in allocations.columns]
        if have and len(have) < len(codes):
            raise BadInput("budget_part", group=group.code, lacks=", ".join(set(codes) - set(have)))
        if have:
            shares, spread = budget_weights(allocations.take(codes).values)
            found |= dict(zip(codes, map(float, shares), strict=True))
            spreads |= dict(zip(codes, map(float, spread), strict=True))
    odd = sorted(set(allocations.columns) - set(found))
    if odd:
        raise BadInput("budget_part", group="-", lacks=", ".join(odd))
    return structure.weighed(found), spreads


def weights_by(
    structure: Structure,
    method: str,
    scores: Mapping[str, Array],
    wanted: Mapping[str, float] | None = None,
) -> Structure:
    """The structure with the weights of every group set by `equal`, `given`, `pca` or `optimised`.

    `scores` are the normalised indicators and, for groups of groups, the groups' own scores.
    `wanted` are the correlations with the group that `optimised` aims at, by part and in
    proportion (1 where not named).
    """
    if method == "given":
        return structure
    if method == "equal":
        return structure.weighed(equal_weights(structure))
    if method not in ("pca", "optimised"):
        raise BadInput("bad_choice", asked=method, known=["equal", "given", "optimised", "pca"])
    found: dict[str, float] = {}
    for group in (part for part in structure.parts if part.level > 1):
        parts = structure.children(group.code)
        if len(parts) < 2 or any(part.code not in scores for part in parts):
            continue
        matrix = np.column_stack([scores[part.code] for part in parts])
        if method == "pca":
            shares = pca_weights(matrix)
        else:
            aims = [(wanted or {}).get(part.code, 1.0) for part in parts]
            shares = optimised_weights(matrix, aims).weights
        found |= dict(zip((part.code for part in parts), map(float, shares), strict=True))
    return structure.weighed(found)
