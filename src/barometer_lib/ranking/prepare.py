"""Screening and denominating: which units are known well enough, and per what they are measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet
from barometer_lib.ranking.structure import Structure

ROUNDING = 1e-9


@dataclass(frozen=True)
class Screened:
    """How much is known of a unit (shares 0-1 of its indicators), and whether it is kept."""

    unit: str
    known: float
    nonzero: float
    kept: bool


def screen(
    sheet: Sheet, least_known: float = 0.0, least_nonzero: float = 0.0
) -> tuple[Sheet, list[Screened]]:
    """The units of which enough values are known, and are not 0; and every unit told.

    `least_nonzero` counts among the known values.
    """
    known = ~np.isnan(sheet.values)
    share = known.mean(axis=1)
    nonzero = (known & (sheet.values != 0)).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    kept = (share >= least_known - ROUNDING) & (nonzero >= least_nonzero - ROUNDING)
    told = [
        Screened(unit, float(one), float(two), bool(three))
        for unit, one, two, three in zip(sheet.units, share, nonzero, kept, strict=True)
    ]
    return sheet.rows(kept), told


def denominate(
    sheet: Sheet, denominators: Sheet, structure: Structure
) -> tuple[Sheet, dict[str, str]]:
    """The indicators that name a denominator divided by it, unit by unit; and which were.

    A unit without the denominator, or with 0, becomes missing. Raises `NotFound` for a denominator
    that is not there, `BadInput` where no unit of the sheet has one.
    """
    places = {unit: place for place, unit in enumerate(denominators.units)}
    if not places.keys() & set(sheet.units):
        raise BadInput("no_common_units", values=len(sheet.units), other=len(places))
    order = np.array([places.get(unit, -1) for unit in sheet.units])
    values, divided = sheet.values.copy(), {}
    for part in structure.indicators:
        if part.denominator is None:
            continue
        size = np.where(order >= 0, denominators.column(part.denominator)[order], np.nan)
        place = sheet.columns.index(part.code)
        values[:, place] = values[:, place] / np.where(size == 0, np.nan, size)
        divided[part.code] = part.denominator
    return sheet.with_values(values), divided
