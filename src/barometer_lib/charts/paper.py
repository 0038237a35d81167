"""A chart on paper: its figure drawn as an SVG file, without a browser.

What it says was decided before (`Chart`). The file carries title, summary, source and the mark of
synthetic figures in itself.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

from barometer_lib.charts.frame import LINE, Chart
from barometer_lib.charts.palette import FONT, MUTED, PAPER
from barometer_lib.charts.picture import drawn
from barometer_lib.charts.strokes import words_at

WIDTH = 760
EDGE = 16
TITLE_ROOM = 34
CHARACTERS = 104  # of small text in a line


def as_svg(chart: Chart, lang: str, footer: Sequence[str] = ()) -> str:
    """The chart as the text of an SVG file; `footer` (source, notes) stands below its summary."""
    page = chart.figure["layout"]
    below = [*_lines([chart.summary]), "", *_lines(footer)]
    height = TITLE_ROOM + page["height"] + LINE * len(below) + EDGE
    size = f'width="{WIDTH}" height="{height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {size} '
        f'lang="{lang}" role="img" font-family="{escape(FONT)}" font-size="12">'
    )
    parts = [
        head,
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.summary)}</desc>",
        f'<rect {size} fill="{PAPER}"/>',
        words_at(EDGE, 22, chart.title, size=15, weight="bold"),
        *drawn(chart.figure, lang, left=EDGE, top=TITLE_ROOM, wide=WIDTH - 2 * EDGE),
    ]
    foot = TITLE_ROOM + page["height"] + LINE
    parts += [
        words_at(EDGE, foot + LINE * row, line, colour=MUTED)
        for row, line in enumerate(below)
        if line
    ]
    return "\n".join([*parts, "</svg>", ""])


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for one in texts for line in textwrap.wrap(one, CHARACTERS)]
