"""Delivered CSV files into DuckDB, untouched: every cell as text, every row with its line."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RAW = "raw_rows"


@dataclass(frozen=True)
class RawFile:
    """A delivered file in a temporary table `raw_rows` (columns as delivered, and `line`)."""

    columns: tuple[str, ...]
    rows: int
    faults: tuple[Fault, ...]


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def load_raw(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`; rows that cannot be read are faults."""
    con.execute(f"drop table if exists {RAW}")
    with TemporaryDirectory() as folder:
        text = path
        if spec.encoding != "utf-8":
            text = Path(folder) / "recoded.csv"
            text.write_text(path.read_text(spec.encoding), "utf-8", newline="")
        try:
            header = _header(text, spec)
        except UnicodeDecodeError as error:
            found = str(error.object[max(0, error.start - 10) : error.end + 10])
            return RawFile((), 0, (Fault("not_utf8", name, found=found, mended_by="mapping"),))
        if not header:
            return RawFile((), 0, (Fault("delivery_empty", name, mended_by="source"),))
        rejected = _read(con, text, spec, header)
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


def _header(path: Path, spec: DeliveredFile) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream, delimiter=spec.delimiter), [])


def _read(
    con: DuckDBPyConnection, path: Path, spec: DeliveredFile, header: list[str]
) -> list[tuple[int, str]]:
    columns = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in header)
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    con.execute(
        f"create temp table {RAW} as select *, row_number() over () as position from read_csv("
        f"$path, header = true, auto_detect = false, delim = $delim, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, store_rejects = true, nullstr = '', parallel = false)",
        {"path": str(path), "delim": spec.delimiter},
    )
    rejects = con.execute("select line, error_message from reject_errors order by line").fetchall()
    return [(int(line), str(message).split("\n")[0]) for line, message in rejects]


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _lines(
    path: Path, spec: DeliveredFile, width: int, rejected: list[tuple[int, str]]
) -> tuple[list[int] | None, list[tuple[int, str]]]:
    """First line of each accepted row (`None` where row n simply stands in line n + 1), and the
    rejected rows at their true lines: DuckDB does not count the line breaks inside quotes."""
    text = path.read_text("utf-8-sig")
    plain = '"' not in text and "\n\n" not in text.replace("\r\n", "\n")
    if plain and not rejected:
        return None, rejected
    good: list[int] = []
    bad: list[int] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, delimiter=spec.delimiter)
        before = 0
        for row in rows:
            if row:
                (good if len(row) == width else bad).append(before + 1)
            before = rows.line_num
    if len(bad) == len(rejected):
        rejected = [(line, found) for line, (_, found) in zip(bad, rejected, strict=True)]
    return good[1:], rejected


def _number(con: DuckDBPyConnection, lines: list[int] | None) -> None:
    con.execute(f"alter table {RAW} add column line integer")
    if lines is None:
        con.execute(f"update {RAW} set line = position + 1")
        return
    con.execute(
        f"update {RAW} set line = numbered.line from (select unnest(range(1, len($lines) + 1)) as "
        f"position, unnest($lines) as line) numbered where {RAW}.position = numbered.position",
        {"lines": lines},
    )
