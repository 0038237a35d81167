"""A made-up country as a data folder: the demo city's catalogue with a national register beside it.

The register's figures are those of `national`: 60 indicators of 98 municipalities and 24 groups
over 16 years, 141,120 series and some 2.1 million rows, delivered in one file per indicator. Index
points: nobody is counted in them. Every build of it goes through the whole product.
"""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks import national

INDICATORS, AREAS, GROUPS = 60, 98, 24
SOURCE = "demo-national-register"
FIRST, LATER = date(2026, 1, 15), date(2026, 6, 15)
SHARE = 0.01
DATA = Path(__file__).resolve().parent.parent / "data"


def indicator(number: int) -> str:
    """The code of an indicator."""
    return f"demo-national-{number:02d}"


def municipality(number: int) -> str:
    """The code of a municipality."""
    return f"demo-m{number:02d}"


def group(number: int) -> str:
    """The code of a group."""
    return f"demo-national:{number:02d}"


def folder(place: Path, indicators: int = INDICATORS, areas: int = AREAS) -> Path:
    """The data folder, written below `place`, with the shipped figures beside the country's."""
    data = place / "data"
    shutil.copytree(DATA, data)
    catalogue = data / "catalogue" / "demo"
    for name, entries in _entries(indicators, areas).items():
        _add_entries(catalogue / name, entries)
    for lang in ("da", "en"):
        _add_labels(catalogue / f"labels.{lang}.yml", indicators, areas)
    for number in range(indicators):
        first = number * AREAS * GROUPS
        points, missing = national.POINTS["national"], national.MISSING["national"]
        table = national.values(first, first + areas * GROUPS, points, missing)
        places = product(range(areas), range(GROUPS))
        lines = [
            f"{municipality(place)};{group(people)};{national.YEARS[0] + when};{value}"
            for (place, people), row in zip(places, table.tolist(), strict=True)
            for when, value in enumerate(row)
            if not math.isnan(value)
        ]
        deliver(data, number, FIRST, lines)
    return data


def later(data: Path, series: int, number: int = 0) -> None:
    """One more delivery: the next year of some series of an indicator, and a revision of each."""
    random = np.random.default_rng(7)
    last = national.YEARS[-1]
    lines = []
    for place, people in list(product(range(AREAS), range(GROUPS)))[:series]:
        for year, value in zip((last, last + 1), random.normal(50, 3, 2).round(1), strict=True):
            lines.append(f"{municipality(place)};{group(people)};{year};{value}")
    deliver(data, number, LATER, lines)


def deliver(data: Path, number: int, day: date, lines: list[str]) -> None:
    """A delivery of one indicator: its description and its file."""
    place = data / "deliveries" / "demo" / f"national-register-{number:02d}" / day.isoformat()
    place.mkdir(parents=True)
    text = "\n".join(["area;group;year;value", *lines, ""]).encode()
    (place / "figures.csv").write_bytes(text)
    columns: dict[str, Any] = {name: {"column": name} for name in ("area", "group", "value")}
    columns |= {"period": {"column": "year"}, "indicator": {"constant": indicator(number)}}
    description = {
        "title": f"Synthetic national register, part {number}", "source": SOURCE,
        "address": "benchmarks/country.py", "received": day.isoformat(), "licence": "MIT",
        "sureness": "high", "synthetic": True,
        "files": [{
            "file": "figures.csv", "holds": "measurements", "delimiter": ";", "encoding": "utf-8",
            "decimal": ".", "sha256": hashlib.sha256(text).hexdigest(), "columns": columns,
        }],
    }  # fmt: skip
    (place / "delivery.yml").write_text(yaml.safe_dump(description), "utf-8")


def _entries(indicators: int, areas: int) -> dict[str, list[dict[str, Any]]]:
    common = {
        "kind": "index_points", "unit": "points", "decimals": 1, "polarity": "higher",
        "polarity_basis": "stated", "basis": "administrative", "frequency": "year",
        "group": group(0), "source": SOURCE,
    }  # fmt: skip
    return {
        "indicators.yml": [{"id": indicator(one), **common} for one in range(indicators)],
        "areas.yml": [
            {"id": municipality(one), "level": "municipality", "parent": "demo-country"}
            for one in range(areas)
        ],
        "groups.yml": [{"id": group(one), "definition": "demo-national"} for one in range(GROUPS)],
        "sources.yml": [{
            "id": SOURCE, "address": "benchmarks/country.py", "published": None,
            "publisher": "Synthetic", "licence": "MIT", "sureness": "high",
        }],
    }  # fmt: skip


def _add_entries(file: Path, entries: list[dict[str, Any]]) -> None:
    have = yaml.safe_load(file.read_text("utf-8")) or []
    file.write_text(_dumped([*have, *entries]), "utf-8")


def _add_labels(file: Path, indicators: int, areas: int) -> None:
    labels = yaml.safe_load(file.read_text("utf-8"))
    said = "Synthetic figures of no real place."
    codes = [indicator(one) for one in range(indicators)]
    for kind in ("indicator", "indicator_short", "indicator_definition", "indicator_processing"):
        labels.setdefault(kind, {}).update({
            code: f"{code[-2:]} {said}" for code in codes
        })  # fmt: skip
    labels["definition"]["demo-national"] = "Made-up groups"
    labels["source"][SOURCE] = f"National register. {said}"
    labels.setdefault("area", {}).update({municipality(one): f"M{one}" for one in range(areas)})
    labels.setdefault("group", {}).update({group(one): f"G{one}" for one in range(GROUPS)})
    file.write_text(_dumped(labels), "utf-8")


def _dumped(content: list[Any] | Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
