"""Stored questions behind a committee's letter: who it goes to, what was said, what is stale."""

from __future__ import annotations

from datetime import date

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def letter_round(session: Session, round_: str) -> Row:
    """What holds for all letters of a round; all blank where nothing is declared."""
    found = session.rows("select * from letter_round where round = $round", {"round": round_})
    blank: Row = dict.fromkeys(
        ("written", "reply_by", "address", "sender", "signed_by", "unassigned_to")
    )
    return found[0] if found else {"round": round_, **blank}


def letter(session: Session, round_: str, committee: str) -> Row:
    """What is declared of a committee's letter; all blank where nothing is."""
    found = session.rows(
        "select * from letter where round = $round and committee = $committee",
        {"round": round_, "committee": committee},
    )
    names = (
        *("case_number", "document_number", "mailbox", "approved_by", "approved_on"),
        *("challenges_by", "challenges_on"),
    )
    blank: Row = dict.fromkeys(names) | {"no_challenges": False}
    return found[0] if found else {"round": round_, "committee": committee, **blank}


def paper(session: Session, round_: str, kind: str) -> Row:
    """What is declared of a round's `report` or `agenda`; all blank where nothing is."""
    found = session.rows(
        "select * from letter_paper where round = $round and kind = $kind",
        {"round": round_, "kind": kind},
    )
    names = ("case_number", "document_number", "approved_by", "approved_on")
    return found[0] if found else {"round": round_, "kind": kind, **dict.fromkeys(names)}


def office_holder(session: Session, committee: str, day: date) -> Row | None:
    """Who held a committee's office on a day; blank where it is not known."""
    found = session.rows(
        """select * from office_holder where committee = $committee and held_from <= $day
        and (held_to is null or held_to >= $day) order by held_from desc limit 1""",
        {"committee": committee, "day": day},
    )
    return found[0] if found else None


def policies_judged(session: Session, round_: str) -> list[str]:
    """The policies a round judges, in catalogue order."""
    return session.codes(
        """select p.policy from round_policy r join policy p using (policy)
        where r.round = $round order by p.position""",
        {"round": round_},
    )


def round_before(session: Session, round_: str, policy: str) -> str | None:
    """The round of a policy that was held before; blank where it is the first."""
    found = session.codes(
        """select o.round from round r join round o on o.published_day < r.published_day
        join round_policy p on p.round = o.round and p.policy = $policy
        where r.round = $round and not o.missed
        order by o.published_day desc, o.round desc limit 1""",
        {"round": round_, "policy": policy},
    )
    return found[0] if found else None


def rounds_after(session: Session, round_: str, policy: str, day: date) -> list[str]:
    """The rounds of a policy that were held after a round and no later than a day."""
    return session.codes(
        """select o.round from round r join round o on o.published_day > r.published_day
        join round_policy p on p.round = o.round and p.policy = $policy
        where r.round = $round and not o.missed and o.published_day <= $day
        order by o.published_day""",
        {"round": round_, "policy": policy, "day": day},
    )


def comments_of(session: Session, round_: str) -> list[Row]:
    """The dated comments of a round, newest first."""
    return session.rows(
        "select * from comment where round = $round order by indicator, written desc, comment",
        {"round": round_},
    )


def limits_of(session: Session, round_: str) -> list[Row]:
    """The 95 % limits, as printed but not rounded, of the figures a round shows that have any."""
    return session.rows(
        """select a.policy, a.goal, a.indicator,
          m.low * if(m.unit in ('percent', 'percentage_points'), 100, 1) as low,
          m.high * if(m.unit in ('percent', 'percentage_points'), 100, 1) as high
        from indicator_assessment a join round r using (round)
        join measurement_vintage m on m.indicator = a.indicator and m.area = a.area
          and m.population_group = a.population_group and m.period = a.period
          and m.known_from <= r.published_day
          and (m.known_until is null or m.known_until > r.published_day)
        where a.round = $round and m.low is not null and m.status = 'reported'""",
        {"round": round_},
    )


def hidden_of(session: Session, round_: str) -> list[Row]:
    """The cells that are hidden in a round: indicator, area, group and period."""
    return session.rows(
        """select s.indicator, s.area, s.population_group, s.period from round_suppression s
        left join area a using (area) where s.round = $round
        order by s.indicator, a.position, s.population_group, s.period""",
        {"round": round_},
    )


def stale_figures(session: Session, round_: str, day: date) -> list[Row]:
    """Figures a round shows that were revised or corrected after its day and no later than `day`.

    One row per indicator and policy, with both values as printed; `value_now` is blank where the
    figure was withdrawn.
    """
    return session.rows(
        """select a.policy, a.goal, a.indicator, a.period, a.unit, new.known_from,
          case when a.unit in ('percent', 'percentage_points') then round(a.value * 100, a.decimals)
            else a.value end as value_shown,
          case when a.unit in ('percent', 'percentage_points')
            then round(new.value * 100, new.decimals) else new.value end as value_now
        from indicator_assessment a join round r using (round)
        join measurement_vintage old on old.indicator = a.indicator and old.area = a.area
          and old.population_group = a.population_group and old.period is not distinct from a.period
          and (a.period is not null or old.reported_round is not distinct from a.round)
          and old.known_from <= r.published_day and old.known_until > r.published_day
          and old.known_until <= $day
        left join measurement_vintage new on new.indicator = old.indicator and new.area = old.area
          and new.population_group = old.population_group
          and new.period is not distinct from old.period
          and new.reported_round is not distinct from old.reported_round
          and new.known_from = old.known_until
        where a.round = $round and new.value is distinct from old.value
        order by a.policy, a.goal, a.position""",
        {"round": round_, "day": day},
    )


def replies(session: Session, policy: str, round_: str) -> list[Row]:
    """What committees answered, decided or proposed after letters of rounds that judge a policy:
    received after the round before and no later than the round's day, newest first.

    `goal` is blank where all goals of the committee are meant.
    """
    return session.rows(
        """with shown as (
          select r.published_day as day, coalesce((select max(o.published_day) from round o
            join round_policy p on p.round = o.round and p.policy = $policy
            where not o.missed and o.published_day < r.published_day), date '0001-01-01') as before
          from round r where r.round = $round)
        select y.* from letter_reply y join round_policy p on p.round = y.round
          and p.policy = $policy cross join shown
        where y.received > shown.before and y.received <= shown.day
        order by y.received desc, y.reply""",
        {"policy": policy, "round": round_},
    )
