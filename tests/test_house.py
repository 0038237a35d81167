"""Rules of the whole repository that no single room can hold."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "src" / "barometer_lib"
WORDS = PACKAGE / "locale" / "words"

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
LARGEST_FILE = 2_000_000
# Words that say nothing about what a thing is.
EMPTY_FILE_NAMES = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
EMPTY_NAMES = {"data", "df", "df2", "helper", "manager", "process", "tmp"}
DANISH = set("æøåÆØÅ")

# A path of somebody's machine; a path inside an address or a longer path is none.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~$}-])/(?:home|root|Users|work|workspace|opt|mnt|tmp|private)/[\w.]"
    r"|\b[A-Z]:\\\\?(?:Users|Windows)\b"
)
PACKAGE_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.(?:npmjs|yarnpkg)\.|anaconda\.(?:org|com)"
    r"|^\s*(?:--)?(?:extra-)?index-url|--find-links",
    re.MULTILINE,
)
THIS_FILE = Path(__file__).resolve()


@cache
def files_of_the_repository() -> tuple[Path, ...]:
    """What is committed, and what would be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    names = answer.stdout.decode("utf-8").split("\0")
    found = tuple(REPOSITORY / name for name in sorted(set(names)) if name)
    return tuple(file for file in found if file.is_file())


@cache
def sources() -> tuple[Path, ...]:
    return tuple(f for f in files_of_the_repository() if f.suffix == ".py" and PACKAGE in f.parents)


def text_of(file: Path) -> str:
    """The file as text; empty where it is no text."""
    content = file.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def place(file: Path, line: int | None = None) -> str:
    name = file.relative_to(REPOSITORY).as_posix()
    return name if line is None else f"{name}:{line}"


def matches(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for file in files_of_the_repository():
        if file == THIS_FILE:
            continue
        text = text_of(file)
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{place(file, line)}: {match.group().strip()}")
    return found


def test_the_repository_is_looked_at_at_all():
    names = {place(file) for file in files_of_the_repository()}
    assert {"pyproject.toml", "src/barometer_lib/__init__.py", "Makefile"} <= names
    assert len(sources()) > 5


def test_no_path_of_a_machine():
    assert matches(MACHINE_PATH) == []


@pytest.mark.parametrize(
    "line",
    [
        "open('/home/anna/x.csv')",
        "see /tmp/figures",
        "C:\\Users\\anna",
        "`/root/.venv`",
        "=/work/house",
    ],
)
def test_a_path_of_a_machine_is_recognised(line):
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "https://kk.dk/home/x",
        "src/work/x",
        "../tmp/x",
        "/usr/bin/chromium",
        "/overview",
        "$HOME/tmp/a",
    ],
)
def test_other_paths_are_not_taken_for_one(line):
    assert not MACHINE_PATH.search(line)


def test_no_host_that_packages_come_from():
    assert matches(PACKAGE_HOSTS) == []


def test_no_file_is_large():
    assert [place(f) for f in files_of_the_repository() if f.stat().st_size > LARGEST_FILE] == []


def test_no_symbolic_links():
    """Analysts sit on Windows."""
    assert [place(f) for f in files_of_the_repository() if f.is_symlink()] == []


def test_text_files_end_their_lines_the_same_way():
    """Files as delivered are left as they came."""
    delivered = REPOSITORY / "data" / "deliveries"
    ours = [file for file in files_of_the_repository() if delivered not in file.parents]
    assert [place(file) for file in ours if "\r\n" in text_of(file)] == []


def test_no_file_has_an_empty_name():
    python = [file for file in files_of_the_repository() if file.suffix == ".py"]
    assert [place(file) for file in python if file.stem in EMPTY_FILE_NAMES] == []


