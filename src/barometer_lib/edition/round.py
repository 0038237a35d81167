"""What is published of a round: its day, its policies, its tables with labels, its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from barometer_lib import store as stores
from barometer_lib.edition.labelled import labelled
from barometer_lib.errors import BarometerError
from barometer_lib.locale import LANGUAGES, text
from barometer_lib.store import open_tables, questions


@dataclass(frozen=True)
class Round:
    """A round as it is published. `labels` are by language, then by kind and code."""

    code: str
    dataset: str
    day: date
    published: str
    policies: tuple[str, ...]
    tables: Mapping[str, pa.Table]
    labels: Mapping[str, Mapping[tuple[str, str], str]]
    licences: tuple[str, ...]
    stored: tuple[Mapping[str, Any], ...]
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def synthetic(self) -> bool:
        """Whether every figure is synthetic."""
        return self.dataset == "demo"

    def label(self, kind: str, code: str, lang: str) -> str:
        """The words for a code; the code itself where there are none."""
        return self.labels[lang].get((kind, code), code)

    def name(self, lang: str) -> str:
        """The round's own name, with the mark of synthetic figures where it is so."""
        words = self.label("round", self.code, lang)
        mark = text(lang, "pages.synthetic")
        return f"{words} ({mark})" if self.synthetic else words

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of one of its tables; none where it is empty."""
        if table not in self.kept:
            self.kept[table] = self.tables[table].to_pylist() if table in self.tables else []
        return self.kept[table]


def read(store: Path | str | None, dataset: str, asked: str, policy: str | None) -> Round:
    """The round `asked` of the dataset as it was known on its day.

    Raises `NotFound` for a code that does not exist, `BarometerError` where the round was never
    held or does not judge the policy.
    """
    with stores.session(store, dataset) as look:
        code = questions.check_code(look, "round", asked)
        entry = next(row for row in questions.rounds(look) if row["round"] == code)
        if entry["missed"]:
            raise BarometerError("round_missed", round=code)
        judged = [row["policy"] for row in questions.policies(look) if _judges(look, row, code)]
        if policy is not None:
            policy = questions.check_code(look, "policy", policy)
            questions.check_round(look, policy, code)
            judged = [policy]
        labels = {lang: questions.labels(look, lang) for lang in LANGUAGES}
        licences = open_tables.licences(look)
        stored = tuple(open_tables.stored_figures(look))
    with stores.session(store, dataset, entry["published_day"]) as look:
        found = open_tables.open_tables(look, code, judged)
    tables = {name: labelled(name, table, labels) for name, table in found.items()}
    return Round(
        code, dataset, entry["published_day"], entry["published"], tuple(judged), tables, labels,
        tuple(licences), stored,
    )  # fmt: skip


def _judges(look: stores.Session, policy: Mapping[str, Any], round_: str) -> bool:
    return round_ in {row["round"] for row in questions.rounds(look, policy["policy"])}
