"""Nobody is recognisable in what is built: an attacker reads every table and view of the store."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import shared_store
from barometer_lib import store
from barometer_lib.build import build, disclosure
from barometer_lib.catalogue import inspect, load
from barometer_lib.cli import main
from barometer_lib.deliveries import read
from barometer_lib.disclosure import protect
from barometer_lib.errors import FaultsFound
from barometer_lib.store import writing
from small_city import DAY, LATER, NUMBERS, city, grid, hidden_in, reasons_of, row, share, vintages

DATA = Path(__file__).resolve().parents[1] / "data"
DOORS = yaml.safe_load(
    (Path(__file__).parent / "reference" / "disclosure_doors.yml").read_text("utf-8")
)
Row = dict[str, Any]

# --- a small city by hand -------------------------------------------------------------------------


def test_a_small_count_and_what_would_tell_it_are_hidden():
    protected = protect(vintages(grid([3, 20, 30, 40], [50, 60, 70, 80])), city())
    gone = hidden_in(protected)
    assert reasons_of(protected)["share", "east", "o:a", "2012-S2"] == "count"
    # the cheapest square around it
    assert gone == {
        ("share", area, group, "2012-S2") for area in ("east", "west") for group in ("o:a", "o:b")
    }
    for one in protected.figures.to_pylist():
        if one["status"] == "suppressed":
            assert [one[name] for name in (*NUMBERS, "change_unit")] == [None] * 6
            assert one["decimals"] == 0
    assert {one["hidden_by"] for one in protected.pattern} == {"build"}
    assert {one["round"] for one in protected.pattern} == {"r1"}
    assert sum(one.cost for one in protected.told) == 20 + 30 + 40
    assert protected.faults == ()


def test_what_is_not_small_is_left_alone():
    table = vintages(grid([13, 20, 30, 40], [50, 60, 70, 80]))
    protected = protect(table, city())
    assert protected.figures.equals(table)
    assert protected.pattern == []


def test_a_count_of_districts_is_no_count_of_people():
    table = vintages([row("districts", "city", "o:all", "2012", 2.0)])
    assert protect(table, city()).figures.equals(table)


@pytest.mark.parametrize(
    ("count", "among", "reason"),
    [(4, 60, "count"), (57, 60, "complement"), (0, 60, "nobody"), (60, 60, "everybody"),
     (1, 3, "denominator"), (5, 60, None), (55, 60, None)],
)  # fmt: skip
def test_each_reason(count, among, reason):
    protected = protect(vintages([share("city", "o:all", "2012", count, among)]), city())
    assert list(reasons_of(protected).values()) == ([] if reason is None else [reason])


def test_small_groups_cannot_be_worked_out_from_other_groups():
    protected = protect(vintages(grid([1, 20, 30, 40], [3, 60, 70, 80])), city())
    assert reasons_of(protected)["share", "east", "o:a", "2012-S2"] == "denominator"
    shown = {
        (one["area"], one["population_group"]): one["denominator"]
        for one in protected.figures.to_pylist()
    }
    # at most one side of each sum that holds the group of three is told in full
    for line in ((("city", "o:a"), ("west", "o:a")), (("east", "o:all"), ("east", "o:b"))):
        assert None in [shown[cell] for cell in line]
    assert protected.faults == ()


def test_rules_are_the_sources_own():
    five = vintages([row("people", "city", "o:all", "2012", 5.0)])
    assert hidden_in(protect(five, city())) == set()
    assert hidden_in(protect(five, city(last=9))) == {("people", "city", "o:all", "2012")}
    assert hidden_in(protect(five, city(last=9, source="another"))) == set()
    three = vintages([row("people", "city", "o:all", "2012", 3.0)])
    # where no rule fits, counts of one to four are hidden all the same
    assert len(hidden_in(protect(three, city(source="another")))) == 1


def test_denominators_published_elsewhere_make_a_share_a_count():
    """Østerbro 2012: 5,412 young people; 0.02 percent before the duty judge is one person."""
    rows = [row("share", "east", "o:all", f"2012-Q{n}", 0.0002, decimals=2) for n in range(1, 5)]
    rows += [row("share", "east", "o:all", "2012", 0.0007, decimals=2)]
    rows += [row("people", "east", "o:all", "2012", 5412.0)]
    assert hidden_in(protect(vintages(rows), city())) == set()
    protected = protect(vintages(rows), city(denominators="people", over_time="once"))
    quarters = {("share", "east", "o:all", f"2012-Q{n}") for n in range(1, 5)}
    assert hidden_in(protected) == quarters | {("share", "east", "o:all", "2012")}
    assert set(reasons_of(protected).values()) == {"count"}


def test_parts_of_a_year_do_not_tell_a_hidden_quarter():
    rows = [
        row("people", "east", "o:all", f"2012-Q{n}", v) for n, v in enumerate([3.0, 20, 30, 40], 1)
    ]
    rows += [row("people", "east", "o:all", "2012", 93.0)]
    gone = hidden_in(protect(vintages(rows), city(over_time="add")))
    assert gone == {("people", "east", "o:all", "2012-Q1"), ("people", "east", "o:all", "2012-Q2")}
    assert len(hidden_in(protect(vintages(rows), city()))) == 1


def test_two_tables_of_the_same_people_are_bound_together():
    """The total of `people` is the total of `old`: what hides one must hide the other."""
    rows = [row("people", "city", "o:a", "2012", 3.0), row("people", "city", "o:b", "2012", 90.0)]
    rows += [row("people", "city", "o:all", "2012", 93.0)]
    rows += [row("old", "city", "o:all", "2012", 93.0)]
    same = [{"indicator": "people", "group": "o:all", "as_indicator": "old", "as_group": "o:all"}]
    dear = city(same_counts=same, cost="one")
    gone = hidden_in(protect(vintages(rows), dear))
    assert gone == {("people", "city", "o:a", "2012"), ("people", "city", "o:b", "2012")}


def test_gaps_of_hidden_shares_are_hidden():
    rows = grid([3, 20, 30, 40], [50, 60, 70, 80])
    rows += [row("gap", area, "o:a", "2012-S2", 0.1) for area in ("east", "city")]
    bound = city(worked_out=[{"indicator": "gap", "of": "share"}])
    protected = protect(vintages(rows), bound)
    gone = hidden_in(protected)
    assert ("gap", "east", "o:a", "2012-S2") in gone
    assert ("gap", "city", "o:a", "2012-S2") not in gone
    assert [one.reason for one in protected.following] == ["worked_out"]


def test_a_change_does_not_lead_back_to_a_hidden_figure():
    rows = [
        row("people", "city", "o:all", "2011", 3.0),
        row("people", "city", "o:all", "2012", 9.0, published_change=6.0, change_since="previous"),
        row("people", "city", "o:all", "2013", None, published_change=2.0, change_since="2011"),
        row("people", "city", "o:all", "2014", 11.0, published_change=2.0, change_since="2012"),
    ]
    found = {one["period"]: one for one in protect(vintages(rows), city()).figures.to_pylist()}
    assert (found["2012"]["value"], found["2012"]["published_change"]) == (9.0, None)
    assert (found["2013"]["status"], found["2013"]["published_change"]) == ("suppressed", None)
    assert found["2014"]["published_change"] == 2.0


def answers(numbers: Mapping[tuple[str, str], tuple[float, float]]) -> list[Row]:
    """Shares of a survey: (area, group) to share and how many answered."""
    return [
        row("share", *cell, "2012", value, sample_size=size)
        for cell, (value, size) in numbers.items()
    ]


def test_a_survey_of_few_is_hidden_and_cannot_be_worked_out():
    rows = answers({
        ("city", "o:a"): (0.5, 8), ("city", "o:b"): (0.4, 400), ("city", "o:all"): (0.402, 408),
    })  # fmt: skip
    protected = protect(vintages(rows), city())
    assert reasons_of(protected) == {
        ("share", "city", "o:a", "2012"): "sample",
        ("share", "city", "o:b", "2012"): "companion",
    }
    assert hidden_in(protect(vintages(rows), city(sample=8))) == set()
    # three of four hundred who answered are no small group of people
    few = answers({("city", "o:all"): (0.0075, 400)})
    assert hidden_in(protect(vintages(few), city())) == set()


# --- time -----------------------------------------------------------------------------------------


def test_a_later_delivery_does_not_change_what_was_hidden():
    first = grid([3, 20, 30, 40], [50, 60, 70, 80])
    again = grid([3, 90, 30, 40], [50, 95, 70, 80], known_from=LATER)
    alone = hidden_in(protect(vintages(first), city()))
    both = protect(vintages(first + again), city())
    early = [one for one in both.figures.to_pylist() if one["known_from"] == DAY]
    assert {
        (one["indicator"], one["area"], one["population_group"], one["period"])
        for one in early
        if one["status"] == "suppressed"
    } == alone


def test_what_was_hidden_once_stays_hidden():
    first = grid([3, 20, 30, 40], [50, 60, 70, 80])
    mended = [share("east", "o:a", "2012-S2", 6, 50, known_from=LATER)]
    protected = protect(vintages(first + mended), city())
    cell = ("share", "east", "o:a", "2012-S2")
    reasons = {
        one.figure.known_from: one.reason for one in protected.told if one.figure.cell == cell
    }
    assert reasons == {DAY: "count", LATER: "hidden_before"}


def test_earlier_figures_cannot_be_taken_back():
    """One figure is corrected to a small one; all around it was published and stays."""
    first = grid([13, 20, 30, 40], [50, 60, 70, 80])
    small = [share("east", "o:a", "2012-S2", 3, 50, known_from=LATER)]
    protected = protect(vintages(first + small), city())
    assert [one["known_from"] for one in protected.pattern] == [LATER]
    assert [one.code for one in protected.faults] == ["disclosure_narrow"]


def test_figures_that_contradict_each_other_are_a_fault():
    rows = [row("people", "city", "o:all", "2012", 10.0), row("people", "city", "o:a", "2012", 8.0)]
    rows += [row("people", "city", "o:b", "2012", None, status="suppressed")]
    rows += [row("people", "east", "o:b", "2012", 7.0), row("people", "west", "o:b", "2012", 9.0)]
    protected = protect(vintages(rows), city())
    assert [one.code for one in protected.faults] == ["disclosure_contradiction"]


# --- the attacker ---------------------------------------------------------------------------------


@settings(max_examples=15, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=4, max_size=4),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
)
def test_no_small_count_is_told_by_trying_every_table(cells, revised):
    """Two deliveries of one table; the attacker tries every table that agrees with each."""
    among = [count + rest for count, rest in cells]
    counts = [count for count, _ in cells]
    if 0 in among:
        return
    second = [min(count, most) for count, most in zip(revised, among, strict=True)]
    first = grid(counts, among)
    # Only what was published before can make a figure untenable, and then it is owned up to.
    assert protect(vintages(first), city()).faults == ()
    protected = protect(vintages(first + grid(second, among, known_from=LATER)), city())
    hidden = {one.figure.row: one for one in protected.told}
    lost = {number for number, one in hidden.items() if one.fault is not None}
    assert len(protected.faults) == len(lost)
    shown = protected.figures.to_pylist()
    if any(one.reason == "denominator" for one in hidden.values()):
        return  # the groups themselves are hidden then; see the test of small groups
    for day in (DAY, LATER):
        current = {
            (one["area"], one["population_group"]): (number, one["numerator"])
            for number, one in enumerate(shown)
            if one["known_from"] <= day and (one["known_until"] or date.max) > day
        }
        tried = _tables(among, {cell: count for cell, (_, count) in current.items()})
        for cell, (number, count) in current.items():
            if count is None and hidden[number].primary and number not in lost:
                values = tried[cell]
                needed = min(5, _group(cell, among))
                assert values.max() - values.min() >= needed, (cell, sorted(set(values.tolist())))


def test_a_revision_may_tell_an_earlier_figure_to_who_is_alone():
    """Nobody of five on the first day is told by the second, to the one person in a figure of it.

    Both releases are hidden as far as they can be; every pair of tables is tried here.
    """
    among, first, second = [11, 5, 5, 5], [11, 0, 0, 0], [1, 5, 0, 5]
    rows = grid(first, among)
    assert protect(vintages(rows), city()).faults == ()
    protected = protect(vintages(rows + grid(second, among, known_from=LATER)), city())
    lost = {(one.figure.cell[1:3], one.figure.known_from) for one in protected.told if one.fault}
    assert lost == {
        (("west", "o:b"), DAY), (("west", "o:b"), LATER), (("east", "o:b"), LATER),
        (("city", "o:b"), LATER),
    }  # fmt: skip
    shown = {
        (one["area"], one["population_group"]): one["numerator"]
        for one in protected.figures.to_pylist()
        if one["status"] == "reported"
    }
    assert shown == {("city", "o:a"): 11, ("east", "o:all"): 11}
    # west a and the city's total were not revised: they are the same on both days
    ranges = [range(12), range(6), range(6), range(6), range(12), range(6), range(6)]
    east_a, east_b, west_a, west_b, east_a2, east_b2, west_b2 = (
        one.ravel() for one in np.meshgrid(*map(np.array, ranges), indexing="ij")
    )
    good = (east_a + west_a == 11) & (east_a + east_b == 11)
    good &= east_b + west_b + east_a == east_a2 + east_b2 + west_b2
    found = {"before": west_b, "after": west_b2, "east": east_b2, "city": east_b2 + west_b2}
    for knows, spread in ((good, {5, 10}), (good & (east_a2 == 1), {0})):
        widths = {int(one[knows].max() - one[knows].min()) for one in found.values()}
        assert widths == spread


def _members(cell: tuple[str, str]) -> list[int]:
    order = list(product(("east", "west"), ("o:a", "o:b")))
    return [
        index
        for index, (area, group) in enumerate(order)
        if cell[0] in (area, "city") and cell[1] in (group, "o:all")
    ]


def _group(cell: tuple[str, str], among: Sequence[int]) -> int:
    return sum(among[index] for index in _members(cell))


def _tables(
    among: Sequence[int], shown: Mapping[tuple[str, str], float | None]
) -> dict[tuple[str, str], np.ndarray]:
    """Every cell in every table of counts within their groups that agrees with what is shown."""
    ranges = []
    for index, cell in enumerate(product(("east", "west"), ("o:a", "o:b"))):
        told = shown[cell]
        ranges.append(np.arange(among[index] + 1) if told is None else np.array([int(told)]))
    inner = [one.ravel() for one in np.meshgrid(*ranges, indexing="ij")]
    cells = {cell: sum(inner[index] for index in _members(cell)) for cell in shown}
    good = np.ones(inner[0].size, dtype=bool)
    for cell, told in shown.items():
        if told is not None:
            good &= cells[cell] == told
    return {cell: values[good] for cell, values in cells.items()}


# --- the store ------------------------------------------------------------------------------------


def delivered(folder: Path, place: str, page: Mapping[str, Any], lines: Sequence[str]) -> None:
    """Writes a delivery below the folder's deliveries."""
    home = folder / "deliveries" / place
    home.mkdir(parents=True)
    raw = ("\n".join(lines) + "\n").encode()
    (home / "figures.csv").write_bytes(raw)
    columns = {name: {"column": name} for name in lines[0].split(",")}
    file = {"file": "figures.csv", "holds": "measurements", "columns": columns}
    file |= {"sha256": hashlib.sha256(raw).hexdigest()}
    whole = {"title": "t", "address": "a", "licence": "l", "sureness": "high", **page}
    (home / "delivery.yml").write_text(yaml.safe_dump({**whole, "files": [file]}), "utf-8")


