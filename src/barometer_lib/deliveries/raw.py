"""A delivered file as one table of text: its columns as delivered, each row with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RAW = "raw_rows"
# Our own columns beside the delivered ones, under names that no delivered column has.
LINE = '"#line"'
POSITION = '"#position"'
BLOCK = '"#block"'


@dataclass(frozen=True)
class RawFile:
    """A delivered file in a temporary table `raw_rows` (columns as delivered, and `#line`).

    `blocks` is filled where columns were turned into rows: for each column of the block, which
    column of the file the new columns were read from.
    """

    columns: tuple[str, ...]
    rows: int
    faults: tuple[Fault, ...]
    blocks: tuple[Mapping[str, str], ...] = ()
    sheet: str | None = None


def unread(*faults: Fault) -> RawFile:
    """A file of which no part could be trusted."""
    return RawFile((), 0, faults)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(word: str) -> str:
    """An SQL text."""
    return "'" + word.replace("'", "''") + "'"


def named(header: Sequence[str]) -> list[str]:
    """The names of the columns; a column without a name is called by its number."""
    return [name.strip() or f"#{number}" for number, name in enumerate(header, start=1)]


def header_faults(
    header: Sequence[str], name: str, line: int | None, sheet: str | None = None
) -> list[Fault]:
    """Columns whose names cannot be told apart."""
    folded = [column.casefold() for column in header]
    twice = sorted({one for one in header if folded.count(one.casefold()) > 1})
    return [
        Fault("column_twice", name, sheet=sheet, line=line, found=column, mended_by="source")
        for column in twice
    ]


def fill(
    con: DuckDBPyConnection,
    columns: Sequence[str],
    cells: Sequence[Sequence[str | None]],
    lines: Sequence[int],
) -> RawFile:
    """Makes `raw_rows` of columns of text; `lines` says where each row stands in its file."""
    import pyarrow as pa

    con.execute(f"drop table if exists {RAW}")
    texts = [pa.array(column, pa.string()) for column in cells]
    positions = pa.array(range(1, len(lines) + 1), pa.int64())
    table = pa.table(
        [*texts, positions, pa.array(lines, pa.int32())],
        [*columns, POSITION.strip('"'), LINE.strip('"')],
    )
    con.register("delivered_rows", table)
    con.execute(f"create temp table {RAW} as select * from delivered_rows")
    con.unregister("delivered_rows")
    return RawFile(tuple(columns), len(lines), ())
