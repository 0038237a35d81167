"""The indicator page and the index page: figures as published, choices that do not exist, words."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from barometer_lib.views.icc_index import icc_index_page
from barometer_lib.views.indicator import indicator_page

REPOSITORY = Path(__file__).resolve().parents[1]
HOSTILE = (
    "'; drop table measurement; --",
    "<script>alert(1)</script>",
    "demo-employment",
    "../../etc/passwd",
    "{{ 7 * 7 }}",
    "x" * 200,
    "\x00",
)
DEMO = {"dataset": "demo"}


@pytest.fixture(scope="module")
def store(built):
    return built


def words(html: str) -> str:
    """What a reader reads: no tags, single spaces."""
    plain = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


def key_sentence(page: Mapping[str, Any]) -> str:
    found = re.search(r'<p class="key-sentence">(.*?)</p>', page["html"], re.DOTALL)
    assert found is not None
    return words(found.group(1))


def part(page: Mapping[str, Any], name: str) -> str:
    """The words of one section of the page."""
    found = re.search(rf'aria-labelledby="part-{name}">(.*?)</section>', page["html"], re.DOTALL)
    assert found is not None, name
    return words(found.group(1))


def figure(page: Mapping[str, Any], name: str) -> dict[str, Any]:
    drawn: dict[str, Any] = next(one for one in page["charts"] if one["id"] == name)["figure"]
    return drawn


def file_rows(page: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    text = next(one["text"] for one in page["downloads"] if one["id"] == name)
    return list(csv.DictReader(io.StringIO(text)))


# --- the indicator page: what was published, as it was published


def test_opens_on_published_figures_in_danish(store: Path) -> None:
    page = indicator_page({}, store)
    assert page["error"] is None
    assert page["state"] == {
        "lang": "da",
        "dataset": "published",
        "indicator": "utryg_nabolag",
        "area": "101",
        "group": "residents:all",
    }
    assert key_sentence(page).startswith("Utrygge i nabolaget, København: 9 pct. i 2022.")


def test_every_city_figure_of_unsafety_as_printed(store: Path) -> None:
    page = indicator_page({}, store)
    printed = [(row["period"], row["value"]) for row in file_rows(page, "shown")]
    assert printed == [
        ("2009", "11.0"), ("2010", "11.0"), ("2014", "7.1"), ("2015", "6.6"), ("2016", "6.4"),
        ("2017", "9.0"), ("2018", "12.0"), ("2019", "9.0"), ("2021", "9.0"), ("2022", "9.0"),
    ]  # fmt: skip
    table = part(page, "table")
    assert "2016 6,4 pct." in table
    assert "2018 12 pct." in table
    assert "6,40" not in table


@pytest.mark.parametrize(
    ("indicator", "value", "change"),
    [
        ("kar_gab_ratio", "93,1 pct.", "+0,3 procentpoint"),
        ("ungdomsudd_andel", "77,2 pct.", "−2,4 procentpoint"),
        ("skole_fordeling_afvig", "49 pct.", "−1 procentpoint"),
        ("inst_fordeling_afvig", "38 pct.", "−1 procentpoint"),
        ("foranstaltning_9kl", "84 pct.", "−2 procentpoint"),
        ("overledighed", "10,8 procentpoint", "−0,3 procentpoint"),
    ],
)
def test_january_2013_as_published(store: Path, indicator: str, value: str, change: str) -> None:
    page = indicator_page({"indicator": indicator}, store)
    said = key_sentence(page)
    assert f"{value}, offentliggjort januar 2013 (periode ikke oplyst)" in said
    assert f"Ændringen siden forrige måling er {change}" in said
    assert page["charts"] == []  # one figure without a period makes no line
    assert "intet måltal for indikatoren i kilderne" in part(page, "newest")
    assert not re.search("tendens|trend", words(page["html"]), re.IGNORECASE)


def test_insignificance_and_no_new_figures_are_said(store: Path) -> None:
    insignificant = indicator_page({"indicator": "overledighed"}, store)
    assert "(ikke signifikant), som offentliggjort" in key_sentence(insignificant)
    repeated = indicator_page({"indicator": "ledere_minoritet"}, store)
    assert "1,5 pct." in key_sentence(repeated)
    assert "Der er ingen nye tal; det viste er det seneste kendte." in key_sentence(repeated)
    assert "Ændring" not in key_sentence(repeated)


def test_english_says_the_same(store: Path) -> None:
    page = indicator_page({"lang": "en", "indicator": "overledighed"}, store)
    assert page["lang"] == "en"
    assert "10.8 percentage points, published January 2013" in key_sentence(page)
    assert "−0.3 percentage points (not significant)" in key_sentence(page)


def test_published_verdict_stands_beside_the_computed_one(store: Path) -> None:
    page = indicator_page({"indicator": "kar_gab_ratio"}, store)
    said = part(page, "verdicts")
    assert "Målets status som offentliggjort: ▼ tilbagegang" in said
    assert "Målets status, beregnet: ▼ tilbagegang Beregningen giver det samme." in said
    assert "Indikatorens egen status, beregnet: ▲ fremgang" in said
    assert "3 indikatorer tæller: 1 den rigtige vej, 2 den forkerte vej" in said


@pytest.mark.parametrize(
    ("indicator", "dataset", "said"),
    [
        ("kar_gab_ratio", "published", "★ Indikatoren tæller med i målets status."),
        ("skole_fordeling_afvig", "published", "vises, men tæller ikke med i målets status."),
        ("nat_beskgab", "published", "Indikatoren indgår i beregningen af målets status."),
        ("utryg_aften_nat", "published", "vises, men indgår ikke i beregningen af målets status."),
        ("demo-managers", "demo", "★ Indikatoren tæller med i målets status."),
    ],
)
def test_stars_are_those_of_the_source(
    store: Path, indicator: str, dataset: str, said: str
) -> None:
    shown = part(indicator_page({"indicator": indicator, "dataset": dataset}, store), "verdicts")
    assert said in shown
    assert ("★" in shown) is said.startswith("★")


def test_a_reason_counts_in_the_words_of_its_rule(store: Path) -> None:
    national = part(indicator_page({"indicator": "nat_beskgab"}, store), "verdicts")
    assert "Af de indikatorer, der indgår i beregningen (2), går 2" in national
    assert "2 indikatorer indgår i beregningen: 2 den rigtige vej" in national
    assert "tæller" not in national
    english = part(indicator_page({"indicator": "nat_beskgab", "lang": "en"}, store), "verdicts")
    assert "Of the indicators that enter the computation (2), 2 moved" in english
    assert "2 indicators enter the computation: 2 the right way" in english


@pytest.mark.parametrize(
    ("lang", "value", "before"),
    [("da", "4 bydele", "5 bydele"), ("en", "4 districts", "5 districts")],
)
def test_a_count_says_what_it_counts(store: Path, lang: str, value: str, before: str) -> None:
    page = indicator_page({"indicator": "bydele_over_10", "lang": lang}, store)
    assert value in key_sentence(page)
    assert f'<strong class="figure-value">{value.replace(" ", chr(0xA0))}</strong>' in page["html"]
    table = part(page, "table")
    assert value in table
    assert before in table
    assert value in part(page, "verdicts")
    assert value not in words(page["downloads"][0]["text"]), "a file keeps number and unit apart"


@pytest.mark.parametrize(("lang", "value"), [("da", "karakterpoint"), ("en", "grade points")])
def test_a_mean_says_what_it_is_of(store: Path, lang: str, value: str) -> None:
    page = indicator_page({"indicator": "demo-exam-grade", "lang": lang, **DEMO}, store)
    assert re.search(rf"\d[,.]\d {value}", key_sentence(page))
    assert re.search(rf"[+−]\d[,.]\d {value}", key_sentence(page))
    assert value in part(page, "table")


def test_compared_figure_is_told_as_it_was_printed(store: Path) -> None:
    page = indicator_page({"round": "2017"}, store)
    assert page["state"]["round"] == "2017"
    assert "Sammenlignet med 6,4 pct. (2016)" in part(page, "verdicts")


def test_the_ended_indicator_names_its_successor_and_shares_no_line(store: Path) -> None:
    ended = indicator_page({"indicator": "utryg_nabolag"}, store)
    assert "ophører med 2022 og afløses af Trygge i nabolaget" in part(ended, "newest")
    assert 'data-state=\'{"indicator": "tryg_nabolag"}\'' in ended["html"]
    values = [y for trace in figure(ended, "history")["data"] for y in trace["y"]]
    assert max(y for y in values if y is not None) == 12
    successor = indicator_page({"indicator": "tryg_nabolag"}, store)
    assert "Foreløbig udvikling: der er kun 2" in key_sentence(successor)
    assert not re.search("tendens|trend", words(successor["html"]), re.IGNORECASE)
    assert "Indikatoren afløser Utrygge i nabolaget" in part(successor, "newest")


def test_years_without_a_survey_interrupt_the_line(store: Path) -> None:
    (line,) = [
        trace
        for trace in figure(indicator_page({}, store), "history")["data"]
        if trace["mode"] == "lines+markers"
    ]
    assert line["connectgaps"] is False
    before, after = line["x"].index(2010.5), line["x"].index(2014.5)
    assert line["y"][before + 1 : after] == [None]


def test_districts_name_their_division_and_say_what_is_not_known(store: Path) -> None:
    said = part(indicator_page({}, store), "districts")
    assert "undersøgelsens egen inddeling, ikke de ti officielle bydele" in said
    assert "2 af 13 bydele har offentliggjorte tal for 2019." in said
    assert "ligger over grænsen (højst 10 pct.): Ydre Nørrebro og Bispebjerg" in said
    assert "Østerbro ingen tal 2019" in said


def test_one_district_has_its_own_limit_and_breaks(store: Path) -> None:
    page = indicator_page({"area": "tu-bispebjerg"}, store)
    assert page["state"]["area"] == "tu-bispebjerg"
    assert "Stiplet linje: højst 10 pct." in part(page, "history")
    city = indicator_page({}, store)
    assert "Stiplet linje" not in part(city, "history")


# --- the demo city: breaks, hidden figures, revisions, groups


def test_synthetic_figures_are_marked_everywhere(store: Path) -> None:
    page = indicator_page(DEMO, store)
    assert page["html"].count("Syntetiske tal · demoby") >= 1 + len(page["charts"])
    for chart in page["charts"]:
        notes = [one.get("name") for one in chart["figure"]["layout"]["annotations"]]
        assert "synthetic" in notes, chart["id"]
    for download in page["downloads"]:
        assert download["filename"].startswith("syntetisk-")
        assert download["text"].startswith("synthetic,")
        rows = file_rows(page, download["id"])
        assert rows
        assert {row["synthetic"].casefold() for row in rows} == {"true"}
    published = indicator_page({}, store)
    assert "yntetisk" not in published["html"]
    assert not published["downloads"][0]["filename"].startswith("syntetisk-")


def test_a_hidden_figure_has_its_word_and_is_no_number(store: Path) -> None:
    choice = {"area": "demo-07", "group": "demo-origin:western"}
    page = indicator_page(DEMO | choice | {"indicator": "demo-young-charged"}, store)
    assert page["state"]["area"] == "demo-07"
    assert "2. halvår 2012 diskretioneret" in part(page, "table")
    (row,) = [one for one in file_rows(page, "shown") if one["period"] == "2012-S2"]
    assert (row["value"], row["numerator"], row["status"]) == ("", "", "suppressed")
    drawn = [
        (x, y)
        for trace in figure(page, "history")["data"]
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    assert [y for x, y in drawn if 2012.5 < x < 2013] == [None]


def test_a_break_parts_the_line_and_is_told(store: Path) -> None:
    page = indicator_page(DEMO | {"indicator": "demo-youth-education"}, store)
    lines = [t for t in figure(page, "history")["data"] if t["mode"] == "lines+markers"]
    assert [(min(t["x"]) < 2011, max(t["x"]) < 2011) for t in lines] == [
        (True, True),
        (False, False),
    ]
    assert "Databrud fra 1. halvår 2011" in part(page, "history")


def test_a_revision_is_noted_with_both_values(store: Path) -> None:
    choice = {"indicator": "demo-welfare", "group": "demo-origin:danish"}
    said = part(indicator_page(DEMO | choice, store), "table")
    assert "2. halvår 2010: 5,1 pct. blev 20. juli 2011 ændret til 5,3 pct." in said


def test_gap_is_the_difference_of_the_figures_shown(store: Path) -> None:
    page = indicator_page(DEMO | {"indicator": "demo-employment"}, store)
    assert [one["id"] for one in page["charts"]][:3] == ["history", "groups", "groups-gap"]
    newest = {
        row["group"]: float(row["value"])
        for row in file_rows(page, "all")
        if row["area"] == "demo-city" and row["period"] == "2014-S1"
    }
    gap = newest["demo-origin:immigrants-non-western"] - newest["demo-origin:danish"]
    shown = f"{gap:.1f}".replace("-", "−").replace(".", ",")
    assert f"1. halvår 2014 {shown} procentpoint" in part(page, "groups")


def test_uncertainty_and_n_stand_beside_the_figure(store: Path) -> None:
    said = part(indicator_page(DEMO | {"indicator": "demo-employment"}, store), "table")
    assert "1. halvår 2014 60,9 pct. 60,3-61,5 pct. 14.208 af 23.322" in said


def test_every_district_at_once(store: Path) -> None:
    page = indicator_page(DEMO | {"indicator": "demo-unsafe", "area": "districts"}, store)
    assert page["state"]["area"] == "districts"
    assert "10 bydele har offentliggjorte tal" in key_sentence(page)
    assert len({row["area"] for row in file_rows(page, "shown")}) == 10
    assert '<details class="details" id="table-all">' in page["html"]  # too long to stand open
    assert "table-all" not in indicator_page({}, store)["html"]


def test_comments_are_dated(store: Path) -> None:
    said = part(indicator_page(DEMO | {"indicator": "demo-welfare"}, store), "comments")
    assert "25. juli 2011, Demoby statistics office" in said


def test_the_round_in_the_address_is_the_one_judged(store: Path) -> None:
    choice = DEMO | {"indicator": "demo-employment", "policy": "demo-2011-2014"}
    page = indicator_page(choice | {"round": "demo-2014-01"}, store)
    assert page["state"]["round"] == "demo-2014-01"
    assert "Værdi 60,7 pct. Periode 2. halvår 2013" in part(page, "verdicts")
    unknown = indicator_page(choice | {"round": "2013-01"}, store)
    assert "round" not in unknown["state"]


# --- choices that do not exist


def test_a_near_miss_is_put_right_and_told(store: Path) -> None:
    page = indicator_page({"indicator": "utryg_nabolg"}, store)
    assert page["state"]["indicator"] == "utryg_nabolag"
    assert "Der findes ingen indikator »utryg_nabolg« med tal. Siden viser Utrygge" in words(
        page["html"]
    )


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["indicator", "area", "group", "round", "dataset", "lang"])
def test_hostile_choices_of_the_indicator_page(store: Path, name: str, value: str) -> None:
    page = indicator_page({name: value}, store)
    assert page["error"] is None
    assert value not in page["state"].values()
    assert "<script" not in page["html"]
    if name != "round":
        assert page["html"].lstrip().startswith('<div class="note note--warning">')


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["edition", "scope", "dataset", "lang"])
def test_hostile_choices_of_the_index_page(store: Path, name: str, value: str) -> None:
    page = icc_index_page({name: value}, store)
    assert page["error"] is None
    assert value not in page["state"].values()
    assert "<script" not in page["html"]
    assert page["html"].lstrip().startswith('<div class="note note--warning">')


@pytest.mark.parametrize("dataset", ["published", "demo"])
def test_every_choice_on_offer_gives_a_page(store: Path, dataset: str) -> None:
    first = indicator_page({"dataset": dataset}, store)
    for option in first["controls"][0]["options"]:
        for lang in ("da", "en"):
            state = {"dataset": dataset, "indicator": option["value"], "lang": lang}
            page = indicator_page(state, store)
            assert page["error"] is None
            assert not page["html"].lstrip().startswith('<div class="note note--warning">')
            assert {key: page["state"][key] for key in state} == state
            placed = set(re.findall(r'data-chart="([^"]+)"', page["html"]))
            assert placed == {chart["id"] for chart in page["charts"]}
            assert len(page["title"]) > 2


def test_a_readers_kernel_loads_no_table_libraries(store: Path) -> None:
    heavy = ("pandas", "numpy", "pyarrow", "plotly", "scipy", "statsmodels")
    asked = (
        "import sys; from barometer_lib.views.indicator import indicator_page as one; "
        "from barometer_lib.views.icc_index import icc_index_page as two; "
        f"assert one({{}}, {str(store)!r})['error'] is None; two({{}}, {str(store)!r}); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr


# --- the index page


def test_the_home_citys_path_as_published(store: Path) -> None:
    said = part(icc_index_page({}, store), "path")
    assert "foråret 2011: 66 point, 5. plads (delt) blandt 20 byer, netværksbyerne" in said
    assert "januar 2012: 66 point, 8. plads (delt) blandt 34 byer, alle byer" in said
    large = "byer med over 200.000 indbyggere (antallet af byer er ikke oplyst)"
    assert f"74 point, 4. plads blandt {large}" in said
    assert said.index("foråret 2011: 66") < said.index("74 point, 4. plads")


def test_opening_edition_says_all_a_rank_needs(store: Path) -> None:
    page = icc_index_page({}, store)
    assert (page["state"]["edition"], page["state"]["scope"]) == ("2012-01", "all")
    assert (
        "København: 8. plads (delt) blandt 34 byer, alle byer, januar 2012, 66 point "
        "(offentliggjort)." in part(page, "ranking")
    )
    assert "Kun 1 by i feltet har en offentliggjort placering" in part(page, "ranking")
    assert "Der er kun pointtal for 1 af feltets 34 byer." in part(page, "ranking")


def test_an_edition_opens_in_a_scope_that_has_ranks(store: Path) -> None:
    assert icc_index_page({"edition": "2011-spring"}, store)["state"]["scope"] == "members"
    quarter = icc_index_page({"edition": "2012-Q1"}, store)
    assert quarter["state"]["scope"] == "population-over-200000"
    assert "antallet af byer er ikke oplyst" in part(quarter, "ranking")
    assert "44" not in part(quarter, "ranking")


def test_a_scope_without_ranks_says_so_and_points_on(store: Path) -> None:
    page = icc_index_page({"edition": "2012-Q1", "scope": "all"}, store)
    said = part(page, "ranking")
    assert "Der er ingen placeringer i udgaven begyndelsen af 2012 (1. kvartal), alle byer." in said
    assert "har placeringer i: byer med over 200.000 indbyggere" in said
    assert "København 74 point" in said  # a score without a rank stands apart
    assert "feltets størrelse" in said.casefold()


def test_no_neighbouring_field_size_is_borrowed(store: Path) -> None:
    page = icc_index_page({"edition": "2012-Q1"}, store)
    rows = file_rows(page, "ranking")
    assert [(row["city"], row["rank"], row["of"]) for row in rows] == [("copenhagen", "4", "")]


def test_ranks_of_every_edition_and_scope_are_never_alone(store: Path) -> None:
    first = icc_index_page({}, store)
    ranked = 0
    for edition in first["controls"][0]["options"]:
        for scope in first["controls"][1]["options"]:
            state = {"edition": edition["value"], "scope": scope["value"]}
            page = icc_index_page(state, store)
            assert {key: page["state"][key] for key in state} == state
            rows = [row for row in file_rows(page, "ranking") if row["rank"]]
            ranked += len(rows)
            assert all(row["edition"] and row["scope"] and row["kind"] for row in rows)
            if rows:
                assert f"{edition['label']}, {scope['label']}" in part(page, "ranking")
    assert ranked == 14


def test_scores_without_edition_and_claims_stand_apart(store: Path) -> None:
    page = icc_index_page({}, store)
    assert "Pointtal uden oplyst udgave" in part(page, "ranking")
    assert "Salisbury 77 point" in part(page, "ranking")
    claims = part(page, "claims")
    assert "København 3. plads 2012 (tidspunkt på året ikke oplyst) ikke oplyst" in claims
    assert "ikke entydigt oplyst" in claims
    assert "3. plads" not in part(page, "path") + part(page, "ranking")


def test_a_field_of_unknown_size_is_told_in_plain_words(store: Path) -> None:
    danish = key_sentence(icc_index_page({}, store))
    told = "4. plads blandt byer med over 200.000 indbyggere (antallet af byer er ikke oplyst)"
    assert told in danish
    english = key_sentence(icc_index_page({"lang": "en"}, store))
    told = "4th place among cities above 200,000 inhabitants (the number of cities is not stated)"
    assert told in english


@pytest.mark.parametrize("lang", ["da", "en"])
def test_english_notes_are_marked_as_english(store: Path, lang: str) -> None:
    html = icc_index_page({"lang": lang}, store)["html"]
    quoted = [unescape(words) for words in re.findall(r'<span class="meta" lang="en">(.*?)<', html)]
    for note in ("storbyer / cities > 200,000", "larger cities", "c. 2008-2010 pilot"):
        assert [words[1:-1] for words in quoted].count(note) == 1, note
        assert unescape(html).count(note) == 1, "nowhere without its language"


def test_what_a_rank_means_shows_how_the_field_grew(store: Path) -> None:
    page = icc_index_page({}, store)
    said = part(page, "meaning")
    assert "Feltet er vokset fra 11 til 103 byer." in said
    assert "maj 2014 59" in said
    assert "maj 2014 60" in said
    assert len(file_rows(page, "fields")) == 27
    assert "Vægtene er ikke set." in part(page, "about")


def test_computed_ranks_are_marked_computed(store: Path) -> None:
    page = icc_index_page(DEMO, store)
    said = part(page, "ranking")
    assert "Demoby: 5. plads blandt 150 byer, alle byer, 2014 (syntetisk), 77,5 point" in said
    assert "(beregnet)" in said
    assert "(offentliggjort)" not in said
    assert [one["id"] for one in page["charts"]] == ["path", "ranking", "profile", "change"]
    assert all(one["filename"].startswith("syntetisk-") for one in page["downloads"])
    english = icc_index_page(DEMO | {"lang": "en"}, store)
    assert "5th place among 150 cities" in part(english, "ranking")
