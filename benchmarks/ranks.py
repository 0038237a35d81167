"""Ranks of 150 cities by 18 components under drawn weights, against the floor and the plain loop.

The floor is what cannot be left out: drawing the weights, one matrix product, one sort of scores.
The plain loop does one draw at a time with pandas, as an analyst would write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from barometer_lib.ranking.counting import BATCH, count_ranks
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.what_if import position, raised
from benchmarks.measure import Finding, compare, here

if TYPE_CHECKING:
    import pandas as pd

CITIES, COMPONENTS, COMBINATIONS = 150, 18, 10
DRAWS, MANY, LOOPED = 10_000, 1_000_000, 300


def _matrices() -> list[np.ndarray]:
    """Ten combinations of normalisation and aggregation, each as its transformed matrix."""
    raw = np.random.default_rng(1).uniform(1, 100, (CITIES, COMPONENTS))
    spread = raw.max(axis=0) - raw.min(axis=0)
    scaled = 1 + 99 * (raw - raw.min(axis=0)) / spread
    standard = 100 + 10 * (raw - raw.mean(axis=0)) / raw.std(axis=0)
    ranks = 1.0 + raw.argsort(axis=0).argsort(axis=0)
    means: list[Callable[[np.ndarray], np.ndarray]] = [lambda x: x, np.log, lambda x: -1 / x]
    made = [mean(x) for x in (scaled, standard, ranks) for mean in means]
    return [*made, raw]


def _floor(draws: int) -> Callable[[], None]:
    matrix = np.ascontiguousarray(_matrices()[0].T)
    chance = np.random.Generator(np.random.SFC64(1))
    scores = np.empty((BATCH, CITIES))
    piece = 64

    def work() -> None:
        for _ in range(-(-draws // BATCH)):
            weights = chance.standard_exponential((BATCH, COMPONENTS))
            for begin in range(0, BATCH, piece):
                part = slice(begin, begin + piece)
                np.matmul(weights[part], matrix, out=scores[part])
            scores.sort(axis=1)

    return work


def _index(raw: pd.DataFrame, normalisation: str, mean: str, weights: np.ndarray) -> pd.Series:
    """One replication as an analyst writes it: normalise, aggregate, rank."""
    if normalisation == "scaled":
        shown = 1 + 99 * (raw - raw.min()) / (raw.max() - raw.min())
    elif normalisation == "standard":
        shown = 100 + 10 * (raw - raw.mean()) / raw.std(ddof=0)
    else:
        shown = raw.rank()
    if mean == "arithmetic":
        scores = (shown * weights).sum(axis=1)
    elif mean == "geometric":
        scores = np.exp((np.log(shown) * weights).sum(axis=1))
    else:
        scores = 1 / (weights / shown).sum(axis=1)
    return scores.rank(ascending=False, method="min")


def _loop() -> None:
    """One draw at a time: weights, index, ranks, and the quantiles of the ranks in the end."""
    import pandas as pd

    raw = pd.DataFrame(_matrices()[-1])
    chance = np.random.default_rng(1)
    kept = []
    for number in range(LOOPED):
        weights = chance.dirichlet(np.ones(COMPONENTS))
        normalisation = ("scaled", "standard", "ranks")[number % 3]
        mean = ("arithmetic", "geometric", "harmonic")[number // 3 % 3]
        kept.append(_index(raw, normalisation, mean, weights))
    pd.DataFrame(kept).quantile([0.05, 0.95])


def ranking() -> Iterator[Finding]:
    """Rank intervals, pairs, a million draws, and the plain loop against ours."""
    matrices = _matrices()
    weights = WeightDraws("any", np.ones(COMPONENTS))

    def subject(draws: int, pairs: bool = False) -> float:
        return here(lambda: count_ranks(matrices, weights, draws, pairs=pairs).interval())

    few, many = _floor(DRAWS), _floor(MANY)
    said = "ranks: 10k draws"
    yield compare(f"{said} / floor", lambda: subject(DRAWS), lambda: here(few), limit=3)
    yield compare(
        f"{said} and pairs / floor", lambda: subject(DRAWS, True), lambda: here(few), limit=6
    )
    yield compare(
        "ranks: 1M draws / floor",
        lambda: subject(MANY),
        lambda: here(many),
        limit=3,
        rounds=2,
        floors=1,
    )
    scale = DRAWS / LOOPED
    yield compare(
        "ranks: pandas loop / 10k draws",
        lambda: here(_loop) * scale,
        lambda: subject(DRAWS),
        limit=300,
        at_least=True,
        rounds=3,
    )


def what_if() -> Finding:
    """Milliseconds by the clock that a reader's what-if of 10,000 draws takes, the best of nine."""
    values = _matrices()[-1]
    weights = WeightDraws("any", np.ones(COMPONENTS))
    taken = []
    for _ in range(9):
        begun = perf_counter()
        position(raised(values, 40, {3: 10.0}), 40, weights, draws=DRAWS)
        taken.append((perf_counter() - begun) * 1000)
    best = min(taken)
    return Finding("what-if: ms by the clock, 10k draws", best, best, max(taken), 100, best, 0)


if __name__ == "__main__":
    for finding in (*ranking(), what_if()):
        print(finding.line())
