"""`barometer disclose check`: what is hidden, why, at what cost, and what can be told of it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from barometer_lib.cli import EPILOG, Told, _data, _form, _lang, _store, main

if TYPE_CHECKING:
    from barometer_lib.disclosure import Protected
    from barometer_lib.disclosure.found import HiddenFigure
    from barometer_lib.disclosure.rounded import RoundedFigure

COLUMNS = (
    "dataset", "indicator", "area", "group", "period", "known_from", "reason", "cost", "low",
    "high", "width_needed", "safe", "gap", "release",
    "owned_up",
)  # fmt: skip


@main.group()
def disclose() -> None:
    """Figures hidden to protect people."""


def rows_of(found: Mapping[str, Protected]) -> list[dict[str, Any]]:
    """One row per hidden figure: codes, why it is hidden, and an attacker's limits.

    `low` and `high` are blank where nothing published bounds the count.
    """
    rows = []
    for dataset, one in found.items():
        rows += [_row(dataset, told) for told in one.told]
        for also in one.following:
            nothing = {"cost": 0.0, "low": None, "high": None, "width_needed": None}
            known = {"known_from": str(also.known_from)}
            row = {"dataset": dataset, **vars(also), **known, **nothing, "safe": True, "gap": 0.0}
            row |= {"release": None, "owned_up": None}
            rows.append(row)
    return rows


def _row(dataset: str, told: HiddenFigure) -> dict[str, Any]:
    return {
        **_codes(dataset, told),
        "reason": told.reason,
        "cost": told.cost,
        "low": _finite(told.low),
        "high": _finite(told.high),
        "width_needed": told.need,
        "safe": told.fault is None,
        "gap": round(told.gap, 6),
        "release": told.release,
        "owned_up": told.figure.rule.owned_up if told.release is not None else None,
    }


def rounded_of(found: Mapping[str, Protected]) -> list[dict[str, Any]]:
    """One row per figure that is told rounded; `reason` is why it would be hidden, or blank."""
    return [
        {
            **_codes(dataset, one),
            "reason": one.small,
            "rounding": one.method,
            "base": one.base,
            "low": _finite(one.low),
            "high": _finite(one.high),
            "width_needed": min(one.figure.rule.needed_width, one.alone),
            "additive": one.additive,
            "safe": one.fault is None,
            "gap": round(one.gap, 6),
            "release": one.release if one.fault is not None else None,
        }
        for dataset, held in found.items()
        for one in held.rounded
    ]


def blocks_of(found: Mapping[str, Protected]) -> list[dict[str, Any]]:
    """One row per choice of what to hide: its cost, the certified bound and gap, and its time."""
    return [
        {
            "dataset": dataset,
            "known_from": str(one.day),
            "indicators": list(one.indicators),
            "figures": one.figures,
            "hidden": one.hidden,
            "cost": one.cost,
            "bound": round(one.bound, 4),
            "gap": round(one.gap, 6),
            "seconds": round(one.seconds, 3),
            "time_limit": one.limit,
        }
        for dataset, held in found.items()
        for one in held.solved
    ]


def tightest(rows: list[dict[str, Any]]) -> float | None:
    """How far the closest limits of a hidden count lie apart; blank where nothing bounds any."""
    widths = [
        one["high"] - one["low"]
        for one in rows
        if one["width_needed"] is not None and one["low"] is not None and one["high"] is not None
    ]
    return round(min(widths), 4) if widths else None


def _codes(dataset: str, one: HiddenFigure | RoundedFigure) -> dict[str, Any]:
    indicator, area, group, period = one.figure.cell
    known = str(one.figure.known_from)
    return {
        "dataset": dataset,
        "indicator": indicator,
        "area": area,
        "group": group,
        "period": period,
        "known_from": known,
    }


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def show(found: Mapping[str, Protected], form: str, lang: str) -> bool:
    """Prints the report; gives whether every hidden figure is safe."""
    from barometer_lib.errors import say_fault
    from barometer_lib.locale import text

    rows = rows_of(found)
    faults = [fault for one in found.values() for fault in one.faults]
    if form == "json":
        answer = {
            "hidden": rows,
            "rounded": rounded_of(found),
            "blocks": blocks_of(found),
            "tightest": tightest(rows),
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    elif form == "csv":
        _print_csv(rows)
    else:
        _print_table(rows, lang)
        _print_totals(rows, rounded_of(found), blocks_of(found), lang)
        click.echo(text(lang, "disclosure.not_for_publication"), err=True)
    for fault in faults:
        click.echo(say_fault(fault, lang), err=True)
    return not faults


def _print_csv(rows: list[dict[str, Any]]) -> None:
    from barometer_lib.tables import Cell, Column, Table, as_csv

    cells = [{name: Cell(row[name], str(row[name])) for name in COLUMNS} for row in rows]
    table = Table("csv", [Column(name, name) for name in COLUMNS], cells)
    sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
    click.echo(as_csv(table), nl=False)


def _print_table(rows: list[dict[str, Any]], lang: str) -> None:
    from barometer_lib.locale import number, period, text
    from barometer_lib.tables import Cell, Column, Table, as_text

    if not rows:
        click.echo(text(lang, "disclosure.nothing_hidden"))
        return
    names = ("dataset", "indicator", "area", "group", "period", "reason", "cost", "limits", "safe")
    right = ("cost", "limits")
    heads = [
        Column(one, text(lang, f"disclosure.column.{one}"), "right" if one in right else "left")
        for one in names
    ]
    unbounded = text(lang, "disclosure.unbounded")
    shown = []
    for row in rows:
        cells = {name: Cell(row[name], str(row[name])) for name in names[:4]}
        ends = [
            unbounded if row[end] is None else number(row[end], lang, 1) for end in ("low", "high")
        ]
        when = row["period"]
        known = when if when.startswith("round ") else period(when, lang)
        cells["period"] = Cell(when, known)
        cells["reason"] = Cell(row["reason"], text(lang, f"disclosure.reason.{row['reason']}"))
        cells["cost"] = Cell(row["cost"], number(row["cost"], lang, 0))
        cells["limits"] = Cell(
            row["low"], text(lang, "disclosure.limits", low=ends[0], high=ends[1])
        )
        cells["safe"] = Cell(row["safe"], text(lang, f"disclosure.safe.{str(row['safe']).lower()}"))
        shown.append(cells)
    caption = text(lang, "disclosure.caption", count=len(rows))
    click.echo(as_text(Table(caption, heads, shown, lang=lang)))


def _print_totals(
    rows: list[dict[str, Any]],
    rounded: list[dict[str, Any]],
    blocks: list[dict[str, Any]],
    lang: str,
) -> None:
    """What hiding costs, how near the cheapest that is, the closest limits, and what is rounded."""
    from barometer_lib.locale import number, text

    if rows:
        cost = number(sum(row["cost"] for row in rows), lang, 0)
        gap = max(row["gap"] for row in rows)
        key = "cheapest" if gap == 0 else "perhaps_cheaper"
        click.echo(text(lang, f"disclosure.{key}", cost=cost, gap=number(100 * gap, lang, 1)))
    if (width := tightest(rows)) is not None:
        click.echo(text(lang, "disclosure.tightest", width=number(width, lang, 1)))
    if blocks:
        seconds = number(sum(one["seconds"] for one in blocks), lang, 1)
        limit = number(max(one["time_limit"] for one in blocks), lang, 0)
        facts = {"count": len(blocks), "seconds": seconds, "limit": limit}
        click.echo(text(lang, "disclosure.solved", **facts))
    if rounded:
        bases = ", ".join(str(base) for base in sorted({one["base"] for one in rounded}))
        apart = sum(not one["additive"] for one in rounded)
        facts = {"count": len(rounded), "base": bases, "apart": apart}
        click.echo(text(lang, "disclosure.rounded", **facts))


@disclose.command(cls=Told, epilog=EPILOG)
@_data
@_store
@_form
@_lang
def check(folder: Path, store: Path | None, form: str, lang: str) -> None:
    """What is hidden to protect people, why, at what cost, and what can be told of it.

    Solves the suppression anew from the deliveries and audits it: for each hidden figure, the
    smallest and the largest count that agree with everything published: with all delivery days,
    with the stores that were published before, and with frozen rounds.
    The answer is for those who have the deliveries, not for publication. Exit code 1 where a
    hidden figure can be told too closely.
    """
    from barometer_lib.build import disclosure

    if not show(disclosure(folder, store), form, lang):
        click.get_current_context().exit(1)
