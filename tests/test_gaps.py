"""Gaps between groups, comparisons with a benchmark, funnels and quantiles."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from barometer_lib.gaps import batch
from barometer_lib.gaps import benchmark as compare
from barometer_lib.gaps.between import (
    Share,
    gap,
    gap_change,
    gap_to_mean,
    gap_to_target,
    rest,
)
from barometer_lib.gaps.funnel import expected_limits, proportion_limits
from barometer_lib.gaps.quantiles import percentile, quantile_of_rank, quantile_of_value, spine
from witnesses import cases, near

shares = st.integers(5, 4000).flatmap(
    lambda n: st.integers(0, n).map(lambda count: Share(count, n))
)


@given(group=shares, other=shares)
def test_a_gap_is_newcombe_s_and_koopman_s(group, other):
    found = gap(group, other)
    made = (group.count, group.n, other.count, other.n)
    limits = confint_proportions_2indep(*made, method="newcomb")
    assert (found.low, found.high) == pytest.approx(limits, abs=1e-10)
    assert found.absolute == pytest.approx(group.value - other.value)
    # where everybody counts, statsmodels' own search goes astray
    if 0 < group.count < group.n and 0 < other.count < other.n:
        score = confint_proportions_2indep(*made, compare="ratio", method="score", correction=False)
        assert (found.ratio_low, found.ratio_high) == pytest.approx(score, rel=2e-3)
        assert found.ratio_low <= found.ratio <= found.ratio_high
    assert found.distinguishable is (found.low > 0 or found.high < 0)


@given(rows=st.lists(st.tuples(shares, shares), min_size=1, max_size=6))
def test_many_at_once_are_the_same_gaps(rows):
    columns = zip(*((a.count, a.n, b.count, b.n) for a, b in rows), strict=True)
    found = batch.gaps(*columns)
    for i, (group, other) in enumerate(rows):
        one = gap(group, other)
        for name in ("low", "high", "ratio_low", "ratio_high"):
            assert getattr(found, name)[i] == pytest.approx(getattr(one, name), rel=1e-9, abs=1e-12)
        assert found.p[i] == pytest.approx(one.p, rel=1e-6, abs=1e-12)


def test_blank_and_impossible_counts_have_blank_limits():
    found = batch.gaps([3, np.nan, 5, 9], [10, 10, 0, 8], [1, 1, 1, 1], [10, 10, 10, 10])
    assert [bool(one) for one in np.isnan(found.p)] == [False, True, True, True]


def test_both_forms_can_move_in_opposite_directions():
    """From 40 against 20 percent to 62 against 40: the difference grows, the ratio shrinks."""
    before, now = (Share(40, 100), Share(20, 100)), (Share(62, 100), Share(40, 100))
    found = gap_change(now, before)
    assert found.change == pytest.approx(0.02)
    assert found.ratio_change == pytest.approx(1.55 - 2.0)


@given(group=shares, others=shares)
def test_group_against_mean_is_tested_as_group_against_rest(group, others):
    whole = Share(group.count + others.count, group.n + others.n)
    assert rest(group, whole) == others
    found, apart = gap_to_mean(group, whole), gap(group, others)
    part = group.n / whole.n
    assert found.absolute == pytest.approx((1 - part) * apart.absolute, abs=1e-12)
    assert (found.low, found.high) == pytest.approx(
        ((1 - part) * apart.low, (1 - part) * apart.high), abs=1e-12
    )
    assert found.p == apart.p
    assert found.against == "mean"
    if whole.count and others.count:
        assert found.ratio == pytest.approx(group.value / whole.value)
        assert found.ratio_low <= found.ratio * (1 + 1e-9)
        assert found.ratio_high >= found.ratio * (1 - 1e-9)


def test_the_ratio_to_the_mean_worked_by_hand():
    # a quarter of the city: 30 of 100 against 60 of 300; rest 0.2, mean 0.225, ratio 1.3333
    found = gap_to_mean(Share(30, 100), Share(90, 400))
    assert found.ratio == pytest.approx(0.3 / 0.225)
    apart = gap(Share(30, 100), Share(60, 300))
    assert apart.ratio == pytest.approx(1.5)
    # ratio r to the rest is r / (r/4 + 3/4) to the mean: 1.5 -> 1.3333
    assert found.ratio_low == pytest.approx(apart.ratio_low / (apart.ratio_low / 4 + 0.75))
    nobody = gap_to_mean(Share(30, 100), Share(30, 400))
    assert nobody.ratio_high == pytest.approx(4)
    assert gap(Share(30, 100), Share(0, 300)).ratio_high == inf


def test_a_group_that_is_no_part_of_the_whole_is_refused():
    with pytest.raises(ValueError, match="no part"):
        rest(Share(50, 60), Share(40, 100))
    with pytest.raises(ValueError, match="no part"):
        rest(Share(40, 100), Share(40, 100))


@given(group=shares, target=st.floats(0.02, 0.98))
def test_a_gap_to_a_target_is_wilson_s(group, target):
    found = gap_to_target(group, target)
    limits = proportion_confint(group.count, group.n, method="wilson")
    assert (found.low + target, found.high + target) == pytest.approx(limits, abs=1e-10)
    _, p = proportions_ztest(group.count, group.n, target, prop_var=target)
    assert found.p == pytest.approx(p, abs=1e-10)
    # Wilson's interval is just what this test does not reject
    assert (found.p < 0.05) is found.distinguishable or found.p == pytest.approx(0.05, abs=1e-9)
    assert found.ratio == pytest.approx(group.value / target)


def test_a_target_of_all_or_nothing_has_no_test():
    with pytest.raises(ValueError, match="between 0 and 1"):
        gap_to_target(Share(3, 10), 1.0)


def test_the_change_of_a_gap_covers_the_truth_as_often_as_promised():
    """Drawn many times from known shares, the 95 % interval holds the true change 95 % of times."""
    random = np.random.default_rng(11)
    truth = ((0.55, 400), (0.70, 600), (0.50, 400), (0.72, 600))
    change = (0.55 - 0.70) - (0.50 - 0.72)
    held = 0
    for _ in range(800):
        a, b, c, d = (Share(int(random.binomial(n, p)), n) for p, n in truth)
        found = gap_change((a, b), (c, d))
        held += found.low <= change <= found.high
    assert 0.93 <= held / 800 <= 0.97


def test_the_change_of_a_gap_needs_about_twice_the_people():
    """Four shares near 60 % of 500 each: (1.96 + 0.84) sqrt(4 x 0.24 / 500) = 12.3 points, where
    one group alone tells 8.7."""
    same = (Share(300, 500), Share(300, 500))
    assert gap_change(same, same).smallest == pytest.approx(0.1228, abs=5e-4)


OUTCOMES = {
    "single_ci": lambda one: compare.one_interval(
        one["lower95"], one["upper95"], one["benchmark"], one["polarity"]
    ),
    "two_ci": lambda one: compare.two_intervals(
        (one["lower95"], one["upper95"]),
        (one["lower998"], one["upper998"]),
        one["benchmark"],
        one["polarity"],
    ),
    "double_ci": lambda one: compare.overlapping(one["area"], one["comparator"], one["polarity"]),
    "spc_proportion": lambda one: compare.control_proportion(
        one["value"] / one["unit"],
        one["denominator"],
        one["benchmark"] / one["unit"],
        one["polarity"],
        one["z"],
    ),
    "target_range": lambda one: compare.target_range(
        one["value"], one["lower"], one["upper"], one["polarity"]
    ),
    "target_single": lambda one: compare.target_value(one["value"], one["target"], one["polarity"]),
    "target_single_ci": lambda one: compare.target_interval(
        one["lower95"], one["upper95"], one["target"], one["polarity"]
    ),
    "target_percentile_range": lambda one: compare.target_range(
        one["value"], one["lower_percentile_value"], one["upper_percentile_value"], one["polarity"]
    ),
}
POLARITY = {"high": "higher", "low": "lower"}


@pytest.mark.parametrize("case", cases("fingertips_compare.json"))
def test_an_area_is_judged_as_the_service_judges_it(case):
    one = {**case["input"], "polarity": POLARITY[case["input"]["polarity"]]}
    assert OUTCOMES[one["method"]](one) == case["expected"]["outcome"]


def test_what_is_missing_is_not_compared():
    assert compare.one_interval(None, 2, 1, "higher") == "not_compared"
    assert compare.one_interval(1, 2, 1.5, None) == "not_compared"
    assert compare.two_intervals((1, 2), (None, 3), 1.5, "higher") == "not_compared"
    assert compare.overlapping((1, None, 2), (1, 0, 2), "higher") == "not_compared"
    assert compare.control_proportion(0.2, 0, 0.1, "higher") == "not_compared"
    assert compare.control_rate(0.2, None, 0.1, "higher") == "not_compared"
    assert compare.target_value(3, 2, "neither") == "not_compared"
    assert compare.target_range(3, None, 2, "lower") == "not_compared"
    assert compare.funnel_place(0.2, 10, 0.0, "lower") == "not_compared"


def test_without_a_better_way_it_is_higher_or_lower():
    assert compare.one_interval(3, 4, 2, "neither") == "higher"
    assert compare.two_intervals((3, 4), (2.5, 5), 2, "neither") == "highest"
    assert compare.overlapping((3, 2.9, 3.1), (4, 3.5, 4.5), "neither") == "lower"


def test_a_rate_is_judged_by_the_events_the_benchmark_expects():
    """E = 10 of 1,000: exact limits 4.795 to 18.39 events (scipy), so 19 is beyond, 18 is not."""
    assert compare.control_rate(0.019, 1000, 0.010, "lower") == "worse"
    assert compare.control_rate(0.018, 1000, 0.010, "lower") == "similar"
    assert compare.control_rate(0.004, 1000, 0.010, "lower") == "better"
    assert compare.control_rate(0.019, 1000, 0.010, "lower", tail=0.001) == "similar"


def test_a_funnel_judges_at_two_levels():
    # average 0.5, n 100: 0.402 to 0.598 at 95 %, 0.3455 to 0.6545 at 99.8 %
    places = {share: compare.funnel_place(share, 100, 0.5, "higher")
              for share in (0.34, 0.36, 0.41, 0.59, 0.6, 0.66)}  # fmt: skip
    assert places == {0.34: "worst", 0.36: "worse", 0.41: "similar", 0.59: "similar",
                      0.6: "better", 0.66: "best"}  # fmt: skip


@pytest.mark.parametrize("case", cases("funnel.json", "prop_limits"))
@pytest.mark.parametrize(("level", "name"), [(0.95, "2"), (0.998, "3")])
def test_funnel_limits_of_shares_are_as_published(case, level, name):
    one, wanted = case["input"], case["expected"]
    found = [proportion_limits(one["average"], n, level) for n in one["population"]]
    assert [100 * low for low, _ in found] == near(case, wanted[f"l{name}"])
    assert [100 * high for _, high in found] == near(case, wanted[f"u{name}"])


@pytest.mark.parametrize("case", cases("funnel.json", "ratio_limits"))
@pytest.mark.parametrize(("level", "name"), [(0.95, "2s"), (0.998, "3s")])
def test_funnel_limits_of_ratios_are_as_published(case, level, name):
    found = [expected_limits(n, level) for n in case["input"]["observed"]]
    assert [high for _, high in found] == near(case, case["expected"][f"lower_{name}"])
    assert [low for low, _ in found] == near(case, case["expected"][f"upper_{name}"])


@given(average=st.floats(0.05, 0.95), n=st.integers(20, 5000))
def test_a_funnel_limit_s_wilson_interval_just_touches_the_average(average, n):
    low, high = proportion_limits(average, n)
    assume(low > 0 and high < 1)
    assert proportion_confint(low * n, n, method="wilson")[1] == pytest.approx(average, abs=1e-9)
    assert proportion_confint(high * n, n, method="wilson")[0] == pytest.approx(average, abs=1e-9)


PERCENTILES = {"min": 0, "p25": 0.25, "median": 0.5, "p75": 0.75, "max": 1}


@pytest.mark.parametrize("case", cases("fingertips_quantiles.json", "stats"))
def test_percentiles_are_the_service_s(case):
    for name, wanted in case["expected"].items():
        assert percentile(case["input"]["values"], PERCENTILES[name]) == near(case, wanted)


@pytest.mark.parametrize("case", cases("fingertips_quantiles.json", "too_few"))
def test_few_areas_have_no_percentiles(case):
    assert percentile(case["input"]["values"], 0.5) is case["expected"]["percentiles"]
    assert percentile([1, 2, 3], 0.5) is None
    assert spine(1, [1, 2, 3], "higher") is None


@pytest.mark.parametrize("case", cases("fingertips_quantiles.json", "quintile"))
def test_a_quintile_is_the_service_s(case):
    one = case["input"]
    found = quantile_of_value(one["value"], one["population"], 5, POLARITY[one["polarity"]])
    assert found == case["expected"]["category"]


def test_quintiles_turn_over_where_high_is_good():
    values = list(range(1, 11))
    low = [quantile_of_value(one, values) for one in values]
    assert low == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    high = [quantile_of_value(one, values, 5, "higher") for one in values]
    assert high == [6 - one for one in low]
    assert quantile_of_value(1, [1, 2, 3, 4], 5) is None
    # 3 is just the 20th percentile of 1 to 11: a bound belongs to the lower band
    assert quantile_of_value(3, list(range(1, 12))) == 1
    assert quantile_of_value(3.01, list(range(1, 12))) == 2


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=40), share=st.floats(0, 1))
def test_percentiles_agree_with_numpy(values, share):
    assert percentile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-6)


@pytest.mark.parametrize("case", cases("quantile_rank.json"))
def test_groups_by_rank_are_as_published(case):
    one = case["input"]
    found = quantile_of_rank(one["values"], one["k"], inverted=one["invert"])
    assert found == case["expected"]["quantile"]


def test_a_spine_has_the_benchmark_in_its_middle():
    # values 1 to 9: median 5, quarters 3 and 7; high is good
    found = spine(8, list(range(1, 10)), "higher")
    assert (found.worst, found.p25, found.middle, found.p75, found.best) == (1, 3, 5, 7, 9)
    assert (found.p25_place, found.p75_place, found.place) == (0.25, 0.75, 0.875)
    other = spine(8, list(range(1, 10)), "lower")
    assert (other.worst, other.p25, other.best) == (9, 7, 1)
    assert other.place == 0.125
    # each half has a scale of its own: benchmark 7 leaves 6 below and 2 above
    own = spine(8, list(range(1, 10)), "higher", benchmark=7)
    assert (own.place, own.p25_place) == (0.75, pytest.approx(0.5 - 4 / 6 / 2))
    assert spine(3, [3, 3, 3, 3], "higher").place == 0.5