def add_indicator(folder: Path, entry: Mapping[str, Any]) -> None:
    """Puts an indicator with its labels into the catalogue in `folder`."""
    page = folder / "indicators.yml"
    entries = [*yaml.safe_load(page.read_text("utf-8")), dict(entry)]
    page.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    for lang in ("da", "en"):
        page = folder / f"labels.{lang}.yml"
        labels = yaml.safe_load(page.read_text("utf-8"))
        for kind in ("indicator", "indicator_definition", "indicator_processing"):
            labels[kind][entry["id"]] = "Ord"
        page.write_text(yaml.safe_dump(labels, allow_unicode=True), "utf-8")


@pytest.fixture(scope="module")
def oesterbro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data and the police co-operation's shares of young people at Østerbro in 2012.

    Published: 5,412 in the age group; questioned 0.82, 1.14, 0.49 and 0.78 percent by quarter,
    3.16 in the year (persons count once); before the duty judge 0.02 percent. The share of the
    year before the judge is filled in here: four persons of 5,412 are 0.07 percent.
    """
    folder = tmp_path_factory.mktemp("oesterbro") / "data"
    shutil.copytree(DATA, folder)
    for code in ("ssp-questioned", "ssp-duty-judge"):
        entry = {"id": code, "kind": "proportion", "unit": "percent", "decimals": 2}
        entry |= {"polarity": "neither", "polarity_basis": "not_stated", "frequency": "quarter"}
        entry |= {"basis": "administrative", "group": "residents:young"}
        add_indicator(folder / "catalogue", entry)
    page = folder / "catalogue" / "disclosure.yml"
    rules = yaml.safe_load(page.read_text("utf-8"))
    rules.append(
        {"id": "ssp", "indicators": ["ssp-questioned", "ssp-duty-judge"], "over_time": "once"}
    )
    page.write_text(yaml.safe_dump(rules), "utf-8")
    lines = ["indicator,area,period,value,denominator"]
    periods = ["2012-Q1", "2012-Q2", "2012-Q3", "2012-Q4", "2012"]
    asked = ["0.82", "1.14", "0.49", "0.78", "3.16"]
    judged = ["0.02", "0.02", "0.02", "0.02", "0.07"]
    for code, values in (("ssp-questioned", asked), ("ssp-duty-judge", judged)):
        lines += [f"{code},101-02,{p},{v},5412" for p, v in zip(periods, values, strict=True)]
    about = {"source": "barometer-measurements", "received": date(2013, 3, 1), "synthetic": False}
    delivered(folder, "ssp/2013-03-01", about, lines)
    return folder


@pytest.fixture(scope="module")
def built(oesterbro: Path) -> Path:
    pointer = oesterbro.parent / "barometer.json"
    return build(oesterbro, pointer).version.path


def tables(path: Path) -> Iterator[tuple[str, str, list[Row]]]:
    """Every table and view of a store, by dataset, with its rows."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal union all "
            "select schema_name, view_name from duckdb_views() where not internal order by 1, 2"
        ).fetchall()
        for schema, name in names:
            if schema in store.DATASETS:
                yield schema, name, con.sql(f'from {schema}."{name}"').to_arrow_table().to_pylist()


