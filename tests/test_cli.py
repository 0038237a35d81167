"""The command line: answers, formats, languages, exit codes; and no traceback for bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from barometer_lib.cli import main
from shared_store import REPOSITORY, environment, pointer

RELEASE = "http://docplayer.dk/63407069-Nye-tal-paa-inklusionsbarometret-januar-2013.html"
STATUS_KEYS = {"policy", "round", "goals"}
GOAL_KEYS = {
    "goal", "number", "status", "status_computed", "lead_committee", "contributing_committees",
    "indicators",
}  # fmt: skip
INDICATOR_KEYS = {
    "indicator", "value", "unit", "change", "change_unit", "significant", "counts", "status",
    "reason", "source",
}  # fmt: skip
RANK_KEYS = {"city", "score", "rank", "tied", "of", "kind", "source"}
HEAVY = {"pandas", "scipy", "statsmodels", "plotly", "voila", "matplotlib", "ipywidgets"}


@pytest.fixture(autouse=True)
def _the_tests_store(monkeypatch):
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))
    monkeypatch.delenv("BAROMETER_LANG", raising=False)


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(main, list(arguments), prog_name="barometer")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def spoken(*arguments: str) -> str:
    """What a person reads, with ordinary spaces where the words keep a unit by its number."""
    done = run(*arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout.replace("\u00a0", " ")


def told(*arguments: str) -> dict:
    done = run(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"not JSON: {name}"))


def as_rows(*arguments: str) -> list[dict[str, str]]:
    done = run(*arguments, "--format", "csv")
    assert done.exit_code == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


# The release of January 2013


def test_the_release_of_january_2013():
    content = told("status", "--policy", "2011-2014", "--round", "2013-01")
    assert (content["policy"], content["round"]) == ("2011-2014", "2013-01")
    goals = [
        (goal["number"], goal["status"], goal["status_published"], goal["status_computed"])
        for goal in content["goals"]
    ]
    assert goals == [
        (1, "setback", "setback", "setback"),
        (2, "standstill", "standstill", "standstill"),
        (3, "standstill", "standstill", "standstill"),
    ]
    figures = [
        tuple(
            one[key] for key in ("indicator", "value", "change", "significant", "counts", "status")
        )
        for goal in content["goals"]
        for one in goal["indicators"]
    ]
    assert figures == [
        ("kar_gab_ratio", 93.1, 0.3, None, True, "progress"),
        ("ungdomsudd_andel", 77.2, -2.4, None, True, "setback"),
        ("skole_fordeling_afvig", 49.0, -1.0, None, False, None),
        ("inst_fordeling_afvig", 38.0, -1.0, None, False, None),
        ("foranstaltning_9kl", 84.0, -2.0, None, True, "setback"),
        ("overledighed", 10.8, -0.3, False, True, "standstill"),
        ("ledere_minoritet", 1.5, None, None, True, "no_new_figures"),
    ]
    for goal in content["goals"]:
        assert goal["lead_committee"] is None
        assert goal["contributing_committees"] is None
        for one in goal["indicators"]:
            assert one["source"] == RELEASE
            assert one["unit"] == (
                "percentage_points" if one["indicator"] == "overledighed" else "percent"
            )
            assert one["change_unit"] in ("percentage_points", None)
            assert one["period"] is None


def test_status_has_the_keys_that_are_promised():
    content = told("status", "--policy", "2011-2014", "--round", "2013-01")
    assert set(content) >= STATUS_KEYS
    for goal in content["goals"]:
        assert set(goal) >= GOAL_KEYS
        assert all(set(one) >= INDICATOR_KEYS for one in goal["indicators"])


def test_json_is_the_same_each_time_and_codes_do_not_follow_the_language():
    asked = ("status", "--policy", "2011-2014", "--format", "json")
    assert run(*asked).stdout == run(*asked).stdout

    def codes(content: object) -> object:
        if isinstance(content, dict):
            return {k: codes(v) for k, v in content.items() if not k.endswith("_label")}
        return [codes(one) for one in content] if isinstance(content, list) else content

    danish, english = told(*asked[:-2], "--lang", "da"), told(*asked[:-2], "--lang", "en")
    assert codes(danish) == codes(english)
    assert danish["goals"][1]["goal_label"] == "Flere i arbejde"
    assert english["goals"][1]["goal_label"] == "More people in work"


def test_status_for_people_in_danish_and_english():
    danish = spoken("status", "--policy", "2011-2014")
    assert "Flere unge styrket ud af folkeskolen: tilbagegang (offentliggjort)" in danish
    assert "93,1 pct." in danish
    assert "−2,4 procentpoint" in danish
    english = spoken("status", "--policy", "2011-2014", "--lang", "en")
    assert "setback (published)" in english
    assert "−2.4 percentage points" in english


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_title_stands_once(lang):
    for policy in ("2011-2014", "2015-2018", "sikker-by", "national"):
        said = run("status", "--policy", policy, "--lang", lang).stdout
        for goal in told("status", "--policy", policy, "--lang", lang)["goals"]:
            assert said.count(goal["goal_label"]) == 1
    content = told("trend", "utryg_nabolag", "--lang", lang)
    said = run("trend", "utryg_nabolag", "--lang", lang).stdout
    assert said.count(content["indicator_label"]) == 1
    assert said.splitlines()[0].startswith(content["indicator_label"])


@pytest.mark.parametrize(("lang", "value"), [("da", "4 bydele"), ("en", "4 districts")])
def test_a_count_says_what_it_counts(lang, value):
    asked = ("--policy", "sikker-by", "--round", "2022-09", "--lang", lang)
    assert f" {value} " in spoken("status", *asked)
    assert f" {value} " in spoken("trend", "bydele_over_10", "--lang", lang)
    assert told("trend", "bydele_over_10", "--lang", lang)["points"][-1]["unit"] == "count"


def test_stars_stand_only_where_the_source_has_them():
    starred = spoken("status", "--policy", "2011-2014")
    assert "indikator (* tæller)" in starred
    assert "* Ledere med etnisk minoritetsbaggrund" in starred
    for policy in ("2015-2018", "sikker-by", "national"):
        plain = spoken("status", "--policy", policy)
        assert "*" not in plain
        assert "indgår i beregningen" in plain
    assert "vises, men indgår ikke i beregningen" in spoken("status", "--policy", "sikker-by")
    assert "enters the computation" in spoken("status", "--policy", "national", "--lang", "en")


def test_status_as_csv():
    rows = as_rows("status", "--policy", "2011-2014")
    assert [row["indicator"] for row in rows][:2] == ["kar_gab_ratio", "ungdomsudd_andel"]
    assert (rows[1]["value"], rows[1]["change"], rows[1]["goal_status"]) == (
        "77.2", "-2.4", "setback",
    )  # fmt: skip


def test_a_table_without_rows_keeps_its_header():
    done = run("status", "--policy", "2007-2010", "--format", "csv")
    assert done.stdout.startswith("goal,number,goal_status,indicator,value")
    assert len(done.stdout.splitlines()) == 1
    assert run("rank", "icc", "--scope", "members", "--format", "csv").stdout.startswith("city,")


def test_a_committee_sees_the_goals_that_name_it():
    content = told("status", "--policy", "2011-2014", "--committee", "biu")
    assert content["goals"] == []
    assert {goal["lead_committee"] for goal in content["goals_without_figures"]} == {"BIU"}
    assert told("status", "--policy", "2011-2014", "--committee", "ØU")["goals"] == []


def test_published_figures_without_a_base_are_white():
    content = told("status", "--policy", "2015-2018")
    [goal] = content["goals"]
    assert (goal["status"], goal["reason"]) == ("white", "no_base_value")
    assert {one["reason"] for one in goal["indicators"]} == {"no_base_value"}


def test_safety_counts_districts():
    [goal] = told("status", "--policy", "sikker-by", "--round", "2022-09")["goals"]
    assert goal["status"] == "not_met"
    assert (goal["facts"]["count"], goal["facts"]["at_least"]) == (4, False)


def test_a_policy_of_words_only():
    content = told("status", "--policy", "2007-2010")
    assert content["goals"] == []
    assert [one["status"] for one in content["statements"]] == ["progress"] * 3


# Ranks


@pytest.mark.parametrize(
    ("edition", "scope", "city", "score", "rank", "tied", "of"),
    [
        ("2011-spring", "members", "copenhagen", 66.0, 5, True, 20),
        ("2012-01", "all", "copenhagen", 66.0, 8, True, 34),
        ("2012-Q1", "population-over-200000", "copenhagen", 74.0, 4, False, None),
    ],
)
def test_copenhagens_published_ranks(edition, scope, city, score, rank, tied, of):
    content = told("rank", "icc", "--edition", edition, "--scope", scope)
    assert (content["index"], content["edition"], content["scope"]) == ("icc", edition, scope)
    [row] = content["rows"]
    assert set(row) >= RANK_KEYS
    found = tuple(row[key] for key in ("city", "score", "rank", "tied", "of", "kind"))
    assert found == (city, score, rank, tied, of, "published")
    assert row["source"]


def test_a_rank_for_people_has_edition_field_and_tie():
    danish = spoken("rank", "icc", "--edition", "2012-01", "--scope", "all")
    assert "januar 2012" in danish
    assert "8. plads (delt)" in danish
    assert "34" in danish
    english = run(
        "rank", "icc", "--edition", "2012-Q1", "--scope", "population-over-200000", "--lang", "en"
    ).stdout
    assert "4 of (field size not stated)" in english


def test_ranks_are_not_computed_over_part_of_a_field():
    content = told("rank", "icc", "--edition", "2012-01")
    assert content["computed_refused"] == {"reason": "field_incomplete", "scored": 1, "of": 34}
    assert {row["kind"] for row in content["rows"]} == {"published"}


def test_computed_ranks_of_the_demo_city_are_marked():
    sql = "select \"index\", edition from index_rank where kind = 'computed' order by 2 limit 1"
    [row] = told("query", sql, "--dataset", "demo")["rows"]
    content = told("rank", row["index"], "--edition", row["edition"], "--dataset", "demo")
    computed = [one for one in content["rows"] if one["kind"] == "computed"]
    assert computed
    assert all(one["synthetic"] for one in content["rows"])
    scores = [one["score"] for one in computed]
    for one in computed:
        assert one["rank"] == 1 + sum(other > one["score"] for other in scores)
        assert one["tied"] is (scores.count(one["score"]) > 1)
        assert one["of"] == len(computed)


# Series


def test_unsafe_ends_and_is_not_the_mirror_of_safe():
    content = told("trend", "utryg_nabolag")
    assert [point["value"] for point in content["points"]] == [
        11.0, 11.0, 7.1, 6.6, 6.4, 9.0, 12.0, 9.0, 9.0, 9.0,
    ]  # fmt: skip
    assert (content["ends"], content["successor"]) == ("2022", "tryg_nabolag")
    assert (content["evidence"], content["direction"]) == ("trend", "not_distinguishable")
    safe = told("trend", "tryg_nabolag")
    assert [point["value"] for point in safe["points"]] == [85.0, 87.0]
    assert (safe["evidence"], safe["trend"]) == ("change", None)


def test_a_district_and_what_was_known_on_a_day():
    district = told("trend", "utryg_nabolag", "--area", "tu-bispebjerg")
    assert [point["value"] for point in district["points"]] == [12.0, 18.0, 28.0, 17.0]
    then = told("trend", "utryg_nabolag", "--as-of", "2017-06-30")
    assert [point["period"] for point in then["points"]] == ["2009", "2014", "2015", "2016"]
    assert then["as_of"] == "2017-06-30"
    assert then["trend"] is None


def test_every_value_leads_to_its_source():
    for indicator in ("utryg_nabolag", "ledighedsgab", "overledighed"):
        for point in told("trend", indicator)["points"]:
            assert point["source"].startswith("http")
            assert point["delivery"]
            assert point["line"] > 1


def test_a_trend_for_people():
    danish = spoken("trend", "utryg_nabolag")
    assert "7,1 pct." in danish
    assert "Andel københavnere, der er trygge i deres nabolag" in danish
    rows = as_rows("trend", "utryg_nabolag")
    assert (rows[2]["period"], rows[2]["value"]) == ("2014", "7.1")


# Two datasets that nothing joins


def test_the_demo_city_is_marked_wherever_it_shows():
    assert "Syntetiske tal" in run("trend", "demo-employment", "--dataset", "demo").stdout
    assert told("trend", "demo-employment", "--dataset", "demo")["synthetic"] is True
    rows = as_rows("trend", "demo-employment", "--dataset", "demo")
    assert {row["synthetic"] for row in rows} == {"true"}
    assert {row["synthetic"] for row in as_rows("trend", "utryg_nabolag")} == {"false"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("trend", "demo-employment"),
        ("trend", "utryg_nabolag", "--area", "demo-01"),
        ("trend", "utryg_nabolag", "--group", "demo-origin:total"),
        ("status", "--policy", "demo-2007-2010"),
        ("status", "--policy", "2011-2014", "--round", "demo-2013-01"),
        ("rank", "demo-icc"),
    ],
)
def test_demo_ids_are_refused_among_the_published_with_a_hint(arguments):
    done = run(*arguments, "--lang", "en")
    assert done.exit_code == 1
    assert "--dataset demo" in done.stderr


def test_published_ids_are_unknown_in_the_demo_city():
    done = run("trend", "utryg_nabolag", "--dataset", "demo", "--lang", "en")
    assert done.exit_code == 1
    assert "There is no indicator 'utryg_nabolag'" in done.stderr


# SQL


def test_query_in_three_formats():
    sql = "select indicator, printed from latest where indicator = 'tryg_nabolag'"
    assert told("query", sql) == {
        "columns": ["indicator", "printed"],
        "rows": [{"indicator": "tryg_nabolag", "printed": 87.0}],
        "cut": False,
    }
    assert as_rows("query", sql) == [{"indicator": "tryg_nabolag", "printed": "87.0"}]
    assert "tryg_nabolag" in run("query", sql).stdout


def test_query_says_when_there_was_more():
    done = run("query", "from range(10)", "--max-rows", "3", "--lang", "en", "--format", "csv")
    assert len(done.stdout.splitlines()) == 4
    assert "first 3 rows" in done.stderr


# Bad input


BAD_CODES = [
    (("status", "--policy", "2011-2015"), "2011-2014"),
    (("status", "--policy", "2011-2014", "--round", "2013-02"), "2013-01"),
    (("status", "--policy", "2011-2014", "--round", "2017"), "2013-01"),
    (("status", "--policy", "2011-2014", "--committee", "BIUU"), "BIU"),
    (("trend", "utrygg_nabolag"), "utryg_nabolag"),
    (("trend", "utryg_nabolag", "--area", "tu-bispebjærg"), "tu-bispebjerg"),
    (("trend", "utryg_nabolag", "--area", "101-01"), "tu-bispebjerg"),
    (("trend", "utryg_nabolag", "--group", "residents:al"), "residents:all"),
    (("rank", "icd"), "icc"),
    (("rank", "icc", "--edition", "2012-1"), "2012-01"),
    (("rank", "icc", "--scope", "alle"), "all"),
]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(("arguments", "near"), BAD_CODES)
def test_what_does_not_exist_is_answered_with_what_is_near(arguments, near, lang):
    done = run(*arguments, "--lang", lang)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert near in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status", "--policy", "2019-2022"), "no published round"),
        (("trend", "utryg_nabolag", "--as-of", "2013"), "is not a date"),
        (("trend", "utryg_nabolag", "--as-of", "2013-02-30"), "is not a date"),
        (("trend", "utryg_nabolag", "--as-of", "31.01.2013"), "is not a date"),
        (("trend", "utryg_nabolag", "--as-of", "1999-01-01"), "no measurements"),
        (("trend", "utryg_nabolag", "--area", "999"), "There is no area '999'"),
        (("trend", "'; drop table measurement"), "There is no indicator"),
        (("trend", ""), "There is no indicator"),
        (("query", "drop table measurement"), "Only one SELECT"),
        (("query", "from demo.measurement"), "never joined"),
        (("query", "from measurment"), "measurement"),
        (("check", "--data", "no-such-folder"), "no-such-folder"),
        (("build", "--data", "no-such-folder"), "no-such-folder"),
        (("status", "--policy", "2011-2014", "--store", "no-such.json"), "barometer build"),
        (("trend", "utryg_nabolag", "--store", "no-such.json"), "barometer build"),
        (("rank", "icc", "--store", "no-such.json"), "barometer build"),
        (("query", "select 1", "--store", "no-such.json"), "barometer build"),
    ],
)
def test_bad_input_gives_one_sentence_and_exit_code_1(arguments, said):
    done = run(*arguments, "--lang", "en")
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    danish = run(*arguments)
    assert danish.exit_code == 1
    assert danish.stderr != done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("status",),
        ("trend",),
        ("query",),
        ("trend", "utryg_nabolag", "extra"),
        ("trend", "utryg_nabolag", "--area"),
        ("status", "--policy", "2011-2014", "--lang", "fr"),
        ("status", "--policy", "2011-2014", "--format", "xml"),
        ("status", "--policy", "2011-2014", "--dataset", "both"),
        ("query", "select 1", "--max-rows", "0"),
        ("query", "select 1", "--max-rows", "many"),
        ("query", "select 1", "--seconds", "-1"),
        ("serve", "--port", "99999"),
        ("--nonsense",),
    ],
)
def test_wrong_use_is_exit_code_2(arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Usage: barometer" in done.stderr or "requires an argument" in done.stderr


def test_an_error_as_json_has_its_code_and_its_facts():
    done = run("trend", "utrygg_nabolag", "--format", "json", "--lang", "en")
    content = json.loads(done.stdout)
    assert (content["error"], content["kind"], content["asked"]) == (
        "not_found", "indicator", "utrygg_nabolag",
    )  # fmt: skip
    assert content["nearest"][0] == "utryg_nabolag"
    assert content["message"] in done.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "cannot be read"),
        ("store.duckdb", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"layout": 1}', "cannot be read"),
        ('{"layout": 99, "file": "x", "built": "", "inputs": ""}', "layout 99"),
        ('{"layout": 1, "file": "x.duckdb", "built": "", "inputs": ""}', "is not there"),
    ],
)
def test_a_pointer_that_is_not_ours(tmp_path, written, said):
    place = tmp_path / "barometer.json"
    place.write_text(written, "utf-8")
    for arguments in (("trend", "utryg_nabolag"), ("query", "select 1")):
        done = run(*arguments, "--store", str(place), "--lang", "en")
        assert done.exit_code == 1
        assert said in done.stderr
        assert "barometer build" in done.stderr


# check and build


@pytest.fixture
def figures(tmp_path) -> Path:
    """A copy of the published figures and of the demo city's, to be broken."""
    folder = tmp_path / "data"
    shutil.copytree(REPOSITORY / "data", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_shipped_figures_have_no_fault():
    done = run("check", "--data", str(REPOSITORY / "data"), "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"errors": 0, "warnings": 0, "faults": []}
    assert spoken("check", "--data", str(REPOSITORY / "data"), "--lang", "en") == "No faults.\n"


def test_all_faults_are_told_at_once(figures):
    goals = figures / "catalogue" / "goals.yml"
    broken = goals.read_text("utf-8").replace("kar_gab_ratio", "kar_gap_ratio", 1)
    goals.write_text(
        broken.replace("- id: 2011-2014-g2", "- id: 2011-2014-g2\n  colour: red"), "utf-8"
    )
    rows = figures / "catalogue" / "rounds.yml"
    rows.write_text(
        rows.read_text("utf-8").replace("published: 2013-01", "published: 2013-13"), "utf-8"
    )
    done = run("check", "--data", str(figures), "--format", "json", "--lang", "en")
    assert done.exit_code == 1
    content = json.loads(done.stdout)
    found = {(fault["code"], fault["file"], fault["found"]) for fault in content["faults"]}
    assert ("unknown_code", "catalogue/goals.yml", "kar_gap_ratio") in found
    assert any(fault["code"] == "field_unknown" for fault in content["faults"])
    assert any(fault["file"] == "catalogue/rounds.yml" for fault in content["faults"])
    near = next(fault for fault in content["faults"] if fault["found"] == "kar_gap_ratio")
    assert near["nearest"][0] == "kar_gab_ratio"
    assert near["line"] > 1
    assert near["mended_by"] == "analyst"
    assert near["message"].startswith(f"catalogue/goals.yml:{near['line']}")
    lines = run("check", "--data", str(figures), "--lang", "en").stdout.splitlines()
    assert lines[:-1] == [fault["message"] for fault in content["faults"]]
    # Three of the catalogue, and the letters of the round whose day cannot be read.
    assert lines[-1] == "4 fault(s). Nothing was changed."
    listed = run("check", "--data", str(figures), "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(listed.stdout)))) == len(content["faults"])


def test_a_build_with_faults_leaves_the_store_alone(figures, tmp_path):
    place = tmp_path / "store" / "barometer.json"
    assert run("build", "--data", str(figures), "--store", str(place)).exit_code == 0
    before = (place.read_bytes(), sorted(place.parent.iterdir()))
    (figures / "catalogue" / "goals.yml").write_text("- id: [", "utf-8")
    done = run("build", "--data", str(figures), "--store", str(place), "--lang", "en")
    assert done.exit_code == 1
    assert "goals.yml" in done.stderr
    assert (place.read_bytes(), sorted(place.parent.iterdir())) == before


def test_build_tells_what_it_did(tmp_path):
    place = tmp_path / "barometer.json"
    data = str(REPOSITORY / "data")
    done = run("build", "--data", data, "--store", str(place), "--format", "json")
    content = json.loads(done.stdout)
    assert set(content) == {"file", "built", "unchanged", "rows"}
    assert content["unchanged"] is False
    assert content["rows"]["published.measurement_vintage"] == 61
    again = run("build", "--data", data, "--store", str(place), "--lang", "en")
    assert again.stdout.startswith("Nothing has changed")
    forced = run("build", "--data", data, "--store", str(place), "--force", "--lang", "en")
    assert "61 published figures" in forced.stdout


# The program as it is started


def started(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from barometer_lib.cli import main; main()", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**environment(), **more},
    )  # fmt: skip


def test_the_store_and_the_language_come_from_the_environment():
    done = started("trend", "tryg_nabolag", BAROMETER_LANG="en")
    assert done.returncode == 0, done.stderr
    assert "87%" in done.stdout


def test_danish_letters_reach_a_terminal_that_knows_ascii_only():
    done = started("trend", "utryg_nabolag", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def modules_after(*arguments: str) -> set[str]:
    """The top names of what is loaded once a command has run."""
    script = (
        "import sys\n"
        "from barometer_lib.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True,
        encoding="utf-8", check=True, env=environment(),
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_loads_almost_nothing():
    loaded = modules_after("--help")
    assert "barometer_lib" in loaded
    assert loaded & (HEAVY | {"duckdb", "numpy", "pyarrow", "pydantic", "yaml", "babel"}) == set()


@pytest.mark.parametrize(
    "arguments", [("trend", "utryg_nabolag"), ("status", "--policy", "2011-2014"), ("rank", "icc")]
)
def test_a_question_loads_no_heavy_package(arguments):
    loaded = modules_after(*arguments)
    assert "duckdb" in loaded
    assert loaded & HEAVY == set()


def test_a_reader_who_goes_away_is_no_error():
    if os.name == "nt":
        pytest.skip("pipes end otherwise on Windows")
    command = [sys.executable, "-c", "from barometer_lib.cli import main; main()"]
    asked = subprocess.Popen(
        [*command, "query", "from range(200000)", "--max-rows", "200000", "--format", "csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert asked.stdout is not None
    assert asked.stderr is not None
    asked.stdout.read(10)
    asked.stdout.close()
    said = asked.stderr.read().decode()
    asked.stderr.close()
    assert asked.wait(60) == 0
    assert said == ""
