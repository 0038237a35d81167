"""The overview and the start page: what a reader sees for a choice, without a browser."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.errors import BarometerError
from barometer_lib.locale import date, text
from barometer_lib.sentences import counted, goal_reason, target, verdict
from barometer_lib.store import session
from barometer_lib.store.rounds import earlier_figures
from barometer_lib.store.status import status
from barometer_lib.views import pages
from barometer_lib.views.icc_index import icc_index_page
from barometer_lib.views.indicator import indicator_page
from barometer_lib.views.overview import overview_page
from barometer_lib.views.start import start_page

ROOT = Path(__file__).resolve().parent.parent
SPACE = "\N{NO-BREAK SPACE}"
HOSTILE = "<script>alert(1)</script>\"'; drop table goal; --"


@pytest.fixture(scope="module")
def store(built):
    return built


def words_of(fragment):
    """What a reader reads: the text without its tags, spaces evened out."""
    plain = html.unescape(re.sub(r"<[^>]*>", " ", fragment)).replace(SPACE, " ")
    return re.sub(r"\s+([,.;:)])", r"\1", re.sub(r"\s+", " ", plain)).strip()


def page_words(store, **state):
    return words_of(overview_page(state, store)["html"])


def goal_words(page, goal):
    """The part of a page that tells of one goal."""
    found = re.search(
        rf'<article class="goal" aria-labelledby="goal-{goal}">(.*?)</article>',
        page["html"],
        re.DOTALL,
    )
    return words_of(found.group(1))


def options(page, control):
    return next(one for one in page["controls"] if one["id"] == control)


# --- the default page: the release of January 2013


def test_the_default_page_is_the_release_of_january_2013_in_danish(store):
    page = overview_page({}, store)
    assert page["state"] == {
        "lang": "da",
        "dataset": "published",
        "policy": "2011-2014",
        "round": "2013-01",
        "committee": "all",
    }
    assert page["error"] is None
    said = words_of(page["html"])
    assert (
        "Målerunden fra januar 2013: 2 mål i stilstand, 1 mål i tilbagegang og 4 mål uden" in said
    )
    assert "0 fremgang ■ 2 stilstand ▼ 1 tilbagegang ○ 0 ingen nye tal" in said
    assert "synteti" not in said.lower()


@pytest.mark.parametrize(
    ("goal", "mark", "reason"),
    [
        ("2011-2014-g1", "▼ tilbagegang offentliggjort", "(3), går 2 den forkerte vej og 1 den"),
        ("2011-2014-g2", "■ stilstand offentliggjort", "ikke signifikant"),
        ("2011-2014-g3", "■ stilstand offentliggjort", "Der er ingen nye tal for de indikatorer"),
    ],
)
def test_each_goal_of_the_release_has_its_published_status_and_reason(store, goal, mark, reason):
    said = goal_words(overview_page({}, store), goal)
    assert mark in said
    assert reason in said
    assert "Status er offentliggjort. Beregningen efter reglen giver det samme." in said
    assert "Ansvarligt udvalg: ikke oplyst i kilden." in said


@pytest.mark.parametrize(
    "figures",
    [
        "93,1 pct. ▲ fremgang +0,3 procentpoint siden forrige måling (signifikans ikke oplyst)",
        "77,2 pct. ▼ tilbagegang −2,4 procentpoint siden forrige måling (signifikans ikke oplyst)",
        "49 pct. −1 procentpoint siden forrige måling (signifikans ikke oplyst)",
        "38 pct. −1 procentpoint siden forrige måling (signifikans ikke oplyst)",
        "84 pct. ▼ tilbagegang −2 procentpoint siden forrige måling (signifikans ikke oplyst)",
        "10,8 procentpoint ■ stilstand −0,3 procentpoint siden forrige måling (ikke signifikant)",
        "1,5 pct. ○ ingen nye tal Der er ingen nye tal siden forrige måling.",
    ],
)
def test_values_and_changes_are_as_printed(store, figures):
    assert figures in page_words(store)


def test_an_indicator_shows_star_target_period_source_and_the_way_to_its_page(store):
    page = overview_page({}, store)
    cards = re.findall(
        r'<li class="card">\n<p><span class="badge">.*?</li>', page["html"], re.DOTALL
    )
    said = [words_of(card) for card in cards]
    assert len(cards) == 7
    assert [("★ tæller med" in one, "tæller ikke med" in one) for one in said] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
        (True, False),
        (True, False),
        (True, False),
    ]
    for card, words in zip(cards, said, strict=True):
        assert "Intet måltal set i kilderne" in words, "no source says that none was adopted"
        assert ("Et forholdstal, ikke en forskel: " in words) == ("93,1" in words)
        assert "periode ikke oplyst · Nye tal på inklusionsbarometret, januar 2013" in words
        assert 'href="http://docplayer.dk/63407069' in card
        assert "<svg" not in card  # one figure of no stated period is no line
    link = (
        "indicator?lang=da&dataset=published&indicator=overledighed&policy=2011-2014&round=2013-01"
    )
    assert link in html.unescape(cards[5])


def test_goals_and_areas_without_figures_are_told(store):
    page = overview_page({}, store)
    said = words_of(page["html"])
    assert (
        "Indsatsområde 3: En hånd til udsatte grupper og områder Ingen offentliggjorte tal" in said
    )
    inclusive = goal_words(page, "2011-2014-most-inclusive")
    assert "Ingen offentliggjorte tal i denne målerunde. Mål: 1. plads (frist: 2015)" in inclusive
    assert "Ansvarligt udvalg: Beskæftigelses- og Integrationsudvalget." in inclusive
    assert "mål 4-8 er ikke set" in said


def test_how_it_was_worked_out_names_rule_and_numbers(store):
    said = goal_words(overview_page({}, store), "2011-2014-g1")
    assert "Regel: Målet følger flertallet af de ændringer siden forrige måling" in said
    assert "(tæller ikke med): 49 pct., −1 procentpoint siden forrige måling." in said


def test_the_english_page_says_the_same(store):
    page = overview_page({"lang": "en"}, store)
    said = words_of(page["html"])
    assert page["lang"] == "en"
    assert "The round of January 2013: 2 goals at a standstill, 1 goal in setback and 4" in said
    assert "77.2% ▼ setback −2.4 percentage points since the previous measurement" in said
    assert "period not stated" in said
    assert not {"mål", "fremgang", "udvalg"} & set(re.findall(r"\w+", said.lower()))


@pytest.mark.parametrize(
    ("lang", "within", "without", "stars"),
    [
        ("da", "indgår i beregningen", "vises, men indgår ikke i beregningen", "tæller"),
        ("en", "enters the computation", "shown, but does not enter the computation", "counts"),
    ],
)
def test_only_a_source_that_marks_its_indicators_has_stars(store, lang, within, without, stars):
    """The star is the release's own; where no source marks any, the calculation is told plainly."""
    for state in (
        {"policy": "2015-2018"},
        {"policy": "sikker-by", "round": "2017"},
        {"policy": "national"},
        {"policy": "demo-2007-2010", "dataset": "demo"},
        {"policy": "demo-safe-city", "dataset": "demo"},
    ):
        said = page_words(store, lang=lang, **state)
        assert "★" not in said, state
        assert within in said, state
        assert not re.search(rf"\b{stars}\b", said.replace(" DR " + stars, "")), state
    safe = page_words(store, lang=lang, policy="sikker-by", round="2017")
    assert f"({within})" in safe
    assert f"({without})" in safe
    for state in ({}, {"policy": "demo-2011-2014", "dataset": "demo"}):
        said = page_words(store, lang=lang, **state)
        assert f"★ {stars}" in said
        assert within not in said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"policy": "sikker-by", "round": "2017"}, ["5 bydele", "9 bydele i 2009, 5 bydele i"]),
        (
            {"policy": "sikker-by", "round": "2017", "lang": "en"},
            ["5 districts", "9 districts in 2009, 5 districts in"],
        ),
        ({"policy": "demo-2011-2014", "dataset": "demo"}, ["karakterpoint", "mål: 0 personer"]),
        (
            {"policy": "demo-2011-2014", "dataset": "demo", "lang": "en"},
            ["grade points", "target: 0 people"],
        ),
    ],
)
def test_a_count_says_what_it_counts(store, state, said):
    page = overview_page(state, store)
    shown = words_of(page["html"])
    for words in said:
        assert words.lower() in shown.lower()
    for row in csv.DictReader(io.StringIO(page["downloads"][0]["text"])):
        assert row["unit"] in {"", "percent", "percentage_points", "count", "mean", "points"} | {
            "per_1000"
        }


