"""Changes of rank from an index's tables: whole fields split, published ranks as far as told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Self

from barometer_lib.ranking.change import Editions, Split, split, told_of_published
from barometer_lib.ranking.fields import Field, Row, Tables

HALF_UP = 1e-9  # a half that floating point left a hair below


@dataclass(frozen=True)
class Weighing:
    """How the scores of an index come from their components, as far as that is known."""

    decimals: int
    sets: Mapping[str, Mapping[str, float]]  # set -> component -> weight
    stated: Mapping[str, str | None]  # edition -> set
    components: Mapping[str, Mapping[str, Mapping[str, float]]]  # edition -> city -> component

    @classmethod
    def of(cls, tables: Tables, index: str) -> Self:
        """The rows of one index, sorted out once."""
        sets: dict[str, dict[str, float]] = {}
        for row in tables["index_weight"]:
            if row["index"] == index:
                sets.setdefault(row["weights"], {})[row["component"]] = row["weight"]
        parts: dict[str, dict[str, dict[str, float]]] = {}
        for row in tables["index_component_score"]:
            if row["index"] == index and row["score"] is not None:
                cities = parts.setdefault(row["edition"], {})
                cities.setdefault(row["city"], {})[row["component"]] = row["score"]
        entry = next(row for row in tables["index_definition"] if row["index"] == index)
        stated = {
            row["edition"]: row["weights"]
            for row in tables["index_edition"]
            if row["index"] == index
        }
        return cls(entry["decimals"], sets, stated, parts)

    def scores(self, edition: str, weights: str) -> dict[str, float]:
        """Every city's weighted mean of an edition, rounded half up as scores are published.

        A city that lacks a component that counts is left out.
        """
        by = {part: weight for part, weight in self.sets[weights].items() if weight > 0}
        total, step = sum(by.values()), 10.0**self.decimals
        return {
            city: math.floor(
                sum(weight * known[part] for part, weight in by.items()) / total * step
                + 0.5
                + HALF_UP
            )
            / step
            for city, known in self.components.get(edition, {}).items()
            if by.keys() <= known.keys()
        }


def rank_changes(tables: Tables) -> list[dict[str, Any]]:
    """Every change of the home city's rank from an earlier edition to a later one.

    Computed ranks are compared within a scope. Published ranks too; where two editions have no
    published scope in common, each published rank is set against each, and both scopes are named.
    """
    found = []
    for entry in tables["index_definition"]:
        field = Field.of(tables, entry["index"])
        weighing = Weighing.of(tables, entry["index"])
        order = sorted(field.editions, key=lambda row: (row["sort_day"], row["edition"]))
        for place, after in enumerate(order):
            for before in order[:place]:
                pairs = _pairs(field, entry["home_city"], after["edition"], before["edition"])
                found += [change_row(field, weighing, one, other) for one, other in pairs]
    return found


def _pairs(field: Field, city: str, after: str, before: str) -> Iterator[tuple[Row, Row]]:
    """The ranks of a city to compare: (later, earlier)."""
    for kind in ("published", "computed"):
        late, early = (
            [
                row
                for row in field.stated
                if (row["edition"], row["city"], row["kind"]) == (edition, city, kind)
            ]
            for edition in (after, before)
        )
        same = [
            (one, other) for one, other in product(late, early) if one["scope"] == other["scope"]
        ]
        yield from same or (product(late, early) if kind == "published" else ())


def change_row(field: Field, weighing: Weighing, after: Row, before: Row) -> dict[str, Any]:
    """The change from one rank of a city to a later one, as a row of the store's table."""
    row: dict[str, Any] = {
        "index": field.index,
        "city": after["city"],
        "edition": after["edition"],
        "against": before["edition"],
        "scope": after["scope"],
        "against_scope": before["scope"],
        "kind": after["kind"],
        "change": after["rank"] - before["rank"],
        "synthetic": field.synthetic,
    }
    for key, name in (("score", "score"), ("rank", "rank"), ("tied", "tied"), ("of", "of")):
        row[key] = after[name]
        row[f"{key}_against"] = before[name]
    if after["kind"] == "computed" and before["kind"] == "computed":
        return row | _split_of(field, weighing, after, before)
    same = after["scope"] == before["scope"]
    within = same or after["scope"] == "all"  # else the one field does not lie in the other
    told = told_of_published(before, after if within else {**after, "of": None})
    scopes = () if same else ("scopes_differ",) if within else ("fields_apart",)
    weights = {weighing.stated.get(one["edition"]) for one in (after, before)}
    method = ("method_not_stated",) if None in weights else ()
    low, high = told.field or (None, None)
    others_low, others_high = told.others or (None, None)
    return row | {
        **_BLANK,
        "change": row["change"] if within else None,
        "own": None if told.own is None or not within else float(told.own),
        "field_low": low,
        "field_high": high,
        "others_low": others_low,
        "others_high": others_high,
        "untold": [*told.untold, *scopes, *method],
    }


_BLANK: dict[str, Any] = {
    "own": None, "others": None, "field": None, "method": None, "field_low": None,
    "field_high": None, "others_low": None, "others_high": None, "common": None,
    "rank_common": None, "rank_common_against": None, "joined": None, "left": None,
    "joined_ahead": None, "left_ahead": None, "passed": None, "passed_by": None,
}  # fmt: skip


def _split_of(field: Field, weighing: Weighing, after: Row, before: Row) -> dict[str, Any]:
    new, old = after["edition"], before["edition"]
    late, _ = field.whole(new, after["scope"])
    early, _ = field.whole(old, before["scope"])
    weights_new, weights_old = weighing.stated.get(new), weighing.stated.get(old)
    method, untold = None, []
    editions = Editions(early, late)
    if weights_new is None or weights_old is None:
        untold.append("method_not_stated")
    elif weights_new == weights_old:
        method = 0.0
    else:
        turned = _reweighed(weighing, (old, early, weights_old), (new, late, weights_new))
        if turned is None:
            untold.append("not_reweighed")
        else:
            editions = Editions(early, late, *turned)
    found = split(editions, after["city"])
    parts = {name: float(share) for name, share in found.parts.items()}
    return {**_BLANK, **parts, "method": parts.get("method", method), **_facts(found),
            "untold": untold}  # fmt: skip


def _reweighed(
    weighing: Weighing,
    before: tuple[str, Mapping[str, float], str],
    after: tuple[str, Mapping[str, float], str],
) -> tuple[dict[str, float], dict[str, float]] | None:
    """Both fields' scores by the other edition's weights.

    Blank where a city lacks a component, or where an edition's scores do not come out of its own
    components and weights as they were published: then re-weighing would measure something else.
    """
    for edition, scores, weights in (before, after):
        own = weighing.scores(edition, weights)
        if any(city not in own or own[city] != score for city, score in scores.items()):
            return None
    by_new = weighing.scores(before[0], after[2])
    by_old = weighing.scores(after[0], before[2])
    if not (before[1].keys() <= by_new.keys() and after[1].keys() <= by_old.keys()):
        return None
    return ({city: by_new[city] for city in before[1]}, {city: by_old[city] for city in after[1]})


def _facts(found: Split) -> dict[str, Any]:
    names: Sequence[str] = (
        "common", "rank_common", "rank_common_against", "joined", "left", "joined_ahead",
        "left_ahead", "passed", "passed_by",
    )  # fmt: skip
    facts = {name: getattr(found, name) for name in names}
    return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}
