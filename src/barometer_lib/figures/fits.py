"""Lines through series and tests of them, whoever makes them: what is asked, what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.figures.series import Figure
from barometer_lib.periods import Period, parse
from barometer_lib.units import scale


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


@dataclass(frozen=True)
class Prepared:
    """The comparable figures of one series, oldest first, and what is known of its indicator.

    `limits` are the 95 % limits of each figure in stored units, blank where it carries no n;
    `target` is as printed.
    """

    figures: Sequence[Figure]
    limits: Sequence[tuple[float, float] | None]
    kind: str
    unit: str
    polarity: str
    basis: str
    design_effect: float | None = None
    target: float | None = None

    @property
    def values(self) -> list[float]:
        """The values as printed, not rounded."""
        return [(one.value or 0.0) * scale(self.unit) for one in self.figures]

    @property
    def times(self) -> list[float]:
        """The middles of the periods, in years."""
        return [one.midpoint for one in self.periods]

    @property
    def step(self) -> str | None:
        """The kind of period, blank where a series mixes several or has no figure."""
        kinds = {one.frequency for one in self.periods}
        return kinds.pop() if len(kinds) == 1 else None

    @property
    def periods(self) -> list[Period]:
        """The periods of the figures."""
        return [parse(one.period or "") for one in self.figures]


Tester = Callable[[Prepared], list[dict[str, Any]]]
