"""Inequality over areas, along an order, and segregation, against packages that publish tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import WLS
from statsmodels.tools import add_constant

from barometer_lib.gaps import inequality as unequal
from barometer_lib.gaps import segregation as apart
from barometer_lib.gaps.slope import concentration, slope_index
from witnesses import cases, near, page

MEASURES = {
    "bgsd": lambda y, n, _: unequal.between_variance(y, n) ** 0.5,
    "idis_unweighted": lambda y, n, _: unequal.disparity(y, n),
    "mdr_unweighted": lambda y, n, r: unequal.mean_difference(y, n, y[r]),
    "mdr_weighted": lambda y, n, r: unequal.mean_difference(y, n, y[r], weighted=True),
    "mld_x1000": lambda y, n, _: 1000 * unequal.mean_log_deviation(y, n),
    "theil_x1000": lambda y, n, _: 1000 * unequal.theil(y, n),
}


@pytest.mark.parametrize("case", cases("inequality_groups.json", *MEASURES))
def test_a_measure_is_as_published(case):
    one = case["input"]
    # the reference area is counted from 0
    found = MEASURES[case["id"]](one["estimate"], one["population"], one["reference_index"])
    assert found == near(case, case["expected"]["value"])


@pytest.mark.parametrize("case", cases("inequality_groups.json", "theil_all"))
def test_theil_splits_as_published(case):
    one, wanted = case["input"], case["expected"]
    found = unequal.theil_split(one["values"], [1] * len(one["values"]), one["regions"])
    assert (found.whole, found.between, found.within) == near(
        case, (wanted["T"], wanted["between"], wanted["within"])
    )


@pytest.mark.parametrize("case", cases("inequality_groups.json", "lorenz"))
def test_the_lorenz_curve_is_as_published(case):
    values = case["input"]["values"]
    found = unequal.lorenz(values, [1] * len(values))
    assert [one for _, one in found] == near(case, case["expected"]["cumulative"])


@pytest.mark.parametrize("case", cases("inequality_groups.json", "hoover"))
def test_hoover_is_as_published(case):
    values = case["input"]["values"]
    assert unequal.hoover(values, [1] * len(values)) == near(case, case["expected"]["hoover"])


@pytest.mark.parametrize("case", cases("inequality_groups.json", "aci"))
def test_a_concentration_index_is_as_published(case):
    one, wanted = case["input"], case["expected"]
    found = concentration(one["estimate"], one["population"])
    assert found.absolute == near(case, wanted["value"])
    assert found.se == near(case, wanted["se"])
    assert found.low < found.absolute < found.high


areas = st.integers(3, 12).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(0.01, 1), min_size=k, max_size=k),
        st.lists(st.integers(1, 9000), min_size=k, max_size=k),
    )
)


@given(made=areas)
def test_the_concentration_index_is_twice_the_covariance_with_the_rank(made):
    y, n = np.array(made[0]), np.array(made[1])
    p = n / n.sum()
    rank = np.cumsum(p) - p / 2
    together = np.cov(y, rank, aweights=p, ddof=0)[0, 1]
    found = concentration(*made)
    assert found.absolute == pytest.approx(2 * together, abs=1e-10)
    assert found.relative == pytest.approx(2 * together / np.average(y, weights=p), abs=1e-9)


@given(made=areas, regions=st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_theil_s_parts_add_up_exactly(made, regions):
    values, people = made
    found = unequal.theil_split(values, people, regions[: len(values)])
    assert found.between + found.within == pytest.approx(found.whole, abs=1e-9)
    assert min(found.between, found.within) >= -1e-12


@given(made=areas)
def test_equal_areas_are_not_unequal(made):
    people = made[1]
    same = [0.4] * len(people)
    for measure in (
        unequal.between_variance,
        unequal.disparity,
        unequal.disparity_weighted,
        unequal.theil,
        unequal.mean_log_deviation,
        unequal.gini,
        unequal.hoover,
    ):
        assert measure(same, people) == pytest.approx(0, abs=1e-12)
        assert measure(made[0], people) >= -1e-12


@given(made=areas, parts=st.integers(2, 4))
def test_cutting_an_area_in_equal_pieces_changes_nothing(made, parts):
    values, people = made
    cut = [one for one in values for _ in range(parts)]
    pieces = [one / parts for one in people for _ in range(parts)]
    for measure in (unequal.theil, unequal.between_variance, unequal.gini, unequal.hoover):
        assert measure(cut, pieces) == pytest.approx(measure(values, people), abs=1e-9)


def test_gini_and_attributable_worked_by_hand():
    # 1 and 3 with equal people: mean 2, mean difference of two drawn 1, half of it over 2: 0.25
    assert unequal.gini([1, 3], [5, 5]) == pytest.approx(0.25)
    assert unequal.attributable([0.2, 0.6], [100, 300], best=0.6) == pytest.approx(0.6 - 0.5)
    assert unequal.mean([0.2, 0.6], [100, 300]) == pytest.approx(0.5)
    assert unequal.disparity_weighted([0.2, 0.6], [100, 300]) == pytest.approx(
        100 * (0.25 * 0.3 + 0.75 * 0.1) / 0.5
    )
    assert unequal.mean_difference([0.2, 0.6], [100, 300]) == pytest.approx(0.2)


def test_chance_alone_makes_equal_areas_look_unequal():
    """Ten areas of 50 with one common share of 0.5: variance 0.25 / 50 = 0.005 (times 9/10,
    because the mean is their own)."""
    found = unequal.with_chance(unequal.between_variance, [25] * 10, [50] * 10)
    assert found.value == 0
    assert found.chance == pytest.approx(0.005 * 9 / 10, rel=0.05)
    assert found.chance_high > found.chance
    assert found.low == 0
    # districts that do differ are set beside equal ones of their common share, here 0.2
    apart = unequal.with_chance(unequal.between_variance, [2, 18] * 5, [50] * 10)
    assert apart.chance == pytest.approx(0.2 * 0.8 / 50 * 9 / 10, rel=0.05)
    assert apart.value == pytest.approx(0.16**2)


def test_one_set_of_draws_serves_several_measures():
    counts, people = [20, 30, 45], [100, 100, 100]
    measures = {"variance": unequal.between_variance, "theil": unequal.theil}
    found = unequal.all_with_chance(measures, counts, people)
    assert found["theil"] == unequal.with_chance(unequal.theil, counts, people)
    assert list(found) == ["variance", "theil"]


def test_a_measure_of_many_rows_is_that_of_each():
    random = np.random.default_rng(4)
    rows, people = random.uniform(0.1, 0.9, (5, 7)), random.integers(10, 90, 7)
    for measure in (
        unequal.mean, unequal.between_variance, unequal.disparity, unequal.disparity_weighted,
        unequal.mean_difference, unequal.theil, unequal.mean_log_deviation,
    ):  # fmt: skip
        assert list(measure(rows, people)) == pytest.approx([measure(r, people) for r in rows])


def test_limits_hold_the_truth_about_as_often_as_promised():
    random = np.random.default_rng(5)
    shares, people = np.array([0.3, 0.4, 0.5, 0.6, 0.45, 0.35]), np.array([300] * 6)
    truth = unequal.between_variance(list(shares), list(people))
    held = 0
    for _ in range(120):
        drawn = random.binomial(people, shares)
        found = unequal.with_chance(unequal.between_variance, list(drawn), list(people), draws=300)
        held += found.low <= truth <= found.high
    assert 0.85 <= held / 120 <= 1


def test_one_area_is_no_inequality_and_zero_has_no_log():
    with pytest.raises(ValueError, match="two areas"):
        unequal.theil([0.3], [10])
    with pytest.raises(ValueError, match="above 0"):
        unequal.mean_log_deviation([0.0, 0.3], [10, 10])
    with pytest.raises(ValueError, match="not all 0"):
        unequal.theil([0.0, 0.0], [10, 10])


KINDS = {"default": "plain", "rate": "rate", "proportion": "proportion"}


def sloped(one, level=0.95):
    return slope_index(
        one["value"],
        one["population"],
        kind=KINDS[one["value_type"]],
        transform=one["transform"],
        multiplier=one["multiplier"],
        errors=one["se"],
        level=level,
    )


@pytest.mark.parametrize("case", cases("sii_rii.json"))
def test_slope_and_relative_index_are_as_published(case):
    found = sloped(case["input"])
    assert found.sii == near(case, case["expected"]["sii"])
    assert found.rii == near(case, case["expected"]["rii"])
    upstream = case["input"]["simulated_limits_upstream"]
    for name, level in (("1", 0.95), ("2", 0.98)):
        if f"sii_lowercl_{name}" not in upstream:
            continue
        again = sloped(case["input"], level)
        limits = (again.sii_low, again.sii_high, again.rii_low, again.rii_high)
        wanted = tuple(
            upstream[f"{kind}_{end}cl_{name}"] for kind in ("sii", "rii")
            for end in ("lower", "upper")
        )  # fmt: skip
        assert limits == pytest.approx(wanted, rel=0.05)


@given(made=areas)
def test_the_slope_is_that_of_weighted_least_squares(made):
    p = np.array(made[1]) / sum(made[1])
    fitted = WLS(made[0], add_constant(np.cumsum(p) - p / 2), weights=p).fit()
    found = slope_index(*made)
    assert found.sii == pytest.approx(fitted.params[1], rel=1e-6, abs=1e-9)
    assert found.sii_low is None
    start = fitted.params[0]
    if abs(start) > 1e-3:
        assert found.rii == pytest.approx((start + fitted.params[1]) / start, rel=1e-5, abs=1e-6)


def test_a_slope_needs_three_groups():
    with pytest.raises(ValueError, match="three groups"):
        slope_index([0.1, 0.2], [10, 10])
    with pytest.raises(ValueError, match="no transform"):
        slope_index([1, 2, 3], [1, 1, 1], transform=True)
    with pytest.raises(ValueError, match="three groups"):
        concentration([0.1, 0.2], [10, 10])


TRACTS = page("segregation.json")["tracts"]
SINGLE = {
    "dissimilarity": apart.dissimilarity,
    "atkinson_b0.5": apart.atkinson,
    "isolation": apart.isolation,
    "correlation_ratio": apart.correlation_ratio,
}
MULTI = {
    "information_theory": apart.information_theory,
    "divergence": apart.divergence,
    "diversity_entropy": apart.diversity,
    "diversity_entropy_normalised": lambda counts: apart.diversity(counts, normalised=True),
    "simpson_concentration": apart.concentration,
    "squared_coef_variation": apart.squared_variation,
}


@pytest.mark.parametrize("case", cases("segregation.json", "single"))
def test_segregation_of_one_group_is_as_published(case):
    one = case["input"]
    found = SINGLE[case["id"].removeprefix("single_")](TRACTS[one["group"]], TRACTS[one["total"]])
    assert found == near(case, case["expected"]["value"])


@pytest.mark.parametrize("case", cases("segregation.json", "multi"))
def test_segregation_of_several_groups_is_as_published(case):
    counts = np.stack([TRACTS[one] for one in case["input"]["groups"]], axis=1)
    found = MULTI[case["id"].removeprefix("multi_")](counts)
    assert found == near(case, case["expected"]["value"])


places = st.integers(2, 8).flatmap(
    lambda k: st.lists(
        st.integers(5, 400).flatmap(lambda t: st.tuples(st.integers(1, t - 1), st.just(t))),
        min_size=k,
        max_size=k,
    )
)


@given(made=places)
def test_two_groups_tell_the_same_in_both_forms(made):
    x, t = (np.array(one, float) for one in zip(*made, strict=True))
    counts = np.stack([x, t - x], axis=1)
    pairs = [
        (apart.dissimilarity(x, t), apart.multigroup_dissimilarity(counts)),
        (apart.gini(x, t), apart.multigroup_gini(counts)),
        (apart.correlation_ratio(x, t), apart.relative_diversity(counts)),
        (apart.correlation_ratio(x, t), apart.normalised_exposure(counts)),
        (apart.correlation_ratio(x, t), apart.squared_variation(counts)),
        (apart.interaction(x, t), 1 - apart.isolation(x, t)),
        (apart.entropy(x, t), apart.information_theory(counts)),
    ]
    for one, other in pairs:
        assert one == pytest.approx(other, abs=1e-9)
        assert -1e-9 <= one <= 1 + 1e-9
    # Gini by its own definition: the area between the segregation curve and the diagonal
    order = np.argsort(x / t)
    group = np.r_[0, np.cumsum(x[order])] / x.sum()
    others = np.r_[0, np.cumsum((t - x)[order])] / (t - x).sum()
    curve = float(((others[1:] - others[:-1]) * (group[1:] + group[:-1]) / 2).sum())
    assert apart.gini(x, t) == pytest.approx(1 - 2 * curve, abs=1e-9)


def test_an_even_spread_is_not_segregated_and_a_full_split_is():
    even, split = ([10, 20, 5], [40, 80, 20]), ([40, 0, 20], [40, 80, 20])
    for index in (apart.dissimilarity, apart.gini, apart.entropy, apart.correlation_ratio,
                  apart.atkinson):  # fmt: skip
        assert index(*even) == pytest.approx(0, abs=1e-12)
        assert index(*split) == pytest.approx(1)
    assert apart.isolation(*split) == 1
    assert apart.location_quotients([10, 0, 0], [20, 20, 0]) == [2.0, 0.0, None]


def test_small_areas_look_segregated_by_chance():
    """200 homes of 5 people, one in five of the group: dealt at random the index is near 0.4."""
    random = np.random.default_rng(2)
    dealt = random.multivariate_hypergeometric([5] * 200, 200)
    found = apart.dissimilarity_by_chance(list(dealt), [5] * 200)
    assert found.chance == pytest.approx(0.41, abs=0.02)
    assert found.p > 0.01
    assert abs(found.beyond_chance) < 0.1
    # against the mean of a plain dealing of people to homes, one by one
    people = np.repeat(np.arange(200), 5)
    slow = [
        apart.dissimilarity(np.bincount(random.permutation(people)[:200], minlength=200), [5] * 200)
        for _ in range(200)
    ]
    assert found.chance == pytest.approx(np.mean(slow), abs=0.01)


def test_large_areas_that_differ_are_beyond_chance():
    found = apart.dissimilarity_by_chance(TRACTS["HISP_"], TRACTS["TOT_POP"], draws=99)
    assert found.chance < 0.02
    assert found.p == pytest.approx(0.01)
    assert found.beyond_chance == pytest.approx((found.value - found.chance) / (1 - found.chance))


def test_nobody_everybody_and_more_than_all_are_refused():
    with pytest.raises(ValueError, match="nobody or everybody"):
        apart.dissimilarity([0, 0], [3, 4])
    with pytest.raises(ValueError, match="within the totals"):
        apart.dissimilarity([4, 0], [3, 4])
    with pytest.raises(ValueError, match="one column per group"):
        apart.divergence([[1], [2]])
