"""What if: new component scores, other weights, a component less, and the path to a wished rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from barometer_lib.api.result import Result
from barometer_lib.api.stress import Drawing, facts
from barometer_lib.errors import BadInput
from barometer_lib.ranking.combinations import filled
from barometer_lib.ranking.path import PathRules, cheapest_path
from barometer_lib.ranking.scored import Array, ComponentTable
from barometer_lib.ranking.weight_sets import near
from barometer_lib.ranking.what_if import Position, position, raised, with_scores, without

WHAT_IF_COLUMNS = ("component", "score", "score_after", "weight", "weight_after", "points")


@dataclass(frozen=True)
class Changes:
    """What is made otherwise for one unit: points added, scores set, weights given, components
    dropped. All by component code; scores and points are of 0-100.
    """

    points: Mapping[str, float] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    drop: Sequence[str] = ()


@dataclass(frozen=True)
class Wish:
    """A rank that is wished for, and what the path to it may use.

    Caps (0-100) and costs per point by component, whole `step`s of points (0: any number), at most
    so many components, the lead in points of the total over those passed, and `sure`: how far the
    weights may move (0-1, of themselves) without the rank being lost.
    """

    rank: int
    caps: Mapping[str, float] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    step: float = 0.0
    most_components: int | None = None
    lead: float = 0.0
    sure: float = 0.0


def what_if_answer(
    table: ComponentTable,
    unit: str,
    changes: Changes | None = None,
    wish: Wish | None = None,
    drawing: Drawing | None = None,
) -> Result:
    """A unit's position before and after the changes, and after the path to the wished rank.

    Rows: one per component with the unit's score and weight before and after, and the points of the
    path. Missing scores of the field are filled with the component's mean and told.
    """
    changes, drawing = changes or Changes(), drawing or Drawing()
    row = table.unit(unit)
    if len(table.units) < 2:
        raise BadInput("field_too_small", units=len(table.units))
    values = filled(table.values, "mean")
    before = _position(table, values, row, drawing)
    new = table.weighted(changes.weights)
    changed = with_scores(values, row, table.by_column(changes.scores))
    changed = raised(changed, row, table.by_column(changes.points))
    left = _without(new, changes.drop)
    kept = [table.component(code) for code in left.components]
    path = None
    if wish is not None:
        path, changed[row, kept] = _path(left, changed[:, kept], row, wish)
    after = _position(left, changed[:, kept], row, drawing)
    rows = _rows(table, left, values[row], changed[row], path)
    content: dict[str, Any] = {
        **facts(table),
        "unit": unit,
        "draw": drawing.kind,
        "draws": drawing.draws,
        "seed": drawing.seed,
        "before": _told(before),
        "after": _told(after),
        "weights_after": left.basis,
        "dropped": list(changes.drop),
        "rows": rows,
        "path": path,
    }
    return Result(content, rows, WHAT_IF_COLUMNS)


def _position(table: ComponentTable, values: Array, row: int, drawing: Drawing) -> Position:
    held = {code: share for code, share in drawing.at_least.items() if code in table.components}
    law = Drawing(drawing.kind, drawing.spread, drawing.concentration, held)
    return position(values, row, law.weights(table), draws=drawing.draws, seed=drawing.seed)


def _told(found: Position) -> dict[str, Any]:
    return {**asdict(found), "score": round(found.score, 4), "held": round(found.held, 4)}


def _without(table: ComponentTable, drop: Sequence[str]) -> ComponentTable:
    if not drop:
        return table
    out = [table.component(code) for code in drop]
    law = Drawing().weights(table)
    values, weights = without(table.values, law, out)
    left = tuple(code for code in table.components if code not in set(drop))
    return replace(table, components=left, values=values, weights=weights.nominal)


def _path(
    table: ComponentTable, values: Array, row: int, wish: Wish
) -> tuple[dict[str, Any], Array]:
    """The path as facts, and the unit's scores at its end."""
    size = len(table.components)
    caps, costs = np.full(size, 100.0), np.ones(size)
    for into, given in ((caps, wish.caps), (costs, wish.costs)):
        for column, number in table.by_column(given).items():
            into[column] = number
    rules = PathRules(caps, costs, wish.step, wish.most_components, wish.lead)
    if not 0 <= wish.sure < 1:
        raise BadInput("path_rules")
    allowed = near(table.weights, wish.sure) if wish.sure else None
    found = cheapest_path(values, row, table.weights, wish.rank, rules, allowed=allowed)
    end = values[row] + found.points
    told = {
        "wished": wish.rank,
        "possible": found.possible,
        "rank": found.rank,
        "score": round(found.score, 4),
        "cost": round(found.cost, 4),
        "points": round(float(found.points.sum()), 4),
        "cheapest": found.cheapest,
        "sure": wish.sure,
        "steps": [
            {
                "component": table.components[column],
                "points": round(float(found.points[column]), 4),
                "to": round(float(end[column]), 4),
            }
            for column in np.argsort(-found.points, kind="stable")
            if found.points[column] > 0
        ],
    }
    return told, end


def _rows(
    table: ComponentTable,
    left: ComponentTable,
    before: Array,
    after: Array,
    path: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    weights = table.weights / table.weights.sum()
    shares = dict(zip(left.components, left.weights / left.weights.sum(), strict=True))
    points = {one["component"]: one["points"] for one in (path or {}).get("steps", [])}
    return [
        {
            "component": code,
            "score": round(float(before[column]), 4),
            "score_after": round(float(after[column]), 4) if code in shares else None,
            "weight": round(float(weights[column]), 6),
            "weight_after": round(float(shares[code]), 6) if code in shares else 0.0,
            "points": points.get(code, 0.0) if path else None,
        }
        for column, code in enumerate(table.components)
    ]
