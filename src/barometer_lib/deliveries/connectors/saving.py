"""Answers as a delivery: the files untouched, and a delivery.yml that says what was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from barometer_lib.deliveries.connectors import addresses
from barometer_lib.deliveries.connectors.parts import MANIFEST, Parts
from barometer_lib.deliveries.connectors.recipe import Coded, Codes
from barometer_lib.deliveries.connectors.times import period_code
from barometer_lib.deliveries.description import DESCRIPTION, describe
from barometer_lib.errors import BarometerError, FaultsFound

# How StatBank writes a figure that is withheld, whatever the table.
WITHHELD = ".."


Warnings = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Figures:
    """An answer as columns and rows of text; `value` is the column that holds the figures."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    value: str

    def named(self, variable: str) -> str:
        """The column of a variable, whatever its case; a file may write it in capitals."""
        return {name.casefold(): name for name in self.header}.get(variable.casefold(), variable)

    def column(self, variable: str) -> list[str]:
        """The cells of a variable; none where the answer has no such column."""
        if self.named(variable) not in self.header:
            return []
        at = self.header.index(self.named(variable))
        return [row[at] for row in self.rows]

    @property
    def values(self) -> list[str]:
        """The figures."""
        return self.column(self.value)


@dataclass(frozen=True)
class Saved:
    """A delivery that was made: its folder, its files with their rows, and what to look at.

    `warnings` are codes with their facts; `resumed` counts answers kept from an earlier try.
    """

    folder: Path
    table: str
    updated: str | None
    rows: Mapping[str, int]
    calls: int
    resumed: int
    holds: str
    warnings: Warnings


@dataclass
class Content:
    """What goes into a delivery: its files' bytes and entries, and the words around them."""

    title: str
    source: str
    address: str
    table: str
    updated: str | None
    note: str
    files: dict[str, bytes] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, body: bytes, rows: int | None, **entry: Any) -> None:
        """A file of the delivery and its entry; `rows` is blank for one that holds no figures."""
        self.files[name] = body
        self.entries.append({"file": name, "sha256": hashlib.sha256(body).hexdigest(), **entry})
        if rows is not None:
            self.rows[name] = rows


def now() -> datetime:
    """This moment, in the zone of the machine, to the second."""
    return datetime.now(UTC).astimezone().replace(microsecond=0)


def target(into: Path, name: str) -> Path:
    """Where today's delivery of that name goes. Raises `BarometerError` where there is one."""
    folder = into / name / now().date().isoformat()
    if folder.exists():
        raise BarometerError("fetch_exists", folder=folder)
    return folder


def save(folder: Path, parts: Parts, content: Content) -> None:
    """Writes the delivery beside the parts and moves all of it to `folder` at once.

    The delivery is read back before; raises `FaultsFound` where it would not be read.
    """
    for name, body in content.files.items():
        (parts.folder / name).write_bytes(body)
    described = _described(parts, content)
    (parts.folder / DESCRIPTION).write_text(described, "utf-8", newline="\n")
    for part in parts.parts:
        (parts.folder / str(part.file)).unlink(missing_ok=True)
    for name in (MANIFEST, ".gitignore"):
        (parts.folder / name).unlink(missing_ok=True)
    _, _, faults = describe(parts.folder, folder.parent.name)
    if faults:
        raise FaultsFound(faults)
    folder.parent.mkdir(parents=True, exist_ok=True)
    parts.folder.rename(folder)


def _described(parts: Parts, content: Content) -> str:
    import yaml

    moment = now()
    calls = [
        {"address": part.address, "query": part.query, "sha256": part.sha256}
        for part in parts.parts
    ]
    page = {
        "title": content.title,
        "source": content.source,
        "address": content.address,
        "received": moment.date(),
        "licence": addresses.LICENCE,
        "sureness": "high",
        "synthetic": False,
        "note": content.note,
        "fetched": {"at": moment, "updated": content.updated, "calls": calls},
        "files": content.entries,
    }
    if not content.note:
        del page["note"]
    return yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=100)


def columns(
    mapping: Codes | None, figures: Figures, hidden: set[str], indicator: str | None
) -> dict[str, Any]:
    """The `columns` of a delivery.yml: codes as the recipe maps them, periods as they were written,
    withheld figures as suppressed and empty ones as missing."""
    if mapping is None:
        return {}
    found: dict[str, Any] = {}
    if indicator is not None:
        found["indicator"] = {"constant": indicator}
    for dimension, coded in (("area", mapping.area), ("group", mapping.group)):
        if isinstance(coded, Coded):
            found[dimension] = {"column": figures.named(coded.variable), "map": dict(coded.codes)}
        elif coded is not None:
            found[dimension] = {"constant": coded}
    written = sorted(set(figures.column(mapping.period)))
    changed = {one: period_code(one) for one in written if period_code(one) != one}
    found["period"] = {"column": figures.named(mapping.period)}
    if changed:
        found["period"]["map"] = changed
    cells = set(figures.values)
    statuses = {cell: "suppressed" for cell in sorted(cells) if is_hidden(cell, hidden)}
    if "" in cells:
        statuses[""] = "missing"
    found["value"] = {"column": figures.value, "map": dict.fromkeys(statuses)}
    found["status"] = {"column": figures.value, "map": statuses, "otherwise": "reported"}
    found["unit"] = {"constant": mapping.unit}
    return found


def is_hidden(cell: str, hidden: set[str]) -> bool:
    """Whether the cell is written as a withheld figure; a number is one however it is printed."""
    if cell in hidden:
        return True
    try:
        number = float(cell.replace(",", "."))
        return any(number == float(one.replace(",", ".")) for one in hidden if one != WITHHELD)
    except ValueError:
        return False


def decimal_mark(cells: Sequence[str], lang: str) -> str:
    """The decimal mark that the figures are written with. Raises `BarometerError` for both."""
    numbers = [cell for cell in cells if any(sign.isdigit() for sign in cell)]
    marks = {mark for mark in ".," for cell in numbers if mark in cell}
    if len(marks) > 1:
        raise BarometerError("fetch_decimals")
    return marks.pop() if marks else {"da": ","}.get(lang, ".")
