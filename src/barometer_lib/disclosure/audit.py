"""The audit: what an attacker who knows everything published can tell of each hidden cell.

For each hidden cell the smallest and the largest value that agree with all lines of the block, by
two linear programmes. The cell is unsafe where the two lie closer than it needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import vstack

from barometer_lib.disclosure.blocks import HIDDEN, OPEN, Block

# Solvers tell limits to about this much.
SLACK = 1e-6
UNBOUNDED = 3
INFINITE = float("inf")
# Duals below this are none.
NONE = 1e-10


@dataclass(frozen=True)
class Interval:
    """The limits of a hidden cell; `known` is the cell whose only contributor asks, or blank."""

    cell: int
    low: float
    high: float
    known: int | None = None

    @property
    def width(self) -> float:
        """How far the limits lie apart; infinite where nothing bounds the cell."""
        return self.high - self.low


class Contradiction(ValueError):
    """The published figures of a block contradict its lines: no table agrees with them."""


def hidden_figures(block: Block) -> np.ndarray:
    """Which figures of a block are hidden, as truths."""
    return np.asarray(block.state == HIDDEN)


@dataclass(frozen=True)
class Limit:
    """What an attacker's width in an interval is at most, whatever else is hidden.

    The width is never above `constant` + the sum of `gain` over the hidden open figures.
    """

    interval: Interval
    constant: float
    gain: np.ndarray


def audit(
    block: Block,
    hidden: np.ndarray | None = None,
    cells: Iterable[int] | None = None,
    known: int | None = None,
) -> list[Interval]:
    """The interval of every hidden cell, or of those in `cells`, as an attacker finds it.

    `known` is a cell whose value the attacker knows besides (its only contributor). Raises
    `Contradiction` where no table agrees with what is published.
    """
    return [limit.interval for limit in limits(block, hidden, cells, known)]


def limits(
    block: Block,
    hidden: np.ndarray | None = None,
    cells: Iterable[int] | None = None,
    known: int | None = None,
) -> list[Limit]:
    """As `audit`, with what hiding more figures could gain at most (the programmes' duals)."""
    hidden = hidden_figures(block) if hidden is None else hidden
    if cells is None:
        cells = np.flatnonzero(hidden[block.figure]).tolist()
    programme = _Programme(block, hidden, known)
    return [programme.limit(cell) for cell in cells]


class _Programme:
    """The linear programme of a block; the attacker minimises and maximises one cell at a time."""

    def __init__(self, block: Block, hidden: np.ndarray, known: int | None) -> None:
        self.block = block
        self.known = known
        low, high = block.limits(hidden)
        if known is not None:
            low[known], high[known] = block.told_low[known], block.told_high[known]
        self.bounds = np.column_stack([low, high])
        matrix, floor, roof = block.matrix
        exact = floor == roof
        above, below = ~exact & np.isfinite(roof), ~exact & np.isfinite(floor)
        self.equal = (matrix[exact], floor[exact])
        self.upper_limits = np.concatenate([roof[above], -floor[below]])
        self.upper = vstack([matrix[above], -matrix[below]], format="csr")

    def limit(self, cell: int) -> Limit:
        """The interval of a cell, and how wide hiding more could make it."""
        low, low_constant, low_gain = self._extreme(cell, 1)
        high, high_constant, high_gain = self._extreme(cell, -1)
        interval = Interval(cell, low, -high, self.known)
        return Limit(interval, low_constant + high_constant, low_gain + high_gain)

    def _extreme(self, cell: int, sign: int) -> tuple[float, float, np.ndarray]:
        """The least of sign x cell; and what it is at least: -(constant + gain x hidden)."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self.block.cells))
        goal[cell] = sign
        given: dict[str, Any] = {"bounds": self.bounds, "method": "highs"}
        if self.upper_limits.size:
            given |= {"A_ub": self.upper, "b_ub": self.upper_limits}
        if self.equal[1].size:
            given |= {"A_eq": self.equal[0], "b_eq": self.equal[1]}
        found = linprog(goal, **given)
        if found.x is not None:
            return (float(found.x[cell]) * sign, *self._duals(found))
        # The solver may leave open whether nothing agrees or nothing bounds the cell.
        if found.status != UNBOUNDED and linprog(0 * goal, **given).x is None:
            raise Contradiction("no table agrees with what is published")
        return -INFINITE, INFINITE, np.zeros(len(self.block.figures))

    def _duals(self, found: Any) -> tuple[float, np.ndarray]:
        block = self.block
        down, up = found.lower.marginals, found.upper.marginals
        at_least = float(self.equal[1] @ found.eqlin.marginals) if self.equal[1].size else 0.0
        if self.upper_limits.size:
            at_least += float(self.upper_limits @ found.ineqlin.marginals)
        gain = np.zeros(len(block.figures))
        for cell in np.flatnonzero((np.abs(down) > NONE) | (np.abs(up) > NONE)).tolist():
            figure = block.figure[cell]
            open_still = block.state[figure] == OPEN and cell != self.known
            open_still = open_still and not np.isnan(block.told_low[cell])
            for weight, told, wide, bound in (
                (down[cell], block.told_low[cell], block.floor[cell], self.bounds[cell, 0]),
                (-up[cell], -block.told_high[cell], -block.roof[cell], -self.bounds[cell, 1]),
            ):
                if weight <= NONE:
                    continue
                at_least += weight * (told if open_still else bound)
                if open_still:
                    gain[figure] += weight * (told - wide)
        return -at_least, gain


def unsafe(block: Block, intervals: Iterable[Interval]) -> list[Interval]:
    """Those intervals that are narrower than their cell needs."""
    required = block.required()
    return [one for one in intervals if one.width < required[one.cell] - SLACK]