def test_one_person_at_the_duty_judge_is_hidden(built: Path):
    rows = {
        (one["indicator"], one["period"]): one
        for schema, name, found in tables(built)
        if (schema, name) == ("published", "measurement")
        for one in found
        if one["indicator"].startswith("ssp-")
    }
    assert len(rows) == 10
    for (indicator, _), one in rows.items():
        gone = indicator == "ssp-duty-judge"
        assert one["status"] == ("suppressed" if gone else "reported")
        assert (one["value"] is None) is gone
        assert (one["denominator"] is None) is gone


def numbers_in(found: Any) -> Iterator[float]:
    """Every number in a value, also inside JSON."""
    if isinstance(found, bool) or found is None:
        return
    if isinstance(found, int | float):
        yield float(found)
    elif isinstance(found, str):
        try:
            inner = json.loads(found)
        except ValueError:
            return
        if not isinstance(inner, str):
            yield from numbers_in(inner)
    elif isinstance(found, dict):
        for one in found.values():
            yield from numbers_in(one)
    elif isinstance(found, list):
        for one in found:
            yield from numbers_in(one)


def hidden_cells(path: Path) -> dict[str, set[tuple[Any, ...]]]:
    return {
        schema: {(r["indicator"], r["area"], r["population_group"], r["period"]) for r in rows}
        for schema, name, rows in tables(path)
        if name == "suppression"
    }


