"""A figure that is told rounded says so wherever a reader meets it: pages, commands, files."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import shared_store
from barometer_lib.build import build
from barometer_lib.cli import main
from barometer_lib.store import session
from barometer_lib.views.indicator import indicator_page
from barometer_lib.views.overview import overview_page

DATA = shared_store.REPOSITORY / "data"
DEMO = {"dataset": "demo"}
MARK = {"da": "(afrundet)", "en": "(rounded)"}
NOTE = {"da": "Tal mærket »afrundet«", "en": "Figures marked"}
INDICATOR = "demo-employment"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data with the demo city's share in employment told rounded to fives."""
    home = tmp_path_factory.mktemp("rounded")
    shutil.copytree(DATA, home / "data")
    page = home / "data" / "catalogue" / "demo" / "disclosure.yml"
    rules = yaml.safe_load(page.read_text("utf-8"))
    rule = {"id": "demo-employed", "source": "demo-statistics-office", "base": 5}
    rule |= {"indicators": [INDICATOR, "demo-employment-gap"], "rounding": "controlled"}
    rule["worked_out"] = rules[0]["worked_out"][:1]
    page.write_text(yaml.safe_dump([*rules, rule]), "utf-8")
    build(home / "data", home / "barometer.json")
    return home / "barometer.json"


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def asked(store: Path, *words: str) -> str:
    done = CliRunner().invoke(main, [*words, "--dataset", "demo", "--store", str(store)])
    assert done.exit_code == 0, done.output
    return done.stdout


def rounded_rows(store: Path) -> list[dict[str, Any]]:
    with session(store, "demo") as look:
        return look.rows("select * from measurement where rounded_to is not null")


def test_the_store_marks_the_figures(store: Path) -> None:
    rows = rounded_rows(store)
    assert {(row["indicator"], row["rounded_to"]) for row in rows} == {(INDICATOR, 5)}
    assert len(rows) > 50


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_indicator_page_says_it(store: Path, lang: str) -> None:
    page = indicator_page({**DEMO, "indicator": INDICATOR, "lang": lang}, store)
    words = plain(page["html"])
    assert words.count(NOTE[lang]) == 1
    key = re.search(r'<p class="key-sentence">(.*?)</p>', page["html"], re.DOTALL)
    assert key is not None
    assert MARK[lang] in plain(key[1])
    card = re.search(r'<strong class="figure-value">(.*?)</strong>', page["html"])
    assert card is not None
    assert card[1].endswith(MARK[lang])
    # every value that a chart tells where a reader points at it
    hovers = [
        words
        for chart in page["charts"]
        for trace in chart["figure"]["data"]
        for words in trace.get("hovertext", ())
        if re.search(r"\d(?: pct\.|%| procentpoint| percentage)", words.replace("\xa0", " "))
    ]
    assert len(hovers) > 20
    assert [one for one in hovers if MARK[lang] not in one.replace("\xa0", " ")] == []
    # the tables behind the charts, and that of all figures
    tables = re.findall(r"<table.*?</table>", page["html"], re.DOTALL)
    figures = [one for one in tables if 'class="num"' in one and MARK[lang] in plain(one)]
    assert len(figures) == len(page["charts"]) + 1
    for table in figures:
        cells = re.findall(r'<t[dh][^>]*class="num"[^>]*>(.*?)</t[dh]>', table)
        values = [one for one in cells if re.match(r"[\d,.]+(\xa0pct\.|%)", one)]
        assert [one for one in values if MARK[lang] not in one.replace("\xa0", " ")] == []


def test_files_carry_the_base_in_a_column(store: Path) -> None:
    page = indicator_page({**DEMO, "indicator": INDICATOR}, store)
    for one in page["downloads"]:
        rows = list(csv.DictReader(io.StringIO(one["text"])))
        told = {row["rounded_to"] for row in rows if row["value"]}
        assert told == {"5"}
        assert {row["rounded_to"] for row in rows if row["status"] == "suppressed"} <= {""}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_overview_says_it(store: Path, lang: str) -> None:
    state = {**DEMO, "lang": lang, "policy": "demo-2011-2014"}
    page = overview_page(state, store)
    words = plain(page["html"])
    assert words.count(NOTE[lang]) == 1
    cards = re.findall(r'<li class="card">.*?</li>', page["html"], re.DOTALL)
    mine = [one for one in cards if f"indicator={INDICATOR}&" in one.replace("&amp;", "&")]
    assert mine
    for one in mine:
        value = re.search(r'<p class="figure-value">(.*?)</p>', one)
        assert value is not None
        assert MARK[lang] in plain(value[1])
        # the small line's words, for those who do not see it
        told = re.search(r'aria-label="([^"]*)"', one)
        assert told is None or MARK[lang] in told[1].replace("\xa0", " ")
    others = [one for one in cards if one not in mine and "figure-value" in one]
    assert others
    assert not any(MARK[lang] in one for one in others)
    (file,) = page["downloads"]
    told = {
        row["indicator"]: row["rounded_to"] for row in csv.DictReader(io.StringIO(file["text"]))
    }
    assert told[INDICATOR] == "5"
    assert set(told.values()) == {"5", ""}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_trend_and_status_say_it(store: Path, lang: str) -> None:
    table = asked(store, "trend", INDICATOR, "--lang", lang)
    assert NOTE[lang] in table
    lines = [one for one in table.splitlines() if re.search(r"\d{4}-\d\d-\d\d", one)]
    assert lines
    assert all(MARK[lang] in one.replace("\xa0", " ") for one in lines)
    status = asked(store, "status", "--policy", "demo-2011-2014", "--lang", lang)
    assert NOTE[lang] in status
    assert MARK[lang] in status.replace("\xa0", " ")


def test_json_and_csv_carry_the_base(store: Path) -> None:
    found = json.loads(asked(store, "trend", INDICATOR, "--format", "json"))
    assert found["rounded_to"] == 5
    assert {one["rounded_to"] for one in found["points"] if one["value"] is not None} == {5}
    rows = list(csv.DictReader(io.StringIO(asked(store, "trend", INDICATOR, "--format", "csv"))))
    assert {row["rounded_to"] for row in rows if row["value"]} == {"5"}
    status = json.loads(asked(store, "status", "--policy", "demo-2011-2014", "--format", "json"))
    told = {
        one["indicator"]: one["rounded_to"]
        for goal in status["goals"]
        for one in goal["indicators"]
    }
    assert told[INDICATOR] == 5
    assert None in told.values()


def test_nothing_is_called_rounded_that_is_not(built: Path) -> None:
    page = indicator_page({**DEMO, "indicator": INDICATOR, "lang": "en"}, built)
    assert "rounded" not in plain(page["html"]).lower()
    assert "rounded" not in plain(overview_page({**DEMO, "lang": "en"}, built)["html"]).lower()
    found = json.loads(asked(built, "trend", INDICATOR, "--format", "json"))
    assert found["rounded_to"] is None
