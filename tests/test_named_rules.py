"""The named rules against what their publishers printed, and against what they promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from barometer_lib.assessment.named import (
    RULES,
    Course,
    national_goal,
    sdsn_goal,
    statcan_goal,
    verdict,
    worst,
)

REFERENCE = Path(__file__).parent / "reference"
STATCAN = json.loads((REFERENCE / "statcan_progress.json").read_text("utf-8"))
PUBLISHED = json.loads((REFERENCE / "progress_rules.json").read_text("utf-8"))
SERIES = [dict(zip(STATCAN["columns"], row, strict=True)) for row in STATCAN["series"]]


def two_points(base, latest, years, better=1, **aim):
    """Two points so many years apart from 2015 on; `years_to_target` counts from the base."""
    when = aim.pop("years_to_target", None)
    return Course(
        [2015.5, 2015.5 + years],
        [base, latest],
        better,
        target_time=None if when is None else 2015.5 + when,
        **aim,
    )


def by_year(series, better, **aim):
    years = {int(year) + 0.5: value for year, value in series.items()}
    return Course(list(years), list(years.values()), better, **aim)


@pytest.mark.parametrize("one", SERIES, ids=lambda one: one["id"])
def test_statistics_canada_published_statuses_and_scores(one):
    """Source: the official Canadian hub's components file; its slopes are rounded to 4 decimals."""
    found = verdict(
        "statcan",
        Course(
            [one["base_year"] + 0.5, one["current_year"] + 0.5],
            [one["base_value"], one["current_value"]],
            one["direction"],
            one["target"],
            one["target_year"] + 0.5 if one["target"] is not None else None,
            one["base_year"] + 0.5,
            limit=one["limit"],
        ),
    )
    assert found.verdict == one["status"]
    assert found.score == pytest.approx(one["score"], abs=STATCAN["tolerance"])
    if one["progress_value"] is not None:
        assert found.measure == pytest.approx(one["progress_value"], abs=STATCAN["tolerance"])


@pytest.mark.parametrize("one", STATCAN["indicators"], ids=lambda one: one["id"])
def test_statistics_canada_indicator_is_the_mean_of_its_series(one):
    code, score = statcan_goal(one["scores"])
    assert (code, score) == (one["status"], pytest.approx(one["score"], abs=1e-9))


@pytest.mark.parametrize("one", PUBLISHED["series"], ids=lambda one: one["id"])
def test_un_progress_chart_as_published_by_eustat(one):
    year = one.get("target_year")
    found = verdict(
        "un_progress_chart",
        by_year(
            one["series"],
            one["direction"],
            target=one["target"],
            target_time=None if year is None else year + 0.5,
        ),
    )
    assert found.score == one["expected"]["score"]
    if "base_year" in one["expected"]:
        assert found.facts["start"] == one["expected"]["base_year"] + 0.5
        assert found.facts["end"] == one["expected"]["last_year"] + 0.5


@pytest.mark.parametrize("one", PUBLISHED["cases"], ids=lambda one: one["id"])
def test_definition_cases_at_the_publishers_thresholds(one):
    expected = one["expected"]
    if "category" in expected:
        found = verdict(
            "eurostat", two_points(one["base"], one["latest"], one["years"], one["direction"])
        )
        assert found.measure == pytest.approx(expected["directional_cagr"], abs=1e-9)
        assert found.verdict == expected["category"].replace(" ", "_")
    elif "arrow" in expected:
        aim = {"target": one["target"], "years_to_target": one["years_to_target"]}
        found = verdict("sdsn_arrows", two_points(one["base"], one["latest"], one["years"], **aim))
        assert found.measure == pytest.approx(expected["ratio"], abs=1e-9)
        assert found.verdict == expected["arrow"].replace(" ", "_")
    else:
        yearly, latest = one["mean_yearly_change"], one["latest"]
        years = [2010.5 + at for at in range(6)]
        values = [latest - yearly * (5 - at) for at in range(6)]
        aim = {"target": one["target"], "target_time": 2015.5 + one["years_left"]}
        found = verdict("weather", Course(years, values, 1, **aim))
        assert 1 - found.measure == pytest.approx(expected["gap_share_missed"], abs=1e-9)
        assert found.verdict == expected["symbol"].replace(" ", "_")


