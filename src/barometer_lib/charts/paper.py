"""A chart on paper: its figure drawn as an SVG file, without a browser.

What it says was decided before (`Chart`); here its lines, bands, bars, shapes and words are put in
their places. The file carries title, summary, source and the mark of synthetic figures in itself.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from barometer_lib.charts.frame import LINE, Chart
from barometer_lib.charts.palette import FONT, INK, MUTED, PAPER, RULE
from barometer_lib.locale import number

WIDTH = 760
EDGE = 16
TITLE_ROOM = 34
CHARACTERS = 104  # of small text in a line
DASHES = {"dash": "7 4", "dot": "2 3"}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """Where the picture stands in the file, and where its values stand in the picture."""

    left: float
    top: float
    wide: float
    tall: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float, ref: str = "x") -> float:
        """The place of a time, or of a share of the width (`paper`)."""
        low, high = (0.0, 1.0) if ref == "paper" else self.x_range
        return round(self.left + (value - low) / (high - low) * self.wide, 1)

    def y(self, value: float, ref: str = "y") -> float:
        """The place of a value, or of a share of the height (`paper`)."""
        low, high = (0.0, 1.0) if ref == "paper" else self.y_range
        return round(self.top + self.tall - (value - low) / (high - low) * self.tall, 1)


def as_svg(chart: Chart, lang: str, footer: Sequence[str] = ()) -> str:
    """The chart as the text of an SVG file; `footer` (source, notes) stands below its summary."""
    page = chart.figure["layout"]
    margin = page["margin"]
    below = [*_lines([chart.summary]), "", *_lines(footer)]
    height = TITLE_ROOM + page["height"] + LINE * len(below) + EDGE
    room = Room(
        EDGE + margin["l"],
        TITLE_ROOM + margin["t"],
        WIDTH - 2 * EDGE - margin["l"] - margin["r"],
        page["height"] - margin["t"] - margin["b"],
        tuple(page["xaxis"]["range"]),
        tuple(page["yaxis"]["range"]),
    )
    size = f'width="{WIDTH}" height="{height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {size} '
        f'lang="{lang}" role="img" font-family="{escape(FONT)}" font-size="12">'
    )
    parts = [
        head,
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.summary)}</desc>",
        f'<rect {size} fill="{PAPER}"/>',
        _text(EDGE, 22, chart.title, size=15, weight="bold"),
        *_axes(page, room, lang),
        *(drawn for shape in page["shapes"] for drawn in _shape(shape, room)),
        *(drawn for trace in chart.figure["data"] for drawn in _trace(trace, room)),
        *(drawn for note in page["annotations"] for drawn in _note(note, room)),
    ]
    foot = TITLE_ROOM + page["height"] + LINE
    parts += [
        _text(EDGE, foot + LINE * row, line, colour=MUTED) for row, line in enumerate(below) if line
    ]
    return "\n".join([*parts, "</svg>", ""])


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for one in texts for line in textwrap.wrap(one, CHARACTERS)]


def _axes(page: Part, room: Room, lang: str) -> Iterator[str]:
    for value in _round_values(*room.y_range):
        at = room.y(value)
        yield _line((room.left, at), (room.left + room.wide, at), RULE, 1)
        yield _text(room.left - 6, at + 4, number(value, lang), colour=MUTED, anchor="end")
    low, high = room.y_range
    if page["yaxis"].get("zeroline") and low <= 0 <= high:
        yield _line((room.left, room.y(0)), (room.left + room.wide, room.y(0)), MUTED, 1)
    foot = room.top + room.tall
    axis = page["xaxis"]
    for place, words in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=True):
        x = room.x(place)
        yield _line((x, foot + 4), (x, foot + 9), MUTED, 1)
        yield _text(x, foot + 23, words, colour=MUTED, anchor="middle")


def _round_values(low: float, high: float) -> list[float]:
    """Some four round values between the ends of an axis."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(step * one, 10) for one in range(first, last + 1)]


def _shape(shape: Part, room: Room) -> Iterator[str]:
    x_ref, y_ref = shape.get("xref", "x"), shape.get("yref", "y")
    line = shape["line"]
    start = (room.x(shape["x0"], x_ref), room.y(shape["y0"], y_ref))
    end = (room.x(shape["x1"], x_ref), room.y(shape["y1"], y_ref))
    yield _line(start, end, line["color"], line["width"], line.get("dash"))


