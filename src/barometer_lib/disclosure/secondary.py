"""Secondary suppression: the cheapest further figures to hide so that no hidden one can be told.

Exact: an integer programme (scipy's HiGHS) chooses figures, the audit attacks the choice, and each
attack that succeeds tells, by the duals of its linear programmes, how much hiding other figures
could gain at most. That is one more condition of the integer programme. Its conditions hold for
every safe pattern, so its least cost is a bound; the first choice that the audit passes is the
cheapest there is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from barometer_lib.disclosure.audit import (
    Contradiction,
    Interval,
    Limit,
    audit,
    hidden_figures,
    limits,
    unsafe,
)
from barometer_lib.disclosure.blocks import OPEN, Block
from barometer_lib.quiet import nothing_printed

SECONDS = 20.0
# A share of the cost that is rounding and no gap.
ROUNDING = 1e-6
TINY = 1e-9
HALF = 0.5


@dataclass(frozen=True)
class Pattern:
    """What is hidden in a block, and how good that is.

    `hidden` are truths per figure; `cost` is what the figures hidden besides the given ones cost
    and `bound` what any safe pattern costs at least. `unsafe` are the intervals that stay too
    narrow whatever is hidden.
    """

    hidden: np.ndarray
    cost: float
    bound: float
    intervals: tuple[Interval, ...]
    unsafe: tuple[Interval, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """How much of the cost might be saved at most, as a share of it; 0 for the cheapest."""
        share = 0.0 if self.cost <= 0 else (self.cost - self.bound) / self.cost
        return share if share > ROUNDING else 0.0


@dataclass(frozen=True)
class _Cut:
    """`gain` summed over the hidden open figures is at least 1, where `figure` is hidden.

    `figure` is blank where it is hidden in any case.
    """

    gain: np.ndarray
    figure: int | None


def protect(block: Block, *, seconds: float = SECONDS, every_hidden: bool = True) -> Pattern:
    """The cheapest pattern that is safe, within `seconds`; else a safe one with its gap.

    Where `every_hidden` is set, what is hidden as a companion must not be told either; else only
    the block's targets count. Raises `Contradiction` where the block's own figures do not agree.
    """
    begun = time.monotonic()
    search = _Search(block, begun + seconds, every_hidden)
    hidden = search.run()
    intervals = audit(block, hidden)
    left = [one.interval for one in search.weak(hidden, targets_only=True)]
    cost = float(block.cost[hidden & (block.state == OPEN)].sum())
    spent = time.monotonic() - begun
    return Pattern(hidden, cost, min(search.bound, cost), tuple(intervals), tuple(left), spent)


class _Search:
    def __init__(self, block: Block, until: float, every_hidden: bool) -> None:
        self.block = block
        self.until = until
        self.every_hidden = every_hidden
        self.bound = 0.0
        self.cuts: list[_Cut] = []
        self.required = block.required()

    def run(self) -> np.ndarray:
        """The figures to hide; `bound` is then what any safe pattern costs at least."""
        hidden = hidden_figures(self.block)
        while weak := self.weak(hidden):
            new = [cut for cut in map(self._cut, weak) if cut is not None]
            if not new:
                return hidden
            self.cuts += new
            left = self.until - time.monotonic()
            picked = None if left <= 0 else self._choose(left)
            if picked is None and self.every_hidden and left > 0:
                # No choice keeps every companion untold as well: then the targets alone count.
                self.every_hidden, self.bound = False, 0.0
                self.cuts = [cut for cut in self.cuts if cut.figure is None]
                picked = hidden_figures(self.block)
            if picked is None:
                return self._everything()
            hidden = picked
        return hidden

    def weak(self, hidden: np.ndarray, *, targets_only: bool = False) -> list[Limit]:
        """The attacks that succeed on what must not be told."""
        block = self.block
        every = np.flatnonzero(hidden[block.figure]).tolist()
        targets = [cell for cell in every if int(block.figure[cell]) in block.targets]
        companions = [cell for cell in every if block.state[block.figure[cell]] == OPEN]
        also = companions if self.every_hidden and not targets_only else []
        found = self._narrow(limits(block, hidden, [*targets, *also]))
        told = {one.interval.cell for one in found}
        for known in sorted(block.alone):
            if hidden[block.figure[known]]:
                asked = [
                    cell
                    for cell in targets
                    if cell not in told and block.figure[cell] != block.figure[known]
                ]
                found += self._narrow(limits(block, hidden, asked, known))
        return found

    def _narrow(self, found: list[Limit]) -> list[Limit]:
        narrow = unsafe(self.block, [one.interval for one in found])
        return [one for one in found if one.interval in narrow]

    def _cut(self, one: Limit) -> _Cut | None:
        """What an attack demands; blank where nothing that may be hidden could help."""
        lacking = float(self.required[one.interval.cell]) - one.constant
        gain = np.where(self.block.state == OPEN, one.gain, 0.0)
        gain = np.minimum(gain, lacking) / lacking
        figure = int(self.block.figure[one.interval.cell])
        if self.block.state[figure] == OPEN:
            return _Cut(gain, figure)
        return _Cut(gain, None) if gain.sum() >= 1 - TINY else None

    def _choose(self, seconds: float) -> np.ndarray | None:
        """The cheapest figures that meet all demands so far; blank where none were found."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        block = self.block
        rows, least = [], []
        for cut in self.cuts:
            row = cut.gain.copy()
            if cut.figure is not None:
                row[cut.figure] -= 1
            rows.append(row)
            least.append(1.0 if cut.figure is None else 0.0)
        may = (block.state == OPEN).astype(float)
        demands = LinearConstraint(csr_array(np.array(rows)), np.array(least), np.inf)
        with nothing_printed():
            found = milp(
                block.cost,
                integrality=np.ones(may.size),
                bounds=Bounds(np.zeros(may.size), may),
                constraints=demands,
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
        if found.mip_dual_bound is not None:
            self.bound = max(self.bound, float(found.mip_dual_bound))
        if found.x is None:
            return None
        return np.asarray(hidden_figures(block) | (found.x > HALF))

    def _everything(self) -> np.ndarray:
        """All that may be hidden, less what the audit can spare, dearest first."""
        block = self.block
        hidden = np.asarray(hidden_figures(block) | (block.state == OPEN))
        beyond = {one.interval for one in self.weak(hidden, targets_only=True)}
        until = time.monotonic() + SECONDS
        for figure in np.argsort(-block.cost, kind="stable").tolist():
            if block.state[figure] == OPEN and time.monotonic() < until:
                hidden[figure] = False
                if len(self.weak(hidden, targets_only=True)) > len(beyond):
                    hidden[figure] = True
        return hidden


__all__ = ["Contradiction", "Pattern", "protect"]
