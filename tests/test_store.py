"""The store: a pointer to a version, read-only sessions, vintages, and what can go wrong."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from barometer_lib import store
from barometer_lib.errors import BadInput, BarometerError, NotFound, StoreError, say
from barometer_lib.store import questions, sessions, writing
from barometer_lib.store.pointer import KEPT_VERSIONS, LAYOUT, VARIABLE, pointer_path
from tables import table

GOOD = {"file": "b.duckdb", "layout": LAYOUT, "built": "2024-01-01", "inputs": "x"}
POINTERS = {
    "no file": (None, "store_missing"),
    "no text": (b"\xff\xfe\x00", "store_unreadable"),
    "no JSON": (b"store/barometer.duckdb", "store_unreadable"),
    "empty": (b"", "store_unreadable"),
    "a list": (b"[1, 2]", "store_unreadable"),
    "a number": (b"7", "store_unreadable"),
    "nothing named": (b"{}", "store_unreadable"),
    "no layout": (json.dumps(GOOD | {"layout": None}).encode(), "store_unreadable"),
    "an older layout": (json.dumps(GOOD | {"layout": 0}).encode(), "store_version"),
    "a newer layout of another form": (b'{"layout": 99, "parts": []}', "store_version"),
    "a file that is not there": (json.dumps(GOOD).encode(), "store_pointer"),
}


@pytest.mark.parametrize("name", POINTERS)
def test_a_pointer_that_leads_nowhere_is_told(name: str, tmp_path: Path):
    content, code = POINTERS[name]
    pointer = tmp_path / "barometer.json"
    if content is not None:
        pointer.write_bytes(content)
    with pytest.raises(StoreError) as caught, store.session(pointer):
        pass
    assert caught.value.code == code
    for lang in ("da", "en"):
        words = say(caught.value, lang)
        assert "barometer build" in words
        assert str(pointer) in words
    if code == "store_version":
        assert str(LAYOUT) in say(caught.value, "da")
    if code == "store_pointer":
        assert "b.duckdb" in say(caught.value, "da")


def test_a_folder_for_a_pointer(tmp_path: Path):
    with pytest.raises(StoreError) as caught:
        store.resolve(tmp_path)
    assert caught.value.code == "store_missing"


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000])
def test_a_version_that_is_no_database(content: bytes, tmp_path: Path):
    (tmp_path / "b.duckdb").write_bytes(content)
    (tmp_path / "barometer.json").write_text(json.dumps(GOOD))
    with pytest.raises(BarometerError) as caught, store.session(tmp_path / "barometer.json"):
        pass
    assert caught.value.code == "store_unreadable"


def test_a_pointer_names_no_file_elsewhere(tmp_path: Path):
    outside = tmp_path / "b.duckdb"
    outside.write_bytes(b"x")
    inside = tmp_path / "store"
    inside.mkdir()
    (inside / "p.json").write_text(json.dumps(GOOD | {"file": "../b.duckdb"}))
    with pytest.raises(StoreError) as caught:
        store.resolve(inside / "p.json")
    assert caught.value.code == "store_pointer"


def test_where_the_pointer_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert pointer_path(None) == Path("store") / "barometer.json"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "a.json"))
    assert pointer_path(None) == tmp_path / "a.json"
    assert pointer_path(tmp_path / "b.json") == tmp_path / "b.json"


def published(pointer: Path, content: str = "x") -> store.Version:
    part = store.new_part(pointer)
    part.write_text(content)
    return store.publish(part, pointer, content)


def test_publishing_moves_the_pointer_to_a_read_only_file(tmp_path: Path):
    pointer = tmp_path / "new" / "barometer.json"
    version = published(pointer, "one")
    assert store.resolve(pointer) == version
    assert version.path.read_text() == "one"
    assert version.path.stat().st_mode & 0o222 == 0
    second = published(pointer, "two")
    assert second.path != version.path
    assert store.resolve(pointer).inputs == "two"
    assert version.path.read_text() == "one"
    assert sorted(path.name for path in pointer.parent.iterdir()) == sorted(
        ["barometer.json", version.path.name, second.path.name]
    )


def test_the_newest_versions_are_kept_and_those_of_another_pointer(tmp_path: Path):
    other = published(tmp_path / "barometer-trial.json")
    found = []
    for number in range(KEPT_VERSIONS + 3):
        found.append(published(tmp_path / "barometer.json", str(number)).path)
        os.utime(found[-1], (number, number))
    left = {path for path in tmp_path.glob("*.duckdb") if path != other.path}
    assert len(left) == KEPT_VERSIONS
    assert found[-1] in left
    assert store.resolve(tmp_path / "barometer-trial.json") == other


def test_versions_sort_by_the_moment_they_were_made(tmp_path: Path):
    names = [store.new_part(tmp_path / "b.json").name for _ in range(40)]
    assert names == sorted(names)


def test_what_killed_builds_left_goes(tmp_path: Path):
    pointer = tmp_path / "barometer.json"
    part = store.new_part(pointer)
    left = [part, part.with_name(f"{part.name}.wal"), tmp_path / "barometer.json.abcdef.new"]
    spilled = part.with_name(f"{part.name}.tmp")
    spilled.mkdir()
    others = store.new_part(tmp_path / "barometer-trial.json")
    mine = tmp_path / "barometer-notes.duckdb"
    for path in (*left, spilled / "block", others, mine):
        path.write_text("left")
    store.clear_leftovers(pointer)
    assert set(tmp_path.iterdir()) == {others, mine}


def test_versions_that_no_pointer_came_to_name_do_not_pile_up(tmp_path: Path):
    """Builds killed just before the pointer moves leave one each."""
    pointer = tmp_path / "barometer.json"
    standing = published(pointer)
    for _ in range(KEPT_VERSIONS + 3):
        store.new_part(pointer).with_suffix("").write_text("whole")
        store.clear_leftovers(pointer)
    assert len(list(tmp_path.glob("*.duckdb"))) == KEPT_VERSIONS
    assert store.resolve(pointer) == standing


def test_a_version_that_goes_while_it_is_opened_is_looked_for_again(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Later versions were published between the look at the pointer and the opening."""
    now = store.resolve(built)
    gone = store.Version(tmp_path / "gone.duckdb", LAYOUT, now.built, now.inputs)
    answers = iter([gone, now])
    monkeypatch.setattr(sessions, "resolve", lambda _: next(answers))
    with store.session(built) as session:
        assert session.version == now
    monkeypatch.setattr(sessions, "resolve", lambda _: gone)
    with pytest.raises(StoreError), store.session(built):
        pass


