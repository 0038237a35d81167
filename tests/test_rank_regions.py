"""Regions of weights: against other solvers, by enumeration, and never a counterexample."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from barometer_lib.errors import BadInput
from barometer_lib.ranking.rank_bounds import rank_bounds
from barometer_lib.ranking.regions import order_region, pair_region, standing
from barometer_lib.ranking.thresholds import STEPS, rank_holds
from barometer_lib.ranking.weight_sets import (
    WeightSet,
    every_weighting,
    exact_rank,
    exact_shares,
    greatest_leads,
    least_leads,
    near,
    proven_least_lead,
)


def scores(units, count, seed=0):
    """Whole points, as indices are published: ties are real."""
    return np.random.default_rng(seed).integers(30, 96, (units, count)).astype(float)


def some_set(count, seed):
    chance = np.random.default_rng(seed)
    low = chance.uniform(0, 0.8 / count, count)
    return WeightSet(low, np.minimum(1.0, low + chance.uniform(0.3, 0.9, count)))


def drawn(allowed, count, seed=1):
    """Allowed weightings by chance, many of them on the edges of the set."""
    chance = np.random.default_rng(seed)
    found = []
    while len(found) < count:
        shares = allowed.low.copy()
        free = 1 - shares.sum()
        for place in chance.permutation(allowed.size):
            most = min(free, allowed.high[place] - allowed.low[place])
            given = most * chance.choice([0.0, 1.0, chance.uniform()])
            shares[place] += given
            free -= given
        if abs(free) < 1e-12:
            found.append(shares)
    return np.array(found)


def ranks_under(values, weightings):
    totals = weightings @ values.T
    return 1 + (totals[:, None, :] > totals[:, :, None] + 1e-9).sum(axis=2)


def grid(count, steps):
    """All weightings in whole steps: for three components a triangle."""
    if count == 1:
        return np.array([[steps]])
    return np.array([
        [first, *rest] for first in range(steps + 1) for rest in grid(count - 1, steps - first)
    ])  # fmt: skip


# The least lead


@pytest.mark.parametrize("seed", range(12))
def test_the_least_lead_is_that_of_highs(seed):
    """scipy.optimize.linprog (HiGHS) over the same set; and the proof in rational numbers."""
    count = 3 + seed % 4
    allowed = every_weighting(count) if seed % 3 == 0 else some_set(count, seed)
    leads = np.random.default_rng(seed).normal(0, 10, (6, count)).round(1)
    least, most = least_leads(leads, allowed), greatest_leads(leads, allowed)
    limits = list(zip(allowed.low, allowed.high, strict=True))
    for row, low, high in zip(leads, least, most, strict=True):
        solved = linprog(row, A_eq=np.ones((1, count)), b_eq=[1], bounds=limits)
        assert low == pytest.approx(solved.fun, abs=1e-8)
        assert high == pytest.approx(
            -linprog(-row, A_eq=np.ones((1, count)), b_eq=[1], bounds=limits).fun, abs=1e-8
        )
        proof = proven_least_lead(row, allowed)
        assert proof.value == proof.bound
        assert float(proof.value) == pytest.approx(low, abs=1e-7)
        assert sum(proof.shares) == 1


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_no_allowed_weighting_leads_by_less(lead, seed):
    row = np.array([lead], float)
    allowed = some_set(row.size, seed) if row.size > 2 else every_weighting(row.size)
    proof = proven_least_lead(row[0], allowed)
    assert proof.value == proof.bound
    assert (drawn(allowed, 50, seed) @ row[0] >= float(proof.value) - 1e-7).all()


def test_sets_without_a_weighting_are_refused():
    with pytest.raises(BadInput):
        WeightSet(np.array([0.6, 0.6]), np.array([1.0, 1.0]))
    with pytest.raises(BadInput):
        WeightSet(np.array([0.0, 0.0]), np.array([0.4, 0.5]))
    with pytest.raises(BadInput):
        every_weighting(3).with_least(1, 1.2)
    with pytest.raises(BadInput):
        near(np.array([0.0, 0.0]), 0.1)


def test_fractions_stay_in_the_set_and_sum_to_one():
    for seed in range(20):
        allowed = some_set(5, seed)
        for shares in drawn(allowed, 5, seed):
            exact = exact_shares(shares, allowed)
            assert sum(exact) == 1
            assert [float(one) for one in exact] == pytest.approx(shares, abs=1e-6)
            for one, low, high in zip(exact, allowed.low, allowed.high, strict=True):
                assert float(low) - 1e-9 <= one <= float(high) + 1e-9


def test_ranks_are_counted_without_rounding():
    values = np.array([[0.1 + 0.2, 0.0], [0.3, 0.0], [0.3, 0.0]])
    even = [Fraction(1, 2), Fraction(1, 2)]
    assert [exact_rank(values, unit, even) for unit in range(3)] == [1, 2, 2]


# Who is ahead, and where


@pytest.mark.parametrize("seed", range(6))
def test_always_never_and_sometimes_agree_with_every_weighting(seed):
    values = scores(7, 3, seed)
    values[3] = values[2] + 1
    values[4] = values[2]
    allowed = every_weighting(3)
    weightings = grid(3, 40) / 40
    for unit in range(7):
        ahead = (weightings @ (values - values[unit]).T) > 1e-9
        seen = ["always" if c.all() else "sometimes" if c.any() else "never" for c in ahead.T]
        assert standing(values, unit, allowed) == seen
    assert standing(values, 2, allowed)[3:5] == ["always", "never"]


@pytest.mark.parametrize("seed", range(5))
def test_a_region_holds_all_weightings_that_keep_the_order_and_no_more(seed):
    values = scores(5, 3, seed)
    weightings = grid(3, 60) / 60
    order = list(np.argsort(-values.mean(axis=1)))[:3]
    found = order_region(values, order, every_weighting(3))
    totals = weightings @ values.T
    keeps = (np.diff(totals[:, order], axis=1) <= 1e-9).all(axis=1)
    assert not found.empty
    assert keeps.any()
    inside = weightings[keeps]
    assert (inside >= found.low - 1e-7).all()
    assert (inside <= found.high + 1e-7).all()
    # The grid comes within a step or two of the true limits, or the region is a sliver of it.
    assert np.abs(inside.min(axis=0) - found.low).max() < 0.08
    assert np.abs(inside.max(axis=0) - found.high).max() < 0.08
    leads = -np.diff(values[order] @ found.central)
    assert leads.min() == pytest.approx(found.lead, abs=1e-6)
    narrowest = -np.diff(totals[:, order], axis=1).max(axis=1)
    assert narrowest.max() <= found.lead + 1e-6


def test_an_order_that_no_weighting_gives():
    values = np.array([[90.0, 80.0], [80.0, 70.0], [70.0, 90.0]])
    assert order_region(values, [1, 0], every_weighting(2)).empty
    found = pair_region(values, 2, 0, every_weighting(2))
    # 70 w + 90 (1 - w) >= 90 w + 80 (1 - w)  <=>  w <= 1/3
    assert found.high[0] == pytest.approx(1 / 3, abs=1e-9)
    assert found.low[0] == pytest.approx(0, abs=1e-9)
    assert found.low[1] == pytest.approx(2 / 3, abs=1e-9)
    tied = pair_region(np.array([[50.0, 50.0], [50.0, 50.0]]), 0, 1, every_weighting(2))
    assert not tied.empty
    assert tied.lead == pytest.approx(0, abs=1e-9)


# The best and the worst rank


@pytest.mark.parametrize("seed", range(8))
def test_rank_bounds_of_two_components_by_enumeration(seed):
    """With two components ranks change at crossings only: look between any two of them."""
    values = scores(9, 2, seed)
    points = {Fraction(0), Fraction(1)}
    for a in range(9):
        for b in range(a):
            one, two = (Fraction(float(x)) for x in values[a] - values[b])
            if one != two and 0 <= two / (two - one) <= 1:
                points.add(two / (two - one))
    cuts = sorted(points)
    points |= {(x + y) / 2 for x, y in pairwise(cuts)}
    for unit in range(9):
        ranks = [exact_rank(values, unit, [w, 1 - w]) for w in points]
        found = rank_bounds(values, unit, every_weighting(2))
        assert (found.best, found.worst) == (min(ranks), max(ranks))
        assert found.best_limit <= found.best
        assert found.worst_limit >= found.worst


@pytest.mark.parametrize("seed", range(4))
def test_no_drawn_weighting_passes_the_bounds_and_some_attain_them(seed):
    values = scores(12, 4, seed)
    allowed = every_weighting(4) if seed % 2 else some_set(4, seed)
    seen = ranks_under(values, drawn(allowed, 4000, seed))
    for unit in range(0, 12, 3):
        found = rank_bounds(values, unit, allowed)
        assert found.best <= seen[:, unit].min()
        assert found.worst >= seen[:, unit].max()
        for rank, shares in ((found.best, found.best_weights), (found.worst, found.worst_weights)):
            assert shares.sum() == pytest.approx(1)
            assert (shares >= allowed.low - 1e-9).all()
            assert (shares <= allowed.high + 1e-9).all()
            assert exact_rank(values, unit, exact_shares(shares, allowed)) == rank
        assert found.certain


def test_where_time_runs_out_the_truth_is_told_to_lie_between():
    chance = np.random.default_rng(0)
    values = 60 + 12 * chance.normal(size=(150, 1)) + 10 * chance.normal(size=(150, 18))
    unit = int(np.argsort(-values.mean(axis=1))[25])
    found = rank_bounds(values, unit, every_weighting(18), seconds=0.001)
    assert found.best_limit <= found.best <= found.worst <= found.worst_limit
    assert not found.certain


# The conditions under which a rank holds


def outside(hold, nominal):
    """The set one step further out than a hold's own."""
    whole = every_weighting(nominal.size)
    if hold.kind == "at_least":
        return whole.with_least(hold.component, hold.share - 1 / STEPS)
    if hold.kind == "at_most":
        return whole.with_most(hold.component, hold.share + 1 / STEPS)
    return near(nominal, hold.share + 1 / STEPS)


