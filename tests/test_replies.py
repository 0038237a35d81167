"""What committees answered stands beside the goal in the next round: status, page and annex."""

from __future__ import annotations

import io

import pytest
from docx import Document

from barometer_lib import api, briefing
from barometer_lib.views.overview import overview_page

POLICY = "demo-2011-2014"


def status(built, round_):
    """The replies beside each goal in a round: goal -> ids."""
    content = api.status(POLICY, round_, dataset="demo", store=built).content
    goals = [*content["goals"], *content["goals_without_figures"]]
    return {goal["goal"]: [one["reply"] for one in goal["replies"]] for goal in goals}


def test_replies_stand_beside_their_goals_in_the_next_round_alone(built):
    """As the demo city's letters of January 2014 say: one of a goal each, one of all goals."""
    found = status(built, "demo-2014-07")
    assert found[f"{POLICY}-g1"] == ["demo-reply-emp-2014-03"]
    assert found[f"{POLICY}-g2"] == ["demo-reply-edu-2014-05"]
    assert found[f"{POLICY}-g3"] == ["demo-reply-cul-2014-04"]
    assert found[f"{POLICY}-g4"] == []
    for earlier in ("demo-2013-07", "demo-2014-01"):
        assert not any(status(built, earlier).values())


def test_a_reply_of_all_goals_stands_with_those_of_its_committee(built):
    content = api.status(POLICY, "demo-2014-07", dataset="demo", store=built).content
    for goal in content["goals"]:
        mine = "demo-CUL" in (goal["lead_committee"], *(goal["contributing_committees"] or ()))
        told = [one["reply"] for one in goal["replies"]]
        assert ("demo-reply-cul-2014-04" in told) is mine


def test_a_budget_proposal_carries_its_amount_and_year(built):
    content = api.status(POLICY, "demo-2014-07", dataset="demo", store=built).content
    [one] = [r for goal in content["goals"] for r in goal["replies"] if r["amount"] is not None]
    assert (one["form"], one["amount"], one["budget_year"]) == ("budget_proposal", 2_500_000, 2015)
    assert (one["committee"], one["received"], one["round"]) == (
        "demo-EDU", "2014-05-06", "demo-2014-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("da", "6. maj 2014, Demobys Børneudvalg, budgetforslag efter runden"),
        ("da", "Beløb: 2.500.000 kr. i budget 2015."),
        ("da", "Taget til efterretning ifølge referatet"),
        ("en", "Amount: DKK 2,500,000 in the budget of 2015."),
    ],
)
def test_the_page_shows_replies_beside_the_goal(built, lang, words):
    asked = {"dataset": "demo", "policy": POLICY, "round": "demo-2014-07", "lang": lang}
    html = str(overview_page(asked, built)["html"]).replace("\u00a0", " ")
    assert words in html
    before = overview_page(asked | {"round": "demo-2014-01"}, built)
    assert words not in str(before["html"])


def test_the_annex_shows_them(built):
    [one] = briefing.letter("demo-2014-07", committee="demo-EMP", dataset="demo", store=built)
    annex = next(page for name, page in one.files.items() if "bilag" in name)
    text = "\n".join(line.text for line in Document(io.BytesIO(annex)).paragraphs)
    assert "Udvalgenes svar på tidligere runder" in text
    assert "Udvalget vil følge de korte job særskilt." in text
