"""The audit of a finished folder: every figure in every file is one the store shows, and together
they tell nothing that is hidden.

Files are read back as anybody reads them. A file of a kind that is not known here is a fault: a new
door must be registered before it is opened.
"""

from __future__ import annotations

import io
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from barometer_lib.edition import described
from barometer_lib.errors import Fault

Row = dict[str, Any]
Key = tuple[str, str, str, str]
KEY = ("indicator", "area", "group", "period")
NUMBERS = ("value", "low", "high", "numerator", "denominator", "sample_size")
CLOSE = 1e-6
# Files that hold words, columns and sums of bytes, no figures.
WORDS = frozenset(
    {"datapackage.json", "csv-metadata.json", "catalogue.ttl", "SHA256SUMS"}
    | set(described.NAMES.values())
)


def figures_in(path: str, content: bytes) -> Iterator[tuple[str | None, int, Row]] | None:
    """The rows of figures in a file: sheet, line and row. Blank for a kind that is not known."""
    place = PurePosixPath(path)
    if place.name in WORDS:
        return iter(())
    read = READERS.get(place.suffix)
    return None if read is None else read(content)


def check_files(
    files: Iterable[tuple[str, bytes]], stored: Iterable[Mapping[str, Any]]
) -> tuple[list[Row], list[Fault]]:
    """The measurements that the files show, and a fault for each figure the store does not show."""
    known: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in stored:
        known[_key(row)].append(row)
        known[_key(row)[:3]].append(row)
    shown: list[Row] = []
    faults: list[Fault] = []
    for path, content in files:
        rows = figures_in(path, content)
        if rows is None:
            faults.append(Fault("edition_door", path, mended_by="developer"))
            continue
        for sheet, line, row in rows:
            if not any(row.get(name) is not None for name in NUMBERS):
                continue
            # A status of a figure whose period is not known names the series alone.
            key = _key(row) if row["period"] or "reported_round" in row else _key(row)[:3]
            if not any(_same(row, one) for one in known[key]):
                faults.append(_fault(path, sheet, line, row))
            if "known_from" in row:
                shown.append(row)
    return shown, faults


def as_released(rows: Iterable[Row]) -> pa.Table:
    """The shown measurements as the attacker of `disclosure` takes them, in stored units."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        scale = 100 if row["unit"] in ("percent", "percentage_points") else 1
        value = None if row["value"] is None else row["value"] / scale
        one = {name: row[name] for name in RELEASED.names if name in row}
        one |= {"population_group": row["group"], "value": value, "known_until": None}
        found[(*_key(row), str(row["known_from"]), value)] = one
    return pa.Table.from_pylist(list(found.values()), schema=RELEASED)


RELEASED = pa.schema(
    [
        *[(name, pa.string()) for name in ("indicator", "area", "population_group", "period")],
        ("reported_round", pa.string()), ("value", pa.float64()), ("unit", pa.string()),
        ("decimals", pa.int32()), ("numerator", pa.float64()), ("denominator", pa.float64()),
        ("sample_size", pa.float64()), ("status", pa.string()), ("source", pa.string()),
        ("known_from", pa.date32()), ("known_until", pa.date32()), ("rounded_to", pa.int32()),
    ]
)  # fmt: skip


def _key(row: Mapping[str, Any]) -> Key:
    when = row["period"] or f"round {row.get('reported_round')}"
    return (row["indicator"], row["area"], row["group"], when)


def _same(row: Row, one: Mapping[str, Any]) -> bool:
    return all(
        one[name] is not None and math.isclose(row[name], one[name], rel_tol=CLOSE, abs_tol=CLOSE)
        for name in NUMBERS
        if row.get(name) is not None
    )


def _fault(path: str, sheet: str | None, line: int, row: Row) -> Fault:
    said = ", ".join(str(part) for part in _key(row))
    value = next(row[name] for name in NUMBERS if row.get(name) is not None)
    column = next(name for name in NUMBERS if row.get(name) is not None)
    return Fault(
        "edition_leak", path, line=line, column=column, sheet=sheet, found=f"{said}: {value:g}",
        mended_by="developer",
    )  # fmt: skip


def _table_rows(table: pa.Table) -> Iterator[tuple[None, int, Row]]:
    if set(KEY) <= set(table.column_names):
        for line, row in enumerate(table.to_pylist(), 2):
            yield None, line, row


def _from_csv(content: bytes) -> Iterator[tuple[None, int, Row]]:
    from pyarrow import csv

    types = {field.name: field.type for field in RELEASED} | {"group": pa.string()}
    types |= {name: pa.float64() for name in NUMBERS}
    options = csv.ConvertOptions(
        column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    return _table_rows(csv.read_csv(io.BytesIO(content), convert_options=options))


def _from_parquet(content: bytes) -> Iterator[tuple[None, int, Row]]:
    import pyarrow.parquet as pq

    return _table_rows(pq.read_table(io.BytesIO(content)))


def _from_workbook(content: bytes) -> Iterator[tuple[str, int, Row]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheet_names:
        head, *rows = book.get_sheet_by_name(sheet).to_python() or [[]]
        if not set(KEY) <= set(head):
            continue
        for line, cells in enumerate(rows, 2):
            row: Row = {
                str(name): None if cell == "" else cell
                for name, cell in zip(head, cells, strict=True)
            }
            row |= {name: None if row[name] is None else str(row[name]) for name in KEY}
            row.pop("known_from", None)  # the attacker reads the finer files
            yield sheet, line, row


def _from_json(content: bytes) -> Iterator[tuple[None, int, Row]]:
    from datetime import date

    told = json.loads(content)
    code = told["indicator"]["indicator"]
    for line, row in enumerate(told["figures"], 1):
        known = date.fromisoformat(row["known_from"])
        yield None, line, {**row, "indicator": code, "known_from": known}


READERS: Mapping[str, Callable[[bytes], Iterator[tuple[str | None, int, Row]]]] = {
    ".csv": _from_csv,
    ".parquet": _from_parquet,
    ".xlsx": _from_workbook,
    ".json": _from_json,
}
