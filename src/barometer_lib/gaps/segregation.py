"""Where people live: how evenly a group is spread over areas, and whom its members live among.

Small areas look segregated by chance alone: the baseline of chance stands beside the dissimilarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = Sequence[float]
DRAWS = 999
SEED = 20261101


def _areas(group: Values, total: Values) -> tuple[Any, Any, Any, float]:
    """Counts, totals, shares (0 where nobody lives) and the share in all."""
    x, t = np.asarray(group, float), np.asarray(total, float)
    if len(x) != len(t) or len(x) < 2 or not ((x >= 0) & (x <= t)).all():
        raise ValueError("segregation needs a group's counts within the totals of two areas")
    whole = float(x.sum() / t.sum()) if t.sum() > 0 else 0.0
    if not 0 < whole < 1:
        raise ValueError("the group is nobody or everybody")
    return x, t, _over(x, t), whole


def _over(above: Any, below: Any) -> Any:
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)


def dissimilarity(group: Values, total: Values) -> float:
    """The share of the group that would have to move to be spread evenly, 0 to 1.

    `sum t|p - P| / (2 T P (1 - P))`. Source: Duncan and Duncan 1955.
    """
    _, t, p, whole = _areas(group, total)
    return float((t * np.abs(p - whole)).sum() / (2 * t.sum() * whole * (1 - whole)))


def gini(group: Values, total: Values) -> float:
    """Gini's index of segregation, 0 to 1: the mean difference of two people's areas."""
    _, t, p, whole = _areas(group, total)
    apart = np.abs(p[:, None] - p[None, :]) * t[:, None] * t[None, :]
    return float(apart.sum() / (2 * t.sum() ** 2 * whole * (1 - whole)))


def entropy(group: Values, total: Values) -> float:
    """Theil's H, 0 to 1: how much less mixed the areas are than the whole."""
    x, t, _, _ = _areas(group, total)
    return information_theory(np.stack([x, t - x], axis=1))


def atkinson(group: Values, total: Values, b: float = 0.5) -> float:
    """Atkinson's index, 0 to 1; `b` above 0.5 weighs areas where the group is large more."""
    _, t, p, whole = _areas(group, total)
    inner = ((1 - p) ** (1 - b) * p**b * t).sum() / (whole * t.sum())
    return float(1 - whole / (1 - whole) * abs(inner) ** (1 / (1 - b)))


def isolation(group: Values, total: Values) -> float:
    """The share of the group in the area of an average member: from the share in all up to 1."""
    x, _, p, _ = _areas(group, total)
    return float((x / x.sum() * p).sum())


def interaction(group: Values, total: Values) -> float:
    """The share of the others in the area of an average member: 1 minus the isolation."""
    x, t, _, _ = _areas(group, total)
    return float((x / x.sum() * _over(t - x, t)).sum())


def correlation_ratio(group: Values, total: Values) -> float:
    """The isolation beyond that of an even spread, 0 to 1."""
    whole = _areas(group, total)[3]
    return (isolation(group, total) - whole) / (1 - whole)


def location_quotients(group: Values, total: Values) -> list[float | None]:
    """Each area's share of the group over the share in all; blank where nobody lives."""
    _, t, p, whole = _areas(group, total)
    return [float(one / whole) if people > 0 else None for one, people in zip(p, t, strict=True)]


@dataclass(frozen=True)
class Chance:
    """An index, the mean and the 95 % bound of random spreads, and the share of the way from there
    to 1. `p` is one-sided: how often chance gives at least as much."""

    value: float
    chance: float
    chance_high: float
    beyond_chance: float
    p: float


def dissimilarity_by_chance(group: Values, total: Values, draws: int = DRAWS) -> Chance:
    """Dissimilarity beside that of the group dealt out at random over the places people live in.

    The areas keep their totals. Source: Carrington and Troske 1997; the seed is fixed.
    """
    seen = dissimilarity(group, total)
    t = np.round(np.asarray(total, float)).astype(np.int64)
    members = round(float(np.sum(group)))
    random = np.random.default_rng(SEED)
    dealt = random.multivariate_hypergeometric(t, members, size=draws, method="marginals")
    whole = members / t.sum()
    away = np.abs(dealt - t * whole).sum(axis=1) / (2 * t.sum() * whole * (1 - whole))
    mean = float(away.mean())
    return Chance(
        seen,
        mean,
        float(np.quantile(away, 0.95)),
        (seen - mean) / (1 - mean),
        (1 + int((away >= seen - 1e-12).sum())) / (1 + draws),
    )


def _groups(counts: Any) -> tuple[Any, Any, Any]:
    """Totals of areas, shares of groups in each area, and in all; one column per group."""
    n = np.asarray(counts, float)
    if n.ndim != 2 or n.shape[1] < 2 or not (n >= 0).all() or not n.sum() > 0:
        raise ValueError("one row per area and one column per group, counts from 0 up")
    t = n.sum(axis=1)
    return t, _over(n, t[:, None]), n.sum(axis=0) / n.sum()


def _log(shares: Any) -> Any:
    return np.log(np.where(shares > 0, shares, 1.0))


def diversity(counts: Any, *, normalised: bool = False) -> float:
    """Entropy of the groups in all: 0 for one group, ln(groups) for equal ones; then 1."""
    _, _, whole = _groups(counts)
    found = float(-(whole * _log(whole)).sum())
    return found / float(np.log(len(whole))) if normalised else found


def information_theory(counts: Any) -> float:
    """Theil's H over several groups, 0 to 1: the areas' entropy short of that in all."""
    return divergence(counts) / diversity(counts)


def divergence(counts: Any) -> float:
    """Mean divergence of the areas' mix from the mix in all, from 0 up."""
    t, p, whole = _groups(counts)
    ratio = _over(p, whole[None, :])
    return float((t[:, None] * p * _log(ratio)).sum() / t.sum())


def multigroup_dissimilarity(counts: Any) -> float:
    """Dissimilarity over several groups, 0 to 1."""
    t, p, whole = _groups(counts)
    mixed = float((whole * (1 - whole)).sum())
    return float((t[:, None] * np.abs(p - whole)).sum() / (2 * t.sum() * mixed))


def multigroup_gini(counts: Any) -> float:
    """Gini's index of segregation over several groups, 0 to 1."""
    t, p, whole = _groups(counts)
    mixed = float((whole * (1 - whole)).sum())
    apart = sum(
        float((np.abs(one[:, None] - one[None, :]) * t[:, None] * t[None, :]).sum()) for one in p.T
    )
    return apart / (2 * float(t.sum()) ** 2 * mixed)


def normalised_exposure(counts: Any) -> float:
    """How much more the groups live among themselves than an even spread would have it, 0 to 1."""
    t, p, whole = _groups(counts)
    away = (t[:, None] * (p - whole) ** 2).sum(axis=0) / t.sum()
    return float(_over(away, 1 - whole).sum())


def relative_diversity(counts: Any) -> float:
    """The areas' mixing short of that in all, 0 to 1."""
    t, p, whole = _groups(counts)
    mixed = float((whole * (1 - whole)).sum())
    return float((t[:, None] * (p - whole) ** 2).sum() / (t.sum() * mixed))


def squared_variation(counts: Any) -> float:
    """Squared coefficient of variation of the groups' shares, 0 to 1."""
    t, p, whole = _groups(counts)
    away = _over((t[:, None] * (p - whole) ** 2).sum(axis=0), whole)
    return float(away.sum() / (t.sum() * (len(whole) - 1)))


def concentration(counts: Any) -> float:
    """Simpson's index in all: the chance that two people are of one group."""
    return float((_groups(counts)[2] ** 2).sum())
