"""The charts of the index page: the home city's path, the ranks of an edition, the field's size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib import charts
from barometer_lib.charts import Chart, Placed, Ranked, sparkline
from barometer_lib.errors import BadInput
from barometer_lib.locale import number, text
from barometer_lib.periods import parse
from barometer_lib.views.index_reading import StoredIndex

Row = Mapping[str, Any]
FEWEST = 2  # ranked cities, or fields, that make a picture


def rank_of(stored: StoredIndex, row: Row) -> Row | None:
    """The rank to show at an edition of the path: in the chosen scope where there is one."""
    ranks = row["ranks"] or []
    chosen = [rank for rank in ranks if rank["scope"] == stored.scope]
    return next(iter(chosen or ranks), None)


def path(stored: StoredIndex) -> Chart | None:
    """The home city's scores by edition with their ranks; none where it has no score."""
    if not stored.path:
        return None
    placed = []
    for row in stored.path:
        rank = rank_of(stored, row)
        where = stored.part("edition", row["edition"])
        if rank is None:
            placed.append(Placed(where, row["score"], code=row["edition"]))
            continue
        placed.append(
            Placed(
                where,
                row["score"],
                rank["rank"],
                bool(rank["tied"]),
                rank["of"],
                stored.part("scope", rank["scope"]),
                rank["kind"],
                row["edition"],
            )
        )
    return charts.path(
        placed,
        stored.lang,
        name="path",
        city=stored.label("city", stored.home),
        index_label=stored.label("index", stored.code),
        synthetic=stored.synthetic,
    )


def ranking(stored: StoredIndex) -> Chart | None:
    """A picture of the edition's ranks; none where fewer than two cities are known."""
    if len(stored.ranks) < FEWEST:
        return None
    rows = [
        Ranked(
            stored.label("city", row["city"]),
            row["score"],
            row["rank"],
            bool(row["tied"]),
            row["kind"],
            row["city"],
        )
        for row in stored.ranks
    ]
    return charts.ranking(
        rows,
        stored.lang,
        name="ranking",
        index_label=stored.label("index", stored.code),
        of=stored.ranks[0]["of"],
        edition_label=stored.part("edition", stored.edition),
        scope_label=stored.part("scope", stored.scope),
        home_city=stored.label("city", stored.home),
        synthetic=stored.synthetic,
    )


def whole_fields(stored: StoredIndex) -> list[Row]:
    """The fields of all cities, in the order of the list."""
    return [row for row in stored.fields if row["scope"] in (None, "all")]


def spark(stored: StoredIndex) -> str:
    """The sizes of the fields whose date can be read, as a picture of a word's size."""
    places, sizes = [], []
    for row in whole_fields(stored):
        try:
            place = parse(row["edition_text"] or "").midpoint
        except BadInput:
            continue
        places.append(place)
        sizes.append(float(row["cities"]))
    if len(sizes) < FEWEST:
        return ""
    words = {"first": number(sizes[0], stored.lang, 0), "last": number(sizes[-1], stored.lang, 0)}
    label = text(stored.lang, "icc_index.meaning.spark", **words)
    return sparkline(sizes, stored.lang, label=label, places=places)
