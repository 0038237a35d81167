"""How many persons each figure counts, and which figures are hidden for themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from barometer_lib import periods
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Indicator, Protection
from barometer_lib.catalogue.protection import Rules
from barometer_lib.disclosure.contributing import CONTRIBUTIONS, MadeUp, sum_reason
from barometer_lib.disclosure.primary import TINY, CountRule, count_reasons
from barometer_lib.errors import BadInput
from barometer_lib.units import COUNT_UNITS, scale

PER = {"percent": 100.0, "per_1000": 1000.0}
PRODUCER = "producer"
Series = tuple[str, str, str]
Cell = tuple[str, str, str, str]


@dataclass
class Figure:
    """A row of the measurement table as an attacker sees it.

    `low` and `high` are the limits of the count of persons (blank: not known), `among` the size of
    the group. `reason` is why it is hidden for itself; `unknown` that no value was delivered. A
    cell that nobody delivered has a row below zero, and `told_by`, the row of its total.
    """

    row: int
    cell: Cell
    period: periods.Period | None
    known_from: date
    known_until: date | None
    rule: Protection
    low: float | None
    high: float | None
    among: float | None
    unknown: bool
    reason: str | None = None
    unit: str = "count"
    survey: bool = False
    released: str | None = None
    stands: tuple[float, float | None] | None = None
    today: bool = True
    told_by: int | None = None
    contributors: float | None = None
    need: float | None = None

    @property
    def series(self) -> Series:
        """Indicator, area and group."""
        return self.cell[:3]

    @property
    def needed_width(self) -> float:
        """How far an attacker's limits must lie apart."""
        return self.rule.needed_width if self.need is None else self.need

    def current(self, day: date) -> bool:
        """Whether it was what was known on `day`."""
        return self.known_from <= day and (self.known_until is None or self.known_until > day)

    def alone(self) -> bool:
        """Whether one contributor, or one person, makes it up alone, or is the only one in the
        group who is not counted."""
        if self.contributors == 1:
            return True
        if self.survey or self.low is None or self.low != self.high:
            return False
        return self.low == 1 or (self.among is not None and self.among - self.low == 1)


NEEDED = (
    "indicator", "area", "population_group", "period", "reported_round", "value", "unit",
    "decimals", "numerator", "denominator", "sample_size", "status", "source", "known_from",
    "known_until",
)  # fmt: skip


def counted_figures(vintages: pa.Table, content: Catalogue) -> list[Figure]:
    """Every row that counts persons (and every hidden one), with the reason it is hidden for.

    Rows of an indicator of which nothing tells how many persons it counts are left out.
    """
    numbers = np.flatnonzero(may_count(vintages, content))
    rows = vintages.select([*NEEDED, *given(vintages)]).take(pa.array(numbers)).to_pylist()
    rules = Rules(content)
    indicators = {one.id: one for one in content.all(Indicator)}
    sizes = _sizes(rows)
    figures = []
    for number, row in zip(numbers.tolist(), rows, strict=True):
        indicator = indicators[row["indicator"]]
        if indicator.counts_areas_of is None:
            rule = rules.of(row["source"], row["indicator"])
            figures.append(_figure(number, row, rule, indicator, sizes))
    _give_reasons(figures)
    by_number = dict(zip(numbers.tolist(), rows, strict=True))
    for one in figures:
        if not one.unknown and one.unit in COUNT_UNITS and one.rule.sums:
            _look_at_contributors(one, by_number[one.row])
    return figures


def may_count(vintages: pa.Table, content: Catalogue) -> NDArray[np.bool_]:
    """Which rows belong to an indicator whose figures may tell how many persons they count.

    Not those without counts, numerators, group sizes, samples and hidden figures, where no rule
    finds sizes for them, rounds them or joins them with another indicator's counts: of such a
    figure nobody knows a count, and it shares none.
    """
    entries = content.all(Protection)
    if any(one.denominators is not None or one.rounding is not None for one in entries):
        return np.ones(vintages.num_rows, bool)
    telling = pc.or_(
        pc.is_in(vintages["unit"], pa.array(sorted(COUNT_UNITS))),
        pc.not_equal(vintages["status"], "reported"),
    )
    for name in ("numerator", "denominator", "sample_size"):
        telling = pc.or_(telling, pc.is_valid(vintages[name]))
    named = set(pc.unique(vintages["indicator"].filter(telling)).to_pylist())
    for rule in entries:
        for same in rule.same_counts:
            named |= {same.indicator, same.as_indicator}
    kept = pc.is_in(vintages["indicator"], pa.array(sorted(named), pa.string()))
    return np.asarray(kept.to_numpy(zero_copy_only=False), bool)


