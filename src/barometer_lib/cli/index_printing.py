"""A composite index on the terminal: ranked units, and everything that was done to the values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.locale import number, text
from barometer_lib.tables import Cell, Column, Table, as_csv, as_text

if TYPE_CHECKING:
    from barometer_lib.ranking.pipeline import Index

DECIMALS = 2
NOTHING = "-"


def content_of(found: Index) -> dict[str, Any]:
    """The whole answer with plain values; what is not known is blank."""
    from barometer_lib.ranking import analysis
    from barometer_lib.ranking.weights import effective_weights

    structure, sheet = found.structure, found.sheet
    groups = [part.code for part in structure.parts if part.level > 1 and part.parent is not None]
    effective = effective_weights(structure)
    rows = []
    for row in found.ranking():
        place = sheet.units.index(row["unit"])
        own = {code: _known(sheet.values[place, sheet.columns.index(code)]) for code in groups}
        rows.append({**row, "groups": own})
    return {
        "index": structure.top,
        "steps": [{"step": name, **options} for name, options in found.made.steps],
        "weights": {
            "basis": found.made.weights_basis,
            "parts": [
                {
                    "part": part.code,
                    "parent": part.parent,
                    "weight": part.weight,
                    "effective": effective[part.code],
                }
                for part in structure.parts
                if part.parent is not None
            ],
        },
        "rows": rows,
        "screened_out": [asdict(one) for one in found.made.screened_out],
        "divided": [{"indicator": one, "by": by} for one, by in found.made.divided.items()],
        "filled": [asdict(one) for one in found.made.filled],
        "treated": [
            {key: _known(value) for key, value in asdict(one).items()} for one in found.made.treated
        ],
        "correlations": [
            {key: _known(value) for key, value in asdict(one).items()}
            for level in range(1, structure.levels)
            for one in found.correlations(level)
            if one.within
        ],
        "alphas": {
            code: _known(value) for code, value in analysis.group_alphas(sheet, structure).items()
        },
    }


def _known(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    return list(value) if isinstance(value, tuple) else value


def rows_as_csv(content: Mapping[str, Any]) -> str:
    """The ranked units, a column per group."""
    groups = list(content["rows"][0]["groups"]) if content["rows"] else []
    names = ["unit", "score", "rank", "tied", "of", "filled", *groups]
    rows = [{**row, **row["groups"]} for row in content["rows"]]
    cells = [
        {name: Cell(row[name], NOTHING if row[name] is None else str(row[name])) for name in names}
        for row in rows
    ]
    return as_csv(Table("csv", [Column(name, name) for name in names], cells))


def print_index(content: Mapping[str, Any], lang: str) -> None:
    """The ranks first, then what was done, then what the correlations say."""
    click.echo(as_text(_ranks(content, lang)))
    click.echo(text(lang, f"index_build.weights.{content['weights']['basis']}"))
    for one in content["screened_out"]:
        share = number(100 * one["known"], lang, 0)
        click.echo(text(lang, "index_build.screened_out", unit=one["unit"], share=share))
    if content["divided"]:
        named = ", ".join(f"{one['indicator']} / {one['by']}" for one in content["divided"])
        click.echo(text(lang, "index_build.divided", named=named))
    for one in content["filled"]:
        value = number(one["value"], lang)
        told = {"unit": one["unit"], "column": one["column"], "value": value}
        method = text(lang, f"index_build.fill.{one['method']}")
        click.echo(text(lang, "index_build.filled", method=method, basis=one["basis"], **told))
    for one in content["treated"]:
        form = "winsorised" if one["transformed"] is None else "transformed"
        told = {
            "column": one["column"],
            "count": one["winsorised"],
            "how": one["transformed"],
        }
        units = ", ".join(one["units"])
        click.echo(text(lang, f"index_build.treated.{form}", units=units, **told))
    for one in content["correlations"]:
        if one["flag"] is not None:
            value = number(one["value"], lang, 2)
            told = {"first": one["first"], "second": one["second"], "value": value}
            click.echo(text(lang, f"index_build.correlation.{one['flag']}", **told))


def _ranks(content: Mapping[str, Any], lang: str) -> Table:
    groups = list(content["rows"][0]["groups"]) if content["rows"] else []
    columns = [
        Column("unit", text(lang, "index_build.column.unit")),
        Column("rank", text(lang, "index_build.column.rank"), "right"),
        Column("score", text(lang, "index_build.column.score"), "right"),
        *(Column(code, code, "right") for code in groups),
        Column("filled", text(lang, "index_build.column.filled"), "right"),
    ]
    rows = []
    for row in content["rows"]:
        cells = {"unit": Cell(row["unit"], row["unit"]), "rank": _rank(row, lang)}
        cells["score"] = _score(row["score"], lang)
        cells |= {code: _score(row["groups"][code], lang) for code in groups}
        cells["filled"] = Cell(row["filled"], number(row["filled"], lang, 0))
        rows.append(cells)
    return Table(content["index"], columns, rows, lang=lang)


def _score(value: float | None, lang: str) -> Cell:
    return Cell(value, NOTHING if value is None else number(value, lang, DECIMALS))


def _rank(row: Mapping[str, Any], lang: str) -> Cell:
    if row["rank"] is None:
        return Cell(None, NOTHING)
    key = "cli.rank_tied" if row["tied"] else "cli.rank"
    return Cell(row["rank"], text(lang, key, rank=row["rank"], of=row["of"]))
