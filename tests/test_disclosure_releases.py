"""What was published before: what a release shows cannot tell what a later one hides."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib import store
from barometer_lib.build import build
from barometer_lib.cli import main
from barometer_lib.disclosure import Protected, protect
from barometer_lib.disclosure.released import Released
from barometer_lib.errors import FaultsFound
from barometer_lib.store import releases
from barometer_lib.store.releases import KEPT
from small_city import LATER, city, grid, hidden_in, row, share, vintages
from test_disclosure_build import _group, _tables

DATA = Path(__file__).resolve().parents[1] / "data"
COUNTS, AMONG = [3, 20, 30, 40], [50, 60, 70, 80]
SMALL = ("share", "east", "o:a", "2012-S2")


def shown(protected: Protected) -> pa.Table:
    """What a store of these figures shows."""
    table = protected.figures
    if "rounded_to" not in table.column_names:
        table = table.append_column("rounded_to", pa.nulls(table.num_rows, pa.int32()))
    rows = [
        one for one in table.select([*KEPT, "rounded_to"]).to_pylist() if one["value"] is not None
    ]
    return pa.Table.from_pylist(rows, table.select([*KEPT, "rounded_to"]).schema)


def published(**named: pa.Table) -> Released:
    return lambda _: named


def faults_of(protected: Protected) -> set[tuple[str, str]]:
    return {(one.code, one.fields["release"]) for one in protected.faults}


def test_a_figure_shown_before_a_stricter_rule_is_a_fault():
    table = vintages(grid([7, 20, 30, 40], AMONG))
    loose = protect(table, city())
    assert hidden_in(loose) == set()
    strict = protect(table, city(last=9), published(first=shown(loose)))
    assert faults_of(strict) == {("disclosure_released", "first")}
    told = {one.figure.cell: one for one in strict.told}[SMALL]
    assert (told.low, told.high, told.release) == (7.0, 7.0, "first")
    # hidden all the same, and nothing that is shown already is hidden in vain
    assert hidden_in(strict) == {SMALL}
    owned = protect(table, city(last=9, owned_up="known since 2012"), published(first=shown(loose)))
    assert (owned.faults, hidden_in(owned)) == ((), {SMALL})
    assert [one.fault for one in owned.told] == ["disclosure_released"]


def test_the_same_figures_again_give_the_same_pattern():
    table = vintages(grid(COUNTS, AMONG))
    first = protect(table, city())
    again = protect(table, city(), published(first=shown(first)))
    assert (hidden_in(again), again.faults) == (hidden_in(first), ())
    assert again.figures.equals(first.figures)


def test_a_withdrawn_delivery_still_tells():
    """An earlier release showed all around the small figure; today's delivery has only that."""
    around = [
        one for one in grid(COUNTS, AMONG) if (one["area"], one["population_group"]) != SMALL[1:3]
    ]
    release = shown(protect(vintages(around), city(last=2)))
    alone = vintages([share(*SMALL[1:], 3, 50)])
    assert protect(alone, city()).faults == ()
    found = protect(alone, city(), published(first=release))
    assert faults_of(found) == {("disclosure_released", "first")}
    assert hidden_in(found) == {SMALL}
    assert {one.figure.row for one in found.told} == {0}


def test_a_rounding_that_was_published_stands():
    table = vintages([row("people", "city", "o:all", "2012", 12.0)])
    rule = {"rounding": "controlled"}
    ten = shown(protect(table, city(**rule)))
    assert ten.column("value").to_pylist() == [10.0]
    fifteen = ten.set_column(5, "value", pa.array([15.0]))
    found = protect(table, city(**rule), published(first=fifteen))
    assert found.figures.column("value").to_pylist() == [15.0]


def test_an_exact_figure_that_is_rounded_now_is_a_fault_where_it_is_small():
    table = vintages(grid(COUNTS, AMONG))
    exact = shown(protect(table, city(last=2)))
    found = protect(table, city(rounding="controlled"), published(first=exact))
    assert faults_of(found) == {("disclosure_released", "first")}
    assert len(found.faults) == 1


