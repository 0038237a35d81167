"""The trend engine against printed figures, statsmodels, scipy and exact arithmetic."""

from __future__ import annotations

import json
import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import statsmodels.api
from benchmarks import exact
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib.trends.fits import fit_series
from barometer_lib.trends.kernel import fit_panel
from barometer_lib.trends.mann_kendall import exact_two_sided, rank_panel
from barometer_lib.trends.student import quantile, two_sided_p

REFERENCE = Path(__file__).resolve().parent / "reference"
PRINTED = json.loads((REFERENCE / "projection.json").read_text("utf-8"))
RANKS = json.loads((REFERENCE / "mann_kendall.json").read_text("utf-8"))


def draw(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def panel(seed: int, series: int, points: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Years about 2010 and values of one decimal with gaps, as a barometer's are."""
    random = draw(seed)
    values = np.round(40 + random.normal(0, 1, (points, series)).cumsum(axis=0), 1)
    values[random.random(values.shape) < 0.06] = np.nan
    return np.arange(2010.5, 2010.5 + points)[:, None], values


def series_of(column: np.ndarray, times: np.ndarray) -> tuple[list[float], list[float]]:
    there = np.isfinite(column)
    return times[there, 0].tolist(), column[there].tolist()


# Printed by others


def test_the_line_through_rs_cars_is_the_printed_one():
    found = fit_series(PRINTED["x"], PRINTED["y"], target_time=PRINTED["at"])
    within = PRINTED["coefficients_tolerance"]
    assert found.slope == pytest.approx(PRINTED["coefficients"]["slope"], abs=within)
    assert found.intercept == pytest.approx(PRINTED["coefficients"]["intercept"], abs=within)
    assert found.projected == pytest.approx(PRINTED["fit"], abs=6e-6)
    assert [found.line_low, found.line_high] == pytest.approx(
        PRINTED["confidence"], abs=PRINTED["confidence_tolerance"]
    )
    assert [found.projected_low, found.projected_high] == pytest.approx(
        PRINTED["prediction"], abs=PRINTED["prediction_tolerance"]
    )


def test_four_points_against_a_target_worked_by_hand():
    found = fit_series([2006, 2007, 2008, 2009], [60, 63, 64, 67], None, 2012, 75)
    assert found.slope == pytest.approx(2.2)
    assert found.projected == pytest.approx(73.4)
    assert found.sigma == pytest.approx(math.sqrt(0.4))
    assert found.se_projected == pytest.approx(1.4560219778561037, abs=1e-9)
    assert found.p_reach == pytest.approx(0.1932140044610524, abs=1e-9)
    assert found.meets == pytest.approx(2012.7272727272727, abs=1e-9)
    assert (found.required_pace, found.pace_ratio) == pytest.approx((8 / 3, 2.2 / (8 / 3)))
    assert found.closed == pytest.approx((7 / 15) / (3 / 6))
    assert not found.met


MEASURES = {"S": "s", "var_S": "var", "Z": "z", "p": "rank_p", "slope": "sen",
            "intercept": "sen_intercept"}  # fmt: skip


@pytest.mark.parametrize("case", RANKS["cases"], ids=lambda case: case["place"])
def test_mann_kendall_and_sen_as_printed(case):
    values = case["input"].get("values", case["input"].get("y"))
    if isinstance(values, str):
        values = RANKS["cases"][1]["input"]["values"]
    found = fit_series(list(range(len(values))), values)
    expected = {name: value for name, value in case["expected"].items() if name in MEASURES}
    for name, value in expected.items():
        assert getattr(found, MEASURES[name]) == pytest.approx(value, abs=case["tolerance"]), name
    if "p_one_sided" in case["expected"]:
        one_sided = case["expected"]["p_one_sided"]
        assert found.rank_p == pytest.approx(2 * one_sided, abs=2 * case["tolerance"])
    if "Tau" in case["expected"]:
        pairs = found.n * (found.n - 1) / 2
        assert found.s / pairs == pytest.approx(case["expected"]["Tau"], abs=case["tolerance"])
    assert expected


@pytest.mark.parametrize("case", RANKS["tails"], ids=lambda case: case["place"])
def test_exact_tails_are_gilberts(case):
    ours = exact_two_sided((1,) * case["input"]["n"])
    for s, tail in zip(case["input"]["s"], case["expected"]["p"], strict=True):
        one_sided = ours[s] / 2 if s > 0 else (1 + (ours[0] - ours[2])) / 2
        assert one_sided == pytest.approx(tail, abs=case["tolerance"])


# Against other programs


@pytest.mark.parametrize("weighted", [False, True])
def test_lines_and_predictions_are_statsmodels(weighted):
    times, values = panel(1, 60)
    weights = draw(2).uniform(0.2, 5.0, values.shape) if weighted else None
    lines = fit_panel(times, values, weights)
    for column in range(values.shape[1]):
        there = np.isfinite(values[:, column])
        x, y = times[there, 0], values[there, column]
        w = np.ones_like(y) if weights is None else weights[there, column]
        centre = np.average(x, weights=w)
        design = np.column_stack([np.ones_like(x), x - centre])
        theirs = statsmodels.api.WLS(y, design, weights=w).fit()
        future = theirs.get_prediction(np.array([[1.0, 2030.5 - centre]])).summary_frame(0.05)
        one = fit_series(x, y, w, 2030.5, 45.0)
        assert one.slope == lines.slope[column]
        assert one.slope == pytest.approx(theirs.params[1], rel=1e-9, abs=1e-13)
        assert one.se == pytest.approx(theirs.bse[1], rel=1e-11)
        assert one.p == pytest.approx(theirs.pvalues[1], rel=1e-8)
        assert (one.low, one.high) == pytest.approx(tuple(theirs.conf_int(0.05)[1]), rel=1e-9)
        assert one.r2 == pytest.approx(theirs.rsquared, rel=1e-8, abs=1e-13)
        assert one.projected == pytest.approx(future["mean"][0], rel=1e-11)
        for name, said in (("line_low", "mean_ci_lower"), ("line_high", "mean_ci_upper"),
                           ("projected_low", "obs_ci_lower"), ("projected_high", "obs_ci_upper"),
                           ):  # fmt: skip
            assert getattr(one, name) == pytest.approx(future[said][0], rel=1e-10), name


def test_sens_slope_and_its_limits_are_scipys():
    times, values = panel(3, 80)
    ranks = rank_panel(times, values)
    for column in range(values.shape[1]):
        x, y = series_of(values[:, column], times)
        theirs = scipy.stats.theilslopes(y, x, alpha=0.95)
        assert ranks.sen[column] == pytest.approx(theirs.slope, rel=1e-13, abs=1e-15)
        assert ranks.sen_intercept[column] == pytest.approx(theirs.intercept, rel=1e-12)
        assert (ranks.sen_low[column], ranks.sen_high[column]) == pytest.approx(
            (theirs.low_slope, theirs.high_slope), rel=1e-13, abs=1e-15
        )


@pytest.mark.parametrize("n", range(3, 11))
def test_exact_p_is_scipys_where_nothing_ties(n):
    for seed in range(6):
        y = draw(seed).permutation(n).astype(float)
        found = fit_series(range(n), y)
        theirs = scipy.stats.kendalltau(range(n), y, method="exact")
        assert found.rank_exact
        assert found.rank_p == pytest.approx(theirs.pvalue, rel=1e-12)
        assert found.s == pytest.approx(theirs.statistic * n * (n - 1) / 2)


@pytest.mark.parametrize(
    "values", [(1, 1), (1, 1, 2), (3, 1, 1, 2), (1, 1, 2, 2, 3), (1, 1, 1, 2, 3, 3), (5, 5, 5, 1),
               (1, 2, 2, 2, 3, 3, 4)]
)  # fmt: skip
def test_exact_p_with_ties_is_what_every_order_gives(values):
    def score(order: tuple[int, ...]) -> int:
        return sum((b > a) - (b < a) for i, a in enumerate(order) for b in order[i + 1 :])

    scores = [abs(score(order)) for order in permutations(values)]
    found = fit_series(range(len(values)), values)
    assert found.s == score(values)
    asked = abs(score(values))
    assert found.rank_p == pytest.approx(sum(one >= asked for one in scores) / len(scores))


def test_four_points_can_never_be_significant():
    smallest = [fit_series(range(n), range(n)).rank_p for n in (3, 4, 5, 6)]
    assert smallest == pytest.approx([1 / 3, 1 / 12, 1 / 60, 1 / 360])


def test_above_ten_points_the_normal_score_is_used():
    times, values = panel(4, 40)
    ranks = rank_panel(times, values)
    long = ~ranks.exact
    assert long.any()
    theirs = 2 * scipy.stats.norm.sf(np.abs(ranks.z[long]))
    assert ranks.p[long] == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 8, 14, 31, 120, 999])
