"""How far an index's ranks hold: drawn ranks, what drives them, and where a rank is secured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from barometer_lib.api.order import order_answer
from barometer_lib.api.result import Result
from barometer_lib.errors import BadInput
from barometer_lib.ranking.combinations import Choices, filled
from barometer_lib.ranking.draws import Kind, WeightDraws
from barometer_lib.ranking.rank_bounds import rank_bounds
from barometer_lib.ranking.scored import ComponentTable
from barometer_lib.ranking.stress import Stress, drivers, stress
from barometer_lib.ranking.thresholds import rank_holds
from barometer_lib.ranking.weight_sets import WeightSet, every_weighting

STRESS_COLUMNS = (
    "unit", "score", "rank", "tied", "of", "low", "median", "high", "mean", "first", "held",
    "shift",
)  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """How weights are drawn and what else is chosen otherwise.

    `kind`, `spread` and `concentration` as in `WeightDraws`; `at_least` the smallest share (0-1) by
    component. `alone` draws weights and leaves normalisation, aggregation, imputation and the set
    of components as they stand.
    """

    kind: Kind = "any"
    spread: float = 0.25
    concentration: float = 50.0
    at_least: Mapping[str, float] = field(default_factory=dict)
    alone: bool = False
    draws: int = 10_000
    seed: int = 0

    def weights(self, table: ComponentTable) -> WeightDraws:
        """The law of the weights about the table's own."""
        least = np.zeros(len(table.components))
        for column, share in table.by_column(self.at_least).items():
            least[column] = share
        return WeightDraws(self.kind, table.weights, self.spread, self.concentration, least)


def stress_answer(
    table: ComponentTable,
    drawing: Drawing | None = None,
    unit: str | None = None,
    order: Sequence[str] = (),
) -> Result:
    """The ranks of every unit over the draws; with `unit` also where its rank is secured.

    Rows as documented for `barometer index stress`: one per unit, best first.
    """
    drawing = drawing or Drawing()
    row = None if unit is None else table.unit(unit)
    if len(table.units) < 2:
        raise BadInput("field_too_small", units=len(table.units))
    weights = drawing.weights(table)
    choices = None if drawing.alone else Choices()
    found = stress(table.values, weights, choices, draws=drawing.draws, seed=drawing.seed)
    rows = _rows(table, found)
    content: dict[str, Any] = {
        **facts(table),
        "draw": drawing.kind,
        "spread": drawing.spread if drawing.kind == "band" else None,
        "draws": drawing.draws,
        "seed": drawing.seed,
        "combinations": found.combinations,
        "mean_shift": round(float(found.shift.mean()), 3),
        "rows": rows,
        "drivers": [] if drawing.alone else _drivers(table, weights, drawing.seed),
        "unit": None if row is None else _secured(table, found, row, drawing.at_least),
        "order": order_answer(table, order, _allowed(table, drawing.at_least)) if order else None,
    }
    return Result(content, rows, STRESS_COLUMNS)


def facts(table: ComponentTable) -> dict[str, Any]:
    """What every answer about a field says of it: which it is, its weights, what was filled in."""
    share = table.weights / table.weights.sum()
    return {
        "index": table.index,
        "edition": table.edition,
        "scope": table.scope,
        "dataset": table.dataset,
        "synthetic": table.synthetic,
        "of": len(table.units),
        "weights_basis": table.basis,
        "components": [
            {"component": code, "weight": round(float(one), 6)}
            for code, one in zip(table.components, share, strict=True)
        ],
        "filled": [{"unit": unit, "component": component} for unit, component in table.gaps()],
    }


def _rows(table: ComponentTable, found: Stress) -> list[dict[str, Any]]:
    order = np.lexsort((np.array(table.units), found.rank))
    return [
        {
            "unit": table.units[unit],
            "score": round(float(found.score[unit]), 4),
            "rank": int(found.rank[unit]),
            "tied": bool(found.tied[unit]),
            "of": len(table.units),
            "low": int(found.low[unit]),
            "median": int(found.median[unit]),
            "high": int(found.high[unit]),
            "mean": round(float(found.mean[unit]), 2),
            "first": round(float(found.first[unit]), 4),
            "held": round(float(found.held[unit]), 4),
            "shift": round(float(found.shift[unit]), 3),
        }
        for unit in order
    ]


def _drivers(table: ComponentTable, weights: WeightDraws, seed: int) -> list[dict[str, Any]]:
    factors, found = drivers(table.values, weights, seed=seed)
    limits = (
        found.first, found.first_low, found.first_high,
        found.total, found.total_low, found.total_high,
    )  # fmt: skip
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    rows = [
        {"factor": factor}
        | {
            name: round(float(numbers[place]), 4) if np.isfinite(numbers[place]) else None
            for name, numbers in zip(names, limits, strict=True)
        }
        for place, factor in enumerate(factors)
    ]
    return sorted(rows, key=lambda one: -(one["total"] or 0.0))


def _secured(
    table: ComponentTable, found: Stress, unit: int, at_least: Mapping[str, float]
) -> dict[str, Any]:
    """Where a unit's rank holds: its conditions, proven bounds, and who it contends with."""
    values = filled(table.values, "mean")
    allowed = _allowed(table, at_least)
    rank, holds = rank_holds(values, unit, table.weights, allowed)
    bounds = rank_bounds(values, unit, allowed)
    return {
        "unit": table.units[unit],
        "rank": rank,
        "best": bounds.best,
        "worst": bounds.worst,
        "best_limit": bounds.best_limit,
        "worst_limit": bounds.worst_limit,
        "certain": bounds.certain,
        "best_weights": _weights(table, bounds.best_weights),
        "worst_weights": _weights(table, bounds.worst_weights),
        "holds": [
            {
                "kind": one.kind,
                "component": None if one.component is None else table.components[one.component],
                "share": one.share,
                "breaker": None if one.breaker is None else table.units[one.breaker],
            }
            for one in holds
        ],
        "contenders": _contenders(table, found, unit),
    }


def _weights(table: ComponentTable, shares: Sequence[float] | Any) -> list[dict[str, Any]]:
    return [
        {"component": code, "weight": round(float(one), 6)}
        for code, one in zip(table.components, shares, strict=True)
        if one > 5e-7
    ]


def _contenders(table: ComponentTable, found: Stress, unit: int) -> list[dict[str, Any]]:
    """The units nearest in rank, and how probable it is that ours is ahead of each."""
    ahead = found.counts.ahead
    if ahead is None:
        return []
    near = sorted(
        (other for other in range(len(table.units)) if other != unit),
        key=lambda other: (abs(int(found.rank[other] - found.rank[unit])), other),
    )[:6]
    return [
        {
            "unit": table.units[other],
            "rank": int(found.rank[other]),
            "ahead": round(float(ahead[unit, other] / found.counts.draws), 4),
        }
        for other in sorted(near, key=lambda one: int(found.rank[one]))
    ]


def _allowed(table: ComponentTable, at_least: Mapping[str, float]) -> WeightSet:
    """Every weighting in which the named components have at least these shares (0-1)."""
    allowed = every_weighting(len(table.components))
    for column, share in table.by_column(at_least).items():
        allowed = allowed.with_least(column, share)
    return allowed
