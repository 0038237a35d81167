"""What is asked of a city in an index: its components, how sure its rank is, the ways up."""

from __future__ import annotations

from typing import Any

from barometer_lib.store.sessions import Session

Row = dict[str, Any]


def profile(
    session: Session,
    index: str,
    edition: str,
    city: str,
    *,
    leader: str | None,
    peers: list[str],
    against: str | None,
) -> list[Row]:
    """The city's components in the index's order: its own score and rank, the leader's, its peers'
    mean, and its own in an earlier edition; empty where the edition has no component scores."""
    return session.rows(
        """select c.component, c.number,
            max(p.score) filter (p.city = $city and p.edition = $edition) as own,
            max(p.rank) filter (p.city = $city and p.edition = $edition) as rank,
            max(p."of") filter (p.edition = $edition) as "of",
            max(p.score) filter (p.city = $leader and p.edition = $edition) as leader,
            avg(p.score) filter (list_contains($peers, p.city) and p.edition = $edition) as peers,
            max(p.score) filter (p.city = $city and p.edition = $against) as past
        from index_component c join index_profile p
            on p."index" = c."index" and p.component = c.component
        where c."index" = $index and p.edition in ($edition, $against)
        group by all having count(*) filter (p.edition = $edition) > 0 order by c.number""",
        {
            "index": index, "edition": edition, "city": city, "leader": leader or "",
            "peers": peers, "against": against or "",
        },
    )  # fmt: skip


def peers(session: Session, index: str, scope: str | None) -> list[str]:
    """The cities of the scope that holds a city's peers; none where no scope is named."""
    found = session.rows(
        'select cities from index_scope where "index" = $index and scope = $scope',
        {"index": index, "scope": scope or ""},
    )
    return list(found[0]["cities"] or []) if found else []


def ahead(session: Session, index: str, edition: str, scope: str, city: str) -> list[Row]:
    """How often a city is ahead of its neighbours in the list, best first."""
    return _of_city(session, "index_rank_ahead", index, edition, scope, city, "step")


def holds(session: Session, index: str, edition: str, scope: str, city: str) -> list[Row]:
    """The conditions under which a city's rank is certain."""
    return _of_city(session, "index_rank_hold", index, edition, scope, city, "kind, share")


def paths(session: Session, index: str, edition: str, scope: str, city: str) -> list[Row]:
    """The components to be raised for each better rank, most points first."""
    order = "wished, points desc, component"
    return _of_city(session, "index_rank_path", index, edition, scope, city, order)


def _of_city(
    session: Session, name: str, index: str, edition: str, scope: str, city: str, order: str
) -> list[Row]:
    return session.rows(
        f'select * from {name} where "index" = $index and edition = $edition '
        f"and scope = $scope and city = $city order by {order}",
        {"index": index, "edition": edition, "scope": scope, "city": city},
    )