def leaks(path: Path) -> list[str]:
    """Every number that a checked column holds beside the codes of a hidden figure."""
    hidden = hidden_cells(path)
    found = []
    for schema, name, rows in tables(path):
        for one in rows:
            for column in DOORS["checked"].get(name, ()):
                for moment in ("period", "reference_period"):
                    cell = tuple(one.get(key) for key in ("indicator", "area", "population_group"))
                    if (*cell, one.get(moment)) in hidden[schema] and column != "decimals":
                        numbers = [n for n in numbers_in(one[column]) if not math.isnan(n)]
                        found += [f"{schema}.{name}.{column}: {cell} {n}" for n in numbers]
    return found


def test_no_door_of_the_store_tells_a_hidden_figure(built: Path):
    assert sum(len(cells) for cells in hidden_cells(built).values()) == 5 + 4
    assert leaks(built) == []


def test_the_attacker_would_notice(built: Path, tmp_path: Path):
    """A single number left beside a hidden figure is found."""
    for change in (
        "update published.measurement_vintage set denominator = 5412 where status = 'suppressed'",
        "update demo.measurement_vintage set low = 0.01 where status = 'suppressed'",
    ):
        copy = tmp_path / "copy.duckdb"
        shutil.copyfile(built, copy)
        copy.chmod(0o600)
        with duckdb.connect(str(copy)) as con:
            con.execute(change)
        assert leaks(copy)
        copy.unlink()


