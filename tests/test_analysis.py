"""Every analysis runs from top to bottom on the shipped figures, through public functions alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import barometer_lib
from shared_store import REPOSITORY, pointer

ANALYSES = REPOSITORY / "analysis"
NOTEBOOKS = sorted(ANALYSES.glob("*/*.ipynb"))
PUBLIC = set(barometer_lib.__all__)


def code_of(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def run(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    return client.execute()


def test_there_is_a_worked_example():
    assert NOTEBOOKS


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_a_notebook_runs(notebook, monkeypatch):
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))
    done = run(nbformat.read(notebook, as_version=4), notebook.parent)
    shown = [cell for cell in done.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 5


def test_a_notebook_whose_answer_no_longer_holds_fails(monkeypatch):
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))
    asked = (
        'import barometer_lib\nassert barometer_lib.trend("utryg_nabolag").rows[0]["value"] == 12'
    )
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(asked)])
    with pytest.raises(CellExecutionError):
        run(book, ANALYSES)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_a_notebook_uses_public_functions_only(notebook):
    tree = ast.parse(code_of(notebook))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("barometer_lib"):
            assert node.module == "barometer_lib"
            assert {alias.name for alias in node.names} <= PUBLIC
        if isinstance(node, ast.Import):
            assert not [one for one in node.names if one.name.startswith("barometer_lib.")]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "barometer_lib" or node.attr in PUBLIC


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_a_folder_has_a_date_a_question_and_an_answer(notebook):
    folder = notebook.parent
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+", folder.name)
    page = (folder / "README.md").read_text("utf-8")
    assert "**Question.**" in page
    assert "**Answer**" in page
    assert folder.name in (ANALYSES / "README.md").read_text("utf-8")


def test_nothing_imports_an_analysis():
    sources = (REPOSITORY / "src").rglob("*.py")
    assert [path for path in sources if "analysis" in re.findall(r"^\s*(?:import|from) (\w+)",
            path.read_text("utf-8"), re.MULTILINE)] == []  # fmt: skip


def test_the_answer_quotes_the_figures_as_they_are(monkeypatch):
    """What README.md says of safety in the districts is what the store says."""
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))
    found = barometer_lib.trend("utryg_nabolag")
    values = {row["period"]: row["value"] for row in found.rows}
    assert (values["2009"], values["2016"], values["2018"], values["2022"]) == (11, 6.4, 12, 9)
    line = found.content["trend"]
    assert tuple(round(line[key], 2) for key in ("slope_per_year", "low", "high")) == (
        -0.08, -0.44, 0.28,
    )  # fmt: skip
    counts = {row["period"]: row["value"] for row in barometer_lib.trend("bydele_over_10").rows}
    assert (counts["2009"], counts["2022"]) == (9, 4)
    with barometer_lib.open() as barometer:
        [row] = barometer.sql(
            "select count(distinct area) as n from measurement join area using (area) "
            "where indicator = 'utryg_nabolag' and level = 'survey_district'"
        ).rows
    assert row["n"] == 8
