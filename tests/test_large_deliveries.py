"""Large deliveries read at once: the same faults and the same measurements as the general path.

The general path is the witness here; its rules are held to outside figures in their own tests.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from benchmarks import nation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.catalogue.entries import Group, Indicator
from barometer_lib.cli import progress
from barometer_lib.deliveries import Delivered, checks, large, read
from barometer_lib.deliveries.large import arrays, form
from barometer_lib.deliveries.large.numbers import written
from barometer_lib.errors import Fault

CODE = "office/2026-01-20"
DEMO = "statistics-office/2008-07-20"
ROOT = Path(__file__).resolve().parents[1]
Rows = list[list[str]]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Delivered, Delivered, int]]:
    """Reads a folder on the general path and at once; says how many files went at once."""

    def look(
        folder: Path, content: Catalogue, only: str | None = None
    ) -> tuple[Delivered, Delivered, int]:
        monkeypatch.setattr(large, "LEAST_BYTES", 1 << 60)
        general = read(folder, content, only)
        monkeypatch.setattr(large, "LEAST_BYTES", 0)
        taken = []
        take = large.take

        def watched(*given: Any, **more: Any) -> large.Taken | None:
            taken.append(take(*given, **more))
            return taken[-1]

        with monkeypatch.context() as patch:
            patch.setattr(large, "take", watched)
            at_once = read(folder, content, only)
        return general, at_once, sum(one is not None for one in taken)

    return look


def delivered(folder: Path, rows: Rows, name: str = CODE, **more: Any) -> Path:
    """A delivery of those rows in `folder`; `ending` and others say how it is written."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    ending = more.pop("ending", "\n")
    cut = more.get("delimiter", ",")
    header = more.pop("header", list(nation.COLUMNS))
    text = ending.join(cut.join(row) for row in [header, *rows]) + more.pop("last", ending)
    (place / "figures.csv").write_bytes(more.pop("mark", b"") + text.encode())
    nation.describe(place, "figures.csv", **more)
    return folder


def told(faults: Sequence[Fault]) -> list[str]:
    return sorted(map(repr, faults))


def figures(found: Delivered) -> list[dict[str, Any]]:
    """The measurements as rows, in the order of files and lines."""
    rows = [row for table in found.measurements for row in table.to_pylist()]
    return sorted(rows, key=lambda row: (row["delivery"], row["file"], row["line"]))


def alike(general: Delivered, at_once: Delivered) -> None:
    assert told(at_once.faults) == told(general.faults)
    assert repr(figures(at_once)) == repr(figures(general))


def sound(content: Catalogue) -> Rows:
    return list(nation.rows(content))


def damage(rows: Rows) -> None:
    """Every kind of fault that a row can have, in rows of their own."""
    rows[5][4] = "many"
    rows[6][4] = "5e1"
    rows[7][1] = "a9999"
    rows[8][1] = "a9999"
    rows[10] = rows[9][:]
    rows[11][4] = "101.5"
    rows[400][4] = "101.5"
    rows[402][4] = "-3"
    rows[13].append("7")
    rows[14].pop()
    rows[15][3] = "2011"
    rows[16][4] = ""
    rows[17][0] = ""
    rows[18][1] = ""
    rows[19][2] = ""
    rows[20][2] = rows[20][2].upper()
    rows[21][2] = "other:x"
    rows[22][4] = "+5"
    rows[23][4] = " 5 "
    rows[24][4] = "−5"
    rows[25][4] = "5,5"
    rows[26][4] = "1.2.3"
    rows[27][4] = "nan"
    rows[28][3] = "2011-Q9"
    rows[31] = [*rows[30][:4], "none"]  # a twin that cannot be read
    rows[33] = [*rows[32][:4], "+7"]  # a twin that is not plainly written
    rows[34][4] = "5."
    rows[35][4] = ".5"
    rows[36][4] = "7.125"