# --- sessions --------------------------------------------------------------------------------


def test_a_session_cannot_write(built: Path):
    with store.session(built) as session:
        for statement in (
            "delete from measurement_vintage",
            "create table barometer.published.mine (a integer)",
            "insert into goal_assessment select * from goal_assessment",
        ):
            with pytest.raises(duckdb.Error, match="read-only"):
                session.connection.execute(statement)


def test_a_dataset_that_does_not_exist(built: Path):
    with pytest.raises(NotFound) as caught, store.session(built, "publishd"):
        pass
    assert caught.value.fields["nearest"] == ["published"]


@pytest.mark.parametrize(
    ("kind", "asked", "near"),
    [
        ("policy", "2011-2013", "2011-2014"),
        ("round", "2013-1", "2013-01"),
        ("indicator", "overledigheden", "overledighed"),
        ("committee", "BIO", "BIU"),
        ("area", "101-1", "101-01"),
        ("group", "bilingual:bilingal", "bilingual:bilingual"),
        ("index", "ic", "icc"),
    ],
)
def test_a_code_that_does_not_exist_is_told_with_the_nearest(
    built: Path, kind: str, asked: str, near: str
):
    with store.session(built) as session:
        with pytest.raises(NotFound) as caught:
            questions.check_code(session, kind, asked)
        assert near in caught.value.fields["nearest"]
        assert questions.check_code(session, kind, near) == near
    assert "Mente du" in say(caught.value, "da")


