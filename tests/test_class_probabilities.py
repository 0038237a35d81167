"""Class probabilities: they sum to 1, follow the figures, and become certain with enough people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from barometer_lib.assessment.named import (
    RULES,
    Course,
    Drawn,
    chances,
    classes_of,
    span_of,
    told,
    verdict,
)

NAMES = sorted(RULES)


def course(base: float, latest: float, target: float | None, better: int = 1) -> Course:
    """Base 2010, two flat points between, the newest in 2016, the target for 2030."""
    return Course(
        [2010.5, 2012.5, 2014.5, 2016.5],
        [base, base, base, latest],
        better,
        target,
        None if target is None else 2030.5,
        2010.5,
    )


def share(percent: float, n: float) -> Drawn:
    return Drawn("share", percent / 100 * n, n, 100.0)


def found(name: str, series: Course, first: Drawn, last: Drawn) -> dict[str, float] | None:
    span = span_of(RULES[name], series)
    return None if isinstance(span, str) else chances(RULES[name], span, first, last)


PERCENT = st.integers(5, 95).map(float)
AIM = st.one_of(st.none(), st.integers(5, 95).map(lambda one: one + 0.5))
SIZES = st.integers(40, 5000)


@settings(max_examples=60)
@given(st.sampled_from(NAMES), PERCENT, PERCENT, AIM, SIZES, st.sampled_from([1, -1]))
def test_probabilities_sum_to_one_and_name_every_class(name, base, latest, target, n, better):
    series = course(base, latest, target, better)
    odds = found(name, series, share(base, n), share(latest, n))
    if odds is None:
        return
    assert sum(odds.values()) == pytest.approx(1.0, abs=1e-12)
    assert tuple(odds) == classes_of(RULES[name], span_of(RULES[name], series))
    assert odds == found(name, series, share(base, n), share(latest, n))


@settings(max_examples=60)
@given(st.sampled_from(NAMES), PERCENT, PERCENT, AIM, SIZES, st.sampled_from([1, -1]))
def test_a_better_newest_value_never_makes_a_worse_class_more_likely(
    name, base, latest, target, n, better
):
    before = found(name, course(base, latest, target, better), share(base, n), share(latest, n))
    nearer = min(99.0, max(1.0, latest + better))
    after = found(name, course(base, nearer, target, better), share(base, n), share(nearer, n))
    if before is None or after is None:
        return
    for at in range(1, len(before)):
        assert sum(list(after.values())[at:]) >= sum(list(before.values())[at:]) - 1e-12


@settings(max_examples=80)
@given(st.sampled_from(NAMES), PERCENT, PERCENT, AIM, st.sampled_from([1, -1]))
def test_with_people_without_end_the_plain_class_is_certain(name, base, latest, target, better):
    """Not where the measure lies on a threshold itself: there the plain class is an accident."""
    series = course(base, latest, target, better)
    plain = verdict(name, series)
    if plain.verdict is None:
        return
    nudged = {
        verdict(name, course(base, latest + step, target, better)).verdict
        for step in (-0.01, 0.0, 0.01)
    } | {
        verdict(name, course(base + step, latest, target, better)).verdict for step in (-0.01, 0.01)
    }
    if len(nudged) > 1:
        return
    odds = found(name, series, share(base, 1e11), share(latest, 1e11))
    assert odds is not None
    assert odds[plain.verdict] == pytest.approx(1.0)
    assert told(odds) == (plain.verdict, ())


def test_the_grid_agrees_with_random_draws():
    """Independent witness: two million draws of scipy's Beta, judged one rule by hand."""
    base, latest, n = 54.0, 57.0, 800
    series = course(base, latest, 62.0)
    odds = found("linear_gap_closure", series, share(base, n), share(latest, n))
    rng = np.random.default_rng(7)
    first = stats.beta(0.54 * n + 0.5, 0.46 * n + 0.5).rvs(2_000_000, random_state=rng)
    last = stats.beta(0.57 * n + 0.5, 0.43 * n + 0.5).rvs(2_000_000, random_state=rng)
    away = (last < first) & (last < 0.62) | (first >= 0.62) & (last < 0.62)
    met = last >= 0.62
    with np.errstate(divide="ignore"):
        pace = (last - first) / (0.62 - first) / (6 / 20)
    limited = ~away & ~met & (pace < 0.60)
    assert odds["moving_away"] == pytest.approx(away.mean(), abs=0.004)
    assert odds["target_met"] == pytest.approx(met.mean(), abs=0.004)
    assert odds["limited_progress"] == pytest.approx(limited.mean(), abs=0.004)


@pytest.mark.parametrize(
    ("drawn", "law"),
    [
        (Drawn("share", 30, 50, 100.0), stats.beta(30.5, 20.5, scale=100)),
        (Drawn("count", 7), stats.gamma(7.5)),
        (Drawn("count", 7, 3500, 1000.0), stats.gamma(7.5, scale=1000 / 3500)),
        (Drawn("mean", 6.2, 0.3), stats.norm(6.2, 0.3)),
    ],
)
def test_points_are_spread_as_their_distribution(drawn, law):
    values = drawn.values(400)
    assert values.mean() == pytest.approx(law.mean(), rel=2e-3)
    assert values.std() == pytest.approx(law.std(), rel=2e-2)
    assert law.cdf(values) == pytest.approx((np.arange(400) + 0.5) / 400, abs=1e-9)


def test_a_design_effect_makes_verdicts_less_certain():
    series = course(54, 58, 62.0)
    plain = found("linear_gap_closure", series, share(54, 2000), share(58, 2000))
    designed = found("linear_gap_closure", series, share(54, 500), share(58, 500))
    assert max(designed.values()) < max(plain.values())


def test_what_cannot_be_told_apart_is_named():
    odds = {
        "moving_away": 0.05,
        "limited_progress": 0.31,
        "acceleration_needed": 0.02,
        "on_track": 0.62,
    }
    assert told(odds) == ("not_distinguishable", ("limited_progress", "on_track"))
    assert told(odds, 0.6) == ("on_track", ())
    assert told({"worse": 0.2, "better": 0.8}) == ("better", ())