def test_the_shipped_figures_come_out_unchanged():
    published = disclosure(DATA)["published"]
    assert (published.told, published.pattern, published.faults) == ((), [], ())
    content = load(DATA / "catalogue")
    read_in = writing.vintages(read(DATA / "deliveries", content).measurements)
    assert published.figures.drop_columns(["correction"]).equals(read_in)


def test_the_synthetic_city_hides_well():
    demo = disclosure(DATA)["demo"]
    assert {one.reason for one in demo.told} == {"producer"}
    assert len(demo.told) == 4
    assert all(one.high - one.low >= 5 for one in demo.told)
    assert demo.faults == ()


def test_the_pattern_of_each_round_is_stored():
    with store.session(shared_store.pointer(), "demo") as session:
        rows = session.rows("select * from round_suppression")
        first = session.rows("select * from suppression")
        held = session.codes("select round from round where not missed order by published_day")
    assert rows
    assert {one["round"] for one in rows} == set(held[held.index(first[0]["round"]) :])
    cells = ("indicator", "area", "population_group", "period")
    for code in {one["round"] for one in rows}:
        mine = {tuple(one[key] for key in cells) for one in rows if one["round"] == code}
        assert mine == {tuple(one[key] for key in cells) for one in first}


# --- the command ----------------------------------------------------------------------------------


