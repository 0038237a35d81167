"""What drives the ranks (Sobol), and the stressed index as a whole."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from barometer_lib.errors import BadInput
from barometer_lib.ranking.aggregate import arithmetic, geometric, harmonic
from barometer_lib.ranking.combinations import Choices, combinations, filled
from barometer_lib.ranking.draws import WeightDraws
from barometer_lib.ranking.sobol import sobol_indices
from barometer_lib.ranking.stress import drivers, nominal_ranks, stress

REFERENCE = Path(__file__).resolve().parent / "reference"
PUBLISHED = json.loads((REFERENCE / "sobol.json").read_text("utf-8"))
BANDED = WeightDraws("band", np.array([0.4013, 0.2971, 0.1989, 0.1027]), spread=0.5)


def scores(units=12, count=4, seed=3):
    return np.random.default_rng(seed).uniform(20, 95, (units, count))


def ishigami(rows):
    a, b = PUBLISHED["ishigami"]["a"], PUBLISHED["ishigami"]["b"]
    x = np.pi * (2 * rows - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(rows):
    a = np.array(PUBLISHED["sobol_g"]["a"])
    return ((np.abs(4 * rows - 2) + a) / (1 + a)).prod(axis=1)


@pytest.mark.parametrize(("name", "function"), [("ishigami", ishigami), ("sobol_g", sobol_g)])
def test_indices_are_those_that_were_published(name, function):
    """Ishigami and Homma's function and Sobol's g, from The Primer."""
    published = PUBLISHED[name]
    inputs = len(published["S"])
    found = sobol_indices(function, inputs, 1 << 14, resamples=100)
    assert found.first == pytest.approx(published["S"], abs=published["tolerance"])
    assert found.total == pytest.approx(published["ST"], abs=published["tolerance"])
    assert found.runs == (1 << 14) * (inputs + 2)
    assert (found.first_low <= found.first + 1e-12).all()
    assert (found.first_high >= found.first - 1e-12).all()
    assert (found.total_low < found.total_high).all()


def test_an_input_that_does_not_enter_has_none():
    """COINr, test-sensitivity.R: x1 + 10 x2 of three inputs."""
    found = sobol_indices(lambda rows: rows[:, 0] + 10 * rows[:, 1], 3, 512)
    assert found.first[2] == found.total[2] == 0.0
    assert found.total[1] == pytest.approx(100 / 101, abs=0.02)


def test_bootstrap_limits_hold_the_truth_as_often_as_they_say():
    """5 and 95 per cent limits of the total index of a linear function, over 60 plans."""
    inside = 0
    for seed in range(60):
        found = sobol_indices(ishigami, 3, 256, seed=seed, resamples=100)
        inside += found.total_low[0] <= 0.5576 <= found.total_high[0]
    assert inside >= 45


def test_an_answer_that_never_varies_has_no_indices():
    found = sobol_indices(lambda rows: np.full(len(rows), 0.1), 2, 64)
    assert found.variance == 0
    assert np.isnan([*found.first, *found.total, *found.total_high]).all()


@pytest.mark.parametrize(("inputs", "size"), [(0, 64), (51, 64), (2, 1 << 20)])
def test_plans_are_bounded(inputs, size):
    with pytest.raises(BadInput):
        sobol_indices(ishigami, inputs, size)


def by_hand(values, choices, weights):
    """Every combination the slow way: the ranks of the scores themselves."""
    means = {"arithmetic": arithmetic, "geometric": geometric, "harmonic": harmonic}
    ranks = []
    for normalisation, mean in itertools.product(choices.normalisations, choices.aggregations):
        low, high = values.min(axis=0), values.max(axis=0)
        shown = {
            "as_scored": values,
            "min_max": 1 + 99 * (values - low) / (high - low),
            "z_score": 100 + 10 * (values - values.mean(axis=0)) / values.std(axis=0, ddof=1),
            "rank": np.apply_along_axis(rankdata, 0, values),
        }[normalisation]
        left_out = [None, *range(values.shape[1])] if choices.drop else [None]
        for dropped in left_out:
            used = weights.copy()
            if dropped is not None:
                used[dropped] = 0.0
            ranks.append(rankdata(-means[mean](shown, used), method="min"))
    return np.array(ranks)


def test_every_combination_ranks_as_the_index_made_that_way():
    values, choices = scores(), Choices()
    weights = BANDED.nominal
    ways = combinations(values, choices)
    assert len(ways) == 4 * 3 * 5  # nothing is missing: one imputation stands for all
    found = np.array([nominal_ranks(way.matrix @ weights) for way in ways])
    assert (found == by_hand(values, choices, weights)).all()
    first = (ways[0].normalisation, ways[0].aggregation, ways[0].dropped)
    assert first == ("as_scored", "arithmetic", None)


def test_gaps_are_filled_from_all_or_from_the_units_own_group():
    nan = np.nan
    values = np.array([[1.0, nan], [3.0, 4.0], [nan, 8.0], [8.0, 9.0], [nan, nan]])
    groups = ["a", "a", "a", "b", "c"]
    mean = filled(values, "mean")
    assert mean[0, 1] == mean[4, 1] == 7.0
    assert mean[2, 0] == 4.0
    assert filled(values, "median")[2, 0] == 3.0
    own = filled(values, "group_mean", groups)
    assert own[0, 1] == 6.0
    assert own[2, 0] == 2.0
    assert own[4].tolist() == [4.0, 7.0]  # nobody of group c has a score
    assert filled(values, "group_median", groups)[2, 0] == 2.0
    assert (own[np.isfinite(values)] == values[np.isfinite(values)]).all()
    with pytest.raises(BadInput):
        filled(np.array([[1.0, nan], [2.0, nan]]), "mean")
    assert len(combinations(values, Choices(drop=False), groups)) == 2 * 4 * 3


@pytest.mark.parametrize(
    "wrong",
    [{"normalisations": ["log"]}, {"aggregations": []}, {"imputations": ["guess"]}],
)
def test_unknown_choices_are_refused(wrong):
    with pytest.raises(BadInput):
        Choices(**wrong)


def test_the_stressed_index_tells_what_its_draws_gave():
    values, choices = scores(), Choices()
    found = stress(values, BANDED, choices, draws=6000, seed=4)
    assert found.combinations == 60
    nominal = values @ BANDED.nominal
    assert found.score == pytest.approx(nominal)
    assert (found.rank == rankdata(-nominal, method="min")).all()
    assert (found.low <= found.median).all()
    assert (found.median <= found.high).all()
    shares = found.counts.histogram / 6000
    assert found.first == pytest.approx(shares[:, 0])
    assert found.held == pytest.approx([shares[u, r - 1] for u, r in enumerate(found.rank)])
    far = [sum(shares[u, p] * abs(p + 1 - r) for p in range(12)) for u, r in enumerate(found.rank)]
    assert found.shift == pytest.approx(far)
    # With nothing left to choose, every draw is the index as it stands.
    still = stress(values, WeightDraws("band", BANDED.nominal, spread=0.0), draws=500)
    assert still.combinations == 1
    assert (still.low == still.rank).all()
    assert (still.high == still.rank).all()
    assert (still.held == 1).all()
    assert (still.shift == 0).all()


def test_the_drawn_ranks_are_those_of_a_plain_simulation():
    """All combinations and 4,000 weightings, one at a time with scipy, against 20,000 of ours."""
    values, choices = scores(), Choices()
    chance = np.random.default_rng(8)
    plain = np.vstack([
        by_hand(values, choices, BANDED.nominal * chance.uniform(0.5, 1.5, 4)) for _ in range(120)
    ])  # fmt: skip
    found = stress(values, BANDED, choices, draws=20_000)
    assert found.mean == pytest.approx(plain.mean(axis=0), abs=0.2)
    expected = np.quantile(plain, [0.05, 0.95], axis=0, method="inverted_cdf")
    assert np.abs(np.array([found.low, found.high]) - expected).max() <= 1


def test_equal_scores_are_shared_ranks():
    assert nominal_ranks(np.array([66.0, 74.0, 66.0, 60.0])).tolist() == [2, 1, 2, 4]
    assert nominal_ranks(np.array([0.1 + 0.2, 0.3, 0.1])).tolist() == [1, 1, 3]
    assert nominal_ranks(np.zeros(3)).tolist() == [1, 1, 1]
    values = np.array([[50.0, 60.0], [60.0, 50.0], [10.0, 10.0]])
    found = stress(values, WeightDraws("any", np.ones(2)), draws=200)
    assert found.rank.tolist() == [1, 1, 3]
    assert found.tied.tolist() == [True, True, False]


def test_what_drives_the_ranks_is_found():
    values = scores(15, 4)
    alone = Choices(normalisations=["as_scored"], aggregations=["arithmetic"], drop=False)
    factors, found = drivers(values, BANDED, alone, size=128)
    assert factors == ("weights",)
    assert found.total[0] == pytest.approx(1.0, abs=0.15)
    values[2, 1] = np.nan
    factors, found = drivers(values, BANDED, Choices(), size=512)
    assert factors == ("weights", "imputation", "normalisation", "aggregation", "dropped")
    assert factors[found.total.argmax()] == "dropped"
    assert found.first.sum() < 1.1
    assert (found.total >= found.first - 0.05).all()
    assert found.mean > 0.5


def test_indices_of_the_ranks_are_those_of_all_cells():
    """Two factors without chance in them: shares of variance over the whole table, exactly."""
    values = scores(15, 4)
    choices = Choices(drop=True)
    still = WeightDraws("band", BANDED.nominal, spread=0.0)
    ranks = by_hand(values, choices, BANDED.nominal)
    shift = np.abs(ranks - ranks[0]).mean(axis=1).reshape(4, 3, 5)
    variance = shift.var()
    first = [
        shift.mean(axis=tuple(other for other in range(3) if other != axis)).var() / variance
        for axis in range(3)
    ]
    total = [shift.var(axis=axis).mean() / variance for axis in range(3)]
    factors, found = drivers(values, still, choices, size=8192, resamples=20)
    assert factors[1:] == ("normalisation", "aggregation", "dropped")
    assert found.first[0] == found.total[0] == 0.0  # weights that do not move
    assert found.first[1:] == pytest.approx(first, abs=0.02)
    assert found.total[1:] == pytest.approx(total, abs=0.02)
    one = ranks[:, 5].reshape(4, 3, 5)
    _, found = drivers(values, still, choices, unit=5, size=8192, resamples=20)
    expected = [one.var(axis=axis).mean() / one.var() for axis in range(3)]
    assert found.total[1:] == pytest.approx(expected, abs=0.02)
