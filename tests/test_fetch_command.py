"""`barometer fetch` at the command line, and the guide to it, against a local server."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pytest
from click.testing import CliRunner

from barometer_lib.cli import main
from barometer_lib.cli.fetch import _Telling
from barometer_lib.deliveries.connectors import Wanted, client
from guides import Folder, blocks
from server_double import Offices, Trouble, table, variable
from shared_store import REPOSITORY

ORIGIN = {"00": "Total", "10": "Danish", "25": "Immigrants", "35": "Descendants"}
YEARS = [str(year) for year in range(2008, 2021)]


@pytest.fixture
def offices():
    with Offices() as running:
        running.tables["RAS200"] = table(
            "RAS200",
            [
                variable("OMRÅDE", "område", ["000", "101"]),
                variable("HERKOMST", "herkomst", ORIGIN),
                variable("ALDER", "alder", ["16-64"]),
                variable("KØN", "køn", ["TOT"]),
                variable("BEREGNING", "frekvens", ["BFK"]),
                variable("Tid", "tid", YEARS, time=True),
            ],
        )
        running.tables["STRAFNA9"] = table(
            "STRAFNA9",
            [
                variable("KØN", "køn", ["TOT", "M"], elimination=True),
                variable("HERKOMST", "herkomst", ["TOT", "21", "25", "35"]),
                variable("Tid", "tid", ["2018", "2019", "2020"], time=True),
            ],
            suppressedDataValue=None,
        )
        running.datasets["lfsa_ergan"] = {
            "citizen": {"NAT": "National", "FOR": "Foreign", "TOTAL": "Total"},
            "geo": {"DK": "Denmark"},
            "time": {"2023": "2023", "2024": "2024"},
        }
        yield running


@pytest.fixture
def fetch(offices, tmp_path, monkeypatch):
    """Runs `barometer fetch ...` with tmp_path as the folder of deliveries."""
    monkeypatch.setenv("BAROMETER_STATBANK", f"{offices.base}/v1")
    monkeypatch.setenv("BAROMETER_EUROSTAT", f"{offices.base}/statistics/1.0")
    monkeypatch.delenv("BAROMETER_LANG", raising=False)
    monkeypatch.setattr(client.Client, "pause", 0.0)
    monkeypatch.setattr(client.Client.__init__, "__defaults__", quick(client.Client))

    def run(*arguments, into=True):
        given = [*arguments, *(["--into", str(tmp_path)] if into else [])]
        return CliRunner().invoke(main, ["fetch", *given], prog_name="barometer")

    return run


def quick(kind):
    """The client's usual settings without the pause and with short waits."""
    found = list(kind.__init__.__defaults__)
    found[1], found[2] = 0.0, 0.01
    return tuple(found)


def test_what_was_saved_is_told_in_both_languages(fetch, tmp_path):
    done = fetch("statbank", "--recipe", "ras200-employment-by-origin")
    assert done.exit_code == 0, done.stderr
    assert "Gemt:" in done.stdout
    assert "RAS200.csv: 104 rækker" in done.stdout
    assert "dokumentation" in done.stdout
    [folder] = tmp_path.glob("*/*")
    assert str(folder) in done.stdout.replace("\n", "")
    done = fetch(
        "statbank", "strafna9", "--select", "herkomst=TOT,25", "--select", "Tid=*", "--lang", "en"
    )
    assert done.exit_code == 0, done.stderr
    assert "STRAFNA9.csv: 6 rows" in done.stdout


def test_json_carries_the_facts(fetch, tmp_path):
    select = ["--select", "HERKOMST=*", "--select", "Tid=2020", "--format", "json"]
    done = fetch("statbank", "STRAFNA9", *select, "--answer", "json-stat", "--name", "crime")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("folder").startswith(f"{tmp_path.as_posix()}/crime/")
    assert found == {
        "table": "STRAFNA9",
        "updated": "2021-12-13T08:00:00",
        "holds": "evidence",
        "calls": 1,
        "resumed": 0,
        "files": [{"file": "STRAFNA9.json", "rows": 4}],
        "warnings": [{"code": "subtotals", "variable": "HERKOMST", "codes": "21"}],
    }