def test_every_fault_is_the_same_on_both_paths(both: Any, tmp_path: Path):
    content = nation.nation()
    rows = sound(content)
    damage(rows)
    general, at_once, taken = both(delivered(tmp_path, rows), content)
    assert taken == 1
    alike(general, at_once)
    codes = {one.code for one in at_once.faults}
    assert {
        "not_a_number", "not_mapped", "not_a_period", "duplicate", "out_of_range",
        "row_width", "frequency_other", "value_missing", "field_missing", "group_definition",
    } <= codes  # fmt: skip
    lines = {one.line for one in at_once.faults if one.code == "duplicate"}
    assert {12, 33, 35} <= lines


def with_counts(rows: Rows) -> Rows:
    """Shares with what they are counted from; every rule that numbers can break."""
    found = []
    for number, row in enumerate(rows):
        whole = 1000 + number
        count = round(whole * float(row[4]) / 100)
        found.append([*row[:4], f"{100 * count / whole:.1f}", str(count), str(whole), "", ""])
    found[256][5] = "5000"
    found[257][4] = "12.3"
    found[258][7] = "suppressed"
    found[259][4], found[259][7] = "", "suppressed"
    found[260][8] = "count"
    found[261][8] = "percent"
    found[262][6] = "0"
    found[263][6] = "x"
    return found


EXTRA = ("numerator", "denominator", "status", "unit")


def test_counts_marks_and_maps_are_the_same_on_both_paths(both: Any, tmp_path: Path):
    content = nation.nation(4, 4, 3, "count")
    rows = with_counts(sound(content))
    rows[50][4] = ".."
    columns: dict[str, Any] = {name: {"column": name} for name in EXTRA}
    columns["area"] = {"column": "area", "map": {"a0001": "a0002", "Q": "a0001"}}
    rows[52][1] = "Q"
    folder = delivered(
        tmp_path, rows, header=[*nation.COLUMNS, *EXTRA], columns=columns,
        marks={"..": "suppressed"},
    )  # fmt: skip
    general, at_once, taken = both(folder, content)
    assert taken == 1
    alike(general, at_once)
    codes = {one.code for one in at_once.faults}
    assert {"numerator_above", "share_disagrees", "value_and_status", "unit_disagrees"} <= codes


def test_parts_against_totals_are_the_same_on_both_paths(both: Any, tmp_path: Path):
    content = nation.nation(2, 3, 3, "count")
    total = content.entries["group"]["origin:all"]
    assert isinstance(total, Group)
    parts = total.model_copy(update={"parts": ["origin:g01", "origin:g02"]})
    content.entries["group"]["origin:all"] = parts  # type: ignore[index]
    general, at_once, taken = both(delivered(tmp_path, sound(content)), content)
    assert taken == 1
    alike(general, at_once)
    assert {"parts_total"} <= {one.code for one in at_once.faults}


def test_a_delivery_against_the_last_is_the_same_on_both_paths(both: Any, tmp_path: Path):
    content = nation.nation(2, 4, 3)
    first = sound(content)
    later = [row[:] for row in first if row[1] != "a0003"]
    later[3][4] = "9999"
    delivered(tmp_path, first, "office/2025-01-20")
    general, at_once, taken = both(delivered(tmp_path, later), content)
    assert taken == 2
    alike(general, at_once)
    assert {"coverage_shrunk", "value_jumped"} <= {one.code for one in at_once.faults}


