"""Series over a break: refused without a link, carried over with the link's own uncertainty."""

from __future__ import annotations

import json
import random
from datetime import date
from math import sqrt
from pathlib import Path
from statistics import pvariance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import barometer_lib
from barometer_lib import store
from barometer_lib.catalogue import inspect
from barometer_lib.catalogue.entries import Indicator
from barometer_lib.catalogue.measures import Break
from barometer_lib.catalogue.rules import faults
from barometer_lib.figures import Figure, broken_between, computed_change, standing_breaks
from barometer_lib.linking import back_cast, link, linked, on_linked_basis, splice

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = json.loads((ROOT / "tests" / "reference" / "vintages.json").read_text("utf-8"))
Row = dict[str, Any]


# --- one link -------------------------------------------------------------------------------------


def test_a_ratio_is_the_new_by_the_old_in_the_overlap():
    case = REFERENCE["ratio_splice"]
    given_, expected = case["input"], case["expected"]
    made = splice(given_["old"], given_["new"], [str(given_["overlap"])], given_["method"])
    assert made == pytest.approx(expected["linked"], abs=1e-12)
    over = link([60.0], [57.0], "ratio")
    assert over.factor == pytest.approx(expected["factor"], abs=1e-12)
    assert over.variance is None


def test_a_difference_is_the_new_less_the_old():
    """By hand: 57 - 60 = -3, taken from every old figure."""
    old, new = {2006: 50.0, 2007: 56.0, 2008: 60.0}, {2008: 57.0, 2009: 58.0}
    assert splice(old, new, [2008], "difference") == {
        2006: 47.0,
        2007: 53.0,
        2008: 57.0,
        2009: 58.0,
    }


def test_without_an_overlap_there_is_no_link():
    with pytest.raises(ValueError, match="not measured by both"):
        splice({2006: 50.0}, {2008: 57.0}, [2008], "ratio")
    with pytest.raises(ValueError, match="0 old figures"):
        link([], [], "ratio")
    with pytest.raises(ValueError, match="nothing"):
        link([0.0], [1.0], "ratio")
    with pytest.raises(ValueError, match="product"):
        link([1.0], [1.0], "product")


def test_the_links_own_variance_is_that_of_drawn_samples():
    """Shares drawn 20,000 times: the spread of the link and of a back-cast figure is as stated."""
    chance = random.Random(7)
    n, p_old, p_new, p_before = 400, 0.60, 0.54, 0.50

    def drawn(p: float) -> float:
        return chance.gauss(p, sqrt(p * (1 - p) / n))

    stated = [p * (1 - p) / n for p in (p_old, p_new, p_before)]
    for method in ("ratio", "difference"):
        over = link([p_old], [p_new], method, stated[:1], stated[1:2])
        carried, variance = back_cast(p_before, stated[2], over)
        links, points = [], []
        for _ in range(20_000):
            made = link([drawn(p_old)], [drawn(p_new)], method)
            links.append(made.factor)
            points.append(back_cast(drawn(p_before), None, made)[0])
        assert pvariance(links) == pytest.approx(over.variance, rel=0.05)
        assert pvariance(points) == pytest.approx(variance, rel=0.05)
        assert sum(points) / len(points) == pytest.approx(carried, rel=0.01)


def test_several_overlaps_tell_the_uncertainty_by_how_far_they_disagree():
    """By hand: differences 2, 4 and 6: mean 4, variance 4, of the mean 4/3."""
    over = link([10.0, 20.0, 30.0], [12.0, 24.0, 36.0], "difference")
    assert (over.factor, over.variance) == (4.0, pytest.approx(4 / 3))
    exact = link([10.0, 20.0], [11.0, 22.0], "ratio")
    assert exact.variance == pytest.approx(0.0, abs=1e-15)


@given(
    st.lists(st.floats(0.1, 0.9), min_size=1, max_size=4), st.sampled_from(["ratio", "difference"])
)
def test_the_same_figures_by_both_methods_change_nothing(values, method):
    over = link(values, values, method)
    for value in values:
        assert back_cast(value, None, over)[0] == pytest.approx(value)


@given(st.floats(0.2, 0.8), st.floats(0.2, 0.8), st.floats(0.001, 0.01), st.floats(0, 0.01))
def test_a_back_cast_figure_is_never_surer_than_the_link(old, new, variance, own):
    over = link([old], [new], "difference", [variance], [variance])
    assert back_cast(0.5, own, over)[1] == pytest.approx(own + 2 * variance)


# --- the series of a dataset ----------------------------------------------------------------------

START = date(2011, 1, 1)
BREAK = {
    "indicator": "i", "start": "2011", "start_day": START, "linked": True, "link_method": "ratio",
    "link_indicator": "old", "link_overlap": ["2011", "2012"], "area_level": None,
}  # fmt: skip
INDICATORS = {code: {"design_effect": None} for code in ("i", "old")}


