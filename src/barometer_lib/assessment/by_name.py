"""An indicator and a goal under a named rule of progress, as a policy's own status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from barometer_lib.assessment.answers.compare import facts_of, judged
from barometer_lib.assessment.answers.seen import Seen, aim_of
from barometer_lib.assessment.goals import Verdict
from barometer_lib.assessment.named import RULES, national_goal, sdsn_goal, statcan_goal, worst
from barometer_lib.assessment.rules import Answer, Case
from barometer_lib.figures.changes import Change


def answer_by_name(seen: Seen, case: Case, rule: str, least: float) -> Answer:
    """What a named rule tells of an indicator: its class where it is likely enough, or
    `not_distinguishable`; the plain class where no probability is known; blank where it refuses.
    """
    found = judged(seen, aim_of(seen), rule, least)
    figure = seen.latest or seen.newest
    plain = found.plain
    facts = facts_of(found, seen) | {
        "measure": plain.measure,
        "score": plain.score,
        "chances": found.chances,
        "between": list(found.between),
        "plain": plain.verdict,
    }
    status = found.told or plain.verdict
    reason = plain.reason if plain.verdict is None else "by_rule"
    if found.told == "not_distinguishable":
        reason = "chance_between"
    elif plain.verdict is not None and found.told is None:
        reason = "by_rule_plain"
    return Answer(figure, status, reason, _change(seen, case, found.plain.span), facts)


def _change(seen: Seen, case: Case, span: Any) -> Change | None:
    """The change from the base to the newest figure, with its interval where both carry their n."""
    if span is None or span.base < 0:
        return None
    return case.change(seen.comparable[span.base], seen.comparable[span.latest])


def goal_by_name(rule: str, answers: Sequence[Answer]) -> Verdict:
    """A goal's computed status under a named rule: the way the publisher joins its indicators
    (mean of scores, mean arrow, agreement), and the worst class of all where none is published.
    """
    judged_ = [one for one in answers if one.facts.get("plain") is not None]
    facts = {"counting": len(answers), "judged": len(judged_)}
    if not judged_:
        reasons = {one.reason for one in answers}
        return Verdict("cannot_tell", reasons.pop() if len(reasons) == 1 else "no_figures", facts)
    classes = [str(one.facts["plain"]) for one in judged_]
    if rule == "statcan":
        code, mean = statcan_goal([float(one.facts["score"]) for one in judged_])
        return Verdict(code, "mean_score", facts | {"score": round(mean, 4)})
    if rule == "sdsn_arrows":
        arrow = sdsn_goal([float(one.facts["score"]) for one in judged_], len(answers))
        return Verdict(arrow or "cannot_tell", "mean_arrow" if arrow else "too_few_judged", facts)
    if rule == "national_barometer":
        agreed = national_goal(classes)
        return Verdict(agreed or "cannot_tell", "agreement" if agreed else "no_agreement", facts)
    if any(one.status == "not_distinguishable" for one in judged_):
        return Verdict("not_distinguishable", "some_not_distinguishable", facts)
    lowest = worst(RULES[rule], classes)
    return Verdict(lowest or "cannot_tell", "worst_counts", facts)