@pytest.mark.parametrize(
    ("how", "taken"),
    [
        ({"ending": "\r\n"}, 1),
        ({"mark": b"\xef\xbb\xbf"}, 1),
        ({"last": ""}, 1),
        ({"delimiter": ";"}, 1),
        ({"last": "\n\n"}, 0),
        ({"encoding": "windows-1252"}, 0),
        ({"header_row": 2}, 0),
        ({"skip_rows": [4]}, 0),
        ({"marks": {"0": "suppressed"}}, 0),
        ({"columns": {"group": None, "unit": {"constant": "mean"}}}, 1),
        ({"columns": {"unit": {"default": "indicator"}, "source": {"constant": "t"}}}, 1),
    ],
)
def test_ways_of_writing_are_the_same_on_both_paths(
    both: Any, tmp_path: Path, how: dict[str, Any], taken: int
):
    content = nation.nation(2, 3, 3)
    rows = sound(content)
    rows[3][4] = "x"
    general, at_once, found = both(delivered(tmp_path, rows, **how), content)
    assert found == taken
    alike(general, at_once)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2009-Q1", b'"2009-Q1"'),
        (b"i001,", b'"i001\n",'),
        (b"\ni001,a0001", b"\n\ni001,a0001"),
        (b"i001,a0001", b'i0"01,a0001'),
        (b"i001,a0001", b'"i001,a0001'),
        (b"i001,a0001", b"\xff001,a0001"),
        (b"i001,a0001", "ø001,a0001".encode()),
        (b"value", b"area"),
        (b"value", b"other"),
        (b"\ni001,a0001", b"\r\ni001,a0001"),
    ],
)
def test_what_is_not_plain_is_left_to_the_general_path(
    both: Any, tmp_path: Path, old: bytes, new: bytes
):
    content = nation.nation(2, 3, 3)
    place = delivered(tmp_path, sound(content)) / CODE
    page = (place / "figures.csv").read_bytes()
    assert old in page
    (place / "figures.csv").write_bytes(page.replace(old, new, 1))
    nation.describe(place, "figures.csv")
    alike(*both(tmp_path, content)[:2])


ODD = ["", "x", "5e1", "1e400", "+5", "-", "..", "0", "-0", "101", "7.", ".7", "5,5", "i001", "a1",
       "a0001", "origin:all", "2008-Q1", "2008", "1800", "INF",
       "1_000", "0x1", " 5", "\u00a05"]  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
@given(
    st.lists(
        st.tuples(st.integers(0, 215), st.integers(0, 4), st.sampled_from(ODD) | st.none()),
        max_size=40,
    ),
    st.lists(st.tuples(st.integers(0, 215), st.integers(0, 215)), max_size=8),
    st.sampled_from([".", ","]),
)
def test_any_damage_gives_the_same_faults(
    both: Any,
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[int, int, str | None]],
    twins: list[tuple[int, int]],
    decimal: str,
):
    content = nation.nation(2, 3, 2)
    rows = sound(content)
    if decimal == ",":
        rows = [[*row[:4], row[4].replace(".", ",")] for row in rows]
    for one, other in twins:
        rows[one] = rows[other][:]
    for row, column, cell in cells:
        if cell is None:
            rows[row] = [*rows[row], "1"] if column % 2 else rows[row][:-1]
        elif column < len(rows[row]):
            rows[row][column] = cell
    folder = tmp_path_factory.mktemp("damaged")
    more = {"delimiter": ";", "decimal": decimal}
    general, at_once, taken = both(delivered(folder, rows, **more), content)
    assert taken == 1
    alike(general, at_once)


def test_the_demo_city_is_the_same_on_both_paths(both: Any):
    """Maps, decimal commas, statuses and counts of deliveries that follow each other."""
    content, _ = inspect(ROOT / "data" / "catalogue" / "demo")
    assert content is not None
    general, at_once, taken = both(ROOT / "data" / "deliveries" / "demo", content, DEMO)
    assert taken == 4
    alike(general, at_once)


def test_only_so_many_faults_of_a_rule_are_told_on_either_path(
    both: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checks, "FAULTS_PER_RULE", 7)
    content = nation.nation(2, 4, 3)
    rows = sound(content)
    for row in random.Random(3).sample(rows, 90):
        row[4] = "1000" if row[0] == "i001" else ""
    general, at_once, taken = both(delivered(tmp_path, rows), content)
    assert taken == 1
    alike(general, at_once)
    assert sum(one.code == "out_of_range" for one in at_once.faults) == 7


def test_every_rule_says_what_it_looks_at():
    """A rule that is missing here would not be looked at in large deliveries."""
    assert {*checks.OF_CODES, *checks.OF_NUMBERS} == set(checks.rules())
    assert not set(checks.OF_CODES) & set(checks.OF_NUMBERS)


