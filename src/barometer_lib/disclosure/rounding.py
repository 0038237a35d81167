"""Rounding as an alternative to hiding: every count told as a multiple of a base.

`conventional` takes the nearest multiple, each number by itself: sums of rounded numbers need not
be the rounded sum. `controlled` chooses multiples next to the true numbers so that every sum
holds, nearest to the truth altogether (an integer programme); a zero stays zero.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from barometer_lib.disclosure.blocks import Line
from barometer_lib.quiet import nothing_printed

SECONDS = 20.0
TINY = 1e-6
HALF = 0.5


def conventional(values: np.ndarray, base: int = 5) -> np.ndarray:
    """The nearest multiple of `base` of each value; what lies halfway goes up. Not additive.

    Source: OECD Glossary of Statistical Terms, "conventional rounding".
    """
    return np.floor(np.asarray(values, dtype=float) / base + HALF) * base


@dataclass(frozen=True)
class Rounded:
    """Multiples of the base, in the order of the cells.

    `distance` is how far they are from the true numbers altogether and `bound` what any such
    rounding is at least. `strict` tells that no multiple of the base was moved; `additive` that
    every sum holds (else those with numbers that stood fast before do not).
    """

    values: np.ndarray
    distance: float
    bound: float
    strict: bool
    additive: bool
    seconds: float

    @property
    def gap(self) -> float:
        """How much nearer the truth a rounding might be at most, as a share of `distance`."""
        share = 0.0 if self.distance <= 0 else (self.distance - self.bound) / self.distance
        return share if share > TINY else 0.0


def controlled(
    values: np.ndarray,
    lines: Sequence[Line],
    *,
    base: int = 5,
    within: Sequence[tuple[int, int]] = (),
    fixed: np.ndarray | None = None,
    seconds: float = SECONDS,
) -> Rounded | None:
    """The additive rounding nearest to the truth, or blank where there is none.

    Each cell goes to a multiple less than one base from its value; where no such rounding is
    additive (it can happen in three dimensions and in linked tables), multiples of the base may
    move by one base as well. A zero stays zero. `within` are pairs (part, whole): the first is
    never rounded above the second. `fixed` are roundings that stand fast already (nan: free);
    where they leave none that is additive, sums that hold fixed cells are given up.
    """
    begun = time.monotonic()
    stand = np.full(len(values), np.nan) if fixed is None else fixed
    free_lines = [line for line in lines if all(np.isnan(stand[cell]) for cell in line.weights)]
    for additive, kept in ((True, list(lines)), (False, free_lines)):
        for strict in (True, False):
            left = seconds - (time.monotonic() - begun)
            found = _solve(np.asarray(values, dtype=float), kept, base, within, stand, strict, left)
            if found is not None:
                told, distance, bound = found
                spent = time.monotonic() - begun
                return Rounded(told, distance, bound, strict, additive, spent)
        if len(free_lines) == len(lines):
            break
    return None


def _steps(
    values: np.ndarray, base: int, stand: np.ndarray, *, strict: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per cell the multiple it starts from, and the fewest and most bases that may be added."""
    start = np.floor(values / base + TINY)
    multiple = np.abs(values - start * base) < TINY
    least, most = np.zeros(len(values)), np.where(multiple, 0.0, 1.0)
    if not strict:
        least = np.where(multiple & (values > HALF), -1.0, least)
        most = np.where(multiple & (values > HALF), 1.0, most)
    held = ~np.isnan(stand)
    start[held] = stand[held] / base
    least[held] = most[held] = 0.0
    return start, least, most


def _solve(
    values: np.ndarray,
    lines: Sequence[Line],
    base: int,
    within: Sequence[tuple[int, int]],
    stand: np.ndarray,
    strict: bool,
    seconds: float,
) -> tuple[np.ndarray, float, float] | None:
    """The rounding, its distance and its bound. Variables: bases added, and those taken away."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not len(values) or seconds <= 0:
        return (values, 0.0, 0.0) if not len(values) else None
    start, least, most = _steps(values, base, stand, strict=strict)
    count = len(values)
    here, above, below = (np.abs((start + n) * base - values) for n in (0, 1, -1))
    cost = np.concatenate([above - here, below - here])
    rows = [(dict(line.weights), 0.0, 0.0) for line in lines]
    rows += [({whole: 1.0, part: -1.0}, 0.0, np.inf) for part, whole in within]
    limits = []
    if rows:
        places = [
            (n, cell, weight) for n, row in enumerate(rows) for cell, weight in row[0].items()
        ]
        which, cells, weights = (np.array(one) for one in zip(*places, strict=True))
        matrix = csr_array((weights, (which, cells.astype(int))), shape=(len(rows), count))
        told = matrix @ start
        low = np.array([row[1] for row in rows]) - told
        high = np.array([row[2] for row in rows]) - told
        limits.append(LinearConstraint(hstack([matrix, -matrix], format="csr"), low, high))
    with nothing_printed():
        found = milp(
            cost,
            integrality=np.ones(2 * count),
            bounds=Bounds(np.zeros(2 * count), np.concatenate([most, -least])),
            constraints=limits,
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
    if found.x is None:
        return None
    moved = np.round(found.x[:count]) - np.round(found.x[count:])
    base_distance = float(here.sum())
    bound = base_distance + float(found.mip_dual_bound or 0.0)
    return (start + moved) * base, base_distance + float(found.fun), bound
