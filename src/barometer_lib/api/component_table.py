"""A field of units with a score for each component from a CSV or Excel file of one's own."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from barometer_lib.deliveries.rows import rows_of
from barometer_lib.errors import Fault, FaultsFound, NotFound
from barometer_lib.ranking.scored import EQUAL, ComponentTable

Array = NDArray[np.float64]
MOST_COMPONENTS = 60
EXCEL = (".xlsx", ".xls", ".xlsb", ".ods")


def read_table(path: Path | str) -> ComponentTable:
    """Reads a CSV or Excel file: the first column names the unit, the others are components.

    Scores are 0-100 with a decimal point; an empty cell is a missing score. Weights are equal until
    others are given. Every fault is told at once (`FaultsFound`).
    """
    name = Path(path).name
    rows = _rows(Path(path))
    head, body = rows[0], rows[1:]
    components = [one.strip() for one in head[1:]]
    faults = [
        Fault("column_twice", name, 1, one, one)
        for place, one in enumerate(components)
        if one in components[:place]
    ]
    if not 1 <= len(components) <= MOST_COMPONENTS or "" in components:
        allowed = f"1-{MOST_COMPONENTS}"
        faults.append(Fault("table_columns", name, 1, found=str(len(components)), allowed=allowed))
    if not body:
        faults.append(Fault("delivery_empty", name))
    if faults:
        raise FaultsFound(faults)
    units, values = [row[0].strip() for row in body], np.full((len(body), len(components)), np.nan)
    for line, (row, scores) in enumerate(zip(body, values, strict=True), start=2):
        faults += _read_row(name, line, row, components, scores)
        if units[line - 2] in units[: line - 2] or not units[line - 2]:
            faults.append(Fault("unit_twice", name, line, head[0], units[line - 2]))
    if faults:
        raise FaultsFound(faults)
    weights = np.ones(len(components))
    return ComponentTable(tuple(units), tuple(components), values, weights, EQUAL)


def read_answers(path: Path | str) -> dict[str, float]:
    """A new set of component scores: a CSV file with the columns `component` and `score`."""
    name = Path(path).name
    rows = _rows(Path(path))
    head = [one.strip() for one in rows[0]]
    for column in ("component", "score"):
        if column not in head:
            raise FaultsFound([Fault("column_missing", name, 1, column, column)])
    found: dict[str, float] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[1:], start=2):
        cells = dict(zip(head, row, strict=False))
        code = cells.get("component", "").strip()
        score = np.full(1, np.nan)
        faults += _read_row(name, line, ["", cells.get("score", "")], ["score"], score)
        if code in found:
            faults.append(Fault("unit_twice", name, line, "component", code))
        found[code] = float(score[0])
    if faults:
        raise FaultsFound(faults)
    return {code: score for code, score in found.items() if np.isfinite(score)}


def read_questionnaire_answers(
    questionnaire: Path | str, answers: Path | str, unit: str
) -> dict[str, float]:
    """A unit's component scores from a questionnaire and its answers; unanswered ones left out.

    Where the answers hold one unit alone it is that one, whatever it is called.
    """
    from barometer_lib.api.composite import read_answers as scored

    sheet = scored(questionnaire, answers).sheet
    if unit not in sheet.units and len(sheet.units) != 1:
        raise NotFound("unit", unit, sheet.units)
    row = sheet.values[sheet.units.index(unit) if unit in sheet.units else 0]
    return {
        code: float(score)
        for code, score in zip(sheet.columns, row, strict=True)
        if np.isfinite(score)
    }


def _rows(path: Path) -> list[list[str]]:
    if path.suffix.lower() in EXCEL:
        return _excel_rows(path)
    try:
        page = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise FaultsFound([Fault("file_missing", path.name)]) from error
    except (UnicodeDecodeError, OSError) as error:
        raise FaultsFound([Fault("not_utf8", path.name)]) from error
    rows = [row for row in csv.reader(page.splitlines()) if any(cell.strip() for cell in row)]
    if not rows:
        raise FaultsFound([Fault("delivery_empty", path.name)])
    return rows


def _excel_rows(path: Path) -> list[list[str]]:
    """The first sheet as a CSV file would have it: numbers with a point, blanks empty."""
    if not path.is_file():
        raise FaultsFound([Fault("file_missing", path.name)])
    lines = [cells for _, cells in rows_of(path)]
    if not lines:
        raise FaultsFound([Fault("delivery_empty", path.name)])
    body = [["" if cell is None else str(cell) for cell in row.values()] for row in lines]
    return [list(lines[0]), *body]


def _read_row(
    name: str, line: int, row: Sequence[str], components: Sequence[str], scores: Array
) -> Iterator[Fault]:
    """Fills a row of scores; gives what is wrong with it."""
    if len(row) != len(components) + 1:
        yield Fault("row_width", name, line, found=str(len(row)), allowed=str(len(components) + 1))
        return
    for column, (component, cell) in enumerate(zip(components, row[1:], strict=True)):
        if not cell.strip():
            continue
        try:
            score = float(cell)
        except ValueError:
            yield Fault("not_a_number", name, line, component, cell.strip())
            continue
        if not 0 <= score <= 100:
            fields = {"unit": "points"}
            yield Fault("out_of_range", name, line, component, cell.strip(), "0-100", fields=fields)
        scores[column] = score
