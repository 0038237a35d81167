"""Every named rule side by side for one series, each with its classes' probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.assessment.answers.drawing import drawn
from barometer_lib.assessment.answers.pace import course_of
from barometer_lib.assessment.answers.seen import Aim, Seen, fine
from barometer_lib.assessment.named import LEAST_PROBABILITY, RULES, chances, told, verdict
from barometer_lib.assessment.named.verdicts import RuleVerdict
from barometer_lib.periods import last_day


@dataclass(frozen=True)
class Compared:
    """A rule's plain verdict, and what may be told of it: the class, or `not_distinguishable`
    between `between`; blank where the figures do not carry what they were counted from."""

    plain: RuleVerdict
    told: str | None
    between: tuple[str, ...]
    chances: dict[str, float | None]

    @property
    def probability(self) -> float | None:
        """The probability of the plain verdict."""
        return self.chances.get(self.plain.verdict or "")


def compared(
    seen: Seen, aim: Aim, rules: Sequence[str] | None = None, least: float = LEAST_PROBABILITY
) -> list[Compared]:
    """The verdicts of the rules named (all, in their order, where none is)."""
    return [judged(seen, aim, name, least) for name in rules or RULES]


def judged(seen: Seen, aim: Aim, name: str, least: float = LEAST_PROBABILITY) -> Compared:
    """One rule's verdict. Breaks, hidden and undated figures refuse with their reason."""
    reason = _refusal(seen, aim)
    if reason is not None:
        return Compared(RuleVerdict(name, RULES[name].version, None, reason), None, (), {})
    plain = verdict(name, course_of(seen, aim))
    span = plain.span
    if span is None:
        return Compared(plain, None, (), {})
    base, latest = drawn(seen, span.base, span.base_value), drawn(seen, span.latest, 0.0)
    if base is None or latest is None:
        return Compared(plain, None, (), {})
    odds = chances(RULES[name], span, base, latest)
    code, between = told(odds, least)
    return Compared(plain, code, between, {one: fine(share, 4) for one, share in odds.items()})


def _refusal(seen: Seen, aim: Aim) -> str | None:
    if seen.suppressed:
        return "suppressed"
    if seen.latest is None:
        return "no_figures"
    if not seen.comparable:
        return "period_unknown"
    broken = seen.last_break
    if broken is not None and aim.base_period is not None and last_day(aim.base_period) < broken:
        return "across_break"
    return None


def facts_of(one: Compared, seen: Seen) -> dict[str, Any]:
    """The numbers behind a verdict, as printed: base, newest, target and what was measured."""
    span = one.plain.span
    facts: dict[str, Any] = seen.facts() | {"least_probability": LEAST_PROBABILITY}
    if span is None:
        return facts | dict(one.plain.facts)
    base = None if span.base < 0 else seen.comparable[span.base].period
    return facts | {
        "base_period": base,
        "base_value": fine(span.base_value, span.decimals),
        "latest_value": fine(span.latest_value, span.decimals),
        "years": fine(span.years, 3),
        "target": span.target,
        "limit": span.limit,
    }
