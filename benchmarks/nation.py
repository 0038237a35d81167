"""A country with many areas and groups, and seeded deliveries of it, as large as wished."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Area, Dataset, Group, Indicator, Round, Source

PERIODS = tuple(f"{year}-Q{quarter}" for year in range(2008, 2013) for quarter in range(1, 5))[:18]
AT_A_TIME = 200_000
COLUMNS = ("indicator", "area", "group", "period", "value")


def nation(indicators: int = 6, areas: int = 5, groups: int = 4, kind: str = "mean") -> Catalogue:
    """So many indicators (shares in percent by turns with `kind`), municipalities and groups."""
    common: dict[str, Any] = {
        "polarity": "lower", "polarity_basis": "stated", "frequency": "quarter", "decimals": 1,
        "basis": "full_register", "group": "origin:all",
    }  # fmt: skip
    units = {"mean": "mean", "count": "count", "proportion": "percent"}
    made: list[Any] = [
        Indicator(id=f"i{number:03}", kind="proportion", unit="percent", **common)
        if number % 2
        else Indicator(id=f"i{number:03}", kind=kind, unit=units[kind], **common)
        for number in range(indicators)
    ]
    places = [Area(id="DK", level="country")]
    places += [Area(id=f"a{number:04}", level="municipality") for number in range(1, areas)]
    people = [Group(id="origin:all", definition="origin", total=True)]
    people += [Group(id=f"origin:g{number:02}", definition="origin") for number in range(1, groups)]
    people.append(Group(id="other:x", definition="other"))
    kinds: dict[str, list[Any]] = {
        **{kind: [] for kind in ("index", "goal", "city", "target", "disclosure")},
        "indicator": made, "area": places, "group": people,
        "round": [Round(id="r1", published="2013-01-31", policies=[], source="s")],
        "source": [Source(id="s", address="https://example.invalid/s", sureness="high"),
                   Source(id="t", address="https://example.invalid/t", sureness="low",
                          published="2020-05")],
    }  # fmt: skip
    starts = {name: "x" for name in Dataset.model_fields if name.startswith("start_")}
    return Catalogue(
        Dataset(id="demo", synthetic=True, home_area="a0001", **starts),
        {kind: {one.id: one for one in some} for kind, some in kinds.items()},
        {},
    )


def rows(content: Catalogue, seed: int = 1) -> Iterator[list[str]]:
    """Every indicator of every area, group and year, with one decimal."""
    random = np.random.default_rng(seed)
    for indicator in content.all(Indicator):
        for area in content.all(Area):
            for group in groups_of(content):
                for period in PERIODS:
                    value = 50 + 10 * random.standard_normal()
                    yield [indicator.id, area.id, group, period, f"{value:.1f}"]


def groups_of(content: Catalogue) -> list[str]:
    """The groups that the figures are told for."""
    return [one.id for one in content.all(Group) if one.definition == "origin"]


def lines(content: Catalogue, seed: int = 1) -> Iterator[list[bytes]]:
    """The same rows period by period as lines of a CSV file, some at a time."""
    names = [
        [one.id for one in content.all(Indicator)],
        [one.id for one in content.all(Area)],
        groups_of(content),
    ]
    keys = [f"{i},{a},{g}," for i in names[0] for a in names[1] for g in names[2]]
    for period in PERIODS:
        random = np.random.default_rng([seed, PERIODS.index(period)])
        for first in range(0, len(keys), AT_A_TIME):
            some = keys[first : first + AT_A_TIME]
            values = np.clip(np.round(50 + 10 * random.standard_normal(len(some)), 1), 0, 100)
            written = pa.array(values).cast(pa.string()).to_pylist()
            yield [f"{key}{period},{value}\n".encode() for key, value in zip(some, written,
                   strict=True)]  # fmt: skip


def describe(folder: Path, file: str, **more: Any) -> None:
    """Writes the `delivery.yml` of one file with the columns of `rows`."""
    import yaml

    columns = {name: {"column": name} for name in COLUMNS} | more.pop("columns", {})
    content = (folder / file).read_bytes()
    one = {
        "file": file, "holds": "measurements", "sha256": hashlib.sha256(content).hexdigest(),
        "columns": {name: given for name, given in columns.items() if given}, **more,
    }  # fmt: skip
    page = {
        "title": "Figures of a country", "source": "s", "address": "https://example.invalid/s",
        "received": "2026-01-20", "licence": "none", "sureness": "high", "synthetic": True,
        "files": [one],
    }  # fmt: skip
    (folder / "delivery.yml").write_text(yaml.safe_dump(page, sort_keys=False), "utf-8")
