"""A large CSV file into memory as numbers: codes by their place in a list, figures as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.large.arrays import Numbers
from barometer_lib.deliveries.large.form import Form
from barometer_lib.deliveries.large.numbers import Written, written
from barometer_lib.deliveries.large.plan import Coded, Plan
from barometer_lib.deliveries.raw import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REJECTS = ("large_errors", "large_scans")
# Seconds between two looks at how far a query is.
LOOK = 0.2
TYPE = "large_codes_{}"
# Rows that DuckDB may turn away; anything else wrong with a file is for the general path.
TURNED_AWAY = {"CAST", "MISSING COLUMNS", "TOO MANY COLUMNS"}


@dataclass(frozen=True)
class Cells:
    """The rows that were read: their lines, codes (-1 is a blank) with their lists, and numbers.

    `rejected` are the lines that were not read.
    """

    lines: Numbers
    codes: Mapping[str, Numbers]
    lists: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Written]
    rejected: Numbers

    def size(self, dimension: str) -> int:
        """How many codes a dimension has."""
        return len(self.lists[dimension])


def read(
    con: DuckDBPyConnection,
    path: Path,
    spec: DeliveredFile,
    plan: Plan,
    form: Form,
    seen: Callable[[float], None],
) -> Cells | None:
    """The cells of a file of that form; nothing where DuckDB sees its rows otherwise.

    `seen` is told what share of the file was read.
    """
    import duckdb

    try:
        with watched(con, seen):
            table = _table(con, path, spec, plan, form)
        rejects = con.execute(
            f"select line, error_type::varchar from {REJECTS[0]} group by all"
        ).fetchall()
    except duckdb.Error:
        return None
    finally:
        for name in REJECTS:
            con.execute(f"drop table if exists {name}")
        for dimension in plan.coded:
            con.execute(f"drop type if exists {TYPE.format(dimension)}")
    rejected = np.unique(np.array([line for line, _ in rejects], np.int64))
    if {kind for _, kind in rejects} - TURNED_AWAY:
        return None
    if table.num_rows + len(rejected) != form.rows:
        # Line breaks inside quotes, or rows that end otherwise than lines do.
        return None
    lines = np.ones(form.rows, np.bool_)
    lines[rejected - 2] = False
    codes = {name: _codes(table[name], one) for name, one in plan.coded.items()}
    return Cells(
        np.flatnonzero(lines).astype(np.int32) + 2,
        {name: places for name, (places, _) in codes.items()},
        {name: listed for name, (_, listed) in codes.items()},
        {name: written(table[name], spec.decimal) for name in plan.numbers},
        rejected,
    )


@contextmanager
def watched(con: DuckDBPyConnection, seen: Callable[[float], None]) -> Iterator[None]:
    """Tells how far the query at hand is, from 0 to 1, a few times a second."""
    con.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
    done = Event()

    def look() -> None:
        while not done.wait(LOOK):
            share = con.query_progress() / 100
            if share > 0:
                seen(share)

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _table(
    con: DuckDBPyConnection, path: Path, spec: DeliveredFile, plan: Plan, form: Form
) -> pa.Table:
    kinds = {one.column: TYPE.format(name) for name, one in plan.coded.items()}
    for name, one in plan.coded.items():
        con.execute(f"drop type if exists {TYPE.format(name)}")
        listed = ", ".join(literal(raw) for raw in one.raws)
        con.execute(f"create type {TYPE.format(name)} as enum ({listed})")
    columns = ", ".join(f"{literal(one)}: '{kinds.get(one, 'VARCHAR')}'" for one in form.columns)
    wanted = {name: one.column for name, one in plan.coded.items()} | dict(plan.numbers)
    listed = ", ".join(f"{quoted(column)} as {quoted(name)}" for name, column in wanted.items())
    found: pa.Table = con.sql(
        f"select {listed} from read_csv($path, header = true, auto_detect = false, "
        f"delim = $delim, quote = '\"', escape = '\"', new_line = $line_end, nullstr = '', "
        f"columns = {{{columns}}}, store_rejects = true, rejects_table = '{REJECTS[0]}', "
        f"rejects_scan = '{REJECTS[1]}')",
        params={"path": str(path), "delim": spec.delimiter, "line_end": _named(form.line_end)},
    ).to_arrow_table()
    return found


def _named(line_end: str) -> str:
    return line_end.replace("\r", "\\r").replace("\n", "\\n")


def _codes(column: pa.ChunkedArray, coded: Coded) -> tuple[Numbers, tuple[str, ...]]:
    """Per row the place of its code among those that there are, and these; -1 is a blank.

    Several raw values may share a code.
    """
    if not column.num_chunks:
        return np.zeros(0, np.int32), ()
    said: list[str] = column.chunk(0).dictionary.to_pylist()
    blank = len(said)
    counts = np.zeros(blank + 1, np.int64)
    parts = []
    for chunk in column.chunks:
        indices = chunk.indices
        if indices.null_count:
            indices = indices.cast(pa.int32()).fill_null(blank)
        parts.append(indices.to_numpy(zero_copy_only=False))
        counts += np.bincount(parts[-1], minlength=blank + 1)
    code_of = dict(zip(coded.raws, coded.codes, strict=True))
    there = [code_of[raw] for raw, count in zip(said, counts[:-1], strict=True) if count]
    places = {code: place for place, code in enumerate(dict.fromkeys(there))}
    look = np.array([*(places.get(code_of[raw], -1) for raw in said), -1], np.int32)
    found = np.empty(len(column), np.int32)
    row = 0
    for part in parts:
        np.take(look, part, out=found[row : row + len(part)], mode="clip")
        row += len(part)
    return found, tuple(places)
