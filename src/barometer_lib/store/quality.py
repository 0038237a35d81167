"""Stored questions about the figures themselves: what came, how old it is, what is hidden."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session

# The indicators of one committee's goals, or all of them.
OF_COMMITTEE = """($committee is null or indicator in (
  select i.indicator from goal_indicator i join goal g using (goal)
  where g.lead_committee = $committee or list_contains(g.contributing_committees, $committee)))"""


def committees_with_indicators(session: Session) -> list[str]:
    """The committees that lead or join in a goal with an indicator, in catalogue order."""
    return session.codes(
        """select c.committee from committee c where exists (
          select 1 from goal_indicator i join goal g using (goal)
          where g.lead_committee = c.committee
            or list_contains(g.contributing_committees, c.committee))
        order by c.position"""
    )


def deliveries(session: Session, committee: str | None) -> list[Row]:
    """The deliveries that hold measurements, newest first: how many vintages came in each, of how
    many indicators, and the newest period among them (blank where none is dated)."""
    return session.rows(
        f"""select d.delivery, d.source, d.address, d.received, d.licence,
          count(*)::integer as figures, count(distinct m.indicator)::integer as indicators,
          arg_max(m.period, m.period_end) as newest
        from delivery d join measurement_vintage m using (delivery)
        where {OF_COMMITTEE.replace("indicator in", "m.indicator in")}
        group by all order by d.received desc, d.delivery""",
        {"committee": committee},
    )


def ages(session: Session, committee: str | None) -> list[Row]:
    """How far each indicator's figures reach: figures, newest period, known since."""
    return session.rows(
        f"""select i.indicator, count(m.value)::integer as figures,
          arg_max(m.period, m.period_end) filter (where m.value is not null) as newest,
          max(m.known_from) as known_from
        from indicator i left join measurement m using (indicator)
        where {OF_COMMITTEE.replace("indicator in", "i.indicator in")}
        group by i.indicator, i.position order by i.position""",
        {"committee": committee},
    )


def revised(session: Session, committee: str | None) -> list[Row]:
    """The revision statistics of the indicators that have been revised or corrected at all."""
    return session.rows(
        f"""select r.* from revision_statistics r join indicator i using (indicator)
        where (r.revised > 0 or r.corrected > 0)
          and {OF_COMMITTEE.replace("indicator in", "r.indicator in")} order by i.position""",
        {"committee": committee},
    )


def hidden(session: Session, committee: str | None) -> list[Row]:
    """The figures that are hidden as it stands, by indicator and period: how many."""
    return session.rows(
        f"""select indicator, period, count(*)::integer as figures from (
          select distinct indicator, area, population_group, period from suppression) s
        join indicator i using (indicator)
        where {OF_COMMITTEE.replace("indicator in", "s.indicator in")}
        group by indicator, period, i.position order by i.position, period""",
        {"committee": committee},
    )


def breaks(session: Session, committee: str | None) -> list[Row]:
    """The breaks of the indicators, each with its reason's code and whether it is linked."""
    return session.rows(
        f"""select b.* from series_break b join indicator i using (indicator)
        where {OF_COMMITTEE.replace("indicator in", "b.indicator in")}
        order by i.position, b.start_day""",
        {"committee": committee},
    )


def corrections(session: Session, committee: str | None) -> list[Row]:
    """The corrections of the indicators, newest first."""
    return session.rows(
        f"""select c.* from correction c
        where {OF_COMMITTEE.replace("indicator in", "c.indicator in")}
        order by c.corrected_on desc, c.correction""",
        {"committee": committee},
    )
