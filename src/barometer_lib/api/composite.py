"""Composite indices from an analyst's own files: structure, values, answers; no store is needed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from barometer_lib.deliveries.rows import rows_of
from barometer_lib.ranking.pipeline import Index
from barometer_lib.ranking.questionnaire import Scored, questions_of, score_answers
from barometer_lib.ranking.sheet import Sheet, sheet_of
from barometer_lib.ranking.structure import Structure, structure_of

__all__ = ["Index", "read_answers", "read_index", "read_sheet", "read_structure"]

Place = Path | str


def read_structure(file: Place) -> Structure:
    """The structure in a CSV, Excel or YAML file, in the long or the wide form.

    Raises `FaultsFound` with every fault, each with file, line, column and what is allowed.
    """
    path = Path(file)
    return structure_of(rows_of(path), path.name)


def read_sheet(file: Place, columns: Iterable[str] | None = None, unit: str | None = None) -> Sheet:
    """Units by columns from a CSV or Excel file; the first column, or `unit`, names the units.

    `columns` are those that hold numbers (all but the units' where not given); the others become
    groupings. A blank, `NA`, `-` or `..` is missing. Raises `FaultsFound` with every fault.
    """
    path = Path(file)
    lines = rows_of(path)
    if columns is None:
        have = list(lines[0][1]) if lines else []
        columns = [name for name in have if name != (unit or have[0])]
    return sheet_of(lines, columns, unit, path.name)


def read_answers(questionnaire: Place, answers: Place, unanswered: str = "left_out") -> Scored:
    """Components' scores (0-100) from a questionnaire and its answers, and what was unanswered."""
    asked, given = Path(questionnaire), Path(answers)
    questions = questions_of(rows_of(asked), asked.name)
    return score_answers(questions, rows_of(given), unanswered, given.name)


def read_index(
    structure: Place,
    values: Place,
    *,
    questionnaire: Place | None = None,
    unanswered: str = "left_out",
    unit: str | None = None,
) -> Index:
    """An index in the making from files; `values` are answers where a questionnaire is given.

    Nothing is done to the values yet: see `Index`. Raises `FaultsFound` with every fault.
    """
    tree = read_structure(structure)
    if questionnaire is not None:
        return Index.of(tree, read_answers(questionnaire, values, unanswered).sheet)
    return Index.of(tree, read_sheet(values, (part.code for part in tree.indicators), unit))
