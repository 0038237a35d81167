"""`barometer evaluate`: a local programme against the districts without it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _asking, main

if TYPE_CHECKING:
    from barometer_lib.api import Result
    from barometer_lib.tables import Table

Words = Mapping[tuple[str, str], str]


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator")
@click.option("--treated", required=True, metavar="AREAS", help="With commas: 101-08,101-10.")
@click.option(
    "--from", "first", required=True, metavar="PERIOD", help="The first of the programme."
)
@click.option("--against", metavar="AREAS", help="[default: all others of the division]")
@click.option("--since", metavar="PERIOD", help="The first to use, such as after a break.")
@click.option("--group", metavar="ID", help="<definition>:<code>. [default: the indicator's own]")
@_asking
def evaluate(
    indicator: str,
    treated: str,
    first: str,
    against: str | None,
    since: str | None,
    group: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """What has moved differently where a local programme ran, and what cannot be said of it.

    Estimates beside the naive change, with the smallest p that so few areas can give, and the
    checks of what they rest on. JSON: {indicator, group, treated, compared, left_out, first,
    verdict, estimates: [{estimate, effect, low, high, p, smallest_p}], checks, events, weights}.
    """
    from barometer_lib import api

    found = api.evaluate(
        indicator,
        treated.split(","),
        first,
        against=[] if against is None else against.split(","),
        since=since,
        group=group,
        dataset=dataset,
        store=store,
    )
    _print(found, form, lang, store)


def _print(found: Result, form: str, lang: str, store: Path | None) -> None:
    from barometer_lib.cli.answers import label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine
    from barometer_lib.sentences.evaluation import checks, heading, limits, verdict
    from barometer_lib.tables import as_text

    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    content = found.content
    click.echo(heading(content, words, lang))
    tell_synthetic(content, lang)
    click.echo()
    for sentence in (verdict(content, words, lang), *limits(lang)):
        click.echo(sentence)
    click.echo()
    click.echo(as_text(_table(content, lang)))
    for sentence in checks(content, words, lang):
        click.echo(sentence)


def _table(content: Mapping[str, Any], lang: str) -> Table:
    from barometer_lib.cli.printing import NOTHING
    from barometer_lib.locale import change, number, text
    from barometer_lib.tables import Cell, Column, Table
    from barometer_lib.units import change_unit

    unit, decimals = change_unit(content["unit"]), content["decimals"]

    def shown(key: str, value: float | None) -> str:
        if value is None:
            return NOTHING
        if key in ("p", "smallest_p"):
            return number(value, lang, 3)
        return change(value, unit, lang, decimals)

    rows = [
        {"estimate": Cell(one["estimate"], text(lang, f"evaluation.estimate.{one['estimate']}"))}
        | {
            key: Cell(one[key], shown(key, one[key]))
            for key in ("effect", "low", "high", "p", "smallest_p")
        }
        for one in content["estimates"]
    ]
    columns = [
        Column(
            key, text(lang, f"evaluation.column.{key}"), "left" if key == "estimate" else "right"
        )
        for key in ("estimate", "effect", "low", "high", "p", "smallest_p")
    ]
    return Table(text(lang, "evaluation.title"), columns, rows, lang=lang)
