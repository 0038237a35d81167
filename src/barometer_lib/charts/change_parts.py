"""A change of rank taken apart: a bar for each part, to the left for up, to the right for down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from barometer_lib.charts.frame import (
    LINE,
    Chart,
    Figure,
    axis,
    finished,
    layout,
    note,
    plain,
    text_width,
    wrapped,
)
from barometer_lib.charts.palette import ACCENT, INK, MUTED
from barometer_lib.locale import text
from barometer_lib.tables import Cell, Column, Table

ROW, TOP, BOTTOM, LABEL_WIDTH = 40, 40, 20, 20


@dataclass(frozen=True)
class Part:
    """A part of a change in places, above 0 a fall; or the least and most it may be; or unknown."""

    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    code: str = ""
    total: bool = False

    @property
    def ends(self) -> tuple[float, float] | None:
        """Where its bar begins and ends; none where nothing is known."""
        if self.value is not None:
            return min(0.0, self.value), max(0.0, self.value)
        return None if self.low is None or self.high is None else (self.low, self.high)


def change_parts(
    parts: Sequence[Part],
    lang: str,
    *,
    name: str,
    title: str,
    sentences: Sequence[str],
    synthetic: bool = False,
) -> Chart:
    """The parts from top to bottom, the whole change last."""
    labels = [wrapped(part.label, LABEL_WIDTH) for part in parts]
    top = TOP + (22 if synthetic else 0)
    row = max(ROW, LINE * (max(one.count("<br>") for one in labels) + 2) + 6)
    page = layout(lang, top + BOTTOM + row * len(parts), left=text_width(labels) + 14, right=16,
                  top=top, bottom=BOTTOM)  # fmt: skip
    ends = [one for part in parts if part.ends for one in part.ends]
    reach = 1.15 * max([1.0, *map(abs, ends)])
    page["xaxis"] = axis(-reach, reach, showticklabels=False, nticks=9)
    page["yaxis"] = axis(
        -len(parts) + 0.5, 0.5, showgrid=False, tickmode="array",
        tickvals=[-place for place in range(len(parts))],
        ticktext=[f"<b>{label}</b>" if part.total else label
                  for part, label in zip(parts, labels, strict=True)],
        tickfont={"color": INK},
    )  # fmt: skip
    page["shapes"].append({"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1,
                           "line": {"color": INK, "width": 1}})  # fmt: skip
    page["annotations"] += [_end(lang, "up", 0.0), _end(lang, "down", 1.0)]
    page["annotations"] += [_words(part, place) for place, part in enumerate(parts)]
    figure = {"data": [_bars(parts)], "layout": page}
    return finished(name, figure, title, sentences, _table(parts, lang, title), lang,
                    synthetic=synthetic)  # fmt: skip


def _bars(parts: Sequence[Part]) -> Figure:
    seen = [(place, part, ends) for place, part in enumerate(parts) if (ends := part.ends)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "parts",
        "width": 0.34,
        "base": [ends[0] for _, _, ends in seen],
        "x": [ends[1] - ends[0] for _, _, ends in seen],
        "y": [-place - 0.14 for place, _, _ in seen],
        "marker": {
            "color": ["rgba(0,0,0,0)" if part.value is None else ACCENT if part.total else MUTED
                      for _, part, _ in seen],
            "line": {"color": [ACCENT if part.total else MUTED for _, part, _ in seen],
                     "width": 1.5},
        },
        "hovertext": [f"{plain(part.label)}: {plain(part.words)}" for _, part, _ in seen],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _words(part: Part, place: int) -> Figure:
    """Above the bar, on its own side of the middle."""
    ends = part.ends or (0.0, 0.0)
    left = ends[0] + ends[1] < 0
    return note(
        f"<b>{plain(part.words)}</b>" if part.total else plain(part.words),
        name="value", x=0, y=-place + 0.25, xanchor="right" if left else "left",
        yanchor="middle", xshift=-5 if left else 5, font={"color": INK},
    )  # fmt: skip


def _end(lang: str, way: str, at: float) -> Figure:
    return note(
        text(lang, f"index_profile.way.{way}"), name="way", xref="paper", yref="paper", x=at, y=1,
        xanchor="left" if at == 0 else "right", yanchor="bottom", yshift=4, font={"color": MUTED},
    )  # fmt: skip


def _table(parts: Sequence[Part], lang: str, title: str) -> Table:
    columns = [
        Column("part", text(lang, "rank_change.column.part"), kind="label"),
        *(Column(key, text(lang, f"rank_change.column.{key}"), "right", "number")
          for key in ("places", "low", "high")),
    ]  # fmt: skip
    rows = [
        {
            "part": Cell(part.code or part.label, part.label),
            "places": Cell(part.value, part.words if part.value is not None else _none(lang)),
            "low": Cell(part.low, _none(lang) if part.low is None else f"{part.low:g}"),
            "high": Cell(part.high, _none(lang) if part.high is None else f"{part.high:g}"),
        }
        for part in parts
    ]
    return Table(title, columns, rows, lang=lang)


def _none(lang: str) -> str:
    return text(lang, "numbers.value.unknown")
