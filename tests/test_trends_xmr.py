"""Control charts of monthly series, against the tests and pages of NHSRplotthedots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.trends.xmr import (
    assurance,
    causes_of,
    limits_of,
    seven_one_side,
    seven_trend,
    spread_back,
    two_of_three,
    variation,
    xmr,
)
from witnesses import cases, near

CAUSES = {"Common Cause": "common", "Above UCL": "outside_high", "Below LCL": "outside_low"}
ASSURED = {
    "consistent_fail": "fails", "consistent_pass": "passes", "inconsistent": "hit_or_miss",
    None: None,
}  # fmt: skip
WAYS = {"increase": "higher", "decrease": "lower", "neutral": "neither"}


@pytest.mark.parametrize("case", cases("xmr.json", "rnorm", "deviations_screen"))
def test_limits_are_as_published(case):
    wanted = case["expected"]
    found = limits_of(case["input"]["values"], screened=case["input"]["screen_outliers"])
    assert (found.mean, found.low, found.high) == near(
        case, (wanted["mean"], wanted["lpl"], wanted["upl"])
    )


@pytest.mark.parametrize("case", cases("xmr.json", "deviations_points"))
def test_points_are_marked_as_published(case):
    found = xmr(case["input"]["values"], screened=case["input"]["screen_outliers"])
    assert list(found.causes) == [CAUSES[one] for one in case["expected"]["types"]]


@pytest.mark.parametrize("case", cases("xmr.json", "side7"))
def test_seven_on_one_side(case):
    found = seven_one_side(case["input"]["side_of_mean"])
    assert [abs(one) for one in found] == case["expected"]["flags"]


@pytest.mark.parametrize("case", cases("xmr.json", "trend7"))
def test_seven_all_rising_or_falling(case):
    assert seven_trend(case["input"]["values"]) == case["expected"]["flags"]


@pytest.mark.parametrize("case", cases("xmr.json", "part7"))
def test_a_run_is_marked_back_over_seven(case):
    found = spread_back(case["input"]["end_flags"])
    assert [abs(one) for one in found] == case["expected"]["flags"]


@pytest.mark.parametrize("case", cases("xmr.json", "two3"))
def test_two_of_three_close_to_a_limit(case):
    one = case["input"]
    assert two_of_three(one["close_to_limit"], one["side_of_mean"]) == case["expected"]["flags"]


@pytest.mark.parametrize("case", cases("xmr.json", "part23"))
def test_of_the_three_only_those_close_are_marked(case):
    one = case["input"]
    among = two_of_three(one["close_to_limit"], one["side_of_mean"])
    marked = [int(a and c) for a, c in zip(among, one["close_to_limit"], strict=True)]
    assert marked == case["expected"]["flags"]


@pytest.mark.parametrize("case", cases("xmr.json", "assurance"))
def test_assurance_is_as_published(case):
    one = case["input"]
    found = assurance(one["lpl"], one["upl"], one["target"], WAYS[one["improvement_direction"]])
    assert found == ASSURED[case["expected"]["assurance"]]


def test_assurance_the_other_ways():
    assert assurance(1, 3, 4, "lower") == "passes"
    assert assurance(5, 7, 4, "higher") == "passes"
    assert assurance(1, 5, 4, "higher") == "hit_or_miss"
    assert assurance(1, 5, None, "higher") is None


def test_each_rule_marks_and_the_first_wins():
    """Mean 0, limits -3 and 3, near limits -2 and 2, by hand."""
    limits = limits_of([0.0, 0.0])
    limits = type(limits)(0, 9, 0.0, -3.0, 3.0, -2.0, 2.0, False)
    rising = [-1.0, -0.5, 0.1, 0.2, 0.3, 0.4, 0.5, -0.1]
    assert causes_of(rising, limits) == ["trend_rising"] * 7 + ["common"]
    shifted = [0.5, 0.4, 0.6, 0.3, 0.5, 0.2, 0.4, -1.0]
    assert causes_of(shifted, limits) == ["seven_high"] * 7 + ["common"]
    close = [-0.1, -2.5, -0.5, -2.2, 1.0]
    assert causes_of(close, limits) == ["common", "two_of_three_low", "common",
                                        "two_of_three_low", "common"]  # fmt: skip
    # the wild point is no neighbour close to a limit: 2 of 3 needs two between near and far
    assert causes_of([3.5, 0.5, 2.5], limits) == ["outside_high", "common", "common"]
    both = [0.5, 0.4, 2.5, 2.6, 0.5, 0.2, 0.4]
    assert causes_of(both, limits)[2:4] == ["two_of_three_high"] * 2


def test_the_newest_point_says_what_its_cause_means():
    assert variation("outside_high", "higher") == "improving_high"
    assert variation("outside_high", "lower") == "concerning_high"
    assert variation("trend_falling", "lower") == "improving_low"
    assert variation("seven_low", "higher") == "concerning_low"
    assert variation("trend_rising", "neither") == "neutral_high"
    assert variation("common", "higher") == "common"


def test_limits_are_counted_anew_at_a_named_place_with_a_reason():
    before, after = [10.0, 11, 10, 12, 11, 10], [30.0, 31, 29, 30, 31, 30]
    found = xmr(before + after, rebased=[(6, "new register")], target=20, polarity="higher")
    assert found.limits == (limits_of(before), limits_of(after, 6))
    assert set(found.causes) == {"common"}
    assert found.assurance == "passes"
    assert xmr(before + after, target=20, polarity="higher").assurance == "hit_or_miss"
    with pytest.raises(ValueError, match="reason"):
        xmr(before + after, rebased=[(6, " ")])


def test_few_points_give_trial_limits_and_yearly_ones_none():
    assert xmr([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]).limits[0].trial
    assert not xmr([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]).limits[0].trial
    assert xmr([1.0, 2, 1, 2], frequency="year").reason == "too_seldom"
    assert xmr([1.0]).reason == "too_few_points"


@given(values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40))
def test_turning_the_series_over_turns_its_causes(values):
    swap = {"high": "low", "low": "high", "rising": "falling", "falling": "rising"}
    found, turned = xmr(values), xmr([-one for one in values])
    for one, other in zip(found.causes, turned.causes, strict=True):
        stem, _, way = one.rpartition("_")
        assert other == (f"{stem}_{swap[way]}" if way in swap else one)


def test_without_screening_one_wild_value_widens_the_limits():
    """The same series as the vignette's, after the spreadsheet tool: every moving range counts."""
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    mean_range = (1 + 1 + 1 + 8 + 9 + 12 * 1) / 17
    found = limits_of(values, screened=False)
    assert found.high - found.mean == pytest.approx(2.66 * mean_range)
    assert found.near_high - found.mean == pytest.approx(2.66 * mean_range * 2 / 3)
