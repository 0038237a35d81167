"""The cheapest way to a wished rank where every point costs the same: worked out without a solver.

Points may be any number, the others stand still, and one weighting counts. Then a point is worth
its component's weight, so what is short of the wished rank is filled from the heaviest components
down, which no other way can undercut. Components that weigh the same are filled from the weakest
up: there the choice is free.
"""

from __future__ import annotations

import numpy as np

from barometer_lib.errors import BadInput
from barometer_lib.ranking.path import Array, Path
from barometer_lib.ranking.stress import nominal_ranks

HIGHEST = 100.0


def plain_path(values: Array, unit: int, nominal: Array, rank: int) -> Path:
    """The fewest points by which `unit` has at most `rank - 1` units strictly ahead of it.

    `values` are units by components (0-100, higher is better, no gaps), `nominal` the weights. A
    shared rank will do. As `cheapest_path` with plain rules; raises `BadInput` ("rank_outside").
    """
    if not 1 <= rank <= len(values):
        raise BadInput("rank_outside", found=rank, of=len(values))
    share = nominal / nominal.sum()
    scores = values @ share
    others = np.sort(np.delete(scores, unit))[::-1]
    short = float(others[rank - 1] - scores[unit]) if rank <= len(others) else 0.0
    room = np.maximum(0.0, HIGHEST - values[unit])
    points = np.zeros(len(share))
    for place in np.lexsort((values[unit], -share)):
        if short <= 0 or share[place] <= 0:
            break
        points[place] = min(room[place], short / share[place])
        short -= float(points[place] * share[place])
    changed = values.copy()
    changed[unit] += points
    after = changed @ share
    reached = int(nominal_ranks(after)[unit])
    return Path(
        reached <= rank, points, float(points.sum()), reached, float(after[unit]), cheapest=True
    )
