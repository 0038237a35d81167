"""Stored questions about one indicator's series: its figures, gaps, revisions and verdicts.

`printed` columns carry the unit readers see; `printed_low` and `printed_high` are the 95 % limits
in that unit, blank where the figures do not carry their n.
"""

from __future__ import annotations

import json

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def areas_with_figures(session: Session, code: str) -> list[Row]:
    """The areas an indicator has figures of, in catalogue order, with how many."""
    return session.rows(
        """select a.area, a.level, a.division, count(*)::integer as figures
        from measurement m join area a using (area) where m.indicator = $code
        group by a.area, a.level, a.division, a.position order by a.position""",
        {"code": code},
    )


def groups_with_figures(session: Session, code: str) -> list[Row]:
    """The population groups an indicator has figures of, in catalogue order."""
    return session.rows(
        """select g.population_group, g.definition, g.total, count(*)::integer as figures
        from measurement m join population_group g using (population_group)
        where m.indicator = $code
        group by g.population_group, g.definition, g.total, g.position order by g.position""",
        {"code": code},
    )


def areas_of_group(session: Session, code: str, group: str) -> list[str]:
    """The areas an indicator has figures of one group for, in catalogue order."""
    return session.codes(
        """select a.area from measurement m join area a using (area)
        where m.indicator = $code and m.population_group = $group
        group by a.area, a.position order by a.position""",
        {"code": code, "group": group},
    )


def trends(session: Session, code: str, group: str, area: str | None = None) -> list[Row]:
    """What the trend engine tells of a group's series as they stand, in one area or all of them."""
    return session.rows(
        """select * from trend where indicator = $code and population_group = $group
          and ($area is null or area = $area) order by series_id""",
        {"code": code, "group": group, "area": area},
    )


def tests(session: Session, code: str, area: str, group: str) -> list[Row]:
    """Every test of a series as it stands, in the order a reader meets them; `facts` is a mapping
    and `unit` that of the series' values."""
    rows = session.rows(
        """select t.*, i.unit from trend_test t join indicator i using (indicator)
        where t.indicator = $code and t.area = $area and t.population_group = $group
        order by list_position(
          ['recent', 'mann_kendall', 'joinpoint', 'control_chart', 'detectable'], t.test)""",
        {"code": code, "area": area, "group": group},
    )
    return [row | {"facts": json.loads(row["facts"])} for row in rows]


def figures(session: Session, code: str) -> list[Row]:
    """Every figure of an indicator as it stands, by area, group and time, with its source.

    An undated figure stands at the day it was known.
    """
    return session.rows(
        """select m.*, m.low * unit.scale as printed_low, m.high * unit.scale as printed_high,
          a.level, a.division, s.address as source_address, s.published as source_published,
          d.title as delivery_title, d.received
        from measurement m join area a using (area) join source s using (source)
        join population_group g using (population_group)
        left join delivery d on d.delivery = m.delivery,
        lateral (select case when m.unit in ('percent', 'percentage_points') then 100 else 1 end
          as scale) as unit
        where m.indicator = $code
        order by a.position, g.position, coalesce(m.period_end, m.known_from), m.period""",
        {"code": code},
    )


def newest_areas(session: Session, code: str, division: str, group: str) -> list[Row]:
    """The districts of a division in the newest period any of them has a figure or its reason.

    A district the period has no row for is there too, with status `missing`.
    """
    return session.rows(
        """with of_division as (
          select m.*, m.low * unit.scale as printed_low, m.high * unit.scale as printed_high
          from measurement m join area a using (area), lateral (select case when m.unit in
            ('percent', 'percentage_points') then 100 else 1 end as scale) unit
          where m.indicator = $code and m.population_group = $group and a.division = $division),
        newest as (select period, period_end from of_division where period is not null
          order by period_end desc limit 1)
        select a.area, n.period, m.printed, m.printed_low, m.printed_high, m.decimals, m.source,
          m.rounded_to, coalesce(m.status, 'missing') as status, m.value is not null as known
        from area a cross join newest n
        left join of_division m on m.area = a.area and m.period = n.period
        where a.division = $division order by a.position""",
        {"code": code, "division": division, "group": group},
    )


