"""A figure's lines, bands, bars, shapes and words put in their places, as SVG."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from barometer_lib.charts.frame import CHARACTER, LINE
from barometer_lib.charts.palette import FONT, INK, MUTED, RULE
from barometer_lib.charts.strokes import Spot, dashed, line, mark, words_at
from barometer_lib.locale import number

WIDTHS = {"wide": 1000, "narrow": 360}
BAR = 0.8  # of a row, where a bar does not say how wide it is
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """Where the picture stands, and where its values stand in it: axes by name (`x`, `y2`)."""

    left: float
    top: float
    wide: float
    tall: float
    axes: Mapping[str, Part]

    def x(self, value: float, ref: str = "x") -> float:
        """The place of a value, or of a share of the width (`paper`)."""
        low, high = (0.0, 1.0) if ref == "paper" else self.axes[ref]["range"]
        return round(self.left + (value - low) / (high - low) * self.wide, 1)

    def y(self, value: float, ref: str = "y") -> float:
        """The place of a value, or of a share of the height (`paper`)."""
        low, high = (0.0, 1.0) if ref == "paper" else self.axes[ref]["range"]
        floor, ceiling = (0.0, 1.0) if ref == "paper" else self.domain(ref)
        share = floor + (value - low) / (high - low) * (ceiling - floor)
        return round(self.top + self.tall - share * self.tall, 1)

    def domain(self, ref: str) -> tuple[float, float]:
        """Which part of the height a value axis takes."""
        found: tuple[float, float] = tuple(self.axes[ref].get("domain", (0.0, 1.0)))
        return found


def inline(figure: Part, lang: str, label: str) -> str:
    """The figure as SVG for a page, once for wide pages and once for narrow ones.

    `label` is what a screen reader says; the styles show one of the two.
    """
    tall = figure["layout"]["height"]
    said, font = escape(label), escape(FONT)
    parts = []
    for name, wide in WIDTHS.items():
        head = f'<svg class="picture picture--{name}" role="img" aria-label="{said}"'
        parts += [
            f'{head} viewBox="0 0 {wide} {tall}" font-family="{font}" font-size="12">',
            *drawn(figure, lang, left=0, top=0, wide=wide),
            "</svg>",
        ]
    return "\n".join(parts)


def drawn(figure: Part, lang: str, *, left: float, top: float, wide: float) -> Iterator[str]:
    """Every part of the figure as SVG, in a place `wide` pixels wide and as high as it is."""
    page = figure["layout"]
    margin = page["margin"]
    axes = {
        name.replace("axis", ""): one
        for name, one in page.items()
        if re.fullmatch(r"[xy]axis\d*", name)
    }
    room = Room(
        left + margin["l"],
        top + margin["t"],
        wide - margin["l"] - margin["r"],
        page["height"] - margin["t"] - margin["b"],
        axes,
    )
    yield from _across(room, axes["x"], lang)
    for name in sorted(set(axes) - {"x"}):
        yield from _up(room, name, axes[name], lang)
    for shape in page["shapes"]:
        yield _shape(shape, room)
    for trace in figure["data"]:
        yield from _trace(trace, room)
    for note in page["annotations"]:
        yield from _note(note, room)


def _up(room: Room, name: str, axis: Part, lang: str) -> Iterator[str]:
    """A value axis: its grid and numbers, or its rows' names."""
    if "ticktext" in axis:
        for place, words in zip(axis["tickvals"], axis["ticktext"], strict=True):
            yield from _rows(words, (room.left - 8, room.y(place, name)), "middle", "end")
        return
    low, high = axis["range"]
    for value in _round_values(low, high, axis.get("nticks", 5)):
        at = room.y(value, name)
        if axis.get("showgrid", True):
            yield line((room.left, at), (room.left + room.wide, at), RULE, 1)
        if axis.get("showticklabels", True):
            yield words_at(room.left - 6, at + 4, number(value, lang), colour=MUTED, anchor="end")
    if axis.get("zeroline") and low <= 0 <= high:
        at = room.y(0, name)
        yield line((room.left, at), (room.left + room.wide, at), MUTED, 1)


def _across(room: Room, axis: Part, lang: str) -> Iterator[str]:
    """The axis at the foot: periods in words, or a grid with numbers."""
    foot = room.top + room.tall
    if "ticktext" in axis:
        for place, words in _apart(room, axis):
            x = room.x(place)
            yield line((x, foot + 4), (x, foot + 9), MUTED, 1)
            yield words_at(x, foot + 23, words, colour=MUTED, anchor="middle")
        return
    low, high = axis["range"]
    for value in _round_values(low, high, axis.get("nticks", 5)):
        x = room.x(value)
        if axis.get("showgrid", True):
            yield line((x, room.top), (x, foot), RULE, 1)
        yield words_at(x, foot + 16, number(value, lang), colour=MUTED, anchor="middle")


def _apart(room: Room, axis: Part) -> list[tuple[float, str]]:
    """The periods that have room for their words: every one, or every second, third ..."""
    ticks = list(zip(axis["tickvals"], axis["ticktext"], strict=True))
    widest = max((CHARACTER * len(words) + 12 for _, words in ticks), default=0.0)
    steps = [room.x(later) - room.x(place) for (place, _), (later, _) in pairwise(ticks)]
    every = math.ceil(widest / min(steps)) if steps and min(steps) > 0 else 1
    return ticks[::-1][::every][::-1]