def test_students_p_keeps_its_digits_in_the_tail(freedom):
    for t in (1e-9, 0.01, 0.7, 2.0, 3.3, 4.1, 8.0, 40.0, 1e5):
        with exact.localcontext() as context:
            context.prec = 340
            theirs = float(exact.two_sided_p(exact.Decimal(t) ** 2, freedom))
        ours = two_sided_p(np.array([t, -t]), np.full(2, freedom))
        assert ours[0] == ours[1]
        if theirs > 1e-250:
            assert ours[0] == pytest.approx(theirs, rel=2e-12), t
    assert quantile(freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), rel=1e-12)


# Against exact arithmetic, at the limits the engine promises

TIGHT, NEAR_PERFECT = 1e-11, 1e-11


def exact_cases() -> list[object]:
    found = []
    for kind, within in (("ordinary", TIGHT), ("million", TIGHT), ("billion", TIGHT),
                         ("tiny", TIGHT), ("near", NEAR_PERFECT), ("nearer", NEAR_PERFECT),
                         ):  # fmt: skip
        for seed in range(12):
            random = draw(seed)
            n = int(random.integers(3, 17))
            x = np.sort(random.choice(np.arange(2010.5, 2026.5), n, replace=False))
            steps = random.integers(-9, 10, n)
            if steps.min() == steps.max():
                continue
            y = {
                "ordinary": 40 + steps / 10,
                "million": 1e6 + steps,
                "billion": 1e9 + steps,
                "tiny": steps * 1e-12,
                "near": 0.5 * (x - 2010) + 1e-6 * steps,
                "nearer": 0.5 * (x - 2010) + 1e-10 * steps,
            }[kind]
            found.append(pytest.param(x, y, within, id=f"{kind}-{seed}"))
    return found