def test_the_published_count_of_districts_enters_the_calculation(store):
    page = overview_page({"policy": "sikker-by", "round": "2017"}, store)
    rows = csv.DictReader(io.StringIO(page["downloads"][0]["text"]))
    assert [row["indicator"] for row in rows if row["counts"] == "true"] == [
        "utryg_nabolag",
        "bydele_over_10",
    ]


# --- the other policies


def test_the_round_told_in_words_has_statements_and_no_figures(store):
    page = overview_page({"policy": "2007-2010"}, store)
    said = words_of(page["html"])
    assert (
        "Målerunden fra november 2008: 3 indsatsområder i fremgang (meldt i ord, uden tal)." in said
    )
    assert said.count("▲ fremgang meldt i ord, uden tal") == 3
    assert "Tryghed Ingen offentliggjorte tal i denne målerunde." in said
    assert page["downloads"] == []


def test_base_year_unknown_is_white_with_its_reason(store):
    said = goal_words(overview_page({"policy": "2015-2018"}, store), "2015-2018-work")
    assert "○ hvid beregnet" in said
    assert "Der er ikke offentliggjort et tal for basisåret, så målet kan ikke vurderes." in said
    assert "6,3 procentpoint" in said
    assert "der er ikke offentliggjort en status" in said


def test_a_policy_without_rounds_shows_its_goals(store):
    page = overview_page({"policy": "2019-2022"}, store)
    said = words_of(page["html"])
    assert page["state"]["round"] == "none"
    assert "Der er ikke offentliggjort en målerunde for denne politik. 5 pejlemærker" in said
    assert "Retning: op (intet måltal vedtaget)" in said


