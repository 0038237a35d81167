"""Corrections put beside the delivered rows; the guards that tell when one is no longer true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.corrections.entry import NUMBERS, Correction, Declared, Numbers, Row
from barometer_lib.errors import Fault
from barometer_lib.units import decimals_of, scale, stored

RETRACTED = "retracted"
BASIS = "corrected"
DELIVERY = "corrections"
CHANGES = ("published_change", "change_unit", "change_since", "published_significance")
SERIES = ("indicator", "area", "population_group")
# Printed numbers that are the same number; floating point alone tells them apart.
SAME = 1e-9
# A share in the unit it is printed in, for one counted among one.
WHOLE = {"percent": 100.0, "per_1000": 1000.0}


@dataclass(frozen=True)
class Corrected:
    """Delivered rows without those a correction replaces for good, the corrections' own rows
    last; `applied` are the corrections as the store keeps them."""

    tables: list[pa.Table]
    applied: list[Row]
    faults: tuple[Fault, ...] = ()


def apply(tables: Sequence[pa.Table], declared: Declared) -> Corrected:
    """The delivered measurements with every correction beside them as a vintage of its own.

    A corrected row has the correction's day as `known_from`, `corrected` as its basis, and names
    the correction; a retraction has status `retracted`. Rows that deliver the error again are left
    out. A correction whose guard fails is a fault and changes nothing.
    """
    faults = list(declared.faults)
    marked = [
        one.append_column("correction", pa.nulls(one.num_rows, pa.string())) for one in tables
    ]
    if not declared.corrections or not marked:
        missing = [
            declared.fault(one, "correction_nothing", "period") for one in declared.corrections
        ]
        return Corrected(marked, [], (*faults, *missing))
    delivered = pa.concat_tables(marked, promote_options="default")
    wanted = pa.array(sorted({one.indicator for one in declared.corrections}))
    numbered = delivered.append_column("number", pa.array(range(delivered.num_rows)))
    rows = numbered.filter(pc.is_in(numbered["indicator"], wanted)).to_pylist()
    cells: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        cells.setdefault(_cell(row), []).append(row)
    made: list[Row] = []
    applied: list[Row] = []
    again: set[int] = set()
    for one in declared.corrections:
        found = sorted(cells.get(one.cell, []), key=lambda row: (row["known_from"], row["number"]))
        wrong = list(_guards(one, found, declared))
        faults += wrong
        if not wrong:
            standing = _standing(one, found)
            made.append(_vintage(one, standing, declared))
            applied.append(one.row())
            again |= {row["number"] for row in _later(one, found)}
    keep = pa.array([number not in again for number in range(delivered.num_rows)])
    left = delivered.filter(keep)
    tables_made = [pa.Table.from_pylist(made, schema=delivered.schema)] if made else []
    return Corrected([left, *tables_made], applied, tuple(faults))


def _cell(row: Mapping[str, Any]) -> tuple[str, ...]:
    series = tuple(str(row[name]) for name in SERIES)
    return (*series, row["period"] or f"round {row['reported_round']}")


def _standing(one: Correction, found: Sequence[Row]) -> Row:
    """The delivered row that was known on the day of the correction."""
    return [row for row in found if row["known_from"] <= one.date][-1]


def _later(one: Correction, found: Sequence[Row]) -> list[Row]:
    """Rows delivered while the correction holds."""
    return [
        row
        for row in found
        if row["known_from"] > one.date and (one.until is None or row["known_from"] < one.until)
    ]


def _guards(one: Correction, found: Sequence[Row], declared: Declared) -> Iterator[Fault]:
    """Why the correction does not hold (any more), each with what is delivered instead."""
    if not any(row["known_from"] <= one.date for row in found):
        yield declared.fault(one, "correction_nothing", "period", found=", ".join(one.cell))
        return
    standing = _standing(one, found)
    yield from _expectation(one, standing, declared)
    for row in _later(one, found):
        if not _is(row, one.expect, one.expect.status):
            yield from _expectation(one, row, declared, overtaken=True)
    yield from _end(one, found, declared)
    yield from _numbers(one, standing, declared)
    for other in declared.corrections:
        if other is not one and other.cell == one.cell and _overlap(one, other):
            yield declared.fault(one, "correction_twice", "date", found=other.id)


def _expectation(
    one: Correction, row: Row, declared: Declared, *, overtaken: bool = False
) -> Iterator[Fault]:
    if _is(row, one.expect, one.expect.status):
        return
    code = "correction_overtaken" if overtaken else "correction_expect"
    if one.corrected is not None and _is(row, one.corrected, "reported"):
        code = "correction_mended"
    yield declared.fault(
        one,
        code,
        "expect",
        found=_told(row),
        allowed=_told(_as_row(one.expect, row, one.expect.status)),
        fields={"delivery": row["delivery"], "day": str(row["known_from"])},
    )


def _end(one: Correction, found: Sequence[Row], declared: Declared) -> Iterator[Fault]:
    """The day the source mended itself must bring a figure that is not the error again."""
    if one.until is None:
        return
    mended = [row for row in found if row["known_from"] == one.until]
    follows = any(
        other.cell == one.cell and other.date == one.until for other in declared.corrections
    )
    if not follows and (not mended or _is(mended[-1], one.expect, one.expect.status)):
        yield declared.fault(one, "correction_until", "until", found=str(one.until))


def _numbers(one: Correction, standing: Row, declared: Declared) -> Iterator[Fault]:
    """A corrected share must still be its count, and its count part of the whole."""
    if one.corrected is None:
        return
    row = _numbers_of(one.corrected, standing)
    count, among = row["numerator"], row["denominator"]
    whole = WHOLE.get(standing["unit"])
    if count is None or not among or whole is None:
        return
    if count > among:
        told = {"denominator": among}
        yield declared.fault(one, "numerator_above", "corrected", found=str(count), fields=told)
        return
    printed = row["value"] * scale(standing["unit"])
    exact = whole * count / among
    if abs(printed - exact) > 0.5 * 10.0 ** -row["decimals"] + SAME:
        told = {"expected": f"{exact:.4g}"}
        yield declared.fault(one, "share_disagrees", "corrected", found=f"{printed:g}", fields=told)


def _overlap(one: Correction, other: Correction) -> bool:
    ends = [each.until for each in (one, other)]
    before = ends[0] is not None and ends[0] <= other.date
    after = ends[1] is not None and ends[1] <= one.date
    return not (before or after)


def _is(row: Row, numbers: Numbers, status: str) -> bool:
    """Whether a delivered row has these numbers, as printed."""
    if row["status"] != status:
        return False
    for name in NUMBERS:
        wanted = getattr(numbers, name)
        if wanted is None:
            continue
        factor = scale(row["unit"]) if name == "value" else 1
        if row[name] is None or abs(row[name] * factor - wanted) > SAME * max(1.0, abs(wanted)):
            return False
    return True


def _as_row(numbers: Numbers, like: Row, status: str) -> Row:
    value = None if numbers.value is None else stored(numbers.value, like["unit"])
    others = {name: getattr(numbers, name) for name in NUMBERS[1:]}
    return {"value": value, **others, "unit": like["unit"], "status": status}


def _told(row: Row) -> str:
    """A figure in one line for whoever mends the correction."""
    parts = [row["status"]] if row["status"] != "reported" else []
    for name in NUMBERS:
        if row[name] is not None:
            factor = scale(row["unit"]) if name == "value" else 1
            parts.append(f"{name} {row[name] * factor:.10g}")
    return ", ".join(parts)


def _numbers_of(numbers: Numbers, standing: Row) -> Row:
    """The right figure's numbers: those stated, and what the delivered row says of the rest."""
    said = {name: getattr(numbers, name) for name in NUMBERS}
    row = {name: standing[name] if said[name] is None else said[name] for name in NUMBERS}
    value = float(said["value"] or 0.0)
    row["value"] = stored(value, standing["unit"])
    row["decimals"] = max(standing["decimals"], decimals_of(value))
    return row


def _vintage(one: Correction, standing: Row, declared: Declared) -> Row:
    """The correction as a row of measurements, with its own provenance."""
    own: Row = dict.fromkeys((*NUMBERS, *CHANGES)) | {"status": RETRACTED}
    if one.corrected is not None:
        own |= _numbers_of(one.corrected, standing) | {"status": "reported"}
    line = declared.page.line((declared.places[one.id],)) or 1
    provenance = {
        "known_from": one.date,
        "known_from_basis": BASIS,
        "delivery": DELIVERY,
        "file": declared.page.name,
        "line": line,
        "correction": one.id,
    }
    row = {**standing, **own, **provenance}
    row.pop("number")
    return row
