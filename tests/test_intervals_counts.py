"""Counts, rates, standardised rates and means against the package data of a health agency."""

from __future__ import annotations

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson
from scipy.stats import t as student

from barometer_lib.intervals import (
    byar,
    count_limits,
    directly_standardised,
    directly_standardised_events,
    exact_poisson,
    indirectly_standardised,
    mean_interval,
    rate,
)
from witnesses import cases, near

LEVELS = {"95": 0.95, "998": 0.998}


def expect(case, found, level):
    wanted = case["expected"]
    assert found.value == near(case, wanted["value"])
    assert found.low == near(case, wanted[f"lower{level}"])
    assert found.high == near(case, wanted[f"upper{level}"])


@pytest.mark.parametrize("case", cases("byars_exact_rate.json", "bw"))
def test_byar_gives_the_published_limits(case):
    given_, wanted = case["input"], case["expected"]
    low, high = byar(given_["x"], given_["confidence"])
    assert (low is None) is (wanted["lower"] is None)
    assert low is None or low == near(case, wanted["lower"])
    assert high == near(case, wanted["upper"])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", cases("byars_exact_rate.json", "rate"))
def test_a_rate_gives_the_published_limits(case, level):
    given_ = case["input"]
    found = rate(given_["x"], given_["n"], given_["multiplier"], LEVELS[level])
    if case["expected"]["value"] is None:
        assert found is None
    else:
        expect(case, found, level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", cases("dsr.json"))
def test_a_directly_standardised_rate_is_as_published(case, level):
    given_ = case["input"]
    made = (given_["count"], given_["pop"], given_["stdpop"], given_["multiplier"])
    expect(case, directly_standardised(*made, LEVELS[level]), level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", cases("isr.json"))
def test_an_indirectly_standardised_rate_is_as_published(case, level):
    given_, wanted = case["input"], case["expected"]
    found = indirectly_standardised(
        given_["count"],
        given_["pop"],
        given_["refcount"],
        given_["refpop"],
        given_["multiplier"],
        LEVELS[level],
    )
    expect(case, found.rate if given_["kind"] == "rate" else found.ratio, level)
    assert found.observed == wanted["observed"]
    assert found.expected == near(case, wanted["expected"])
    assert found.reference_rate == near(case, wanted["ref_rate"])
    assert found.ratio.value == pytest.approx(found.observed / found.expected)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", cases("mean_t.json"))
def test_a_mean_is_as_published(case, level):
    wanted = case["expected"]
    mean, low, high = mean_interval(case["input"]["values"], LEVELS[level])
    assert (mean, low, high) == near(
        case, (wanted["mean"], wanted[f"lower{level}"], wanted[f"upper{level}"])
    )


@given(values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20))
def test_a_mean_agrees_with_scipy(values):
    mean, low, high = mean_interval(values)
    n = len(values)
    centre = sum(values) / n
    spread = (sum((one - centre) ** 2 for one in values) / (n - 1) / n) ** 0.5
    other = student.interval(0.95, n - 1, centre, spread) if spread else (centre, centre)
    assert (low, high) == pytest.approx(other, abs=1e-6)
    assert mean == pytest.approx(centre)


def test_one_value_has_no_interval():
    with pytest.raises(ValueError, match="two values"):
        mean_interval([4.0])


@given(count=st.integers(0, 3000), level=st.sampled_from([0.8, 0.95, 0.998]))
def test_exact_limits_leave_half_the_rest_on_each_side(count, level):
    """Garwood's definition: at the limits the observed count is just that improbable."""
    low, high = exact_poisson(count, level)
    rest = (1 - level) / 2
    assert poisson.cdf(count, high) == pytest.approx(rest, rel=1e-8)
    if count:
        assert poisson.sf(count - 1, low) == pytest.approx(rest, rel=1e-8)
        assert low == pytest.approx(chi2.ppf(rest, 2 * count) / 2, rel=1e-9)
    else:
        assert low == 0


@given(count=st.integers(10, 10**6))
def test_byar_is_near_the_exact_limits_from_ten_up(count):
    assert count_limits(count) == pytest.approx(exact_poisson(count), rel=2e-3)
    assert count_limits(count) == byar(count)


def test_limits_are_exact_below_ten():
    assert count_limits(9) == exact_poisson(9)
    assert count_limits(9) != byar(9)
    assert count_limits(10) == byar(10)


bands = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 40), min_size=n, max_size=n),
        st.lists(st.integers(50, 900), min_size=n, max_size=n),
        st.lists(st.integers(1, 9000), min_size=n, max_size=n),
    )
)


@given(made=bands)
def test_a_standardised_rate_is_told_from_ten_events(made):
    found = directly_standardised(*made, 1000)
    assert (found is None) is (sum(made[0]) < 10)
    if found is not None:
        assert found.low < found.value < found.high


def test_ten_events_are_enough_and_nine_are_not():
    assert directly_standardised([4, 5], [100, 100], [1, 1]) is None
    assert directly_standardised([4, 6], [100, 100], [1, 1]).value == pytest.approx(0.05)


@given(made=bands)
def test_one_event_each_is_the_independent_case(made):
    counts, populations, standard = made
    once = directly_standardised_events({1: counts}, populations, standard)
    assert once == directly_standardised(counts, populations, standard)


def test_people_with_several_events_widen_the_limits():
    """Worked by hand: two bands of 100, weights 1 and 1; 20 people once and 5 people twice.

    rate (20 + 10) / 100 / 2 = 0.15; variance (20 + 4 x 5) / 100^2 / 4 = 0.001, where 30
    independent events would give 30 / 100^2 / 4 = 0.00075.
    """
    made = {1: [20, None], 2: [5, 0]}
    found = directly_standardised_events(made, [100, 100], [1, 1])
    low, high = byar(30)
    scale = (0.001 / 30) ** 0.5
    assert found.value == pytest.approx(0.15)
    assert (found.low, found.high) == pytest.approx(
        (0.15 + scale * (low - 30), 0.15 + scale * (high - 30))
    )
    apart = directly_standardised([30, 0], [100, 100], [1, 1])
    assert (found.high - found.low) / (apart.high - apart.low) == pytest.approx(
        (0.001 / 0.00075) ** 0.5
    )


def test_what_is_no_count_or_rate_is_refused():
    for count in (-1, nan, float("inf")):
        with pytest.raises(ValueError, match="no count"):
            byar(count)
    with pytest.raises(ValueError, match="no rate"):
        rate(3, 0)
    with pytest.raises(ValueError, match="every age band"):
        directly_standardised([20, 1], [100, 0], [1, 1])
    assert indirectly_standardised([3], [10], [0], [100]) is None
    assert not isnan(count_limits(0)[0])
