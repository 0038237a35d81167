"""Parts against totals of a large file: the general rule over the rows that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Indicator
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.large.plan import Plan
from barometer_lib.deliveries.large.reading import Cells
from barometer_lib.deliveries.sums import ADDING_KINDS, sum_faults
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def adding(cells: Cells, plan: Plan, content: Catalogue) -> dict[str, str]:
    """The indicators of the file of which something adds up, each with its kind."""
    have = {"value", *plan.numbers}
    kinds = {kind for kind, figures in ADDING_KINDS.items() if have & set(figures)}
    there = cells.lists.get("indicator", (plan.constants.get("indicator"),))
    return {
        one.id: one.kind for one in content.all(Indicator) if one.kind in kinds and one.id in there
    }


def sums(
    con: DuckDBPyConnection,
    tables: Sequence[pa.Table],
    wanted: Mapping[str, str],
    spec: DeliveredFile,
    content: Catalogue,
    name: str,
) -> list[Fault]:
    """Every fault of sums in the measurements of those indicators."""
    parts = []
    for number, table in enumerate(tables):
        con.register(f"adding_{number}", table)
        parts.append(f"select * from adding_{number}")
    con.execute(
        f"""create or replace temp table typed_rows as
        select indicator, area, population_group, period, reported_round, line,
          null::integer as block, value * case when unit in ('percent', 'percentage_points')
            then 100 else 1 end as value, numerator, denominator, unit, decimals, kind
        from ({" union all by name ".join(parts)}) join (
          select unnest($indicators) as indicator, unnest($kinds) as kind) using (indicator)
        where indicator is not null and area is not null order by line""",
        {"indicators": list(wanted), "kinds": list(wanted.values())},
    )
    for number in range(len(tables)):
        con.unregister(f"adding_{number}")
    return list(sum_faults(con, spec, content, name))
