"""The indicators of a round as one table: what the overview shows, to read on and to take along."""

from __future__ import annotations

from typing import Any

from barometer_lib.locale import text
from barometer_lib.sentences import change, counts, indicator_reason, significance, value
from barometer_lib.tables import Cell, Column, Table
from barometer_lib.views.goals import Row, Shown
from barometer_lib.views.pages import period_words

KINDS: tuple[tuple[str, str, str], ...] = (
    ("indicator", "left", "label"),
    ("goal", "left", "text"),
    ("counts", "left", "text"),
    ("value", "right", "number"),
    ("unit", "left", "text"),
    ("rounded_to", "left", "text"),
    ("change", "right", "number"),
    ("change_unit", "left", "text"),
    ("significant", "left", "text"),
    ("status", "left", "status"),
    ("reason", "left", "text"),
    ("target", "left", "text"),
    ("period", "left", "text"),
    ("area", "left", "text"),
    ("group", "left", "text"),
    ("source", "left", "address"),
)


def status_table(shown: Shown) -> Table:
    """Every indicator of the goals shown; raw cells hold codes and numbers as published."""
    lang = shown.lang
    kinds = [one for one in KINDS if shown.rounded or one[0] != "rounded_to"]
    columns: list[Any] = [
        Column(key, text(lang, f"overview.column.{key}"), align, kind)  # type: ignore[arg-type]
        for key, align, kind in kinds
    ]
    every = [
        _row(shown, goal, row) for goal in shown.document["goals"] for row in goal["indicators"]
    ]
    rows = [{column.key: row[column.key] for column in columns} for row in every]
    caption = shown.reader.say("overview.table")
    if shown.reader.synthetic:
        caption = f"{caption} · {shown.reader.say('pages.synthetic')}"
    return Table(caption, columns, rows, lang=lang)


def _row(shown: Shown, goal: Row, row: Row) -> dict[str, Cell]:
    lang = shown.lang
    none = text(lang, "overview.none")
    status, aim = row["status"], row["target"] or {}
    unit = row["change_unit"]
    return {
        "indicator": Cell(row["indicator"], shown.name("indicator", row["indicator"])),
        "goal": Cell(goal["goal"], shown.name("goal", goal["goal"])),
        "counts": Cell(row["counts"], counts(row["counts"], goal["rule"], lang)),
        "value": Cell(row["value"], value(row, lang)),
        "unit": Cell(row["unit"], _unit(row, lang)),
        "rounded_to": Cell(row["rounded_to"], _base(row, lang)),
        "change": Cell(row["change"], change(row, lang) or none),
        "change_unit": Cell(unit, text(lang, f"numbers.unit_name.{unit}") if unit else none),
        "significant": Cell(row["significant"], significance(row, lang) or none),
        "status": Cell(status, text(lang, f"status.short.{status}") if status else none),
        "reason": Cell(row["reason"], indicator_reason(row, lang)),
        "target": Cell(aim.get("value"), shown.target(row)),
        "period": Cell(row["period"], period_words(row["period"], lang)),
        "area": Cell(row["area"], shown.name("area", row["area"])),
        "group": Cell(row["group"], shown.name("group", row["group"])),
        "source": Cell(row["source"], _source_name(shown, row)),
    }


def _unit(row: Row, lang: str) -> str:
    """The unit's name, or what a count counts."""
    if row["things"]:
        return str(row["things"][1])
    return text(lang, f"numbers.unit_name.{row['unit']}")


def _base(row: Row, lang: str) -> str:
    """Of what its number of people is a multiple, or that it is told as it is."""
    return str(row["rounded_to"] or text(lang, "overview.not_rounded"))


def _source_name(shown: Shown, row: Row) -> str:
    return shown.sources.get(row["source"]) or text(shown.lang, "pages.source.none")
