"""The named rules side by side: what each says of a series, and how sure that is.

Rows are those of the table `rule_verdict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.locale import list_of, period, text
from barometer_lib.sentences.answers import chance
from barometer_lib.tables import Cell, Column, Table

Row = Mapping[str, Any]


def rule_name(rule: str, lang: str) -> str:
    """A rule's name for readers."""
    return text(lang, f"rules.name.{rule}")


def rule_says(row: Row, lang: str) -> str:
    """The verdict in words; where there is none, why."""
    if row["verdict"] is None:
        return text(lang, f"rules.refusal.{row['reason']}")
    if row["told"] == "not_distinguishable":
        names = [text(lang, f"status.short.{code}") for code in row["between"]]
        return text(lang, "rules.between", verdicts=list_of(names, lang))
    return text(lang, f"status.short.{row['verdict']}")


def rule_sure(row: Row, lang: str) -> str:
    """How sure the verdict is: its probability, that it was tested, or that nobody can tell."""
    if row["verdict"] is None:
        return text(lang, "rules.none")
    if row["probability"] is not None:
        return text(lang, "rules.chance", chance=chance(row["probability"], lang))
    return text(lang, "rules.tested" if row["told"] else "rules.unknown")


def side_by_side(rows: Sequence[Row], lang: str) -> Table:
    """All rules of one series as a table: rule, verdict, how sure, and what it counts from."""
    names = ("rule", "verdict", "sure", "since")
    cells = [
        {
            "rule": Cell(row["rule"], _named(row, lang)),
            "verdict": Cell(row["verdict"], rule_says(row, lang)),
            "sure": Cell(row["told"], rule_sure(row, lang)),
            "since": Cell(row["facts"].get("base_period"), _since(row, lang)),
        }
        for row in rows
    ]
    columns = [Column(name, text(lang, f"rules.column.{name}")) for name in names]
    return Table(text(lang, "rules.side_by_side"), columns, cells, lang=lang)


def _named(row: Row, lang: str) -> str:
    name = rule_name(row["rule"], lang)
    if row["role"] == "compared":
        return name
    return f"{name} ({text(lang, 'rules.role.' + row['role'])})"


def _since(row: Row, lang: str) -> str:
    since = row["facts"].get("base_period")
    return "-" if since is None else period(since, lang)
