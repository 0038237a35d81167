"""Stress and what-if on the terminal: sentences first, then the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from barometer_lib.api import Result
from barometer_lib.cli.printing import print_machine
from barometer_lib.locale import list_of, number, text, text_count
from barometer_lib.sentences import stress as said
from barometer_lib.tables import Cell, Column, Table, as_text

Row = Mapping[str, Any]
Naming = Callable[[str], str]


def _namings(found: Result, lang: str, store: Path | None) -> tuple[Naming, Naming, str]:
    """How units and components are called, and the heading of the answer."""
    content = found.content
    if content["dataset"] is None:
        return str, str, ""
    from barometer_lib.store import questions, session

    with session(store, content["dataset"]) as look:
        words = questions.labels(look, lang)
    index = content["index"]
    heading = " · ".join([
        words.get(("index", index), index),
        words.get(("edition", f"{index}/{content['edition']}"), content["edition"]),
        words.get(("scope", f"{index}/{content['scope']}"), content["scope"]),
    ])  # fmt: skip

    def unit(code: str) -> str:
        return words.get(("city", code), code)

    def component(code: str) -> str:
        return words.get(("component", f"{index}/{code}"), code)

    return unit, component, heading


def print_stress(found: Result, form: str, lang: str, store: Path | None) -> None:
    """Ranks with their intervals, what drives them, and where a unit's rank is secured."""
    if form != "table":
        print_machine(found, form, {}, lang)
        return
    content = found.content
    units, components, heading = _namings(found, lang, store)
    _tell_field(content, heading, lang)
    if content["unit"] is not None:
        _tell_unit(found, units, components, lang)
    if content["order"] is not None:
        for sentence in said.order_said(content["order"], units, components, lang):
            click.echo(sentence)
        click.echo()
    click.echo(as_text(_ranks(found, units, lang)))
    if content["drivers"]:
        click.echo(as_text(_drivers(content, lang)))
        click.echo(said.drivers_said(content, lang))
    click.echo(text(lang, "stress.shift", places=number(content["mean_shift"], lang, 1)))


def _tell_field(content: Row, heading: str, lang: str) -> None:
    if heading:
        click.echo(heading)
    if content["synthetic"]:
        click.echo(text(lang, "stress.synthetic"))
    click.echo(said.weights_said(content["weights_basis"], lang))
    if content["filled"]:
        click.echo(text_count(lang, "stress.filled", len(content["filled"])))
    click.echo()


def _tell_unit(found: Result, units: Naming, components: Naming, lang: str) -> None:
    one = found.content["unit"]
    row = next(row for row in found.rows if row["unit"] == one["unit"])
    click.echo(said.standing(row, units(one["unit"]), lang))
    click.echo(said.interval_said(row, found.content, lang))
    click.echo(said.bounds_said(one, lang))
    for sentence in said.holds_said(one, units, components, lang):
        click.echo(sentence)
    for rival in one["contenders"]:
        click.echo(said.contender_said(rival, units(one["unit"]), units(rival["unit"]), lang))
    click.echo()


def _columns(names: Mapping[str, str], lang: str) -> list[Column]:
    return [
        Column(key, text(lang, f"stress.column.{label}"), "right" if place else "left")
        for place, (key, label) in enumerate(names.items())
    ]


def _ranks(found: Result, units: Naming, lang: str) -> Table:
    names = ("unit", "score", "rank", "interval", "median", "first", "held", "shift")
    shared = text(lang, "stress.shared_mark")
    rows = []
    for row in found.rows:
        share = {key: said.percent_shown(row[key], lang) for key in ("first", "held")}
        rows.append(
            {
                "unit": Cell(row["unit"], units(row["unit"])),
                "score": Cell(row["score"], number(row["score"], lang, 1)),
                "rank": Cell(row["rank"], str(row["rank"]), shared if row["tied"] else None),
                "interval": Cell(row["low"], f"{row['low']}-{row['high']}"),
                "median": Cell(row["median"], str(row["median"])),
                "first": Cell(row["first"], share["first"]),
                "held": Cell(row["held"], share["held"]),
                "shift": Cell(row["shift"], number(row["shift"], lang, 1)),
            }
        )
    caption = text(lang, "stress.table.caption", draws=number(found.content["draws"], lang, 0))
    return Table(caption, _columns(dict(zip(names, names, strict=True)), lang), rows, lang=lang)


def _drivers(content: Row, lang: str) -> Table:
    rows = []
    untold = text(lang, "stress.table.untold")
    for one in content["drivers"]:
        cells = {"factor": Cell(one["factor"], text(lang, f"stress.factor.{one['factor']}"))}
        for key in ("first", "total"):
            shown = untold
            if one[key] is not None:
                ends = [
                    said.percent(max(0.0, one[f"{key}_{end}"]), lang) for end in ("low", "high")
                ]
                shown = f"{said.percent_shown(max(0.0, one[key]), lang)} ({ends[0]}-{ends[1]})"
            cells[key] = Cell(one[key], shown)
        rows.append(cells)
    names = {"factor": "factor", "first": "alone", "total": "with_others"}
    return Table(text(lang, "stress.table.drivers"), _columns(names, lang), rows, lang=lang)


def print_what_if(found: Result, form: str, lang: str, store: Path | None) -> None:
    """Before and after, the path where one was asked for, and the components."""
    if form != "table":
        print_machine(found, form, {}, lang)
        return
    content = found.content
    units, components, heading = _namings(found, lang, store)
    _tell_field(content, heading, lang)
    name = units(content["unit"])
    click.echo(f"{name}. {said.position_said(content['before'], 'before', lang)}")
    click.echo(said.position_said(content["after"], "after", lang))
    if content["dropped"]:
        listed = list_of([components(code) for code in content["dropped"]], lang)
        click.echo(text(lang, "stress.what_if.dropped", components=listed))
    if content["path"] is not None:
        for sentence in said.path_said(content["path"], components, lang):
            click.echo(sentence)
    click.echo()
    click.echo(as_text(_components(found, components, name, lang)))


def _components(found: Result, components: Naming, name: str, lang: str) -> Table:
    names = ["component", "score", "score_after", "weight", "weight_after"]
    names += ["points"] if found.content["path"] else []
    gone = text(lang, "stress.table.left_out")
    rows = []
    for row in found.rows:
        cells = {"component": Cell(row["component"], components(row["component"]))}
        for key in names[1:]:
            value = row[key]
            if value is None:
                shown = gone
            elif key.startswith("weight"):
                shown = said.weight_shown(value, lang)
            else:
                shown = number(value, lang, 1)
            cells[key] = Cell(value, shown)
        rows.append(cells)
    caption = text(lang, "stress.table.what_if", unit=name)
    return Table(caption, _columns(dict(zip(names, names, strict=True)), lang), rows, lang=lang)
