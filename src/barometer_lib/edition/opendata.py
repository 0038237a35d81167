"""The open-data folder of a round: every table in every form, described, with checksums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.edition import dcat, described, written
from barometer_lib.edition.described import Terms
from barometer_lib.edition.round import Round
from barometer_lib.locale import LANGUAGES

FOLDER = "data"
PER_INDICATOR = ("indicator", "indicator_da", "indicator_en")


def open_data(one: Round, terms: Terms) -> dict[str, bytes]:
    """The files of the open-data folder by their place in it."""
    told = {
        "title": described.title(one, "en"),
        "synthetic": str(one.synthetic).lower(),
        "citation": described.citation(one, terms, "en"),
    }
    files: dict[str, bytes] = {}
    for name, table in one.tables.items():
        files[f"{name}.csv"] = written.as_csv(table)
        files[f"{name}.parquet"] = written.as_parquet(table, told)
    files[described.WORKBOOK] = written.as_workbook(
        described.first_sheet(one, terms), one.tables, described.title(one, "en")
    )
    files |= dict(_indicator_files(one, terms))
    files["datapackage.json"] = described.data_package(one, terms, files)
    files["csv-metadata.json"] = described.csv_on_the_web(one)
    files["catalogue.ttl"] = dcat.catalogue(one, terms, f"{one.code}/{FOLDER}", files)
    for lang in LANGUAGES:
        files[described.NAMES[lang]] = described.readme(one, terms, lang)
    files["SHA256SUMS"] = described.checksums(files)
    return files


def _indicator_files(one: Round, terms: Terms) -> Iterator[tuple[str, bytes]]:
    """Each indicator's figures as CSV and JSON, at an address of its own."""
    measurements = one.tables.get("measurements")
    for entry in one.rows("indicators"):
        code = entry["indicator"]
        figures = _of(measurements, code)
        if figures is not None:
            yield f"indicators/{code}.csv", written.as_csv(figures)
            yield f"indicators/{code}.json", _indicator_json(one, terms, entry, figures)


def _of(measurements: pa.Table | None, code: str) -> pa.Table | None:
    if measurements is None:
        return None
    found = measurements.filter(pc.equal(measurements["indicator"], code))
    return found if found.num_rows else None


def _indicator_json(one: Round, terms: Terms, entry: dict[str, Any], figures: pa.Table) -> bytes:
    """The facts of the indicator, then its figures, one a line."""
    kept = [name for name in figures.column_names if name not in (*PER_INDICATOR, "synthetic")]
    told = {
        "synthetic": one.synthetic,
        "note": {lang: described.mark(one, lang) for lang in LANGUAGES},
        "round": one.code,
        "known_on": one.day.isoformat(),
        "citation": {lang: described.citation(one, terms, lang) for lang in LANGUAGES},
        "licence": {lang: described.licence(one, lang) for lang in LANGUAGES},
        "indicator": {key: value for key, value in entry.items() if key != "synthetic"},
    }
    rows = figures.select(kept).to_pylist()
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows)
    page = described.as_json({**told, "figures": []}).decode("utf-8")
    return page.replace('"figures": []', f'"figures": [\n{lines}\n ]').encode("utf-8")
