"""A store that grows by a delivery: a copy of its file, in which only what was touched changes.

The build decides what is touched and works it out; here it is read and put in its place. The copy
belongs to the build alone until it is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib.errors import StoreError
from barometer_lib.store.writing import SCHEMAS, not_written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SERIES = ("indicator", "area", "population_group")
CELL = (*SERIES, "period", "reported_round")


def built_from(path: Path) -> dict[str, dict[str, str]]:
    """The checksums of what each dataset of a store was built from; empty where it tells none."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as con:
            have = con.execute(
                "select schema_name from duckdb_tables() where table_name = 'built_from'"
            ).fetchall()
            return {
                schema: dict(con.execute(f"from {schema}.built_from").fetchall())
                for (schema,) in have
                if schema in SCHEMAS
            }
    except duckdb.Error as error:
        problem = str(error).split("\n")[0]
        raise StoreError("store_unreadable", path=str(path), problem=problem) from error


@contextmanager
def growing(path: Path) -> Iterator[DuckDBPyConnection]:
    """The copy, open to be changed; all or nothing of what is done is in it afterwards."""
    import duckdb

    try:
        with duckdb.connect(str(path)) as con:
            con.execute("begin")
            yield con
            con.execute("commit")
            con.execute("checkpoint")
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        raise not_written(path.parent, error) from error


class Dataset:
    """One dataset of a store that is open to be changed."""

    def __init__(self, con: DuckDBPyConnection, schema: str) -> None:
        self.con = con
        self.schema = schema

    def table(self, name: str, where: str = "true", values: Collection[str] = ()) -> pa.Table:
        """The rows of a table, in their order; `where` may ask `list_contains($values, ...)`."""
        bound = {"values": list(values)} if values else None
        return self.con.sql(
            f'select * from {self.schema}."{name}" where {where} order by rowid', params=bound
        ).to_arrow_table()

    def about(self, column: str) -> set[str]:
        """The tables that have a column of this name."""
        rows = self.con.execute(
            """select table_name from duckdb_columns() where schema_name = $schema
            and column_name = $column and table_name in (select table_name from duckdb_tables())""",
            {"schema": self.schema, "column": column},
        ).fetchall()
        return {str(name) for (name,) in rows}

    def figures(self, indicators: Collection[str]) -> pa.Table:
        """Every vintage of some indicators, by series and time."""
        return self.con.sql(
            f"""select * from {self.schema}.measurement_vintage
            where list_contains($values, indicator) order by series_id, period_end nulls last,
            coalesce(period, 'round ' || reported_round, ''), known_from""",
            params={"values": sorted(indicators)},
        ).to_arrow_table()

    def insert(self, name: str, rows: pa.Table) -> None:
        """Rows at the end of a table; columns go by name."""
        if rows.num_rows:
            self.con.register("incoming", rows)
            self.con.execute(f'insert into {self.schema}."{name}" by name from incoming')
            self.con.unregister("incoming")

    def replace(self, name: str, rows: pa.Table, key: str, gone: pa.Array) -> None:
        """The rows whose `key` is among `gone` make room for others."""
        self.con.register("gone", pa.table({"gone": gone}))
        self.con.execute(f'delete from {self.schema}."{name}" where "{key}" in (from gone)')
        self.con.unregister("gone")
        self.insert(name, rows)

    def replace_all(self, tables: Mapping[str, pa.Table]) -> None:
        """Whole tables in the place of what they held."""
        for name, rows in tables.items():
            self.con.execute(f'delete from {self.schema}."{name}"')
            self.insert(name, rows)

    def end(self, ended: pa.Table) -> None:
        """Sets `known_until` of vintages that were replaced (by series, cell and `known_from`)."""
        same = " and ".join(
            f"m.{name} is not distinct from e.{name}" for name in (*CELL[3:], "known_from")
        )
        self.con.register("ended", ended)
        self.con.execute(
            f"""update {self.schema}.measurement_vintage m set known_until = e.known_until
            from ended e where m.series_id = e.series_id and {same} and m.known_until is null"""
        )
        self.con.unregister("ended")

    def add_series(self) -> int:
        """Puts the series of figures that are new into the dictionary; how many there were."""
        found = self.con.execute(
            f"""insert into {self.schema}.series by name
            select distinct series_id, indicator, area, population_group
            from {self.schema}.measurement_vintage m
            where not exists (from {self.schema}.series s where s.series_id = m.series_id)"""
        ).fetchall()
        return int(found[0][0])

    def renumber(self) -> None:
        """Numbers the series anew, in the order of their codes, everywhere they stand."""
        self.con.execute(
            f"""create or replace temp table renumbered as select * from (select series_id as old,
            row_number() over (order by indicator, area, population_group) - 1 as new
            from {self.schema}.series) where old <> new"""
        )
        tables = self.con.execute(
            """select distinct table_name from duckdb_columns() where schema_name = $schema
            and column_name = 'series_id' and table_name in (select table_name from duckdb_tables())
            order by 1""",
            {"schema": self.schema},
        ).fetchall()
        for (name,) in tables:
            self.con.execute(
                f"""update {self.schema}."{name}" set series_id = new from renumbered
                where series_id = old"""
            )
        self.con.execute("drop table renumbered")

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        names = self.con.execute(
            "select table_name from duckdb_tables() where schema_name = $schema order by 1",
            {"schema": self.schema},
        ).fetchall()
        found = {}
        for (name,) in names:
            rows = self.con.execute(f'select count(*) from {self.schema}."{name}"').fetchall()
            found[f"{self.schema}.{name}"] = int(rows[0][0])
        return found
