"""The least data each kind of statement needs, in one place."""

from __future__ import annotations

# At least this many comparable points, newest last.
LEAST = {"level": 1, "change": 2, "indicative": 3, "trend": 5, "long": 10}
SIGNIFICANT_P = 0.05


def evidence(points: int) -> str:
    """What so many comparable points can carry.

    `level` 1; `change` 2: with its interval, and a pace; `indicative` 3-4: a projection too, never
    called a trend; `trend` 5 or more: the line is tested; `long` 10 or more; `none` without any.
    """
    reached = [name for name, least in LEAST.items() if points >= least]
    return reached[-1] if reached else "none"
