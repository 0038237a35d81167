"""Rules, audit and secondary suppression: reference numbers, cases by hand, enumeration."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib.disclosure import CountRule, SumRule, count_reasons, sum_reasons
from barometer_lib.disclosure.audit import Contradiction, audit, unsafe
from barometer_lib.disclosure.blocks import HIDDEN, SHOWN, Block, Key, of_table
from barometer_lib.disclosure.secondary import protect

REFERENCE = Path(__file__).parent / "reference" / "disclosure.json"
VECTORS = {one["id"]: one for one in json.loads(REFERENCE.read_text("utf-8"))["vectors"]}


def keys(names: Sequence[str]) -> list[Key]:
    return [tuple(name.split("|")) for name in names]


def table_in(vector: Mapping[str, Any]) -> dict[Key, float]:
    return {tuple(name.split("|")): value for name, value in vector["input"]["table"].items()}


def parts_of(table: Mapping[Key, float]) -> list[dict[str, list[list[str]]]]:
    """Along each dimension, `Total` is the sum of all other codes."""
    codes = [list(dict.fromkeys(key[i] for key in table)) for i in range(len(next(iter(table))))]
    return [{"Total": [[code for code in some if code != "Total"]]} for some in codes]


def block_of(table: Mapping[Key, float], hidden: Sequence[Key], **more: Any) -> Block:
    return of_table(table, parts_of(table), hidden=hidden, **more)


def added(block: Block, hidden: np.ndarray) -> set[Any]:
    """The figures hidden besides those that were given."""
    return {block.figures[i] for i in np.flatnonzero(hidden).tolist() if block.state[i] != HIDDEN}


# --- primary rules --------------------------------------------------------------------------------


def reasons(rows: Sequence[tuple[float | None, ...]], **rule: Any) -> list[str | None]:
    """Rows of (count, group) or (lowest count, highest count, group)."""
    full = [row if len(row) == 3 else (row[0], row[0], row[1]) for row in rows]
    columns = {
        name: pa.array([row[i] for row in full], pa.float64())
        for i, name in enumerate(("low", "high", "denominator"))
    }
    return count_reasons(pa.table(columns), CountRule(**rule)).column("reason").to_pylist()


def test_counts_of_one_to_four_are_hidden():
    counts = [(float(n), None) for n in range(7)]
    assert reasons(counts) == [None, "count", "count", "count", "count", None, None]
    assert reasons(counts, last=5)[5] == "count"
    assert reasons(counts, first=3) == [None, None, None, "count", "count", None, None]


def test_whether_nobody_is_told_is_a_rule_of_its_own():
    assert reasons([(0.0, None)]) == [None]
    assert reasons([(0.0, None)], zero=True) == ["nobody"]
    assert reasons([(0.0, 60.0)], whole_group=False) == [None]
    assert reasons([(0.0, 60.0)], whole_group=False, zero=True) == ["nobody"]


@pytest.mark.parametrize(
    ("count", "group", "reason"),
    [
        (30, 60, None),
        (4, 60, "count"),
        (56, 60, "complement"),
        (55, 60, None),
        (0, 60, "nobody"),
        (60, 60, "everybody"),
        (2, 4, "denominator"),
        (0, 3, "denominator"),
        (5, 5, "everybody"),
        (None, 4, "denominator"),
        (None, 60, None),
        (0, 0, None),
    ],
)
def test_shares_inherit_from_both_counts(count, group, reason):
    assert reasons([(count, group)]) == [reason]


def test_rules_can_leave_out_the_rest_and_whole_groups():
    rows = [(56.0, 60.0), (0.0, 60.0), (60.0, 60.0)]
    assert reasons(rows, complement=False) == [None, "nobody", "everybody"]
    assert reasons(rows, whole_group=False) == ["complement", None, None]


def test_a_count_that_is_known_within_limits_is_hidden_where_it_may_be_small():
    # 0.02 percent of 5,412 persons is between 0.81 and 1.35: one person
    assert reasons([(1.0, 1.0, 5412.0), (4.0, 5.0, 90.0), (5.0, 6.0, 90.0)]) == [
        "count", "count", None,
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [(0, 4), (5, 4), (-1, 3)])
def test_a_band_that_is_none_is_refused(first, last):
    with pytest.raises(ValueError, match="no band"):
        CountRule(first, last)


def contributions(given: Mapping[str, Sequence[tuple[str, float]]]) -> pa.Table:
    rows = [(cell, who, float(value)) for cell, gives in given.items() for who, value in gives]
    names = ("cell", "contributor", "value")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


def test_dominance_agrees_with_the_reference():
    vector = VECTORS["nk_dominance_by_holding"]
    source = vector["input"]
    # a weighted record stands for as many of its contributor, and the reference ranks holdings
    given = {
        cell: list(zip(source["contributor"][cell], values, strict=True))
        for cell, values in source["contributions"].items()
    }
    found = sum_reasons(contributions(given), SumRule("dominance", n=2, k=98)).to_pylist()
    for row, share, primary in zip(
        found, vector["expected"]["dominant2"], vector["expected"]["primary"], strict=True
    ):
        assert row["share"] == pytest.approx(share, abs=vector["tolerance"]["abs"])
        assert (row["reason"] == "dominance") is primary


def test_the_second_largest_must_not_tell_the_largest():
    given = {
        "near": [("a", 100), ("b", 50), ("c", 9)],  # 9 < 10 percent of 100
        "far": [("a", 100), ("b", 50), ("c", 10)],  # 10 is not below it
        "two": [("a", 100), ("b", 50)],
        "one": [("a", 100)],
        "split": [("a", 60), ("b", 50), ("c", 9), ("a", 40)],  # a gives 100 in two rows
        "none": [("a", 0)],
    }
    found = sum_reasons(contributions(given), SumRule("p_percent", p=10)).to_pylist()
    hidden = {row["cell"] for row in found if row["reason"] == "p_percent"}
    assert hidden == {"near", "two", "one", "split"}
    assert [row["total"] for row in found][:2] == [159, 160]


def test_what_was_known_before_counts_in_pq():
    given = {"x": [("a", 100), ("b", 50), ("c", 20)]}
    assert (
        sum_reasons(contributions(given), SumRule("pq", p=10, q=100)).to_pylist()[0]["reason"]
        is None
    )
    # known to within 40 percent before: the 20 of c leave 8 percent of 100
    assert (
        sum_reasons(contributions(given), SumRule("pq", p=10, q=40)).to_pylist()[0]["reason"]
        == "pq"
    )


def test_sums_refuse_what_is_no_sum_of_parts():
    with pytest.raises(ValueError, match="negative"):
        sum_reasons(contributions({"x": [("a", -1)]}), SumRule("dominance"))
    for wrong in (
        {"kind": "other"},
        {"kind": "pq", "p": 50, "q": 40},
        {"kind": "dominance", "n": 0},
    ):
        with pytest.raises(ValueError, match="no rule"):
            SumRule(**wrong)


# --- audit ----------------------------------------------------------------------------------------


def test_two_blanks_a_line_are_not_enough():
    vector = VECTORS["hidden_disclosure_4x4"]
    block = block_of(table_in(vector), keys(vector["input"]["suppressed"]))
    disclosed = [one for one in audit(block) if one.width < 1e-6]
    assert ["|".join(block.cells[one.cell]) for one in disclosed] == vector["expected"][
        "cells_disclosed"
    ]
    assert disclosed[0].low == pytest.approx(vector["expected"]["value"]["w|b"], abs=1e-6)
    assert [one.cell for one in unsafe(block, audit(block))] == [disclosed[0].cell]


def test_one_more_blank_mends_it():
    vector = VECTORS["hidden_disclosure_4x4_repaired"]
    block = block_of(table_in(vector), keys(vector["input"]["suppressed"]))
    limits = {"|".join(block.cells[one.cell]): (one.low, one.high) for one in audit(block)}
    for cell, expected in vector["expected"]["interval"].items():
        assert limits[cell] == pytest.approx(tuple(expected), abs=vector["tolerance"]["abs"])
    assert unsafe(block, audit(block)) == []


def test_blanks_without_companions_are_worth_nothing():
    vector = VECTORS["acro_threshold_with_totals_discloses"]
    table = table_in(vector)
    years = sorted({year for year, _ in table})
    kinds = list(dict.fromkeys(kind for _, kind in table))
    for year in years:
        table[year, "Total"] = sum(table[year, kind] for kind in kinds)
    hidden = [(year, vector["input"]["suppressed_column"]) for year in years]
    block = of_table(table, [{}, {"Total": [kinds]}], hidden=hidden)
    exact = [one for one in audit(block) if one.width < 1e-6]
    assert len(exact) == vector["expected"]["n_disclosed"]
    assert {one.low for one in exact} == {8.0}


def test_what_nothing_bounds_is_unbounded():
    block = of_table({("a",): 3.0}, [{}], hidden=[("a",)])
    (one,) = audit(block)
    assert (one.low, one.high) == (0.0, math.inf)


def test_figures_that_contradict_each_other_are_told():
    table = {("Total",): 10.0, ("a",): 8.0, ("b",): 7.0, ("c",): 1.0}
    block = block_of(table, [("c",)])
    with pytest.raises(Contradiction):
        audit(block)


# --- secondary suppression ------------------------------------------------------------------------


def test_the_cheapest_companions_are_found():
    vector = VECTORS["secondary_optimal_2way"]
    block = block_of(table_in(vector), keys(vector["input"]["primary"]))
    pattern = protect(block)
    assert added(block, pattern.hidden) == set(keys(vector["expected"]["secondary"]))
    assert pattern.cost == pytest.approx(vector["expected"]["cost"])
    assert (pattern.gap, pattern.unsafe) == (0.0, ())
    assert pattern.bound == pytest.approx(40)


def test_the_hidden_disclosure_is_mended_at_least_cost():
    vector = VECTORS["hidden_disclosure_4x4"]
    block = block_of(table_in(vector), keys(vector["input"]["suppressed"]))
    pattern = protect(block)
    assert added(block, pattern.hidden) == {("x", "d")}
    assert (pattern.cost, pattern.unsafe) == (31.0, ())


def test_two_lone_persons_need_a_third():
    # a and b each hold one person; each knows their own and would find the other by subtraction
    table = {("Total",): 40.0, ("a",): 1.0, ("b",): 1.0, ("c",): 18.0, ("d",): 20.0}
    lone = [("a",), ("b",)]
    wide = block_of(table, lone, need=1.0)
    assert added(wide, protect(wide).hidden) == set()
    alone = block_of(table, lone, need=1.0, alone=lone)
    assert added(alone, protect(alone).hidden) == {("c",)}


LINKED_ORIGIN = {
    ("Total", "K"): 20.0, ("x", "K"): 3.0, ("y", "K"): 8.0, ("z", "K"): 9.0,
    ("Total", "L"): 30.0, ("x", "L"): 10.0, ("y", "L"): 10.0, ("z", "L"): 10.0,
    ("Total", "Total"): 50.0, ("x", "Total"): 13.0, ("y", "Total"): 18.0, ("z", "Total"): 19.0,
}  # fmt: skip


def test_tables_that_are_safe_alone_are_audited_together():
    """Origin and age both split district K's 20: hidden alone, each leaves K's total in doubt;
    together the total is told by the other table and the small cell follows."""
    origin = {("o1",): 3.0, ("o2",): 17.0, ("Total",): 20.0}
    age = {("a1",): 8.0, ("a2",): 12.0, ("Total",): 20.0}
    hidden = [("o1",), ("Total",)]
    alone = of_table(origin, [{"Total": [["o1", "o2"]]}], hidden=hidden)
    assert unsafe(alone, audit(alone)) == []
    both = of_table(origin | age, [{"Total": [["o1", "o2"], ["a1", "a2"]]}], hidden=hidden)
    limits = {both.cells[one.cell]: (one.low, one.high) for one in audit(both)}
    assert limits["o1",] == (3.0, 3.0)
    pattern = protect(both)
    # the total is told by the ages; the cheapest safe way is to hide o2 or an age beside it
    assert pattern.unsafe == ()
    assert added(both, pattern.hidden) == {("a1",)}


def test_what_is_shown_already_cannot_be_hidden_any_more():
    block = block_of(LINKED_ORIGIN, [("x", "K")])
    state = block.state.copy()
    state[[i for i, cell in enumerate(block.cells) if cell[1] == "K" and cell[0] in "yz"]] = SHOWN
    fixed = Block(**{**vars(block), "state": state})
    pattern = protect(fixed)
    assert pattern.unsafe == ()
    shown = {cell for cell, one in zip(fixed.cells, state, strict=True) if one == SHOWN}
    assert not added(fixed, pattern.hidden) & shown
    # only the totals of K can cover for it
    assert ("Total", "K") in added(fixed, pattern.hidden)


def test_what_cannot_be_protected_is_told():
    block = block_of(LINKED_ORIGIN, [("x", "K")])
    state = np.where(block.state == HIDDEN, HIDDEN, SHOWN)
    pattern = protect(Block(**{**vars(block), "state": state}))
    assert [block.cells[one.cell] for one in pattern.unsafe] == [("x", "K")]
    assert pattern.unsafe[0].low == pytest.approx(3.0)


def test_out_of_time_is_still_safe_and_owns_up_to_its_gap():
    block = block_of(LINKED_ORIGIN, [("x", "K")])
    best = protect(block)
    hasty = protect(block, seconds=0.0)
    assert hasty.unsafe == ()
    assert hasty.cost >= best.cost > 0
    assert hasty.bound <= best.cost
    assert hasty.gap >= (hasty.cost - best.cost) / hasty.cost - 1e-9


NARROW_COMPANIONS = {
    ("a", "x"): 2.0, ("a", "y"): 2.0, ("a", "z"): 8.0, ("a", "Total"): 12.0,
    ("b", "x"): 1.0, ("b", "y"): 7.0, ("b", "z"): 3.0, ("b", "Total"): 11.0,
    ("Total", "x"): 3.0, ("Total", "y"): 9.0, ("Total", "z"): 11.0, ("Total", "Total"): 23.0,
}  # fmt: skip


def test_companions_are_not_told_either():
    """The cheapest way to cover the two small cells leaves b,x between 0 and 3."""
    block = block_of(NARROW_COMPANIONS, [("a", "x"), ("a", "y")])
    targets_alone = protect(block, every_hidden=False)
    narrow = {block.cells[one.cell] for one in unsafe(block, targets_alone.intervals)}
    assert narrow == {("a", "z"), ("b", "x"), ("b", "z")}
    assert (targets_alone.cost, targets_alone.unsafe) == (24.0, ())
    everything = protect(block)
    assert unsafe(block, everything.intervals) == []
    assert (everything.cost, everything.gap) == (30.0, 0.0)


def test_the_solver_keeps_its_remarks_to_itself():
    """Standard output is for answers: what the solver prints there would spoil JSON."""
    program = (
        "import os, sys, scipy.optimize as so; sys.path.insert(0, sys.argv[1]); "
        "import test_disclosure as one; solve = so.milp; "
        "so.milp = lambda *a, **k: os.write(1, b'remark') and solve(*a, **k); "
        "print(one.protect(one.block_of(one.NARROW_COMPANIONS, [('a', 'x'), ('a', 'y')])).cost)"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.split() == [b"30.0"]


# --- against enumeration --------------------------------------------------------------------------


@st.composite
def small_tables(draw: st.DrawFn) -> dict[Key, float]:
    """Two by three counts with all totals."""
    inner = draw(st.lists(st.integers(0, 7), min_size=6, max_size=6))
    table = {
        (r, c): float(inner[3 * i + j]) for i, r in enumerate("ab") for j, c in enumerate("xyz")
    }
    for row in "ab":
        table[row, "Total"] = sum(table[row, c] for c in "xyz")
    for column in ("x", "y", "z", "Total"):
        table["Total", column] = table["a", column] + table["b", column]
    return table


def enumerated(table: Mapping[Key, float], hidden: set[Key]) -> dict[Key, set[int]]:
    """Every value each hidden cell may have, by trying all whole tables: no solver at all.

    A row that nothing published bounds is tried up to some persons more than it has.
    """
    found: dict[Key, set[int]] = {cell: set() for cell in hidden}
    shown = {cell: value for cell, value in table.items() if cell not in hidden}
    for first, second in product(_rows(table, shown, "a"), _rows(table, shown, "b")):
        sums = [first[i] + second[i] for i in range(3)]
        whole = dict(zip((("Total", "x"), ("Total", "y"), ("Total", "z")), sums, strict=True))
        whole |= {("a", "Total"): sum(first), ("b", "Total"): sum(second)}
        whole["Total", "Total"] = sum(sums)
        whole |= {("a", c): first[i] for i, c in enumerate("xyz")}
        whole |= {("b", c): second[i] for i, c in enumerate("xyz")}
        if all(whole[cell] == value for cell, value in shown.items()):
            for cell in hidden:
                found[cell].add(whole[cell])
    return found


def _rows(
    table: Mapping[Key, float], shown: Mapping[Key, float], row: str
) -> list[tuple[int, ...]]:
    ranges = []
    for column in "xyz":
        lines = [(row, column), (row, "Total"), ("Total", column), ("Total", "Total")]
        bounds = [int(shown[line]) for line in lines if line in shown]
        most = min(bounds) if bounds else int(table[row, column]) + 6
        ranges.append([most] if (row, column) in shown else range(most + 1))
    total = shown.get((row, "Total"))
    return [one for one in product(*ranges) if total is None or sum(one) == total]


@settings(max_examples=40)
@given(small_tables())
def test_no_hidden_cell_can_be_told_by_trying_every_table(table):
    small = [cell for cell, value in table.items() if 1 <= value <= 4]
    if not small:
        return
    block = block_of(table, small)
    pattern = protect(block)
    assert pattern.unsafe == ()
    hidden = {block.cells[i] for i in np.flatnonzero(pattern.hidden).tolist()}
    assert hidden >= set(small)
    for cell, values in enumerated(table, hidden).items():
        assert table[cell] in values
        assert max(values) - min(values) >= 5, f"{cell} lies in {sorted(values)}"


@settings(max_examples=25)
@given(small_tables())
def test_no_cheaper_pattern_is_safe(table):
    inner = [cell for cell in table if "Total" not in cell]
    small = [cell for cell in inner if 1 <= table[cell] <= 4][:1]
    if not small:
        return
    block = block_of(table, small)
    pattern = protect(block, every_hidden=False)
    assert pattern.gap == 0.0
    number = {cell: i for i, cell in enumerate(block.cells)}
    others = [cell for cell in table if cell not in small]
    for size in range(4):
        for more in combinations(others, size):
            if sum(block.cost[number[cell]] for cell in more) < pattern.cost - 1e-6:
                hidden = block.state == HIDDEN
                hidden[[number[cell] for cell in more]] = True
                target = number[small[0]]
                assert unsafe(block, audit(block, hidden, [target])), more
