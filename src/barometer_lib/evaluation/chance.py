"""How often chance alone does the same: the programme given to every other set of units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import comb, inf

import numpy as np

from barometer_lib.evaluation.compared import difference, event_study
from barometer_lib.evaluation.panel import Panel

MOST_SETS = 5_000
SEED = 20261101
Statistic = Callable[[Panel], float]


@dataclass(frozen=True)
class Permuted:
    """`p` is the share of sets whose statistic is at least as large, the real one included.

    `smallest` is the smallest p that so few units can ever give; `sets` how many were tried and
    `every` whether those were all there are.
    """

    p: float
    smallest: float
    sets: int
    every: bool


@dataclass(frozen=True)
class Left:
    """The effect with one unit of comparison left out."""

    unit: str
    effect: float


@dataclass(frozen=True)
class Pretended:
    """The effect had the programme begun at an earlier `period`, from the periods before alone."""

    period: str
    effect: float
    p: float


def size_of_difference(panel: Panel) -> float:
    """The absolute t of the differences in differences."""
    return abs(difference(panel).t)


def size_of_leads(panel: Panel) -> float:
    """The mean square of the leads' t: 0 where both kinds of place moved alike before."""
    leads = [one.difference.t for one in event_study(panel) if one.lead]
    return float(np.mean(np.square(leads))) if leads else 0.0


def permuted(panel: Panel, statistic: Statistic = size_of_difference) -> Permuted:
    """The statistic against its values over all sets of as many units.

    All sets up to 5,000, above that as many drawn at random with a fixed seed. The real set counts,
    so that p is never 0. Source: MacKinnon and Webb 2020 (randomisation inference on t statistics).
    """
    size = len(panel.treated)
    number = comb(len(panel.units), size)
    every = number <= MOST_SETS
    if every:
        sets = list(combinations(panel.units, size))
    else:
        random = np.random.default_rng(SEED)
        drawn = [random.choice(len(panel.units), size, replace=False) for _ in range(MOST_SETS - 1)]
        sets = [panel.treated, *(tuple(panel.units[place] for place in one) for one in drawn)]
    real = statistic(panel)
    # A hair's breadth, so that an equal set is not lost to the last digit of a sum.
    least = real * (1 - 1e-9) if real != inf else inf
    as_large = sum(statistic(panel.with_treated(one)) >= least for one in sets)
    return Permuted(as_large / len(sets), 1 / number, len(sets), every)


def leave_one_out(panel: Panel) -> list[Left]:
    """The effect without each unit of comparison in turn."""
    if len(panel.compared) <= 2:
        return []
    return [Left(unit, difference(panel.without([unit])).effect) for unit in panel.compared]


def placebo_dates(panel: Panel) -> list[Pretended]:
    """The effect at every date before the programme that leaves two periods before it."""
    found = []
    for after in range(2, panel.after):
        other = panel.pretend(after)
        found.append(Pretended(panel.periods[after], difference(other).effect, permuted(other).p))
    return found
