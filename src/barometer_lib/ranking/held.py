"""How far every computed rank holds, who is ahead of whom, where the home city's rank is safe, and
what it would take to reach a better one.

Worked out when the store is built, so that a page only shows it. A field is drawn as `stress` draws
it: every weighting alike, over every way of making the index, with one seed. Nothing is said of a
field in which a city has no component scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from barometer_lib.ranking.combinations import Choices, filled
from barometer_lib.ranking.counting import RankCounts
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.plain_path import plain_path
from barometer_lib.ranking.scored import ComponentTable, Row, stored_table
from barometer_lib.ranking.stress import nominal_ranks, stress
from barometer_lib.ranking.thresholds import rank_holds
from barometer_lib.ranking.weight_sets import every_weighting

DRAWS, SEED, THREADS = 10_000, 0, 2
WISHES = 10  # the best ranks whose way is told
NEIGHBOURS = 3  # cities before and after in the list that a city is set against
Rows = list[dict[str, Any]]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class RankIntervals:
    """Rows of the store: intervals, who is ahead, when the home city's rank is sure, ways up."""

    intervals: Rows = field(default_factory=list)
    ahead: Rows = field(default_factory=list)
    holds: Rows = field(default_factory=list)
    paths: Rows = field(default_factory=list)


def rank_intervals(tables: Tables, draws: int = DRAWS) -> RankIntervals:
    """The intervals of all computed ranks whose field has component scores for every city."""
    found = RankIntervals()
    home = {row["index"]: row["home_city"] for row in tables["index_definition"]}
    for ranks in _fields(tables["index_rank"]):
        table = _table(tables, ranks)
        if table is None:
            continue
        drawn = stress(
            table.values, WeightDraws("any", table.weights), Choices(), draws=draws, seed=SEED,
            threads=THREADS,
        )  # fmt: skip
        key = {name: ranks[0][name] for name in ("index", "edition", "scope")}
        more = {
            "draws": draws,
            "combinations": drawn.combinations,
            "weights_basis": table.basis,
            "filled": len(table.gaps()),
            "synthetic": table.synthetic,
        }
        rows = {row["city"]: row for row in ranks}
        ends = (drawn.low, drawn.median, drawn.high)
        for place, city in enumerate(table.units):
            low, median, high = (int(end[place]) for end in ends)
            shares = drawn.counts.histogram[place] / draws
            found.intervals.append({
                **key, "city": city, "low": low, "median": median, "high": high,
                "first": float(shares[0]), "held": float(shares[rows[city]["rank"] - 1]), **more,
            })  # fmt: skip
        found.ahead.extend({**key, **row} for row in _ahead(table, ranks, drawn.counts))
        found.holds.extend({**key, **row} for row in _holds(table, home[key["index"]]))
        found.paths.extend({**key, **row} for row in _paths(table, home[key["index"]]))
    return found


def _fields(ranks: Sequence[Row]) -> Iterator[list[Row]]:
    """The computed ranks of each index, edition and scope, best first."""
    fields: dict[tuple[str, str, str], list[Row]] = {}
    for row in ranks:
        if row["kind"] == "computed":
            fields.setdefault((row["index"], row["edition"], row["scope"]), []).append(row)
    for rows in fields.values():
        if len(rows) > 1:
            yield sorted(rows, key=lambda row: (row["rank"], row["city"]))


def _table(tables: Tables, ranks: Sequence[Row]) -> ComponentTable | None:
    """The component scores of a field; none where a city or a whole component has none."""
    index, edition = ranks[0]["index"], ranks[0]["edition"]
    scores = [
        row
        for row in tables["index_component_score"]
        if row["index"] == index and row["edition"] == edition
    ]
    cities = [str(row["city"]) for row in ranks]
    if not set(cities) <= {row["city"] for row in scores if row["score"] is not None}:
        return None
    stated = next(
        row["weights"]
        for row in tables["index_edition"]
        if row["index"] == index and row["edition"] == edition
    )
    weights = [
        row for row in tables["index_weight"] if row["index"] == index and row["weights"] == stated
    ]
    components = [
        row["component"]
        for row in sorted(tables["index_component"], key=lambda row: int(row["number"]))
        if row["index"] == index
    ]
    table = stored_table(scores, components, weights, cities)
    return None if np.isnan(table.values).all(axis=0).any() else table


def _ahead(
    table: ComponentTable, ranks: Sequence[Row], counts: RankCounts
) -> Iterator[dict[str, Any]]:
    """How often each city is ahead of those next to it in the list."""
    if counts.ahead is None:
        return
    places = {city: place for place, city in enumerate(table.units)}
    for at, row in enumerate(ranks):
        near = range(max(0, at - NEIGHBOURS), min(len(ranks), at + NEIGHBOURS + 1))
        for beside in near:
            other = ranks[beside]
            if beside == at:
                continue
            wins = counts.ahead[places[row["city"]], places[other["city"]]]
            yield {
                "city": row["city"],
                "other": other["city"],
                "step": beside - at,
                "rank": row["rank"],
                "rank_other": other["rank"],
                "ahead": float(wins / counts.draws),
                "synthetic": table.synthetic,
            }


def _holds(table: ComponentTable, city: str) -> Iterator[dict[str, Any]]:
    """Where the home city's rank is proven to hold; nothing where it is in no such field."""
    if city not in table.units:
        return
    values = filled(table.values, "mean")
    allowed = every_weighting(len(table.components))
    _, holds = rank_holds(values, table.unit(city), table.weights, allowed)
    for one in holds:
        yield {
            "city": city,
            "kind": one.kind,
            "component": None if one.component is None else table.components[one.component],
            "share": one.share,
            "rank": one.rank,
            "breaker": None if one.breaker is None else table.units[one.breaker],
            "synthetic": table.synthetic,
        }


def _paths(table: ComponentTable, city: str) -> Iterator[dict[str, Any]]:
    """The fewest points by which the home city reaches each of the best ranks, by component."""
    if city not in table.units:
        return
    values, unit = filled(table.values, "mean"), table.unit(city)
    now = int(nominal_ranks(values @ (table.weights / table.weights.sum()))[unit])
    for wished in range(1, min(now, WISHES + 1)):
        found = plain_path(values, unit, table.weights, wished)
        told = {
            "city": city,
            "wished": wished,
            "possible": found.possible,
            "score": found.score,
            "rank": found.rank,
            "synthetic": table.synthetic,
        }
        for place in np.flatnonzero(found.points > 0):
            yield {
                **told,
                "component": table.components[place],
                "points": float(found.points[place]),
                "reaches": float(values[unit, place] + found.points[place]),
            }
