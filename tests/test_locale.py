"""Words, numbers, dates and periods as readers see them."""

import datetime as dt
import math
import string
import subprocess
import sys

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib import locale
from barometer_lib.charts import STATUS_GLYPHS
from barometer_lib.errors import BadInput
from barometer_lib.locale import numbers, texts
from barometer_lib.units import UNITS

SPACE = "\N{NO-BREAK SPACE}"
INDICATOR_REASONS = [
    "change_significant",
    "change_not_significant",
    "significance_not_stated",
    "no_new_figures",
    "no_earlier_figure",
    "no_base_value",
    "no_change",
    "no_polarity",
    "suppressed",
    "above_maximum",
    "within_maximum",
    "across_break",
]
GOAL_REASONS = [
    "majority_progress",
    "majority_setback",
    "tie",
    "none_significant",
    "no_counting_change",
    "no_new_figures",
    "no_base_value",
    "published",
    "published_count",
    "partial_count",
    "no_figures",
    "direction_only",
    "above_maximum",
    "within_maximum",
]


def leaves(lang):
    return dict(texts._leaves(locale.words(lang)))


def fields(pattern):
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def test_both_languages_say_the_same_things():
    danish, english = leaves("da"), leaves("en")
    assert danish.keys() == english.keys()
    assert {key: fields(danish[key]) for key in danish} == {
        key: fields(english[key]) for key in english
    }
    # A part of a sentence may be left out, but then in both languages.
    assert [key for key in danish if bool(danish[key].strip()) != bool(english[key].strip())] == []


def test_every_key_is_written_as_text():
    """YAML reads bare `no`, `yes` and `on` as true and false; such a key would never be found."""

    def keys(branch):
        for key, below in branch.items():
            yield key
            if isinstance(below, dict):
                yield from keys(below)
            else:
                assert isinstance(below, str), (key, below)

    for lang in locale.LANGUAGES:
        assert all(isinstance(key, str) for key in keys(locale.words(lang)))


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_status_and_reason_has_its_words(lang):
    filled = {"limit": "10", "count": 4, "of": 8, "progress": 2, "setback": 1, "counting": 3}
    filled["entering"] = locale.text(lang, "sentences.counts.star.those")
    for code in STATUS_GLYPHS:
        for part in ("name", "mark", "meaning"):
            assert locale.text(lang, f"status.code.{code}.{part}")
        assert locale.text(lang, f"status.short.{code}")
    for reason in INDICATOR_REASONS:
        assert locale.text(lang, f"status.indicator_reason.{reason}", **filled).endswith(".")
    for reason in GOAL_REASONS:
        assert locale.text(lang, f"status.goal_reason.{reason}", **filled).endswith(".")
    for unit in UNITS:
        assert locale.with_unit(3, unit, lang)
        assert locale.text(lang, f"numbers.unit_name.{unit}")


def test_the_statuses_are_called_what_the_barometer_called_them():
    expected = {
        "progress": "fremgang",
        "standstill": "stilstand",
        "setback": "tilbagegang",
        "no_new_figures": "ingen nye tal",
        "green": "grøn (den rigtige vej)",
        "yellow": "gul (ingen signifikant ændring)",
        "red": "rød (den forkerte vej)",
        "white": "hvid (kan ikke vurderes)",
        "met": "opfyldt",
        "not_met": "ikke opfyldt",
        "cannot_tell": "kan ikke afgøres",
    }
    assert {code: locale.text("da", f"status.code.{code}.name") for code in expected} == expected


