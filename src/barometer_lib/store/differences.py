"""Stored questions behind a comparison of two rounds, and how much figures were revised."""

from __future__ import annotations

import json
from datetime import date

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def indicator_rows(session: Session, round_: str, policy: str | None) -> list[Row]:
    """What a round says of every indicator, of one policy or of all; `facts` as a mapping."""
    return _said(session, "indicator_assessment", round_, policy)


def goal_rows(session: Session, round_: str, policy: str | None) -> list[Row]:
    """What a round says of every goal, of one policy or of all; `facts` as a mapping."""
    return _said(session, "goal_assessment", round_, policy)


def _said(session: Session, table: str, round_: str, policy: str | None) -> list[Row]:
    rows = session.rows(
        f"""select a.* from {table} a join goal g using (goal) join policy p on p.policy = a.policy
        where a.round = $round and ($policy is null or a.policy = $policy)
        order by p.position, g.position{", a.position" if table.startswith("indicator") else ""}""",
        {"round": round_, "policy": policy},
    )
    return [{**row, "facts": json.loads(row["facts"])} for row in rows]


def both_rounds(session: Session, first: str, second: str, policy: str | None) -> Row:
    """Everything a comparison of two rounds is made from: `days`, `policies`, `indicators` and
    `goals` of both (earlier first), and the vintages, corrections, breaks, ends and goals between.
    """
    found = session.rows(
        "select round, published_day from round where list_contains($rounds, round)",
        {"rounds": [first, second]},
    )
    days = {row["round"]: row["published_day"] for row in found}
    codes = (first, second)
    return {
        "days": [days[code] for code in codes],
        "policies": [policies_of(session, code) for code in codes],
        "indicators": [indicator_rows(session, code, policy) for code in codes],
        "goals": [goal_rows(session, code, policy) for code in codes],
        "vintages": vintages_between(session, days[first], days[second]),
        "corrections": corrections(session),
        "breaks": every_break(session),
        "ends": ends(session),
        "under": indicators_under(session),
    }


def policies_of(session: Session, round_: str) -> list[str]:
    """The policies a round judges."""
    return session.codes(
        "select policy from round_policy where round = $round order by 1", {"round": round_}
    )


def vintages_between(session: Session, first: date, last: date) -> list[Row]:
    """The vintages that became known after `first` and no later than `last`; `renewed` where the
    figure had been known before, with a value or without."""
    return session.rows(
        """with every as (
          select indicator, area, population_group, period, reported_round, known_from, correction,
            lag(known_from) over (partition by indicator, area, population_group,
              coalesce(period, 'round ' || reported_round) order by known_from) is not null
            as renewed
          from measurement_vintage)
        select * from every where known_from > $first and known_from <= $last""",
        {"first": first, "last": last},
    )


def corrections(session: Session, indicator: str | None = None) -> list[Row]:
    """The corrections of one indicator or of all, in time."""
    return session.rows(
        """select * from correction where $indicator is null or indicator = $indicator
        order by corrected_on, correction""",
        {"indicator": indicator},
    )


def every_break(session: Session) -> list[Row]:
    """The breaks of all indicators that concern every area."""
    return session.rows("select * from series_break where area_level is null order by all")


def ends(session: Session) -> dict[str, str]:
    """The last period of every indicator that has ended."""
    rows = session.rows("select indicator, ends from indicator where ends is not null")
    return {row["indicator"]: row["ends"] for row in rows}


def indicators_under(session: Session) -> dict[str, frozenset[str]]:
    """The indicators under each goal."""
    rows = session.rows("select goal, list(indicator) as codes from goal_indicator group by goal")
    return {row["goal"]: frozenset(row["codes"]) for row in rows}


def revision_statistics(session: Session, indicator: str | None = None) -> list[Row]:
    """How much the figures of one indicator or of all were revised, in stored units."""
    return session.rows(
        """select r.* from revision_statistics r join indicator i using (indicator)
        where $indicator is null or r.indicator = $indicator order by i.position""",
        {"indicator": indicator},
    )


def revised_figures(session: Session, indicator: str) -> list[Row]:
    """Every figure of an indicator that got another value, each step: before, after, from when.

    `printed_` columns are as printed; `correction` names the correction where it was one.
    """
    return session.rows(
        """select old.area, old.population_group, old.period, old.reported_round, new.unit,
          case when old.unit in ('percent', 'percentage_points')
            then round(old.value * 100, old.decimals) else old.value end as printed_before,
          case when new.unit in ('percent', 'percentage_points')
            then round(new.value * 100, new.decimals) else new.value end as printed_after,
          old.known_from as known_before, new.known_from as revised, new.delivery, new.correction
        from measurement_vintage old join measurement_vintage new
          on new.indicator = old.indicator and new.area = old.area
          and new.population_group = old.population_group
          and new.period is not distinct from old.period
          and new.reported_round is not distinct from old.reported_round
          and new.known_from = old.known_until
        join area a on a.area = old.area
        where old.indicator = $indicator and old.value <> new.value
        order by a.position, old.population_group, old.period_end, new.known_from""",
        {"indicator": indicator},
    )
