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
