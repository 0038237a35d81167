"""Stored questions about an index itself: its entry, its parts, the targets set on its ranks."""

from __future__ import annotations

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session


def entry(session: Session, index: str) -> Row:
    """The index: unit, home city, whether its weights are public, its source's address."""
    return session.rows(
        """select d.*, s.address as source_address from index_definition d
        left join source s using (source) where "index" = $index""",
        {"index": index},
    )[0]


def scope_rule(session: Session, index: str, scope: str) -> Row:
    """What cuts a scope of an index. Both are known codes."""
    return session.rows(
        'select * from index_scope where "index" = $index and scope = $scope',
        {"index": index, "scope": scope},
    )[0]


def components(session: Session, index: str) -> list[Row]:
    """The parts of an index in their own order."""
    return session.rows(
        'select * from index_component where "index" = $index order by number', {"index": index}
    )


def targets(session: Session, index: str) -> list[Row]:
    """The targets set on a city's rank in an index, with their source's address."""
    return session.rows(
        """select t.*, s.address as source_address from target t left join source s using (source)
        where "index" = $index order by t.position""",
        {"index": index},
    )


def edition_scores(session: Session, index: str, edition: str | None, scope: str) -> list[Row]:
    """Scores of an edition whose city has no rank in a scope, highest first.

    With `edition` blank the scores that name no edition.
    """
    return session.rows(
        """select x.*, s.address as source_address from index_score x
        left join source s using (source)
        where "index" = $index and edition is not distinct from $edition and score is not null
          and not exists (select 1 from index_rank r where r."index" = x."index"
            and r.city = x.city and r.edition = x.edition and r.scope = $scope)
        order by score desc, city""",
        {"index": index, "edition": edition, "scope": scope},
    )


RANK_TABLES = (
    "index_definition", "index_edition", "index_scope", "index_weight", "index_score",
    "index_component_score", "index_rank", "index_field_size",
)  # fmt: skip


def rank_tables(session: Session, index: str) -> dict[str, list[Row]]:
    """Every row that a change of rank in one index is worked out from, by table."""
    found = {
        name: session.rows(f'select * from {name} where "index" = $index', {"index": index})
        for name in RANK_TABLES
    }
    for name in ("dataset", "city", "city_population"):
        found[name] = session.rows(f"select * from {name}")
    return found


def rank_changes(session: Session, index: str, edition: str) -> list[Row]:
    """The stored changes of the home city's rank up to an edition, newest comparison first."""
    return session.rows(
        """select c.*, e.sort_day from index_rank_change c
        join index_edition e on e."index" = c."index" and e.edition = c.against
        where c."index" = $index and c.edition = $edition
        order by e.sort_day desc, c.kind, c.scope, c.against_scope""",
        {"index": index, "edition": edition},
    )


def score_notes(session: Session, index: str, city: str, editions: list[str]) -> list[Row]:
    """What the sources note beside a city's scores in some editions, in their own words."""
    return session.rows(
        """select edition, note, s.address as source_address from index_score x
        left join source s using (source) where "index" = $index and city = $city
          and note is not null and list_contains($editions, edition) order by edition""",
        {"index": index, "city": city, "editions": editions},
    )
