"""A city's components: a bar for its own score, marks for leader, peers and its own past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from barometer_lib.charts.palette import ACCENT, INK, MUTED, RULE, SERIES
from barometer_lib.charts.ranks import score_words
from barometer_lib.locale import list_of, number, text
from barometer_lib.tables import Cell, Column, Table

ROW, BOTTOM, LABEL_WIDTH = 30, 34, 22
OTHERS = ("leader", "peers", "past")
MARKS = {"own": "●", "leader": "◆", "peers": "○", "past": "▏"}
SYMBOLS = {"own": "circle", "leader": "diamond", "peers": "circle-open", "past": "line-ns-open"}
COLOURS = {"own": ACCENT, "leader": INK, "peers": SERIES[1], "past": MUTED}
FAR = 10.0  # points from the peers that are worth a sentence


@dataclass(frozen=True)
class Profiled:
    """A component: the city's score, the leader's, its peers' mean, its own earlier one; blank
    where there is none. `rank` is its place among `of` cities with a score."""

    label: str
    own: float | None
    leader: float | None = None
    peers: float | None = None
    past: float | None = None
    rank: int | None = None
    of: int | None = None
    code: str | None = None


def profile(
    rows: Sequence[Profiled],
    lang: str,
    *,
    name: str,
    title: str,
    who: dict[str, str],
    synthetic: bool = False,
) -> Chart:
    """The components from top to bottom in the index's own order.

    `who` names the marks: `own` always, `leader`, `peers` and `past` where they are drawn.
    """
    labels = [wrapped(row.label, LABEL_WIDTH) for row in rows]
    shown = [one for one in ("own", *OTHERS) if one in who]
    top = 18 + LINE * len(shown) + (26 if synthetic else 0)
    words = [score_words(row.own, lang, 0) for row in rows]
    left, right = text_width(labels) + 14, text_width(words) + 18
    page = layout(lang, top + BOTTOM + ROW * len(rows), left=left, right=right, top=top,
                  bottom=BOTTOM)  # fmt: skip
    page["xaxis"] = axis(0, 100)
    page["yaxis"] = axis(
        -len(rows) + 0.5, 0.5, showgrid=False, tickmode="array",
        tickvals=[-place for place in range(len(rows))], ticktext=labels, tickfont={"color": INK},
    )  # fmt: skip
    page["bargap"] = 0.55
    page["annotations"] += [_legend(who[one], MARKS[one], COLOURS[one], place, left)
                            for place, one in enumerate(reversed(shown))]  # fmt: skip
    page["annotations"] += [_value(row, place, lang) for place, row in enumerate(rows)]
    figure = {"data": [_bars(rows), *(_dots(rows, one, who[one], lang) for one in reversed(shown))],
              "layout": page}  # fmt: skip
    table = _table(rows, lang, title, who)
    return finished(name, figure, title, _said(rows, lang, who), table, lang, synthetic=synthetic)


def _bars(rows: Sequence[Profiled]) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "name": "bars",
        "x": [row.own for row in rows],
        "y": [-place for place in range(len(rows))],
        "marker": {"color": RULE},
        "hoverinfo": "skip",
    }


def _dots(rows: Sequence[Profiled], which: str, name: str, lang: str) -> Figure:
    seen = [(place, row, getattr(row, which)) for place, row in enumerate(rows)]
    seen = [one for one in seen if one[2] is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": which,
        "x": [value for _, _, value in seen],
        "y": [-place for place, _, _ in seen],
        "cliponaxis": False,
        "marker": {
            "symbol": SYMBOLS[which],
            "size": 11 if which != "past" else 14,
            "color": COLOURS[which],
            "line": {"color": COLOURS[which], "width": 2},
            "opacity": 1,
        },
        "hovertext": [
            f"<b>{plain(row.label)}</b><br>{plain(name)}: {score_words(value, lang, 1)}"
            for _, row, value in seen
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _legend(words: str, mark: str, colour: str, place: int, left: int) -> Figure:
    """A line above the picture, from its left edge on."""
    return note(
        f"{mark} {plain(words)}", name="legend", xref="paper", yref="paper", x=0, y=1,
        xanchor="left", yanchor="bottom", xshift=4 - left, yshift=LINE * place + 4,
        font={"color": colour},
    )  # fmt: skip


def _value(row: Profiled, place: int, lang: str) -> Figure:
    shown = score_words(row.own, lang, 0)
    return note(
        f"<b>{plain(shown)}</b>", name="value", xref="paper", x=1, y=-place, xanchor="left",
        yanchor="middle", xshift=8,
    )  # fmt: skip


def _table(rows: Sequence[Profiled], lang: str, title: str, who: dict[str, str]) -> Table:
    shown = [one for one in ("own", *OTHERS) if one in who]
    columns = [Column("component", text(lang, "index_profile.column.component"), kind="label")]
    columns += [Column(one, who[one], "right", "number") for one in shown]
    columns.append(Column("rank", text(lang, "index_profile.column.rank"), "right"))
    body = []
    for row in rows:
        cells = {"component": Cell(row.code or row.label, row.label)}
        cells |= {one: _number(getattr(row, one), lang) for one in shown}
        known = row.rank is not None
        place = text(lang, "cli.rank", rank=row.rank, of=row.of) if known else _none(lang)
        cells["rank"] = Cell(row.rank, place)
        body.append(cells)
    return Table(title, columns, body, lang=lang)


def _number(value: float | None, lang: str) -> Cell:
    return Cell(value, _none(lang) if value is None else number(value, lang, 1))


def _none(lang: str) -> str:
    return text(lang, "numbers.value.unknown")


def _said(rows: Sequence[Profiled], lang: str, who: dict[str, str]) -> Iterator[str]:
    """The best and weakest component, and those far from the peers."""
    known: list[tuple[float, Profiled]] = [(row.own, row) for row in rows if row.own is not None]
    if not known:
        yield text(lang, "index_profile.none", city=who["own"])
        return
    for key, pick in (("most", max), ("least", min)):
        score = pick(value for value, _ in known)
        names = [row.label for value, row in known if value == score]
        yield text(lang, f"index_profile.{key}", components=list_of(names, lang),
                   score=score_words(score, lang, 0))  # fmt: skip
    if "peers" not in who:
        return
    for key, sign in (("above", 1), ("below", -1)):
        names = [row.label for value, row in known
                 if row.peers is not None and sign * (value - row.peers) >= FAR]  # fmt: skip
        if names:
            yield text(lang, f"index_profile.{key}", components=list_of(names, lang),
                       peers=who["peers"])  # fmt: skip
