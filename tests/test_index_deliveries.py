"""Component scores as deliveries: a column for each component, as text and as a workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml

from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.deliveries import read
from barometer_lib.errors import say_fault
from shared_store import REPOSITORY

SHIPPED = REPOSITORY / "data" / "deliveries" / "demo" / "icc-network" / "2014-05-01"


@pytest.fixture(scope="module")
def content() -> Catalogue:
    found, _ = inspect(REPOSITORY / "data" / "catalogue" / "demo")
    assert found is not None
    return found


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "icc-network" / "2014-05-01"))


def rows() -> list[list[str]]:
    page = (SHIPPED / "components.csv").read_text("utf-8")
    return list(csv.reader(page.splitlines(), delimiter=";"))


def deliver(place: Path, body: bytes, name: str, **said: str) -> None:
    """Puts another file of component scores in the place of the shipped one."""
    page = place / "delivery.yml"
    description = yaml.safe_load(page.read_text("utf-8"))
    entry = next(one for one in description["files"] if one["holds"] == "index_components")
    (place / entry["file"]).unlink()
    (place / name).write_bytes(body)
    entry |= {"file": name, "sha256": hashlib.sha256(body).hexdigest(), **said}
    page.write_text(yaml.safe_dump(description, allow_unicode=True), "utf-8")


def as_csv(table: list[list[str]]) -> bytes:
    return "".join(";".join(row) + "\n" for row in table).encode()


def scores(place: Path, content: Catalogue) -> list[tuple[str, str, str, float | None]]:
    found = read(place.parents[1], content)
    assert [say_fault(one, "en") for one in found.faults] == []
    return [
        (row["city"], row["edition"], row["component"], row["score"])
        for table in found.index_components
        for row in table.to_pylist()
    ]


def test_a_workbook_says_what_the_text_says(place: Path, content: Catalogue) -> None:
    plain = scores(place, content)
    assert len(plain) == 633 * 18
    assert sum(score is None for *_, score in plain) == 7
    book = openpyxl.Workbook()
    assert book.active is not None
    for number, row in enumerate(rows()):
        cells = [int(one) if number and place_ > 0 and one else one or None
                 for place_, one in enumerate(row)]  # fmt: skip
        cells[1] = row[1]
        book.active.append(cells)
    body = io.BytesIO()
    book.save(body)
    deliver(place, body.getvalue(), "components.xlsx", format="xlsx")
    assert scores(place, content) == plain


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [(2, "many", "not_a_number"), (2, "101", "out_of_range"), (2, "-1", "out_of_range"),
     (0, "demo-nowhere", "not_mapped")],
)  # fmt: skip
def test_a_fault_is_told_with_its_row(
    place: Path, content: Catalogue, column: int, cell: str, code: str
) -> None:
    table = rows()
    table[3][column] = cell
    deliver(place, as_csv(table), "components.csv")
    faults = read(place.parents[1], content).faults
    assert {(one.code, one.line) for one in faults} == {(code, 4)}
    assert cell in say_fault(faults[0], "en")


def test_a_city_twice_is_a_fault(place: Path, content: Catalogue) -> None:
    table = rows()
    table.append(table[1])
    deliver(place, as_csv(table), "components.csv")
    faults = read(place.parents[1], content).faults
    assert {one.code for one in faults} == {"duplicate"}
    assert {one.line for one in faults} == {len(table)}
