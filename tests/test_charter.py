"""The charter: what the ordinary follow-up meets, the city's own answers, and other cities'."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

import barometer_lib
from barometer_lib.cli import main
from barometer_lib.errors import NotFound
from barometer_lib.store.charter import follow_up
from barometer_lib.views.charter import charter_page
from shared_store import pointer


def content(year: int | None = None, dataset: str = "demo") -> dict[str, Any]:
    return barometer_lib.charter(year, dataset=dataset, store=pointer()).content


def words(**state: str) -> str:
    page = charter_page(state, pointer())
    assert page["error"] is None
    plain = html.unescape(re.sub(r"<[^>]*>", " ", page["html"]))
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def test_the_eleven_published_commitments_stand_by_role_and_claim_nothing():
    """The charter's text: policy-makers 3, service providers 2, employers 3, buyers 3."""
    found = content(dataset="published")
    roles = [row["role"] for row in found["commitments"]]
    assert {role: roles.count(role) for role in roles} == {
        "policy_maker": 3, "service_provider": 2, "employer": 3, "buyer": 3,
    }  # fmt: skip
    assert {row["follow_up"] for row in found["commitments"]} == {"none"}
    assert {row["answer"] for row in found["commitments"]} == {None}
    said = words()
    assert "Der er ikke set svar fra byen selv i kilderne." in said
    assert "ingen indikator er knyttet til den i kilderne" in said
    assert "Følges ikke" not in said


@pytest.mark.parametrize(
    ("measured", "expected"),
    [([], "none"), ([False], "stale"), ([False, True], "met"), ([True], "met")],
)
def test_a_commitment_is_followed_where_an_indicator_was_measured(measured, expected):
    assert follow_up([{"measured": one} for one in measured]) == expected


def test_the_answer_stands_beside_the_earlier_one():
    rows = {row["commitment"]: row for row in content()["commitments"]}
    first, last = rows["demo-commitment-1"], rows["demo-commitment-4"]
    assert (first["answer"], first["answer_before"], first["year_before"]) == (
        "met", "partly_met", 2012,
    )  # fmt: skip
    assert (last["answer"], last["answer_before"]) == (None, "not_begun")
    assert last["follow_up"] == "none"
    assert [one["indicator"] for one in first["indicators"]] == [
        "demo-belonging",
        "demo-discrimination",
    ]


def test_an_earlier_year_knows_only_what_was_known_then():
    rows = {row["commitment"]: row for row in content(2012)["commitments"]}
    assert rows["demo-commitment-1"]["answer"] == "partly_met"
    assert rows["demo-commitment-1"]["answer_before"] is None
    assert {one["period"] for one in rows["demo-commitment-2"]["indicators"]} == {"2012-S1"}
    assert content(2012)["others"] == []
    with pytest.raises(NotFound):
        content(2013)


def test_other_cities_are_set_side_by_side_and_not_ranked():
    page = charter_page({"dataset": "demo", "lang": "en"}, pointer())
    [file] = [one for one in page["downloads"] if one["id"] == "others"]
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert [row["commitment"] for row in rows] == [f"demo-commitment-{k}" for k in (1, 2, 3, 4)]
    assert [row["demo-sample-02"] for row in rows] == ["partly_met", "under_way", "", "met"]
    assert [row["own"] for row in rows] == ["met", "partly_met", "under_way", ""]
    assert "no ranking" in words(dataset="demo", lang="en")


def test_the_sentences_count_every_commitment_once():
    said = words(dataset="demo")
    assert "Af 4 forpligtelser følger barometeret 3; 0 følges kun med ældre tal, og 1 har" in said
    assert "i 2014: 1 opfyldt, 1 delvist opfyldt, 1 i gang og 1 uden svar." in said
    english = words(dataset="demo", lang="en", year="2012")
    assert "1 partly met, 2 under way and 1 not begun." in english


def test_the_command_is_the_monitoring_answer_as_data():
    asked = ["charter", "--dataset", "demo", "--store", str(pointer())]
    told = CliRunner().invoke(main, [*asked, "--format", "json"])
    assert json.loads(told.output)["commitments"][2]["author"] == "Demoby (synthetic)"
    assert "Syntetiske tal" in CliRunner().invoke(main, asked).output
    refused = CliRunner().invoke(main, [*asked, "--year", "2013", "--lang", "en"])
    assert refused.exit_code == 1
    assert "2012" in refused.stderr


def test_a_year_without_answers_is_put_right_on_the_page():
    assert "Der er ingen svar fra »1999«." in words(dataset="demo", year="1999")
