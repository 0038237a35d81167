"""A city of two districts and people of two origins, by hand: for tests of what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pyarrow as pa

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Area, Dataset, Group, Indicator, Protection, Round
from barometer_lib.disclosure import Protected
from barometer_lib.store import writing

Row = dict[str, Any]

DAY = date(2013, 1, 20)
LATER = date(2013, 7, 20)
NUMBERS = ("value", "numerator", "denominator", "sample_size", "published_change")


def city(**rule: Any) -> Catalogue:
    """A city of two districts, and people of two origins."""
    common = {"polarity": "lower", "polarity_basis": "stated", "frequency": "half_year"}
    common |= {"decimals": 1, "basis": "full_register", "group": "o:all"}
    indicators = [
        Indicator(id="share", kind="proportion", unit="percent", **common),
        Indicator(id="people", kind="count", unit="count", **common),
        Indicator(id="old", kind="count", unit="count", **common),
        Indicator(id="districts", kind="count", unit="count", counts_areas_of="share", **common),
        Indicator(id="gap", kind="gap", unit="percentage_points", reference_group="o:b", **common),
    ]
    areas = [Area(id="city", level="municipality")]
    areas += [
        Area(id=code, level="district", parent="city", division="districts")
        for code in ("east", "west")
    ]
    groups = [
        Group(id="o:all", definition="o", total=True, parts=["o:a", "o:b"]),
        Group(id="o:a", definition="o"),
        Group(id="o:b", definition="o"),
    ]
    rounds = [Round(id="r1", published="2013-01-31", policies=[], source="s")]
    kinds = {"indicator": indicators, "area": areas, "group": groups, "round": rounds}
    kinds["disclosure"] = [Protection(id="rule", **rule)]
    starts = {name: "x" for name in Dataset.model_fields if name.startswith("start_")}
    return Catalogue(
        Dataset(id="demo", synthetic=True, home_area="city", **starts),
        {kind: {one.id: one for one in some} for kind, some in kinds.items()},
        {},
    )


def row(
    indicator: str, area: str, group: str, period: str, value: float | None, **more: Any
) -> Row:
    unit = {"share": "percent", "gap": "percentage_points"}.get(indicator, "count")
    found = {
        "indicator": indicator, "area": area, "population_group": group, "period": period,
        "period_start": None, "period_end": None, "reported_round": None, "value": value,
        "unit": unit, "decimals": 1, "numerator": None, "denominator": None, "sample_size": None,
        "status": "reported", "published_change": None, "change_unit": None, "change_since": None,
        "published_significance": None, "source": "s", "known_from": DAY,
        "known_from_basis": "stated", "delivery": "d/1", "file": "f.csv", "line": 2,
        "sureness": "high", "synthetic": True,
    }  # fmt: skip
    return found | more


TYPES = {
    "value": pa.float64(), "numerator": pa.float64(), "denominator": pa.float64(),
    "sample_size": pa.float64(), "published_change": pa.float64(), "decimals": pa.int32(),
    "known_from": pa.date32(), "period_start": pa.date32(), "period_end": pa.date32(),
    "line": pa.int64(), "synthetic": pa.bool_(),
}  # fmt: skip


def vintages(rows: Sequence[Row]) -> pa.Table:
    columns = {
        name: pa.array([one[name] for one in rows], TYPES.get(name, pa.string()))
        for name in rows[0]
    }
    return writing.vintages([pa.table(columns)])


def share(area: str, group: str, period: str, count: int, among: int, **more: Any) -> Row:
    return row(
        "share", area, group, period, count / among, numerator=count, denominator=among, **more
    )


def grid(
    counts: Sequence[int], among: Sequence[int], period: str = "2012-S2", **more: Any
) -> list[Row]:
    """Shares of two districts by two origins with all totals: east a, east b, west a, west b."""
    found = {}
    for index, (area, group) in enumerate(product(("east", "west"), ("o:a", "o:b"))):
        for cell in product((area, "city"), (group, "o:all")):
            had = found.get(cell, (0, 0))
            found[cell] = (had[0] + counts[index], had[1] + among[index])
    return [share(*cell, period, *numbers, **more) for cell, numbers in found.items()]


def hidden_in(protected: Protected) -> set[tuple[Any, ...]]:
    return {
        (one["indicator"], one["area"], one["population_group"], one["period"])
        for one in protected.figures.to_pylist()
        if one["status"] == "suppressed"
    }


def reasons_of(protected: Protected) -> dict[tuple[str, ...], str]:
    return {one.figure.cell: one.reason for one in protected.told}