@pytest.mark.parametrize(
    ("lang", "seen", "mark", "lead"),
    [
        (
            "da",
            "5 pejlemærker og 4 af politikkens 12 mål er set",
            "Pejlemærke på tværs af udvalgene",
            "Ansvarligt udvalg: ikke oplyst",
        ),
        (
            "en",
            "5 guiding marks and 4 of the policy’s 12 goals were seen",
            "Guiding mark across the committees",
            "Lead committee: not stated",
        ),
    ],
)
def test_guiding_marks_are_no_goals_and_what_is_unknown_is_told_once(store, lang, seen, mark, lead):
    page = overview_page({"policy": "2019-2022", "lang": lang}, store)
    said = words_of(page["html"])
    assert seen in said
    assert not re.search(r"\b9 (mål|goals)\b", said)
    goals = re.findall(r'aria-labelledby="goal-(.*?)"', page["html"])
    marks = [goal for goal in goals if mark in goal_words(page, goal)]
    assert (len(marks), len(goals)) == (5, 9)
    assert not [goal for goal in marks if "biu" in goal]
    for goal in goals:
        told = goal_words(page, goal)
        assert told.count(lead) == (goal in marks), told
        assert len(re.findall("ikke oplyst|not stated|udvalg:|committee:", told)) <= 2, told
        assert len(re.findall("ledende udvalg|leading committee", told)) == 0, told
    own = page_words(store, policy="2019-2022", lang=lang, committee="BIU")
    assert ("4 mål uden" if lang == "da" else "4 goals without") in own


@pytest.mark.parametrize(
    ("lang", "once", "unsaid"),
    [
        ("da", "Nationalt barometer, intet ansvarligt udvalg i byen.", "Ansvarligt udvalg:"),
        ("en", "A national barometer, no committee of the city is responsible.", "Lead committee:"),
    ],
)
def test_a_national_framework_has_no_committee_of_the_city(store, lang, once, unsaid):
    said = page_words(store, policy="national", lang=lang)
    assert said.count(once) == 1
    assert unsaid not in said
    assert lang == "en" or "computed" not in said
    asked = page_words(store, policy="national", lang=lang, committee="BIU")
    assert ("intet udvalg i byen" if lang == "da" else "no committee of the city") in asked
    assert ("kilderne" if lang == "da" else "sources") not in asked.split("12")[0]
    assert unsaid in page_words(store, policy="2015-2018", lang=lang)


