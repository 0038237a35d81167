"""The change between two figures, with its interval where the figures carry their n."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

from barometer_lib.figures.series import Figure
from barometer_lib.intervals import (
    newcombe,
    newcombe_p,
    normal_quantile,
    ratio_of_counts,
    wilson,
)
from barometer_lib.units import COUNT_UNITS, change_unit, decimals_of, printed, stored


@dataclass(frozen=True)
class Change:
    """A change in the unit `unit` (shares of 1). `significant` is blank where it is not known.

    `kind` is "published" for a change as printed by its source, "computed" for ours. `low` and
    `high` are the 95 % limits where the figures carry numerator and denominator or sample size.
    `linked` tells that the earlier figure was carried over a break.
    """

    value: float
    unit: str
    kind: str
    significant: bool | None
    decimals: int
    low: float | None = None
    high: float | None = None
    reference_period: str | None = None
    reference_value: float | None = None
    reference_decimals: int | None = None
    linked: bool = False


def published_change(figure: Figure) -> Change | None:
    """The change as the source printed it; never used to work out an earlier value."""
    if figure.published_change is None:
        return None
    unit = figure.change_unit or change_unit(figure.unit)
    said = figure.published_significance
    significant = {"significant": True, "not_significant": False}.get(said or "")
    return Change(
        stored(figure.published_change, unit),
        unit,
        "published",
        significant,
        max(figure.decimals, decimals_of(figure.published_change)),
        reference_period=figure.change_since,
    )


def computed_change(
    before: Figure, after: Figure, design_effect: float | None, *, of_people: bool = True
) -> Change:
    """The change between two measured figures of one series.

    Significant where the 95 % interval excludes no change: Newcombe's interval for two shares,
    the ratio of two counts for counts `of_people` (not of districts); blank where the figures do
    not carry their n.
    """
    if before.value is None or after.value is None:
        raise ValueError("a change needs two measured figures")
    value = after.value - before.value
    low, high, significant = None, None, None
    first, second = sample(before, design_effect), sample(after, design_effect)
    if before.linked_over is not None:
        limits_of_linked = _since_linked(before, after, design_effect)
        if limits_of_linked is not None:
            low, high = limits_of_linked
            significant = low > 0 or high < 0
    elif first is not None and second is not None:
        low, high = newcombe(*second, *first)
        significant = low > 0 or high < 0
    elif of_people and after.unit in COUNT_UNITS and before.value + after.value > 0:
        ratio_low, ratio_high = ratio_of_counts(after.value, before.value)
        significant = ratio_low > 1 or ratio_high < 1
    return Change(
        value,
        change_unit(after.unit),
        "computed",
        significant,
        min(before.decimals, after.decimals),
        low,
        high,
        before.period,
        before.value,
        before.decimals,
        before.linked_over is not None,
    )


def sampling_variance(figure: Figure, design_effect: float | None) -> float | None:
    """The variance `p(1 - p)/n` of a share that carries its n, as a share of 1; else blank."""
    counted = sample(figure, design_effect)
    if counted is None or figure.value is None or not counted[1]:
        return None
    return figure.value * (1 - figure.value) / counted[1]


def _since_linked(
    before: Figure, after: Figure, design_effect: float | None
) -> tuple[float, float] | None:
    """The 95 % limits of a change from a figure carried over a break: both variances added.

    Blank where one is not known, and where both figures were carried over (they share the link's
    error).
    """
    own = sampling_variance(after, design_effect)
    if before.variance is None or own is None or after.linked_over is not None:
        return None
    if before.value is None or after.value is None:
        return None
    reach = normal_quantile() * sqrt(before.variance + own)
    value = after.value - before.value
    return value - reach, value + reach


def change_p(before: Figure, after: Figure, design_effect: float | None) -> float | None:
    """Two-sided p of no change, agreeing with `significant` of `computed_change`: of two shares
    by Newcombe's interval, of two counts by the score test of the one given their sum."""
    first, second = sample(before, design_effect), sample(after, design_effect)
    if first is not None and second is not None:
        return newcombe_p(*second, *first)
    if after.unit not in COUNT_UNITS or before.value is None or after.value is None:
        return None
    whole = before.value + after.value
    return erfc(abs(after.value - before.value) / sqrt(2 * whole)) if whole > 0 else None


def limits(figure: Figure, design_effect: float | None) -> tuple[float, float] | None:
    """The 95 % Wilson limits of a share that carries its n, as shares of 1; else blank."""
    counted = sample(figure, design_effect)
    return None if counted is None else wilson(*counted)


def shown(change: Change) -> float:
    """The change in the unit readers see, no finer than its figures were printed."""
    value = printed(change.value, change.unit, change.decimals)
    return 0.0 if value is None else value


def sample(figure: Figure, design_effect: float | None) -> tuple[float, float] | None:
    """Count and n of a share: the whole register's, or the survey's effective sample."""
    if figure.unit != "percent" or figure.value is None:
        return None
    if not 0 <= figure.value <= 1:
        return None
    if figure.numerator is not None and figure.denominator:
        within = 0 <= figure.numerator <= figure.denominator
        return (figure.numerator, figure.denominator) if within else None
    if figure.sample_size:
        n = figure.sample_size / (design_effect or 1.0)
        return figure.value * n, n
    return None
