"""What if: one unit's components raised, other weights, a component dropped, a new answer set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.counting import count_ranks
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.stress import nominal_ranks

Array = NDArray[np.float64]
LOWEST, HIGHEST = 0.0, 100.0


@dataclass(frozen=True)
class Position:
    """Where a unit stands: its score and rank under the nominal weights, and its drawn ranks.

    `low` and `high` are the 5 and 95 per cent points of its rank over the drawn weights, `held`
    the share of draws at `rank`. `of` is the number of units; `tied` says that the rank is shared.
    """

    score: float
    rank: int
    tied: bool
    of: int
    low: int
    high: int
    held: float


def position(
    values: Array, unit: int, weights: WeightDraws, *, draws: int = 10_000, seed: int = 0
) -> Position:
    """A unit's position. `values` are units by components, higher is better, without gaps."""
    share = weights.nominal / weights.nominal.sum()
    scores = values @ share
    ranks = nominal_ranks(scores)
    rank = int(ranks[unit])
    counts = count_ranks([values], weights, draws, seed=seed)
    low, high = counts.interval()
    held = counts.histogram[unit, rank - 1] / draws
    tied = int((ranks == rank).sum()) > 1
    return Position(
        float(scores[unit]), rank, tied, len(values), int(low[unit]), int(high[unit]), float(held)
    )


def with_scores(values: Array, unit: int, scores: Mapping[int, float]) -> Array:
    """The same field with a unit's components set to new scores (0-100).

    Raises `BadInput` ("score_outside") for a score beyond the scale.
    """
    changed = values.copy()
    for component, score in scores.items():
        if not LOWEST <= score <= HIGHEST:
            raise BadInput("score_outside", found=f"{score:g}", low=0, high=100)
        changed[unit, component] = score
    return changed


def raised(values: Array, unit: int, points: Mapping[int, float]) -> Array:
    """The same field with points added to a unit's components, none past 0 or 100."""
    scores = {
        component: float(np.clip(values[unit, component] + more, LOWEST, HIGHEST))
        for component, more in points.items()
    }
    return with_scores(values, unit, scores)


def reweighted(weights: WeightDraws, given: Mapping[int, float]) -> WeightDraws:
    """The same draws about other nominal weights; components not named keep theirs.

    Weights are proportions: 2 counts twice as much as 1.
    """
    nominal = weights.nominal.copy()
    for component, weight in given.items():
        nominal[component] = weight
    return replace(weights, nominal=nominal)


def without(
    values: Array, weights: WeightDraws, components: Iterable[int]
) -> tuple[Array, WeightDraws]:
    """Field and weights without some components; the others share what they counted.

    Raises `BadInput` ("stress_weights") where nothing that counts would be left.
    """
    out = set(components)
    left = [one for one in range(values.shape[1]) if one not in out]
    least = None if weights.at_least is None else weights.at_least[left]
    return values[:, left], replace(weights, nominal=weights.nominal[left], at_least=least)
