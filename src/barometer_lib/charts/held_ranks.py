"""Ranks with how far they hold: a dot for each city's rank, a line for nine of ten draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from barometer_lib.charts.dots import Dot, dot_figure
from barometer_lib.charts.frame import Chart, finished
from barometer_lib.charts.ranks import field_words, rank_words, score_words
from barometer_lib.locale import number, text, text_count
from barometer_lib.tables import Cell, Column, Table

LABEL_WIDTH = 24
BEST, BESIDE = 8, 6  # cities drawn: the best, and those on either side of the home city


@dataclass(frozen=True)
class HeldRank:
    """A city's computed rank, its score, and the ranks of nine in ten draws; `ahead` is how often
    (0-1) it is ahead of the next city in the list."""

    city: str
    score: float
    rank: int
    tied: bool
    low: int
    high: int
    ahead: float | None = None
    code: str = ""


def held_ranks(
    rows: Sequence[HeldRank],
    lang: str,
    *,
    name: str,
    index_label: str,
    edition_label: str,
    scope_label: str,
    home_city: str,
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Chart:
    """The best cities and those around the home city in the picture, all of them in the table."""
    field = field_words(len(rows), scope_label, lang)
    title = text(
        lang, "charts.ranking_title", index=index_label, edition=edition_label, field=field
    )
    shown = drawn(rows, home_city)
    dots = [
        Dot(row.city, row.rank, words(row, lang), row.low, row.high, accent=row.city == home_city)
        for row in shown
    ]
    farthest = max(row.high for row in shown)
    figure = dot_figure(
        dots, lang, unit="rank", ends=(0.5, farthest + 0.5), label_width=LABEL_WIDTH, row=28,
        synthetic=synthetic,
    )  # fmt: skip
    table = Table(title, _columns(lang), [_row(row, lang) for row in rows], notes, lang)
    said = _said(rows, shown, lang, home_city, edition_label, field)
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def drawn(rows: Sequence[HeldRank], home_city: str) -> list[HeldRank]:
    """The best and the home city's neighbours, in order; all where that leaves few out."""
    if len(rows) <= BEST + 2 * BESIDE + 2:
        return list(rows)
    home = next((place for place, row in enumerate(rows) if row.city == home_city), 0)
    kept = {*range(BEST), *range(max(0, home - BESIDE), min(len(rows), home + BESIDE + 1))}
    return [row for place, row in enumerate(rows) if place in kept]


def words(row: HeldRank, lang: str) -> str:
    """The rank and its interval: "5 (2-25)"."""
    form = "tied" if row.tied else "alone"
    return text(lang, f"index_profile.held.{form}", rank=row.rank, low=row.low, high=row.high)


def _columns(lang: str) -> list[Column]:
    return [
        Column("city", text(lang, "charts.column.city"), kind="label"),
        Column("score", text(lang, "charts.column.score"), "right", "number"),
        Column("rank", text(lang, "charts.column.rank")),
        Column("interval", text(lang, "index_profile.column.interval")),
        Column("ahead", text(lang, "index_profile.column.ahead"), "right", "number"),
    ]


def _row(row: HeldRank, lang: str) -> dict[str, Cell]:
    unknown = text(lang, "numbers.value.unknown")
    ahead = unknown
    if row.ahead is not None:
        ahead = (
            f"{number(100 * row.ahead, lang, 0)}\N{NO-BREAK SPACE}{text(lang, 'stress.percent')}"
        )
    span = text(lang, "index_profile.held.span", low=row.low, high=row.high)
    return {
        "city": Cell(row.code or row.city, row.city),
        "score": Cell(row.score, score_words(row.score, lang, None)),
        "rank": Cell(row.rank, rank_words(row.rank, row.tied, lang)),
        "interval": Cell(row.low, span),
        "ahead": Cell(row.ahead, ahead),
    }


def _said(
    rows: Sequence[HeldRank],
    shown: Sequence[HeldRank],
    lang: str,
    home_city: str,
    edition_label: str,
    field: str,
) -> Iterator[str]:
    for row in rows:
        if row.city == home_city:
            yield text(
                lang, "index_profile.held.home", city=row.city, field=field,
                rank=rank_words(row.rank, row.tied, lang), edition=edition_label,
                score=score_words(row.score, lang, None), low=row.low, high=row.high,
            )  # fmt: skip
    first = rows[0]
    form = "always" if first.low == first.high else "first"
    yield text(lang, f"index_profile.held.{form}", city=first.city, low=first.low, high=first.high)
    left = len(rows) - len(shown)
    if left:
        yield text_count(lang, "index_profile.held.left_out", left)


def two_positions(
    rows: Sequence[HeldRank], lang: str, *, name: str, title: str, synthetic: bool = False
) -> Chart:
    """A city before and after something was tried: ranks with their intervals."""
    dots = [
        Dot(row.city, row.rank, words(row, lang), row.low, row.high, accent=place == len(rows) - 1)
        for place, row in enumerate(rows)
    ]
    ends = (0.5, max(row.high for row in rows) + 0.5)
    figure = dot_figure(dots, lang, unit="rank", ends=ends, synthetic=synthetic)
    columns = [one for one in _columns(lang) if one.key != "ahead"]
    body = [{key: cell for key, cell in _row(row, lang).items() if key != "ahead"} for row in rows]
    table = Table(title, columns, body, lang=lang)
    said = [f"{row.city}: {words(row, lang)}." for row in rows]
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)
