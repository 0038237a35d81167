"""`barometer index build`: a composite index from files, every step told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from barometer_lib.cli import EPILOG, Told, _form, _lang
from barometer_lib.cli.index import index

if TYPE_CHECKING:
    from barometer_lib.ranking.pipeline import Index

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
FILLS = ("mean", "median", "group_mean", "group_median", "regression", "em")
SCALES = ("min_max", "z_score", "rank", "borda", "percentile_rank", "fraction_of_maximum",
          "distance_to_maximum", "distance_to_target", "goalposts")  # fmt: skip
MEANS = ("arithmetic", "geometric", "harmonic", "copeland", "mazziotta_pareto")
WEIGHTS = ("given", "equal", "pca", "optimised")


def making(command: Command) -> Command:
    """The options of every command that makes an index from files."""
    for option in reversed(
        (
            click.option("--unit", metavar="COLUMN", help="Names the units. [default: the first]"),
            click.option("--questionnaire", type=FILE, help="Points of the answers; then VALUES "
                         "are answers."),
            click.option("--denominators", type=FILE, help="Sizes that indicators are divided by."),
            click.option("--least-known", type=click.FloatRange(0, 1), default=0.0,
                         show_default=True, help="Leave out units of which less is known."),
            click.option("--impute", type=click.Choice(FILLS), help="Fill gaps; each is told."),
            click.option("--group", metavar="COLUMN", help="The grouping of group_mean and "
                         "group_median."),
            click.option("--treat", "most", type=click.IntRange(0), metavar="N",
                         help="Treat outliers: at most N points drawn in, else a logarithm."),
            click.option("--normalise", type=click.Choice(SCALES), default="min_max",
                         show_default=True),
            click.option("--weights", type=click.Choice(WEIGHTS), default="given",
                         show_default=True, help="given: as the structure says, 1 where silent."),
            click.option("--aggregate", type=click.Choice(MEANS), default="arithmetic",
                         show_default=True),
            click.option("--least-share", type=click.FloatRange(0, 1), default=0.0,
                         show_default=True, help="Of a group's parts that must be known."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def made(structure: Path, values: Path, **options: Any) -> Index:
    """The index that the options of `making` ask for."""
    from barometer_lib.api.composite import read_index, read_sheet

    found = read_index(
        structure, values, questionnaire=options["questionnaire"], unit=options["unit"]
    )
    if options["least_known"]:
        found = found.screen(options["least_known"])
    if options["denominators"] is not None:
        found = found.denominate(read_sheet(options["denominators"]))
    if options["impute"]:
        found = found.impute(options["impute"], group=options["group"])
    if options["most"] is not None:
        found = found.treat(options["most"])
    scale = {}
    if options["normalise"] == "min_max" and options["aggregate"] in (
        "geometric",
        "harmonic",
    ):
        scale = {"low": 1.0, "high": 100.0}  # these means take nothing at 0
    found = found.normalise(options["normalise"], **scale).weigh(options["weights"])
    return found.aggregate(options["aggregate"], options["least_share"])


@index.command("build", cls=Told, epilog=EPILOG)
@click.argument("structure", type=FILE)
@click.argument("values", type=FILE)
@making
@_form
@_lang
def build(structure: Path, values: Path, form: str, lang: str, **options: Any) -> None:
    """A composite index from a STRUCTURE and VALUES (CSV, Excel; the structure also YAML).

    Units ranked by the index, with every group's score; and what was left out, divided, filled and
    treated on the way. JSON: {index, steps, weights, rows: [{unit, score, rank, tied, of, filled,
    groups}], screened_out, divided, filled, treated, correlations, alphas}.
    """
    from barometer_lib.cli.index_printing import content_of, print_index, rows_as_csv

    found = made(structure, values, **options)
    content = content_of(found)
    if form == "json":
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(rows_as_csv(content), nl=False)
    else:
        print_index(content, lang)