@settings(max_examples=8)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(5, 12)), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_two_releases_tell_nothing_that_is_not_owned_up_to(cells, kept):
    """The first release showed some cells of a table; the attacker tries every whole table."""
    among = [count + rest for count, rest in cells]
    rows = grid([count for count, _ in cells], among)
    some = [one for one, keep in zip(rows, kept, strict=True) if keep]
    if not some:
        return
    first = shown(protect(vintages(some), city()))
    later = [one | {"known_from": LATER, "delivery": "d/2"} for one in rows]
    protected = protect(vintages(later), city(), published(first=first))
    current = {
        (one["area"], one["population_group"]): (number, one["numerator"])
        for number, one in enumerate(protected.figures.to_pylist())
    }
    known = {cell: count for cell, (_, count) in current.items()}
    for one in first.to_pylist():
        cell = (one["area"], one["population_group"])
        known[cell] = one["numerator"]
    tried = _tables(among, known)
    hidden = {one.figure.row: one for one in protected.told}
    for cell, (number, count) in current.items():
        if count is None and hidden[number].primary and hidden[number].fault is None:
            values = tried[cell]
            assert values.max() - values.min() >= min(5, _group(cell, among)), (cell, known)
    assert {one.figure.row for one in protected.told} <= set(range(len(rows)))


# --- stores ---------------------------------------------------------------------------------------


def rules(folder: Path, **changed: Any) -> None:
    page = folder / "catalogue" / "demo" / "disclosure.yml"
    entry: Mapping[str, Any] = {"id": "demo-charged", "source": "demo-statistics-office"}
    strict = {**entry, "indicators": ["demo-young-charged"], "first": 1, "last": 13, **changed}
    kept = yaml.safe_load((DATA / "catalogue" / "demo" / "disclosure.yml").read_text("utf-8"))
    page.write_text(yaml.safe_dump([*kept, strict]), "utf-8")


@pytest.fixture
def before(tmp_path: Path) -> tuple[Path, Path]:
    """A part of the shipped data, and the pointer of the store it was published in."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    office = folder / "deliveries" / "demo" / "statistics-office"
    for place in sorted(office.iterdir())[1:]:
        shutil.rmtree(place)
    (folder / "corrections.demo.yml").unlink()  # of figures that are not there
    pointer = tmp_path / "store" / "b.json"
    build(folder, pointer)
    return folder, pointer


def test_published_stores_are_looked_at(before: tuple[Path, Path]):
    folder, pointer = before
    rules(folder)
    ask = ["disclose", "check", "--data", str(folder), "--store", str(pointer), "--format", "json"]
    done = CliRunner().invoke(main, ask)
    assert done.exit_code == 1
    version = store.resolve(pointer)
    told = [one for one in json.loads(done.stdout)["hidden"] if not one["safe"]]
    assert told
    assert {one["release"] for one in told} == {version.path.name}
    assert {one["owned_up"] for one in told} == {None}
    assert version.path.name in done.stderr
    with pytest.raises(FaultsFound) as caught:
        build(folder, pointer)
    assert {one.code for one in caught.value.faults} == {"disclosure_released"}
    assert store.resolve(pointer) == version
    rules(folder, owned_up="The report of January 2013 is out.")
    again = CliRunner().invoke(main, ask)
    assert again.exit_code == 0
    owned = [one for one in json.loads(again.stdout)["hidden"] if not one["safe"]]
    assert {one["owned_up"] for one in owned} == {"The report of January 2013 is out."}
    assert not build(folder, pointer).unchanged
    with store.session(pointer, "demo") as session:
        count = "select count(*) from suppression where hidden_by = 'build'"
        assert session.codes(count) == [len(told)]


def test_every_store_there_may_be_is_found(tmp_path: Path):
    names = ("b-20130101T000000000000-abcdef.duckdb", "rounds/2013-01/figures.duckdb")
    for name in (*names, "notes.duckdb", "b-20130101T000000000000-abcdef.duckdb.part"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no store")
    data = tmp_path / "data"
    (data / "rounds").mkdir(parents=True)
    (data / "rounds" / "r.duckdb").write_bytes(b"no store")
    found = releases.releases(tmp_path / "b.json", data)
    assert {path.relative_to(tmp_path).as_posix() for path in found} == {
        *names,
        "data/rounds/r.duckdb",
    }
    # what nobody can open shows nothing
    assert releases.released_figures(found, "demo", ["x"]) == {}


def test_a_released_figure_comes_back_as_it_was(built: Path):
    path = store.resolve(built).path
    table = releases.released_figures([path], "demo", ["demo-young-charged"])[path]
    assert table.column_names == [*KEPT, "rounded_to"]
    assert set(table.column("indicator").to_pylist()) == {"demo-young-charged"}
    assert None not in table.column("value").to_pylist()
