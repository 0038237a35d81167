"""Every test of a series, held to statsmodels, scipy and arithmetic; refusals; words; families."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm, theilslopes
from statsmodels.stats.multitest import multipletests

import barometer_lib
import shared_store
from barometer_lib import locale
from barometer_lib.figures import limits
from barometer_lib.figures.changes import change_p
from barometer_lib.figures.fits import Prepared
from barometer_lib.sentences import tests as words
from barometer_lib.store import series as stored
from barometer_lib.store import session as look
from barometer_lib.trends.tested import every_test, made_ready, target_of
from test_answers import figure

Row = dict[str, Any]
ENTRY = {
    "indicator": "employment", "kind": "proportion", "unit": "percent", "polarity": "higher",
    "basis": "full_register", "design_effect": None, "population_group": "all",
}  # fmt: skip


def counted(code: str, count: float, n: float) -> Any:
    return replace(figure(code, 100 * count / n, int(n)), numerator=count, denominator=n,
                   sample_size=None)  # fmt: skip


def surveyed(code: str, value: float, n: int) -> Any:
    return replace(figure(code, value, None), sample_size=n)


def told(figures: list[Any], target: float | None = None, **entry: Any) -> dict[str, Row]:
    return {one["test"]: one for one in every_test(made_ready(figures, {**ENTRY, **entry}, target))}


COUNTS = [(400, 1000), (430, 1010), (455, 1000), (470, 990), (520, 1000), (560, 1020)]
YEARS = [counted(str(2006 + at), *one) for at, one in enumerate(COUNTS)]


def test_counts_have_the_chi_square_of_a_trend_in_proportions():
    """N r² with r the correlation of time and outcome over all people of the last five."""
    found = told(YEARS)["recent"]
    ones = np.array([count for count, _ in COUNTS[-5:]])
    people = np.array([n for _, n in COUNTS[-5:]])
    times = np.repeat(np.array([2007.5, 2008.5, 2009.5, 2010.5, 2011.5]), 2)
    outcome = np.tile([1.0, 0.0], 5)
    weights = np.stack([ones, people - ones], axis=1).ravel()
    covariance = np.cov(times, outcome, fweights=weights)
    r2 = covariance[0, 1] ** 2 / covariance[0, 0] / covariance[1, 1]
    assert found["statistic"] == pytest.approx(people.sum() * r2, rel=1e-6)
    assert (found["code"], found["reason"], found["points"]) == (
        "improving", "beyond_critical", 5,
    )  # fmt: skip
    assert found["first_period"] == "2007"
    assert found["facts"]["by_counts"] is True


def test_a_survey_is_weighed_by_its_intervals():
    figures = [
        surveyed(f"{2006 + at}", value, 900) for at, value in enumerate([40, 41, 44, 45, 49])
    ]
    found = told(figures, basis="survey", design_effect=1.5)["recent"]
    ends = np.array([limits(one, 1.5) for one in figures]) * 100
    weights = (3.92 / (ends[:, 1] - ends[:, 0])) ** 2
    x = sm.add_constant(np.arange(5.0))
    fit = sm.WLS(np.array([40, 41, 44, 45, 49.0]), x, weights=weights).fit()
    # with known weights the slope's variance is that of the weights alone
    error = fit.normalized_cov_params[1, 1]
    assert found["statistic"] == pytest.approx(fit.params[1] ** 2 / error, rel=1e-3)
    assert found["facts"]["by_counts"] is False


def test_a_direction_must_hold_whichever_point_is_left_out():
    """A leap at the end alone: chi-square is large, and without the last point it falls."""
    figures = [counted(str(2006 + at), count, 10_000)
               for at, count in enumerate([4000, 3990, 3980, 3970, 4400])]  # fmt: skip
    found = told(figures)["recent"]
    assert found["statistic"] > 9.55
    assert (found["code"], found["reason"]) == ("not_distinguishable", "sign_not_kept")


@given(counts=st.lists(st.integers(100, 900), min_size=6, max_size=10, unique=True))
def test_mann_kendall_and_sen_are_scipy_s(counts):
    figures = [counted(str(2000 + at), count, 1000) for at, count in enumerate(counts)]
    found = told(figures)["mann_kendall"]
    values, times = [count / 10 for count in counts], list(range(len(counts)))
    assert found["p"] == pytest.approx(kendalltau(times, values, method="exact").pvalue, rel=1e-4)
    assert found["estimate"] == pytest.approx(theilslopes(values, times)[0], abs=2e-2)
    assert found["facts"]["exact"] is True
    apart = found["p"] < 0.05
    assert (found["code"] == "not_distinguishable") is not apart


@given(counts=st.lists(st.integers(100, 900), min_size=5, max_size=9, unique=True))
def test_a_share_and_its_rest_are_told_alike(counts):
    """p and 1 - p with the other polarity: the same codes, the same statistics turned round."""
    n = 1000
    figures = [counted(str(2000 + at), count, n) for at, count in enumerate(counts)]
    mirrored = [counted(str(2000 + at), n - count, n) for at, count in enumerate(counts)]
    one, other = told(figures), told(mirrored, polarity="lower")
    for test in ("recent", "mann_kendall"):
        assert one[test]["code"] == other[test]["code"]
    assert one["mann_kendall"]["estimate"] == pytest.approx(-other["mann_kendall"]["estimate"])
    assert one["recent"]["statistic"] == pytest.approx(other["recent"]["statistic"], rel=1e-6)


def long_series(values: list[float]) -> list[Any]:
    return [figure(f"{2000 + at // 2}-S{1 + at % 2}", value) for at, value in enumerate(values)]


def test_a_straight_line_on_logarithms_is_ordinary_least_squares():
    values = [50.1, 51.0, 52.3, 52.9, 54.2, 55.1, 55.8, 57.2, 58.0, 59.3, 60.1, 61.2]
    found = told(long_series(values))["joinpoint"]
    times = [2000.25 + at / 2 for at in range(len(values))]
    fit = sm.OLS([log(one) for one in values], sm.add_constant(times)).fit()
    assert (found["code"], found["facts"]["joins"]) == ("straight", [])
    assert found["estimate"] == pytest.approx(100 * (np.exp(fit.params[1]) - 1), abs=0.01)
    low, high = 100 * (np.exp(fit.conf_int()[1]) - 1)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=0.01)


def test_a_bend_is_found_where_it_is():
    """Up 3 percent a half-year for eight, then level: the bend lies at the eighth."""
    values = [40 * 1.03 ** min(at, 7) + 0.05 * (-1) ** at for at in range(16)]
    found = told(long_series(values))["joinpoint"]
    assert (found["code"], found["reason"]) == ("joined", "by_permutation")
    assert found["facts"]["joins"] == ["2003-S2"]
    first, second = found["facts"]["segments"]
    assert (first["from"], second["to"]) == ("2000-S1", "2007-S2")
    assert first["change"] == pytest.approx(100 * (1.03**2 - 1), abs=0.3)
    assert abs(second["change"]) < 1
    assert {one["joins"] for one in found["facts"]["tests"]} == {0, 1}


def test_a_control_chart_worked_by_hand():
    values = [10, 11, 10, 12, 11, 10, 11, 12, 10, 11, 10, 11, 12, 19.0]
    figures = [figure(f"2012-{at + 1:02d}" if at < 12 else f"2013-{at - 11:02d}", value)
               for at, value in enumerate(values)]  # fmt: skip
    found = told(figures, target=20.0, polarity="lower")["control_chart"]
    ranges = np.abs(np.diff(values))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    reach = 2.66 * kept.mean()
    assert found["estimate"] == pytest.approx(np.mean(values), abs=1e-5)
    assert found["high"] == pytest.approx(np.mean(values) + reach, abs=1e-5)
    assert (found["code"], found["reason"]) == ("concerning_high", "outside_high")
    assert found["facts"]["assurance"] == "passes"
    assert (
        told(figures, target=9.0, polarity="lower")["control_chart"]["facts"]["assurance"]
        == "fails"
        if found["low"] > 9
        else "hit_or_miss"
    )
    assert found["facts"]["trial"] is False


def test_the_smallest_change_of_a_survey_has_the_power_it_says():
    figures = [surveyed("2012", 58, 500), surveyed("2013", 60, 500)]
    found = told(figures, basis="survey", design_effect=1.5)["detectable"]
    # methods: near 60 percent 500 a round tell 8.7 points, times 1.22 with a design effect of 1.5
    assert found["estimate"] == pytest.approx(8.7 * 1.22, abs=0.1)
    spread = sqrt(1.5 * 0.6 * 0.4 * 2 / 500)
    reached = norm.cdf(found["estimate"] / 100 / spread - norm.ppf(0.975))
    assert reached == pytest.approx(0.8, abs=1e-4)
    assert found["code"] == "too_small"
    assert told([surveyed("2012", 45, 500), figures[1]], basis="survey")["detectable"]["code"] == (
        "large_enough"
    )


WAVES = [figure("2016-W1", 40.0), figure("2016-W2", 41.0), *(
    figure(str(2017 + at), 42.0 + at) for at in range(4))]  # fmt: skip
MONTHS = [figure(f"2012-{at:02d}", 10.0 + at % 3) for at in range(1, 13)]


@pytest.mark.parametrize(
    ("figures", "entry", "reasons"),
    [
        (YEARS[:1], {}, ("fewer_than_five", "fewer_than_five", "fewer_than_ten", "too_seldom",
                         "no_survey")),
        (YEARS[:4], {}, ("fewer_than_five", "fewer_than_five", "fewer_than_ten", "too_seldom",
                         "no_survey")),
        (YEARS, {"kind": "mean", "unit": "mean"}, ("kind_of_value", None, "fewer_than_ten",
                                                   "too_seldom", "no_survey")),
        ([one.without_n() for one in YEARS], {"basis": "survey"},
         ("no_interval", None, "fewer_than_ten", "too_seldom", "sample_not_known")),
        (WAVES, {}, ("no_interval", "two_at_one_time", "mixed_periods", "too_seldom", "no_survey")),
        (MONTHS, {}, ("no_interval", None, "too_often", None, "no_survey")),
        ([surveyed("2012", 50, 400)], {"basis": "survey"},
         ("fewer_than_five", "fewer_than_five", "fewer_than_ten", "too_seldom", "one_round")),
        ([counted(str(2006 + at), 50 if at < 4 else 0, 50 if at == 3 else 90) for at in range(5)],
         {}, ("all_counted", None, "fewer_than_ten", "too_seldom", "no_survey")),
        ([counted(str(2006 + at), 50 if at < 4 else 0, 90) for at in range(5)], {},
         ("none_counted", None, "fewer_than_ten", "too_seldom", "no_survey")),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(figures, entry, reasons):
    found = told(figures, **entry)
    got = tuple(one["reason"] if one["code"] == "refused" else None for one in found.values())
    assert got == reasons
    for one in found.values():
        if one["code"] == "refused":
            assert one["estimate"] is one["p"] is one["statistic"] is None


def test_without_figures_everything_is_refused():
    found = every_test(Prepared((), (), "proportion", "percent", "higher", "survey"))
    assert {one["code"] for one in found} == {"refused"}
    assert {one["points"] for one in found} == {0}


def test_the_target_of_a_control_chart_is_the_one_that_holds():
    targets = [
        {"indicator": "employment", "form": "minimum", "value": value, "unit": "percent",
         "applies_to": place, "valid_from": None, "valid_to": None}
        for value, place in ((50.0, "city"), (60.0, "every_district"), (70.0, "country"))
    ]  # fmt: skip

    def held(area: str, level: str, group: str = "all", **changed: Any) -> float | None:
        rows = [one | changed for one in targets]
        return target_of(rows, ENTRY, area, group, level, "city", YEARS)

    assert held("city", "municipality") == 50
    assert held("north", "district") == 60
    assert held("DK", "country") == 70
    assert held("other", "municipality") is None
    assert held("city", "municipality", "young") is None
    assert held("city", "municipality", unit="count") is None
    assert held("city", "municipality", form="change") is None
    assert held("city", "municipality", valid_to=YEARS[0].period_end) is None


# --- the store, the doors and the families --------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "dataset"),
    [
        ("demo-employment", "demo"),
        ("demo-unemployment", "demo"),
        ("utryg_nabolag", "published"),
    ],
)
def test_the_store_and_the_door_tell_the_same(indicator, dataset):
    found = barometer_lib.trend(indicator, dataset=dataset, store=shared_store.pointer()).content
    with look(shared_store.pointer(), dataset) as store:
        rows = stored.tests(store, indicator, found["area"], found["group"])
    assert [row["test"] for row in rows] == [one["test"] for one in found["tests"]]
    for row, one in zip(rows, found["tests"], strict=True):
        for name in ("code", "reason", "points", "first_period", "estimate", "low", "p"):
            assert row[name] == one[name], name
        assert row["facts"] == json.loads(json.dumps(one["facts"]))


def test_mann_kendall_is_the_stored_trend_s():
    with look(shared_store.pointer(), "demo") as store:
        rows = store.rows(
            "select r.p, t.rank_p, r.estimate, t.sen * 100 as sen from trend_test r join trend t"
            " using (indicator, area, population_group) join indicator i using (indicator)"
            " where r.test = 'mann_kendall' and r.p is not null and i.unit = 'percent'"
        )
    assert len(rows) > 100
    for row in rows:
        assert row["p"] == pytest.approx(row["rank_p"], rel=1e-5)
        assert row["estimate"] == pytest.approx(row["sen"], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("own", [True, False])
def test_p_is_adjusted_over_what_a_page_shows(own):
    with look(shared_store.pointer(), "demo") as store:
        rows = store.rows(
            "select * from answer where question = 'direction' and policy = 'demo-2011-2014'"
            " and round = 'demo-2013-01' and own = $own",
            {"own": own},
        )
        levels = {row["area"]: row["level"] for row in store.rows("select * from area")}
    families: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        facts = json.loads(row["facts"])
        key = () if own else (row["goal"], row["indicator"], row["population_group"])
        if facts.get("p") is not None and (own or levels[row["area"]] == "district"):
            families.setdefault(key, []).append(facts)
        else:
            assert "p_adjusted" not in facts
    assert families
    for family in families.values():
        wanted = multipletests([one["p"] for one in family], method="fdr_bh")[1]
        assert [one["p_adjusted"] for one in family] == pytest.approx(list(wanted), rel=1e-2)
        assert {one["family"] for one in family} == {len(family)}


def test_p_of_a_change_agrees_with_its_interval():
    for counts in ((400, 450), (400, 401), (0, 5)):
        before, now = (counted(str(2006 + at), count, 1000) for at, count in enumerate(counts))
        p = change_p(before, now, None)
        from barometer_lib.figures import computed_change

        assert (p < 0.05) is computed_change(before, now, None).significant
    people = [replace(figure(str(2006 + at), 1), unit="count", value=value)
              for at, value in enumerate((30.0, 52.0))]  # fmt: skip
    # given their sum of 82 the first is binomial with a half: z = 22 / sqrt(82)
    assert change_p(*people, None) == pytest.approx(2 * norm.sf(22 / sqrt(82)))
    assert change_p(figure("2006", 40), figure("2007", 50), None) is None


def test_few_points_have_a_pace_and_no_test():
    found = barometer_lib.trend(
        "utryg_nabolag", "tu-bispebjerg", store=shared_store.pointer()
    ).content
    points = [one for one in found["points"] if one["value"] is not None]
    assert len(points) == found["comparable_points"] == 4
    years = int(points[-1]["period"]) - int(points[0]["period"])
    by_hand = (points[-1]["value"] - points[0]["value"]) / years
    assert found["pace"]["per_year"] == pytest.approx(by_hand, abs=0.06)
    assert found["trend"] is None
    assert {one["code"] for one in found["tests"]} == {"refused"}
    long = barometer_lib.trend("utryg_nabolag", store=shared_store.pointer()).content
    assert long["pace"] is None


# --- words ----------------------------------------------------------------------------------------

NEVER = {"da": ("uændret", "skyldes", "signifikant", "%"), "en": ("unchanged", "because of")}


def well_written(sentence: str, lang: str) -> None:
    assert re.fullmatch(r"\S.*[.]", sentence), sentence
    assert not re.search(r"[{}]|  |\.\.|None|\( *\)| ,| ;", sentence), sentence
    for word in NEVER[lang]:
        assert word not in sentence, (word, sentence)


@pytest.mark.parametrize("lang", locale.LANGUAGES)
@pytest.mark.parametrize("dataset", ["published", "demo"])
def test_what_the_store_holds_can_be_said(dataset, lang):
    with look(shared_store.pointer(), dataset) as store:
        rows = store.rows("select t.*, i.unit from trend_test t join indicator i using (indicator)")
    assert rows
    for row in rows:
        sentence = words.said(row | {"facts": json.loads(row["facts"])}, lang)
        well_written(sentence, lang)
        if row["points"] < 5 and row["test"] != "detectable":
            assert "trend" not in sentence.lower()
            assert "tendens" not in sentence.lower()


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_reason_code_and_bend_has_its_words(lang):
    branch = locale.words(lang)["tests"]
    assert set(branch["name"]) == {"recent", "mann_kendall", "joinpoint", "control_chart",
                                   "detectable"}  # fmt: skip
    for reason in branch["refused"]:
        row = {"test": "recent", "code": "refused", "reason": reason, "facts": {"points": 3}}
        well_written(words.said(row, lang), lang)
    bend = told(long_series([40 + 2 * min(at, 7) + 0.1 * (-1) ** at for at in range(16)]))
    well_written(words.said(bend["joinpoint"] | {"unit": "percent"}, lang), lang)
    months = told(MONTHS, target=11.0)["control_chart"]
    for code in branch["variation"]:
        for assurance in (*branch["assurance"], None):
            facts = months["facts"] | {"assurance": assurance, "trial": True}
            row = months | {"code": code, "facts": facts, "unit": "percent"}
            well_written(words.said(row, lang), lang)
    for count in (0, 1, 4):
        well_written(str(words.family(count, 9, lang)), lang)
    assert words.family(1, 1, lang) is None
