"""The gap between two groups' shares: absolute and relative, with intervals, and its change.

Both forms are always given: they can move in opposite directions.
"""

from __future__ import annotations

from dataclasses import dataclass

from barometer_lib.intervals import (
    LEVEL,
    Limits,
    difference,
    koopman,
    newcombe,
    newcombe_p,
    normal_quantile,
)

REFERENCE, REST, MEAN, TARGET = "reference", "rest", "mean", "target"
AGAINST = (REFERENCE, REST, MEAN, TARGET)


@dataclass(frozen=True)
class Share:
    """A share of 1 and the people behind it: `count` of `n` (an effective n for a survey)."""

    count: float
    n: float

    @property
    def value(self) -> float:
        """The share itself, of 1."""
        return self.count / self.n


@dataclass(frozen=True)
class Gap:
    """Group minus comparison, as shares of 1, with 95 % limits; positive: the group lies higher.

    `ratio` is group over comparison with its limits (blank where the comparison is 0). `p` is
    two-sided against no gap and agrees with the limits. `against` names the comparison.
    """

    against: str
    absolute: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float
    ratio_high: float
    p: float

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def gap(group: Share, other: Share, against: str = REFERENCE, level: float = LEVEL) -> Gap:
    """The gap of two separate groups. Source: Newcombe 1998 method 10; Koopman 1984."""
    made = (group.count, group.n, other.count, other.n)
    low, high = newcombe(*made, level=level)
    below, above = koopman(*made, level=level)
    ratio = None if other.count == 0 else group.value / other.value
    return Gap(
        against, group.value - other.value, low, high, ratio, below, above, newcombe_p(*made)
    )


def rest(group: Share, whole: Share) -> Share:
    """The whole without the group. Raises `ValueError` where the group is no part of it."""
    left = Share(whole.count - group.count, whole.n - group.n)
    if left.n <= 0 or not 0 <= left.count <= left.n:
        raise ValueError(f"{group.count} of {group.n} is no part of {whole.count} of {whole.n}")
    return left


def gap_to_mean(group: Share, whole: Share, level: float = LEVEL) -> Gap:
    """The gap of a group to the mean of the whole it is part of.

    The group is inside the mean, so the gap is (1 - its part) times the gap to the rest, and so
    are its limits; the test is that of group against rest. The ratio's limits follow likewise.
    """
    others = rest(group, whole)
    part = group.n / whole.n
    against_rest = gap(group, others, MEAN, level)

    def of_mean(ratio: float) -> float:
        # group/mean from group/rest: the mean is part * group + (1 - part) * rest
        return 1 / part if ratio == float("inf") else ratio / (part * ratio + 1 - part)

    return Gap(
        MEAN,
        group.value - whole.value,
        against_rest.low * (1 - part),
        against_rest.high * (1 - part),
        None if whole.count == 0 else group.value / whole.value,
        of_mean(against_rest.ratio_low),
        of_mean(against_rest.ratio_high),
        against_rest.p,
    )


def gap_to_target(group: Share, target: float, level: float = LEVEL) -> Gap:
    """The gap of a group to a fixed share of 1, by Wilson's limits and the score test."""
    from math import erfc, sqrt

    from barometer_lib.intervals import wilson

    if not 0 < target < 1:
        raise ValueError(f"a target share lies between 0 and 1: {target}")
    low, high = wilson(group.count, group.n, level)
    z = abs(group.value - target) / sqrt(target * (1 - target) / group.n)
    return Gap(
        TARGET,
        group.value - target,
        low - target,
        high - target,
        group.value / target,
        low / target,
        high / target,
        erfc(z / sqrt(2)),
    )


@dataclass(frozen=True)
class GapChange:
    """The change of a gap, as shares of 1, with its limits; positive: the gap has grown upwards.

    `ratio_change` is the change of the relative gap. `smallest` is the change that two such
    measurements find with probability 0.8: about 1.4 times that of one group alone.
    """

    change: float
    low: float
    high: float
    ratio_change: float | None
    smallest: float

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def gap_change(
    now: tuple[Share, Share], before: tuple[Share, Share], level: float = LEVEL
) -> GapChange:
    """The gap now minus the gap before, four independent shares, (group, comparison) each time.

    Limits by square and add: the four shares' own Wilson limits.
    """
    gaps: list[tuple[float, Limits, float | None]] = []
    for group, other in (now, before):
        limits = newcombe(group.count, group.n, other.count, other.n, level)
        ratio = None if other.count == 0 else group.value / other.value
        gaps.append((group.value - other.value, limits, ratio))
    (new, new_limits, new_ratio), (old, old_limits, old_ratio) = gaps
    low, high = difference(new, new_limits, old, old_limits)
    variance = sum(one.value * (1 - one.value) / one.n for pair in (now, before) for one in pair)
    reach = normal_quantile(level) + normal_quantile(0.6)
    return GapChange(
        new - old,
        low,
        high,
        None if new_ratio is None or old_ratio is None else new_ratio - old_ratio,
        float(reach * variance**0.5),
    )
