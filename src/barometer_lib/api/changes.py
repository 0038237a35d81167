"""The change of a city's rank between two editions as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BadInput, BarometerError, NotFound
from barometer_lib.ranking.changes import Weighing, change_row
from barometer_lib.ranking.fields import Field
from barometer_lib.store import indices, questions

Row = Mapping[str, Any]
PARTS = ("own", "others", "field", "method")
CHANGE_COLUMNS = ("part", "places", "low", "high")
SIDES = ("score", "rank", "tied", "of")
FIELD_FACTS = (
    "common", "rank_common", "rank_common_against", "joined", "left", "joined_ahead",
    "left_ahead", "passed", "passed_by",
)  # fmt: skip


def change_answer(
    session: stores.Session,
    index: str,
    edition: str | None,
    against: str | None,
    city: str | None,
    scopes: tuple[str | None, str | None],
) -> Result:
    """The content of `Barometer.rank_change`; `scopes` are those of the two editions."""
    code = questions.check_code(session, "index", index)
    tables = indices.rank_tables(session, code)
    field = Field.of(tables, code)
    one = city or str(tables["index_definition"][0]["home_city"])
    if one not in {row["city"] for row in tables["city"]}:
        raise NotFound("city", one, [row["city"] for row in tables["city"]])
    for asked in scopes:
        if asked is not None and asked not in field.scopes:
            raise NotFound("scope", asked, field.scopes)
    ranks = [row for row in field.stated if row["city"] == one]
    after, before = _editions(session, field, ranks, edition, against)
    late, early = _pair(code, one, ranks, (after, before), scopes)
    row = change_row(field, Weighing.of(tables, code), late, early)
    content = _content(session, row, {each["edition"]: each for each in field.editions})
    return Result(content, content["parts"], CHANGE_COLUMNS)


def _editions(
    session: stores.Session,
    field: Field,
    ranks: Sequence[Row],
    edition: str | None,
    against: str | None,
) -> tuple[str, str]:
    """The two editions: the reader's start or the newest ranked, and the ranked one before it."""
    order = [row["edition"] for row in sorted(field.editions, key=lambda row: row["sort_day"])]
    for asked in (edition, against):
        if asked is not None and asked not in order:
            raise NotFound("edition", asked, order)
    with_rank = {row["edition"] for row in ranks}
    start = questions.dataset(session)["start_edition"]
    newest = [one for one in order if one in with_rank] or order
    after = edition or (start if start in newest[1:] else newest[-1])
    earlier = [one for one in order[: order.index(after)] if one in with_rank]
    before = against or (earlier[-1] if earlier else order[0])
    if order.index(before) >= order.index(after):
        raise BadInput("editions_turned", edition=after, against=before)
    return after, before


def _pair(
    index: str,
    city: str,
    ranks: Sequence[Row],
    editions: tuple[str, str],
    scopes: tuple[str | None, str | None],
) -> tuple[Row, Row]:
    """The two ranks to compare: computed over whole fields where both are, else published."""
    late_scope, early_scope = scopes
    for kind in ("computed", "published"):
        late, early = (
            [row for row in ranks if (row["edition"], row["kind"]) == (edition, kind)]
            for edition in editions
        )
        late = [row for row in late if late_scope in (None, row["scope"])]
        wanted = early_scope or late_scope
        same = [row for row in early if wanted in (None, row["scope"])]
        early = same or (early if early_scope is None and kind == "published" else [])
        pairs = [(one, other) for one in late for other in early if one["scope"] == other["scope"]]
        if kind == "published" or wanted is not None:
            pairs += [(one, other) for one in late for other in early]
        if pairs:
            return min(pairs, key=lambda pair: pair[0]["scope"] != "all")
    known = sorted({f"{row['edition']} ({row['scope']}, {row['kind']})" for row in ranks})
    raise BarometerError(
        "rank_change_unknown",
        index=index,
        city=city,
        edition=editions[0],
        against=editions[1],
        ranks=known or ["-"],
    )


def _content(
    session: stores.Session, row: Mapping[str, Any], editions: Mapping[str, Row]
) -> dict[str, Any]:
    side: dict[str, Any] = {}
    for key in SIDES:
        side |= {key: row[key], f"{key}_against": row[f"{key}_against"]}
    dates = {
        "edition_date": editions[row["edition"]]["sort_day"],
        "against_date": editions[row["against"]]["sort_day"],
        "weights": editions[row["edition"]]["weights"],
        "weights_against": editions[row["against"]]["weights"],
    }
    return {
        "index": row["index"],
        "dataset": session.dataset,
        "synthetic": row["synthetic"],
        "city": row["city"],
        "edition": row["edition"],
        "against": row["against"],
        **dates,
        "scope": row["scope"],
        "against_scope": row["against_scope"],
        "kind": row["kind"],
        **side,
        "change": row["change"],
        "parts": [
            {
                "part": part,
                "places": row[part],
                "low": row.get(f"{part}_low"),
                "high": row.get(f"{part}_high"),
            }
            for part in PARTS
        ],
        **{key: row[key] for key in FIELD_FACTS},
        "untold": row["untold"],
        "notes": [
            {"edition": note["edition"], "note": note["note"], "source": note["source_address"]}
            for note in indices.score_notes(
                session, row["index"], row["city"], [row["edition"], row["against"]]
            )
        ],
    }
