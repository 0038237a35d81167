"""Nothing that can be asked tells of a hidden figure: every command, function, page and file.

The demo city gets two indicators whose hidden figures are numbers that stand nowhere else. The
attacker reads all that comes back, in every form and both languages, and looks for them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
import shutil
import struct
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner

import barometer_lib
from barometer_lib import views
from barometer_lib.build import build
from barometer_lib.cli import main
from barometer_lib.views.widget import show

REPOSITORY = Path(__file__).resolve().parents[1]
SURFACES = yaml.safe_load(
    (Path(__file__).parent / "reference" / "disclosure_surfaces.yml").read_text("utf-8")
)
NAMES = {
    "indicator": "demo-canary",
    "policy": "demo-2011-2014",
    "group": "demo-origin:total",
    "out": "OUT",
    "data": "DATA",
}
FILES = ("letter", "publish")  # what they write is the same in every form
GROUPS = ("danish", "immigrants-non-western", "descendants-non-western", "western")
PERIODS = ("2011-S1", "2011-S2", "2012-S1", "2012-S2", "2013-S1", "2013-S2")
# (counted, among): a small figure and the one that covers for it; both are hidden.
SMALL, COVER = (3, 41737), (31337, 91193)
SMALL_DISTRICT, COVER_DISTRICT = (2, 23571), (27183, 53217)
HIDDEN = (SMALL, COVER, SMALL_DISTRICT, COVER_DISTRICT)
# A figure that everybody may see, in the same series: the attacker must find it.
SHOWN = (14142, 40961)


def share(pair: tuple[int, int]) -> float:
    return 100 * pair[0] / pair[1]


def figures() -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """(indicator, area, group, period) to counted and among; the last period has small ones."""
    found: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for number, period in enumerate(PERIODS):
        last = period == PERIODS[-1]
        parts = {
            "danish": (211011 + 7 * number, 399989),
            "immigrants-non-western": SMALL if last else (SHOWN[0] + 11 * (4 - number), SHOWN[1]),
            "descendants-non-western": (61003 + 13 * number, 99991),
            "western": COVER if last else (33013 + number, 90901),
        }
        for group, pair in parts.items():
            found["demo-canary", "demo-city", f"demo-origin:{group}", period] = pair
        whole = (sum(a for a, _ in parts.values()), sum(b for _, b in parts.values()))
        found["demo-canary", "demo-city", "demo-origin:total", period] = whole
        areas = {f"demo-{n:02}": (40009 + 101 * n + number, 70001 + 103 * n) for n in range(3, 11)}
        areas["demo-01"] = SMALL_DISTRICT if last else (9901 + number, 23003)
        areas["demo-02"] = COVER_DISTRICT if last else (28001 + number, 53003)
        for area, pair in areas.items():
            found["demo-canary-2", area, "demo-origin:total", period] = pair
        whole = (sum(a for a, _ in areas.values()), sum(b for _, b in areas.values()))
        found["demo-canary-2", "demo-city", "demo-origin:total", period] = whole
    return found


def with_canaries(folder: Path) -> None:
    """Puts the indicators, their place under a goal, and their delivery into a data folder."""
    catalogue = folder / "catalogue" / "demo"
    page = catalogue / "indicators.yml"
    entries = yaml.safe_load(page.read_text("utf-8"))
    entry = {"kind": "proportion", "unit": "percent", "decimals": 4, "polarity": "higher"}
    entry |= {"polarity_basis": "target", "basis": "full_register", "frequency": "half_year"}
    entry |= {"source": "demo-statistics-office", "reference_group": "demo-origin:danish"}
    own = {"demo-canary": "immigrants-non-western", "demo-canary-2": "total"}
    entries += [{"id": code, **entry, "group": f"demo-origin:{one}"} for code, one in own.items()]
    page.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    page = catalogue / "goals.yml"
    goals = yaml.safe_load(page.read_text("utf-8"))
    goal = next(one for one in goals if one["policy"] == NAMES["policy"] and one.get("indicators"))
    more = [{"indicator": code, "number": 90 + n, "counts": True} for n, code in enumerate(own)]
    goal["indicators"] = [*goal["indicators"], *more]
    page.write_text(yaml.safe_dump(goals, allow_unicode=True), "utf-8")
    for lang in ("da", "en"):
        page = catalogue / f"labels.{lang}.yml"
        labels = yaml.safe_load(page.read_text("utf-8"))
        for kind, code in itertools.product(
            ("indicator", "indicator_definition", "indicator_processing"), own
        ):
            labels[kind][code] = code
        page.write_text(yaml.safe_dump(labels, allow_unicode=True), "utf-8")
    lines = ["indicator,area,group,period,value,numerator,denominator"]
    lines += [
        ",".join((*cell, f"{share(pair):.4f}", *map(str, pair))) for cell, pair in figures().items()
    ]
    raw = ("\n".join(lines) + "\n").encode()
    place = folder / "deliveries" / "demo" / "canaries" / "2014-01-20"
    place.mkdir(parents=True)
    (place / "figures.csv").write_bytes(raw)
    columns = {name: {"column": name} for name in lines[0].split(",")}
    file = {"file": "figures.csv", "holds": "measurements", "columns": columns}
    file |= {"sha256": hashlib.sha256(raw).hexdigest()}
    whole = {"title": "t", "source": "demo-statistics-office", "address": "a", "licence": "l"}
    whole |= {"received": date(2014, 1, 20), "sureness": "high", "synthetic": True}
    (place / "delivery.yml").write_text(yaml.safe_dump({**whole, "files": [file]}), "utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data and the store that was built of it."""
    home = tmp_path_factory.mktemp("surfaces")
    shutil.copytree(REPOSITORY / "data", home / "data")
    with_canaries(home / "data")
    build(home / "data", home / "store" / "barometer.json")
    return home


