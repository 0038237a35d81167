"""Which cities a scope ranks together, decided by what is known of every city.

A city that stands exactly at a limit is in neither of the two scopes it divides. Where a fact is
missing for a city, or two sources put it on either side of the limit, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]  # city -> what each source states of it
LIMITS = (
    ("inhabitants_over", "inhabitants", 1),
    ("inhabitants_under", "inhabitants", -1),
    ("foreign_born_over", "foreign_born_percent", 1),
    ("foreign_born_under", "foreign_born_percent", -1),
)


def facts_of(cities: Iterable[Row], populations: Iterable[Row]) -> Facts:
    """What is known of each city: a row for every statement of its inhabitants."""
    known: dict[str, list[Row]] = {}
    for row in cities:
        known.setdefault(row["city"], []).append({"in_europe": row["in_europe"]})
    for row in populations:
        known.setdefault(row["city"], []).append(row)
    return known


def inside(scope: Row, stated: Sequence[Row]) -> bool | None:
    """Whether a city with these facts is in a scope by fact; `None` where that is not known.

    Raises `ValueError` where two statements put the city on either side.
    """
    answers = []
    if scope.get("in_europe") is not None:
        answers.append(_agreed([row["in_europe"] is scope["in_europe"] for row in stated
                                if row.get("in_europe") is not None]))  # fmt: skip
    for limit, fact, sign in LIMITS:
        if scope.get(limit) is not None:
            values = [row[fact] for row in stated if row.get(fact) is not None]
            answers.append(_agreed([sign * (value - scope[limit]) > 0 for value in values]))
    if False in answers:
        return False
    return None if None in answers else True


def _agreed(answers: Sequence[bool]) -> bool | None:
    if not answers:
        return None
    if len(set(answers)) > 1:
        raise ValueError
    return answers[0]


def members(scope: Row, cities: Iterable[str], facts: Facts) -> tuple[list[str], str | None]:
    """The cities of a field that a scope ranks, and why that cannot be told where it cannot."""
    field = list(cities)
    kind = scope["members"]
    if kind == "all":
        return field, None
    if kind == "not_stated":
        return [], "scope_unknown_members"
    if kind == "listed":
        return [city for city in field if city in scope["cities"]], None
    found = []
    for city in field:
        try:
            answer = inside(scope, facts.get(city, ()))
        except ValueError:
            return [], "city_facts_differ"
        if answer is None:
            return [], "city_facts_missing"
        if answer:
            found.append(city)
    return found, None
