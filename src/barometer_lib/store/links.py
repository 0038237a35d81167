"""Stored questions about links: series carried over a break, and the links they were carried by."""

from __future__ import annotations

from collections.abc import Sequence

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session

KNOWN = """known_from <= coalesce($day, date '9999-12-31')
    and (known_until is null or known_until > coalesce($day, date '9999-12-31'))"""


def linked_points(
    session: Session, code: str, areas: Sequence[str] = (), groups: Sequence[str] = ()
) -> list[Row]:
    """The figures of an indicator that were carried over a break, as known on the session's day
    or as they stand, in time; `printed_` columns are as printed."""
    return session.rows(
        f"""select m.*, round(m.value * unit.scale, m.decimals + 1) as printed_linked,
          m.low * unit.scale as printed_low, m.high * unit.scale as printed_high,
          round(m.original_value * unit.scale, m.decimals) as printed_original
        from linked_measurement m join area a using (area), lateral (select case when m.unit in
          ('percent', 'percentage_points') then 100 else 1 end as scale) as unit
        where m.indicator = $code and {KNOWN}
          and (len($areas) = 0 or list_contains($areas, m.area))
          and (len($groups) = 0 or list_contains($groups, m.population_group))
        order by a.position, m.population_group, m.period_end""",
        {"code": code, "areas": list(areas), "groups": list(groups), "day": session.day},
    )


def links(session: Session, code: str, area: str, group: str) -> list[Row]:
    """The links of one series, as known on the session's day or as they stand; factors of shares
    carried by a difference are shares of 1."""
    return session.rows(
        f"""select l.*, i.unit from series_link l join indicator i using (indicator)
        where indicator = $code and area = $area and l.population_group = $group
          and {KNOWN}
        order by known_from""",
        {"code": code, "area": area, "group": group, "day": session.day},
    )