def asked(folder: Path, *more: str) -> Any:
    return CliRunner().invoke(main, ["disclose", "check", "--data", str(folder), *more])


def test_the_command_tells_what_is_hidden_and_why(oesterbro: Path):
    done = asked(oesterbro, "--format", "json")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["hidden"]
    judged = [one for one in rows if one["indicator"] == "ssp-duty-judge"]
    assert len(judged) == 5
    assert {(one["reason"], one["safe"]) for one in judged} == {("count", True)}
    assert all(one["high"] - one["low"] >= 5 for one in judged)
    table = asked(oesterbro, "--lang", "da")
    assert "1. kvartal 2012" in table.stdout
    assert "få personer talt med" in table.stdout
    csv = asked(oesterbro, "--format", "csv").stdout.splitlines()
    assert csv[0].split(",") == list(rows[0])
    assert len(csv) == len(rows) + 1


def test_an_unsafe_figure_stops_the_build_and_the_command(oesterbro: Path, tmp_path: Path):
    """A district's figure is corrected to a small one; all around it was published before."""
    folder = tmp_path / "data"
    shutil.copytree(oesterbro, folder)
    lines = ["indicator,area,group,period,value"]
    for group, value in (("residents:young", 16.0), ("residents:all", 90.0)):
        lines += [f"ssp-people,101,{group},2011,{value:.0f}"]
    entry = {"id": "ssp-people", "kind": "count", "unit": "count", "decimals": 0}
    entry |= {"polarity": "neither", "polarity_basis": "not_stated", "frequency": "year"}
    entry |= {"basis": "administrative", "group": "residents:all"}
    add_indicator(folder / "catalogue", entry)
    districts = [f"101-{n:02}" for n in (*range(1, 11), 99)]
    lines += [
        f"ssp-people,{area},residents:young,2011,{v}"
        for area, v in zip(districts, [5, 6] + [0] * 8 + [5], strict=True)
    ]
    about = {"source": "barometer-measurements", "received": date(2012, 3, 1), "synthetic": False}
    delivered(folder, "ssp/2012-03-01", about, lines)
    late = [lines[0], "ssp-people,101-02,residents:young,2011,2"]
    about |= {"received": date(2012, 9, 1)}
    delivered(folder, "ssp/2012-09-01", about, late)
    done = asked(folder, "--lang", "en")
    assert done.exit_code == 1
    assert "deliveries/ssp/2012-09-01/figures.csv:2" in done.output
    assert "ssp-people, 101-02, residents:young, 2011" in done.output
    assert "Remedy" in done.output
    with pytest.raises(FaultsFound, match="worked out too closely"):
        build(folder, tmp_path / "barometer.json")
    assert not list(tmp_path.glob("*.duckdb"))


def test_rules_are_checked_like_every_entry(tmp_path: Path):
    folder = tmp_path / "catalogue"
    shutil.copytree(DATA / "catalogue" / "demo", folder)
    page = folder / "disclosure.yml"
    page.write_text(
        "- {id: demo-a, source: demo-nobody}\n- {id: demo-b, first: 5, last: 4}\n", "utf-8"
    )
    _, faults = inspect(folder)
    told = {(one.code, one.file, one.line) for one in faults}
    assert told == {("unknown_code", "disclosure.yml", 1), ("wrong_value", "disclosure.yml", 2)}
