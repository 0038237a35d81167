"""Better, similar or worse than a comparison: the published ways to compare an area.

Outcomes: better, similar, worse; best and worst beyond the 99.8 % limits; higher, lower (highest,
lowest) where neither way is better; not_compared where a number or the polarity is missing.
"""

from __future__ import annotations

from barometer_lib.gaps.funnel import proportion_limits
from barometer_lib.intervals import exact_poisson

Number = float | None
NOT_COMPARED = "not_compared"
Z95, Z998 = 1.96, 3.0902
"""The published control limits use these, not the exact quantiles."""


def judged(side: int, polarity: str | None, *, far: bool = False) -> str:
    """The word for an area above (1), at (0) or below (-1) its comparison."""
    if polarity not in ("higher", "lower", "neither"):
        return NOT_COMPARED
    if side == 0:
        return "similar"
    if polarity == "neither":
        return ("highest" if side > 0 else "lowest") if far else "higher" if side > 0 else "lower"
    good = (side > 0) is (polarity == "higher")
    return ("best" if good else "worst") if far else "better" if good else "worse"


def _side(value: float, low: float, high: float) -> int:
    """Where `value` lies of an interval; its ends are inside."""
    return (value > high) - (value < low)


def one_interval(low: Number, high: Number, benchmark: Number, polarity: str | None) -> str:
    """An area's 95 % interval against a benchmark's value."""
    if low is None or high is None or benchmark is None:
        return NOT_COMPARED
    return judged(-_side(benchmark, low, high), polarity)


def two_intervals(
    limits95: tuple[Number, Number],
    limits998: tuple[Number, Number],
    benchmark: Number,
    polarity: str | None,
) -> str:
    """An area's 95 and 99.8 % intervals against a benchmark's value."""
    (low, high), (lower, upper) = limits95, limits998
    if low is None or high is None or lower is None or upper is None or benchmark is None:
        return NOT_COMPARED
    far = _side(benchmark, lower, upper) != 0
    return judged(-_side(benchmark, low, high), polarity, far=far)


def overlapping(
    area: tuple[Number, Number, Number],
    comparison: tuple[Number, Number, Number],
    polarity: str | None,
) -> str:
    """Two 95 % intervals (value, low, high): similar where they overlap.

    Conservative, so never the test of a gap between two groups: that is Newcombe's interval.
    """
    if None in area or None in comparison:
        return NOT_COMPARED
    value, low, high = (one or 0.0 for one in area)
    other, other_low, other_high = (one or 0.0 for one in comparison)
    if value < other:
        return judged(0 if other_low <= high else -1, polarity)
    return judged(0 if low <= other_high else 1, polarity)


def control_proportion(
    share: Number, n: Number, benchmark: Number, polarity: str | None, z: float = Z95
) -> str:
    """A share of 1 against the benchmark's own Wilson limits at the area's n."""
    if share is None or n is None or benchmark is None or not n > 0:
        return NOT_COMPARED
    middle = 2 * n * benchmark + z * z
    spread = z * (z * z + 4 * n * benchmark * (1 - benchmark)) ** 0.5
    low, high = ((middle - spread) / (2 * (n + z * z)), (middle + spread) / (2 * (n + z * z)))
    return judged(_side(share, low, high), polarity)


def control_rate(
    rate: Number, n: Number, benchmark: Number, polarity: str | None, tail: float = 0.025
) -> str:
    """A rate per person against exact Poisson limits of the events the benchmark expects."""
    if rate is None or n is None or benchmark is None or not n > 0:
        return NOT_COMPARED
    low, high = exact_poisson(benchmark * n, 1 - 2 * tail)
    return judged(_side(rate, low / n, high / n), polarity)


def target_value(value: Number, target: Number, polarity: str | None) -> str:
    """Whether a value meets a target: better where it does, worse where not."""
    if value is None or target is None or polarity not in ("higher", "lower"):
        return NOT_COMPARED
    met = value >= target if polarity == "higher" else value <= target
    return "better" if met else "worse"


def target_interval(low: Number, high: Number, target: Number, polarity: str | None) -> str:
    """Whether a 95 % interval lies wholly on one side of a target."""
    return one_interval(low, high, target, polarity)


def target_range(value: Number, low: Number, high: Number, polarity: str | None) -> str:
    """Below `low`, from `low` to just below `high`, or from `high` up."""
    if value is None or low is None or high is None or polarity not in ("higher", "lower"):
        return NOT_COMPARED
    return judged((value >= high) - (value < low), polarity)


def funnel_place(share: Number, n: Number, average: Number, polarity: str | None) -> str:
    """A share of 1 against the funnel's limits around the average at its n, 95 and 99.8 %."""
    if share is None or n is None or average is None or not n > 0 or not 0 < average < 1:
        return NOT_COMPARED
    near = _side(share, *proportion_limits(average, n, 0.95))
    far = _side(share, *proportion_limits(average, n, 0.998)) != 0
    return judged(near, polarity, far=far)
