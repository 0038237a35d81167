"""Intervals against published figures, and against other people's programs."""

from __future__ import annotations

import json
from math import inf, nan, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    score_test_proportions_2indep,
)

from barometer_lib.intervals import (
    benjamini_hochberg,
    difference,
    koopman,
    newcombe,
    newcombe_p,
    normal_quantile,
    overlap_correlation,
    ratio_log,
    ratio_log_adjusted,
    ratio_of_counts,
    student_p,
    student_quantile,
    wilson,
)
from witnesses import cases as witness_cases
from witnesses import near

REFERENCE = Path(__file__).resolve().parent / "reference"


def cases(name: str) -> list[object]:
    page = json.loads((REFERENCE / name).read_text("utf-8"))
    assert page["source"]
    assert page["address"].startswith("https://")
    return [pytest.param(case, id=f"{number} {case['place']}") for number, case in
            enumerate(page["cases"])]  # fmt: skip


@pytest.mark.parametrize("case", cases("wilson.json"))
def test_wilson_gives_the_published_limits(case):
    found = wilson(case["count"], case["n"], case["level"])
    printed = [limit * case["printed_times"] for limit in found]
    assert printed == pytest.approx([case["low"], case["high"]], abs=case["tolerance"], rel=0)


@pytest.mark.parametrize("case", cases("difference_of_proportions.json"))
def test_newcombe_gives_the_published_limits(case):
    found = newcombe(case["count1"], case["n1"], case["count2"], case["n2"])
    assert found == pytest.approx([case["low"], case["high"]], abs=case["tolerance"], rel=0)


def test_newcombe_worked_by_hand():
    # 56/70 - 48/80: shares 0.8 and 0.6, Wilson limits (0.6919, 0.8769) and (0.4905, 0.7004)
    # low  = 0.2 - sqrt((0.8 - 0.6919)^2 + (0.7004 - 0.6)^2) = 0.2 - 0.1475
    # high = 0.2 + sqrt((0.8769 - 0.8)^2 + (0.6 - 0.4905)^2) = 0.2 + 0.1338
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0525, 0.3338), abs=1e-4)


shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.95, 0.998])


@given(share=shares, level=levels)
def test_wilson_agrees_with_statsmodels(share, level):
    count, n = share
    other = proportion_confint(count, n, alpha=1 - level, method="wilson")
    assert wilson(count, n, level) == pytest.approx(other, abs=1e-12)


@given(first=shares, second=shares, level=levels)
def test_newcombe_agrees_with_statsmodels(first, second, level):
    other = confint_proportions_2indep(*first, *second, method="newcomb", alpha=1 - level)
    assert newcombe(*first, *second, level) == pytest.approx(other, abs=1e-12)


@given(first=st.integers(0, 10**6), second=st.integers(0, 10**6), level=levels)
def test_ratio_of_counts_agrees_with_scipy(first, second, level):
    if first + second == 0:
        with pytest.raises(ValueError, match="no share"):
            ratio_of_counts(first, second, level)
        return
    test = binomtest(first, first + second).proportion_ci(level, method="wilson")
    low, high = ratio_of_counts(first, second, level)
    assert low / (1 + low) == pytest.approx(test.low, abs=1e-12)
    assert (1.0 if high == inf else high / (1 + high)) == pytest.approx(test.high, abs=1e-12)


def test_ratio_of_counts_has_no_upper_limit_where_the_second_may_be_zero():
    assert ratio_of_counts(12, 0)[1] == inf
    assert ratio_of_counts(0, 12)[0] == 0


@given(first=shares, second=shares)
def test_turning_the_difference_turns_the_interval(first, second):
    low, high = newcombe(*first, *second)
    turned = newcombe(*second, *first)
    assert (-high, -low) == pytest.approx(turned, abs=1e-12)
    assert low <= first[0] / first[1] - second[0] / second[1] <= high


@given(share=shares)
def test_wilson_stays_within_the_possible_and_around_the_share(share):
    count, n = share
    low, high = wilson(count, n)
    assert 0 <= low <= count / n + 1e-12
    assert count / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("count", "n"), [(-1, 10), (11, 10), (0, 0), (1, -1), (nan, 10), (1, nan), (inf, inf)]
)
def test_there_is_no_interval_where_there_is_no_share(count, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(count, n)


def test_the_quantile_is_exact():
    assert normal_quantile() == pytest.approx(1.959963984540054, abs=1e-14)
    assert normal_quantile(0.998) == pytest.approx(3.090232306167813, abs=1e-13)


# scipy itself loses digits where t is nearly 0 and p nearly 1
@given(t=st.floats(0.01, 60) | st.floats(-60, -0.01), freedom=st.integers(1, 400))
def test_student_p_agrees_with_scipy(t, freedom):
    assert student_p(t, freedom) == pytest.approx(2 * student.sf(abs(t), freedom), abs=1e-11)


def test_student_p_is_one_where_there_is_no_slope():
    assert [student_p(0.0, freedom) for freedom in (1, 2, 3, 30)] == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 10, 29, 30, 200])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.998])
def test_student_quantile_agrees_with_scipy(freedom, level):
    other = student.ppf(0.5 + level / 2, freedom)
    assert student_quantile(freedom, level) == pytest.approx(other, rel=1e-9)


