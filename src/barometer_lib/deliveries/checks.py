"""Every rule a delivered measurement must keep, asked of the whole file at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.mapping import CODED
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A figure may be marked as withheld or missing; a change is told, not counted.
FIGURES = ("value", "numerator", "denominator", "sample_size")
# Who a sum is made of: looked at to protect them, and never stored.
CONTRIBUTIONS = ("contributors", "largest", "second_largest")
NUMBERS = (*FIGURES, "change", *CONTRIBUTIONS)
RANGES = {
    "percent": (0.0, 100.0),
    "percentage_points": (-100.0, 100.0),
    "count": (0.0, None),
    "persons_fte": (0.0, None),
    "points": (0.0, 100.0),
    "rank": (1.0, None),
    "per_1000": (0.0, 1000.0),
    "mean": (None, None),
}
FAULTS_PER_RULE = 1000


def plain_number(dimension: str, decimal: str) -> str:
    """The raw number with a decimal point, a plain minus and no leading plus."""
    text = f"trim(replace(replace(\"{dimension}\", '\u2212', '-'), '\u00a0', ''))"
    text = f"ltrim({text}, '+')"
    return text if decimal == "." else f"replace({text}, ',', '.')"


def number_sql(dimension: str, decimal: str) -> str:
    """The number as a double, blank where it is not written with digits, sign and decimal mark."""
    text = plain_number(dimension, decimal)
    return (
        f"case when regexp_full_match({text}, '-?([0-9]+([.][0-9]*)?|[.][0-9]+)') "
        f"then try_cast({text} as double) end"
    )


def number_faults(con: DuckDBPyConnection, spec: DeliveredFile, name: str) -> Iterator[Fault]:
    """Figures that are no numbers, or are written with the other decimal mark."""
    wrong = "," if spec.decimal == "." else "."
    code = "decimal_comma" if wrong == "," else "decimal_point"
    for dimension in NUMBERS:
        if dimension not in spec.columns:
            continue
        number = number_sql(dimension, spec.decimal)
        rows = con.execute(
            f'select line, block, "{dimension}", contains("{dimension}", \'{wrong}\') from {CODED} '
            f'where "{dimension}" is not null and ({number} is null '
            f"or contains(\"{dimension}\", '{wrong}')) order by line, block "
            f"limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, block, found, has_wrong in rows:
            rule = code if has_wrong else "not_a_number"
            column = column_of(spec, dimension, block)
            yield Fault(rule, name, line=line, column=column, found=found, mended_by="source")


def column_of(spec: DeliveredFile, dimension: str, block: int | None = None) -> str:
    """The column of the file that a dimension is read from; in a block, the block's own."""
    mapping = spec.columns.get(dimension)
    if mapping is None or not mapping.names:
        return dimension
    column = mapping.names[0]
    if spec.wide is None or block is None:
        return column
    return spec.wide.blocks[block].get(column, column)


_RULES: dict[str, tuple[str, str, str, str]] = {
    "value_missing": (
        "value",
        "not value_given and status = 'reported' and change is null",
        "null",
        "{}",
    ),
    "value_and_status": (
        "value",
        "value is not null and status in ('suppressed', 'missing')",
        "status",
        "{}",
    ),
    "numerator_above": (
        "numerator",
        "numerator > denominator",
        "numerator::varchar",
        "{'denominator': denominator::varchar}",
    ),
    "share_disagrees": (
        "value",
        (
            "kind = 'proportion' and unit = 'percent' and denominator > 0 and "
            "numerator <= denominator and "
            "abs(value - 100 * numerator / denominator) > 0.5 * power(10, -decimals) + 1e-9"
        ),
        "value::varchar",
        "{'expected': round(100 * numerator / denominator, 4)::varchar}",
    ),
    "unit_disagrees": (
        "unit",
        "unit <> indicator_unit",
        "unit",
        "{'unit': indicator_unit}",
    ),
    "group_definition": (
        "group",
        "group_definition <> definition",
        "population_group",
        "{'definition': definition}",
    ),
    "after_end": (
        "period",
        "ends is not null and period_end > ends",
        "period",
        "{'end': ends::varchar, 'successor': successor}",
    ),
    "frequency_other": (
        "period",
        (
            "usual in ('year', 'half_year', 'quarter', 'month', 'school_year') "
            "and frequency <> usual"
        ),
        "period",
        "{'frequency': frequency, 'usual': usual}",
    ),
}
WARNINGS = ("frequency_other",)
# What a rule looks at beside numbers; `value` stands for whether there is one. Rows that are alike
# in these break the rule together, so that one of them tells for all (`large`).
OF_CODES: dict[str, tuple[str, ...]] = {
    "value_missing": ("indicator", "unit", "status", "value"),
    "value_and_status": ("indicator", "unit", "status", "value"),
    "unit_disagrees": ("indicator", "unit", "status", "value"),
    "group_definition": ("indicator", "group"),
    "after_end": ("indicator", "period"),
    "frequency_other": ("indicator", "period"),
}
OF_NUMBERS = ("numerator_above", "share_disagrees")
UNBOUNDED = "ratio"


