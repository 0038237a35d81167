"""`barometer rank`: ranks with their conditions, and why one has changed."""

from __future__ import annotations

from pathlib import Path

import click

from barometer_lib.cli import EPILOG, Told, _asking, main


@main.command(cls=Told, epilog=EPILOG)
@click.argument("index")
@click.option("--edition", metavar="ID", help="Such as 2012-01. [default: where the reader starts]")
@click.option("--scope", metavar="ID", help="all, members, population-over-200000, ...")
@click.option("--against", metavar="ID", help="An earlier edition: why has the rank changed?")
@click.option("--against-scope", metavar="ID", help="The scope there. [default: the same]")
@click.option("--city", metavar="ID", help="Whose change. [default: the index's home city]")
@_asking
def rank(
    index: str,
    edition: str | None,
    scope: str | None,
    against: str | None,
    against_scope: str | None,
    city: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """The ranks of INDEX in one edition and scope.

    Published ranks are shown as published. Ranks are computed only where every city of the field
    has a score; they carry an interval where the components are public. JSON: {index, edition,
    scope, rows: [{city, score, rank, tied, of, low, high, held, ahead_of_next,
    kind: published|computed, source}], interval}.

    With --against the change of one city's rank since an earlier edition, split into its own
    movement, the others', cities that joined or left, and changed weights. JSON: {index, city,
    edition, against, rank, rank_against, change, parts: [{part, places, low, high}], untold}.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import print_rank
    from barometer_lib.cli.changes import print_rank_change

    if against is not None:
        found = api.rank_change(
            index, edition, against, city=city, scope=scope, against_scope=against_scope,
            dataset=dataset, store=store,
        )  # fmt: skip
        print_rank_change(found, form, lang, store)
        return
    for option, given in (("--city", city), ("--against-scope", against_scope)):
        if given is not None:
            raise click.UsageError(f"{option} needs --against.")
    print_rank(api.rank(index, edition, scope, dataset=dataset, store=store), form, lang, store)
