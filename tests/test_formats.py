"""Every format of a delivery, whole and hostile: the same figures, and each fault at its place."""

from __future__ import annotations

import io
from datetime import date, time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.deliveries.sheet_cells import address, place_of, shown_as, text_of
from barometer_lib.errors import say_fault
from offices import Office, mapped, told

HEADER = ["indicator", "area", "group", "period", "value"]
ROW = ["demo-employment", "demo-city", "demo-origin:danish", "2013-S2", 76.8]
COLUMNS = mapped(**{name: name for name in HEADER})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def book(*rows: list[Any], title: str = "Ark1", **more: Any) -> bytes:
    """A workbook as Excel would save it; `more` are further sheets by name."""
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = title
    for sheet, content in [(first, rows), *((made.create_sheet(n), r) for n, r in more.items())]:
        for row in content:
            sheet.append(row)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    page = io.BytesIO()
    made.save(page)
    return page.getvalue()


def parquet(**columns: Any) -> bytes:
    page = io.BytesIO()
    pq.write_table(pa.table(columns), page)
    return page.getvalue()


def figure(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# --- the same figures in every format --------------------------------------------------------

JSON_STAT = """{"version": "2.0", "class": "dataset", "id": ["geo", "time"], "size": [1, 2],
"dimension": {"geo": {"category": {"index": ["demo-city"]}},
"time": {"category": {"index": ["2013-S1", "2013-S2"]}}}, "value": [76.1, 76.8]}"""
SDMX_1 = """DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE
DK:X(1.0),demo-city,2013-S1,76.1,A,PC
DK:X(1.0),demo-city,2013-S2,76.8,A,PC
"""
SDMX_2 = """STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA: Area,TIME_PERIOD: At,OBS_VALUE,CONF_STATUS: Free
dataflow,DK:X(1.0),I,demo-city: The city,2013-S1,76.1,F: Free
dataflow,DK:X(1.0),I,demo-city: The city,2013-S2,76.8,F: Free
"""
WHOLE = mapped(
    indicator={"constant": "demo-employment"},
    area="geo",
    group={"constant": "demo-origin:danish"},
    period="time",
    value="value",
)
SDMX = {key: one for key, one in WHOLE.items() if key not in ("period", "value")}
SDMX |= mapped(area="REF_AREA")
TEXT = "geo;time;value\ndemo-city;2013-S1;76,1\ndemo-city;2013-S2;76,8\n"
LONG = (
    ["geo", "time", "value"],
    ["demo-city", "2013-S1", 76.1],
    ["demo-city", "2013-S2", 76.8],
)
SAME: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "figures.csv": (TEXT, WHOLE, {"delimiter": ";", "decimal": ","}),
    "utf8bom.csv": (b"\xef\xbb\xbf" + TEXT.encode(), WHOLE, {"delimiter": ";", "decimal": ","}),
    "tab.csv": (TEXT.replace(";", "\t"), WHOLE, {"delimiter": "\t", "decimal": ","}),
    "figures.xlsx": (
        book(*LONG),
        WHOLE,
        {"format": "xlsx", "decimal": ","},
    ),
    "figures.parquet": (
        parquet(geo=["demo-city"] * 2, time=["2013-S1", "2013-S2"], value=[76.1, 76.8]),
        WHOLE,
        {"format": "parquet"},
    ),
    "figures.json": (JSON_STAT, WHOLE, {"format": "json-stat"}),
    "sdmx1.csv": (SDMX_1, SDMX, {"format": "sdmx-csv"}),
    "sdmx2.csv": (SDMX_2, SDMX, {"format": "sdmx-csv"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_every_format_gives_the_same_figures(name: str, office: Office):
    body, columns, spec = SAME[name]
    office.deliver(name, body, columns, **spec)
    assert figure(office.rows(), "area", "period", "value", "decimals", "status", "unit") == [
        ("demo-city", "2013-S1", pytest.approx(0.761), 1, "reported", "percent"),
        ("demo-city", "2013-S2", pytest.approx(0.768), 1, "reported", "percent"),
    ]


# --- how a file is laid out ------------------------------------------------------------------


def test_titles_above_units_below_and_notes_at_the_end_are_declared(office: Office):
    text = (
        "Table 7: employment\n\nindicator;area;group;period;value\n;;;;percent\n"
        "demo-employment;demo-city;demo-origin:danish;2013-S2;76,8\n"
        "Source: the office; preliminary\n"
    )
    layout = {"header_row": 3, "skip_rows": [4], "last_row": 5}
    office.deliver("f.csv", text, COLUMNS, delimiter=";", decimal=",", **layout)
    assert figure(office.rows(), "value", "line") == [(pytest.approx(0.768), 5)]


def test_a_fault_below_a_title_is_told_at_its_own_line(office: Office):
    text = "A title\nindicator;area;group;period;value\ndemo-employment;demo-city;;2013-S2;x\n"
    columns = COLUMNS | mapped(group={"constant": "demo-origin:danish"})
    office.deliver("f.csv", text, columns, delimiter=";", decimal=",", header_row=2)
    assert told(office.faults()) == [("not_a_number", None, 3, "value", "x")]


def test_another_delimiter_than_declared_is_one_fault(office: Office):
    office.deliver("f.csv", TEXT, WHOLE)
    (fault,) = office.faults()
    assert (fault.code, fault.column, fault.found) == ("delimiter_other", "delimiter", ";")
    assert "';'" in say_fault(fault, "da")


WIDE = "group;Antal 2012;Antal 2013;Andel 2012;Andel 2013\n1;100;110;50,0;54,5\n2;20;x;40,0;41,0\n"


def wide_columns() -> dict[str, Any]:
    return mapped(
        indicator={"constant": "demo-employment"},
        area={"constant": "demo-city"},
        group={
            "column": "group",
            "map": {"1": "demo-origin:danish", "2": "demo-origin:immigrants-non-western"},
        },
        period={"column": "year", "map": {"2012": "2012-S1", "2013": "2013-S1"}},
        value="share",
        sample_size="people",
    )


BLOCKS = {
    "label": "year",
    "values": {
        "share": {"Andel 2012": "2012", "Andel 2013": "2013"},
        "people": {"Antal 2012": "2012", "Antal 2013": "2013"},
    },
}


def test_columns_side_by_side_become_rows(office: Office):
    text = WIDE.replace("x", "22")
    office.deliver("f.csv", text, wide_columns(), delimiter=";", decimal=",", wide=BLOCKS)
    assert figure(office.rows(), "line", "period", "value", "sample_size") == [
        (2, "2012-S1", pytest.approx(0.5), 100),
        (2, "2013-S1", pytest.approx(0.545), 110),
        (3, "2012-S1", pytest.approx(0.4), 20),
        (3, "2013-S1", pytest.approx(0.41), 22),
    ]


def test_a_fault_in_a_block_names_the_column_of_the_file(office: Office):
    text = WIDE.replace("41,0", "141,0")
    office.deliver("f.csv", text, wide_columns(), delimiter=";", decimal=",", wide=BLOCKS)
    assert told(office.faults()) == [
        ("not_a_number", None, 3, "Antal 2013", "x"),
        ("out_of_range", None, 3, "Andel 2013", "141.0"),
    ]


def test_a_block_of_years_needs_no_labels(office: Office):
    columns = wide_columns() | mapped(period="year", value="share")
    del columns["sample_size"]
    columns["group"] = {"constant": "demo-origin:danish"}
    wide = {"label": "year", "values": {"share": ["2012-S1", "2012-S2"]}}
    office.deliver("f.csv", "2012-S1,2012-S2\n50.0,51.0\n", columns, wide=wide)
    assert figure(office.rows(), "period", "value") == [("2012-S1", 0.5), ("2012-S2", 0.51)]


@pytest.mark.parametrize(
    ("wide", "found"),
    [
        ({"label": "year", "values": {"share": ["2012", "2014"]}}, ("column_missing", "2014")),
        ({"label": "group", "values": {"share": ["2012", "2013"]}}, ("column_twice", "group")),
    ],
)
def test_a_block_that_does_not_fit_the_file(office: Office, wide, found):
    office.deliver("f.csv", "group,2012,2013\n1,2,3\n", wide_columns(), wide=wide)
    assert [(one.code, one.found) for one in office.faults()] == [found]


@pytest.mark.parametrize(
    "wide",
    [
        {"label": "year", "values": {}},
        {"label": "year", "values": {"share": []}},
        {"label": "year", "values": {"share": {"a": "1", "b": "1"}}},
        {"label": "year", "values": {"share": {"a": "1"}, "people": {"b": "2"}}},
        {"label": "share", "values": {"share": {"a": "1"}}},
    ],
)
def test_a_block_that_cannot_be(office: Office, wide):
    office.deliver("f.csv", "a,b\n1,2\n", wide_columns(), wide=wide)
    assert {one.code for one in office.faults()} == {"wrong_value", "delivery_file_stray"} & {
        one.code for one in office.faults()
    }
    assert "wrong_value" in {one.code for one in office.faults()}


def test_subtotals_are_left_out_where_declared(office: Office):
    text = "origin,value\n24,10\n25,20\n21,30\n"
    columns = mapped(
        indicator={"constant": "demo-job-starts"},
        area={"constant": "demo-city"},
        group={
            "column": "origin",
            "map": {"24": "demo-origin:western", "25": "demo-origin:immigrants-non-western"},
        },
        period={"constant": "2013-S1"},
        value="value",
    )
    office.deliver("f.csv", text, columns, leave_out={"origin": [21]})
    assert figure(office.rows(), "line", "value") == [(2, 10.0), (3, 20.0)]


# --- marks -----------------------------------------------------------------------------------


def counted(**more: Any) -> dict[str, Any]:
    return mapped(
        indicator={"constant": "demo-job-starts"},
        area={"constant": "demo-city"},
        group={"constant": "demo-origin:danish"},
        period="period",
        value="value",
    ) | mapped(**more)


MARKED = "period,value\n2012-S1,..\n2012-S2,-\n2013-S1,0\n2013-S2,0.0\n2014-S1,7\n"


def test_a_mark_is_a_status_and_never_nought(office: Office):
    office.deliver("f.csv", MARKED, counted(), marks={"..": "suppressed", "-": "missing"})
    assert figure(office.rows(), "value", "status") == [
        (None, "suppressed"), (None, "missing"), (0.0, "reported"), (0.0, "reported"),
        (7.0, "reported"),
    ]  # fmt: skip


def test_nought_is_withheld_where_the_producer_says_so(office: Office):
    marks = {"..": "suppressed", "-": "missing", 0: "suppressed"}
    office.deliver("f.csv", MARKED, counted(), marks=marks)
    assert figure(office.rows(), "value", "status") == [
        (None, "suppressed"), (None, "missing"), (None, "suppressed"), (None, "suppressed"),
        (7.0, "reported"),
    ]  # fmt: skip


def test_a_mark_that_is_not_declared_is_a_fault(office: Office):
    office.deliver("f.csv", MARKED, counted(), marks={"..": "suppressed"})
    assert told(office.faults()) == [("not_a_number", None, 3, "value", "-")]


# --- periods ---------------------------------------------------------------------------------

PERIODS = {
    "2008K1": "2008-Q1", "2008Q4": "2008-Q4", "2008M07": "2008-07", "2008H2": "2008-S2",
    "2009-Q1": "2009-Q1", "2009-M07": "2009-07", "2009-A1": "2009", "2009-S1": "2009-S1",
    "2008": "2008", "2008/2009": "2008/2009", "2008-W2": "2008-W2",
}  # fmt: skip


def test_periods_as_offices_spell_them_where_declared(office: Office):
    text = "period,value\n" + "".join(f"{one},7\n" for one in PERIODS)
    spelled = counted(period={"column": "period", "spelled": "office"})
    office.deliver("f.csv", text, spelled)
    found = [code for (code,) in figure(office.rows(), "period")]
    assert found == list(PERIODS.values())


def test_an_office_spelling_that_is_not_declared_is_a_fault(office: Office):
    office.deliver("f.csv", "period,value\n2008K1,7\n", counted())
    assert told(office.faults()) == [("not_a_period", None, 2, "period", "2008K1")]


# --- Excel -----------------------------------------------------------------------------------


def test_a_sheet_is_read_from_where_it_says(office: Office):
    second = [["Figures of the demo city"], [], HEADER, ROW, [], ["Source: the office"]]
    body = book(["nothing here"], Tal=second)
    office.deliver(
        "f.xlsx", body, COLUMNS, format="xlsx", sheet="Tal", header_row=3, last_row=5
    )  # fmt: skip
    (row,) = office.rows()
    assert (row["file"], row["line"], row["value"]) == ("f.xlsx#Tal", 4, pytest.approx(0.768))


def test_several_sheets_of_one_workbook(office: Office):
    body = book(HEADER, ROW, B=[HEADER, [*ROW[:3], "2013-S1", "x"]])
    office.deliver("f.xlsx", body, COLUMNS, format="xlsx", sheet="Ark1", sheets=[{"sheet": "B"}])
    found = office.read()
    assert told(found.faults) == [("not_a_number", "B", 2, "value", "x")]
    assert "f.xlsx (B):2 [value]" in say_fault(found.faults[0], "en")
    assert [row["file"] for one in found.measurements for row in one.to_pylist()] == [
        "f.xlsx#Ark1", "f.xlsx#B",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "found"),
    [(None, ("sheet_choice", "Ark1, B", ())), ("b", ("sheet_missing", "b", ("B",)))],
)
def test_a_sheet_must_be_named(office: Office, sheet, found):
    spec = {} if sheet is None else {"sheet": sheet}
    office.deliver("f.xlsx", book(HEADER, ROW, B=[HEADER]), COLUMNS, format="xlsx", **spec)
    assert [(one.code, one.found, one.nearest) for one in office.faults()] == [found]


def test_merged_header_cells_are_refused_by_name(office: Office):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["A title over all"], HEADER, ROW):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("D2:E2")
    office.deliver("f.xlsx", saved(made), COLUMNS, format="xlsx", header_row=2)
    (fault,) = office.faults()
    assert (fault.code, fault.sheet, fault.line, fault.found) == (
        "merged_header",
        "Sheet",
        2,
        "D2:E2",
    )
    for lang in ("da", "en"):
        assert "D2:E2" in say_fault(fault, lang)


def test_a_header_of_two_merged_rows_and_merged_figures_are_refused(office: Office):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (HEADER, HEADER, ROW, ROW):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("E3:E4")
    office.deliver("f.xlsx", saved(made), COLUMNS, format="xlsx", header_row=2)
    assert [(one.code, one.found) for one in office.faults()] == [
        ("merged_header", "A1:A2"), ("merged_cells", "E3:E4"),
    ]  # fmt: skip


def test_cells_are_read_as_they_are_shown(office: Office):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(HEADER)
    shown = [
        (date(2013, 7, 1), "yyyy-mm", 0.768, "0.0%"),
        (date(2013, 8, 1), "yyyy-mm", 76.8412, "0.00"),
        (date(2014, 1, 1), "yyyy", 76.8412, "General"),
        (date(2014, 3, 5), "yyyy-mm-dd", 77, "#,##0.0"),
    ]
    for at, (day, day_form, value, form) in enumerate(shown, start=2):
        sheet.append([*ROW[:3], day, value])
        sheet.cell(at, 4).number_format = day_form
        sheet.cell(at, 5).number_format = form
    sheet.append([*ROW[:3], 2015, "76,9"])
    office.deliver("f.xlsx", saved(made), COLUMNS, format="xlsx", decimal=",")
    assert figure(office.rows(), "period", "value", "decimals") == [
        ("2013-07", pytest.approx(0.768), 1),
        ("2013-08", pytest.approx(0.7684), 2),
        ("2014", pytest.approx(0.768412), 4),
        ("2014-03-05", pytest.approx(0.77), 1),
        ("2015", pytest.approx(0.769), 1),
    ]


def hostile(value: Any, form: str | None = None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(HEADER)
    sheet.append(ROW)
    sheet.append([*ROW[:3], "2014-S1", value])
    if value == "#N/A":
        sheet["E3"].data_type = "e"
    if form is not None:
        sheet["E3"].number_format = form
    return saved(made)


@pytest.mark.parametrize(
    ("value", "form", "code", "found"),
    [
        ("=1/0", None, "formula_blank", None),
        ("#N/A", None, "cell_error", "#N/A"),
        (date(2024, 2, 1), "yyyy-mm-dd", "not_a_number", "2024-02-01"),
        (time(1, 30), "h:mm", "not_a_number", "01:30:00"),
        (True, None, "not_a_number", "true"),
        ("76.8 %", None, "not_a_number", "76.8 %"),
        ("NaN", None, "not_a_number", "NaN"),
        ("76,8", None, "decimal_comma", "76,8"),
        (1e300, None, "out_of_range", None),
        (None, None, "value_missing", None),
    ],
)
def test_a_cell_that_is_no_figure(office: Office, value, form, code, found):
    office.deliver("f.xlsx", hostile(value, form), COLUMNS, format="xlsx")
    faults = office.faults()
    assert faults[0].code == code
    assert (faults[0].sheet, faults[0].line, faults[0].column) == ("Sheet", 3, "value")
    if found is not None:
        assert faults[0].found == found


def test_a_number_too_large_for_a_computer(office: Office):
    body = hostile(12345)
    page = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(page, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<v>12345</v>", b"<v>1e400</v>"))
    office.deliver("f.xlsx", page.getvalue(), COLUMNS, format="xlsx")
    assert [(one.code, one.line) for one in office.faults()] == [("not_a_number", 3)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (book(), "delivery_empty"),
        (book(HEADER), "delivery_empty"),
        (book([None], ["x"]), "delivery_empty"),
        (b"", "xlsx_form"),
        (b"indicator;area\n", "xlsx_form"),
        (book(HEADER, ROW)[:900], "xlsx_form"),
        (book([*HEADER, "value"], [*ROW, 1]), "column_twice"),
    ],
)
def test_a_workbook_that_cannot_be_read(office: Office, body, code):
    office.deliver("f.xlsx", body, COLUMNS, format="xlsx")
    assert {one.code for one in office.faults()} == {code}


def test_cells_outside_the_header_do_no_harm_and_blank_rows_are_no_rows(office: Office):
    office.deliver(
        "f.xlsx", book(HEADER, ROW, [], [None, None, None, None, None, "note"]),
        COLUMNS | mapped(status={"column": "#6", "map": {"": "reported"}}), format="xlsx",
    )  # fmt: skip
    assert told(office.faults())[0][:3] == ("field_missing", "Ark1", 4)


@given(st.integers(0, 20_000), st.integers(0, 16_000))
def test_the_name_of_a_cell_leads_back_to_it(row: int, column: int):
    assert place_of(address(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("0.0%", 0.6125, "61.3"), ("0%", 0.005, "1"), ("0.00", -0.001, "0.00"),
        ("#,##0.0", 1234.56, "1234.6"), ("0,", 12345.0, "12"), ('0.0" pct."', 12.34, "12.3"),
        ("General", 0.1 + 0.2, "0.3"), ("0.00E+00", 12.5, "12.5"), ("@", 5.0, "5"),
        ("# ?/?", 0.5, "0.5"), ("0.0;-0.0", 2.25, "2.3"), ("[Red]0.0", 1.25, "1.3"),
    ],
)  # fmt: skip
def test_number_formats(form, value, text):
    assert text_of(value, shown_as(form), ".") == text


# --- Parquet ---------------------------------------------------------------------------------


def test_types_of_parquet_columns(office: Office):
    body = parquet(
        period=pa.array([2012, 2013, 2014]),
        value=pa.array([1e-5, 2.5, 1e6]),
        note=pa.array([date(2012, 1, 1), None, None]),
    )
    office.deliver("f.parquet", body, counted(), format="parquet")
    found = figure(office.rows(), "line", "period", "value")
    assert found == [(1, "2012", 1e-5), (2, "2013", 2.5), (3, "2014", 1e6)]


def test_not_a_number_in_a_parquet_column(office: Office):
    body = parquet(period=[2012, 2013, 2014], value=[float("nan"), float("inf"), None])
    office.deliver("f.parquet", body, counted(), format="parquet")
    assert told(office.faults()) == [
        ("not_a_number", None, 1, "value", "nan"),
        ("not_a_number", None, 2, "value", "inf"),
        ("value_missing", None, 3, "value", None),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PAR1 and no more", "parquet_form"),
        (b"", "parquet_form"),
        (parquet(period=[[2012]], value=[1.0]), "parquet_nested"),
        (parquet(period=pa.array([], pa.int64()), value=[None][:0]), "delivery_empty"),
        (parquet(period=[2012], value=[1.0], Value=[2.0]), "column_twice"),
    ],
)  # fmt: skip
def test_a_parquet_file_that_cannot_be_read(office: Office, body, code):
    office.deliver("f.parquet", body, counted(), format="parquet")
    assert {one.code for one in office.faults()} == {code}


# --- SDMX-CSV --------------------------------------------------------------------------------


def sdmx(*rows: str, extra: str = "") -> str:
    head = f"DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS{extra}\n"
    return head + "".join(f"DK:X(1.0),demo-city,{row}\n" for row in rows)


def test_flags_of_sdmx_say_why_there_is_no_figure(office: Office):
    text = sdmx("2008,76.1,A,F", "2009,,A,C", "2010,NaN,M,F", "2011,,,", "2012,77,E,", "2013,,Q,F")
    office.deliver("f.csv", text, SDMX, format="sdmx-csv")
    assert figure(office.rows(), "period", "value", "status") == [
        ("2008", pytest.approx(0.761), "reported"),
        ("2009", None, "suppressed"),
        ("2010", None, "missing"),
        ("2011", None, "missing"),
        ("2012", pytest.approx(0.77), "reported"),
        ("2013", None, "suppressed"),
    ]


def test_a_confidential_figure_is_refused(office: Office):
    office.deliver("f.csv", sdmx("2008,3,A,C"), SDMX, format="sdmx-csv")
    assert told(office.faults()) == [("value_and_status", None, 2, "OBS_VALUE", "suppressed")]


def test_flags_of_eurostat(office: Office):
    text = (
        "DATAFLOW,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nX,demo-city,2008,,bc\nX,demo-city,2009,7,b\n"
    )
    office.deliver("f.csv", text, SDMX | mapped(area="geo"), format="sdmx-csv")
    assert figure(office.rows(), "status") == [("suppressed",), ("reported",)]


def test_figures_in_thousands(office: Office):
    columns = SDMX | mapped(indicator={"constant": "demo-job-starts"})
    text = sdmx("2008,1.25,A,F,3", "2009,2,A,F,0", "2010,3.5,A,F,", extra=",UNIT_MULT")
    office.deliver("f.csv", text, columns, format="sdmx-csv")
    assert figure(office.rows(), "value") == [(1250.0,), (2.0,), (3.5,)]


def test_rows_that_delete_are_no_figures(office: Office):
    text = SDMX_2.replace(",I,demo-city: The city,2013-S1", ",D,demo-city: The city,2013-S1")
    office.deliver("f.csv", text, SDMX, format="sdmx-csv")
    assert told(office.faults()) == [("sdmx_delete", None, 2, "ACTION", "D")]


@pytest.mark.parametrize(
    "text",
    ["A,TIME_PERIOD,OBS_VALUE\nx,2008,1\n", "DATAFLOW,TIME,OBS_VALUE\nx,2008,1\n"],
)  # fmt: skip
def test_a_file_that_is_not_sdmx(office: Office, text: str):
    office.deliver("f.csv", text, SDMX, format="sdmx-csv")
    assert [one.code for one in office.faults()] == ["sdmx_form"]


# --- whatever is written, it is read or told -------------------------------------------------

CELL = st.one_of(
    st.none(), st.floats(), st.integers(-(10**20), 10**20), st.booleans(),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8),
)  # fmt: skip


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_any_sheet_is_read_or_told_and_never_a_traceback(tmp_path_factory, cells):
    from barometer_lib.deliveries.description import DeliveredFile
    from barometer_lib.deliveries.reading import load_raw

    path = tmp_path_factory.mktemp("book") / "f.xlsx"
    rows = [[one if one != float("inf") else 0 for one in row] for row in cells]
    rows = [[None if one != one or one == float("-inf") else one for one in row] for row in rows]
    rows = [[f"'{one}" if isinstance(one, str) and one.startswith("=") else one for one in row]
            for row in rows]  # fmt: skip
    path.write_bytes(book(["a", "b"], *rows))
    spec = DeliveredFile(file="f.xlsx", holds="measurements", format="xlsx", sha256="0" * 64)
    with duckdb.connect() as con:
        raw = load_raw(con, path, spec, "f.xlsx")
        assert raw.columns == ("a", "b") or raw.faults
        filled = [row for row in rows if any(one is not None and str(one).strip() for one in row)]
        if raw.columns:
            assert raw.rows == len(filled)
