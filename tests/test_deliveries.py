"""Deliveries broken one way at a time: every fault with its file, line, column and remedy."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from barometer_lib import deliveries
from barometer_lib.build import check
from barometer_lib.catalogue import Catalogue, load
from barometer_lib.errors import Fault, say_fault

DATA = Path(__file__).resolve().parents[1] / "data"
CODE = "office/2024-01-01"
FILE = f"{CODE}/figures.csv"
PAGE = f"{CODE}/delivery.yml"
HEADER = "indicator,area,period,value"
GOOD = "ungdomsudd_andel,101,2013,77.2"
COLUMNS = {name: {"column": name} for name in HEADER.split(",")}
RANKS = {name: {"column": name} for name in ("index", "city", "edition", "scope", "rank", "score")}


@pytest.fixture(scope="module")
def content() -> Catalogue:
    return load(DATA / "catalogue")


class Office:
    """Delivers one file to an empty folder, and reads it."""

    def __init__(self, folder: Path, content: Catalogue) -> None:
        self.folder = folder
        self.content = content
        self.place = folder / CODE

    def deliver(
        self, text: str | bytes, columns: Any = None, *, page: Any = None, **spec: Any
    ) -> None:
        """Writes the file and its description; `spec` and `page` change the description."""
        raw = text if isinstance(text, bytes) else text.encode()
        file = {"file": "figures.csv", "holds": "measurements"}
        file |= {"sha256": hashlib.sha256(raw).hexdigest(), "columns": columns or COLUMNS} | spec
        whole = {"title": "t", "source": "barometer-measurements", "address": "a"}
        whole |= {"received": "2024-01-01", "licence": "l", "sureness": "high"}
        whole |= {"synthetic": False, "files": [file]} | (page or {})
        self.place.mkdir(parents=True)
        (self.place / "figures.csv").write_bytes(raw)
        (self.place / "delivery.yml").write_text(yaml.safe_dump(whole, sort_keys=False), "utf-8")

    def read(self) -> deliveries.Delivered:
        found = deliveries.read(self.folder, self.content)
        # the catalogue's targets name rows of deliveries that are not here
        found.faults = [one for one in found.faults if one.code != "evidence_lost"]
        return found


@pytest.fixture
def office(tmp_path: Path, content: Catalogue) -> Office:
    return Office(tmp_path, content)


def told(fault: Fault) -> tuple[Any, ...]:
    return (fault.code, fault.file, fault.line, fault.column, fault.found, fault.mended_by)


def rows_of(found: deliveries.Delivered) -> list[dict[str, Any]]:
    return [row for one in found.measurements for row in one.to_pylist()]


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


def with_more(*names: str) -> dict[str, Any]:
    return COLUMNS | {name: {"column": name} for name in names}


def test_a_good_delivery_has_no_fault(office: Office):
    office.deliver(lines(GOOD))
    found = office.read()
    assert found.faults == []
    (row,) = rows_of(found)
    assert (row["value"], row["unit"], row["decimals"], row["line"]) == (0.772, "percent", 1, 2)
    assert (row["delivery"], row["file"], row["source"]) == (
        CODE, "figures.csv", "barometer-measurements",
    )  # fmt: skip
    assert (row["period_start"], row["period_end"]) == (date(2013, 1, 1), date(2013, 12, 31))
    assert (row["known_from"], row["known_from_basis"]) == (date(2024, 1, 1), "received")
    assert row["population_group"] == "minority-background:minority"


# name: (rows, more columns, fault as code, line, column, found, who mends it, nearest)
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[Any, ...]]] = {
    "unknown indicator": (
        (GOOD, "ungdomsudd_andl,101,2013,50"),
        (),
        ("not_mapped", 3, "indicator", "ungdomsudd_andl", "mapping", "ungdomsudd_andel"),
    ),
    "unknown area": (
        ("ungdomsudd_andel,101-011,2013,50",),
        (),
        ("not_mapped", 2, "area", "101-011", "mapping", "101-01"),
    ),
    "no period": (
        ("ungdomsudd_andel,101,Q3 2013,50",),
        (),
        ("not_a_period", 2, "period", "Q3 2013", "mapping", None),
    ),
    "a day that is not": (
        ("ungdomsudd_andel,101,2013-02-30,50",),
        (),
        ("not_a_period", 2, "period", "2013-02-30", "mapping", None),
    ),
    "text for a number": (
        (GOOD, "ungdomsudd_andel,101,2014,many"),
        (),
        ("not_a_number", 3, "value", "many", "source", None),
    ),
    "not a number": (
        ("ungdomsudd_andel,101,2013,nan",),
        (),
        ("not_a_number", 2, "value", "nan", "source", None),
    ),
    "infinite": (
        ("ungdomsudd_andel,101,2013,inf",),
        (),
        ("not_a_number", 2, "value", "inf", "source", None),
    ),
    "a programmer's number": (
        ("ungdomsudd_andel,101,2013,1_0",),
        (),
        ("not_a_number", 2, "value", "1_0", "source", None),
    ),
    "powers of ten": (
        ("ungdomsudd_andel,101,2013,1e1",),
        (),
        ("not_a_number", 2, "value", "1e1", "source", None),
    ),
    "decimal comma": (
        ('ungdomsudd_andel,101,2013,"77,2"',),
        (),
        ("decimal_comma", 2, "value", "77,2", "source", None),
    ),
    "no value and no reason": (
        ("ungdomsudd_andel,101,2013,",),
        (),
        ("value_missing", 2, "value", None, "source", None),
    ),
    "a value that is hidden": (
        ("ungdomsudd_andel,101,2013,50,suppressed",),
        ("status",),
        ("value_and_status", 2, "value", "suppressed", "source", None),
    ),
    "unknown status": (
        ("ungdomsudd_andel,101,2013,50,supressed",),
        ("status",),
        ("not_mapped", 2, "status", "supressed", "mapping", "suppressed"),
    ),
    "above a hundred percent": (
        ("ungdomsudd_andel,101,2013,100.1",),
        (),
        ("out_of_range", 2, "value", "100.1", "source", None),
    ),
    "below nothing": (
        ("bydele_over_10,101,2013,-1",),
        (),
        ("out_of_range", 2, "value", "-1.0", "source", None),
    ),
    "more than all": (
        ("ungdomsudd_andel,101,2013,100,11,10",),
        ("numerator", "denominator"),
        ("numerator_above", 2, "numerator", "11.0", "source", None),
    ),
    "another share": (
        # 2 of 3 printed with one decimal is 66.7; 66.8 is not
        ("ungdomsudd_andel,101,2012,66.7,2,3", "ungdomsudd_andel,101,2013,66.8,2,3"),
        ("numerator", "denominator"),
        ("share_disagrees", 3, "value", "66.8", "source", None),
    ),
    "the same twice": (
        (GOOD, "ungdomsudd_andel,101,2014,78", GOOD),
        (),
        ("duplicate", 4, None, "ungdomsudd_andel, 101, minority-background:minority, 2013",
         "source", None),
    ),
    "another unit": (
        ("ungdomsudd_andel,101,2013,50,count",),
        ("unit",),
        ("unit_disagrees", 2, "unit", "count", "source", None),
    ),
    "a group of another definition": (
        ("ungdomsudd_andel,101,2013,50,bilingual:bilingual",),
        ("group",),
        ("group_definition", 2, "group", "bilingual:bilingual", "source", None),
    ),
    "after its end": (
        ("utryg_nabolag,101,2023,9",),
        (),
        ("after_end", 2, "period", "2023", "source", None),
    ),
    "no indicator": (
        (",101,2013,50",),
        (),
        ("field_missing", 2, "indicator", None, "source", None),
    ),
    "no area": (
        ("ungdomsudd_andel,,2013,50",),
        (),
        ("field_missing", 2, "area", None, "source", None),
    ),
    "too many cells": (
        (GOOD, "ungdomsudd_andel,101,2014,78,9"),
        (),
        ("row_width", 3, None, "Expected Number of Columns: 4 Found: 5", "source", None),
    ),
    "too few cells": (
        (GOOD, "ungdomsudd_andel,101"),
        (),
        ("row_width", 3, None, "Expected Number of Columns: 4 Found: 2", "source", None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_in_a_row_is_told_with_its_place(name: str, office: Office):
    rows, more, (code, line, column, found, mended_by, near) = ROWS[name]
    header = ",".join((HEADER, *more))
    office.deliver(lines(*rows, header=header), with_more(*more))
    faults = office.read().faults
    assert [told(fault) for fault in faults] == [(code, FILE, line, column, found, mended_by)]
    if near is not None:
        assert faults[0].nearest[0] == near
    for lang, word in (("da", "Rettes af"), ("en", "Mend:")):
        words = say_fault(faults[0], lang)
        assert words.startswith(f"{FILE}:{line}")
        assert word in words
        assert (found or "") in words or code in ("value_missing", "field_missing")


def test_every_fault_of_a_file_is_told_at_once(office: Office):
    every = [row for rows, more, _ in ROWS.values() if not more for row in rows if row != GOOD]
    office.deliver(lines(*every))
    codes = {fault.code for fault in office.read().faults}
    assert codes >= {expected[0] for _, more, expected in ROWS.values() if not more} - {"duplicate"}


def test_lines_are_right_with_line_breaks_in_quotes_and_blank_lines(office: Office):
    text = (
        "indicator,area,period,value,note\n"  # line 1
        'ungdomsudd_andel,101,2012,70,"two\nlines"\n'  # lines 2 and 3
        "\n"  # line 4
        "ungdomsudd_andel,101,2013,x,plain\n"  # line 5
        'ungdomsudd_andel,101,2014,y,"three\n\nlines"\n'  # lines 6 to 8
        "ungdomsudd_andel,101,2014,80,again\n"  # line 9
    )
    office.deliver(text)
    faults = office.read().faults
    assert [(one.code, one.line, one.found) for one in faults[:2]] == [
        ("not_a_number", 5, "x"), ("not_a_number", 6, "y"),
    ]  # fmt: skip
    assert [(one.code, one.line, one.fields["first"]) for one in faults[2:]] == [
        ("duplicate", 9, 6)
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_rejected_row_is_told_at_its_line_after_quotes(office: Office, end: str):
    rows = [f'{GOOD},"a{end}b"', "ungdomsudd_andel,101", "ungdomsudd_andel,101,2014,z,c"]
    office.deliver(end.join([HEADER + ",note", *rows]) + end)
    faults = office.read().faults
    assert [(one.code, one.line) for one in faults] == [("row_width", 4), ("not_a_number", 5)]


def test_two_kinds_of_line_ends_in_one_file(office: Office):
    office.deliver(f"{HEADER}\r\n{GOOD}\nungdomsudd_andel,101,2014,x\r\n")
    assert [(one.code, one.line) for one in office.read().faults] == [("not_a_number", 3)]


def test_windows_1252_semicolons_and_decimal_commas(office: Office):
    text = "indicator;area;period;value\nungdomsudd_andel;København;2013;77,25\n"
    columns = COLUMNS | {"area": {"column": "area", "map": {"København": "101"}}}
    office.deliver(
        text.encode("windows-1252"), columns, delimiter=";", encoding="windows-1252", decimal=","
    )
    found = office.read()
    assert found.faults == []
    (row,) = rows_of(found)
    assert (row["area"], row["value"], row["decimals"]) == ("101", 0.7725, 2)


def test_a_decimal_point_where_commas_are_declared(office: Office):
    text = "indicator;area;period;value\nungdomsudd_andel;101;2013;77.2\n"
    office.deliver(text, delimiter=";", decimal=",")
    (fault,) = office.read().faults
    assert told(fault) == ("decimal_point", FILE, 2, "value", "77.2", "source")


@pytest.mark.parametrize("rows_before", [0, 2000])
def test_a_file_of_another_encoding_is_told_with_its_line(office: Office, rows_before: int):
    text = lines(*[GOOD] * rows_before, "ungdomsudd_andel,København,2013,77.2")
    office.deliver(text.encode("windows-1252"))
    (fault,) = office.read().faults
    assert (fault.code, fault.file, fault.line) == ("not_encoded", FILE, rows_before + 2)
    assert "utf-8" in say_fault(fault, "da")


def test_bytes_that_windows_1252_does_not_have(office: Office):
    office.deliver(lines(GOOD).encode() + b"\x81\n", encoding="windows-1252")
    (fault,) = office.read().faults
    assert (fault.code, fault.line, fault.mended_by) == ("not_encoded", 3, "mapping")


def test_a_byte_order_mark_is_no_part_of_the_first_column(office: Office):
    office.deliver(b"\xef\xbb\xbf" + lines(GOOD).encode())
    assert office.read().faults == []


def test_quotes_that_do_not_close_hide_no_rows(office: Office):
    office.deliver(lines(GOOD, 'ungdomsudd_andel,"101,2014,77.2', GOOD.replace("2013", "2015")))
    found = office.read()
    assert [(one.code, one.line) for one in found.faults] == [("quotes", 3)]
    assert rows_of(found) == []


@pytest.mark.parametrize("text", ["", "\n\n", HEADER, f"{HEADER}\n", f"{HEADER}\n\n\n"])
def test_an_empty_delivery(office: Office, text: str):
    office.deliver(text)
    (fault,) = office.read().faults
    assert told(fault) == ("delivery_empty", FILE, None, None, None, "source")


@pytest.mark.parametrize("twice", ["value", "Value"])
def test_a_column_that_stands_twice(office: Office, twice: str):
    office.deliver(lines(f"{GOOD},1", header=f"{HEADER},{twice}"))
    faults = office.read().faults
    assert {(one.code, one.line) for one in faults} == {("column_twice", 1)}
    assert "value" in {one.found for one in faults}


def test_columns_without_a_name_and_with_our_own_names_are_read(office: Office):
    header = "indicator,area,period,value,line,position,"
    office.deliver(lines(f"{GOOD},7,8,", header=header))
    found = office.read()
    assert found.faults == []
    assert rows_of(found)[0]["line"] == 2


def test_a_column_that_is_not_there(office: Office):
    office.deliver(lines(GOOD), COLUMNS | {"value": {"column": "valu"}})
    (fault,) = office.read().faults
    assert (fault.code, fault.file, fault.column, fault.found) == (
        "column_missing", PAGE, "value", "valu",
    )  # fmt: skip
    assert fault.nearest[0] == "value"
    page = (office.place / "delivery.yml").read_text("utf-8").splitlines()
    assert page[fault.line - 1].strip() == "columns:"


def test_a_dimension_that_does_not_exist(office: Office):
    office.deliver(lines(GOOD), COLUMNS | {"chang": {"column": "value"}})
    (fault,) = office.read().faults
    assert (fault.code, fault.file, fault.found) == ("field_unknown", PAGE, "chang")
    assert fault.nearest[0] == "change"


def test_a_dimension_that_must_be_mapped(office: Office):
    office.deliver(lines(GOOD), {key: val for key, val in COLUMNS.items() if key != "area"})
    (fault,) = office.read().faults
    assert (fault.code, fault.file, fault.column) == ("field_missing", PAGE, "columns.area")


def test_a_code_mapped_to_nothing_is_not_lost(office: Office):
    columns = COLUMNS | {"area": {"column": "area", "map": {"101": None}}}
    office.deliver(lines(GOOD), columns)
    (fault,) = office.read().faults
    assert (fault.code, fault.column, fault.found, fault.mended_by) == (
        "field_missing", "area", "101", "mapping",
    )  # fmt: skip


# --- the description -------------------------------------------------------------------------

PAGES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "unknown source": (
        {"source": "barometer-measurments"},
        ("unknown_code", "source", "barometer-measurments", "barometer-measurements"),
    ),
    "synthetic among the published": (
        {"synthetic": True},
        ("synthetic_flag", "synthetic", "true", None),
    ),
    "a field too many": ({"licens": "l"}, ("field_unknown", "licens", "l", "licence")),
    "a wrong word": ({"sureness": "hihg"}, ("wrong_value", "sureness", "hihg", "high")),
    "no day": ({"received": "january"}, ("wrong_value", "received", "january", None)),
    "no files": ({"files": []}, ("wrong_value", "files", "[]", None)),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_fault_in_the_description(name: str, office: Office):
    change, (code, column, found, near) = PAGES[name]
    office.deliver(lines(GOOD), page=change)
    faults = [one for one in office.read().faults if one.code != "delivery_file_stray"]
    assert [(one.code, one.file, one.column, one.found) for one in faults] == [
        (code, PAGE, column, found)
    ]
    page = (office.place / "delivery.yml").read_text("utf-8").splitlines()
    assert page[faults[0].line - 1].startswith(column)
    if near is not None:
        assert faults[0].nearest[0] == near


def test_a_delivered_file_that_is_not_there(office: Office):
    office.deliver(lines(GOOD))
    (office.place / "figures.csv").unlink()
    (fault,) = office.read().faults
    assert (fault.code, fault.file, fault.found) == ("delivery_file_missing", PAGE, "figures.csv")
    assert fault.line is not None


def test_a_file_that_was_edited(office: Office):
    office.deliver(lines(GOOD))
    with (office.place / "figures.csv").open("a") as stream:
        stream.write("ungdomsudd_andel,101,2014,78\n")
    (fault,) = office.read().faults
    assert (fault.code, fault.column, fault.mended_by) == (
        "delivery_changed", "figures.csv", "source",
    )  # fmt: skip
    assert fault.found != fault.allowed


def test_a_file_that_nobody_named(office: Office):
    office.deliver(lines(GOOD))
    (office.place / "more.csv").write_text("x\n")
    (fault,) = office.read().faults
    assert (fault.code, fault.found) == ("delivery_file_stray", "more.csv")


def test_a_folder_without_a_description(office: Office):
    office.place.mkdir(parents=True)
    (fault,) = office.read().faults
    assert (fault.code, fault.file) == ("delivery_yml_missing", CODE)


@pytest.mark.parametrize(
    ("page", "code"),
    [("", "delivery_no_files"), ("a: [", "not_yaml"), ("a: 1\na: 2\n", "key_twice")],
)
def test_a_description_that_cannot_be_read(office: Office, page: str, code: str):
    office.place.mkdir(parents=True)
    (office.place / "delivery.yml").write_text(page)
    assert [(one.code, one.file) for one in office.read().faults] == [(code, PAGE)]


def test_no_deliveries_at_all(office: Office, tmp_path: Path):
    found = deliveries.read(tmp_path / "nowhere", office.content)
    assert [one.code for one in found.faults] == ["no_folder"]


def test_targets_name_rows_that_are_delivered(office: Office):
    office.deliver(lines(GOOD))
    lost = [one for one in deliveries.read(office.folder, office.content).faults
            if one.code == "evidence_lost"]  # fmt: skip
    assert len(lost) == len(office.content.entries["target"])
    assert {one.file for one in lost} == {"targets.yml"}


# --- index files -----------------------------------------------------------------------------

INDEX_ROWS = {
    "unknown city": (
        "icc,copenhagn,2012-01,all,8,66",
        ("not_mapped", "city", "copenhagn", "copenhagen"),
    ),
    "unknown edition": (
        "icc,copenhagen,2012-02,all,8,66",
        ("not_mapped", "edition", "2012-02", "2012-01"),
    ),
    "no rank": ("icc,copenhagen,2012-01,all,,66", ("field_missing", "rank", None, None)),
    "half a rank": ("icc,copenhagen,2012-01,all,8.5,66", ("not_a_number", "rank", "8.5", None)),
    "rank nought": ("icc,copenhagen,2012-01,all,0,66", ("out_of_range", "rank", "0", None)),
    "score above all": ("icc,copenhagen,2012-01,all,8,740", ("out_of_range", "score", "740", None)),
    "score in words": ("icc,copenhagen,2012-01,all,8,nan", ("not_a_number", "score", "nan", None)),
}


@pytest.mark.parametrize("name", INDEX_ROWS)
def test_a_fault_in_a_row_of_ranks(name: str, office: Office):
    row, (code, column, found, near) = INDEX_ROWS[name]
    office.deliver(lines(row, header=",".join(RANKS)), RANKS, holds="index_ranks")
    faults = office.read().faults
    assert [(one.code, one.file, one.line, one.column, one.found) for one in faults] == [
        (code, FILE, 2, column, found)
    ]
    if near is not None:
        assert faults[0].nearest[0] == near


def test_a_rank_that_is_delivered_twice(office: Office):
    row = "icc,copenhagen,2012-01,all,8,66"
    office.deliver(lines(row, row, header=",".join(RANKS)), RANKS, holds="index_ranks")
    (fault,) = office.read().faults
    assert (fault.code, fault.line, fault.fields["first"]) == ("duplicate", 3, 2)


# --- the shipped data ------------------------------------------------------------------------


def test_the_shipped_data_has_no_fault():
    assert [say_fault(fault, "en") for fault in check(DATA)] == []
