"""Lines through series, whoever fits them: what is asked and what comes back, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ask:
    """A series to be fitted: places in time (years), values, and what it aims at.

    `target_time` and `target` are blank for a line alone; `better` is +1 where higher is better,
    -1 where lower is.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    target_time: float | None = None
    target: float | None = None
    better: int = 1


@dataclass(frozen=True)
class Fit:
    """A least-squares line in the values' unit over years, with its projection to a target.

    A blank is what cannot be told: no uncertainty below three points. `low` and `high` are the
    slope's, `p` its two-sided p. `meets` is infinite where the line never meets the target.
    """

    slope: float | None
    low: float | None
    high: float | None
    p: float | None
    projected: float | None
    projected_low: float | None
    projected_high: float | None
    p_reach: float | None
    meets: float | None
    meets_low: float | None
    meets_high: float | None


Fitter = Callable[[Sequence[Ask]], list[Fit]]
