"""Open tables with their labels: beside every code its words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from barometer_lib.locale import LANGUAGES, text

Labels = Mapping[str, Mapping[tuple[str, str], str]]
# Columns of codes, and the kind of label that tells each.
KINDS = {
    "policy": "policy", "round": "round", "goal": "goal", "indicator": "indicator", "area": "area",
    "group": "group", "reference_group": "group", "committee": "committee",
    "lead_committee": "committee", "effort_area": "effort_area", "city": "city", "index": "index",
    "edition": "edition", "scope": "scope", "source": "source", "break_reason": "break_reason",
    "comment": "comment", "decision": "decision", "division": "division",
}  # fmt: skip
WITHIN_INDEX = ("edition", "scope")
STATUSES = ("status", "status_published", "status_computed")
MORE = {"indicators": {"indicator": ("indicator_definition", "indicator_processing")}}


def labelled(name: str, table: pa.Table, labels: Labels) -> pa.Table:
    """The table `name` with the columns `<code>_da` and `<code>_en` behind every column of codes.

    The indicators' definitions and what was done to their figures follow in both languages. A code
    without a label, and a blank, have a blank.
    """
    made: dict[str, pa.ChunkedArray | pa.Array] = {}
    for column in table.column_names:
        made[column] = table[column]
        codes = table[column].to_pylist()
        kind = KINDS.get(column)
        if kind is not None:
            if column in WITHIN_INDEX:
                codes = [
                    f"{index}/{code}"
                    for index, code in zip(table["index"].to_pylist(), codes, strict=True)
                ]
            for lang in LANGUAGES:
                made[f"{column}_{lang}"] = _words(codes, kind, labels[lang])
            for more in MORE.get(name, {}).get(column, ()):
                for lang in LANGUAGES:
                    made[f"{more}_{lang}"] = _words(codes, more, labels[lang])
        elif column in STATUSES:
            room = "numbers.value.{}" if name == "measurements" else "status.code.{}.name"
            for lang in LANGUAGES:
                said = [None if code is None else text(lang, room.format(code)) for code in codes]
                made[f"{column}_{lang}"] = pa.array(said, pa.string())
    return pa.table(made)


def _words(codes: list[Any], kind: str, labels: Mapping[tuple[str, str], str]) -> pa.Array:
    return pa.array([labels.get((kind, code)) for code in codes], pa.string())
