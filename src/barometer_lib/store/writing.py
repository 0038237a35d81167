"""One dataset's tables into a new store file."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.errors import StoreError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMAS = ("published", "demo")


def write(path: Path, datasets: Mapping[str, Mapping[str, pa.Table]]) -> None:
    """Creates the file at `path` with one schema per dataset; columns go by name.

    A column that the layout does not have, or a blank where the layout allows none, is an error
    of the build and leaves nothing behind that a pointer names. Raises `StoreError` where the
    place is full or cannot be written to.
    """
    import duckdb

    try:
        with duckdb.connect(str(path)) as con:
            for schema, tables in datasets.items():
                con.execute(_sql("schema.sql", schema))
                for name, table in tables.items():
                    _insert(con, schema, name, table)
                con.execute(_sql("views.sql", schema))
            con.execute("checkpoint")
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        raise not_written(path.parent, error) from error


def not_written(folder: Path, error: Exception) -> StoreError:
    """What is told where the disk below `folder` did not take what was written."""
    problem = str(error).split("\n")[0][:200]
    return StoreError("store_not_written", folder=str(folder), problem=problem)


def temporary(pointer: Path) -> Path:
    """The system's folder for temporary files. Raises `StoreError` where none takes any."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise not_written(pointer.parent, error) from error


def _sql(page: str, schema: str) -> str:
    text = resources.files(__package__).joinpath(page).read_text("utf-8")
    return text.replace("{schema}", schema)


def _insert(con: DuckDBPyConnection, schema: str, name: str, table: pa.Table) -> None:
    if table.num_rows == 0:
        return
    con.register("incoming", table)
    con.execute(f'insert into {schema}."{name}" by name select * from incoming')
    con.unregister("incoming")


def vintages(tables: list[pa.Table]) -> pa.Table:
    """All delivered measurements as vintages: `known_until` is set where a later one replaced it.

    A value delivered again unchanged is no new vintage. A correction follows what was delivered
    the same day; a retracted figure ends and has no vintage after. Sorted by series and time.
    """
    import duckdb

    with duckdb.connect(":memory:") as con:
        con.register("delivered", pa.concat_tables(tables, promote_options="default"))
        return con.sql(
            """with keyed as (
                select *, coalesce(period, 'round ' || reported_round, '') as moment from delivered
            ), marked as (
                select *, lag(value) over w is not distinct from value
                    and lag(numerator) over w is not distinct from numerator
                    and lag(denominator) over w is not distinct from denominator
                    and lag(sample_size) over w is not distinct from sample_size
                    and lag(status) over w is not distinct from status
                    and lag(published_change) over w is not distinct from published_change
                    and lag(known_from) over w is not null as repeated
                from keyed window w as (partition by indicator, area, population_group, moment
                    order by known_from, delivery = 'corrections', delivery, line)
            ), ended as (
                select * exclude (repeated), lead(known_from) over (
                    partition by indicator, area, population_group, moment
                    order by known_from, delivery = 'corrections', delivery, line
                ) as known_until
                from marked where not repeated
            )
            select * exclude (moment) from ended where status <> 'retracted'
            order by indicator, area, population_group, period_end nulls last, moment, known_from"""
        ).to_arrow_table()


SERIES = ("indicator", "area", "population_group")


def numbered(figures: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The dictionary of series, and the figures (sorted by series) with their `series_id`."""
    changed = np.ones(figures.num_rows, bool)
    if figures.num_rows:
        changed[1:] = False
    for name in SERIES:
        codes = pc.dictionary_encode(figures[name].combine_chunks()).indices.to_numpy()
        changed[1:] |= codes[1:] != codes[:-1]
    series = figures.select(list(SERIES)).filter(pa.array(changed))
    if series.group_by(list(SERIES)).aggregate([]).num_rows < series.num_rows:
        raise ValueError("the figures are not sorted by series")
    number = pa.array(np.cumsum(changed) - 1, pa.int32())
    ids = pa.array(np.arange(series.num_rows), pa.int32())
    return series.add_column(0, "series_id", ids), figures.add_column(0, "series_id", number)


def content_digest(path: Path) -> str:
    """A checksum of everything a store holds, the same for the same content in any order."""
    import duckdb

    digest = hashlib.sha256()
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by 1, 2"
        ).fetchall()
        for schema, name in tables:
            rows = con.execute(
                f'select whole::varchar from {schema}."{name}" whole order by 1'
            ).fetchall()
            digest.update(f"{schema}.{name}:{len(rows)}\n".encode())
            for (row,) in rows:
                digest.update(row.encode())
    return digest.hexdigest()
