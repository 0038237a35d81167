"""Errata and disputed figures: told on the page they concern, with date, old and new figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.test_views_detail import part, words

import barometer_lib
from barometer_lib import store as stores
from barometer_lib.build.inputs import read_inputs
from barometer_lib.build.release import public_inputs
from barometer_lib.catalogue import inspect
from barometer_lib.corrections import read_disputes
from barometer_lib.rounds import Life, Lives, Step
from barometer_lib.views.indicator import indicator_page
from barometer_lib.views.overview import overview_page

ROOT = Path(__file__).resolve().parents[1]
POLICY = {"dataset": "demo", "policy": "demo-2011-2014"}


def test_every_correction_of_the_demo_city_is_an_erratum(built: Path):
    declared = yaml.safe_load((ROOT / "data" / "corrections.demo.yml").read_text("utf-8"))
    with stores.session(built, "demo") as look:
        rows = {row["correction"]: row for row in look.rows("select * from erratum")}
    assert set(rows) == {one["id"] for one in declared}
    for one in declared:
        row = rows[one["id"]]
        after = None if one.get("retracted") else one["corrected"]["value"]
        assert (row["before"], row["after"]) == (one["expect"]["value"], after)
        assert row["corrected_on"] == one["date"]


def test_an_erratum_stands_on_the_indicators_page_with_day_figures_and_reason(built: Path):
    page = indicator_page({"dataset": "demo", "indicator": "demo-inclusion-index"}, built)
    told = part(page, "newest")
    assert "Rettet 5. november 2012" in told
    assert "Tallet var 58,8 point og er 59,3 point. En del af indekset" in told
    mentors = indicator_page({"dataset": "demo", "indicator": "demo-mentors", "lang": "en"}, built)
    assert "The figure was 195 mentors; there is none in its place." in part(mentors, "newest")


@pytest.mark.parametrize(
    ("round_", "errata", "marks"),
    [("demo-2012-07", 1, 1), ("demo-2013-01", 0, 0), ("demo-2014-07", 0, 0)],
)
def test_an_erratum_stands_on_the_overview_of_the_rounds_that_showed_the_error(
    built: Path, round_: str, errata: int, marks: int
):
    page = overview_page(POLICY | {"round": round_, "lang": "da"}, built)
    assert words(page["html"]).count("Rettet 5. november 2012") == errata
    assert page["html"].count("rettet</span>") == marks
    found = barometer_lib.status("demo-2011-2014", round_, dataset="demo", store=built).content
    named = [
        code for goal in found["goals"] for one in goal["indicators"] for code in one["errata"]
    ]
    assert named == ["demo-correction-inclusion-2012"] * errata


def test_a_figure_under_clarification_is_marked_until_it_is_decided(built: Path):
    newest = overview_page(POLICY | {"round": "demo-2014-07", "lang": "da"}, built)
    assert newest["html"].count("under afklaring</span>") == 1
    assert "Det er endnu ikke afgjort." in words(newest["html"])
    decided = overview_page(POLICY | {"round": "demo-2013-07", "lang": "da"}, built)
    assert "under afklaring</span>" not in decided["html"]
    assert "Afgjort 30. september 2013: Listen er gennemgået" in words(decided["html"])


def test_a_dispute_is_open_as_of_a_day_before_its_outcome(built: Path):
    def told(day: str | None) -> list[Any]:
        found = barometer_lib.trend(
            "demo-language-waiting", as_of=day, dataset="demo", store=built
        ).content
        return [(one["since"], one["decided"]) for one in found["disputes"]]

    assert told(None) == [("2013-08-12", "2013-09-30")]
    assert told("2013-09-29") == [("2013-08-12", None)]
    assert told("2013-08-11") == []


def test_a_dispute_about_a_figure_of_a_draft_is_not_told():
    inputs = read_inputs(ROOT / "data", "demo")
    at = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)
    life = Life(round="demo-2014-07", release=at, steps=[Step(state="draft", by="A", at=at)])
    content = inputs.content
    assert content is not None
    start = content.dataset.model_copy(update={"start_round": "demo-2014-01"})
    lives = Lives({"demo-2014-07": life})
    drafted = public_inputs(replace(inputs, content=replace(content, dataset=start), lives=lives))
    assert [one.id for one in drafted.disputes] == ["demo-dispute-waiting-2013"]


GOOD = {
    "id": "demo-dispute-x", "indicator": "demo-mentors", "area": "demo-city",
    "group": "demo-origin:total", "period": "2014-S1", "reason": {"da": "a", "en": "b"},
    "by": "c", "date": dt.date(2014, 7, 25),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"indicator": "demo-mentor"}, ["unknown_code"]),
        ({"id": "x"}, ["id_prefix"]),
        ({"period": None}, ["dispute_form"]),
        ({"round": "demo-2014-07"}, ["dispute_form"]),
        ({"outcome": {"words": {"da": "a", "en": "b"}, "date": dt.date(2014, 7, 24)}},
         ["dispute_form"]),
        ({"reason": {"da": "a"}}, ["field_missing"]),
    ],
)  # fmt: skip
def test_how_a_dispute_may_be_written(tmp_path: Path, changed: dict[str, Any], codes: list[str]):
    content, _ = inspect(ROOT / "data" / "catalogue" / "demo")
    assert content is not None
    row = {key: value for key, value in (GOOD | changed).items() if value is not None}
    page = tmp_path / "disputes.demo.yml"
    page.write_text(yaml.safe_dump([row]), "utf-8")
    found = read_disputes(page, content)
    assert [fault.code for fault in found.faults] == codes
    assert len(found.disputes) == (0 if codes else 1)
