"""Stored questions about one indicator over all areas of a division."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def panel_rows(session: Session, code: str, area: str, group: str) -> list[Row]:
    """An indicator's figures in every area of the division of `area`, as printed, in time's order.

    `value` is blank where the figure is hidden or was not delivered.
    """
    return session.rows(
        """select m.area as unit, m.period, m.printed as value, m.period_start, m.synthetic, m.unit
          as measured_in, m.decimals
        from measurement m join area a using (area)
        where m.indicator = $code and m.population_group = $group and m.period is not null
          and a.division = (select division from area where area = $area)
        order by m.period_end, a.position""",
        {"code": code, "area": area, "group": group},
    )
