"""`barometer charter`: the charter's commitments, followed up and answered."""

from __future__ import annotations

from pathlib import Path

import click

from barometer_lib.cli import EPILOG, Told, _asking, main


@main.command(cls=Told, epilog=EPILOG)
@click.option("--year", type=int, metavar="YEAR", help="Of the answers. [default: the newest]")
@_asking
def charter(year: int | None, form: str, lang: str, dataset: str, store: Path | None) -> None:
    """The city's charter commitments: what the barometer follows, and the city's own answers.

    A commitment is met by the ordinary follow-up where an indicator linked to it was measured in
    the year or the one before. JSON is the monitoring answer as data: {dataset, year, commitments:
    [{commitment, role, follow_up, indicators, answer, answer_before, author, evidence}], others}.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine
    from barometer_lib.locale import text
    from barometer_lib.sentences.charter import answer_words, indicator_words, summary

    found = api.charter(year, dataset=dataset, store=store)
    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    tell_synthetic(found.content, lang)
    for sentence in summary(found.content, lang):
        click.echo(sentence)
    role = None
    for row in found.content["commitments"]:
        if row["role"] != role:
            role = row["role"]
            click.echo(f"\n{text(lang, f'charter.role.{role}')}")
        click.echo(f"  {words.get(('commitment', row['commitment']), row['commitment'])}")
        followed = text(lang, f"charter.follow_up.{row['follow_up']}")
        click.echo(f"    {followed}: {indicator_words(row, words, lang)}")
        click.echo(f"    {text(lang, 'charter.column.answer')}: {answer_words(row, lang)}")
