"""The build: the release of January 2013 as published, the demo city as worked out by hand, and
nothing changed by a fault, a kill, or by building again."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from barometer_lib import store
from barometer_lib.build import build, check, inputs_digest
from barometer_lib.errors import BadInput, FaultsFound, StoreError, say, say_fault
from barometer_lib.store import status, writing
from barometer_lib.store.sandbox import query
from tables import table

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
WORKED = yaml.safe_load(
    (ROOT / "tests" / "reference" / "demo_city_statuses.yml").read_text("utf-8")
)

# --- figures ---------------------------------------------------------------------------------

JANUARY_2013 = table("""
    goal | number | indicator             | counts | value | change | status         | reason
    g1   | 1 | kar_gab_ratio         | true   | 93.1  | 0.3    | progress       | not_stated
    g1   | 2 | ungdomsudd_andel      | true   | 77.2  | -2.4   | setback        | not_stated
    g1   | 3 | skole_fordeling_afvig | false  | 49    | -1     | -              | no_polarity
    g1   | 4 | inst_fordeling_afvig  | false  | 38    | -1     | -              | no_polarity
    g1   | 5 | foranstaltning_9kl    | true   | 84    | -2     | setback        | not_stated
    g2   | 1 | overledighed          | true   | 10.8  | -0.3   | standstill     | within
    g3   | 1 | ledere_minoritet      | true   | 1.5   | -      | no_new_figures | no_new_figures
