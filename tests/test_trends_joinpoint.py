"""Joinpoints and shifts of level, against R's strucchange and lm, and against searching all."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from barometer_lib.trends import segments
from barometer_lib.trends.breaks import chosen, level_breaks
from barometer_lib.trends.joinpoint import Refused, allowed, joinpoint
from witnesses import cases, near, page

REFERENCE = page("breakpoints.json")
NILE = REFERENCE["nile"]
YEARS = list(range(1871, 1971))


@pytest.mark.parametrize("case", cases("breakpoints.json", "nile_m"))
def test_the_nile_s_partitions_are_r_s(case):
    wanted = case["expected"]
    found = level_breaks(NILE, 5, case["input"]["min_segment"])[case["input"]["n_breaks"]]
    assert list(found.breaks) == wanted["breaks"]
    assert round(found.rss) == wanted["rss_rounded"]
    assert round(found.bic) == wanted["bic_rounded"]
    assert [YEARS[one - 1] for one in found.breaks] == wanted["break_years"]


@pytest.mark.parametrize("case", cases("breakpoints.json", "nile_selected"))
def test_the_nile_changed_once(case):
    found = chosen(level_breaks(NILE, case["input"]["max_breaks"]))
    assert len(found.breaks) == case["expected"]["n_breaks"]
    assert YEARS[found.breaks[0] - 1] == case["expected"]["break_year"]


@given(values=st.lists(st.integers(0, 50), min_size=10, max_size=14), count=st.integers(1, 2))
def test_no_partition_is_better(values, count):
    n, shortest = len(values), 3

    def deviation(breaks):
        ends = [0, *breaks, n]
        parts = [values[a:b] for a, b in pairwise(ends)]
        return sum(float(np.var(part)) * len(part) for part in parts)

    every = [
        one
        for one in combinations(range(shortest, n - shortest + 1), count)
        if all(b - a >= shortest for a, b in pairwise(one))
    ]
    found = level_breaks(values, count, shortest)
    if every:
        assert found[count].rss == pytest.approx(min(map(deviation, every)), abs=1e-6)
        assert found[count].rss == pytest.approx(deviation(found[count].breaks), abs=1e-6)


def test_shifts_need_ten_points():
    with pytest.raises(ValueError, match="10 points"):
        level_breaks(NILE[:9])


@pytest.mark.parametrize("case", cases("breakpoints.json", "apc"))
def test_without_joins_it_is_the_log_linear_line(case):
    wanted = case["expected"]
    found = joinpoint(REFERENCE["hiv_male_year"], REFERENCE["hiv_male_rate"], joins=0)
    line = found.segments[0]
    assert found.intercept == near(case, wanted["intercept"])
    assert line.slope == near(case, wanted["slope"])
    assert line.apc == near(case, wanted["apc"])
    assert (found.average.aapc, found.average.aapc_low) == pytest.approx((line.apc, line.apc_low))


def made(bends, n=30, noise=0.02, seed=1):
    """A series of known lines: growth 3 % a year, changed at each (year, by)."""
    chance = np.random.default_rng(seed)
    years = np.arange(1990, 1990 + n)
    logs = 4.6 + 0.03 * (years - 1990) + chance.normal(0, noise, n)
    for year, by in bends:
        logs = logs + by * np.maximum(0, years - year)
    return list(map(float, years)), [exp(one) for one in logs]


def test_slopes_and_limits_are_those_of_the_regression_with_the_joins_as_found():
    years, values = made([(2004, -0.06)])
    found = joinpoint(years, values, joins=1)
    x = np.asarray(years)
    design = np.stack([np.ones(30), x - 1990, np.maximum(0, x - found.joins[0])], axis=1)
    fitted = OLS(np.log(values), design).fit()
    assert found.rss == pytest.approx(fitted.ssr, rel=1e-9)
    assert found.segments[0].slope == pytest.approx(fitted.params[1], rel=1e-9)
    after = fitted.t_test([0, 1, 1])
    assert found.segments[1].slope == pytest.approx(float(after.effect[0]), rel=1e-9)
    # a place found costs a degree of freedom as a coefficient does: 30 - 4 instead of 30 - 3
    from scipy.stats import t

    se = float(after.sd[0, 0]) * (27 / 26) ** 0.5
    reach = t.ppf(0.975, 26) * se
    assert found.segments[1].slope_high == pytest.approx(found.segments[1].slope + reach, rel=1e-6)
    assert found.segments[1].apc_low == pytest.approx(
        100 * (exp(found.segments[1].slope - reach) - 1), rel=1e-6
    )


def test_the_average_weighs_slopes_by_their_length():
    years, values = made([(2004, -0.06)])
    found = joinpoint(years, values, joins=1)
    first, second = found.segments
    whole = (first.end - first.start) * first.slope + (second.end - second.start) * second.slope
    assert found.average.slope == pytest.approx(whole / 29)
    # the average slope is just the fitted rise from end to end
    assert found.average.slope == pytest.approx((found.fitted[-1] - found.fitted[0]) / 29)
    assert found.average.aapc == pytest.approx(100 * (exp(found.average.slope) - 1))
    assert found.average.aapc_low < found.average.aapc < found.average.aapc_high


def test_joins_are_found_where_they_were_put():
    years, values = made([(2000, -0.08), (2010, 0.1)], noise=0.01)
    found = joinpoint(years, values, choose="permutation", most=3, permutations=199)
    assert found.joins == pytest.approx((2000, 2010), abs=1)
    assert found.p[0][:2] == (0, 3)
    assert found.p[0][2] == pytest.approx(1 / 200)
    between = joinpoint(years, values, joins=2, between=True)
    assert between.joins == pytest.approx((2000, 2010), abs=0.5)
    for join, se, true in zip(between.joins, between.join_se, (2000, 2010), strict=True):
        assert abs(join - true) < 4 * se < 2


def test_a_straight_line_has_no_join():
    years, values = made([], noise=0.03, seed=5)
    assert joinpoint(years, values, choose="permutation", most=2, permutations=199).joins == ()
    assert joinpoint(years, values, choose="bic").joins == ()


def test_the_permutation_test_keeps_its_level():
    """Of 120 straight series about one in twenty is given a join; far more would be a fault."""
    wrong = 0
    for seed in range(120):
        years, values = made([], n=15, noise=0.05, seed=seed)
        found = joinpoint(years, values, choose="permutation", most=1, permutations=99)
        wrong += len(found.joins)
    assert 1 <= wrong <= 14


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 2))
def test_no_joins_at_observed_times_are_better(seed, count):
    years, values = made([(1996, -0.1)], n=14, noise=0.1, seed=seed)
    x, y = segments.columns(years, [log(one) for one in values])
    found = segments.best(x, y, count)
    every = [
        [years[i] for i in one]
        for one in combinations(range(2, 12), count)
        if all(b - a >= 3 for a, b in pairwise(one))
    ]
    least = min(segments.fit_at(x, y, one).rss for one in every)
    assert found.rss == pytest.approx(least, rel=1e-9)
    assert segments.least_rss(x, y[:, None], count)[0] == pytest.approx(least, rel=1e-9)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_no_join_anywhere_near_is_better(seed):
    years, values = made([(1999.4, -0.1)], n=20, noise=0.02, seed=seed)
    x, y = segments.columns(years, [log(one) for one in values])
    found = segments.refined(x, y, segments.best(x, y, 1))
    near_by = np.linspace(found.joins[0] - 2, found.joins[0] + 2, 401)
    least = min(segments.fit_at(x, y, [float(one)]).rss for one in near_by)
    assert found.rss <= least * (1 + 1e-7)


def test_a_thinned_search_still_finds_the_best():
    """Two joins among 400 times are thinned; each join then moves over all times."""
    chance = np.random.default_rng(7)
    x = np.arange(400.0)
    y = 0.5 * x - 0.9 * np.maximum(0, x - 141) + 1.1 * np.maximum(0, x - 297)
    y = y + chance.normal(0, 0.05, 400)
    assert segments.best(x, y, 2).joins == (141.0, 297.0)


def test_steps_that_stop_at_a_kink_are_helped_on():
    """Two joins near observations, where the linearised steps alone stop: no pair nearby fits
    better than the one found."""
    chance = np.random.default_rng(4)
    x = np.linspace(0, 20, 60)
    y = 100 - 4 * x - 4 * np.maximum(0, x - 7) + 4 * np.maximum(0, x - 12)
    y = y + chance.normal(0, 1, 60)
    found = segments.refined(x, y, segments.best(x, y, 2))
    offs = np.linspace(-0.4, 0.4, 41)
    near_by = [
        segments.fit_at(x, y, [found.joins[0] + float(a), found.joins[1] + float(b)]).rss
        for a in offs
        for b in offs
    ]
    assert found.rss <= min(near_by) * (1 + 1e-7)


def test_a_refusal_says_why():
    years, values = made([], n=9)
    assert joinpoint(years, values) == Refused("fewer_than_ten")
    years, values = made([], n=12)
    assert joinpoint(years, [*values[:-1], 0.0]) == Refused("not_positive")
    assert joinpoint(years, [*values[:-1], 0.0], logs=False).segments[0].apc is None
    with pytest.raises(ValueError, match="bear 2 joins, not 3"):
        joinpoint(years, values, joins=3)


def test_how_many_joins_a_length_bears():
    """The table of the cancer institute's programme: 0 below 7 points, 1 from 7, 2 from 12, ..."""
    assert [allowed(n) for n in (6, 7, 11, 12, 16, 17, 21, 22, 26, 27, 90)] == [
        0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]  # fmt: skip
