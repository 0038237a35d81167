"""In which weightings a unit is ahead, and in which an order holds: linear programmes, exact.

`values` are units by components, higher is better, without gaps. The region of weights in which
`a` is ahead of `b`, or a whole order holds, is what is left of the allowed set after cutting it by
one plane per pair; its limits in each component are two linear programmes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from barometer_lib.ranking.weight_sets import WeightSet, greatest_leads, least_leads

Array = NDArray[np.float64]
ALWAYS, NEVER, SOMETIMES = "always", "never", "sometimes"


@dataclass(frozen=True)
class Region:
    """Where an order holds. `empty`: under no allowed weighting.

    `low` and `high` are the limits of each component's share within the region (NaN where empty),
    `central` a weighting inside it, in which the narrowest lead of the order is as wide as it can
    be, and `lead` that lead in points. A `lead` of 0: the order holds only with ties.
    """

    empty: bool
    low: Array
    high: Array
    central: Array
    lead: float


def standing(values: Array, unit: int, allowed: WeightSet) -> list[str]:
    """Of each other unit: is it ahead of `unit` `always`, `never` or `sometimes`?

    A tie is not ahead. The unit itself is `never` ahead.
    """
    leads = values - values[unit]
    least, most = least_leads(leads, allowed), greatest_leads(leads, allowed)
    return [
        ALWAYS if low > 0 else NEVER if high <= 0 else SOMETIMES
        for low, high in zip(least, most, strict=True)
    ]


def pair_region(values: Array, ahead: int, behind: int, allowed: WeightSet) -> Region:
    """The weightings in which one unit scores at least as high as another."""
    return order_region(values, [ahead, behind], allowed)


def order_region(values: Array, order: Sequence[int], allowed: WeightSet) -> Region:
    """The weightings in which the units of `order` stand in that order, best first.

    Units that are not named may stand anywhere.
    """
    from scipy.optimize import linprog

    gaps = np.array([values[a] - values[b] for a, b in pairwise(order)])
    gaps = gaps.reshape(-1, allowed.size)
    sums = np.ones((1, allowed.size))
    limits = list(zip(allowed.low, allowed.high, strict=True))
    # Widest narrowest lead: maximise t with every lead at least t.
    widest = linprog(
        [*np.zeros(allowed.size), -1.0],
        A_ub=np.hstack([-gaps, np.ones((len(gaps), 1))]) if len(gaps) else None,
        b_ub=np.zeros(len(gaps)) if len(gaps) else None,
        A_eq=[[*sums[0], 0.0]],
        b_eq=[1.0],
        bounds=[*limits, (0.0, 1e6)],
    )
    nothing = np.full(allowed.size, np.nan)
    if not widest.success:
        return Region(True, nothing, nothing, nothing, 0.0)
    ends = np.empty((2, allowed.size))
    for component in range(allowed.size):
        for row, sign in enumerate((1.0, -1.0)):
            cost = np.zeros(allowed.size)
            cost[component] = sign
            found = linprog(
                cost,
                A_ub=-gaps if len(gaps) else None,
                b_ub=np.zeros(len(gaps)) if len(gaps) else None,
                A_eq=sums,
                b_eq=[1.0],
                bounds=limits,
            )
            ends[row, component] = found.x[component] if found.success else np.nan
    return Region(False, ends[0], ends[1], widest.x[:-1], float(widest.x[-1]))
