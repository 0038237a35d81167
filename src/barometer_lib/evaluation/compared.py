"""Places with the programme against places without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.evaluation.panel import Array, Panel
from barometer_lib.intervals.student import student_p, student_quantile


@dataclass(frozen=True)
class Difference:
    """`effect` is the change with the programme minus the change without, in the outcome's unit.

    `se`, `t`, `p` and the 95 % limits compare the units' own changes, pooled variance, `freedom`
    the number of units less 2. With few units of a programme trust `p` only beside permutation.
    """

    effect: float
    se: float
    t: float
    p: float
    low: float
    high: float
    freedom: int


@dataclass(frozen=True)
class Event:
    """A period's difference against the last period before (lead before, lag since)."""

    period: str
    lead: bool
    difference: Difference


def between(changes: Array, with_programme: NDArray[np.bool_]) -> Difference:
    """The mean change of the units with the programme minus that of the others.

    One change per unit, so that repeated years of a unit are never counted as evidence of their
    own. Source: Bertrand, Duflo and Mullainathan 2004 (collapsing time).
    """
    own, others = changes[with_programme], changes[~with_programme]
    freedom = len(changes) - 2
    effect = float(own.mean() - others.mean())
    spread = float(((own - own.mean()) ** 2).sum() + ((others - others.mean()) ** 2).sum())
    se = float(np.sqrt(spread / freedom * (1 / len(own) + 1 / len(others))))
    if se == 0:
        return Difference(effect, 0.0, 0.0 if effect == 0 else float("inf"),
                          1.0 if effect == 0 else 0.0, effect, effect, freedom)  # fmt: skip
    t = effect / se
    half = student_quantile(freedom) * se
    return Difference(effect, se, t, student_p(t, freedom), effect - half, effect + half, freedom)


def changes_of(panel: Panel) -> Array:
    """Each unit's mean since minus its mean before."""
    found: Array = panel.since.mean(axis=1) - panel.before.mean(axis=1)
    return found


def difference(panel: Panel) -> Difference:
    """Differences in differences of the means before and since.

    The same number as the coefficient of programme times period in a regression with an effect of
    every unit and every period.
    """
    return between(changes_of(panel), panel.has_programme)


def event_study(panel: Panel) -> list[Event]:
    """The difference of every period against the last one before, which itself is left out.

    The same numbers as the leads and lags of a regression with an effect of every unit and period.
    """
    reference = panel.after - 1
    with_programme = panel.has_programme
    return [
        Event(period, place < reference,
              between(panel.values[:, place] - panel.values[:, reference], with_programme))
        for place, period in enumerate(panel.periods)
        if place != reference
    ]  # fmt: skip