def _trace(trace: Part, room: Room) -> Iterator[str]:
    spots = [
        None if y is None else (room.x(x), room.y(y))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    line = trace["line"]
    if trace.get("fill") == "toself":
        corners = " ".join(f"{x:g},{y:g}" for x, y in (spot for spot in spots if spot))
        yield f'<polygon points="{corners}" fill="{trace["fillcolor"]}"/>'
        return
    bars = trace.get("error_y")
    if bars:
        yield from _bars(trace, bars, room)
    for run in _runs(spots):
        points = " ".join(f"{x:g},{y:g}" for x, y in run)
        yield (
            f'<polyline points="{points}" fill="none" stroke="{line["color"]}" '
            f'stroke-width="{line["width"]}"{_dashed(line.get("dash"))}/>'
        )
    if "markers" in trace["mode"]:
        sizes = trace["marker"]["size"]
        for place, spot in enumerate(spots):
            size = sizes[place] if isinstance(sizes, list) else sizes
            if spot is not None and size:
                yield _mark(spot, trace["marker"]["symbol"], trace["marker"]["color"], size / 2)


def _runs(
    spots: Sequence[tuple[float, float] | None],
) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for spot in [*spots, None]:
        if spot is not None:
            run.append(spot)
        elif run:
            yield run
            run = []


def _bars(trace: Part, bars: Part, room: Room) -> Iterator[str]:
    rows = zip(trace["x"], trace["y"], bars["array"], bars["arrayminus"], strict=True)
    for x, y, more, less in rows:
        if y is not None and (more or less):
            top, foot = (room.x(x), room.y(y + more)), (room.x(x), room.y(y - less))
            yield _line(top, foot, bars["color"], bars["thickness"])
            for end_x, end_y in (top, foot):
                ends = (end_x - bars["width"], end_y), (end_x + bars["width"], end_y)
                yield _line(*ends, bars["color"], bars["thickness"])


def _mark(spot: tuple[float, float], symbol: str, colour: str, r: float) -> str:
    x, y = spot
    if symbol == "square":
        side = f'width="{2 * r:g}" height="{2 * r:g}"'
        return f'<rect x="{x - r:g}" y="{y - r:g}" {side} fill="{colour}"/>'
    shapes = {
        "diamond": [(0, -r), (r, 0), (0, r), (-r, 0)],
        "triangle-up": [(0, -r), (r, r), (-r, r)],
    }
    if symbol == "x":
        cross = f"M{x - r:g} {y - r:g}L{x + r:g} {y + r:g}M{x - r:g} {y + r:g}L{x + r:g} {y - r:g}"
        return f'<path d="{cross}" stroke="{colour}" stroke-width="2"/>'
    corners = shapes.get(symbol.removesuffix("-open"))
    if corners is None:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{colour}"/>'
    points = " ".join(f"{x + dx:g},{y + dy:g}" for dx, dy in corners)
    look = f'fill="{PAPER}" stroke="{colour}"' if symbol.endswith("-open") else f'fill="{colour}"'
    return f'<polygon points="{points}" {look}/>'


def _note(note: Part, room: Room) -> Iterator[str]:
    """A text of the figure, line by line from where it is anchored."""
    rows = [re.sub("<[^>]+>", "", row) for row in str(note["text"]).split("<br>")]
    size = note["font"].get("size", 12)
    x = room.x(note["x"], note.get("xref", "x")) + note.get("xshift", 0)
    y = room.y(note["y"], note.get("yref", "y")) - note.get("yshift", 0)
    tall = LINE * len(rows)
    top = y - {"top": 0, "middle": tall / 2, "bottom": tall}[note.get("yanchor", "middle")]
    anchor = ANCHORS[note.get("xanchor", "center")]
    for row, words in enumerate(rows):
        at = top + LINE * row + 12
        yield _text(x, at, words, size=size, colour=note["font"].get("color", INK), anchor=anchor,
                    ready=True)  # fmt: skip


def _line(
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    width: float,
    dash: str | None = None,
) -> str:
    return (
        f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" '
        f'stroke="{colour}" stroke-width="{width:g}"{_dashed(dash)}/>'
    )


def _dashed(dash: str | None) -> str:
    return f' stroke-dasharray="{DASHES[dash]}"' if dash in DASHES else ""


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "normal",
    ready: bool = False,
) -> str:
    """Words at a place; `ready` ones stand escaped already."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{words if ready else escape(words)}</text>'
    )
