"""Charts as plain Plotly figures, each with its title, its text summary and its table.

What a chart says is decided before it is drawn: values come in their published unit, with their
status; nothing is computed here but places on paper.
"""

from __future__ import annotations

from barometer_lib.charts.change_parts import Part, change_parts
from barometer_lib.charts.districts import Area, districts
from barometer_lib.charts.frame import Chart
from barometer_lib.charts.groups import groups, panels
from barometer_lib.charts.held_ranks import HeldRank, held_ranks, two_positions
from barometer_lib.charts.history import history
from barometer_lib.charts.lines import Break, Forecast, Line, Point, Target
from barometer_lib.charts.palette import (
    SERIES,
    STATUS_COLOURS,
    STATUS_GLYPHS,
    STATUS_TONES,
    css_variables,
)
from barometer_lib.charts.path import Placed, path
from barometer_lib.charts.profile import Profiled, profile
from barometer_lib.charts.ranking import Ranked, ranking
from barometer_lib.charts.ranks import field_words, rank_words
from barometer_lib.charts.sparkline import sparkline

__all__ = [
    "SERIES",
    "STATUS_COLOURS",
    "STATUS_GLYPHS",
    "STATUS_TONES",
    "Area",
    "Break",
    "Chart",
    "Forecast",
    "HeldRank",
    "Line",
    "Part",
    "Placed",
    "Point",
    "Profiled",
    "Ranked",
    "Target",
    "change_parts",
    "css_variables",
    "districts",
    "field_words",
    "groups",
    "held_ranks",
    "history",
    "panels",
    "path",
    "profile",
    "rank_words",
    "ranking",
    "sparkline",
    "two_positions",
]
