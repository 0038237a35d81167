"""Rows that may break a rule, found over whole columns: the general rules then decide and tell.

Rows that are alike in the codes a rule looks at break it together, so one of each is asked for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Indicator
from barometer_lib.deliveries import checks, measurements
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.large.arrays import Keys, Numbers, Reals
from barometer_lib.deliveries.large.plan import Plan
from barometer_lib.deliveries.large.reading import Cells
from barometer_lib.deliveries.mapping import CODED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SERIES = ("indicator", "area", "group", "period")
# A share that differs from its count by less than it may is looked at too.
SLACK = 0.99


def nominated(
    con: DuckDBPyConnection,
    cells: Cells,
    plan: Plan,
    spec: DeliveredFile,
    delivery: Delivery,
    content: Catalogue,
) -> Numbers:
    """Rows (not lines) of the cells that may break a rule of one row."""
    needed = [cells.codes[one] for one in measurements.REQUIRED if one in cells.codes]
    found: list[Numbers] = [
        np.flatnonzero(codes < 0) for codes in needed if codes.min(initial=0) < 0
    ]
    for family in dict.fromkeys(checks.OF_CODES.values()):
        keys = _keys(cells, family)
        _probe(con, cells, plan, keys.representatives())
        measurements.rows_of_codes(con, spec, delivery, content)
        for code, looked_at in checks.OF_CODES.items():
            broken = checks.broken_rows(con, code) if looked_at == family else []
            if broken:
                found.append(_alike(keys, broken)[: checks.FAULTS_PER_RULE])
        if "value" in family:
            found.extend(_outside(con, cells.numbers["value"].values, keys))
    found.extend(_shares(cells))
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _alike(keys: Keys, rows: Sequence[int]) -> Numbers:
    """Every row with the key of one of these."""
    flag = np.zeros(keys.room, np.bool_)
    flag[keys.key[rows]] = True
    return np.flatnonzero(flag[keys.key])


class Series:
    """Which series and period each row is a figure of."""

    def __init__(self, cells: Cells, plan: Plan, content: Catalogue) -> None:
        self.cells = cells
        self.dimensions = [one for one in SERIES if one in plan.coded]
        columns = [
            _with_default(cells, content) if one == "group" else cells.codes[one]
            for one in self.dimensions
        ]
        sizes = [len(cells.lists[one]) for one in self.dimensions]
        rows = len(cells.lines)
        self.keys = Keys.of(columns or [np.zeros(rows, np.int32)], sizes or [1])

    def also_in(self, others: Mapping[str, Sequence[str | None]]) -> Numbers:
        """Rows whose figure stands in one of the others too (codes, by column)."""
        columns = []
        for dimension in self.dimensions:
            places = {code: place for place, code in enumerate(self.cells.lists[dimension])}
            own = others["population_group" if dimension == "group" else dimension]
            columns.append(
                np.array([-1 if one is None else places.get(one, -2) for one in own], np.int64)
            )
        return self.keys.rows_with(columns or [np.zeros(len(others["area"]), np.int64)])


def _with_default(cells: Cells, content: Catalogue) -> Numbers:
    """The groups, with the indicator's own where the row names none."""
    groups = cells.codes["group"]
    if groups.min(initial=0) >= 0 or "indicator" not in cells.codes:
        return groups
    usual = {one.id: one.group for one in content.all(Indicator)}
    places = {code: place for place, code in enumerate(cells.lists["group"])}
    own = [places.get(usual.get(one, ""), -1) for one in cells.lists["indicator"]]
    known = np.array([*own, -1], groups.dtype)[cells.codes["indicator"]]
    return np.where(groups < 0, known, groups)


def _keys(cells: Cells, family: tuple[str, ...]) -> Keys:
    columns, sizes = [], []
    for dimension in family:
        if dimension in cells.codes:
            columns.append(cells.codes[dimension])
            sizes.append(len(cells.lists[dimension]))
        elif dimension == "value" and cells.numbers["value"].blank.any():
            columns.append(cells.numbers["value"].blank.astype(np.int32))
            sizes.append(2)
    return Keys.of(columns or [np.zeros(len(cells.lines), np.int32)], sizes or [1])


def _probe(con: DuckDBPyConnection, cells: Cells, plan: Plan, rows: Numbers) -> None:
    """Makes `coded_rows` of some rows, each under its number as its line; a value stands as 0."""
    columns: dict[str, pa.Array] = {"line": pa.array(rows, pa.int64())}
    for dimension, codes in cells.codes.items():
        listed = (*cells.lists[dimension], None)
        columns[dimension] = pa.array([listed[place] for place in codes[rows]], pa.string())
    for dimension, code in plan.constants.items():
        columns[dimension] = pa.array([code] * len(rows), pa.string())
    blank = cells.numbers["value"].blank[rows]
    columns["value"] = pa.array([None if one else "0" for one in blank], pa.string())
    con.register("probes", pa.table(columns))
    con.execute(
        f"create or replace temp table {CODED} as select *, null::integer as block from probes"
    )
    con.unregister("probes")


def _outside(con: DuckDBPyConnection, values: Reals, keys: Keys) -> Iterator[Numbers]:
    """Rows beyond the range of their unit, the first so many of each unit."""
    typed = con.execute(
        "select line, unit from typed_rows where unit is not null and kind is not null "
        f"and kind <> '{checks.UNBOUNDED}'"
    ).fetchall()
    for unit, (low, high) in checks.RANGES.items():
        those = [line for line, other in typed if other == unit]
        if not those:
            continue
        beyond = np.zeros(len(values), np.bool_)
        if low is not None:
            beyond |= values < low
        if high is not None:
            beyond |= values > high
        rows = np.flatnonzero(beyond)
        flag = np.zeros(keys.room, np.bool_)
        flag[keys.key[those]] = True
        yield rows[flag[keys.key[rows]]][: checks.FAULTS_PER_RULE]


def _shares(cells: Cells) -> Iterator[Numbers]:
    """Rows whose count is more than the whole, or whose share is not their count."""
    if not {"numerator", "denominator"} <= cells.numbers.keys():
        return
    count, whole = (cells.numbers[one].values for one in ("numerator", "denominator"))
    yield np.flatnonzero(count > whole)
    value = cells.numbers["value"]
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.abs(value.values - 100 * count / whole)
    yield np.flatnonzero(gap > SLACK * 0.5 * 10.0**-value.decimals)
