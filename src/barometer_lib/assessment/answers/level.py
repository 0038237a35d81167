"""Level against target: met or not, by how much, against which kind of target."""

from __future__ import annotations

from typing import Any

from barometer_lib.assessment.answers.least import evidence
from barometer_lib.assessment.answers.seen import Aim, Reply, Seen, fine
from barometer_lib.assessment.targets import CLOSE
from barometer_lib.figures.changes import limits
from barometer_lib.figures.series import Figure
from barometer_lib.units import decimals_of, scale

NO_TARGET = ("no_target_seen", "direction_only", "other_series")


def level(seen: Seen, aim: Aim) -> Reply:
    """Whether the newest value is at the target or beyond it; a limit may be met exactly.

    `met` and `not_met` say by their reason whether the value's 95 % interval leaves the target out.
    """
    facts = seen.facts() | _target(seen, aim)
    known = evidence(1 if seen.latest is not None else 0)
    if aim.value is None:
        code = "no_target" if aim.reason in NO_TARGET else "cannot_tell"
        return Reply("level", code, aim.reason, known, facts)
    if seen.suppressed:
        return Reply("level", "cannot_tell", "suppressed", "none", facts)
    figure = seen.latest
    if figure is None or figure.value is None:
        return Reply("level", "cannot_tell", "no_figures", "none", facts)
    return _against(seen, aim, figure, facts)


def _against(seen: Seen, aim: Aim, figure: Figure, facts: dict[str, Any]) -> Reply:
    line = aim.value or 0.0
    away = (figure.value or 0.0) * scale(seen.unit) - line
    met = aim.better * away >= -CLOSE
    decimals = max(figure.decimals, min(2, decimals_of(line)))
    low, high = _limits(seen, figure)
    sure = "by_figure"
    if low is not None and high is not None:
        within = low - CLOSE <= line <= high + CLOSE
        sure = "within_uncertainty" if within else "beyond_uncertainty"
        facts = facts | {"low": fine(low, decimals + 1), "high": fine(high, decimals + 1)}
    code = "met" if met else "not_met"
    return Reply(
        "level",
        code,
        sure,
        "level",
        facts,
        fine(away, decimals),
        None if low is None else fine(low - line, decimals + 1),
        None if high is None else fine(high - line, decimals + 1),
        seen.by,
        decimals,
    )


def _limits(seen: Seen, figure: Figure) -> tuple[float | None, float | None]:
    if seen.indicator["kind"] != "proportion":
        return None, None
    found = limits(figure, seen.indicator["design_effect"])
    if found is None:
        return None, None
    return found[0] * scale(seen.unit), found[1] * scale(seen.unit)


def _target(seen: Seen, aim: Aim) -> dict[str, Any]:
    return {
        "target_kind": aim.kind,
        "target": aim.value,
        "target_period": aim.period,
        "target_direction": aim.direction,
        "target_code": None if seen.target is None else seen.target["target"],
    }