def test_student_has_at_least_one_degree_of_freedom():
    assert student_p(inf, 3) == 0
    with pytest.raises(ValueError, match="degrees of freedom"):
        student_p(1.0, 0)


@pytest.mark.parametrize("case", witness_cases("ratio_of_shares.json"))
def test_koopman_gives_the_published_limits(case):
    one, wanted = case["input"], case["expected"]
    found = koopman(one["x1"], one["n1"], one["x2"], one["n2"], one["confidence"])
    assert found == near(case, (wanted["lower"], wanted["upper"]))


@given(first=shares, second=shares, level=levels)
def test_ratios_agree_with_statsmodels(first, second, level):
    made = {"compare": "ratio", "alpha": 1 - level, "correction": False}
    if first[0] and second[0]:
        other = confint_proportions_2indep(*first, *second, method="log", **made)
        assert ratio_log(*first, *second, level) == pytest.approx(other, rel=1e-9)
    else:
        assert ratio_log(*first, *second, level) is None
    other = confint_proportions_2indep(*first, *second, method="log-adjusted", **made)
    assert ratio_log_adjusted(*first, *second, level) == pytest.approx(other, rel=1e-9)


@given(first=shares, second=shares, level=levels)
def test_koopman_limits_are_where_the_score_reaches_the_quantile(first, second, level):
    """The definition: at each limit the score test against that ratio is just at the level."""
    low, high = koopman(*first, *second, level)
    for limit in (low, high):
        if 0 < limit < inf:
            test = score_test_proportions_2indep(
                *first, *second, limit, compare="ratio", correction=False
            )
            assert abs(test.statistic) == pytest.approx(normal_quantile(level), rel=1e-5)
    assert (low == 0) is (first[0] == 0)
    assert (high == inf) is (second[0] == 0)
    turned = koopman(*second, *first, level)
    if second[0]:
        assert turned[0] == pytest.approx(0 if high == inf else 1 / high, rel=1e-8)


@given(first=shares, second=shares)
def test_p_is_the_level_at_which_the_interval_reaches_no_difference(first, second):
    p = newcombe_p(*first, *second)
    assert 0 <= p <= 1
    if p > 1e-6 and first[0] * second[1] != second[0] * first[1]:
        low, high = newcombe(*first, *second, 1 - p)
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-7)
    low, high = newcombe(*first, *second)
    assert (p < 0.05) is (low > 0 or high < 0) or p == pytest.approx(0.05, abs=1e-9)
    assert newcombe_p(*second, *first) == pytest.approx(p, abs=1e-12)


@given(first=shares, second=shares)
def test_a_panel_tells_a_change_more_closely_than_two_samples(first, second):
    low, high = newcombe(*first, *second)
    closer = newcombe(*first, *second, correlation=0.5)
    assert closer[1] - closer[0] <= high - low + 1e-12
    assert newcombe(*first, *second, correlation=0.0) == (low, high)


def test_overlap_worked_by_hand():
    # v1 = v2 = 0.24/500; r = 0.5 x 400/500 = 0.4: var = 2 x 0.00048 x (1 - 0.4) = 0.000576
    r = overlap_correlation(0.5, 400, 500, 500)
    assert r == pytest.approx(0.4)
    low, high = newcombe(300, 500, 300, 500, correlation=r)
    assert (high - low) / 2 / normal_quantile() == pytest.approx(sqrt(0.000576), rel=5e-3)
    assert overlap_correlation(0.7, 0, 500, 300) == 0
    with pytest.raises(ValueError, match="no overlap"):
        overlap_correlation(0.5, 600, 500, 500)


@given(first=shares, second=shares, third=shares, fourth=shares)
def test_the_change_of_a_gap_adds_the_four_shares_own_limits(first, second, third, fourth):
    """Square and add: each side's squared reach is the sum of four Wilson reaches squared."""
    now = first[0] / first[1] - second[0] / second[1]
    before = third[0] / third[1] - fourth[0] / fourth[1]
    low, high = difference(now, newcombe(*first, *second), before, newcombe(*third, *fourth))
    below = above = 0.0
    for sign, share in ((1, first), (-1, second), (-1, third), (1, fourth)):
        other = proportion_confint(*share, method="wilson")
        down, up = share[0] / share[1] - other[0], other[1] - share[0] / share[1]
        below += (down if sign > 0 else up) ** 2
        above += (up if sign > 0 else down) ** 2
    assert (low, high) == pytest.approx(
        (now - before - sqrt(below), now - before + sqrt(above)), abs=1e-9
    )


@pytest.mark.parametrize("case", witness_cases("multiple_testing.json"))
def test_benjamini_and_hochberg_reject_what_their_paper_rejects(case):
    p, wanted = case["input"]["p"], case["expected"]
    adjusted = benjamini_hochberg(p)
    assert sum(one <= case["input"]["alpha"] for one in adjusted) == wanted["n_reject_bh"]
    assert (adjusted[3], adjusted[4]) == near(
        case, (wanted["adjusted_bh_4"], wanted["adjusted_bh_5"])
    )


@given(p=st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_agree_with_statsmodels_in_any_order(p):
    other = list(multipletests(p, method="fdr_bh")[1]) if p else []
    assert benjamini_hochberg(p) == pytest.approx(other, abs=1e-12)


def test_a_p_lies_between_0_and_1():
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.2, nan])
