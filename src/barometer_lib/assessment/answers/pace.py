"""Fast enough: the observed pace against the required, and what the line says of the target."""

from __future__ import annotations

from math import isfinite
from typing import Any

from barometer_lib import periods
from barometer_lib.assessment.answers.drawing import drawn
from barometer_lib.assessment.answers.least import LEAST, SIGNIFICANT_P, evidence
from barometer_lib.assessment.answers.seen import Aim, Reply, Seen, fine
from barometer_lib.assessment.named import LEAST_PROBABILITY, RULES, chances, told
from barometer_lib.assessment.named.spans import Course, span_of
from barometer_lib.figures.fits import Fit

DEFAULT = RULES["linear_gap_closure"]


def course_of(seen: Seen, aim: Aim) -> Course:
    """The series as a named rule sees it."""
    share = seen.unit == "percent" and seen.indicator["kind"] == "proportion"
    end = 100.0 if aim.better > 0 else 0.0
    start = aim.base_period
    return Course(
        seen.times,
        seen.values,
        aim.better,
        aim.value,
        aim.time,
        None if start is None else periods.parse(start).midpoint,
        aim.base_value,
        end if share else None,
        seen.comparable[-1].decimals if seen.comparable else 0,
        seen.unit == "percent",
    )


def refusal(seen: Seen, aim: Aim) -> str | None:
    """Why no pace can be told; blank where one can."""
    if aim.value is None:
        return aim.reason
    if aim.time is None:
        return "no_target_period"
    if seen.suppressed:
        return "suppressed"
    if seen.latest is None:
        return "no_figures"
    if seen.latest.period is None:
        return "period_unknown"
    return None


def needs_line(seen: Seen, aim: Aim) -> bool:
    """Whether a projection can be made: three comparable points before the target's period."""
    return (
        refusal(seen, aim) is None
        and len(seen.comparable) >= LEAST["indicative"]
        and not _over(seen, aim)
    )


def pace(seen: Seen, aim: Aim, line: Fit | None, least: float = LEAST_PROBABILITY) -> Reply:
    """Whether the target will be met in time if the development so far goes on.

    From three points on the line's chance of reaching the target decides, with two the chance that
    the gap closes fast enough; a verdict needs the probability `least`.
    """
    known = evidence(len(seen.comparable))
    facts = seen.facts() | _paces(seen, aim)
    reason = refusal(seen, aim)
    if reason is not None:
        return Reply("pace", "cannot_tell", reason, known, facts)
    met = aim.better * (seen.values[-1] - (aim.value or 0.0)) >= -1e-9
    if _over(seen, aim):
        code = "target_met" if met else "target_missed"
        return Reply("pace", code, "target_period_reached", known, facts)
    if len(seen.comparable) < LEAST["change"] and aim.base_value is None:
        reason = "across_break" if seen.before_break else "one_point"
        return Reply("pace", "cannot_tell", reason, known, facts)
    if line is not None:
        return _projected(seen, aim, line, least, facts, met=met)
    return _two_points(seen, aim, least, facts, met=met)


def _over(seen: Seen, aim: Aim) -> bool:
    """Whether the newest figure is of the target's period or later."""
    end = None if seen.latest is None else seen.latest.period_end
    return end is not None and aim.period is not None and end >= periods.last_day(aim.period)


def _paces(seen: Seen, aim: Aim) -> dict[str, Any]:
    """Observed, required and now needed change per year, in the printed unit."""
    facts: dict[str, Any] = {
        "target": aim.value,
        "target_kind": aim.kind,
        "target_period": aim.period,
    }
    if aim.value is None or aim.time is None or not seen.comparable:
        return facts
    span = span_of(DEFAULT, course_of(seen, aim))
    left = aim.time - seen.times[-1]
    decimals = seen.comparable[-1].decimals + 2
    if left > 0:
        facts["needed_per_year"] = fine((aim.value - seen.values[-1]) / left, decimals)
    if isinstance(span, str) or span.target_time is None:
        return facts
    whole = span.target_time - span.start
    base = aim.base_period if span.base < 0 else seen.comparable[span.base].period
    return facts | {
        "base_period": base,
        "base_value": fine(span.base_value, decimals - 2),
        "observed_per_year": fine((span.latest_value - span.base_value) / span.years, decimals),
        "required_per_year": fine((aim.value - span.base_value) / whole, decimals),
    }


