"""Which weightings are allowed, and the least and greatest lead of one unit over another in them.

A weighting is a share for each component, together 1; each share lies between a lowest and a
highest. A unit's lead over another is `sum(share * (its component - the other's))`, so its least
value over the set is a linear programme. With one sum and limits on each share that programme is
solved exactly by giving what is free to the worst components first; the dual value that proves it
is worked out in rational numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.draws import check_weights

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WeightSet:
    """The lowest and highest share of each component, 0-1. Raises `BadInput` where none is left."""

    low: Array
    high: Array

    def __post_init__(self) -> None:
        fits = self.low.shape == self.high.shape and self.low.ndim == 1
        if not fits or (self.low > self.high).any() or self.low.min() < 0:
            raise BadInput("weight_set_empty", low=_told(self.low), high=_told(self.high))
        if self.low.sum() > 1 + 1e-12 or self.high.sum() < 1 - 1e-12:
            raise BadInput("weight_set_empty", low=_told(self.low), high=_told(self.high))

    @property
    def size(self) -> int:
        return self.low.size

    def with_least(self, component: int, share: float) -> WeightSet:
        """The same set, but the component counts at least `share`."""
        low = self.low.copy()
        low[component] = max(low[component], share)
        return WeightSet(low, np.maximum(self.high, low))

    def with_most(self, component: int, share: float) -> WeightSet:
        """The same set, but the component counts at most `share`."""
        high = self.high.copy()
        high[component] = min(high[component], share)
        return WeightSet(self.low, high)


def _told(shares: Array) -> str:
    return ", ".join(f"{share:g}" for share in shares)


def every_weighting(components: int) -> WeightSet:
    """All shares from 0 to 1."""
    return WeightSet(np.zeros(components), np.ones(components))


def near(nominal: Array, change: float) -> WeightSet:
    """Every share within `change` (0-1) of its nominal one: 0.2 is from 0.8 to 1.2 times it."""
    check_weights(nominal)
    share = nominal / nominal.sum()
    return WeightSet(share * (1 - change), np.minimum(1.0, share * (1 + change)))


def least_leads(leads: Array, allowed: WeightSet) -> Array:
    """The least value of `sum(share * lead)` over the allowed weightings, for each row of leads."""
    order = np.argsort(leads, axis=1)
    rows = np.take_along_axis(leads, order, axis=1)
    room = (allowed.high - allowed.low)[order]
    before = np.cumsum(room, axis=1) - room
    free = 1 - allowed.low.sum()
    given = np.clip(free - before, 0, room)
    return np.asarray(leads @ allowed.low + (rows * given).sum(axis=1))


def greatest_leads(leads: Array, allowed: WeightSet) -> Array:
    """The greatest value of `sum(share * lead)` over the allowed weightings, row by row."""
    return -least_leads(-leads, allowed)


@dataclass(frozen=True)
class LeastLead:
    """The least lead in rational numbers: the weighting that gives it, and its proof.

    `bound` is the value of the dual programme for the multiplier `price` of the condition that
    shares sum to 1: no allowed weighting gives less. It equals `value`.
    """

    value: Fraction
    shares: tuple[Fraction, ...]
    price: Fraction
    bound: Fraction


def proven_least_lead(leads: Array, allowed: WeightSet) -> LeastLead:
    """As `least_leads` for one row, exact for the numbers as the machine holds them."""
    lead = [Fraction(float(one)) for one in leads]
    low, high = exact_limits(allowed)
    shares = list(low)
    free = 1 - sum(low)
    price = max(lead)
    for place in sorted(range(len(lead)), key=lambda one: lead[one]):
        given = min(free, high[place] - low[place])
        shares[place] += given
        free -= given
        if free == 0:
            price = lead[place]
            break
    value = sum((s * d for s, d in zip(shares, lead, strict=True)), Fraction(0))
    bound = price
    for d, least, most in zip(lead, low, high, strict=True):
        bound += least * max(d - price, Fraction(0)) - most * max(price - d, Fraction(0))
    return LeastLead(value, tuple(shares), price, bound)


def exact_limits(allowed: WeightSet) -> tuple[list[Fraction], list[Fraction]]:
    """The limits as short fractions: 0.05 means one twentieth, and sums are what they say."""
    low = [Fraction(float(one)).limit_denominator(10**9) for one in allowed.low]
    high = [Fraction(float(one)).limit_denominator(10**9) for one in allowed.high]
    return low, high


def exact_shares(shares: Array, allowed: WeightSet) -> list[Fraction]:
    """Allowed shares near to the given ones, as fractions that sum to exactly 1."""
    low, high = exact_limits(allowed)
    near_by = [
        min(max(Fraction(float(one)).limit_denominator(10**7), least), most)
        for one, least, most in zip(shares, low, high, strict=True)
    ]
    over = sum(near_by) - 1
    for place in sorted(range(len(near_by)), key=lambda one: -shares[one]):
        moved = min(max(near_by[place] - over, low[place]), high[place])
        over -= near_by[place] - moved
        near_by[place] = moved
        if over == 0:
            break
    return near_by


def exact_rank(values: Array, unit: int, shares: list[Fraction]) -> int:
    """The rank of a unit under a weighting, in rational numbers; ties share the better rank."""
    ahead = 0
    for other in range(len(values)):
        gaps = values[other] - values[unit]
        if other != unit and gaps.any():
            lead = sum(
                s * (Fraction(float(x)) - Fraction(float(y)))
                for s, x, y in zip(shares, values[other], values[unit], strict=True)
            )
            ahead += lead > 0
    return 1 + ahead
