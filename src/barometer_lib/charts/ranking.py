"""The ranking of one edition of an index: a dot per city, the home city set apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from barometer_lib.charts.dots import Dot, dot_figure
from barometer_lib.charts.frame import Chart, finished
from barometer_lib.charts.ranks import (
    Kind,
    field_words,
    kind_cell,
    rank_cell,
    rank_words,
    score_ends,
    score_words,
)
from barometer_lib.locale import list_of, ordinal, text
from barometer_lib.tables import Cell, Column, Table

LABEL_WIDTH = 28  # characters: a place, a city and that the place is shared


@dataclass(frozen=True)
class Ranked:
    """A city of an edition; score or rank may be unknown."""

    city: str
    score: float | None
    rank: int | None
    tied: bool = False
    kind: Kind = "published"
    code: str | None = None


def ranking(
    rows: Sequence[Ranked],
    lang: str,
    *,
    name: str,
    index_label: str,
    of: int | None,
    edition_label: str,
    scope_label: str,
    home_city: str | None = None,
    decimals: int | None = None,
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Chart:
    """The cities of one edition by score, each with its rank; the home city is set apart."""
    field = field_words(of, scope_label, lang)
    title = text(
        lang, "charts.ranking_title", index=index_label, edition=edition_label, field=field
    )
    ordered = sorted(rows, key=_order)
    dots = [
        Dot(
            _city_label(row, lang),
            row.score,
            score_words(row.score, lang, decimals),
            accent=row.city == home_city,
        )
        for row in ordered
    ]
    figure = dot_figure(
        dots,
        lang,
        unit="points",
        ends=score_ends(row.score for row in rows),
        label_width=LABEL_WIDTH,
        row=28,
        synthetic=synthetic,
    )
    table = Table(
        title,
        _ranking_columns(lang),
        [_ranking_row(row, lang, decimals) for row in ordered],
        notes,
        lang,
    )
    said = _ranking_summary(ordered, lang, decimals, home_city, edition_label, field)
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def _order(row: Ranked) -> tuple[float, float, str]:
    rank = math.inf if row.rank is None else row.rank
    return (math.inf if row.score is None else -row.score, rank, row.city)


def _city_label(row: Ranked, lang: str) -> str:
    if row.rank is None:
        return row.city
    form = "tied" if row.tied else "alone"
    label = {"ordinal": ordinal(row.rank, lang), "city": row.city}
    return text(lang, f"charts.rank_label.{form}", **label)


def _ranking_columns(lang: str) -> list[Column]:
    return [
        Column("city", text(lang, "charts.column.city"), kind="label"),
        Column("score", text(lang, "charts.column.score"), "right", "number"),
        Column("rank", text(lang, "charts.column.rank")),
        Column("kind", text(lang, "charts.column.kind")),
    ]


def _ranking_row(row: Ranked, lang: str, decimals: int | None) -> dict[str, Cell]:
    return {
        "city": Cell(row.code or row.city, row.city),
        "score": Cell(row.score, score_words(row.score, lang, decimals)),
        "rank": rank_cell(row.rank, row.tied, lang),
        "kind": kind_cell(row.rank, row.kind, lang),
    }


def _ranking_summary(
    rows: Sequence[Ranked],
    lang: str,
    decimals: int | None,
    home_city: str | None,
    edition_label: str,
    field: str,
) -> Iterator[str]:
    for row in rows:
        if row.city == home_city and row.rank is not None:
            yield text(
                lang,
                "charts.home_sentence",
                city=row.city,
                rank=rank_words(row.rank, row.tied, lang),
                field=field,
                edition=edition_label,
                score=score_words(row.score, lang, decimals),
                kind=text(lang, f"status.kind.{row.kind}"),
            )
    top = [row for row in rows if row.score is not None]
    if top:
        first = [row.city for row in top if row.score == top[0].score]
        score = score_words(top[0].score, lang, decimals)
        yield text(lang, "charts.top_sentence", cities=list_of(first, lang), score=score)