def _projected(
    seen: Seen, aim: Aim, line: Fit, least: float, facts: dict[str, Any], *, met: bool
) -> Reply:
    printed = seen.comparable[-1].decimals
    decimals = printed + 1 if printed else 0
    chance, slope = line.p_reach, line.slope or 0.0
    projected, low, high = (
        fine(_within(seen, one), decimals)
        for one in (line.projected, line.projected_low, line.projected_high)
    )
    facts = facts | {
        "projected": projected,
        "low": low,
        "high": high,
        "probability": fine(chance, 3),
        "slope": fine(slope, printed + 2),
        "meets": _year(line.meets),
        "meets_low": _year(line.meets_low),
        "meets_high": _year(line.meets_high),
        "least_probability": least,
    }
    code, reason = "cannot_tell", "uncertainty_not_known"
    if chance is not None:
        code, reason = "not_distinguishable", "chance_between"
        if chance >= least:
            code, reason = ("target_met" if met else "on_track"), "chance_high"
        elif chance <= 1 - least:
            certain = line.p is not None and line.p < SIGNIFICANT_P
            away = aim.better * slope < 0 and certain and not met
            code, reason = ("moving_away" if away else "too_slow"), "chance_low"
    return Reply(
        "pace",
        code,
        reason,
        evidence(len(seen.comparable)),
        facts,
        projected,
        low,
        high,
        seen.unit,
        decimals,
        fine(chance, 4),
    )


def _within(seen: Seen, value: float | None) -> float | None:
    """A projection kept within what the unit can be: no share above 100 percent, no count below 0.

    The chance of reaching the target is worked out before that.
    """
    kind = seen.indicator["kind"]
    if value is None or kind not in ("proportion", "rate", "count"):
        return value
    return min(max(value, 0.0), 100.0 if kind == "proportion" else value if value > 0 else 0.0)


def _year(time: float | None) -> int | str | None:
    """The year in which a line meets its target, `never`, or blank where it cannot be told."""
    if time is None:
        return None
    if not isfinite(time) or not 1000 < time < 3000:
        return "never" if time > 0 else None
    return int(time)


def _two_points(seen: Seen, aim: Aim, least: float, facts: dict[str, Any], *, met: bool) -> Reply:
    known = evidence(len(seen.comparable))
    span = span_of(DEFAULT, course_of(seen, aim))
    if isinstance(span, str):
        return Reply("pace", "cannot_tell", span, known, facts)
    base, latest = drawn(seen, span.base, span.base_value), drawn(seen, span.latest, 0.0)
    if base is None or latest is None:
        return Reply("pace", "cannot_tell", "uncertainty_not_known", known, facts)
    odds = chances(DEFAULT, span, base, latest)
    enough = odds["on_track"] + odds["target_met"]
    facts = facts | {"chances": {name: fine(one, 3) for name, one in odds.items()}}
    facts |= {"probability": fine(enough, 3), "least_probability": least}
    _, between = told(odds, least)
    code, reason = "not_distinguishable", "chance_between"
    if enough >= least:
        code, reason = ("target_met" if met else "on_track"), "chance_high"
    elif odds["moving_away"] >= least:
        code, reason = "moving_away", "chance_low"
    elif enough <= 1 - least:
        code, reason = "too_slow", "chance_low"
    else:
        facts["between"] = list(between)
    return Reply("pace", code, reason, known, facts, probability=fine(enough, 4))