def gaps(session: Session, code: str, area: str, reference: str) -> list[Row]:
    """Each group minus the reference group, by period, in the unit of a change.

    Only where both are measured in the same period; `printed` is no finer than the coarser of
    the two was printed. Percent give percentage points.
    """
    return session.rows(
        """select m.population_group, m.period, case when m.unit = 'percent'
            then 'percentage_points' else m.unit end as unit,
          least(m.decimals, r.decimals) as decimals,
          round(m.printed - r.printed, least(m.decimals, r.decimals)) as printed,
          coalesce(m.rounded_to, r.rounded_to) as rounded_to
        from measurement m join measurement r using (indicator, area, period)
        join population_group g on g.population_group = m.population_group
        where m.indicator = $code and m.area = $area and r.population_group = $reference
          and m.population_group <> $reference and not g.total
          and m.value is not null and r.value is not null
          and m.status = 'reported' and r.status = 'reported'
        order by g.position, m.period_end""",
        {"code": code, "area": area, "reference": reference},
    )


def revisions(session: Session, code: str, area: str, group: str) -> list[Row]:
    """Figures of a series that a later delivery changed: old value, new value, and the day."""
    return session.rows(
        """select old.period, old.unit, old.decimals, old.rounded_to as rounded_to_before,
          new.rounded_to as rounded_to_after, old.status as status_before,
          new.status as status_after, new.known_from as revised,
          case when old.unit in ('percent', 'percentage_points')
            then round(old.value * 100, old.decimals) else old.value end as printed_before,
          case when new.unit in ('percent', 'percentage_points')
            then round(new.value * 100, new.decimals) else new.value end as printed_after
        from measurement_vintage old join measurement_vintage new
          on new.indicator = old.indicator and new.area = old.area
          and new.population_group = old.population_group
          and new.period is not distinct from old.period and new.known_from = old.known_until
        where old.indicator = $code and old.area = $area and old.population_group = $group
          and (old.value is distinct from new.value or old.status <> new.status)
        order by old.period_end, new.known_from""",
        {"code": code, "area": area, "group": group},
    )


def verdicts(session: Session, code: str) -> list[Row]:
    """What every round said of an indicator under each of its goals, newest round first.

    `goal_status`, `goal_reason` and so on are the goal's own; `facts` and `goal_facts` are JSON.
    """
    return session.rows(
        """select i.*, case when i.unit in ('percent', 'percentage_points')
            then round(i.value * 100, i.decimals) else i.value end as printed,
          b.printed as reference_printed, b.decimals as reference_decimals,
          b.rounded_to as reference_rounded_to,
          g.number as goal_number, a.rule as goal_rule, a.status as goal_status, a.status_published,
          a.status_computed, a.reason as goal_reason, a.facts as goal_facts, r.published_day,
          s.address as source_address, gs.address as goal_source_address, a.source as goal_source
        from indicator_assessment i join goal g using (goal) join policy p
          on p.policy = i.policy join round r using (round)
        join goal_assessment a on a.goal = i.goal and a.round = i.round and a.policy = i.policy
        left join measurement b on b.indicator = i.indicator and b.area = i.area
          and b.population_group = i.population_group and b.period = i.reference_period
        left join source s on s.source = i.source
        left join source gs on gs.source = a.source
        where i.indicator = $code
        order by p.position, g.position, r.published_day desc""",
        {"code": code},
    )


def predecessor(session: Session, code: str) -> str | None:
    """The indicator that ended and was succeeded by this one, if any."""
    found = session.codes(
        "select indicator from indicator where successor = $code order by position",
        {"code": code},
    )
    return found[0] if found else None
