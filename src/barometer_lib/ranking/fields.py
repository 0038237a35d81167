"""Ranks of an index: published ones as published, computed ones only over a whole field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
SCOPE_LIMITS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "population-over-200000": ("inhabitants", lambda value: value > 200_000),
    "population-under-200000": ("inhabitants", lambda value: value < 200_000),
    "foreign-born-over-15": ("foreign_born_percent", lambda value: value > 15),
    "foreign-born-under-15": ("foreign_born_percent", lambda value: value < 15),
}


def ranked(scores: Mapping[str, float]) -> list[tuple[str, float, int, bool]]:
    """Cities by score, highest first: (city, score, rank, tied). Equal scores share a rank.

    Standard competition ranking (1, 2, 2, 4), as the published ranks count.
    """
    values = list(scores.values())
    found = []
    for city, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        rank = 1 + sum(1 for other in values if other > score)
        found.append((city, score, rank, values.count(score) > 1))
    return found


def computed_ranks(
    tables: Mapping[str, Sequence[Row]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Computed ranks, and the refusals where a field is not wholly scored.

    A rank is computed for an edition and scope only where the field's size is stated for that
    very edition (never a neighbouring one) and every city of it has a score. Scopes other than
    `all` also need every city's fact (inhabitants, foreign-born) that the scope is cut by.
    """
    ranks: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    for index in tables["index_definition"]:
        code = index["index"]
        editions = [row["edition"] for row in tables["index_edition"] if row["index"] == code]
        scopes = [row["scope"] for row in tables["index_scope"] if row["index"] == code]
        for edition in editions:
            scores = _scores(tables, code, edition)
            size = _field_size(tables, code, edition)
            for scope in scopes:
                cities, reason = _field(tables, scores, size, scope)
                told = _scope_size(tables, code, edition, scope)
                if size is None and told is not None and reason == "field_size_unknown":
                    reason = "scope_incomplete" if len(scores) < told else reason
                if reason is not None:
                    refusals.append(
                        {
                            "index": code,
                            "edition": edition,
                            "scope": scope,
                            "reason": reason,
                            "scored": len(scores),
                            "of": told if reason == "scope_incomplete" else size,
                        }
                    )
                    continue
                ranks.extend(_rows(tables, code, edition, scope, cities))
    return ranks, refusals


def _rows(
    tables: Mapping[str, Sequence[Row]],
    index: str,
    edition: str,
    scope: str,
    cities: Mapping[str, float],
) -> list[dict[str, Any]]:
    sources = {
        row["city"]: row["source"]
        for row in tables["index_score"]
        if row["index"] == index and row["edition"] == edition
    }
    synthetic = bool(tables["dataset"][0]["synthetic"])
    return [
        {
            "index": index,
            "edition": edition,
            "scope": scope,
            "city": city,
            "score": score,
            "rank": rank,
            "tied": tied,
            "of": len(cities),
            "kind": "computed",
            "source": sources[city],
            "synthetic": synthetic,
        }
        for city, score, rank, tied in ranked(cities)
    ]


def _scores(tables: Mapping[str, Sequence[Row]], index: str, edition: str) -> dict[str, float]:
    return {
        row["city"]: row["score"]
        for row in tables["index_score"]
        if row["index"] == index and row["edition"] == edition and row["score"] is not None
    }


def _field_size(tables: Mapping[str, Sequence[Row]], index: str, edition: str) -> int | None:
    """The size of the field stated for this edition: by its ranks, or by its own list."""
    sizes = {
        row["of"]
        for row in tables["index_rank"]
        if row["index"] == index
        and row["edition"] == edition
        and row["scope"] == "all"
        and row["of"] is not None
    } | {
        row["cities"]
        for row in tables["index_field_size"]
        if row["index"] == index and row["edition"] == edition and row["scope"] in (None, "all")
    }
    return sizes.pop() if len(sizes) == 1 else None


def _scope_size(
    tables: Mapping[str, Sequence[Row]], index: str, edition: str, scope: str
) -> int | None:
    """How many cities the published ranks of this edition and scope are of; blank where unsaid."""
    sizes = {
        row["of"]
        for row in tables["index_rank"]
        if (row["index"], row["edition"], row["scope"]) == (index, edition, scope)
        and row["of"] is not None
    }
    return sizes.pop() if len(sizes) == 1 else None


def _field(
    tables: Mapping[str, Sequence[Row]],
    scores: Mapping[str, float],
    size: int | None,
    scope: str,
) -> tuple[dict[str, float], str | None]:
    if not scores:
        return {}, "no_scores"
    if size is None:
        return {}, "field_size_unknown"
    if len(scores) != size:
        return {}, "field_incomplete"
    if scope == "all":
        return dict(scores), None
    if scope not in SCOPE_LIMITS:
        return {}, "scope_unknown_members"
    column, inside = SCOPE_LIMITS[scope]
    facts = {
        row["city"]: row[column] for row in tables["city_population"] if row[column] is not None
    }
    if any(city not in facts for city in scores):
        return {}, "city_facts_missing"
    cities = {city: score for city, score in scores.items() if inside(facts[city])}
    return cities, None if cities else "no_scores"
