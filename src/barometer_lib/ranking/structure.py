"""The structure of a composite index as data: indicators, their parents, weights and directions.

Two forms of table are read, with the column names below in any case:

    long   indicator, parent, level, direction, weight, denominator, low, high, target, name
           one row for every indicator and every group above; level 1 are the indicators
    wide   indicator, direction, weight, denominator, agg1, agg2, ..., name
           one row per indicator; agg1 is its group, agg2 that group's group, and so on

COINr's names (iCode, IndCode, Parent, IndWeight, Agg1, ...) are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import Fault, FaultsFound, nearest

Line = tuple[int, Mapping[str, Any]]
NAMES = {
    "icode": "indicator", "indcode": "indicator", "code": "indicator", "iname": "name",
    "indname": "name", "indweight": "weight", "goalpost_low": "low", "goalpost_high": "high",
}  # fmt: skip
NUMBERS = ("direction", "weight", "low", "high", "target", "level")


@dataclass(frozen=True)
class Part:
    """An indicator (level 1) or a group of parts. `parent` is blank at the top alone.

    `direction` is 1 where higher is better, -1 where lower is. `weight` counts within the parent;
    only proportions matter. `low` and `high` are goalposts, `denominator` a size to divide by.
    """

    code: str
    parent: str | None
    level: int
    direction: float = 1.0
    weight: float = 1.0
    denominator: str | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    name: str | None = None


@dataclass(frozen=True)
class Structure:
    """A tree of parts with one top. Order is the order of the file, indicators first."""

    parts: tuple[Part, ...]

    def __getitem__(self, code: str) -> Part:
        """The part with this code."""
        return next(part for part in self.parts if part.code == code)

    @property
    def levels(self) -> int:
        """How many levels there are; the top is at this level."""
        return max(part.level for part in self.parts)

    @property
    def top(self) -> str:
        """The code of the index itself."""
        return next(part.code for part in self.parts if part.parent is None)

    def at(self, level: int) -> tuple[Part, ...]:
        """The parts of a level, 1 being the indicators."""
        return tuple(part for part in self.parts if part.level == level)

    @property
    def indicators(self) -> tuple[Part, ...]:
        """The parts that are measured."""
        return self.at(1)

    def children(self, code: str) -> tuple[Part, ...]:
        """The parts that make up a group."""
        return tuple(part for part in self.parts if part.parent == code)

    @property
    def directions(self) -> NDArray[np.float64]:
        """The indicators' directions."""
        return np.array([part.direction for part in self.indicators])

    def weights_of(self, code: str) -> NDArray[np.float64]:
        """The weights of a group's parts."""
        return np.array([part.weight for part in self.children(code)])

    def under(self, code: str) -> set[str]:
        """A part and everything below it."""
        found = {code}
        for part in sorted(self.parts, key=lambda one: -one.level):
            if part.parent in found:
                found.add(part.code)
        return found

    def without(self, codes: Iterable[str]) -> Structure:
        """The structure without some parts, what is below them, and groups left empty."""
        gone = {below for code in codes for below in self.under(code)}
        kept = [part for part in self.parts if part.code not in gone]
        while True:
            parents = {part.parent for part in kept}
            full = [part for part in kept if part.level == 1 or part.code in parents]
            if len(full) == len(kept):
                return Structure(tuple(kept))
            kept = full

    def weighed(self, weights: Mapping[str, float]) -> Structure:
        """The structure with other weights for the parts named."""
        return Structure(
            tuple(
                Part(
                    **{
                        **vars(part),
                        "weight": float(weights.get(part.code, part.weight)),
                    }
                )
                for part in self.parts
            )
        )


def structure_of(lines: Sequence[Line], file: str = "structure") -> Structure:
    """The structure of a table's rows, each with its line. Raises `FaultsFound` with all faults."""
    rows = [(line, _named(row)) for line, row in lines]
    wide = any(re.fullmatch(r"agg\d+", key) for _, row in rows for key in row)
    faults: list[Fault] = []
    parts = _parts(_unfolded(rows) if wide else rows, file, faults)
    faults += _tree_faults(parts, file)
    if faults:
        raise FaultsFound(faults)
    return Structure(tuple(part for _, part in sorted(parts, key=lambda pair: pair[1].level)))


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in row.items():
        name = str(key).strip().lower()
        found[NAMES.get(name, name)] = value.strip() if isinstance(value, str) else value
    return {key: None if value in ("", "NA") else value for key, value in found.items()}


