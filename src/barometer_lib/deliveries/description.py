"""`delivery.yml`: what a delivery is, and how its columns and codes map to the catalogue's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from barometer_lib.catalogue.lines import Page, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.errors import Fault

DESCRIPTION = "delivery.yml"
Holds = Literal[
    "measurements", "index_scores", "index_ranks", "index_field_sizes", "evidence", "metadata"
]


class ColumnMapping(BaseModel):
    """Where one dimension is read from, and how its raw values become codes.

    One of `column`, `columns` (joined with " | "), `constant` or `default: indicator` (the
    catalogue's own value for the indicator). A raw value that is not in `map` becomes `otherwise`
    where that is given, else it must itself be a known code. A blank in `map` is a blank.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str | None = None
    columns: list[str] | None = None
    constant: str | None = None
    default: Literal["indicator"] | None = None
    map: dict[str, str | bool | None] = {}
    otherwise: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_text(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("map"), dict):
            codes = {
                str(raw): code if code is None or isinstance(code, bool) else str(code)
                for raw, code in given["map"].items()
            }
            return {**given, "map": codes}
        return given

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = (self.column, self.columns, self.constant, self.default)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("exactly one of: column, columns, constant, default")
        return self

    @property
    def names(self) -> list[str]:
        """The columns of the file that are read."""
        return [self.column] if self.column is not None else list(self.columns or [])

    @property
    def has_otherwise(self) -> bool:
        """Whether unmapped raw values become `otherwise` (which may be blank)."""
        return "otherwise" in self.model_fields_set


class DeliveredFile(BaseModel):
    """One file of the delivery and how it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: str
    holds: Holds
    format: Literal["csv", "json-stat"] = "csv"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    delimiter: Literal[",", ";", "\t"] = ","
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    decimal: Literal[".", ","] = "."
    columns: dict[str, ColumnMapping] = {}


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
        if inside.parts[:1] != ("demo",):
            found.append(page.parent)
    for path in sorted(folder.glob("*/*")):
        is_demo = path.relative_to(folder).parts[0] == "demo"
        if path.is_dir() and not is_demo and not (path / DESCRIPTION).exists():
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


def _file_faults(folder: Path, delivery: Delivery, page: Page) -> Iterator[Fault]:
    named = {DESCRIPTION}
    for index, one in enumerate(delivery.files):
        named.add(one.file)
        line = page.line(("files", index, "file"))
        path = folder / one.file
        if not path.is_file():
            yield Fault("delivery_file_missing", page.name, line=line, found=one.file)
            continue
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
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
