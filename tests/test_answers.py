"""Level, direction and pace of a series: what is said, what is refused, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib import periods
from barometer_lib.assessment import answer, assess
from barometer_lib.assessment.answers.direction import direction, needs_line
from barometer_lib.assessment.answers.least import evidence
from barometer_lib.assessment.answers.level import level
from barometer_lib.assessment.answers.pace import needs_line as needs_projection
from barometer_lib.assessment.answers.pace import pace
from barometer_lib.assessment.answers.seen import Seen, aim_of
from barometer_lib.build.lines import fit_lines
from barometer_lib.figures import Figure
from barometer_lib.figures.fits import Ask
from barometer_lib.trends.fits import fit_series
from barometer_lib.trends.tested import every_test
from test_assessment import INDICATOR, ROUND, a_city

TARGET = {
    "target": "t", "form": "minimum", "value": 75.0, "unit": "percent", "applies_to": "city",
    "direction": None, "baseline_period": None, "baseline_value": None, "target_period": "2012",
}  # fmt: skip


def figure(code: str, value: float | None, n: int | None = None, **more: Any) -> Figure:
    when = periods.parse(code)
    found = Figure(
        "employment", "city", "all", code, when.start, when.end, None,
        None if value is None else value / 100, "percent", 1,
        None if n is None or value is None else round(value / 100 * n), n, None,
        "reported" if value is not None else "suppressed",
        None, None, None, None, "statbank", when.end, None,
    )  # fmt: skip
    return replace(found, **more)


def seen(figures: list[Figure], target: dict[str, Any] | None = TARGET, **more: Any) -> Seen:
    polarity = more.pop("polarity", "higher")
    entry = {**INDICATOR, "polarity": polarity, "design_effect": None} | more.pop("entry", {})
    extra = {"breaks": (), "hold": None, "base_period": None, "new": True} | more
    return Seen(entry, "city", "all", figures, target=target, **extra)


def replies(look: Seen, least: float = 0.8) -> dict[str, Any]:
    aim = aim_of(look)
    series = tuple(look.times), tuple(look.values)
    line = fit_lines([Ask(*series)])[0] if needs_line(look) else None
    aimed = None
    if needs_projection(look, aim):
        aimed = fit_lines([Ask(*series, aim.time, aim.value, aim.better)])[0]
    found = (level(look, aim), direction(look, line), pace(look, aim, aimed, least))
    return {one.question: one for one in found}


def yearly(values: list[float], n: int | None = None, first: int = 2006) -> list[Figure]:
    return [figure(str(first + at), value, n) for at, value in enumerate(values)]


def said(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {question: (one.code, one.reason) for question, one in found.items()}


def test_least_data_stands_in_one_place():
    known = [evidence(points) for points in (0, 1, 2, 3, 4, 5, 9, 10)]
    assert known == [
        "none",
        "level",
        "change",
        "indicative",
        "indicative",
        "trend",
        "trend",
        "long",
    ]


def test_four_points_worked_by_hand():
    """methods: 60, 63, 64, 67 against 75 in 2012: fit 73.4, s 1.456, P(reach) 0.193, 2012.7."""
    found = replies(seen(yearly([60, 63, 64, 67])))
    told = found["pace"]
    assert (told.code, told.reason, told.evidence) == ("too_slow", "chance_low", "indicative")
    assert told.amount == pytest.approx(73.4, abs=0.01)
    assert told.high - told.amount == pytest.approx(4.302653 * 1.4560219778561037, abs=0.01)
    assert told.probability == pytest.approx(0.1932140044610524, abs=1e-4)
    # The year by its middle: 2012.727 on an axis of whole years is July 2013.
    assert told.facts["meets"] == 2013
    assert told.facts["observed_per_year"] == pytest.approx(7 / 3, abs=1e-3)
    assert told.facts["required_per_year"] == pytest.approx(15 / 6)
    assert told.facts["needed_per_year"] == pytest.approx(8 / 3, abs=1e-3)
    assert said(found)["level"] == ("not_met", "by_figure")
    assert found["level"].amount == -8.0
    assert said(found)["direction"] == ("too_few_points", "uncertainty_not_known")


def test_lines_for_many_are_the_engines_lines_for_one():
    asks = [
        Ask((2006.5, 2007.5, 2008.5, 2009.5), (60.0, 63.0, 64.0, 67.0), 2012.5, 75.0, 1),
        Ask((2006.5, 2008.5, 2009.0), (10.0, 9.0, 9.5), 2012.5, 5.0, -1),
        Ask((2006.5, 2007.5), (3.0, 4.0)),
    ]
    for ask, fit in zip(asks, fit_lines(asks), strict=True):
        polarity = "higher" if ask.better > 0 else "lower"
        one = fit_series(ask.times, ask.values, None, ask.target_time, ask.target, polarity)
        for name in vars(fit):
            assert getattr(fit, name) == pytest.approx(getattr(one, name), nan_ok=True), name


CASES: dict[str, tuple[Seen, dict[str, tuple[str, str]]]] = {
    "no target": (
        seen(yearly([60, 63]), None),
        {
            "level": ("no_target", "no_target_seen"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("cannot_tell", "no_target_seen"),
        },
    ),
    "a direction only": (
        seen(yearly([60, 80], 1000), TARGET | {"form": "direction", "value": None}),
        {
            "level": ("no_target", "direction_only"),
            "direction": ("improving", "computed_significant"),
            "pace": ("cannot_tell", "direction_only"),
        },
    ),
    "one point": (
        seen(yearly([60], 1000)),
        {
            "level": ("not_met", "beyond_uncertainty"),
            "direction": ("too_few_points", "one_point"),
            "pace": ("cannot_tell", "one_point"),
        },
    ),
    "near the target": (
        seen(yearly([74, 74.5], 400)),
        {
            "level": ("not_met", "within_uncertainty"),
            "direction": ("not_distinguishable", "computed_not_significant"),
            "pace": ("not_distinguishable", "chance_between"),
        },
    ),
    "met, not for certain": (
        seen(yearly([74, 76], 400)),
        {
            "level": ("met", "within_uncertainty"),
            "direction": ("not_distinguishable", "computed_not_significant"),
            "pace": ("target_met", "chance_high"),
        },
    ),
    "fast enough by two points": (
        seen(yearly([60, 67], 5000)),
        {
            "level": ("not_met", "beyond_uncertainty"),
            "direction": ("improving", "computed_significant"),
            "pace": ("on_track", "chance_high"),
        },
    ),
    "too slow by two points": (
        seen(yearly([60, 60.5], 5000)),
        {
            "level": ("not_met", "beyond_uncertainty"),
            "direction": ("not_distinguishable", "computed_not_significant"),
            "pace": ("too_slow", "chance_low"),
        },
    ),
    "away by two points": (
        seen(yearly([60, 55], 5000)),
        {
            "level": ("not_met", "beyond_uncertainty"),
            "direction": ("worsening", "computed_significant"),
            "pace": ("moving_away", "chance_low"),
        },
    ),
    "five on a line": (
        seen(yearly([60, 63.1, 65.9, 69, 72])),
        {
            "level": ("not_met", "by_figure"),
            "direction": ("improving", "slope_significant"),
            "pace": ("on_track", "chance_high"),
        },
    ),
    "five without a line": (
        seen(yearly([60, 66, 58, 65, 60])),
        {
            "level": ("not_met", "by_figure"),
            "direction": ("not_distinguishable", "slope_not_significant"),
            "pace": ("too_slow", "chance_low"),
        },
    ),
    "falling away": (
        seen(yearly([60, 57, 54, 51, 48.2])),
        {
            "level": ("not_met", "by_figure"),
            "direction": ("worsening", "slope_significant"),
            "pace": ("moving_away", "chance_low"),
        },
    ),
    "time is up": (
        seen(yearly([60, 66], first=2011)),
        {
            "level": ("not_met", "by_figure"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("target_missed", "target_period_reached"),
        },
    ),
    "time is up and met": (
        seen(yearly([60, 76], first=2011)),
        {
            "level": ("met", "by_figure"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("target_met", "target_period_reached"),
        },
    ),
    "no time limit": (
        seen(yearly([60, 63]), TARGET | {"target_period": None}),
        {
            "level": ("not_met", "by_figure"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("cannot_tell", "no_target_period"),
        },
    ),
    "exactly at a maximum": (
        seen(yearly([12, 10.0]), TARGET | {"form": "maximum", "value": 10}, polarity="lower"),
        {
            "level": ("met", "by_figure"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("cannot_tell", "uncertainty_not_known"),
        },
    ),
    "a change without its base": (
        seen(yearly([12, 10.0]), TARGET | {"form": "change", "value": -50}, polarity="lower"),
        {
            "level": ("cannot_tell", "baseline_not_stated"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("cannot_tell", "baseline_not_stated"),
        },
    ),
    "no polarity": (
        seen(yearly([60, 80], 1000), TARGET | {"form": "level"}, polarity="neither"),
        {
            "level": ("cannot_tell", "no_polarity"),
            "direction": ("rising", "computed_significant"),
            "pace": ("cannot_tell", "no_polarity"),
        },
    ),
    "the newest is hidden": (
        seen([*yearly([60, 63], 1000), figure("2008", None)]),
        {
            "level": ("cannot_tell", "suppressed"),
            "direction": ("too_few_points", "suppressed"),
            "pace": ("cannot_tell", "suppressed"),
        },
    ),
    "one in the middle is hidden": (
        seen([figure("2006", 60, 5000), figure("2007", None), figure("2008", 67, 5000)]),
        {
            "level": ("not_met", "beyond_uncertainty"),
            "direction": ("improving", "computed_significant"),
            "pace": ("on_track", "chance_high"),
        },
    ),
    "nothing": (
        seen([]),
        {
            "level": ("cannot_tell", "no_figures"),
            "direction": ("too_few_points", "no_figures"),
            "pace": ("cannot_tell", "no_figures"),
        },
    ),
    "the target holds elsewhere": (
        seen(yearly([60, 63]), None, hold="judged_in_districts"),
        {
            "level": ("cannot_tell", "judged_in_districts"),
            "direction": ("too_few_points", "uncertainty_not_known"),
            "pace": ("cannot_tell", "judged_in_districts"),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_three_answers_stand_by_themselves(name):
    look, expected = CASES[name]
    assert said(replies(look)) == expected


BREAK = {"start_day": date(2009, 1, 1), "linked": False, "area_level": None}


def test_nothing_is_compared_across_a_break():
    found = replies(seen(yearly([60, 63, 64, 67], 1000), breaks=[BREAK]))
    assert said(found)["direction"] == ("too_few_points", "across_break")
    assert said(found)["pace"] == ("cannot_tell", "across_break")
    assert found["direction"].facts["before_break"] == 3
    linked = replies(seen(yearly([60, 63, 64, 67], 1000), breaks=[BREAK | {"linked": True}]))
    assert said(linked)["direction"] == ("not_distinguishable", "computed_not_significant")


def test_the_place_in_time_counts_not_the_order():
    """Half-years, a school year, a quarter and a month: the line runs through their middles."""
    codes = ["2006-S1", "2007-S2", "2008/2009", "2010-Q1", "2011-02"]
    times = [periods.parse(code).midpoint for code in codes]
    figures = [
        figure(code, 50 + 2 * (time - 2006)) for code, time in zip(codes, times, strict=True)
    ]
    found = replies(seen(figures, TARGET | {"value": 60.0}))
    assert found["direction"].amount == pytest.approx(2.0, abs=1e-6)
    assert found["pace"].facts["observed_per_year"] == pytest.approx(2.0, abs=1e-6)
    assert found["pace"].amount == pytest.approx(63.0, abs=0.01)


def test_a_published_change_is_kept_as_published():
    one = figure("2013", 60, published_change=-2.4, change_unit="percentage_points",
                 change_since="previous", published_significance=None)  # fmt: skip
    for significance, expected in (
        (None, ("too_few_points", "significance_not_stated")),
        ("significant", ("worsening", "printed_significant")),
        ("not_significant", ("not_distinguishable", "printed_not_significant")),
    ):
        look = seen([replace(one, published_significance=significance)], None)
        told = replies(look)["direction"]
        assert (told.code, told.reason, told.amount) == (*expected, -2.4)


def test_a_base_stated_with_the_target_counts_as_a_point():
    target = TARGET | {"baseline_period": "2004", "baseline_value": 50.0}
    told = replies(seen([figure("2006", 60, 5000)], target))["pace"]
    assert (told.code, told.reason) == ("on_track", "chance_high")
    assert (told.facts["base_period"], told.facts["base_value"]) == ("2004", 50.0)


def test_a_relative_target_becomes_a_level():
    target = TARGET | {"form": "change", "value": -50.0, "baseline_value": 24.0}
    found = replies(seen(yearly([24, 13]), target, polarity="lower"))
    assert (found["level"].code, found["level"].amount) == ("not_met", 1.0)
    assert found["level"].facts["target"] == 12.0


def test_a_projection_stays_within_what_can_be():
    entry = {"kind": "proportion"}
    found = replies(seen(yearly([90, 94, 97.5]), TARGET | {"value": 99.0}, entry=entry))
    assert found["pace"].amount == 100.0
    assert found["pace"].high == 100.0


def test_a_verdict_needs_the_probability_a_policy_asks_for():
    look = seen(yearly([60, 66.2], 400))
    assert replies(look, 0.95)["pace"].code == "not_distinguishable"
    assert replies(look, 0.75)["pace"].code == "on_track"


@settings(max_examples=60)
@given(st.lists(st.integers(5, 95), min_size=2, max_size=7), st.integers(50, 5000))
def test_turning_shares_into_their_rest_turns_nothing(values, n):
    """Employment up and non-employment down are the same news, by all three answers."""
    up = replies(seen(yearly(values, n), TARGET | {"value": 80.0}))
    rest = [100 - value for value in values]
    target = TARGET | {"value": 20.0, "form": "maximum"}
    down = replies(seen([
        replace(one, numerator=n - other.numerator)
        for one, other in zip(yearly(rest, n), yearly(values, n), strict=True)
    ], target, polarity="lower"))  # fmt: skip
    assert said(up) == said(down)
    if up["pace"].probability is not None:
        assert up["pace"].probability == pytest.approx(down["pace"].probability, abs=1e-3)


# --- whole rounds ----------------------------------------------------------------------------


def a_target(**more: Any) -> dict[str, Any]:
    return {
        "policy": "p", "goal": "g", "indicator": "employment", "valid_from": None,
        "valid_to": None, **TARGET, "target_period": "2020", "value": 90.0,
    } | more  # fmt: skip


def rows_of(tables: dict[str, Any], **chosen: Any) -> list[dict[str, Any]]:
    found = answer(tables, fit_lines, every_test)
    return [
        row
        for row in [*found.answers, *found.verdicts]
        if all(row.get(key) == value for key, value in chosen.items())
    ]


def test_every_series_has_three_answers_in_every_round():
    rows = answer(a_city(), fit_lines, every_test).answers
    assert len(rows) == 2 * 2 * 3
    assert {row["question"] for row in rows} == {"level", "direction", "pace"}
    assert all(row["own"] for row in rows)


def test_the_rules_stand_side_by_side_with_their_probabilities():
    rows = rows_of(a_city(target=[a_target()]), indicator="employment", round=ROUND)
    verdicts = {row["rule"]: row for row in rows if "rule" in row}
    assert verdicts["since_previous"]["role"] == "own"
    default = verdicts["linear_gap_closure"]
    assert (default["verdict"], default["role"]) == ("on_track", "compared")
    assert sum(default["chances"].values()) == pytest.approx(1.0, abs=1e-3)
    assert verdicts["weather"]["reason"] == "too_few_points"


def test_where_a_policy_changes_its_rule_both_verdicts_are_kept():
    change = {"policy": "p", "round": ROUND, "rule": "linear_gap_closure"}
    tables = a_city(target=[a_target()], rule_change=[change])
    roles = {
        (row["rule"], row["role"])
        for row in rows_of(tables, indicator="employment", round=ROUND)
        if row.get("role") in ("own", "before")
    }
    assert roles == {("linear_gap_closure", "own"), ("since_previous", "before")}
    goal = next(row for row in assess(tables).goals if row["round"] == ROUND)
    assert (goal["rule"], goal["status"]) == ("linear_gap_closure", "on_track")
    assert goal["facts"]["rule_before"]["rule"] == "since_previous"
    assert goal["facts"]["rule_before"]["status"] == "progress"
    first = next(row for row in assess(tables).goals if row["round"] == "r1")
    assert first["rule"] == "since_previous"


@pytest.mark.parametrize(
    ("rule", "status", "reason"),
    [
        ("linear_gap_closure", "on_track", "worst_counts"),
        ("statcan", "substantial_progress", "mean_score"),
        ("un_progress_chart", "on_track", "worst_counts"),
        ("national_barometer", "better", "agreement"),
        ("sdsn_arrows", "cannot_tell", "too_short"),
        ("weather", "cannot_tell", "too_few_points"),
        ("eurostat", "cannot_tell", "too_short"),
    ],
)
def test_a_policy_may_be_judged_by_a_named_rule(rule, status, reason):
    tables = a_city(target=[a_target()])
    tables["policy"][0]["rule"] = rule
    goal = next(row for row in assess(tables).goals if row["round"] == ROUND)
    assert (goal["status"], goal["reason"]) == (status, reason)


def test_a_revised_figure_is_told_and_a_round_without_news_says_so():
    tables = a_city()
    old = tables["measurement_vintage"][0]
    tables["measurement_vintage"].append(old | {"known_from": date(2014, 1, 10), "value": 0.61})
    old["known_until"] = date(2014, 1, 10)
    later = {"round": "r3", "published_day": date(2014, 6, 1), "missed": False, "source": "c"}
    tables["round"].append(later)
    tables["round_policy"].append({"round": "r3", "policy": "p"})
    one = rows_of(tables, indicator="employment", round="r3", question="level")[0]
    assert (one["facts"]["revised"], one["facts"]["new"]) == (1, False)