@pytest.fixture(scope="module")
def store(home: Path) -> Path:
    return home / "store" / "barometer.json"


def spelled(pair: tuple[int, int]) -> list[str]:
    """How a reader may meet a figure: its numbers as they are printed in either language."""
    counted, among = pair
    wholes = [str(among), f"{among:,}", f"{among:,}".replace(",", ".")]
    if counted > 1000:
        wholes += [str(counted), f"{counted:,}", f"{counted:,}".replace(",", ".")]
    printed = f"{share(pair):.4f}"
    inside = f"{share(pair) / 100:.6f}"
    return [*wholes, printed, printed.replace(".", ","), inside]


def tells(text: str, pair: tuple[int, int]) -> list[str]:
    """The numbers of a figure that stand in a text."""
    plain = unescape(text).replace("\N{NO-BREAK SPACE}", " ")
    inside = spelled(pair)[-1]
    return [
        one
        for one in (spelling for spelling in spelled(pair) if spelling in plain)
        # alone, or with zeros behind the mark: 41737.0
        if re.search(rf"(?<![\d.,]){re.escape(one)}(?![.,]?\d)", plain)
        or re.search(rf"(?<![\d.,]){re.escape(one)}[.,]0+(?!\d)", plain)
        or (one == inside and one in plain)
    ]


def leaks(text: str) -> list[str]:
    return [f"{pair}: {found}" for pair in HIDDEN for found in tells(text, pair)]


def test_the_figures_are_hidden_and_nothing_else_of_their_series(store: Path):
    with barometer_lib.open(store, dataset="demo") as barometer:
        rows = barometer.sql(
            "select * from measurement where indicator like 'demo-canary%' and value is null"
        ).rows
    gone = {(row["indicator"], row["area"], row["population_group"], row["period"]) for row in rows}
    assert gone == {cell for cell, pair in figures().items() if pair in HIDDEN}


