"""`barometer publish`: a round as a folder that any web server, or none, can show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from barometer_lib.cli import EPILOG, Told, _data, _lang, _store, main

if TYPE_CHECKING:
    from barometer_lib.edition import Published


@main.command(cls=Told, epilog=EPILOG)
@click.option("--round", "round_", required=True, metavar="ID", help="Such as 2013-01.")
@click.option("--policy", metavar="ID", help="Only this policy. [default: all the round judges]")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to publish into; earlier rounds in it stay.",
)
@click.option(
    "--dataset",
    type=click.Choice(["published", "demo"]),
    default="published",
    show_default=True,
    help="Published figures, or the synthetic demo city; each in a folder of its own.",
)
@click.option("--base-url", metavar="URL", help="The address the folder will have on the web.")
@click.option("--publisher", metavar="NAME", help="Who publishes. [default: the barometer itself]")
@click.option("--contact", metavar="ADDRESS", help="Whom to write to, on the accessibility page.")
@click.option(
    "--pages/--no-pages",
    default=True,
    show_default=True,
    help="With the pages, or open data alone.",
)
@_data
@_store
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Words for people, or JSON.",
)
@_lang
def publish(
    round_: str,
    policy: str | None,
    out: Path,
    dataset: str,
    base_url: str | None,
    publisher: str | None,
    contact: str | None,
    pages: bool,
    folder: Path,
    store: Path | None,
    form: str,
    lang: str,
) -> None:
    """Publish a round as files, with its figures as they were known on its day.

    Nothing but what the store shows leaves it: the whole folder is read back and looked at as an
    attacker would, and with any fault nothing changes. What is the same is not written again.
    """
    from barometer_lib import edition

    done = edition.publish(
        round_,
        out,
        policy,
        dataset=dataset,
        store=store,
        folder=folder,
        base_url=base_url,
        publisher=publisher,
        contact=contact,
        pages=pages,
    )
    _print(done, form, lang)


def _print(done: Published, form: str, lang: str) -> None:
    import json

    from barometer_lib.locale import text

    if form == "json":
        content = {**vars(done), "out": str(done.out)}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    if done.synthetic:
        click.echo(text(lang, "cli.synthetic"))
    click.echo(text(lang, "edition.published", **vars(done)))
    audited = "deliveries" if done.deliveries else "store"
    click.echo(text(lang, f"edition.audited.{audited}", figures=done.figures))
