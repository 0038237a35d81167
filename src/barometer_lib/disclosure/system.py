"""Which sums bind the figures of an indicator together, as an attacker may use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from barometer_lib.catalogue.entries import Protection
from barometer_lib.disclosure.blocks import Line
from barometer_lib.disclosure.counting import Cell, Figure
from barometer_lib.disclosure.splits import Splits

COUNT, GROUP = "count", "group"
TINY = 1e-6
INFINITE = float("inf")


class System:
    """The lines among figures, added day by day; cells are (figure's row, count or group)."""

    def __init__(self, figures: Sequence[Figure], splits: Splits, *, groups_too: bool) -> None:
        self.figures = {one.row: one for one in figures}
        self.splits = splits
        self.groups_too = groups_too
        self.lines: dict[frozenset[tuple[tuple[int, str], float]], Line] = {}
        self.weights: list[dict[tuple[int, str], float]] = []
        self.limits: list[tuple[float, float]] = []
        self.totals: set[int] = set()

    def told(self, cell: tuple[int, str]) -> tuple[float, float] | None:
        """Between which limits a cell lies by its own figure; blank where that is not known."""
        one = self.figures[cell[0]]
        if cell[1] == GROUP:
            return None if one.among is None else (one.among, one.among)
        return None if one.low is None or one.high is None else (one.low, one.high)

    def add_day(self, day: date) -> None:
        """The lines among the figures that were current on a day.

        Where releases show a figure in another state than today's, both are looked at.
        """
        every = [one for one in self.figures.values() if one.current(day)]
        # Figures that only releases show stand behind today's.
        today = {one.cell: one for one in reversed(every)}
        before = {one.cell: one for one in every}
        self._add(today)
        if any(today[cell] is not one for cell, one in before.items()):
            self._add(before)

    def _add(self, current: Mapping[Cell, Figure]) -> None:
        kinds = (COUNT, GROUP) if self.groups_too else (COUNT,)
        for one in current.values():
            for total, parts in self._split(one, current):
                for kind in kinds:
                    self._sum((total.row, kind), [(part.row, kind) for part in parts])
        by_series: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
        for one in current.values():
            if one.period is not None and one.rule.over_time != "apart":
                by_series[one.series].append(one)
        for same in by_series.values():
            self._over_time(same)
        for one in current.values():
            self._same_counts(one, current)

    def _split(
        self, one: Figure, current: Mapping[Cell, Figure]
    ) -> Iterator[tuple[Figure, list[Figure]]]:
        for parts in self.splits.parts(one.cell):
            cells = [current.get(cell) for cell in parts]
            yield one, [part for part in cells if part is not None]

    def _sum(self, total: tuple[int, str], parts: Sequence[tuple[int, str]]) -> None:
        """A total is the sum of its parts, and of a rest that is taken to be known by everybody.

        The rest is what was not delivered, or does not add up: nothing is gained by it.
        """
        if not parts:
            return
        self.totals.add(total[0])
        weights = {total: 1.0} | dict.fromkeys(parts, -1.0)
        told = {cell: self.told(cell) for cell in weights}
        low = high = 0.0
        for cell, limits in told.items():
            if limits is None:
                continue
            ends = (limits[0], limits[1]) if weights[cell] > 0 else (-limits[1], -limits[0])
            low, high = low + ends[0], high + ends[1]
        complete = all(limits is not None for limits in told.values())
        if complete:
            rest = 0.0 if low - TINY <= 0 <= high + TINY else (low + high) / 2
            self._line(weights, rest, rest)
        elif told[total] is None or high >= -TINY:
            self._line(weights, 0.0, 0.0)

    def _over_time(self, same: Sequence[Figure]) -> None:
        for whole in same:
            for parts in _tilings(whole, same):
                cells = [(one.row, COUNT) for one in parts]
                if whole.rule.over_time == "add":
                    self._sum((whole.row, COUNT), cells)
                    continue
                self.totals.add(whole.row)
                # Persons count once in the longer period: no part is more, all together no less.
                for cell in cells:
                    self._unless_untrue({(whole.row, COUNT): 1.0, cell: -1.0})
                self._unless_untrue({(whole.row, COUNT): -1.0} | dict.fromkeys(cells, 1.0))

    def _unless_untrue(self, weights: dict[tuple[int, str], float]) -> None:
        """`0 <= sum` where the figures as delivered allow it."""
        most = 0.0
        for cell, weight in weights.items():
            limits = self.told(cell)
            most += INFINITE if limits is None else weight * limits[1 if weight > 0 else 0]
        if most >= -TINY:
            self._line(weights, 0.0, INFINITE)

    def _same_counts(self, one: Figure, current: Mapping[Cell, Figure]) -> None:
        indicator, area, group, moment = one.cell
        for same in one.rule.same_counts:
            if (same.indicator, same.group) == (indicator, group):
                other = current.get((same.as_indicator, area, same.as_group, moment))
                if other is not None:
                    self._sum((one.row, COUNT), [(other.row, COUNT)])

    def _line(self, weights: dict[tuple[int, str], float], low: float, high: float) -> None:
        key = frozenset(weights.items())
        if key not in self.lines:
            self.lines[key] = Line({}, low, high)
            self.weights.append(weights)
            self.limits.append((low, high))

    def components(self) -> list[set[int]]:
        """Figures that lines bind together, directly or through others; lone ones are left out."""
        leader: dict[int, int] = {}

        def find(row: int) -> int:
            while leader.setdefault(row, row) != row:
                leader[row] = leader[leader[row]]
                row = leader[row]
            return row

        for weights in self.weights:
            first, *others = (row for row, _ in weights)
            for other in others:
                leader[find(other)] = find(first)
        found: dict[int, set[int]] = defaultdict(set)
        for row in list(leader):
            found[find(row)].add(row)
        return list(found.values())


def families(figures: Iterable[Figure], rules: Iterable[Protection]) -> list[list[Figure]]:
    """The figures of indicators that share counts, together."""
    leader: dict[str, str] = {}

    def find(code: str) -> str:
        while leader.get(code, code) != code:
            code = leader[code]
        return code

    for rule in rules:
        for same in rule.same_counts:
            leader[find(same.indicator)] = find(same.as_indicator)
    found: dict[str, list[Figure]] = defaultdict(list)
    for one in figures:
        found[find(one.cell[0])].append(one)
    return list(found.values())


def _tilings(whole: Figure, same: Sequence[Figure]) -> Iterator[list[Figure]]:
    """The figures of one frequency whose periods fill the period of `whole` without a hole."""
    assert whole.period is not None  # noqa: S101 - told apart before
    inside: dict[str, list[Figure]] = defaultdict(list)
    for one in same:
        period = one.period
        within = period is not None and period != whole.period
        if within and whole.period.start <= period.start and period.end <= whole.period.end:  # type: ignore[union-attr]
            inside[period.frequency].append(one)  # type: ignore[union-attr]
    for parts in inside.values():
        day = whole.period.start
        for one in sorted(parts, key=lambda part: part.period.start):  # type: ignore[union-attr]
            if one.period is None or one.period.start != day:
                break
            day = one.period.end + timedelta(days=1)
        else:
            if day == whole.period.end + timedelta(days=1):
                yield parts
