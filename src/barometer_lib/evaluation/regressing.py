"""What the worst places do by themselves, and what so few places could ever show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from barometer_lib.evaluation.compared import Difference
from barometer_lib.evaluation.panel import Panel
from barometer_lib.intervals.student import student_quantile

POWER = 0.8


@dataclass(frozen=True)
class Regression:
    """`naive` is the programme's places' own change; `expected` the part of it that regression to
    the mean alone would give, from their distance to the others before; both in the outcome's unit.

    `correlation` is that of the units' values one period apart before the programme.
    """

    naive: float
    expected: float
    correlation: float


def regression_to_the_mean(panel: Panel) -> Regression:
    """The naive change, and how much of it places so far from the mean would have made anyway.

    `(1 - r) * (mean of all - mean of the programme's places)` at the last period before, r the
    correlation between the first and the last period before. Source: Barnett, van der Pols and
    Dobson 2005, formula for a group chosen by its first measurement.
    """
    with_programme = panel.has_programme
    own = panel.values[with_programme]
    naive = float(own[:, panel.after :].mean() - own[:, : panel.after].mean())
    first, last = panel.values[:, 0], panel.values[:, panel.after - 1]
    spread = float(first.std() * last.std())
    together = float(np.mean((first - first.mean()) * (last - last.mean())))
    r = together / spread if spread > 0 else 1.0
    away = float(last.mean() - last[with_programme].mean())
    return Regression(naive, (1 - max(0.0, r)) * away, r)


def smallest_effect(found: Difference, power: float = POWER) -> float:
    """The smallest true effect that a 5 % test of this size finds with probability `power`.

    `(t(0.975) + t(power)) * se`, Student's with the same freedom. Source: Bloom 1995.
    """
    return found.se * (
        student_quantile(found.freedom) + student_quantile(found.freedom, 2 * power - 1)
    )
