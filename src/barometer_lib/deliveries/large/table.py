"""Cells as measurements: the columns that `measurements.figures` gives, without a text per row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Indicator
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.large.arrays import Flags, Numbers
from barometer_lib.deliveries.large.plan import Plan
from barometer_lib.deliveries.large.reading import Cells
from barometer_lib.deliveries.mapping import known_since
from barometer_lib.units import SHARE_UNITS, scale

TEXT = pa.dictionary(pa.int32(), pa.string())
REPORTED = "reported"


def alike(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """The tables with the same kind of texts in all: by number where one table has them so."""
    if not any(pa.types.is_dictionary(kind) for table in tables for kind in table.schema.types):
        return list(tables)
    return [_numbered(table) for table in tables]


def _numbered(table: pa.Table) -> pa.Table:
    for place, kind in enumerate(table.schema.types):
        if pa.types.is_string(kind):
            column = table.column(place).dictionary_encode().cast(TEXT)
            table = table.set_column(place, table.schema.names[place], column)
    return table


@dataclass(frozen=True)
class Origin:
    """Where the rows come from."""

    delivery: Delivery
    code: str
    spec: DeliveredFile


def measured(cells: Cells, keep: Flags, plan: Plan, origin: Origin, content: Catalogue) -> pa.Table:
    """The kept cells as measurements, in the order of the file."""
    made = _Columns(cells, keep, plan)
    usual = {one.id: one for one in content.all(Indicator)}
    delivery, since = origin.delivery, known_since(content, origin.delivery.received)
    source = made.coded("source", {}, delivery.source)
    known = [since.get(one) for one in source.codes]
    unit = made.coded("unit", {code: one.unit for code, one in usual.items()})
    period = made.coded("period", {})
    spans = [periods.parse(code) for code in period.codes]
    factors = np.array([*(scale(code) for code in unit.codes), 1], np.float64)
    values = made.numbers("value")
    if set(unit.codes) & SHARE_UNITS:
        values = values / factors[unit.places]
    value = cells.numbers["value"]
    received: date = delivery.received
    columns: dict[str, Any] = {
        "indicator": made.coded("indicator", {}).texts(),
        "area": made.coded("area", {}).texts(),
        "population_group": made.coded(
            "group", {code: one.group for code, one in usual.items()}
        ).texts(),
        "period": period.texts(),
        "period_start": period.looked_up([one.start for one in spans], pa.date32()),
        "period_end": period.looked_up([one.end for one in spans], pa.date32()),
        "reported_round": made.blank(TEXT),
        "value": pa.array(values, from_pandas=True),
        "unit": unit.texts(),
        "decimals": pa.array(value.decimals[keep].astype(np.int32)),
        **{name: made.figures(name) for name in ("numerator", "denominator", "sample_size")},
        "status": made.coded("status", {}, REPORTED).texts(),
        "published_change": made.blank(pa.float64()),
        **{
            name: made.blank(TEXT)
            for name in ("change_unit", "change_since", "published_significance")
        },
        "source": source.texts(),
        "known_from": source.looked_up([one[0] if one else received for one in known], pa.date32()),
        "known_from_basis": source.named([one[1] if one else "received" for one in known]),
        "delivery": made.same(origin.code),
        "file": made.same(origin.spec.place),
        "line": pa.array(cells.lines[keep]),
        "sureness": source.named([one[2] if one else delivery.sureness for one in known]),
        "synthetic": made.all(pa.scalar(delivery.synthetic)),
    }
    return pa.table(columns)


@dataclass(frozen=True)
class Codes:
    """A column of codes: its list, and per row the place in it; -1 is a blank."""

    codes: Sequence[str]
    places: Numbers

    def texts(self) -> pa.Array:
        """The codes."""
        return self.named(self.codes)

    def named(self, words: Sequence[str]) -> pa.Array:
        """Per row the word for its code."""
        known = list(dict.fromkeys(words))
        place = {word: number for number, word in enumerate(known)}
        return pa.DictionaryArray.from_arrays(
            self._looked([place[word] for word in words]), pa.array(known, pa.string())
        )

    def looked_up(self, values: Sequence[object], kind: pa.DataType) -> pa.Array:
        """Per row the value for its code."""
        return pa.array(values, kind).take(self._looked(range(len(values))))

    def _looked(self, numbers: Sequence[int]) -> pa.Array:
        look = np.array([*numbers, -1], np.int32)[self.places]
        blank = self.places < 0
        return pa.array(look, mask=blank) if blank.any() else pa.array(look)


class _Columns:
    def __init__(self, cells: Cells, keep: Flags, plan: Plan) -> None:
        self.cells, self.plan = cells, plan
        self.keep = keep
        self.rows = int(keep.sum())

    def coded(self, dimension: str, usual: Mapping[str, str], other: str | None = None) -> Codes:
        """A dimension; where it is blank, what is usual for the indicator, or the other code."""
        codes = list(self.cells.lists.get(dimension, ()))
        places = (
            self.cells.codes[dimension][self.keep]
            if dimension in self.cells.codes
            else np.full(self.rows, -1, np.int32)
        )
        constant = self.plan.constants.get(dimension, other)
        if usual and constant is None and (places < 0).any():
            indicator = self.coded("indicator", {})
            own = [self._place(codes, usual[one]) for one in indicator.codes]
            usually = np.array([*own, -1], np.int32)[indicator.places]
            places = np.where(places < 0, usually, places)
        if constant is not None and (places < 0).any():
            places = np.where(places < 0, np.int32(self._place(codes, constant)), places)
        return Codes(codes, places)

    @staticmethod
    def _place(codes: list[str], code: str) -> int:
        if code not in codes:
            codes.append(code)
        return codes.index(code)

    def numbers(self, name: str) -> Any:
        """A column of numbers, NaN where blank."""
        return self.cells.numbers[name].values[self.keep]

    def figures(self, name: str) -> Any:
        """The same as a column, blank where the delivery has none."""
        if name not in self.cells.numbers:
            return self.blank(pa.float64())
        return pa.array(self.numbers(name), from_pandas=True)

    def blank(self, kind: pa.DataType) -> pa.Array:
        """A column of blanks."""
        return pa.nulls(self.rows, kind)

    def same(self, word: str) -> pa.Array:
        """A column of one text."""
        places = pa.array(np.zeros(self.rows, np.int32))
        return pa.DictionaryArray.from_arrays(places, pa.array([word], pa.string()))

    def all(self, value: pa.Scalar) -> pa.Array:
        """A column of one value."""
        return pa.repeat(value, self.rows)
