"""The command line: `barometer check | add | build | status | assess | trend | rank | query`.

Exit codes: 0 good, 1 faults in what was given, 2 wrong use. Bad input never shows a traceback.
Heavy imports stay inside the commands.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from barometer_lib import __version__

LANGUAGES = ("da", "en")
Command = TypeVar("Command", bound=Callable[..., Any])

EPILOG = "Exit codes: 0 good, 1 faults in what was given, 2 wrong use."


class Told(click.Command):
    """A command whose errors are told in one sentence of the reader's language."""

    def invoke(self, ctx: click.Context) -> Any:
        from barometer_lib.errors import BarometerError

        try:
            return super().invoke(ctx)
        except BarometerError as error:
            from barometer_lib.cli.printing import tell

            tell(error, ctx.params.get("lang") or "da", ctx.params.get("form") or "table")
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of our output has gone (`barometer trend ... | head`).
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


def _lang(command: Command) -> Command:
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="da",
        show_default=True,
        envvar="BAROMETER_LANG",
        help="Language of labels and messages.",
    )(command)


def _form(command: Command) -> Command:
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="table for people; json and csv carry language-neutral codes.",
    )(command)


def _store(command: Command) -> Command:
    return click.option(
        "--store",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="BAROMETER_STORE",
        help="The pointer file (also BAROMETER_STORE). [default: store/barometer.json]",
    )(command)


def _data(command: Command) -> Command:
    return click.option(
        "--data",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("data"),
        show_default=True,
        help="The folder with catalogue/ and deliveries/.",
    )(command)


def _asking(command: Command) -> Command:
    """The options of every command that asks the store."""
    dataset = click.option(
        "--dataset",
        type=click.Choice(["published", "demo"]),
        default="published",
        show_default=True,
        help="Published figures, or the synthetic demo city. Nothing joins the two.",
    )
    options = (_form, _lang, dataset, _store)
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


@click.group(
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="barometer")
def main() -> None:
    """Integration Barometer: where a city stands, whether it moves, and how sure that is.

    Build the store once from the data folder, then ask it, or serve the dashboards.
    """


@main.command(cls=Told, epilog=EPILOG)
@_data
@_store
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
@click.option(
    "--wait",
    "patience",
    type=click.FloatRange(0),
    default=3600.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another build of this store.",
)
@click.option(
    "--drafts",
    is_flag=True,
    help="A store of its own, with rounds that are not public. [default: store/drafts.json]",
)
@_form
@_lang
def build(
    folder: Path,
    store: Path | None,
    force: bool,
    patience: float,
    drafts: bool,
    form: str,
    lang: str,
) -> None:
    """Build the store from the data folder and publish it.

    A new file is written and the pointer moved to it; a build that fails leaves the old store.
    Where nothing has changed since the last build, nothing is done; where only deliveries of
    figures have come, only what they touch is worked out (--force builds everything). One build of
    a store at a time: a second one waits, then builds what is there by then. Rounds that are not
    public yet are left out, with everything that only they show.
    """
    from barometer_lib.build import build as make
    from barometer_lib.cli.printing import print_built, print_step
    from barometer_lib.cli.progress import progress

    step = functools.partial(print_step, lang=lang)
    with progress() as bar:
        built = make(
            folder,
            store,
            force=force,
            drafts=drafts,
            step=step,
            patience=patience,
            seen=bar.seen,
        )
    print_built(built, form, lang)


@main.command(cls=Told, epilog=EPILOG)
@click.option("--policy", required=True, metavar="ID", help="Such as 2011-2014.")
@click.option("--round", "round_", metavar="ID", help="Such as 2013-01. [default: the newest]")
@click.option("--committee", metavar="ID", help="Only goals this committee leads or joins in.")
@_asking
def status(
    policy: str,
    round_: str | None,
    committee: str | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """The status of a policy's goals in a round, by the rule the policy published.

    The published status is shown as published, the computed one beside it. JSON:
    {policy, round, goals: [{goal, number, status, status_computed, lead_committee,
    contributing_committees, indicators: [{indicator, value, unit, change, change_unit,
    significant, counts, status, reason, source}]}]}.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import print_status

    print_status(
        api.status(policy, round_, committee, dataset=dataset, store=store), form, lang, store
    )


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator")
@click.option("--area", metavar="ID", help="DK, 101, 101-01 to 101-10, tu-... [default: the city]")
@click.option("--group", metavar="ID", help="<definition>:<code>. [default: the indicator's own]")
@click.option("--as-of", metavar="DATE", help="Show what was known on this day (year-month-day).")
@click.option(
    "--chart",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it too: FILE.svg, or FILE.html that needs no network.",
)
@_asking
def trend(
    indicator: str,
    area: str | None,
    group: str | None,
    as_of: str | None,
    chart: Path | None,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """The history of INDICATOR, its newest change, and its trend where points are enough.

    Fewer than five comparable points tell a change, never a trend. Nothing is compared across an
    unlinked break.
    """
    from barometer_lib import api
    from barometer_lib.cli.answers import print_trend
    from barometer_lib.cli.drawing import check_form, draw

    if chart is not None:
        check_form(chart)
    found = api.trend(indicator, area, group, as_of=as_of, dataset=dataset, store=store)
    if chart is not None:
        draw(found, chart, lang, store)
    print_trend(found, form, lang, store)


@main.command(cls=Told, epilog=EPILOG)
@_store
@click.option("--port", type=click.IntRange(0, 65535), default=8866, show_default=True)
@click.option("--ip", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--base-url", default="/", show_default=True, help="The path behind a proxy.")
@click.option(
    "--dashboards",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of notebooks. [default: the repository's own]",
)
@_lang
def serve(
    store: Path | None, port: int, ip: str, base_url: str, dashboards: Path | None, lang: str
) -> None:
    """Serve the dashboards with Voilà until Ctrl-C, and print their address."""
    from barometer_lib.errors import BarometerError

    try:
        from barometer_lib import serve as room
    except ImportError as error:
        raise BarometerError("dashboards_extra") from error
    click.get_current_context().exit(room.run(store, port, ip, base_url, lang, dashboards))


from barometer_lib.cli import (  # noqa: E402 - they register with `main`
    assess,  # noqa: F401
    charter,  # noqa: F401
    deliver,  # noqa: F401
    disclose,  # noqa: F401
    evaluate,  # noqa: F401
    fetch,  # noqa: F401
    gaps,  # noqa: F401
    index_build,  # noqa: F401
    letters,  # noqa: F401
    publish,  # noqa: F401
    query,  # noqa: F401
    ranks,  # noqa: F401
    release,  # noqa: F401
    rounds,  # noqa: F401
)
from barometer_lib.cli import index as index_group  # noqa: E402, F401 - it registers too
