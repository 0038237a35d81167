"""What became of figures: how much they were revised, and why two rounds differ."""

from __future__ import annotations

from barometer_lib.differences.causes import CAUSES, Happenings, State, compared, differences
from barometer_lib.differences.statistics import Revised, by_indicator, revised

__all__ = [
    "CAUSES",
    "Happenings",
    "Revised",
    "State",
    "by_indicator",
    "compared",
    "differences",
    "revised",
]
