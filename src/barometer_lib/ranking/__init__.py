"""Ranks and composite indices: arrays and tables in, arrays and tables out.

    scopes       which cities are ranked together
    fields       published ranks as published, computed ones only over a whole field
    held         how far every computed rank holds, for the store
    change       why a rank changed: one city, two editions
    changes      the same from an index's tables
    normalise    values of different kinds on one scale
    aggregate    components into one score

    structure, sheet, questionnaire    what an index is made of, from rows
    prepare, impute, treat, weights, levels    the steps between, each alone
    pipeline     the steps in a row
    analysis, compare    what the values say of the structure; versions, editions, parts left out

Scores are a matrix of units by components, weights one number per component, NaN is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from barometer_lib.ranking.changes import rank_changes
from barometer_lib.ranking.fields import computed_ranks, ranked

if TYPE_CHECKING:
    from barometer_lib.ranking.fields import Tables
    from barometer_lib.ranking.held import RankIntervals


def rank_intervals(tables: Tables) -> RankIntervals:
    """How far every computed rank holds; see `ranking.held`."""
    from barometer_lib.ranking.held import rank_intervals

    return rank_intervals(tables)


__all__ = ["computed_ranks", "rank_changes", "rank_intervals", "ranked"]
