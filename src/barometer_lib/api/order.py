"""Where an order of units holds: the region of weights, by linear programmes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from barometer_lib.errors import BadInput
from barometer_lib.ranking.combinations import filled
from barometer_lib.ranking.regions import order_region
from barometer_lib.ranking.scored import Array, ComponentTable
from barometer_lib.ranking.thresholds import rank_holds
from barometer_lib.ranking.weight_sets import WeightSet, least_leads

TIED = 1e-9  # points: a lead that is none


def order_answer(table: ComponentTable, order: Sequence[str], allowed: WeightSet) -> dict[str, Any]:
    """In which allowed weightings the units stand in this order, best first.

    `holds` is `always`, `sometimes`, `tied` (only where some of them tie) or `never`. `limits` are
    the least and greatest share each component has where the order holds, `central` the weighting
    in which its narrowest lead (`lead`, in points) is widest. For two units also the conditions on
    one weight that put the first ahead. Raises `BadInput` ("order_short") for fewer than two.
    """
    if len(set(order)) < 2 or len(set(order)) != len(order):
        raise BadInput("order_short", found=", ".join(order))
    rows = [table.unit(code) for code in order]
    values = filled(table.values, "mean")
    region = order_region(values, rows, allowed)
    told: dict[str, Any] = {
        "units": list(order),
        "holds": _how(values, rows, allowed, region.empty, region.lead),
        "lead": None if region.empty else round(region.lead, 4),
        "limits": [],
        "central": [],
        "conditions": [],
    }
    if region.empty:
        return told
    for code, low, high, middle in zip(
        table.components, region.low, region.high, region.central, strict=True
    ):
        limits = {"low": round(float(low), 6), "high": round(float(high), 6)}
        told["limits"].append({"component": code, **limits})
        told["central"].append({"component": code, "weight": round(float(middle), 6)})
    if len(rows) == 2:
        told["conditions"] = _conditions(table, values[rows], allowed)
    return told


def _how(values: Array, rows: Sequence[int], allowed: WeightSet, empty: bool, lead: float) -> str:
    if empty:
        return "never"
    gaps = values[list(rows[:-1])] - values[list(rows[1:])]
    if (least_leads(gaps, allowed) > TIED).all():
        return "always"
    return "tied" if lead <= TIED else "sometimes"


def _conditions(table: ComponentTable, two: Array, allowed: WeightSet) -> list[dict[str, Any]]:
    """One-weight conditions under which the first of two units is never behind the second."""
    rank, holds = rank_holds(two, 0, table.weights, allowed)
    return [
        {
            "kind": one.kind,
            "component": None if one.component is None else table.components[one.component],
            "share": one.share,
        }
        for one in holds
        if rank == 1
    ]
