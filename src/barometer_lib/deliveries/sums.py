"""Parts against totals: groups against what they make up, districts against their city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Area, Group
from barometer_lib.deliveries.checks import FAULTS_PER_RULE, column_of
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What adds up: counts themselves, and the people behind shares and rates.
ADDING = {
    "value": "kind = 'count' and value is not null",
    "numerator": "kind in ('proportion', 'rate') and numerator is not null",
    "denominator": "kind in ('proportion', 'rate') and denominator is not null",
}
# Which figures of which kinds of indicators those are.
ADDING_KINDS = {
    "count": ("value",),
    "proportion": ("numerator", "denominator"),
    "rate": ("numerator", "denominator"),
}
# Three periods or more in which a figure is the sum of two others are no accident.
LEAST_PERIODS = 3
MOST_ROWS_COMPARED = 200_000


def sum_faults(
    con: DuckDBPyConnection, spec: DeliveredFile, content: Catalogue, name: str
) -> Iterator[Fault]:
    """Totals that are not the sum of their parts, within rounding; subtotals as warnings.

    Where a part is hidden or not delivered, the known ones must not be more than the total. The
    districts of one division must not be more than their municipality; less is a warning, since
    some people live outside all districts.
    """
    _lists(con, content)
    for figure, when in ADDING.items():
        if figure != "value" and figure not in spec.columns:
            continue
        con.execute(
            "create or replace temp table adding as select indicator, area, population_group, "
            "coalesce(period, 'round ' || reported_round, '') as moment, min(line) as line, "
            f"min_by(block, line) as block, any_value({figure}) as figure, "
            f"any_value(unit = 'persons_fte' or {figure} <> floor({figure})) as rounded, "
            f"max(case when '{figure}' = 'value' then decimals else 0 end) as decimals "
            f"from typed_rows where {when} group by all having count(*) = 1"
        )
        for kind, other in (("population_group", "area"), ("area", "population_group")):
            yield from _against(con, spec, figure, kind, other, name)
    yield from _undeclared(con, spec, content, name)


def _lists(con: DuckDBPyConnection, content: Catalogue) -> None:
    con.execute(
        "create or replace temp table summing (kind varchar, total varchar, part varchar, "
        "part_of varchar, parts integer, whole boolean)"
    )
    rows: list[tuple[str, str, str, str, int, bool]] = [
        ("population_group", one.id, part, one.id, len(one.parts), True)
        for one in content.all(Group)
        for part in one.parts
    ]
    inside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for area in content.all(Area):
        if area.parent is not None and area.division is not None:
            inside[area.parent, area.division].append(area.id)
    rows += [
        ("area", parent, part, division, len(parts), False)
        for (parent, division), parts in inside.items()
        for part in parts
    ]
    if rows:
        con.executemany("insert into summing values (?, ?, ?, ?, ?, ?)", rows)


def _against(
    con: DuckDBPyConnection, spec: DeliveredFile, figure: str, kind: str, other: str, name: str
) -> Iterator[Fault]:
    """`whole`: the parts make up all of the total, so that neither more nor less is right."""
    rows = con.execute(
        f"""select *, sum > figure + slack as above from (
            select t.line, t.block, t.figure, sum(p.figure) as sum, count(*) as known,
              any_value(s.parts) as parts, any_value(s.whole) as whole,
              string_agg(s.part, ', ' order by s.part) as named,
              case when bool_or(p.rounded) or any_value(t.rounded)
                then 0.5 * (count(*) + 1) * power(10, -max(p.decimals)) else 0 end + 1e-6 as slack
            from adding t join summing s on s.kind = '{kind}' and s.total = t.{kind}
            join adding p on p.{kind} = s.part and p.indicator = t.indicator
              and p.{other} = t.{other} and p.moment = t.moment
            group by t.indicator, t.area, t.population_group, t.moment, s.part_of, t.line,
              t.block, t.figure
        ) where sum > figure + slack or (known = parts and sum < figure - slack)
        order by line, block limit {FAULTS_PER_RULE}"""
    ).fetchall()
    for line, block, total, added, known, parts, whole, named, _, above in rows:
        exact = whole and known == parts
        code = "parts_total" if exact else "parts_above" if above else "areas_below"
        yield Fault(
            code,
            name,
            line=line,
            column=column_of(spec, figure, block),
            found=_plain(total),
            allowed=_plain(added) if exact else None,
            mended_by="source",
            severity="warning" if code == "areas_below" else "error",
            fields={"sum": _plain(added), "parts": named},
        )


def _undeclared(
    con: DuckDBPyConnection, spec: DeliveredFile, content: Catalogue, name: str
) -> Iterator[Fault]:
    """Groups that are the sum of two others throughout, without the catalogue saying so."""
    totals = {one.id for one in content.all(Group) if one.total or one.parts}
    con.execute(
        "create or replace temp table compared as select indicator, area, population_group, "
        "period, value, line, block from typed_rows where kind = 'count' and value > 0 "
        f"and period is not null limit {MOST_ROWS_COMPARED}"
    )
    rows = con.execute(
        f"""select min(t.line), t.population_group, a.population_group, b.population_group
        from compared t join compared a using (indicator, area, period)
        join compared b using (indicator, area, period)
        where a.population_group < b.population_group
          and t.population_group not in (a.population_group, b.population_group)
        group by t.indicator, t.population_group, a.population_group, b.population_group
        having count(*) >= {LEAST_PERIODS} and bool_and(t.value = a.value + b.value)
        order by 1 limit {FAULTS_PER_RULE}"""
    ).fetchall()
    for line, group, first, second in rows:
        if group not in totals:
            yield Fault(
                "subtotal_looks",
                name,
                line=line,
                column=column_of(spec, "group"),
                found=group,
                mended_by="mapping",
                severity="warning",
                fields={"parts": f"{first}, {second}"},
            )


def _plain(number: float) -> str:
    """A figure without a needless `.0`."""
    return str(int(number)) if number == int(number) else f"{number:.10g}"
