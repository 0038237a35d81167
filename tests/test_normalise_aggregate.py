"""Normalising and aggregating against COINr's published results and scipy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from barometer_lib.errors import BadInput
from barometer_lib.ranking.aggregate import (
    AGGREGATIONS,
    aggregate,
    arithmetic,
    copeland,
    dominant_pairs,
    generalised,
    geometric,
    harmonic,
    mazziotta_pareto,
    outranking,
)
from barometer_lib.ranking.normalise import (
    NORMALISATIONS,
    borda,
    distance_to_maximum,
    distance_to_reference,
    distance_to_target,
    fraction_of_maximum,
    goalposts,
    min_max,
    normalise,
    percentile_rank,
    rank,
    scaled,
    z_score,
)

REFERENCE = Path(__file__).resolve().parent / "reference"
NAN = np.nan
PUBLISHED = {
    case["id"]: case
    for case in json.loads((REFERENCE / "composite_functions.json").read_text("utf-8"))["cases"]
}
ONE_COLUMN = arrays(float, st.integers(3, 25), elements=st.integers(-50, 50).map(float))
MATRIX = arrays(float, st.tuples(st.integers(2, 8), st.integers(1, 5)),
                elements=st.floats(0.5, 100).map(lambda one: round(one, 2)))  # fmt: skip


def agrees(case, found, key="y"):
    assert np.asarray(found, dtype=float) == pytest.approx(
        np.asarray(case["expected"][key], dtype=float), abs=case["tolerance"], rel=0, nan_ok=True
    )


@pytest.mark.parametrize("name", ["dist2targ_8", "dist2targ_c"])
def test_distance_to_target_as_published(name):
    case = PUBLISHED[name]
    given_ = case["input"]
    agrees(case, distance_to_target(given_["x"], given_["direction"], given_["target"],
                                    given_["cap"]))  # fmt: skip


@pytest.mark.parametrize("name", ["goalposts_1", "goalposts_4"])
def test_goalposts_as_published(name):
    case = PUBLISHED[name]
    given_ = case["input"]
    found = goalposts([given_["x"]], given_["direction"], tuple(given_["posts"]), given_["scale"])
    agrees(case, found[0])


def test_geometric_mean_as_published():
    agrees(PUBLISHED["gmean"], geometric([PUBLISHED["gmean"]["input"]["x"]])[0])


def test_outranking_as_published():
    case = PUBLISHED["outranking"]
    pairs = outranking(case["input"]["x"], case["input"]["w"])
    for key, place in (("m21", (1, 0)), ("m31", (2, 0)), ("m41", (3, 0))):
        agrees(case, pairs[place], key)
    assert dominant_pairs(pairs) == (case["expected"]["n_dominant"], case["expected"]["share"])


def test_too_little_known_gives_a_blank_as_published():
    case = PUBLISHED["data_threshold"]
    rows = np.array(case["input"]["rows"], dtype=float)
    agrees(case, arithmetic(rows, least_share=case["input"]["threshold"]))


# --- other people's programs -----------------------------------------------------------------


@given(ONE_COLUMN)
def test_z_scores_and_ranks_agree_with_scipy(values):
    if np.ptp(values) == 0:
        assert np.isnan(z_score(values)).all()
        return
    assert z_score(values) == pytest.approx(stats.zscore(values, ddof=1))
    assert z_score(values, -1, 100, 10) == pytest.approx(100 - 10 * stats.zscore(values, ddof=1))
    assert (rank(values) == stats.rankdata(values, "min")).all()
    assert (rank(values, -1) == stats.rankdata(-values, "min")).all()
    assert (borda(values) == stats.rankdata(values, "min") - 1).all()


@given(MATRIX, st.floats(-3, 3))
def test_means_agree_with_scipy(scores, power):
    weights = np.arange(1, scores.shape[1] + 1.0)
    assert arithmetic(scores, weights) == pytest.approx(np.average(scores, axis=1, weights=weights))
    assert geometric(scores, weights) == pytest.approx(stats.gmean(scores, 1, weights=weights))
    assert harmonic(scores, weights) == pytest.approx(stats.hmean(scores, 1, weights=weights))
    if abs(power) > 0.01:
        assert generalised(scores, weights, power=power) == pytest.approx(
            stats.pmean(scores, power, axis=1, weights=weights)
        )


@given(MATRIX)
def test_the_generalised_mean_holds_the_three_others(scores):
    assert generalised(scores, power=1) == pytest.approx(arithmetic(scores))
    assert generalised(scores, power=0) == pytest.approx(geometric(scores))
    assert generalised(scores, power=-1) == pytest.approx(harmonic(scores))
    assert (harmonic(scores) <= geometric(scores) + 1e-9).all()
    assert (geometric(scores) <= arithmetic(scores) + 1e-9).all()


# --- worked by hand --------------------------------------------------------------------------

COLUMN = np.array([2.0, 4.0, NAN, 10.0, 4.0])
WORKED = {
    "min_max": (min_max(COLUMN), [0, 25, NAN, 100, 25]),
    "min_max, lower is better, 1 to 10": (min_max(COLUMN, -1, 1, 10), [10, 7.75, NAN, 1, 7.75]),
    "scaled": (scaled(COLUMN, 1, (0, 20)), [10, 20, NAN, 50, 20]),
    "scaled, lower is better": (scaled(COLUMN, -1, (0, 20)), [90, 80, NAN, 50, 80]),
    "rank": (rank(COLUMN), [1, 2, NAN, 4, 2]),
    "rank, lower is better": (rank(COLUMN, -1), [4, 2, NAN, 1, 2]),
    "borda": (borda(COLUMN), [0, 1, NAN, 3, 1]),
    "percentile_rank": (percentile_rank(COLUMN), [0, 1 / 3, NAN, 1, 1 / 3]),
    "fraction_of_maximum": (fraction_of_maximum(COLUMN), [0.2, 0.4, NAN, 1, 0.4]),
    "fraction, lower is better": (fraction_of_maximum(COLUMN, -1), [1, 0.5, NAN, 0.2, 0.5]),
    "distance_to_maximum": (distance_to_maximum(COLUMN), [0, 0.25, NAN, 1, 0.25]),
    "distance_to_reference": (distance_to_reference(COLUMN, 1, 1), [0, 1, NAN, 4, 1]),
    "distance_to_reference, capped": (distance_to_reference(COLUMN, 1, 1, True), [0, 1, NAN, 1, 1]),
    "distance_to_reference, lower": (distance_to_reference(COLUMN, -1, 0), [1, 0.75, NAN, 0, 0.75]),
    "goalposts uncut": (goalposts(COLUMN, 1, (4, 8), 100, cut=False), [-50, 0, NAN, 150, 0]),
    "goalposts cut": (goalposts(COLUMN, 1, (4, 8), 100), [0, 0, NAN, 100, 0]),
}


@pytest.mark.parametrize("name", WORKED)
def test_normalised_by_hand(name):
    found, expected = WORKED[name]
    assert found == pytest.approx(np.array(expected, dtype=float), nan_ok=True)


@pytest.mark.parametrize("method", sorted(NORMALISATIONS))
def test_every_column_is_normalised_alone(method):
    matrix = np.column_stack([COLUMN, [5.0, 1.0, 3.0, NAN, 2.0]])
    options = {"reference": 1} if method == "distance_to_reference" else {}
    both = normalise(matrix, method, [1, -1], **options)
    first, second = matrix.T
    assert both[:, 0] == pytest.approx(normalise(first, method, **options), nan_ok=True)
    assert both[:, 1] == pytest.approx(normalise(second, method, -1, **options), nan_ok=True)
    assert (np.isnan(both) == np.isnan(matrix)).all()


@pytest.mark.parametrize("method", sorted(NORMALISATIONS))
@pytest.mark.parametrize("direction", [1, -1])
def test_better_is_higher_after_every_method(method, direction):
    values = np.array([3.0, 9.0, 5.0, 1.0])
    options = {"distance_to_reference": {"reference": 2}, "distance_to_target": {"target": 6}}
    found = normalise(values, method, direction, **options.get(method, {}))
    assert (np.diff(found[np.argsort(values * direction)]) > 0).all() or method == "goalposts"


def test_no_spread_is_no_measure():
    flat = np.array([4.0, 4.0, NAN])
    for method in (min_max, z_score, distance_to_maximum):
        assert np.isnan(method(flat)).all()


# A wins against B in x and y; B and C share; weights 3, 2, 1.
COMPONENTS = np.array([[3.0, 2.0, 1.0], [2.0, 1.0, 3.0], [1.0, 1.0, 3.0]])


def test_outranking_halves_the_weight_of_a_tie():
    pairs = outranking(COMPONENTS, [3, 2, 1])
    assert pairs[0] == pytest.approx([0, 5 / 6, 5 / 6])
    assert pairs[1] == pytest.approx([1 / 6, 0, (3 + 1 + 0.5) / 6])
    assert pairs + pairs.T == pytest.approx(np.ones((3, 3)) - np.eye(3))
    assert copeland(COMPONENTS, [3, 2, 1]) == pytest.approx([2, 0, -2])


def test_outranking_leaves_out_what_either_lacks():
    pairs = outranking([[3.0, NAN], [2.0, 9.0], [NAN, 1.0]], [1, 1])
    assert pairs[0, 1] == 1
    assert pairs[1, 2] == 1
    assert np.isnan(pairs[0, 2])
    assert copeland([[3.0, NAN], [2.0, 9.0], [NAN, NAN]]) == pytest.approx(
        [1, -1, NAN], nan_ok=True
    )


def test_mazziotta_pareto_by_hand():
    # Columns 1, 2, 3: mean 2, population deviation √(2/3); standardised 100 -/+ 10√1.5.
    step = 10 * np.sqrt(1.5)
    even, uneven = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]
    assert mazziotta_pareto(even) == pytest.approx([100 - step, 100, 100 + step])
    # Mean 100 and deviation `step` in the outer units: 100 - step² / 100
    assert mazziotta_pareto(uneven) == pytest.approx([98.5, 100, 98.5])
    assert mazziotta_pareto(uneven, penalty=1) == pytest.approx([101.5, 100, 101.5])


@pytest.mark.parametrize("method", sorted(AGGREGATIONS))
def test_only_the_proportions_of_weights_matter(method):
    scores = np.array([[40.0, 60.0, 80.0], [50.0, 50.0, 20.0], [30.0, 90.0, 70.0]])
    assert aggregate(scores, [1, 2, 3], method) == pytest.approx(
        aggregate(scores, [10, 20, 30], method)
    )


@pytest.mark.parametrize("method", sorted(AGGREGATIONS))
def test_what_is_missing_follows_the_rule(method):
    scores = np.array([[40.0, 60.0, NAN], [50.0, 50.0, 20.0], [30.0, NAN, NAN], [NAN, NAN, NAN]])
    blank = np.isnan(aggregate(scores, None, method)).tolist()
    assert blank == [False, False, False, True]
    assert np.isnan(aggregate(scores, None, method, 0.5)).tolist() == [False, False, True, True]
    assert np.isnan(aggregate(scores, None, method, 1.0)).tolist() == [True, False, True, True]


def test_missing_components_leave_their_weight_to_the_others():
    assert arithmetic([[40.0, NAN, 70.0]], [1, 5, 2]) == pytest.approx([60.0])
    assert geometric([[4.0, NAN, 9.0]], [1, 3, 1]) == pytest.approx([6.0])
    assert harmonic([[3.0, NAN, 6.0]], [1, 3, 1]) == pytest.approx([4.0])


FAULTY = {
    "bad_direction": lambda: min_max([1.0, 2.0], 0),
    "needs_positive": lambda: geometric([[0.0, 2.0]]),
    "weights_do_not_fit": lambda: arithmetic([[1.0, 2.0]], [1.0]),
    "bad_weights": lambda: arithmetic([[1.0, 2.0]], [-1.0, 2.0]),
    "bad_choice": lambda: normalise([1.0], "logarithm"),
}


@pytest.mark.parametrize("code", FAULTY)
def test_a_wrong_input_is_named(code):
    with pytest.raises(BadInput) as told:
        FAULTY[code]()
    assert told.value.code == code


@pytest.mark.parametrize("method", [geometric, harmonic, fraction_of_maximum])
def test_a_mean_that_needs_positive_numbers_says_so(method):
    with pytest.raises(BadInput, match="above 0 and met -3"):
        method([[-3.0, 2.0]])


def test_all_zero_weights_and_unknown_methods_are_refused():
    with pytest.raises(BadInput, match="not all 0"):
        arithmetic([[1.0, 2.0]], [0, 0])
    with pytest.raises(BadInput, match="median"):
        aggregate([[1.0]], None, "median")
