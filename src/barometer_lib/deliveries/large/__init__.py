"""Large deliveries of measurements, read at once as numbers.

A plainly written and plainly declared CSV file goes through DuckDB into codes and figures; rows
that it turns away, rows that are not plainly written and rows that may break a rule (found over
whole columns) go through the general path with their own lines. So each rule has one home, and a
file gives the same faults and the same measurements on either path. What is not plain as a whole
is left to the general path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.protection import Rules
from barometer_lib.deliveries import measurements
from barometer_lib.deliveries.csv_rows import load_csv
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.large.arrays import Numbers
from barometer_lib.deliveries.large.form import Form, form_of, lines_of
from barometer_lib.deliveries.large.nominating import Series, nominated
from barometer_lib.deliveries.large.plan import NUMBERS, Plan, plan_of
from barometer_lib.deliveries.large.reading import Cells, read
from barometer_lib.deliveries.large.sums import adding, sums
from barometer_lib.deliveries.large.table import Origin, alike, measured
from barometer_lib.deliveries.mapping import Known, code_rows
from barometer_lib.deliveries.raw import LINE, RAW, header_faults
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["File", "Origin", "Taken", "alike", "suits", "take"]

# Smaller files gain nothing.
LEAST_BYTES = 4_000_000
KEYS = ("indicator", "area", "population_group", "period")


@dataclass(frozen=True)
class Taken:
    """The measurements of a file in parts, and every fault in its rows."""

    tables: tuple[pa.Table, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class File:
    """A file at hand, with all that is known of it."""

    path: Path
    name: str
    origin: Origin
    content: Catalogue
    known: Known

    @property
    def spec(self) -> DeliveredFile:
        """How the file is declared."""
        return self.origin.spec

    @property
    def delivery(self) -> Delivery:
        """What it is part of."""
        return self.origin.delivery


def suits(path: Path) -> bool:
    """Whether a file is so large that it is worth a look."""
    return path.stat().st_size >= LEAST_BYTES


def take(
    con: DuckDBPyConnection,
    file: File,
    *,
    wanted: bool = True,
    seen: Callable[[float], None] = lambda _: None,
) -> Taken | None:
    """The measurements of a large file (where `wanted`) and its faults, as the general path has it.

    Nothing where the file is not plain as a whole. `seen` is told what share of it was read.
    """
    if any(rule.sums for rule in Rules(file.content).entries):
        # Who sums are made of is looked at row by row.
        return None
    plan = plan_of(file.spec, file.known)
    form = None if plan is None else form_of(file.path, file.spec)
    if plan is None or form is None or form.rows == 0:
        return None
    needed = {one.column for one in plan.coded.values()} | set(plan.numbers.values())
    if not needed <= set(form.columns) or header_faults(form.columns, file.name, 1):
        return None
    cells = read(con, file.path, file.spec, plan, form, seen)
    return None if cells is None else _taken(con, file, plan, form, cells, wanted)


def _taken(
    con: DuckDBPyConnection, file: File, plan: Plan, form: Form, cells: Cells, wanted: bool
) -> Taken:
    odd = np.zeros(len(cells.lines), np.bool_)
    for name in NUMBERS:
        if name in cells.numbers:
            odd |= cells.numbers[name].odd
    elsewhere = np.union1d(cells.rejected, cells.lines[odd])
    series = Series(cells, plan, file.content)
    rows = np.union1d(
        nominated(con, cells, plan, file.spec, file.delivery, file.content), series.keys.twins()
    )
    faults = _by_rows(con, file, form, np.union1d(elsewhere, cells.lines[rows]))
    if len(elsewhere):
        _keep_typed(con, elsewhere)
        again = np.setdiff1d(series.also_in(_keys_of_typed(con)), rows)
        if len(again):
            rows = np.union1d(rows, again)
            faults = _by_rows(con, file, form, np.union1d(elsewhere, cells.lines[rows]))
            _keep_typed(con, elsewhere)
    add_up = adding(cells, plan, file.content)
    if not (wanted or add_up):
        return Taken((), tuple(faults))
    tables = [measured(cells, ~odd, plan, file.origin, file.content)]
    if len(elsewhere):
        tables.append(measurements.figures(con, file.delivery, file.origin.code, file.spec))
    if add_up:
        faults += sums(con, tables, add_up, file.spec, file.content, file.name)
    return Taken(tuple(tables), tuple(faults))


def _keep_typed(con: DuckDBPyConnection, lines: Numbers) -> None:
    """Leaves only those lines in `typed_rows`."""
    con.execute(
        "delete from typed_rows where line not in (select unnest($lines))",
        {"lines": lines.tolist()},
    )


def _keys_of_typed(con: DuckDBPyConnection) -> dict[str, list[str | None]]:
    """What figures `typed_rows` holds."""
    listed = ", ".join(KEYS)
    rows = con.execute(
        f"select {listed} from typed_rows where indicator is not null and area is not null"
    ).fetchall()
    return {name: [row[place] for row in rows] for place, name in enumerate(KEYS)}


def _by_rows(con: DuckDBPyConnection, file: File, form: Form, lines: Numbers) -> list[Fault]:
    """The general path over some lines of the file: makes `typed_rows`, gives their faults."""
    if not len(lines):
        return []
    with TemporaryDirectory() as folder:
        part = Path(folder) / "part.csv"
        head = (form.header + form.line_end).encode()
        part.write_bytes(head + b"".join(lines_of(file.path, form, lines)))
        raw = load_csv(con, part, file.spec, file.name)
    # Line 1 of the part is the header; line 2 is the first of those asked for.
    faults = [replace(one, line=_true(one.line, lines)) for one in raw.faults]
    con.execute(
        f"update {RAW} set {LINE} = $lines[{LINE} - 1]", {"lines": lines.tolist()}
    ) if raw.columns else None
    if not raw.columns:
        return faults
    required = measurements.REQUIRED
    faults += code_rows(con, file.spec.columns, file.known, file.name, required)
    return faults + measurements.rows_typed(con, file.spec, file.delivery, file.content, file.name)


def _true(line: int | None, lines: Numbers) -> int | None:
    return None if line is None else int(lines[line - 2])
