"""Deliveries in: files as delivered, checked against the catalogue, every fault at once.

`read(folder, content)` reads all deliveries of a dataset and gives tables with provenance; it
changes nothing and raises nothing: faults come beside what could be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Target
from barometer_lib.catalogue.lines import Page
from barometer_lib.deliveries import against_last, indices, large, measurements
from barometer_lib.deliveries.description import (
    DESCRIPTION,
    DeliveredFile,
    Delivery,
    describe,
    find,
)
from barometer_lib.deliveries.mapping import Known, code_rows, dimension_faults, missing_columns
from barometer_lib.deliveries.reading import load_raw
from barometer_lib.deliveries.sdmx import with_defaults
from barometer_lib.errors import Fault, NotFound, nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Delivered", "read"]

Seen = Callable[[str, float], None]


@dataclass
class Delivered:
    """What the deliveries of a dataset hold. Tables are lists of `pyarrow.Table`, one per file."""

    deliveries: list[dict[str, object]] = field(default_factory=list)
    measurements: list[pa.Table] = field(default_factory=list)
    verdicts: list[pa.Table] = field(default_factory=list)
    index_scores: list[pa.Table] = field(default_factory=list)
    index_components: list[pa.Table] = field(default_factory=list)
    index_ranks: list[pa.Table] = field(default_factory=list)
    index_field_sizes: list[pa.Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(
    folder: Path,
    content: Catalogue,
    only: str | None = None,
    staged: Path | None = None,
    *,
    wanted: bool = True,
    seen: Seen = lambda *_: None,
) -> Delivered:
    """Reads every delivery below `folder` (the demo city's only where `folder` is its own).

    `only` reads that one delivery, and those of the same name before it to compare with, whose
    faults are not told; `staged` is where it lies while it is not yet in its place. Raises
    `NotFound` where there is no such delivery. The newest delivery of each name (or `only`) is
    compared with the one before it. Where measurements are not `wanted`, those of large files may
    be missing. `seen` is told of large files: which, and what share of it was read.
    """
    import duckdb

    delivered = Delivered()
    if not folder.is_dir():
        delivered.faults.append(Fault("no_folder", str(folder), found=str(folder)))
        return delivered
    places = {path.relative_to(folder).as_posix(): path for path in find(folder)}
    if only is not None:
        if staged is None and only not in places:
            raise NotFound("delivery", only, places)
        places = {code: path for code, path in places.items() if _before(code, only)}
        places[only] = staged or folder / only
    with duckdb.connect(":memory:", config={"threads": "2"}) as con:
        against_last.begin(con)
        names = Counter(against_last.name_of(code) for code in places)
        several = {name for name, count in names.items() if count > 1}
        reader = _Reader(con, content, delivered, several)
        reader.wanted, reader.seen = wanted, seen
        newest = {against_last.name_of(code): code for code in places}
        for code, path in places.items():
            faults = len(delivered.faults)
            reader.delivery(path, code)
            if only is not None and code != only:
                del delivered.faults[faults:]
            elif newest[against_last.name_of(code)] == code:
                delivered.faults.extend(against_last.compare(con, code, content))
    delivered.measurements = large.alike(delivered.measurements)
    if only is None:
        delivered.faults.extend(_evidence_faults(content, reader.evidence))
    return delivered


def _before(code: str, only: str) -> bool:
    return against_last.name_of(code) == against_last.name_of(only) and code < only


class _Reader:
    """Reads one delivery after another into `delivered`; `evidence` counts rows by file.

    `several` are the names of which there is more than one delivery, to be compared.
    """

    def __init__(
        self,
        con: DuckDBPyConnection,
        content: Catalogue,
        delivered: Delivered,
        several: set[str],
    ) -> None:
        self.con = con
        self.several = several
        self.wanted = True
        self.seen: Seen = lambda *_: None
        self.content = content
        self.delivered = delivered
        self.known = Known.of(content)
        self.evidence: dict[tuple[str, str], int] = {}
        self.sheet: str | None = None

    def delivery(self, path: Path, code: str) -> None:
        """The delivery in a folder: its description, then each file it names."""
        delivery, page, faults = describe(path, code)
        self.delivered.faults.extend(faults)
        if delivery is None:
            return
        self.delivered.faults.extend(self._dataset_faults(delivery, page))
        entry = delivery.model_dump(exclude={"fetched", "files"})
        self.delivered.deliveries.append({"delivery": code, **entry})
        for number, spec in enumerate(delivery.files):
            if (path / spec.file).is_file():
                line = page.line(("files", number, "columns"))
                self._file(path / spec.file, code, spec, delivery, line)

    def _dataset_faults(self, delivery: Delivery, page: Page) -> Iterator[Fault]:
        dataset = self.content.dataset
        if delivery.synthetic is not dataset.synthetic:
            yield Fault(
                "synthetic_flag",
                page.name,
                line=page.line(("synthetic",)),
                column="synthetic",
                found=str(delivery.synthetic).lower(),
                allowed=str(dataset.synthetic).lower(),
                fields={"dataset": dataset.id},
            )
        sources = self.known.codes["source"] or ()
        if delivery.source not in sources:
            yield Fault(
                "unknown_code",
                page.name,
                line=page.line(("source",)),
                column="source",
                found=delivery.source,
                nearest=tuple(nearest(delivery.source, sources)),
                fields={"kind": "source"},
            )

    def _file(
        self,
        file: Path,
        code: str,
        spec: DeliveredFile,
        delivery: Delivery,
        line: int | None,
    ) -> None:
        if spec.holds == "metadata":
            return
        name = f"{code}/{spec.file}"
        if self._large(file, code, spec, delivery, name):
            return
        raw = load_raw(self.con, file, spec, name)
        self.sheet = raw.sheet or spec.sheet
        self._tell(raw.faults, name)
        if not raw.columns:
            return
        if spec.holds == "evidence":
            self.evidence[(code, spec.file)] = raw.rows
            return
        spec = with_defaults(spec, raw.columns)
        room = measurements if spec.holds == "measurements" else indices
        allowed, required = room.dimensions(spec.holds)
        page = f"{code}/{DESCRIPTION}"
        missing = [
            *dimension_faults(spec.columns, allowed, required, page),
            *missing_columns(spec.columns, raw.columns, page),
        ]
        if missing:
            self.delivered.faults.extend(replace(fault, line=line) for fault in missing)
            return
        filled = [one for one in required if (spec.holds, one) not in indices.MAY_BE_BLANK]
        faults = code_rows(self.con, spec.columns, self.known, name, filled)
        self._tell(faults, name)
        self._rows(spec, delivery, code, name)

    def _large(
        self, file: Path, code: str, spec: DeliveredFile, delivery: Delivery, name: str
    ) -> bool:
        """Whether the file was read at once; only a large one that is plain throughout is."""
        if not large.suits(file):
            return False
        origin = large.Origin(delivery, code, spec)
        one = large.File(file, name, origin, self.content, self.known)
        compared = against_last.name_of(code) in self.several
        taken = large.take(
            self.con,
            one,
            wanted=self.wanted or compared,
            seen=lambda share: self.seen(name, share),
        )
        if taken is None:
            return False
        self.sheet = spec.sheet
        self.delivered.measurements.extend(taken.tables)
        if compared:
            for table in taken.tables:
                against_last.remember_table(self.con, table, spec, code, self.sheet)
        self._tell(taken.faults, name)
        return True

    def _rows(self, spec: DeliveredFile, delivery: Delivery, code: str, name: str) -> None:
        if spec.holds == "measurements":
            table, verdicts, faults = measurements.take(
                self.con, spec, delivery, self.content, code, name
            )
            self.delivered.measurements.append(table)
            self.delivered.verdicts.append(verdicts)
            if against_last.name_of(code) in self.several:
                against_last.remember(self.con, spec, code, self.sheet)
        else:
            table, faults = indices.take(self.con, spec, delivery, code, name)
            getattr(self.delivered, spec.holds).append(table)
        self._tell(faults, name)

    def _tell(self, faults: Iterable[Fault], name: str) -> None:
        """Keeps the faults of a file, with the sheet they stand in."""
        for fault in faults:
            inside = self.sheet is not None and fault.file == name
            kept = replace(fault, sheet=self.sheet) if inside else fault
            self.delivered.faults.append(kept)


def _evidence_faults(content: Catalogue, evidence: dict[tuple[str, str], int]) -> Iterator[Fault]:
    """Targets name the delivered rows they were read from: each must be there."""
    for target in content.all(Target):
        named = target.evidence
        if named is None:
            continue
        rows = evidence.get((named.delivery, named.file))
        if rows is None or not 2 <= named.line <= rows + 1:
            found = f"{named.delivery}/{named.file}:{named.line}"
            yield Fault("evidence_lost", Target.file, column=target.id, found=found)