def _unfolded(rows: Sequence[Line]) -> list[Line]:
    """The rows of the wide form as rows of the long one."""
    found: dict[str, Line] = {}
    for line, row in rows:
        groups = sorted(
            (key for key in row if re.fullmatch(r"agg\d+", key)),
            key=lambda k: int(k[3:]),
        )
        chain = [row[key] for key in groups if row[key] is not None]
        first = {**row, "level": 1, "parent": chain[0] if chain else None}
        found[f"indicator {line}"] = (line, first)
        for place, code in enumerate(chain):
            above = chain[place + 1] if place + 1 < len(chain) else None
            group = {"indicator": code, "level": place + 2, "parent": above}
            found.setdefault(f"group {code} {above}", (line, group))
    return list(found.values())


def _parts(rows: Sequence[Line], file: str, faults: list[Fault]) -> list[tuple[int, Part]]:
    found: list[tuple[int, Part]] = []
    for line, row in rows:
        numbers = _numbers(row, line, file, faults)
        if row.get("indicator") is None:
            faults.append(Fault("blank_key", file, line=line, column="indicator"))
            continue
        for key, allowed, fits in (
            ("direction", "1, -1", numbers.get("direction", 1.0) in (1.0, -1.0)),
            ("weight", ">= 0", numbers.get("weight", 1.0) >= 0),
        ):
            if not fits:
                given = str(row[key])
                faults.append(
                    Fault("not_allowed_here", file, line=line, column=key, found=given,
                          allowed=allowed)
                )  # fmt: skip
        above = _text(row, "parent")
        part = Part(
            code=str(row["indicator"]),
            parent=above,
            level=int(numbers.get("level", 1 if above is not None else 0)),
            direction=numbers.get("direction", 1.0),
            weight=numbers.get("weight", 1.0),
            denominator=_text(row, "denominator"),
            low=numbers.get("low"),
            high=numbers.get("high"),
            target=numbers.get("target"),
            name=_text(row, "name"),
        )
        found.append((line, part))
    return found


def _numbers(row: Mapping[str, Any], line: int, file: str, faults: list[Fault]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key in NUMBERS:
        value = row.get(key)
        if value is None:
            continue
        try:
            found[key] = float(str(value).replace(",", "."))
        except ValueError:
            faults.append(Fault("not_a_number", file, line=line, column=key, found=str(value)))
    return found


def _text(row: Mapping[str, Any], key: str) -> str | None:
    return None if row.get(key) is None else str(row[key])


def _tree_faults(parts: Sequence[tuple[int, Part]], file: str) -> Iterator[Fault]:
    first: dict[str, tuple[int, Part]] = {}
    for line, part in parts:
        if part.code in first:
            told = {"found": part.code, "fields": {"first": first[part.code][0]}}
            yield Fault("row_twice", file, line=line, column="indicator", **told)  # type: ignore[arg-type]
        first.setdefault(part.code, (line, part))
    tops = [(line, part) for line, part in parts if part.parent is None]
    if len(tops) != 1:
        line = tops[1][0] if tops else (parts[0][0] if parts else 1)
        names = ", ".join(part.code for _, part in tops) or "-"
        yield Fault("one_top", file, line=line, column="parent", found=names)
    parents = {part.parent for _, part in parts}
    for line, part in parts:
        if part.level > 1 and part.code not in parents:
            yield Fault("empty_group", file, line=line, column="indicator", found=part.code)
        if part.parent is None:
            continue
        above = first.get(part.parent)
        if above is None:
            near = tuple(nearest(part.parent, first))
            yield Fault("unknown_parent", file, line=line, column="parent", found=part.parent,
                        nearest=near)  # fmt: skip
        elif above[1].level != part.level + 1:
            yield Fault("wrong_level", file, line=line, column="level", found=str(part.level),
                        allowed=str(above[1].level - 1))  # fmt: skip
