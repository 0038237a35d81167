"""Lines against targets: projection, chance of reaching, pace, and when the line meets the mark.

Sources: the prediction interval and P(reach) of ordinary regression; Fieller 1954 for the limits
of the time a line meets a value. Everything here is for whole panels, one element per series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.trends.kernel import LEVEL, Lines
from barometer_lib.trends.student import Numbers, quantiles, upper_tail


@dataclass(frozen=True)
class Aims:
    """What a line says of a target, one element per series; NaN where it says nothing.

    `projected` is the line at the target time, `line_low` and `line_high` the confidence limits of
    the line there, `se_projected` the standard error of one new measurement there,
    `projected_low` and `projected_high` its prediction interval. `p_reach` is the chance that
    this measurement is at the target or better. `meets` is the time the line meets the target,
    infinite for never: a line that moves away or does not move. `meets_low` and `meets_high` are
    its Fieller limits, -inf and inf where there is none. `required_pace` is what is needed per
    year from the newest value on (0 where the target is met), `pace_ratio` the slope over it,
    `closed` the share of the gap since the first point that is closed over the share of the time
    that is used. `met` is true where the newest value is at the target or better.
    """

    projected: Numbers
    line_low: Numbers
    line_high: Numbers
    se_projected: Numbers
    projected_low: Numbers
    projected_high: Numbers
    p_reach: Numbers
    meets: Numbers
    meets_low: Numbers
    meets_high: Numbers
    required_pace: Numbers
    pace_ratio: Numbers
    closed: Numbers
    met: NDArray[np.bool_]


def aim(
    lines: Lines,
    target_time: Numbers,
    target: Numbers,
    sign: Numbers,
    *,
    new_weight: float = 1.0,
    level: float = LEVEL,
) -> Aims:
    """What each line says of its target.

    `target_time` in years and `target` in the unit of the values, NaN where there is none; `sign`
    is 1 where higher is better, -1 where lower is, 0 where neither is: then there is no chance of
    reaching, and the target is met only when it is hit. `new_weight` is the weight of the new
    measurement on the scale of the line's weights.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ahead = target_time - lines.mean_time
        projected = lines.mean_value + lines.slope * ahead
        variance = 1 / lines.weight + ahead * ahead / lines.spread
        se = lines.sigma * np.sqrt(1 / new_weight + variance)
        wide = quantiles(lines.freedom, level)
        reach, narrow = wide * se, wide * lines.sigma * np.sqrt(variance)
        beyond = upper_tail(sign * (target - projected) / se, lines.freedom)
        sure = np.where(sign * (projected - target) >= 0, 1.0, 0.0)
        p_reach = np.where(se == 0, sure, beyond)
        p_reach = np.where(
            (sign == 0) | np.isnan(projected - target) | np.isnan(se), np.nan, p_reach
        )
        meets, low, high = _meeting(lines, target, sign, level)
        met = np.where(
            sign == 0, lines.last_value == target, sign * (lines.last_value - target) >= 0
        )
        left = target_time - lines.last_time
        required = np.where(met, 0.0, (target - lines.last_value) / left)
        known = (left > 0) & ~np.isnan(target) & (lines.n > 1)
        required = np.where(known, required, np.nan)
        ratio = np.where(required == 0, np.nan, lines.slope / required)
        gap, time = target - lines.first_value, target_time - lines.first_time
        used = (lines.last_time - lines.first_time) / time
        closed = np.where(
            (gap == 0) | ~(time > 0) | (used == 0),
            np.nan,
            (lines.last_value - lines.first_value) / gap / used,
        )
    return Aims(projected, projected - narrow, projected + narrow, se, projected - reach,
                projected + reach, p_reach, meets, low, high, required, ratio, closed,
                met & ~np.isnan(target))  # fmt: skip


def _meeting(
    lines: Lines, target: Numbers, sign: Numbers, level: float
) -> tuple[Numbers, Numbers, Numbers]:
    """When the line meets the target, and the times at which its confidence band holds it.

    Solves (b^2 - q^2 s^2/Sxx) u^2 - 2 b d u + d^2 - q^2 s^2/W <= 0 with u the time from the
    centre and d the target less the mean value. The band is bounded only where the slope differs
    from zero at the level; elsewhere it may never leave the target, and the upper limit is never.
    """
    d, b = target - lines.mean_value, lines.slope
    last = lines.last_time - lines.mean_time
    time = d / b
    short = target - (lines.mean_value + b * last)  # what the line lacks at the newest point
    wanted = np.where(sign == 0, np.sign(short), sign)
    away = (wanted * short > 0) & (wanted * b <= 0)
    level_line = b == 0
    met = level_line & (wanted * short <= 0)
    meets = np.where(away | level_line, np.inf, lines.mean_time + time)
    meets = np.where(met, lines.first_time, meets)
    meets = np.where(np.isnan(d) | np.isnan(b), np.nan, meets)
    noise = (quantiles(lines.freedom, level) * lines.sigma) ** 2
    squared = b * b - noise / lines.spread
    root = np.sqrt(np.maximum(0.0, noise * (squared / lines.weight + d * d / lines.spread)))
    bounded = squared > 0
    inside = squared / lines.weight + d * d / lines.spread < 0
    one, other = (b * d - root) / squared, (b * d + root) / squared
    low = lines.mean_time + np.where(bounded, np.minimum(one, other), np.maximum(one, other))
    high = np.where(bounded, lines.mean_time + np.maximum(one, other), np.inf)
    low = np.where(inside, -np.inf, low)
    hopeless = bounded & away
    blank = np.isnan(meets) | np.isnan(lines.se) | np.isnan(noise)
    low = np.where(blank, np.nan, np.where(hopeless, np.inf, low))
    high = np.where(blank, np.nan, np.where(hopeless, np.inf, high))
    still = (lines.se == 0) & ~blank
    return meets, np.where(still, meets, low), np.where(still, meets, high)
