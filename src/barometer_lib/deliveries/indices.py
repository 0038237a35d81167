"""Index scores, component scores, published ranks, field sizes: read apart, never joined here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib.deliveries.checks import number_sql
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.mapping import CODED
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What each kind of file holds: column -> SQL type, and which columns name a row.
LAYOUTS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "index_scores": (
        {
            "index": "varchar",
            "city": "varchar",
            "edition": "varchar",
            "score": "double",
            "claimed_rank": "integer",
            "claimed_of": "integer",
            "claimed_scope": "varchar",
            "claimed_tied": "boolean",
            "precision": "varchar",
            "role": "varchar",
            "sureness": "varchar",
            "note": "varchar",
            "source": "varchar",
        },
        ("index", "city", "edition"),
    ),
    "index_ranks": (
        {
            "index": "varchar",
            "city": "varchar",
            "edition": "varchar",
            "scope": "varchar",
            "score": "double",
            "rank": "integer",
            "of": "integer",
            "tied": "boolean",
            "source": "varchar",
        },
        ("index", "city", "edition", "scope"),
    ),
    "index_components": (
        {
            "index": "varchar",
            "city": "varchar",
            "edition": "varchar",
            "component": "varchar",
            "score": "double",
            "note": "varchar",
            "source": "varchar",
        },
        ("index", "city", "edition", "component"),
    ),
    "index_field_sizes": (
        {
            "index": "varchar",
            "edition": "varchar",
            "edition_text": "varchar",
            "scope": "varchar",
            "cities": "integer",
            "evidence": "varchar",
            "source": "varchar",
        },
        ("index", "edition_text", "edition", "scope", "cities", "source"),
    ),
}
REQUIRED = {
    "index_scores": ("index", "city"),
    "index_ranks": ("index", "city", "edition", "scope", "rank"),
    "index_components": ("index", "city", "edition", "component", "score"),
    "index_field_sizes": ("index", "cities"),
}
MAY_BE_BLANK = {("index_components", "score")}  # a component a city has no score for


RANGES = {
    "score": (0, 100),
    "rank": (1, None),
    "of": (1, None),
    "claimed_rank": (1, None),
    "claimed_of": (1, None),
    "cities": (1, None),
}


def dimensions(holds: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dimensions such a file may have, and those it must have."""
    layout, _ = LAYOUTS[holds]
    return tuple(layout), REQUIRED[holds]


def take(
    con: DuckDBPyConnection, spec: DeliveredFile, delivery: Delivery, code: str, name: str
) -> tuple[pa.Table, list[Fault]]:
    """The rows of one file as a table in the file's layout, with provenance, and every fault."""
    layout, key = LAYOUTS[spec.holds]
    have = {row[0] for row in con.execute(f"describe {CODED}").fetchall()}
    for column in layout:
        if column not in have:
            con.execute(f'alter table {CODED} add column "{column}" varchar')
    faults = [
        *_type_faults(con, spec, layout, name),
        *_range_faults(con, spec, layout, name),
        *_duplicates(con, key, name),
    ]
    casts = ", ".join(
        f'{_cast(column, kind, spec.decimal)} as "{column}"' for column, kind in layout.items()
    )
    table = con.sql(
        f"select * replace (coalesce(source, $source) as source), $delivery as delivery, "
        f"$file as file, $synthetic::boolean as synthetic "
        f"from (select {casts}, line from {CODED}) order by line",
        params={
            "source": delivery.source,
            "delivery": code,
            "file": spec.file,
            "synthetic": delivery.synthetic,
        },
    ).to_arrow_table()
    return table, faults


def _cast(column: str, kind: str, decimal: str) -> str:
    if kind == "varchar":
        return f'"{column}"'
    if kind == "boolean":
        return f'try_cast("{column}" as boolean)'
    number = number_sql(column, decimal)
    if kind == "double":
        return number
    return f"case when {number} = floor({number}) then ({number})::integer end"


def _type_faults(
    con: DuckDBPyConnection, spec: DeliveredFile, layout: dict[str, str], name: str
) -> Iterator[Fault]:
    for column, kind in layout.items():
        if kind == "varchar":
            continue
        rows = con.execute(
            f'select line, "{column}" from {CODED} where "{column}" is not null '
            f"and {_cast(column, kind, spec.decimal)} is null order by line"
        ).fetchall()
        for line, found in rows:
            yield Fault(
                "not_a_number", name, line=line, column=column, found=found, mended_by="source"
            )


def _range_faults(
    con: DuckDBPyConnection, spec: DeliveredFile, layout: dict[str, str], name: str
) -> Iterator[Fault]:
    for column, (low, high) in RANGES.items():
        if column not in layout:
            continue
        number = _cast(column, layout[column], spec.decimal)
        above = "false" if high is None else f"{number} > {high}"
        rows = con.execute(
            f'select line, "{column}" from {CODED} where {number} < {low} or {above} order by line'
        ).fetchall()
        for line, found in rows:
            yield Fault(
                "out_of_range",
                name,
                line=line,
                column=column,
                found=found,
                allowed=f"{low} - {'' if high is None else high}",
                mended_by="source",
                fields={"unit": column},
            )


def _duplicates(con: DuckDBPyConnection, key: tuple[str, ...], name: str) -> Iterator[Fault]:
    names = ", ".join(f'"{column}"' for column in key)
    rows = con.execute(
        f"select line, first, {names} from (select *, min(line) over same as first, "
        f"row_number() over same as nth from {CODED} window same as "
        f"(partition by {names} order by line)) where nth > 1 order by line"
    ).fetchall()
    for line, first, *found in rows:
        shown = ", ".join(str(part) for part in found)
        yield Fault(
            "duplicate", name, line=line, found=shown, mended_by="source", fields={"first": first}
        )