@pytest.mark.parametrize(
    ("round_", "told"),
    [
        (
            "2017",
            "10 pct.: 5, ifølge den offentliggjorte optælling. Over grænsen: Bispebjerg (18 pct.)",
        ),
        ("2019", "mindst 2. Der er kun tal for 2 områder. Over grænsen: Ydre Nørrebro (17 pct.)"),
        (
            "2022-09",
            "10 pct.: 4, ifølge den offentliggjorte optælling. Hvilke bydele det er, er ikke",
        ),
    ],
)
def test_districts_above_the_limit_are_counted_and_named(store, round_, told):
    page = overview_page({"policy": "sikker-by", "round": round_}, store)
    said = goal_words(page, "sikker-by-unsafe")
    assert "✕ ikke opfyldt beregnet" in said
    assert told in said
    named = "Tryghedsundersøgelsens egen inddeling (13 bydele i 2016-17; senere år ikke oplyst)"
    assert (named in said) is (round_ in ("2017", "2019"))


def test_an_old_count_of_districts_decides_nothing(store):
    page = overview_page({"policy": "sikker-by", "round": "2023-06"}, store)
    said = goal_words(page, "sikker-by-unsafe")
    assert "○ kan ikke afgøres beregnet" in said
    assert "Senest opgjort for 2022: 4 områder over grænsen på 10 pct." in said


def test_a_round_shows_no_figure_of_a_later_one(store):
    said = page_words(store, policy="sikker-by", round="2016")
    assert "6,4 pct." in said
    assert "i 2017" not in said
    with session(store) as look:
        figures = earlier_figures(look, "sikker-by", "2016")
        later = earlier_figures(look, "sikker-by", "2017")
    unsafe = [row for row in figures if row["indicator"] == "utryg_nabolag"]
    assert [row["period"] for row in unsafe] == ["2009", "2014", "2015", "2016"]
    assert [row["interrupted"] for row in unsafe] == [False, True, False, False]
    count = [row["interrupted"] for row in later if row["indicator"] == "bydele_over_10"]
    assert count == [False, True, True, False]  # 2015 to 2016: a break, though the years follow


def sparklines(page):
    """Of every small line by its name's beginning: how many points each unbroken run has."""
    drawn = re.findall(r'<svg class="sparkline".*?</svg>', page["html"])
    return {
        re.search(r'aria-label="([^:]*):', one).group(1): [
            len(points.split()) for points in re.findall(r'points="([^"]*)"', one)
        ]
        for one in drawn
    }


def test_a_small_line_is_interrupted_where_years_are_missing_or_a_series_breaks(store):
    drawn = sparklines(overview_page({"policy": "sikker-by", "round": "2016"}, store))
    assert drawn == {
        "Andel københavnere, der er utrygge i deres nabolag": [3],  # 2009 stands alone
        "Antal bydele med mere end 10 % utrygge": [],  # 2009, 2015, 2016: three divisions
    }


def test_a_single_dated_figure_has_no_line(store):
    page = overview_page({"policy": "national"}, store)
    assert page["html"].count('<p class="figure-value">') == 8
    assert sparklines(page) == {}


def test_the_direction_of_a_goal_is_not_the_direction_of_its_gap(store):
    """More are to come into work; the employment gap under that goal is to fall."""
    page = overview_page({"policy": "national"}, store)
    said = goal_words(page, "national-work")
    assert said.count("Retning: op (intet måltal vedtaget)") == 1
    assert said.index("Retning: op") < said.index("indgår i beregningen Beskæftigelsesgabet")
    assert said.count("Intet måltal set i kilderne") == 2
    rows = list(csv.DictReader(io.StringIO(page["downloads"][0]["text"])))
    assert {row["target"] for row in rows} == {""}
    assert "retning" not in page["html"].split("<table")[1]


def test_policies_come_in_groups_the_citys_own_first(store):
    page = overview_page({}, store)
    policies = options(page, "policy")["options"]
    assert [one["value"] for one in policies] == [
        *("2007-2010", "2011-2014", "2015-2018", "2019-2022"),
        *("sikker-by", "national"),
    ]
    assert [one["group"] for one in policies[3:]] == [
        "Byens politikker",
        "Byens planer",
        "Hele landet",
    ]
    assert len(options(page, "committee")["options"]) == 8


# --- committees