def test_demo_codes_are_not_asked_of_the_published_figures(built: Path):
    with store.session(built) as session, pytest.raises(BadInput) as caught:
        questions.check_code(session, "indicator", "demo-employment")
    assert "--dataset demo" in say(caught.value, "da")


def test_a_round_must_judge_its_policy(built: Path):
    with store.session(built) as session:
        with pytest.raises(BarometerError) as caught:
            questions.check_round(session, "2011-2014", "2008-11")
        assert caught.value.code == "round_not_of_policy"
        assert "2013-01" in say(caught.value, "da")
        assert questions.check_round(session, "2011-2014", None) == "2013-01"


@pytest.mark.parametrize("text", ["2013", "31-01-2013", "20130131", "2013-W05-4", "2013-02-30", ""])
def test_a_day_is_written_one_way(text: str):
    with pytest.raises(BadInput) as caught:
        store.parse_day(text)
    assert caught.value.code == "bad_date"
    assert store.parse_day("2013-01-31") == date(2013, 1, 31)


# --- vintages --------------------------------------------------------------------------------


def vintages(drawn: str) -> list[dict[str, Any]]:
    """Vintages of drawn deliveries of one series."""
    blank = dict.fromkeys(
        ("numerator", "denominator", "sample_size", "published_change", "period_end",
         "reported_round")
    )  # fmt: skip
    series = {"indicator": "i", "area": "a", "population_group": "g", "status": "reported"}
    rows = [
        blank | series | {"delivery": f"d{number}", "line": number} | row
        for number, row in enumerate(table(drawn))
    ]
    kinds = {name: pa.float64() for name in ("numerator", "denominator", "sample_size")}
    kinds |= {"published_change": pa.float64(), "value": pa.float64(), "period_end": pa.date32()}
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name)) for name in rows[0]}
    columns["reported_round"] = pa.array([row["reported_round"] for row in rows], pa.string())
    return writing.vintages([pa.table(columns)]).to_pylist()


def spans(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["period"], row["value"], row["known_from"], row["known_until"]) for row in found]


def test_a_revision_keeps_both_vintages():
    first, second = date(2013, 1, 20), date(2013, 7, 20)
    assert spans(vintages("""
        period | value | known_from
        2012   | 0.60  | 2013-01-20
        2012   | 0.62  | 2013-07-20
    """)) == [("2012", 0.60, first, second), ("2012", 0.62, second, None)]  # fmt: skip


def test_the_same_value_again_is_no_new_vintage():
    assert spans(vintages("""
        period | value | known_from
        2012   | 0.60  | 2013-01-20
        2012   | 0.60  | 2013-07-20
        2013   | 0.60  | 2013-07-20
    """)) == [
        ("2012", 0.60, date(2013, 1, 20), None), ("2013", 0.60, date(2013, 7, 20), None),
    ]  # fmt: skip


def test_a_value_that_comes_back_is_a_vintage_of_its_own():
    found = vintages("""
        period | value | known_from
        2012   | 0.60  | 2013-01-20
        2012   | 0.62  | 2013-07-20
        2012   | 0.60  | 2014-01-20
    """)
    assert [row["value"] for row in found] == [0.60, 0.62, 0.60]
    assert found[1]["known_until"] == date(2014, 1, 20)


@pytest.mark.parametrize("field", ["status", "numerator", "sample_size", "published_change"])
def test_a_change_beside_the_value_is_a_revision_too(field: str):
    other = "suppressed" if field == "status" else "7.0"
    same = "reported" if field == "status" else "6.0"
    found = vintages(f"""
        period | value | known_from | {field}
        2012   | 0.60  | 2013-01-20 | {same}
        2012   | 0.60  | 2013-07-20 | {other}
    """)
    assert len(found) == 2


