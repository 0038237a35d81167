"""The ranks of one edition and scope as an answer, with all a rank may not be shown without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BarometerError, NotFound
from barometer_lib.store import indices, questions

SCOPE_KEYS = (
    "inhabitants_over", "inhabitants_under", "foreign_born_over", "foreign_born_under",
    "in_europe", "cities",
)  # fmt: skip
RANK_COLUMNS = (
    "city", "score", "rank", "tied", "of", "low", "high", "held", "ahead_of_next", "kind", "source",
    "synthetic",
)  # fmt: skip
DRAWN = ("draws", "combinations", "weights_basis", "filled")


def rank_answer(
    session: stores.Session, index: str, edition: str | None, scope: str | None
) -> Result:
    """The content of `Barometer.rank`: ranked cities, scores without a rank, and why nothing was
    computed where a field is not wholly scored.

    A computed rank carries the ranks of nine in ten draws (`low`, `high`), the share of draws at
    its own rank (`held`) and in which it is ahead of the next (`ahead_of_next`), as stored by the
    build; all are blank, and `interval` too, where the components are not public.

    Without `edition` the one where readers start, without `scope` all cities where they are
    ranked. Raises `BarometerError` naming what is published where there is neither.
    """
    code = questions.check_code(session, "index", index)
    editions = questions.editions(session, code)
    start = questions.dataset(session)
    if edition is None:
        edition = str(
            start["start_edition"] if code == start["start_index"] else editions[0]["edition"]
        )
    known = [str(row["edition"]) for row in editions]
    if edition not in known:
        raise NotFound("edition", edition, known)
    entry = next(row for row in editions if row["edition"] == edition)
    have = list(entry["scopes"] or [])
    scope = _scope(session, code, scope, have)
    ranks = questions.ranks(session, code, edition, scope)
    rows = [{**row, "source": row["source_address"]} for row in ranks]
    rows = [{key: row[key] for key in RANK_COLUMNS} for row in rows]
    drawn = next((row for row in ranks if row["draws"] is not None), None)
    refused = questions.refusal(session, code, edition, scope)
    if not rows and not questions.scores(session, code, edition):
        raise _unranked(code, edition, scope, refused, editions)
    with_rank = {row["city"] for row in rows}
    content = {
        "index": code,
        "edition": edition,
        "edition_date": entry["sort_day"],
        "edition_precision": entry["precision"],
        "weights": entry["weights"],
        "scope": scope,
        "scope_rule": _rule(indices.scope_rule(session, code, scope)),
        "dataset": session.dataset,
        "interval": None if drawn is None else {key: drawn[key] for key in DRAWN},
        "rows": rows,
        "scores_without_rank": [
            {"city": one["city"], "score": one["score"], "source": one["source_address"]}
            for one in questions.scores(session, code, edition)
            if refused is not None and one["city"] not in with_rank
        ],
        "computed_refused": None
        if refused is None
        else {"reason": refused["reason"], "scored": refused["scored"], "of": refused["of"]},
    }
    return Result(content, rows, RANK_COLUMNS)


def _rule(row: Mapping[str, Any]) -> dict[str, Any]:
    """What cuts a scope: its kind, and the limits or cities that are set."""
    return {key: row[key] for key in ("members", *SCOPE_KEYS)}


def _scope(session: stores.Session, index: str, scope: str | None, have: Sequence[str]) -> str:
    known = questions.scopes(session, index)
    if scope is None:
        return "all" if "all" in have or not have else have[0]
    if scope not in known:
        raise NotFound("scope", scope, known)
    return scope


def _unranked(
    index: str,
    edition: str,
    scope: str,
    refused: Mapping[str, Any] | None,
    editions: Sequence[Mapping[str, Any]],
) -> BarometerError:
    published = [
        f"{row['edition']} ({', '.join(row['scopes'])})" for row in editions if row["scopes"]
    ]
    return BarometerError(
        "rank_not_published",
        index=index,
        edition=edition,
        scope=scope,
        why="-" if refused is None else refused["reason"],
        published=published or ["-"],
    )
