"""How much a weight may move before a rank is lost: "fourth wherever education counts 5 per cent".

The least share of a component, or the widest band about the nominal weights, that keeps the same
units ahead. The set of weightings only shrinks as the share grows or the band narrows, so the edge
is found by halving; what is told is then proven once more in rational numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.ranking.weight_sets import (
    WeightSet,
    greatest_leads,
    least_leads,
    near,
    proven_least_lead,
)

Array = NDArray[np.float64]
STEPS = 1000  # thresholds are told in tenths of a per cent
SURE = 1e-8  # of the scale: a sum of products of some dozens of components errs by less than 1e-13


@dataclass(frozen=True)
class Hold:
    """A rank that holds under every weighting of a set, the set, and who breaks it just outside.

    `kind` is `at_least`, `at_most` (the share of `component`) or `band` (`component` blank: no
    share moves more than `share` of itself). `share` is 0-1. `breaker` is a unit whose place
    against ours changes one step further out, blank where the set cannot be wider.
    """

    kind: str
    component: int | None
    share: float
    rank: int
    breaker: int | None


def holds(values: Array, unit: int, ahead: NDArray[np.bool_], allowed: WeightSet) -> Array:
    """For each unit the least margin by which it stays on its side of `unit`; above 0 it does.

    Units `ahead` stay strictly ahead; the others never get ahead, so for them 0 will do.
    """
    leads = values - values[unit]
    least = least_leads(leads, allowed)
    behind = -greatest_leads(leads, allowed)
    return np.where(ahead, least, behind)


def _kept(values: Array, unit: int, ahead: NDArray[np.bool_], allowed: WeightSet) -> bool:
    margins = holds(values, unit, ahead, allowed)
    margins[unit] = 0.0
    return bool((margins >= -_rounding(values)).all())


def _rounding(values: Array) -> float:
    return 1e-11 * max(1.0, float(np.abs(values).max()))


def proven(values: Array, unit: int, ahead: NDArray[np.bool_], allowed: WeightSet) -> bool:
    """The same by rational numbers: each margin attained and bounded by the dual programme.

    A margin far above what rounding could have done to it needs no second look.
    """
    margins = holds(values, unit, ahead, allowed)
    margins[unit] = np.inf
    for other in np.flatnonzero(margins <= SURE * max(1.0, float(np.abs(values).max()))):
        lead = values[other] - values[unit]
        found = proven_least_lead(lead if ahead[other] else -lead, allowed)
        if found.bound != found.value or found.value < 0 or (ahead[other] and found.value == 0):
            return False
    return True


def rank_holds(values: Array, unit: int, nominal: Array, base: WeightSet) -> tuple[int, list[Hold]]:
    """The unit's nominal rank, and every one-component condition and band that secures it.

    A condition is left out where even the strictest of its kind does not secure the rank, and a
    component's where it asks for nothing (the rank holds under all of `base`: then one `Hold` of
    kind `always` stands alone).
    """
    share = nominal / nominal.sum()
    leads = (values - values[unit]) @ share
    scale = max(1.0, float(np.abs(values).max()))
    ahead = leads > 1e-9 * scale
    rank = 1 + int(ahead.sum())
    if _secured(values, unit, ahead, base):
        return rank, [Hold("always", None, 0.0, rank, None)]
    found = []
    for component in range(base.size):
        most = min(1.0, base.high[component], 1 - base.low.sum() + base.low[component])
        least = max(base.low[component], 1 - base.high.sum() + base.high[component])

        def at_least(step: int, component: int = component) -> WeightSet:
            return base.with_least(component, step / STEPS)

        def at_most(step: int, component: int = component) -> WeightSet:
            return base.with_most(component, 1 - step / STEPS)

        found += _edge(
            values, unit, ahead, at_least, int(most * STEPS + 1e-9), "at_least", component
        )
        last = int((1 - least) * STEPS + 1e-9)
        found += _edge(values, unit, ahead, at_most, last, "at_most", component)
    found += _edge(values, unit, ahead, lambda step: near(share, 1 - step / STEPS), STEPS, "band")
    return rank, found


def _secured(values: Array, unit: int, ahead: NDArray[np.bool_], allowed: WeightSet) -> bool:
    return _kept(values, unit, ahead, allowed) and proven(values, unit, ahead, allowed)


def _edge(
    values: Array,
    unit: int,
    ahead: NDArray[np.bool_],
    narrowed: Callable[[int], WeightSet],
    last: int,
    kind: str,
    component: int | None = None,
) -> list[Hold]:
    """The least step that secures the rank, by halving; none where the last one does not."""
    if last < 1 or not _kept(values, unit, ahead, narrowed(last)):
        return []
    out, inside = 0, last
    while inside - out > 1:
        middle = (out + inside) // 2
        out, inside = (
            (out, middle) if _kept(values, unit, ahead, narrowed(middle)) else (middle, inside)
        )
    while inside <= last and not proven(values, unit, ahead, narrowed(inside)):
        inside += 1  # the machine's rounding decided; one step inwards is exact
    if inside > last or (kind != "at_most" and inside == STEPS):
        return []  # the nominal weights alone, or one component alone, are no condition
    margins = holds(values, unit, ahead, narrowed(inside - 1))
    margins += np.where(ahead, -1, 1) * _rounding(values)  # a tie breaks a lead, no other place
    margins[unit] = np.inf
    share = inside / STEPS if kind == "at_least" else 1 - inside / STEPS
    rank = 1 + int(ahead.sum())
    return [Hold(kind, component, round(share, 3), rank, int(margins.argmin()))]
