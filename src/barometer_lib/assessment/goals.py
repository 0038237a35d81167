"""From the answers of its indicators to the status of a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.assessment.rules import WORDS, Answer


@dataclass(frozen=True)
class Verdict:
    """The computed status of a goal, its reason and the counts it was worked out from."""

    status: str
    reason: str
    facts: dict[str, Any]


def majority(rule: str, answers: Sequence[Answer]) -> Verdict:
    """The majority of the counting indicators' changes that are not marked insignificant.

    A tie, or no such change at all, is standstill (since_previous) or yellow (since_base). A
    change whose significance is not stated counts, with that reason. Under since_base a goal is
    white where none of its counting indicators can be judged; under since_previous it carries
    "no new figures" where none of them ever had a figure.
    """
    better, same, worse, none = WORDS[rule]
    statuses = [answer.status for answer in answers]
    up, down = statuses.count(better), statuses.count(worse)
    facts = {
        "better": up,
        "worse": down,
        "not_significant": _count(answers, "change_not_significant"),
        "no_new_figures": _count(answers, "no_new_figures"),
        "not_stated": _count(answers, "significance_not_stated"),
        "counting": len(answers),
    }
    if up > down:
        return Verdict(better, "majority_progress", facts)
    if down > up:
        return Verdict(worse, "majority_setback", facts)
    if up:
        return Verdict(same, "tie", facts)
    return _without_change(rule, answers, facts, same, none)


def _without_change(
    rule: str, answers: Sequence[Answer], facts: dict[str, Any], same: str, none: str
) -> Verdict:
    reasons = {answer.reason for answer in answers}
    if not answers:
        return Verdict(same if rule == "since_previous" else none, "no_counting_change", facts)
    if rule == "since_base" and all(answer.status == none for answer in answers):
        reason = reasons.pop() if len(reasons) == 1 else "no_figures"
        return Verdict(none, reason, facts)
    if reasons == {"no_figures"}:
        return Verdict(none, "no_figures", facts)
    if reasons <= {"no_new_figures", "no_figures"}:
        return Verdict(same, "no_new_figures", facts)
    if "change_not_significant" in reasons:
        return Verdict(same, "none_significant", facts)
    return Verdict(same, "no_counting_change", facts)


def _count(answers: Sequence[Answer], reason: str) -> int:
    return sum(1 for answer in answers if answer.reason == reason)