def test_a_committee_sees_the_goals_that_name_it(store):
    page = overview_page({"committee": "BIU"}, store)
    said = words_of(page["html"])
    assert "Målerunden fra januar 2013: 4 mål uden offentliggjorte tal." in said
    assert "Flere i arbejde" not in said
    assert "Mål, hvor kilden ikke oplyser et udvalg, vises kun under »Alle udvalg«." in said


def test_a_committee_named_by_no_goal_is_told_so(store):
    said = page_words(store, committee="TMU")
    assert "Ingen mål i denne politik nævner Teknik- og Miljøudvalget i kilderne." in said
    assert "Indsatsområde" not in said


# --- choices that do not exist


def test_unknown_choices_become_the_nearest_and_are_told(store):
    page = overview_page({"policy": "2011-2015", "round": "2031", "committee": "BI"}, store)
    said = words_of(page["html"])
    assert (page["state"]["policy"], page["state"]["committee"]) == ("2011-2014", "BIU")
    assert "Der findes ingen politik »2011-2015«. Siden viser Inklusionspolitik 2011-2014" in said
    assert "Der findes ingen målerunde »2031«. Siden viser Inklusionsbarometeret, januar" in said
    assert "Der findes intet udvalg »BI«. Siden viser Beskæftigelses- og" in said
    assert "findes in" not in page_words(store)


def test_a_round_of_another_policy_is_put_right_with_a_remark(store):
    page = overview_page({"policy": "2015-2018", "round": "2013-01"}, store)
    assert page["state"]["round"] == "2018-03"
    assert "Inklusionsbarometeret, januar 2013 hører til en anden politik." in words_of(
        page["html"]
    )
    back = overview_page({"policy": "2011-2014", "round": "none"}, store)
    assert back["state"]["round"] == "2013-01"


@pytest.mark.parametrize("name", ["policy", "round", "committee", "lang", "dataset"])
def test_hostile_values_are_shown_as_text_and_never_used(store, name):
    page = overview_page({name: HOSTILE}, store)
    assert page["error"] is None
    assert "<script" not in page["html"]
    assert "&lt;script&gt;" in page["html"]
    assert page["state"] == overview_page({}, store)["state"]


@given(
    st.dictionaries(
        st.sampled_from(["policy", "round", "committee", "lang", "dataset", "other"]),
        st.text(max_size=40) | st.sampled_from(["demo", "en", "sikker-by", "2017", "BIU", "none"]),
    )
)
def test_any_state_gives_a_page_of_known_choices(store, state):
    page = overview_page(state, store)
    assert page["error"] is None
    assert page["state"]["lang"] in ("da", "en")
    for control in page["controls"]:
        assert control["value"] in {one["value"] for one in control["options"]}
        assert page["state"][control["id"]] == control["value"]


POINTER = {"file": "gone.duckdb", "layout": 1, "built": "", "inputs": ""}
FAULTY_STORES = {
    "no pointer": (None, "missing"),
    "a pointer to nothing": (json.dumps(POINTER), "missing"),
    "garbage for a pointer": ("hunter2", "unreadable"),
    "garbage for a store": (json.dumps(POINTER | {"file": "garbage.duckdb"}), "unreadable"),
    "another version": (json.dumps(POINTER | {"layout": 99}), "version"),
    "no demo city": (None, "without"),
}
INSIDE = re.compile(
    r"hunter2|duckdb|\.json|barometer build|make |--store|BAROMETER_|Error|Exception|Traceback|99"
)


@pytest.fixture
def faulty_store(request, tmp_path):
    """A store with a fault, the dataset asked for, and the sentence's key."""
    content, key = FAULTY_STORES[request.param]
    pointer = tmp_path / "hunter2" / "pointer.json"
    pointer.parent.mkdir()
    (pointer.parent / "garbage.duckdb").write_bytes(b"hunter2 " * 4096)
    if content is not None:
        pointer.write_text(content)
    if key != "without":
        return pointer, "published", key
    version = pointer.parent / "lean.duckdb"
    with duckdb.connect(str(version)) as con:
        con.execute("create schema published")
    pointer.write_text(json.dumps(POINTER | {"file": version.name}))
    return pointer, "demo", key


