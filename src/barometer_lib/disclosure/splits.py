"""The ways areas and population groups are split into parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Area, Group
from barometer_lib.disclosure.counting import Cell


@dataclass(frozen=True)
class Splits:
    """The ways an area or a population group is split into parts."""

    areas: Mapping[str, Sequence[Sequence[str]]]
    groups: Mapping[str, Sequence[Sequence[str]]]

    @classmethod
    def of(cls, content: Catalogue) -> Splits:
        """An area into the areas of each division that name it as their parent; groups as said."""
        divisions: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for one in content.all(Area):
            if one.parent is not None and one.division is not None:
                key = (one.parent, one.division, one.division_version or "")
                divisions[key].append(one.id)
        areas: dict[str, list[list[str]]] = defaultdict(list)
        for (parent, _, _), parts in divisions.items():
            areas[parent].append(parts)
        groups = {one.id: [one.parts] for one in content.all(Group) if one.parts}
        return cls(areas, groups)

    def parts(self, cell: Cell) -> Iterator[list[Cell]]:
        """The cells that each split of a cell sums over."""
        indicator, area, group, moment = cell
        for split in self.areas.get(area, ()):
            yield [(indicator, part, group, moment) for part in split]
        for split in self.groups.get(group, ()):
            yield [(indicator, area, part, moment) for part in split]

    def totals(self) -> Totals:
        """The way back: of which totals a cell is a part."""
        areas, groups = (
            _parents({whole: [part for one in of for part in one] for whole, of in split.items()})
            for split in (self.areas, self.groups)
        )
        return Totals(areas, groups)


@dataclass(frozen=True)
class Totals:
    """Of which areas and groups an area or group is a part."""

    areas: Mapping[str, Sequence[str]]
    groups: Mapping[str, Sequence[str]]

    def of(self, cell: Cell) -> Iterator[Cell]:
        """The totals that a cell is a part of."""
        indicator, area, group, moment = cell
        for whole in self.areas.get(area, ()):
            yield indicator, whole, group, moment
        for whole in self.groups.get(group, ()):
            yield indicator, area, whole, moment


def _parents(wholes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for whole, parts in wholes.items():
        for part in parts:
            if whole not in found[part]:
                found[part].append(whole)
    return dict(found)