def inside(hold, nominal):
    whole = every_weighting(nominal.size)
    if hold.kind == "at_least":
        return whole.with_least(hold.component, hold.share)
    if hold.kind == "at_most":
        return whole.with_most(hold.component, hold.share)
    return near(nominal, hold.share)


@pytest.mark.parametrize("seed", range(6))
def test_a_rank_holds_wherever_it_is_said_to_and_breaks_just_outside(seed):
    values = scores(8, 4, seed)
    nominal = np.full(4, 0.25)
    kinds = set()
    for unit in range(8):
        rank, found = rank_holds(values, unit, nominal, every_weighting(4))
        assert rank == ranks_under(values, nominal[None])[0, unit]
        for hold in found:
            kinds.add(hold.kind)
            if hold.kind == "always":
                assert set(ranks_under(values, drawn(every_weighting(4), 500))[:, unit]) == {rank}
                continue
            seen = ranks_under(values, drawn(inside(hold, nominal), 800, seed))[:, unit]
            assert set(seen) == {rank}, hold
            lead = values[hold.breaker] - values[unit]
            ahead = lead @ nominal > 1e-9
            breaks = proven_least_lead(lead if ahead else -lead, outside(hold, nominal))
            assert breaks.value <= 0 if ahead else breaks.value < 0
    assert "band" in kinds