def given(vintages: pa.Table) -> list[str]:
    """The columns that tell who contributes, where deliveries have them."""
    return [name for name in CONTRIBUTIONS if name in vintages.column_names]


def _look_at_contributors(one: Figure, row: Mapping[str, Any]) -> None:
    """Why a sum is hidden for those who contribute to it, and how wide its limits must be."""
    one.contributors = row.get("contributors")
    made_up = MadeUp(row["value"], *(row.get(name) for name in CONTRIBUTIONS))
    reason, need = sum_reason(made_up, one.rule.sums)
    if reason is not None:
        one.need = max(need, one.rule.needed_width if one.reason or one.rule.width else 0.0)
        one.reason = one.reason or reason


def moment(row: Mapping[str, Any]) -> str:
    """The period of a row, or the round that reported it where the period is not known."""
    return row["period"] or f"round {row['reported_round']}"


def _figure(
    number: int,
    row: Mapping[str, Any],
    rule: Protection,
    indicator: Indicator,
    sizes: Mapping[Cell, float],
) -> Figure:
    cell = (row["indicator"], row["area"], row["population_group"], moment(row))
    period = None if row["period"] is None else periods.parse(row["period"])
    among = row["denominator"]
    if among is None and rule.denominators not in (None, row["indicator"]):
        among = _size_for(cell, period, str(rule.denominators), sizes)
    survey = among is None and row["sample_size"] is not None
    among = row["sample_size"] if survey else among
    unknown = row["status"] != "reported"
    low, high = (None, None) if unknown else _limits(row, indicator, among)
    return Figure(
        number, cell, period, row["known_from"], row["known_until"], rule, low, high, among,
        unknown, PRODUCER if row["status"] == "suppressed" else None, row["unit"],
        survey,
    )  # fmt: skip


def _sizes(rows: Sequence[Mapping[str, Any]]) -> dict[Cell, float]:
    """Published counts by cell, the newest vintage last."""
    return {
        (row["indicator"], row["area"], row["population_group"], moment(row)): row["value"]
        for row in rows
        if row["unit"] in COUNT_UNITS and row["value"] is not None
    }


def _size_for(
    cell: Cell, period: periods.Period | None, indicator: str, sizes: Mapping[Cell, float]
) -> float | None:
    """The size of a figure's group: of the same period, or of the shortest one around it."""
    found = sizes.get((indicator, *cell[1:]))
    if found is not None or period is None:
        return found
    around = []
    for (of, area, group, code), size in sizes.items():
        if (of, area, group) == (indicator, *cell[1:3]):
            try:
                other = periods.parse(code)
            except BadInput:
                continue
            if other.start <= period.start and other.end >= period.end:
                around.append((other.end - other.start, code, size))
    return min(around)[2] if around else None


def _limits(
    row: Mapping[str, Any], indicator: Indicator, among: float | None
) -> tuple[float | None, float | None]:
    """Between which limits the count of persons lies, as everybody can work out."""
    value, unit = row["value"], row["unit"]
    if unit in COUNT_UNITS:
        return value, value
    if row["numerator"] is not None:
        return row["numerator"], row["numerator"]
    told = among is not None and value is not None and unit in PER
    if not told or indicator.kind not in ("proportion", "rate"):
        return None, None
    assert among is not None  # noqa: S101 - said above
    half = 0.5 * 10.0 ** -row["decimals"]
    printed = value * scale(unit)
    low = max((printed - half) * among / PER[unit], 0.0)
    high = min((printed + half) * among / PER[unit], among)
    first, last = math.ceil(low - TINY), math.floor(high + TINY)
    return (float(first), float(last)) if first <= last else (low, high)


def band_of(rule: Protection) -> CountRule:
    """Which counts a rule hides."""
    return CountRule(rule.first, rule.last, rule.zero, rule.complement, rule.whole_group)


def _give_reasons(figures: Sequence[Figure]) -> None:
    by_rule: dict[str, list[Figure]] = {}
    for one in figures:
        if not one.unknown:
            by_rule.setdefault(one.rule.id, []).append(one)
    for every in by_rule.values():
        rule = every[0].rule
        for one in every:
            few = one.survey and one.among is not None and one.among < rule.sample
            one.reason = "sample" if few else None
        same = [one for one in every if not one.survey]
        counts = pa.table(
            {
                "low": pa.array([one.low for one in same], pa.float64()),
                "high": pa.array([one.high for one in same], pa.float64()),
                "denominator": pa.array([one.among for one in same], pa.float64()),
            }
        )
        reasons = count_reasons(counts, band_of(rule)).column("reason").to_pylist()
        for one, reason in zip(same, reasons, strict=True):
            one.reason = reason