@pytest.mark.parametrize(("x", "y", "within"), exact_cases())
def test_the_engine_is_as_exact_as_promised(x, y, within):
    target = float(y.max()) * 1.25 + 0.5
    theirs = exact.line(x, y, at=2030.5, target=target)
    ours = fit_series(x, y, None, 2030.5, target)
    if ours.level:
        assert abs(theirs["slope"]) <= 1e-12 * np.abs(y).max()
        return
    for name, value in theirs.items():
        # Of a difference the larger of its parts sets what can be held.
        size = abs(value)
        if name in ("low", "high"):
            size = max(size, abs(theirs["slope"]))
        if name in ("projected", "projected_low", "projected_high", "intercept"):
            size = max(size, float(np.abs(y).max()))
        if name in ("r2", "p_reach") and value < 1e-9:
            continue
        assert abs(getattr(ours, name) - value) <= within * size, name


@pytest.mark.parametrize("seed", range(8))
def test_weighted_lines_are_as_exact(seed):
    random = draw(seed)
    n = int(random.integers(4, 13))
    x = np.sort(random.choice(np.arange(2006, 2026, 0.5), n, replace=False))
    y, w = np.round(random.normal(50, 4, n), 1), random.integers(50, 3000, n) / 1000
    theirs = exact.line(x, y, w, at=2030.5, target=60.0)
    ours = fit_series(x, y, w, 2030.5, 60.0)
    for name, value in theirs.items():
        assert getattr(ours, name) == pytest.approx(value, rel=TIGHT), name


# What changes nothing, and what mirrors

VALUES = st.lists(st.integers(-400, 400).map(lambda tenths: tenths / 10), min_size=3, max_size=12)


@st.composite
def dated(draw_from: st.DrawFn) -> tuple[list[float], list[float]]:
    values = draw_from(VALUES)
    halves = draw_from(
        st.lists(st.integers(4000, 4060), min_size=len(values), max_size=len(values), unique=True)
    )
    return [half / 2 for half in halves], values


