"""Rounds from draft to public: names and hours, frozen once, nothing of a draft for the public."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from barometer_lib import rounds, store
from barometer_lib.build import build, check, publishing
from barometer_lib.build.inputs import read_inputs
from barometer_lib.build.release import held_back, public_inputs
from barometer_lib.cli import main
from barometer_lib.errors import BarometerError, FaultsFound, NotFound, StoreError, say_fault
from barometer_lib.store import releases
from barometer_lib.views.data_quality import data_quality_page
from barometer_lib.views.indicator import indicator_page
from barometer_lib.views.overview import overview_page
from barometer_lib.views.start import start_page
from barometer_lib.views.targets import targets_page

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
KEPT = ("demo-2007-01", "demo-2007-07", "demo-2008-01")
DRAFT = "demo-2008-07"
HOUR = dt.datetime.fromisoformat("2008-07-31T09:00:00+02:00")
LATER = HOUR + dt.timedelta(minutes=5)
BEFORE = HOUR - dt.timedelta(days=30)


def rewrite(page: Path, change: Callable[[Any], Any]) -> None:
    content = yaml.safe_load(page.read_text("utf-8"))
    text = yaml.safe_dump(change(content), allow_unicode=True, sort_keys=False)
    page.write_text(text, "utf-8")


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data with the demo city's first four rounds."""
    folder = tmp_path_factory.mktemp("short") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "corrections.demo.yml").unlink()
    shutil.rmtree(folder / "letters", ignore_errors=True)
    shutil.rmtree(folder / "deliveries" / "demo" / "icc-network")
    office = folder / "deliveries" / "demo" / "statistics-office"
    for place in sorted(office.iterdir())[4:]:
        shutil.rmtree(place)
    demo = folder / "catalogue" / "demo"
    held = {*KEPT, DRAFT}
    gone = {one["id"] for one in yaml.safe_load((demo / "rounds.yml").read_text("utf-8"))} - held
    rewrite(demo / "rounds.yml", lambda page: [one for one in page if one["id"] in held])
    comments = yaml.safe_load((demo / "comments.yml").read_text("utf-8"))
    gone |= {one["id"] for one in comments}
    about = [{**comments[0], "id": "demo-comment-new", "round": DRAFT}]
    (demo / "comments.yml").write_text(yaml.safe_dump(about), "utf-8")
    rewrite(demo / "dataset.yml", lambda page: page | {
        "start_policy": "demo-2007-2010", "start_round": "demo-2008-01"})  # fmt: skip
    for lang in ("da", "en"):

        def without(page: Any) -> Any:
            kept = {
                kind: {code: words for code, words in some.items() if code not in gone}
                for kind, some in page.items()
            }
            kept["comment"] = {"demo-comment-new": "canary-comment (synthetic, syntetisk)"}
            return kept

        rewrite(demo / f"labels.{lang}.yml", without)
    assert [say_fault(one, "en") for one in check(folder)] == []
    return folder


@pytest.fixture
def folder(short: Path, tmp_path: Path) -> Path:
    shutil.copytree(short, tmp_path / "data")
    return tmp_path / "data"


def begun(folder: Path) -> None:
    publishing.begin(folder, DRAFT, HOUR, "Anna Analyst", BEFORE)


def presented(folder: Path) -> None:
    begun(folder)
    for by in ("Bo Head of office", "Carla Director", "Anna Analyst"):
        publishing.advance(folder, DRAFT, by, BEFORE)


def everything(pointer: Path) -> str:
    """All that a store's file holds, as text."""
    version = store.resolve(pointer)
    said = []
    with duckdb.connect(str(version.path), read_only=True) as con:
        for schema, name in con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall():
            rows = con.execute(f'select t::varchar from {schema}."{name}" t').fetchall()
            said += [f"{schema}.{name} {row}" for (row,) in rows]
    return "\n".join(said)


# --- what the public does not get -----------------------------------------------------------------


