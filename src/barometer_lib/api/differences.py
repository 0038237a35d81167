"""Why two rounds differ, and how much figures were revised, as answers."""

from __future__ import annotations

from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.differences import compared
from barometer_lib.errors import BarometerError
from barometer_lib.store import differences as asked
from barometer_lib.store import questions
from barometer_lib.units import change_unit, printed
from barometer_lib.views.round_changes import DIFF_COLUMNS, difference

REVISION_COLUMNS = (
    "indicator", "unit", "measurements", "revised", "corrected", "mean_revision",
    "mean_absolute_revision", "relative_mean_absolute_revision", "synthetic",
)  # fmt: skip
FINE = 3


def diff_answer(session: stores.Session, before: str, after: str, policy: str | None) -> Result:
    """The content of `Barometer.diff`: every difference once, with its cause, values as printed.

    Raises `NotFound` for a round or policy that does not exist, `BarometerError` where the policy
    is judged by neither round.
    """
    first, second = (questions.check_code(session, "round", one) for one in (before, after))
    if policy is not None:
        policy = questions.check_code(session, "policy", policy)
    entries = {row["round"]: row for row in questions.rounds(session)}
    for code in (first, second):
        if entries[code]["missed"]:
            raise BarometerError("round_missed", round=code)
    days = {code: row["published_day"] for code, row in entries.items()}
    if days[first] > days[second]:
        raise BarometerError("rounds_turned", before=first, after=second)
    found = asked.both_rounds(session, first, second, policy)
    if policy is not None and not any(policy in one for one in found["policies"]):
        rounds = [row["round"] for row in questions.rounds(session, policy)]
        raise BarometerError("round_not_of_policy", round=first, policy=policy, rounds=rounds)
    rows = [difference(one) for one in compared(found)]
    content = {
        "before": first,
        "before_day": days[first].isoformat(),
        "after": second,
        "after_day": days[second].isoformat(),
        "policy": policy,
        "dataset": session.dataset,
        "differences": rows,
    }
    return Result(content, rows, DIFF_COLUMNS)


def revisions_answer(session: stores.Session, indicator: str | None) -> Result:
    """The content of `Barometer.revisions`: statistics as printed, and of one indicator each step.

    Revisions of percent are in percentage points; the relative one is a share of 1.
    """
    code = None if indicator is None else questions.check_code(session, "indicator", indicator)
    rows = []
    for row in asked.revision_statistics(session, code):
        fine = row["decimals"] + FINE
        told = {name: row[name] for name in REVISION_COLUMNS}
        told["unit"] = change_unit(row["unit"])
        for name in ("mean_revision", "mean_absolute_revision"):
            told[name] = printed(row[name], row["unit"], fine)
        rows.append(told)
    content: dict[str, Any] = {
        "indicator": code,
        "dataset": session.dataset,
        "statistics": rows,
        "figures": []
        if code is None
        else [_step(one) for one in asked.revised_figures(session, code)],
    }
    return Result(content, rows, REVISION_COLUMNS)


def _step(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "area": row["area"],
        "group": row["population_group"],
        "period": row["period"],
        "reported_round": row["reported_round"],
        "before": row["printed_before"],
        "after": row["printed_after"],
        "unit": row["unit"],
        "known_from": row["known_before"].isoformat(),
        "revised": row["revised"].isoformat(),
        "delivery": row["delivery"],
        "correction": row["correction"],
    }
