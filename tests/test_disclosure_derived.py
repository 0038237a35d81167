"""A small figure that nobody delivered, and that follows from totals, is protected as well."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib.disclosure import protect
from small_city import DAY, LATER, Row, city, grid, hidden_in, row, share, vintages

MISSING = ("share", "east", "o:a", "2012-S2")


def without(rows: list[Row], *cells: tuple[str, str]) -> list[Row]:
    return [one for one in rows if (one["area"], one["population_group"]) not in cells]


def people(**counts: float | None) -> list[Row]:
    return [row("people", area, "o:all", "2012", value) for area, value in counts.items()]


def test_what_is_left_of_a_total_is_a_figure():
    """100 in the city and 98 in the east: nobody delivered the two in the west."""
    protected = protect(vintages(people(city=100.0, east=98.0)), city())
    assert hidden_in(protected) == {("people", "east", "o:all", "2012")}
    told = {one.figure.cell: one for one in protected.told}
    west = told["people", "west", "o:all", "2012"]
    assert (west.reason, west.fault) == ("derived", None)
    assert (west.low, west.high - west.low >= 5) == (0.0, True)
    assert told["people", "east", "o:all", "2012"].reason == "companion"
    # the pattern of the store holds rows that were delivered, and no others
    assert [one["area"] for one in protected.pattern] == ["east"]
    assert protected.faults == ()


def test_a_rest_that_is_not_small_is_left_alone():
    table = vintages(people(city=100.0, east=90.0))
    protected = protect(table, city())
    assert protected.figures.equals(table)
    assert protected.told == ()
    assert protect(vintages(people(city=100.0, east=100.0)), city()).told == ()


def test_a_total_alone_tells_nothing_of_its_parts():
    table = vintages(people(city=100.0))
    assert protect(table, city()).figures.equals(table)


def test_rules_hold_for_what_follows_as_for_what_was_delivered():
    rows = people(city=100.0, east=93.0)
    assert hidden_in(protect(vintages(rows), city())) == set()
    assert hidden_in(protect(vintages(rows), city(last=9))) == {("people", "east", "o:all", "2012")}


def test_a_figure_delivered_as_missing_is_hidden_where_it_follows():
    rows = people(city=100.0, east=98.0, west=None)
    rows[-1] |= {"status": "missing"}
    protected = protect(vintages(rows), city())
    assert hidden_in(protected) == {
        ("people", "east", "o:all", "2012"), ("people", "west", "o:all", "2012"),
    }  # fmt: skip
    assert {one.reason for one in protected.told} == {"derived", "companion"}


def test_the_size_of_a_group_follows_as_well():
    """60 of 100 in all, 58 of 97 of the one origin: two of three of the other."""
    rows = [share("city", "o:all", "2012", 60, 100), share("city", "o:b", "2012", 58, 97)]
    protected = protect(vintages(rows), city())
    assert ("share", "city", "o:b", "2012") in hidden_in(protected)
    assert protected.faults == ()


def test_totals_that_do_not_fit_tell_nothing():
    """Seven of a group of three cannot be: the totals are of different days or wrong."""
    rows = [share("city", "o:all", "2012", 60, 100), share("city", "o:b", "2012", 53, 97)]
    protected = protect(vintages(rows), city())
    assert (protected.told, protected.faults) == ((), ())


def test_several_missing_parts_share_what_is_left():
    """Of three origins two are missing, and three persons are left for them."""
    content = city()
    groups = content.entries["group"]
    groups["o:c"] = groups["o:b"].model_copy(update={"id": "o:c"})
    groups["o:all"] = groups["o:all"].model_copy(update={"parts": ["o:a", "o:b", "o:c"]})
    rows = [
        row("people", "city", "o:all", "2012", 90.0),
        row("people", "city", "o:a", "2012", 87.0),
    ]
    protected = protect(vintages(rows), content)
    assert hidden_in(protected) == {("people", "city", "o:a", "2012")}
    derived = {one.figure.cell[2] for one in protected.told if one.reason == "derived"}
    assert derived == {"o:b", "o:c"}


def test_it_is_protected_from_the_first_day_on_and_then_delivered():
    shown = without(grid([3, 20, 30, 40], [50, 60, 70, 80]), ("east", "o:a"))
    first = protect(vintages(shown), city())
    assert MISSING in {one.figure.cell for one in first.told if one.reason == "derived"}
    late = [share("east", "o:a", "2012-S2", 3, 50, known_from=LATER)]
    both = protect(vintages(shown + late), city())
    assert both.faults == ()
    rows = {
        (one["area"], one["population_group"], one["known_from"]): one["status"]
        for one in both.figures.to_pylist()
    }
    assert rows["east", "o:a", LATER] == "suppressed"
    assert hidden_in(first) <= hidden_in(both)
    early = [one for one in both.told if one.figure.row < 0]
    assert {(one.figure.known_from, one.figure.known_until) for one in early} == {(DAY, LATER)}


def test_what_was_shown_before_and_tells_it_is_a_fault():
    """The total comes later than the part: the part is shown, the total may still be hidden."""
    rows = people(east=98.0)
    rows += [row("people", "city", "o:all", "2012", 100.0, known_from=LATER)]
    protected = protect(vintages(rows), city())
    assert hidden_in(protected) == {("people", "city", "o:all", "2012")}
    assert protected.faults == ()


def test_a_retraction_begins_it():
    """The west is taken back while city and east stand."""
    rows = [*people(city=100.0, east=98.0), *people(west=2.0)]
    rows += [row("people", "west", "o:all", "2012", None, status="retracted", known_from=LATER)]
    protected = protect(vintages(rows), city())
    assert {one.reason for one in protected.told} == {"count", "companion", "derived"}
    assert protected.faults == ()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), min_size=4, max_size=4),
    st.sets(st.integers(0, 3), min_size=1, max_size=2),
)
def test_no_missing_count_is_told_by_trying_every_table(cells, gone):
    """The attacker tries every table of counts within their groups that agrees with what is shown,
    and knows the size of every group."""
    among = [count + rest for count, rest in cells]
    if 0 in among:
        return
    inner = list(product(("east", "west"), ("o:a", "o:b")))
    counts = [float(count) for count, _ in cells]
    missing = [inner[index] for index in sorted(gone)]
    every = grid([count for count, _ in cells], among)
    rows = [
        row("people", one["area"], one["population_group"], one["period"], float(one["numerator"]))
        for one in without(every, *missing)
    ]
    protected = protect(vintages(rows), city())
    # Who is alone in a figure knows it; with parts that nobody delivered, nothing may be left to
    # hide from them.
    assert protected.faults == () or 1.0 in counts
    shown = {
        (one["area"], one["population_group"]): one["value"]
        for one in protected.figures.to_pylist()
    }
    most = int(sum(counts)) + 6
    ranges = [
        np.arange(most) if shown.get(cell) is None else np.array([int(shown[cell])])
        for cell in inner
    ]
    tried = dict(
        zip(inner, (one.ravel() for one in np.meshgrid(*ranges, indexing="ij")), strict=True)
    )
    good = np.ones(tried[inner[0]].size, dtype=bool)
    for cell, told in shown.items():
        if told is not None:
            parts = [
                tried[one]
                for one in inner
                if cell[0] in (one[0], "city") and cell[1] in (one[1], "o:all")
            ]
            good &= sum(parts) == told
    for cell in missing:
        if 1 <= counts[inner.index(cell)] <= 4 and len(missing) == 1:
            values = tried[cell][good]
            assert values.max() - values.min() >= 5, (cell, shown)
