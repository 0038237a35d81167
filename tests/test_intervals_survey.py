"""Survey designs against R's survey package: weights, strata, clusters, finite population."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.intervals import (
    Design,
    design_mean,
    design_total,
    effective_sample_size,
    jackknife_mean,
    logit_limits,
    smallest_detectable_change,
    student_quantile,
)
from witnesses import cases, near, page

SAMPLES = page("survey_shares.json")
SCHOOLS, LAYERS = SAMPLES["apiclus1"], SAMPLES["apistrat"]
N = len(SCHOOLS["api00"])
WEIGHTS = [SCHOOLS["pw"]] * N
CLUSTERED = Design(WEIGHTS, SCHOOLS["dnum"], None, [SCHOOLS["fpc"]] * N)
STRATIFIED = Design(LAYERS["pw"], None, list(LAYERS["stype"]), LAYERS["fpc"])


def of_type(letter):
    return [one == letter for one in SCHOOLS["stype"]]


@pytest.mark.parametrize("case", cases("survey_shares.json", "cluster_mean"))
def test_a_cluster_mean_is_as_r_printed_it(case):
    wanted = case["expected"]
    found = design_mean(SCHOOLS["api00"], CLUSTERED)
    assert found.se == near(case, wanted["se"])
    assert found.freedom == wanted["df"]
    assert found.value == pytest.approx(wanted["mean"], abs=0.005)
    assert found.limits(normal=True) == near(case, (wanted["lower_normal"], wanted["upper_normal"]))
    assert found.limits() == near(case, (wanted["lower_t"], wanted["upper_t"]))


@pytest.mark.parametrize("case", cases("survey_shares.json", "weights_only"))
def test_weights_without_clusters_tell_a_third_of_the_error(case):
    found = design_mean(SCHOOLS["api00"], Design(WEIGHTS))
    assert found.se == near(case, case["expected"]["se"])
    assert found.se < design_mean(SCHOOLS["api00"], CLUSTERED).se / 3


@pytest.mark.parametrize("case", cases("survey_shares.json", "share_"))
def test_a_share_has_logit_limits_and_a_design_effect(case):
    wanted = case["expected"]
    found = design_mean([float(one) for one in of_type(case["input"]["level"])], CLUSTERED)
    low, high = found.logit_limits()
    assert 100 * found.value == near(case, wanted["percent"])
    assert (100 * low, 100 * high) == near(case, (wanted["lower"], wanted["upper"]))
    assert found.design_effect == near(case, wanted["deff"])


@pytest.mark.parametrize("case", cases("survey_shares.json", "domain_"))
def test_a_domain_counts_the_clusters_that_hold_it(case):
    wanted = case["expected"]
    found = design_mean(SCHOOLS["api00"], CLUSTERED, of_type(case["input"]["domain"]["stype"]))
    assert found.value == near(case, wanted["mean"])
    assert found.limits() == near(case, (wanted["lower"], wanted["upper"]))


@pytest.mark.parametrize("case", cases("survey_shares.json", "jackknife"))
def test_the_jackknife_is_as_r_printed_it(case):
    wanted = case["expected"]
    found = jackknife_mean(SCHOOLS["api00"], CLUSTERED)
    assert found.value == near(case, wanted["mean"])
    assert found.limits() == near(case, (wanted["lower"], wanted["upper"]))


@pytest.mark.parametrize("case", cases("survey_shares.json", "strat_total"))
def test_a_stratified_total_is_as_printed(case):
    found = design_total(LAYERS["enroll"], STRATIFIED)
    assert found.value == near(case, case["expected"]["total"])
    assert found.se == near(case, case["expected"]["se"])
    assert found.design_effect is None


def test_a_stratified_mean_is_as_the_survey_package_prints_it():
    """R survey, example of svymean(~api00, dstrat): 662.29, SE 9.4089."""
    found = design_mean(LAYERS["api00"], STRATIFIED)
    assert found.value == pytest.approx(662.29, abs=0.005)
    assert found.se == pytest.approx(9.4089, abs=0.00005)
    assert found.freedom == 200 - 3


@given(n=st.integers(1, 500), weight=st.floats(0.1, 50))
def test_equal_weights_lose_nobody(n, weight):
    assert effective_sample_size([weight] * n) == pytest.approx(n)


@given(weights=st.lists(st.floats(0.1, 50), min_size=1, max_size=40))
def test_unequal_weights_lose_some(weights):
    assert 1 - 1e-9 <= effective_sample_size(weights) <= len(weights) + 1e-9


def test_the_effective_sample_size_worked_by_hand():
    assert effective_sample_size([1, 1, 2]) == pytest.approx(16 / 6)  # (1+1+2)^2 / (1+1+4)


@given(values=st.lists(st.floats(-50, 50), min_size=3, max_size=15))
def test_without_a_design_it_is_the_plain_standard_error(values):
    n = len(values)
    mean = sum(values) / n
    plain = sqrt(sum((one - mean) ** 2 for one in values) / (n - 1) / n)
    assert design_mean(values, Design([1.0] * n)).se == pytest.approx(plain, abs=1e-9)


def test_logit_limits_worked_by_hand():
    # logit 0.2 = -1.3863, se on that scale 0.05 / 0.16 = 0.3125, t(10) = 2.2281: -2.0826, -0.6900
    assert logit_limits(0.2, 0.05, 10) == pytest.approx((0.11079, 0.33402), abs=1e-4)
    assert student_quantile(10) == pytest.approx(2.2281, abs=1e-4)


def test_what_no_design_can_tell_is_refused():
    with pytest.raises(ValueError, match="one cluster"):
        design_mean([1, 2], Design([1, 1], None, ["a", "b"]))
    with pytest.raises(ValueError, match="no logit"):
        logit_limits(1.0, 0.1, 5)
    with pytest.raises(ValueError, match="carries weight"):
        design_mean([1, 2], Design([1, 1]), [False, False])
    with pytest.raises(ValueError, match="no weights"):
        effective_sample_size([])
    with pytest.raises(ValueError, match="without strata"):
        jackknife_mean(LAYERS["api00"], STRATIFIED)


def test_the_smallest_change_two_rounds_can_tell():
    """Two rounds near 60 %, 5 % two-sided, 80 % power: the usual sample size formula,
    (1.95996 + 0.84162)^2 x 2 x 0.24 / n, solved for the difference."""
    assert smallest_detectable_change(500) == pytest.approx(0.087, abs=0.0005)
    assert smallest_detectable_change(1000) == pytest.approx(0.061, abs=0.0005)
    plain = smallest_detectable_change(500)
    assert smallest_detectable_change(500, design_effect=1.5) == pytest.approx(1.2247 * plain, 1e-4)
    with pytest.raises(ValueError, match="no survey rounds"):
        smallest_detectable_change(0)


@given(n=st.integers(30, 5000), share=st.floats(0.05, 0.95), power=st.floats(0.5, 0.95))
def test_that_change_is_found_as_often_as_promised(n, share, power):
    from statsmodels.stats.power import NormalIndPower

    change = smallest_detectable_change(n, share=share, power=power)
    size = change / sqrt(share * (1 - share))
    assert NormalIndPower().power(size, n, 0.05) == pytest.approx(power, abs=5e-3)