def rule_faults(con: DuckDBPyConnection, spec: DeliveredFile, name: str) -> Iterator[Fault]:
    """Every rule that one row can break, and rows that stand twice."""
    tests = {code: when for code, (_, when, _, _) in _RULES.items()}
    tests |= {f"range {unit}": _outside(unit) for unit in RANGES}
    counted = con.execute(
        "select " + ", ".join(f"count_if({when})" for when in tests.values()) + " from typed_rows"
    ).fetchall()[0]
    broken = {rule for rule, count in zip(tests, counted, strict=True) if count}
    for code, (dimension, when, found, fields) in _RULES.items():
        if code not in broken:
            continue
        shown = "null" if fields == "{}" else fields
        rows = con.execute(
            f"select line, block, {found}, {shown} from typed_rows where {when} "
            f"order by line, block limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, block, value, facts in rows:
            yield Fault(
                code,
                name,
                line=line,
                column=column_of(spec, dimension, block),
                found=value,
                mended_by="source",
                severity="warning" if code in WARNINGS else "error",
                fields=facts or {},
            )
    for unit in RANGES:
        if f"range {unit}" in broken:
            yield from _range_faults(con, unit, spec, name)
    yield from _duplicates(con, name)


def _outside(unit: str) -> str:
    low, high = RANGES[unit]
    tests = [f"value < {low}" if low is not None else "", f"value > {high}" if high else ""]
    either = " or ".join(test for test in tests if test) or "false"
    return f"unit = '{unit}' and kind not in ('{UNBOUNDED}') and ({either})"


def broken_rows(con: DuckDBPyConnection, code: str) -> list[int]:
    """The lines of the typed rows that break a rule."""
    when = _RULES[code][1]
    return [line for (line,) in con.execute(f"select line from typed_rows where {when}").fetchall()]


def rules() -> tuple[str, ...]:
    """The codes of the rules that one row can break, beside the ranges of its unit."""
    return tuple(_RULES)


def _range_faults(
    con: DuckDBPyConnection, unit: str, spec: DeliveredFile, name: str
) -> Iterator[Fault]:
    low, high = RANGES[unit]
    rows = con.execute(
        f"select line, block, value from typed_rows where {_outside(unit)} "
        f"order by line, block limit {FAULTS_PER_RULE}"
    ).fetchall()
    for line, block, value in rows:
        yield Fault(
            "out_of_range",
            name,
            line=line,
            column=column_of(spec, "value", block),
            found=str(value),
            allowed=f"{'' if low is None else low} - {'' if high is None else high}",
            mended_by="source",
            fields={"unit": unit},
        )


def _duplicates(con: DuckDBPyConnection, name: str) -> Iterator[Fault]:
    rows = con.execute(
        f"""select line, first, indicator, area, population_group, coalesce(period, reported_round)
        from (select *, min(line) over same as first, row_number() over same as nth from typed_rows
          where indicator is not null and area is not null
          window same as (partition by indicator, area, population_group,
            coalesce(period, 'round ' || reported_round) order by line))
        where nth > 1 order by line limit {FAULTS_PER_RULE}"""
    ).fetchall()
    for line, first, *key in rows:
        yield Fault(
            "duplicate",
            name,
            line=line,
            found=", ".join("-" if part is None else str(part) for part in key),
            mended_by="source",
            fields={"first": first},
        )
