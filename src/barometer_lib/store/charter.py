"""Stored questions about the charter: commitments, their indicators, cities' own answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def years(session: Session) -> list[int]:
    """The years of which there are answers, newest first."""
    rows = session.rows('select distinct "year" from self_assessment order by 1 desc')
    return [int(row["year"]) for row in rows]


def newest_year(session: Session) -> int:
    """The year of the newest answer; where there is none, of the newest figure."""
    found = years(session)
    if found:
        return found[0]
    rows = session.rows("select max(year(known_from))::integer as newest from measurement")
    return int(rows[0]["newest"] or 0)


def commitments(session: Session, year: int) -> list[Row]:
    """Every commitment with the indicators by which the ordinary follow-up meets it.

    `indicators` is a list of `{indicator, period, measured}`: the newest period with a figure that
    was known by the end of `year`, and whether it became known in that year or the one before.
    """
    return session.rows(
        """with known as (
          select indicator, max(known_from) as newest_day,
            arg_max(period, period_end) as newest_period
          from measurement_vintage
          where value is not null and year(known_from) <= $year group by indicator)
        select c.commitment, c.role, c.source, s.address as source_address,
          coalesce(list({'indicator': l.indicator, 'period': k.newest_period,
            'measured': coalesce(year(k.newest_day) >= $year - 1, false)} order by i.position)
            filter (where l.indicator is not null), []) as indicators
        from charter_commitment c left join commitment_indicator l using (commitment)
        left join indicator i on i.indicator = l.indicator left join known k on
          k.indicator = l.indicator left join source s on s.source = c.source
        group by c.commitment, c.role, c.source, s.address, c.position order by c.position""",
        {"year": year},
    )


def answers(session: Session, year: int) -> list[Row]:
    """Each city's answers up to a year, newest first; `city` is blank for the home city."""
    return session.rows(
        """select a.*, s.address as source_address from self_assessment a
        left join source s using (source)
        where a."year" <= $year order by a.city nulls first, a.position, a."year" desc""",
        {"year": year},
    )


def told(session: Session, year: int) -> dict[str, Any]:
    """The charter in a year: every commitment with its follow-up and the home city's answers, and
    other cities' answers of that year."""
    given = answers(session, year)
    return {
        "dataset": session.dataset,
        "year": year,
        "commitments": [_row(one, given, year) for one in commitments(session, year)],
        "others": [
            {"city": one["city"], "commitment": one["commitment"], "answer": one["answer"]}
            for one in given
            if one["city"] is not None and one["year"] == year
        ],
        "synthetic": session.dataset == "demo",
    }


def _row(commitment: Row, given: Sequence[Row], year: int) -> dict[str, Any]:
    own = [
        one
        for one in given
        if one["city"] is None and one["commitment"] == commitment["commitment"]
    ]
    now = next((one for one in own if one["year"] == year), None)
    before = next((one for one in own if one["year"] < year), None)
    return {
        "commitment": commitment["commitment"],
        "role": commitment["role"],
        "follow_up": follow_up(commitment["indicators"]),
        "indicators": [dict(one) for one in commitment["indicators"]],
        "answer": now and now["answer"],
        "words": now and now["self_assessment"],
        "author": now and now["author"],
        "evidence": list(now["evidence"] or []) if now else [],
        "year_before": before and before["year"],
        "answer_before": before and before["answer"],
        "source": commitment["source_address"],
    }


def follow_up(indicators: Sequence[Row]) -> str:
    """`met` where a linked indicator was measured in the two years of the answer, `stale` where
    none was, `none` where no indicator is linked."""
    if not indicators:
        return "none"
    return "met" if any(one["measured"] for one in indicators) else "stale"
