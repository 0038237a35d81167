"""The change of a rank on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from barometer_lib.api import Result
from barometer_lib.cli.answers import label_words
from barometer_lib.cli.printing import NOTHING, print_machine
from barometer_lib.locale import text
from barometer_lib.sentences import places, rank_change
from barometer_lib.tables import Cell, Column, Table, as_text


def print_rank_change(found: Result, form: str, lang: str, store: Path | None) -> None:
    """What moved in sentences, the parts in a table, and the sources' own notes."""
    labels = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, labels, lang)
        return
    content = found.content
    if content["synthetic"]:
        click.echo(text(lang, "cli.synthetic"))
    flat = {**content}
    for part in content["parts"]:
        flat[part["part"]] = part["places"]
        flat |= {f"{part['part']}_{end}": part[end] for end in ("low", "high")}
    for sentence in rank_change(flat, labels, lang):
        click.echo(sentence)
    if content["change"] is not None:
        click.echo()
        click.echo(as_text(_table(content, labels, lang)))
    if content["common"] is not None:
        click.echo(text(lang, "rank_change.shares"))
    for note in content["notes"]:
        edition = labels.get(("edition", f"{content['index']}/{note['edition']}"), note["edition"])
        click.echo(text(lang, "rank_change.as_noted", edition=edition, note=note["note"]))


def _table(content: Mapping[str, Any], labels: Mapping[tuple[str, str], str], lang: str) -> Table:
    rows = [
        {
            "part": Cell(one["part"], text(lang, f"rank_change.name.{one['part']}")),
            **{
                key: Cell(one[key], NOTHING if one[key] is None else places(one[key], lang))
                for key in ("places", "low", "high")
            },
        }
        for one in [
            *content["parts"],
            {"part": "total", "places": content["change"], "low": None, "high": None},
        ]
    ]
    columns = [
        Column(key, text(lang, f"rank_change.column.{key}"), "left" if key == "part" else "right")
        for key in ("part", "places", "low", "high")
    ]
    index = labels.get(("index", content["index"]), content["index"])
    return Table(index, columns, rows, lang=lang)
