"""The cheapest way to a wished rank: how many points in which components.

The other units stay where they are. A linear programme where points may be any number; an integer
programme where they come in whole steps, or in few components. With a set of weightings the rank
is to hold under all of them: the weighting that breaks it worst is added as a condition until none
does.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.quiet import nothing_printed
from barometer_lib.ranking.stress import nominal_ranks
from barometer_lib.ranking.weight_sets import WeightSet, proven_least_lead

Array = NDArray[np.float64]
MOST_ROUNDS = 200
SLACK = 2e-7  # points: what the solver's own tolerance may leave


@dataclass(frozen=True)
class Path:
    """Points to add to each component, what they cost together, and what comes of them.

    `possible` is False where even all components at their caps do not reach the rank; `points` are
    then those of going to the caps. `rank` and `score` are what is attained under the nominal
    weights. `cheapest` says that no cheaper path exists; False where time ran out before the proof.
    """

    possible: bool
    points: Array
    cost: float
    rank: int
    score: float
    cheapest: bool


@dataclass(frozen=True)
class PathRules:
    """What a path may use: caps (0-100) and costs per point of each component, whole `step`s of
    points (0: any number), at most so many components (blank: all), and by how many points of the
    total the unit must be ahead of those it passes (`lead`; 0: a shared rank will do).
    """

    caps: Array
    costs: Array
    step: float = 0.0
    most_components: int | None = None
    lead: float = 0.0

    def __post_init__(self) -> None:
        sound = (
            self.caps.shape == self.costs.shape
            and bool((self.costs > 0).all())
            and bool(((self.caps >= 0) & (self.caps <= 100)).all())
            and self.step >= 0
            and self.lead >= 0
            and (self.most_components is None or self.most_components >= 1)
        )
        if not sound:
            raise BadInput("path_rules")


def any_path(components: int) -> PathRules:
    """Every component may be raised to 100, at one a point."""
    return PathRules(np.full(components, 100.0), np.ones(components))


def cheapest_path(
    values: Array,
    unit: int,
    nominal: Array,
    rank: int,
    rules: PathRules | None = None,
    *,
    allowed: WeightSet | None = None,
    seconds: float = 5.0,
) -> Path:
    """The cheapest points by which `unit` has at most `rank - 1` units strictly ahead of it.

    `values` are units by components (0-100, higher is better, no gaps), `nominal` the weights.
    With `allowed` the rank is to hold under every weighting of the set, not the nominal alone.
    Raises `BadInput` ("rank_outside") for a rank that is not one of the field's.
    """
    rules = rules or any_path(values.shape[1])
    if not 1 <= rank <= len(values):
        raise BadInput("rank_outside", found=rank, of=len(values))
    share = nominal / nominal.sum()
    room = np.maximum(0.0, np.minimum(rules.caps, 100.0) - values[unit])
    others = np.delete(np.arange(len(values)), unit)
    to_pass = len(values) - rank
    conditions = [(int(other), share) for other in others]
    until = monotonic() + seconds
    points, cheapest = np.zeros(values.shape[1]), True
    for _ in range(MOST_ROUNDS):
        solved = _solve(
            values, unit, others, conditions, room, rules, to_pass, max(0.05, until - monotonic())
        )
        if solved is None:
            return _told(values, unit, share, room, rules, possible=False, cheapest=True)
        points, passed, proven = solved
        cheapest = cheapest and proven
        broken = [] if allowed is None else _broken(values, unit, passed, points, rules, allowed)
        if not broken:
            return _told(values, unit, share, points, rules, possible=True, cheapest=cheapest)
        conditions += broken
        if monotonic() > until:
            break
    raise BadInput("path_time", seconds=seconds)


def _told(
    values: Array, unit: int, share: Array, points: Array, rules: PathRules, *,
    possible: bool, cheapest: bool,
) -> Path:  # fmt: skip
    changed = values.copy()
    changed[unit] += points
    scores = changed @ share
    rank = int(nominal_ranks(scores)[unit])
    cost = float(points @ rules.costs)
    return Path(possible, points, cost, rank, float(scores[unit]), cheapest)


def _broken(
    values: Array,
    unit: int,
    passed: NDArray[np.int64],
    points: Array,
    rules: PathRules,
    allowed: WeightSet,
) -> list[tuple[int, Array]]:
    """For each unit passed that is ahead under some weighting: the worst such weighting."""
    found = []
    for other in passed:
        worst = proven_least_lead(values[unit] + points - values[other], allowed)
        if float(worst.value) < rules.lead - SLACK:
            found.append((int(other), np.array([float(one) for one in worst.shares])))
    return found


def _solve(
    values: Array,
    unit: int,
    others: NDArray[np.int64],
    conditions: list[tuple[int, Array]],
    room: Array,
    rules: PathRules,
    to_pass: int,
    seconds: float,
) -> tuple[Array, NDArray[np.int64], bool] | None:
    """Points, the units passed, and whether nothing cheaper exists; blank where there is no way."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    size, many = len(room), len(others)
    column = {int(other): place for place, other in enumerate(others)}
    unit_step = rules.step or 1.0
    wide = size * 2 + many  # steps, components used, others passed
    rows, least = [], []
    for other, shares in conditions:
        gap = float(shares @ (values[other] - values[unit])) + rules.lead
        if gap <= 0:  # raising components never loses what is there
            continue
        row = np.zeros(wide)
        row[:size] = shares * unit_step
        row[size * 2 + column[other]] = -gap
        rows.append(row)
        least.append(0.0)
    enough = np.r_[np.zeros(size * 2), np.ones(many)]
    rows.append(enough)
    least.append(float(to_pass))
    most_steps = np.floor(room / unit_step + 1e-9) if rules.step else room
    planes = [LinearConstraint(np.array(rows), np.array(least), np.inf)]
    if rules.most_components is not None:
        used = np.hstack([np.eye(size), -np.diag(most_steps), np.zeros((size, many))])
        planes.append(LinearConstraint(used, -np.inf, 0.0))
        few = np.r_[np.zeros(size), np.ones(size), np.zeros(many)]
        planes.append(LinearConstraint(few[None], 0.0, float(rules.most_components)))
    with nothing_printed():
        answer = milp(
            np.r_[rules.costs * unit_step, np.zeros(size + many)],
            constraints=planes,
            bounds=Bounds(np.zeros(wide), np.r_[most_steps, np.ones(size + many)]),
            integrality=np.r_[np.full(size, 1.0 if rules.step else 0.0), np.ones(size + many)],
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
    if answer.x is None:
        return None
    steps = np.round(answer.x[:size]) if rules.step else answer.x[:size]
    points = np.clip(steps * unit_step, 0.0, room)
    points[points < 1e-9] = 0.0
    return points, others[answer.x[size * 2 :] > 0.5], bool(answer.status == 0)