def row(indicator: str, year: int, value: float | None, known: int, **more: Any) -> Row:
    made = {
        "indicator": indicator, "area": "a", "population_group": "g", "period": str(year),
        "period_start": date(year, 1, 1), "period_end": date(year, 12, 31), "reported_round": None,
        "value": value, "unit": "percent", "decimals": 1, "numerator": None, "denominator": None,
        "sample_size": 400.0, "status": "reported", "published_change": None, "change_unit": None,
        "change_since": None, "published_significance": None, "source": "s",
        "known_from": date(known, 1, 31), "known_until": None, "synthetic": True,
    }  # fmt: skip
    return made | more


ROWS = [
    row("i", 2009, 0.50, 2010), row("i", 2010, 0.56, 2011),
    row("i", 2011, 0.57, 2012), row("i", 2012, 0.58, 2013), row("old", 2011, 0.60, 2012),
]  # fmt: skip


def test_figures_before_the_break_are_carried_over_from_the_day_the_link_is_known():
    found = linked(ROWS, [BREAK], INDICATORS)
    assert [(one["factor"], one["overlap"], one["refused"]) for one in found.links] == [
        (pytest.approx(0.95), ["2011"], None), (pytest.approx(0.95), ["2011"], None),
    ]  # fmt: skip
    first = [one for one in found.points if one["known_from"] == date(2012, 1, 31)]
    assert {one["period"]: one["value"] for one in first} == pytest.approx(
        {"2009": 0.475, "2010": 0.532}
    )
    assert {one["original_value"] for one in first} == {0.50, 0.56}
    var_link = (0.57 * 0.43 / 400 + 0.95**2 * 0.60 * 0.40 / 400) / 0.60**2
    expected = 0.95**2 * 0.50 * 0.50 / 400 + 0.50**2 * var_link
    assert first[0]["variance"] == pytest.approx(expected)
    assert first[0]["high"] - first[0]["low"] == pytest.approx(2 * 1.959964 * sqrt(expected))


def test_a_link_of_two_overlaps_and_one_that_is_renewed():
    rows = [*ROWS, row("old", 2012, 0.62, 2013)]
    found = linked(rows, [BREAK], INDICATORS)
    assert found.links[-1]["factor"] == pytest.approx((0.57 + 0.58) / (0.60 + 0.62))
    assert found.links[-1]["overlap"] == ["2011", "2012"]
    assert found.links[0]["known_until"] == found.links[1]["known_from"] == date(2013, 1, 31)
    hidden = [row("old", 2011, None, 2012, status="suppressed") if one["indicator"] == "old"
              else one for one in ROWS]  # fmt: skip
    assert linked(hidden, [BREAK], INDICATORS).points == []


def test_a_link_without_any_overlap_yet_is_no_link():
    assert linked(ROWS[:2], [BREAK], INDICATORS) == linked([], [BREAK], INDICATORS)


def test_a_share_is_not_carried_out_of_its_bounds():
    rows = [row("i", 2010, 0.97, 2011), row("i", 2011, 0.66, 2012), row("old", 2011, 0.60, 2012)]
    found = linked(rows, [BREAK], INDICATORS)
    assert {one["refused"] for one in found.links} == {"outside"}
    assert found.points == []


def test_nothing_is_carried_over_an_earlier_break():
    earlier = BREAK | {"start": "2010", "start_day": date(2010, 1, 1), "linked": False}
    found = linked(ROWS, [earlier, BREAK], INDICATORS)
    assert {one["period"] for one in found.points} == {"2010"}


def test_figures_of_the_indicator_before_are_carried_over_too():
    rows = [row("old", 2009, 0.50, 2010), row("old", 2011, 0.60, 2012), row("i", 2011, 0.57, 2012)]
    found = linked(rows, [BREAK], INDICATORS)
    assert [(one["period"], one["original_indicator"]) for one in found.points] == [("2009", "old")]
    added = [one for one in on_linked_basis(rows, found.points) if one["indicator"] == "i"]
    assert {one["period"]: one["value"] for one in added} == pytest.approx(
        {"2009": 0.475, "2011": 0.57}
    )


def stands(one: Row, year: int) -> bool:
    day = date(year, 1, 31)
    return one["known_from"] <= day and (one["known_until"] is None or one["known_until"] > day)


def known(rows: list[Row], year: int) -> dict[str, float]:
    return {
        one["period"]: one["value"] for one in rows if one["indicator"] == "i" and stands(one, year)
    }


