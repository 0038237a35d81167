"""Columns of written numbers: their values and decimals, and the rows that are not plainly written.

What is plain here is less than what the general path takes: a row that is not plain goes there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.deliveries.large.arrays import Flags, Numbers, Reals

DIGITS = b"0123456789-"
POINT = ord(".")
PLAIN = r"^-?([0-9]+([.][0-9]*)?|[.][0-9]+)$"


@dataclass(frozen=True)
class Written:
    """Values (NaN where blank or odd), decimals as written, blank cells, and odd ones."""

    values: Reals
    decimals: Numbers
    blank: Flags
    odd: Flags


def written(column: pa.ChunkedArray, decimal: str) -> Written:
    """The numbers of a column of text."""
    rows, point = len(column), ord(decimal)
    found = Written(
        np.empty(rows, np.float64),
        np.empty(rows, np.int8),
        np.zeros(rows, np.bool_),
        np.zeros(rows, np.bool_),
    )
    row = 0
    for chunk in column.chunks:
        cells = chunk.cast(pa.string())
        stretch = slice(row, row + len(cells))
        letters, bounds = _letters(cells)
        odd = _strange(letters, bounds, point)
        values, wrong = _values(cells, odd, point)
        found.values[stretch] = values
        found.decimals[stretch] = _decimals(letters, bounds, point)
        if cells.null_count:
            found.blank[stretch] = cells.is_null().to_numpy(zero_copy_only=False)
        if odd is not None or wrong is not None:
            found.odd[stretch] = _either(odd, wrong)
        row += len(cells)
    return found


def _letters(cells: pa.StringArray) -> tuple[Numbers, Numbers]:
    """The letters of all cells one after another, and where each cell begins and ends."""
    _, starts, content = cells.buffers()
    if content is None or not len(cells):
        return np.zeros(0, np.uint8), np.zeros(len(cells) + 1, np.int32)
    bounds = np.frombuffer(starts, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    return np.frombuffer(content, np.uint8)[bounds[0] : bounds[-1]], bounds - bounds[0]


def _strange(letters: Numbers, bounds: Numbers, point: int) -> Flags | None:
    """Cells with a letter that no plain number has; nothing where there is none."""
    if not letters.tobytes().translate(None, DIGITS + bytes([point])):
        return None
    allowed = np.zeros(256, np.bool_)
    allowed[[*DIGITS, point]] = True
    odd = np.zeros(len(bounds) - 1, np.bool_)
    odd[np.searchsorted(bounds, np.flatnonzero(~allowed[letters]), side="right") - 1] = True
    return odd


def _either(one: Flags | None, other: Flags | None) -> Flags:
    if one is None or other is None:
        found = other if one is None else one
        return np.zeros(0, np.bool_) if found is None else found
    return one | other


def _values(cells: pa.StringArray, odd: Flags | None, point: int) -> tuple[Reals, Flags | None]:
    if odd is not None:
        cells = pc.if_else(pa.array(odd), pa.scalar(None, pa.string()), cells)
    if point != POINT:
        cells = pc.replace_substring(cells, chr(point), ".")
    wrong: Flags | None = None
    try:
        numbers = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        plain = pc.match_substring_regex(cells, PLAIN).fill_null(True)
        wrong = ~plain.to_numpy(zero_copy_only=False)
        numbers = pc.if_else(plain, cells, pa.scalar(None, pa.string())).cast(pa.float64())
    return numbers.to_numpy(zero_copy_only=False), wrong


def _decimals(letters: Numbers, bounds: Numbers, point: int) -> Numbers:
    """How many digits stand behind the decimal mark."""
    points = np.flatnonzero(letters == point)
    found = np.zeros(len(bounds) - 1, np.int8)
    if len(points) == len(found) and ((points >= bounds[:-1]) & (points < bounds[1:])).all():
        return (bounds[1:] - 1 - points).astype(np.int8)
    if len(points):
        rows = np.searchsorted(bounds, points, side="right") - 1
        found[rows] = bounds[rows + 1] - 1 - points
    return found
