"""More ways to make an index and to ask about it: judges, levels, versions, orders, workbooks."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

import barometer_lib
from barometer_lib.api.component_table import read_questionnaire_answers, read_table
from barometer_lib.api.index_doors import index_stress
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, FaultsFound, NotFound
from barometer_lib.ranking import weights
from barometer_lib.ranking.sheet import Sheet
from shared_store import REPOSITORY

POLICY = REPOSITORY / "docs" / "synthetic-policy-index"
CITIES = REPOSITORY / "docs" / "synthetic-cities.csv"
STRUCTURE, QUESTIONS, ANSWERS, JUDGES = (
    str(POLICY / f"{name}.csv") for name in ("structure", "questions", "answers", "judges")
)


def built(*more, code=0):
    asked = ["index", "build", STRUCTURE, ANSWERS, "--questionnaire", QUESTIONS, *more]
    done = CliRunner().invoke(main, [*asked, "--format", "json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout) if code == 0 else done.stderr


def rows_of(name):
    with (POLICY / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# --- a policy index as migration policy indices are made: answers, areas, their mean


def test_a_policy_index_is_the_mean_of_its_areas_by_hand():
    points = {
        (row["question"], row["answer"]): float(row["points"]) for row in rows_of("questions")
    }
    area = {row["indicator"]: row["agg1"] for row in rows_of("structure")}
    content = built("--normalise", "none")
    assert content["steps"][0]["step"] == "as_scored"
    assert len(content["rows"]) == 10
    for row in rows_of("answers"):
        scores: dict[str, list[float]] = {}
        for question, answer in list(row.items())[1:]:
            if answer:
                code = area[question.removeprefix("q-")]
                scores.setdefault(code, []).append(points[question, answer])
        means = {code: np.mean(known) for code, known in scores.items()}
        found = next(one for one in content["rows"] if one["unit"] == row["country"])
        assert found["groups"] == pytest.approx(means)
        assert found["score"] == pytest.approx(np.mean(list(means.values())))


def test_scores_as_they_came_need_one_direction(tmp_path):
    turned = tmp_path / "turned.csv"
    turned.write_text("indicator,direction,agg1\na,-1,top\nb,1,top\n", "utf-8")
    values = tmp_path / "values.csv"
    values.write_text("unit,a,b\nx,1,2\ny,3,4\n", "utf-8")
    done = CliRunner().invoke(main, ["index", "build", str(turned), str(values), "--normalise",
                                     "none", "--lang", "en"])  # fmt: skip
    assert done.exit_code == 1
    assert "direction" in done.stderr.lower()


# --- weights


def test_judges_who_shared_out_points_weigh_the_groups_they_speak_of():
    content = built("--normalise", "none", "--weights", "budget", "--budget", JUDGES)
    shares = np.array(
        [[float(cell) for cell in list(row.values())[1:]] for row in rows_of("judges")]
    )
    shares /= shares.sum(axis=1, keepdims=True)
    parts = {one["part"]: one for one in content["weights"]["parts"]}
    areas = list(rows_of("judges")[0])[1:]
    for code, share, spread in zip(areas, shares.mean(0), shares.std(0, ddof=1), strict=True):
        assert parts[code]["effective"] == pytest.approx(share)
        told = next(one for one in content["judges"] if one["part"] == code)
        assert told["deviation"] == pytest.approx(spread)
    assert parts["work1"]["effective"] == pytest.approx(shares.mean(0)[0] / 3)
    assert content["weights"]["basis"] == "budget"


@pytest.mark.parametrize("columns", [("work", "family"), ("work1", "work2", "work3", "vote9")])
def test_judges_speak_of_whole_groups(columns):
    tree = barometer_lib.read_structure(STRUCTURE)
    judged = Sheet(("one",), columns, np.ones((1, len(columns))))
    with pytest.raises(BadInput) as told:
        weights.budgeted(tree, judged)
    assert told.value.code == "budget_part"


def test_budget_without_judges_is_wrong_use():
    assert "--budget" in built("--weights", "budget", code=2)


def test_weights_are_chosen_for_wanted_correlations():
    chance = np.random.default_rng(2)
    base = chance.normal(size=200)
    scores = np.column_stack([base + chance.normal(size=200) for _ in range(3)])
    found = weights.optimised_weights(scores, [2.0, 1.0, 1.0])
    first, *rest = found.correlations
    assert first / rest[0] == pytest.approx(2, rel=0.02)
    assert rest[0] == pytest.approx(rest[1], rel=0.02)
    told = built("--weights", "optimised", "--wanted", "work=2", "--normalise", "none")
    weigh = next(step for step in told["steps"] if step["step"] == "weigh" and "wanted" in step)
    assert weigh["wanted"] == {"work": 2.0}
    with pytest.raises(NotFound):
        barometer_lib.read_index(STRUCTURE, ANSWERS, questionnaire=QUESTIONS).weigh(
            "optimised", {"wrok": 2}
        )


# --- levels, gaps from an earlier edition, a unit as the measure


def test_a_mean_of_its_own_for_each_level():
    plain = built("--normalise", "rank", "--aggregate", "arithmetic", "--aggregate", "geometric")
    one = plain["rows"][0]
    expected = np.exp(np.mean(np.log(list(one["groups"].values()))))
    assert one["score"] == pytest.approx(expected)
    assert "3" in built(*["--aggregate", "arithmetic"] * 3, code=1)


def test_a_gap_takes_the_value_of_an_earlier_edition(tmp_path):
    tree = tmp_path / "tree.csv"
    tree.write_text("indicator,agg1\na,top\nb,top\n", "utf-8")
    for name, page in (("old", "u,a,b\nx,5,6\ny,7,8\n"), ("older", "u,a,b\nx,1,1\ny,1,1\n"),
                       ("new", "u,a,b\nx,,2\ny,3,4\n")):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(page, "utf-8")
    asked = ["index", "build", str(tree), str(tmp_path / "new.csv"), "--impute", "last_value",
             "--earlier", str(tmp_path / "older.csv"), "--earlier", str(tmp_path / "old.csv"),
             "--normalise", "none", "--format", "json"]  # fmt: skip
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.stderr
    (gap,) = json.loads(done.stdout)["filled"]
    assert (gap["unit"], gap["column"], gap["value"], gap["method"]) == ("x", "a", 5, "last_value")


def test_one_unit_may_be_the_measure_of_all():
    content = built("--normalise", "distance_to_reference", "--reference", "Dland")
    measure = next(row for row in content["rows"] if row["unit"] == "Dland")
    assert measure["score"] == pytest.approx(1)
    assert "Dland" in built("--normalise", "distance_to_reference", "--reference", "Dlnd", code=1)


# --- strengths, parts left out, another version


def test_what_is_asked_of_an_index_is_answered_in_one_run(tmp_path):
    other = tmp_path / "other.csv"
    text = (POLICY / "structure.csv").read_text("utf-8")
    other.write_text(text.replace(",1,equal,", ",1,work,"), "utf-8")  # an area less
    content = built("--normalise", "none", "--about", "Eland", "--without-each", "2",
                    "--against", str(other))  # fmt: skip
    own = {row["unit"]: row for row in content["rows"]}
    assert content["about"]["unit"] == "Eland"
    assert [one["rank"] for one in content["about"]["strengths"]][:2] == [1, 1]
    without = {one["part"]: one for one in content["without"]}
    assert set(without) == {row["agg1"] for row in rows_of("structure")}
    rest = {
        unit: np.mean([score for code, score in row["groups"].items() if code != "equal"])
        for unit, row in own.items()
    }
    moved = {unit: 1 + sum(score > rest[unit] + 1e-9 for score in rest.values()) for unit in rest}
    told = {one["unit"]: one["rank_other"] for one in without["equal"]["moved"]}
    assert told == {unit: rank for unit, rank in moved.items() if rank != own[unit]["rank"]}
    shifts = [abs(moved[unit] - own[unit]["rank"]) for unit in own]
    assert without["equal"]["mean_shift"] == pytest.approx(np.mean(shifts))
    assert content["against"]["mean_shift"] >= 0
    same = built("--normalise", "none", "--against", STRUCTURE)["against"]
    assert same == {"mean_shift": 0, "moved": []}


def test_principal_components_are_those_of_the_correlations():
    content = built("--normalise", "none")
    sheet = barometer_lib.read_answers(QUESTIONS, ANSWERS).sheet
    for one in content["principal"]:
        if one["group"] == "policy":
            continue
        codes = [each["part"] for each in one["loadings"]]
        values = sheet.take(codes).values
        values = values[~np.isnan(values).any(axis=1)]
        size, vectors = np.linalg.eigh(np.corrcoef(values.T))
        assert one["share"] == pytest.approx(size[-1] / size.sum())
        loadings = np.array([each["loading"] for each in one["loadings"]])
        assert abs(loadings @ vectors[:, -1]) == pytest.approx(1)
        assert one["units"] == len(values)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_terminal_tells_what_was_asked(lang):
    done = CliRunner().invoke(
        main,
        ["index", "build", STRUCTURE, ANSWERS, "--questionnaire", QUESTIONS, "--normalise", "none",
         "--weights", "budget", "--budget", JUDGES, "--about", "Eland", "--without-each", "2",
         "--against", STRUCTURE, "--lang", lang],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert ("Styrker for Eland" if lang == "da" else "Strengths of Eland") in done.stdout
    assert ("Dommerne er uenige" if lang == "da" else "judges disagree") in done.stdout


# --- component scores from a workbook, and a set of answers as a what-if


def test_a_workbook_is_read_as_the_csv_it_was(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    with CITIES.open(encoding="utf-8") as stream:
        for number, row in enumerate(csv.reader(stream)):
            book.active.append(
                [float(one) if number and place and one else one or None
                 for place, one in enumerate(row)]
            )  # fmt: skip
    place = tmp_path / "cities.xlsx"
    book.save(place)
    told, plain = read_table(place), read_table(CITIES)
    assert (told.units, told.components) == (plain.units, plain.components)
    np.testing.assert_array_equal(told.values, plain.values)
    book.active["B3"] = "many"
    book.save(place)
    with pytest.raises(FaultsFound) as faults:
        read_table(place)
    assert [(one.code, one.line) for one in faults.value.faults] == [("not_a_number", 3)]
    with pytest.raises(FaultsFound):
        read_table(tmp_path / "none.xlsx")


def test_a_new_set_of_answers_is_a_what_if(tmp_path):
    asked = tmp_path / "questions.csv"
    asked.write_text(
        "question,component,answer,points\nq1,media,yes,1\nq1,media,no,0\nq2,media,a,3\n"
        "q2,media,b,1\nq3,education,yes,1\nq3,education,no,0\n", "utf-8",
    )  # fmt: skip
    given = tmp_path / "answers.csv"
    given.write_text("city,q1,q2,q3\nKilo,yes,b,\n", "utf-8")
    assert read_questionnaire_answers(asked, given, "Kilo") == {"media": 50.0}
    done = CliRunner().invoke(
        main,
        ["index", "what-if", "--table", str(CITIES), "--unit", "Kilo", "--questionnaire",
         str(asked), "--answers", str(given), "--draws", "200", "--format", "json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = {row["component"]: row for row in json.loads(done.stdout)["rows"]}
    assert rows["media"]["score_after"] == 50
    assert rows["education"]["score_after"] == rows["education"]["score"]
    alone = ["index", "what-if", "--table", str(CITIES), "--unit", "Kilo", "--questionnaire"]
    assert CliRunner().invoke(main, [*alone, str(asked)]).exit_code == 2


# --- where an order holds


def test_an_order_holds_where_drawn_weightings_say_so():
    table = read_table(CITIES)
    values = np.where(np.isnan(table.values), np.nanmean(table.values, axis=0), table.values)
    drawn = np.random.default_rng(4).dirichlet(np.ones(8), 20_000)
    for order in (("Echo", "Delta"), ("Delta", "Echo", "Alfa"), ("Mike", "Echo")):
        found = index_stress(table=CITIES, order=order, draws=100, alone=True).content["order"]
        scores = drawn @ values[[table.unit(one) for one in order]].T
        inside = (np.diff(scores, axis=1) < 0).all(axis=1)
        assert found["holds"] == "sometimes"
        assert inside.any()
        for place, one in enumerate(found["limits"]):
            shares = drawn[inside, place]
            assert one["low"] - 1e-6 <= shares.min()
            assert shares.max() <= one["high"] + 1e-6
        centre = np.array([one["weight"] for one in found["central"]])
        gaps = -np.diff(values[[table.unit(one) for one in order]] @ centre)
        assert gaps.min() == pytest.approx(found["lead"], abs=1e-3)
        for one in found["conditions"]:
            if one["kind"] == "at_least":
                held = drawn[:, table.component(one["component"])] >= one["share"]
                assert inside[held].all()


def test_orders_that_always_and_never_hold(tmp_path):
    place = tmp_path / "three.csv"
    place.write_text("city,a,b\nX,90,80\nY,50,40\nZ,40,50\nV,90,10\n", "utf-8")

    def how(*order, **more):
        return index_stress(table=place, order=order, draws=50, alone=True, **more).content["order"]

    assert how("X", "Y")["holds"] == "always"
    assert how("Y", "X")["holds"] == "never"
    assert how("Y", "X")["limits"] == []
    assert how("V", "X")["holds"] == "tied"
    assert how("Y", "Z")["holds"] == "sometimes"
    half = {one["component"]: one for one in how("Y", "Z")["limits"]}
    assert half["a"]["low"] == pytest.approx(0.5, abs=1e-6)
    (least, *_) = [one for one in how("Y", "Z")["conditions"] if one["kind"] == "at_least"]
    assert (least["component"], least["share"]) == ("a", 0.5)
    assert how("Y", "Z", at_least={"a": 0.6})["holds"] == "always"
    for wrong in (("X",), ("X", "X")):
        with pytest.raises(BadInput):
            how(*wrong)
    with pytest.raises(NotFound):
        how("X", "Q")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("da", "er ikke bag Z under nogen vægtning, hvor a tæller mindst 50 pct."),
     ("en", "is never behind Z under a weighting in which a counts at least 50%.")],
)  # fmt: skip
def test_an_order_is_told_in_words(tmp_path, lang, said):
    place = tmp_path / "three.csv"
    place.write_text("city,a,b\nX,90,80\nY,50,40\nZ,40,50\n", "utf-8")
    asked = ["index", "stress", "--table", str(place), "--draws", "50", "--lang", lang]
    done = CliRunner().invoke(main, [*asked, "--order", "Y", "--order", "Z"])
    assert done.exit_code == 0, done.stderr
    assert said in done.stdout
    for order in (("X", "Y"), ("Y", "X")):
        asked_more = [part for one in order for part in ("--order", one)]
        assert CliRunner().invoke(main, [*asked, *asked_more]).exit_code == 0