def test_fourth_wherever_education_counts_five_per_cent():
    """Worked by hand: the rival leads by 1 point in one component and trails by 19 in education."""
    values = np.array([[99.0, 99.0], [98.0, 98.0], [97.0, 97.0], [60.0, 80.0], [61.0, 61.0]])
    rank, found = rank_holds(values, 3, np.array([0.5, 0.5]), every_weighting(2))
    assert rank == 4
    # 19 w >= 1 (1 - w)  <=>  w >= 1/20; at the very edge the two tie, and a tie is not ahead.
    [least] = [one for one in found if (one.kind, one.component) == ("at_least", 1)]
    assert (least.share, least.breaker) == (0.05, 4)
    [most] = [one for one in found if (one.kind, one.component) == ("at_most", 0)]
    assert most.share == 0.95
    [band] = [one for one in found if one.kind == "band"]
    assert band.share == 0.9  # 0.5 times (1 - 0.9) is 0.05
    assert rank_holds(values, 0, np.array([0.5, 0.5]), every_weighting(2))[1][0].kind == "always"


def test_a_shared_rank_is_never_said_to_hold():
    values = np.array([[60.0, 80.0], [80.0, 60.0]])
    rank, found = rank_holds(values, 0, np.array([0.5, 0.5]), every_weighting(2))
    assert rank == 1
    assert [(one.kind, one.component, one.share) for one in found] == [
        ("at_most", 0, 0.5), ("at_least", 1, 0.5),
    ]  # fmt: skip