def names_given(tree: ast.AST) -> list[tuple[str, int]]:
    """Each name that the code gives to something of its own, and the line."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append((node.name, node.lineno))
        elif isinstance(node, ast.arg):
            found.append((node.arg, node.lineno))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append((node.id, node.lineno))
    return found


def test_nothing_has_an_empty_name():
    found = [
        f"{place(file, line)}: {name}"
        for file in sources()
        for name, line in names_given(ast.parse(text_of(file)))
        if name in EMPTY_NAMES
    ]
    assert found == []


def test_files_stay_short():
    lengths = {place(file): len(text_of(file).splitlines()) for file in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_functions_fit_a_screen():
    found = {
        f"{place(file, node.lineno)} {node.name}": length_without_docstring(node)
        for file in sources()
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in found.items() if lines > LONGEST_FUNCTION} == {}


def test_danish_stands_in_words_not_in_code():
    """Neither as letters nor as escapes of them."""
    found = []
    for file in sources():
        text = text_of(file)
        found += [
            place(file, number)
            for number, line in enumerate(text.splitlines(), start=1)
            if DANISH & set(line)
        ]
        found += [
            place(file, node.lineno)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and DANISH & set(node.value)
        ]
    assert sorted(set(found)) == []


def notebooks() -> list[Path]:
    return [file for file in files_of_the_repository() if file.suffix == ".ipynb"]


def has_output(cell: dict) -> bool:
    return cell["cell_type"] == "code" and bool(cell["outputs"] or cell["execution_count"])


def test_notebooks_are_committed_without_outputs():
    cells = {place(file): json.loads(text_of(file))["cells"] for file in notebooks()}
    assert [name for name, found in cells.items() if any(map(has_output, found))] == []


def test_a_dashboard_is_a_heading_and_one_cell():
    found = {}
    for file in notebooks():
        if file.parent == REPOSITORY / "dashboards":
            kinds = [cell["cell_type"] for cell in json.loads(text_of(file))["cells"]]
            found[place(file)] = kinds
    allowed = (["code"], ["markdown", "code"])
    assert {name: kinds for name, kinds in found.items() if kinds not in allowed} == {}


def fields_of(words: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(words) if field is not None}


def flat(tree: object, prefix: str = "") -> dict[str, set[str]]:
    """Each key with dots, and the fields its words take."""
    if not isinstance(tree, dict):
        return {prefix: fields_of(str(tree))}
    found: dict[str, set[str]] = {}
    for key, below in tree.items():
        found |= flat(below, f"{prefix}.{key}" if prefix else str(key))
    return found


def words_in(lang: str) -> dict[str, dict[str, set[str]]]:
    """Room -> key -> fields, for the words of pages and the messages of errors."""
    found = {
        file.stem: flat(yaml.safe_load(text_of(file)) or {})
        for file in sorted((WORDS / lang).glob("*.yml"))
    }
    messages = PACKAGE / "errors" / f"messages.{lang}.yml"
    if messages.is_file():
        found["errors"] = flat(yaml.safe_load(text_of(messages)))
    return found


def test_both_languages_have_the_same_words_with_the_same_fields():
    danish, english = words_in("da"), words_in("en")
    assert danish
    assert set(danish) == set(english)
    for room, keys in danish.items():
        assert set(keys) == set(english[room]), room
        for key, fields in keys.items():
            assert fields == english[room][key], f"{room}.{key}"


def store_columns() -> set[tuple[str, str]]:
    """Every column of every table and view of the store, as its SQL makes them."""
    import duckdb

    with duckdb.connect() as con:
        for page in ("schema.sql", "views.sql"):
            text = (PACKAGE / "store" / page).read_text("utf-8")
            con.execute(text.replace("{schema}", "published"))
        return set(
            con.execute(
                "select table_name, column_name from duckdb_columns() "
                "where not internal and schema_name = 'published'"
            ).fetchall()
        )


def test_every_column_of_the_store_is_registered_as_a_door():
    """Of each column it is known how it cannot tell of a hidden figure; a new one is thought of."""
    page = REPOSITORY / "tests" / "reference" / "disclosure_doors.yml"
    doors = yaml.safe_load(page.read_text("utf-8"))
    rooms = {
        room: [(table, column) for table, names in doors[room].items() for column in names]
        for room in ("safe", "checked")
    }
    known = [*rooms["safe"], *rooms["checked"]]
    found = store_columns()
    assert (sorted(found - set(known)), sorted(set(known) - found)) == ([], []), page.name
    assert len(known) == len(set(known)), "registered twice"


def command_names(command: Any, path: tuple[str, ...] = ()) -> set[str]:
    """Every command that can be given, with the words before it."""
    import click

    if not isinstance(command, click.Group):
        return {" ".join(path)}
    context = click.Context(command)
    return {
        name
        for one in command.list_commands(context)
        for name in command_names(command.get_command(context, one), (*path, one))
    }


def test_every_command_function_and_page_is_registered_as_a_door():
    """Of each it is known how it cannot tell of a hidden figure; a new one is thought of.

    Write it into tests/reference/disclosure_surfaces.yml: `asked` where it shows figures of groups
    (then tests/test_disclosure_surfaces.py asks it), `safe` with the reason where it shows none.
    """
    import importlib

    import barometer_lib
    from barometer_lib.cli import main

    page = REPOSITORY / "tests" / "reference" / "disclosure_surfaces.yml"
    doors = yaml.safe_load(page.read_text("utf-8"))
    rooms = [path.stem for path in (PACKAGE / "views").glob("*.py") if path.stem != "__init__"]
    views = {
        name
        for room in rooms
        for name in vars(importlib.import_module(f"barometer_lib.views.{room}"))
        if name.endswith("_page") and not name.startswith("_")
    }
    found = {
        "commands": command_names(main),
        "functions": set(barometer_lib.__all__),
        "pages": views,
    }
    for kind, names in found.items():
        known = {name for one in ("asked", "safe") for name in doors[kind][one]}
        assert (sorted(names - known), sorted(known - names)) == ([], []), (kind, page.name)
    dashboards = {path.stem for path in (REPOSITORY / "dashboards").glob("*.ipynb")}
    assert {f"{name}_page" for name in dashboards} <= set(doors["pages"]["asked"])
