"""What if, and the cheapest path: worked by hand, by every combination, and by drawn weightings."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from barometer_lib.errors import BadInput
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.path import PathRules, any_path, cheapest_path
from barometer_lib.ranking.weight_sets import least_leads, near
from barometer_lib.ranking.what_if import position, raised, reweighted, with_scores, without

FIELD = np.array([[80.0, 60.0, 70.0], [70.0, 70.0, 40.0], [50.0, 90.0, 70.0], [40.0, 50.0, 60.0]])
EVEN = WeightDraws("any", np.ones(3))


def scores(units, count, seed):
    return np.random.default_rng(seed).integers(30, 90, (units, count)).astype(float)


def test_a_position_is_a_score_a_rank_and_how_far_the_rank_holds():
    found = position(FIELD, 1, EVEN)
    assert found.score == pytest.approx(60)
    assert (found.rank, found.tied, found.of) == (3, False, 4)
    first = position(FIELD, 0, EVEN)
    assert (first.rank, first.tied) == (1, True)  # 70 points, as the third has
    assert first.low == 1
    still = position(FIELD, 1, WeightDraws("band", np.ones(3), spread=0.0))
    assert (still.low, still.high, still.held) == (3, 3, 1.0)
    # Alone in one component: ahead of the others where that component decides.
    assert found.low <= 2 < found.high


def test_a_component_is_raised_to_the_cap_and_no_further():
    up = raised(FIELD, 1, {2: 25.0, 1: 50.0, 0: -80.0})
    assert up[1].tolist() == [0.0, 100.0, 65.0]
    assert (up[[0, 2, 3]] == FIELD[[0, 2, 3]]).all()
    assert FIELD[1, 2] == 40.0
    assert position(raised(FIELD, 1, {2: 31.0}), 1, EVEN).rank == 1
    assert position(raised(FIELD, 1, {2: 29.0}), 1, EVEN).rank == 3


def test_new_answers_stand_in_for_the_old_ones():
    answered = with_scores(FIELD, 3, {0: 90.0, 1: 90.0, 2: 90.0})
    assert position(answered, 3, EVEN).rank == 1
    for wrong in (-1.0, 100.5, float("nan")):
        with pytest.raises(BadInput):
            with_scores(FIELD, 3, {0: wrong})


def test_other_weights_and_a_dropped_component():
    heavy = reweighted(EVEN, {1: 8.0})
    assert position(FIELD, 2, heavy).score == pytest.approx((50 + 8 * 90 + 70) / 10)
    assert position(FIELD, 2, heavy).rank == 1
    values, weights = without(FIELD, EVEN, [1])
    assert values.shape == (4, 2)
    assert position(values, 0, weights).score == pytest.approx(75)
    assert position(values, 2, weights).rank == 2
    with pytest.raises(BadInput):
        without(FIELD, EVEN, [0, 1, 2])
    with pytest.raises(BadInput):
        reweighted(EVEN, {0: 0.0, 1: 0.0, 2: 0.0})
    held = WeightDraws("any", np.ones(3), at_least=np.array([0.2, 0.1, 0.3]))
    assert without(FIELD, held, [0])[1].at_least.tolist() == [0.1, 0.3]


# The cheapest path


def rank_after(values, unit, nominal, points):
    changed = values.copy()
    changed[unit] += points
    totals = changed @ (nominal / nominal.sum())
    return 1 + int((totals > totals[unit] + 1e-9).sum())


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_whole_points_by_trying_them_all(seed):
    chance = np.random.default_rng(seed)
    values = scores(6, 3, seed)
    values = np.minimum(values, 92)
    nominal = chance.integers(1, 5, 3).astype(float)
    costs = chance.integers(1, 6, 3).astype(float)
    unit = int((values @ nominal).argmin())
    rules = PathRules(np.full(3, 100.0), costs, step=5.0)
    steps = [np.arange(0, 101 - values[unit, k], 5) for k in range(3)]
    for rank in (1, 3):
        tried = [
            (float(np.dot(points, costs)), points)
            for points in itertools.product(*steps)
            if rank_after(values, unit, nominal, np.array(points)) <= rank
        ]
        found = cheapest_path(values, unit, nominal, rank, rules)
        assert found.possible
        assert found.cheapest
        assert found.cost == pytest.approx(min(tried)[0])
        assert (found.points % 5 == 0).all()
        assert rank_after(values, unit, nominal, found.points) == found.rank <= rank


@pytest.mark.parametrize("seed", range(4))
def test_any_number_of_points_as_a_linear_programme_has_it(seed):
    """scipy.optimize.linprog on the one condition that decides: catch the unit at that rank."""
    values = scores(10, 4, seed)
    nominal = np.random.default_rng(seed).uniform(0.5, 2, 4)
    share = nominal / nominal.sum()
    costs = np.array([1.0, 2.0, 1.5, 3.0])
    totals = values @ share
    unit = int(totals.argmin())
    for rank in (2, 5):
        need = np.sort(np.delete(totals, unit))[::-1][rank - 1] - totals[unit]
        room = [(0, 100 - x) for x in values[unit]]
        solved = linprog(costs, A_ub=[-share], b_ub=[-need], bounds=room)
        found = cheapest_path(values, unit, nominal, rank, PathRules(np.full(4, 100.0), costs))
        assert found.cost == pytest.approx(solved.fun, abs=1e-6)
        assert found.rank <= rank


def test_caps_few_components_and_a_lead():
    nominal = np.ones(3)
    free = cheapest_path(FIELD, 3, nominal, 2)
    assert free.cost == pytest.approx(60)  # from 150 points to 210
    assert free.points.sum() == pytest.approx(60)
    tight = PathRules(np.array([60.0, 70.0, 80.0]), np.ones(3))
    assert cheapest_path(FIELD, 3, nominal, 2, tight).points.tolist() == [20.0, 20.0, 20.0]
    ahead = PathRules(np.full(3, 100.0), np.ones(3), lead=1.0)
    assert cheapest_path(FIELD, 3, nominal, 2, ahead).cost == pytest.approx(63)
    one = PathRules(np.full(3, 100.0), np.array([1.0, 3.0, 2.0]), most_components=1)
    found = cheapest_path(FIELD, 3, nominal, 2, one)
    assert found.points.tolist() == [60.0, 0.0, 0.0]
    low = PathRules(np.array([50.0, 100.0, 100.0]), np.array([1.0, 3.0, 2.0]), most_components=1)
    assert not cheapest_path(FIELD, 3, nominal, 2, low).possible
    two = PathRules(np.array([50.0, 100.0, 100.0]), np.array([1.0, 3.0, 2.0]), most_components=2)
    assert (cheapest_path(FIELD, 3, nominal, 2, two).points > 0).sum() == 2


def test_a_rank_that_is_held_costs_nothing_and_one_out_of_reach_is_said_to_be():
    held = cheapest_path(FIELD, 0, np.ones(3), 1)
    assert (held.possible, held.cost, held.rank) == (True, 0.0, 1)
    never = PathRules(np.array([45.0, 55.0, 60.0]), np.ones(3))
    found = cheapest_path(FIELD, 3, np.ones(3), 1, never)
    assert not found.possible
    assert found.points.tolist() == [5.0, 5.0, 0.0]
    assert found.rank == 4


@pytest.mark.parametrize("seed", range(4))
def test_a_path_that_holds_under_every_weighting_of_a_band(seed):
    values = scores(8, 3, seed)
    nominal, allowed = np.ones(3), near(np.ones(3), 0.3)
    unit = int(values.sum(axis=1).argmin())
    plain = cheapest_path(values, unit, nominal, 3)
    found = cheapest_path(values, unit, nominal, 3, allowed=allowed)
    assert found.possible
    assert found.cheapest
    assert found.cost >= plain.cost - 1e-6
    leads = values[unit] + found.points - np.delete(values, unit, axis=0)
    assert (least_leads(leads, allowed) >= -1e-6).sum() >= 8 - 3
    # Every set of five to pass, as a linear programme over the corners of the band.
    low, high = 0.7 / 3, 1.3 / 3
    corners = [np.array(p) for p in set(itertools.permutations([low, 1 / 3, high]))]
    best = np.inf
    for passed in itertools.combinations(np.delete(np.arange(8), unit), 5):
        rows = [-w for w in corners for _ in passed]
        need = [float(w @ (values[unit] - values[j])) for w in corners for j in passed]
        room = [(0, 100 - x) for x in values[unit]]
        solved = linprog(np.ones(3), A_ub=rows, b_ub=need, bounds=room)
        best = min(best, solved.fun if solved.success else np.inf)
    assert found.cost == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"caps": np.array([101.0, 1.0, 1.0])},
        {"costs": np.array([0.0, 1.0, 1.0])},
        {"step": -1.0},
        {"lead": -0.5},
        {"most_components": 0},
        {"caps": np.ones(2)},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong):
    rules = {"caps": np.full(3, 100.0), "costs": np.ones(3)}
    with pytest.raises(BadInput):
        PathRules(**rules | wrong)


def test_a_rank_outside_the_field_is_refused():
    for rank in (0, 5):
        with pytest.raises(BadInput):
            cheapest_path(FIELD, 0, np.ones(3), rank, any_path(3))


def test_a_path_through_a_field_of_150():
    values = scores(150, 18, 2)
    unit = int(np.argsort(-values.mean(axis=1))[70])
    found = cheapest_path(values, unit, np.ones(18), 4)
    assert found.possible
    assert found.cheapest
    assert rank_after(values, unit, np.ones(18), found.points) <= 4
