"""Figures of a series as they were known on a day, and the change between two of them."""

from barometer_lib.figures.changes import (
    Change,
    computed_change,
    limits,
    published_change,
    sample,
    sampling_variance,
    shown,
)
from barometer_lib.figures.fits import Ask, Fit, Fitter
from barometer_lib.figures.series import Figure, Known, broken_between, standing_breaks

__all__ = [
    "Ask",
    "Change",
    "Figure",
    "Fit",
    "Fitter",
    "Known",
    "broken_between",
    "computed_change",
    "limits",
    "published_change",
    "sample",
    "sampling_variance",
    "shown",
    "standing_breaks",
]
