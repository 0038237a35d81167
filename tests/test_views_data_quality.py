"""The page of figures and deliveries: what came, what was put right, what is hidden."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest

from barometer_lib.store import session
from barometer_lib.views.data_quality import PARTS, data_quality_page
from shared_store import pointer


def made(**state: str) -> Any:
    page = data_quality_page(state, pointer())
    assert page["error"] is None
    return page


def words(**state: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]*>", " ", made(**state)["html"]))
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def rows(part: str, **state: str) -> list[dict[str, str]]:
    file = next(one for one in made(**state)["downloads"] if one["id"] == part)
    return list(csv.DictReader(io.StringIO(file["text"])))


def test_the_counts_are_those_of_the_store():
    with session(pointer(), "demo") as look:
        [count] = look.rows(
            """select count(distinct delivery)::integer as deliveries,
              count(distinct indicator)::integer as indicators from measurement_vintage
            where correction is null"""
        )
        [known] = look.rows(
            "select count(*)::integer as n from measurement_vintage where correction is null"
        )
    assert f"Leverancer med tal: {count['deliveries']}." in words(dataset="demo")
    came = rows("deliveries", dataset="demo")
    assert len(came) == count["deliveries"]
    assert sum(int(row["figures"]) for row in came) == known["n"]
    assert len(rows("ages", dataset="demo")) == count["indicators"]


def test_an_indicator_without_a_figure_is_named():
    found = {row["indicator"]: row for row in rows("ages")}
    bare = [code for code, row in found.items() if row["figures"] == "0"]
    assert len(bare) == 1
    assert found[bare[0]]["newest"] == ""
    assert "Indikatorer uden tal: 1." in words()


def test_revisions_and_corrections_are_kept_apart():
    revised = {row["indicator"]: row for row in rows("revised", dataset="demo")}
    assert int(revised["demo-welfare"]["revised"]) == 55
    assert revised["demo-inclusion-index"]["corrected"] == "1"
    said = words(dataset="demo", lang="en")
    assert "withdrawn, no right figure" in said
    assert "Mentors who had stopped were counted" in said
    corrected = rows("corrections", dataset="demo")
    assert [row["corrected_on"] for row in corrected] == ["2012-11-05", "2009-10-12"]


def test_hidden_figures_are_counted_and_never_told():
    [row] = rows("hidden", dataset="demo")
    assert row["figures"] == "4"
    assert set(row) == {"synthetic", "indicator", "period", "figures"}
    with session(pointer(), "demo") as look:
        [count] = look.rows("select count(*)::integer as n from suppression")
    assert count["n"] == 4


def test_a_committee_sees_its_own_indicators():
    everything = {row["indicator"] for row in rows("ages", dataset="demo")}
    page = made(dataset="demo")
    committees = [one["value"] for one in page["controls"][0]["options"] if one["value"] != "all"]
    assert len(committees) > 1
    own = {code: {row["indicator"] for row in rows("ages", dataset="demo", committee=code)}
           for code in committees}  # fmt: skip
    assert all(found and found < everything for found in own.values())
    with session(pointer(), "demo") as look:
        for code, found in own.items():
            led = look.codes(
                """select distinct i.indicator from goal_indicator i join goal g using (goal)
                where g.lead_committee = $code""",
                {"code": code},
            )
            assert set(led) <= found


def test_no_break_is_called_linked_that_is_not():
    breaks = rows("breaks")
    assert {row["linked"] for row in breaks} == {"false"}
    assert words().count(" ikke kædet") >= len(breaks)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("dataset", ["published", "demo"])
def test_every_part_has_its_table_or_says_that_there_is_none(dataset, lang):
    page = made(dataset=dataset, lang=lang)
    for part in PARTS:
        assert f'id="{part}"' in page["html"]
    assert ("synthetic" in page["html"].lower()) or ("syntetisk" in page["html"].lower()) or (
        dataset == "published"
    )  # fmt: skip
    assert all(one["text"].count("\n") > 1 for one in page["downloads"])


def test_a_committee_that_does_not_exist_is_told():
    assert "Der findes intet udvalg »nowhere«." in words(committee="nowhere")