def test_a_look_back_shows_what_was_known(built: Path):
    with store.session(built, "demo") as session:
        revised = session.rows(
            """select indicator, area, population_group as who, period, known_until as day, value
            from measurement_vintage where known_until is not null and value is not null"""
        )
        assert revised
    one = revised[0]
    asked = "select value from {view} where indicator = $indicator and area = $area and "
    asked += "population_group = $who and period = $period"
    keys = {key: one[key] for key in ("indicator", "area", "who", "period")}
    found = {}
    for name, day in (("before", one["day"] - timedelta(days=1)), ("after", one["day"])):
        with store.session(built, "demo", day) as session:
            found[name] = session.codes(asked.format(view="measurement"), keys)
            newest = session.rows("select max(known_from) as day from latest")[0]["day"]
            assert newest <= day
    assert found["before"] == [one["value"]]
    assert len(found["after"]) == 1
    assert found["after"] != found["before"]
    with store.session(built, "demo") as session:
        assert session.codes(asked.format(view="measurement"), keys) == found["after"]


def test_a_look_back_before_everything_is_empty(built: Path):
    with store.session(built, "published", date(1999, 1, 1)) as session:
        assert session.codes("select count(*) from measurement") == [0]
        assert session.codes("select count(*) from latest") == [0]


# --- what a store holds ----------------------------------------------------------------------


def test_the_digest_is_of_the_content_in_any_order(tmp_path: Path):
    def written(name: str, rows: list[tuple[int, str]]) -> str:
        with duckdb.connect(str(tmp_path / name)) as con:
            con.execute("create schema s; create table s.t (a integer, b varchar)")
            con.executemany("insert into s.t values (?, ?)", rows)
        return writing.content_digest(tmp_path / name)

    one = written("one", [(1, "a"), (2, "b")])
    assert written("two", [(2, "b"), (1, "a")]) == one
    assert written("three", [(1, "a"), (2, "c")]) != one
    assert written("four", [(1, "a"), (2, "b"), (2, "b")]) != one


def test_the_two_datasets_share_no_series(built: Path):
    for dataset, demo in (("published", False), ("demo", True)):
        with store.session(built, dataset) as session:
            codes = session.codes("select distinct indicator from measurement_vintage")
            areas = session.codes("select distinct area from measurement_vintage")
            flags = session.codes("select distinct synthetic from measurement_vintage")
            assert codes
            assert {code.startswith("demo-") for code in [*codes, *areas]} == {demo}
            assert flags == [demo]
            for name in ("goal_assessment", "indicator_assessment", "index_rank"):
                assert session.codes(f"select distinct synthetic from {name}") == [demo]


def test_every_shown_value_leads_to_an_address(built: Path):
    for dataset in store.DATASETS:
        with store.session(built, dataset) as session:
            for name in ("measurement_vintage", "index_score", "index_rank", "index_field_size",
                         "goal_assessment", "target"):  # fmt: skip
                lost = session.rows(
                    f"""select t.source from {name} t left join source s using (source)
                    where s.address is null or trim(s.address) = ''"""
                )
                assert lost == [], (dataset, name)
            shown = session.rows(
                """select a.indicator from indicator_assessment a left join source s using (source)
                where a.value is not null and s.address is null"""
            )
            assert shown == []
            assert session.rows(
                """select m.delivery from measurement_vintage m left join delivery d
                using (delivery) where d.delivery is null and m.correction is null"""
            ) == []  # fmt: skip


def test_a_file_that_is_no_pointer_is_never_overwritten(tmp_path):
    somebodys = tmp_path / "figures.csv"
    somebodys.write_text("a;b\n" * 2000)
    with pytest.raises(StoreError) as told:
        store.new_part(somebodys)
    assert told.value.code == "store_not_pointer"
    assert somebodys.read_text() == "a;b\n" * 2000


@pytest.mark.parametrize("asked", ["tu-oesterbro", "tu-østerbro", "tu-osterbro", "TU-OESTERBRO"])
def test_a_code_is_found_however_its_letters_are_spelt(built, asked):
    with sessions.session(built) as session:
        assert questions.check_code(session, "area", asked) == "tu-oesterbro"
        with pytest.raises(NotFound):
            questions.check_code(session, "area", "tu-osterbr")
