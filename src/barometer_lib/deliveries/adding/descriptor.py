"""What a Data Package descriptor says of a file: dialect, encoding, fields, missing values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from barometer_lib.errors import BarometerError

DESCRIPTOR = "datapackage.json"
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "cp1252": "windows-1252",
             "windows-1252": "windows-1252"}  # fmt: skip
NUMBERS = ("number", "integer")


@dataclass(frozen=True)
class Described:
    """What was said: how the file is written (`given`), its marks, its words, and its fields."""

    given: dict[str, Any]
    marks: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def described(path: Path) -> Described | None:
    """The part of `datapackage.json` beside the file that is about it; blank where there is none.

    Data Package v1: `dialect` (also inside `dialect.csv`), `encoding`, `schema.fields`,
    `schema.missingValues`. Raises `BarometerError` where the descriptor cannot be read.
    """
    page = path.parent / DESCRIPTOR
    if not page.is_file():
        return None
    try:
        package = json.loads(page.read_text("utf-8-sig"))
        resources = package["resources"]
        resource = next((one for one in resources if one.get("path") == path.name), None)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BarometerError("add_descriptor", file=page.name, found=str(error)) from error
    if resource is None:
        return None
    schema = resource.get("schema")
    if isinstance(schema, str):
        schema = _schema(path.parent / schema)
    schema = schema or {}
    fields = [one for one in schema.get("fields", []) if isinstance(one, dict)]
    missing = [one for one in schema.get("missingValues", []) if one != ""]
    return Described(
        _given(resource, fields),
        dict.fromkeys(missing, "missing"),
        _words(package, resource),
        {str(one.get("name")): str(one.get("type", "string")) for one in fields},
    )


def _schema(page: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(page.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise BarometerError("add_descriptor", file=page.name, found=str(error)) from error
    return found


def _given(resource: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any]:
    dialect = resource.get("dialect") or {}
    dialect = dialect.get("csv", dialect)
    given: dict[str, Any] = {}
    if dialect.get("delimiter") in (",", ";", "\t"):
        given["delimiter"] = dialect["delimiter"]
    if dialect.get("headerRows"):
        given["header_row"] = int(dialect["headerRows"][0])
    if dialect.get("sheetName"):
        given["sheet"] = dialect["sheetName"]
    encoding = ENCODINGS.get(str(resource.get("encoding", "")).lower())
    if encoding is not None:
        given["encoding"] = encoding
    numbers = [one for one in fields if one.get("type") in NUMBERS]
    marks = {one.get("decimalChar", ".") for one in numbers if one.get("type") == "number"}
    if len(marks) == 1 and marks <= {",", "."}:
        given["decimal"] = marks.pop()
    return given


def _words(package: dict[str, Any], resource: dict[str, Any]) -> dict[str, str]:
    words = {}
    title = resource.get("title") or package.get("title")
    if title:
        words["title"] = str(title)
    for key, word in (("licenses", "licence"), ("sources", "address")):
        listed = resource.get(key) or package.get(key) or []
        if listed and isinstance(listed[0], dict):
            one = listed[0]
            found = one.get("name") if key == "licenses" else one.get("path")
            if found or one.get("title"):
                words[word] = str(found or one["title"])
    return words
