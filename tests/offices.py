"""Deliveries for tests: files of any format in a folder of their own, read or checked."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from barometer_lib import deliveries
from barometer_lib.catalogue import Catalogue, load
from barometer_lib.errors import Fault

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def demo() -> Catalogue:
    """The catalogue of the demo city, which has groups with parts and districts."""
    return load(DATA / "catalogue" / "demo")


def mapped(**columns: Any) -> dict[str, Any]:
    """Mappings: a name is a column, anything else is written out."""
    return {
        dimension: {"column": one} if isinstance(one, str) else one
        for dimension, one in columns.items()
    }


class Office:
    """Delivers files to a folder, and reads all that is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(
        self,
        name: str,
        body: bytes | str | Path,
        columns: dict[str, Any],
        *,
        day: date = date(2015, 1, 20),
        sheets: list[dict[str, Any]] | None = None,
        **spec: Any,
    ) -> Path:
        """Writes the file and its description; `sheets` are further entries for the same file."""
        raw = body.encode() if isinstance(body, str) else body
        raw = raw.read_bytes() if isinstance(raw, Path) else raw
        place = self.folder / "office" / day.isoformat()
        place.mkdir(parents=True)
        (place / name).write_bytes(raw)
        entry = {"file": name, "holds": "measurements", "columns": columns} | spec
        entry["sha256"] = hashlib.sha256(raw).hexdigest()
        page = {
            "title": "t",
            "source": "demo-statistics-office",
            "address": "a",
            "received": day,
            "licence": "l",
            "sureness": "high",
            "synthetic": True,
            "files": [entry, *({**entry, **more} for more in sheets or [])],
        }
        (place / "delivery.yml").write_text(yaml.safe_dump(page, sort_keys=False), "utf-8")
        return place

    def read(self) -> deliveries.Delivered:
        found = deliveries.read(self.folder, demo())
        # the catalogue's targets name rows of deliveries that are not here
        found.faults = [one for one in found.faults if one.code != "evidence_lost"]
        return found

    def everything(self) -> list[Fault]:
        """All faults, warnings too."""
        return self.read().faults

    def faults(self) -> list[Fault]:
        """What stops a build."""
        return [one for one in self.everything() if one.severity == "error"]

    def rows(self) -> list[dict[str, Any]]:
        """All measurements, which must be without fault."""
        found = self.read()
        assert [one for one in found.faults if one.severity == "error"] == []
        return [row for one in found.measurements for row in one.to_pylist()]


def told(faults: list[Fault]) -> list[tuple[Any, ...]]:
    """Rule, sheet, line, column and value of each fault."""
    return [(one.code, one.sheet, one.line, one.column, one.found) for one in faults]