def test_the_attacker_finds_a_figure_in_any_spelling():
    for one in (
        "41.737",
        "41,737",
        "41737",
        "0,0072 pct.",
        '"value": 0.000072',
        "x 31.337 x",
        "91193.0",
    ):
        assert leaks(one), one
    assert leaks("141737 0,00721 4.41737 41737123") == []


# --- commands -------------------------------------------------------------------------------------


def command_lines() -> Iterator[tuple[str, list[str]]]:
    for command, every in SURFACES["commands"]["asked"].items():
        for words in every:
            yield command, [*command.split(), *(word.format(**NAMES) for word in words)]


def asked(store: Path, words: list[str], form: str, lang: str) -> str:
    given = [*words, "--dataset", "demo", "--store", str(store), "--format", form, "--lang", lang]
    done = CliRunner().invoke(main, given)
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1), done.output
    if form != "csv":
        return done.output
    # a comma stands between cells here, and is no decimal comma
    return " | ".join(cell for row in csv.reader(io.StringIO(done.stdout)) for cell in row)


def written(folder: Path) -> str:
    """The words of every file that a command wrote; then the files are gone."""
    found = []
    for path in [one for one in folder.rglob("*") if one.is_file()]:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                pages = [one for one in parts.namelist() if one.endswith(".xml")]
                found += [re.sub(r"<[^>]+>", "", parts.read(one).decode()) for one in pages]
        elif path.suffix == ".parquet":
            found.append(json.dumps(duckdb.sql(f"from '{path}'").fetchall(), default=str))
        else:
            found.append(path.read_text("utf-8", "replace"))
        path.unlink()
    return "\n".join(found)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_no_command_tells(store: Path, form: str, tmp_path: Path):
    shown = set()
    for command, words in command_lines():
        if command in FILES and form != "table":
            continue
        places = {"OUT": str(tmp_path), "DATA": str(store.parent.parent / "data")}
        given = [places.get(word, word) for word in words]
        text = asked(store, given, form, "da" if form == "table" else "en") + written(tmp_path)
        assert leaks(text) == [], (words, form)
        shown |= {command} if any(tells(text, pair) for pair in figures().values()) else set()
    # the same doors do tell figures that are not hidden
    assert {"trend", "query", *(FILES if form == "table" else ())} <= shown


# --- functions ------------------------------------------------------------------------------------


def answers(store: Path) -> Iterator[tuple[str, Any]]:
    """What each public function gives, its content and its rows."""
    indicator, policy, group = NAMES["indicator"], NAMES["policy"], NAMES["group"]
    common: dict[str, Any] = {"dataset": "demo", "store": store}
    yield "trend", barometer_lib.trend(indicator, **common)
    yield "trend", barometer_lib.trend(indicator, as_of="2014-01-25", **common)
    yield "trend", barometer_lib.trend("demo-canary-2", "demo-01", **common)
    yield "status", barometer_lib.status(policy, **common)
    yield "assess", barometer_lib.assess(policy, compare_rules=True, **common)
    yield "charter", barometer_lib.charter(**common)
    yield "diff", barometer_lib.diff("demo-2014-01", "demo-2014-07", **common)
    yield "revisions", barometer_lib.revisions(**common)
    mine = "where indicator like 'demo-canary%'"
    yield "query", barometer_lib.query(f"select * from measurement {mine}", **common)
    treated = {"treated": ["demo-01"], "first": "2013-S1", "group": group}
    try:
        yield "evaluate", barometer_lib.evaluate("demo-canary-2", **treated, **common)
    except barometer_lib.errors.BarometerError as refused:
        yield "evaluate", refused
    yield "gap", barometer_lib.gap("demo-canary-2", "demo-01", **common)
    yield "gap", barometer_lib.gap(indicator, **common)
    try:
        yield "compare", barometer_lib.compare("demo-canary-2", group=group, **common)
    except barometer_lib.errors.BarometerError as refused:
        yield "compare", refused
    with barometer_lib.open(store, dataset="demo") as barometer:
        yield "open", barometer.sql(f"select * from measurement_vintage {mine}")
        yield "Barometer", barometer.trend(indicator)


