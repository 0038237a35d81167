"""`barometer index stress | what-if` and the public functions: answers, words, refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import barometer_lib
from barometer_lib.api.component_table import read_answers, read_table
from barometer_lib.api.index_doors import index_stress, index_what_if
from barometer_lib.api.what_if import Wish
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, BarometerError, FaultsFound, NotFound
from barometer_lib.sentences import stress as said
from shared_store import REPOSITORY, pointer

CITIES = REPOSITORY / "docs" / "synthetic-cities.csv"


@pytest.fixture(autouse=True)
def _the_tests_store(monkeypatch):
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))
    monkeypatch.delenv("BAROMETER_LANG", raising=False)


def run(*arguments):
    done = CliRunner().invoke(main, ["index", *arguments], prog_name="barometer")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def spoken(*arguments):
    done = run(*arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout.replace("\N{NO-BREAK SPACE}", " ")


# The table of one's own


def test_a_table_is_units_by_components_with_equal_weights():
    table = read_table(CITIES)
    assert len(table.units) == 14
    assert table.components[:2] == ("commitment", "education")
    assert table.values[table.unit("Alfa"), 0] == 74
    assert table.gaps() == [("Hotel", "mediation")]
    assert table.weights.tolist() == [1.0] * 8
    assert table.basis == "equal_assumed"
    assert table.weighted({"media": 3}).basis == "given"
    assert table.weighted({"media": 3}).weights[-1] == 3
    with pytest.raises(NotFound):
        table.unit("Zulu")
    with pytest.raises(NotFound):
        table.weighted({"zeal": 1})
    with pytest.raises(BadInput):
        table.weighted(dict.fromkeys(table.components, 0))


@pytest.mark.parametrize(
    ("page", "codes"),
    [
        ("city,a,b\nX,1,2\nX,3,4\n", {"unit_twice"}),
        ("city,a,a\nX,1,2\nY,3,4\n", {"column_twice"}),
        ("city,a,b\nX,1,two\nY,101,4\nZ,1\n", {"not_a_number", "out_of_range", "row_width"}),
        ("city,a,b\n", {"delivery_empty"}),
        ("city\nX\n", {"table_columns"}),
        ("", {"delivery_empty"}),
    ],
)
def test_every_fault_of_a_table_is_told_at_once(page, codes, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(page, "utf-8")
    with pytest.raises(FaultsFound) as found:
        read_table(file)
    assert {fault.code for fault in found.value.faults} == codes
    done = run("stress", "--table", str(file), "--lang", "en")
    assert done.exit_code == 1
    assert "mine.csv" in done.stderr
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path):
    with pytest.raises(FaultsFound, match="missing"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes(b"city,a\n\xff\xfe,1\n")
    with pytest.raises(FaultsFound, match="UTF-8"):
        read_table(tmp_path / "odd.csv")


def test_answers_are_component_scores(tmp_path):
    file = tmp_path / "answers.csv"
    file.write_text("component,score\neducation,80\nmedia,\n", "utf-8")
    assert read_answers(file) == {"education": 80.0}
    file.write_text("component,points\neducation,80\n", "utf-8")
    with pytest.raises(FaultsFound):
        read_answers(file)
    file.write_text("component,score\na,8\na,300\n", "utf-8")
    with pytest.raises(FaultsFound) as found:
        read_answers(file)
    assert {fault.code for fault in found.value.faults} == {"unit_twice", "out_of_range"}


# Answers


def test_stress_tells_ranks_with_intervals_drivers_and_where_a_rank_is_secured():
    found = index_stress(table=CITIES, unit="Echo", draws=4000)
    content = found.content
    assert [row["rank"] for row in found.rows] == list(range(1, 15))
    assert found.rows[0]["unit"] == "Echo"
    assert found.rows[0]["score"] == 71.75
    for row in found.rows:
        assert row["low"] <= row["median"] <= row["high"] <= row["of"] == 14
    assert content["weights_basis"] == "equal_assumed"
    assert content["filled"] == [{"unit": "Hotel", "component": "mediation"}]
    assert content["combinations"] == 2 * 4 * 3 * 9
    assert content["drivers"][0]["factor"] == "weights"
    unit = content["unit"]
    assert (unit["rank"], unit["best"], unit["worst"], unit["certain"]) == (1, 1, 12, True)
    band = next(one for one in unit["holds"] if one["kind"] == "band")
    assert 0 < band["share"] < 1
    assert band["breaker"] in read_table(CITIES).units
    assert len(unit["contenders"]) == 6
    json.dumps(content, allow_nan=False)
    assert list(found.frame().columns) == list(found.columns)


def test_stress_of_weights_alone_and_with_a_least_share():
    alone = index_stress(table=CITIES, draws=1000, alone=True).content
    assert alone["combinations"] == 1
    assert alone["drivers"] == []
    assert alone["unit"] is None
    held = index_stress(
        table=CITIES, draws=1000, unit="Echo", at_least={"education": 0.71}, alone=True
    )
    assert held.content["unit"]["holds"][0]["kind"] == "always"
    assert held.content["unit"]["best"] == held.content["unit"]["worst"] == 1
    assert held.rows[0]["low"] == held.rows[0]["high"] == 1


def test_what_if_tells_before_and_after():
    found = index_what_if(
        unit="Kilo", table=CITIES, points={"media": 20}, drop=["mediation"], draws=500,
        weights={"education": 2}, scores={"commitment": 70},
    )  # fmt: skip
    content = found.content
    assert content["before"]["rank"] == 5
    expected = (70 + 2 * 76 + 67 + 48 + 77 + 74 + 78) / 8
    assert content["after"]["score"] == pytest.approx(expected, abs=1e-4)
    assert content["after"]["rank"] < 5
    assert content["weights_after"] == "given"
    rows = {row["component"]: row for row in found.rows}
    assert rows["mediation"]["score_after"] is None
    assert rows["mediation"]["weight_after"] == 0
    assert rows["education"]["weight_after"] == 0.25
    assert content["path"] is None
    json.dumps(content, allow_nan=False)


def test_what_if_tells_the_cheapest_path():
    wish = Wish(1, caps={"business": 60}, costs={"media": 3}, step=1, most_components=2)
    found = index_what_if(unit="Kilo", table=CITIES, wish=wish, draws=500)
    path = found.content["path"]
    assert path["possible"]
    assert path["rank"] == found.content["after"]["rank"] == 1
    assert len(path["steps"]) <= 2
    assert all(one["points"] == round(one["points"]) for one in path["steps"])
    assert sum(row["points"] for row in found.rows) == path["points"] == path["cost"]
    sure = index_what_if(unit="Kilo", table=CITIES, wish=Wish(1, sure=0.2), draws=500)
    assert sure.content["path"]["cost"] > path["cost"]


def test_the_public_names_are_those_of_the_package():
    assert barometer_lib.index_stress is index_stress
    assert barometer_lib.index_what_if is index_what_if


# Refusals


def test_components_that_are_not_public_are_refused_with_the_reason():
    with pytest.raises(BarometerError) as found:
        index_stress("icc")
    assert found.value.code == "component_scores_unknown"
    done = run("stress", "icc")
    assert done.exit_code == 1
    assert "ikke offentlige" in done.stderr
    with pytest.raises(NotFound):
        index_stress("icc", edition="1999-01")
    with pytest.raises(NotFound):
        index_what_if("icc", "copenhagen", scope="moon")
    with pytest.raises(NotFound):
        index_stress("nothing")


@pytest.mark.parametrize(
    "arguments",
    [
        ("stress",),
        ("stress", "icc", "--table", str(CITIES)),
        ("stress", "--table", str(CITIES), "--unit", "Zulu"),
        ("stress", "--table", str(CITIES), "--at-least", "media=120"),
        ("stress", "--table", str(CITIES), "--draws", "999999999"),
        ("what-if", "--table", str(CITIES), "--unit", "Kilo", "--rank", "99"),
        ("what-if", "--table", str(CITIES), "--unit", "Kilo", "--set", "media=101"),
        ("what-if", "--table", str(CITIES), "--unit", "Kilo", "--cap", "media=101", "--rank", "1"),
        ("what-if", "--table", str(CITIES), "--unit", "Kilo", "--weight", "media=-1"),
    ],
)
def test_what_cannot_be_answered_is_said_in_both_languages(arguments):
    told = [run(*arguments, "--lang", lang) for lang in ("da", "en")]
    assert [one.exit_code for one in told] == [1, 1]
    assert told[0].stderr != told[1].stderr
    assert all("Traceback" not in one.output for one in told)


@pytest.mark.parametrize("wrong", ["media", "media=", "=3", "media=x", "media=nan"])
def test_what_is_no_component_and_number_is_wrong_use(wrong):
    for option in ("--raise", "--set", "--weight", "--cap"):
        done = run("what-if", "--table", str(CITIES), "--unit", "Kilo", option, wrong)
        assert done.exit_code == 2, option


# Words


def test_the_terminal_tells_it_in_sentences():
    english = spoken("stress", "--table", str(CITIES), "--unit", "Echo", "--lang", "en")
    assert "Equal weights are an assumption" in english
    assert "Echo is number 1 of 14 with 71.8 points (computed)." in english
    assert (
        "It is number 1 under every weighting in which education counts at least 70.5%" in english
    )
    assert "1 missing score is filled" in english
    danish = spoken("stress", "--table", str(CITIES), "--unit", "Echo", "--alone")
    assert "Lige vægte er en antagelse" in danish
    assert "under enhver vægtning, hvor education tæller mindst 70,5 pct." in danish
    assert "%" not in danish
    path = spoken("what-if", "--table", str(CITIES), "--unit", "Kilo", "--rank", "1", "--step", "1")
    assert "Den billigste vej til nummer 1:" in path
    assert "De andre enheder antages at stå stille." in path
    out = spoken(
        "what-if", "--table", str(CITIES), "--unit", "Kilo", "--drop", "media", "--lang", "en"
    )
    assert "Left out: media." in out


def test_nothing_but_json_stands_on_standard_output(capfd):
    """The solver prints remarks of its own; a machine that reads must not meet them."""
    done = run("stress", "--table", str(CITIES), "--unit", "Golf", "--format", "json")
    json.loads(done.stdout)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_case_has_its_sentence(lang):
    unit = {
        "rank": 4, "best": 2, "worst": 9, "best_limit": 2, "worst_limit": 9, "certain": True,
        "holds": [],
    }  # fmt: skip
    told = {said.bounds_said(unit, lang)}
    told.add(said.bounds_said(unit | {"certain": False, "worst_limit": 11}, lang))
    told.add(said.bounds_said(unit | {"worst": 2}, lang))
    told |= set(said.holds_said(unit, str, str, lang))
    for kind in ("always", "band", "at_least", "at_most"):
        hold = {"kind": kind, "component": "education", "share": 0.05, "breaker": None}
        [sentence] = said.holds_said(unit | {"holds": [hold]}, str, str, lang)
        assert "4" in sentence
        assert (kind == "always") or "5" in sentence
        told.add(sentence)
    assert len(told) == 8
    path = {"wished": 2, "rank": 3, "possible": False, "steps": [], "sure": 0, "cheapest": True}
    assert "3" in said.path_said(path, str, lang)[0]
    assert len(said.path_said(path | {"possible": True}, str, lang)) == 1
    assert said.drivers_said({"drivers": []}, lang)


def test_only_the_mildest_conditions_are_told():
    holds = [
        {"kind": "at_least", "component": c, "share": s, "breaker": None}
        for c, s in (("a", 0.5), ("b", 0.05), ("c", 0.9))
    ]
    sentences = said.holds_said({"rank": 4, "holds": holds}, str, str, "en")
    assert [one.split("which ")[1].split()[0] for one in sentences] == ["b", "a"]


def test_a_condition_is_never_rounded_to_another():
    assert said.condition_share(0.705, "da") == "70,5"
    assert said.condition_share(0.05, "en") == "5"
    assert said.percent(0.004, "en") == "0.4"
    assert np.isclose(float(said.percent(0.1234, "en")), 12)
