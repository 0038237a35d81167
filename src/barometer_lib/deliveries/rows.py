"""The rows of a plain table that no catalogue describes: CSV, Excel or a YAML list, as it stands.

For structures, component scores and answers that an analyst hands in. Every row comes with its
line, so that a fault can be told by file, line and column.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from barometer_lib.errors import BadInput, Fault, FaultsFound

Line = tuple[int, dict[str, Any]]
DELIMITERS = ",;\t"


def rows_of(path: Path) -> list[Line]:
    """The rows below the header, each with its line number (the header is line 1).

    Raises `BadInput` for a file that is not there or of another kind, `FaultsFound` for a row of
    another width and a column named twice.
    """
    if not path.is_file():
        raise BadInput("no_file", path=str(path))
    kind = path.suffix.lower()
    if kind in (".yml", ".yaml"):
        return _yaml(path)
    if kind in (".xlsx", ".xls", ".ods", ".xlsb"):
        return _named(path, _excel(path))
    if kind in (".csv", ".tsv", ".txt"):
        return _named(path, _csv(path))
    raise BadInput("file_kind", path=str(path), known="csv, tsv, xlsx, ods, yml")


def _csv(path: Path) -> list[list[Any]]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("windows-1252")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    return [list(row) for row in csv.reader(text.splitlines(), delimiter=delimiter)]


def _excel(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise BadInput("file_unreadable", path=str(path), problem=str(error)) from error


def _named(path: Path, rows: list[list[Any]]) -> list[Line]:
    if not rows:
        raise BadInput("file_empty", path=str(path))
    header = [str(name).strip() for name in rows[0]]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [
        Fault("row_twice", path.name, line=1, column=name, found=name, fields={"first": 1})
        for name in twice
    ]
    found: list[Line] = []
    for line, row in enumerate(rows[1:], start=2):
        if all(value is None or str(value).strip() == "" for value in row):
            continue
        if len(row) != len(header):
            faults.append(
                Fault(
                    "row_width",
                    path.name,
                    line=line,
                    found=str(len(row)),
                    allowed=str(len(header)),
                )
            )
            continue
        found.append((line, dict(zip(header, row, strict=True))))
    if faults:
        raise FaultsFound(faults)
    return found


def _yaml(path: Path) -> list[Line]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise BadInput("file_unreadable", path=str(path), problem=str(error)) from error
    rows = content.get("indicators") if isinstance(content, dict) else content
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("file_unreadable", path=str(path), problem="a list of mappings is wanted")
    return [(number, dict(row)) for number, row in enumerate(rows, start=1)]
