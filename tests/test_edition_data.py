"""Open data of a round: validated by their own validators, held to the store, stopped by a leak."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

import barometer_lib
from barometer_lib import store as stores
from barometer_lib.cli import main
from barometer_lib.edition import audit, described, publish, publishing
from barometer_lib.edition.opendata import open_data
from barometer_lib.errors import BadInput, BarometerError, FaultsFound, NotFound
from shared_store import REPOSITORY

DATA = REPOSITORY / "data"
ROUND, EARLIER = "demo-2014-07", "demo-2011-01"
NO_DATA = REPOSITORY / "no-deliveries"
HIDDEN = ("demo-young-charged", "demo-03")
BASE = "https://example.org/barometer"


@pytest.fixture(scope="module")
def demo(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city's newest round and an early one of the same policies, published."""
    out = tmp_path_factory.mktemp("edition") / "demo"
    publish(EARLIER, out, dataset="demo", store=built, folder=NO_DATA, pages=False)
    publish(
        ROUND,
        out,
        "demo-safe-city",
        dataset="demo",
        store=built,
        folder=DATA,
        base_url=BASE,
        pages=False,
    )
    return out


@pytest.fixture(scope="module")
def real(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("edition") / "real"
    publish("2013-01", out, store=built, folder=DATA, pages=False)
    return out


@pytest.fixture
def own(demo: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(demo, tmp_path / "own"))


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))


def files_of(out: Path) -> dict[str, tuple[bytes, int]]:
    return {
        file.relative_to(out).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }


def folders(*outs: Path) -> Iterator[Path]:
    for out in outs:
        yield from sorted(out.glob("*/data"))


# Held to the validators of each form


def test_the_data_package_is_valid(demo, real):
    from frictionless import validate

    for folder in folders(demo, real):
        report = validate(str(folder / "datapackage.json"))
        found = [one.message for task in report.tasks for one in task.errors] + report.errors
        assert (report.valid, found) == (True, [])


def test_the_catalogue_has_what_dcat_ap_dk_demands(demo, real):
    """Mandatory by digst/DCAT-AP-DK 2.0; every distribution is a file that is there."""
    from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph

    demanded = {
        DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
        DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.distribution),
        DCAT.Distribution: (DCAT.accessURL, DCTERMS["format"], DCTERMS.rights),
        FOAF.Agent: (FOAF.name,),
    }
    for folder in folders(demo, real):
        graph = Graph().parse(folder / "catalogue.ttl")
        for kind, properties in demanded.items():
            nodes = set(graph.subjects(RDF.type, kind))
            assert nodes
            assert [(n, p) for n in nodes for p in properties if (n, p, None) not in graph] == []
        [dataset] = graph.subjects(RDF.type, DCAT.Dataset)
        assert {title.language for title in graph.objects(dataset, DCTERMS.title)} == {"da", "en"}
        addresses = {str(one) for one in graph.objects(None, DCAT.accessURL)}
        names = {one.rsplit("/data/", 1)[-1] for one in addresses}
        assert len(names) == len(set(graph.subjects(RDF.type, DCAT.Distribution)))
        assert [one for one in names if not (folder / one).is_file()] == []
        based = folder.parent.name == ROUND
        assert all(one.startswith(f"{BASE}/{ROUND}/data/") for one in addresses) is based


def test_every_column_is_described_and_sums_are_right(demo):
    folder = demo / ROUND / "data"
    web = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
    assert web["@context"][0] == "http://www.w3.org/ns/csvw"
    for table in web["tables"]:
        head = list(rows_of(folder / table["url"])[0])
        assert [one["name"] for one in table["tableSchema"]["columns"]] == head
        assert all(one["dc:description"].strip() for one in table["tableSchema"]["columns"])
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in sums} | {"SHA256SUMS"} == {
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    }
    for mark, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == mark, name