def test_each_day_has_one_figure_of_each_period_and_no_link_before_it_was_known():
    revised = [
        row("i", 2010, 0.56, 2011, known_until=date(2012, 6, 1)),
        row("i", 2010, 0.58, 2011, known_from=date(2012, 6, 1)),
    ]
    rows = [ROWS[0], *revised, *ROWS[2:]]
    points = linked(rows, [BREAK], INDICATORS).points
    basis = on_linked_basis(rows, points)
    assert known(basis, 2011) == {"2009": 0.50, "2010": 0.56}
    assert known(basis, 2012) == pytest.approx({"2009": 0.475, "2010": 0.532, "2011": 0.57})
    assert known(basis, 2013)["2010"] == pytest.approx(0.551)
    for year in range(2010, 2016):
        standing = [one for one in basis if one["indicator"] == "i" and stands(one, year)]
        assert len(known(basis, year)) == len(standing)


# --- what may be compared -------------------------------------------------------------------------


def figure(one: Row) -> Figure:
    return Figure.of(one)


def test_a_linked_break_stands_until_the_figure_was_carried_over_it():
    before, after = figure(ROWS[1]), figure(ROWS[2])
    assert broken_between([BREAK], before, after)
    points = linked(ROWS, [BREAK], INDICATORS).points
    basis = on_linked_basis(ROWS, points)
    carried = next(
        figure(one) for one in basis if one.get("linked_over") and one["period"] == "2010"
    )
    assert not broken_between([BREAK], carried, after)
    assert broken_between([BREAK | {"start_day": date(2010, 12, 31)}], carried, after) is False
    assert [one["linked"] for one in standing_breaks([BREAK], [before, after])] == [False]
    assert [one["linked"] for one in standing_breaks([BREAK], [carried, after])] == [True]
    change = computed_change(carried, after, None)
    spread = 1.959964 * sqrt(carried.variance + 0.57 * 0.43 / 400)
    assert (change.low, change.high) == pytest.approx((0.038 - spread, 0.038 + spread), abs=1e-6)
    assert change.significant is False
    unknown = figure({**ROWS[1], "linked_over": START, "variance": None, "value": 0.532})
    assert computed_change(unknown, after, None).significant is None


def test_the_demo_city_shows_linked_figures_beside_the_delivered_ones(built: Path):
    found = barometer_lib.trend("demo-inclusion-index", dataset="demo", store=built).content
    [over] = found["links"]
    assert over["factor"] == pytest.approx((60.2 + 60.4) / (59.9 + 60.0), abs=1e-9)
    assert over["standard_error"] > 0
    at = {one["period"]: one for one in found["linked"]}
    as_delivered = {one["period"]: one["value"] for one in found["points"]}
    assert {one["original"] for one in at.values()} <= set(as_delivered.values())
    assert at["2012-S2"]["original"] == as_delivered["2012-S2"] == 59.7
    assert at["2012-S2"]["value"] == round(59.7 * over["factor"], 2)
    assert found["breaks"] == [{"start": "2013-S1", "reason": "demo-new-weights", "linked": True}]
    assert (found["comparable_points"], found["points_before_break"]) == (16, 0)
    early = barometer_lib.trend(
        "demo-inclusion-index", as_of="2013-07-19", dataset="demo", store=built
    ).content
    assert (early["linked"], early["links"]) == ([], [])


def test_across_an_unlinked_break_there_is_no_change_and_no_trend(built: Path):
    found = barometer_lib.trend(
        "demo-youth-education", as_of="2011-08-01", dataset="demo", store=built
    ).content
    assert (found["change"], found["trend"], found["reason"]) == (None, None, "across_break")
    with store.session(built, "demo") as look:
        rows = look.rows(
            """select reason, change from indicator_assessment where indicator =
            'demo-youth-education' and round = 'demo-2011-07'"""
        )
    assert {(one["reason"], one["change"]) for one in rows} == {("across_break", None)}


def test_a_round_uses_the_link_from_the_day_it_was_known(built: Path):
    with store.session(built, "demo") as look:
        [one] = look.rows(
            """select reference_value, value, reason from indicator_assessment
            where indicator = 'demo-inclusion-index' and round = 'demo-2013-07'"""
        )
    assert one["reference_value"] == pytest.approx(59.7 * 60.2 / 59.9)
    assert one["reason"] == "significance_not_stated"


# --- the catalogue --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"overlap": ["2012-S2", "2013-S1"]}, "link_before_break"),
        ({"indicator": "demo-mentors"}, "link_unit"),
        ({"indicator": "demo-inclusion-index"}, "link_to_itself"),
    ],
)
def test_a_link_that_cannot_be_is_told(change: Row, code: str):
    content, _ = inspect(ROOT / "data" / "catalogue" / "demo")
    one = content.get(Indicator, "demo-inclusion-index")
    declared = one.breaks[0].model_dump() | {}
    declared["link"] |= change
    wrong = one.model_copy(update={"breaks": [Break.model_validate(declared)]})
    content.entries["indicator"][one.id] = wrong
    known_codes = {kind: set(some) for kind, some in content.entries.items()}
    assert code in {fault.code for fault in faults(content, known_codes)}