def test_nothing_of_a_draft_is_in_the_public_store(folder: Path, tmp_path: Path):
    begun(folder)
    public, drafts = tmp_path / "public.json", tmp_path / "drafts.json"
    build(folder, public)
    build(folder, drafts, drafts=True)
    canaries = (
        DRAFT, "canary-comment", "demo-comment-new", "statistics-office/2008-07-20",
        "2008-07-31", "2008-S1",
    )  # fmt: skip
    seen, known = everything(public), everything(drafts)
    assert [one for one in canaries if one not in known] == []
    # the demo city's bases and targets may name the half-year; no figure may
    lines = [line for line in seen.splitlines() if any(one in line for one in canaries)]
    tables = {line.split(" ", 1)[0] for line in lines}
    assert tables <= {"demo.target", "demo.milestone"}, tables
    with store.session(public, "demo") as look:
        [row] = look.rows("select max(known_from) as day, count(*) as n from measurement_vintage")
        assert str(row["day"]) == "2008-01-20"
        assert look.rows("select * from measurement_vintage where known_until > '2008-07-01'") == []
        assert look.rows("select distinct state from round") == [{"state": "public"}]
    with store.session(drafts, "demo") as look:
        states = look.rows("select round, state from round order by published_day")
        assert [row["state"] for row in states] == ["public"] * 3 + ["draft"]


def test_a_draft_reported_for_a_round_is_held_back_even_if_known_early(short: Path):
    """Figures that name the round, and figures newer than any public round of their policy."""
    inputs = read_inputs(short, "demo")
    content = inputs.content
    late = held_back(content, frozenset({DRAFT}))
    assert late
    assert {str(day) for day in late.values()} == {"2008-01-31"}
    assert held_back(content, frozenset({"demo-2007-07"})) == {}


def test_the_shipped_rounds_are_all_public(built: Path):
    for dataset in store.DATASETS:
        with store.session(built, dataset) as look:
            rows = look.rows("select state, declared from round")
            assert {(row["state"], row["declared"]) for row in rows} == {("public", False)}
    inputs = read_inputs(ROOT / "data", "published")
    assert public_inputs(inputs) is inputs


def test_readers_do_not_start_at_a_draft(folder: Path):
    begun(folder)
    page = folder / "catalogue" / "demo" / "dataset.yml"
    rewrite(page, lambda content: content | {"start_round": DRAFT})
    with pytest.raises(FaultsFound) as caught:
        build(folder, folder.parent / "b.json")
    assert [fault.code for fault in caught.value.faults] == ["start_unreleased"]


def test_a_store_with_drafts_never_takes_the_public_ones_place(folder: Path, tmp_path: Path):
    for first, second in ((False, True), (True, False)):
        pointer = tmp_path / f"{first}.json"
        pointer.write_text(json.dumps({"drafts": first} if first else {"file": "x"}), "utf-8")
        with pytest.raises(StoreError) as caught:
            build(folder, pointer, drafts=second)
        assert caught.value.code == ("store_drafts" if second else "store_public")
    assert store.pointer_path(None, drafts=True).name == "drafts.json"


# --- steps ----------------------------------------------------------------------------------------


def test_a_round_passes_every_state_with_names_and_times(folder: Path):
    presented(folder)
    shown = publishing.round_shown(folder, DRAFT)
    assert [(step["state"], step["by"]) for step in shown["steps"]] == [
        ("draft", "Anna Analyst"), ("professionally_approved", "Bo Head of office"),
        ("management_approved", "Carla Director"), ("presented", "Anna Analyst"),
    ]  # fmt: skip
    assert shown["release"] == HOUR.isoformat()
    with pytest.raises(BarometerError) as caught:
        publishing.advance(folder, DRAFT, "Anna Analyst", BEFORE)
    assert caught.value.code == "round_to_publish"


