"""`disputes.yml`: figures that are under clarification, and how it ended where it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entry import Code, PeriodCode
from barometer_lib.catalogue.lines import Page, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.corrections.entry import Words
from barometer_lib.errors import Fault, nearest

Row = dict[str, Any]


class Outcome(BaseModel):
    """How a dispute ended, and on which day."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    words: Words
    date: dt.date


class Dispute(BaseModel):
    """A figure whose truth is under clarification (under afklaring) from `date` on.

    `reason` says what is in doubt and `by` who raised it; `outcome` is blank until it is known.
    Figures without a period are named by the `round` that reported them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    indicator: str
    area: str
    group: str
    period: PeriodCode | None = None
    round: str | None = None
    reason: Words
    by: str = Field(min_length=1)
    date: dt.date
    outcome: Outcome | None = None

    def row(self) -> Row:
        """The dispute as the store keeps it; its words are labels."""
        return {
            "dispute": self.id,
            "indicator": self.indicator,
            "area": self.area,
            "population_group": self.group,
            "period": self.period,
            "reported_round": self.round,
            "raised_on": self.date,
            "by_name": self.by,
            "decided_on": None if self.outcome is None else self.outcome.date,
        }

    def labels(self) -> Iterator[dict[str, str]]:
        """Reason and outcome as labels of kinds `dispute` and `dispute_outcome`."""
        told = [("dispute", self.reason)]
        if self.outcome is not None:
            told.append(("dispute_outcome", self.outcome.words))
        for kind, words in told:
            for lang, said in words:
                yield {"kind": kind, "code": self.id, "lang": lang, "words": said}


@dataclass(frozen=True)
class Disputes:
    """The disputes of a dataset and every fault in how they are written."""

    disputes: tuple[Dispute, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_disputes(path: Path, content: Catalogue) -> Disputes:
    """The disputes in `path`, none where there is no such file. Raises nothing."""
    if not path.is_file():
        return Disputes()
    page = read_page(path, path.name)
    if page.faults or page.content is None:
        return Disputes(faults=page.faults)
    if not isinstance(page.content, list):
        found = type(page.content).__name__
        return Disputes(faults=(Fault("not_a_list", page.name, line=1, found=found),))
    faults: list[Fault] = []
    good: dict[str, Dispute] = {}
    for number, row in enumerate(page.content):
        try:
            one = Dispute.model_validate(row)
        except ValidationError as error:
            faults += form_faults(error, Dispute, page, (number,))
            continue
        wrong = list(_faults(one, content, page, number, good))
        faults += wrong
        if not wrong:
            good[one.id] = one
    return Disputes(tuple(good.values()), tuple(faults))


def _faults(
    one: Dispute, content: Catalogue, page: Page, number: int, before: dict[str, Dispute]
) -> Iterator[Fault]:
    def at(code: str, column: str, **more: Any) -> Fault:
        line = page.line((number, column))
        return Fault(code, page.name, line=line, column=column, **more)

    prefix = content.dataset.prefix
    if one.id in before:
        yield at("id_twice", "id", found=one.id)
    if prefix and not one.id.startswith(prefix):
        yield at("id_prefix", "id", found=one.id, allowed=prefix)
    if (one.period is None) is (one.round is None):
        yield at("dispute_form", "period", allowed="period | round")
    if one.outcome is not None and one.outcome.date < one.date:
        yield at("dispute_form", "outcome", allowed=f">= {one.date}")
    for kind in ("indicator", "area", "group", "round"):
        code, known = getattr(one, kind), content.entries[kind]
        if code is not None and code not in known:
            near = tuple(nearest(code, known))
            yield at("unknown_code", kind, found=code, nearest=near, fields={"kind": kind})
