"""Outliers: a column whose skewness and kurtosis are both large is winsorised, then transformed.

Skewness and kurtosis are the sample-adjusted G1 and G2. A column fails where |G1| >= 2 and
G2 >= 3.5. Then its extreme values are drawn in one step at a time, at most `most` points; if it
still fails, the untouched column is transformed instead. As in COINr 1.1.14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet

Array = NDArray[np.float64]
SKEW, KURTOSIS = 2.0, 3.5
FEWEST = 4  # points that have a G2


@dataclass(frozen=True)
class Treated:
    """What was done to a column: points drawn in, the transformation, and whether it passes now."""

    column: str
    skew: float
    kurtosis: float
    winsorised: int
    transformed: str | None
    passes: bool
    units: tuple[str, ...]


def shape(column: Array) -> tuple[float, float]:
    """Skewness G1 and kurtosis G2 of what is known; NaN under four points or without spread."""
    known = column[~np.isnan(column)]
    count = len(known)
    if count < FEWEST or np.ptp(known) == 0:
        return float("nan"), float("nan")
    centred = known - known.mean()
    second = float((centred**2).mean())
    skew = float((centred**3).mean()) / second**1.5
    kurtosis = float((centred**4).mean()) / second**2 - 3.0
    first = skew * np.sqrt(count * (count - 1)) / (count - 2)
    other = (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * kurtosis + 6)
    return float(first), float(other)


def passes(column: Array, skew: float = SKEW, kurtosis: float = KURTOSIS) -> bool:
    """Whether a column needs no treatment: one of the two is within its limit, or unknown."""
    found, peaked = shape(column)
    return not (abs(found) >= skew and peaked >= kurtosis)


def winsorise(
    column: Array, most: int = 5, skew: float = SKEW, kurtosis: float = KURTOSIS
) -> tuple[Array, int]:
    """The column with its extreme values set to the next one until it passes, and how many were.

    One step draws in the value farthest out on the skewed side, and all that equal it.
    """
    found, drawn = column.astype(float).copy(), 0
    while not passes(found, skew, kurtosis) and drawn < most:
        side = 1.0 if shape(found)[0] >= 0 else -1.0
        turned = found * side
        top = np.nanmax(turned)
        below = turned[turned < top]
        if not len(below):
            break
        found[turned == top] = float(below.max()) * side
        drawn += 1
    return found, drawn


def log_shifted(column: Array) -> Array:
    """`ln(x - min + 0.01 (max - min))`: any sign."""
    least, most = np.nanmin(column), np.nanmax(column)
    return np.asarray(np.log(column - least + 0.01 * (most - least)))


def log_plain(column: Array) -> Array:
    """`ln x`. Raises `BadInput` for 0 and below."""
    if (column <= 0).any():
        raise BadInput("needs_positive", method="log", found=f"{np.nanmin(column):g}")
    return np.asarray(np.log(column))


def log_scaled(column: Array) -> Array:
    """`ln((max - 1)(x - min) / (max - min) + 1)`, the Global Innovation Index's form."""
    least, most = np.nanmin(column), np.nanmax(column)
    return np.asarray(np.log((most - 1) * (column - least) / (most - least) + 1))


def box_cox(column: Array, power: float | None = None) -> Array:
    """`(x^p - 1) / p`, `ln x` at p = 0; the likeliest p where none is given.

    A column with 0 or below is first moved to begin at 1.
    """
    least = float(np.nanmin(column))
    moved = column if least > 0 else column - least + 1.0
    if power is None:
        from scipy.stats import boxcox_normmax

        power = float(boxcox_normmax(moved[~np.isnan(moved)], method="mle"))
    return np.asarray(np.log(moved) if power == 0 else (moved**power - 1.0) / power)


TRANSFORMATIONS: dict[str, Callable[[Array], Array]] = {
    "log_shifted": log_shifted,
    "log": log_plain,
    "log_scaled": log_scaled,
    "box_cox": box_cox,
}


def treat(
    sheet: Sheet,
    most: int = 5,
    transformation: str = "log_shifted",
    skew: float = SKEW,
    kurtosis: float = KURTOSIS,
) -> tuple[Sheet, list[Treated]]:
    """Every column that fails treated; and what was done to which, with the units concerned.

    `most` is how many steps of winsorising there may be at most; 0 goes straight to the
    transformation. A column still failing after both is left transformed and told as failing.
    """
    if transformation not in TRANSFORMATIONS:
        raise BadInput("bad_choice", asked=transformation, known=sorted(TRANSFORMATIONS))
    values, told = sheet.values.copy(), []
    for place, code in enumerate(sheet.columns):
        column = sheet.values[:, place]
        if passes(column, skew, kurtosis):
            continue
        first, peaked = shape(column)
        found, drawn = winsorise(column, most, skew, kurtosis)
        changed = None
        if not passes(found, skew, kurtosis):
            found, drawn, changed = (
                TRANSFORMATIONS[transformation](column),
                0,
                transformation,
            )
        values[:, place] = found
        moved = found != column if changed is None else np.zeros(len(column), bool)
        units = tuple(
            unit for unit, one, old in zip(sheet.units, moved, column, strict=True)
            if one and not np.isnan(old)
        )  # fmt: skip
        told.append(
            Treated(
                code,
                first,
                peaked,
                drawn,
                changed,
                passes(found, skew, kurtosis),
                units,
            )
        )
    return sheet.with_values(values), told