def test_publishing_freezes_the_round_once_and_for_all(folder: Path, tmp_path: Path):
    presented(folder)
    with pytest.raises(BarometerError) as early:
        publishing.publish(folder, DRAFT, "Carla Director", now=HOUR - dt.timedelta(seconds=1))
    assert early.value.code == "round_before_hour"
    shown = publishing.publish(folder, DRAFT, "Carla Director", now=LATER)
    assert (shown["state"], shown["by"]) == ("public", "Carla Director")
    assert len(shown["checksum"]) == 64
    for again in (publishing.publish, publishing.advance):
        with pytest.raises(BarometerError) as caught:
            again(folder, DRAFT, "Carla Director", now=LATER)
        assert caught.value.code == "round_is_public"
    built = tmp_path / "b.json"
    build(folder, built)
    with store.session(built, "demo") as look:
        [row] = look.rows("select * from round_release")
        assert (row["round"], row["checksum"]) == (DRAFT, shown["checksum"])
        assert len(look.rows("select * from round_step")) == 5
        assert look.rows("select 1 from goal_assessment where round = $r", {"r": DRAFT})
    # the same content again, built as a store with drafts, is the same round
    build(folder, tmp_path / "d.json", drafts=True)
    change_a_figure(folder)
    with pytest.raises(FaultsFound) as caught:
        build(folder, built)
    faults = caught.value.faults
    assert {fault.code for fault in faults} == {"round_changed"}
    assert {fault.file for fault in faults} == {f"rounds/{DRAFT}.yml"}
    assert {fault.code for fault in check(folder)} == {"round_changed"}
    told = [fault for fault in faults if "demo-mentors" in (fault.column or "")]
    assert ("162.0", "163.0") in {(fault.allowed, fault.found) for fault in told}
    assert len(told) >= 2  # the verdict's value and the series behind it


def test_a_published_store_remembers_what_a_round_was_frozen_with(folder: Path, tmp_path: Path):
    presented(folder)
    publishing.publish(folder, DRAFT, "Carla Director", now=LATER)
    built = tmp_path / "b.json"
    build(folder, built)
    for left in (folder / "rounds").iterdir():  # the whole life is taken away, seal and all
        left.unlink()
    with pytest.raises(FaultsFound) as caught:
        build(folder, built)
    assert [(fault.code, fault.found) for fault in caught.value.faults] == [("round_unfrozen", "-")]


def test_stores_with_drafts_count_as_published_nowhere(folder: Path, tmp_path: Path):
    begun(folder)
    place = tmp_path / "store"
    build(folder, place / "drafts.json", drafts=True)
    assert releases.releases(place / "barometer.json") == []
    build(folder, place / "barometer.json")
    assert [path.name.split("-")[0] for path in releases.releases(place / "drafts.json")] == [
        "barometer"
    ]


def test_pages_of_a_store_with_drafts_say_so(folder: Path, tmp_path: Path):
    begun(folder)
    public, drafts = tmp_path / "public.json", tmp_path / "drafts.json"
    build(folder, public)
    build(folder, drafts, drafts=True)
    state = {"dataset": "demo", "lang": "da", "policy": "demo-2007-2010"}
    for make in (overview_page, indicator_page, targets_page, data_quality_page):
        assert "banner--draft" not in make(state, public)["html"]
        page = make(state, drafts)
        assert '<p class="banner--draft"><strong>Kladde</strong>' in page["html"]
        assert page["title"].startswith("Kladde: ")
        assert all(one["filename"].startswith("kladde-") for one in page["downloads"])
    options = overview_page(state, drafts)["controls"][1]["options"]
    marked = [one["value"] for one in options if one["label"].endswith("(kladde)")]
    assert marked == [DRAFT]
    assert DRAFT not in [
        one["value"] for one in overview_page(state, public)["controls"][1]["options"]
    ]
    assert "Kladde" in start_page("da", "demo", store=drafts)
    assert "Kladde" not in start_page("da", "demo", store=public)


