"""Delivered CSV files into DuckDB, untouched: every cell as text, every row with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.raw import (
    LINE,
    POSITION,
    RAW,
    RawFile,
    header_faults,
    literal,
    named,
    unread,
)
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


DELIMITERS = (",", ";", "\t")
TOLD = {"\t": "tab"}


def load_csv(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`; rows that cannot be read are faults.

    A file that is not of the encoding declared, whose columns cannot be told apart or whose quotes
    do not close is not read at all: no part of it could be trusted.
    """
    import duckdb

    con.execute(f"drop table if exists {RAW}")
    whole, faults = _decoded(path, spec, name)
    text = _from_header(whole, spec)
    header = named(next((row for _, row in _rows(text, spec)), []))
    if not header and not faults:
        faults.append(Fault("delivery_empty", name, mended_by="source"))
    faults.extend(_other_delimiter(header, spec, name))
    if not faults:
        faults.extend(_form_faults(text, spec, header, name))
    if faults:
        return unread(*faults)
    with TemporaryDirectory() as folder:
        recoded = Path(folder) / "recoded.csv"
        recoded.write_text(_one_line_end(text), "utf-8", newline="")
        try:
            rejected = _read(con, recoded, spec, header)
        except duckdb.Error as error:
            found = str(error).split("\n")[0]
            return unread(Fault("row_width", name, found=found, mended_by="source"))
    lines, rejected = _lines(text, spec, len(header), rejected)
    before = spec.header_row - 1
    faults = [
        Fault(
            "row_width",
            name,
            line=line + before,
            found=found,
            allowed=str(len(header)),
            mended_by="source",
        )
        for line, found in rejected
        if not spec.skips(line + before)
    ]
    counted = con.execute(f"select count(*) from {RAW}").fetchall()[0][0]
    if counted == 0 and not faults:
        faults.append(Fault("delivery_empty", name, mended_by="source"))
    _number(con, lines, before)
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


def header_of(line: str, spec: DeliveredFile) -> list[str]:
    """The names of the columns in a line of a CSV file."""
    return named(next((row for _, row in _rows(line, spec)), []))


def _from_header(text: str, spec: DeliveredFile) -> str:
    """The text from the line of the header on."""
    lines = text.split("\n", spec.header_row - 1)
    return lines[-1] if len(lines) == spec.header_row else ""


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


def _other_delimiter(header: Sequence[str], spec: DeliveredFile, name: str) -> Iterator[Fault]:
    """What is wrong where all cells come out as one, separated otherwise than declared."""
    wanted = {column for mapping in spec.columns.values() for column in mapping.names}
    if len(header) != 1 or not wanted or header[0] in wanted:
        return
    counts = {one: header[0].count(one) for one in DELIMITERS if one != spec.delimiter}
    found = max(counts, key=lambda one: counts[one])
    if counts[found]:
        yield Fault(
            "delimiter_other",
            name,
            line=spec.header_row,
            column="delimiter",
            found=TOLD.get(found, found),
            fields={"declared": TOLD.get(spec.delimiter, spec.delimiter)},
            mended_by="mapping",
        )


def _form_faults(
    text: str, spec: DeliveredFile, header: Sequence[str], name: str
) -> Iterator[Fault]:
    yield from header_faults(header, name, spec.header_row)
    if '"' not in text:
        return
    line = 0
    try:
        for start, row in _rows(text, spec, strict=True):
            line = start + sum(cell.count("\n") for cell in row)
    except csv.Error as error:
        yield Fault(
            "quotes", name, line=line + spec.header_row, found=str(error), mended_by="source"
        )


def _one_line_end(text: str) -> str:
    """The text as it is, or with one kind of line end where it has two."""
    mixed = 0 < text.count("\r\n") < text.count("\n")
    return text.replace("\r\n", "\n") if mixed else text


def _read(
    con: DuckDBPyConnection, path: Path, spec: DeliveredFile, header: list[str]
) -> list[tuple[int, str]]:
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in header)
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


def _number(con: DuckDBPyConnection, lines: list[int] | None, before: int) -> None:
    con.execute(f"alter table {RAW} add column {LINE} integer")
    if lines is None:
        con.execute(f"update {RAW} set {LINE} = {POSITION} + {before + 1}")
        return
    con.execute(
        f"update {RAW} set {LINE} = numbered.line + {before} "
        f"from (select unnest(range(1, len($lines) + 1)) "
        f"as position, unnest($lines) as line) numbered "
        f"where {RAW}.{POSITION} = numbered.position",
        {"lines": lines},
    )
