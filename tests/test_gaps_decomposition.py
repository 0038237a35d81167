"""Composition or rate: Das Gupta's own worked examples, and Kitagawa's with its interval."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.gaps.decomposition import cross_classified, das_gupta, kitagawa, product
from witnesses import cases, near


def ratio(f):
    bearing = (f["A"] * f["B"] * f["C"]).sum()
    return float(bearing / (bearing + (f["A"] * (1 - f["B"]) * f["D"]).sum()))


RATES = {
    "product": product,
    "crude_birth - crude_death": lambda f: float(f["crude_birth"] - f["crude_death"]),
    "sum(A*B*C)/(sum(A*B*C)+sum(A*(1-B)*D))": ratio,
    "sum(size/sum(size)*rate)": lambda f: float((f["size"] / f["size"].sum() * f["rate"]).sum()),
}


def as_printed(wanted):
    """Printed to seven digits at least."""
    return pytest.approx(wanted, rel=1e-6, abs=2e-8)


@pytest.mark.parametrize("case", cases("decomposition.json", "dg_2", "dg_3", "dg_4", "kitagawa"))
def test_two_populations_split_as_printed(case):
    one, wanted = case["input"], case["expected"]
    names = one["populations"]
    made = [{k: np.asarray(v, float) for k, v in one["factors"][p].items()} for p in names]
    found = das_gupta(made, RATES[one["rate_function"]])
    for factor, rates in found.standardised.items():
        assert rates[0] == near(case, wanted[factor][names[0]])
        assert rates[1] == near(case, wanted[factor][names[1]])
        assert found.effect(factor) == near(case, wanted[factor]["diff"])
    assert found.crude == near(case, tuple(wanted["crude"][p] for p in names))


@pytest.mark.parametrize("case", cases("decomposition.json", "dg_5_3"))
def test_a_cross_classified_structure_splits_by_attribute(case):
    one, wanted = case["input"], case["expected"]
    shape = (2, 11)
    sizes = [np.reshape(one["size"][year], shape) for year in ("1970", "1985")]
    rates = [np.reshape(one["rate"][year], shape) for year in ("1970", "1985")]
    found = cross_classified(sizes, rates, ("race", "age"))
    for name, printed in (("age", "age_struct"), ("race", "race_struct"), ("rate", "rate")):
        assert found.standardised[name][0] == near(case, wanted[printed]["1970"])
        assert found.standardised[name][1] == near(case, wanted[printed]["1985"])
    assert found.crude[1] == near(case, wanted["crude"]["1985"])


factor = st.floats(0.05, 20)
populations = (
    st.integers(1, 4)
    .flatmap(lambda k: st.lists(st.lists(factor, min_size=k, max_size=k), min_size=2, max_size=5))
    .map(lambda rows: [{f"f{i}": one for i, one in enumerate(row)} for row in rows])
)


@given(made=populations)
def test_effects_add_up_to_the_difference_between_any_two(made):
    found = das_gupta(made)
    for first in range(len(made)):
        for second in range(len(made)):
            whole = sum(found.effect(name, first, second) for name in made[0])
            crude = found.crude[second] - found.crude[first]
            assert whole == pytest.approx(crude, rel=1e-9, abs=1e-9 * max(found.crude))


@given(made=populations)
def test_going_over_a_third_year_changes_nothing(made):
    """What the correction is for; the plain pairwise effects do not have it."""
    found = das_gupta(made)
    for name in made[0]:
        around = sum(found.effect(name, i, i + 1) for i in range(len(made) - 1))
        assert around == pytest.approx(
            found.effect(name, 0, len(made) - 1), rel=1e-9, abs=1e-9 * max(found.crude)
        )


def test_several_years_follow_das_gupta_s_correction_of_pairs():
    """Effect of 1 to 2 among three: its pair's, less a third of what goes around the triangle."""
    made = [{"a": 2.0, "b": 3.0}, {"a": 4.0, "b": 1.0}, {"a": 5.0, "b": 6.0}]

    def pair(i, j):
        return das_gupta([made[i], made[j]]).effect("a")

    found = das_gupta(made)
    around = pair(0, 1) + pair(1, 2) - pair(0, 2)
    assert around != pytest.approx(0)
    assert found.effect("a", 0, 1) == pytest.approx(pair(0, 1) - around / 3)
    assert found.effect("a", 0, 2) == pytest.approx(pair(0, 2) + around / 3)


