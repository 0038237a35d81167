"""Figures carried over a linked break, as the indicator page shows them: beside the delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.charts import Line, Point
from barometer_lib.figures import Figure, standing_breaks
from barometer_lib.linking import standing_rows
from barometer_lib.locale import text
from barometer_lib.sentences.linked import link_words
from barometer_lib.views.series_reading import Stored

Row = Mapping[str, Any]


def carried(stored: Stored, area: str) -> list[Row]:
    """The carried figures of one area and the reader's group, in time."""
    return [
        row
        for row in stored.linked
        if row["area"] == area and row["population_group"] == stored.group
    ]


def on_one_basis(stored: Stored, area: str) -> tuple[list[dict[str, Any]], list[Row]]:
    """The figures of an area as they may be compared, and the breaks that stand between them."""
    rows = stored.series(area, stored.group)
    shown = {row["period"]: {"printed": row["printed_linked"]} for row in carried(stored, area)}
    basis = [
        {**row, "known_until": None, **shown.get(row["period"], {})}
        for row in standing_rows(rows, carried(stored, area))
    ]
    level = rows[0]["level"] if rows else None
    figures = [Figure.of(row) for row in basis]
    return basis, list(standing_breaks(stored.breaks_for(level), figures))


def dashed(stored: Stored, area: str) -> Line | None:
    """The carried figures as a dashed line with their own uncertainty; blank where none are."""
    points = [
        Point(
            row["period"],
            value=row["printed_linked"],
            low=row["printed_low"],
            high=row["printed_high"],
            decimals=row["decimals"] + 1,
        )
        for row in carried(stored, area)
    ]
    if not points:
        return None
    return Line(text(stored.lang, "linked.line"), points, key="linked", carried=True)


def told(stored: Stored) -> list[str]:
    """How the chosen series was linked, and what was worked out on the linked figures."""
    if not carried(stored, stored.area):
        return []
    said = [link_words(row, stored.lang) for row in stored.links if row["factor"] is not None]
    return [*said, text(stored.lang, "linked.note")]
