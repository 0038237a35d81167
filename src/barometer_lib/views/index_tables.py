"""The tables of the index page; a rank stands with its edition, field, scope and ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.charts import rank_words
from barometer_lib.errors import BadInput
from barometer_lib.locale import number, period, text, with_unit
from barometer_lib.tables import Cell, Column, Kind, Table
from barometer_lib.views.index_reading import StoredIndex

Row = Mapping[str, Any]
FILE_COLUMNS = (
    "index", "edition", "scope", "city", "city_name", "score", "rank", "tied", "of", "kind", "low",
    "high", "held", "ahead_of_next", "source", "source_address",
)  # fmt: skip
KINDS: Mapping[str, Kind] = {"city": "label", "dated": "label", "source": "address"}
NUMBERS = ("score", "of")
NOTED_IN = "en"  # the language the deliveries' notes are written in


def _columns(lang: str, keys: Sequence[str]) -> list[Column]:
    return [
        Column(
            key,
            text(lang, f"icc_index.column.{key}"),
            "right" if key in NUMBERS else "left",
            "number" if key in NUMBERS else KINDS.get(key, "text"),
        )
        for key in keys
    ]


def _caption(stored: StoredIndex, words: str) -> str:
    if not stored.synthetic:
        return words
    return f"{words} · {text(stored.lang, 'charts.synthetic')}"


def _source(stored: StoredIndex, row: Row) -> Cell:
    name = stored.label("source", row["source"])
    return Cell(row["source_address"], name or text(stored.lang, "pages.source.none"))


def _of(row_of: int | None, lang: str) -> Cell:
    shown = text(lang, "numbers.value.unknown") if row_of is None else number(row_of, lang, 0)
    return Cell(row_of, shown)


def ranks_table(stored: StoredIndex) -> Table:
    """The ranks of the edition and scope, best first, each with its field and source."""
    lang = stored.lang
    title = text(
        lang,
        "icc_index.ranking.these",
        edition=stored.part("edition", stored.edition),
        scope=stored.part("scope", stored.scope),
    )
    columns = _columns(lang, ("city", "score", "rank", "of", "scope", "source"))
    rows = [
        {
            "city": Cell(row["city"], stored.label("city", row["city"])),
            "score": _score(row["score"], lang),
            "rank": Cell(
                row["rank"],
                rank_words(row["rank"], bool(row["tied"]), lang),
                text(lang, f"status.kind.{row['kind']}"),
            ),
            "of": _of(row["of"], lang),
            "scope": Cell(row["scope"], stored.part("scope", row["scope"])),
            "source": _source(stored, row),
        }
        for row in stored.ranks
    ]
    return Table(_caption(stored, title), columns, rows, lang=lang)


def _score(score: float | None, lang: str) -> Cell:
    if score is None:
        return Cell(None, text(lang, "numbers.value.unknown"))
    return Cell(score, with_unit(score, "points", lang))


def scores_table(stored: StoredIndex, rows: Sequence[Row], caption: str) -> Table:
    """Scores that have no rank, highest first."""
    lang = stored.lang
    cells = [
        {
            "city": Cell(row["city"], stored.label("city", row["city"])),
            "score": _score(row["score"], lang),
            "source": _source(stored, row),
        }
        for row in rows
    ]
    columns = _columns(lang, ("city", "score", "source"))
    return Table(_caption(stored, caption), columns, cells, lang=lang)


def fields_table(stored: StoredIndex) -> Table:
    """How many cities each dated report compared, in the order of the list."""
    lang = stored.lang
    rows = [
        {
            "dated": _dated(stored, row),
            "of": _of(row["cities"], lang),
            "source": _source(stored, row),
        }
        for row in stored.fields
    ]
    caption = text(lang, "icc_index.meaning.list")
    return Table(
        _caption(stored, caption), _columns(lang, ("dated", "of", "source")), rows, lang=lang
    )


def _dated(stored: StoredIndex, row: Row) -> Cell:
    """When a field was counted, in words where its date can be read, else as it was noted."""
    said, note, lang = row["edition_text"], None, None
    edition = row["edition"] or said
    words = stored.part("edition", edition)
    if words == edition and said:
        try:
            words = period(said, stored.lang)
        except BadInput:
            words = text(stored.lang, "icc_index.meaning.noted")
            note, lang = text(stored.lang, "icc_index.meaning.as_noted", words=said), NOTED_IN
    if row["scope"]:
        words = f"{stored.part('scope', row['scope'])}, {words}"
    return Cell(said or row["edition"], words, note, lang)


def claims_table(stored: StoredIndex) -> Table:
    """Ranks told in passing, with the words they were noted with."""
    lang = stored.lang
    rows = [
        {
            "city": Cell(row["city"], stored.label("city", row["city"])),
            "rank": Cell(
                row["claimed_rank"],
                rank_words(row["claimed_rank"], bool(row["claimed_tied"]), lang),
            ),
            "edition": Cell(
                row["edition"],
                stored.part("edition", row["edition"]) or text(lang, "numbers.value.unknown"),
            ),
            "of": _of(row["claimed_of"], lang),
            "scope": Cell(
                row["claimed_scope"],
                text(lang, "icc_index.claims.not_stated"),
                text(lang, "icc_index.meaning.as_noted", words=row["claimed_scope"]),
                NOTED_IN,
            ),
            "source": _source(stored, row),
        }
        for row in stored.claims
    ]
    columns = _columns(lang, ("city", "rank", "edition", "of", "scope", "source"))
    caption = text(lang, "icc_index.claims.caption")
    return Table(_caption(stored, caption), columns, rows, lang=lang)


def file_table(stored: StoredIndex) -> Table:
    """Ranks and scores of the edition and scope for a file, codes and words."""
    rows = [*stored.ranks, *stored.scores]
    blank = dict.fromkeys(FILE_COLUMNS)
    cells = []
    for row in rows:
        known = {**blank, **row, "scope": stored.scope, "kind": row.get("kind")}
        known["city_name"] = stored.label("city", row["city"])
        cells.append(
            {
                key: Cell(known[key], "-" if known[key] in (None, "") else str(known[key]))
                for key in FILE_COLUMNS
            }
        )
    return Table(stored.code, [Column(key, key) for key in FILE_COLUMNS], cells)
