"""Years, half-years, quarters, months, school years and survey waves on one time axis.

Codes follow SDMX where SDMX has one: `2013`, `2013-S1`, `2013-Q3`, `2013-07`, `2013-01-31`.
School years are written `2012/2013` (1 August to 31 July), survey waves `2016-W1` (a wave has
the year's limits; its number orders waves within the year).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

from barometer_lib.errors import BadInput

GRAMMAR = "2013, 2013-S1, 2013-Q3, 2013-07, 2013-01-31, 2012/2013, 2016-W1"

# Digits are the ASCII ones: a code is the same text wherever it is compared.
FORMS = {
    "year": re.compile(r"(?a)(?P<year>\d{4})"),
    "half_year": re.compile(r"(?a)(?P<year>\d{4})-S(?P<part>[12])"),
    "quarter": re.compile(r"(?a)(?P<year>\d{4})-Q(?P<part>[1-4])"),
    "month": re.compile(r"(?a)(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])"),
    "day": re.compile(r"(?a)(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])-(?P<day>\d{2})"),
    "school_year": re.compile(r"(?a)(?P<year>\d{4})/(?P<part>\d{4})"),
    "survey_wave": re.compile(r"(?a)(?P<year>\d{4})-W(?P<part>[1-9])"),
}
FREQUENCIES = tuple(FORMS)
_MONTHS_IN = {"half_year": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of time: first and last day, code and frequency. Ordered by its days."""

    start: date
    end: date
    code: str
    frequency: str

    @property
    def midpoint(self) -> float:
        """The middle of the period in years, such as 2013.5 for the year 2013."""
        return _middle(self.start, self.end)

    @property
    def number(self) -> int:
        """Which half-year, quarter, month or wave of its year; 1 for whole years."""
        found = FORMS[self.frequency].fullmatch(self.code)
        part = found.groupdict().get("part") if found else None
        return 1 if part is None or self.frequency == "school_year" else int(part)


@cache
def _middle(start: date, end: date) -> float:
    return (_in_years(start) + _in_years(end) + 1 / _days_in(end.year)) / 2


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _in_years(day: date) -> float:
    return day.year + (day - date(day.year, 1, 1)).days / _days_in(day.year)


@cache
def parse(code: str) -> Period:
    """The period a code names. Raises `BadInput` with the grammar when it names none."""
    for frequency, form in FORMS.items():
        found = form.fullmatch(code.strip())
        if found:
            try:
                start, end = _limits(frequency, found)
            except ValueError:
                break
            return Period(start, end, code.strip(), frequency)
    raise BadInput("bad_period", asked=code, grammar=GRAMMAR)


def _limits(frequency: str, found: re.Match[str]) -> tuple[date, date]:
    year = int(found["year"])
    if frequency in _MONTHS_IN:
        months = _MONTHS_IN[frequency]
        last = int(found["part"]) * months
        return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])
    if frequency == "day":
        day = date(year, int(found["part"]), int(found["day"]))
        return day, day
    if frequency == "school_year":
        if int(found["part"]) != year + 1:
            raise ValueError("a school year spans two years in a row")
        return date(year, 8, 1), date(year + 1, 7, 31)
    return date(year, 1, 1), date(year, 12, 31)


def last_day(code: str) -> date:
    """The last day of the period a code names; the code of a day gives that day."""
    return parse(code).end
