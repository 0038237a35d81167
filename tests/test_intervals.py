"""Intervals against published figures, and against other people's programs."""

from __future__ import annotations

import json
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import t as student
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from barometer_lib.intervals import (
    newcombe,
    normal_quantile,
    ratio_of_counts,
    student_p,
    student_quantile,
    wilson,
)

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