@pytest.mark.parametrize(
    ("name", "latest", "code"),
    [
        ("eurostat", 1.1**5, "significant_progress"),
        ("eurostat", 1.1 ** (5 * 0.80), "moderate_progress"),
        ("eurostat", 1.1 ** (5 * 0.40), "insufficient_progress"),
        ("eurostat", 1.0, "insufficient_progress"),
        ("eurostat", 0.99, "movement_away"),
        ("un_progress_chart", 1.1 ** (5 * 0.99), "on_track"),
        ("un_progress_chart", 1.1 ** (5 * 0.5), "fair_progress"),
        ("un_progress_chart", 1.1 ** (5 * 0.1), "stagnation_or_regression"),
        ("un_progress_chart", 0.9, "stagnation_or_regression"),
    ],
)
def test_growth_rules_with_a_target(name, latest, code):
    """10 percent a year is needed for ten years; the newest point is halfway."""
    course = two_points(1.0, latest, 5, target=1.1**10, years_to_target=10)
    assert verdict(name, course).verdict == code


@pytest.mark.parametrize(
    ("missed", "symbol"),
    [(0.049, "sun"), (0.05, "sun_and_cloud"), (0.20, "sun_and_cloud"), (0.21, "cloud")],
)
def test_weather_at_its_limits(missed, symbol):
    yearly = 2.0 * (1 - missed)
    values = [60 - yearly * (3 - at) for at in range(4)]
    course = Course([2012.5, 2013.5, 2014.5, 2015.5], values, 1, 80.0, 2025.5)
    assert verdict("weather", course).verdict == symbol


@pytest.mark.parametrize(
    ("values", "symbol"),
    [
        ([50, 51, 52, 53], "sun"),
        ([50, 54, 54, 53], "sun_and_cloud"),
        ([53, 50, 50, 51], "cloud"),
        ([53, 52, 51, 50], "thunderstorm"),
    ],
)
def test_weather_without_a_target_joins_the_mean_and_the_last_change(values, symbol):
    course = Course([2012.5, 2013.5, 2014.5, 2015.5], values, 1)
    assert verdict("weather", course).verdict == symbol
    assert verdict("weather", Course(course.times[1:], values[1:], 1)).reason == "too_few_points"


def test_weather_takes_the_last_six_points():
    times = [2005.5 + at for at in range(8)]
    course = Course(times, [90, 90, 50, 51, 52, 53, 54, 55], 1, 60.0, 2017.5)
    assert verdict("weather", course).facts["base_value"] == 50
    assert verdict("weather", course).verdict == "sun"


def test_several_targets_the_worst_counts():
    assert worst(RULES["weather"], ["sun", "cloud", "sun_and_cloud"]) == "cloud"
    assert worst(RULES["linear_gap_closure"], ["target_met", "on_track"]) == "on_track"
    assert worst(RULES["weather"], []) is None


@pytest.mark.parametrize(
    ("base", "latest", "decimals", "code"),
    [
        (60.44, 60.45, 1, "better"),
        (60.41, 60.44, 1, "same_rounded"),
        (60.4, 60.2, 0, "same_rounded"),
        (60.5, 60.4, 0, "worse"),
    ],
)
def test_the_national_barometer_compares_rounded_figures(base, latest, decimals, code):
    course = Course([2012.5, 2013.5], [base, latest], 1, decimals=decimals)
    assert verdict("national_barometer", course).verdict == code


def test_the_national_barometer_measures_from_2012():
    course = by_year({"2010": 50, "2012": 60, "2015": 55}, 1)
    assert verdict("national_barometer", course).verdict == "worse"


@pytest.mark.parametrize(
    ("verdicts", "goal"),
    [
        (["better"], "better"),
        (["better", "better", "better"], "better"),
        (["better", "same_rounded", "better"], "better"),
        (["better", "better", "worse"], None),
        (["better", "same_rounded", "same_rounded"], None),
        (["same_rounded", "same_rounded", "same_rounded"], "same_rounded"),
        ([], None),
    ],
)
def test_national_goals_only_where_the_published_table_could_be_read(verdicts, goal):
    assert national_goal(verdicts) == goal


def test_sdsn_goal_arrow_is_the_mean_of_enough_indicators():
    assert sdsn_goal([3.5, 2.5, 2.5], 4) == "moderately_improving"
    assert sdsn_goal([4.0, 4.0], 2) == "on_track"
    assert sdsn_goal([0.5, 0.7, 1.0], 3) == "decreasing"
    assert sdsn_goal([3.0, 3.0], 3) is None


