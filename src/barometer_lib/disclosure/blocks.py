"""An additive block: figures that are bound together by sums, as a linear system.

A *cell* is one number of the system. A *figure* is what is published or hidden as one: it may hold
several cells (the count and the group it is counted among). A *line* says between which limits a
weighted sum of cells lies; for a total and its parts both limits are 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

OPEN, SHOWN, HIDDEN = 0, 1, 2


@dataclass(frozen=True)
class Line:
    """`low <= sum of weight x cell <= high`, cells by their number in the block."""

    weights: Mapping[int, float]
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Block:
    """The system. Arrays run over cells, except `cost` and `state`, which run over figures.

    `told_low` and `told_high` are what publication tells of a cell (the same number where it is
    exact, blank (nan) where the figure is not known here); `floor` and `roof` are what everybody
    knows of it hidden. `state` is `OPEN` (may be hidden at `cost`), `SHOWN` (is published already)
    or `HIDDEN`. `need` is how wide the interval of a hidden cell must be at least; `targets` are
    the figures that must be protected; `alone` are cells that hold one contributor, who knows it.
    """

    cells: Sequence[Hashable]
    figure: np.ndarray
    told_low: np.ndarray
    told_high: np.ndarray
    floor: np.ndarray
    roof: np.ndarray
    need: np.ndarray
    lines: Sequence[Line]
    figures: Sequence[Hashable]
    cost: np.ndarray
    state: np.ndarray
    targets: frozenset[int] = frozenset()
    alone: frozenset[int] = field(default_factory=frozenset)

    @property
    def matrix(self) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """The lines as a sparse matrix with their limits."""
        rows = [row for row, line in enumerate(self.lines) for _ in line.weights]
        columns = [cell for line in self.lines for cell in line.weights]
        weights = [weight for line in self.lines for weight in line.weights.values()]
        shape = (len(self.lines), len(self.cells))
        return (
            csr_array((weights, (rows, columns)), shape=shape),
            np.array([line.low for line in self.lines]),
            np.array([line.high for line in self.lines]),
        )

    def limits(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is known of each cell alone where the figures `hidden` (truths) are hidden."""
        covered = hidden[self.figure] | np.isnan(self.told_low)
        return (
            np.where(covered, self.floor, self.told_low),
            np.where(covered, self.roof, self.told_high),
        )

    def required(self) -> np.ndarray:
        """How wide each interval must be: never more than is known of the cell by everybody."""
        return np.minimum(self.need, self.roof - self.floor)  # type: ignore[no-any-return]


Key = tuple[str, ...]
Parts = Sequence[Mapping[str, Sequence[Sequence[str]]]]


def sums(keys: Sequence[Key], parts: Parts) -> list[Line]:
    """The lines of a table: along each dimension, a total is the sum of its parts.

    `keys` names the cells by one code per dimension; `parts` tells, per dimension, the ways a code
    is split into others. A split counts where the total and every part are among the cells.
    """
    number = {key: index for index, key in enumerate(keys)}
    lines = []
    for key, index in number.items():
        for dimension, splits in enumerate(parts):
            for split in splits.get(key[dimension], ()):
                children = [(*key[:dimension], code, *key[dimension + 1 :]) for code in split]
                if all(child in number for child in children):
                    weights = {index: 1.0} | {number[child]: -1.0 for child in children}
                    lines.append(Line(weights))
    return lines


def of_table(
    values: Mapping[Key, float],
    parts: Parts,
    *,
    hidden: Sequence[Key] = (),
    need: float = 5.0,
    cost: Mapping[Key, float] | None = None,
    alone: Sequence[Key] = (),
) -> Block:
    """A block of one table of counts: each cell is a figure, `hidden` ones are the targets.

    A figure costs its own value (at least 1) where `cost` does not say.
    """
    keys = list(values)
    number = {key: index for index, key in enumerate(keys)}
    told = np.array([values[key] for key in keys], dtype=float)
    state = np.full(len(keys), OPEN)
    state[[number[key] for key in hidden]] = HIDDEN
    costs = values if cost is None else cost
    return Block(
        cells=keys,
        figure=np.arange(len(keys)),
        told_low=told,
        told_high=told,
        floor=np.zeros(len(keys)),
        roof=np.full(len(keys), np.inf),
        need=np.full(len(keys), float(need)),
        lines=sums(keys, parts),
        figures=keys,
        cost=np.array([max(costs[key], 1.0) for key in keys]),
        state=state,
        targets=frozenset(number[key] for key in hidden),
        alone=frozenset(number[key] for key in alone),
    )
