"""What is asked of an index's components: scores, weights, and which editions have them."""

from __future__ import annotations

from typing import Any

from barometer_lib.store.sessions import Session

Row = dict[str, Any]


def editions_with_components(session: Session, index: str) -> list[str]:
    """Editions of an index with component scores, newest first."""
    return session.codes(
        """select edition from index_edition e where e."index" = $index and exists (
          select 1 from index_component_score s where s."index" = e."index"
            and s.edition = e.edition and s.score is not null) order by sort_day desc, edition""",
        {"index": index},
    )


def component_codes(session: Session, index: str) -> list[str]:
    """The components of an index, in its own order."""
    return session.codes(
        'select component from index_component where "index" = $index order by number',
        {"index": index},
    )


def component_scores(session: Session, index: str, edition: str) -> list[Row]:
    """Component scores of an edition: city, component, score (blank where missing), synthetic."""
    return session.rows(
        """select city, component, score, synthetic from index_component_score
        where "index" = $index and edition = $edition order by city, component""",
        {"index": index, "edition": edition},
    )


def edition_weights(session: Session, index: str, edition: str) -> list[Row]:
    """The weights an edition's scores were put together with; none where they are not known."""
    return session.rows(
        """select w.component, w.weight, w.basis from index_weight w join index_edition e
          on e."index" = w."index" and e.weights = w.weights
        where w."index" = $index and e.edition = $edition order by w.component""",
        {"index": index, "edition": edition},
    )


def ranked_cities(session: Session, index: str, edition: str, scope: str) -> list[str]:
    """The cities ranked in an edition and scope: those whose field is known."""
    return session.codes(
        """select distinct city from index_rank where "index" = $index and edition = $edition
        and scope = $scope order by city""",
        {"index": index, "edition": edition, "scope": scope},
    )
