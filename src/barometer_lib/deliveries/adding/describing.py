"""A drafted `delivery.yml`: from the delivery of that name before, or from names of columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Source
from barometer_lib.deliveries import measurements
from barometer_lib.deliveries.adding.descriptor import DESCRIPTOR, Described
from barometer_lib.deliveries.adding.detecting import Detected, Tell
from barometer_lib.deliveries.description import (
    DeliveredFile,
    Delivery,
    checksum_of,
    describe,
)
from barometer_lib.deliveries.mapping import PERIODS
from barometer_lib.deliveries.shape import ColumnMapping
from barometer_lib.deliveries.spelled import period_code
from barometer_lib.errors import BadInput, BarometerError, NotFound

# Statistics offices' names of the columns that every file of theirs has.
OFFICE = {"tid": "period", "time": "period", "indhold": "value"}
LAYOUT = ("delimiter", "encoding", "decimal", "sheet", "header_row", "last_row", "format")


@dataclass(frozen=True)
class Wishes:
    """What somebody said of a delivery that is added; blank fields are found or taken over."""

    source: str | None = None
    title: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A drafted description, and the file's own descriptor where it goes along."""

    page: dict[str, Any]
    descriptor: Path | None = None


def last_of(folder: Path, name: str) -> tuple[Delivery, str] | None:
    """The newest delivery of a name that can be read, and its day's folder."""
    for path in sorted((folder / name).glob("*"), reverse=True):
        delivery, _, faults = describe(path, f"{name}/{path.name}")
        if delivery is not None and not faults:
            return delivery, path.name
    return None


def draft(
    file: Path,
    detected: Detected,
    before: tuple[Delivery, str] | None,
    told: Described | None,
    wishes: Wishes,
    content: Catalogue,
    day: date,
    tell: Tell,
) -> Draft:
    """The description of a file that is added; `tell` hears where its mapping comes from."""
    entry: dict[str, Any] = {"file": file.name, "holds": "measurements"}
    entry |= {"sha256": checksum_of(file), **detected.entry}
    like = None if before is None else _like(before[0], detected)
    if like is not None and before is not None:
        tell("mapping_before", delivery=before[1], columns=len(like.columns))
        kept = like.model_dump(exclude_unset=True, exclude={"file", "sha256", *LAYOUT})
        entry |= _with_new_blocks(kept, detected, tell)
    else:
        entry["columns"] = _by_name(detected.columns, tell)
    _as_wished(entry, wishes)
    _known_periods(entry, detected, tell)
    marks = ({} if told is None else told.marks) | entry.get("marks", {})
    if marks:
        entry["marks"] = marks
        tell("marks", marks=", ".join(f"{raw} = {one}" for raw, one in marks.items()))
    page = _words(file, before, told, wishes, content)
    page |= {"received": day, "synthetic": content.dataset.synthetic, "files": [entry]}
    if told is None:
        return Draft(page)
    descriptor = file.parent / DESCRIPTOR
    also = {"file": DESCRIPTOR, "holds": "metadata", "sha256": checksum_of(descriptor)}
    page["files"].append(also)
    return Draft(page, descriptor)


def _like(delivery: Delivery, detected: Detected) -> DeliveredFile | None:
    """The file of an earlier delivery whose mapped columns are all in the new one."""
    same = {"csv", "xlsx", "parquet"}
    for one in delivery.files:
        if one.holds != "measurements":
            continue
        form = detected.entry["format"]
        if form != one.format and not {form, one.format} <= same:
            continue
        named = {name for mapping in one.columns.values() for name in mapping.names}
        made = set() if one.wide is None else {one.wide.label, *one.wide.values}
        needed = (named - made) | set(one.leave_out)
        if form == "json-stat" or needed <= set(detected.columns):
            return one
    return None


def _with_new_blocks(kept: dict[str, Any], detected: Detected, tell: Tell) -> dict[str, Any]:
    """Blocks of years with the years that are new, and without those that are gone."""
    wide = kept.get("wide")
    if wide is None:
        return kept
    values = {}
    for new, columns in wide["values"].items():
        here = {one: label for one, label in columns.items() if one in detected.columns}
        if all(_is_period(label) for label in columns.values()) and all(
            raw == label for raw, label in columns.items()
        ):
            here |= {one: one for one in detected.columns if _is_period(one)}
        changed = sorted(set(here) ^ set(columns))
        if changed:
            tell("block", columns=", ".join(changed))
        values[new] = here
    return kept | {"wide": {**wide, "values": values}}


def _by_name(columns: Iterable[str], tell: Tell) -> dict[str, Any]:
    """Columns that are called as their dimension, or as offices call it."""
    known, _ = measurements.dimensions("measurements")
    found: dict[str, Any] = {}
    for column in columns:
        called = column.casefold()
        dimension = called if called in known else OFFICE.get(called)
        if dimension is not None and dimension not in found:
            found[dimension] = {"column": column}
            tell("mapping_name", dimension=dimension, column=column)
    return found


def _as_wished(entry: dict[str, Any], wishes: Wishes) -> None:
    for dimension, column in wishes.columns.items():
        kept = entry["columns"].get(dimension, {})
        entry["columns"][dimension] = {"column": column} | (
            {"map": kept["map"]} if "map" in kept else {}
        )
    for dimension, code in wishes.constants.items():
        entry["columns"][dimension] = {"constant": code}


def _known_periods(entry: dict[str, Any], detected: Detected, tell: Tell) -> None:
    """Periods in an office's spelling that the mapping does not know yet; each is told."""
    for dimension in PERIODS:
        given = entry["columns"].get(dimension)
        column = None if given is None else given.get("column")
        if given is None or column is None or given.get("spelled"):
            continue
        if column in detected.columns:
            at = detected.columns.index(column)
            written = {row[at].strip() for row in detected.rows if at < len(row)}
        else:
            written = set(_labels(entry, column))
        mapping = ColumnMapping.model_validate(given)
        new = {raw: period_code(raw) for raw in sorted(written) if raw not in mapping.map}
        new = {raw: code for raw, code in new.items() if raw != code and _is_period(code)}
        if new:
            given["map"] = mapping.map | new
            tell("periods", periods=", ".join(f"{raw} = {code}" for raw, code in new.items()))


def _labels(entry: dict[str, Any], column: str) -> list[str]:
    wide = entry.get("wide")
    if wide is None or wide["label"] != column:
        return []
    return list(next(iter(wide["values"].values())).values())


def _is_period(code: str) -> bool:
    try:
        periods.parse(code)
    except BadInput:
        return False
    return True


def _words(
    file: Path,
    before: tuple[Delivery, str] | None,
    told: Described | None,
    wishes: Wishes,
    content: Catalogue,
) -> dict[str, Any]:
    """Title, source, address, licence and sureness: as wished, as described, as before."""
    code = wishes.source or (None if before is None else before[0].source)
    known = {one.id: one for one in content.all(Source)}
    if code is None:
        raise BarometerError("add_source", sources=sorted(known))
    if code not in known:
        raise NotFound("source", code, known)
    source = known[code]
    words: dict[str, Any] = {
        "title": file.stem,
        "source": code,
        "address": source.address,
        "licence": source.licence or "not stated",
        "sureness": source.sureness,
    }
    if before is not None:
        last = before[0]
        words |= {"title": last.title, "address": last.address, "licence": last.licence}
        words["sureness"] = last.sureness
    words |= {} if told is None else told.words
    return words | ({"title": wishes.title} if wishes.title else {})
