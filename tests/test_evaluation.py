"""Local programmes: published results on public data, statsmodels as a second opinion, the door."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.witnesses import REFERENCE, near, page

from barometer_lib.cli import main
from barometer_lib.errors import BadInput, NotFound
from barometer_lib.evaluation import evaluate, panel_of
from barometer_lib.evaluation.chance import leave_one_out, permuted, placebo_dates
from barometer_lib.evaluation.compared import difference, event_study
from barometer_lib.evaluation.panel import Panel
from barometer_lib.evaluation.regressing import regression_to_the_mean, smallest_effect
from barometer_lib.evaluation.regression import least_squares
from barometer_lib.evaluation.segmented import interrupted, interrupted_counts
from barometer_lib.evaluation.synthetic import (
    of_weights,
    placebo,
    simplex_weights,
    synthetic_control,
    synthetic_difference,
)

CASES = {case["id"]: case for case in page("evaluation.json")["cases"]}


def _table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tobacco() -> Panel:
    """Packs of cigarettes a head, 39 states, 1970-2000; California's Proposition 99 from 1989."""
    rows = [
        {"unit": one["State"], "period": one["Year"], "value": float(one["PacksPerCapita"])}
        for one in _table("california_prop99.csv")
    ]
    return panel_of(rows, ["California"], "1989")


def _small(values: list[list[float]], after: int, treated: int = 1) -> Panel:
    units = tuple(f"u{place}" for place in range(len(values)))
    periods = tuple(str(2000 + place) for place in range(len(values[0])))
    return Panel(units, periods, np.array(values, float), units[:treated], after)


def test_three_estimates_of_table_1(tobacco: Panel) -> None:
    """Arkhangelsky et al. print 19.6 for synthetic control where the exact optimum is 19.5."""
    case = CASES["sdid_table_1"]
    assert difference(tobacco).effect == near(case, case["difference"])
    assert synthetic_control(tobacco).effect == near(case, case["control"])
    assert synthetic_difference(tobacco).effect == near(case, case["synthetic"])


def test_synthetic_control_is_the_exact_optimum(tobacco: Panel) -> None:
    """A general solver (scipy SLSQP), started from ours and from equal weights, finds no better."""
    from scipy.optimize import minimize

    others = tobacco.before[~tobacco.has_programme]
    own = tobacco.before[tobacco.has_programme][0]
    ours = simplex_weights(others, own)
    assert ours.min() >= 0
    assert ours.sum() == pytest.approx(1, abs=1e-12)

    def miss(w: Any) -> float:
        return float(((own - w @ others) ** 2).mean())

    for start in (ours, np.full(len(others), 1 / len(others))):
        found = minimize(
            miss, start, bounds=[(0, 1)] * len(others), method="SLSQP",
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        )  # fmt: skip
        assert miss(ours) <= found.fun + 1e-7


def test_published_weights_give_the_published_gap(tobacco: Panel) -> None:
    case = CASES["adh_weights"]
    found = of_weights(tobacco, case["weights"])
    assert found.gap[-1] == near(case, case["gap_2000"])
    assert found.fit == near(case, case["fit"])


def test_a_placebo_in_every_state(tobacco: Panel) -> None:
    """On outcomes alone two states fit almost exactly before, so California is third of 39."""
    found = placebo(tobacco)
    assert (found.rank, found.units) == (3, 39)
    assert found.p == pytest.approx(3 / 39)


def test_interrupted_series_with_newey_west_errors(tobacco: Panel) -> None:
    case = CASES["linden_lag_1"]
    own = tobacco.values[tobacco.has_programme][0]
    times = [float(period) - 1970 for period in tobacco.periods]
    found = interrupted(times, list(own), 19, lags=1)
    assert found.trend.value == near(case, case["trend"])
    assert found.trend.se == near(case, case["se_trend"])
    assert found.level.value == near(case, case["level"])
    assert found.level.se == near(case, case["se_level"])
    plain = interrupted(times, list(own), 19, lags=None)
    assert plain.level.se != pytest.approx(found.level.se, rel=0.05)
    with pytest.raises(ValueError, match="3 times"):
        interrupted(times[:20], list(own[:20]), 18.5)


def test_interrupted_counts_of_the_smoking_ban() -> None:
    case = CASES["sicily_step"]
    rows = _table("sicily.csv")
    counts = [float(one["aces"]) for one in rows]
    people = [float(one["stdpop"]) for one in rows]
    ban = [float(one["smokban"]) for one in rows]
    found = interrupted_counts(counts, people, ban, overdispersed=False)
    assert found.ratio == near(case, case["ratio"])
    assert found.low == near(case, case["low"])
    assert found.high == near(case, case["high"])
    seasonal = interrupted_counts(counts, people, ban, harmonics=2)
    assert seasonal.dispersion < found.dispersion
    assert seasonal.high - seasonal.low > found.high - found.low


