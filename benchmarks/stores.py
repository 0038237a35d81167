"""A country's store: questions to it, how it lies on the disk, and how it grows by a delivery."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import country as register
from benchmarks import national
from benchmarks.measure import Finding, compare, here

MOST_GROWN = 0.1
LEAST_SUMMARY = 3
LEAST_SORTED = {"european": 8}
A_SECOND = 1.0
TIMES = 10
SERIES = int(register.SHARE * national.SERIES["national"])
MAIN = "from barometer_lib.cli import main; main()"


def _country(folder: Path) -> tuple[Path, Path]:
    """The country's data folder, and the pointer of a store built whole from it; made once."""
    from barometer_lib.build import build

    place, pointer = folder / "country", folder / "country" / "whole.json"
    if not place.exists():
        place.mkdir()
        build(register.folder(place), pointer)
    return place / "data", pointer


def growing(folder: Path) -> Iterator[Finding]:
    """I: a build after one delivery that touched 1 % of the series, against the whole build."""
    from barometer_lib.build import build
    from barometer_lib.store import resolve

    data, pointer = _country(folder)
    register.later(data, SERIES)
    grown = here(lambda: build(data, pointer))
    again = folder / "country" / "again.json"
    whole = here(lambda: build(data, again))
    yield Finding(
        "build: what a delivery touched / everything", grown / whole, grown / whole, grown / whole,
        MOST_GROWN, grown * 1000, whole * 1000,
    )  # fmt: skip
    differing = _differing(resolve(pointer).path, resolve(again).path)
    yield Finding.of("build: tables that differ from a whole one", differing, 0)


def _differing(one: Path, other: Path) -> int:
    import duckdb

    found = 0
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'one'"
        ).fetchall()
        for schema, name in tables:
            mine, theirs = (f'from {store}.{schema}."{name}"' for store in ("one", "other"))
            found += con.execute(
                f"select count(*) > 0 from (({mine} except all {theirs}) union all "
                f"({theirs} except all {mine}))"
            ).fetchall()[0][0]
    return found


def country(folder: Path, rounds: int) -> Iterator[Finding]:
    """Q: an overview from the summary and from the rows, and one trend nobody asked before."""
    import barometer_lib
    from barometer_lib import store

    _, pointer = _country(folder)
    with store.session(pointer, "demo") as session:
        rows = partial(_asked, session.rows, "select indicator, direction, count(*) as series "
                       "from trend group by all order by all")  # fmt: skip
        few = partial(_asked, session.rows, "select indicator, direction, sum(series) as series "
                      "from summary group by all order by all")  # fmt: skip
        yield compare("overview: from every series / from the summary", partial(here, rows),
                      partial(here, few), limit=LEAST_SUMMARY, at_least=True,
                      rounds=rounds)  # fmt: skip
    asked = [
        (register.indicator(one), register.municipality(one), register.group(one % 24))
        for one in (1, 20, 40, 50, 59)
    ]

    def trend(series: tuple[str, str, str]) -> object:
        return barometer_lib.trend(*series, dataset="demo", store=pointer)

    def command(series: tuple[str, str, str]) -> object:
        indicator, area, group = series
        return subprocess.run(
            [sys.executable, "-c", MAIN, "trend", indicator, "--area", area, "--group", group,
             "--dataset", "demo", "--store", str(pointer)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    for name, ask in (("Python", trend), ("command", command)):
        seconds = median(_clock(partial(ask, one)) for one in asked)
        yield Finding.of(f"trend of one series, {name}, seconds", seconds, A_SECOND)


def _asked(ask: Callable[[str], object], sql: str) -> None:
    for _ in range(TIMES):
        ask(sql)


def _clock(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def sorted_storage(folder: Path, size: str, rounds: int) -> Iterator[Finding]:
    """Q: the history of one series from rows stored anyhow, and from rows sorted by series."""
    import duckdb

    path = national.written(folder, size)
    file = folder / f"{size}.duckdb"
    with duckdb.connect(str(file), config={"preserve_insertion_order": "true"}) as con:
        for name, order in (
            ("anyhow", "hash(series_id, period_index)"),
            ("in_order", "series_id, period_index"),
        ):
            con.execute(f"create table {name} as from read_parquet('{path}') order by {order}")
    with duckdb.connect(str(file), read_only=True, config={"threads": "1"}) as con:

        def history(name: str) -> None:
            for one in range(TIMES):
                number = one * national.SERIES[size] // TIMES
                con.execute(f"from {name} where series_id = $number", {"number": number})
                con.fetchall()

        yield compare(
            f"one series, {size}: stored anyhow / sorted",
            lambda: here(lambda: history("anyhow")),
            lambda: here(lambda: history("in_order")),
            limit=LEAST_SORTED.get(size),
            at_least=True,
            rounds=rounds,
        )