@pytest.mark.parametrize("faulty_store", FAULTY_STORES, indirect=True)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_store_at_fault_is_one_sentence_and_nothing_from_inside(faulty_store, lang, caplog):
    pointer, dataset, key = faulty_store
    sentence = text(lang, f"pages.store.{key}")
    for make in (overview_page, indicator_page, icc_index_page):
        caplog.clear()
        page = make({"lang": lang, "dataset": dataset}, pointer)
        assert (page["error"], page["html"], page["controls"]) == (sentence, "", [])
        assert not INSIDE.search(json.dumps(page))
        assert "barometer build" in caplog.text
        assert str(pointer.parent) in caplog.text
    caplog.clear()
    start = start_page(lang, dataset, store=pointer)
    assert sentence in html.unescape(start)
    assert not INSIDE.search(start)
    assert "barometer build" in caplog.text


# --- the demo city


@pytest.fixture(scope="module")
def demo_rounds(store):
    with session(store, "demo") as look:
        return look.rows("select policy, round from round_policy order by 1, 2")


def test_every_round_of_the_demo_city_is_shown_and_marked_synthetic(store, demo_rounds):
    assert len(demo_rounds) > 20
    for row in demo_rounds:
        state = {"dataset": "demo", "policy": row["policy"], "round": row["round"]}
        page = overview_page(state, store)
        assert page["error"] is None
        assert page["state"]["round"] == row["round"]
        assert "Syntetiske tal · demoby" in words_of(page["html"])


def test_the_demo_page_is_marked_in_heading_cards_table_and_file(store):
    page = overview_page({"dataset": "demo", "lang": "en"}, store)
    mark = '<span class="badge badge--synthetic">Synthetic figures · demo city</span>'
    assert re.search(rf"<h2>[^<]*{re.escape(mark)}</h2>", page["html"])
    assert page["html"].count(mark) == 1 + page["html"].count('<p class="figure-value">')
    assert (
        "<caption>Indicators of the round · Synthetic figures · demo city</caption>" in page["html"]
    )
    (file,) = page["downloads"]
    assert file["filename"].startswith("syntetisk-")
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert next(iter(rows[0])) == "synthetic"
    assert {row["synthetic"] for row in rows} == {"true"}


def test_a_missed_round_is_told(store):
    said = page_words(store, dataset="demo", policy="demo-2007-2010", round="demo-2009-01")
    assert "Målerunden fra 31. januar 2009 blev ikke gennemført; der er ingen tal fra den." in said


def test_distance_to_a_target_and_a_sparkline_with_words(store):
    page = overview_page({"dataset": "demo"}, store)
    said = words_of(page["html"])
    assert "Mål: 62 pct. (frist: 2. halvår 2014); der mangler 1,1 procentpoint" in said
    assert "Mål: mindst 95 pct. i hver bydel (frist: 2. halvår 2014)" in said
    assert "Mål: mindst 200 mentorer (frist: 2. halvår 2014); målet er nået" in said
    assert "Retning: op (intet måltal vedtaget)" in said
    assert page["html"].count('<svg class="sparkline"') > 15
    assert 'aria-label="Beskæftigede indvandrere fra ikke-vestlige lande: ' in page["html"]


# --- the download, the frame, the kernel


def test_the_download_holds_what_is_shown_as_numbers_and_codes(store):
    (file,) = overview_page({}, store)["downloads"]
    assert file["filename"] == "status-2011-2014-2013-01.csv"
    rows = list(csv.DictReader(io.StringIO(file["text"])))
    assert len(rows) == 7
    first = rows[0]
    assert (first["synthetic"], first["indicator"], first["value"], first["change"]) == (
        *("false", "kar_gab_ratio"),
        *("93.1", "0.3"),
    )
    assert (first["status"], first["significant"], first["counts"]) == ("progress", "", "true")
    assert first["source"].startswith("http://docplayer.dk/")
    assert rows[5]["significant"] == "false"


def test_every_status_shown_is_the_stores(store):
    with session(store, "demo") as look:
        document = status(look, "demo-2007-2010", "demo-2010-07")
    page = overview_page(
        {"dataset": "demo", "policy": "demo-2007-2010", "round": "demo-2010-07"}, store
    )
    for goal in document["goals"]:
        name = text("da", f"status.short.{goal['status']}")
        assert f" {name} beregnet" in goal_words(page, goal["goal"])
    rows = list(csv.DictReader(io.StringIO(page["downloads"][0]["text"])))
    told = [one for goal in document["goals"] for one in goal["indicators"]]
    assert [row["status"] for row in rows] == [one["status"] or "" for one in told]


