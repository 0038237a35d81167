"""Words, numbers, dates and periods as readers see them, in Danish and English.

All words stand in `words/<lang>/<room>.yml`; the room's file name is the first part of a key.
Nothing here knows the store or a screen; everything read is kept, so that a call costs little.
"""

from __future__ import annotations

from barometer_lib.locale.numbers import (
    Things,
    as_rounded,
    change,
    interval,
    number,
    ordinal,
    with_unit,
)
from barometer_lib.locale.texts import LANGUAGES, list_of, text, text_count, words
from barometer_lib.locale.times import date, month, period

__all__ = [
    "LANGUAGES",
    "Things",
    "as_rounded",
    "change",
    "date",
    "interval",
    "list_of",
    "month",
    "number",
    "ordinal",
    "period",
    "text",
    "text_count",
    "with_unit",
    "words",
]
