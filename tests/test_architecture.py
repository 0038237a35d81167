"""The storeys of the house: held by the import contract, and told truly by ARCHITECTURE.md."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "src" / "barometer_lib"
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def contract() -> dict:
    table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {entry["id"]: entry for entry in table["tool"]["importlinter"]["contracts"]}
    return contracts["storeys"]


def storeys() -> list[list[str]]:
    """The rooms of each storey, highest first."""
    return [[room.strip(" ()") for room in layer.split("|")] for layer in contract()["layers"]]


def rooms() -> set[str]:
    """What exists: modules and packages straight below barometer_lib."""
    files = {file.stem for file in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    return files | {file.parent.name for file in PACKAGE.glob("*/__init__.py")}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the code in folder/src to the contracts of this repository."""
    config = str(REPOSITORY / "pyproject.toml")
    command = [sys.executable, "-c", LINT, "--config", config, "--no-cache", "--no-logo"]
    source = folder / "src"
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


def test_the_contracts_are_kept():
    done = lint(REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_contract_names_the_rooms_that_exist():
    named = [room for storey in storeys() for room in storey]
    assert len(named) == len(set(named))
    assert set(named) == rooms()


def test_the_contract_lets_no_room_stay_out():
    assert contract()["exhaustive"] is True
    assert contract()["containers"] == ["barometer_lib"]
    assert "exhaustive_ignores" not in contract()
    assert "ignore_imports" not in contract()


def break_upwards(source: Path) -> None:
    write(source, "errors", "from barometer_lib import catalogue")


def break_upwards_inside_a_function(source: Path) -> None:
    write(source, "errors", "def late() -> None:\n    import barometer_lib.catalogue")


def break_upwards_for_types(source: Path) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import barometer_lib.catalogue"
    write(source, "errors", text)


def break_sideways(source: Path) -> None:
    write(source, "store", "import barometer_lib.deliveries")


def break_by_a_new_room(source: Path) -> None:
    (source / "annexe.py").write_text("", encoding="utf-8")


def break_by_sql(source: Path) -> None:
    write(source, "catalogue", "def late() -> None:\n    import duckdb")


def break_by_a_widget(source: Path) -> None:
    write(source, "periods", "import anywidget")


def break_by_a_server(source: Path) -> None:
    write(source, "periods", "from tornado import web")


def write(source: Path, room: str, text: str) -> None:
    """Append to a room, be it a file or a folder."""
    file = source / f"{room}.py"
    if not file.is_file():
        file = source / room / "__init__.py"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "contract_name"),
    [
        (break_upwards, "Rooms stand in storeys"),
        (break_upwards_inside_a_function, "Rooms stand in storeys"),
        (break_upwards_for_types, "Rooms stand in storeys"),
        (break_sideways, "Rooms stand in storeys"),
        (break_by_a_new_room, "Rooms stand in storeys"),
        (break_by_sql, "SQL lives in store and deliveries alone"),
        (break_by_a_widget, "Only views draws widgets"),
        (break_by_a_server, "Only serve knows the server"),
    ],
)
def test_a_broken_house_is_noticed(damage, contract_name, tmp_path):
    source = tmp_path / "src" / "barometer_lib"
    ignored = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(PACKAGE, source, ignore=ignored)
    damage(source)
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^{contract_name} BROKEN\b", done.stdout, re.MULTILINE), done.stdout


def told_storeys() -> list[list[str]]:
    """The block of ARCHITECTURE.md that draws the storeys: from `cli` down to `errors`."""
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    drawn = [block for block in blocks if re.match(r"cli\b", block) and "\nerrors" in block]
    assert len(drawn) == 1, "one block of ARCHITECTURE.md draws the storeys"
    return [[room.strip() for room in line.split("|")] for line in drawn[0].splitlines()]


def test_architecture_draws_the_storeys_of_the_contract():
    told = [sorted(storey) for storey in told_storeys()]
    assert told == [sorted(storey) for storey in storeys()]


def test_architecture_speaks_of_every_room():
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert {room for room in rooms() if f"`{room}`" not in text} == set()
