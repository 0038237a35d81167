"""`delivery.yml`: what a delivery is, and how its columns and codes map to the catalogue's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from barometer_lib.catalogue.lines import Page, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.deliveries.shape import ColumnMapping, Mark, Wide
from barometer_lib.errors import Fault

DESCRIPTION = "delivery.yml"
Format = Literal["csv", "json-stat", "xlsx", "parquet", "sdmx-csv"]
Holds = Literal[
    "measurements",
    "index_scores",
    "index_components",
    "index_ranks",
    "index_field_sizes",
    "evidence",
    "metadata",
]


class DeliveredFile(BaseModel):
    """One file (or one sheet of it) of the delivery and how it is written.

    `header_row` is the row that names the columns; what stands above it is not read. `skip_rows`
    are further rows that hold no figures, `last_row` the last that does. `leave_out` names codes
    of a column whose rows are not read (subtotals), `marks` how a withheld or missing figure is
    written. `table` is the table of StatBank that the codes are from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: str
    holds: Holds
    format: Format = "csv"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    delimiter: Literal[",", ";", "\t"] = ","
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    skip_rows: list[int] = []
    last_row: int | None = Field(default=None, ge=1)
    leave_out: dict[str, list[str]] = {}
    wide: Wide | None = None
    marks: dict[str, Mark] = {}
    table: str | None = None
    columns: dict[str, ColumnMapping] = {}

    @field_validator("marks", mode="before")
    @classmethod
    def _marks_as_text(cls, given: object) -> object:
        return {str(raw): one for raw, one in given.items()} if isinstance(given, dict) else given

    @field_validator("leave_out", mode="before")
    @classmethod
    def _codes_as_text(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {
            column: [str(one) for one in codes] if isinstance(codes, list) else codes
            for column, codes in given.items()
        }

    def skips(self, line: int) -> bool:
        """Whether the row at that line is declared to hold no figures."""
        return line in self.skip_rows or (self.last_row is not None and line > self.last_row)

    @property
    def place(self) -> str:
        """The file, with its sheet where it has one: `figures.xlsx#Ark1`."""
        return self.file if self.sheet is None else f"{self.file}#{self.sheet}"


class Call(BaseModel):
    """One question put to a statistics office, as it was sent, and the checksum of the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    address: str
    query: dict[str, object] | None = None
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Fetched(BaseModel):
    """When a delivery was fetched, how old its table was, and every question that was put."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at: datetime
    updated: str | None = None
    calls: list[Call] = Field(min_length=1)


class Delivery(BaseModel):
    """A delivery as described by its `delivery.yml`; `code` is its folder's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    source: str
    address: str
    received: date
    licence: str
    sureness: Literal["high", "medium", "low"]
    synthetic: bool
    note: str | None = None
    fetched: Fetched | None = None
    files: list[DeliveredFile] = Field(min_length=1)


def find(folder: Path) -> list[Path]:
    """The delivery folders below `folder`, in the order of their names; demo ones only below it."""
    found = []
    for page in sorted(folder.rglob(DESCRIPTION)):
        inside = page.parent.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if inside.parts[:1] != ("demo",) and not hidden:
            found.append(page.parent)
    for path in sorted(folder.glob("*/*")):
        parts = path.relative_to(folder).parts
        skipped = parts[0] == "demo" or any(part.startswith(".") for part in parts)
        if path.is_dir() and not skipped and not (path / DESCRIPTION).exists():
            found.append(path)
    return sorted(set(found))


def describe(folder: Path, name: str) -> tuple[Delivery | None, Page, list[Fault]]:
    """The delivery in `folder`, its page (for line numbers) and every fault of its description."""
    page_name = f"{name}/{DESCRIPTION}"
    if not (folder / DESCRIPTION).is_file():
        return None, Page(page_name, None, {}), [Fault("delivery_yml_missing", name)]
    page = read_page(folder / DESCRIPTION, page_name)
    if page.faults or page.content is None:
        return None, page, list(page.faults) or [Fault("delivery_no_files", page_name)]
    try:
        delivery = Delivery.model_validate(page.content)
    except ValidationError as error:
        return None, page, list(form_faults(error, Delivery, page, ()))
    return delivery, page, list(_file_faults(folder, delivery, page))


def checksum_of(path: Path) -> str:
    """The file's SHA-256, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _file_faults(folder: Path, delivery: Delivery, page: Page) -> Iterator[Fault]:
    named = {DESCRIPTION}
    for index, one in enumerate(delivery.files):
        named.add(one.file)
        line = page.line(("files", index, "file"))
        path = folder / one.file
        if not path.is_file():
            yield Fault("delivery_file_missing", page.name, line=line, found=one.file)
            continue
        checksum = checksum_of(path)
        if checksum != one.sha256:
            yield Fault(
                "delivery_changed",
                page.name,
                line=page.line(("files", index, "sha256")),
                column=one.file,
                found=checksum,
                allowed=one.sha256,
                mended_by="source",
            )
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name not in named and not path.name.startswith("."):
            yield Fault("delivery_file_stray", page.name, found=path.name)
