"""Fetching from statistics offices, against a local server that answers as they do."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import shutil
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import yaml

from barometer_lib.catalogue.entries import Group
from barometer_lib.catalogue.reading import read as read_catalogue
from barometer_lib.deliveries import connectors, read
from barometer_lib.deliveries.connectors import (
    Client,
    Wanted,
    addresses,
    fetch_eurostat,
    fetch_statbank,
    selection,
    times,
)
from barometer_lib.deliveries.connectors.recipe import subtotals
from barometer_lib.deliveries.connectors.selection import Variable
from barometer_lib.deliveries.description import describe
from barometer_lib.errors import BadInput, BarometerError, FaultsFound, NotFound, say, say_fault
from barometer_lib.units import UNITS
from server_double import Offices, Trouble, _Handler, table, variable

REPOSITORY = Path(__file__).resolve().parent.parent
QUARTERS = [f"{year}K{part}" for year in (2020, 2021) for part in (1, 2, 3, 4)]
YEARS = [str(year) for year in range(2008, 2021)]
ORIGIN = {"00": "Total", "10": "Dansk oprindelse", "25": "Ikke-vestlige", "35": "Efterkommere"}


def employment(**changed):
    """RAS200 as the facts describe it."""
    return table(
        "RAS200",
        [
            variable("OMRÅDE", "område", {"000": "Hele landet", "101": "København"}),
            variable("HERKOMST", "herkomst", ORIGIN),
            variable("ALDER", "alder", ["16-64"]),
            variable("KØN", "køn", ["TOT", "M", "K"], elimination=True),
            variable("BEREGNING", "frekvens", ["BFK", "EFK"]),
            variable("Tid", "tid", YEARS, time=True),
        ],
        unit="Pct.",
        **changed,
    )


def population():
    """FOLK1E: quarters, and sex and age that the table can sum over."""
    return table(
        "FOLK1E",
        [
            variable("OMRÅDE", "område", ["000", "101"], elimination=True),
            variable("KØN", "køn", ["TOT", "1", "2"], elimination=True),
            variable("HERKOMST", "herkomst", ["TOT", "1", "24", "25", "34", "35"]),
            variable("Tid", "tid", QUARTERS, time=True),
        ],
    )


def convicted():
    herkomst = ["TOT", "1", "21", "24", "25", "31", "34", "35"]
    return table(
        "STRAFNA9",
        [
            variable("HERKOMST", "herkomst", herkomst),
            variable("Tid", "tid", ["2019", "2020"], time=True),
        ],
        suppressedDataValue=None,
    )


LABOUR = {
    "freq": {"A": "Annual"},
    "citizen": {
        "NAT": "Reporting country",
        "FOR": "Foreign country",
        "EU27_2020_FOR": "EU27 countries except reporting country",
        "NEU27_2020_FOR": "Non-EU27 countries nor reporting country",
    },
    "geo": {"DK": "Denmark"},
    "time": {"2023": "2023", "2024": "2024"},
}


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """No test of this file reaches another machine."""
    connect = socket.socket.connect

    def checked(self, address):
        assert address[0] in ("127.0.0.1", "::1"), address
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def offices(monkeypatch):
    with Offices() as running:
        running.tables = {one["id"]: one for one in (employment(), population(), convicted())}
        running.datasets = {"lfsa_ergan": LABOUR}
        monkeypatch.setenv("BAROMETER_STATBANK", f"{running.base}/v1")
        monkeypatch.setenv("BAROMETER_EUROSTAT", f"{running.base}/statistics/1.0/")
        yield running


@pytest.fixture
def slept():
    """Every wait that was made, none of them really."""
    return []


@pytest.fixture
def client(offices, slept):
    """Asks the double, and no other; its waits are only noted."""
    assert offices.base.startswith("http://127.0.0.1:")
    return Client(pause=0, timeout=1.0, sleep=slept.append)


def employment_wanted(folder, **changed):
    return Wanted(recipe="ras200-employment-by-origin", into=folder, **changed)


def described(saved):
    return yaml.safe_load((saved.folder / "delivery.yml").read_text("utf-8"))


def cells_of(saved, name):
    text = (saved.folder / name).read_text("utf-8-sig")
    return list(csv.reader(text.splitlines(), delimiter=";"))


def refusal(call, *given):
    with pytest.raises(BarometerError) as caught:
        call(*given)
    for lang in ("da", "en"):
        assert say(caught.value, lang)
        for fault in getattr(caught.value, "faults", ()):
            assert say_fault(fault, lang)
    return caught.value


def test_a_table_is_saved_untouched_with_its_question(offices, client, tmp_path):
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    today = datetime.now(UTC).astimezone().date()
    assert saved.folder == tmp_path / "ras200-employment-by-origin" / today.isoformat()
    assert saved.rows == {"RAS200.csv": 2 * 4 * len(YEARS)}
    header, first, *_ = cells_of(saved, "RAS200.csv")
    assert header == ["OMRÅDE", "HERKOMST", "ALDER", "KØN", "BEREGNING", "TID", "INDHOLD"]
    assert first[:-1] == ["101", "00", "16-64", "TOT", "BFK", "2008"]

    page = described(saved)
    asked = offices.figures[0]
    assert page["address"] == f"{offices.base}/v1/data"
    assert (page["licence"], page["received"], page["synthetic"]) == ("CC BY 4.0", today, False)
    assert page["fetched"]["updated"] == "2021-12-13T08:00:00"
    assert page["fetched"]["at"].utcoffset() is not None
    [call] = page["fetched"]["calls"]
    assert call["query"] == asked.query
    assert call["query"]["variables"][1] == {"code": "HERKOMST", "values": list(ORIGIN)}
    body = (saved.folder / "RAS200.csv").read_bytes()
    assert call["sha256"] == hashlib.sha256(body).hexdigest() == page["files"][0]["sha256"]

    info = json.loads((saved.folder / "RAS200.tableinfo.json").read_text("utf-8"))
    assert info == employment()
    assert page["files"][1]["holds"] == "metadata"
    assert asked.headers["user-agent"] == "IntegrationBarometer (barometer fetch)"
    assert list(tmp_path.iterdir()) == [saved.folder.parent]
    delivery, _, faults = describe(saved.folder, "x")
    assert faults == []
    assert delivery.fetched.calls[0].query == asked.query


def catalogue(folder):
    """The shipped catalogue, with the two offices as sources and an indicator for the figures."""
    shutil.copytree(REPOSITORY / "data" / "catalogue", folder, dirs_exist_ok=True)
    add(folder / "sources.yml", id="statbank", address="https://statbank.dk", sureness="high")
    indicators = folder / "indicators.yml"
    like = next(one for one in yaml.safe_load(indicators.read_text("utf-8")) if "group" in one)
    for name, unit, kind in (("employment", "percent", "proportion"), ("people", "count", "count")):
        mine = {"kind": kind, "unit": unit, "group": "origin:total", "source": "statbank"}
        add(indicators, **{**like, "id": name, **mine})
    # Targets lead back to deliveries that are not read here.
    (folder / "targets.yml").write_text("[]\n", "utf-8")
    content, _ = read_catalogue(folder)
    return content


def add(page, **entry):
    text = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False)
    page.write_text(page.read_text("utf-8").rstrip("\n") + "\n\n" + text, "utf-8")


def measured(saved, tmp_path):
    """The measurements that the build would read from the delivery."""
    delivered = read(saved.folder.parent.parent, catalogue(tmp_path / "catalogue"))
    # The double makes each figure from its codes, so that totals are not the sums of their parts.
    faults = [fault for fault in delivered.faults if not fault.code.startswith("parts_")]
    assert [say_fault(fault, "en") for fault in faults] == []
    [measurements] = delivered.measurements
    return measurements.to_pylist()


@pytest.mark.parametrize("form", ["csv", "json-stat"])
def test_a_fetched_delivery_is_read_as_measurements(offices, client, tmp_path, form):
    figure = ("101", "25", "16-64", "TOT", "BFK", "2020")
    offices.values = dict.fromkeys(map(tuple, _every(employment())), "50")
    offices.values |= {figure: "61.4", (*figure[:-1], "2019"): "0", (*figure[:-1], "2018"): ".."}
    wanted = employment_wanted(tmp_path / "in", indicator="employment", form=form)
    saved = fetch_statbank(wanted, client)
    rows = {
        (row["area"], row["population_group"], row["period"]): row
        for row in measured(saved, tmp_path)
    }
    assert len(rows) == 2 * 4 * len(YEARS)
    mine = ("101", "origin:immigrants-non-western")
    assert rows[(*mine, "2020")]["value"] == pytest.approx(0.614)
    assert (rows[(*mine, "2020")]["unit"], rows[(*mine, "2020")]["decimals"]) == ("percent", 1)
    # RAS200 writes a withheld figure as 0: neither a zero nor a number.
    assert (rows[(*mine, "2019")]["value"], rows[(*mine, "2019")]["status"]) == (None, "suppressed")
    unwritten = "suppressed" if form == "csv" else "missing"
    assert (rows[(*mine, "2018")]["value"], rows[(*mine, "2018")]["status"]) == (None, unwritten)
    assert rows[("DK", "origin:total", "2008")]["value"] == pytest.approx(0.5)
    assert saved.warnings == [("withheld", {"count": 1, "written": "0"})]


def _every(described_table):
    return itertools.product(
        *([v["id"] for v in one["values"]] for one in described_table["variables"])
    )


@pytest.mark.parametrize(("lang", "written"), [("da", "2021K2"), ("en", "2021Q2")])
def test_quarters_are_mapped_however_they_are_written(offices, client, tmp_path, lang, written):
    wanted = Wanted(
        recipe="folk1e-population-by-origin",
        select={"tid": ["2021-Q2", "2021Q3", "2021K4"]},
        indicator="people",
        into=tmp_path / "in",
        lang=lang,
    )
    saved = fetch_statbank(wanted, client)
    tid = offices.figures[0].query["variables"][-1]
    assert tid == {"code": "Tid", "values": ["2021K2", "2021K3", "2021K4"]}
    assert written in {row[2] for row in cells_of(saved, "FOLK1E.csv")}
    assert {row["period"] for row in measured(saved, tmp_path)} == {"2021-Q2", "2021-Q3", "2021-Q4"}


def test_figures_without_an_indicator_are_kept_and_not_read(client, tmp_path):
    saved = fetch_statbank(employment_wanted(tmp_path / "in"), client)
    assert saved.holds == "evidence"
    delivered = read(tmp_path / "in", catalogue(tmp_path / "catalogue"))
    assert (delivered.faults, delivered.measurements) == ([], [])
    assert len(delivered.deliveries) == 1


@pytest.mark.parametrize(
    ("cells", "mark"), [(["61,4", "7"], ","), (["61.4", "7"], "."), (["61", "7"], ",")]
)
def test_the_decimal_mark_is_read_from_the_figures(offices, client, tmp_path, cells, mark):
    figure = ("101", "25", "16-64", "TOT", "BFK")
    offices.values = {(*figure, "2019"): cells[0], (*figure, "2020"): cells[1]}
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    assert described(saved)["files"][0]["decimal"] == mark


def test_figures_with_both_marks_are_not_saved(offices, client, tmp_path):
    figure = ("101", "25", "16-64", "TOT", "BFK")
    offices.values = {(*figure, "2019"): "61,4", (*figure, "2020"): "61.4"}
    assert refusal(fetch_statbank, employment_wanted(tmp_path), client).code == "fetch_decimals"
    assert list(tmp_path.iterdir()) == []


def test_a_delivery_is_never_written_over(offices, client, tmp_path):
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    before = {path: path.read_bytes() for path in saved.folder.iterdir()}
    asked = len(offices.asked)
    assert refusal(fetch_statbank, employment_wanted(tmp_path), client).code == "fetch_exists"
    assert {path: path.read_bytes() for path in saved.folder.iterdir()} == before
    assert len(offices.asked) == asked
    other = fetch_statbank(employment_wanted(tmp_path, name="again"), client)
    assert other.folder.parent.name == "again"


def test_everything_wrong_in_a_selection_is_told_before_figures_are_asked_for(
    offices, client, tmp_path
):
    select = {"HERKOMTS": ["25"], "OMRÅDE": ["Kobenhavn", "101"], "KØN": ["M"], "Tid": ["2030"]}
    found = refusal(fetch_statbank, Wanted("ras200", select, into=tmp_path), client).faults
    told = {(fault.code, fault.column, fault.found): fault for fault in found}
    assert set(told) == {
        ("fetch_no_variable", "HERKOMTS", "HERKOMTS"),
        ("fetch_no_code", "OMRÅDE", "Kobenhavn"),
        ("fetch_no_code", "Tid", "2030"),
        ("fetch_variable_needed", "HERKOMST", "HERKOMST"),
        ("fetch_variable_needed", "ALDER", "ALDER"),
        ("fetch_variable_needed", "BEREGNING", "BEREGNING"),
    }
    assert "HERKOMST" in told["fetch_no_variable", "HERKOMTS", "HERKOMTS"].nearest
    assert told["fetch_no_code", "OMRÅDE", "Kobenhavn"].nearest == ("101 (København)",)
    assert told["fetch_no_code", "Tid", "2030"].nearest[0].startswith("2020")
    assert offices.figures == []


def test_a_variable_that_was_renamed_is_named_against_the_recipe(offices, client, tmp_path):
    changed = employment()
    changed["variables"][1] |= {"id": "OPRIND", "text": "oprindelse"}
    offices.tables["RAS200"] = changed
    found = refusal(fetch_statbank, employment_wanted(tmp_path), client).faults
    by_code = {fault.code: fault for fault in found}
    assert set(by_code) == {"fetch_no_variable_now", "fetch_variable_needed_now"}
    assert by_code["fetch_no_variable_now"].found == "HERKOMST"
    # It is found again by its codes.
    assert by_code["fetch_no_variable_now"].nearest == ("OPRIND",)
    assert by_code["fetch_variable_needed_now"].found == "OPRIND"
    assert "ras200-employment-by-origin" in say_fault(by_code["fetch_no_variable_now"], "en")


def test_a_code_that_left_the_table_is_told_against_the_recipe(offices, client, tmp_path):
    changed = employment()
    changed["variables"][1]["values"] = changed["variables"][1]["values"][:-1]
    offices.tables["RAS200"] = changed
    [fault] = refusal(fetch_statbank, employment_wanted(tmp_path), client).faults
    assert (fault.code, fault.column, fault.found) == ("fetch_no_code_now", "HERKOMST", "35")
    # What somebody asked for by hand is their own matter.
    wanted = employment_wanted(tmp_path, select={"herkomst": ["35"]})
    [fault] = refusal(fetch_statbank, wanted, client).faults
    assert (fault.code, fault.mended_by) == ("fetch_no_code", "analyst")


def test_subtotals_are_never_read_beside_their_parts(client, tmp_path):
    wanted = Wanted("STRAFNA9", {"HERKOMST": ["*"], "Tid": ["2020"]}, into=tmp_path)
    saved = fetch_statbank(wanted, client)
    assert saved.warnings == [("subtotals", {"variable": "HERKOMST", "codes": "21, 31"})]
    with_recipe = Wanted(
        recipe="strafna9-convicted-by-origin",
        select={"HERKOMST": ["21", "25"]},
        indicator="people",
        into=tmp_path,
    )
    [fault] = refusal(fetch_statbank, with_recipe, client).faults
    assert (fault.code, fault.found) == ("fetch_subtotals", "21")
    # Both subtotals without any of their parts are no double count.
    apart = Wanted(
        "STRAFNA9", {"HERKOMST": ["21", "31"], "Tid": ["2020"]}, None, None, tmp_path, "b"
    )
    assert fetch_statbank(apart, client).warnings == []


def test_a_code_without_rows_and_a_closed_table_are_told(offices, client, tmp_path):
    offices.tables["STRAFNA9"] = convicted() | {"active": False}
    offices.script = [Trouble(body="HERKOMST;TID;INDHOLD\r\nTOT;2020;5\r\n")]
    wanted = Wanted("STRAFNA9", {"HERKOMST": ["TOT", "1"], "Tid": ["2020"]}, into=tmp_path)
    assert fetch_statbank(wanted, client).warnings == [
        ("inactive", {"table": "STRAFNA9"}),
        ("silent", {"variable": "HERKOMST", "codes": "1", "count": 1}),
    ]


def test_an_answer_without_rows_is_not_saved(offices, client, tmp_path):
    offices.script = [Trouble(body="HERKOMST;TID;INDHOLD\r\n")]
    wanted = Wanted("STRAFNA9", {"HERKOMST": ["TOT"], "Tid": ["2020"]}, into=tmp_path)
    assert refusal(fetch_statbank, wanted, client).code == "fetch_empty"
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_table_is_refused_in_the_offices_words(offices, client, tmp_path, slept):
    error = refusal(fetch_statbank, Wanted("RAS999", {"Tid": ["*"]}, into=tmp_path), client)
    assert (error.code, error.fields["status"]) == ("fetch_refused", 400)
    assert error.fields["said"] == "EXTRACT-NOTFOUND: Tabel findes ikke: RAS999"
    assert (len(offices.asked), slept) == (1, [])
    error = refusal(fetch_eurostat, Wanted("lfsa_xx", into=tmp_path), client)
    assert error.fields["said"] == "ERR_NOT_FOUND_4: LFSA_XX is not available for dissemination."
    assert error.fields["status"] == 404


def test_a_table_described_otherwise_is_told(offices, client, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(_Handler, "_tableinfo", lambda *_given: (200, "[]"))
        error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
        assert error.code == "fetch_form"
    del offices.tables["RAS200"]["variables"][0]["values"]
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["found"]) == ("fetch_form", "'values'")


# Troubles on the way


def test_throttling_waits_as_long_as_the_office_asks(offices, client, tmp_path, slept):
    moment = datetime.now(UTC) + timedelta(seconds=90)
    written = [
        "7",
        format_datetime(moment, usegmt=True),
        format_datetime(moment.replace(tzinfo=None)),
    ]
    assert written[2].endswith("-0000")
    offices.script = [Trouble(429, {"Retry-After": one}) for one in [*written, "soon"]]
    fetch_statbank(employment_wanted(tmp_path), client)
    assert slept[0] == 7
    assert 80 < slept[1] <= 90
    assert 80 < slept[2] <= 90
    # What is no time at all is no reason to give up.
    assert 4 <= slept[3] <= 8
    assert len(slept) == 4


def test_a_wait_beyond_reason_is_told_not_made(offices, client, tmp_path, slept):
    offices.script = [Trouble(429, {"Retry-After": "86400"})]
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["seconds"], slept) == ("fetch_later", 86400, [])


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(500),
        Trouble(502, body="<html>Bad Gateway</html>"),
        Trouble(keep=0.5),  # the stated length does not come
        Trouble(keep=0.5, stated=False),  # ends in the middle of a row
        Trouble(keep=0),
        # ends between two rows, before the length that was stated
        Trouble(headers={"Content-Length": "9999"}, body="A;TID;X\r\n1;2020;5\r\n", stated=False),
        Trouble(body="<html>Maintenance</html>"),
        Trouble(silence=1.5),
    ],
    ids=["500", "502", "half", "half-row", "nothing", "half-rows", "page", "silence"],
)
def test_a_passing_trouble_is_tried_again(offices, client, tmp_path, slept, trouble):
    offices.script = [trouble, trouble]
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    assert saved.rows == {"RAS200.csv": 104}
    assert len(offices.figures) == 3
    # Waits grow, with jitter between half and one and a half... of each step.
    assert 0.5 <= slept[0] <= 1 <= slept[1] <= 2


def test_half_a_jsonstat_answer_is_tried_again(offices, client, tmp_path):
    offices.script = [Trouble(keep=0.7, stated=False)]
    saved = fetch_statbank(employment_wanted(tmp_path, form="json-stat"), client)
    assert saved.rows == {"RAS200.json": 104}


def test_trouble_that_does_not_pass_ends(offices, client, tmp_path, slept):
    offices.script = [Trouble(500, body="no")] * 6
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["status"], error.fields["tries"]) == ("fetch_refused", 500, 6)
    assert len(slept) == 5
    offices.script = [Trouble(keep=0.5)] * 6
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["why"]) == ("fetch_failed", "half")


def test_nobody_at_home(client, tmp_path, monkeypatch, slept):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("BAROMETER_STATBANK", f"http://127.0.0.1:{port}/v1")
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert error.code == "fetch_failed"
    assert "refused" in error.fields["why"]
    assert len(slept) == 5


def test_an_answer_that_points_elsewhere_is_not_followed(offices, client, tmp_path):
    offices.script = [Trouble(302, {"Location": "http://192.0.2.1/"})]
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["status"]) == ("fetch_refused", 302)


@pytest.mark.usefixtures("offices")
def test_an_answer_that_drips_for_ever_is_given_up(tmp_path, slept):
    client = Client(pause=0, timeout=1.0, deadline=-1.0, tries=2, sleep=slept.append)
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["why"]) == ("fetch_failed", "timeout")


def test_what_an_office_says_cannot_steer_a_terminal(offices, client, tmp_path):
    said = {"errorTypeCode": "X", "message": "\x1b[2Jgone\r\n" + "a" * 5000}
    offices.script = [Trouble(400, body=json.dumps(said))]
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert error.fields["said"].startswith("X: [2Jgone aaa")
    assert len(error.fields["said"]) == 300


def test_questions_come_one_at_a_time_with_a_pause(offices, tmp_path):
    offices.most_cells = 30
    fetch_statbank(employment_wanted(tmp_path), Client(pause=0.05))
    moments = [one.moment for one in offices.asked]
    assert len(moments) > 5
    assert min(b - a for a, b in itertools.pairwise(moments)) >= 0.045


# Cell limits, parts, going on


def test_a_large_selection_is_cut_along_its_longest(offices, client, tmp_path, monkeypatch):
    whole = fetch_statbank(employment_wanted(tmp_path, name="whole"), client)
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    offices.most_cells = 40
    offices.asked.clear()
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    asked = [one.query["variables"] for one in offices.figures]
    # 104 cells in 13 years of 8: five years in each call.
    assert [len(variables[-1]["values"]) for variables in asked] == [5, 5, 3]
    assert saved.calls == 3
    assert sorted(cells_of(saved, "RAS200.csv")) == sorted(cells_of(whole, "RAS200.csv"))
    assert cells_of(saved, "RAS200.csv")[0][0] == "OMRÅDE"
    assert len(described(saved)["fetched"]["calls"]) == 3
    # The table is asked once more at the end: was it updated meanwhile?
    assert "tableinfo" in offices.asked[-1].path


def test_a_refusal_for_too_many_cells_cuts_the_question_in_two(offices, client, tmp_path):
    offices.most_cells = 32
    saved = fetch_statbank(employment_wanted(tmp_path), client)
    assert saved.rows == {"RAS200.csv": 104}
    kept = described(saved)["fetched"]["calls"]
    assert saved.calls == len(kept) == 4
    offices.most_cells = 0
    error = refusal(fetch_statbank, employment_wanted(tmp_path, name="none"), client)
    assert error.fields["said"].startswith("REQUEST-LIMIT: ")


def test_parts_of_jsonstat_stay_files_of_their_own(offices, client, tmp_path):
    offices.most_cells = 60
    wanted = employment_wanted(tmp_path / "in", form="json-stat", indicator="employment")
    saved = fetch_statbank(wanted, client)
    assert saved.rows == {"RAS200-1.json": 56, "RAS200-2.json": 48}
    delivered = read(tmp_path / "in", catalogue(tmp_path / "catalogue"))
    assert delivered.faults == []
    assert [one.num_rows for one in delivered.measurements] == [56, 48]


def broken_after(answers, offices, client, wanted):
    """A fetch that is broken off when `answers` answers are kept."""
    offices.script = [None] * answers + [Trouble(400, body="{}")]
    assert refusal(fetch_statbank, wanted, client).code == "fetch_refused"
    offices.script = []
    offices.asked.clear()


def test_a_broken_fetch_goes_on_where_it_stopped(offices, client, tmp_path, monkeypatch):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    wanted = employment_wanted(tmp_path)
    broken_after(2, offices, client, wanted)
    assert [path.name for path in tmp_path.iterdir()] == [".partial-ras200-employment-by-origin"]
    # What waits there is no delivery, and not for the repository.
    delivered = read(tmp_path, catalogue(tmp_path.parent / f"{tmp_path.name}-catalogue"))
    assert (delivered.deliveries, delivered.faults) == ([], [])
    assert (next(tmp_path.iterdir()) / ".gitignore").read_text() == "*\n"

    saved = fetch_statbank(wanted, client)
    assert (saved.resumed, saved.calls, len(offices.figures)) == (2, 3, 1)
    assert saved.rows == {"RAS200.csv": 104}
    assert [path.name for path in tmp_path.iterdir()] == ["ras200-employment-by-origin"]
    assert sorted(path.name for path in saved.folder.iterdir()) == [
        "RAS200.csv",
        "RAS200.tableinfo.json",
        "delivery.yml",
    ]


def test_a_kept_answer_that_was_damaged_is_fetched_again(offices, client, tmp_path, monkeypatch):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    wanted = employment_wanted(tmp_path)
    broken_after(2, offices, client, wanted)
    one = next(tmp_path.glob(".partial-*/part-*"))
    one.write_bytes(one.read_bytes()[:-20])
    saved = fetch_statbank(wanted, client)
    assert (saved.resumed, len(offices.figures)) == (1, 2)
    assert saved.rows == {"RAS200.csv": 104}


@pytest.mark.parametrize("change", ["updated", "selection", "manifest"])
def test_answers_of_another_state_or_question_are_not_mixed_in(
    offices, client, tmp_path, monkeypatch, change
):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    wanted = employment_wanted(tmp_path)
    broken_after(2, offices, client, wanted)
    if change == "updated":
        offices.tables["RAS200"] = employment(updated="2022-12-13T08:00:00")
    elif change == "selection":
        wanted = employment_wanted(tmp_path, select={"BEREGNING": ["EFK"]})
    else:
        next(tmp_path.glob(".partial-*/manifest.json")).write_text("{", "utf-8")
    saved = fetch_statbank(wanted, client)
    assert (saved.resumed, len(offices.figures)) == (0, 3)


def test_a_table_updated_between_two_calls_is_not_saved(offices, client, tmp_path, monkeypatch):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    offices.updated = iter([None, "2022-12-13T08:00:00", "x", "x"])
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert (error.code, error.fields["after"]) == ("fetch_updated", "2022-12-13T08:00:00")
    assert list(tmp_path.iterdir()) == []
    assert fetch_statbank(employment_wanted(tmp_path), client).resumed == 0


def test_parts_with_other_columns_are_not_joined(offices, client, tmp_path, monkeypatch):
    monkeypatch.setattr("barometer_lib.deliveries.connectors.statbank.MOST_CELLS", 40)
    offices.script = [None, Trouble(body="OMRÅDE;TID;INDHOLD\r\n101;2020;5\r\n")]
    error = refusal(fetch_statbank, employment_wanted(tmp_path), client)
    assert error.code == "fetch_parts_differ"


# Eurostat


def test_a_dataset_is_saved_untouched(offices, client, tmp_path):
    saved = fetch_eurostat(Wanted(recipe="lfsa_ergan-denmark", into=tmp_path), client)
    assert saved.rows == {"lfsa_ergan.json": 8}
    assert saved.updated == "2026-10-01T11:00:00+0200"
    asked = offices.figures[0].path
    assert asked.endswith(
        "/data/lfsa_ergan?format=JSON&lang=EN&geo=DK&citizen=NAT&citizen=FOR"
        "&citizen=EU27_2020_FOR&citizen=NEU27_2020_FOR"
    )
    page = described(saved)
    assert page["address"] == offices.base + asked
    assert (page["source"], page["licence"]) == ("eurostat", "CC BY 4.0")
    assert page["files"][0]["format"] == "json-stat"
    assert json.loads((saved.folder / "lfsa_ergan.json").read_text("utf-8"))["source"] == "ESTAT"
    delivered = read(tmp_path, catalogue(tmp_path.parent / f"{tmp_path.name}-catalogue"))
    assert delivered.faults == []


def test_codes_that_eurostat_leaves_out_in_silence_are_told(offices, client, tmp_path):
    wanted = Wanted("lfsa_ergan", {"citizen": ["NAT", "EU_FOR"], "geo": ["DK"]}, into=tmp_path)
    [fault] = refusal(fetch_eurostat, wanted, client).faults
    assert (fault.code, fault.column, fault.found) == ("fetch_no_code", "citizen", "EU_FOR")
    assert list(tmp_path.iterdir()) == []
    offices.datasets["lfsa_ergan"] = LABOUR | {"citizen": {"NAT": "x", "FOR": "y"}}
    recipe = Wanted(recipe="lfsa_ergan-denmark", into=tmp_path)
    found = refusal(fetch_eurostat, recipe, client).faults
    assert {(one.code, one.found) for one in found} == {
        ("fetch_no_code_now", "EU27_2020_FOR"),
        ("fetch_no_code_now", "NEU27_2020_FOR"),
    }


def test_a_dimension_that_eurostat_does_not_have_is_refused(client, tmp_path):
    error = refusal(fetch_eurostat, Wanted("lfsa_ergan", {"x": ["1"]}, into=tmp_path), client)
    assert (error.fields["status"], error.fields["said"]) == (400, "Invalid dimension: x")


def test_nothing_that_matches_is_told(offices, client, tmp_path):
    nothing = {"error": [{"status": 200, "id": 100, "label": "NO_RESULTS"}]}
    offices.script = [Trouble(body=json.dumps(nothing))]
    error = refusal(fetch_eurostat, Wanted("lfsa_ergan", into=tmp_path), client)
    assert (error.code, error.fields["said"]) == ("fetch_refused", "NO_RESULTS")
    offices.datasets["lfsa_ergan"] = LABOUR | {"geo": {}}
    assert (
        refusal(fetch_eurostat, Wanted("lfsa_ergan", into=tmp_path), client).code == "fetch_empty"
    )


def test_an_answer_that_is_being_prepared_is_waited_for(offices, client, tmp_path, slept):
    promise = {"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE. Your request ..."}}
    offices.script = [Trouble(body=json.dumps(promise))] * 2
    assert fetch_eurostat(Wanted("lfsa_ergan", into=tmp_path), client).calls == 1
    assert len(slept) == 2
    offices.script = [Trouble(body=json.dumps(promise))] * 6
    error = refusal(fetch_eurostat, Wanted("lfsa_ergan", into=tmp_path, name="later"), client)
    assert (error.code, error.fields["why"]) == ("fetch_failed", "later")


def test_too_large_for_eurostat_is_cut_where_codes_were_named(offices, client, tmp_path):
    offices.most_cells = 5
    saved = fetch_eurostat(Wanted(recipe="lfsa_ergan-denmark", into=tmp_path), client)
    assert saved.rows == {"lfsa_ergan-1.json": 4, "lfsa_ergan-2.json": 4}
    error = refusal(fetch_eurostat, Wanted("lfsa_ergan", {"geo": ["DK"]}, into=tmp_path), client)
    assert error.fields["said"].startswith("EXTRACTION_TOO_BIG")


def test_parts_of_two_states_of_a_dataset_are_not_mixed(offices, client, tmp_path):
    offices.most_cells = 5
    offices.updated = iter(["2026-10-01", "2026-10-02"])
    wanted = Wanted(recipe="lfsa_ergan-denmark", into=tmp_path)
    assert refusal(fetch_eurostat, wanted, client).code == "fetch_updated"
    assert list(tmp_path.iterdir()) == []


# Selections and periods

AREA = Variable("OMRÅDE", "område", {"000": "Hele landet", "101": "København", "147": "F"})
TID = Variable("Tid", "tid", {one: one for one in QUARTERS}, time=True)


@pytest.mark.parametrize(
    ("variable", "asked", "found"),
    [
        (AREA, ["*"], ["000", "101", "147"]),
        (AREA, ["1*"], ["101", "147"]),
        (AREA, ["*1"], ["101"]),
        (AREA, ["101", "101", "1*"], ["101", "147"]),
        (TID, ["*K1"], ["2020K1", "2021K1"]),
        (TID, ["2021-Q4"], ["2021K4"]),
        (TID, [">=2021Q3"], ["2021K3", "2021K4"]),
        (TID, ["<=2020-Q1"], ["2020K1"]),
        (TID, [">=2020K4<=2021K1"], ["2020K4", "2021K1"]),
        (TID, ["(1)"], ["2021K4"]),
        (TID, ["(8)"], ["2020K1"]),
        (TID, ["(-n+2)"], ["2021K3", "2021K4"]),
        (TID, ["(-n+99)"], QUARTERS),
        (TID, ["(9)"], None),
        (TID, ["(0)"], None),
        (TID, [">=2030K1"], None),
        (TID, [""], None),
        (AREA, ["(1)"], None),
        (AREA, [">=101"], None),
        (AREA, ["København"], None),
    ],
)
def test_rules_for_codes(variable, asked, found):
    chosen, faults = selection.resolve({variable.id: asked}, [variable], "T")
    if found is None:
        assert [fault.code for fault in faults] == ["fetch_no_code"]
    else:
        assert (chosen, faults) == ({variable.id: tuple(found)}, [])


def test_selections_are_read_from_texts():
    given = ["OMRÅDE=101, 000", "Tid=*", "OMRÅDE=147"]
    assert connectors.parse(given) == {"OMRÅDE": ("101", "000", "147"), "Tid": ("*",)}
    for wrong in ("OMRÅDE", "=101", "OMRÅDE=", "OMRÅDE=101,,000"):
        with pytest.raises(BadInput):
            connectors.parse([wrong])


@pytest.mark.parametrize("most", [1, 2, 3, 5, 7, 12, 59, 60, 61])
def test_cutting_keeps_every_cell_once(most):
    whole = {"a": tuple("1234567890"), "b": ("x", "y"), "c": ("p", "q", "r")}
    parts = selection.split(whole, most)
    assert all(selection.cells(part) <= most for part in parts)
    found = [cell for part in parts for cell in itertools.product(*part.values())]
    assert sorted(found) == sorted(itertools.product(*whole.values()))


@pytest.mark.parametrize(
    ("written", "code", "statbank"),
    [
        ("2008K1", "2008-Q1", "2008K1"),
        ("2008Q1", "2008-Q1", "2008K1"),
        ("2008-Q1", "2008-Q1", "2008K1"),
        ("2008M07", "2008-07", "2008M07"),
        ("2008-07", "2008-07", "2008M07"),
        ("2008H2", "2008-S2", "2008H2"),
        ("2008-S2", "2008-S2", "2008H2"),
        ("2008", "2008", "2008"),
        ("2012/2013", "2012/2013", "2012/2013"),
        ("2008K5", "2008K5", "2008K5"),
        ("2008U01", "2008U01", "2008U01"),
    ],
)
def test_periods_as_offices_write_them(written, code, statbank):
    assert (times.period_code(written), times.statbank_time(written)) == (code, statbank)


# Recipes


def facts(name):
    with (Path(__file__).parent / "reference" / name).open(encoding="utf-8", newline="") as page:
        return list(csv.DictReader(page))


def test_recipes_ask_only_for_origin_codes_that_the_tables_have():
    rows = facts("statbank_origin_codes.csv")
    known = {}
    for row in rows:
        for name in row["table_id"].split("/"):
            known.setdefault(name, {})[row["code"]] = row["is_total_or_subtotal"]
    asked = {one.table: one for one in connectors.recipes().values() if one.office == "statbank"}
    assert asked.keys() == known.keys()
    for name, one in asked.items():
        codes = one.select["HERKOMST"]
        assert set(codes) <= known[name].keys()
        # Subtotals such as "yes (24+25)" are the ones named with their parts, and are left out.
        sums = {
            code: words.removeprefix("yes (").removesuffix(")").split("+")
            for code, words in known[name].items()
            if "+" in words
        }
        assert subtotals().get(name, {}).get("HERKOMST", {}) == sums
        assert not set(codes) & sums.keys()
        assert set(codes) == known[name].keys() - sums.keys()


def test_recipes_for_eurostat_name_datasets_and_codes_that_were_seen():
    named = {
        word.split(" ")[0]
        for row in facts("eurostat_datasets.csv")
        for word in row["dataset"].split(" / ")
    }
    seen = {
        "geo": {"DK"},
        "citizen": {"NAT", "FOR", "EU27_2020_FOR", "NEU27_2020_FOR"},
        "age": {"Y_GE18"},
        "sex": {"T"},
        "unit": {"PC"},
    }
    found = [one for one in connectors.recipes().values() if one.office == "eurostat"]
    assert {one.table for one in found} == named
    for one in found:
        assert one.mapping is None
        for name, codes in one.select.items():
            assert set(codes) <= seen[name], (one.name, name)


def test_recipes_map_to_codes_of_the_catalogue():
    content, _ = read_catalogue(REPOSITORY / "data" / "catalogue")
    groups = {one.id: one for one in content.all(Group)}
    mapping = [one for one in connectors.recipes().values() if one.mapping]
    assert len(mapping) == 5
    for one in mapping:
        assert one.mapping.unit in UNITS
        assert set(one.mapping.group.codes) == set(one.select[one.mapping.group.variable])
        assert set(one.mapping.group.codes.values()) <= groups.keys()
        area = one.mapping.area
        if isinstance(area, str):
            assert area in content.entries["area"]
        else:
            assert set(area.codes) == set(one.select[area.variable])
            assert set(area.codes.values()) <= content.entries["area"].keys()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted("../x"), "fetch_table_name"),
        (Wanted("RAS200", name="demo"), "fetch_name"),
        (Wanted("RAS200", name="../../x"), "fetch_name"),
        (Wanted("RAS200", indicator="employment"), "fetch_no_mapping"),
        (Wanted(recipe="folk1c-population-by-broad-origin", indicator="x"), "fetch_no_mapping"),
        (Wanted("FOLK1E", recipe="ras200-employment-by-origin"), "fetch_recipe_other"),
        (Wanted(recipe="lfsa_ergan-denmark"), "fetch_recipe_other"),
    ],
)
def test_a_wish_that_does_not_hold_together_asks_nobody(offices, client, wanted, code):
    assert refusal(fetch_statbank, wanted, client).code == code
    assert offices.asked == []


def test_an_unknown_recipe_offers_the_nearest(client):
    with pytest.raises(NotFound) as caught:
        fetch_statbank(Wanted(recipe="ras200-employment"), client)
    assert caught.value.fields["nearest"] == ["ras200-employment-by-origin"]


@pytest.mark.parametrize("found", ["file:///etc/passwd", "ftp://x/", "nonsense", "http://"])
def test_an_address_that_is_none_is_refused(monkeypatch, found):
    monkeypatch.setenv("BAROMETER_STATBANK", found)
    with pytest.raises(BadInput):
        addresses.base("statbank")


def test_the_usual_addresses(monkeypatch):
    for name in ("BAROMETER_STATBANK", "BAROMETER_EUROSTAT"):
        monkeypatch.delenv(name, raising=False)
    assert addresses.base("statbank") == "https://api.statbank.dk/v1"
    eurostat = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0"
    assert addresses.base("eurostat") == eurostat


def test_faults_of_a_fetch_are_all_told_at_once(client, tmp_path):
    wanted = Wanted("RAS200", {"A": ["1"], "B": ["2"]}, into=tmp_path)
    with pytest.raises(FaultsFound) as caught:
        fetch_statbank(wanted, client)
    assert len(caught.value.faults) == 2 + 5