def change_a_figure(folder: Path) -> None:
    """A delivery is edited, checksum and all: the mentors of the draft's half-year are one more."""
    import hashlib

    place = folder / "deliveries" / "demo" / "statistics-office" / "2008-07-20"
    page = place / "figures.csv"
    text = page.read_text("utf-8")
    assert "demo-mentors;CITY;T;2008H1;162;" in text
    page.write_text(text.replace("2008H1;162;", "2008H1;163;"), "utf-8")
    sum_ = hashlib.sha256(page.read_bytes()).hexdigest()
    rewrite(place / "delivery.yml", lambda one: one | {
        "files": [one["files"][0] | {"sha256": sum_}]})  # fmt: skip


def test_open_warnings_are_mended_or_accepted_with_a_reason(tmp_path: Path):
    life = rounds.begin(tmp_path, "r", HOUR, "A", BEFORE)
    for _ in range(3):
        life = rounds.advance(tmp_path, life, "A", BEFORE)
    with pytest.raises(BarometerError) as caught:
        rounds.freeze(tmp_path, life, {}, "B", LATER, ["coverage has shrunk"])
    assert caught.value.code == "round_warnings"
    assert not (tmp_path / "r.frozen.json").exists()
    after = rounds.freeze(
        tmp_path, life, {}, "B", LATER, ["coverage has shrunk"], "One survey less"
    )
    assert after.accepted.reason == "One survey less"
    kept = yaml.safe_load((tmp_path / "r.yml").read_text("utf-8"))["accepted"]
    assert kept == {"reason": "One survey less", "by": "B", "warnings": ["coverage has shrunk"]}
    assert rounds.freeze(tmp_path, life, {}, "B", LATER).accepted is None


@pytest.mark.parametrize("step", [0, 1, 2])
def test_only_a_presented_round_becomes_public(tmp_path: Path, step: int):
    life = rounds.begin(tmp_path, "r", HOUR, "A", BEFORE)
    for _ in range(step):
        life = rounds.advance(tmp_path, life, "A", BEFORE)
    with pytest.raises(BarometerError) as caught:
        rounds.freeze(tmp_path, life, {}, "A", LATER)
    assert caught.value.code == "round_not_presented"


def test_what_cannot_be_begun(folder: Path):
    begun(folder)
    for code, hour, error in (
        (DRAFT, HOUR, "round_begun"),
        ("demo-2007-01", HOUR.replace(tzinfo=None), "release_without_zone"),
    ):
        with pytest.raises(BarometerError) as caught:
            publishing.begin(folder, code, hour, "A", BEFORE)
        assert caught.value.code == error
    with pytest.raises(NotFound):
        publishing.begin(folder, "demo-2099", HOUR, "A", BEFORE)
    with pytest.raises(BarometerError) as caught:
        publishing.publish(folder, "demo-2008-01", "A", now=LATER)
    assert caught.value.code == "round_without_life"


def test_rounds_become_public_in_their_order(folder: Path):
    publishing.begin(folder, "demo-2008-01", HOUR.replace(month=1), "A", HOUR.replace(month=1))
    presented(folder)
    with pytest.raises(BarometerError) as caught:
        publishing.publish(folder, DRAFT, "A", now=LATER)
    assert caught.value.code == "round_earlier_open"


# --- pages written by hand ------------------------------------------------------------------------


def page_of(**more: Any) -> Row:
    steps = [{"state": state, "by": "A", "at": BEFORE} for state in rounds.STATES]
    steps[-1]["at"] = LATER
    whole = {"round": DRAFT, "release": HOUR, "steps": steps, "checksum": rounds.checksum({})}
    return whole | more


