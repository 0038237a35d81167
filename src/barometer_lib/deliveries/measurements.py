"""Coded rows to measurements: numbers read, every rule checked over the whole file at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Group, Indicator
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.mapping import CODED, known_since
from barometer_lib.errors import Fault
from barometer_lib.units import SHARE_UNITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NUMBERS = ("value", "numerator", "denominator", "sample_size", "change")
TEXTS = (
    "indicator", "area", "group", "period", "round", "unit", "status", "change_unit",
    "change_since", "significance", "source", "known_from", "goal", "verdict",
)  # fmt: skip
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


def take(
    con: DuckDBPyConnection,
    spec: DeliveredFile,
    delivery: Delivery,
    content: Catalogue,
    code: str,
    name: str,
) -> tuple[pa.Table, pa.Table, list[Fault]]:
    """Measurements and published verdicts of the coded file, and every fault in its rows.

    Shares (percent, percentage points) come back as 0-1; everything else as printed.
    """
    _complete(con)
    _lists(con, content, delivery)
    faults = [*_number_faults(con, spec, name)]
    _typed(con, spec)
    faults += _rule_faults(con, name)
    return _measurements(con, delivery, code, spec.file), _verdicts(con), faults


def _complete(con: DuckDBPyConnection) -> None:
    """Every dimension as a column, blank where the delivery does not map it."""
    have = {row[0] for row in con.execute(f"describe {CODED}").fetchall()}
    for dimension in (*TEXTS, *NUMBERS):
        if dimension not in have:
            con.execute(f'alter table {CODED} add column "{dimension}" varchar')


def _lists(con: DuckDBPyConnection, content: Catalogue, delivery: Delivery) -> None:
    groups = {one.id: one.definition for one in content.all(Group)}
    rows = content.all(Indicator)
    con.execute(
        "create or replace temp table indicators as select unnest($id) id, unnest($unit) unit, "
        "unnest($group) default_group, unnest($definition) definition, unnest($kind) kind, "
        "unnest($ends) ends, unnest($successor) successor",
        {
            "id": [one.id for one in rows],
            "unit": [one.unit for one in rows],
            "group": [one.group for one in rows],
            "definition": [groups.get(one.group, "") for one in rows],
            "kind": [one.kind for one in rows],
            "ends": [periods.last_day(one.ends) if one.ends else None for one in rows],
            "successor": [one.successor for one in rows],
        },
    )
    con.execute(
        "create or replace temp table group_definitions as "
        "select unnest($id) id, unnest($definition) definition",
        {"id": list(groups), "definition": list(groups.values())},
    )
    since = known_since(content, delivery.received)
    con.execute(
        "create or replace temp table source_days as "
        "select unnest($id) id, unnest($day) as day, unnest($basis) basis, "
        "unnest($sureness) sureness",
        {
            "id": list(since),
            "day": [day for day, _, _ in since.values()],
            "basis": [basis for _, basis, _ in since.values()],
            "sureness": [sureness for _, _, sureness in since.values()],
        },
    )
    codes = {
        row[0]
        for column in ("period", "known_from", "round")
        for row in con.execute(
            f'select distinct "{column}" from {CODED} where "{column}" is not null'
        ).fetchall()
    }
    spans = [periods.parse(code) for code in sorted(codes) if _readable(code)]
    con.execute(
        "create or replace temp table spans (code varchar, first_day date, last_day date); "
    )
    if spans:
        con.execute(
            "insert into spans select unnest($code), unnest($first), unnest($last)",
            {
                "code": [one.code for one in spans],
                "first": [one.start for one in spans],
                "last": [one.end for one in spans],
            },
        )


def _readable(code: str) -> bool:
    return any(form.fullmatch(code) for form in periods.FORMS.values())


def _plain(dimension: str, decimal: str) -> str:
    """The raw number with a decimal point, a plain minus and no leading plus."""
    text = f"trim(replace(replace(\"{dimension}\", '\u2212', '-'), '\u00a0', ''))"
    text = f"ltrim({text}, '+')"
    return text if decimal == "." else f"replace({text}, ',', '.')"


def _number_faults(con: DuckDBPyConnection, spec: DeliveredFile, name: str) -> Iterator[Fault]:
    wrong = "," if spec.decimal == "." else "."
    code = "decimal_comma" if wrong == "," else "decimal_point"
    for dimension in NUMBERS:
        column = _column(spec, dimension)
        number = f"try_cast({_plain(dimension, spec.decimal)} as double)"
        rows = con.execute(
            f'select line, "{dimension}", contains("{dimension}", \'{wrong}\') from {CODED} '
            f'where "{dimension}" is not null and ({number} is null or not isfinite({number}) '
            f"or contains(\"{dimension}\", '{wrong}')) order by line limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, found, has_wrong in rows:
            rule = code if has_wrong else "not_a_number"
            yield Fault(rule, name, line=line, column=column, found=found, mended_by="source")


def _column(spec: DeliveredFile, dimension: str) -> str:
    mapping = spec.columns.get(dimension)
    return dimension if mapping is None or not mapping.names else mapping.names[0]


def _typed(con: DuckDBPyConnection, spec: DeliveredFile) -> None:
    numbers = ", ".join(
        f"try_cast({_plain(one, spec.decimal)} as double) as {one}" for one in NUMBERS
    )
    point = spec.decimal
    con.execute(
        f"""create or replace temp table typed_rows as
        select line, {numbers}, c.indicator, c.area, coalesce(c."group", i.default_group) as
          population_group, c.period, p.first_day as period_start, p.last_day as period_end,
          case when c.period is null then c.round end as reported_round,
          coalesce(c.unit, i.unit) as unit, coalesce(c.status, 'reported') as status,
          c.change_unit, c.change_since, c.significance, c.source, c.goal, c.verdict, c.round,
          case when contains(c.value, '{point}')
            then length(trim(c.value)) - strpos(trim(c.value), '{point}') else 0 end as decimals,
          k.last_day as stated_from, i.unit as indicator_unit, i.definition, i.kind, i.ends,
          i.successor, g.definition as group_definition
        from {CODED} c left join indicators i on i.id = c.indicator
        left join spans p on p.code = c.period left join spans k on k.code = c.known_from
        left join group_definitions g on g.id = coalesce(c."group", i.default_group)"""
    )


_RULES: dict[str, tuple[str, str, str, str]] = {
    "value_missing": (
        "value",
        "value is null and status = 'reported' and change is null",
        "coalesce(status, '')",
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
            "numerator is not null and "
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
}


def _rule_faults(con: DuckDBPyConnection, name: str) -> Iterator[Fault]:
    for code, (column, when, found, fields) in _RULES.items():
        shown = "null" if fields == "{}" else fields
        rows = con.execute(
            f"select line, {found}, {shown} from typed_rows where {when} "
            f"order by line limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, value, facts in rows:
            yield Fault(
                code,
                name,
                line=line,
                column=column,
                found=value,
                mended_by="source",
                fields=facts or {},
            )
    yield from _range_faults(con, name)
    yield from _duplicates(con, name)


def _range_faults(con: DuckDBPyConnection, name: str) -> Iterator[Fault]:
    for unit, (low, high) in RANGES.items():
        below = "false" if low is None else f"value < {low}"
        above = "false" if high is None else f"value > {high}"
        rows = con.execute(
            f"select line, value from typed_rows where unit = '{unit}' and kind not in ('ratio') "
            f"and ({below} or {above}) order by line limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, value in rows:
            yield Fault(
                "out_of_range",
                name,
                line=line,
                column="value",
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
            found=", ".join(str(part) for part in key),
            mended_by="source",
            fields={"first": first},
        )


def _measurements(con: DuckDBPyConnection, delivery: Delivery, code: str, file: str) -> pa.Table:
    shares = ", ".join(f"'{unit}'" for unit in sorted(SHARE_UNITS))
    return con.sql(
        f"""select indicator, area, population_group, period, period_start, period_end,
          reported_round, case when unit in ({shares}) then value / 100 else value end as value,
          unit, decimals::integer as decimals, numerator, denominator, sample_size, status,
          change as published_change, change_unit, change_since,
          significance as published_significance, coalesce(t.source, $source) as source,
          coalesce(stated_from, s.day, $received) as known_from,
          case when stated_from is not null then 'stated' else coalesce(s.basis, 'received') end
            as known_from_basis,
          $delivery as delivery, $file as file, line, coalesce(s.sureness, $sureness) as sureness,
          $synthetic::boolean as synthetic
        from typed_rows t left join source_days s on s.id = coalesce(t.source, $source)
        order by line""",
        params={
            "source": delivery.source,
            "received": delivery.received,
            "delivery": code,
            "file": file,
            "sureness": delivery.sureness,
            "synthetic": delivery.synthetic,
        },
    ).to_arrow_table()


def _verdicts(con: DuckDBPyConnection) -> pa.Table:
    return con.sql(
        """select distinct round, goal, verdict as status, source from typed_rows
        where verdict is not null and goal is not null and round is not null order by 1, 2"""
    ).to_arrow_table()
