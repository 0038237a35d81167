"""Coded rows to measurements: numbers read, every rule checked over the whole file at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Group, Indicator
from barometer_lib.deliveries import checks
from barometer_lib.deliveries.contributions import contribution_faults
from barometer_lib.deliveries.description import DeliveredFile, Delivery
from barometer_lib.deliveries.mapping import CODED, known_since
from barometer_lib.deliveries.origin import origin_faults
from barometer_lib.deliveries.raw import literal
from barometer_lib.deliveries.sums import sum_faults
from barometer_lib.errors import Fault
from barometer_lib.units import SHARE_UNITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEXTS = (
    "indicator", "area", "group", "period", "round", "unit", "status", "change_unit",
    "change_since", "significance", "source", "known_from", "goal", "verdict",
)  # fmt: skip


REQUIRED = ("indicator", "area")


def dimensions(_holds: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dimensions a file of measurements may have, and those it must have."""
    return (*TEXTS, *checks.NUMBERS), REQUIRED


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
    faults = rows_typed(con, spec, delivery, content, name)
    faults += sum_faults(con, spec, content, name)
    faults += origin_faults(con, spec, content, name)
    faults += contribution_faults(con, spec, content, delivery.source, name)
    return figures(con, delivery, code, spec), _verdicts(con), faults


def rows_typed(
    con: DuckDBPyConnection,
    spec: DeliveredFile,
    delivery: Delivery,
    content: Catalogue,
    name: str,
) -> list[Fault]:
    """Makes table `typed_rows` of the coded rows; every fault that one row shows, and twins."""
    _complete(con)
    _marked(con, spec)
    _lists(con, content, delivery)
    faults = [*checks.number_faults(con, spec, name)]
    _typed(con, spec)
    return [*faults, *checks.rule_faults(con, spec, name)]


def rows_of_codes(
    con: DuckDBPyConnection, spec: DeliveredFile, delivery: Delivery, content: Catalogue
) -> None:
    """Makes table `typed_rows` of coded rows without looking for faults."""
    _complete(con)
    _lists(con, content, delivery)
    _typed(con, spec)


def _complete(con: DuckDBPyConnection) -> None:
    """Every dimension as a column, blank where the delivery does not map it."""
    have = {row[0] for row in con.execute(f"describe {CODED}").fetchall()}
    for dimension in (*TEXTS, *checks.NUMBERS):
        if dimension not in have:
            con.execute(f'alter table {CODED} add column "{dimension}" varchar')


def _marked(con: DuckDBPyConnection, spec: DeliveredFile) -> None:
    """Figures that are written as a mark become blank; the value's mark says its status."""
    if not spec.marks:
        return
    cases = []
    for mark, status in spec.marks.items():
        number = float(mark) if re.fullmatch(r"(?a)\d+(\.\d+)?", mark) else None
        same = f"trim({{cell}}) = {literal(mark)}"
        if number is not None:
            same = f"({same} or {checks.number_sql('{cell}', spec.decimal)} = {number})"
        cases.append(f"when {same} then '{status}'")
    statuses = f"case {' '.join(cases)} end"
    value = statuses.replace('"{cell}"', '"value"').replace("{cell}", '"value"')
    con.execute(f"update {CODED} set status = {value} where {value} is not null")
    for dimension in checks.FIGURES:
        mark = statuses.replace('"{cell}"', f'"{dimension}"').replace("{cell}", f'"{dimension}"')
        con.execute(f'update {CODED} set "{dimension}" = null where {mark} is not null')


def _lists(con: DuckDBPyConnection, content: Catalogue, delivery: Delivery) -> None:
    groups = {one.id: one.definition for one in content.all(Group)}
    rows = content.all(Indicator)
    con.execute(
        "create or replace temp table indicators as select unnest($id) id, unnest($unit) unit, "
        "unnest($group) default_group, unnest($definition) definition, unnest($kind) kind, "
        "unnest($ends) ends, unnest($successor) successor, unnest($frequency) usual",
        {
            "id": [one.id for one in rows],
            "unit": [one.unit for one in rows],
            "group": [one.group for one in rows],
            "definition": [groups.get(one.group, "") for one in rows],
            "kind": [one.kind for one in rows],
            "ends": [periods.last_day(one.ends) if one.ends else None for one in rows],
            "successor": [one.successor for one in rows],
            "frequency": [one.frequency for one in rows],
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
        "create or replace temp table spans (code varchar, frequency varchar, "
        "first_day date, last_day date)"
    )
    if spans:
        con.execute(
            "insert into spans select unnest($code), unnest($frequency), "
            "unnest($first), unnest($last)",
            {
                "code": [one.code for one in spans],
                "frequency": [one.frequency for one in spans],
                "first": [one.start for one in spans],
                "last": [one.end for one in spans],
            },
        )


def _readable(code: str) -> bool:
    return any(form.fullmatch(code) for form in periods.FORMS.values())


def _typed(con: DuckDBPyConnection, spec: DeliveredFile) -> None:
    numbers = ", ".join(
        f"{checks.number_sql(one, spec.decimal)} as {one}" for one in checks.NUMBERS
    )
    point = spec.decimal
    con.execute(
        f"""create or replace temp table typed_rows as
        select line, block, {numbers}, c.value is not null as value_given, c.indicator, c.area,
          coalesce(c."group", i.default_group) as population_group, c.period,
          p.first_day as period_start, p.last_day as period_end,
          case when c.period is null then c.round end as reported_round,
          coalesce(c.unit, i.unit) as unit, coalesce(c.status, 'reported') as status,
          c.change_unit, c.change_since, c.significance, c.source, c.goal, c.verdict, c.round,
          case when contains(c.value, '{point}')
            then length(trim(c.value)) - strpos(trim(c.value), '{point}') else 0 end as decimals,
          k.last_day as stated_from, i.unit as indicator_unit, i.definition, i.kind, i.ends,
          i.successor, g.definition as group_definition, p.frequency, i.usual
        from {CODED} c left join indicators i on i.id = c.indicator
        left join spans p on p.code = c.period left join spans k on k.code = c.known_from
        left join group_definitions g on g.id = coalesce(c."group", i.default_group)"""
    )


def figures(
    con: DuckDBPyConnection, delivery: Delivery, code: str, spec: DeliveredFile
) -> pa.Table:
    """The typed rows as measurements, each with its provenance."""
    more = [f", {one}" for one in checks.CONTRIBUTIONS if one in spec.columns]
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
          $synthetic::boolean as synthetic{"".join(more)}
        from typed_rows t left join source_days s on s.id = coalesce(t.source, $source)
        order by line, block""",
        params={
            "source": delivery.source,
            "received": delivery.received,
            "delivery": code,
            "file": spec.place,
            "sureness": delivery.sureness,
            "synthetic": delivery.synthetic,
        },
    ).to_arrow_table()


def _verdicts(con: DuckDBPyConnection) -> pa.Table:
    return con.sql(
        """select distinct round, goal, verdict as status, source from typed_rows
        where verdict is not null and goal is not null and round is not null order by 1, 2"""
    ).to_arrow_table()
