"""Dates and periods in words."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

from barometer_lib import periods
from barometer_lib.locale.numbers import ordinal
from barometer_lib.locale.texts import text, words


@cache
def _months(lang: str, width: str) -> tuple[str, ...]:
    from babel import Locale

    words(lang)
    names = Locale(lang).months["format"][width]
    return tuple(str(names[number]) for number in range(1, 13))


def month(number: int, lang: str, width: Literal["wide", "abbreviated"] = "wide") -> str:
    """The name of month 1-12: "januar", abbreviated "jan."."""
    return _months(lang, width)[number - 1]


def date(day: dt.date | str, lang: str) -> str:
    """A day in words: "31. januar 2013". Takes a date or its code "2013-01-31"."""
    when = dt.date.fromisoformat(day) if isinstance(day, str) else day
    name = month(when.month, lang)
    return text(lang, "numbers.period.day", day=when.day, month=name, year=when.year)


def period(code: str, lang: str) -> str:
    """A period in words: a year, "1st half of 2013", "January 2013", a school year.

    Raises `BadInput` for a code that names no period.
    """
    when = periods.parse(code)
    if when.frequency == "day":
        return date(when.start, lang)
    return text(
        lang,
        f"numbers.period.{when.frequency}",
        year=when.start.year,
        ordinal=ordinal(when.number, lang),
        month=month(when.start.month, lang),
        ending=f"{when.end.year % 100:02d}",
    )
