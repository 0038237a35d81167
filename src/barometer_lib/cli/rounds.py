"""`barometer diff` and `barometer revisions`: what changed between rounds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _asking, main

if TYPE_CHECKING:
    from barometer_lib.api import Result
    from barometer_lib.tables import Cell

Words = Mapping[tuple[str, str], str]


@main.command(cls=Told, epilog=EPILOG)
@click.argument("before")
@click.argument("after")
@click.option("--policy", metavar="ID", help="Only what is said of this policy.")
@_asking
def diff(
    before: str,
    after: str,
    policy: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """What round AFTER says otherwise than round BEFORE, and why: one cause a line.

    Causes: a new period, a revised figure, a corrected error, a new definition, a new target, a
    new method; besides these, that nothing new came, or that only the published verdict differs.
    What is the same is not listed.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import label_words
    from barometer_lib.cli.printing import print_machine

    found = api.diff(before, after, policy, dataset=dataset, store=store)
    words = label_words(found, lang, store)
    if form == "table":
        _print_differences(found, words, lang)
    else:
        print_machine(found, form, words, lang)


def _print_differences(found: Result, words: Words, lang: str) -> None:
    from barometer_lib.locale import date, text
    from barometer_lib.tables import as_text
    from barometer_lib.views.round_changes import difference_table

    content = found.content
    names = [words.get(("round", content[one]), content[one]) for one in ("before", "after")]
    days = [date(content[f"{one}_day"], lang) for one in ("before", "after")]
    heading = text(
        lang, "rounds.heading",
        before=names[0], after=names[1], first=days[0], last=days[1],
    )  # fmt: skip
    if content["dataset"] == "demo":
        click.echo(text(lang, "cli.synthetic"))
    rows = content["differences"]
    if not rows:
        click.echo(heading)
        click.echo(text(lang, "rounds.nothing"))
        return
    click.echo(as_text(difference_table(rows, heading, words, lang)))
    click.echo(text(lang, "rounds.count", count=len(rows)))


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator", required=False)
@_asking
def revisions(
    indicator: str | None, form: str, lang: str, dataset: str, store: Path | None
) -> None:
    """How much figures were revised after they were first known, per indicator.

    The mean revision (latest minus first), the mean absolute revision, and the relative one (the
    sum of absolute revisions by the sum of absolute values). With INDICATOR also each step.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import label_words
    from barometer_lib.cli.printing import print_machine

    found = api.revisions(indicator, dataset=dataset, store=store)
    words = label_words(found, lang, store)
    if form == "table":
        _print_revisions(found, words, lang)
    else:
        print_machine(found, form, words, lang)


def _print_revisions(found: Result, words: Words, lang: str) -> None:
    from barometer_lib.locale import text
    from barometer_lib.tables import Column, Table, as_text

    content = found.content
    if content["dataset"] == "demo":
        click.echo(text(lang, "cli.synthetic"))
    rows = [_statistic_cells(one, words, lang) for one in content["statistics"]]
    names = list(rows[0]) if rows else ["indicator"]
    columns = [
        Column(
            name, text(lang, f"rounds.column.{name}"), "left" if name == "indicator" else "right"
        )
        for name in names
    ]
    click.echo(as_text(Table(text(lang, "rounds.revisions"), columns, rows, lang=lang)))
    for one in content["figures"]:
        click.echo(_step_words(one, words, lang))


def _statistic_cells(one: Mapping[str, Any], words: Words, lang: str) -> dict[str, Cell]:
    from barometer_lib.locale import change, number
    from barometer_lib.tables import Cell

    code, unit = one["indicator"], one["unit"]
    name = words.get(("indicator_short", code), words.get(("indicator", code), code))
    cells = {"indicator": Cell(code, name)}
    for key in ("measurements", "revised", "corrected"):
        cells[key] = Cell(one[key], number(one[key], lang, 0))
    mean, size, relative = (
        one[key]
        for key in (
            "mean_revision",
            "mean_absolute_revision",
            "relative_mean_absolute_revision",
        )
    )
    cells["mean"] = Cell(mean, "-" if mean is None else change(mean, unit, lang, 3))
    cells["mean_absolute"] = Cell(size, "-" if size is None else number(size, lang, 3))
    shown = "-" if relative is None else number(100 * relative, lang, 2)
    cells["relative"] = Cell(relative, shown)
    return cells


def _step_words(one: Mapping[str, Any], words: Words, lang: str) -> str:
    from barometer_lib.locale import date, period, text, with_unit

    place = ", ".join(words.get((kind, one[kind]), one[kind]) for kind in ("area", "group"))
    key = "rounds.step" if one["correction"] is None else "rounds.step_corrected"
    when = one["reported_round"] if one["period"] is None else period(one["period"], lang)
    before, after = (with_unit(one[side], one["unit"], lang) for side in ("before", "after"))
    return text(
        lang, key, place=place, period=when, before=before, after=after,
        date=date(one["revised"], lang),
    )  # fmt: skip
