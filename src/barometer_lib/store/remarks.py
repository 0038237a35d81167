"""Stored questions about what is to be said beside a figure: errata, and what is in doubt."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def errata(session: Session, code: str, area: str, group: str) -> list[Row]:
    """The corrections of a series with the figure before and after as printed (`after` blank:
    taken back), oldest first; of a session of a day those that were made by then."""
    return session.rows(
        """select * from erratum where indicator = $code and area = $area
          and population_group = $group and ($day is null or corrected_on <= $day)
        order by corrected_on, correction""",
        {"code": code, "area": area, "group": group, "day": session.day},
    )


def disputes(session: Session, code: str, area: str, group: str) -> list[Row]:
    """What is or was under clarification in a series, oldest first; `decided_on` is blank where it
    still is, or was on the session's day."""
    return session.rows(
        """select * replace (case when $day is not null and decided_on > $day then null
            else decided_on end as decided_on)
        from dispute where indicator = $code and area = $area and population_group = $group
          and ($day is null or raised_on <= $day) order by raised_on, dispute""",
        {"code": code, "area": area, "group": group, "day": session.day},
    )


def of_round(session: Session, policy: str, round_: str) -> tuple[list[Row], list[Row]]:
    """The errata of figures that a round showed wrong, and the disputes of figures it shows: of
    the value of an indicator and of the value its change is counted from."""
    shown = """with shown as (
      select distinct a.indicator, a.area, a.population_group, r.published_day, r.round,
        unnest([a.period, a.reference_period]) as period
      from indicator_assessment a join round r using (round)
      where a.policy = $policy and a.round = $round)"""
    values = {"policy": policy, "round": round_}
    return (
        session.rows(
            f"""{shown} select e.* from erratum e where exists (select 1 from shown s
              where s.indicator = e.indicator and s.area = e.area
                and s.population_group = e.population_group and (s.period = e.period
                  or s.round = e.reported_round) and s.published_day >= e.wrong_from
                and s.published_day < e.corrected_on) order by e.corrected_on, e.correction""",
            values,
        ),
        session.rows(
            f"""{shown} select d.* from dispute d where exists (select 1 from shown s
              where s.indicator = d.indicator and s.area = d.area
                and s.population_group = d.population_group and (s.period = d.period
                  or s.round = d.reported_round)) order by d.raised_on, d.dispute""",
            values,
        ),
    )
