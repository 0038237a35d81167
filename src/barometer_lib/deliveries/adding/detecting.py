"""How a file is written, found out and told line by line; what cannot be told is asked for."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from barometer_lib.deliveries.raw import named
from barometer_lib.deliveries.sheet_cells import text_of
from barometer_lib.deliveries.sheets import read_sheet, sheet_names
from barometer_lib.errors import BarometerError, Fault, FaultsFound

Tell = Callable[..., None]
DELIMITERS = (";", ",", "\t")
SHOWN = {"\t": "tab"}
LOOKED_AT = 20_000
READ = 4_000_000
COMMA = re.compile(r"(?a)[-−+]?\d+,\d+")
POINT = re.compile(r"(?a)[-−+]?\d+\.\d+")
THOUSANDS = re.compile(r"(?a)[-−+]?\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True)
class Detected:
    """How a file is written: what goes into its entry of `delivery.yml`, and its columns."""

    entry: dict[str, Any]
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]] = field(default=(), repr=False)


def detect(path: Path, given: dict[str, Any], tell: Tell) -> Detected:
    """Finds out how the file is written. `given` holds what is known already and is not asked.

    `tell` hears every finding with its reason. Raises `BarometerError` where two answers are
    possible: nothing is guessed.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise BarometerError("add_empty", file=path.name)
    if head.startswith(b"PK"):
        return _workbook(path, given, tell)
    if head.startswith(b"PAR1"):
        tell("format", format="parquet")
        return _parquet(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise BarometerError("add_old_excel", file=path.name)
    text = _text(path, given, tell)
    if text.lstrip()[:1] in ("{", "["):
        tell("format", format="json-stat")
        return Detected({"format": "json-stat"}, ())
    if not text.strip():
        raise BarometerError("add_empty", file=path.name)
    return _csv(path.name, text, given, tell)


def _parquet(path: Path) -> Detected:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        columns = named(read_schema(path).names)
    except (ArrowException, OSError) as error:
        raise BarometerError("add_format", file=path.name) from error
    return Detected({"format": "parquet"}, tuple(columns))


def _text(path: Path, given: dict[str, Any], tell: Tell) -> str:
    """The beginning of the file as text; the encoding is told, and kept in `given`."""
    content = path.read_bytes()
    if b"\0" in content[:READ]:
        raise BarometerError("add_format", file=path.name)
    if content.startswith(b"\xef\xbb\xbf"):
        given["encoding"] = "utf-8"
        tell("encoding_bom")
        return content[:READ].decode("utf-8-sig", "replace")
    if "encoding" in given:
        return content[:READ].decode(given["encoding"], "replace")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        given["encoding"] = "windows-1252"
        line = content[: error.start].count(b"\n") + 1
        tell("encoding_windows", line=line)
        try:
            return content.decode("windows-1252")[:READ]
        except UnicodeDecodeError as other:
            raise BarometerError("add_encoding", file=path.name) from other
    given["encoding"] = "utf-8"
    tell("encoding_ascii" if content.isascii() else "encoding_utf8")
    return content[:READ].decode("utf-8", "replace")


def _csv(name: str, text: str, given: dict[str, Any], tell: Tell) -> Detected:
    delimiter = given.get("delimiter") or _delimiter(name, text)
    shown = SHOWN.get(delimiter, delimiter)
    tell("delimiter", delimiter=shown)
    rows = _rows(text, delimiter)
    entry = {"format": "csv", "delimiter": delimiter, "encoding": given["encoding"]}
    layout = _layout([row for _, row in rows], [line for line, _ in rows], given, tell)
    at = next(number for number, (line, _) in enumerate(rows) if line == layout["header_row"])
    columns = named(rows[at][1])
    codes = [column.split(": ")[0].partition("[")[0] for column in columns]
    if codes[0] in ("DATAFLOW", "STRUCTURE") and "TIME_PERIOD" in codes:
        entry["format"] = "sdmx-csv"
        columns = [*(column.split(": ")[0] for column in columns), "status"]
    tell("format", format=entry["format"])
    body = [tuple(row) for _, row in rows[at + 1 :]]
    cells = [
        {"file": name, "line": line, "column": column, "found": cell.strip()}
        for line, row in rows[at + 1 :]
        for column, cell in zip(columns, row, strict=False)
    ]
    entry["decimal"] = given.get("decimal") or _decimal(cells, tell)
    return Detected(entry | layout, tuple(columns), body)


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, each with its line."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    found, before = [], 0
    for row in reader:
        if any(cell.strip() for cell in row):
            found.append((before + 1, row))
        before = reader.line_num
        if len(found) == LOOKED_AT:
            break
    return found


def _delimiter(name: str, text: str) -> str:
    """The sign that gives most rows the same number of cells. Raises where two do so equally."""
    scores = {}
    for one in DELIMITERS:
        widths = Counter(len(row) for _, row in _rows(text, one))
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width > 1:
            scores[one] = (rows / sum(widths.values()), width)
    best = max(scores.values(), default=None)
    found = [one for one, score in scores.items() if score == best]
    if len(found) != 1 or best is None or best[0] < 0.5:
        raise BarometerError("add_delimiter", file=name)
    return found[0]


def _layout(
    rows: Sequence[Sequence[str]], lines: Sequence[int], given: dict[str, Any], tell: Tell
) -> dict[str, Any]:
    """The row of the header, and the last row with figures where notes follow it."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    widest = max(filled)
    header = given.get("header_row")
    if header is None:
        header = lines[next(at for at, count in enumerate(filled) if count == widest)]
    if header not in lines:
        raise BarometerError("add_header", row=header)
    layout = {"header_row": header}
    if header > 1:
        tell("header_row", row=header)
    notes = len(rows)
    while notes and filled[notes - 1] <= 1 < widest - 1 and lines[notes - 1] > header:
        notes -= 1
    if notes < len(rows) and notes and len(rows) < LOOKED_AT:
        layout["last_row"] = lines[notes - 1]
        tell("last_row", row=lines[notes - 1], note=next(c for c in rows[notes] if c.strip()))
    return layout


def _decimal(cells: Sequence[dict[str, Any]], tell: Tell) -> str:
    """The decimal mark the figures are written with. Raises where it cannot be told, with the cell
    that leaves it open."""
    commas = [cell for cell in cells if COMMA.fullmatch(cell["found"])]
    points = [cell for cell in cells if POINT.fullmatch(cell["found"])]
    if not commas and not points:
        tell("decimal_none")
        return "."
    if commas and points:
        first, other = sorted((commas[0], points[0]), key=lambda cell: cell["line"])
        raise BarometerError("add_decimal", **other, other=first["found"], at=first["line"])
    mark, found = (",", commas) if commas else (".", points)
    if all(THOUSANDS.fullmatch(cell["found"]) for cell in found):
        raise BarometerError("add_thousands", **found[0])
    tell(f"decimal_{'comma' if mark == ',' else 'point'}", found=found[0]["found"])
    return mark


def _workbook(path: Path, given: dict[str, Any], tell: Tell) -> Detected:
    try:
        with ZipFile(path) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise BarometerError("add_format", file=path.name)
        names = sheet_names(path)
    except (BadZipFile, ValueError) as error:
        raise BarometerError("add_format", file=path.name) from error
    tell("format", format="xlsx")
    wanted = given.get("sheet")
    if wanted is None and len(names) > 1:
        raise BarometerError("add_sheet", sheets=", ".join(names))
    read = read_sheet(path, wanted, path.name)
    if isinstance(read, Fault):
        raise FaultsFound([replace(read, sheet=wanted)])
    sheet, cells, odd, _ = read
    tell("sheet", sheet=sheet)
    texts = [
        [text_of(cell, one.shown if (one := odd.get((r, c))) else None, ".") or ""
         for c, cell in enumerate(row)]
        for r, row in enumerate(cells)
    ]  # fmt: skip
    lines = [at + 1 for at, row in enumerate(texts) if any(cell.strip() for cell in row)]
    if not lines:
        raise BarometerError("add_empty", file=path.name)
    lines = lines[:LOOKED_AT]
    layout = _layout([texts[line - 1] for line in lines], lines, given, tell)
    top = layout["header_row"]
    entry = {"format": "xlsx"} | layout | ({"sheet": sheet} if len(names) > 1 else {})
    words = [[c for c in row if isinstance(c, str)] for row in cells[top:]]
    written = [cell for row in words for cell in row if COMMA.fullmatch(cell.strip())]
    entry["decimal"] = given.get("decimal") or ("," if written else ".")
    if written:
        tell("decimal_comma", found=written[0])
    header = texts[top - 1]
    width = max((at + 1 for at, cell in enumerate(header) if cell.strip()), default=0)
    return Detected(entry, tuple(named(header[:width])), [tuple(row) for row in texts[top:]])
