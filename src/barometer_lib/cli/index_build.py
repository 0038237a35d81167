"""`barometer index build`: a composite index from files, every step told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from barometer_lib.cli import EPILOG, Told, _form, _lang
from barometer_lib.cli.index import _numbers, index
from barometer_lib.errors import NotFound

if TYPE_CHECKING:
    from barometer_lib.ranking.pipeline import Index

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
FILLS = ("mean", "median", "group_mean", "group_median", "last_value", "regression", "em")
SCALES = ("none", "min_max", "z_score", "rank", "borda", "percentile_rank", "fraction_of_maximum",
          "distance_to_maximum", "distance_to_target", "distance_to_reference",
          "goalposts")  # fmt: skip
MEANS = ("arithmetic", "geometric", "harmonic", "copeland", "mazziotta_pareto")
WEIGHTS = ("given", "equal", "pca", "optimised", "budget")


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
            click.option("--group", metavar="COLUMN", help="Of group_mean and group_median."),
            click.option("--earlier", type=FILE, multiple=True, help="An earlier edition's values, "
                         "for last_value; oldest first."),
            click.option("--treat", "most", type=click.IntRange(0), metavar="N",
                         help="Treat outliers: at most N points drawn in, else a logarithm."),
            click.option("--normalise", type=click.Choice(SCALES), default="min_max",
                         show_default=True),
            click.option("--reference", metavar="UNIT", help="Of distance_to_reference."),
            click.option("--weights", type=click.Choice(WEIGHTS), default="given",
                         show_default=True, help="given: by the structure, 1 where silent."),
            click.option("--budget", type=FILE, help="Judges by parts: the points they gave."),
            click.option("--wanted", multiple=True, callback=_numbers, metavar="PART=NUMBER",
                         help="The correlations that optimised aims at. [default: equal ones]"),
            click.option("--aggregate", type=click.Choice(MEANS), multiple=True,
                         default=("arithmetic",), show_default=True,
                         help="Once, or once a level from the bottom up."),
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
        earlier = [
            read_sheet(path, [part.code for part in found.structure.indicators], options["unit"])
            for path in options["earlier"]
        ]
        found = found.impute(options["impute"], group=options["group"], earlier=earlier)
    if options["most"] is not None:
        found = found.treat(options["most"])
    found = _scaled(found, options).weigh("given")
    if options["weights"] == "budget":
        if options["budget"] is None:
            raise click.UsageError("--weights budget needs --budget FILE.")
        found = found.budget(read_sheet(options["budget"]))
    elif options["weights"] != "given":
        found = found.weigh(options["weights"], options["wanted"])
    means = options["aggregate"]
    return found.aggregate(means[0] if len(means) == 1 else means, options["least_share"])


def _scaled(found: Index, options: Mapping[str, Any]) -> Index:
    """The values on one scale, or as they came."""
    method = options["normalise"]
    if method == "none":
        return found.as_scored()
    scale: dict[str, Any] = {}
    if method == "min_max" and {"geometric", "harmonic"} & set(options["aggregate"]):
        scale = {"low": 1.0, "high": 100.0}  # these means take nothing at 0
    if method == "distance_to_reference":
        if options["reference"] not in found.sheet.units:
            raise NotFound("unit", options["reference"] or "-", found.sheet.units)
        scale = {"reference": options["reference"]}
    return found.normalise(method, **scale)


@index.command("build", cls=Told, epilog=EPILOG)
@click.argument("structure", type=FILE)
@click.argument("values", type=FILE)
@making
@click.option("--about", metavar="UNIT", help="Its strengths and weaknesses.")
@click.option(
    "--without-each",
    "level",
    type=click.IntRange(1),
    metavar="LEVEL",
    help="Leave out each part of a level in turn.",
)
@click.option("--against", type=FILE, help="Another structure: compare its ranks with these.")
@_form
@_lang
def build(
    structure: Path, values: Path, about: str | None, level: int | None, against: Path | None,
    form: str, lang: str, **options: Any,
) -> None:  # fmt: skip
    """A composite index from a STRUCTURE and VALUES (CSV, Excel; the structure also YAML).

    Units ranked by the index, with every group's score; and what was left out, divided, filled and
    treated on the way. JSON: {index, steps, weights, rows: [{unit, score, rank, tied, of, filled,
    groups}], screened_out, divided, filled, treated, correlations, alphas, principal, about,
    without, against}.
    """
    from barometer_lib.cli.index_analysis import analysed, print_analysis
    from barometer_lib.cli.index_printing import content_of, print_index, rows_as_csv

    found = made(structure, values, **options)
    other = None if against is None else made(against, values, **options)
    content = content_of(found) | analysed(found, about, level, other)
    if form == "json":
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(rows_as_csv(content), nl=False)
    else:
        print_index(content, lang)
        print_analysis(content, lang)
