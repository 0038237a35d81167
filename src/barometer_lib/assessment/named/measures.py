"""One small function per named rule: what it measures between a base and the newest point.

Each takes arrays of base and newest values and what lies between them, and gives its measure
(greater is better) as an array of the same shape; the classes are cut from it by the thresholds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from barometer_lib.assessment.named.spans import Span
from barometer_lib.assessment.named.thresholds import (
    IN_PLACE_OF_ZERO,
    STATCAN_LIMIT_POWER,
    UN_NEAR,
)

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats, Span], Floats]


def meets(values: Floats, span: Span) -> NDArray[np.bool_]:
    """Whether values lie at the target or beyond it the good way."""
    if span.target is None:
        return np.zeros(np.shape(values), dtype=bool)
    return np.asarray(span.better * (values - span.target) >= -1e-9)


def growth(base: Floats, latest: Floats, years: float) -> Floats:
    """Compound yearly growth: 0.02 for 2 percent a year."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.power(latest / base, 1.0 / years) - 1.0)


def gap_closure(base: Floats, latest: Floats, span: Span) -> Floats:
    """Share of the gap closed over share of the time used; the same for p and 1 - p."""
    target, when = _aim(span)
    closed = _ratio(latest - base, target - base)
    return closed / (span.years / (when - span.start))


def yearly_change(base: Floats, latest: Floats, span: Span) -> Floats:
    """Yearly change over the yearly change needed from the base on: SDSN's ratio."""
    target, when = _aim(span)
    needed = (target - base) / (when - span.start)
    return _ratio((latest - base) / span.years, needed)


def eurostat(base: Floats, latest: Floats, span: Span) -> Floats:
    """Actual over required yearly growth; without a target the growth itself, the good way."""
    actual = growth(base, latest, span.years)
    if span.target is None:
        return span.better * np.sign(base) * actual
    target, when = _aim(span)
    return _ratio(actual, growth(base, np.full_like(base, target), when - span.start))


def statcan(base: Floats, latest: Floats, span: Span) -> Floats:
    """Growth the wanted way over the growth needed; without a target the growth itself."""
    base = np.where(base == 0, IN_PLACE_OF_ZERO, base)
    sign = np.sign(base)
    actual = span.better * sign * growth(base, latest, span.years)
    if span.target is None:
        return np.asarray(actual)
    target, when = _aim(span)
    aimed = np.full_like(base, target if target != 0 else IN_PLACE_OF_ZERO)
    return _ratio(actual, np.abs(growth(base, aimed, when - span.start)))


def statcan_limit(base: Floats, span: Span) -> Floats:
    """The factor that softens the thresholds near a limit: 1 where there is none."""
    if span.limit is None or span.limit <= 0:
        return np.ones_like(base)
    near = base if span.better > 0 else 2 * span.limit - base
    share = np.clip(near / span.limit, 0.0, None)
    return np.where(share < 1, 1 - share**STATCAN_LIMIT_POWER, 1.0)


def un_progress(base: Floats, latest: Floats, span: Span) -> Floats:
    """Share of the gap closed by the target year if growth goes on; else the growth itself."""
    actual = growth(base, latest, span.years)
    if span.target is None:
        return np.asarray(span.better * np.sign(base) * actual)
    target, when = _aim(span)
    expected = latest * np.power(1 + actual, max(0.0, when - span.end))
    return _ratio(expected - base, target - base)


def un_reached(latest: Floats, span: Span) -> NDArray[np.bool_]:
    """Met, or within a point of 0 or 100 where that is the aim."""
    met = meets(latest, span)
    if span.target in (0.0, 100.0):
        met |= np.abs(latest - span.target) <= UN_NEAR + 1e-9
    return met


def weather(base: Floats, latest: Floats, span: Span) -> Floats:
    """One minus the share of the remaining gap still missed in the target year; below 0 the wrong
    way. Without a target the mean change and the last change combined: 1, 0.8, 0 or -1."""
    yearly = span.better * (latest - base) / span.years
    if span.target is None:
        last = span.better * (latest - (span.base_value if span.before is None else span.before))
        wrong = np.where((last > 0) | ((last == 0) & (yearly == 0)), 0.0, -1.0)
        return np.where(yearly > 0, np.where(last >= 0, 1.0, 0.8), wrong)
    target, when = _aim(span)
    gap = span.better * (target - latest)
    closed = yearly * max(0.0, when - span.end)
    met = gap <= 1e-9
    on_the_way = np.where(yearly < 0, -1.0, np.clip(_ratio(closed, gap), 0.0, 1.0))
    return np.where(met, np.where(closed >= gap - 1e-9, 1.0, -1.0), on_the_way)


def national(base: Floats, latest: Floats, span: Span) -> Floats:
    """The change of the rounded figures, the good way."""
    return span.better * (_half_up(latest, span.decimals) - _half_up(base, span.decimals))


def _half_up(values: Floats, decimals: int) -> Floats:
    """Rounded as printed tables are: halves away from zero, noise of binary numbers left aside."""
    factor = 10.0**decimals
    return np.asarray(np.sign(values) * np.floor(np.abs(values) * factor + 0.5 + 1e-9) / factor)


def _aim(span: Span) -> tuple[float, float]:
    if span.target is None or span.target_time is None:
        raise ValueError("no target")
    return span.target, span.target_time


def _ratio(above: Any, below: Any) -> Floats:
    """A quotient that is endless, not an error, where nothing is left to be done."""
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = above / below
    return np.where(np.isnan(found), 0.0, found)


MEASURES: dict[str, Measure] = {
    "linear_gap_closure": gap_closure,
    "eurostat": eurostat,
    "statcan": statcan,
    "un_progress_chart": un_progress,
    "sdsn_arrows": yearly_change,
    "weather": weather,
    "national_barometer": national,
}