def test_sdsn_maintains_what_was_there_and_reaches_what_was_not():
    aim = {"target": 80.0, "years_to_target": 15}
    assert verdict("sdsn_arrows", two_points(82, 81, 5, **aim)).verdict == "maintaining"
    assert verdict("sdsn_arrows", two_points(70, 81, 5, **aim)).verdict == "on_track"
    assert verdict("sdsn_arrows", two_points(82, 79, 5, **aim)).verdict == "decreasing"
    assert verdict("sdsn_arrows", two_points(70, 71, 3, **aim)).reason == "too_short"


def test_the_default_rule_says_the_same_of_90_to_92_and_of_10_to_8():
    up = two_points(90, 92, 2, target=100.0, years_to_target=10)
    down = two_points(10, 8, 2, -1, target=0.0, years_to_target=10)
    first, second = verdict("linear_gap_closure", up), verdict("linear_gap_closure", down)
    assert first.verdict == second.verdict == "on_track"
    assert first.measure == pytest.approx(1.0) == second.measure
    growth = (
        verdict("eurostat", two_points(90, 92, 5)),
        verdict("eurostat", two_points(10, 8, 5, -1)),
    )
    assert growth[0].verdict != growth[1].verdict  # what the default rule is there to avoid


SHARES = st.floats(1, 99).map(lambda value: round(value, 1))


@given(SHARES, SHARES, SHARES, st.integers(1, 9), st.sampled_from([1, -1]))
def test_the_default_rule_is_the_same_for_p_and_one_minus_p(base, latest, target, years, better):
    assume(base != target)
    aim = {"years_to_target": 10}
    one = verdict(
        "linear_gap_closure", two_points(base, latest, years, better, target=target, **aim)
    )
    other = verdict(
        "linear_gap_closure",
        two_points(100 - base, 100 - latest, years, -better, target=100 - target, **aim),
    )
    assert one.verdict == other.verdict
    assert one.measure == pytest.approx(other.measure, rel=1e-6, abs=1e-6)


ORDER = {
    name: (*rule.classes, rule.met) if rule.met and rule.met not in rule.classes else rule.classes
    for name, rule in RULES.items()
}


@given(st.sampled_from(sorted(RULES)), SHARES, SHARES, SHARES, st.sampled_from([1, -1]))
def test_no_rule_gets_worse_as_the_newest_value_gets_better(name, base, latest, target, better):
    first = Course([2010.5, 2012.5, 2014.5, 2016.5], [base, base, base, latest], better)
    aim = {"target": target, "target_time": 2030.5, "base_time": 2010.5}
    for more in ({}, aim):
        course = Course(first.times, first.values, better, **more)
        nearer = Course(first.times, [*first.values[:3], latest + better * 0.5], better, **more)
        found, better_found = verdict(name, course), verdict(name, nearer)
        if found.verdict is None or better_found.verdict is None:
            continue
        order = ORDER[name] if more else RULES[name].classes_without
        assert order.index(better_found.verdict) >= order.index(found.verdict)


@pytest.mark.parametrize(
    ("course", "reason"),
    [
        (Course([], [], 1), "no_figures"),
        (Course([2015.5], [50], 1, 60.0, 2020.5), "too_few_points"),
        (Course([2015.5, 2016.5], [50, 51], 1), "no_target"),
        (Course([2015.5, 2016.5], [50, 51], 0, 60.0, 2020.5), "no_polarity"),
        (Course([2015.5, 2016.5], [50, 51], 1, 60.0, 2020.5, 2018.5), "no_base_value"),
        (Course([2015.5, 2016.5], [50, 51], 1, 60.0, 2015.5), "target_before_base"),
        (Course([2015.5], [50], 1, 60.0, 2020.5, 2013.5, 48.0), "with_target"),
    ],
)
def test_a_refusal_says_why(course, reason):
    assert verdict("linear_gap_closure", course).reason == reason


def test_growth_rules_refuse_values_of_two_signs():
    for name in ("eurostat", "statcan", "un_progress_chart"):
        assert verdict(name, two_points(-1, 2, 5)).reason == "values_not_of_one_sign"


def test_no_rule_without_a_source_or_an_order():
    for rule in RULES.values():
        assert rule.source
        assert rule.version
        assert list(rule.cuts) == sorted(rule.cuts)
        assert len(rule.cuts) == len(rule.classes) - 1
