"""`barometer assess`: level, direction and pace of a round's indicators, rules side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _asking, main

if TYPE_CHECKING:
    from barometer_lib.api import Result

Row = Mapping[str, Any]
Words = Mapping[tuple[str, str], str]


@main.command(cls=Told, epilog=EPILOG)
@click.argument("indicator", required=False)
@click.option("--policy", required=True, metavar="ID", help="Such as sikker-by.")
@click.option("--round", "round_", metavar="ID", help="Such as 2022-09. [default: the newest]")
@click.option("--area", metavar="ID", help="101, tu-... [default: what the policy is judged by]")
@click.option("--group", metavar="ID", help="<definition>:<code>. [default: the indicator's own]")
@click.option("--rule", metavar="NAME", help="Also the verdict of this named rule.")
@click.option("--compare-rules", is_flag=True, help="All named rules side by side.")
@_asking
def assess(
    indicator: str | None,
    policy: str,
    round_: str | None,
    area: str | None,
    group: str | None,
    rule: str | None,
    compare_rules: bool,
    form: str,
    lang: str,
    dataset: str,
    store: Path | None,
) -> None:
    """Three answers for a round's indicators: level, direction, fast enough.

    Each stands by itself, with its reason; they are never merged. Beside them the policy's own
    status by its rule. JSON: {policy, round, series: [{goal, indicator, area, group, answers:
    {level, direction, pace}, policy_status, rules: [{rule, role, verdict, told, between,
    probability, chances}]}]}.
    """
    from barometer_lib import api

    found = api.assess(
        policy,
        round_,
        indicator,
        area=area,
        group=group,
        rule=rule,
        compare_rules=compare_rules,
        dataset=dataset,
        store=store,
    )
    _print(found, form, lang, store)


def _print(found: Result, form: str, lang: str, store: Path | None) -> None:
    from barometer_lib.cli.answers import heading_of, label_words, tell_synthetic
    from barometer_lib.cli.printing import print_machine
    from barometer_lib.locale import text

    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    click.echo(heading_of(found.content, words))
    tell_synthetic(found.content, lang)
    for one in found.content["series"]:
        name = words.get(("indicator_short", one["indicator"])) or words.get(
            ("indicator", one["indicator"]), one["indicator"]
        )
        parts = [name, words.get(("goal", one["goal"]), one["goal"])]
        if not one["own"]:
            parts += [
                words.get((kind, one[key]), one[key])
                for kind, key in (("area", "area"), ("group", "group"))
            ]
        click.echo()
        click.echo(" · ".join(parts))
        for question, told in one["answers"].items():
            click.echo(f"  {text(lang, f'answers.question.{question}')}: {told[lang]}")
            for sentence in told.get(f"tests_{lang}", ()):
                click.echo(f"    - {sentence}")
        click.echo(f"  {text(lang, 'answers.question.policy')}: {_status(one, lang)}")
        if one["rules"]:
            click.echo(_side_by_side(one["rules"], lang))


def _status(one: Row, lang: str) -> str:
    from barometer_lib.locale import text
    from barometer_lib.sentences.rules import rule_name

    said = one["policy_status"]
    if said["status"] is None:
        return text(lang, "answers.no_status")
    name = text(lang, f"status.short.{said['status']}")
    return f"{name} ({rule_name(said['rule'], lang)})"


def _side_by_side(rules: Sequence[Row], lang: str) -> str:
    from barometer_lib.sentences.rules import side_by_side
    from barometer_lib.tables import as_text

    return as_text(side_by_side(rules, lang))