""")
REASONS = {"not_stated": "significance_not_stated", "within": "change_not_significant"}


def test_the_release_of_january_2013_comes_out_as_published(built: Path):
    with store.session(built) as session:
        told = status.status(session, "2011-2014", "2013-01")
        series = {row["indicator"] for row in JANUARY_2013}
        earlier = session.rows(
            "select indicator, period, value from measurement_vintage "
            "where list_contains($codes, indicator) and reported_round is null",
            {"codes": sorted(series)},
        )
    goals = {goal["number"]: goal for goal in told["goals"]}
    assert {
        number: (goal["status"], goal["status_published"], goal["status_computed"], goal["reason"])
        for number, goal in goals.items()
    } == {
        1: ("setback", "setback", "setback", "majority_setback"),
        2: ("standstill", "standstill", "standstill", "none_significant"),
        3: ("standstill", "standstill", "standstill", "no_new_figures"),
    }
    facts = goals[1]["facts"]
    assert (facts["better"], facts["worse"], facts["not_stated"]) == (1, 2, 3)
    rows = [
        {"goal": f"g{number}", **{key: one[key] for key in
         ("indicator", "counts", "value", "change", "status", "reason")}}
        for number, goal in sorted(goals.items())
        for one in goal["indicators"]
    ]  # fmt: skip
    assert rows == [
        {key: value for key, value in row.items() if key != "number"}
        | {"reason": REASONS.get(row["reason"], row["reason"])}
        for row in JANUARY_2013
    ]
    for goal in goals.values():
        for one in goal["indicators"]:
            assert one["period"] is None, "the release does not say what period was measured"
            assert one["source"].startswith("http")
            if one["change"] is not None:
                assert one["change_unit"] == "percentage_points"
                assert one["change_kind"] == "published"
    assert earlier == [], "no earlier measurement is worked back from a change"


WORKED_GOALS = [
    pytest.param(sheet, code, id=f"{sheet['round']} {code}")
    for sheet in WORKED
    for code in sheet["goals"]
]


@pytest.mark.parametrize(("sheet", "code"), WORKED_GOALS)
def test_the_demo_city_is_judged_as_worked_out_by_hand(built: Path, sheet: Any, code: str):
    worked = sheet["goals"][code]
    with store.session(built, "demo") as session:
        told = status.status(session, sheet["policy"], sheet["round"])
    goal = next((one for one in told["goals"] if one["goal"] == code), None)
    if goal is None:
        assert worked["status"] in ("white", "no_new_figures")
        assert code in {one["goal"] for one in told["goals_without_figures"]}
        return
    assert goal["status"] == worked["status"]
    shown = {one["indicator"]: one for one in goal["indicators"] if one["counts"]}
    assert set(shown) == set(worked["indicators"])
    for name, expected in worked["indicators"].items():
        one, change = shown[name], expected["change"]
        if change is None:
            continue
        # the change is that of the printed figures: each of them is rounded by up to 0.05
        assert one["change"] == pytest.approx(change["points"], abs=0.101)
        limits = [one["facts"]["low"], one["facts"]["high"]]
        assert limits == pytest.approx([change["low"], change["high"]], abs=0.006)
        assert one["significant"] is (expected["said"] != "within")


def test_published_figures_without_a_base_are_white(built: Path):
    with store.session(built) as session:
        told = status.status(session, "2015-2018", "2018-03")
    assert told["goals"]
    for goal in told["goals"]:
        assert (goal["status"], goal["reason"]) == ("white", "no_base_value")


def test_safety_is_told_by_the_published_count_where_there_is_one(built: Path):
    with store.session(built) as session:
        rows = session.rows(
            "select round, status, reason, facts from goal_assessment where goal = $goal",
            {"goal": "sikker-by-unsafe"},
        )
    assert rows
    published = [row for row in rows if row["reason"] == "published_count"]
    assert published
    for row in rows:
        facts = json.loads(row["facts"])
        assert facts["limit"] == 10
        if row["reason"] == "partial_count":
            assert facts["at_least"] is True
            assert facts["division"]


def test_a_plan_of_limits_marks_no_change_of_its_indicators(built: Path):
    with store.session(built) as session:
        rows = session.rows(
            "select status, reason, change from indicator_assessment where policy = 'sikker-by'"
        )
    assert any(row["change"] for row in rows)
    assert {row["status"] for row in rows} <= {None, "no_new_figures"}
    assert "rule_is_maximum" in {row["reason"] for row in rows}


def test_an_old_count_of_districts_is_no_new_figure(built: Path):
    with store.session(built) as session:
        told = status.status(session, "sikker-by", "2023-06")["goals"][0]
    assert (told["status"], told["reason"]) == ("cannot_tell", "no_new_figures")
    assert (told["facts"]["period"], told["facts"]["count"]) == ("2022", 4)


def test_ranks_of_copenhagen_are_those_published(built: Path):
    with store.session(built) as session:
        rows = session.rows(
            'select edition, scope, score, rank, tied, "of", kind from index_rank '
            "where city = 'copenhagen' order by edition, scope"
        )
    found = {(row["edition"], row["scope"]): row for row in rows}
    assert {row["kind"] for row in rows} == {"published"}
    spring = found["2011-spring", "members"]
    assert (spring["score"], spring["rank"], spring["tied"], spring["of"]) == (66, 5, True, 20)
    january = found["2012-01", "all"]
    assert (january["score"], january["rank"], january["tied"], january["of"]) == (66, 8, True, 34)
    early = found["2012-Q1", "population-over-200000"]
    assert (early["score"], early["rank"]) == (74, 4)


def test_published_ranks_are_not_computed_over_half_a_field(built: Path):
    with store.session(built) as session:
        assert session.codes("select distinct kind from index_rank") == ["published"]
        assert session.codes("select count(*) from index_rank_refusal")[0] > 0
    with store.session(built, "demo") as session:
        assert session.codes("select distinct kind from index_rank") == ["computed"]


# --- the same again --------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The shipped data with fewer of the demo city's deliveries, so that a build is short."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    office = data / "deliveries" / "demo" / "statistics-office"
    for folder in sorted(office.iterdir())[2:]:
        shutil.rmtree(folder)
    (data / "corrections.demo.yml").unlink()  # of figures that are not there
    return data


def test_the_same_inputs_give_the_same_content(small: Path, tmp_path: Path):
    first = build(small, tmp_path / "one" / "b.json")
    elsewhere = tmp_path / "moved"
    shutil.copytree(small, elsewhere)
    second = build(elsewhere, tmp_path / "two" / "b.json")
    assert inputs_digest(small) == inputs_digest(elsewhere)
    assert writing.content_digest(first.version.path) == writing.content_digest(second.version.path)
    assert first.counts == second.counts


def test_unchanged_inputs_are_not_built_again(small: Path, tmp_path: Path):
    pointer = tmp_path / "b.json"
    first = build(small, pointer)
    again = build(small, pointer)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.version == first.version
    forced = build(small, pointer, force=True)
    assert not forced.unchanged
    assert forced.version.path != first.version.path


@pytest.mark.parametrize(
    "name", ["catalogue/comments.yml", "deliveries/charter/2026-11-22/new.txt", "catalogue/a.yaml"]
)
def test_any_file_is_an_input(small: Path, name: str):
    before = inputs_digest(small)
    assert inputs_digest(small) == before
    with (small / name).open("a") as stream:
        stream.write("\n# more\n")
    assert inputs_digest(small) != before


def test_a_city_without_the_demo_builds_and_says_so_when_asked(small: Path, tmp_path: Path):
    shutil.rmtree(small / "catalogue" / "demo")
    shutil.rmtree(small / "deliveries" / "demo")
    pointer = tmp_path / "b.json"
    assert check(small) == []
    built = build(small, pointer)
    assert built.counts["published.measurement_vintage"] == 61
    with store.session(pointer) as session:
        assert session.rows("select count(*) as n from measurement") == [{"n": 61}]
    with pytest.raises(StoreError, match="holds no dataset 'demo'"), store.session(pointer, "demo"):
        pass
    with pytest.raises(StoreError, match="holds no dataset 'demo'"):
        query("select 1", pointer, "demo")


def test_no_data_folder(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        build(tmp_path / "nowhere", tmp_path / "b.json")
    assert "nowhere" in say(caught.value, "da")
    assert not (tmp_path / "b.json").exists()


# --- faults ----------------------------------------------------------------------------------


def test_a_faulty_delivery_changes_nothing_and_every_fault_is_told(small: Path, tmp_path: Path):
    pointer = tmp_path / "store" / "b.json"
    build(small, pointer)
    before = {path.name: path.read_bytes() for path in pointer.parent.iterdir()}
    page = small / "deliveries" / "barometer-measurements" / "2026-11-22"
    figures = page / "barometer_measurements.csv"
    rows = figures.read_text("utf-8").replace(",93.1,", ',"93,1",').replace(",77.2,", ",many,")
    figures.write_text(rows, "utf-8")
    comments = small / "catalogue" / "demo" / "comments.yml"
    comments.write_text(comments.read_text("utf-8").replace("demo-employment", "demo-emploiment"))
    with pytest.raises(FaultsFound) as caught:
        build(small, pointer)
    told = {(one.code, one.file, one.found) for one in caught.value.faults}
    name = "deliveries/barometer-measurements/2026-11-22"
    assert {
        ("decimal_comma", f"{name}/barometer_measurements.csv", "93,1"),
        ("not_a_number", f"{name}/barometer_measurements.csv", "many"),
    } <= told
    assert ("delivery_changed", f"{name}/delivery.yml") in {one[:2] for one in told}
    unknown = [one for one in caught.value.faults if one.code == "unknown_code"]
    assert {(one.file, one.found) for one in unknown} == {
        ("catalogue/demo/comments.yml", "demo-emploiment")
    }
    assert "demo-employment" in unknown[0].nearest
    for fault in caught.value.faults:
        assert fault.line is not None
        for lang in ("da", "en"):
            words = say_fault(fault, lang)
            assert words.startswith(f"{fault.file}:{fault.line}")
            assert str(fault.found) in words
            assert re.search(r"\((Rettes af|Mend:)", words)
    assert str(len(caught.value.faults)) in say(caught.value, "da")
    assert {path.name: path.read_bytes() for path in pointer.parent.iterdir()} == before


def test_a_build_that_breaks_while_writing_leaves_nothing(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pointer = tmp_path / "store" / "b.json"
    built = build(small, pointer)

    def half(path: Path, _: object) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(writing, "write", half)
    with pytest.raises(StoreError, match="no space") as caught:
        build(small, pointer, force=True)
    assert caught.value.code == "store_not_written"
    assert store.resolve(pointer) == built.version
    assert len(list(pointer.parent.iterdir())) == 3


# --- readers ---------------------------------------------------------------------------------


def one_version(number: int) -> Iterator[str]:
    """SQL of a tiny store whose two datasets all tell the same number."""
    for schema in store.DATASETS:
        yield f"create schema {schema}"
        yield f"create table {schema}.t as select {number} as n from range(2000)"


def publish_number(pointer: Path, number: int) -> None:
    import duckdb

    part = store.new_part(pointer)
    with duckdb.connect(str(part)) as con:
        for statement in one_version(number):
            con.execute(statement)
    store.publish(part, pointer, str(number))


def test_readers_see_whole_versions_while_others_are_published(tmp_path: Path):
    pointer = tmp_path / "b.json"
    publish_number(pointer, 0)
    seen: list[tuple[int, ...]] = []
    stop = threading.Event()
    problems: list[Exception] = []

    def read() -> None:
        try:
            while not stop.is_set():
                with store.session(pointer) as session:
                    sql = "select distinct n from published.t union select n from demo.t"
                    seen.append((*session.codes(sql), int(session.version.inputs)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    with store.session(pointer) as long:
        for reader in readers:
            reader.start()
        for number in range(1, 13):
            publish_number(pointer, number)
        stop.set()
        for reader in readers:
            reader.join()
        # open throughout, twelve versions later, its file long gone from the folder
        assert long.codes("select distinct n from published.t") == [0]
    assert [problem.fields for problem in problems] == []
    assert {len(set(one)) for one in seen} == {1}, "a torn version"
    assert [len(one) for one in seen] == [2] * len(seen)
    with store.session(pointer) as session:
        assert session.codes("select distinct n from published.t") == [12]
