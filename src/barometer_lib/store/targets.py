"""Stored questions about targets: what was decided, when, by whom, and what it replaced."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def targets(session: Session, policy: str | None = None, indicator: str | None = None) -> list[Row]:
    """Targets of a policy or of an indicator (through its goals too), each with its milestones."""
    return session.rows(
        """select t.*, s.address as source_address, coalesce((select list({'period': period,
          'value': value} order by period) from milestone m where m.target = t.target), [])
          as milestones
        from target t join source s using (source)
        where ($policy is null or t.policy = $policy)
          and ($indicator is null or t.indicator = $indicator or (t.indicator is null and t.goal in
            (select goal from goal_indicator where indicator = $indicator)))
        order by t.position""",
        {"policy": policy, "indicator": indicator},
    )


def decided_targets(session: Session, policy: str) -> list[Row]:
    """The targets of a policy with their decision, in the order they came into force.

    `indicator_unit` is the unit of its baseline (a direction has no unit of its own),
    `decision_period` is when it was decided, as exactly as is known (blank: not known);
    `replaced_by` the day from which a later target of the same goal, indicator and kind holds.
    """
    found = session.rows(
        """select t.*, s.address as source_address, i.unit as indicator_unit,
          coalesce(d.decided::varchar, d.decided_period) as decision_period,
          d.case_number, d.address as decision_address,
          lead(t.valid_from) over (partition by t.goal, t.indicator, t."index", t.applies_to
            order by t.valid_from nulls first, t.position) as replaced_by
        from target t join source s using (source) left join decision d using (decision)
        left join goal g using (goal) left join indicator i on i.indicator = t.indicator
        where t.policy = $policy
        order by g.position nulls last, t.position""",
        {"policy": policy},
    )
    stops = {row["target"]: row["milestones"] for row in targets(session, policy)}
    return [{**row, "milestones": stops[row["target"]]} for row in found]
