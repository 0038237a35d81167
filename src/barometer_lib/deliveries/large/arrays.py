"""Small tools for whole columns at once: codes as numbers, keys of several codes, first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer[Any]]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# A key may take this many values for each row, and this many at least; more are numbered anew.
ROOM_PER_ROW = 8
LEAST_ROOM = 1 << 20
# Keys below it are held in half the memory.
SMALL = 1 << 31


@dataclass(frozen=True)
class Keys:
    """One number for each row's combination of codes (-1 is the blank), below `room`.

    Combinations that would need too much room are numbered in their own order.
    """

    key: Numbers
    room: int
    _steps: tuple[tuple[int, int, Numbers | None], ...]

    @classmethod
    def of(cls, columns: Sequence[Numbers], sizes: Sequence[int]) -> Keys:
        """The keys of rows whose codes lie below these sizes."""
        rows = len(columns[0])
        most = max(LEAST_ROOM, ROOM_PER_ROW * rows)
        key: Numbers = np.zeros(rows, np.int32)
        room = 1
        steps: list[tuple[int, int, Numbers | None]] = []
        for column, size in zip(columns, sizes, strict=True):
            blanks = int(column.min(initial=0) < 0)
            wide = size + blanks
            if room * wide >= SMALL:
                key = key.astype(np.int64)
            key = key * wide
            key += column + blanks if blanks else column
            room *= wide
            known: Numbers | None = None
            if room > most:
                known, key = np.unique(key, return_inverse=True)
                room = len(known)
            steps.append((wide, blanks, known))
        return cls(key, max(room, 1), tuple(steps))

    def rows_with(self, columns: Sequence[Numbers]) -> Numbers:
        """The rows that have the key of one of these other combinations; -2 is a foreign code."""
        other: Numbers = np.zeros(len(columns[0]), np.int64)
        good = np.ones(len(other), np.bool_)
        for column, (wide, blanks, known) in zip(columns, self._steps, strict=True):
            good &= column + blanks >= 0
            other = other * wide + column + blanks
            if known is not None and len(known):
                place = np.searchsorted(known, other).clip(max=len(known) - 1)
                good &= known[place] == other
                other = place
        wanted = np.unique(other[good])
        return np.flatnonzero(np.isin(self.key, wanted)) if len(wanted) else wanted

    def twins(self) -> Numbers:
        """Every row whose key another row has too, in rising order."""
        again = np.flatnonzero(self._last()[self.key] != np.arange(len(self.key), dtype=np.int32))
        if not len(again):
            return again
        twice = np.zeros(self.room, np.bool_)
        twice[self.key[again]] = True
        return np.flatnonzero(twice[self.key])

    def representatives(self) -> Numbers:
        """One row of each key that there is."""
        last = self._last()
        return last[last >= 0]

    def _last(self) -> Numbers:
        """Of each key the last row that has it; -1 where none has."""
        last = np.full(self.room, -1, np.int32)
        last[self.key] = np.arange(len(self.key), dtype=np.int32)
        return last
