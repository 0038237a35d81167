"""`barometer index stress | what-if`: how far ranks hold, and what would change them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from barometer_lib.cli import EPILOG, Told, _asking, main

Command = Callable[..., Any]


@main.group()
def index() -> None:
    """Composite indices: how far their ranks hold, and what would change them."""


def _field(command: Command) -> Command:
    """The options that say which field is meant and how weights are drawn."""
    options: list[Command] = [
        click.argument("index", required=False),
        click.option(
            "--table",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A CSV or Excel file instead of INDEX: units by components, scores 0-100.",
        ),
        click.option("--edition", metavar="ID", help="[default: the newest with components]"),
        click.option("--scope", metavar="ID", help="all, population-over-200000, ..."),
        click.option(
            "--weight",
            "weights",
            multiple=True,
            metavar="COMPONENT=NUMBER",
            help="Your own weight of a component; proportions, once per component.",
        ),
        click.option(
            "--draw",
            type=click.Choice(["any", "around", "band"]),
            default="any",
            show_default=True,
            help="Every weighting alike, around the weights, or within a band about them.",
        ),
        click.option(
            "--spread",
            type=click.FloatRange(0, 100),
            default=25.0,
            show_default=True,
            metavar="PERCENT",
            help="How far a band moves each weight, of itself.",
        ),
        click.option("--draws", type=click.IntRange(1), default=10_000, show_default=True),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True),
    ]
    return functools.reduce(lambda made, option: option(made), reversed(options), command)


def _numbers(_: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, float]:
    """`COMPONENT=NUMBER` as a mapping; wrong use where it is none."""
    found: dict[str, float] = {}
    for one in given:
        code, _sign, number = one.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if not code or value != value or code in found:
            raise click.BadParameter(f"{one!r} is not COMPONENT=NUMBER.", param=option)
        found[code] = value
    return found


@index.command(cls=Told, epilog=EPILOG)
@_field
@click.option("--unit", metavar="ID", help="The unit (city) whose rank is looked at closely.")
@click.option(
    "--at-least",
    multiple=True,
    callback=_numbers,
    metavar="COMPONENT=PERCENT",
    help="Only weightings in which the component counts at least so much.",
)
@click.option(
    "--order", multiple=True, metavar="UNIT",
    help="Where does this order hold? Best first, once per unit.",
)  # fmt: skip
@click.option("--alone", is_flag=True, help="Draw weights only; leave every other choice.")
@_asking
def stress(
    index: str | None, table: Path | None, edition: str | None, scope: str | None,
    weights: Sequence[str], draw: Any, spread: float, draws: int, seed: int, unit: str | None,
    at_least: dict[str, float], order: Sequence[str], alone: bool, form: str, lang: str,
    dataset: str, store: Path | None,
) -> None:  # fmt: skip
    """How far the ranks of INDEX hold when its makers' choices are made otherwise.

    Weights are drawn, and normalisation, aggregation, the filling of gaps and the set of
    components varied. Each rank comes with the interval of nine in ten draws; Sobol indices tell
    which choice moves the ranks. With --unit: its best and worst rank under any weighting and the
    conditions under which its rank is certain, both proven by linear programmes. Equal weights are
    named an assumption. Refused where component scores are not public.
    """
    from barometer_lib.api.index_doors import index_stress
    from barometer_lib.cli.stress_answers import print_stress

    least = {code: percent / 100 for code, percent in at_least.items()}
    found = index_stress(
        index, table=table, edition=edition, scope=scope, unit=unit, at_least=least, draw=draw,
        weights=_weights(weights), spread=spread / 100, alone=alone, draws=draws, seed=seed,
        order=order, dataset=dataset, store=store,
    )  # fmt: skip
    print_stress(found, form, lang, store)


def _weights(given: Sequence[str]) -> dict[str, float]:
    context = click.get_current_context()
    option = next(one for one in context.command.params if one.name == "weights")
    return _numbers(context, option, given)


@index.command("what-if", cls=Told, epilog=EPILOG)
@_field
@click.option("--unit", required=True, metavar="ID", help="The unit (city) in question.")
@click.option(
    "--raise", "points", multiple=True, callback=_numbers, metavar="COMPONENT=POINTS",
    help="Points added to a component; below 0: taken away.",
)  # fmt: skip
@click.option(
    "--set", "scores", multiple=True, callback=_numbers, metavar="COMPONENT=SCORE",
    help="A component's new score, 0-100.",
)  # fmt: skip
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file (component, score) with a new set of scores.",
)
@click.option(
    "--questionnaire", type=click.Path(path_type=Path, dir_okay=False),
    help="Points of the answers; then --answers holds answers to its questions.",
)  # fmt: skip
@click.option("--drop", multiple=True, metavar="COMPONENT", help="Leave a component out.")
@click.option("--rank", type=click.IntRange(1), help="The rank that is wished for.")
@click.option("--step", type=click.FloatRange(0), default=0.0, help="Points come in such steps.")
@click.option("--most", type=click.IntRange(1), help="Raise at most so many components.")
@click.option(
    "--cap", "caps", multiple=True, callback=_numbers, metavar="COMPONENT=SCORE",
    help="How far a component can be raised. [default: 100]",
)  # fmt: skip
@click.option(
    "--cost", "costs", multiple=True, callback=_numbers, metavar="COMPONENT=COST",
    help="What a point costs. [default: 1]",
)  # fmt: skip
@click.option(
    "--lead", type=click.FloatRange(0), default=0.0, help="Points of the total to be ahead by."
)
@click.option(
    "--sure", type=click.FloatRange(0, 99), default=0.0, metavar="PERCENT",
    help="Hold the rank though each weight may move so far, of itself.",
)  # fmt: skip
@_asking
def what_if(
    index: str | None, table: Path | None, edition: str | None, scope: str | None,
    weights: Sequence[str], draw: Any, spread: float, draws: int, seed: int, unit: str,
    points: dict[str, float], scores: dict[str, float], answers: Path | None,
    questionnaire: Path | None,
    drop: Sequence[str], rank: int | None, step: float, most: int | None,
    caps: dict[str, float], costs: dict[str, float], lead: float, sure: float, form: str,
    lang: str, dataset: str, store: Path | None,
) -> None:  # fmt: skip
    """What a unit's score, rank and rank interval would be, and the cheapest path to a rank.

    Raise or set components, enter a new set of scores, change weights, leave components out. With
    --rank: how many points in which components reach that rank at the least cost, by a linear or
    integer programme. All other units are taken to stand still.
    """
    from barometer_lib.api.component_table import read_answers, read_questionnaire_answers
    from barometer_lib.api.index_doors import index_what_if
    from barometer_lib.api.what_if import Wish
    from barometer_lib.cli.stress_answers import print_what_if

    wish = None if rank is None else Wish(rank, caps, costs, step, most, lead, sure / 100)
    if questionnaire is not None and answers is None:
        raise click.UsageError("--questionnaire needs --answers.")
    given = {}
    if answers is not None:
        given = (
            read_answers(answers)
            if questionnaire is None
            else read_questionnaire_answers(questionnaire, answers, unit)
        )
    given |= scores
    found = index_what_if(
        index, unit, table=table, edition=edition, scope=scope, points=points, scores=given,
        weights=_weights(weights), drop=drop, wish=wish, draw=draw, spread=spread / 100,
        draws=draws, seed=seed, dataset=dataset, store=store,
    )  # fmt: skip
    print_what_if(found, form, lang, store)