STEPS = page_of()["steps"]
LIFE = rounds.told_life(rounds.Life.model_validate(page_of(checksum=None)))
SEALED = rounds.checksum({"life": LIFE})
PAGES = {
    "as it should be": ({"checksum": SEALED}, []),
    "another approver": (
        {"checksum": SEALED, "steps": [*STEPS[:-1], STEPS[-1] | {"by": "B"}]}, ["round_renamed"]),
    "another round": ({"checksum": SEALED, "round": "demo-2008-01"}, ["unknown_code"]),
    "an unknown round": ({"checksum": SEALED, "round": "demo-2099"}, ["unknown_code"]),
    "a step left out": ({"steps": [STEPS[0], *STEPS[2:]]}, ["round_steps"]),
    "steps turned": ({"steps": STEPS[::-1], "checksum": None}, ["round_steps", "round_times"]),
    "public before its hour": (
        {"steps": [*STEPS[:-1], STEPS[-1] | {"at": HOUR - dt.timedelta(hours=1)}]},
        ["round_early"]),
    "another day than the catalogue's": (
        {"release": HOUR - dt.timedelta(days=1)}, ["round_day"]),
    "no checksum": ({"checksum": None}, ["round_checksum"]),
    "a checksum of something else": ({"checksum": "0" * 64}, ["round_frozen"]),
    "a draft with a checksum": ({"steps": STEPS[:1]}, ["round_checksum"]),
    "no zone": ({"release": HOUR.replace(tzinfo=None)}, ["wrong_value"]),
    "no such state": ({"steps": [STEPS[0] | {"state": "done"}]}, ["wrong_value"]),
    "a field too many": ({"embargo": True}, ["field_unknown"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_written_by_hand(name: str, tmp_path: Path):
    changed, codes = PAGES[name]
    page = {key: value for key, value in page_of(**changed).items() if value is not None}
    (tmp_path / f"{DRAFT}.yml").write_text(yaml.safe_dump(page), "utf-8")
    (tmp_path / f"{DRAFT}.frozen.json").write_text(json.dumps({"life": LIFE}), "utf-8")
    found = rounds.read(tmp_path, KNOWN, "demo-")
    assert sorted(fault.code for fault in found.faults) == sorted(codes)
    assert set(found.lives) == (set() if codes else {DRAFT})
    for fault in found.faults:
        assert fault.file == f"rounds/{DRAFT}.yml"
        say_fault(fault, "da")
    assert rounds.read(tmp_path, KNOWN, "").lives == {}


class _Entry:
    def __init__(self, published: str) -> None:
        self.published = published


KNOWN = {DRAFT: _Entry("2008-07-31"), "demo-2008-01": _Entry("2008-01-31")}


def test_what_differs_is_named():
    frozen = {"goals": {"p g": {"status": "red", "reason": "x"}}, "series": {"i a g": "1"}}
    now = {"goals": {"p g": {"status": "green", "reason": "x"}}, "series": {"i b g": "1"}}
    assert list(rounds.changed(frozen, now)) == [
        ("goals p g status", "red", "green"), ("series i a g", "1", "None"),
        ("series i b g", "None", "1"),
    ]  # fmt: skip
    assert list(rounds.changed(frozen, frozen)) == []
    assert rounds.checksum({"a": 1, "b": 2}) == rounds.checksum({"b": 2, "a": 1})


# --- as commands ----------------------------------------------------------------------------------


def run(folder: Path, *asked: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["round", *asked, "--data", str(folder)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_commands(folder: Path):
    hour = "2008-07-31T09:00+02:00"
    said = run(folder, "draft", DRAFT, "--release", hour, "--by", "Anna", "--lang", "da")
    assert "kladde" in said
    assert "klausuleret" in said
    for _ in range(3):
        run(folder, "advance", DRAFT, "--by", "Bo")
    assert "fremlagt" in run(folder, "show", DRAFT)
    assert "public" in run(folder, "publish", DRAFT, "--by", "Carla", "--lang", "en")
    again = run(folder, "publish", DRAFT, "--by", "Carla", "--lang", "en", code=1)
    assert "not published twice" in again
    rows = json.loads(run(folder, "list", "--format", "json"))["rounds"]
    assert {row["state"] for row in rows} == {"public"}
    assert [row["round"] for row in rows if row["declared"]] == [DRAFT]
    assert run(folder, "list", "--format", "csv").splitlines()[0].startswith("dataset,round")
    assert "time zone" in run(folder, "draft", "demo-2008-01", "--release", "noon", "--by", "A",
                              "--lang", "en", code=1)  # fmt: skip
    steps = run(folder, "show", DRAFT, "--format", "csv").splitlines()
    assert len(steps) == 6
