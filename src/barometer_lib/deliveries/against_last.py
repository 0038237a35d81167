"""A delivery against the last one of the same name: figures that are gone, and figures that jump.

Only warnings: both may be true. Each tells both figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Indicator
from barometer_lib.deliveries.checks import column_of
from barometer_lib.deliveries.description import DESCRIPTION, DeliveredFile
from barometer_lib.errors import Fault
from barometer_lib.units import SHARE_UNITS

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

# A share that moves by more than this many percentage points, an index by so many points, any other
# figure by more than this factor. Shares of few people move by chance: so many standard errors too.
SHARE_JUMP, POINT_JUMP, FACTOR = 10.0, 10.0, 2.0
LEAST_COUNT = 50
STANDARD_ERRORS = 4.0
MOST_TOLD = 200


def begin(con: DuckDBPyConnection) -> None:
    """Makes the table of what every delivery held."""
    con.execute(
        "create or replace temp table seen (name varchar, delivery varchar, file varchar, "
        "sheet varchar, line integer, field varchar, indicator varchar, area varchar, "
        "population_group varchar, period varchar, period_end date, value double, people double, "
        "unit varchar)"
    )


def name_of(delivery: str) -> str:
    """What a delivery is called without its date."""
    return delivery.rpartition("/")[0]


def remember(
    con: DuckDBPyConnection, spec: DeliveredFile, delivery: str, sheet: str | None
) -> None:
    """Keeps what the file at hand holds (`typed_rows`) for the deliveries after it."""
    _keep(con, "typed_rows", "value", spec, delivery, sheet)


def remember_table(
    con: DuckDBPyConnection,
    table: pa.Table,
    spec: DeliveredFile,
    delivery: str,
    sheet: str | None,
) -> None:
    """Keeps what a table of measurements holds, whose shares are 0-1."""
    con.register("measured_rows", table)
    shares = ", ".join(f"'{unit}'" for unit in sorted(SHARE_UNITS))
    printed = f"case when unit in ({shares}) then value * 100 else value end"
    _keep(con, "measured_rows", printed, spec, delivery, sheet)
    con.unregister("measured_rows")


def _keep(
    con: DuckDBPyConnection,
    rows: str,
    value: str,
    spec: DeliveredFile,
    delivery: str,
    sheet: str | None,
) -> None:
    con.execute(
        "insert into seen select $name, $delivery, $file, $sheet, line, $field, indicator, area, "
        f"population_group, period, period_end, {value}, coalesce(denominator, sample_size), unit "
        f"from {rows} where indicator is not null and area is not null and period is not null",
        {
            "name": name_of(delivery),
            "delivery": delivery,
            "file": f"{delivery}/{spec.file}",
            "sheet": sheet,
            "field": column_of(spec, "value"),
        },
    )


def compare(con: DuckDBPyConnection, delivery: str, content: Catalogue) -> Iterator[Fault]:
    """Warnings of one delivery against those before it."""
    asked = {"name": name_of(delivery), "delivery": delivery}
    last = con.execute(
        "select max(delivery) from seen where name = $name and delivery < $delivery", asked
    ).fetchall()[0][0]
    if last is not None:
        yield from _gone(con, delivery, asked)
        yield from _jumps(con, asked, content)


def _gone(con: DuckDBPyConnection, delivery: str, asked: dict[str, str]) -> Iterator[Fault]:
    """Series of an indicator that its last delivery had and this one has not."""
    rows = con.execute(
        """with series as (
            select distinct indicator, delivery, area, population_group from seen
            where name = $name and delivery <= $delivery
        ), before as (
            select * from series where delivery = (
              select max(delivery) from series s
              where s.indicator = series.indicator and s.delivery < $delivery)
        ), now as (select * from series where delivery = $delivery)
        select b.indicator, any_value(b.delivery), count(*),
          count_if(n.area is not null), min(case when n.area is null
            then b.area || ', ' || b.population_group end)
        from before b left join now n using (indicator, area, population_group)
        where b.indicator in (select indicator from now)
        group by b.indicator having count_if(n.area is null) > 0 order by 1""",
        asked,
    ).fetchall()
    for indicator, last, had, still, example in rows:
        yield Fault(
            "coverage_shrunk",
            f"{delivery}/{DESCRIPTION}",
            column=indicator,
            found=str(still),
            mended_by="source",
            severity="warning",
            fields={"had": had, "last": last, "example": example},
        )


def _jumps(con: DuckDBPyConnection, asked: dict[str, str], content: Catalogue) -> Iterator[Fault]:
    rows = con.execute(
        f"""select n.file, n.sheet, n.line, n.field, n.indicator, n.area, n.population_group,
          n.period, n.value, b.period, b.period_end, b.value, b.delivery
        from (select * from seen where delivery = $delivery and value is not null) n
        asof join (select * from seen where name = $name and delivery < $delivery
          and value is not null qualify row_number() over (partition by indicator, area,
            population_group, period order by delivery desc) = 1) b
        on b.indicator = n.indicator and b.area = n.area
          and b.population_group = n.population_group and b.unit = n.unit
          and n.period_end >= b.period_end
        where {_jumped()} order by n.file, n.line limit {MOST_TOLD}""",
        asked,
    ).fetchall()
    breaks = {one.id: [each.start for each in one.breaks] for one in content.all(Indicator)}
    for file, sheet, line, field, indicator, area, group, period, value, *before in rows:
        at, end, was, last = before
        starts = [periods.parse(start).start for start in breaks.get(indicator, [])]
        if any(end < start <= periods.parse(period).end for start in starts):
            continue
        yield Fault(
            "value_jumped",
            file,
            sheet=sheet,
            line=line,
            column=field,
            found=f"{value:.10g}",
            mended_by="source",
            severity="warning",
            fields={
                "series": f"{indicator}, {area}, {group}",
                "period": period,
                "before": f"{was:.10g}",
                "at": at,
                "last": last,
            },
        )


def _jumped() -> str:
    share = "n.unit in ('percent', 'percentage_points')"
    chance = (
        "sqrt(greatest((n.value + b.value) / 200 * (1 - (n.value + b.value) / 200), 0) "
        "* (1 / n.people + 1 / b.people)) * 100"
    )
    beyond = (
        f"(n.people is null or b.people is null or n.people <= 0 or b.people <= 0 "
        f"or abs(n.value - b.value) > {STANDARD_ERRORS} * {chance})"
    )
    factor = (
        f"greatest(n.value, b.value) > {FACTOR} * least(n.value, b.value) "
        f"and (n.unit not in ('count', 'persons_fte') "
        f"or greatest(n.value, b.value) >= {LEAST_COUNT})"
    )
    return (
        f"case when {share} then abs(n.value - b.value) > {SHARE_JUMP} and {beyond} "
        f"when n.unit = 'points' then abs(n.value - b.value) > {POINT_JUMP} "
        f"when n.unit = 'rank' then false else {factor} end"
    )
