"""The lead an indicator gets in a letter, by the rules in `wording.yml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from barometer_lib.trends import TREND_POINTS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wording:
    """The rules as they stand in the file."""

    classes: Mapping[str, Sequence[str]]
    rules: Sequence[Mapping[str, Any]]
    sections: Mapping[str, Sequence[str]]
    asked: Sequence[str]

    def class_of(self, status: str | None) -> str:
        """Ahead, still, behind or unknown."""
        return next((name for name, some in self.classes.items() if status in some), "unknown")

    def section_of(self, lead: str) -> str:
        """The heading a lead stands under."""
        return next(name for name, leads in self.sections.items() if lead in leads)


@cache
def wording() -> Wording:
    """The rules, read once."""
    import yaml

    page = resources.files(__package__).joinpath("wording.yml").read_text("utf-8")
    return Wording(**yaml.load(page, Loader=yaml.CSafeLoader))


def lead_of(facts: Row) -> str:
    """The lead of the first rule whose every condition holds.

    `facts` has `new`, `value`, `hidden`, `class`, `direction`, `pace`, `level`, `points`.
    """
    return next(
        str(rule["lead"])
        for rule in wording().rules
        if all(_holds(facts[name], wanted) for name, wanted in rule["when"].items())
    )


def _holds(found: Any, wanted: Any) -> bool:
    return bool(found in wanted) if isinstance(wanted, list) else bool(found == wanted)


def facts_of(row: Row, answers: Mapping[str, Row]) -> dict[str, Any]:
    """What the rules look at: an indicator's row of the status and its three answers."""
    level, direction, pace = (answers[name] for name in ("level", "direction", "pace"))
    fresh = bool(level["facts"]["new"]) and row["reason"] != "no_new_figures"
    return {
        "new": fresh,
        "value": row["value"] is not None,
        "hidden": "suppressed" in (row["reason"], direction["reason"]),
        "class": wording().class_of(row["status"]),
        "direction": direction["code"],
        "pace": pace["code"],
        "level": level["code"],
        "points": "enough" if direction["points"] >= TREND_POINTS else "few",
    }
