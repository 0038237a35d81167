"""Delivered CSV files into DuckDB, untouched: every cell as text, every row with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RAW = "raw_rows"
# Our own columns beside the delivered ones, under names that no delivered column has.
LINE = '"#line"'
POSITION = '"#position"'


@dataclass(frozen=True)
class RawFile:
    """A delivered file in a temporary table `raw_rows` (columns as delivered, and `#line`)."""

    columns: tuple[str, ...]
    rows: int
    faults: tuple[Fault, ...]


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def load_raw(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`; rows that cannot be read are faults.

    A file that is not of the encoding declared, whose columns cannot be told apart or whose quotes
    do not close is not read at all: no part of it could be trusted.
    """
    import duckdb

    from barometer_lib.deliveries.cells import load_cells

    if spec.format == "json-stat":
        return load_cells(con, path, name)
    con.execute(f"drop table if exists {RAW}")
    text, faults = _decoded(path, spec, name)
    header = _header(text, spec)
    if not header and not faults:
        faults.append(Fault("delivery_empty", name, mended_by="source"))
    faults.extend(_form_faults(text, spec, header, name))
    if faults:
        return RawFile((), 0, tuple(faults))
    with TemporaryDirectory() as folder:
        recoded = Path(folder) / "recoded.csv"
        recoded.write_text(_one_line_end(text), "utf-8", newline="")
        try:
            rejected = _read(con, recoded, spec, header)
        except duckdb.Error as error:
            found = str(error).split("\n")[0]
            return RawFile((), 0, (Fault("row_width", name, found=found, mended_by="source"),))
    lines, rejected = _lines(text, spec, len(header), rejected)
    faults = [
        Fault(
            "row_width", name, line=line, found=found, allowed=str(len(header)), mended_by="source"
        )
        for line, found in rejected
    ]
    counted = con.execute(f"select count(*) from {RAW}").fetchall()[0][0]
    if counted == 0 and not faults:
        faults.append(Fault("delivery_empty", name, mended_by="source"))
    _number(con, lines)
    return RawFile(tuple(header), counted, tuple(faults))


def _decoded(path: Path, spec: DeliveredFile, name: str) -> tuple[str, list[Fault]]:
    content = path.read_bytes()
    encoding = "utf-8-sig" if spec.encoding == "utf-8" else spec.encoding
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError as error:
        around = error.object[max(0, error.start - 10) : error.end + 10]
        fault = Fault(
            "not_encoded",
            name,
            line=error.object[: error.start].count(b"\n") + 1,
            found=around.decode("ascii", "backslashreplace"),
            mended_by="mapping",
            fields={"encoding": spec.encoding},
        )
        return "", [fault]


def _rows(
    text: str, spec: DeliveredFile, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line it begins in; blank lines give none."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=spec.delimiter, strict=strict)
    before = 0
    for row in rows:
        if row:
            yield before + 1, row
        before = rows.line_num


def _header(text: str, spec: DeliveredFile) -> list[str]:
    """The names of the columns; a column without a name is called by its number."""
    first = next((row for _, row in _rows(text, spec)), [])
    return [name.strip() or f"#{number}" for number, name in enumerate(first, start=1)]


def _form_faults(
    text: str, spec: DeliveredFile, header: Sequence[str], name: str
) -> Iterator[Fault]:
    folded = [column.casefold() for column in header]
    for column in sorted({one for one in header if folded.count(one.casefold()) > 1}):
        yield Fault("column_twice", name, line=1, found=column, mended_by="source")
    if '"' not in text:
        return
    line = 0
    try:
        for start, row in _rows(text, spec, strict=True):
            line = start + sum(cell.count("\n") for cell in row)
    except csv.Error as error:
        yield Fault("quotes", name, line=line + 1, found=str(error), mended_by="source")


def _one_line_end(text: str) -> str:
    """The text as it is, or with one kind of line end where it has two."""
    mixed = 0 < text.count("\r\n") < text.count("\n")
    return text.replace("\r\n", "\n") if mixed else text


def _read(
    con: DuckDBPyConnection, path: Path, spec: DeliveredFile, header: list[str]
) -> list[tuple[int, str]]:
    columns = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in header)
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    con.execute(
        f"create temp table {RAW} as select *, row_number() over () as {POSITION} from read_csv("
        f"$path, header = true, auto_detect = false, delim = $delim, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, store_rejects = true, nullstr = '', parallel = false)",
        {"path": str(path), "delim": spec.delimiter},
    )
    # A row with too few cells is rejected once for each that it lacks.
    rejects = con.execute(
        "select line, first(error_message order by column_idx) from reject_errors "
        "group by line, line_byte_position order by line"
    ).fetchall()
    return [(int(line), str(message).split("\n")[0]) for line, message in rejects]


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _lines(
    text: str, spec: DeliveredFile, width: int, rejected: list[tuple[int, str]]
) -> tuple[list[int] | None, list[tuple[int, str]]]:
    """First line of each accepted row (`None` where row n simply stands in line n + 1), and the
    rejected rows at their true lines: DuckDB does not count the line breaks inside quotes."""
    unix = text.replace("\r\n", "\n")
    plain = '"' not in text and "\n\n" not in unix and not unix.startswith("\n")
    if plain and not rejected:
        return None, rejected
    good: list[int] = []
    bad: list[int] = []
    for line, row in _rows(text, spec):
        (good if len(row) == width else bad).append(line)
    if len(bad) == len(rejected):
        rejected = [(line, found) for line, (_, found) in zip(bad, rejected, strict=True)]
    return good[1:], rejected


def _number(con: DuckDBPyConnection, lines: list[int] | None) -> None:
    con.execute(f"alter table {RAW} add column {LINE} integer")
    if lines is None:
        con.execute(f"update {RAW} set {LINE} = {POSITION} + 1")
        return
    con.execute(
        f"update {RAW} set {LINE} = numbered.line from (select unnest(range(1, len($lines) + 1)) "
        f"as position, unnest($lines) as line) numbered "
        f"where {RAW}.{POSITION} = numbered.position",
        {"lines": lines},
    )
