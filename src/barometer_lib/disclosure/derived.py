"""Figures that nobody delivered and that follow from totals: a reader can subtract them.

Of a total of 100 with one part of 98 the other part is two persons, delivered or not. Such a cell
is to be protected as if it stood there. Lines are followed one by one; a part is also told where
several are missing and what is left for them is small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from barometer_lib.catalogue import Catalogue
from barometer_lib.disclosure.counting import Cell, Figure, band_of
from barometer_lib.disclosure.primary import count_reasons
from barometer_lib.disclosure.splits import Splits

DERIVED = "derived"


def derivable(figures: Sequence[Figure], content: Catalogue) -> list[Figure]:
    """The cells nobody delivered that can be told closely and would have to be hidden.

    Their rows are below zero, since no row of the measurement table holds them; `told_by` is the
    row of the total that tells them. A row that was delivered as missing gets the reason instead.
    """
    return _Sweep(figures, Splits.of(content)).run()


class _Sweep:
    """Follows the lines day by day, those around what came or went on a day."""

    def __init__(self, figures: Sequence[Figure], splits: Splits) -> None:
        self.figures = [one for one in figures if one.rule.rounding is None]
        self.splits, self.totals = splits, splits.totals()
        self.current: dict[Cell, Figure] = {}
        self.found: list[Figure] = []
        self.standing: dict[Cell, Figure] = {}

    def run(self) -> list[Figure]:
        """The derivable cells, each from the day on which it can be told."""
        if not self.splits.areas and not self.splits.groups:
            return []
        begins: dict[date, list[Figure]] = defaultdict(list)
        ends: dict[date, list[Figure]] = defaultdict(list)
        for one in self.figures:
            begins[one.known_from].append(one)
            if one.known_until is not None:
                ends[one.known_until].append(one)
        for day in sorted({*begins, *ends}):
            changed = {one.cell for one in (*begins[day], *ends[day])}
            for one in ends[day]:
                if self.current.get(one.cell) is one:
                    del self.current[one.cell]
            self.current.update({one.cell: one for one in begins[day]})
            wholes = changed | {whole for cell in changed for whole in self.totals.of(cell)}
            told: dict[Cell, Figure] = {}
            for whole in sorted(wholes):
                for parts in self.splits.parts(whole):
                    told |= self._line(whole, parts, day)
            self._settle(wholes | changed, told, day)
        return self.found

    def _line(self, whole: Cell, parts: Sequence[Cell], day: date) -> dict[Cell, Figure]:
        """The missing parts of a total that can be told closely and are small."""
        total = self.current.get(whole)
        if total is None or total.survey or total.low is None or total.high is None:
            return {}
        have = [self.current.get(cell) for cell in parts]
        known = [one for one in have if one is not None and one.low is not None]
        gone = [
            cell
            for cell, one in zip(parts, have, strict=True)
            if one is None or (one.unknown and one.reason in (None, DERIVED))
        ]
        if not known or not gone or any(one.survey for one in known):
            return {}
        alone = len(parts) - len(known) == 1
        low, high = _rest(total, known, alone=alone)
        if high < 0 or high - low >= total.rule.needed_width:
            return {}
        among = _rest_of_group(total, known) if alone else None
        if among is not None and low > among:
            return {}
        row = Figure(
            0, gone[0], total.period, day, None, total.rule, low, high, among, unknown=True,
            reason=DERIVED, unit=total.unit, told_by=total.row,
        )  # fmt: skip
        if not _is_small(row):
            return {}
        return {cell: replace(row, cell=cell) for cell in gone}

    def _settle(self, wholes: set[Cell], told: Mapping[Cell, Figure], day: date) -> None:
        """Marks missing rows, begins what can be told from now on, and ends what cannot."""
        touched = {cell for whole in wholes for parts in self.splits.parts(whole) for cell in parts}
        for cell in sorted(touched | told.keys()):
            before, now = self.standing.get(cell), told.get(cell)
            row = self.current.get(cell)
            if row is not None and now is not None:
                row.reason, row.told_by = DERIVED, now.told_by
                now = None
            if before is not None and now is not None and _same(before, now):
                continue
            if before is not None:
                before.known_until = day
                del self.standing[cell]
            if now is not None:
                now.row = -1 - len(self.found)
                self.standing[cell] = now
                self.found.append(now)


def _rest(total: Figure, known: Sequence[Figure], *, alone: bool) -> tuple[float, float]:
    """What is left of a total for the parts that are missing; for one of several at least none."""
    low = (total.low or 0.0) - sum(one.high or 0.0 for one in known)
    high = (total.high or 0.0) - sum(one.low or 0.0 for one in known)
    return max(low, 0.0) if alone else 0.0, high


def _rest_of_group(total: Figure, known: Sequence[Figure]) -> float | None:
    sizes = [one.among for one in known]
    if total.among is None or None in sizes:
        return None
    rest = total.among - sum(size for size in sizes if size is not None)
    return rest if rest > 0 else None


def _is_small(one: Figure) -> bool:
    columns = {"low": one.low, "high": one.high, "denominator": one.among}
    row = pa.table({name: pa.array([value], pa.float64()) for name, value in columns.items()})
    return count_reasons(row, band_of(one.rule)).column("reason")[0].as_py() is not None


def _same(before: Figure, now: Figure) -> bool:
    return (before.low, before.high, before.among) == (now.low, now.high, now.among)
