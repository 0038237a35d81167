"""The best and the worst rank a unit can have over all allowed weightings: integer programmes.

One binary per unit that is ahead in some weightings and not in others says whether it is ahead.
The worst rank asks for as many as can be ahead at once, the best for as few. The weighting found
is turned into fractions and the rank under it counted without rounding, so a rank that is told is
attained; that there is none beyond it is the solver's bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.quiet import nothing_printed
from barometer_lib.ranking.regions import ALWAYS, SOMETIMES, standing
from barometer_lib.ranking.weight_sets import (
    WeightSet,
    exact_rank,
    exact_shares,
    greatest_leads,
    least_leads,
)

Array = NDArray[np.float64]
HAIR = 1e-7  # of the largest lead: a lead that survives the rounding to fractions


@dataclass(frozen=True)
class RankBounds:
    """Ranks that are attained, the weightings that attain them, and the limits proven.

    No allowed weighting gives a rank below `best_limit` or above `worst_limit`. `certain` says
    that both limits are attained; where time ran out the truth lies between.
    """

    best: int
    worst: int
    best_weights: Array
    worst_weights: Array
    best_limit: int
    worst_limit: int

    @property
    def certain(self) -> bool:
        return self.best == self.best_limit and self.worst == self.worst_limit


def rank_bounds(
    values: Array, unit: int, allowed: WeightSet, *, seconds: float = 5.0
) -> RankBounds:
    """The best and worst rank of a unit. `values` as in `regions`; ties share the better rank."""
    stands = standing(values, unit, allowed)
    ahead = stands.count(ALWAYS)
    open_ = np.flatnonzero([one == SOMETIMES for one in stands])
    leads = values[open_] - values[unit]
    some = _some_weighting(allowed)
    if not len(open_):
        return RankBounds(1 + ahead, 1 + ahead, some, some, 1 + ahead, 1 + ahead)
    worst = _extreme(values, unit, allowed, leads, most=True, seconds=seconds)
    best = _extreme(values, unit, allowed, leads, most=False, seconds=seconds)
    worst_limit = min(1 + ahead + worst[2], 1 + ahead + len(open_))
    return RankBounds(
        best[0], worst[0], best[1], worst[1], min(1 + ahead + best[2], best[0]), worst_limit
    )


def _some_weighting(allowed: WeightSet) -> Array:
    free = 1 - allowed.low.sum()
    room = allowed.high - allowed.low
    return np.asarray(allowed.low + room * (free / room.sum() if room.sum() > 0 else 0.0))


def _extreme(
    values: Array, unit: int, allowed: WeightSet, leads: Array, *, most: bool, seconds: float
) -> tuple[int, Array, int]:
    """The rank attained, its weighting, and the proven number of open units that are ahead."""
    found, limit = _solve(leads, allowed, most, 0.0, seconds)
    found = _some_weighting(allowed) if found is None else found
    shares = exact_shares(found, allowed)
    rank = exact_rank(values, unit, shares)
    fixed = sum(one == ALWAYS for one in standing(values, unit, allowed))
    if rank != 1 + fixed + limit:
        # On the very edge of a region: look for a weighting a hair inside it.
        inner, _ = _solve(leads, allowed, most, HAIR * float(np.abs(leads).max()), seconds)
        if inner is not None:
            again = exact_shares(inner, allowed)
            other = exact_rank(values, unit, again)
            if (other > rank) == most and other != rank:
                rank, shares = other, again
    return rank, np.array([float(one) for one in shares]), limit


def _solve(
    leads: Array, allowed: WeightSet, most: bool, hair: float, seconds: float
) -> tuple[Array | None, int]:
    """The integer programme: as many (or few) of the leads positive as can be."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    count, size = leads.shape
    if most:  # ahead only where the lead is: lead >= hair - reach (1 - z)
        reach = hair - least_leads(leads, allowed)
        planes = LinearConstraint(np.hstack([leads, -np.diag(reach)]), hair - reach, np.inf)
    else:  # not ahead only where there is no lead: lead <= -hair + reach z
        reach = hair + greatest_leads(leads, allowed)
        planes = LinearConstraint(np.hstack([leads, -np.diag(reach)]), -np.inf, -hair)
    whole = LinearConstraint([[*np.ones(size), *np.zeros(count)]], 1.0, 1.0)
    with nothing_printed():
        answer = milp(
            [*np.zeros(size), *np.full(count, -1.0 if most else 1.0)],
            constraints=[planes, whole],
            bounds=Bounds([*allowed.low, *np.zeros(count)], [*allowed.high, *np.ones(count)]),
            integrality=[*np.zeros(size), *np.ones(count)],
            options={"time_limit": seconds},
        )
    worst = float(count) if most else 0.0
    bound = answer.mip_dual_bound
    told = worst if bound is None or not np.isfinite(bound) else abs(bound)
    limit = int(np.floor(told + 1e-6)) if most else int(np.ceil(told - 1e-6))
    return None if answer.x is None else np.asarray(answer.x[:size]), limit
