"""Read-only sessions: the current store, or what was known in a round or on a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.errors import BadInput, NotFound, StoreError
from barometer_lib.store.known_then import known_then
from barometer_lib.store.pointer import Version, pointer_path, resolve

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATASETS = ("published", "demo")
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Session:
    """A read-only look at one dataset of the store. `day` is the day whose knowledge is shown."""

    connection: DuckDBPyConnection
    dataset: str
    version: Version
    day: date | None = None

    def rows(self, sql: str, values: Values | None = None) -> list[dict[str, Any]]:
        """The rows a statement gives, as plain mappings; values are bound, never pasted in."""
        result = self.connection.execute(sql, dict(values or {}))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def codes(self, sql: str, values: Values | None = None) -> list[str]:
        """The first column of a statement's rows."""
        return [next(iter(row.values())) for row in self.rows(sql, values)]


CATALOG = "barometer"
LOOKS = 3


def check_dataset(dataset: str) -> str:
    """The dataset's name, if there is one of that name."""
    if dataset not in DATASETS:
        raise NotFound("dataset", dataset, DATASETS)
    return dataset


@contextmanager
def session(
    store: Path | str | None = None,
    dataset: str = "published",
    day: date | None = None,
    *,
    whole: bool = False,
) -> Iterator[Session]:
    """Opens the version the pointer names now, read-only, and closes it again.

    With `day` the views `measurement` and `latest` show what was known on that day; with `whole`
    everything else that has a day does too (`known_then`). Raises
    `StoreError` where there is no store or it cannot be read, `NotFound` for a dataset that does
    not exist.
    """
    check_dataset(dataset)
    con, version = _opened(pointer_path(store))
    try:
        use_dataset(con, dataset, version.path)
        if day is not None:
            _as_of(con, dataset, day)
            if whole:
                known_then(con, f"{CATALOG}.{dataset}", day)
        yield Session(con, dataset, version, day)
    finally:
        con.close()


def use_dataset(con: DuckDBPyConnection, dataset: str, path: Path | str) -> None:
    """Makes the dataset's tables the ones meant. Raises `StoreError` where the store has none."""
    import duckdb

    try:
        con.execute(f"use {CATALOG}.{dataset}")
    except duckdb.Error as error:
        raise StoreError("store_without", path=str(path), dataset=dataset) from error


def _opened(pointer: Path) -> tuple[DuckDBPyConnection, Version]:
    """The version the pointer names, open. A version that went while it was being opened (later
    ones were published) is no fault: the pointer is read again."""
    for _ in range(LOOKS - 1):
        try:
            return _attached(resolve(pointer))
        except StoreError as error:
            if error.code not in ("store_pointer", "store_unreadable"):
                raise
    return _attached(resolve(pointer))


def _attached(version: Version) -> tuple[DuckDBPyConnection, Version]:
    import duckdb

    con = duckdb.connect(":memory:", config={"threads": "1", "memory_limit": "1GB"})
    try:
        con.execute(f"attach '{_escaped(version.path)}' as {CATALOG} (read_only)")
    except duckdb.Error as error:
        con.close()
        problem = str(error).split("\n")[0]
        raise StoreError("store_unreadable", path=str(version.path), problem=problem) from error
    return con, version


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _as_of(con: DuckDBPyConnection, dataset: str, day: date) -> None:
    con.execute(
        f"""create temp view measurement as
        select * exclude (known_until), case when unit in ('percent', 'percentage_points')
            then round(value * 100, decimals) else value end as printed
        from {CATALOG}.{dataset}.measurement_vintage
        where known_from <= date '{day.isoformat()}'
          and (known_until is null or known_until > date '{day.isoformat()}')"""
    )
    con.execute(
        """create temp view latest as
        select * from temp.measurement where value is not null and status = 'reported'
        qualify row_number() over (partition by indicator, area, population_group
          order by period_end desc nulls last, known_from desc) = 1"""
    )


def parse_day(text: str) -> date:
    """A day written year-month-day. Raises `BadInput` for anything else."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("bad_date", asked=text) from error
