"""The verdict of a named rule: its class, its measure, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from barometer_lib.assessment.named import measures
from barometer_lib.assessment.named.measures import Floats
from barometer_lib.assessment.named.spans import Course, Span, span_of
from barometer_lib.assessment.named.thresholds import (
    CLOSE,
    RULES,
    SDSN_GOAL_SHARE,
    SDSN_STEPS,
    STATCAN_GROWTHS,
    STATCAN_LIMITED,
    STATCAN_RATIOS,
    STATCAN_SCORES,
    UN_SCORES,
    NamedRule,
)


@dataclass(frozen=True)
class RuleVerdict:
    """What a rule says of a series. `verdict` is blank where it refuses, and `reason` says why.

    `measure` is the rule's own quantity, `score` the publisher's score where it has one, `facts`
    the numbers it was worked out from.
    """

    rule: str
    version: str
    verdict: str | None
    reason: str
    measure: float | None = None
    score: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    span: Span | None = None


def classes_of(rule: NamedRule, span: Span) -> tuple[str, ...]:
    """All classes the rule knows for this aim, worst first; a met target last."""
    if span.target is None:
        return rule.classes_without or ()
    own = rule.classes
    return own if rule.met is None or rule.met in own else (*own, rule.met)


def classified(
    rule: NamedRule, base: Floats, latest: Floats, span: Span
) -> tuple[NDArray[np.intp], Floats]:
    """The class (its position in `classes_of`) and the measure of each pair of values."""
    measure = measures.MEASURES[rule.name](base, latest, span)
    if span.target is None:
        cuts = rule.cuts_without
        factor = measures.statcan_limit(base, span) if rule.name == "statcan" else 1.0
        found = sum((measure + CLOSE >= cut * factor).astype(int) for cut in cuts)
        return np.asarray(found, dtype=np.intp), measure
    found = sum((measure + CLOSE >= cut).astype(int) for cut in rule.cuts)
    if rule.name == "weather":  # exactly 5 percent still missed is no sun
        found = np.where(np.abs(measure - rule.cuts[-1]) <= CLOSE, found - 1, found)
    if rule.met is None:
        return np.asarray(found, dtype=np.intp), measure
    return _with_target(rule, base, latest, span, np.asarray(found)), measure


def _with_target(
    rule: NamedRule, base: Floats, latest: Floats, span: Span, found: NDArray[Any]
) -> NDArray[np.intp]:
    """Meeting the target is its own class; falling back behind it is the worst."""
    before = measures.meets(base, span)
    met = measures.meets(latest, span)
    if rule.name == "un_progress_chart":
        met = measures.un_reached(latest, span)
    found = np.where(before & ~met, 0, found)
    best = classes_of(rule, span).index(str(rule.met))
    if rule.name == "sdsn_arrows":  # "maintaining" was there before; reached since is on track
        return np.asarray(np.where(met, np.where(before, best, best - 1), found), dtype=np.intp)
    return np.asarray(np.where(met, best, found), dtype=np.intp)


def verdict(name: str, course: Course) -> RuleVerdict:
    """What the rule of this name says of a series, or why it refuses."""
    rule = RULES[name]
    if course.better == 0:
        return RuleVerdict(rule.name, rule.version, None, "no_polarity")
    span = span_of(rule, course)
    if isinstance(span, str):
        return RuleVerdict(rule.name, rule.version, None, span)
    base, latest = np.array([span.base_value]), np.array([span.latest_value])
    found, measure = classified(rule, base, latest, span)
    code = classes_of(rule, span)[int(found[0])]
    size = float(measure[0])
    met = bool(measures.meets(latest, span)[0])
    reason = "target_met" if met else "with_target" if span.target is not None else "without_target"
    facts = {
        "start": span.start,
        "end": span.end,
        "base_value": span.base_value,
        "latest_value": span.latest_value,
        "target": span.target,
        "target_time": span.target_time,
        "limit": span.limit,
    }
    score = _score(rule, span, code, size, met=met)
    return RuleVerdict(
        rule.name,
        rule.version,
        code,
        reason,
        size if np.isfinite(size) else None,
        score,
        facts,
        span,
    )


def _score(rule: NamedRule, span: Span, code: str, size: float, *, met: bool) -> float | None:
    if rule.name == "statcan":
        return 5.0 if met else statcan_score(span, span.base_value, size)
    if rule.name == "un_progress_chart":
        return UN_SCORES[code]
    if rule.name == "sdsn_arrows":
        return sdsn_score(size)
    return None


def statcan_score(span: Span, base: float, size: float) -> float:
    """StatCan's score from -5 to 5: straight between its points, flat beyond them."""
    at: Sequence[float] = STATCAN_RATIOS
    if span.target is None:
        factor = float(measures.statcan_limit(np.array([base]), span)[0])
        pairs = zip(STATCAN_GROWTHS, STATCAN_LIMITED, strict=True)
        at = [one * factor if limited else one for one, limited in pairs]
    return float(np.interp(size, at, STATCAN_SCORES))


def statcan_goal(scores: Sequence[float]) -> tuple[str, float]:
    """The class and score of an indicator from those of its series: the mean, cut as the score."""
    mean = float(np.mean(scores))
    rule = RULES["statcan"]
    position = int(np.searchsorted(STATCAN_SCORES[1:4], mean + CLOSE, side="right"))
    return rule.classes[position], mean


def sdsn_score(ratio: float) -> float:
    """SDSN's arrow on the scale from 0 to 4: one unit per arrow, straight within it."""
    if ratio < 0:
        return float(np.clip(1 + ratio / 0.5, 0.0, 1.0))
    return float(np.interp(ratio, (*SDSN_STEPS, 1.5), (1.0, 2.0, 3.0, 4.0)))


def sdsn_goal(scores: Sequence[float], of: int) -> str | None:
    """A goal's arrow from its indicators' scores; blank where fewer than 75 percent have one."""
    if not scores or len(scores) < SDSN_GOAL_SHARE * of:
        return None
    mean = float(np.mean(scores))
    position = int(np.clip(np.floor(mean), 0, 3))
    return RULES["sdsn_arrows"].classes[position]


def national_goal(verdicts: Sequence[str]) -> str | None:
    """A goal from one or three equally weighted indicators: what all say, or two where the third
    is the same rounded; blank where the published table could not be read."""
    moved = [one for one in verdicts if one != "same_rounded"]
    if not verdicts:
        return None
    if not moved:
        return "same_rounded"
    if len(set(moved)) > 1 or len(moved) * 2 <= len(verdicts):
        return None
    return moved[0]


def worst(rule: NamedRule, verdicts: Sequence[str]) -> str | None:
    """The worst of several verdicts of one rule: how several targets of an indicator count."""
    ranks = (*rule.classes, rule.met) if rule.met not in rule.classes else rule.classes
    known = [one for one in verdicts if one in ranks]
    return min(known, key=ranks.index) if known else None