@given(dated(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(series, random):
    rows = list(zip(*series, strict=True))
    first = fit_series(*series, None, 2035.5, 20.0)
    random.shuffle(rows)
    again = fit_series([x for x, _ in rows], [y for _, y in rows], None, 2035.5, 20.0)
    assert again == first


@given(st.integers(1, 40), st.integers(0, 99), st.booleans())
@settings(max_examples=25)
def test_a_series_alone_gives_what_it_gives_among_others(count, seed, weighted):
    times, values = panel(seed, count, 9)
    weights = draw(seed).uniform(0.2, 5, values.shape) if weighted else None
    lines, ranks = fit_panel(times, values, weights), rank_panel(times, values)
    for column in range(count):
        alone = fit_panel(times, values[:, [column]], None if weights is None
                          else weights[:, [column]])  # fmt: skip
        for name in ("slope", "intercept", "se", "p", "low", "sigma", "r2"):
            assert np.array_equal(
                getattr(lines, name)[[column]], getattr(alone, name), equal_nan=True
            ), name
        x, y = series_of(values[:, column], times)
        w = None if weights is None else weights[np.isfinite(values[:, column]), column]
        one = fit_series(x, y, w)
        for name, many in (("slope", lines.slope), ("p", lines.p), ("sen", ranks.sen),
                           ("rank_p", ranks.p)):  # fmt: skip
            assert getattr(one, name) == (None if np.isnan(many[column]) else many[column]), name


@given(dated(), st.sampled_from([0.25, 2.0, 8.0]), st.sampled_from([-3.0, 0.0, 64.0]))
def test_a_change_of_unit_changes_the_units_alone(series, scale, shift):
    times, values = series
    before = fit_series(times, values, None, 2035.5, 20.0)
    moved = fit_series(times, [scale * y + shift for y in values], None, 2035.5,
                       scale * 20.0 + shift)  # fmt: skip
    assert moved.slope == pytest.approx(scale * before.slope, rel=1e-9, abs=1e-12)
    assert (moved.s, moved.rank_p, moved.level) == (before.s, before.rank_p, before.level)
    assert moved.sen == pytest.approx(scale * before.sen, rel=1e-9, abs=1e-12)
    for name in ("p", "p_reach", "pace_ratio", "meets"):
        one, other = getattr(before, name), getattr(moved, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert other == pytest.approx(one, rel=1e-6, abs=1e-9), name


@given(
    st.lists(st.integers(0, 64), min_size=3, max_size=10), st.integers(0, 64),
    st.sampled_from([("higher", "lower"), ("lower", "higher")]),
)  # fmt: skip
def test_shares_and_what_is_missing_from_one_are_told_the_same(parts, aim, polarity):
    shares = [part / 64 for part in parts]
    times = [2010.5 + step for step in range(len(parts))]
    one = fit_series(times, shares, None, 2030.5, aim / 64, polarity[0])
    other = fit_series(times, [1 - share for share in shares], None, 2030.5, 1 - aim / 64,
                       polarity[1])  # fmt: skip
    assert other.slope == pytest.approx(-one.slope, abs=1e-15)
    assert (other.met, other.level, other.s) == (one.met, one.level, -one.s)
    for name in ("p", "p_reach", "pace_ratio", "closed", "meets", "meets_low", "meets_high"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        if a is not None:
            assert b == pytest.approx(a, rel=1e-9, abs=1e-9), name


# The edges, one by one


def test_a_constant_series_has_slope_zero_and_no_r2():
    found = fit_series(range(2006, 2012), [0.11] * 6, None, 2020, 0.2)
    assert (found.slope, found.se, found.t, found.p) == (0, 0, 0, 1)
    assert (found.low, found.high, found.r2, found.level) == (0, 0, None, True)
    assert (found.projected, found.projected_low, found.projected_high) == (0.11, 0.11, 0.11)
    assert (found.p_reach, found.meets, found.rank_p, found.s) == (0, math.inf, 1, 0)
    assert fit_series(range(2006, 2012), [0.11] * 6, None, 2020, 0.11).p_reach == 1


@pytest.mark.parametrize("start", [0, 2009])
def test_a_perfect_line_leaves_nothing(start):
    found = fit_series([start + k for k in range(6)], [0.1 * k for k in range(6)])
    assert (found.se, found.p, found.r2) == (0, 0, 1)
    assert found.low == found.high == found.slope == pytest.approx(0.1, rel=1e-14)


def test_two_points_one_point_and_none():
    two = fit_series([2010, 2012], [4.0, 5.0], None, 2016, 8.0)
    assert (two.slope, two.projected, two.meets) == pytest.approx((0.5, 7.0, 2018))
    assert (two.se, two.p, two.low, two.r2, two.projected_low, two.p_reach) == (None,) * 6
    one = fit_series([2010], [4.0], None, 2016, 8.0)
    assert (one.n, one.last_value, one.last_time) == (1, 4.0, 2010)
    assert (one.slope, one.projected, one.meets, one.required_pace, one.s) == (None,) * 5
    for none in (fit_series([], []), fit_series([2010, 2011], [None, math.nan])):
        assert (none.n, none.last_value, none.last_time, none.slope) == (0, None, None, None)


def test_missing_values_and_weights_leave_a_point_out():
    whole = fit_series([2010, 2011, 2013], [1.0, 1.5, 3.0])
    for values, weights in (
        ([1.0, None, 1.5, 3.0], None),
        ([1.0, 9.0, 1.5, 3.0], [1.0, 0.0, 1.0, 1.0]),
        ([1.0, 9.0, 1.5, 3.0], [1.0, None, 1.0, 1.0]),
    ):
        assert fit_series([2010, 2010.5, 2011, 2013], values, weights) == whole


@pytest.mark.parametrize("values", [[0.3, 0.1, 0.2, 0.1, 0.3], [93.1, 93.2, 93.3, 93.2, 93.1],
                                    [0.7, 0.1, 0.1, 0.7]])  # fmt: skip
def test_rounding_alone_gives_no_direction(values):
    """The slope of these is exactly zero; as binary fractions it is 1e-17."""
    found = fit_series(range(2006, 2006 + len(values)), values, None, 2020, 200.0)
    assert (found.slope, found.t, found.p, found.level) == (0, 0, 1, True)
    assert (found.meets, found.pace_ratio) == (math.inf, 0)
    assert found.se > 0


def test_a_line_that_moves_away_never_meets_the_target():
    down = fit_series([2010, 2011, 2012, 2013], [5, 4.1, 3, 2], None, 2020, 9.0, "higher")
    assert (down.meets, down.meets_low, down.meets_high) == (math.inf,) * 3
    same_line_other_wish = fit_series([2010, 2011, 2012, 2013], [5, 4.1, 3, 2], None, 2020, 0.0,
                                      "lower")  # fmt: skip
    assert 2014 < same_line_other_wish.meets < 2016
    unclear = fit_series([2010, 2011, 2012, 2013], [5, 4, 6, 5], None, 2020, 9.0, "higher")
    assert unclear.meets_high == math.inf


def test_the_limits_of_the_meeting_time_are_where_the_band_holds_the_target():
    """Fieller's limits, read off statsmodels' confidence band."""
    x, y = np.arange(2006.5, 2014.5), np.array([60, 63, 64, 67, 66, 70, 73, 74.0])
    found = fit_series(x, y, None, 2020.5, 80.0)
    theirs = statsmodels.api.OLS(y, statsmodels.api.add_constant(x - 2010)).fit()
    for time, edge in ((found.meets_low, "mean_ci_upper"), (found.meets_high, "mean_ci_lower")):
        band = theirs.get_prediction(np.array([[1.0, time - 2010]])).summary_frame(0.05)
        assert band[edge][0] == pytest.approx(80.0, rel=1e-9)
    assert found.meets_low < found.meets < found.meets_high


def test_two_values_at_one_time_have_no_rank_test_and_no_line_where_all_do():
    twins = fit_series([2010, 2010, 2012], [1.0, 2.0, 4.0])
    assert (twins.s, twins.rank_p) == (None, None)
    assert twins.sen == pytest.approx(scipy.stats.theilslopes([1.0, 2, 4], [2010, 2010, 2012])[0])
    assert fit_series([2010] * 4, [1.0, 2, 3, 4]).slope is None


def test_what_cannot_be_a_series_is_refused():
    with pytest.raises(ValueError, match="times"):
        fit_series([2010], [1.0, 2.0])
    with pytest.raises(ValueError, match="polarity"):
        fit_series([2010], [1.0], polarity="up")
