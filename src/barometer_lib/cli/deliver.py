"""`barometer check` and `barometer add`: deliveries looked at, and put in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _data, _form, _lang, main

if TYPE_CHECKING:
    from barometer_lib.api.deliver import Checked
    from barometer_lib.errors import BarometerError, Fault

_report = click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the faults there too, as its name ends: .csv or .html.",
)


@main.command(cls=Told, epilog=EPILOG)
@click.argument("delivery", required=False)
@_data
@_report
@_form
@_lang
def check(delivery: str | None, folder: Path, report: Path | None, form: str, lang: str) -> None:
    """Check one delivery, or the catalogue and every delivery; change nothing.

    DELIVERY is a code such as statistics-office/2014-01-20 (without the day: the newest), with
    demo/ before it for the demo city, or a folder. All faults are told at once, each with file,
    sheet, line, column, what was found, what is allowed and who can mend it. Warnings do not stop
    a build.
    """
    from barometer_lib.api.deliver import check as look
    from barometer_lib.cli.progress import progress

    with progress() as bar:
        found = look(delivery, folder=folder, seen=bar.seen)
    if not _told(found, report, form, lang):
        click.get_current_context().exit(1)


def _told(found: Checked, report: Path | None, form: str, lang: str) -> bool:
    """Prints the faults and writes the report; gives whether nothing stops a build."""
    from barometer_lib.cli.printing import print_faults
    from barometer_lib.locale import text

    if report is not None:
        found.report(report, lang)
    print_faults(found.faults, form, lang)
    if report is not None and form == "table":
        click.echo(text(lang, "deliver.reported", file=report))
    return found.good


def _pairs(_context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> Any:
    pairs = dict(one.partition("=")[::2] for one in given)
    if any("=" not in one for one in given) or not all(pairs.values()):
        raise click.BadParameter("DIM=...", param=parameter)
    return pairs


@main.command(cls=Told, epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "delivery", required=True, metavar="DELIVERY",
              help="Its name, such as statistics-office or demo/statistics-office; /DATE after it "
              "where it was not received today.")  # fmt: skip
@_data
@click.option("--source", metavar="ID", help="The source. [default: as the delivery before]")
@click.option("--title", help="The title. [default: as the delivery before]")
@click.option("--column", "columns", multiple=True, callback=_pairs, metavar="DIM=COLUMN",
              help="Read a dimension from this column.")  # fmt: skip
@click.option("--constant", "constants", multiple=True, callback=_pairs, metavar="DIM=CODE",
              help="Give a dimension this code in every row.")  # fmt: skip
@click.option("--sheet", help="The sheet of a workbook.")
@click.option("--header-row", type=click.IntRange(1), help="The row that names the columns.")
@click.option("--delimiter", type=click.Choice([",", ";", "tab"]), help="What separates cells.")
@click.option("--decimal", type=click.Choice([",", "."]), help="The decimal mark.")
@click.option("--encoding", type=click.Choice(["utf-8", "windows-1252"]))
@click.option("--description", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              metavar="FILE", help="Take this delivery.yml instead of a drafted one.")  # fmt: skip
@click.option("--draft", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Keep the drafted delivery.yml there, faulty or not.")  # fmt: skip
@_report
@_form
@_lang
def add(file: Path, delivery: str, folder: Path, report: Path | None, form: str, lang: str,
        draft: Path | None, description: Path | None, **asked: Any) -> None:  # fmt: skip
    """Put FILE in its place as an unedited delivery, and check it.

    How the file is written is found out and told, never guessed: where two answers are possible,
    one must be stated. The mapping is taken from the newest delivery of the same name whose columns
    the file has. A datapackage.json beside the file is read and goes along. A faulty delivery
    changes nothing.
    """
    from barometer_lib.api.deliver import Checked
    from barometer_lib.api.deliver import add as put
    from barometer_lib.errors import BarometerError, FaultsFound
    from barometer_lib.locale import text

    said: list[dict[str, Any]] = []

    def tell(code: str, **facts: Any) -> None:
        said.append({"code": code, "facts": facts})
        if form == "table":
            click.echo(text(lang, f"deliver.told.{code}", **facts))

    def keep(page: str) -> None:
        if draft is not None:
            draft.write_text(page, "utf-8", newline="\n")

    try:
        added = put(file, delivery, folder=folder, description=description, tell=tell, keep=keep,
                    **_wished(asked))  # fmt: skip
    except FaultsFound as found:
        _told(Checked(found.faults), report, form, lang)
        click.get_current_context().exit(1)
    except BarometerError as error:
        if report is not None:
            Checked([_refusal(error, file, lang)]).report(report, lang)
        raise
    if report is not None:
        Checked(added.warnings).report(report, lang)
    _print_added(added.delivery, added.folder, Checked(added.warnings), said, form, lang)


def _refusal(error: BarometerError, file: Path, lang: str) -> Fault:
    """A file that cannot be read as it is, as a line of the report."""
    from barometer_lib.errors import Fault, say

    facts = error.fields
    return Fault(
        "refused", file.name, facts.get("line"), facts.get("column"), facts.get("found"),
        mended_by="mapping", fields={"reason": say(error, lang)},
    )  # fmt: skip


def _wished(asked: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        key: asked[key]
        for key in ("sheet", "header_row", "delimiter", "decimal", "encoding")
        if asked[key] is not None
    }
    if written.get("delimiter") == "tab":
        written["delimiter"] = "\t"
    return {
        "source": asked["source"], "title": asked["title"], "columns": asked["columns"],
        "constants": asked["constants"], "written": written,
    }  # fmt: skip


def _print_added(
    delivery: str,
    folder: Path,
    found: Checked,
    said: list[dict[str, Any]],
    form: str,
    lang: str,
) -> None:
    from barometer_lib.cli.printing import print_faults
    from barometer_lib.locale import text

    if form == "json":
        rows = [fault.facts() for fault in found.faults]
        answer = {"delivery": delivery, "folder": folder.as_posix(), "found": said, "faults": rows}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    print_faults(found.faults, form, lang)
    if form == "table":
        click.echo(text(lang, "deliver.added", folder=folder.as_posix()))
