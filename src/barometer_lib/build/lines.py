"""Lines for the answers: every series asked for in one panel of the trend engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from math import isnan

import numpy as np

from barometer_lib.figures.fits import Ask, Fit
from barometer_lib.trends.aims import aim
from barometer_lib.trends.kernel import fit_panel

LINE = ("slope", "low", "high", "p")


def fit_lines(asks: Sequence[Ask]) -> list[Fit]:
    """The line of every series asked for, in their order; the same as `trends.fit_series` gives."""
    if not asks:
        return []
    longest = max(len(one.times) for one in asks)
    times, values = np.zeros((longest, len(asks))), np.full((longest, len(asks)), np.nan)
    for column, one in enumerate(asks):
        times[:, column] = one.times[-1]
        times[: len(one.times), column] = one.times
        values[: len(one.values), column] = one.values
    lines = fit_panel(times, values)
    aims = aim(
        lines,
        np.array([_number(one.target_time) for one in asks]),
        np.array([_number(one.target) for one in asks]),
        np.array([float(one.better) for one in asks]),
    )
    columns = {
        field.name: getattr(lines if field.name in LINE else aims, field.name).tolist()
        for field in fields(Fit)
    }
    return [
        Fit(**{name: _blank(column[at]) for name, column in columns.items()})
        for at in range(len(asks))
    ]


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _blank(value: float) -> float | None:
    return None if isnan(value) else value