def test_without_measurements_wanted_the_faults_are_the_same(tmp_path: Path, both: Any):
    content = nation.nation(2, 3, 3)
    rows = sound(content)
    rows[3][4] = "x"
    general, _, _ = both(delivered(tmp_path, rows), content)
    bare = read(tmp_path, content, CODE, wanted=False)
    assert bare.measurements == []
    assert told(bare.faults) == told(general.faults)


def test_lines_are_found_across_the_blocks_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    content = nation.nation(2, 4, 3)
    place = delivered(tmp_path, sound(content), last="") / CODE / "figures.csv"
    lines = place.read_bytes().split(b"\n")
    spec = read_spec()
    for size in (8, 29, 30, 64, 4096):
        monkeypatch.setattr(form, "BLOCK", size)
        monkeypatch.setattr(form, "PIECE", size * 4)
        found = form.form_of(place, spec)
        assert found is not None
        assert found.rows == len(lines) - 1
        wanted = np.array([2, 3, 17, 18, 60, len(lines)])
        assert form.lines_of(place, found, wanted) == [lines[one - 1] + b"\n" for one in wanted]


def read_spec() -> Any:
    from barometer_lib.deliveries.description import DeliveredFile

    return DeliveredFile(file="figures.csv", holds="measurements", sha256="0" * 64)


@pytest.mark.parametrize("room", [0, 1 << 20])
def test_keys_tell_twins_whatever_room_there_is(room: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrays, "LEAST_ROOM", room)
    monkeypatch.setattr(arrays, "ROOM_PER_ROW", 0)
    random_numbers = np.random.default_rng(4)
    columns = [random_numbers.integers(low, 12, 300) for low in (-1, 0, -1)]
    keys = arrays.Keys.of(columns, [12, 12, 12])
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert keys.twins().tolist() == [n for n, row in enumerate(rows) if rows.count(row) > 1]
    assert len(keys.representatives()) == len(set(rows))
    others = [rows[3], rows[77], (11, 11, -2), (-1, 5, -2)]
    found = keys.rows_with([np.array(column) for column in zip(*others, strict=True)])
    assert found.tolist() == [n for n, row in enumerate(rows) if row in others]


def test_numbers_and_their_decimals_are_read_as_written():
    cells = ["1", "12.5", None, "-3.25", "5.", ".5", "1e5", "x", "7.125", "-", "1.2.3"]
    found = written(pa.chunked_array([cells[:4], cells[4:], ["1.5", "2.5"]]), ".")
    assert found.values[[0, 1, 3, 4, 5, 8, 11]].tolist() == [1, 12.5, -3.25, 5, 0.5, 7.125, 1.5]
    assert found.decimals[[0, 1, 3, 4, 5, 8, 11, 12]].tolist() == [0, 1, 2, 0, 1, 3, 1, 1]
    assert np.flatnonzero(found.blank).tolist() == [2]
    assert np.flatnonzero(found.odd).tolist() == [6, 7, 9, 10]


def test_the_usual_group_of_an_indicator_makes_twins_too(both: Any, tmp_path: Path):
    content = nation.nation(2, 3, 3)
    rows = sound(content)
    assert all(one.group == "origin:all" for one in content.all(Indicator))
    rows.append([*rows[0][:2], "", *rows[0][3:]])
    general, at_once, taken = both(delivered(tmp_path, rows), content)
    assert taken == 1
    alike(general, at_once)
    assert [one.line for one in at_once.faults] == [len(rows) + 1]


def test_a_bar_is_drawn_for_what_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with progress.progress() as quick:
        quick.seen("quick.csv", 0.5)
        quick.seen("quick.csv", 1.0)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with progress.progress() as slow:
        for share in (0.1, 0.4, 0.2, 1.5):
            slow.seen("office/slow.csv", share)
        assert slow.bar.pos == progress.STEPS
    told_here = capsys.readouterr()
    assert told_here.out == ""
    assert "office/slow.csv" in told_here.err
