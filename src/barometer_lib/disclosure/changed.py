"""The measurement table as it may be told: hidden rows without numbers, rounded ones rounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.disclosure.counting import PER
from barometer_lib.units import COUNT_UNITS, stored

if TYPE_CHECKING:
    from barometer_lib.disclosure.rounded import RoundedFigure

CHANGES = ("published_change", "change_unit", "change_since", "published_significance")
NUMBERS = ("value", "numerator", "denominator", "sample_size", *CHANGES)
SUPPRESSED = "suppressed"
ROUNDED_TO = "rounded_to"


def with_rounded(vintages: pa.Table, rounded: Sequence[RoundedFigure]) -> pa.Table:
    """The table with rounded figures and a column `rounded_to`, their base; as it is without any.

    A share is that of the rounded counts. Where its group is rounded to nobody it is suppressed.
    Published changes and sample sizes, which are exact, are taken out.
    """
    if not rounded:
        return vintages
    rows = vintages.to_pylist()
    for row in rows:
        row[ROUNDED_TO] = None
    for one in rounded:
        _round(rows[one.figure.row], one)
    schema = vintages.schema.append(pa.field(ROUNDED_TO, pa.int32()))
    return pa.Table.from_pylist(rows, schema)


def _round(row: dict[str, Any], one: RoundedFigure) -> None:
    exact = row["numerator"] is not None
    row |= dict.fromkeys(CHANGES) | {"sample_size": None, ROUNDED_TO: one.base}
    row["numerator"] = one.count if exact else None
    row["denominator"] = one.among
    if row["unit"] in COUNT_UNITS:
        row |= {"value": one.count, "decimals": 0}
    elif one.among:
        row["value"] = stored(one.count / one.among * PER[row["unit"]], row["unit"])
    else:
        row |= dict.fromkeys(NUMBERS) | {"status": SUPPRESSED, "decimals": 0, ROUNDED_TO: None}


def without(vintages: pa.Table, hidden: set[int], changes: set[int]) -> pa.Table:
    """The table without the numbers of the `hidden` rows and without the `changes` of others."""
    if not hidden and not changes:
        return vintages
    gone, no_change = (_marked(vintages, rows) for rows in (hidden, hidden | changes))
    for name in NUMBERS:
        where = vintages.schema.get_field_index(name)
        kind = vintages.schema.field(name)
        mask = no_change if name in CHANGES else gone
        column = pc.if_else(mask, pa.scalar(None, kind.type), vintages.column(name))
        vintages = vintages.set_column(where, kind, column)
    # How finely it was printed would tell something too: a hidden figure has no decimals.
    where = vintages.schema.get_field_index("decimals")
    kind = vintages.schema.field("decimals")
    none = pa.scalar(0, kind.type)
    vintages = vintages.set_column(where, kind, pc.if_else(gone, none, vintages.column(where)))
    if ROUNDED_TO in vintages.column_names:
        where = vintages.schema.get_field_index(ROUNDED_TO)
        shown = pc.if_else(gone, pa.scalar(None, pa.int32()), vintages.column(where))
        vintages = vintages.set_column(where, ROUNDED_TO, shown)
    where = vintages.schema.get_field_index("status")
    status = pc.if_else(gone, pa.scalar(SUPPRESSED), vintages.column("status"))
    return vintages.set_column(where, "status", status)


def _marked(vintages: pa.Table, rows: set[int]) -> pa.Array:
    marked = np.zeros(vintages.num_rows, bool)
    marked[sorted(rows)] = True
    return pa.array(marked)
