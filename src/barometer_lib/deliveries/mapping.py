"""Raw columns to the catalogue's codes: distinct raw values are mapped once and joined back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Goal, Index, Indicator, Round, Source
from barometer_lib.deliveries.raw import BLOCK, LINE, RAW, literal, quoted
from barometer_lib.deliveries.shape import ColumnMapping
from barometer_lib.deliveries.spelled import period_code
from barometer_lib.errors import BadInput, Fault, nearest
from barometer_lib.units import UNITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CODED = "coded_rows"
JOINED = " | "
STATUSES = ("reported", "suppressed", "no_new_figures", "missing")
SIGNIFICANCES = ("significant", "not_significant", "not_stated")
VERDICTS = (
    "progress",
    "standstill",
    "setback",
    "no_new_figures",
    "green",
    "yellow",
    "red",
    "white",
)
TRUTHS = ("true", "false")
PERIODS = ("period", "known_from")


@dataclass(frozen=True)
class Known:
    """The codes each dimension may take; `None` where any text is allowed."""

    codes: Mapping[str, Sequence[str] | None]
    sources_by_address: Mapping[str, str]

    @classmethod
    def of(cls, content: Catalogue) -> Known:
        """The codes of a catalogue."""
        index = content.all(Index)
        editions = [one.id for each in index for one in each.editions]
        scopes = [scope.id for each in index for scope in each.scopes]
        components = [one.id for each in index for one in each.components]
        return cls(
            {
                "indicator": [one.id for one in content.all(Indicator)],
                "area": list(content.entries["area"]),
                "group": list(content.entries["group"]),
                "round": [one.id for one in content.all(Round)],
                "goal": [one.id for one in content.all(Goal)],
                "city": list(content.entries["city"]),
                "index": list(content.entries["index"]),
                "edition": editions,
                "scope": scopes,
                "component": components,
                "unit": UNITS,
                "change_unit": UNITS,
                "status": STATUSES,
                "significance": SIGNIFICANCES,
                "verdict": VERDICTS,
                "tied": TRUTHS,
                "source": [one.id for one in content.all(Source)],
            },
            {one.address: one.id for one in content.all(Source)},
        )


def raw_sql(mapping: ColumnMapping) -> str:
    """The SQL expression of the raw value of a dimension."""
    if mapping.constant is not None:
        return literal(mapping.constant)
    if mapping.column is not None:
        return quoted(mapping.column)
    joined = ", ".join(f"coalesce({quoted(name)}, '')" for name in mapping.names)
    return f"concat_ws('{JOINED}', {joined})"


def missing_columns(
    columns: Mapping[str, ColumnMapping], have: Sequence[str], name: str
) -> list[Fault]:
    """Faults for mapped columns that the file does not have."""
    faults = []
    for dimension, mapping in columns.items():
        for column in mapping.names:
            if column not in have:
                near = tuple(nearest(column, have))
                faults.append(
                    Fault(
                        "column_missing",
                        name,
                        line=1,
                        column=dimension,
                        found=column,
                        allowed=", ".join(have),
                        nearest=near,
                        mended_by="mapping",
                    )
                )
    return faults


def dimension_faults(
    columns: Mapping[str, ColumnMapping],
    allowed: Collection[str],
    required: Collection[str],
    name: str,
) -> Iterator[Fault]:
    """Dimensions that do not exist, and required ones that are not mapped."""
    for dimension in columns:
        if dimension not in allowed:
            yield Fault(
                "field_unknown",
                name,
                column="columns",
                found=dimension,
                allowed=", ".join(allowed),
                nearest=tuple(nearest(dimension, allowed)),
                mended_by="mapping",
            )
    for dimension in required:
        if dimension not in columns:
            yield Fault("field_missing", name, column=f"columns.{dimension}", mended_by="mapping")


def code_rows(
    con: DuckDBPyConnection,
    columns: Mapping[str, ColumnMapping],
    known: Known,
    name: str,
    required: Collection[str] = (),
) -> list[Fault]:
    """Makes table `coded_rows`: `line` and one text column per dimension; gives unmapped values,
    and blanks in dimensions that are `required`."""
    faults: list[Fault] = []
    blocks = any(row[0] == BLOCK.strip('"') for row in con.execute(f"describe {RAW}").fetchall())
    parts, joins = [f"raw.{LINE} as line", f"{BLOCK if blocks else 'null::integer'} as block"], []
    for number, (dimension, mapping) in enumerate(columns.items()):
        if mapping.default is not None:
            continue
        if _as_it_is(dimension, mapping, known, required):
            parts.append(f"{raw_sql(mapping)} as {quoted(dimension)}")
            continue
        table = f"codes_{number}"
        expression = raw_sql(mapping)
        distinct = con.execute(
            f"select {expression} as raw, min({LINE}), count(*) from {RAW} group by raw order by 2"
        ).fetchall()
        pairs: list[tuple[str, str]] = []
        for raw, line, rows in distinct:
            code, good = code_of(dimension, raw, mapping, known)
            if not good:
                faults.append(_unmapped(dimension, mapping, raw, line, rows, known, name))
            elif code is None and dimension in required:
                column = JOINED.join(mapping.names) or dimension
                faults.append(
                    Fault(
                        "field_missing",
                        name,
                        line=line,
                        column=column,
                        found=raw,
                        mended_by="source" if raw is None else "mapping",
                    )
                )
            elif raw is not None and code is not None:
                pairs.append((raw, code))
        con.execute(f"create or replace temp table {table} (raw varchar, code varchar)")
        if pairs:
            con.execute(
                f"insert into {table} select unnest($raw), unnest($code)",
                {"raw": [raw for raw, _ in pairs], "code": [code for _, code in pairs]},
            )
        parts.append(f"{table}.code as {quoted(dimension)}")
        joins.append(f"left join {table} on {table}.raw = {raw_sql(mapping)}")
    con.execute(
        f"create or replace temp table {CODED} as select {', '.join(parts)} "
        f"from {RAW} raw {' '.join(joins)}"
    )
    return faults


def _as_it_is(
    dimension: str, mapping: ColumnMapping, known: Known, required: Collection[str]
) -> bool:
    """Whether any text will do: a figure without a map, whose cells are looked at later."""
    free = dimension not in known.codes and dimension not in (*PERIODS, *required)
    return free and not mapping.map and not mapping.has_otherwise


def code_of(
    dimension: str, raw: str | None, mapping: ColumnMapping, known: Known
) -> tuple[str | None, bool]:
    """The code that a raw value of a dimension stands for, and whether it may stand there."""
    key = "" if raw is None else raw
    if key in mapping.map:
        code = mapping.map[key]
        return (str(code).lower() if isinstance(code, bool) else code), True
    if mapping.has_otherwise:
        return mapping.otherwise, True
    if raw is None:
        return None, True
    if dimension == "source" and raw in known.sources_by_address:
        return known.sources_by_address[raw], True
    if dimension in PERIODS:
        code = period_code(raw) if mapping.spelled == "office" else raw
        return code, _is_period(code)
    allowed = known.codes.get(dimension)
    return raw, allowed is None or raw in allowed


def _is_period(code: str) -> bool:
    try:
        periods.parse(code)
    except BadInput:
        return False
    return True


def _unmapped(
    dimension: str,
    mapping: ColumnMapping,
    raw: str,
    line: int,
    rows: int,
    known: Known,
    name: str,
) -> Fault:
    codes = list(known.codes.get(dimension) or [])
    code = "not_mapped"
    allowed = ", ".join(codes) if 0 < len(codes) <= 30 else None
    if dimension in PERIODS:
        code, allowed = "not_a_period", periods.GRAMMAR
    return Fault(
        code,
        name,
        line=line,
        column=JOINED.join(mapping.names) or dimension,
        found=raw,
        allowed=allowed,
        nearest=tuple(nearest(raw, [*codes, *mapping.map])),
        mended_by="mapping",
        fields={"kind": dimension, "rows": rows},
    )


def known_since(content: Catalogue, received: date) -> dict[str, tuple[date, str, str]]:
    """Per source: the day its figures were known, on what basis (published or received), and
    how sure the reading of it is."""
    return {
        one.id: (
            (received, "received", one.sureness)
            if one.published is None
            else (periods.last_day(one.published), "published", one.sureness)
        )
        for one in content.all(Source)
    }
