"""What the store has of a round, read once for all its letters: rows, labels, and no sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from barometer_lib.differences import compared
from barometer_lib.errors import BarometerError
from barometer_lib.sentences import things
from barometer_lib.store import Session, letters, questions
from barometer_lib.store import answers as stored
from barometer_lib.store import differences as between
from barometer_lib.store.rounds import committees, earlier_figures, source_names
from barometer_lib.store.status import status
from barometer_lib.store.targets import targets

Row = dict[str, Any]
Series = tuple[str, str, str]  # policy, goal, indicator


@dataclass(frozen=True)
class Changes:
    """What a policy's round says otherwise than the one before (blank: there is none before)."""

    before: str | None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Material:
    """A round as the store has it, for one reader's language.

    `documents` are the statuses by policy, `answers` the three answers by series, `figures` the
    dated figures by policy and indicator, `hidden` the suppressed cells.
    """

    lang: str
    dataset: str
    entry: Row
    declared: Row
    labels: Mapping[tuple[str, str], str]
    documents: Mapping[str, Row]
    answers: Mapping[Series, Mapping[str, Row]]
    figures: Mapping[tuple[str, str], list[Row]]
    targets: Mapping[str, list[Row]]
    comments: Mapping[str, list[Row]]
    limits: Mapping[Series, tuple[float, float]]
    hidden: tuple[Row, ...]
    changes: Mapping[str, Changes]
    sources: Mapping[str, str]
    committees: tuple[str, ...]

    @property
    def round(self) -> str:
        """The round's code."""
        return str(self.entry["round"])

    @property
    def synthetic(self) -> bool:
        """Whether the figures are the demo city's."""
        return self.dataset == "demo"

    def name(self, kind: str, code: str | None) -> str:
        """The name of a code in the reader's language; the code where it has none."""
        return self.labels.get((kind, code or ""), code or "")

    def label(self, kind: str, code: str | None) -> str | None:
        """The label of a code, blank where it has none."""
        return self.labels.get((kind, code or ""))

    def goals(self) -> Iterator[tuple[str, Row]]:
        """Every goal the round judges, with its policy."""
        for policy, document in self.documents.items():
            for goal in document["goals"]:
                yield policy, goal

    def goals_of(self, committee: str) -> list[tuple[str, Row, str]]:
        """The goals of a committee with its part in each: lead, contributing or unassigned."""
        found = []
        for policy, goal in self.goals():
            role = self._role(goal, committee)
            if role is not None:
                found.append((policy, goal, role))
        return found

    def _role(self, goal: Row, committee: str) -> str | None:
        if goal["lead_committee"] == committee:
            return "lead"
        if committee in (goal["contributing_committees"] or ()):
            return "contributing"
        unassigned = self.declared["unassigned_to"] == committee
        return "unassigned" if unassigned and goal in self.unassigned else None

    @property
    def unassigned(self) -> list[Row]:
        """The goals of which no source names a committee."""
        return [
            goal
            for _, goal in self.goals()
            if goal["lead_committee"] is None and not goal["contributing_committees"]
        ]


def gather(session: Session, round_: str, policy: str | None, lang: str) -> Material:
    """Everything a round's letters are made from, of one policy or of all it judges.

    Raises `NotFound` for a code that does not exist, `BarometerError` for a round that was never
    held or does not judge the policy.
    """
    code = questions.check_code(session, "round", round_)
    entry = next(row for row in questions.rounds(session) if row["round"] == code)
    if entry["missed"]:
        raise BarometerError("round_missed", round=code)
    judged = letters.policies_judged(session, code)
    if policy is not None:
        policy = questions.check_code(session, "policy", policy)
        questions.check_round(session, policy, code)
        judged = [policy]
    labels = questions.labels(session, lang)
    documents = {one: status(session, one, code) for one in judged}
    answered: dict[Series, dict[str, Row]] = {}
    figures: dict[tuple[str, str], list[Row]] = {}
    for one in judged:
        for row in stored.answers(session, one, code):
            key = (one, row["goal"], row["indicator"])
            named = {**row, "things": things(labels, row["indicator"])}
            answered.setdefault(key, {})[row["question"]] = named
        for row in earlier_figures(session, one, code):
            named = {**row, "things": things(labels, row["indicator"])}
            figures.setdefault((one, row["indicator"]), []).append(named)
        for goal in documents[one]["goals"]:
            for row in goal["indicators"]:
                row["things"] = things(labels, row["indicator"])
    return Material(
        lang=lang,
        dataset=session.dataset,
        entry=entry,
        declared=letters.letter_round(session, code),
        labels=labels,
        documents=documents,
        answers=answered,
        figures=figures,
        targets={one: targets(session, one) for one in judged},
        comments=_by_indicator(letters.comments_of(session, code)),
        limits={
            (row["policy"], row["goal"], row["indicator"]): (row["low"], row["high"])
            for row in letters.limits_of(session, code)
        },
        hidden=tuple(letters.hidden_of(session, code)),
        changes={one: _changes(session, code, one) for one in judged},
        sources=source_names(session, lang),
        committees=tuple(committees(session)),
    )


def _by_indicator(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["indicator"], []).append(row)
    return found


def _changes(session: Session, round_: str, policy: str) -> Changes:
    before = letters.round_before(session, round_, policy)
    if before is None:
        return Changes(None)
    rows = compared(between.both_rounds(session, before, round_, policy))
    return Changes(before, tuple(rows))


def day_of(material: Material) -> date:
    """The letter's own day; the round's where none is declared."""
    written: date | None = material.declared["written"]
    published: date = material.entry["published_day"]
    return written or published
