"""Dots on a scale, one row each: what districts, rankings and editions have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from barometer_lib.charts.frame import (
    LINE,
    Figure,
    axis,
    layout,
    note,
    plain,
    text_width,
    wrapped,
)
from barometer_lib.charts.palette import ABOVE_LIMIT, ACCENT, INK, MUTED, RULE
from barometer_lib.locale import text

TOP, BOTTOM = 36, 34
MARK = 22  # pixels more above the picture where it carries the mark of synthetic figures


@dataclass(frozen=True)
class Dot:
    """One row: its label, where its dot stands (blank: no dot), and the words at the dot."""

    label: str
    value: float | None
    words: str
    low: float | None = None
    high: float | None = None
    accent: bool = False
    above: bool = False


def dot_figure(
    dots: Sequence[Dot],
    lang: str,
    *,
    unit: str,
    ends: tuple[float, float],
    label_width: int = 20,
    row: int = 30,
    synthetic: bool = False,
) -> Figure:
    """The rows from top to bottom, each with its label at the left and its words at the dot."""
    labels = [wrapped(dot.label, label_width) for dot in dots]
    right = text_width(dot.words for dot in dots) + 20
    top = TOP + MARK if synthetic else TOP
    row = max(row, LINE * max((one.count("<br>") + 1 for one in labels), default=1) + 6)
    height = top + BOTTOM + max(row * len(dots), 2 * LINE)
    page = layout(lang, height, left=text_width(labels) + 14, right=right, top=top, bottom=BOTTOM)
    page["xaxis"] = axis(*ends)
    page["yaxis"] = axis(
        -len(dots) + 0.5,
        0.5,
        showgrid=False,
        tickmode="array",
        tickvals=[-place for place in range(len(dots))],
        ticktext=[
            f"<b>{label}</b>" if dot.accent else label
            for dot, label in zip(dots, labels, strict=True)
        ],
        tickfont={"color": INK},
    )
    page["shapes"] += [_rail(place, ends) for place in range(len(dots))]
    page["annotations"] += [_words(dot, place, ends) for place, dot in enumerate(dots)]
    page["annotations"].append(_unit(unit, lang))
    return {"data": _traces(dots), "layout": page}


def limit_line(figure: Figure, value: float, words: str) -> None:
    """Draws a limit across all rows, with its words above."""
    page = figure["layout"]
    page["shapes"].append(
        {
            "type": "line",
            "name": "limit",
            "yref": "paper",
            "x0": value,
            "x1": value,
            "y0": 0,
            "y1": 1,
            "line": {"color": INK, "width": 1.5, "dash": "dash"},
        }
    )
    page["annotations"].append(
        note(
            plain(words),
            name="limit",
            yref="paper",
            x=value,
            y=1,
            yanchor="bottom",
            yshift=2,
            bgcolor="rgba(255,255,255,0.8)",
        )
    )


def _rail(place: int, ends: tuple[float, float]) -> Figure:
    return {
        "type": "line",
        "layer": "below",
        "x0": ends[0],
        "x1": ends[1],
        "y0": -place,
        "y1": -place,
        "line": {"color": RULE, "width": 1},
    }


def _unit(unit: str, lang: str) -> Figure:
    return note(
        plain(text(lang, f"numbers.unit_name.{unit}")),
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        xanchor="left",
        yanchor="top",
        xshift=14,
        yshift=-6,
        font={"color": MUTED},
    )


def _words(dot: Dot, place: int, ends: tuple[float, float]) -> Figure:
    """The words at a dot; without a dot they stand at the beginning of the row, in grey."""
    if dot.value is None:
        at, colour, shift = ends[0], MUTED, 2
    else:
        at = max(dot.value, dot.high if dot.high is not None else dot.value)
        colour, shift = ABOVE_LIMIT if dot.above else INK, 8
    return note(
        f"<b>{plain(dot.words)}</b>" if dot.accent else plain(dot.words),
        name="value",
        x=at,
        y=-place,
        xanchor="left",
        yanchor="middle",
        xshift=shift,
        font={"color": colour},
        bgcolor="rgba(255,255,255,0.8)",
    )


def _traces(dots: Sequence[Dot]) -> list[Figure]:
    seen = [(place, dot) for place, dot in enumerate(dots) if dot.value is not None]
    trace: Figure = {
        "type": "scatter",
        "mode": "markers",
        "name": "dots",
        "x": [dot.value for _, dot in seen],
        "y": [-place for place, _ in seen],
        "cliponaxis": False,
        "marker": {
            "opacity": 1,
            "size": [11 if dot.accent or dot.above else 9 for _, dot in seen],
            "symbol": ["diamond" if dot.above else "circle" for _, dot in seen],
            "color": [_colour(dot) for _, dot in seen],
        },
        "hovertext": [f"<b>{plain(dot.label)}</b><br>{plain(dot.words)}" for _, dot in seen],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    if any(dot.low is not None and dot.high is not None for _, dot in seen):
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [_far(dot, dot.high) for _, dot in seen],
            "arrayminus": [_far(dot, dot.low) for _, dot in seen],
            "color": MUTED,
            "thickness": 1.2,
            "width": 3,
        }
    return [trace]


def _far(dot: Dot, end: float | None) -> float:
    if dot.low is None or dot.high is None or end is None:
        return 0.0
    return round(abs(end - float(dot.value or 0)), 6)


def _colour(dot: Dot) -> str:
    if dot.above:
        return ABOVE_LIMIT
    return ACCENT if dot.accent else INK