def test_no_cell_and_no_paragraph_is_empty(store):
    for state in ({}, {"policy": "sikker-by"}, {"policy": "national"}, {"dataset": "demo"}):
        page = overview_page(state, store)
        assert not re.search(r"<(p|td|th|h\d|dd|dt)[^>]*>\s*</\1>", page["html"])


def test_headings_go_down_one_step_at_a_time(store):
    for state in ({}, {"policy": "2007-2010"}, {"policy": "2019-2022"}, {"dataset": "demo"}):
        levels = [1, *map(int, re.findall(r"<h(\d)", overview_page(state, store)["html"]))]
        steps = [after - before for before, after in itertools.pairwise(levels)]
        assert max(steps) == 1
        ids = re.findall(r'id="([^"]+)"', overview_page(state, store)["html"])
        assert len(ids) == len(set(ids))


def test_a_page_that_fails_by_the_code_is_not_swallowed(store, monkeypatch):
    """Only errors that a reader can do something about become a page; others go to the log."""
    monkeypatch.setattr("barometer_lib.views.overview.status", lambda *_: {}["gone"])
    with pytest.raises(KeyError):
        overview_page({}, store)


def test_a_readers_kernel_stays_lean(store):
    script = (
        "import sys; from pathlib import Path; import barometer_lib.views;"
        "from barometer_lib.views.overview import overview_page;"
        f"page = overview_page({{'dataset': 'demo'}}, Path({str(store)!r}));"
        "assert page['error'] is None and page['html'];"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'plotly', 'scipy', 'statsmodels'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- sentences on rows that the stored figures do not hold


def aim(**given):
    """An indicator's row with a target of the given parts."""
    plain = {"form": "level", "value": 62.0, "unit": "percent", "direction": None, "period": None}
    more = {"applies_to": "city", "met": None, "distance": None}
    return {"unit": "percent", "decimals": 1, "target": plain | more | given}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (aim(), "mål: 62 pct."),
        (aim(met=False, distance=-1.15), "mål: 62 pct.; der mangler 1,2 procentpoint"),
        (aim(form="maximum", met=True, distance=-2.0), "mål: højst 62 pct.; målet er nået"),
        (aim(form="change", value=-30.0, met=False, distance=-15.8, period="2014"),
         "mål: et fald på 30 pct. (frist: 2014); indtil nu −15,8 pct."),
        (aim(form="change", value=5.0), "mål: en stigning på 5 pct."),
        (aim(form="direction", direction=None), "en retning (intet måltal vedtaget)"),
        (aim(form=None), "intet måltal set i kilderne"),
    ],
)  # fmt: skip
def test_targets_in_words(row, said):
    assert target(row, "da").replace(SPACE, " ") == said


@pytest.mark.parametrize(
    ("published", "computed", "said"),
    [
        ("setback", "setback", "giver det samme"),
        ("setback", "standstill", "bliver den en anden: stilstand"),
        ("setback", None, "Status er offentliggjort."),
        (None, "setback", "Status er beregnet efter reglen"),
    ],
)
def test_published_and_computed_verdicts_are_told_apart(published, computed, said):
    goal = {"status_published": published, "status_computed": computed}
    assert said in verdict(goal, "da")


def test_goals_are_counted_in_the_order_of_the_marks():
    said = counted(["setback", None, "progress", "setback"], "en")
    assert said == "1 goal in progress, 2 goals in setback and 1 goal without published figures"
    assert counted([], "da") == ""


def test_a_reason_of_an_indicator_serves_its_only_goal():
    goal = {"reason": "across_break", "rule": "since_previous", "facts": {}}
    assert goal_reason(goal, "da").startswith("Der er et databrud")


def test_choose_gives_the_nearest_or_the_default():
    allowed = ["2011-2014", "2015-2018"]
    assert pages.choose({}, "policy", allowed, "2015-2018") == ("2015-2018", None)
    assert pages.choose({"policy": "2011-2014"}, "policy", allowed, "x") == ("2011-2014", None)
    asked = {"policy": "2011-2013"}
    assert pages.choose(asked, "policy", allowed, "2015-2018") == ("2011-2014", "2011-2013")
    assert pages.choose({"policy": "?"}, "policy", allowed, "2015-2018") == ("2015-2018", "?")


