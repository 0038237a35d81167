"""What is said of a status in words. Rows go in, sentences come out; no store, no screen."""

from __future__ import annotations

from barometer_lib.sentences.counting import counts, entering, marking
from barometer_lib.sentences.goals import (
    areas_above,
    counted,
    goal_reason,
    verdict,
    worked_out,
)
from barometer_lib.sentences.indicators import (
    change,
    changed,
    goal_target,
    indicator_reason,
    own_target,
    significance,
    target,
    things,
    value,
)
from barometer_lib.sentences.rank_change import places, rank_change
from barometer_lib.sentences.replies import reply

__all__ = [
    "areas_above",
    "change",
    "changed",
    "counted",
    "counts",
    "entering",
    "goal_reason",
    "goal_target",
    "indicator_reason",
    "marking",
    "own_target",
    "places",
    "rank_change",
    "reply",
    "significance",
    "target",
    "things",
    "value",
    "verdict",
    "worked_out",
]