def test_every_form_of_a_table_says_the_same(demo):
    folder = demo / ROUND / "data"
    book = CalamineWorkbook.from_path(str(folder / described.WORKBOOK))
    for file in sorted(folder.glob("*.csv")):
        plain = rows_of(file)
        columns = pq.read_table(folder / f"{file.stem}.parquet")
        head, *cells = book.get_sheet_by_name(file.stem).to_python()
        assert list(plain[0]) == columns.column_names == head
        assert len(plain) == columns.num_rows == len(cells)
        for name in set(columns.column_names) & {"value", "score", "change"}:
            told = [float(row[name]) if row[name] else None for row in plain]
            assert told == columns[name].to_pylist()
            sheet = [row[head.index(name)] for row in cells]
            assert told == [None if one == "" else one for one in sheet]


def test_codes_have_words_in_both_languages(demo):
    for row in rows_of(demo / ROUND / "data" / "measurements.csv"):
        assert row["indicator_da"] != row["indicator"] != row["indicator_en"]
        assert row["area_da"]
        assert row["source_en"]


# Synthetic is marked


def test_synthetic_is_marked_in_every_file(demo, real):
    for folder, marked in [(demo / ROUND / "data", True), (real / "2013-01" / "data", False)]:
        said = "true" if marked else "false"
        for file in folder.rglob("*.csv"):
            assert {row["synthetic"] for row in rows_of(file)} == {said}
        for file in folder.rglob("*.parquet"):
            table = pq.read_table(file)
            assert table.schema.metadata[b"synthetic"] == said.encode()
            assert set(table["synthetic"].to_pylist()) == {marked}
        for file in (folder / "indicators").glob("*.json"):
            assert json.loads(file.read_text("utf-8"))["synthetic"] is marked
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        assert package["synthetic"] is marked
        sheets = CalamineWorkbook.from_path(str(folder / described.WORKBOOK))
        first = str(sheets.get_sheet_by_name("readme").to_python())
        for name in ("README.md", "catalogue.ttl"):
            words = (folder / name).read_text("utf-8")
            assert ("Every figure in this file is synthetic" in words) is marked
        assert ("syntetiske" in first) is marked
        assert ("syntetiske" in (folder / "LAESMIG.md").read_text("utf-8")) is marked


# The figures of the day


def test_figures_are_those_known_on_the_rounds_day(built, demo):
    """Against the vintages themselves: what was revised later stands as it was."""
    with stores.session(built, "demo") as look:
        vintages = look.rows("select * from measurement_vintage where indicator = 'demo-welfare'")
    day = date(2011, 1, 31)
    expected = {
        (row["area"], row["population_group"], row["period"]): row["value"] * 100
        for row in vintages
        if row["known_from"] <= day and (row["known_until"] is None or row["known_until"] > day)
    }
    later = {
        (row["area"], row["population_group"], row["period"]): row["value"] * 100
        for row in vintages
        if row["known_until"] is None
    }
    shown = {
        (row["area"], row["group"], row["period"]): float(row["value"])
        for row in rows_of(demo / EARLIER / "data" / "indicators" / "demo-welfare.csv")
    }
    assert shown == pytest.approx(expected)
    assert any(abs(value - later[key]) > 0.01 for key, value in shown.items())


def test_one_policy_leaves_the_others_out(demo):
    folder = demo / ROUND / "data"
    assert {row["policy"] for row in rows_of(folder / "goals.csv")} == {"demo-safe-city"}
    said = {row["indicator"] for row in rows_of(folder / "measurements.csv")}
    assert said == {row["indicator"] for row in rows_of(folder / "indicators.csv")}
    assert said == {file.stem for file in (folder / "indicators").glob("*.csv")}


def test_published_status_stays_as_published(real):
    goals = {row["goal"]: row for row in rows_of(real / "2013-01" / "data" / "goals.csv")}
    assert goals["2011-2014-g1"]["status_published"] == "setback"
    assert goals["2011-2014-g1"]["status_published_da"] == "tilbagegang"


# Nothing hidden leaves


def test_hidden_figures_have_no_number(demo):
    rows = [
        row
        for row in rows_of(demo / ROUND / "data" / "measurements.csv")
        if row["status"] == "suppressed"
    ]
    told = rows_of(demo / ROUND / "data" / "hidden.csv") if rows else []
    assert len(rows) == len(told)
    assert {row["value"] + row["numerator"] + row["low"] for row in rows} <= {""}


