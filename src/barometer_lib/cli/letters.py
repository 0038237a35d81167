"""`barometer letter | report | agenda`: a round as letters, status report and council paper."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Command, Told, _asking, main

if TYPE_CHECKING:
    from barometer_lib.briefing import Paper


@main.command(cls=Told, epilog=EPILOG)
@click.option("--round", "round_", required=True, metavar="ID", help="Such as demo-2014-07.")
@click.option("--policy", metavar="ID", help="One of the policies the round judges. [default: all]")
@click.option("--committee", metavar="ID", help="One committee. [default: all]")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the files; files of the same name are replaced.",
)
@click.option("--draft", is_flag=True, help="Let unfilled fields through; mark every page.")
@click.option("--check", is_flag=True, help="Hold the (edited) files in --out against the store.")
@click.option("--pdf", is_flag=True, help="Also PDF/A of every file, by LibreOffice.")
@click.option("--mail", is_flag=True, help="Also an e-mail file per committee; nothing is sent.")
@click.option("--zip", "packed", is_flag=True, help="Also a zip for the case system.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="BAROMETER_TEMPLATES",
    help="A folder with Word templates of your own (also BAROMETER_TEMPLATES).",
)
@_asking
def letter(
    round_: str,
    policy: str | None,
    committee: str | None,
    out: Path,
    draft: bool,
    check: bool,
    pdf: bool,
    mail: bool,
    packed: bool,
    templates: Path | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """A Word letter and its Bilag 1 for each committee, from one round.

    A letter is refused, with every reason at once, where a field is not filled in, a comment or
    the approval is missing, a figure was revised since the round, or a number in the finished
    files is not the store's. The words follow the assessment; nothing is sent. JSON: {round,
    dataset, lang, draft, letters: [{committee, addressee, news, indicators, files}]}.
    """
    from barometer_lib import briefing

    made = briefing.letter(
        round_, out, policy=policy, committee=committee, draft=draft, check=check, lang=lang,
        pdf=pdf, mail=mail, zip=packed, templates=templates, dataset=dataset, store=store,
    )  # fmt: skip
    content = {
        "round": made[0].letter.material.round,
        "dataset": dataset,
        "lang": lang,
        "draft": draft,
        "letters": [one.content() for one in made],
    }
    _print(content, form, lang, store, check)


def _print(content: dict[str, Any], form: str, lang: str, store: Path | None, check: bool) -> None:
    from barometer_lib.api import Result
    from barometer_lib.cli.answers import label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine
    from barometer_lib.locale import list_of, text

    rows = [
        {"committee": one["committee"], "news": one["news"], "file": name}
        for one in content["letters"]
        for name in one["files"]
    ]
    found = Result(content, rows, ("committee", "news", "file"))
    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    tell_synthetic(content, lang)
    for one in content["letters"]:
        name = words.get(("committee", one["committee"]), one["committee"])
        said = "checked" if check else "news" if one["news"] else "no_news"
        click.echo(
            text(lang, f"cli.letter.{said}", committee=name, files=list_of(one["files"], lang))
        )


def _paper_options(command: Command) -> Command:
    """The options that report and agenda share."""
    options = (
        click.option("--round", "round_", required=True, metavar="ID", help="Such as 2013-01."),
        click.option("--policy", metavar="ID", help="One of the policies. [default: all]"),
        click.option(
            "--out",
            required=True,
            type=click.Path(path_type=Path, file_okay=False),
            help="The folder for the file; a file of the same name is replaced.",
        ),
        click.option("--draft", is_flag=True, help="Let unfilled fields through; mark every page."),
        click.option("--pdf", is_flag=True, help="Also PDF/A, by LibreOffice."),
        click.option(
            "--templates",
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            envvar="BAROMETER_TEMPLATES",
            help="A folder with Word templates of your own (also BAROMETER_TEMPLATES).",
        ),
    )
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


@main.command(cls=Told, epilog=EPILOG)
@_paper_options
@_asking
def report(round_: str, store: Path | None, form: str, lang: str, **more: Any) -> None:
    """The status report of a round: all committees in one Word file.

    Same parts as Bilag 1, every goal under the committee that answers for it; refused for the same
    reasons as a letter. JSON: {round, dataset, lang, case_number, goals, files}.
    """
    from barometer_lib import briefing

    _print_paper(briefing.report(round_, lang=lang, store=store, **more), form, lang, store)


@main.command(cls=Told, epilog=EPILOG)
@_paper_options
@_asking
def agenda(round_: str, store: Path | None, form: str, lang: str, **more: Any) -> None:
    """The council paper of a round as a Word file.

    Proposals to the committee and to the council apart, problem, solution, economy, what happens
    next, annexes. What is proposed, what it costs and how it goes on are people's words,
    from data/letters/. JSON: {round, dataset, lang, case_number, goals, files}.
    """
    from barometer_lib import briefing

    _print_paper(briefing.agenda(round_, lang=lang, store=store, **more), form, lang, store)


def _print_paper(made: Paper, form: str, lang: str, store: Path | None) -> None:
    from barometer_lib.api import Result
    from barometer_lib.cli.answers import label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine

    content = made.content()
    found = Result(content, content["goals"], ("policy", "goal", "status"))
    if form != "table":
        print_machine(found, form, label_words(found, lang, store), lang)
        return
    tell_synthetic(content, lang)
    for name in content["files"]:
        click.echo(name)