@given(row=st.lists(st.tuples(factor, factor), min_size=3, max_size=3))
def test_effects_are_shapley_averages(row):
    """Changing one factor at a time in every order, and taking the mean: the definition."""
    made = [{f"f{i}": one[side] for i, one in enumerate(row)} for side in (0, 1)]
    found = das_gupta(made)
    for name in made[0]:
        steps = []
        for order in permutations(made[0]):
            here = dict(made[0])
            for one in order:
                before = product(here)
                here[one] = made[1][one]
                if one == name:
                    steps.append(product(here) - before)
        assert found.effect(name) == pytest.approx(np.mean(steps), rel=1e-9, abs=1e-9)


sizes3 = st.lists(st.integers(1, 400), min_size=12, max_size=12)


@given(first=sizes3, second=sizes3, seed=st.integers(0, 999))
def test_three_attributes_and_the_rates_add_up(first, second, seed):
    random = np.random.default_rng(seed)
    sizes = [np.reshape(one, (2, 3, 2)) for one in (first, second)]
    rates = [random.uniform(0, 1, (2, 3, 2)) for _ in sizes]
    found = cross_classified(sizes, rates, ("age", "origin", "sex"))
    parts = sum(found.effect(name) for name in ("age", "origin", "sex", "rate"))
    assert parts == pytest.approx(found.crude[1] - found.crude[0], abs=1e-10)
    same = cross_classified([sizes[0], sizes[0]], rates, ("age", "origin", "sex"))
    assert same.effect("origin") == pytest.approx(0, abs=1e-12)


def test_different_factors_are_refused():
    with pytest.raises(ValueError, match="same factors"):
        das_gupta([{"a": 1.0}, {"b": 1.0}])
    with pytest.raises(ValueError, match="same attributes"):
        cross_classified([[1, 2], [1, 2]], [[0.1], [0.2]], ("age",))


BEFORE = [(120, 300), (90, 150), (40, 50)]
AFTER = [(90, 200), (150, 240), (130, 160)]


def test_kitagawa_worked_by_hand():
    # shares .6 .3 .1 -> 1/3 .4 .2667, rates .4 .6 .8 -> .45 .625 .8125
    # composition -.26667 x .425 + .1 x .6125 + .16667 x .80625 = .082292
    # rate .46667 x .05 + .35 x .025 + .18333 x .0125 = .034375
    found = kitagawa(BEFORE, AFTER)
    assert found.composition.value == pytest.approx(0.082292, abs=5e-7)
    assert found.rate.value == pytest.approx(0.034375, abs=5e-7)
    assert found.change == pytest.approx(370 / 600 - 250 / 500)
    split = das_gupta(
        [
            {"w": np.array([0.6, 0.3, 0.1]), "r": np.array([0.4, 0.6, 0.8])},
            {"w": np.array([1 / 3, 0.4, 4 / 15]), "r": np.array([0.45, 0.625, 0.8125])},
        ]
    )
    assert found.composition.value == pytest.approx(split.effect("w"))


@pytest.mark.parametrize("sampled", [False, True])
def test_kitagawa_s_limits_are_as_wide_as_redrawing_shows(sampled):
    random = np.random.default_rng(3)
    drawn = []
    # rates that move apart: who was drawn then matters for the part of the rates as well
    moved = ([(60, 300), (75, 150), (40, 50)], [(140, 200), (120, 240), (40, 160)])
    for _ in range(4000):
        again = []
        for strata in moved:
            sizes = np.array([n for _, n in strata])
            rates = np.array([x / n for x, n in strata])
            if sampled:
                sizes = random.multinomial(sizes.sum(), sizes / sizes.sum())
            again.append(list(zip(random.binomial(sizes, rates), sizes, strict=True)))
        found = kitagawa(*again)
        drawn.append((found.composition.value, found.rate.value))
    spread = np.std(drawn, axis=0)
    found = kitagawa(*moved, sampled=sampled)
    for effect, wanted in zip((found.composition, found.rate), spread, strict=True):
        assert (effect.high - effect.low) / 2 / 1.959964 == pytest.approx(wanted, rel=0.05)


def test_a_stratum_without_anybody_is_named():
    with pytest.raises(ValueError, match="stratum 2 has nobody"):
        kitagawa([(1, 2), (1, 2)], [(1, 2), (0, 0)])
    with pytest.raises(ValueError, match="same strata"):
        kitagawa([(1, 2)], [])
