"""Stress and what-if of an index of the store, or of a table of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from barometer_lib import store as stores
from barometer_lib.api.component_table import read_table
from barometer_lib.api.result import Result
from barometer_lib.api.stress import Drawing, stress_answer
from barometer_lib.api.what_if import Changes, Wish, what_if_answer
from barometer_lib.errors import BadInput, BarometerError, NotFound
from barometer_lib.ranking.draws import Kind
from barometer_lib.ranking.scored import ComponentTable, stored_table
from barometer_lib.store import components, questions

Place = Path | str | None


def field(
    index: str | None,
    table: Place,
    edition: str | None,
    scope: str | None,
    dataset: str,
    store: Place,
) -> ComponentTable:
    """The field that is asked for: a file, or an edition and scope of an index of the store.

    Raises `BadInput` ("index_or_table") unless exactly one is named, and `BarometerError`
    ("component_scores_unknown") where the components of an edition are not public.
    """
    if (index is None) == (table is None):
        raise BadInput("index_or_table")
    if table is not None:
        return read_table(table)
    with stores.session(store, dataset) as session:
        return _stored(session, str(index), edition, scope)


def _stored(
    session: stores.Session, index: str, edition: str | None, scope: str | None
) -> ComponentTable:
    code = questions.check_code(session, "index", index)
    known = [str(row["edition"]) for row in questions.editions(session, code)]
    scopes = questions.scopes(session, code)
    have = components.editions_with_components(session, code)
    if edition is not None and edition not in known:
        raise NotFound("edition", edition, known)
    if scope is not None and scope not in scopes:
        raise NotFound("scope", scope, scopes)
    asked = edition or (have[0] if have else known[0])
    if asked not in have:
        raise BarometerError(
            "component_scores_unknown", index=code, edition=asked, known=have or ["-"]
        )
    place = scope or "all"
    cities = components.ranked_cities(session, code, asked, place)
    if not cities and place != "all":
        raise BarometerError("scope_without_field", index=code, edition=asked, scope=place)
    return stored_table(
        components.component_scores(session, code, asked),
        components.component_codes(session, code),
        components.edition_weights(session, code, asked),
        cities or None,
        index=code,
        edition=asked,
        scope=place,
        dataset=session.dataset,
    )


def index_stress(
    index: str | None = None,
    *,
    table: Place = None,
    edition: str | None = None,
    scope: str | None = None,
    unit: str | None = None,
    weights: Mapping[str, float] | None = None,
    at_least: Mapping[str, float] | None = None,
    draw: Kind = "any",
    spread: float = 0.25,
    alone: bool = False,
    draws: int = 10_000,
    seed: int = 0,
    order: Sequence[str] = (),
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """How far the ranks of an index hold, and with `unit` where that unit's rank is secured; with
    `order` (units, best first) in which weightings that order holds.

    `weights` are your own nominal weights and `at_least` smallest shares (0-1), both by component;
    `draw` is `any`, `around` or `band` (with `spread`, 0-1); `alone` draws weights and leaves all
    other choices. Rows are units, best first; keys as documented for `barometer index stress`.
    """
    found = field(index, table, edition, scope, dataset, store).weighted(weights or {})
    drawing = Drawing(draw, spread, 50.0, at_least or {}, alone, draws, seed)
    return stress_answer(found, drawing, unit, order)


def index_what_if(
    index: str | None = None,
    unit: str = "",
    *,
    table: Place = None,
    edition: str | None = None,
    scope: str | None = None,
    points: Mapping[str, float] | None = None,
    scores: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    drop: Sequence[str] = (),
    wish: Wish | None = None,
    draw: Kind = "any",
    spread: float = 0.25,
    draws: int = 10_000,
    seed: int = 0,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """A unit's score, rank and rank interval before and after, and the path to a wished rank.

    `points` are added to components and `scores` set (0-100), `weights` are other weights, `drop`
    leaves components out. Rows are components; keys as documented for `barometer index what-if`.
    """
    found = field(index, table, edition, scope, dataset, store)
    changes = Changes(points or {}, scores or {}, weights or {}, drop)
    return what_if_answer(
        found, unit, changes, wish, Drawing(draw, spread, draws=draws, seed=seed)
    )  # fmt: skip