def test_an_error_a_reader_can_mend_is_said_in_their_language():
    @pages.told_in_words
    def broken(state, store=None):  # noqa: ARG001 - a page function's form
        raise BarometerError("policy_without_rounds", policy="x")

    danish, english = broken({})["error"], broken({"lang": "en"})["error"]
    assert danish != english
    assert danish


# --- the start page


def test_the_start_page_tells_what_it_is_the_newest_round_and_the_pages(store):
    said = words_of(start_page("da", "published", store=store))
    newest = [
        (
            "Inklusionspolitik 2011-2014 ”Bland dig i byen”: Inklusionsbarometeret, januar 2013: "
            "2 mål i stilstand og 1 mål i tilbagegang."
        ),
        (
            "Integrationspolitik 2007-2010: Integrationsbarometeret, november 2008: "
            "3 indsatsområder i fremgang (meldt i ord, uden tal)."
        ),
        (
            "Integrationspolitik 2015-2018: Integrationsbarometeret, status for 2017 (marts 2018): "
            "1 hvidt mål (kan ikke vurderes). Beregnet, ikke offentliggjort."
        ),
        (
            "Sikker By (tryghed): Tryghedsundersøgelsen 2023 (juni 2023): "
            "1 mål kan ikke afgøres. Beregnet, ikke offentliggjort."
        ),
        (
            "Det nationale integrationsbarometer: Det nationale integrationsbarometer, "
            "november 2022: 2 grønne mål og 1 rødt mål. Beregnet, ikke offentliggjort."
        ),
    ]
    assert " ".join(newest) in said, "each policy once, the start policy first, the nation last"
    for title in ("Overblik", "Indikator", "ICC-indekset"):
        assert title in said
    assert "Målinger i barometeret 61" in said
    with session(store) as look:
        assert date(look.version.built[:10], "da") in said
    assert "Gå til demobyen" in said


def test_a_status_of_our_own_making_is_told_as_computed(store):
    computed = "Status er beregnet, ikke offentliggjort."
    for policy in ("national", "sikker-by", "2015-2018"):
        assert computed in words_of(overview_page({"policy": policy}, store)["html"]), policy
    assert computed not in words_of(overview_page({}, store)["html"])


def test_a_standstill_without_new_figures_says_so_at_once(store):
    said = words_of(overview_page({}, store)["html"]).split("Mål og indikatorer")[0]
    assert "Mere blandet leder- og medarbejderskare i kommunen (ingen nye tal)" in said
    assert said.count("(ingen nye tal)") == 1


def test_a_count_of_districts_tells_its_division_or_that_none_is_stated(store):
    unstated = "Kilden siger ikke, hvilken bydelsinddeling der er brugt."
    counted_ = {"policy": "sikker-by", "round": "2022-09"}
    assert unstated in words_of(overview_page(counted_, store)["html"])
    for round_ in ("2016", "2017", "2019"):
        page = overview_page({"policy": "sikker-by", "round": round_}, store)
        assert unstated not in words_of(page["html"])
        assert "Bydelene er: Tryghedsundersøgelsens egen inddeling" in words_of(page["html"])


def test_no_sentence_ends_with_two_stops(store):
    for round_ in ("2016", "2019", "2022-09", "2023-06"):
        page = overview_page({"policy": "sikker-by", "round": round_}, store)
        assert ".." not in words_of(page["html"])


def test_a_policy_without_a_round_speaks_of_none(store):
    said = words_of(overview_page({"policy": "2019-2022"}, store)["html"])
    assert "Der er ikke offentliggjort en målerunde" in said
    assert "Ingen offentliggjorte tal i denne målerunde." not in said.split("Mål og indikatorer")[1]


def test_the_start_page_links_keep_language_and_dataset(store):
    fragment = html.unescape(start_page("en", "demo", ("overview", "my_notes"), store))
    assert 'href="overview?lang=en&dataset=demo"' in fragment
    assert 'href="my_notes?lang=en&dataset=demo">My notes</a>' in fragment
    assert 'href="?lang=en&dataset=published"' in fragment
    assert "Synthetic figures · demo city" in fragment


def test_the_start_page_without_a_store_still_shows_what_there_is_to_open(tmp_path):
    said = words_of(start_page("da", "published", store=tmp_path / "none.json"))
    assert "Barometeret har ingen tal at vise lige nu: databasen mangler." in said
    assert "Overblik" in said