def test_card_and_krueger() -> None:
    """Each restaurant at each time is a row here, as in the textbook's regression."""
    case = CASES["card_krueger"]
    rows = [one for one in _table("njmin3.csv") if one["fte"] not in ("", "NA")]
    terms = {name: [float(one[name]) for one in rows] for name in ("nj", "d", "d_nj")}
    found = least_squares([float(one["fte"]) for one in rows], terms)
    assert found["d_nj"].value == near(case, case["effect"])
    assert found["d_nj"].se == near(case, case["se"])


def test_errors_robust_within_clusters() -> None:
    case = CASES["petersen"]
    rows = _table("petersen.csv")
    y, x = ([float(one[name]) for one in rows] for name in ("y", "x"))
    firm, year = ([one[name] for one in rows] for name in ("firm", "year"))
    for name, clusters in (("firm", [firm]), ("year", [year]), ("both", [firm, year])):
        assert least_squares(y, {"x": x}, clusters=clusters)["x"].se == near(case, case[name])


def test_event_study_is_the_regression_with_unit_and_period_effects(tobacco: Panel) -> None:
    """Witness: statsmodels OLS with a dummy for every state, year, and year in California."""
    units, periods = tobacco.units, tobacco.periods
    reference = periods[tobacco.after - 1]
    where = [(u, p) for u in range(len(units)) for p in range(len(periods))]
    terms = {u: [float(units[i] == u) for i, _ in where] for u in units[1:]}
    terms |= {p: [float(periods[j] == p) for _, j in where] for p in periods[1:]}
    terms |= {
        f"own {p}": [float(units[i] == "California" and periods[j] == p) for i, j in where]
        for p in periods
        if p != reference
    }
    fitted = least_squares([tobacco.values[i, j] for i, j in where], terms)
    events = event_study(tobacco)
    assert [one.period for one in events] == [p for p in periods if p != reference]
    for one in events:
        expected = fitted[f"own {one.period}"].value
        assert one.difference.effect == pytest.approx(expected, abs=1e-8)
        assert one.lead == (int(one.period) < 1988)


def test_difference_compares_the_units_own_changes() -> None:
    """Witness: scipy's t test with pooled variance on the changes."""
    from scipy.stats import ttest_ind

    random = np.random.default_rng(3)
    panel = _small(random.normal(50, 3, (10, 8)).tolist(), 4, treated=3)
    changes = panel.since.mean(axis=1) - panel.before.mean(axis=1)
    expected = ttest_ind(changes[:3], changes[3:])
    found = difference(panel)
    assert found.t == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    low, high = expected.confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_smallest_p_of_few_districts() -> None:
    """MacKinnon and Webb: two of ten districts give 45 sets, one of ten never below 0.10."""
    random = np.random.default_rng(1)
    values = random.normal(0, 1, (10, 6))
    values[:2, 3:] += 50
    two = permuted(_small(values.tolist(), 3, treated=2))
    assert (two.sets, two.every) == (45, True)
    assert two.p == pytest.approx(1 / 45)
    one = permuted(_small(values[1:].tolist(), 3))
    assert one.smallest == pytest.approx(1 / 9)
    assert evaluate(_small(values[1:].tolist(), 3)).verdict == "cannot_be_told"
    many = permuted(_small(random.normal(0, 1, (30, 6)).tolist(), 3, treated=6))
    assert (many.sets, many.every) == (5000, False)
    assert many.p > 0


@given(st.integers(0, 10_000))
def test_chance_alone_is_seldom_called_an_effect(seed: int) -> None:
    random = np.random.default_rng(seed)
    panel = _small(random.normal(0, 1, (8, 6)).tolist(), 3, treated=2)
    found = permuted(panel)
    same = permuted(
        Panel(panel.units, panel.periods, panel.values * 7 + 3, panel.treated, panel.after)
    )
    assert found.p >= 1 / 28
    assert found.p == same.p


def test_p_is_right_under_chance() -> None:
    """Over 400 tables of pure chance p is at or below 0.25 about a quarter of the time."""
    random = np.random.default_rng(2)
    found = [
        permuted(_small(random.normal(0, 1, (7, 4)).tolist(), 2, treated=2)).p for _ in range(400)
    ]
    # 5 of 21 sets: 0.238; the binomial standard error is 0.021.
    assert np.mean([p <= 0.25 for p in found]) == pytest.approx(5 / 21, abs=0.065)


@pytest.mark.parametrize(
    ("change", "before", "verdict"),
    [(6.0, 0.0, "different"), (0.0, 0.0, "within_chance"), (6.0, 3.0, "moved_before")],
)
def test_verdicts(change: float, before: float, verdict: str) -> None:
    random = np.random.default_rng(8)
    values = 40 + random.normal(0, 0.5, (10, 10))
    values[:2, 6:] += change
    values[:2, :6] += before * np.arange(6)
    assert evaluate(_small(values.tolist(), 6, treated=2)).verdict == verdict


