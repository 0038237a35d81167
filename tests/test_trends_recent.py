"""The recent trend over five points, against the unit tests of the service that publishes it."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.regression.linear_model import WLS
from statsmodels.tools import add_constant

from barometer_lib.trends.recent import CRITICAL, Point, recent_trend, telling
from witnesses import cases, near

KINDS = {"indirectly standardised proportion": "indirectly_standardised_proportion"}
POLARITIES = {"Low is good": "lower", "High is good": "higher", "No judgement": "neither"}


def points_of(made):
    columns = ("value", "lower95", "upper95", "count", "denominator")
    return [Point(*row) for row in zip(*(made[one] for one in columns), strict=True)]


@pytest.mark.parametrize("case", cases("recent_trend.json", "set"))
def test_a_published_series_tells_what_was_published(case):
    found = recent_trend(points_of(case["input"]))
    assert found.chi_square == near(case, case["expected"]["chi2_2dp"])
    assert (found.trend != "no_significant_change") is case["expected"]["significant"]
    assert found.trend == "increasing"


@pytest.mark.parametrize("case", cases("recent_trend.json", "critical"))
def test_the_critical_value_is_the_service_s(case):
    assert near(case, case["expected"]["critical"]) == CRITICAL
    assert chi2.ppf(case["input"]["confidence"], 1) == pytest.approx(CRITICAL, abs=1e-9)


@pytest.mark.parametrize("case", cases("recent_trend.json", "rule"))
def test_other_kinds_of_value_have_none(case):
    kind = KINDS[case["input"]["rule"].removeprefix("value type ")]
    found = recent_trend([Point(1, 0.5, 1.5)] * 5, kind)
    assert (found.trend, found.reason) == ("cannot_be_calculated", "kind_of_value")
    assert case["expected"]["trend"] == "cannot be calculated"


@pytest.mark.parametrize("case", cases("recent_trend.json", "polarity"))
def test_the_wording_follows_polarity(case):
    told = telling(case["input"]["trend"], POLARITIES[case["input"]["polarity"]])
    label = told.replace("_", " and getting ")
    assert label == case["expected"]["label"]


def test_a_trend_up_where_high_is_bad_is_worse():
    assert telling("increasing", "lower") == "increasing_worse"
    assert telling("decreasing", "higher") == "decreasing_worse"
    assert telling("increasing", "higher") == "increasing_better"
    assert telling("no_significant_change", "higher") == "no_significant_change"


values = st.lists(st.tuples(st.floats(1, 99), st.floats(0.1, 9)), min_size=5, max_size=8).map(
    lambda rows: [Point(y, y - half, y + half) for y, half in rows]
)


@given(points=values)
def test_the_chi_square_is_that_of_weighted_least_squares(points):
    found = recent_trend(points)
    last = points[-5:]
    errors = [(one.high - one.low) / 3.92 for one in last]
    fitted = WLS(
        [one.value for one in last],
        add_constant([1.0, 2, 3, 4, 5]),
        weights=[1 / one**2 for one in errors],
    ).fit(cov_type="fixed scale")
    assert found.slope == pytest.approx(fitted.params[1], rel=1e-6, abs=1e-9)
    assert found.chi_square == pytest.approx(fitted.tvalues[1] ** 2, rel=1e-6, abs=1e-9)


COUNTS = st.lists(
    st.integers(20, 900).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
    min_size=5,
    max_size=5,
)


@given(made=COUNTS)
def test_the_count_form_is_the_chi_square_for_trend(made):
    """The same statistic as correlation: N r^2 over all people, one row each."""
    found = recent_trend([Point(c / n, count=c, denominator=n) for c, n in made], by_count=True)
    n = sum(of for _, of in made)
    c = sum(count for count, _ in made)
    t = sum(i * of for i, (_, of) in enumerate(made)) / n
    together = sum((i - t) * count for i, (count, _) in enumerate(made))
    spread = sum((i - t) ** 2 * of for i, (_, of) in enumerate(made))
    assert found.chi_square == pytest.approx(
        together**2 / (spread * (c / n) * (1 - c / n)), rel=1e-7, abs=1e-9
    )
    odds = [log(count / (of - count)) for count, of in made]
    assert found.slope == pytest.approx(np.polyfit(range(5), odds, 1)[0], abs=1e-9)


def test_one_wild_point_makes_no_trend():
    """The chi-square is far beyond the critical value, yet without the last point it falls."""
    made = [Point(y, y - 1, y + 1) for y in (20.0, 19.8, 19.6, 19.4, 40.0)]
    found = recent_trend(made)
    assert found.chi_square > CRITICAL
    assert found.kept_sign is False
    assert found.trend == "no_significant_change"
    steady = [Point(y, y - 1, y + 1) for y in (20.0, 24.0, 28.0, 32.0, 40.0)]
    assert recent_trend(steady).trend == "increasing"
    assert recent_trend(steady[::-1]).trend == "decreasing"


def test_only_the_last_five_points_count():
    old = [Point(90.0, 89, 91)] * 3
    new = [Point(y, y - 1, y + 1) for y in (20.0, 24.0, 28.0, 32.0, 36.0)]
    assert recent_trend(old + new) == recent_trend(new)


def test_real_places_in_time_count_where_they_are_given():
    made = [Point(y, y - 1, y + 1) for y in (20.0, 24.0, 28.0, 32.0, 36.0)]
    found = recent_trend(made, times=[2010.5, 2012.5, 2014.5, 2016.5, 2018.5])
    assert found.slope == pytest.approx(recent_trend(made).slope / 2)
    assert found.chi_square == pytest.approx(recent_trend(made).chi_square)


POINT = Point(0.3, 0.2, 0.4, 30, 100)


@pytest.mark.parametrize(
    ("points", "asked", "reason"),
    [
        ([POINT] * 4, {}, "fewer_than_five"),
        ([POINT] * 5, {"frequency": "three_years"}, "longer_than_a_year"),
        ([POINT] * 4 + [replace(POINT, count=100)], {}, "all_counted"),
        ([POINT] * 4 + [replace(POINT, low=None)], {}, "no_interval"),
        ([POINT] * 4 + [replace(POINT, low=0.3, high=0.3)], {}, "constant_interval"),
        ([POINT] * 4 + [replace(POINT, count=0)], {"by_count": True}, "none_counted"),
        ([POINT] * 4 + [replace(POINT, count=None)], {"by_count": True}, "no_interval"),
    ],
)
def test_a_refusal_says_why(points, asked, reason):
    found = recent_trend(points, **asked)
    assert (found.trend, found.reason) == ("cannot_be_calculated", reason)
    assert found.chi_square is None
