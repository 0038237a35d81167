"""Figures carried over a break, on the terminal: linked beside original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import interval, period, text, with_unit
from barometer_lib.sentences.linked import link_words
from barometer_lib.tables import Cell, Column, Table, as_text
from barometer_lib.units import decimals_of


def linked_words(content: Mapping[str, Any], lang: str) -> str:
    """The linked figures as a table, what they were carried by above it."""
    rows = [
        {
            "period": Cell(one["period"], period(one["period"], lang)),
            "linked": Cell(one["value"], with_unit(one["value"], one["unit"], lang)),
            "interval": Cell(one["low"], _limits(one, lang)),
            "original": Cell(one["original"], with_unit(one["original"], one["unit"], lang)),
        }
        for one in content["linked"]
    ]
    columns = [
        Column(name, text(lang, f"linked.column.{name}"), "left" if name == "period" else "right")
        for name in rows[0]
    ]
    caption = " ".join(
        link_words({**one, "unit": None}, lang) for one in content["links"] if one["factor"]
    )
    return as_text(Table(caption, columns, rows, lang=lang))


def _limits(one: Mapping[str, Any], lang: str) -> str:
    if one["low"] is None:
        return "-"
    return interval(one["low"], one["high"], one["unit"], lang, decimals_of(one["low"]))
