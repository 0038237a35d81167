"""What one round says otherwise than another: the rows, and the table readers see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.locale import number, period, text, with_unit
from barometer_lib.tables import Cell, Column, Table
from barometer_lib.units import printed

Row = Mapping[str, Any]
Words = Mapping[tuple[str, str], str]
DIFF_COLUMNS = (
    "policy", "goal", "indicator", "area", "group", "cause", "unit", "old_value", "new_value",
    "old_period", "new_period", "old_status", "new_status", "old_target", "new_target",
)  # fmt: skip
COLUMNS = ("what", "where", "cause", "old", "new")


def difference(one: Row) -> dict[str, Any]:
    """A difference between two rounds as told: values as printed, keys as in `DIFF_COLUMNS`."""
    row = {"group": one["population_group"], **one}
    unit, decimals = one["unit"], one["decimals"]
    for side in ("old", "new"):
        value = one[f"{side}_value"]
        row[f"{side}_value"] = None if unit is None else printed(value, unit, decimals)
    return {name: row[name] for name in DIFF_COLUMNS}


def difference_table(rows: Sequence[Row], caption: str, words: Words, lang: str) -> Table:
    """The differences as readers see them, one a row."""
    columns = [Column(name, text(lang, f"rounds.column.{name}")) for name in COLUMNS]
    return Table(caption, columns, [_cells(one, words, lang) for one in rows], lang=lang)


def _cells(one: Row, words: Words, lang: str) -> dict[str, Cell]:
    goal = words.get(("goal", one["goal"]), one["goal"])
    what, place = text(lang, "rounds.goal", goal=goal), "-"
    if one["indicator"] is not None:
        code = one["indicator"]
        what = words.get(("indicator_short", code), words.get(("indicator", code), code))
        parts = [words.get((kind, one[kind]), one[kind]) for kind in ("area", "group")]
        place = ", ".join(parts)
    return {
        "what": Cell(one["indicator"] or one["goal"], what),
        "where": Cell(one["area"], place),
        "cause": Cell(one["cause"], text(lang, f"rounds.cause.{one['cause']}")),
        "old": Cell(one["old_value"], _side(one, "old", lang)),
        "new": Cell(one["new_value"], _side(one, "new", lang)),
    }


def _side(one: Row, side: str, lang: str) -> str:
    """Value, period and status of one round; of a new target the target's value too."""
    parts = []
    value, moment, status = (one[f"{side}_{name}"] for name in ("value", "period", "status"))
    if value is not None:
        when = "" if moment is None else f" ({period(moment, lang)})"
        parts.append(with_unit(value, one["unit"], lang) + when)
    if status is not None:
        parts.append(text(lang, f"status.code.{status}.name"))
    if one["cause"] == "new_target":
        target = one[f"{side}_target"]
        shown = "-" if target is None else number(target, lang)
        parts.append(text(lang, "rounds.target", target=shown))
    return ": ".join(parts) or "-"
