"""Answers on the terminal: a table for people, JSON and CSV with language-neutral codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.api import Result
from barometer_lib.errors import BarometerError, Fault, FaultsFound, say, say_fault
from barometer_lib.locale import text
from barometer_lib.tables import Cell, Column, Table, as_csv, as_text

if TYPE_CHECKING:
    from barometer_lib.build import Built

# Keys of an answer that hold codes, and the kind of label that goes beside them.
LABELLED = {
    "policy": "policy",
    "round": "round",
    "goal": "goal",
    "indicator": "indicator",
    "effort_area": "effort_area",
    "lead_committee": "committee",
    "area": "area",
    "group": "group",
    "city": "city",
    "index": "index",
    "division": "division",
    "reply": "letter_reply",
    "committee": "committee",
}
STATUS_KEYS = ("status", "status_computed", "status_published")
NOTHING = "-"


def tell(error: BarometerError, lang: str, form: str) -> None:
    """The error in one sentence on standard error; with JSON its code and facts on output too."""
    if isinstance(error, FaultsFound):
        print_faults(error.faults, form, lang, err=form != "json")
        return
    if form == "json":
        _print_json({"error": error.code, "message": say(error, lang), **error.fields})
    click.echo(say(error, lang), err=True)


def print_faults(faults: Sequence[Fault], form: str, lang: str, *, err: bool = False) -> None:
    """All faults, one a line, and how many."""
    errors = sum(1 for fault in faults if fault.severity == "error")
    if form == "json":
        rows = [{**fault.facts(), "message": say_fault(fault, lang)} for fault in faults]
        _print_json({"errors": errors, "warnings": len(faults) - errors, "faults": rows})
    elif form == "csv":
        _print_csv([_flat(fault.facts()) for fault in faults], list(Fault("", "").facts()))
    else:
        for fault in faults:
            click.echo(say_fault(fault, lang), err=err)
        key = "cli.faults_none" if not errors else "cli.faults"
        click.echo(text(lang, key, count=errors), err=err)


def print_step(step: str, lang: str) -> None:
    """What the build is doing, on standard error."""
    click.echo(text(lang, f"cli.step.{step}"), err=True)


def print_built(built: Built, form: str, lang: str) -> None:
    """Which version was published and what it holds."""
    content = {
        "file": str(built.version.path),
        "built": built.version.built,
        "unchanged": built.unchanged,
        "rows": dict(built.counts),
    }
    if form == "json":
        _print_json(content)
    elif form == "csv":
        _print_csv(
            [{"table": name, "rows": n} for name, n in built.counts.items()], ["table", "rows"]
        )
    elif built.unchanged:
        click.echo(text(lang, "cli.unchanged", file=built.version.path))
    else:
        click.echo(
            text(
                lang,
                "cli.built",
                file=built.version.path,
                published=built.counts.get("published.measurement_vintage", 0),
                demo=built.counts.get("demo.measurement_vintage", 0),
            )
        )


def print_rows(found: Result, form: str, lang: str) -> None:
    """The rows of a query; says where there were more."""
    columns = found.content["columns"]
    if form == "json":
        _print_json(found.content)
    elif form == "csv":
        _print_csv(found.rows, columns)
    else:
        rows = [{name: _plain_cell(row[name]) for name in columns} for row in found.rows]
        numeric = {
            name
            for name in columns
            if found.rows and all(isinstance(row[name], (int, float)) for row in found.rows)
        }
        heads = [Column(name, name, "right" if name in numeric else "left") for name in columns]
        click.echo(as_text(Table(text(lang, "cli.rows", count=len(rows)), heads, rows, lang=lang)))
    if found.content["cut"]:
        click.echo(text(lang, "cli.cut", count=len(found.rows)), err=True)


def _plain_cell(value: Any) -> Cell:
    if isinstance(value, (str, int, float, bool)) or value is None:
        return Cell(value, NOTHING if value is None or value == "" else str(value))
    return Cell(json.dumps(value, ensure_ascii=False), json.dumps(value, ensure_ascii=False))


def print_machine(
    found: Result, form: str, words: Mapping[tuple[str, str], str], lang: str
) -> None:
    if form == "json":
        _print_json(_with_labels(found.content, words, lang))
    else:
        _print_csv(found.rows, found.columns)


def _with_labels(content: Any, words: Mapping[tuple[str, str], str], lang: str) -> Any:
    if isinstance(content, list):
        return [_with_labels(one, words, lang) for one in content]
    if not isinstance(content, dict):
        return content
    labelled: dict[str, Any] = {}
    for key, value in content.items():
        labelled[key] = _with_labels(value, words, lang)
        if key in LABELLED and isinstance(value, str):
            labelled[f"{key}_label"] = words.get((LABELLED[key], value))
        elif key in ("edition", "scope") and isinstance(value, str):
            labelled[f"{key}_label"] = words.get((key, f"{content.get('index')}/{value}"))
        elif key in STATUS_KEYS and isinstance(value, str) and "goal" in content:
            labelled[f"{key}_label"] = text(lang, f"status.code.{value}.name")
    return labelled


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def _print_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    table = Table(
        "csv",
        [Column(name, name) for name in columns],
        [{name: _plain_cell(row[name]) for name in columns} for row in rows],
    )
    sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
    click.echo(as_csv(table), nl=False)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: ", ".join(map(str, value)) if isinstance(value, list) else value
        for key, value in row.items()
    }
