"""Ranks of an index: published ones as published, computed ones only over a whole field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from barometer_lib.ranking.scopes import Facts, facts_of, members

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


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


@dataclass(frozen=True)
class Field:
    """What is known of one index: scores by edition, scopes, cities' facts, stated sizes."""

    index: str
    editions: Sequence[Row]
    scopes: Mapping[str, Row]
    scores: Mapping[str, Mapping[str, Row]]  # edition -> city -> row with a score
    facts: Facts
    stated: Sequence[Row]  # published ranks
    sizes: Sequence[Row]
    synthetic: bool

    @classmethod
    def of(cls, tables: Tables, index: str) -> Self:
        """The rows of one index, sorted out once."""

        def own(name: str) -> list[Row]:
            return [row for row in tables[name] if row["index"] == index]

        scores: dict[str, dict[str, Row]] = {}
        for row in own("index_score"):
            if row["score"] is not None:
                scores.setdefault(row["edition"], {})[row["city"]] = row
        return cls(
            index=index,
            editions=own("index_edition"),
            scopes={row["scope"]: row for row in own("index_scope")},
            scores=scores,
            facts=facts_of(tables["city"], tables["city_population"]),
            stated=own("index_rank"),
            sizes=own("index_field_size"),
            synthetic=bool(tables["dataset"][0]["synthetic"]),
        )

    def size(self, edition: str) -> int | None:
        """The size of the field stated for this edition: by its ranks, or by its own list."""
        sizes = {
            row["of"]
            for row in self.stated
            if row["edition"] == edition and row["scope"] == "all" and row["of"] is not None
        } | {
            row["cities"]
            for row in self.sizes
            if row["edition"] == edition and row["scope"] in (None, "all")
        }
        return sizes.pop() if len(sizes) == 1 else None

    def scope_size(self, edition: str, scope: str) -> int | None:
        """How many cities the published ranks of the scope are of; blank where unsaid."""
        sizes = {
            row["of"]
            for row in self.stated
            if (row["edition"], row["scope"]) == (edition, scope) and row["of"] is not None
        }
        return sizes.pop() if len(sizes) == 1 else None

    def whole(self, edition: str, scope: str) -> tuple[dict[str, float], str | None]:
        """The scores of every city of a field and scope, or why the field is not wholly known."""
        scores = self.scores.get(edition, {})
        size = self.size(edition)
        if not scores:
            return {}, "no_scores"
        if size is None:
            return {}, "field_size_unknown"
        if len(scores) != size:
            return {}, "field_incomplete"
        cities, reason = members(self.scopes[scope], scores, self.facts)
        if reason is None and not cities:
            reason = "no_scores"
        return {city: float(scores[city]["score"]) for city in cities}, reason


def computed_ranks(tables: Tables) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Computed ranks, and the refusals where a field is not wholly scored.

    A rank is computed for an edition and scope only where the field's size is stated for that
    very edition (never a neighbouring one) and every city of it has a score. Scopes by fact also
    need every city's fact (inhabitants, foreign-born, continent), and the sources to agree on it.
    """
    ranks: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    for index in tables["index_definition"]:
        field = Field.of(tables, index["index"])
        for edition in (row["edition"] for row in field.editions):
            for scope in field.scopes:
                scores, reason = field.whole(edition, scope)
                if reason is None:
                    ranks.extend(_rows(field, edition, scope, scores))
                else:
                    refusals.append(_refusal(field, edition, scope, reason))
    return ranks, refusals


def _refusal(field: Field, edition: str, scope: str, reason: str) -> dict[str, Any]:
    scored, size = len(field.scores.get(edition, {})), field.size(edition)
    told = field.scope_size(edition, scope)
    if size is None and told is not None and reason == "field_size_unknown" and scored < told:
        reason = "scope_incomplete"
    return {
        "index": field.index,
        "edition": edition,
        "scope": scope,
        "reason": reason,
        "scored": scored,
        "of": told if reason == "scope_incomplete" else size,
    }


def _rows(
    field: Field, edition: str, scope: str, scores: Mapping[str, float]
) -> list[dict[str, Any]]:
    return [
        {
            "index": field.index,
            "edition": edition,
            "scope": scope,
            "city": city,
            "score": score,
            "rank": rank,
            "tied": tied,
            "of": len(scores),
            "kind": "computed",
            "source": field.scores[edition][city]["source"],
            "synthetic": field.synthetic,
        }
        for city, score, rank, tied in ranked(scores)
    ]
