"""What the data say of the structure, and of each unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet
from barometer_lib.ranking.structure import Structure

Array = NDArray[np.float64]
OPPOSED, WEAK, STRONG = -0.4, 0.3, 0.9
FEWEST = 5  # units from which a correlation says something


@dataclass(frozen=True)
class Correlation:
    """Two columns, their correlation over the units that have both, and what it says.

    `flag` is `opposed` (below -0.4: one pulls against the other), `weak` (within ±0.3), `strong`
    (above 0.9: the two say the same), blank otherwise and with fewer than five units.
    `within` is true for two parts of one group.
    """

    first: str
    second: str
    value: float
    n: int
    flag: str | None
    within: bool


def correlation(first: Array, second: Array) -> tuple[float, int]:
    """Pearson's correlation over the rows that have both, and how many; NaN where undefined."""
    both = ~(np.isnan(first) | np.isnan(second))
    one, other = first[both], second[both]
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan"), len(one)
    return float(np.corrcoef(one, other)[0, 1]), len(one)


def correlations(sheet: Sheet, structure: Structure, level: int = 1) -> list[Correlation]:
    """Every pair of parts of a level that the sheet holds."""
    parts = [part for part in structure.at(level) if part.code in sheet.columns]
    found = []
    for place, first in enumerate(parts):
        for second in parts[place + 1 :]:
            value, count = correlation(sheet.column(first.code), sheet.column(second.code))
            within = first.parent == second.parent
            found.append(
                Correlation(
                    first.code, second.code, value, count, flag(value, count, within), within
                )
            )
    return found


def flag(value: float, count: int, within: bool = True) -> str | None:
    """What a correlation says: nothing under five units, and weakness within a group alone."""
    if np.isnan(value) or count < FEWEST:
        return None
    if value < OPPOSED:
        return "opposed"
    if value > STRONG:
        return "strong"
    return "weak" if within and abs(value) < WEAK else None


def cronbach_alpha(scores: ArrayLike) -> float:
    """`k/(k-1) (1 - Σ vᵢ / v_total)` over the wholly known units: how far the parts agree.

    Variances with n - 1. NaN with fewer than two parts or units, or without variance.
    """
    matrix = np.asarray(scores, dtype=float)
    whole = matrix[~np.isnan(matrix).any(axis=1)]
    parts = matrix.shape[1]
    if len(whole) < 2 or parts < 2:
        return float("nan")
    total = whole.sum(axis=1).var(ddof=1)
    if total == 0:
        return float("nan")
    return float(parts / (parts - 1) * (1 - whole.var(axis=0, ddof=1).sum() / total))


@dataclass(frozen=True)
class Standing:
    """A unit's place in one column: value, rank from the best (ties share it), of how many."""

    column: str
    value: float
    rank: int
    of: int


def standings(sheet: Sheet, unit: str, directions: ArrayLike | None = None) -> list[Standing]:
    """A unit's place in every column it has a value in, in the order of the columns."""
    if unit not in sheet.units:
        raise BadInput("bad_choice", asked=unit, known=sheet.units)
    row = sheet.units.index(unit)
    signs = np.ones(len(sheet.columns)) if directions is None else np.asarray(directions, float)
    found = []
    for place, code in enumerate(sheet.columns):
        column = sheet.values[:, place] * signs[place]
        if np.isnan(column[row]):
            continue
        rank = 1 + int(np.nansum(column > column[row]))
        known = int((~np.isnan(column)).sum())
        found.append(Standing(code, float(sheet.values[row, place]), rank, known))
    return found


def strengths(
    sheet: Sheet, unit: str, directions: ArrayLike | None = None, most: int = 5
) -> tuple[list[Standing], list[Standing]]:
    """A unit's best and worst columns by rank, `most` of each.

    A column in which the unit shares the very worst value is no telling weakness where many do:
    it is left out, as in COINr, unless no other is left.
    """
    places = standings(sheet, unit, directions)
    best = sorted(places, key=lambda one: one.rank)[:most]
    signs = np.ones(len(sheet.columns)) if directions is None else np.asarray(directions, float)
    row = sheet.units.index(unit)
    worst_of = {
        code: float(np.nanmin(sheet.values[:, place] * signs[place]))
        for place, code in enumerate(sheet.columns)
    }
    sign_of = dict(zip(sheet.columns, signs, strict=True))
    telling = [one for one in places if one.value * sign_of[one.column] > worst_of[one.column]]
    if np.isnan(sheet.values[row]).all():
        return [], []
    weak = sorted(telling or places, key=lambda one: one.rank)[-most:]
    return best, weak[::-1]


def group_alphas(sheet: Sheet, structure: Structure) -> dict[str, float]:
    """Cronbach's alpha of every group whose parts the sheet holds."""
    found = {}
    for group in (part for part in structure.parts if part.level > 1):
        codes = [part.code for part in structure.children(group.code)]
        if set(codes) <= set(sheet.columns):
            found[group.code] = cronbach_alpha(sheet.take(codes).values)
    return found


def availability(sheet: Sheet, columns: Iterable[str]) -> dict[str, float]:
    """The share of units (0-1) with a value in each column."""
    return {code: float((~np.isnan(sheet.column(code))).mean()) for code in columns}
