"""Two versions of an index, an index without one of its parts, an index over editions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet
from barometer_lib.ranking.structure import Structure

Array = NDArray[np.float64]


def ranks(scores: Array) -> Array:
    """Ranks from the best, 1; ties share the lower number; NaN where there is no score."""
    found = np.full(scores.shape, np.nan)
    known = ~np.isnan(scores)
    one = -scores[known]
    found[known] = 1 + np.searchsorted(np.sort(one), one, side="left")
    return found


@dataclass(frozen=True)
class Shift:
    """A unit's score and rank in two versions. `places` is the second rank less the first: above 0
    it stands lower in the second. Blank where it has no score in one."""

    unit: str
    score: float
    score_other: float
    rank: float
    rank_other: float
    places: float


def compared(first: Sheet, second: Sheet, column: str, other: str | None = None) -> list[Shift]:
    """One column of two versions, ranked among the units that both have a score for."""
    common = [unit for unit in first.units if unit in second.units]
    if not common:
        raise BadInput("no_common_units", values=len(first.units), other=len(second.units))
    one = first.column(column)[[first.units.index(unit) for unit in common]]
    two = second.column(other or column)[[second.units.index(unit) for unit in common]]
    both = ~(np.isnan(one) | np.isnan(two))
    places = ranks(np.where(both, one, np.nan)), ranks(np.where(both, two, np.nan))
    return [
        Shift(unit, float(one[row]), float(two[row]), float(places[0][row]),
              float(places[1][row]), float(places[1][row] - places[0][row]))
        for row, unit in enumerate(common)
    ]  # fmt: skip


def mean_absolute_shift(shifts: Sequence[Shift]) -> float:
    """The mean number of places the units stand apart in the two versions."""
    return float(np.nanmean([abs(shift.places) for shift in shifts]))


def without_each(
    structure: Structure, level: int, remade: Callable[[Structure], Sheet]
) -> dict[str, list[Shift]]:
    """Every part of a level left out in turn, and what becomes of the ranks of the index.

    `remade` makes the index anew from a structure. A part that is alone in the index is passed
    over.
    """
    nominal = remade(structure)
    found = {}
    for part in structure.at(level):
        rest = structure.without([part.code])
        if rest.indicators and rest.parts[-1].parent is None:
            found[part.code] = compared(nominal, remade(rest), structure.top, rest.top)
    return found


@dataclass(frozen=True)
class Growth:
    """A unit from the first to the last edition it has a score in: change, change a year, compound
    rate a year (0-1; blank where a score is not above 0)."""

    unit: str
    first: float
    last: float
    years: float
    change: float
    yearly: float
    rate: float


def compound_rate(first: float, last: float, years: float) -> float:
    """`(last / first)^(1 / years) - 1`; NaN where a value is not above 0 or no time has passed."""
    if first <= 0 or last <= 0 or years <= 0:
        return float("nan")
    return float((last / first) ** (1.0 / years) - 1.0)


def panel(editions: Sequence[tuple[float, Sheet]], column: str) -> list[Growth]:
    """Every unit's movement over the editions, each given with its year."""
    points: dict[str, list[tuple[float, float]]] = {}
    for year, sheet in sorted(editions, key=lambda pair: pair[0]):
        for unit, score in zip(sheet.units, sheet.column(column), strict=True):
            if not np.isnan(score):
                points.setdefault(unit, []).append((year, float(score)))
    found = []
    for unit, known in points.items():
        (start, first), (end, last) = known[0], known[-1]
        years = end - start
        yearly = (last - first) / years if years else float("nan")
        rate = compound_rate(first, last, years)
        found.append(Growth(unit, first, last, years, last - first, yearly, rate))
    return found
