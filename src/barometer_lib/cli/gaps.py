"""`barometer gap`, `barometer compare`: groups and districts beside what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _asking, main

if TYPE_CHECKING:
    from barometer_lib.api import Result
    from barometer_lib.tables import Cell

Row = Mapping[str, Any]
Words = Mapping[tuple[str, str], str]
RIGHT = ("value", "difference", "ratio", "p")
LEAST_P = 0.001


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator")
@click.option("--area", metavar="ID", help="101, 101-01 to 101-10, tu-... [default: the city]")
@click.option("--group", metavar="ID", help="<definition>:<code>. [default: every group]")
@click.option(
    "--against",
    type=click.Choice(["reference", "rest", "mean", "target"]),
    help="What groups are compared with. [default: all that can be]",
)
@click.option("--as-of", metavar="DATE", help="Show what was known on this day (year-month-day).")
@_asking
def gap(
    indicator: str,
    area: str | None,
    group: str | None,
    against: str | None,
    as_of: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """How far groups of INDICATOR lie from what they are compared with, and how that moved.

    The reference group, the rest of the area, its mean, the target: which is always named.
    Differences and ratios with 95 % intervals; the change of a share split into composition and
    rate where the parts are known. What cannot be compared is told with its reason.
    """
    from barometer_lib import api

    found = api.gap(
        indicator, area, group, against=against, as_of=as_of, dataset=dataset, store=store
    )
    words = _words(found, form, lang, store)
    if words is None:
        return
    content = found.content
    if content["gaps"]:
        _print_gaps(content, words, lang)
    own = content["group"] or content["own_group"]
    told = [one for one in (*content["gaps"], *content["splits"]) if one["group"] == own]
    for one in (*told, *content["refused"]):
        click.echo(one[lang])
    if content[f"family_{lang}"] is not None:
        click.echo(content[f"family_{lang}"])


def _print_gaps(content: Row, words: Words, lang: str) -> None:
    """All gaps as a table; sentences follow for the group asked of."""
    from barometer_lib.locale import change, interval, period, text, with_unit
    from barometer_lib.sentences.gaps import Told, compared_with
    from barometer_lib.tables import Cell, Column, Table, as_text

    named = Told(words, lang, content["area"])
    rows = []
    for one in content["gaps"]:
        fine, unit = one["decimals"], one["gap_unit"]
        limits = ratio = changed = "-"
        if one["low"] is not None:
            limits = interval(one["low"], one["high"], unit, lang, fine)
        if one["ratio"] is not None:
            ratio = with_unit(one["ratio"] * 100, "percent", lang, 1)
        if one["changes"]:
            first = one["changes"][0]
            moved = change(first["change"], unit, lang, fine)
            since = period(first["from_period"], lang)
            changed = text(lang, "gaps.since", change=moved, since=since)
        rows.append(
            {
                "group": Cell(one["group"], named.name("group", one["group"])),
                "against": Cell(one["against"], compared_with(one, named)),
                "period": Cell(one["period"], period(one["period"], lang)),
                "difference": Cell(one["gap"], change(one["gap"], unit, lang, fine)),
                "limits": Cell(one["low"], limits),
                "ratio": Cell(one["ratio"], ratio),
                "changed": Cell(None, changed),
            }
        )
    columns = [
        Column(name, text(lang, f"gaps.column.{name}"), "right" if name in RIGHT else "left")
        for name in rows[0]
    ]
    click.echo(as_text(Table(named.name("area", content["area"]), columns, rows, lang=lang)))


def _words(found: Result, form: str, lang: str, store: Path | None) -> Words | None:
    """The labels, with the heading printed; nothing where machines have been served."""
    from barometer_lib.cli.answers import heading_of, label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine

    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return None
    click.echo(heading_of(found.content, words))
    tell_synthetic(found.content, lang)
    return words


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator")
@click.option("--division", metavar="ID", help="[default: the one with most districts]")
@click.option("--group", metavar="ID", help="<definition>:<code>. [default: the indicator's own]")
@click.option("--period", metavar="CODE", help="Such as 2013-S1. [default: the newest]")
@click.option(
    "--against",
    type=click.Choice(["city", "districts", "target"]),
    help="What districts are compared with. [default: the city, else all of them together]",
)
@click.option("--along", metavar="INDICATOR", help="Also the slope along another indicator.")
@click.option("--as-of", metavar="DATE", help="Show what was known on this day (year-month-day).")
@_asking
def compare(
    indicator: str,
    division: str | None,
    group: str | None,
    period: str | None,
    against: str | None,
    along: str | None,
    as_of: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """Districts of INDICATOR beside their city, all together or the target for every district.

    Each by the published ways to compare and by the funnel; how unequal all are, beside what chance
    alone would give; how unevenly a group lives over them. Shares with their people only.
    """
    from barometer_lib import api

    found = api.compare(
        indicator, division, group, period,
        against=against, along=along, as_of=as_of, dataset=dataset, store=store,
    )  # fmt: skip
    words = _words(found, form, lang, store)
    if words is None:
        return
    _print_districts(found.content, words, lang)
    for sentence in found.content[lang]:
        click.echo(sentence)


def _print_districts(content: Row, words: Words, lang: str) -> None:
    from barometer_lib.locale import text
    from barometer_lib.sentences.gaps import Told, benchmark
    from barometer_lib.tables import Column, Table, as_text

    rows = [_cells(one, content["unit"], words, lang) for one in content["districts"]]
    columns = [
        Column(name, text(lang, f"gaps.column.{name}"), "right" if name in RIGHT else "left")
        for name in rows[0]
    ]
    caption = benchmark(content, Told(words, lang, content["area"]))
    click.echo(as_text(Table(caption, columns, rows, lang=lang)))


def _cells(one: Row, unit: str, words: Words, lang: str) -> dict[str, Cell]:
    from barometer_lib.locale import change, interval, number, text, with_unit
    from barometer_lib.sentences.gaps import funnel_place
    from barometer_lib.tables import Cell

    points, decimals = "percentage_points", one["decimals"]
    limits, p = "-", "-"
    if one["difference_low"] is not None:
        ends = (one["difference_low"], one["difference_high"])
        limits = interval(*ends, points, lang, decimals)
    if one["p_adjusted"] is not None:
        p = number(one["p_adjusted"], lang, 3)
        if one["p_adjusted"] < LEAST_P:
            p = text(lang, "gaps.least_p", p=number(LEAST_P, lang))
    return {
        "district": Cell(one["area"], words.get(("area", one["area"]), one["area"])),
        "value": Cell(one["value"], with_unit(one["value"], unit, lang, decimals)),
        "interval": Cell(one["low"], interval(one["low"], one["high"], unit, lang, decimals)),
        "difference": Cell(one["difference"], change(one["difference"], points, lang, decimals)),
        "limits": Cell(one["difference_low"], limits),
        "p": Cell(one["p_adjusted"], p),
        "funnel": Cell(one["funnel"], text(lang, f"gaps.funnel.{funnel_place(one)}")),
    }
