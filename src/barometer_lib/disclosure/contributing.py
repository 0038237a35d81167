"""Sums of which a delivery tells how many contribute and what the largest of them give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from barometer_lib.catalogue.protection import SumLimit

CONTRIBUTIONS = ("contributors", "largest", "second_largest")
TINY = 1e-9


@dataclass(frozen=True)
class MadeUp:
    """A sum with its contributors: how many there are, and the two largest contributions.

    Blank is what the delivery does not tell; a sum of one contributor has no second one.
    """

    total: float
    contributors: float | None = None
    largest: float | None = None
    second: float | None = None

    @property
    def rest(self) -> float:
        """What all but the two largest give."""
        return self.total - (self.largest or 0.0) - (self.second or 0.0)


def sum_reason(one: MadeUp, limits: Iterable[SumLimit]) -> tuple[str | None, float]:
    """Why a sum is hidden (blank where it is not), and how far an attacker's limits must lie apart.

    That is twice the protection level: as much below the true sum as above. The levels are those of
    the handbook on statistical disclosure control (Hundepool et al. 2010, table 4.3): dominance
    `100/k (x1 + .. + xn) - X`, p% `p/100 x1 - rest`, pq `p/q x1 - rest`; where there are too few
    contributors it is `p` percent of the sum.
    """
    reason, width = None, 0.0
    for limit in limits:
        level = _level(one, limit)
        if level is not None:
            reason, width = reason or limit.kind, max(width, 2 * level)
    return reason, width


def _level(one: MadeUp, limit: SumLimit) -> float | None:
    """The protection level of a rule, blank where the rule lets the sum be shown."""
    if one.total <= 0:
        return None
    if limit.kind == "contributors":
        few = one.contributors is not None and one.contributors < limit.least
        return limit.p / 100 * one.total if few else None
    if one.largest is None or one.largest <= 0:
        return None
    if limit.kind == "dominance":
        most = one.largest + ((one.second or 0.0) if limit.n > 1 else 0.0)
        level = 100 / limit.k * most - one.total
        return max(level, 0.0) if most >= limit.k / 100 * one.total - TINY else None
    share = limit.p / (limit.q if limit.kind == "pq" else 100.0)
    level = share * one.largest - one.rest
    return level if level > TINY else None
