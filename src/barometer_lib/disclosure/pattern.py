"""The pattern of a dataset: which figures are hidden, found delivery day by delivery day.

Each day's figures are decided with all that was published before standing fast: what was shown
stays shown, what was hidden stays hidden. So a later build gives the same pattern for an earlier
round, and no two rounds together tell what neither tells alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

import numpy as np

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Protection
from barometer_lib.disclosure import audit as auditing
from barometer_lib.disclosure import secondary
from barometer_lib.disclosure.blocks import HIDDEN, OPEN, SHOWN, Block, Line
from barometer_lib.disclosure.counting import PRODUCER, Cell, Figure
from barometer_lib.disclosure.found import (
    COMPANION,
    CONTRADICTION,
    EARLIER,
    NARROW,
    RELEASED,
    ROUNDED_NARROW,
    Found,
    HiddenFigure,
    Solved,
)
from barometer_lib.disclosure.rounded import RoundedFigure
from barometer_lib.disclosure.splits import Splits
from barometer_lib.disclosure.system import COUNT, GROUP, System, families


def find_pattern(
    figures: Sequence[Figure],
    content: Catalogue,
    seconds: float = secondary.SECONDS,
    rounded: Sequence[RoundedFigure] = (),
) -> Found:
    """Every hidden figure of a dataset with what can be told of it, in the order of rows.

    What can be told of the `rounded` figures that are small is put into them.
    """
    splits = Splits.of(content)
    found: dict[int, HiddenFigure] = {}
    solved: list[Solved] = []
    small = {one.figure.row: one for one in rounded if one.small is not None}
    for members in families(figures, content.all(Protection)):
        looked_at = [small[one.row] for one in members if one.row in small]
        if looked_at or any(one.reason is not None for one in members):
            family = _Family(members, splits, seconds)
            found |= family.run()
            family.look_at(looked_at)
            solved += family.solved
    return Found([found[row] for row in sorted(found)], solved)


class _Family:
    """The figures that share counts, decided together."""

    def __init__(self, figures: Sequence[Figure], splits: Splits, seconds: float) -> None:
        self.figures = {one.row: one for one in figures}
        small = any(one.reason in ("denominator", "sample") for one in figures)
        self.system = System(figures, splits, groups_too=small)
        self.seconds = seconds
        self.reasons: dict[int, str] = {}
        self.told: dict[int, HiddenFigure] = {}
        self.solved: list[Solved] = []
        self.ever_hidden: dict[Cell, bool] = {}

    def run(self) -> dict[int, HiddenFigure]:
        """Each hidden figure by its row."""
        for day in sorted({one.known_from for one in self.figures.values()}):
            new = [one for one in self.figures.values() if one.known_from == day]
            self._for_themselves(new)
            self.system.add_day(day)
            rows = {one.row for one in new}
            bound = set()
            for component in self.system.components():
                bound |= component
                if component & rows and component & self.reasons.keys():
                    self._decide(component, day)
            for one in new:
                if one.row not in bound and one.row in self.reasons:
                    self._decide({one.row}, day)
            for one in new:
                # What the producer hid the producer may tell later; the build's own stays.
                if one.row >= 0 and self.reasons.get(one.row, PRODUCER) != PRODUCER:
                    self.ever_hidden[one.cell] = self.told[one.row].primary
        return self.told

    def _for_themselves(self, new: Sequence[Figure]) -> None:
        for one in new:
            if one.reason is not None:
                self.reasons[one.row] = one.reason
            elif one.cell in self.ever_hidden and one.today and not one.unknown:
                self.reasons[one.row] = EARLIER

    def _decide(self, component: set[int], day: date) -> None:
        """The companions of a component on a day, and what can be told of all that is hidden."""
        block = self._block(sorted(component), day)
        try:
            pattern = secondary.protect(block, seconds=self.seconds)
        except auditing.Contradiction:
            self._contradicted(component)
            return
        self._note(block, pattern, day)
        for index in np.flatnonzero(pattern.hidden).tolist():
            one = self.figures[block.figures[index]]  # type: ignore[index]
            if not one.unknown and one.row not in self.reasons:
                self.reasons[one.row] = COMPANION
        narrow = {interval.cell for interval in pattern.unsafe}
        shown_in = [self.figures[row].released for row in component]
        release = max((name for name in shown_in if name is not None), default=None)
        required = block.required()
        cells = cast("list[tuple[int, str]]", block.cells)
        for interval in pattern.intervals:
            row, kind = cells[interval.cell]
            if row not in self.reasons or (kind == GROUP and interval.cell not in narrow):
                continue
            index = int(block.figure[interval.cell])
            fault = None
            if interval.cell in narrow:
                fault = NARROW if release is None else RELEASED
            companion = self.reasons[row] == COMPANION
            self.told[row] = HiddenFigure(
                self.figures[row], self.reasons[row], interval.low, interval.high,
                float(required[interval.cell]), float(block.cost[index]) if companion else 0.0,
                pattern.gap, fault, release if fault is not None else None,
            )  # fmt: skip
        for row in component & self.reasons.keys():
            if (one := self.figures[row]).released is not None:
                self._released(one)

    def _released(self, one: Figure) -> None:
        """A figure that is to be hidden and that an earlier release shows."""
        low, high = self.system.told((one.row, COUNT)) or (0.0, 0.0)
        self.told[one.row] = HiddenFigure(
            one, self.reasons[one.row], low, high, one.needed_width, 0.0, 0.0, RELEASED,
            one.released,
        )  # fmt: skip

    def _note(self, block: Block, pattern: secondary.Pattern, day: date) -> None:
        rows = cast("list[int]", block.figures)
        names = tuple(sorted({self.figures[row].cell[0] for row in rows}))
        self.solved.append(
            Solved(
                day, names, len(rows), int(pattern.hidden.sum()), pattern.cost, pattern.bound,
                pattern.gap, pattern.seconds, self.seconds,
            )
        )  # fmt: skip

    def look_at(self, rounded: Sequence[RoundedFigure]) -> None:
        """What can be told of rounded figures from all days together, put into them."""
        small = {one.figure.row: one for one in rounded}
        last = max(one.known_from for one in self.figures.values())
        for component in self.system.components():
            asked = sorted(component & small.keys())
            if not asked:
                continue
            block = self._block(sorted(component), last)
            cells = cast("list[tuple[int, str]]", block.cells)
            try:
                found = auditing.audit(block, cells=[cells.index((row, COUNT)) for row in asked])
            except auditing.Contradiction:
                for row in asked:
                    small[row].fault = CONTRADICTION
                continue
            for row, interval in zip(asked, found, strict=True):
                one = small[row]
                one.low, one.high = interval.low, interval.high
                needed = min(one.figure.rule.needed_width, one.alone)
                if one.fault is None and interval.width < needed - auditing.SLACK:
                    one.fault = ROUNDED_NARROW

    def _contradicted(self, component: set[int]) -> None:
        for row in component & self.reasons.keys():
            one = self.figures[row]
            self.told[row] = HiddenFigure(
                one, self.reasons[row], 0.0, 0.0, one.needed_width, 0.0, 0.0, CONTRADICTION
            )

    def _block(self, rows: Sequence[int], day: date) -> Block:
        kinds = (COUNT, GROUP) if self.system.groups_too else (COUNT,)
        cells = [(row, kind) for row in rows for kind in kinds]
        number = {cell: index for index, cell in enumerate(cells)}
        place = {row: index for index, row in enumerate(rows)}
        limits = [self.system.told(cell) or (np.nan, np.nan) for cell in cells]
        targets = {place[row] for row in rows if self.reasons.get(row, COMPANION) != COMPANION}
        # Whoever counts alone knows it of the smallest cell; of a total it is their own secret.
        inner = [row for row in rows if row not in self.system.totals]
        alone = {number[row, COUNT] for row in inner if self.figures[row].alone()}
        return Block(
            cells=cells,
            figure=np.array([place[row] for row, _ in cells]),
            told_low=np.array([low for low, _ in limits]),
            told_high=np.array([high for _, high in limits]),
            floor=np.zeros(len(cells)),
            roof=np.array([self._roof(cell) for cell in cells]),
            need=np.array([self.figures[row].needed_width for row, _ in cells]),
            lines=[*self._lines(number), *self._within_groups(rows, number)],
            figures=list(rows),
            cost=np.array([_cost(self.figures[row]) for row in rows]),
            state=np.array([self._state(self.figures[row], day) for row in rows]),
            targets=frozenset(targets),
            alone=frozenset(alone),
        )

    def _roof(self, cell: tuple[int, str]) -> float:
        """A count is never above its group, whose size everybody may know unless it is small."""
        among = self.figures[cell[0]].among
        known = cell[1] == COUNT and not self.system.groups_too and among is not None
        return float(among) if known and among is not None else float("inf")

    def _state(self, one: Figure, day: date) -> int:
        if one.released is not None:
            return SHOWN
        if one.row in self.reasons or one.unknown:
            return HIDDEN
        return OPEN if one.known_from == day else SHOWN

    def _lines(self, number: Mapping[tuple[int, str], int]) -> list[Line]:
        return [
            Line({number[cell]: weight for cell, weight in weights.items()}, low, high)
            for weights, (low, high) in zip(self.system.weights, self.system.limits, strict=True)
            if all(cell in number for cell in weights)
        ]

    def _within_groups(
        self, rows: Sequence[int], number: Mapping[tuple[int, str], int]
    ) -> list[Line]:
        """Where groups are cells too: a count is never above its group."""
        if not self.system.groups_too:
            return []
        infinite = float("inf")
        return [
            Line({number[row, GROUP]: 1.0, number[row, COUNT]: -1.0}, 0.0, infinite) for row in rows
        ]


def _cost(one: Figure) -> float:
    if one.rule.cost == "one":
        return 1.0
    for known in (one.low, one.among):
        if known is not None:
            return max(float(known), 1.0)
    return 1.0
