"""Stored questions about the three answers and the rules side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from barometer_lib.store.sessions import Session

Row = dict[str, Any]
CHOSEN = """($policy is null or x.policy = $policy) and ($round is null or x.round = $round)
    and ($indicator is null or x.indicator = $indicator)
    and case when $area is null and $group is null then x.own else ($area is null or x.area = $area)
      and x.population_group = coalesce($group, i.population_group) end"""
PLACED = """join goal g on g.goal = x.goal join policy p on p.policy = x.policy
    join goal_indicator o on o.goal = x.goal and o.indicator = x.indicator
    join indicator i on i.indicator = x.indicator join round r on r.round = x.round
    left join area a on a.area = x.area"""
IN_ORDER = (
    """p.position, r.published_day desc, g.position, o.position, a.position, x.population_group"""
)


def answers(
    session: Session,
    policy: str | None = None,
    round_: str | None = None,
    indicator: str | None = None,
    area: str | None = None,
    group: str | None = None,
) -> list[Row]:
    """Level, direction and pace of series, newest round first; `facts` is a mapping.

    Without area and group the series a policy is judged by; with an area the indicator's own group
    there. Every row carries the indicator's status by the policy's rule, blank where it has none.
    """
    rows = session.rows(
        f"""select x.*, s.status, s.rule, s.reason as status_reason
        from answer x {PLACED} left join indicator_assessment s on x.own and s.policy = x.policy
          and s.round = x.round and s.goal = x.goal and s.indicator = x.indicator
        where {CHOSEN}
        order by {IN_ORDER}, list_position(['level', 'direction', 'pace'], question)""",
        _bound(policy, round_, indicator, area, group),
    )
    return [_opened(row, ("facts",)) for row in rows]


def rule_verdicts(
    session: Session,
    policy: str | None = None,
    round_: str | None = None,
    indicator: str | None = None,
    area: str | None = None,
    group: str | None = None,
) -> list[Row]:
    """What every named rule says of series, the policy's own first; `facts` and `chances` are
    mappings. Chosen as `answers` are."""
    rows = session.rows(
        f"""select x.* from rule_verdict x {PLACED} where {CHOSEN}
        order by {IN_ORDER}, list_position(['own', 'before', 'compared'], role), x.rowid""",
        _bound(policy, round_, indicator, area, group),
    )
    return [_opened(row, ("facts", "chances")) for row in rows]


def family(session: Session, policy: str, round_: str) -> tuple[int, int]:
    """How many directions of a policy's own series in a round stand out after adjusting for one
    another, and how many were tested together; (0, 0) where none was."""
    rows = session.rows(
        """select count(*) filter ((facts->>'p_adjusted')::double < 0.05) as apart,
          count(*) as tested
        from answer where own and question = 'direction' and policy = $policy and round = $round
          and facts->>'p_adjusted' is not null""",
        {"policy": policy, "round": round_},
    )
    return int(rows[0]["apart"]), int(rows[0]["tested"])


def newest_answered(
    session: Session,
    indicator: str,
    area: str,
    group: str,
    policy: str | None = None,
    round_: str | None = None,
) -> Row | None:
    """The goal, policy and round whose answers a series is shown by: those of a reader's policy and
    round where it has some, else the newest; blank where it has none."""
    found = session.rows(
        """select x.policy, x.round, x.goal from answer x join round r using (round)
        join policy p on p.policy = x.policy join goal g on g.goal = x.goal
        where x.indicator = $indicator and x.area = $area and x.population_group = $group
          and x.question = 'level'
        order by coalesce(x.policy = $policy, false) desc,
          coalesce(x.policy = $policy and x.round = $round, false) desc,
          r.published_day desc, p.position, g.position limit 1""",
        _bound(policy, round_, indicator, area, group),
    )
    return found[0] if found else None


def places_answered(session: Session, policy: str, round_: str, indicator: str) -> list[Row]:
    """The areas and groups that have answers of an indicator in a policy's round."""
    return session.rows(
        """select distinct area, population_group from answer where policy = $policy
        and round = $round and indicator = $indicator order by 1, 2""",
        {"policy": policy, "round": round_, "indicator": indicator},
    )


def _opened(row: Row, names: Sequence[str]) -> Row:
    return row | {name: json.loads(row[name]) for name in names}


def _bound(
    policy: str | None, round_: str | None, indicator: str | None, area: str | None,
    group: str | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "policy": policy,
        "round": round_,
        "indicator": indicator,
        "area": area,
        "group": group,
    }
