"""Rounding instead of hiding: reference numbers, enumeration, and what is told of small counts."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from barometer_lib.catalogue.entries import Protection
from barometer_lib.disclosure import protect
from barometer_lib.disclosure.blocks import Key, Line, sums
from barometer_lib.disclosure.rounding import controlled, conventional
from small_city import DAY, LATER, city, grid, row, share, vintages

REFERENCE = Path(__file__).parent / "reference" / "disclosure.json"
VECTORS = {one["id"]: one for one in json.loads(REFERENCE.read_text("utf-8"))["vectors"]}
PARTS = [{"Total": [["a", "b"]]}, {"Total": [["x", "y", "z"]]}]


def test_conventional_rounding_agrees_with_the_reference():
    vector = VECTORS["round_conventional_5"]
    found = conventional(np.array(vector["input"]["counts"]), 5)
    assert found.tolist() == vector["expected"]["rounded"]
    # and its note: sums of rounded numbers are not the rounded sum
    assert conventional(np.array([2, 2, 4])).tolist() == [0, 0, 5]


def whole(inner: tuple[int, ...]) -> dict[Key, float]:
    table = {
        (r, c): float(inner[3 * i + j]) for i, r in enumerate("ab") for j, c in enumerate("xyz")
    }
    for r in "ab":
        table[r, "Total"] = sum(table[r, c] for c in "xyz")
    for c in ("x", "y", "z", "Total"):
        table["Total", c] = table["a", c] + table["b", c]
    return table


def distance_by_trying(table: dict[Key, float], base: int) -> float:
    """The least distance of an additive rounding, every rounding of the inner cells tried."""
    inner = [(r, c) for r in "ab" for c in "xyz"]
    least = float("inf")
    for ups in product((0, 1), repeat=6):
        told = {}
        for cell, up in zip(inner, ups, strict=True):
            down = table[cell] // base * base
            told[cell] = down + base * up * (down != table[cell])
        full = whole(tuple(int(told[cell]) for cell in inner))
        near = all(abs(full[cell] - table[cell]) < base for cell in table)
        if near and all(full[cell] == 0 for cell in table if table[cell] == 0):
            least = min(least, sum(abs(full[cell] - table[cell]) for cell in table))
    return least


@settings(max_examples=25)
@given(st.tuples(*[st.integers(0, 12)] * 6), st.sampled_from([3, 5]))
def test_controlled_rounding_is_additive_near_and_the_nearest(inner, base):
    table = whole(inner)
    keys = list(table)
    values = np.array([table[key] for key in keys])
    lines = sums(keys, PARTS)
    assert len(lines) == 7
    found = controlled(values, lines, base=base)
    assert found is not None
    told = dict(zip(keys, found.values.tolist(), strict=True))
    assert all(one % base == 0 for one in told.values())
    assert (np.abs(found.values - values) < base).all()
    assert all(told[key] == 0 for key in keys if table[key] == 0)
    for line in lines:
        assert sum(weight * found.values[cell] for cell, weight in line.weights.items()) == 0
    assert found.distance == pytest.approx(np.abs(found.values - values).sum())
    assert found.distance == pytest.approx(distance_by_trying(table, base))
    assert (found.gap, found.additive, found.strict) == (0.0, True, True)


def test_multiples_move_only_where_nothing_else_is_additive():
    """Three linked sums of two cells each to a total of 5: no cell can be half a base."""
    lines = [Line({0: 1.0, 1: 1.0, 3: -1.0}), Line({1: 1.0, 2: 1.0, 4: -1.0})]
    lines.append(Line({0: 1.0, 2: 1.0, 5: -1.0}))
    values = np.array([2.5, 2.5, 2.5, 5.0, 5.0, 5.0])
    found = controlled(values, lines, base=5)
    assert found is not None
    assert (found.strict, found.additive) == (False, True)
    assert np.abs(found.values - values).max() <= 5
    for line in lines:
        assert sum(weight * found.values[cell] for cell, weight in line.weights.items()) == 0


def test_what_stands_fast_stays_and_broken_sums_are_owned_up_to():
    lines = [Line({0: -1.0, 1: 1.0, 2: 1.0})]
    values = np.array([23.0, 11.0, 12.0])
    free = np.nan
    kept = controlled(values, lines, fixed=np.array([free, 15.0, free]))
    assert kept is not None
    assert (kept.values.tolist(), kept.additive) == ([25.0, 15.0, 10.0], True)
    apart = controlled(values, lines, fixed=np.array([20.0, 15.0, 10.0]))
    assert apart is not None
    assert (apart.values.tolist(), apart.additive) == ([20.0, 15.0, 10.0], False)


def test_out_of_time_gives_nothing():
    assert (
        controlled(np.array([1.0, 2.0, 3.0]), [Line({0: 1.0, 1: 1.0, 2: -1.0})], seconds=0) is None
    )


# --- in a dataset ---------------------------------------------------------------------------------

SMALL = ([3, 20, 31, 42], [52, 61, 73, 84])


def test_a_table_is_rounded_instead_of_hidden():
    protected = protect(vintages(grid(*SMALL)), city(rounding="controlled"))
    rows = {(one["area"], one["population_group"]): one for one in protected.figures.to_pylist()}
    assert (protected.told, protected.pattern, protected.faults) == ((), [], ())
    assert {one["status"] for one in rows.values()} == {"reported"}
    assert {one["rounded_to"] for one in rows.values()} == {5}
    for one in rows.values():
        assert one["numerator"] % 5 == one["denominator"] % 5 == 0
        assert one["numerator"] <= one["denominator"]
        # never a rounded share beside exact counts, nor the other way round
        assert one["value"] == pytest.approx(one["numerator"] / one["denominator"])
        assert one["sample_size"] is None
    for kind in ("numerator", "denominator"):
        for area in ("east", "west", "city"):
            parts = [rows[area, group][kind] for group in ("o:a", "o:b")]
            assert sum(parts) == rows[area, "o:all"][kind]
        for group in ("o:a", "o:b", "o:all"):
            parts = [rows[area, group][kind] for area in ("east", "west")]
            assert sum(parts) == rows["city", group][kind]
    (small,) = [one for one in protected.rounded if one.small is not None]
    assert small.figure.cell[:3] == ("share", "east", "o:a")
    assert (small.small, small.high - small.low >= 4, small.gap) == ("count", True, 0.0)
    assert small.low <= 3 <= small.high


def test_conventional_rounding_is_told_as_not_additive():
    protected = protect(vintages(grid(*SMALL)), city(rounding="conventional"))
    rows = {(one["area"], one["population_group"]): one for one in protected.figures.to_pylist()}
    assert rows["east", "o:a"]["numerator"] == 5
    assert {one.additive for one in protected.rounded} == {False}


def test_conventional_rounding_that_gives_a_small_count_away_is_a_fault():
    """2 + 2 = 4 is told as 0, 0 and 5: both parts are two, and nothing else."""
    rows = [row("people", "city", "o:a", "2012", 2.0), row("people", "city", "o:b", "2012", 2.0)]
    rows += [row("people", "city", "o:all", "2012", 4.0)]
    protected = protect(vintages(rows), city(rounding="conventional"))
    told = {one.figure.cell[2]: one for one in protected.rounded}
    assert (told["o:a"].low, told["o:a"].high) == (pytest.approx(1), pytest.approx(2))
    assert {one.code for one in protected.faults} == {"disclosure_rounded_narrow"}
    assert protect(vintages(rows), city(rounding="controlled")).faults == ()


def test_counts_and_changes_are_rounded_alike():
    rows = [
        row("people", "city", "o:all", "2011", 13.0),
        row("people", "city", "o:all", "2012", 8.0),
    ]
    rows[1] |= {"published_change": -5.0, "change_since": "2011"}
    rows += [row("share", "city", "o:all", "2012", 0.25, denominator=8.0)]
    found = protect(vintages(rows), city(rounding="controlled")).figures.to_pylist()
    told = {(one["indicator"], one["period"]): one for one in found}
    assert (told["people", "2011"]["value"], told["people", "2012"]["value"]) == (15.0, 10.0)
    assert told["people", "2012"]["published_change"] is None
    one = told["share", "2012"]
    assert (one["value"], one["numerator"], one["denominator"]) == (0.0, None, 10.0)


def test_a_share_of_a_group_that_is_rounded_away_is_hidden():
    rows = [share("city", "o:all", "2012", 1, 2)]
    (one,) = protect(vintages(rows), city(rounding="conventional")).figures.to_pylist()
    assert (one["status"], one["value"], one["denominator"]) == ("suppressed", None, None)
    assert one["rounded_to"] is None


def test_gaps_of_rounded_shares_are_hidden():
    rows = [*grid(*SMALL), row("gap", "east", "o:a", "2012-S2", 0.1)]
    bound = city(rounding="controlled", worked_out=[{"indicator": "gap", "of": "share"}])
    found = protect(vintages(rows), bound).figures.to_pylist()
    assert [one["status"] for one in found if one["indicator"] == "gap"] == ["suppressed"]


def test_a_rounding_stands_fast_in_later_rounds():
    revised = [share("east", "o:b", "2012-S2", 24, 61, known_from=LATER)]
    once = protect(vintages(grid(*SMALL)), city(rounding="controlled")).figures.to_pylist()
    both = protect(vintages([*grid(*SMALL), *revised]), city(rounding="controlled"))
    early = [one for one in both.figures.to_pylist() if one["known_from"] == DAY]
    assert [one["numerator"] for one in early] == [one["numerator"] for one in once]
    (late,) = [one for one in both.rounded if one.figure.known_from == LATER]
    assert (late.count, late.figure.known_from) == (25.0, date(2013, 7, 20))


def test_exact_sizes_beside_rounded_shares_are_refused():
    with pytest.raises(ValidationError, match="rounding: no denominators"):
        Protection(id="r", rounding="controlled", denominators="people")


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=4))
def test_no_small_count_is_told_by_trying_every_table(cells):
    """The attacker tries every table whose counts could have been rounded to what is shown."""
    among = [count + rest for count, rest in cells]
    if 0 in among:
        return
    rows = [
        row("people", one["area"], one["population_group"], one["period"], one["numerator"])
        for one in grid([count for count, _ in cells], among)
    ]
    protected = protect(vintages(rows), city(rounding="controlled"))
    shown = {
        (one["area"], one["population_group"]): one["value"]
        for one in protected.figures.to_pylist()
    }
    inner = list(product(("east", "west"), ("o:a", "o:b")))
    ranges = [np.arange(max(shown[cell] - 4, 0), shown[cell] + 5) for cell in inner]
    tried = dict(
        zip(inner, (one.ravel() for one in np.meshgrid(*ranges, indexing="ij")), strict=True)
    )
    good = np.ones(tried[inner[0]].size, dtype=bool)
    for cell, told in shown.items():
        parts = [
            tried[one]
            for one in inner
            if cell[0] in (one[0], "city") and cell[1] in (one[1], "o:all")
        ]
        good &= np.abs(sum(parts) - told) < 5
    assert protected.faults == ()
    for one in protected.rounded:
        place = one.figure.cell[1:3]
        if one.small is not None and place in tried:
            values = tried[place][good]
            assert values.max() - values.min() >= 4, (place, shown)
