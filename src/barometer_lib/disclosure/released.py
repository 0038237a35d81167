"""What earlier releases show: figures that are known to everybody, whatever is hidden now.

A release is a store or a frozen round that was published. Figures it shows are matched with those
of today; what it shows and today's deliveries no longer have is known all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Indicator, Protection
from barometer_lib.disclosure.counting import NEEDED, Figure, counted_figures, moment
from barometer_lib.disclosure.system import families

# Gives, for some indicators, the figures that each release shows, by its name, oldest first.
Released = Callable[[Collection[str]], Mapping[str, pa.Table]]
Row = Mapping[str, Any]
NUMBERS = ("value", "numerator", "denominator")
FINE = 9


def with_released(
    figures: Sequence[Figure], vintages: pa.Table, content: Catalogue, released: Released
) -> list[Figure]:
    """The figures of today, marked with the newest release that shows them, and behind them those
    that only releases show (their row numbers are above those of `vintages`)."""
    rules = content.all(Protection)
    touched = {
        one.cell[0]
        for family in families(figures, rules)
        if any(one.reason is not None or one.rule.rounding is not None for one in family)
        for one in family
    }
    shown = released(touched) if touched else {}
    if not shown:
        return list(figures)
    known = {one.id for one in content.all(Indicator)}
    rows = vintages.select(list(NEEDED)).to_pylist()
    today = {_key(rows[one.row]): one for one in figures if one.row >= 0}
    others: dict[tuple[Any, ...], tuple[str, Row]] = {}
    for name, table in shown.items():
        for row in table.to_pylist():
            one = today.get(_key(row))
            if one is not None and row["rounded_to"] is not None:
                one.stands = (_count(row), row["denominator"])
            elif one is not None and _numbers(row) == _numbers(rows[one.row]):
                one.released = name
            elif row["rounded_to"] is None and row["indicator"] in known:
                others[*_key(row), *_numbers(row)] = (name, row)
                if one is not None:
                    # The same figure in another state: it tells enough of this one.
                    one.released = name
    return [*figures, *_others(list(others.values()), vintages, content)]


def _key(row: Row) -> tuple[Any, ...]:
    series = (row["indicator"], row["area"], row["population_group"])
    return (*series, moment(row), row["known_from"])


def _numbers(row: Row) -> tuple[float | None, ...]:
    return tuple(None if row[name] is None else round(row[name], FINE) for name in NUMBERS)


def _count(row: Row) -> float:
    """The rounded count that a release shows."""
    if row["numerator"] is not None:
        return float(row["numerator"])
    share = row["denominator"] is not None
    scale = {"percent": 1.0, "per_1000": 1000.0}.get(row["unit"], 1.0)
    return round(row["value"] / scale * row["denominator"]) if share else float(row["value"])


def _others(
    shown: Sequence[tuple[str, Row]], vintages: pa.Table, content: Catalogue
) -> list[Figure]:
    if not shown:
        return []
    today = vintages.select(list(NEEDED))
    more = pa.Table.from_pylist([dict(row) for _, row in shown], schema=today.schema)
    every = counted_figures(pa.concat_tables([today, more]), content)
    found = [one for one in every if one.row >= today.num_rows]
    for one in found:
        one.released, one.reason = shown[one.row - today.num_rows][0], None
        one.today = False
    return found
