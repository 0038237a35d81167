"""Ranks over drawn weights: each draw as scipy ranks it, pairs as the closed form has them."""

import numpy as np
import pytest
from scipy.stats import rankdata

from barometer_lib.errors import BadInput
from barometer_lib.ranking import counting
from barometer_lib.ranking.counting import BATCH, BLOCK, count_ranks, sorted_units
from barometer_lib.ranking.draws import WeightDraws


def components(units, count, seed=7):
    return np.random.default_rng(seed).uniform(1, 100, (units, count))


def any_weights(count, **more):
    return WeightDraws("any", np.ones(count), **more)


class Told(WeightDraws):
    """Remembers what was drawn, in order."""

    def draw(self, chance, count):
        drawn = super().draw(chance, count)
        self.__dict__.setdefault("kept", []).append(drawn)
        return drawn


TRANSFORMS = {
    "arithmetic": lambda x: x,
    "geometric": np.log,
    "harmonic": lambda x: -1 / x,
    "ranks": lambda x: np.apply_along_axis(rankdata, 0, x),
    "negative": lambda x: x - 500,
}
MEANS = {
    "arithmetic": lambda x, w: x @ w / w.sum(),
    "geometric": lambda x, w: np.exp(np.log(x) @ w / w.sum()),
    "harmonic": lambda x, w: w.sum() / ((1 / x) @ w),
    "ranks": lambda x, w: np.apply_along_axis(rankdata, 0, x) @ w / w.sum(),
    "negative": lambda x, w: (x - 500) @ w / w.sum(),
}


@pytest.mark.parametrize("units", [1, 2, 3, 40, 150, 257, 300])
def test_every_draw_is_ranked_as_scipy_ranks_it(units):
    """The scores themselves, not their transforms, are ranked by scipy.stats.rankdata."""
    x = components(units, 6)
    told = Told("any", np.ones(6))
    matrices = [transform(x) for transform in TRANSFORMS.values()]
    found = count_ranks(matrices, told, 230, seed=3, pairs=True)
    expected = np.zeros((units, units), int)
    ahead = np.zeros((units, units), int)
    for mean, drawn in zip(MEANS.values(), told.kept, strict=True):
        for weights in drawn:
            ranks = rankdata(-mean(x, weights), method="min").astype(int)
            expected[np.arange(units), ranks - 1] += 1
            ahead += ranks[:, None] < ranks[None, :]
    assert (found.histogram == expected).all()
    assert (found.ahead == ahead).all()


def test_ties_share_the_better_rank_and_neither_is_ahead():
    x = components(9, 4)
    x[4] = x[1]
    x[7] = x[1]
    found = count_ranks([x, np.log(x)], any_weights(4), 3000, pairs=True)
    assert (found.histogram.sum(axis=1) == 3000).all()
    assert (found.histogram[4] == found.histogram[1]).all()
    assert found.ahead[1, 4] == found.ahead[4, 1] == found.ahead[7, 1] == 0
    assert (found.ahead[0, 1] == found.ahead[0, 7]).all()
    assert found.histogram[:, 0].sum() >= 3000  # a shared first place counts for each
    lone = [unit for unit in range(9) if unit not in (1, 4, 7)]
    both = found.ahead + found.ahead.T
    assert (both[np.ix_(lone, lone)] == 3000 - 3000 * np.eye(len(lone))).all()


def test_twins_tie_whatever_the_last_bits_of_the_product(monkeypatch):
    """A matrix product may round equal columns otherwise; here it does so on purpose."""
    product = counting._product

    def rounded_otherwise(drawn, falling, scores):
        product(drawn, falling, scores)
        scores *= 1 + 1e-9 * np.arange(scores.shape[1])

    monkeypatch.setattr(counting, "_product", rounded_otherwise)
    x = components(9, 4)
    x[7] = x[1]
    found = count_ranks([x], any_weights(4), 500, pairs=True)
    assert found.ahead[1, 7] == found.ahead[7, 1] == 0
    ranks = counting.ranks_of_draws(x, np.random.default_rng(1).uniform(size=(50, 4)))
    assert (ranks[:, 1] == ranks[:, 7]).all()


@pytest.mark.parametrize("units", [2, 5, 200, 300])
def test_places_of_tied_scores_are_those_of_scipy(units):
    scores = np.random.default_rng(1).integers(0, 4, (50, units)).astype(float)
    expected = rankdata(scores, method="min", axis=1) - 1
    order, place = sorted_units(scores.copy())
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.broadcast_to(place, order.shape), axis=1)
    assert (found == expected).all()


def closed_form(difference):
    """P(sum of weight x difference > 0) for weights spread evenly over the simplex.

    With exponentials: a sum over the positive differences of prod d_i / (d_i - d_j).
    """
    total = 0.0
    for i, d in enumerate(difference):
        if d > 0:
            total += np.prod([d / (d - e) for j, e in enumerate(difference) if j != i])
    return total


