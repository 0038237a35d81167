"""Stored questions about forecasts frozen at a decision and what came after."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def forecasts(session: Session, code: str, area: str, group: str) -> list[Row]:
    """The forecasts of a series, newest decision first, each with its `series` of points in time
    and the `unit` of its values."""
    asked = {"code": code, "area": area, "group": group}
    rows = session.rows(
        """select f.*, i.unit, i.decimals from forecast f join indicator i using (indicator)
        where f.indicator = $code and f.area = $area and f.population_group = $group
        order by f.decided desc""",
        asked,
    )
    points = session.rows(
        """select decision, period, forecast, low, high, value, distance, outcome
        from forecast_point where indicator = $code and area = $area
          and population_group = $group order by period_end, period""",
        asked,
    )
    return [
        row | {"series": [one for one in points if one["decision"] == row["decision"]]}
        for row in rows
    ]