def test_unknown_keys_fields_and_languages_are_refused():
    with pytest.raises(KeyError):
        locale.text("da", "status.code.nothing.name")
    with pytest.raises(KeyError):
        locale.text("da", "status.code")
    with pytest.raises(KeyError):
        locale.text("da", "status.goal_reason.tie", progress=1)
    with pytest.raises(KeyError):
        locale.with_unit(1, "furlongs", "da")
    with pytest.raises(BadInput):
        locale.text("sv", "status.code.progress.name")
    with pytest.raises(BadInput):
        locale.number(1, "de")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (locale.with_unit(93.1, "percent", "da", 1), "93,1_pct."),
        (locale.with_unit(93.1, "percent", "en", 1), "93.1%"),
        (locale.with_unit(49, "percent", "da"), "49_pct."),
        (locale.with_unit(10.8, "percentage_points", "da", 1), "10,8_procentpoint"),
        (locale.with_unit(1, "percentage_points", "en"), "1_percentage point"),
        (locale.with_unit(10.8, "percentage_points", "en", 1), "10.8_percentage points"),
        (locale.with_unit(1234.5, "persons_fte", "da", 1), "1.234,5_fuldtidspersoner"),
        (locale.with_unit(1, "persons_fte", "da"), "1_fuldtidsperson"),
        (locale.with_unit(66, "points", "da"), "66_point"),
        (locale.with_unit(3.5, "per_1000", "da"), "3,5_pr._1.000"),
        (locale.with_unit(548443, "count", "da"), "548.443"),
        (locale.with_unit(3.25, "mean", "da", 1), "3,3"),
        (locale.with_unit(4, "rank", "da"), "4._plads"),
        (locale.with_unit(22, "rank", "en"), "22nd_place"),
        (locale.with_unit(11, "rank", "en"), "11th_place"),
        (locale.change(0.3, "percentage_points", "da", 1), "+0,3_procentpoint"),
        (locale.change(-2.4, "percentage_points", "da", 1), "−2,4_procentpoint"),
        (locale.change(0, "percentage_points", "da", 1), "0,0_procentpoint"),
        (locale.change(-0.04, "points", "da", 1), "0,0_point"),
        (locale.change(-50, "percent", "da"), "−50_pct."),
        (locale.change(-1, "rank", "en"), "−1_place"),
        (locale.interval(90.1, 96.1, "percent", "da", 1), "90,1-96,1_pct."),
        (locale.interval(-2.4, 1.1, "percentage_points", "da", 1), "−2,4 til 1,1_procentpoint"),
        (locale.number(0.931 * 100, "da"), "93,1"),
        (locale.number(2.45, "da", 1), "2,5"),
        (locale.number(0.0000125, "da"), "0,000013"),
        (locale.number(-0.05, "da", 1), "−0,1"),
        (locale.number(100, "da"), "100"),
        (locale.ordinal(4, "da"), "4."),
        (locale.ordinal(3, "en"), "3rd"),
    ],
)
def test_numbers_are_written_as_printed(shown, expected):
    assert shown == expected.replace("_", SPACE)


@given(st.floats(-1e9, 1e9), st.integers(0, 4), st.sampled_from(locale.LANGUAGES))
def test_numbers_agree_with_babel(value, decimals, lang):
    given_digits = numbers._rounded(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    expected = format_decimal(abs(given_digits), pattern, locale=lang)
    assert locale.number(value, lang, decimals).lstrip("−") == expected
    assert locale.number(value, lang, decimals).startswith("−") == (given_digits < 0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_shown_as_one(value):
    with pytest.raises(ValueError, match="no number"):
        locale.number(value, "da")


@given(st.dates(dt.date(1900, 1, 1)), st.sampled_from(locale.LANGUAGES))
def test_dates_agree_with_babel(day, lang):
    pattern = {"da": "d. MMMM y", "en": "d MMMM y"}[lang]
    assert locale.date(day, lang) == format_date(day, pattern, locale=lang)
    assert locale.date(day.isoformat(), lang) == locale.date(day, lang)


@pytest.mark.parametrize(
    ("code", "danish", "english"),
    [
        ("2013", "2013", "2013"),
        ("2013-S1", "1. halvår 2013", "1st half of 2013"),
        ("2013-Q3", "3. kvartal 2013", "3rd quarter of 2013"),
        ("2013-01", "januar 2013", "January 2013"),
        ("2013-01-31", "31. januar 2013", "31 January 2013"),
        ("2012/2013", "skoleåret 2012/13", "school year 2012/13"),
        ("1999/2000", "skoleåret 1999/00", "school year 1999/00"),
        ("2016-W2", "2. spørgerunde 2016", "2nd survey wave of 2016"),
    ],
)
def test_periods_are_written_in_words(code, danish, english):
    assert locale.period(code, "da") == danish
    assert locale.period(code, "en") == english


def test_a_period_that_is_none_is_refused():
    with pytest.raises(BadInput):
        locale.period("spring", "da")


def test_words_in_a_row():
    assert locale.list_of(["a", "b", "c"], "da") == "a, b og c"
    assert locale.list_of(["a", "b"], "en") == "a and b"
    assert locale.list_of(["a"], "da") == "a"
    assert locale.list_of([], "da") == ""


def test_one_and_many():
    assert locale.text_count("da", "tables.rows", 1) == "1 række"
    assert locale.text_count("da", "tables.rows", 0) == "0 rækker"
    assert locale.text_count("en", "tables.rows", 1200) == "1,200 rows"


def test_importing_the_words_stays_cheap():
    heavy = "pandas numpy pyarrow duckdb plotly babel.dates yaml babel"
    code = (
        "import sys, barometer_lib.locale, barometer_lib.tables, barometer_lib.charts;"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"


def test_a_count_is_of_something():
    districts = ("bydel", "bydele")
    space = "\N{NO-BREAK SPACE}"
    assert locale.with_unit(4, "count", "da", 0, districts) == f"4{space}bydele"
    assert locale.with_unit(1, "count", "da", 0, districts) == f"1{space}bydel"
    assert locale.change(-1, "count", "da", 0, districts) == f"\N{MINUS SIGN}1{space}bydel"
    assert locale.change(0, "count", "da", 0, districts) == f"0{space}bydele"
    assert locale.with_unit(4, "percent", "da", 0, districts) == f"4{space}pct."
    assert locale.with_unit(4, "count", "da", 0) == "4"