def dumped(found: Any) -> str:
    if isinstance(found, barometer_lib.Result):
        return json.dumps([found.content, found.rows], default=str, ensure_ascii=False)
    return f"{found} {vars(found)}"


def test_no_function_tells(store: Path):
    seen = set()
    for name, found in answers(store):
        text = dumped(found)
        assert leaks(text) == [], name
        seen.add(name)
    assert seen == set(SURFACES["functions"]["asked"])


# --- pages ----------------------------------------------------------------------------------------


def page_of(name: str) -> Any:
    module = name.removesuffix("_page")
    __import__(f"{views.__name__}.{module}")
    return getattr(getattr(views, module), name)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_page_tells(store: Path, lang: str):
    """What a kernel sends to the browser: the widget's whole state, downloads and hovers in it."""
    visible = 0
    for name, states in SURFACES["pages"]["asked"].items():
        for state in states:
            text = sent(name, {"dataset": "demo", "lang": lang, **state}, store)
            assert leaks(text) == [], (name, state)
            visible += bool(tells(text, SHOWN))
    # the same pages do tell the figure beside them
    assert visible >= 4


def sent(name: str, state: dict[str, str], store: Path) -> str:
    make = page_of(name)
    if name == "start_page":
        return str(make(state["lang"], state["dataset"], store=store))
    widget = show(lambda given: make(given, store))
    widget._answer(None, {"kind": "choose", "state": state, "serial": 1}, None)
    assert not widget.page["error"] if "error" in widget.page else True
    return json.dumps(widget.get_state(), default=str, ensure_ascii=False)


# --- files ----------------------------------------------------------------------------------------


def test_no_file_beside_the_store_holds_a_number(home: Path):
    """Raw bytes of every file: as text, and as the numbers a database writes."""
    files = [path for path in (home / "store").rglob("*") if path.is_file()]
    assert sum(path.suffix == ".duckdb" for path in files) == 1
    for path in files:
        body = path.read_bytes()
        for pair in HIDDEN:
            for number in pair[pair[0] < 1000 :]:
                found = {str(number).encode(), struct.pack("<d", number)}
                assert [one for one in found if one in body] == [], (path.name, number)
            assert struct.pack("<d", share(pair) / 100) not in body


LABEL = "update demo.label set words = 'canary (41.737)' where code = 'demo-canary'"
FACTS = "update demo.answer set facts = '{\"n\": 91193}' where indicator = 'demo-canary'"
HERE = "indicator = 'demo-canary' and area = 'demo-city' and period = '2013-S2'"
COUNT = f"update demo.measurement_vintage set numerator = 31337 where {HERE} and value is null"
GROUP = f"update demo.measurement_vintage set denominator = 91193 where {HERE} and value is null"


@pytest.mark.parametrize(
    ("change", "door"), [(LABEL, "page"), (FACTS, "query"), (COUNT, "trend"), (GROUP, "query")]
)
def test_the_attacker_would_notice(home: Path, tmp_path: Path, change: str, door: str):
    """One number put back in one place is found by the door that shows it."""
    shutil.copytree(home / "store", tmp_path / "store")
    pointer = tmp_path / "store" / "barometer.json"
    named = tmp_path / "store" / json.loads(pointer.read_text("utf-8"))["file"]
    named.chmod(0o600)
    with duckdb.connect(str(named)) as con:
        con.execute(change)
    if door == "page":
        text = sent("indicator_page", {"dataset": "demo", "indicator": "demo-canary"}, pointer)
    elif door == "trend":
        text = asked(pointer, ["trend", "demo-canary"], "csv", "en")
    else:
        words = [
            f"select * from {one} where indicator = 'demo-canary'"
            for one in ("measurement", "answer")
        ]
        text = "".join(
            dumped(barometer_lib.query(one, dataset="demo", store=pointer, max_rows=100_000))
            for one in words
        )
    assert leaks(text)
