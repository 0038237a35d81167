"""What was published before: every finished store beside the pointer, and every frozen round.

A figure that one of them shows is known to everybody, whatever a later store hides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pyarrow as pa

# Folders below which frozen rounds keep their stores.
ROUNDS = "rounds"
VERSION = re.compile(r".+-\d{8}T\d{12}-[0-9a-f]{6}\.duckdb")
KEPT = (
    "indicator", "area", "population_group", "period", "reported_round", "value", "unit",
    "decimals", "numerator", "denominator", "sample_size", "status", "source", "known_from",
    "known_until",
)  # fmt: skip


def releases(pointer: Path, *folders: Path) -> list[Path]:
    """The published store files, oldest first: versions beside the pointer (its own and those of
    other pointers, but none with drafts), and every store below a folder `rounds` there or in one
    of `folders`."""
    beside = pointer.parent
    found = {path for path in beside.glob("*.duckdb") if VERSION.fullmatch(path.name)}
    found -= {path for stem in _draft_stems(beside) for path in beside.glob(f"{stem}-*.duckdb")}
    for home in (beside, *folders):
        found |= set((home / ROUNDS).rglob("*.duckdb"))
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def _draft_stems(folder: Path) -> list[str]:
    """The names of the pointers of a folder that point at stores with drafts."""
    found = []
    for path in folder.glob("*.json"):
        try:
            content = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict) and content.get("drafts"):
            found.append(path.stem)
    return found


def frozen_rounds(path: Path, dataset: str) -> dict[str, str]:
    """The rounds that a store shows as frozen, each with its checksum; none where the store knows
    of no frozen rounds or cannot be read."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True, config={"threads": "1"}) as con:
            rows = con.execute(
                f"select round, checksum from {dataset}.round_release where checksum is not null"
            ).fetchall()
    except duckdb.Error:
        return {}
    return dict(rows)


def released_figures(
    paths: Collection[Path], dataset: str, indicators: Collection[str]
) -> Mapping[Path, pa.Table]:
    """The figures of `indicators` that each store shows, with the base of rounded ones.

    Columns as in `measurement_vintage`, with `rounded_to` blank where a store knows no rounding. A
    file that is no store that can be opened shows nothing to anybody and is left out.
    """
    found = {path: _shown(path, dataset, indicators) for path in paths}
    return {path: table for path, table in found.items() if table is not None}


def _shown(path: Path, dataset: str, indicators: Collection[str]) -> pa.Table | None:
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True, config={"threads": "1"}) as con:
            names = {
                name
                for (name,) in con.execute(
                    "select column_name from duckdb_columns() where schema_name = $dataset "
                    "and table_name = 'measurement_vintage'",
                    {"dataset": dataset},
                ).fetchall()
            }
            if not set(KEPT) <= names:
                return None
            rounded = "rounded_to" if "rounded_to" in names else "null::integer as rounded_to"
            return con.sql(
                f"""select {", ".join(KEPT)}, {rounded} from "{dataset}".measurement_vintage
                where status = 'reported' and value is not null
                  and list_contains($indicators, indicator)""",
                params={"indicators": sorted(indicators)},
            ).to_arrow_table()
    except duckdb.Error:
        return None
