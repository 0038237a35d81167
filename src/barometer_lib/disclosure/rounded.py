"""Figures of tables that are rounded instead of hidden, and what can be told of them.

Each delivery day is rounded with all earlier roundings standing fast, so that a figure is told the
same in every round.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from barometer_lib.disclosure.blocks import Line
from barometer_lib.disclosure.counting import PER, Figure
from barometer_lib.disclosure.found import RELEASED
from barometer_lib.disclosure.rounding import Rounded, controlled, conventional
from barometer_lib.disclosure.splits import Splits
from barometer_lib.disclosure.system import COUNT, GROUP, System
from barometer_lib.units import COUNT_UNITS

UNROUNDED = "disclosure_unrounded"
# Reasons that rounding answers; a mean, or a share of a small sample, is hidden all the same.
ANSWERED = {"denominator", "count", "complement", "nobody", "everybody"}
TINY = 1e-6
Cell = tuple[int, str]


@dataclass
class RoundedFigure:
    """A figure told as a multiple of its base: `count`, among `among` (blank: no part of a group).

    `small` is why it would have been hidden, blank where it would not. `low` and `high` are what
    an attacker can tell of its count, `alone` how far these lie apart by its own rounding.
    `additive` and `gap` are those of the table it was rounded in. `fault` is blank where it is
    protected.
    """

    figure: Figure
    small: str | None
    method: str
    base: int
    count: float
    among: float | None
    low: float
    high: float
    alone: float
    additive: bool
    gap: float
    seconds: float
    fault: str | None = None

    @property
    def release(self) -> str | None:
        """The earlier release that shows it as it is."""
        return self.figure.released


def round_figures(figures: Sequence[Figure], splits: Splits) -> list[RoundedFigure]:
    """Rounds every figure whose rule says so, and puts what is told of it into the figure.

    The figures then are as everybody can know them: their limits are those of the rounding, and
    nothing hides them for themselves.
    """
    tables: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for one in figures:
        if _is_rounded(one):
            tables[str(one.rule.rounding), one.rule.base].append(one)
    found: list[RoundedFigure] = []
    for (method, base), same in tables.items():
        found += _Table(same, splits, method, base).run()
    for done in found:
        done.figure.reason = None
        if done.figure.released is not None:
            # Known to everybody as it is; that is a fault where it is small.
            done.fault = RELEASED if done.small is not None else done.fault
            continue
        done.figure.low, done.figure.high = done.low, done.high
        if done.among is not None:
            done.figure.among = _told(done.among, method=done.method, base=done.base)[1]
    return sorted(found, key=lambda one: one.figure.row)


def _is_rounded(one: Figure) -> bool:
    share = one.unit in PER and one.among is not None
    counted = (
        not one.unknown
        and not one.survey
        and one.low is not None
        and (one.unit in COUNT_UNITS or share)
    )
    return counted and one.rule.rounding is not None and one.reason in (None, *ANSWERED)


def _told(
    rounded: float, *, method: str, base: int, strict: bool = True, integer: bool = True
) -> tuple[float, float]:
    """Between which limits a number lies of which only its rounding is told."""
    if method == "conventional":
        low, high = rounded - base / 2, rounded + base / 2
        ends = (math.ceil(low), math.ceil(high) - 1) if integer else (low, high)
    else:
        reach = base - 1 if strict and integer else base
        ends = (rounded - reach, rounded + reach)
    return max(float(ends[0]), 0.0), float(ends[1])


class _Table:
    """The figures that are rounded in one way, day by day."""

    def __init__(self, figures: Sequence[Figure], splits: Splits, method: str, base: int) -> None:
        self.figures = {one.row: one for one in figures}
        self.system = System(figures, splits, groups_too=True)
        self.method, self.base = method, base
        self.true: dict[Cell, float] = {}
        for one in figures:
            self.true[one.row, COUNT] = _count(one)
            if one.among is not None:
                self.true[one.row, GROUP] = one.among
        self.fast = {
            cell: told
            for one in figures
            if one.stands is not None
            for cell, told in zip(((one.row, COUNT), (one.row, GROUP)), one.stands, strict=True)
            if told is not None
        }
        self.found: list[RoundedFigure] = []

    def run(self) -> list[RoundedFigure]:
        for day in sorted({one.known_from for one in self.figures.values()}):
            self.system.add_day(day)
            new = {one.row for one in self.figures.values() if one.known_from == day}
            bound: set[int] = set()
            for component in self.system.components():
                bound |= component
                if component & new:
                    self._round(component, day)
            for row in sorted(new - bound):
                self._round({row}, day)
        return self.found

    def _round(self, component: set[int], day: date) -> None:
        rows = [row for row in component if self.figures[row].known_from <= day]
        cells = [cell for cell in self.true if cell[0] in set(rows)]
        values = np.array([self.true[cell] for cell in cells])
        fixed = np.array([self.fast.get(cell, np.nan) for cell in cells])
        if self.method == "conventional":
            whole: Rounded | None = Rounded(
                np.where(np.isnan(fixed), conventional(values, self.base), fixed),
                0.0, 0.0, strict=True, additive=False, seconds=0.0,
            )  # fmt: skip
        else:
            number = {cell: index for index, cell in enumerate(cells)}
            within = [
                (number[row, COUNT], number[row, GROUP]) for row in rows if (row, GROUP) in number
            ]
            lines = self._sums(number)
            whole = controlled(values, lines, base=self.base, within=within, fixed=fixed)
        told = values if whole is None else whole.values
        self.fast.update(zip(cells, told.tolist(), strict=True))
        new = [row for row in rows if self.figures[row].known_from == day]
        self.found += [self._figure(row, whole) for row in new]

    def _sums(self, number: dict[Cell, int]) -> list[Line]:
        """The sums that hold exactly among the true numbers, and are told as such."""
        found = []
        for weights, limits in zip(self.system.weights, self.system.limits, strict=True):
            if limits == (0.0, 0.0) and weights.keys() <= number.keys():
                rest = sum(weight * self.true[cell] for cell, weight in weights.items())
                if abs(rest) < TINY:
                    found.append(Line({number[cell]: one for cell, one in weights.items()}))
        return found

    def _figure(self, row: int, whole: Rounded | None) -> RoundedFigure:
        one = self.figures[row]
        strict = whole is None or whole.strict
        count, among = self.fast[row, COUNT], self.fast.get((row, GROUP))
        low, high = _told(
            count,
            method=self.method,
            base=self.base,
            strict=strict,
            integer=one.unit != "persons_fte",
        )
        return RoundedFigure(
            one, one.reason, self.method, self.base, count, among, low, high, high - low,
            additive=whole is not None and whole.additive,
            gap=0.0 if whole is None else whole.gap,
            seconds=0.0 if whole is None else whole.seconds,
            fault=UNROUNDED if whole is None else None,
        )  # fmt: skip


def _count(one: Figure) -> float:
    """The number of persons: as delivered, or the whole number nearest to what the share tells."""
    assert one.low is not None and one.high is not None  # noqa: S101, PT018 - `_is_rounded`
    return one.low if one.low == one.high else float(round((one.low + one.high) / 2))
