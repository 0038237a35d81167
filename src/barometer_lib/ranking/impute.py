"""Gaps filled, never silently: every filled value is told with its method and what it rests on.

    mean, median               of the column
    group_mean, group_median   of the column within the unit's group
    last_value                 the unit's own value in an earlier sheet of a panel
    regression                 least squares on the columns of the same block that are known for all
    em                         expectation-maximisation of a multivariate normal, block by block

A gap that the method cannot fill stays a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.sheet import Sheet

Array = NDArray[np.float64]
RIDGE = 1e-8  # of a variance: keeps a nearly singular covariance invertible
STEPS, CLOSE = 500, 1e-10


@dataclass(frozen=True)
class Filled:
    """A gap and what was put into it. `basis` is how many known values it rests on."""

    unit: str
    column: str
    value: float
    method: str
    basis: int


METHODS = (
    "mean",
    "median",
    "group_mean",
    "group_median",
    "last_value",
    "regression",
    "em",
)


def impute(
    sheet: Sheet,
    method: str,
    *,
    group: str | None = None,
    earlier: Sequence[Sheet] = (),
    blocks: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Sheet, list[Filled]]:
    """The sheet with its gaps filled by a method of `METHODS`, and every value that was put in.

    `group` names the grouping of the group methods, `earlier` holds the panel's sheets before,
    oldest first. `blocks` are the columns that regression and EM use together (all where not
    given); the pipeline gives those of one parent.
    """
    if method not in METHODS:
        raise BadInput("bad_choice", asked=method, known=METHODS)
    if method.startswith("group") and group is None:
        raise BadInput("group_needed", method=method)
    if method == "last_value":
        return _told(sheet, *_last_values(sheet, earlier), method)
    if method in ("regression", "em"):
        fill = _regressed if method == "regression" else expectation_maximisation
        return _told(sheet, *_by_block(sheet, blocks, fill), method)
    centre = np.nanmedian if method.endswith("median") else np.nanmean
    keys = sheet.group(group or "") if method.startswith("group") else ("",) * len(sheet.units)
    values, basis = sheet.values.copy(), np.zeros(sheet.values.shape, dtype=int)
    for key in dict.fromkeys(keys):
        within = np.array([one == key and one is not None for one in keys])
        for place in range(values.shape[1]):
            column = sheet.values[within, place]
            known = ~np.isnan(column)
            if known.any():
                values[within, place] = np.where(known, column, centre(column))
                basis[within, place] = int(known.sum())
    return _told(sheet, values, basis, method)


def _told(
    sheet: Sheet, values: Array, basis: NDArray[np.int_], method: str
) -> tuple[Sheet, list[Filled]]:
    filled = np.isnan(sheet.values) & ~np.isnan(values)
    told = [
        Filled(sheet.units[row], sheet.columns[place], float(values[row, place]), method,
               int(basis[row, place]))
        for row, place in np.argwhere(filled)
    ]  # fmt: skip
    return sheet.with_values(values), told


def _last_values(sheet: Sheet, earlier: Sequence[Sheet]) -> tuple[Array, NDArray[np.int_]]:
    values = sheet.values.copy()
    for before in reversed(earlier):
        rows = {unit: place for place, unit in enumerate(before.units)}
        for place, code in enumerate(sheet.columns):
            if code not in before.columns:
                continue
            column = before.column(code)
            for row, unit in enumerate(sheet.units):
                if np.isnan(values[row, place]) and unit in rows:
                    values[row, place] = column[rows[unit]]
    return values, np.ones(values.shape, dtype=int)


def _by_block(
    sheet: Sheet,
    blocks: Mapping[str, Sequence[str]] | None,
    fill: Callable[[Array], Array],
) -> tuple[Array, NDArray[np.int_]]:
    values = sheet.values.copy()
    for codes in (blocks or {"": sheet.columns}).values():
        places = [sheet.columns.index(code) for code in codes]
        values[:, places] = fill(sheet.values[:, places])
    known = (~np.isnan(sheet.values)).sum(axis=0)
    return values, np.broadcast_to(known, values.shape)


def _regressed(block: Array) -> Array:
    """Each column with gaps on the block's columns that have none."""
    whole = ~np.isnan(block).any(axis=0)
    found = block.copy()
    predictors = np.column_stack([np.ones(len(block)), block[:, whole]])
    for place in np.flatnonzero(~whole):
        known = ~np.isnan(block[:, place])
        if predictors.shape[1] < 2 or known.sum() <= predictors.shape[1]:
            continue
        line, *_ = np.linalg.lstsq(predictors[known], block[known, place], rcond=None)
        found[~known, place] = predictors[~known] @ line
    return found


def expectation_maximisation(block: Array) -> Array:
    """Gaps at their expectation under the multivariate normal that the known values make likeliest.

    Columns with fewer than two known values are left alone. A unit of which nothing is known gets
    the means.
    """
    usable = (~np.isnan(block)).sum(axis=0) >= 2
    part = block[:, usable]
    if not np.isnan(part).any() or part.shape[1] == 0:
        return block
    missing = np.isnan(part)
    mean = np.nanmean(part, axis=0)
    spread = np.nanstd(part, axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    standard = (part - mean) / scale
    filled = np.where(missing, 0.0, standard)
    centre, covariance = (
        filled.mean(axis=0),
        np.cov(filled.T, bias=True).reshape(2 * [part.shape[1]]),
    )
    for _ in range(STEPS):
        before = filled.copy()
        extra = np.zeros_like(covariance)
        for row in np.flatnonzero(missing.any(axis=1)):
            gap, have = missing[row], ~missing[row]
            among = covariance[np.ix_(have, have)] + RIDGE * np.eye(int(have.sum()))
            slope = np.linalg.solve(among, covariance[np.ix_(have, gap)]).T
            filled[row, gap] = centre[gap] + slope @ (standard[row, have] - centre[have])
            extra[np.ix_(gap, gap)] += (
                covariance[np.ix_(gap, gap)] - slope @ covariance[np.ix_(have, gap)]
            )
        centre = filled.mean(axis=0)
        covariance = (filled - centre).T @ (filled - centre) / len(filled) + extra / len(filled)
        if np.abs(filled - before).max() < CLOSE:
            break
    found = block.copy()
    found[:, usable] = np.where(missing, filled * scale + mean, part)
    return found
