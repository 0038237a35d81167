"""The status of a policy in a round as one document of language-neutral codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from barometer_lib.store import letters, questions, remarks
from barometer_lib.store.sessions import Session


def status(
    session: Session, policy: str, round_: str | None = None, committee: str | None = None
) -> dict[str, Any]:
    """`{policy, round, goals: [{..., indicators: [...]}], goals_without_figures, statements}`, and
    `missed` where the round was announced but never held.

    Values and changes are as printed (93.1 percent). `status` is the published status where one
    was published, else the computed one. With `committee` only goals it leads or contributes to.
    Raises `NotFound` with the nearest codes, or says which rounds judge the policy.
    """
    policy = questions.check_code(session, "policy", policy)
    if committee is not None:
        committee = questions.check_code(session, "committee", committee)
    code = questions.check_round(session, policy, round_)
    entry = next(row for row in questions.rounds(session) if row["round"] == code)
    told = remarks.of_round(session, policy, code)
    under: dict[str, list[dict[str, Any]]] = {}
    for row in questions.indicator_assessments(session, policy, code):
        under.setdefault(row["goal"], []).append(_indicator(row, *told))
    replies = letters.replies(session, policy, code)
    judged = [
        _goal(row, under.get(row["goal"], []), replies)
        for row in questions.goal_assessments(session, policy, code)
    ]
    named = {goal["goal"] for goal in judged}
    return {
        "policy": policy,
        "round": code,
        "published": entry["published"],
        "missed": entry["missed"],
        "dataset": session.dataset,
        "goals": [goal for goal in judged if _concerns(goal, committee)],
        "goals_without_figures": _unjudged(session, policy, named, committee, replies),
        "statements": [
            {
                "effort_area": row["effort_area"],
                "status": row["status"],
                "source": row["source_address"],
            }
            for row in questions.statements(session, code)
        ],
    }


def without_round(session: Session, policy: str, committee: str | None = None) -> dict[str, Any]:
    """The same document for a policy that no published round judges: its goals, no figures."""
    return {
        "policy": policy,
        "round": None,
        "published": None,
        "missed": False,
        "dataset": session.dataset,
        "goals": [],
        "goals_without_figures": _unjudged(session, policy, set(), committee, []),
        "statements": [],
    }


def _unjudged(
    session: Session,
    policy: str,
    judged: set[str],
    committee: str | None,
    replies: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    told = ("goal", "number", "effort_area", "parent", "lead_committee", "contributing_committees")
    return [
        {key: row[key] for key in told} | {"replies": _replies(row, replies)}
        for row in questions.goals(session, policy)
        if row["goal"] not in judged and _concerns(row, committee)
    ]


def _concerns(goal: dict[str, Any], committee: str | None) -> bool:
    if committee is None:
        return True
    return committee in (goal["lead_committee"], *(goal["contributing_committees"] or ()))


REPLY = (
    "reply", "committee", "form", "round", "received", "case_number", "document_number", "amount",
    "budget_year", "taken_note_in",
)  # fmt: skip


def _replies(goal: dict[str, Any], replies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What committees answered of a goal since the round before: by name, or of all their goals."""
    return [
        {name: row[name] for name in REPLY} | {"received": row["received"].isoformat()}
        for row in replies
        if row["goal"] == goal["goal"]
        or (row["goal"] is None and _concerns(goal, row["committee"]))
    ]


def _goal(
    row: dict[str, Any], indicators: list[dict[str, Any]], replies: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "goal": row["goal"],
        "number": row["number"],
        "status": row["status"],
        "status_computed": row["status_computed"],
        "status_published": row["status_published"],
        "reason": row["reason"],
        "rule": row["rule"],
        "effort_area": row["effort_area"],
        "parent": row["parent"],
        "lead_committee": row["lead_committee"],
        "contributing_committees": row["contributing_committees"],
        "facts": json.loads(row["facts"]),
        "source": row["source_address"],
        "synthetic": row["synthetic"],
        "indicators": indicators,
        "replies": _replies(row, replies),
    }


def _indicator(
    row: dict[str, Any], errata: list[dict[str, Any]], disputes: list[dict[str, Any]]
) -> dict[str, Any]:
    facts = json.loads(row["facts"])
    target, rounded_to = facts.pop("target", None), facts.pop("rounded_to", None)
    return {
        "indicator": row["indicator"],
        "value": row["printed"],
        "rounded_to": rounded_to,
        "unit": row["unit"],
        "decimals": row["decimals"],
        "change": row["change_printed"],
        "change_unit": row["change_unit"],
        "change_kind": row["change_kind"],
        "significant": row["significant"],
        "counts": row["counts"],
        "status": row["status"],
        "reason": row["reason"],
        "period": row["period"],
        "reference_period": row["reference_period"],
        "polarity": row["polarity"],
        "area": row["area"],
        "group": row["population_group"],
        "target": target,
        "facts": facts,
        "errata": [one["correction"] for one in errata if _of(one, row)],
        "disputes": [
            {"dispute": one["dispute"], "decided": one["decided_on"] is not None}
            for one in disputes
            if _of(one, row)
        ],
        "source": row["source_address"],
        "synthetic": row["synthetic"],
    }


def _of(remark: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a remark is about the series of an assessment."""
    return all(remark[name] == row[name] for name in ("indicator", "area", "population_group"))
