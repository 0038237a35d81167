"""Delivered Parquet files into DuckDB: every value as text, every row with its number."""

from __future__ import annotations

from pathlib import Path
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
    quoted,
    unread,
)
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REAL = ("DOUBLE", "FLOAT")
NESTED = ("STRUCT", "MAP", "UNION", "[]", "BLOB")


def load_parquet(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`. Row 1 is the first: there is no header row.

    Numbers are written with the decimal mark declared and without exponent, days as year-month-day.
    """
    import duckdb
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    con.execute(f"drop table if exists {RAW}")
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        described = con.execute(f"describe select * from {source}").fetchall()
        columns = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
        # DuckDB would call the second of two columns of one name by another.
        header = named(read_schema(path).names)
        faults = header_faults(header, name, None)
        faults += [
            Fault("parquet_nested", name, column=column, found=kind, mended_by="source")
            for column, kind in columns.items()
            if any(word in kind for word in NESTED)
        ]
        if faults:
            return unread(*faults)
        texts = ", ".join(
            f"{_text(column, kind, spec.decimal)} as {quoted(new)}"
            for new, (column, kind) in zip(header, columns.items(), strict=True)
        )
        con.execute(
            f"create temp table {RAW} as select {texts}, file_row_number + 1 as {POSITION}, "
            f"(file_row_number + 1)::integer as {LINE} from {source}"
        )
    except (duckdb.Error, ArrowException, OSError) as error:
        found = str(error).split("\n")[0][:120]
        return unread(Fault("parquet_form", name, found=found, mended_by="source"))
    rows = con.execute(f"select count(*) from {RAW}").fetchall()[0][0]
    if rows == 0:
        return unread(Fault("delivery_empty", name, mended_by="source"))
    return RawFile(tuple(header), rows, ())


def _text(column: str, kind: str, decimal: str) -> str:
    """A value as text; text that is empty is blank, as in a CSV file."""
    text = f"{quoted(column)}::varchar"
    if kind in REAL:
        # DuckDB writes very large and very small numbers with an exponent.
        long = f"rtrim(rtrim(printf('%.20f', {quoted(column)}::double), '0'), '.')"
        text = f"case when contains({text}, 'e') then {long} else {text} end"
        text = f"regexp_replace({text}, '\\.0$', '')"
    if kind in REAL or kind.startswith("DECIMAL"):
        return text if decimal == "." else f"replace({text}, '.', '{decimal}')"
    return f"nullif({text}, '')"
