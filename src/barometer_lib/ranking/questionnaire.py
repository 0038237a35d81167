"""A questionnaire's answers into scores of components: points won as percent of points possible.

The questionnaire is a table with a row for every allowed answer of every question:
`question, component, answer, points`, and `weight` where a question counts other than 1. Answers
are a table with a row per unit and a column per question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from barometer_lib.errors import BadInput, Fault, FaultsFound, nearest
from barometer_lib.ranking.sheet import BLANKS, Line, Sheet

UNANSWERED = ("left_out", "zero")
NEEDED = ("question", "component", "answer", "points")


@dataclass(frozen=True)
class Question:
    """A question: its component, weight, and the points each allowed answer gives."""

    code: str
    component: str
    weight: float
    points: Mapping[str, float]


@dataclass(frozen=True)
class Scored:
    """Components' scores (0-100), and the questions each unit left unanswered."""

    sheet: Sheet
    unanswered: Mapping[str, tuple[str, ...]]


def questions_of(lines: Sequence[Line], file: str = "questionnaire") -> tuple[Question, ...]:
    """The questions of a questionnaire's rows. Raises `FaultsFound` with every fault."""
    have = set(lines[0][1]) if lines else set()
    faults = [
        Fault("missing_column", file, line=1, column=name, found=name)
        for name in NEEDED
        if name not in have
    ]
    if faults:
        raise FaultsFound(faults)
    found: dict[str, tuple[str, float, dict[str, float]]] = {}
    for line, row in lines:
        code, component, answer = (str(row[name]).strip() for name in NEEDED[:3])
        points, weight = _number(row["points"]), _number(row.get("weight") or 1)
        for name, number in (("points", points), ("weight", weight)):
            if number is None or number < 0:
                faults.append(Fault("not_a_number", file, line=line, column=name,
                                    found=str(row.get(name)), allowed=">= 0"))  # fmt: skip
        known = found.setdefault(code, (component, weight or 0.0, {}))
        if known[:2] != (component, weight or 0.0):
            faults.append(Fault("question_torn", file, line=line, column="component", found=code,
                                allowed=f"{known[0]}, {known[1]:g}"))  # fmt: skip
        if answer in known[2]:
            faults.append(Fault("row_twice", file, line=line, column="answer",
                                found=f"{code}, {answer}", fields={"first": "-"}))  # fmt: skip
        known[2][answer] = points or 0.0
    for code, (_, _, answers) in found.items():
        if not faults and max(answers.values()) <= 0:
            faults.append(Fault("no_points", file, column="points", found=code))
    if faults:
        raise FaultsFound(faults)
    return tuple(Question(code, *rest) for code, rest in found.items())


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None


def score_answers(
    questions: Sequence[Question],
    lines: Sequence[Line],
    unanswered: str = "left_out",
    file: str = "answers",
) -> Scored:
    """Components' scores of every unit: `100 Σ w points / Σ w most points` over its questions.

    An unanswered question is left out of both sums, or (`zero`) gives no points; which it was and
    whose is told. A component without an answer is missing. The first column names the units.
    Raises `FaultsFound`: a question that is not there, an answer that is not allowed.
    """
    if unanswered not in UNANSWERED:
        raise BadInput("bad_choice", asked=unanswered, known=UNANSWERED)
    have = list(lines[0][1]) if lines else []
    key = have[0] if have else "unit"
    by_code = {one.code: one for one in questions}
    faults = [
        Fault("unknown_question", file, line=1, column=name, found=name,
              nearest=tuple(nearest(name, by_code)))
        for name in have[1:] if name not in by_code
    ] + [
        Fault("missing_column", file, line=1, column=code, found=code)
        for code in by_code if code not in have
    ]  # fmt: skip
    if faults:
        raise FaultsFound(faults)
    components = tuple(dict.fromkeys(one.component for one in questions))
    values = np.full((len(lines), len(components)), np.nan)
    open_: dict[str, tuple[str, ...]] = {}
    seen: dict[str, int] = {}
    for row, (line, given) in enumerate(lines):
        unit = str(given[key]).strip()
        if unit in seen:
            faults.append(Fault("row_twice", file, line=line, column=key, found=unit,
                                fields={"first": seen[unit]}))  # fmt: skip
        seen[unit] = line
        answers = {code: _answer(given[code]) for code in by_code}
        faults += _not_allowed(by_code, answers, file, line)
        open_[unit] = tuple(code for code, answer in answers.items() if answer is None)
        for place, component in enumerate(components):
            values[row, place] = _score(
                [one for one in questions if one.component == component],
                answers,
                unanswered,
            )
    if faults:
        raise FaultsFound(faults)
    sheet = Sheet(tuple(seen), components, values)
    return Scored(sheet, {unit: codes for unit, codes in open_.items() if codes})


def _answer(value: Any) -> str | None:
    if value is None or str(value).strip() in BLANKS:
        return None
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _not_allowed(
    by_code: Mapping[str, Question],
    answers: Mapping[str, str | None],
    file: str,
    line: int,
) -> list[Fault]:
    return [
        Fault("unknown_answer", file, line=line, column=code, found=answer,
              allowed=", ".join(by_code[code].points))
        for code, answer in answers.items()
        if answer is not None and answer not in by_code[code].points
    ]  # fmt: skip


def _score(
    questions: Sequence[Question], answers: Mapping[str, str | None], unanswered: str
) -> float:
    given = [(one, answers[one.code]) for one in questions]
    if all(answer is None for _, answer in given):
        return float("nan")
    won = most = 0.0
    for one, answer in given:
        if answer is None and unanswered == "left_out":
            continue
        won += one.weight * (0.0 if answer is None else one.points.get(answer, 0.0))
        most += one.weight * max(one.points.values())
    return 100.0 * won / most if most > 0 else float("nan")
