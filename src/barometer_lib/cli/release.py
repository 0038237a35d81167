"""`barometer round`: the life of a round, from draft to public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _data, _form, _lang, _store, main

if TYPE_CHECKING:
    from barometer_lib.api import Result


@main.group("round")
def round_() -> None:
    """Rounds: their state, names and hours, and the step that makes one public.

    A round passes draft, professionally approved, management approved, presented, public. Until it
    is public nothing of it stands in the public store; from then on nothing of it changes.
    """


def _by(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--by", required=True, metavar="NAME", help="Who takes the step.")(command)


@round_.command("list", cls=Told, epilog=EPILOG)
@_data
@_form
@_lang
def list_(folder: Path, form: str, lang: str) -> None:
    """Every round, newest first, with its state, announced hour, names and checksum."""
    from barometer_lib import api

    rows = api.round_list(folder=folder).rows
    if form == "json":
        _json({"rounds": rows})
    elif form == "csv":
        _csv(rows)
    else:
        _table(rows, lang)


@round_.command(cls=Told, epilog=EPILOG)
@click.argument("code", metavar="ROUND")
@_data
@_form
@_lang
def show(code: str, folder: Path, form: str, lang: str) -> None:
    """One round: its steps with names and times, what was accepted, its checksum."""
    from barometer_lib import api

    _tell(api.round_show(code, folder=folder), form, lang)


@round_.command(cls=Told, epilog=EPILOG)
@click.argument("code", metavar="ROUND")
@click.option(
    "--release",
    required=True,
    metavar="TIME",
    help="The announced day and hour with its zone, such as 2014-07-31T09:00+02:00.",
)
@_by
@_data
@_form
@_lang
def draft(code: str, release: str, by: str, folder: Path, form: str, lang: str) -> None:
    """Begin a round as a draft: from here on nothing of it is built for the public."""
    from barometer_lib import api
    from barometer_lib.errors import BarometerError

    try:
        hour = dt.datetime.fromisoformat(release)
    except ValueError as error:
        raise BarometerError("release_without_zone", asked=release) from error
    _tell(api.round_draft(code, hour, by, folder=folder), form, lang)


@round_.command(cls=Told, epilog=EPILOG)
@click.argument("code", metavar="ROUND")
@_by
@_data
@_form
@_lang
def advance(code: str, by: str, folder: Path, form: str, lang: str) -> None:
    """Take a round one step on: approved professionally, approved by management, presented."""
    from barometer_lib import api

    _tell(api.round_advance(code, by, folder=folder), form, lang)


@round_.command(cls=Told, epilog=EPILOG)
@click.argument("code", metavar="ROUND")
@_by
@click.option(
    "--accept-warnings", "accepted", metavar="REASON", help="Why open warnings are accepted; kept."
)
@_data
@_store
@_form
@_lang
def publish(
    code: str,
    by: str,
    accepted: str | None,
    folder: Path,
    store: Path | None,
    form: str,
    lang: str,
) -> None:
    """Freeze a presented round and make it public. It is not published twice, nor changed.

    Refused before its announced hour, and where warnings are open that nobody accepts. What the
    round shows is kept with its checksum; a build that would show anything else is a fault. The
    next barometer build shows the round.
    """
    from barometer_lib import api

    found = api.round_publish(code, by, accepted, folder=folder, store=store)
    _tell(found, form, lang)


def _json(content: Any) -> None:
    import json

    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _csv(rows: list[dict[str, Any]]) -> None:
    import sys

    from barometer_lib.tables import Cell, Column, Table, as_csv

    names = list(rows[0]) if rows else []
    cells = [{name: Cell(row[name], str(row[name])) for name in names} for row in rows]
    sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
    click.echo(as_csv(Table("csv", [Column(name, name) for name in names], cells)), nl=False)


def _table(rows: list[dict[str, Any]], lang: str) -> None:
    from barometer_lib.locale import text
    from barometer_lib.tables import Cell, Column, Table, as_text

    shown = []
    for row in rows:
        cells = {name: Cell(row[name], row[name] or "-") for name in ("round", "published")}
        cells["state"] = Cell(row["state"], _state(row, lang))
        told = {
            "release": _hour(row, lang),
            "by": row["by"],
            "checksum": (row["checksum"] or "")[:12],
        }
        cells |= {name: Cell(value, value or "-") for name, value in told.items()}
        shown.append(cells)
    columns = [Column(name, text(lang, f"release.column.{name}")) for name in shown[0]]
    click.echo(as_text(Table(text(lang, "release.heading"), columns, shown, lang=lang)))


def _hour(one: Mapping[str, Any], lang: str) -> str | None:
    """The announced hour, and that it is under embargo until then."""
    from barometer_lib.locale import text

    if not one["embargoed"]:
        hour: str | None = one["release"]
        return hour
    return text(lang, "release.embargoed", release=one["release"])


def _state(one: Mapping[str, Any], lang: str) -> str:
    from barometer_lib.locale import text

    if one["missed"]:
        return text(lang, "release.missed")
    key = f"state.{one['state']}" if one["declared"] else "by_source"
    return text(lang, f"release.{key}")


def _tell(found: Result, form: str, lang: str) -> None:
    from barometer_lib.locale import text

    one = found.content
    if form == "json":
        _json(one)
        return
    if form == "csv":
        _csv(found.rows)
        return
    click.echo(f"{one['round']}: {_state(one, lang)}")
    if one["release"] is not None:
        click.echo(text(lang, "release.hour", release=one["release"]))
    for step in one["steps"]:
        name = text(lang, f"release.state.{step['state']}")
        click.echo(f"  {step['at']}  {name}: {step['by']}")
    if one["checksum"] is not None:
        click.echo(text(lang, "release.checksum", checksum=one["checksum"]))
    if one["accepted"] is not None:
        taken = one["accepted"]
        click.echo(text(lang, "release.accepted", reason=taken["reason"], by=taken["by"]))
        for warning in taken["warnings"]:
            click.echo(f"  {warning}")
