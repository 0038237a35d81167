"""What every chart is made of: the chart itself, its layout, its words on paper."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from barometer_lib.charts.palette import FONT, INK, MUTED, PAPER, RULE
from barometer_lib.locale import text
from barometer_lib.locale.numbers import separators
from barometer_lib.tables import Table

Figure = dict[str, Any]
LABEL_SIZE = 12
CHARACTER = 6.4  # pixels, about, of a character in that size
LINE = 15  # pixels from one line of text to the next


@dataclass(frozen=True)
class Chart:
    """A figure as plain dicts with its title, its text summary and its table.

    `label` is what a screen reader says of the picture; `height` is in pixels; the width is the
    page's.
    """

    id: str
    figure: Figure
    title: str
    summary: str
    table: Table
    height: int
    label: str
    synthetic: bool = False


def finished(
    name: str,
    figure: Figure,
    title: str,
    sentences: Iterable[str],
    table: Table,
    lang: str,
    *,
    synthetic: bool,
) -> Chart:
    """The chart, with its sentences joined and, where it is so, the mark of synthetic figures."""
    said = [_ended(sentence) for sentence in sentences if sentence]
    if synthetic:
        said.insert(0, text(lang, "charts.synthetic_sentence"))
        figure["layout"]["annotations"].append(_watermark(lang, figure["layout"]["margin"]["t"]))
    label = text(lang, "charts.label", title=title, first=said[0] if said else "")
    height = figure["layout"]["height"]
    return Chart(name, figure, title, " ".join(said), table, height, label.strip(), synthetic)


def layout(lang: str, height: int, *, left: int, right: int, top: int, bottom: int) -> Figure:
    """The bare layout: no template, no legend, the page's font, the language's separators."""
    return {
        "height": height,
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": "".join(separators(lang)),
        "font": {"family": FONT, "size": LABEL_SIZE, "color": INK},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": MUTED, "font": {"color": INK}},
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 4},
        "annotations": [],
        "shapes": [],
    }


def axis(low: float, high: float, **more: Any) -> Figure:
    """An axis from `low` to `high` with quiet grid lines and numbers in the language."""
    plain = {
        "range": [low, high],
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "gridcolor": RULE,
        "tickfont": {"color": MUTED},
        "nticks": 5,
        "tickformat": ",~f",
    }
    return plain | more


def note(words: str, **place: Any) -> Figure:
    """A text in the figure; it is plain unless `place` says otherwise."""
    return {"text": words, "showarrow": False, "align": "left", "font": {"color": INK}} | place


def _ended(sentence: str) -> str:
    """The sentence with one full stop, also after an abbreviation."""
    return sentence[:-1] if sentence.endswith("..") else sentence


def _watermark(lang: str, room: int) -> Figure:
    return note(
        plain(text(lang, "charts.synthetic")),
        name="synthetic",
        xref="paper",
        yref="paper",
        x=1,
        xanchor="right",
        y=1,
        yanchor="bottom",
        yshift=room - 24,
        font={"color": MUTED, "size": LABEL_SIZE},
        bordercolor=MUTED,
        borderwidth=1,
        borderpad=2,
    )


def plain(words: str) -> str:
    """Words as they are, in a figure that would else read markup in them."""
    return escape(words, quote=False)


def wrapped(words: str, width: int) -> str:
    """Words in lines of at most `width` characters where they can be broken."""
    return "<br>".join(plain(line) for line in textwrap.wrap(words, width) or [words])


def text_width(lines: Iterable[str]) -> int:
    """The pixels of the longest line of texts (lines parted by `<br>`)."""
    return round(
        CHARACTER * max((len(part) for row in lines for part in row.split("<br>")), default=0)
    )


def spread(
    wanted: Sequence[float], sizes: Sequence[float], room: float | None = None
) -> list[float]:
    """Places near the wanted ones (pixels) at which labels of these heights do not overlap.

    With `room` they all stand between 0 and it, as far as their heights together let them.
    """
    order = sorted(range(len(wanted)), key=lambda item: wanted[item])
    groups: list[tuple[list[int], float, float]] = []  # items, middle, height together
    for item in order:
        members, middle, height = [item], wanted[item], sizes[item]
        while groups and groups[-1][1] + groups[-1][2] / 2 > middle - height / 2:
            before, centre, tall = groups.pop()
            middle = (centre * len(before) + middle * len(members)) / (len(before) + len(members))
            members, height = before + members, tall + height
        groups.append((members, middle, height))
    places = [0.0] * len(wanted)
    for members, middle, height in groups:
        at = middle - height / 2
        for item in members:
            places[item] = at + sizes[item] / 2
            at += sizes[item]
    return places if room is None else _inside(places, sizes, room)


def _inside(places: list[float], sizes: Sequence[float], room: float) -> list[float]:
    """The places pushed down from above the room, then up from below it, in their order."""
    order = sorted(range(len(places)), key=lambda item: places[item])
    ceiling = room
    for item in reversed(order):
        places[item] = min(places[item], ceiling - sizes[item] / 2)
        ceiling = places[item] - sizes[item] / 2
    floor = 0.0
    for item in order:
        places[item] = max(places[item], floor + sizes[item] / 2)
        floor = places[item] + sizes[item] / 2
    return places
