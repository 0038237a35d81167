"""`barometer query`: one SELECT in the sandbox, or a stored query by its name."""

from __future__ import annotations

from pathlib import Path

import click

from barometer_lib.cli import EPILOG, Told, _asking, main


@main.command(cls=Told, epilog=EPILOG)
@click.argument("sql", required=False)
@click.option("--stored", metavar="NAME", help="Ask the stored query of this name instead.")
@click.option(
    "--param", "given", multiple=True, metavar="NAME=VALUE", help="One of its parameters."
)
@click.option("--list", "listed", is_flag=True, help="List the stored queries and stop.")
@click.option("--max-rows", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=20.0, show_default=True)
@_asking
def query(
    sql: str | None,
    stored: str | None,
    given: tuple[str, ...],
    listed: bool,
    max_rows: int,
    seconds: float,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """Ask one SELECT of the store, or a stored query by its name, in a sandbox.

    SQL can read the dataset's tables and nothing else: no file, no network, no setting. Rows,
    time and memory are bounded. The tables are described in docs/store.md.
    """
    from barometer_lib import api
    from barometer_lib.cli.printing import print_rows
    from barometer_lib.errors import BadInput, say

    if listed:
        print_rows(api.stored_queries(), form, lang)
        return
    if (sql is None) is (stored is None):
        raise click.UsageError(say(BadInput("query_one"), lang))
    found = api.query(
        sql,
        stored=stored,
        values=_pairs(given),
        dataset=dataset,
        store=store,
        max_rows=max_rows,
        seconds=seconds,
    )
    print_rows(found, form, lang)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Parameters written NAME=VALUE."""
    from barometer_lib.errors import BadInput

    pairs = {}
    for one in given:
        name, mark, value = one.partition("=")
        if not mark:
            raise BadInput("parameter_form", asked=one)
        pairs[name] = value
    return pairs