def leak(files: dict[str, bytes], name: str, number: float) -> None:
    """A number put where a hidden figure stands."""
    table = pq.read_table(io.BytesIO(files["measurements.parquet"]))
    hidden = [row["status"] == "suppressed" for row in table.to_pylist()]
    assert any(hidden)
    values = [
        number if gone else value
        for gone, value in zip(hidden, table["value"].to_pylist(), strict=True)
    ]
    at = table.column_names.index("value")
    spoilt = table.set_column(at, "value", pa.array(values, pa.float64()))
    from barometer_lib.edition import written

    files[name] = {
        "measurements.csv": lambda: written.as_csv(spoilt),
        "measurements.parquet": lambda: written.as_parquet(spoilt, {}),
        described.WORKBOOK: lambda: written.as_workbook([], {"measurements": spoilt}, "x"),
    }[name]()


@pytest.mark.parametrize("name", ["measurements.csv", "measurements.parquet", described.WORKBOOK])
def test_a_leak_in_any_file_stops_publishing(name, built, own, monkeypatch):
    def spoilt(one, terms):
        files = open_data(one, terms)
        leak(files, name, 7.0)
        return files

    monkeypatch.setattr(publishing, "open_data", spoilt)
    before = files_of(own)
    with pytest.raises(FaultsFound) as found:
        publish("demo-2013-01", own, dataset="demo", store=built, folder=NO_DATA, pages=False)
    assert {one.code for one in found.value.faults} == {"edition_leak"}
    assert all(one.file.endswith(name) for one in found.value.faults)
    assert any(
        HIDDEN[0] in (one.found or "") and HIDDEN[1] in one.found for one in found.value.faults
    )
    assert files_of(own) == before


def test_a_leak_in_an_earlier_rounds_files_stops_the_next(built, own):
    file = own / EARLIER / "data" / "indicators" / "demo-welfare.csv"
    lines = file.read_bytes().split(b"\r\n")
    head, row = lines[0].split(b","), next(csv.reader([lines[1].decode()]))
    row[head.index(b"value")] = str(float(row[head.index(b"value")]) + 1)
    page = io.StringIO()
    csv.writer(page).writerow(row)
    file.write_bytes(b"\r\n".join([lines[0], page.getvalue().strip().encode(), *lines[2:]]))
    with pytest.raises(FaultsFound) as found:
        publish(
            ROUND, own, "demo-safe-city", dataset="demo", store=built, folder=NO_DATA, pages=False
        )
    [fault] = found.value.faults
    assert (fault.code, fault.line) == ("edition_leak", 2)
    assert fault.file == f"{EARLIER}/data/indicators/demo-welfare.csv"


def test_what_the_files_tell_is_held_against_the_deliveries(built):
    """As the build's attacker: a figure that is hidden today and shown is told; others are not."""
    with stores.session(built, "demo") as look:
        rows = look.rows(
            """select *, population_group as "group" from measurement_vintage
            where indicator = 'demo-young-charged' and known_from = date '2013-01-20'"""
        )
    hidden = [row for row in rows if row["status"] == "suppressed"]
    others = [row for row in rows if row["status"] == "reported"]
    planted = {**hidden[0], "value": 12.0, "status": "reported"}
    [fault] = publishing.told_by([*others, planted], DATA, "demo", "edition")
    assert (fault.code, fault.fields["release"]) == ("disclosure_released", "edition")
    assert hidden[0]["area"] in fault.found


def test_a_file_of_an_unknown_kind_is_a_door(built, own, monkeypatch):
    monkeypatch.setattr(
        publishing, "open_data", lambda one, terms: {**open_data(one, terms), "more.dbf": b"x"}
    )
    with pytest.raises(FaultsFound) as found:
        publish(EARLIER, own, dataset="demo", store=built, folder=NO_DATA, pages=False)
    assert [(one.code, one.file) for one in found.value.faults] == [
        ("edition_door", f"{EARLIER}/data/more.dbf")
    ]


