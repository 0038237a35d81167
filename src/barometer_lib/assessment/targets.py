"""Level against target: met or not, and by how much. Kept apart from direction and pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from barometer_lib.figures.series import Figure
from barometer_lib.units import decimals_of, scale, stored

# Numbers nearer than this differ by the machine's rounding alone.
CLOSE = 1e-9


def in_force(
    targets: Sequence[Mapping[str, Any]], policy: str, goal: str, indicator: str, day: date
) -> Mapping[str, Any] | None:
    """The target of an indicator under a goal that is valid on `day`; a goal's own comes last."""
    fitting = [
        one
        for one in targets
        if one["policy"] == policy
        and one["goal"] in (goal, None)
        and one["indicator"] in (indicator, None)
        and not (one["goal"] is None and one["indicator"] is None)
        and (one["valid_from"] is None or one["valid_from"] <= day)
        and (one["valid_to"] is None or one["valid_to"] >= day)
    ]
    fitting.sort(key=lambda one: one["indicator"] is None)
    return fitting[0] if fitting else None


def level(target: Mapping[str, Any] | None, figure: Figure | None, polarity: str) -> dict[str, Any]:
    """The facts of level against target: form, value as printed, met, distance as printed.

    `distance` is value minus target in the value's unit; for a relative change target the change
    reached since the baseline in percent. Blank where there is no level to compare with.
    """
    if target is None:
        return {"form": None}
    facts: dict[str, Any] = {
        "target": target["target"],
        "form": target["form"],
        "applies_to": target["applies_to"],
        "value": target["value"],
        "unit": target["unit"],
        "direction": target["direction"],
        "period": target["target_period"],
        "met": None,
        "distance": None,
    }
    value = None if figure is None else figure.value
    if value is None or target["value"] is None or figure is None:
        return facts
    if target["applies_to"] == "every_district":
        return facts
    if target["form"] == "change":
        return facts | _relative(target, figure, value)
    if target["form"] not in ("level", "maximum", "minimum"):
        return facts
    line = stored(target["value"], figure.unit)
    higher = {"maximum": False, "minimum": True}.get(target["form"], polarity == "higher")
    away = (value - line) * scale(figure.unit)
    met = away >= -CLOSE if higher else away <= CLOSE
    decimals = max(figure.decimals, decimals_of(target["value"]))
    return facts | {"met": met, "distance": round(away, decimals)}


def _relative(target: Mapping[str, Any], figure: Figure, value: float) -> dict[str, Any]:
    base = target["baseline_value"]
    if not base:
        return {"met": None, "distance": None}
    reached = (value / stored(base, figure.unit) - 1) * 100
    goal = target["value"]
    met = reached <= goal + CLOSE if goal < 0 else reached >= goal - CLOSE
    return {"met": met, "distance": round(reached, 1)}
