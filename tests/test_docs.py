"""The written pages do what they say: guides are followed, the manual is the help."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from click.testing import CliRunner

from barometer_lib.catalogue.entries import KINDS
from barometer_lib.cli import main
from guides import Folder, blocks, commands, even, printed_as
from shared_store import REPOSITORY, pointer

DOCS = REPOSITORY / "docs"
PAGES = [REPOSITORY / "README.md", *sorted(DOCS.glob("*.md"))]
ROOT_PAGES = sorted(REPOSITORY.glob("*.md"))
WORDS = REPOSITORY / "src" / "barometer_lib" / "locale" / "words"
FROM_NOTHING = {"start.md"}


@cache
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", DOCS / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["refresh"] = module
    spec.loader.exec_module(module)
    return module


def text(page: Path) -> str:
    return page.read_text("utf-8")


# Guides are followed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_does_what_it_says(page, tmp_path):
    folder = Folder(tmp_path, built=page.name not in FROM_NOTHING)
    assert folder.follow(page) == []


def test_the_guides_are_all_there_and_do_something():
    for name in ("start", "add-an-indicator", "add-a-delivery", "read-a-status"):
        done = [
            step for b in blocks(DOCS / f"{name}.md") if b.kind == "console" for step in commands(b)
        ]
        assert len(done) >= 3, name
    asked = {block.kind for block in blocks(DOCS / "ask-a-trend-question.md")}
    assert {"console", "python", "sql"} <= asked
    assert {"console", "python", "sql"} <= {
        block.kind for block in blocks(REPOSITORY / "README.md")
    }


def test_five_lines_of_python():
    [python] = [block for block in blocks(REPOSITORY / "README.md") if block.kind == "python"]
    assert len(python.text.splitlines()) == 5


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("```console\n$ barometer trend no_such_thing\n```\n", "exit code 1"),
        ("```console\n$ barometer check --lang en\nAll is well.\n```\n", "prints"),
        ("```console\n$ barometer check  # exit code 1\n```\n", "exit code 0"),
        ("```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n", "prints"),
        ("```python\nraise SystemExit(3)\n```\n", "exit code 3"),
        ("```sql\nselect 1 as a\n```\n\n```text\n1 row(s)\n\na\n-\n2\n```\n", "prints"),
    ],
)
def test_a_page_that_says_something_else_is_noticed(page, wrong, tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text(page, "utf-8")
    found = Folder(tmp_path, built=True).follow(guide)
    assert any(wrong in one for one in found)


@pytest.mark.parametrize(
    ("said", "shown", "same"),
    [
        ("a\nb\n", "a\nb", True),
        ("a  \nb", "a\nb", True),
        ("a b", "a b", True),
        ("one two three", "one ... three", True),
        ("one\ntwo\nthree", "...\ntwo\n...", True),
        ("one two", "one three", False),
        ("one two", "one", False),
        ("1x5", "1.5", False),
    ],
)
def test_dots_stand_for_anything_and_nothing_else_does(said, shown, same):
    assert printed_as(said, shown) is same


# The manual is the help


def test_the_manual_shows_every_help_word_for_word():
    page = text(DOCS / "command-line.md")
    shown = {
        block.extras["help"]: block.text
        for block in blocks(DOCS / "command-line.md")
        if "help" in block.extras
    }
    for path in refresh().commands():
        name = "-".join(("barometer", *path))
        assert shown.pop(name, None) == refresh().help_of(path), (
            f"run: python docs/refresh.py ({name})"
        )
    assert shown == {}
    assert refresh().with_help(page) == page


CITIES = str(DOCS / "synthetic-cities.csv")
POLICY = [
    str(REPOSITORY / "docs" / "synthetic-policy-index" / f"{name}.csv")
    for name in ("structure", "answers", "questions", "judges")
]
ASEM = [
    str(REPOSITORY / "tests" / "reference" / f"asem_{one}.csv")
    for one in ("meta", "raw", "denominators")
]
ASKED = {
    "check": [("check",)],
    "build": [("build",)],
    "status": [
        ("status", "--policy", "2011-2014"),
        ("status", "--policy", "2007-2010"),
        ("status", "--policy", "sikker-by"),
        ("status", "--policy", "demo-2011-2014", "--dataset", "demo"),
    ],
    "trend": [
        ("trend", "utryg_nabolag"),
        ("trend", "kar_gab_ratio"),
        ("trend", "utryg_nabolag", "--area", "tu-bispebjerg"),
        ("trend", "demo-employment", "--dataset", "demo"),
        ("trend", "demo-youth-education", "--dataset", "demo"),
        ("trend", "demo-inclusion-index", "--dataset", "demo"),
        ("trend", "demo-mentors", "--dataset", "demo"),
    ],
    "assess": [
        ("assess", "--policy", "sikker-by", "--compare-rules"),
        ("assess", "--policy", "demo-2011-2014", "--dataset", "demo", "--compare-rules"),
    ],
    "charter": [("charter", "--dataset", "demo"), ("charter",)],
    "evaluate": [
        (
            "evaluate",
            "demo-unsafe",
            "--treated",
            "demo-08,demo-10",
            "--from",
            "2010-S2",
            "--dataset",
            "demo",
        ),
    ],
    "gap": [
        ("gap", "demo-employment", "--dataset", "demo"),
        ("gap", "demo-young-charged", "--dataset", "demo"),
        ("gap", "utryg_nabolag"),
    ],
    "compare": [
        ("compare", "demo-welfare", "--dataset", "demo", "--along", "demo-employment"),
        ("compare", "demo-unsafe", "--period", "2012-S1", "--dataset", "demo"),
    ],
    "rank": [
        ("rank", "icc"),
        ("rank", "icc", "--scope", "members"),
        ("rank", "demo-icc", "--scope", "peers", "--dataset", "demo"),
        ("rank", "icc", "--edition", "2017-08", "--scope", "named-2012"),
        ("rank", "icc", "--edition", "2012-01", "--against", "2011-spring"),
        ("rank", "demo-icc", "--against", "demo-2010", "--dataset", "demo"),
    ],
    "publish": [("publish", "--round", "2008-11")],
    "query": [("query", "select 1 as a")],
    "diff": [("diff", "demo-2011-01", "demo-2011-07", "--dataset", "demo")],
    "revisions": [("revisions", "demo-welfare", "--dataset", "demo")],
    "report": [("report", "--round", "demo-2014-07", "--dataset", "demo")],
    "agenda": [("agenda", "--round", "demo-2014-07", "--dataset", "demo")],
    "letter": [
        ("letter", "--round", "demo-2014-07", "--dataset", "demo"),
        ("letter", "--round", "demo-2013-07", "--draft", "--dataset", "demo"),
    ],
    "index stress": [
        ("index", "stress", "--table", CITIES, "--unit", "Echo", "--draws", "100"),
        ("index", "stress", "--table", CITIES, "--order", "Echo", "--order", "Delta"),
    ],
    "index build": [
        (
            "index",
            "build",
            ASEM[0],
            ASEM[1],
            "--denominators",
            ASEM[2],
            "--treat",
            "3",
            "--impute",
            "group_mean",
            "--group",
            "Group_EurAsia",
            "--least-known",
            "0.9",
        ),
        (
            "index",
            "build",
            *POLICY[:2],
            "--questionnaire",
            POLICY[2],
            "--weights",
            "budget",
            "--budget",
            POLICY[3],
            "--normalise",
            "none",
            "--about",
            "Eland",
            "--without-each",
            "2",
            "--against",
            POLICY[0],
        ),
        (
            "index",
            "build",
            *POLICY[:2],
            "--questionnaire",
            POLICY[2],
            "--weights",
            "optimised",
            "--wanted",
            "work=2",
            "--without-each",
            "1",
        ),
    ],
    "index what-if": [
        ("index", "what-if", "--table", CITIES, "--unit", "Kilo", "--rank", "1", "--drop", "media"),
        ("index", "what-if", "--table", CITIES, "--unit", "Kilo", "--draws", "100"),
    ],
}
OPEN = {
    "facts",
    "target",
    "chances",
    "groups",
    "alphas",
    "wanted",
    "build rows",
    "query rows[]",
}  # their keys differ from case to case
BROKEN = """- id: [
"""


def keys_of(command: str, content: object, path: str = "") -> set[str]:
    """Every key of a JSON answer by its path; labels, and what lies below open keys, left out."""
    if OPEN & {path.rsplit(".", maxsplit=1)[-1], f"{command} {path}"}:
        return {path}
    if isinstance(content, list):
        found = {key for one in content for key in keys_of(command, one, f"{path}[]")}
        return found or {f"{path}[]"}
    if not isinstance(content, dict):
        return {path}
    return {
        below
        for key, value in content.items()
        if not key.endswith("_label")
        for below in keys_of(command, value, f"{path}.{key}" if path else key)
    }


def documented_keys(command: str) -> set[str]:
    section = (
        text(DOCS / "command-line.md").split(f"\n## barometer {command}\n")[1].split("\n## ")[0]
    )
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`([^`]+)`", row)}


def answers(command: str, folder: Path) -> list[dict]:
    answered = []
    for arguments in ASKED[command]:
        more = {
            "check": ("--data", str(REPOSITORY / "data")),
            "build": ("--data", str(REPOSITORY / "data"), "--store", str(folder / "b.json")),
            "index build": (),
            "report": ("--out", str(folder), "--store", str(pointer())),
            "agenda": ("--out", str(folder), "--store", str(pointer())),
            "letter": ("--out", str(folder), "--store", str(pointer())),
            "publish": (
                *("--store", str(pointer()), "--data", str(REPOSITORY / "data")),
                *("--out", str(folder / "public")),
            ),
        }.get(command, ("--store", str(pointer())))
        done = CliRunner().invoke(main, [*arguments, *more, "--format", "json"])
        assert done.exit_code == 0, done.stderr
        answered.append(json.loads(done.stdout))
    if command == "check":
        (folder / "catalogue").mkdir()
        (folder / "catalogue" / "goals.yml").write_text(BROKEN, "utf-8")
        broken = CliRunner().invoke(main, ["check", "--data", str(folder), "--format", "json"])
        answered.append(json.loads(broken.stdout))
    return answered


@pytest.mark.parametrize("command", ASKED)
def test_every_key_of_json_is_documented_and_no_other(command, tmp_path):
    found: set[str] = set()
    for answer in answers(command, tmp_path):
        found |= keys_of(command, answer)
    # A part that was blank in one answer is known by its keys in another.
    found = {
        one
        for one in found
        if not any(other.startswith((f"{one}.", f"{one}[]")) for other in found - {one})
    }
    documented = documented_keys(command)
    assert documented - found == set(), "documented, and not there"
    assert {one for one in found - documented if f"{one}[]" not in documented} == set()


def test_exit_codes_are_told_on_every_help():
    for path in refresh().commands():
        said = refresh().help_of(path)
        if not path or "\nCommands:" not in said:
            assert "0 good, 1 faults in what was given, 2 wrong use" in said, path


# The store's tables


def test_every_table_and_column_of_the_store_is_documented():
    page = text(DOCS / "store.md")
    sections = dict(re.findall(r"^### (\w+)\n\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    assert set(sections) == set(refresh().columns())
    for name, columns in refresh().columns().items():
        shown = re.findall(r"`([^`]+)`", sections[name].split("Columns: ")[1].split("\n")[0])
        assert shown == columns, f"{name}: run python docs/refresh.py"
        assert refresh().UNDESCRIBED not in sections[name], name
    assert refresh().with_columns(page) == page


def test_the_documented_tables_are_those_of_a_built_store():
    sql = (
        "select distinct table_name from information_schema.tables where table_schema = 'published'"
    )
    asked = ["query", sql, "--store", str(pointer()), "--format", "json"]
    rows = json.loads(CliRunner().invoke(main, asked).stdout)["rows"]
    assert {row["table_name"] for row in rows} == set(refresh().columns())


# Words


def status_codes() -> set[str]:
    words = yaml.safe_load(text(WORDS / "en" / "status.yml"))
    groups = ("code", "indicator_reason", "goal_reason", "kind")
    return {code for group in groups for code in words[group]}


def test_every_kind_and_every_code_a_reader_meets_is_explained():
    explained = set(re.findall(r"`([\w-]+)`", text(REPOSITORY / "GLOSSARY.md")))
    explained |= set(re.findall(r"`([\w-]+)`", text(REPOSITORY / "METHODS.md")))
    assert set(KINDS) - explained == set()
    assert status_codes() - explained == set()


def test_danish_words_of_statuses_are_those_of_the_pages():
    glossary = text(REPOSITORY / "GLOSSARY.md")
    words = yaml.safe_load(text(WORDS / "da" / "status.yml"))["code"]
    shown = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]+) \|", glossary, re.MULTILINE))
    for code, said in words.items():
        assert shown[code] == said["name"], code


def test_methods_name_tests_that_exist():
    named = set(re.findall(r"`(tests/\w+\.py)`", text(REPOSITORY / "METHODS.md")))
    assert len(named) >= 4
    assert {name for name in named if not (REPOSITORY / name).is_file()} == set()


def links() -> list[tuple[str, str]]:
    pages = [*ROOT_PAGES, *DOCS.glob("*.md"), *REPOSITORY.glob("analysis/**/*.md")]
    return [
        (page.relative_to(REPOSITORY).as_posix(), target)
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", text(page))
        if not target.startswith(("http:", "https:"))
    ]


def test_every_link_inside_the_repository_leads_somewhere():
    found = links()
    assert len(found) > 10
    assert [
        (page, target)
        for page, target in found
        if not ((REPOSITORY / page).parent / target).exists()
    ] == []


def test_spaces_are_evened():
    assert even("93,1\u00a0pct. \n") == "93,1 pct."
