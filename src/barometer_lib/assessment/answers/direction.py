"""Direction: which way the series moves, with the change and its interval."""

from __future__ import annotations

from typing import Any

from barometer_lib.assessment.answers.least import LEAST, SIGNIFICANT_P, evidence
from barometer_lib.assessment.answers.seen import BETTER, Reply, Seen, fine
from barometer_lib.figures.changes import (
    Change,
    change_p,
    computed_change,
    limits,
    published_change,
    shown,
)
from barometer_lib.figures.fits import Fit, Prepared, Tester
from barometer_lib.figures.series import Figure
from barometer_lib.units import printed


def needs_line(seen: Seen) -> bool:
    """Whether there are points enough for a line to be tested."""
    return not seen.suppressed and len(seen.comparable) >= LEAST["trend"]


def direction(
    seen: Seen, line: Fit | None, test: Tester | None = None, target: float | None = None
) -> Reply:
    """The newest change below five comparable points, the line from five on.

    With `test` the facts hold every test that the points are enough for, or why it is refused; the
    joinpoint model is left to the trend of the whole series.

    A change printed by its source is kept as printed, with the significance it was printed with.
    Without polarity the codes are `rising` and `falling`.
    """
    facts = seen.facts()
    points = len(seen.comparable)
    latest = seen.latest
    if seen.suppressed:
        return Reply("direction", "too_few_points", "suppressed", "none", facts)
    if latest is None:
        return Reply("direction", "too_few_points", "no_figures", "none", facts)
    if test is not None and seen.comparable:
        facts["tests"] = test(_tested(seen, target))
    if line is not None and line.slope is not None and line.p is not None:
        return _trend(seen, line, facts)
    printed_change = published_change(latest)
    if printed_change is not None:
        return _changed(seen, printed_change, latest, "printed", facts)
    if points < LEAST["change"]:
        reason = "across_break" if seen.before_break and points else "one_point"
        if latest.period is None:
            reason = "period_unknown"
        return Reply("direction", "too_few_points", reason, evidence(1), facts)
    before, after = seen.comparable[-2:]
    if seen.indicator["kind"] != "proportion":
        before, after = before.without_n(), after.without_n()
    of_people = seen.indicator["counts_areas_of"] is None
    effect = seen.indicator["design_effect"]
    change = computed_change(before, after, effect, of_people=of_people)
    p = None if change.significant is None else change_p(before, after, effect)
    if p is not None:
        facts["p"] = float(f"{p:.3g}")
    return _changed(seen, change, latest, "computed", facts)


def _tested(seen: Seen, target: float | None) -> Prepared:
    share, effect = seen.indicator["kind"] == "proportion", seen.indicator["design_effect"]
    return Prepared(
        seen.comparable,
        [limits(one, effect) if share else None for one in seen.comparable],
        seen.indicator["kind"],
        seen.unit,
        seen.indicator["polarity"],
        seen.indicator.get("basis") or "",
        effect,
        target,
    )


def _changed(seen: Seen, change: Change, figure: Figure, kind: str, facts: dict[str, Any]) -> Reply:
    fine_by = change.decimals + 1
    low, high = (printed(one, change.unit, fine_by) for one in (change.low, change.high))
    facts = facts | {
        "change": shown(change),
        "change_kind": kind,
        "reference_period": change.reference_period,
        "reference_value": printed(
            change.reference_value, seen.unit, change.reference_decimals or 0
        ),
        "low": low,
        "high": high,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "sample_size": figure.sample_size,
        "design_effect": seen.indicator["design_effect"],
        "polarity": seen.indicator["polarity"],
    }
    points = max(len(seen.comparable), LEAST["change"])
    known = evidence(min(points, LEAST["trend"] - 1))
    if change.significant is None:
        code = "too_few_points"
        reason = "significance_not_stated" if kind == "printed" else "uncertainty_not_known"
    elif not change.significant or change.value == 0:
        code = "not_distinguishable"
        reason = f"{kind}_not_significant"
    else:
        code = _way(change.value, seen)
        reason = f"{kind}_significant"
    return Reply(
        "direction",
        code,
        reason,
        known,
        facts,
        shown(change),
        low,
        high,
        change.unit,
        change.decimals,
    )


def _trend(seen: Seen, line: Fit, facts: dict[str, Any]) -> Reply:
    slope, p = line.slope or 0.0, 1.0 if line.p is None else line.p
    decimals = seen.comparable[-1].decimals + 1
    certain = p < SIGNIFICANT_P
    facts = facts | {
        "slope": fine(slope, decimals + 1),
        "low": fine(line.low, decimals + 1),
        "high": fine(line.high, decimals + 1),
        "p": float(f"{p:.3g}"),
        "polarity": seen.indicator["polarity"],
    }
    return Reply(
        "direction",
        _way(slope, seen) if certain else "not_distinguishable",
        "slope_significant" if certain else "slope_not_significant",
        evidence(len(seen.comparable)),
        facts,
        fine(slope, decimals),
        fine(line.low, decimals),
        fine(line.high, decimals),
        seen.by,
        decimals,
    )


def _way(moved: float, seen: Seen) -> str:
    better = BETTER[seen.indicator["polarity"]]
    if better == 0:
        return "rising" if moved > 0 else "falling"
    return "improving" if moved * better > 0 else "worsening"
