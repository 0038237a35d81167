"""Files added as deliveries: what is found out is told, what is faulty changes nothing."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner

import barometer_lib
from barometer_lib.api.deliver import COLUMNS, Checked
from barometer_lib.build import check
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, BarometerError, Fault, FaultsFound, NotFound, say
from offices import DATA

OFFICE = "demo/statistics-office"
HEADER = "indicator;area;group;period;value;numerator;denominator;sample_size;status"
ROWS = (
    "demo-employment;CITY;2;2014H2;61,6;14168;23000;;",
    "demo-employment;CITY;1;2014H2;79,0;101120;128000;;",
)
NEW = "\n".join([HEADER, *ROWS]) + "\n"


class House:
    """A data folder of its own, and a desk with files that came in."""

    def __init__(self, place: Path) -> None:
        self.data = place / "data"
        self.desk = place / "desk"
        self.desk.mkdir()
        shutil.copytree(DATA / "catalogue", self.data / "catalogue")
        for day in ("2014-01-20", "2014-07-20"):
            inside = Path("deliveries") / "demo" / "statistics-office" / day
            shutil.copytree(DATA / inside, self.data / inside)
        self.told: list[tuple[str, dict[str, Any]]] = []

    def came(self, name: str, body: str | bytes) -> Path:
        raw = body.encode() if isinstance(body, str) else body
        (self.desk / name).write_bytes(raw)
        return self.desk / name

    def add(self, file: Path, name: str = f"{OFFICE}/2015-01-20", **more: Any) -> Any:
        def tell(code: str, **facts: Any) -> None:
            self.told.append((code, facts))

        return barometer_lib.add(file, name, folder=self.data, tell=tell, **more)

    def everything(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.data).as_posix(): path.read_bytes()
            for path in self.data.rglob("*")
            if path.is_file()
        }

    def run(self, *asked: str) -> Any:
        return CliRunner().invoke(main, [*asked, "--data", str(self.data)])


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def page_of(added: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((added.folder / "delivery.yml").read_text("utf-8"))
    return found


def workbook(house: House, *rows: list[Any], name: str = "new.xlsx", **sheets: Any) -> Path:
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = "Tal"
    for sheet, content in [(first, rows), *((made.create_sheet(n), r) for n, r in sheets.items())]:
        for row in content:
            sheet.append(row)
    made.save(house.desk / name)
    return house.desk / name


SHEET = (
    ["Figures of the demo city"],
    HEADER.split(";"),
    ["demo-employment", "CITY", "2", "2014H2", 61.6, 14168, 23000],
    ["demo-employment", "CITY", "1", "2014H2", 79, 101120, 128000],
    ["Source: the office"],
)


# --- from a file to a checked delivery without an editor -------------------------------------


def test_an_excel_file_becomes_a_delivery_like_the_one_before(house: House):
    added = house.add(workbook(house, *SHEET))
    assert added.folder == house.data / "deliveries" / OFFICE / "2015-01-20"
    assert (added.folder / "new.xlsx").read_bytes() == (house.desk / "new.xlsx").read_bytes()
    page = page_of(added)
    (entry,) = page["files"]
    assert (page["source"], page["received"], page["synthetic"]) == (
        "demo-statistics-office", date(2015, 1, 20), True,
    )  # fmt: skip
    assert (entry["format"], entry["header_row"], entry["last_row"]) == ("xlsx", 2, 4)
    assert entry["columns"]["period"]["map"]["2014H2"] == "2014-S2"
    assert entry["columns"]["area"]["map"]["CITY"] == "demo-city"
    told = dict(house.told)
    assert told["mapping_before"] == {"delivery": "2014-07-20", "columns": 9}
    assert told["periods"] == {"periods": "2014H2 = 2014-S2"}
    assert told["header_row"] == {"row": 2}
    assert told["last_row"]["note"] == "Source: the office"
    assert {one.code for one in added.warnings} == {"coverage_shrunk"}
    assert [
        one for one in check(house.data, f"{OFFICE}/2015-01-20") if one.severity == "error"
    ] == []


def test_a_faulty_file_changes_nothing_at_all(house: House):
    before = house.everything()
    rows = [list(row) for row in SHEET]
    rows[2][1], rows[3][4] = "CITTY", "many"
    with pytest.raises(FaultsFound) as found:
        house.add(workbook(house, *rows))
    errors = [one for one in found.value.faults if one.severity == "error"]
    assert [(one.code, one.sheet, one.line, one.column, one.found) for one in errors] == [
        ("not_mapped", "Tal", 3, "area", "CITTY"),
        ("not_a_number", "Tal", 4, "value", "many"),
    ]
    assert house.everything() == before


def test_a_delivery_is_never_written_over(house: House):
    house.add(house.came("a.csv", NEW))
    before = house.everything()
    with pytest.raises(BarometerError) as told:
        house.add(house.came("b.csv", NEW))
    assert told.value.code == "add_exists"
    assert house.everything() == before


def test_the_sheet_of_the_delivery_before_is_taken_again(house: House):
    house.add(workbook(house, ["nothing"], B=SHEET), written={"sheet": "B"})
    again = [[cell if cell != "2014H2" else "2015H1" for cell in row] for row in SHEET]
    added = house.add(workbook(house, ["nothing"], B=again), f"{OFFICE}/2015-07-20")
    assert page_of(added)["files"][0]["sheet"] == "B"


def test_a_block_of_years_takes_in_the_new_year(house: House):
    columns = {
        "indicator": {"constant": "demo-job-starts"}, "area": {"constant": "demo-city"},
        "group": {"constant": "demo-origin:danish"}, "period": {"column": "when"},
        "value": {"column": "n"},
    }  # fmt: skip
    own = {
        "title": "t", "source": "demo-statistics-office", "address": "a", "licence": "l",
        "received": date(2014, 1, 20), "sureness": "high", "synthetic": True,
    }  # fmt: skip
    first = house.came("wide.csv", "2012-S2;2013-S1\n60;61\n")
    entry = {"file": "wide.csv", "holds": "measurements", "delimiter": ";", "columns": columns}
    entry["sha256"] = "0" * 64
    entry["wide"] = {"label": "when", "values": {"n": ["2012-S2", "2013-S1"]}}
    description = house.came("delivery.yml", yaml.safe_dump({**own, "files": [entry]}))
    with pytest.raises(FaultsFound) as found:
        house.add(first, "demo/wide/2014-01-20", description=description)
    (fault,) = found.value.faults
    entry["sha256"] = fault.found
    description.write_text(yaml.safe_dump({**own, "files": [entry]}))
    house.add(first, "demo/wide/2014-01-20", description=description)
    second = house.came("wide.csv", "2013-S1;2013-S2\n61;62\n")
    added = house.add(second, "demo/wide/2014-07-20")
    assert page_of(added)["files"][0]["wide"]["values"]["n"] == {
        "2013-S1": "2013-S1", "2013-S2": "2013-S2",
    }  # fmt: skip


def test_a_first_delivery_by_the_names_of_its_columns_and_what_is_stated(house: House):
    file = house.came("first.csv", "Tid,INDHOLD,omr\n2014H1,60,BY\n2014H2,70,BY\n")
    added = house.add(
        file, "demo/new-office/2015-01-20", source="demo-statistics-office", title="First",
        constants={"indicator": "demo-job-starts", "area": "demo-city"},
    )  # fmt: skip
    page = page_of(added)
    assert (page["title"], page["licence"]) == ("First", "MIT")
    assert page["files"][0]["columns"]["value"] == {"column": "INDHOLD"}
    assert page["files"][0]["columns"]["period"]["map"] == {
        "2014H1": "2014-S1", "2014H2": "2014-S2",
    }  # fmt: skip


def test_a_first_delivery_needs_a_source(house: House):
    with pytest.raises(BarometerError) as told:
        house.add(house.came("f.csv", NEW), "demo/new-office/2015-01-20")
    assert told.value.code == "add_source"
    with pytest.raises(NotFound):
        house.add(house.came("f.csv", NEW), "demo/new-office/2015-01-20", source="nobody")


# --- what is found out -----------------------------------------------------------------------


WRITTEN: dict[str, tuple[bytes, dict[str, Any], set[str]]] = {
    "semicolons and commas": (
        NEW.encode(), {"delimiter": ";", "decimal": ",", "encoding": "utf-8"},
        {"delimiter", "decimal_comma", "encoding_ascii"},
    ),
    "a byte order mark": (
        b"\xef\xbb\xbf" + NEW.encode(), {"encoding": "utf-8", "decimal": ","}, {"encoding_bom"},
    ),
    "commas and points": (
        NEW.replace(",", ".").replace(";", ",").encode(), {"delimiter": ",", "decimal": "."},
        {"decimal_point"},
    ),
    "tabs": (NEW.replace(";", "\t").encode(), {"delimiter": "\t"}, {"delimiter"}),
    "Windows": (
        f"Tabel for København\n{NEW}".encode("windows-1252"),
        {"encoding": "windows-1252", "header_row": 2}, {"encoding_windows", "header_row"},
    ),
    "UTF-8": (f"Tabel for København\n{NEW}".encode(), {"encoding": "utf-8"}, {"encoding_utf8"}),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_how_a_text_is_written_is_found_out_and_told(name: str, house: House):
    body, expected, told = WRITTEN[name]
    entry = page_of(house.add(house.came("f.csv", body)))["files"][0]
    assert {key: entry[key] for key in expected} == expected
    assert told <= {code for code, _ in house.told}


ASKED: dict[str, tuple[str, bytes, str]] = {
    "both decimal marks": ("f.csv", NEW.replace("79,0", "79.0").encode(), "add_decimal"),
    "thousands or decimals": ("f.csv", b"a;value\nx;1.234\ny;2.345\n", "add_thousands"),
    "no delimiter": ("f.csv", b"indicator\nx\n", "add_delimiter"),
    "two delimiters": ("f.csv", b"a;b,c\n1;2,3\n", "add_delimiter"),
    "nothing": ("f.csv", b"", "add_empty"),
    "an old workbook": ("f.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "add_old_excel"),
    "a picture": ("f.png", b"\x89PNG\r\n\x1a\n\0\0", "add_format"),
    "an archive": ("f.zip", b"PK\x03\x04" + bytes(50), "add_format"),
    "half a Parquet": ("f.parquet", b"PAR1" + bytes(8), "add_format"),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_cannot_be_told_is_asked_for(name: str, house: House):
    file, body, code = ASKED[name]
    before = house.everything()
    with pytest.raises(BarometerError) as told:
        house.add(house.came(file, body), "demo/x/2015-01-20", source="demo-statistics-office")
    assert told.value.code == code
    for lang in ("da", "en"):
        assert say(told.value, lang)
    assert house.everything() == before


def test_what_is_stated_is_not_asked(house: House):
    body = HEADER + "\ndemo-job-starts;CITY;1;2014H2;1.234;;;;\n"
    with pytest.raises(BarometerError):
        house.add(house.came("f.csv", body))
    added = house.add(house.came("f.csv", body), written={"decimal": "."})
    assert page_of(added)["files"][0]["decimal"] == "."


def test_several_sheets_must_be_chosen_from(house: House):
    with pytest.raises(BarometerError) as told:
        house.add(workbook(house, *SHEET, B=[["x"]]))
    assert (told.value.code, told.value.fields["sheets"]) == ("add_sheet", "Tal, B")


@pytest.mark.parametrize("name", ["demo", "../x", "a b", "demo/", "x/2015-13-01", "demo/x/y/z"])
def test_a_name_that_cannot_be(house: House, name: str):
    with pytest.raises(BadInput):
        house.add(house.came("f.csv", NEW), name)


def test_a_file_that_is_not_there(house: House):
    with pytest.raises(BarometerError) as told:
        house.add(house.desk / "no.csv")
    assert told.value.code == "add_no_file"


# --- a descriptor that came along ------------------------------------------------------------


def test_a_data_package_says_how_its_file_is_written(house: House):
    """The descriptor is made by frictionless itself, from a schema with a decimal comma."""
    from frictionless import Dialect, Package, Resource, Schema
    from frictionless.formats import CsvControl

    body = (
        HEADER + "\ndemo-job-starts;CITY;1;2014H2;1.234;;;;\ndemo-job-starts;CITY;2;2014H2;:;;;;\n"
    )
    house.came("f.csv", body.encode("windows-1252"))
    fields: list[dict[str, Any]] = [{"name": one, "type": "string"} for one in HEADER.split(";")]
    fields[4] |= {"type": "number", "decimalChar": ".", "groupChar": ","}
    schema = Schema.from_descriptor({"fields": fields, "missingValues": ["", ":"]})
    resource = Resource(
        name="f", path="f.csv", encoding="cp1252", schema=schema,
        dialect=Dialect(controls=[CsvControl(delimiter=";")]),
    )  # fmt: skip
    package = Package(resources=[resource], licenses=[{"name": "CC-BY-4.0"}], title="Job starts")
    package.to_json(str(house.desk / "datapackage.json"))
    added = house.add(house.desk / "f.csv")
    page = page_of(added)
    entry, along = page["files"]
    assert (page["title"], page["licence"]) == ("Job starts", "CC-BY-4.0")
    assert (entry["delimiter"], entry["encoding"], entry["decimal"]) == (";", "windows-1252", ".")
    assert entry["marks"] == {":": "missing"}
    assert (along["file"], along["holds"]) == ("datapackage.json", "metadata")
    assert (added.folder / "datapackage.json").is_file()
    assert ("descriptor", {"fields": 9}) in house.told


@pytest.mark.parametrize("page", ["{", "[]", '{"resources": 7}', '{"name": "x"}'])
def test_a_descriptor_that_cannot_be_read(house: House, page: str):
    house.came("datapackage.json", page)
    with pytest.raises(BarometerError) as told:
        house.add(house.came("f.csv", NEW))
    assert told.value.code == "add_descriptor"


def test_a_descriptor_of_other_files_is_no_matter(house: House):
    house.came("datapackage.json", json.dumps({"resources": [{"path": "other.csv"}]}))
    assert [one["file"] for one in page_of(house.add(house.came("f.csv", NEW)))["files"]] == [
        "f.csv"
    ]


# --- one delivery, and the report ------------------------------------------------------------


def broken(house: House) -> Path:
    place = house.data / "deliveries" / OFFICE / "2014-07-20"
    text = (place / "figures.csv").read_text("utf-8").replace("demo-employment;CITY;1", "x;CITY;1")
    (place / "figures.csv").write_text(text, "utf-8")
    return place


@pytest.mark.parametrize(
    "asked", [f"{OFFICE}/2014-07-20", OFFICE, f"{{data}}/deliveries/{OFFICE}/2014-07-20"]
)
def test_one_delivery_by_code_by_name_and_by_folder(house: House, asked: str):
    broken(house)
    done = house.run("check", asked.format(data=house.data), "--lang", "en")
    assert done.exit_code == 1
    assert "2014-07-20/figures.csv:2 [indicator]: 'x' has no mapping" in done.stdout
    other = house.run("check", f"{OFFICE}/2014-01-20", "--lang", "en")
    assert (other.exit_code, other.stdout) == (0, "No faults.\n")


def test_a_delivery_that_is_not_there(house: House):
    done = house.run("check", f"{OFFICE}/2014-07-21", "--lang", "en")
    assert done.exit_code == 1
    assert f"Did you mean: {OFFICE}/2014-07-20" in done.stderr
    assert house.run("check", "demo/nobody", "--lang", "en").exit_code == 1


def test_a_report_as_csv_and_as_html(house: House, tmp_path: Path):
    import csv

    broken(house)
    for name in ("r.csv", "r.html"):
        done = house.run("check", OFFICE, "--report", str(tmp_path / name), "--lang", "da")
        assert done.exit_code == 1
    text = (tmp_path / "r.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(rows[0]) == COLUMNS
    (row,) = [one for one in rows if one["rule"] == "not_mapped"]
    assert (row["row"], row["column"], row["value"], row["severity"]) == (
        "2",
        "indicator",
        "x",
        "error",
    )
    assert "analytikeren" in row["remedy"]
    page = (tmp_path / "r.html").read_text("utf-8")
    assert '<html lang="da">' in page
    assert page.count("<tr>") == len(rows) + 1
    assert house.run("check", "--report", str(tmp_path / "r.pdf")).exit_code == 1


def test_a_report_shows_what_was_delivered_as_text(tmp_path: Path):
    fault = Fault("not_a_number", "a/f.csv", line=2, column="value", found="<script>")
    Checked([fault]).report(tmp_path / "r.html", "en")
    assert "<script>" not in (tmp_path / "r.html").read_text("utf-8")


def test_python_asks_the_same(house: House):
    broken(house)
    found = barometer_lib.check(OFFICE, folder=house.data)
    assert not found.good
    assert {one["rule"] for one in found.rows()} >= {"not_mapped", "delivery_changed"}
    assert list(found.frame().columns) == list(COLUMNS)


def test_the_command_tells_and_answers_as_json(house: House):
    file = house.came("f.csv", NEW)
    done = house.run("add", str(file), "--as", f"{OFFICE}/2015-01-20", "--lang", "da")
    assert done.exit_code == 0, done.output
    assert "Decimalkomma, som i 61,6." in done.stdout
    assert "Leverancen ligger i" in done.stdout
    asked = ("add", str(file), "--as", f"{OFFICE}/2015-02-20", "--format", "json")
    answer = json.loads(house.run(*asked).stdout)
    assert answer["delivery"] == f"{OFFICE}/2015-02-20"
    assert {"code": "decimal_comma", "facts": {"found": "61,6"}} in answer["found"]
    assert "mapping_before" in {one["code"] for one in answer["found"]}
    again = house.run(*asked)
    assert (again.exit_code, json.loads(again.stdout)["error"]) == (1, "add_exists")


def test_a_draft_is_kept_where_the_delivery_is_faulty(house: House):
    file = house.came("f.csv", NEW.replace("CITY", "CITTY"))
    draft = house.desk / "draft.yml"
    asked = ("add", str(file), "--as", f"{OFFICE}/2015-01-20", "--lang", "en")
    assert house.run(*asked, "--draft", str(draft)).exit_code == 1
    draft.write_text(
        draft.read_text("utf-8").replace("CITY: demo-city", "CITTY: demo-city"), "utf-8"
    )
    done = house.run(*asked, "--description", str(draft))
    assert done.exit_code == 0, done.output


def test_wrong_use(house: House):
    file = house.came("f.csv", NEW)
    assert house.run("add", str(file)).exit_code == 2
    for option in ("--column", "--constant"):
        assert house.run("add", str(file), "--as", OFFICE, option, "area").exit_code == 2


# --- where a file leaves it open ------------------------------------------------------------------


def test_the_cell_that_leaves_it_open_is_named(house: House):
    body = b"a;value\nx;1,5\ny;2.25\n"
    with pytest.raises(BarometerError) as both:
        house.add(house.came("f.csv", body))
    told = both.value.fields
    assert (told["file"], told["line"], told["column"], told["found"]) == (
        "f.csv", 3, "value", "2.25",
    )  # fmt: skip
    assert (told["other"], told["at"]) == ("1,5", 2)
    with pytest.raises(BarometerError) as thousands:
        house.add(house.came("f.csv", b"a;value\nx;1.234\ny;2.345\n"))
    told = thousands.value.fields
    assert (told["line"], told["column"], told["found"]) == (2, "value", "1.234")
    with pytest.raises(BarometerError) as empty:
        house.add(house.came("f.csv", b"\n \n"))
    assert empty.value.code == "add_empty"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_cannot_be_read_is_reported_too(tmp_path: Path, lang: str):
    file, report = tmp_path / "f.csv", tmp_path / "report.csv"
    file.write_bytes(b"a;value\nx;1.234\ny;2.345\n")
    words = ["add", str(file), "--as", "demo/x/2015-01-20", "--report", str(report), "--lang", lang]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    (row,) = csv.DictReader(report.read_text("utf-8-sig").splitlines())
    assert (row["file"], row["row"], row["column"], row["value"]) == (
        "f.csv", "2", "value", "1.234",
    )  # fmt: skip
    assert "--decimal" in row["message"]