def test_one_unit_of_comparison_can_carry_the_effect() -> None:
    values = [
        [0, 0, 0, 1.0],
        [0, 0, 0, 1.2],
        *[[0, 0, 0, x] for x in (1.1, 1.15, 1.12, 1.09, 1.13)],
    ]
    values += [[0, 0, 0, -9.0]]
    found = leave_one_out(_small(values, 2, treated=2))
    assert {one.unit: one.effect > 0.2 for one in found}["u7"] is False
    assert sum(one.effect > 0.2 for one in found) == 5


def test_regression_to_the_mean_of_the_worst_places() -> None:
    """Simulated: true level N(0, 1), error N(0, 1), so r is one half."""
    random = np.random.default_rng(5)
    true = random.normal(0, 1, 20_000)
    values = true[:, None] + random.normal(0, 1, (20_000, 3))
    worst = np.argsort(values[:, 1])[-500:]
    units = tuple(str(place) for place in range(len(values)))
    panel = Panel(units, ("1", "2", "3"), values, tuple(units[place] for place in worst), 2)
    found = regression_to_the_mean(panel)
    came_back = float((values[worst, 2] - values[worst, 1]).mean())
    assert found.correlation == pytest.approx(0.5, abs=0.02)
    assert found.expected == pytest.approx(came_back, rel=0.08)
    assert found.expected < -0.5


def test_smallest_effect_has_the_power_it_says() -> None:
    """Simulated with a noncentral t: a true effect of that size is found four times in five."""
    from scipy.stats import nct, t

    panel = _small(np.random.default_rng(4).normal(0, 1, (12, 6)).tolist(), 3, treated=4)
    found = difference(panel)
    least = smallest_effect(found)
    power = nct.sf(t.ppf(0.975, found.freedom), found.freedom, least / found.se)
    assert power == pytest.approx(0.8, abs=0.02)


def test_placebo_dates_use_the_time_before_alone(tobacco: Panel) -> None:
    found = placebo_dates(tobacco)
    assert [one.period for one in found] == [str(year) for year in range(1972, 1989)]
    other = Panel(
        tobacco.units, tobacco.periods,
        np.hstack([tobacco.before, tobacco.since * 9]), tobacco.treated, tobacco.after,
    )  # fmt: skip
    assert placebo_dates(other) == found
    pretended = tobacco.pretend(10)
    assert found[8].p == permuted(pretended).p != permuted(tobacco).p
    assert found[8].effect == difference(pretended).effect


def test_a_panel_says_what_it_lacks() -> None:
    rows = [
        {"unit": unit, "period": period, "value": place + int(period)}
        for place, unit in enumerate("abcd")
        for period in ("2001", "2002", "2003", "2004")
    ]
    rows[5]["value"] = None
    rows[2]["value"] = None
    panel = panel_of(rows, ["a"], "2003")
    assert panel.units == ("a", "c", "d")
    assert panel.left_out == ("b",)
    assert panel.periods == ("2001", "2002", "2004")
    assert panel.after == 2
    with pytest.raises(BadInput) as few:
        panel_of(rows, ["a"], "2002")
    assert few.value.code == "too_few_periods"
    with pytest.raises(BadInput) as alone:
        panel_of([row for row in rows if row["unit"] != "d"], ["a"], "2003")
    assert alone.value.code == "too_few_compared"
    with pytest.raises(NotFound):
        panel_of(rows, ["e"], "2003")
    with pytest.raises(NotFound):
        panel_of(rows, ["a"], "2010")


def _asked(pointer: Path, *words: str) -> Any:
    return CliRunner().invoke(
        main, ["evaluate", *words, "--dataset", "demo", "--store", str(pointer)]
    )


def test_the_command_tells_the_verdict_and_its_limits(built: Path) -> None:
    words = ("demo-unsafe", "--treated", "demo-08,demo-10", "--from", "2010-S2")
    english = _asked(built, *words, "--lang", "en").output
    danish = _asked(built, *words).output
    assert "does not show that the programme was the cause" in english
    assert "viser ikke, at indsatsen var årsagen" in danish
    content = json.loads(_asked(built, *words, "--format", "json").output)
    assert content["treated"] == ["demo-08", "demo-10"]
    assert len(content["compared"]) == 8
    did = content["estimates"][1]
    assert did["smallest_p"] == pytest.approx(1 / 45)
    assert did["low"] < did["effect"] < did["high"]
    assert content["synthetic"] is True


def test_no_comparison_across_a_break(built: Path) -> None:
    words = ("demo-youth-education", "--treated", "demo-08,demo-10", "--from", "2012-S2")
    refused = _asked(built, *words, "--lang", "en")
    assert refused.exit_code == 1
    assert "--since 2011-S1" in refused.stderr
    told = json.loads(_asked(built, *words, "--since", "2011-S1", "--format", "json").output)
    assert told["periods"][0] == "2011-S1"


def test_an_area_that_does_not_exist(built: Path) -> None:
    refused = _asked(built, "demo-unsafe", "--treated", "demo-8", "--from", "2010-S2")
    assert refused.exit_code == 1
    assert "demo-08" in refused.stderr
