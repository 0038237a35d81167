"""The life of a round: from draft to public, frozen when it is public, and what is held back.

Each round that has a life of its own is a page `data/rounds/<id>.yml`. Rounds without one are
public by what their source says.
"""

from __future__ import annotations

from barometer_lib.rounds.content import changed, checksum, content_of
from barometer_lib.rounds.life import STATES, Accepted, Life, Lives, Step, read, told_life
from barometer_lib.rounds.steps import advance, begin, freeze

__all__ = [
    "STATES",
    "Accepted",
    "Life",
    "Lives",
    "Step",
    "advance",
    "begin",
    "changed",
    "checksum",
    "content_of",
    "freeze",
    "read",
    "told_life",
]