def test_every_reader_reads_what_is_written(demo):
    """Each file of figures gives rows to the audit: none is passed over in silence."""
    folder = demo / ROUND / "data"
    for name in ("measurements.csv", "measurements.parquet", described.WORKBOOK):
        assert len(list(audit.figures_in(name, (folder / name).read_bytes()))) > 100
    for file in (folder / "indicators").iterdir():
        assert list(audit.figures_in(file.name, file.read_bytes()))


# The folder


def test_two_runs_give_the_same_bytes_and_keep_the_time(built, demo, own, tmp_path):
    before = files_of(own)
    again = publish(
        ROUND,
        own,
        "demo-safe-city",
        dataset="demo",
        store=built,
        folder=NO_DATA,
        base_url=BASE,
        pages=False,
    )
    assert (again.written, again.removed) == (0, 0)
    assert files_of(own) == before
    fresh = tmp_path / "fresh"
    publish(EARLIER, fresh, dataset="demo", store=built, folder=NO_DATA, pages=False)
    assert {name: one[0] for name, one in files_of(fresh / EARLIER).items()} == {
        name: one[0] for name, one in files_of(demo / EARLIER).items()
    }


def test_what_is_gone_goes_and_the_rest_keeps_its_time(built, own):
    said = json.loads((own / "edition.json").read_text("utf-8"))
    old = own / EARLIER / "data" / "old" / "gone.csv"
    old.parent.mkdir()
    old.write_text("synthetic\r\n")
    said["files"][EARLIER].append(old.relative_to(own).as_posix())
    (own / "edition.json").write_text(json.dumps(said), "utf-8")
    changed = own / EARLIER / "data" / "README.md"
    changed.write_text("spoilt", "utf-8")
    kept = own / EARLIER / "data" / "areas.csv"
    time = kept.stat().st_mtime_ns
    done = publish(EARLIER, own, dataset="demo", store=built, folder=NO_DATA, pages=False)
    assert (done.written, done.removed) == (1, 1)
    assert not old.parent.exists()
    assert kept.stat().st_mtime_ns == time
    assert changed.read_text("utf-8").startswith("# ")


def test_no_trace_of_the_audit_is_left(demo):
    assert [path.name for path in demo.parent.iterdir() if path.name != "demo"] == []


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"round": "demo-2014-70", "dataset": "demo"}, NotFound, "not_found"),
        ({"round": "demo-2009-01", "dataset": "demo"}, BarometerError, "round_missed"),
        ({"round": "2013-01", "policy": "sikker-by"}, BarometerError, "round_not_of_policy"),
        ({"round": "2013-01", "base_url": "barometer"}, BadInput, "edition_base_url"),
    ],
)
def test_what_cannot_be_published_says_so(given, error, code, built, tmp_path):
    with pytest.raises(error) as found:
        publish(out=tmp_path / "out", store=built, folder=NO_DATA, pages=False, **given)
    assert found.value.code == code
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_left_alone(built, own, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("mine")
    with pytest.raises(BarometerError) as found:
        publish("2013-01", tmp_path / "letters", store=built, folder=NO_DATA, pages=False)
    assert found.value.code == "edition_folder"
    with pytest.raises(BarometerError) as found:
        publish("2013-01", own, store=built, folder=NO_DATA, pages=False)
    assert found.value.code == "edition_dataset"


def test_the_command_and_the_function_are_one(built, tmp_path):
    asked = ["publish", "--round", "2008-11", "--out", str(tmp_path / "out")]
    asked += ["--store", str(built), "--data", str(tmp_path / "none"), "--format", "json"]
    asked += ["--no-pages"]
    done = CliRunner().invoke(main, asked)
    told = json.loads(done.stdout)
    assert (told["round"], told["deliveries"], told["synthetic"]) == ("2008-11", False, False)
    assert told["written"] == len(files_of(tmp_path / "out" / "2008-11"))
    assert barometer_lib.publish is publish
    wrong = CliRunner().invoke(main, ["publish", "--round", "2008-12", *asked[3:]])
    assert wrong.exit_code == 1
    assert "2008-11" in wrong.stderr
