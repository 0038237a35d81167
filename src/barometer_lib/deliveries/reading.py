"""Delivered files of every format into one table of text, and into the shape the mapping needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from barometer_lib.deliveries.cells import load_cells
from barometer_lib.deliveries.csv_rows import load_csv
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.parquet import load_parquet
from barometer_lib.deliveries.raw import BLOCK, LINE, POSITION, RAW, RawFile, literal, quoted
from barometer_lib.deliveries.sdmx import load_sdmx
from barometer_lib.deliveries.shape import Wide
from barometer_lib.deliveries.sheets import load_sheet
from barometer_lib.errors import Fault, nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["load_raw"]


def load_raw(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`: columns as delivered, and `#line`.

    Declared rows are left out and declared blocks of columns turned into rows. Rows that cannot be
    read are faults; a file of which no part could be trusted is not read at all.
    """
    if spec.format == "json-stat":
        raw = load_cells(con, path, name)
    elif spec.format == "xlsx":
        raw = load_sheet(con, path, spec, name)
    elif spec.format == "parquet":
        raw = load_parquet(con, path, spec, name)
    elif spec.format == "sdmx-csv":
        raw = load_sdmx(con, path, spec, name)
    else:
        raw = load_csv(con, path, spec, name)
    return _shaped(con, raw, spec, name) if raw.columns else raw


def _shaped(con: DuckDBPyConnection, raw: RawFile, spec: DeliveredFile, name: str) -> RawFile:
    lost = list(_unknown_columns(raw, spec, name))
    if lost:
        return RawFile((), 0, (*raw.faults, *lost))
    _without_rows(con, spec)
    columns = raw.columns
    if spec.wide is not None:
        columns = _long(con, raw, spec.wide)
    rows = con.execute(f"select count(*) from {RAW}").fetchall()[0][0]
    faults = raw.faults
    if rows == 0 and not faults:
        faults = (Fault("delivery_empty", name, sheet=spec.sheet, mended_by="mapping"),)
    blocks = () if spec.wide is None else tuple(spec.wide.blocks)
    return RawFile(columns, rows, faults, blocks, raw.sheet)


def _unknown_columns(raw: RawFile, spec: DeliveredFile, name: str) -> Iterator[Fault]:
    """Columns that the shape names and the file does not have."""
    named = {"leave_out": list(spec.leave_out)}
    if spec.wide is not None:
        named["wide"] = spec.wide.columns
        kept = [one for one in raw.columns if one not in spec.wide.columns]
        for new in (spec.wide.label, *spec.wide.values):
            if new.casefold() in {one.casefold() for one in kept}:
                yield Fault(
                    "column_twice",
                    name,
                    sheet=spec.sheet,
                    column="wide",
                    found=new,
                    mended_by="mapping",
                )
    for part, columns in named.items():
        for column in columns:
            if column not in raw.columns:
                yield Fault(
                    "column_missing",
                    name,
                    sheet=spec.sheet,
                    line=spec.header_row,
                    column=part,
                    found=column,
                    allowed=", ".join(raw.columns),
                    nearest=tuple(nearest(column, raw.columns)),
                    mended_by="mapping",
                )


def _without_rows(con: DuckDBPyConnection, spec: DeliveredFile) -> None:
    """Takes out what is declared to hold no figures."""
    tests = []
    if spec.skip_rows:
        tests.append(f"{LINE} in ({', '.join(map(str, spec.skip_rows))})")
    if spec.last_row is not None:
        tests.append(f"{LINE} > {spec.last_row}")
    for column, codes in spec.leave_out.items():
        listed = ", ".join(literal(code) for code in codes)
        tests.append(f"coalesce({quoted(column)}, '') in ({listed})")
    if tests:
        con.execute(f"delete from {RAW} where {' or '.join(tests)}")


def _long(con: DuckDBPyConnection, raw: RawFile, wide: Wide) -> tuple[str, ...]:
    """Each row once for every column of the block, in the order of the file."""
    kept = [column for column in raw.columns if column not in wide.columns]
    parts = []
    for number, (label, block) in enumerate(zip(wide.labels, wide.blocks, strict=True)):
        columns = [quoted(column) for column in kept]
        columns.append(f"{literal(label)} as {quoted(wide.label)}")
        columns += [f"{quoted(old)} as {quoted(new)}" for new, old in block.items()]
        parts.append(f"select {', '.join(columns)}, {LINE}, {number} as {BLOCK} from {RAW}")
    con.execute(
        f"create or replace temp table long_rows as select *, row_number() over () as {POSITION} "
        f"from ({' union all '.join(parts)} order by {LINE}, {BLOCK})"
    )
    con.execute(f"drop table {RAW}; alter table long_rows rename to {RAW}")
    return (*kept, wide.label, *wide.values)
