"""Small tables drawn in a test, so that a reader sees the figures and can redo the arithmetic.

    table('''
        period | value  | count  | status
        2012   | 60/100 | 60     | reported
        2013   | -      | -      | suppressed
    ''')

gives one mapping per row. `-` is a blank; `60/100` is worked out; `true` and `false` are truths;
columns that hold codes of periods, rounds or editions stay text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

TEXT_COLUMNS = frozenset({"period", "reported_round", "change_since", "base_period", "edition"})
TRUTHS = {"true": True, "false": False}


def table(drawn: str) -> list[dict[str, Any]]:
    """The rows of a drawn table; a row of another width is an error of the test."""
    lines = [line for line in drawn.splitlines() if line.strip(" -|")]
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [
        {name: _cell(name, words) for name, words in zip(header, row, strict=True)} for row in rows
    ]


def _cell(column: str, words: str) -> Any:
    if words == "-":
        return None
    if column in TEXT_COLUMNS:
        return words
    if words in TRUTHS:
        return TRUTHS[words]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return date.fromisoformat(words)
    if re.fullmatch(r"[+-]?\d+", words):
        return int(words)
    if re.fullmatch(r"[+-]?\d*\.\d+", words):
        return float(words)
    if fraction := re.fullmatch(r"(\d+(?:\.\d+)?)/(\d+)", words):
        return float(fraction[1]) / float(fraction[2])
    return words