def test_who_is_ahead_agrees_with_the_closed_form():
    """Flat Dirichlet weights have an exact answer; 2 x 190 pairs, 60,000 draws."""
    x, draws = components(20, 6), 60_000
    found = count_ranks([x], any_weights(6), draws, seed=5, pairs=True)
    z = []
    for a in range(20):
        for b in range(20):
            if a != b:
                exact = closed_form(x[a] - x[b])
                error = np.sqrt(max(exact * (1 - exact), 1e-6) / draws)
                z.append((found.ahead[a, b] / draws - exact) / error)
    assert np.abs(z).max() < 4.2
    assert 0.6 < np.sqrt(np.mean(np.square(z))) < 1.4


def test_the_answer_depends_on_the_seed_alone():
    matrices = [components(30, 5), np.log(components(30, 5))]
    one = count_ranks(matrices, any_weights(5), 10_000, seed=11, pairs=True)
    two = count_ranks(matrices, any_weights(5), 10_000, seed=11, pairs=True, threads=2)
    other = count_ranks(matrices, any_weights(5), 10_000, seed=12)
    assert (one.histogram == two.histogram).all()
    assert (one.ahead == two.ahead).all()
    assert (one.histogram != other.histogram).any()
    assert one.draws == 10_000
    assert (one.histogram.sum(axis=1) == 10_000).all()


@pytest.mark.parametrize("draws", [1, 2, 63, 64, 65, BATCH, BATCH + 1, BLOCK, BLOCK + 1, 9999])
def test_no_draw_is_lost_at_the_edge_of_a_batch(draws):
    found = count_ranks([components(4, 3)] * 3, any_weights(3), draws, pairs=True)
    assert (found.histogram.sum(axis=1) == draws).all()
    both = found.ahead + found.ahead.T
    assert (both == draws * (1 - np.eye(4))).all()


def test_a_combination_is_drawn_as_often_as_another():
    up, down = np.array([[2.0], [1.0]]), np.array([[1.0], [2.0]])
    found = count_ranks([up, up, down], any_weights(1), 3001)
    assert found.histogram[0].tolist() == [2001, 1000]


def test_intervals_are_quantiles_of_the_ranks():
    told = Told("any", np.ones(4))
    x = components(12, 4)
    found = count_ranks([x], told, 1000, seed=2)
    ranks = rankdata(-(np.vstack(told.kept) @ x.T), method="min", axis=1)
    for shares in ((0.05, 0.95), (0.25, 0.75), (0.0, 1.0)):
        low, high = found.interval(*shares)
        expected = np.quantile(ranks, shares, axis=0, method="inverted_cdf")
        assert (np.array([low, high]) == expected).all()
    assert found.mean() == pytest.approx(ranks.mean(axis=0), abs=1e-12)


def test_weights_are_drawn_as_asked():
    nominal = np.array([0.5, 0.3, 0.2, 0.0])
    chance = np.random.default_rng(1)
    around = WeightDraws("around", nominal * 7, concentration=40).draw(chance, 40_000)
    shares = around / around.sum(axis=1, keepdims=True)
    assert shares.mean(axis=0) == pytest.approx(nominal, abs=0.003)
    # Dirichlet: variance m (1 - m) / (concentration + 1)
    assert shares.var(axis=0) == pytest.approx(nominal * (1 - nominal) / 41, rel=0.05)
    band = WeightDraws("band", nominal, spread=0.4).draw(chance, 5000)
    assert (band >= nominal * 0.6).all()
    assert (band <= nominal * 1.4).all()
    assert band[:, 0].min() < 0.302
    assert band[:, 0].max() > 0.698
    least = any_weights(4, at_least=np.array([0.1, 0.0, 0.5, 0.0])).draw(chance, 2000)
    assert least.sum(axis=1) == pytest.approx(np.ones(2000))
    assert (least >= [0.1, 0, 0.5, 0]).all()
    assert least[:, 2].min() < 0.51


@pytest.mark.parametrize(
    "wrong",
    [
        {"nominal": np.array([])},
        {"nominal": np.array([0.0, 0.0])},
        {"nominal": np.array([1.0, -0.1])},
        {"nominal": np.array([1.0, np.nan])},
        {"kind": "guess"},
        {"spread": 1.5},
        {"concentration": 0.0},
        {"at_least": np.array([0.6, 0.6])},
        {"at_least": np.array([-0.1, 0.6])},
    ],
)
def test_weights_that_cannot_be_drawn_are_refused(wrong):
    with pytest.raises(BadInput):
        WeightDraws(**{"kind": "any", "nominal": np.ones(2)} | wrong)


def test_sizes_are_bounded():
    with pytest.raises(BadInput, match="units"):
        count_ranks([components(2, 2)], any_weights(2), 0)
    with pytest.raises(BadInput, match="units"):
        count_ranks([components(2, 2)], any_weights(2), 10**9)
    with pytest.raises(BadInput, match="units"):
        count_ranks([np.zeros((3000, 1))], any_weights(1), 10)
    with pytest.raises(ValueError, match="blanks"):
        count_ranks([np.array([[1.0], [np.nan]])], any_weights(1), 10)
