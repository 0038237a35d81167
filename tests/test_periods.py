"""Periods: every form of the grammar on one time axis."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.errors import BadInput, say
from barometer_lib.periods import FREQUENCIES, GRAMMAR, last_day, parse
from tables import table

FORMS = table("""
    period     | frequency   | first      | last       | number
    2013       | year        | 2013-01-01 | 2013-12-31 | 1
    2013-S1    | half_year   | 2013-01-01 | 2013-06-30 | 1
    2013-S2    | half_year   | 2013-07-01 | 2013-12-31 | 2
    2013-Q1    | quarter     | 2013-01-01 | 2013-03-31 | 1
    2013-Q4    | quarter     | 2013-10-01 | 2013-12-31 | 4
    2013-02    | month       | 2013-02-01 | 2013-02-28 | 2
    2012-02    | month       | 2012-02-01 | 2012-02-29 | 2
    2013-12    | month       | 2013-12-01 | 2013-12-31 | 12
    2013-01-31 | day         | 2013-01-31 | 2013-01-31 | 1
    2012/2013  | school_year | 2012-08-01 | 2013-07-31 | 1
    2016-W3    | survey_wave | 2016-01-01 | 2016-12-31 | 3
""")


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row["period"])
def test_each_form_has_its_days(row):
    period = parse(row["period"])
    assert (period.start, period.end) == (row["first"], row["last"])
    assert (period.frequency, period.number) == (row["frequency"], row["number"])
    assert last_day(row["period"]) == row["last"]


def test_every_form_is_drawn_and_told():
    assert {row["frequency"] for row in FORMS} == set(FREQUENCIES)
    assert {parse(code).frequency for code in GRAMMAR.split(", ")} == set(FREQUENCIES)


@pytest.mark.parametrize(
    "code",
    ["", "13", "2013-S3", "2013-Q5", "2013-13", "2013-00", "2013-02-30", "2012/2014", "2012/13",
     "2016-W0", "Q3 2013", "2013H1", "0000", "\u0662\u0660\u0661\u0663"],
)  # fmt: skip
def test_what_is_no_period_is_told_with_the_grammar(code):
    with pytest.raises(BadInput) as caught:
        parse(code)
    assert caught.value.code == "bad_period"
    for lang in ("da", "en"):
        assert GRAMMAR in say(caught.value, lang)


def test_spaces_around_a_code_do_not_matter():
    assert parse(" 2013-Q3 ") == parse("2013-Q3")


def test_the_middle_is_in_years():
    assert parse("2013").midpoint == pytest.approx(2013.5)
    assert parse("2012").midpoint == pytest.approx(2012.5)  # 366 days, still the middle
    assert parse("2013-S1").midpoint == pytest.approx(2013 + 181 / 365 / 2)
    # 1 August 2012 is day 213 of 366; 31 July 2013 ends day 212 of 365
    assert parse("2012/2013").midpoint == pytest.approx((2012 + 213 / 366 + 2013 + 212 / 365) / 2)


@given(st.integers(1900, 2100))
def test_the_parts_of_a_year_fill_it(year):
    for parts in (
        [f"{year}-S{number}" for number in (1, 2)],
        [f"{year}-Q{number}" for number in (1, 2, 3, 4)],
        [f"{year}-{number:02}" for number in range(1, 13)],
    ):
        found = [parse(part) for part in parts]
        assert (found[0].start, found[-1].end) == (date(year, 1, 1), date(year, 12, 31))
        for before, after in itertools.pairwise(found):
            assert after.start == before.end + timedelta(days=1)
            assert before < after


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_is_itself(day):
    assert parse(day.isoformat()).start == parse(day.isoformat()).end == day
