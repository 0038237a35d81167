"""The strokes a picture is made of, as SVG: lines, marks, words."""

from __future__ import annotations

from html import escape

from barometer_lib.charts.palette import INK, PAPER

DASHES = {"dash": "7 4", "dot": "2 3"}
Spot = tuple[float, float]


def line(
    start: Spot,
    end: Spot,
    colour: str,
    width: float,
    dash: str | None = None,
) -> str:
    """A straight line, dashed where it says so."""
    return (
        f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" '
        f'stroke="{colour}" stroke-width="{width:g}"{dashed(dash)}/>'
    )


def dashed(dash: str | None) -> str:
    """The attribute of a dashed line; nothing for a whole one."""
    return f' stroke-dasharray="{DASHES[dash]}"' if dash in DASHES else ""


def mark(spot: Spot, symbol: str, colour: str, r: float) -> str:
    """A mark of a series: its shape by name, its size from the middle."""
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
    if symbol == "line-ns-open":
        return line((x, y - r), (x, y + r), colour, 2)
    if symbol == "circle-open":
        ring = f'fill="{PAPER}" stroke="{colour}" stroke-width="2"'
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" {ring}/>'
    corners = shapes.get(symbol.removesuffix("-open"))
    if corners is None:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{colour}"/>'
    points = " ".join(f"{x + dx:g},{y + dy:g}" for dx, dy in corners)
    look = f'fill="{PAPER}" stroke="{colour}"' if symbol.endswith("-open") else f'fill="{colour}"'
    return f'<polygon points="{points}" {look}/>'


def words_at(
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
