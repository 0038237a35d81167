"""A linked series on the indicator page: dashed beside the delivered figures, told as linked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.test_views_detail import figure, key_sentence, part

import barometer_lib
from barometer_lib import store as stores
from barometer_lib.views.indicator import indicator_page

LINKED = {"dataset": "demo", "indicator": "demo-inclusion-index"}


@pytest.fixture(scope="module")
def page(built: Path) -> Any:
    return indicator_page(LINKED | {"lang": "en"}, built)


def test_the_linked_figures_are_drawn_dashed_beside_the_delivered_ones(page: Any, built: Path):
    drawn = figure(page, "history")
    lines = [one for one in drawn["data"] if one.get("mode") == "lines+markers"]
    dashed = [one for one in lines if one["line"].get("dash") == "dash"]
    plain = [one for one in lines if "dash" not in one["line"]]
    told = barometer_lib.trend("demo-inclusion-index", dataset="demo", store=built).content
    assert [one["y"] for one in dashed] == [[one["value"] for one in told["linked"]]]
    assert [len(one["y"]) for one in plain] == [len(told["linked"]), 3]  # parted at the break
    bands = [one for one in drawn["data"] if one["name"] == "band"]
    highs = [round(one["high"], 4) for one in told["linked"]]
    assert [round(one, 2) for one in bands[0]["y"][: len(highs)]] == [round(h, 2) for h in highs]
    assert "linked" in [one["text"] for one in drawn["layout"]["annotations"]]
    assert any(
        one["text"].startswith("break in series (linked)") for one in drawn["layout"]["annotations"]
    )


def test_the_page_says_what_was_linked_and_how_surely(page: Any):
    assert "13 measurements from before a break are linked" in key_sentence(page)
    history = part(page, "history")
    assert "by the ratio of the new method to the old, 1.0058" in history
    assert "Standard error of the link: 0.0008" in history
    assert "(linked)" in part(page, "about")


def test_page_and_command_tell_the_same_direction(page: Any, built: Path):
    told = barometer_lib.trend("demo-inclusion-index", dataset="demo", store=built).content
    slope = re.search(r"on average \+?([\d.]+)", key_sentence(page))
    assert slope is not None
    assert float(slope.group(1)) == pytest.approx(told["trend"]["slope_per_year"], abs=0.005)


def test_an_unlinked_break_stays_one(built: Path):
    page = indicator_page({"dataset": "demo", "indicator": "demo-youth-education"}, built)
    lines = [one for one in figure(page, "history")["data"] if one.get("mode") == "lines+markers"]
    assert not [one for one in lines if one["line"].get("dash") == "dash"]
    assert "kædet" not in part(page, "history") + key_sentence(page)


def test_answers_stop_at_a_break_until_its_link_is_known(built: Path):
    with stores.session(built, "demo") as look:
        found = {
            row["round"]: (row["before_break"], row["linked"], row["points"], row["revised"])
            for row in look.rows(
                """select round, points, (facts->>'before_break')::integer as before_break,
                (facts->>'linked')::integer as linked, (facts->>'revised')::integer as revised
                from answer where own and indicator = 'demo-inclusion-index'
                and question = 'direction'"""
            )
        }
        changed = look.rows(
            """select facts->>'linked' as linked from indicator_assessment where indicator =
            'demo-inclusion-index' and round = 'demo-2013-07'"""
        )
    before = [one for one in found.values() if one[1] == 0]
    after = [one for one in found.values() if one[1] > 0]
    assert len(before) > 0
    assert len(after) > 0
    assert all(one[0] == 0 for one in found.values())
    assert all(one[1] < one[2] for one in after)
    assert {one[3] for one in after} == {1}  # the corrected figure; a link revises nothing
    assert changed == [{"linked": "true"}]


def test_a_change_from_a_linked_figure_is_told_as_such(built: Path):
    early = LINKED | {"lang": "da", "policy": "demo-inclusion", "round": "demo-2013-07"}
    page = indicator_page(early, built)
    assert "kædet over et databrud)" in part(page, "verdicts")


def test_the_stored_trend_is_that_of_the_linked_figures(built: Path):
    told = barometer_lib.trend("demo-inclusion-index", dataset="demo", store=built).content
    with stores.session(built, "demo") as look:
        [one] = look.rows(
            """select slope, n, points_before_break from trend
            where indicator = 'demo-inclusion-index'"""
        )
    assert one["slope"] == pytest.approx(told["trend"]["slope_per_year"], abs=5e-5)
    assert (one["n"], one["points_before_break"]) == (16, 0)
