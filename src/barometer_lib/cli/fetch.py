"""`barometer fetch`: figures from statistics offices as unedited deliveries."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _lang, main

if TYPE_CHECKING:
    from barometer_lib.deliveries.connectors import Saved, Wanted

QUIET_SECONDS = 2.0
Fetch = Callable[..., Any]


@main.group()
def fetch() -> None:
    """Fetch figures from StatBank or Eurostat into a delivery folder.

    The answer is saved untouched beside a delivery.yml that says what was asked, when, and under
    which licence. Builds never fetch. What a broken fetch got is kept: the same command goes on.
    """


def _form(command: Fetch) -> Fetch:
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="table for people; json carries language-neutral codes.",
    )(command)


def _fetching(command: Fetch) -> Fetch:
    """The options of every command that fetches."""
    options: list[Fetch] = [
        click.option(
            "--select",
            multiple=True,
            metavar="DIM=CODES",
            help="Codes of a variable, with commas between; give it once per variable.",
        ),
        click.option("--recipe", metavar="NAME", help="A ready selection: barometer fetch recipes"),
        click.option(
            "--indicator",
            metavar="ID",
            help="Save the figures as measurements of this indicator (with a recipe that maps).",
        ),
        click.option(
            "--into",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("data") / "deliveries",
            show_default=True,
            help="The folder of deliveries.",
        ),
        click.option("--name", metavar="NAME", help="Its folder. [default: the recipe's name]"),
        click.option("--source", metavar="ID", help="Catalogue source. [default: the office]"),
        _form,
        _lang,
    ]
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


@fetch.command(cls=Told, epilog=EPILOG)
@click.argument("table", required=False)
@_fetching
@click.option(
    "--answer",
    type=click.Choice(["csv", "json-stat"]),
    default="csv",
    show_default=True,
    help="How StatBank is asked to answer.",
)
def statbank(answer: Any, **given: Any) -> None:
    """Fetch TABLE of StatBank (Statistics Denmark), with codes.

    The selection is checked against the table first. Codes may hold *, and periods >=, <= and
    (-n+4) for the newest four; 2008-Q1 and 2008K1 are the same. A variable left out is summed
    over where the table allows it. More than a million cells are fetched in several calls.
    """
    from barometer_lib.deliveries.connectors import fetch_statbank

    _run(fetch_statbank, form_of_answer=answer, **given)


@fetch.command(cls=Told, epilog=EPILOG)
@click.argument("dataset", required=False)
@_fetching
def eurostat(dataset: str | None, **given: Any) -> None:
    """Fetch DATASET of Eurostat as JSON-stat.

    Variables are written as Eurostat does (geo, citizen, time, sinceTimePeriod); one left out
    comes back with all its codes.
    """
    from barometer_lib.deliveries.connectors import fetch_eurostat

    _run(fetch_eurostat, table=dataset, **given)


@fetch.command(cls=Told, epilog=EPILOG)
@_form
@_lang
def recipes(form: str, lang: str) -> None:
    """List the ready selections."""
    from barometer_lib.deliveries.connectors import recipes as shipped
    from barometer_lib.locale import text

    if form == "json":
        _print_json([one.model_dump(mode="json") for one in shipped().values()])
        return
    for one in shipped().values():
        click.echo(f"{one.name}  ({one.office} {one.table})")
        click.echo(f"  {getattr(one.title, lang)}")
        if one.note:
            click.echo(f"  {getattr(one.note, lang)}")
        if one.mapping:
            click.echo(f"  {text(lang, 'fetch.maps', unit=one.mapping.unit)}")


def _run(
    fetcher: Callable[..., Saved],
    *,
    table: str | None,
    select: tuple[str, ...],
    form: str,
    form_of_answer: Any = "csv",
    **given: Any,
) -> None:
    from barometer_lib.deliveries.connectors import Wanted, parse

    if table is None and given["recipe"] is None:
        raise click.UsageError("Give a table or --recipe.")
    wanted = Wanted(table=table, select=parse(select), form=form_of_answer, **given)
    _print(fetcher(wanted, tell=_Telling(wanted)), form, wanted.lang)


class _Telling:
    """Says on standard error how far the fetch is, once it has taken more than two seconds."""

    def __init__(self, wanted: Wanted) -> None:
        self.lang = wanted.lang
        self.started = time.monotonic()
        self.said = self.started
        self.step = ""

    def __call__(self, code: str, **fields: Any) -> None:
        from barometer_lib.locale import number, text

        moment = time.monotonic()
        wait = code == "wait"
        if code == "part":
            self.step = text(self.lang, "fetch.step.part", **fields)
        long = wait and fields["seconds"] >= QUIET_SECONDS
        due = moment - self.started >= QUIET_SECONDS and moment - self.said >= 1
        if code != "resumed" and not long and not due:
            return
        self.said = moment
        if wait:
            why = fields["why"]
            if why in ("half", "later", "timeout"):
                why = text(self.lang, f"fetch.why.{why}")
            fields = {"seconds": number(fields["seconds"], self.lang, 0), "why": why}
        if code == "bytes":
            fields = {"size": number(fields["count"] / 1e6, self.lang, 1), "step": self.step}
        if code == "asked":
            fields["cells"] = number(fields["cells"], self.lang, 0)
        click.echo(text(self.lang, f"fetch.step.{code}", **fields), err=True)


def _print(saved: Saved, form: str, lang: str) -> None:
    from barometer_lib.locale import number, text

    if form == "json":
        _print_json(
            {
                "folder": saved.folder.as_posix(),
                "table": saved.table,
                "updated": saved.updated,
                "holds": saved.holds,
                "calls": saved.calls,
                "resumed": saved.resumed,
                "files": [{"file": name, "rows": rows} for name, rows in saved.rows.items()],
                "warnings": [{"code": code, **fields} for code, fields in saved.warnings],
            }
        )
        return
    click.echo(text(lang, "fetch.saved", folder=saved.folder))
    for name, rows in saved.rows.items():
        click.echo("  " + text(lang, "fetch.file", file=name, rows=number(rows, lang, 0)))
    for code, fields in saved.warnings:
        click.echo(text(lang, f"fetch.warning.{code}", **fields))
    if saved.holds == "evidence":
        click.echo(text(lang, "fetch.evidence"))


def _print_json(content: Any) -> None:
    import json

    click.echo(json.dumps(content, ensure_ascii=False, indent=2))