def _round_values(low: float, high: float, count: int = 5) -> list[float]:
    """Some round values between the ends of an axis, about one less than `count`."""
    raw = (high - low) / max(count - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(step * one, 10) for one in range(first, last + 1)]


def _shape(shape: Part, room: Room) -> str:
    x_ref, y_ref = shape.get("xref", "x"), shape.get("yref", "y")
    pen = shape["line"]
    start = (room.x(shape["x0"], x_ref), room.y(shape["y0"], y_ref))
    end = (room.x(shape["x1"], x_ref), room.y(shape["y1"], y_ref))
    return line(start, end, pen["color"], pen["width"], pen.get("dash"))


def _trace(trace: Part, room: Room) -> Iterator[str]:
    if trace["type"] == "bar":
        yield from _rows_of_bars(trace, room)
        return
    name = trace.get("yaxis", "y")
    spots = [
        None if y is None else (room.x(x), room.y(y, name))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    if trace.get("fill") == "toself":
        corners = " ".join(f"{x:g},{y:g}" for x, y in (spot for spot in spots if spot))
        yield f'<polygon points="{corners}" fill="{trace["fillcolor"]}"/>'
        return
    yield from _bars(trace, room, name)
    if "lines" in trace["mode"]:
        pen = trace["line"]
        for run in _runs(spots):
            points = " ".join(f"{x:g},{y:g}" for x, y in run)
            yield (
                f'<polyline points="{points}" fill="none" stroke="{pen["color"]}" '
                f'stroke-width="{pen["width"]}"{dashed(pen.get("dash"))}/>'
            )
    if "markers" in trace["mode"]:
        yield from _marks(trace["marker"], spots)


def _rows_of_bars(trace: Part, room: Room) -> Iterator[str]:
    """Bars that lie, each from its base to its base and length."""
    colours, edge = trace["marker"]["color"], trace["marker"].get("line", {})
    half = trace.get("width", BAR) / 2
    for place, (long, row) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        if long is None:
            continue
        base = trace["base"][place] if "base" in trace else 0.0
        ends = sorted((room.x(base), room.x(base + long)))
        top, foot = room.y(row + half), room.y(row - half)
        pens = edge.get("color", "none")
        pen = pens[place] if isinstance(pens, list) else pens
        colour = colours[place] if isinstance(colours, list) else colours
        fill = "none" if colour.endswith(",0)") else colour
        yield (
            f'<rect x="{ends[0]:g}" y="{top:g}" width="{ends[1] - ends[0]:g}" '
            f'height="{foot - top:g}" fill="{fill}" stroke="{pen}"/>'
        )


def _marks(marker: Part, spots: Sequence[Spot | None]) -> Iterator[str]:
    """Size, shape and colour may each be one for all or one per spot."""

    def of(key: str, place: int, default: Any = None) -> Any:
        found = marker.get(key, default)
        return found[place] if isinstance(found, list) else found

    for place, spot in enumerate(spots):
        size = of("size", place)
        if spot is not None and size:
            shape, colour = of("symbol", place, "circle"), of("color", place, INK)
            yield mark(spot, shape, colour, size / 2)


def _runs(spots: Sequence[Spot | None]) -> Iterator[list[Spot]]:
    run: list[Spot] = []
    for spot in [*spots, None]:
        if spot is not None:
            run.append(spot)
        elif run:
            yield run
            run = []


def _bars(trace: Part, room: Room, name: str) -> Iterator[str]:
    """The bars of uncertainty, up and down or to both sides."""
    for key, (up, along) in {"error_y": (1, 0), "error_x": (0, 1)}.items():
        bars = trace.get(key)
        if not bars:
            continue
        rows = zip(trace["x"], trace["y"], bars["array"], bars["arrayminus"], strict=True)
        for x, y, more, less in rows:
            if y is None or not (more or less):
                continue
            far, near = (
                (room.x(x + along * reach), room.y(y + up * reach, name)) for reach in (more, -less)
            )
            yield line(far, near, bars["color"], bars["thickness"])
            wide, tall = up * bars["width"], along * bars["width"]
            for at, high in (far, near):
                start, stop = (at - wide, high - tall), (at + wide, high + tall)
                yield line(start, stop, bars["color"], bars["thickness"])


def _note(note: Part, room: Room) -> Iterator[str]:
    """A text of the figure, line by line from where it is anchored."""
    x = room.x(note["x"], note.get("xref", "x")) + note.get("xshift", 0)
    y = room.y(note["y"], note.get("yref", "y")) - note.get("yshift", 0)
    stands, anchor = note.get("yanchor", "middle"), ANCHORS[note.get("xanchor", "center")]
    yield from _rows(note["text"], (x, y), stands, anchor, **note["font"])


def _rows(words: str, spot: Spot, stands: str, anchor: str, **font: Any) -> Iterator[str]:
    """Words in lines parted by `<br>`, escaped already; a line in `<b>` is bold."""
    rows = str(words).split("<br>")
    tall = LINE * len(rows)
    top = spot[1] - {"top": 0, "middle": tall / 2, "bottom": tall}[stands]
    bold = False
    for row, said in enumerate(rows):
        bold = bold or "<b>" in said
        yield words_at(
            spot[0],
            top + LINE * row + 12,
            re.sub("</?b>", "", said),
            size=font.get("size", 12),
            colour=font.get("color", INK),
            anchor=anchor,
            weight="bold" if bold else "normal",
            ready=True,
        )
        bold = bold and "</b>" not in said
