"""One city's way through the editions of an index."""

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
from barometer_lib.charts.palette import ACCENT, MUTED
from barometer_lib.charts.ranks import (
    Kind,
    field_words,
    kind_cell,
    rank_cell,
    rank_words,
    score_ends,
    score_words,
)
from barometer_lib.locale import number, text
from barometer_lib.tables import Cell, Column, Table

SPACE = 18  # pixels between the words of two editions
TOP, BOTTOM = 40, 34
LINE_WIDTH = 24  # characters
OFF_LINE = 11  # pixels from the line to the middle of the words beside it


@dataclass(frozen=True)
class Placed:
    """A city in one edition: its score, its rank and the field and scope of that rank."""

    edition_label: str
    score: float | None
    rank: int | None = None
    tied: bool = False
    of: int | None = None
    scope_label: str | None = None
    kind: Kind = "published"
    code: str | None = None


def path(
    points: Sequence[Placed],
    lang: str,
    *,
    name: str,
    city: str,
    index_label: str,
    decimals: int | None = None,
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Chart:
    """A city's scores, edition below edition in the order given, each with its rank in words.

    Ranks of different fields are never joined by a line; scores are, thinly.
    """
    title = text(lang, "charts.path_title", city=city, index=index_label)
    figure = _path_figure(points, lang, decimals)
    rows = [_path_row(point, lang, decimals) for point in points]
    table = Table(title, _path_columns(lang), rows, notes, lang)
    said = [_path_sentence(point, lang, decimals) for point in points]
    fields = {(point.of, point.scope_label) for point in points if point.rank is not None}
    if len(fields) > 1:
        said.append(text(lang, "charts.fields_differ"))
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def _path_columns(lang: str) -> list[Column]:
    return [
        Column("edition", text(lang, "charts.column.edition"), kind="label"),
        Column("score", text(lang, "charts.column.score"), "right", "number"),
        Column("rank", text(lang, "charts.column.rank")),
        Column("of", text(lang, "charts.column.of"), "right", "number"),
        Column("scope", text(lang, "charts.column.scope")),
        Column("kind", text(lang, "charts.column.kind")),
    ]


def _path_row(point: Placed, lang: str, decimals: int | None) -> dict[str, Cell]:
    unknown = text(lang, "numbers.value.unknown")
    of = unknown if point.of is None else number(point.of, lang, 0)
    return {
        "edition": Cell(point.code or point.edition_label, point.edition_label),
        "score": Cell(point.score, score_words(point.score, lang, decimals)),
        "rank": rank_cell(point.rank, point.tied, lang),
        "of": Cell(point.of, of),
        "scope": Cell(point.scope_label, point.scope_label or unknown),
        "kind": kind_cell(point.rank, point.kind, lang),
    }


def _standing(point: Placed, lang: str) -> str:
    """Rank and field in words, or that no rank is known."""
    if point.rank is None:
        unknown = text(lang, "charts.rank.none")
        if point.of is None:
            return unknown
        field = field_words(point.of, point.scope_label, lang)
        return text(lang, "charts.standing_unknown", rank=unknown, field=field)
    rank = rank_words(point.rank, point.tied, lang)
    field = field_words(point.of, point.scope_label, lang)
    kind = text(lang, f"status.kind.{point.kind}")
    return text(lang, "charts.standing", rank=rank, field=field, kind=kind)


def _path_sentence(point: Placed, lang: str, decimals: int | None) -> str:
    score = score_words(point.score, lang, decimals)
    standing = _standing(point, lang)
    return text(
        lang, "charts.path_sentence", edition=point.edition_label, score=score, standing=standing
    )


def _path_figure(points: Sequence[Placed], lang: str, decimals: int | None) -> Figure:
    """Editions from top to bottom: the edition and its rank at the left, the score's dot beside."""
    low, high = score_ends(point.score for point in points)
    words = [score_words(point.score, lang, decimals) for point in points]
    headings = [_heading(point, lang) for point in points]
    row = LINE * max((one.count("<br>") + 1 for one in headings), default=1) + SPACE
    height = TOP + BOTTOM + row * max(len(points), 1)
    left, right = text_width(headings) + 14, text_width(words) + 20
    page = layout(lang, height, left=left, right=right, top=TOP, bottom=BOTTOM)
    page["xaxis"] = axis(low, high)
    page["yaxis"] = axis(-len(points) + 0.5, 0.5, showgrid=False, showticklabels=False)
    for place, heading in enumerate(headings):
        page["annotations"].append(_standing_note(heading, place))
        page["annotations"].append(_value(points, place, words[place], low))
    return {"data": [_scores(points, words)], "layout": page}


def _heading(point: Placed, lang: str) -> str:
    edition = wrapped(point.edition_label, LINE_WIDTH)
    return f"<b>{edition}</b><br>{wrapped(_standing(point, lang), LINE_WIDTH)}"


def _standing_note(words: str, place: int) -> Figure:
    return note(
        words,
        name="standing",
        xref="paper",
        x=0,
        xanchor="right",
        xshift=-10,
        align="right",
        y=-place,
        yanchor="middle",
    )


def _value(points: Sequence[Placed], place: int, words: str, low: float) -> Figure:
    """The words at a dot, moved off the line where it leaves or comes on their side."""
    score = points[place].score
    before, after = _known(points[:place][::-1]), _known(points[place + 1 :])
    shift = 0
    if score is not None and after is not None and after > score:
        shift = OFF_LINE
    elif score is not None and before is not None and before > score:
        shift = -OFF_LINE
    return note(
        plain(words),
        name="value",
        x=low if score is None else score,
        xanchor="left",
        xshift=10,
        y=-place,
        yanchor="middle",
        yshift=shift,
        font={"color": MUTED if score is None else ACCENT},
    )


def _known(points: Sequence[Placed]) -> float | None:
    """The first score that is known; blank where none is."""
    return next((point.score for point in points if point.score is not None), None)


def _scores(points: Sequence[Placed], words: Sequence[str]) -> Figure:
    """The dots of the scores that are known, joined by a thin line."""
    seen = [(place, point) for place, point in enumerate(points) if point.score is not None]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "scores",
        "x": [point.score for _, point in seen],
        "y": [-place for place, _ in seen],
        "line": {"color": ACCENT, "width": 1},
        "marker": {"color": ACCENT, "size": 9},
        "cliponaxis": False,
        "hovertext": [
            f"<b>{plain(point.edition_label)}</b><br>{plain(words[place])}" for place, point in seen
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
