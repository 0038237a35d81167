"""Control charts of single values (XmR) for monthly series: is it still the same process?

For administrative counts every month, never for a few yearly points. Fewer than thirteen points
give trial limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

OFTEN = frozenset({"day", "month", "quarter"})
TRIAL_POINTS = 13
RUN = 7
PROCESS = 2.66
SCREEN = 3.267
"""A moving range from this many mean moving ranges up is screened out once."""


@dataclass(frozen=True)
class Limits:
    """Centre line and process limits in the values' unit; `start` and `end` are places from 0."""

    start: int
    end: int
    mean: float
    low: float
    high: float
    near_low: float
    near_high: float
    trial: bool


@dataclass(frozen=True)
class Chart:
    """An XmR chart. `causes` says of each point: common, outside_high, outside_low, trend_rising,
    trend_falling, two_of_three_high, two_of_three_low, seven_high or seven_low.

    `variation` tells the newest point: common, improving_high, improving_low, concerning_high,
    concerning_low, neutral_high, neutral_low. `assurance` tells whether the process as it is meets
    the target: passes, fails, hit_or_miss, blank without target or polarity. With a `reason`
    (too_seldom, too_few_points) there is no chart.
    """

    limits: tuple[Limits, ...]
    causes: tuple[str, ...]
    variation: str | None
    assurance: str | None
    reason: str | None = None


def xmr(
    values: Sequence[float],
    *,
    frequency: str = "month",
    polarity: str = "neither",
    target: float | None = None,
    rebased: Sequence[tuple[int, str]] = (),
    screened: bool = True,
) -> Chart:
    """The chart of a series in time order.

    `rebased` names the places where limits are counted anew, each with the reason that was given.
    `screened` leaves out single wild moving ranges once. Source: NHSRplotthedots 0.2.2, after NHS
    England, Making Data Count.
    """
    if frequency not in OFTEN:
        return Chart((), (), None, None, "too_seldom")
    starts = [0, *sorted(place for place, _ in rebased)]
    if any(not reason.strip() for _, reason in rebased):
        raise ValueError("limits are counted anew only with a reason")
    ends = [*starts[1:], len(values)]
    if any(end - start < 2 for start, end in zip(starts, ends, strict=True)):
        return Chart((), (), None, None, "too_few_points")
    limits, causes = [], []
    for start, end in zip(starts, ends, strict=True):
        found = limits_of(values[start:end], start, screened=screened)
        limits.append(found)
        causes += causes_of(values[start:end], found)
    return Chart(
        tuple(limits),
        tuple(causes),
        variation(causes[-1], polarity),
        assurance(limits[-1].low, limits[-1].high, target, polarity),
    )


def limits_of(values: Sequence[float], start: int = 0, *, screened: bool = True) -> Limits:
    """Mean and limits of one stretch of at least two values."""
    n = len(values)
    mean = sum(values) / n
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    typical = sum(ranges) / len(ranges)
    if screened:
        kept = [one for one in ranges if one < SCREEN * typical]
        typical = sum(kept) / len(kept) if kept else typical
    reach = PROCESS * typical
    near = reach * 2 / 3
    return Limits(
        start, start + n, mean, mean - reach, mean + reach, mean - near, mean + near,
        n < TRIAL_POINTS,
    )  # fmt: skip


def causes_of(values: Sequence[float], limits: Limits) -> list[str]:
    """The cause of each point of a stretch: the first rule that marks it, in the chart's order."""
    sides = [(one > limits.mean) - (one < limits.mean) for one in values]
    outside = [one < limits.low or one > limits.high for one in values]
    close = [
        not out and (one < limits.near_low or one > limits.near_high)
        for one, out in zip(values, outside, strict=True)
    ]
    trend = spread_back(seven_trend(values))
    pair = two_of_three(close, sides)
    shift = spread_back(seven_one_side(sides))
    found = []
    for i, side in enumerate(sides):
        high = "high" if side > 0 else "low"
        if outside[i]:
            found.append(f"outside_{high}")
        elif trend[i]:
            found.append("trend_rising" if trend[i] > 0 else "trend_falling")
        elif pair[i] and close[i]:
            found.append(f"two_of_three_{high}")
        elif shift[i]:
            found.append(f"seven_{high}")
        else:
            found.append("common")
    return found


def seven_one_side(sides: Sequence[int]) -> list[int]:
    """At each point 1 or -1 where it ends seven in a row above or below the mean, else 0."""
    return [
        sides[i] if i >= RUN - 1 and abs(sum(sides[i - RUN + 1 : i + 1])) == RUN else 0
        for i in range(len(sides))
    ]


def seven_trend(values: Sequence[float]) -> list[int]:
    """At each point 1 or -1 where it ends seven in a row all rising or all falling, else 0."""
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    found = [0] * len(values)
    for i in range(RUN - 1, len(values)):
        together = sum(steps[i - RUN + 1 : i])
        found[i] = together // (RUN - 1) if abs(together) == RUN - 1 else 0
    return found


def spread_back(ends: Sequence[int]) -> list[int]:
    """The sign of each run's end on all seven of its points; a later run wins."""
    found = [0] * len(ends)
    for i, end in enumerate(ends):
        if end:
            for place in range(max(0, i - RUN + 1), i + 1):
                found[place] = end
    return found


def two_of_three(close: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """Whether a point is among three in a row on one side, two of them close to a limit."""
    found = [False] * len(close)
    for i in range(len(close) - 2):
        if sum(close[i : i + 3]) >= 2 and abs(sum(sides[i : i + 3])) == 3:
            found[i : i + 3] = [True] * 3
    return found


def variation(cause: str, polarity: str) -> str:
    """What the newest point's cause means, by which way is better."""
    if cause == "common":
        return cause
    high = cause.endswith(("high", "rising"))
    way = "high" if high else "low"
    if polarity == "neither":
        return f"neutral_{way}"
    return f"{'improving' if high is (polarity == 'higher') else 'concerning'}_{way}"


def assurance(low: float, high: float, target: float | None, polarity: str) -> str | None:
    """Whether a process between `low` and `high` passes a target always, never, or by luck."""
    if target is None or polarity == "neither":
        return None
    if target > high:
        return "fails" if polarity == "higher" else "passes"
    if target < low:
        return "passes" if polarity == "higher" else "fails"
    return "hit_or_miss"
