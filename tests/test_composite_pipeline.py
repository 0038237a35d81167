"""A composite index step by step against COINr's published results, and each step alone."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.optimize import minimize

from barometer_lib.api.composite import read_sheet, read_structure
from barometer_lib.errors import BadInput, FaultsFound, NotFound
from barometer_lib.ranking import analysis, compare, prepare, weights
from barometer_lib.ranking.impute import expectation_maximisation, impute
from barometer_lib.ranking.levels import aggregated, normalised
from barometer_lib.ranking.pipeline import Index
from barometer_lib.ranking.questionnaire import questions_of, score_answers
from barometer_lib.ranking.sheet import Sheet, sheet_of
from barometer_lib.ranking.structure import Structure, structure_of
from barometer_lib.ranking.treat import (
    TRANSFORMATIONS,
    box_cox,
    log_scaled,
    log_shifted,
    passes,
    shape,
    treat,
    winsorise,
)

REFERENCE = Path(__file__).resolve().parent / "reference"
NAN = np.nan


def cases(name: str) -> dict[str, dict]:
    page = json.loads((REFERENCE / name).read_text("utf-8"))
    assert page["source"]
    return {case["id"]: case for case in page["cases"]}


ASEM, FUNCTIONS = cases("composite_pipeline.json"), cases("composite_functions.json")


@cache
def asem() -> dict[str, Index]:
    """The index of the published data after each step."""
    structure = read_structure(REFERENCE / "asem_meta.csv")
    raw = read_sheet(REFERENCE / "asem_raw.csv", (part.code for part in structure.indicators))
    start = Index.of(structure, raw)
    divided = start.denominate(read_sheet(REFERENCE / "asem_denominators.csv"))
    filled = divided.impute("group_mean", group="Group_EurAsia")
    treated = filled.treat(6)
    scaled = treated.normalise("min_max")
    return {"raw": start, "denominated": divided, "imputed": filled, "treated": treated,
            "normalised": scaled, "aggregated": scaled.aggregate()}  # fmt: skip


@pytest.mark.parametrize("step", ["denominated", "normalised", "aggregated"])
def test_values_after_a_step_as_published(step):
    case, sheet = ASEM[step], asem()[step].sheet
    compared = 0
    for unit, row in case["expected"].items():
        for code, value in row.items():
            found = sheet.column(code)[sheet.units.index(unit)]
            close = case["tolerance"]["abs"] + case["tolerance"]["rel"] * abs(value)
            assert found == pytest.approx(value, abs=close, rel=0), (unit, code)
            compared += 1
    assert compared >= 15


def test_winsorised_points_as_published():
    found = {one.column: one.winsorised for one in asem()["treated"].made.treated}
    assert found == ASEM["treated"]["expected"]["winsorised"]
    for one in asem()["treated"].made.treated:
        assert one.passes
        assert one.transformed is None
        assert len(one.units) >= one.winsorised


def test_every_filled_value_is_told():
    before, after = asem()["denominated"].sheet.values, asem()["imputed"].sheet.values
    told = {(one.unit, one.column): one.value for one in asem()["imputed"].made.filled}
    assert len(told) == int(np.isnan(before).sum()) == 65
    sheet = asem()["imputed"].sheet
    for (unit, code), value in told.items():
        assert after[sheet.units.index(unit), sheet.columns.index(code)] == value


def test_strengths_and_weaknesses_as_published():
    best, worst = asem()["raw"].strengths("ESP")
    assert {one.column: one.rank for one in [*best, *worst]} == ASEM["strengths_ESP"]["expected"]
    assert (best[0].rank, worst[0].column) == (1, "PubDebt")


def test_leaving_out_a_pillar_as_published():
    case = ASEM["remove_pillar"]
    found = {
        code: compare.mean_absolute_shift(shifts)
        for code, shifts in asem()["aggregated"].without_each(2).items()
    }
    assert found == pytest.approx(case["expected"], abs=case["tolerance"]["abs"])


def test_effective_weights_as_published():
    case = ASEM["effective_weights"]
    found = weights.effective_weights(asem()["raw"].structure)
    for code, value in case["expected"].items():
        if code != "sum":
            assert found[code] == pytest.approx(value, abs=case["tolerance"]["abs"])
    leaves = [found[part.code] for part in asem()["raw"].structure.indicators]
    assert sum(leaves) == pytest.approx(case["expected"]["sum"])


def test_correlations_as_published():
    sheet = asem()["aggregated"].sheet
    for code, value in ASEM["correlation_equal"]["expected"].items():
        found, _ = analysis.correlation(sheet.column(code), sheet.column("Index"))
        assert found == pytest.approx(value, abs=ASEM["correlation_equal"]["tolerance"]["abs"])
    told = {frozenset((one.first, one.second)): one
            for one in asem()["raw"].correlations() if one.within}  # fmt: skip
    for pair, value in ASEM["correlations_environ"]["expected"].items():
        one = told[frozenset(pair.split("_"))]
        assert one.value == pytest.approx(value, abs=6e-8)
    assert told[frozenset(("Renew", "CO2"))].flag == "opposed"
    assert told[frozenset(("MatCon", "CO2"))].flag is None


def test_principal_components_as_published():
    case, index = ASEM["pca_weights_level2"], asem()["aggregated"]
    for group in ("Conn", "Sust"):
        codes = [part.code for part in index.structure.children(group)]
        found = weights.pca_weights(index.sheet.take(codes).values)
        expected = [case["expected"][code] for code in codes]
        assert found == pytest.approx(expected, abs=case["tolerance"]["abs"])
    case = ASEM["pca_social_sdev"]
    raw = asem()["raw"].sheet.take(case["input"]["indicators"])
    found = weights.principal_components(raw.values)
    assert found.n == case["expected"]["n"]
    assert found.deviations == pytest.approx(case["expected"]["sdev"], abs=case["tolerance"]["abs"])
    assert found.shares.sum() == pytest.approx(1)


# --- outliers --------------------------------------------------------------------------------


def test_winsorising_as_published():
    case = FUNCTIONS["winsorise_1"]
    column = np.array(case["input"]["x"], dtype=float)
    found, drawn = winsorise(column, case["input"]["winmax"])
    assert found.tolist() == case["expected"]["y"]
    assert drawn == case["expected"]["n"]
    assert (passes(column), passes(found)) == (
        case["expected"]["pass_before"], case["expected"]["pass_after"],
    )  # fmt: skip


def test_what_winsorising_cannot_mend_is_transformed_from_the_start():
    case = FUNCTIONS["winsorise_then_log"]
    column = np.array(case["input"]["x"], dtype=float)
    found, _ = winsorise(column, case["input"]["winmax"])
    assert passes(found) is case["expected"]["pass_after_winsorise"]
    sheet = Sheet(tuple(map(str, range(len(column)))), ("x",), column[:, None])
    done, (told,) = treat(sheet, case["input"]["winmax"], "log")
    assert done.values[0, 0] == pytest.approx(case["expected"]["log_first"], abs=1e-12)
    assert done.values[-1, 0] == pytest.approx(case["expected"]["log_last"], abs=1e-12)
    assert (told.transformed, told.winsorised, told.units) == ("log", 0, ())


@given(arrays(float, st.integers(4, 30), elements=st.floats(-100, 100).map(lambda x: round(x, 1))))
def test_skewness_and_kurtosis_agree_with_scipy(column):
    if np.ptp(column) == 0:
        assert np.isnan(shape(column)).all()
        return
    skew, kurtosis = shape(column)
    assert skew == pytest.approx(stats.skew(column, bias=False), rel=1e-6, abs=1e-6)
    assert kurtosis == pytest.approx(stats.kurtosis(column, bias=False), rel=1e-6, abs=1e-6)


def test_low_outliers_are_drawn_in_from_below_and_ties_together():
    column = -np.array([*range(1, 21), 100, 100.0])
    found, drawn = winsorise(column, 5)
    assert drawn == 1
    assert found.tolist() == [*range(-1, -21, -1), -20, -20]


def test_transformations():
    column = np.array([1.0, 2, 4, NAN, 9])
    assert log_shifted(column)[0] == pytest.approx(np.log(0.08))
    assert log_shifted(column)[-1] == pytest.approx(np.log(8.08))
    assert log_scaled(column)[[0, -1]] == pytest.approx([0, np.log(9)])
    assert box_cox(column, 0.5)[2] == pytest.approx(2 * (2 - 1))
    assert box_cox(column - 5, 0)[0] == pytest.approx(0)  # moved to begin at 1
    whole = np.array([1.0, 2, 4, 9, 30])
    assert box_cox(whole) == pytest.approx(stats.boxcox(whole)[0], rel=1e-4)
    for one in TRANSFORMATIONS.values():
        assert (np.isnan(one(column)) == np.isnan(column)).all()
    with pytest.raises(BadInput, match="above 0"):
        TRANSFORMATIONS["log"](column - 1)


# --- screening, denominators, gaps -----------------------------------------------------------

GAPPY = Sheet(
    ("a", "b", "c", "d"), ("x", "y", "z"),
    np.array([[1, 10, 0], [2, NAN, 0], [3, NAN, NAN], [4, 40, 8.0]]),
    {"side": ("east", "east", "west", "west"), "none": (None, "one", "one", None)},
)  # fmt: skip


def test_screening_by_what_is_known_and_not_zero():
    kept, told = prepare.screen(GAPPY, least_known=2 / 3)
    assert kept.units == ("a", "b", "d")
    assert [one.known for one in told] == pytest.approx([1, 2 / 3, 1 / 3, 1])
    assert prepare.screen(GAPPY, least_nonzero=0.6)[0].units == ("a", "c", "d")
    assert kept.groups["side"] == ("east", "east", "west")


TREE = structure_of(
    [(number, dict(zip(("indicator", "parent", "level", "direction", "weight", "denominator"),
                       row, strict=True)))
     for number, row in enumerate([
         ("x", "one", 1, 1, 1, "people"), ("y", "one", 1, 1, 3, ""), ("z", "two", 1, -1, 1, ""),
         ("one", "all", 2, 1, 2, ""), ("two", "all", 2, 1, 1, ""), ("all", "", 3, 1, 1, "")],
         start=2)]
)  # fmt: skip


def test_denominators_by_unit_whatever_the_order():
    sizes = Sheet(("d", "b", "a"), ("people",), np.array([[8.0], [0.0], [2.0]]))
    found, divided = prepare.denominate(GAPPY, sizes, TREE)
    assert found.column("x") == pytest.approx([0.5, NAN, NAN, 0.5], nan_ok=True)
    assert divided == {"x": "people"}
    with pytest.raises(BadInput, match="in common"):
        prepare.denominate(GAPPY, Sheet(("q",), ("people",), np.ones((1, 1))), TREE)
    with pytest.raises(NotFound):
        prepare.denominate(GAPPY, Sheet(("a",), ("persons",), np.ones((1, 1))), TREE)


FILLS = {
    "mean": ([10, 25, 25, 40], 2),
    "median": ([10, 25, 25, 40], 2),
    "group_mean": ([10, 10, 40, 40], 1),
}


@pytest.mark.parametrize("method", FILLS)
def test_gaps_filled_by_hand(method):
    values, basis = FILLS[method]
    found, told = impute(GAPPY, method, group="side")
    assert found.column("y").tolist() == values
    assert {one.basis for one in told if one.column == "y"} == {basis}
    assert {one.method for one in told} == {method}


def test_a_group_that_knows_nothing_fills_nothing():
    found, told = impute(GAPPY, "group_median", group="none")
    assert np.isnan(found.column("y")[[1, 2]]).all()
    assert [(one.unit, one.column, one.value) for one in told] == [("c", "z", 0.0)]


def test_the_last_value_of_a_panel():
    old = Sheet(("b", "c"), ("y",), np.array([[7.0], [5.0]]))
    newer = Sheet(("b", "c"), ("y",), np.array([[8.0], [NAN]]))
    found, told = impute(GAPPY, "last_value", earlier=[old, newer])
    assert found.column("y").tolist() == [10, 8, 5, 40]
    assert len(told) == 2


def test_regression_follows_the_line_of_the_known():
    sheet = Sheet(tuple("abcdef"), ("x", "y"),
                  np.column_stack([[1, 2, 3, 4, 5, 6.0], [3, 5, NAN, 9, 11, NAN]]))  # fmt: skip
    found, told = impute(sheet, "regression")
    assert found.column("y") == pytest.approx([3, 5, 7, 9, 11, 13])
    assert {one.basis for one in told} == {4}


@settings(max_examples=25)
@given(arrays(float, (12, 2), elements=st.floats(-5, 5).map(lambda x: round(x, 2)), unique=True))
def test_em_of_one_gappy_column_is_the_likeliest_regression(matrix):
    """Two columns, gaps in one: the likeliest lie on the least-squares line (Anderson 1957)."""
    if np.ptp(matrix[:8, 0]) < 1 or np.ptp(matrix[:8, 1]) < 1:
        return
    gappy = matrix.copy()
    gappy[8:, 1] = NAN
    line = stats.linregress(gappy[:8, 0], gappy[:8, 1])
    found = expectation_maximisation(gappy)
    assert found[:8] == pytest.approx(gappy[:8])
    assert found[8:, 1] == pytest.approx(line.intercept + line.slope * gappy[8:, 0], abs=1e-3)


def test_em_finds_the_likeliest_parameters_with_gaps_in_both_columns():
    """The expectations under the parameters that a general optimiser finds likeliest."""
    chance = np.random.default_rng(3)
    one = chance.normal(size=14)
    matrix = np.column_stack([one, 0.7 * one + 0.6 * chance.normal(size=14)])
    matrix[[1, 5, 8, 11], 0] = NAN
    matrix[[2, 6, 9, 12], 1] = NAN

    def parameters(given):
        first, second = np.exp(given[2:4])
        together = first * second * np.tanh(given[4])
        return given[:2], np.array([[first**2, together], [together, second**2]])

    def unlikely(given):
        centre, spread = parameters(given)
        total = 0.0
        for row in matrix:
            have = ~np.isnan(row)
            total -= stats.multivariate_normal.logpdf(
                row[have], centre[have], spread[np.ix_(have, have)]
            )
        return total

    best = minimize(unlikely, np.zeros(5), method="BFGS", options={"gtol": 1e-8}).x
    centre, spread = parameters(best)
    found = expectation_maximisation(matrix)
    slope = spread[0, 1] / spread[1, 1]
    gaps = [1, 5, 8, 11]
    assert found[gaps, 0] == pytest.approx(
        centre[0] + slope * (matrix[gaps, 1] - centre[1]), abs=1e-4
    )


def test_wrong_questions_about_gaps_are_named():
    with pytest.raises(BadInput, match="nearest"):
        impute(GAPPY, "nearest")
    with pytest.raises(BadInput, match="group"):
        impute(GAPPY, "group_mean")
    with pytest.raises(NotFound):
        impute(GAPPY, "group_mean", group="sides")


# --- levels, weights, analysis ---------------------------------------------------------------


def test_levels_are_weighed_one_on_another():
    scores = Sheet(("u",), ("x", "y", "z"), np.array([[40.0, 80.0, 10.0]]))
    found = aggregated(scores, TREE)
    assert found.columns == ("x", "y", "z", "one", "two", "all")
    assert found.values[0, 3:].tolist() == [70, 10, 50]  # (40 + 3 x 80)/4, (2 x 70 + 10)/3
    effective = weights.effective_weights(TREE)
    assert effective == pytest.approx(
        {"all": 1, "one": 2 / 3, "two": 1 / 3, "x": 1 / 6, "y": 1 / 2, "z": 1 / 3}
    )
    flat = sum(effective[code] * scores.column(code)[0] for code in "xyz")
    assert flat == pytest.approx(50)
    mixed = aggregated(scores, TREE, ["geometric", "arithmetic"])
    assert mixed.column("one")[0] == pytest.approx((40 * 80**3) ** 0.25)
    with pytest.raises(BadInput, match="2"):
        aggregated(scores, TREE, ["arithmetic"])


def test_goalposts_and_targets_come_from_the_structure():
    first = {"indicator": "x", "agg1": "all", "low": "0", "high": "50", "target": 20}
    second = {"indicator": "z", "agg1": "all", "low": 10, "high": 20, "direction": -1}
    tree = structure_of([(2, first), (3, second)])
    sheet = Sheet(("a", "b"), ("x", "z"), np.array([[10.0, 12.0], [60.0, 20.0]]))
    assert normalised(sheet, tree, "goalposts", scale=100).values.tolist() == [[20, 80], [100, 0]]
    with pytest.raises(BadInput, match=r"target.*z"):
        normalised(sheet, tree, "distance_to_target")
    other = normalised(sheet, tree, "distance_to_reference", reference="b")
    assert other.column("x").tolist() == [0, 1]


def test_alpha_by_hand():
    # variances 1 and 1, of the sum 3.24... : two parts that agree wholly have alpha 1
    column = np.array([1.0, 2.0, 3.0, 5.0])
    assert analysis.cronbach_alpha(np.column_stack([column, column])) == pytest.approx(1)
    matrix = np.array([[1, 2], [2, 1], [3, 3.0]])
    # variances 1, 1; sums 3, 3, 6 with variance 3: 2 (1 - 2/3)
    assert analysis.cronbach_alpha(matrix) == pytest.approx(2 / 3)
    assert np.isnan(analysis.cronbach_alpha(matrix[:, :1]))


@pytest.mark.parametrize(
    ("value", "within", "expected"),
    [(-0.41, True, "opposed"), (-0.4, True, None), (0.29, True, "weak"), (0.29, False, None),
     (0.3, True, None), (0.9, True, None), (0.91, True, "strong"), (NAN, True, None)],
)  # fmt: skip
def test_flags_of_correlations(value, within, expected):
    assert analysis.flag(value, 5, within) == expected
    assert analysis.flag(value, 4, within) is None


def test_optimised_weights_make_the_correlations_equal():
    chance = np.random.default_rng(7)
    common = chance.normal(size=(200, 1))
    scores = common + chance.normal(size=(200, 4)) * [0.4, 0.8, 1.2, 0.8]
    even = weights.correlations_with_index(scores, np.full(4, 0.25))
    assert np.ptp(even) > 0.05
    found = weights.optimised_weights(scores)
    assert np.ptp(found.correlations) < 1e-3
    assert found.weights.sum() == pytest.approx(1)
    index = scores @ found.weights
    assert found.correlations == pytest.approx(
        [stats.pearsonr(column, index)[0] for column in scores.T]
    )
    wanted = weights.optimised_weights(scores, [2, 2, 1.5, 2])
    assert wanted.correlations / wanted.correlations[0] == pytest.approx([1, 1, 0.75, 1], abs=0.01)


def test_a_budget_is_shared_by_judge():
    shares, spread = weights.budget_weights([[50, 50], [9, 1]])
    assert shares == pytest.approx([0.7, 0.3])
    assert spread == pytest.approx([np.sqrt(0.08)] * 2)
    with pytest.raises(BadInput):
        weights.budget_weights([[0, 0]])


def test_weights_by_method_keep_the_tree():
    index = asem()["normalised"]
    found = index.weigh("pca").structure
    assert len(found.parts) == len(index.structure.parts)
    assert {part.weight for part in found.children("Conn")} != {1.0}
    assert {part.weight for part in index.weigh("equal").structure.parts} == {1.0}
    with pytest.raises(BadInput):
        index.weigh("guessed")


# --- comparing -------------------------------------------------------------------------------


def test_two_versions_are_ranked_among_the_units_of_both():
    one = Sheet(("a", "b", "c", "d"), ("i",), np.array([[9.0], [8], [7], [6]]))
    two = Sheet(("d", "c", "a"), ("i",), np.array([[5.0], [9], [5]]))
    found = {shift.unit: (shift.rank, shift.rank_other, shift.places)
             for shift in compare.compared(one, two, "i")}  # fmt: skip
    assert found == {"a": (1, 2, 1), "c": (2, 1, -1), "d": (3, 2, -1)}
    assert compare.mean_absolute_shift(compare.compared(one, two, "i")) == 1


def test_a_panel_tells_change_and_compound_growth():
    case = FUNCTIONS["cagr"]
    given_ = case["input"]
    rate = compare.compound_rate(given_["first"], given_["last"], given_["years"])
    assert rate == pytest.approx(case["expected"]["cagr"], abs=case["tolerance"])
    sheets = [
        (2012.0, Sheet(("a", "b"), ("i",), np.array([[121.0], [NAN]]))),
        (2010.0, Sheet(("a", "b"), ("i",), np.array([[100.0], [-5.0]]))),
        (2011.0, Sheet(("b",), ("i",), np.array([[5.0]]))),
    ]
    first, second = compare.panel(sheets, "i")
    assert (first.unit, first.change, first.yearly, first.rate) == (
        "a", 21, 10.5, pytest.approx(0.1),
    )  # fmt: skip
    assert (second.years, second.change) == (1, 10)
    assert np.isnan(second.rate)


def test_the_whole_structure_without_a_part_loses_what_is_below():
    rest = TREE.without(["one"])
    assert [part.code for part in rest.parts] == ["z", "two", "all"]
    assert [part.code for part in TREE.without(["z"]).parts] == ["x", "y", "one", "all"]


def test_the_ranking_tells_ties_gaps_and_units_without_a_score():
    values = Sheet(("a", "b", "c"), ("x", "y", "z"),
                   np.array([[1.0, 4, 2], [1, NAN, 2], [NAN, NAN, NAN]]))  # fmt: skip
    index = Index.of(TREE, values).impute("mean").normalise("scaled").aggregate()
    rows = index.ranking()
    assert [(row["unit"], row["rank"], row["tied"], row["filled"]) for row in rows] == [
        ("a", 1, True, 0), ("b", 1, True, 1), ("c", 1, True, 3),
    ]  # fmt: skip
    bare = Index.of(TREE, values).normalise("scaled").aggregate()
    assert bare.ranking()[-1]["rank"] is None
    assert bare.ranking()[-1]["unit"] == "c"
    with pytest.raises(BadInput, match="aggregate"):
        _ = Index.of(TREE, values).scores


# --- structures and sheets from files --------------------------------------------------------

FAULTY = """indicator,parent,level,direction,weight
x,all,1,2,1
x,all,1,1,one
y,al,1,1,1
,all,1,1,1
z,all,2,1,-1
all,,2,1,1
other,,2,1,1
"""


def test_every_fault_of_a_structure_is_told_with_its_place(tmp_path):
    (tmp_path / "tree.csv").write_text(FAULTY, "utf-8")
    with pytest.raises(FaultsFound) as told:
        read_structure(tmp_path / "tree.csv")
    found = {(fault.line, fault.column, fault.code) for fault in told.value.faults}
    assert found == {
        (2, "direction", "not_allowed_here"), (3, "weight", "not_a_number"),
        (3, "indicator", "row_twice"), (4, "parent", "unknown_parent"),
        (5, "indicator", "blank_key"), (6, "weight", "not_allowed_here"),
        (6, "level", "wrong_level"), (6, "indicator", "empty_group"),
        (8, "parent", "one_top"), (8, "indicator", "empty_group"),
    }  # fmt: skip


def test_both_forms_and_every_kind_of_file_give_the_same_tree(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    wide = "IndCode;Direction;IndWeight;Agg1;Agg2\nx;1;1,5;one;all\nz;-1;1;two;all\n"
    (tmp_path / "wide.csv").write_text(wide, "utf-8")
    long = [("indicator", "parent", "level", "direction", "weight"), ("x", "one", 1, 1, 1.5),
            ("z", "two", 1, -1, 1), ("one", "all", 2, 1, 1), ("all", None, 3, 1, 1),
            ("two", "all", 2, 1, 1)]  # fmt: skip
    book = openpyxl.Workbook()
    for row in long:
        book.active.append(row)
    book.save(tmp_path / "long.xlsx")
    listed = "".join(
        f"- {{{', '.join(f'{k}: {v}' for k, v in zip(long[0], row, strict=True) if v)}}}\n"
        for row in long[1:]
    )
    (tmp_path / "long.yml").write_text(listed, "utf-8")
    trees = [read_structure(tmp_path / name) for name in ("wide.csv", "long.xlsx", "long.yml")]
    for tree in trees:
        assert {(p.code, p.parent, p.level, p.direction, p.weight) for p in tree.parts} == {
            ("x", "one", 1, 1.0, 1.5), ("z", "two", 1, -1.0, 1.0), ("one", "all", 2, 1.0, 1.0),
            ("two", "all", 2, 1.0, 1.0), ("all", None, 3, 1.0, 1.0),
        }  # fmt: skip
        assert (tree.top, tree.levels) == ("all", 3)


def test_every_fault_of_a_sheet_is_told_with_its_place():
    lines = [
        (2, {"unit": "a", "x": "1,5"}),
        (3, {"unit": "a", "x": "many"}),
        (4, {"unit": "", "x": "NA"}),
    ]
    with pytest.raises(FaultsFound) as told:
        sheet_of(lines, ["x"], file="values.csv")
    assert {(one.file, one.line, one.column, one.code) for one in told.value.faults} == {
        ("values.csv", 3, "unit", "row_twice"), ("values.csv", 3, "x", "not_a_number"),
        ("values.csv", 4, "unit", "blank_key"),
    }  # fmt: skip
    with pytest.raises(FaultsFound) as told:
        sheet_of(lines, ["y"], file="values.csv")
    assert told.value.faults[0].code == "missing_column"


def test_a_sheet_as_a_table_keeps_its_blanks():
    table = GAPPY.table()
    assert table.column("y").to_pylist() == [10, None, None, 40]
    assert table.column("side").to_pylist()[0] == "east"
    assert isinstance(TREE, Structure)


# --- a questionnaire -------------------------------------------------------------------------

QUESTIONS = [
    (
        2,
        {"question": "q1", "component": "education", "answer": "yes", "points": "2", "weight": "1"},
    ),
    (3, {"question": "q1", "component": "education", "answer": "no", "points": "0", "weight": "1"}),
    (4, {"question": "q2", "component": "education", "answer": "1", "points": "1", "weight": "3"}),
    (5, {"question": "q2", "component": "education", "answer": "2", "points": "4", "weight": "3"}),
    (6, {"question": "q3", "component": "media", "answer": "yes", "points": "1", "weight": "1"}),
]
ANSWERS = [
    (2, {"city": "a", "q1": "yes", "q2": 1.0, "q3": "yes"}),
    (3, {"city": "b", "q1": "no", "q2": "", "q3": None}),
]


def test_answers_become_scores_of_components():
    questions = questions_of(QUESTIONS)
    found = score_answers(questions, ANSWERS)
    # a: (2 + 3 x 1) of (2 + 3 x 4); b: 0 of 2, and nothing of media
    assert found.sheet.columns == ("education", "media")
    assert found.sheet.values == pytest.approx(
        np.array([[100 * 5 / 14, 100], [0, NAN]]), nan_ok=True
    )
    assert found.unanswered == {"b": ("q2", "q3")}
    strict = score_answers(questions, [ANSWERS[0], (3, {**ANSWERS[1][1], "q1": "yes"})], "zero")
    assert strict.sheet.values[1, 0] == pytest.approx(100 * 2 / 14)


def test_every_fault_of_answers_is_told_with_its_place():
    questions = questions_of(QUESTIONS)
    with pytest.raises(FaultsFound) as told:
        score_answers(questions, [(2, {"city": "a", "q1": "maybe", "q2": "3", "q3": "yes"})],
                      file="answers.csv")  # fmt: skip
    assert [(one.line, one.column, one.found, one.allowed) for one in told.value.faults] == [
        (2, "q1", "maybe", "yes, no"), (2, "q2", "3", "1, 2"),
    ]  # fmt: skip
    with pytest.raises(FaultsFound) as told:
        score_answers(questions, [(2, {"city": "a", "q1": "yes", "q2": "1", "q33": "yes"})])
    assert {one.code for one in told.value.faults} == {"unknown_question", "missing_column"}
    torn = [*QUESTIONS, (7, {**QUESTIONS[0][1], "answer": "often", "component": "media"})]
    with pytest.raises(FaultsFound) as told:
        questions_of(torn)
    assert told.value.faults[0].code == "question_torn"