def test_eurostat_is_asked_in_its_own_words(fetch, offices):
    done = fetch("eurostat", "lfsa_ergan", "--select", "time=2024", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["files"] == [{"file": "lfsa_ergan.json", "rows": 3}]
    assert offices.figures[0].path.endswith("?format=JSON&lang=EN&time=2024")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["statbank"], 2, "--recipe"),
        (["statbank", "STRAFNA9", "--select", "HERKOMST"], 1, "HERKOMST"),
        (["statbank", "STRAFNA9", "--select", "HERKOMTS=25"], 1, "Mente du"),
        (["statbank", "RAS999"], 1, "Tabel findes ikke: RAS999"),
        (["statbank", "--recipe", "ras200"], 1, "ras200-employment-by-origin"),
        (["statbank", "STRAFNA9", "--indicator", "x"], 1, "opskrift"),
        (["eurostat", "lfsa_ergan", "--select", "geo=SE"], 1, "lfsa_ergan"),
        (["eurostat", "lfsa_ergan", "--answer", "csv"], 2, "--answer"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(fetch, tmp_path, arguments, code, said):
    done = fetch(*arguments)
    assert done.exit_code == code, done.output
    assert isinstance(done.exception, SystemExit)
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_faults_come_as_json_too(fetch):
    done = fetch("statbank", "STRAFNA9", "--select", "HERKOMST=99", "--format", "json")
    assert done.exit_code == 1
    faults = json.loads(done.stdout)["faults"]
    assert [(one["code"], one["column"]) for one in faults] == [
        ("fetch_no_code", "HERKOMST"),
        ("fetch_variable_needed", "Tid"),
    ]


def test_recipes_are_listed(fetch):
    done = fetch("recipes", "--format", "json", into=False)
    found = {one["name"]: one for one in json.loads(done.stdout)}
    assert len(found) == 13
    assert found["ras200-employment-by-origin"]["select"]["HERKOMST"] == list(ORIGIN)
    danish, english = fetch("recipes", into=False), fetch("recipes", "--lang", "en", into=False)
    for name, one in found.items():
        assert name in danish.stdout
        assert one["title"]["da"] in danish.stdout
        assert one["title"]["en"] in english.stdout
    assert "persons_fte" in english.stdout


class Clock:
    """A clock that stands until it is set."""

    now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    standing = Clock()
    monkeypatch.setattr("barometer_lib.cli.fetch.time", standing)
    return standing


def test_a_quick_fetch_says_nothing_on_the_way(clock, capsys):
    telling = _Telling(Wanted("X"))
    clock.now += 1.9
    for code, fields in (
        ("asked", {"table": "X", "cells": 9}),
        ("part", {"number": 1, "parts": 1}),
    ):
        telling(code, **fields)
    telling("bytes", count=10)
    telling("wait", seconds=1.0, why="half")
    assert capsys.readouterr().err == ""


def test_a_long_fetch_says_how_far_it_is_once_a_second(clock, capsys):
    telling = _Telling(Wanted("X", lang="en"))
    telling("part", number=2, parts=5)
    clock.now += 2.0
    telling("bytes", count=1_500_000)
    clock.now += 0.9
    telling("bytes", count=1_600_000)
    clock.now += 0.1
    telling("bytes", count=2_500_000)
    telling("wait", seconds=40.2, why="timeout")
    telling("wait", seconds=30, why="HTTP 503")
    telling("resumed", have=2, parts=5)
    assert capsys.readouterr().err.splitlines() == [
        "Call 2 of 5: 1.5 MB",
        "Call 2 of 5: 2.5 MB",
        "Waits 40 s (no answer in time)",
        "Waits 30 s (HTTP 503)",
        "Goes on where it stopped: 2 of 5 answers are here.",
    ]


def test_a_broken_fetch_says_that_it_goes_on(fetch, offices, monkeypatch):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 60)
    offices.script = [None, Trouble(400, body="{}")]
    asked = ["statbank", "--recipe", "ras200-employment-by-origin"]
    assert fetch(*asked).exit_code == 1
    done = fetch(*asked)
    assert (done.exit_code, offices.script) == (0, [])
    assert "1 af 2 svar er her" in done.stderr


def test_the_guide_works_from_top_to_bottom(offices, tmp_path):
    folder = Folder(tmp_path, built=False)
    folder.environment |= {
        "BAROMETER_STATBANK": f"{offices.base}/v1",
        "BAROMETER_EUROSTAT": f"{offices.base}/statistics/1.0",
        "NO_PROXY": "127.0.0.1",
    }
    page = REPOSITORY / "docs" / "fetch.md"
    done = []
    for block in blocks(page):
        if "append" in block.extras:
            folder._write(block)
        if block.kind == "python":
            done.append((block.text, folder.start(sys.executable, "-c", block.text)))
        if block.kind == "sh":
            done += [(line, folder.command(line)) for line in block.text.splitlines()]
    assert [(line, one.stdout) for line, one in done if one.returncode] == []
    verbs = [shlex.split(line)[1] for line, _ in done if line.startswith("barometer ")]
    assert verbs == ["fetch"] * 5 + ["check"]
    found = (tmp_path / "data" / "deliveries").glob("*/*/delivery.yml")
    assert {path.parent.parent.name for path in found} >= {
        "ras200-employment-by-origin",
        "ras200-since-2015",
        "statbank-strafna9",
        "eurostat-lfsa_ergan",
    }
    since = tmp_path.glob("data/deliveries/ras200-since-2015/*/RAS200.csv")
    years = set(re.findall(r"BFK;(\d{4});", next(since).read_text("utf-8")))
    assert years == {"2015", "2016", "2017", "2018", "2019", "2020"}


def test_the_guide_names_what_there_is(fetch):
    """Options and files of the guide exist."""
    text = (REPOSITORY / "docs" / "fetch.md").read_text("utf-8")
    manual = fetch("statbank", "--help", into=False).stdout
    for option in set(re.findall(r"--[a-z]+", text)):
        assert option in manual, option
    for link in re.findall(r"\]\(([a-z-]+\.md)\)", text):
        assert (REPOSITORY / "docs" / link).is_file(), link
