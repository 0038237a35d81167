"""What else is asked of a composite index: strengths, parts left out, another version of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.locale import number, text
from barometer_lib.tables import Cell, Column, Table, as_text

if TYPE_CHECKING:
    from barometer_lib.ranking.compare import Shift
    from barometer_lib.ranking.pipeline import Index

FEWEST = 3  # units that principal components can be told of
NOTHING = "-"


def analysed(
    found: Index, about: str | None, level: int | None, other: Index | None
) -> dict[str, Any]:
    """Further keys of the answer: `principal` and `judges`, and what was asked for, else blank."""
    from barometer_lib.ranking import compare

    return {
        "principal": _principal(found),
        "about": None if about is None else _about(found, about),
        "without": None
        if level is None
        else [
            {"part": part, **_shifted(shifts)} for part, shifts in found.without_each(level).items()
        ],
        "against": None
        if other is None
        else _shifted(
            compare.compared(found.sheet, other.sheet, found.structure.top, other.structure.top)
        ),
        "judges": _judges(found),
    }


def _principal(found: Index) -> list[dict[str, Any]]:
    """The first principal component of every group of two and more parts."""
    from barometer_lib.ranking.weights import principal_components

    told = []
    for group in (part for part in found.structure.parts if part.level > 1):
        codes = [part.code for part in found.structure.children(group.code)]
        values = found.sheet.take(codes).values
        if len(codes) < 2 or (~_gaps(values)).sum() < FEWEST:
            continue
        parts = principal_components(values)
        if not parts.variances.sum() > 0:
            continue
        told.append(
            {
                "group": group.code,
                "units": parts.n,
                "share": float(parts.shares[0]),
                "loadings": [
                    {"part": code, "loading": float(loading)}
                    for code, loading in zip(codes, parts.loadings[:, 0], strict=True)
                ],
            }
        )
    return told


def _gaps(values: Any) -> Any:
    import numpy as np

    return np.isnan(values).any(axis=1)


def _about(found: Index, unit: str) -> dict[str, Any]:
    best, worst = found.strengths(unit)
    return {
        "unit": unit,
        "strengths": [asdict(one) for one in best],
        "weaknesses": [asdict(one) for one in worst],
    }


def _shifted(shifts: Sequence[Shift]) -> dict[str, Any]:
    """The mean number of places, and every unit that stands elsewhere."""
    from barometer_lib.ranking.compare import mean_absolute_shift

    known = [one for one in shifts if not math.isnan(one.places)]
    mean = mean_absolute_shift(known) if known else None
    return {
        "mean_shift": mean,
        "moved": [
            {"unit": one.unit, "rank": int(one.rank), "rank_other": int(one.rank_other),
             "places": int(one.places)}
            for one in known if one.places
        ],
    }  # fmt: skip


def _judges(found: Index) -> list[dict[str, Any]]:
    """How far judges who shared out points disagree about each part (0-1)."""
    if found.made.judges is None:
        return []
    _, spreads = found.made.judges
    return [
        {"part": part, "deviation": None if math.isnan(one) else one}
        for part, one in spreads.items()
    ]


def print_analysis(content: Mapping[str, Any], lang: str) -> None:
    """What was asked for, after the index itself."""
    for one in content["judges"]:
        spread = NOTHING if one["deviation"] is None else number(100 * one["deviation"], lang, 1)
        click.echo(text(lang, "index_build.judges", part=one["part"], spread=spread))
    if content["about"]:
        for name in ("strengths", "weaknesses"):
            listed = ", ".join(
                f"{one['column']} ({one['rank']}/{one['of']})" for one in content["about"][name]
            )
            unit = content["about"]["unit"]
            click.echo(text(lang, f"index_build.{name}", unit=unit, listed=listed or NOTHING))
    if content["without"] is not None:
        click.echo()
        click.echo(as_text(_without(content["without"], lang)))
    if content["against"] is not None:
        told = content["against"]
        shift = NOTHING if told["mean_shift"] is None else number(told["mean_shift"], lang, 2)
        click.echo(text(lang, "index_build.against", places=shift))
        for one in told["moved"]:
            ranks = {"before": one["rank"], "after": one["rank_other"]}
            click.echo(text(lang, "index_build.moved", unit=one["unit"], **ranks))


def _without(rows: Sequence[Mapping[str, Any]], lang: str) -> Table:
    columns = [
        Column("part", text(lang, "index_build.column.part")),
        Column("shift", text(lang, "index_build.column.shift"), "right"),
        Column("moved", text(lang, "index_build.column.moved"), "right"),
    ]
    body = [
        {
            "part": Cell(row["part"], row["part"]),
            "shift": Cell(
                row["mean_shift"],
                NOTHING if row["mean_shift"] is None else number(row["mean_shift"], lang, 2),
            ),
            "moved": Cell(len(row["moved"]), number(len(row["moved"]), lang, 0)),
        }
        for row in rows
    ]
    return Table(text(lang, "index_build.without"), columns, body, lang=lang)
