"""How far the ranks of an index hold when its makers' choices are made otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.ranking.combinations import Choices, Combination, combinations
from barometer_lib.ranking.counting import Counted, RankCounts, count_ranks
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.sobol import SobolIndices, sobol_indices

Array = NDArray[np.float64]
FACTORS = ("weights", "imputation", "normalisation", "aggregation", "dropped")
WEIGHTINGS = 1024  # drawn once; the factor `weights` picks one of them


@dataclass(frozen=True)
class Stress:
    """Ranks of every unit over all draws, beside the rank of the index as it stands.

    `score` and `rank` are nominal (ties share the better rank, `tied` says so). `low`, `median`
    and `high` are the 5, 50 and 95 per cent points of the drawn ranks, `mean` their mean,
    `first` the share of draws at rank 1, `held` the share at the nominal rank, and `shift` the
    mean number of places a unit moves from its nominal rank. `counts.ahead[a, b] / draws` is the
    probability that a is ahead of b. `combinations` is how many ways of making were mixed.
    """

    score: Array
    rank: Counted
    tied: NDArray[np.bool_]
    low: Counted
    median: Counted
    high: Counted
    mean: Array
    first: Array
    held: Array
    shift: Array
    counts: RankCounts
    combinations: int


def nominal_ranks(scores: Array) -> Counted:
    """Ranks of scores, highest first; scores that agree to nine digits share the better rank."""
    size = float(np.abs(scores).max()) if scores.size else 0.0
    even = np.round(scores / size, 9) if size > 0 else np.zeros(scores.shape)
    best_first = np.sort(-even)
    return np.asarray(1 + np.searchsorted(best_first, -even, side="left"), np.int64)


def stress(
    values: Array,
    weights: WeightDraws,
    choices: Choices | None = None,
    groups: Sequence[str] | None = None,
    *,
    draws: int = 10_000,
    seed: int = 0,
    pairs: bool = True,
    threads: int = 1,
) -> Stress:
    """Draws weightings over every combination of the choices and counts the ranks.

    `values` are units by components, higher is better, NaN is missing. Without `choices` only the
    weights are drawn and all else stays as it stands.
    """
    fixed = Choices(("mean",), ("as_scored",), ("arithmetic",), drop=False)
    ways = combinations(values, choices or fixed, groups)
    counts = count_ranks(
        [way.matrix for way in ways], weights, draws, seed=seed, pairs=pairs, threads=threads
    )
    nominal = weights.nominal / weights.nominal.sum()
    rank = nominal_ranks(ways[0].matrix @ nominal)
    units = np.arange(len(values))
    low, high = counts.interval()
    moved = np.abs(units[None, :] + 1 - rank[:, None])
    shares = counts.histogram / counts.draws
    return Stress(
        score=_score(values, nominal, ways[0]),
        rank=rank,
        tied=np.asarray(np.bincount(rank, minlength=len(rank) + 1)[rank] > 1),
        low=low,
        median=counts.interval(0.5, 0.5)[0],
        high=high,
        mean=counts.mean(),
        first=shares[:, 0],
        held=shares[units, rank - 1],
        shift=(shares * moved).sum(axis=1),
        counts=counts,
        combinations=len(ways),
    )


def _score(values: Array, nominal: Array, way: Combination) -> Array:
    """The nominal score on its own scale: the weighted mean as the first combination forms it."""
    if way.aggregation == "arithmetic" and way.normalisation == "as_scored":
        gaps = np.isnan(values)
        if not gaps.any():
            return np.asarray(values @ nominal)
    total = way.matrix @ nominal
    if way.aggregation == "geometric":
        return np.asarray(np.exp(total))
    return np.asarray(-1.0 / total) if way.aggregation == "harmonic" else np.asarray(total)


def drivers(
    values: Array,
    weights: WeightDraws,
    choices: Choices | None = None,
    groups: Sequence[str] | None = None,
    *,
    unit: int | None = None,
    size: int = 1024,
    seed: int = 0,
    resamples: int = 200,
) -> tuple[tuple[str, ...], SobolIndices]:
    """What drives the ranks: the factors that vary, and their Sobol indices.

    The answer analysed is the mean absolute rank change from the index as it stands, or with
    `unit` that unit's rank. Factors that have but one choice are left out.
    """
    asked = choices or Choices()
    ways = combinations(values, asked, groups)
    sizes = _sizes(values, asked, len(ways))
    factors = tuple(name for name in FACTORS if sizes[name] > 1)
    drawn = weights.draw(np.random.Generator(np.random.SFC64(seed)), WEIGHTINGS)
    matrices = [way.matrix for way in ways]
    nominal = nominal_ranks(matrices[0] @ (weights.nominal / weights.nominal.sum()))

    def answer(rows: Array) -> Array:
        picked = {name: np.zeros(len(rows), int) for name in FACTORS}
        for column, name in enumerate(factors):
            picked[name] = np.minimum((rows[:, column] * sizes[name]).astype(int), sizes[name] - 1)
        way = picked["imputation"]
        for name in FACTORS[2:]:
            way = way * sizes[name] + picked[name]
        ranks = _ranks_of(matrices, way, drawn[picked["weights"]])
        if unit is not None:
            return np.asarray(ranks[:, unit], float)
        return np.asarray(np.abs(ranks - nominal).mean(axis=1))

    return factors, sobol_indices(answer, len(factors), size, seed=seed, resamples=resamples)


def _sizes(values: Array, choices: Choices, ways: int) -> dict[str, int]:
    normalisations, aggregations = len(choices.normalisations), len(choices.aggregations)
    dropped = values.shape[1] + 1 if choices.drop and values.shape[1] > 1 else 1
    return {
        "weights": WEIGHTINGS,
        "imputation": ways // (normalisations * aggregations * dropped),
        "normalisation": normalisations,
        "aggregation": aggregations,
        "dropped": dropped,
    }


def _ranks_of(matrices: Sequence[Array], way: Counted, drawn: Array) -> Counted:
    """The ranks of all units in each run: run r takes matrix `way[r]` and weights `drawn[r]`."""
    from barometer_lib.ranking.counting import ranks_of_draws

    units = matrices[0].shape[0]
    ranks = np.empty((len(way), units), np.int64)
    for number in np.unique(way):
        rows = np.flatnonzero(way == number)
        ranks[rows] = ranks_of_draws(matrices[number], drawn[rows])
    return ranks
