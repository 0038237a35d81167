"""Ranks and composite indices: arrays and tables in, arrays and tables out.

    fields       published ranks as published, computed ones only over a whole field
    normalise    values of different kinds on one scale
    aggregate    components into one score

Scores are a matrix of units by components, weights one number per component, NaN is missing.
"""

from __future__ import annotations

from barometer_lib.ranking.fields import SCOPE_LIMITS, computed_ranks, ranked

__all__ = ["SCOPE_LIMITS", "computed_ranks", "ranked"]
