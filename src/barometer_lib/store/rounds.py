"""Stored questions about one round: the figures that had led up to it, and where they came from."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def earlier_figures(session: Session, policy: str, round_: str) -> list[Row]:
    """The dated figures of every indicator a round judges, as they were known then, in time.

    `printed` is blank where no value was measured; `interrupted` tells that the figure does not
    follow on the one before it: a period without a figure or a break lies between, linked or not,
    since these are the figures as delivered.
    """
    return session.rows(
        """with shown as (
          select distinct a.indicator, a.area, a.population_group, r.published_day
          from indicator_assessment a join round r using (round)
          where a.policy = $policy and a.round = $round),
        known as (
          select m.*, lag(m.period_start) over series as before,
            lag(m.period_end) over series as before_end
          from measurement_vintage m join shown s using (indicator, area, population_group)
          where m.period is not null and m.known_from <= s.published_day
            and (m.known_until is null or m.known_until > s.published_day)
          window series as (
            partition by m.indicator, m.area, m.population_group order by m.period_end))
        select k.indicator, k.period, k.period_end, k.unit, k.decimals, k.rounded_to, case
            when k.status <> 'reported' then null
            when k.unit in ('percent', 'percentage_points') then round(k.value * 100, k.decimals)
            else k.value end as printed,
          coalesce(k.period_start > k.before_end + 1, false) or exists (
            select 1 from series_break b join area a on a.area = k.area
            where b.indicator = k.indicator and (b.area_level is null or b.area_level = a.level)
              and b.start_day > k.before and b.start_day <= k.period_start) as interrupted
        from known k order by k.indicator, k.period_end""",
        {"policy": policy, "round": round_},
    )


def source_names(session: Session, lang: str) -> dict[str, str]:
    """The name of every source by its address."""
    rows = session.rows(
        """select s.address, min(l.words) as name from source s join label l
        on l.kind = 'source' and l.code = s.source where l.lang = $lang group by s.address""",
        {"lang": lang},
    )
    return {row["address"]: row["name"] for row in rows}


def effort_areas(session: Session, policy: str) -> list[Row]:
    """The effort areas of a policy in catalogue order; none where no source names any."""
    return session.rows(
        "select * from effort_area where policy = $policy order by position", {"policy": policy}
    )


def newest_rounds(session: Session) -> list[Row]:
    """The newest round held of every policy that has one: where the reader starts, then others.

    The city's own policies stand first, in catalogue order.
    """
    return session.rows(
        """select r.*, p.policy from round r join round_policy using (round)
        join policy p using (policy) cross join dataset d where not r.missed
        qualify row_number() over (
            partition by p.policy order by r.published_day desc, r.round desc) = 1
        order by p.policy = d.start_policy desc,
            list_position(['city_policy', 'city_plan'], p.form) nulls last, p.position"""
    )


def committees(session: Session) -> list[str]:
    """The committees in catalogue order."""
    return session.codes("select committee from committee order by position")
