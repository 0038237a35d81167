"""Corrections: a new vintage with its own provenance, a guard that fails when it is outlived."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from barometer_lib import corrections, store
from barometer_lib.build import build, check
from barometer_lib.build.inputs import Inputs
from barometer_lib.catalogue import inspect
from barometer_lib.corrections import Corrected, Declared
from barometer_lib.deliveries import read
from barometer_lib.errors import Fault, FaultsFound, say_fault
from barometer_lib.store import writing

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = json.loads((ROOT / "tests" / "reference" / "vintages.json").read_text("utf-8"))
Row = dict[str, Any]
MENTORS = "demo-mentors"


# --- as known at a day ------------------------------------------------------------------------


def as_vintages(records: list[Row]) -> pa.Table:
    """The records of a reference case as delivered rows, a retraction as the build makes it."""
    rows = [
        {
            "indicator": one["k"], "area": "a", "population_group": "g",
            "period": str(one["period"]), "period_end": f"{one['period']}-12-31",
            "reported_round": None, "value": one.get("value"), "numerator": None,
            "denominator": None, "sample_size": None, "published_change": None,
            "status": "retracted" if one.get("retracted") else "reported",
            "known_from": one["recorded_at"], "line": number,
            "delivery": "corrections" if one.get("retracted") else "d",
        }
        for number, one in enumerate(records)
    ]  # fmt: skip
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    for name in ("value", "numerator", "denominator", "sample_size", "published_change"):
        columns[name] = pa.array(columns[name], pa.float64())
    columns["reported_round"] = pa.array(columns["reported_round"], pa.string())
    return writing.vintages([pa.table(columns)])


@pytest.mark.parametrize("case", REFERENCE["as_known_at"], ids=lambda one: one["day"])
def test_what_was_known_on_a_day(case: Row):
    rows = as_vintages(REFERENCE["records"]).to_pylist()
    day = case["day"]
    known = {
        row["period"]: row["value"]
        for row in rows
        if row["known_from"] <= day and (row["known_until"] is None or row["known_until"] > day)
    }
    assert known == case["series"]


def test_a_correction_follows_what_was_delivered_the_same_day():
    delivered = {"k": "emp", "period": 2009, "value": 58.0, "recorded_at": "2010-01-20"}
    retracted = delivered | {"retracted": True}
    assert as_vintages([delivered, retracted]).num_rows == 1
    [row] = as_vintages([retracted, delivered]).to_pylist()
    assert row["known_until"] == row["known_from"]


# --- in the demo city -------------------------------------------------------------------------


def history(built: Path, indicator: str, day: str | None = None) -> dict[str, Row]:
    asked = None if day is None else store.parse_day(day)
    with store.session(built, "demo", asked) as look:
        rows = look.rows(
            "select * from measurement where indicator = $code and area = 'demo-city'",
            {"code": indicator},
        )
    return {row["period"]: row for row in rows}


def test_a_correction_is_a_new_vintage_with_its_own_provenance(built: Path):
    before = history(built, "demo-inclusion-index", "2012-11-04")["2012-S1"]
    after = history(built, "demo-inclusion-index", "2012-11-05")["2012-S1"]
    assert (before["value"], before["correction"]) == (58.8, None)
    assert before["delivery"] == "statistics-office/2012-07-20"
    assert (after["value"], after["correction"]) == (59.3, "demo-correction-inclusion-2012")
    assert (after["delivery"], after["file"]) == ("corrections", "corrections.demo.yml")
    assert after["known_from_basis"] == "corrected"
    page = (ROOT / "data" / "corrections.demo.yml").read_text("utf-8").splitlines()
    assert page[after["line"] - 1] == "- id: demo-correction-inclusion-2012"
    now = history(built, "demo-inclusion-index")["2012-S1"]
    assert now["value"] == 59.3


def test_a_retracted_figure_is_gone_from_its_day_on_and_no_earlier(built: Path):
    assert history(built, MENTORS, "2009-10-11")["2009-S1"]["value"] == 195
    assert "2009-S1" not in history(built, MENTORS, "2009-10-12")
    assert "2009-S1" not in history(built, MENTORS)
    assert "2009-S2" in history(built, MENTORS)


def test_what_was_corrected_why_by_whom_and_in_which_case_is_in_the_store(built: Path):
    with store.session(built, "demo") as look:
        rows = look.rows("select * from correction order by corrected_on")
        words = look.rows("select * from label where kind = 'correction' order by code, lang")
    assert [(one["kind"], str(one["corrected_on"]), one["case_number"]) for one in rows] == [
        ("retraction", "2009-10-12", "DEMO-2009-0203"),
        ("value", "2012-11-05", "DEMO-2012-0417"),
    ]
    assert {one["by_name"] for one in rows} == {"Demoby statistics office (synthetic)"}
    assert [one["lang"] for one in words] == ["da", "en", "da", "en"]


def test_a_round_is_judged_by_what_was_known_on_its_day(built: Path):
    with store.session(built, "demo") as look:
        rows = look.rows(
            """select round, value, reference_value from indicator_assessment
            where indicator = 'demo-inclusion-index' and round in ('demo-2012-07', 'demo-2013-01')
            order by round"""
        )
    assert [row["value"] for row in rows] == [58.8, 59.7]
    assert rows[1]["reference_value"] == 59.3


# --- guards -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Inputs:
    """The demo city as delivered, its own corrections left out."""
    content, _ = inspect(ROOT / "data" / "catalogue" / "demo")
    assert content is not None
    return Inputs(content, read(ROOT / "data" / "deliveries" / "demo", content))


def declared(demo: Inputs, folder: Path, change: Callable[[list[Row]], None]) -> Declared:
    """The shipped corrections, changed, as they are read."""
    entries = yaml.safe_load((ROOT / "data" / "corrections.demo.yml").read_text("utf-8"))
    change(entries)
    page = folder / "corrections.demo.yml"
    page.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), "utf-8")
    return corrections.read(page, demo.content)


def applied(demo: Inputs, folder: Path, change: Callable, *later: pa.Table) -> Corrected:
    """What comes of the changed corrections, with `later` deliveries."""
    tables = [*demo.delivered.measurements, *later]
    return corrections.apply(tables, declared(demo, folder, change))


def delivered_later(demo: Inputs, day: str, value: float) -> pa.Table:
    """The figure of the first correction, delivered once more."""
    every = pa.concat_tables(demo.delivered.measurements).to_pylist()
    [row] = [
        one
        for one in every
        if (one["indicator"], one["period"]) == ("demo-inclusion-index", "2012-S1")
    ]
    known = {"value": value, "known_from": store.parse_day(day), "delivery": f"office/{day}"}
    return pa.Table.from_pylist([row | known], schema=demo.delivered.measurements[0].schema)


def codes(faults: list[Fault]) -> list[str]:
    return sorted(fault.code for fault in faults)


def edit(**fields: Any) -> Callable[[list[Row]], None]:
    return lambda entries: entries[0].update(fields)


WRONG = {
    "another figure is delivered than the one expected": (
        edit(expect={"value": 58.9}), ["correction_expect"]),
    "the delivered figure is the corrected one": (
        edit(expect={"value": 58.9}, corrected={"value": 58.8}), ["correction_mended"]),
    "nothing was delivered yet": (edit(date=store.parse_day("2012-07-01")), ["correction_nothing"]),
    "no such figure": (edit(period="2019-S1"), ["correction_nothing"]),
    "no such indicator": (edit(indicator="demo-inclusion"), ["unknown_code"]),
    "no such area": (edit(area="demo-99"), ["unknown_code"]),
    "an id of the published figures": (edit(id="correction-1"), ["id_prefix"]),
    "neither corrected nor retracted": (edit(corrected=None), ["correction_form"]),
    "both": (edit(retracted=True), ["correction_form"]),
    "a correction without a value": (edit(corrected={"numerator": 3.0}), ["correction_form"]),
    "no period": (edit(period=None), ["correction_form"]),
    "ends before it begins": (edit(until=store.parse_day("2012-11-05")), ["correction_form"]),
    "an end on which nothing came": (
        edit(until=store.parse_day("2013-06-01")), ["correction_until"]),
    "no reason in Danish": (edit(reason={"en": "wrong"}), ["field_missing"]),
    "no case": (edit(case=""), ["wrong_value"]),
    "twice": (lambda entries: entries.append(entries[0] | {"id": "demo-again"}),
              ["correction_twice", "correction_twice"]),
    "the same id": (lambda entries: entries.append(entries[0]), ["id_twice"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_correction_is_told_with_its_place(name: str, demo: Inputs, tmp_path: Path):
    change, expected = WRONG[name]
    faults = list(applied(demo, tmp_path, change).faults)
    assert codes(faults) == expected
    for fault in faults:
        assert fault.file == "corrections.demo.yml"
        assert fault.line is not None
        assert "{" not in say_fault(fault, "da") + say_fault(fault, "en")


def test_a_page_that_is_no_list(demo: Inputs, tmp_path: Path):
    page = tmp_path / "corrections.yml"
    page.write_text("id: x\n", "utf-8")
    assert codes(list(corrections.read(page, demo.content).faults)) == ["not_a_list"]


def nothing(_: list[Row]) -> None:
    """Leaves the corrections as they are shipped."""


def test_the_guard_fails_once_the_source_has_mended_itself(demo: Inputs, tmp_path: Path):
    later = delivered_later(demo, "2013-03-01", 59.3)
    [fault] = applied(demo, tmp_path, nothing, later).faults
    assert (fault.code, fault.fields["day"]) == ("correction_mended", "2013-03-01")
    assert "until: 2013-03-01" in say_fault(fault, "en")
    ended = applied(demo, tmp_path, edit(until=store.parse_day("2013-03-01")), later)
    assert ended.faults == ()
    rows = [
        row
        for row in writing.vintages(ended.tables).to_pylist()
        if (row["indicator"], row["period"]) == ("demo-inclusion-index", "2012-S1")
    ]
    # the mended figure is the corrected one: nothing new is known on that day
    assert [(row["value"], str(row["known_from"])) for row in rows] == [
        (58.8, "2012-07-20"), (59.3, "2012-11-05"),
    ]  # fmt: skip


def test_a_third_figure_is_neither_error_nor_correction(demo: Inputs, tmp_path: Path):
    later = delivered_later(demo, "2013-03-01", 60.0)
    [fault] = applied(demo, tmp_path, nothing, later).faults
    assert (fault.code, fault.found) == ("correction_overtaken", "value 60")
    ended = applied(demo, tmp_path, edit(until=store.parse_day("2013-03-01")), later)
    assert ended.faults == ()


def test_the_error_delivered_again_stays_corrected(demo: Inputs, tmp_path: Path):
    found = applied(demo, tmp_path, nothing, delivered_later(demo, "2013-03-01", 58.8))
    assert found.faults == ()
    rows = [
        row
        for row in writing.vintages(found.tables).to_pylist()
        if (row["indicator"], row["period"]) == ("demo-inclusion-index", "2012-S1")
    ]
    assert [row["value"] for row in rows] == [58.8, 59.3]
    assert rows[-1]["known_until"] is None


def test_a_corrected_share_must_be_its_count(demo: Inputs, tmp_path: Path):
    [row] = [
        one
        for one in pa.concat_tables(demo.delivered.measurements).to_pylist()
        if (one["indicator"], one["period"]) == ("demo-managers", "2012-S1")
    ]
    printed, count = round(row["value"] * 100, 1), row["numerator"] + 3
    share = {
        "id": "demo-managers-2012", "indicator": "demo-managers",
        "group": row["population_group"], "expect": {"value": printed},
    }  # fmt: skip

    def faults(value: float, numerator: float) -> list[str]:
        right = {"corrected": {"value": value, "numerator": numerator}}
        add = lambda entries: entries.append(entries[0] | share | right)  # noqa: E731
        return codes(list(applied(demo, tmp_path, add).faults))

    assert faults(printed, count) == ["share_disagrees"]
    assert faults(round(100 * count / row["denominator"], 1), count) == []
    assert faults(50.0, row["denominator"] + 1) == ["numerator_above"]


def test_without_the_file_nothing_is_corrected(demo: Inputs, tmp_path: Path):
    none = corrections.read(tmp_path / "corrections.yml", demo.content)
    found = corrections.apply(demo.delivered.measurements, none)
    assert (found.applied, found.faults) == ([], ())
    assert {row["correction"] for row in pa.concat_tables(found.tables).to_pylist()} == {None}


def test_a_wrong_correction_stops_the_build_and_a_right_one_does_not(tmp_path: Path):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("__pycache__"))
    page = folder / "corrections.demo.yml"
    page.write_text(page.read_text("utf-8").replace("58.8", "58.9"), "utf-8")
    [fault] = check(folder)
    assert (fault.code, fault.line) == ("correction_expect", 7)
    with pytest.raises(FaultsFound):
        build(folder, tmp_path / "b.json")
