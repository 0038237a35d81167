"""Tables of differences: groups beside what they are compared with, districts beside their city.

Made after disclosure control, from reported figures alone: what is hidden takes no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import pyarrow as pa

from barometer_lib.build.tables import table_of
from barometer_lib.gaps import districts, splits, told
from barometer_lib.gaps.between import MEAN
from barometer_lib.store import pairs

Row = dict[str, Any]
Tables = Mapping[str, pa.Table]
GAP_COLUMNS = (
    "indicator", "area", "population_group", "comparison", "against", "period", "period_end",
    "unit", "decimals", "value", "comparison_value", "n", "comparison_n", "gap", "low", "high",
    "ratio", "ratio_low", "ratio_high", "p", "distinguishable", "reason", "known_from",
    "known_until", "synthetic",
)  # fmt: skip
DRAWS = 300
BLOCK = ("indicator", "division", "population_group", "period", "period_end")
OF_SERIES = ("indicator", "area", "population_group", "against", "comparison")


def gap_tables(tables: Tables) -> dict[str, pa.Table]:
    """The tables `gap`, `gap_change`, `district_comparison`, `district_inequality`,
    `decomposition` and `segregation`; none without figures."""
    vintages = tables.get("measurement_vintage")
    if vintages is None or not vintages.num_rows or not tables["population_group"].num_rows:
        return {}
    home = tables["dataset"].to_pylist()[0]["home_area"]
    figures = pairs.Figures(tables, home)
    broken = Broken(tables)
    made = [_as_stored(one) for one in told.gap_rows(figures.pairs().to_pylist())]
    standing = [one for one in made if one["known_until"] is None]
    compared, spread = _districts(figures.districts())
    return {
        "gap": table_of(made),
        "gap_change": table_of(_changes(standing, broken)),
        "district_comparison": table_of(compared),
        "district_inequality": table_of(spread),
        "decomposition": table_of(_decompositions(figures.strata(), broken)),
        "segregation": table_of(_segregation(figures.living())),
    }


class Broken:
    """The day of the last break that concerns a series up to a day, linked or not: gaps are of
    figures as they were measured."""

    def __init__(self, tables: Tables) -> None:
        self.levels = {row["area"]: row["level"] for row in tables["area"].to_pylist()}
        self.breaks = tables["series_break"].to_pylist()

    def before(self, indicator: str, area: str, day: date) -> date | None:
        """The last break's first day; blank where there is none on or before `day`."""
        passed = [
            one["start_day"]
            for one in self.breaks
            if one["indicator"] == indicator
            and one["area_level"] in (None, self.levels[area])
            and one["start_day"] <= day
        ]
        return max(passed) if passed else None


def _as_stored(row: Row) -> Row:
    """A pair's row with the columns of the table `gap`."""
    people = row["n2"]
    if row["against"] == MEAN and row["part"] is None:
        people = None
    found = row | {"n": row["n1"], "comparison_n": people}
    return {name: found[name] for name in GAP_COLUMNS}


def _changes(standing: Sequence[Row], broken: Broken) -> list[Row]:
    """Of each series of gaps as it stands: the newest against the first and the one before."""
    found: list[Row] = []
    for _, some in groupby(standing, lambda row: tuple(row[name] for name in OF_SERIES)):
        series = list(some)
        newest = series[-1]
        day = broken.before(newest["indicator"], newest["area"], newest["period_end"])
        found += told.changes(series, day)[0]
    return found


def _districts(blocks: Sequence[Sequence[Row]]) -> tuple[list[Row], list[Row]]:
    """Each district beside its city, and how unequal a division's districts are."""
    blocks = [one for one in blocks if len(one) >= districts.FEWEST_DISTRICTS]
    wholes = [districts.whole_of(one) for one in blocks]
    tests = districts.against_rest(
        [(block, kind) for block, (kind, _) in zip(blocks, wholes, strict=True)]
    )
    compared: list[Row] = []
    spread: list[Row] = []
    for block, whole, test in zip(blocks, wholes, tests, strict=True):
        same = {name: block[0][name] for name in BLOCK}
        synthetic = {"synthetic": block[0]["synthetic"]}
        rows = districts.compared(block, *whole, test)
        compared += [
            same | row | {"decimals": one["decimals"], "known_from": one["known_from"]} | synthetic
            for row, one in zip(rows, block, strict=True)
        ]
        spread += [same | row | synthetic for row in districts.spread(block, DRAWS)]
    return compared, spread


def _decompositions(rows: Sequence[Row], broken: Broken) -> list[Row]:
    found: list[Row] = []
    for series in splits.series_of(rows):
        newest = series[-1]
        day = broken.before(newest["indicator"], newest["area"], newest["period_end"])
        found += splits.decomposed(series, day)[0]
    return found


def _segregation(rows: Sequence[Row]) -> list[Row]:
    """The newest and the first period of each group's spread over the districts."""
    found: list[Row] = []
    for _, some in groupby(rows, lambda row: tuple(row[name] for name in splits.PLACED)):
        series = list(some)
        for one in series[:1] + series[1:][-1:]:
            found += splits.segregated(one)[0]
    return found
