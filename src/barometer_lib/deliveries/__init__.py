"""Deliveries in: files as delivered, checked against the catalogue, every fault at once.

`read(folder, content)` reads all deliveries of a dataset and gives tables with provenance; it
changes nothing and raises nothing: faults come beside what could be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Target
from barometer_lib.deliveries import indices, measurements
from barometer_lib.deliveries.description import DESCRIPTION, Delivery, describe, find
from barometer_lib.deliveries.mapping import Known, code_rows, missing_columns
from barometer_lib.deliveries.reading import load_raw
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Delivered", "read"]


@dataclass
class Delivered:
    """What the deliveries of a dataset hold. Tables are lists of `pyarrow.Table`, one per file."""

    deliveries: list[dict[str, object]] = field(default_factory=list)
    measurements: list[pa.Table] = field(default_factory=list)
    verdicts: list[pa.Table] = field(default_factory=list)
    index_scores: list[pa.Table] = field(default_factory=list)
    index_ranks: list[pa.Table] = field(default_factory=list)
    index_field_sizes: list[pa.Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(folder: Path, content: Catalogue) -> Delivered:
    """Reads every delivery below `folder` (the demo city's only where `folder` is its own)."""
    import duckdb

    delivered = Delivered()
    if not folder.is_dir():
        delivered.faults.append(Fault("no_folder", str(folder), found=str(folder)))
        return delivered
    known = Known.of(content)
    evidence: dict[tuple[str, str], int] = {}
    with duckdb.connect(":memory:", config={"threads": "2"}) as con:
        for path in find(folder):
            _read_delivery(con, path, folder, content, known, delivered, evidence)
    delivered.faults.extend(_evidence_faults(content, evidence))
    return delivered


def _read_delivery(
    con: DuckDBPyConnection,
    path: Path,
    folder: Path,
    content: Catalogue,
    known: Known,
    delivered: Delivered,
    evidence: dict[tuple[str, str], int],
) -> None:
    code = path.relative_to(folder).as_posix()
    delivery, page, faults = describe(path, code)
    delivered.faults.extend(faults)
    if delivery is None:
        return
    if delivery.synthetic is not content.dataset.synthetic:
        delivered.faults.append(
            Fault(
                "synthetic_flag",
                page.name,
                line=page.line(("synthetic",)),
                found=str(delivery.synthetic),
                fields={"dataset": content.dataset.id},
            )
        )
    if delivery.source not in known.codes["source"]:  # type: ignore[operator]
        delivered.faults.append(
            Fault(
                "unknown_code",
                page.name,
                line=page.line(("source",)),
                column="source",
                found=delivery.source,
                fields={"kind": "source"},
            )
        )
    delivered.deliveries.append(
        {
            "delivery": code,
            "title": delivery.title,
            "source": delivery.source,
            "address": delivery.address,
            "received": delivery.received,
            "licence": delivery.licence,
            "sureness": delivery.sureness,
            "synthetic": delivery.synthetic,
            "note": delivery.note,
        }
    )
    for number, spec in enumerate(delivery.files):
        file = path / spec.file
        name = f"{code}/{spec.file}"
        if not file.is_file():
            continue
        raw = load_raw(con, file, spec, name)
        delivered.faults.extend(raw.faults)
        if not raw.columns:
            continue
        if spec.holds == "evidence":
            evidence[(code, spec.file)] = raw.rows
            continue
        missing = missing_columns(spec.columns, raw.columns, f"{code}/{DESCRIPTION}")
        if missing:
            line = page.line(("files", number, "columns"))
            delivered.faults.extend(_at_line(missing, line))
            continue
        delivered.faults.extend(code_rows(con, spec.columns, known, name))
        _take(con, spec.holds, number, delivery, content, delivered, code)


def _at_line(faults: list[Fault], line: int | None) -> Iterator[Fault]:
    from dataclasses import replace

    for fault in faults:
        yield replace(fault, line=line)


def _take(
    con: DuckDBPyConnection,
    holds: str,
    number: int,
    delivery: Delivery,
    content: Catalogue,
    delivered: Delivered,
    code: str,
) -> None:
    spec = delivery.files[number]
    name = f"{code}/{spec.file}"
    if holds == "measurements":
        table, verdicts, faults = measurements.take(con, spec, delivery, content, code, name)
        delivered.measurements.append(table)
        delivered.verdicts.append(verdicts)
    else:
        table, faults = indices.take(con, spec, delivery, code, name)
        getattr(delivered, holds).append(table)
    delivered.faults.extend(faults)


def _evidence_faults(content: Catalogue, evidence: dict[tuple[str, str], int]) -> Iterator[Fault]:
    """Targets name the delivered rows they were read from: each must be there."""
    for target in content.all(Target):
        if target.evidence is None:
            continue
        key = (target.evidence.delivery, target.evidence.file)
        if key not in evidence:
            found = f"{key[0]}/{key[1]}"
            yield Fault("evidence_lost", Target.file, column=target.id, found=found)
