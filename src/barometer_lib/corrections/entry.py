"""`corrections.yml`: what a correction says, and every fault in how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entry import Code, PeriodCode
from barometer_lib.catalogue.lines import Page, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.errors import Fault, nearest

NUMBERS = ("value", "numerator", "denominator", "sample_size")
Row = dict[str, Any]


class Numbers(BaseModel):
    """A figure as printed: 12.3 percent is 12.3. What is not named is blank."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    sample_size: float | None = None


class Expected(Numbers):
    """The figure as delivered. Only what is named is compared."""

    status: Literal["reported", "suppressed", "no_new_figures", "missing"] = "reported"


class Words(BaseModel):
    """The same in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    da: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Correction(BaseModel):
    """A delivered figure that is wrong, and what holds instead from `date` on.

    `corrected` is the right figure; `retracted` says that there is none. `until` is the day from
    which the source has mended itself: from then on its own figure holds again. Figures without a
    period are named by the `round` that reported them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    indicator: str
    area: str
    group: str
    period: PeriodCode | None = None
    round: str | None = None
    expect: Expected
    corrected: Numbers | None = None
    retracted: bool = False
    reason: Words
    by: str = Field(min_length=1)
    case: str = Field(min_length=1)
    date: dt.date
    until: dt.date | None = None

    @property
    def cell(self) -> tuple[str, str, str, str]:
        """Indicator, area, group and period (or the round that reported it)."""
        return (self.indicator, self.area, self.group, self.period or f"round {self.round}")

    @property
    def kind(self) -> str:
        """`value` or `retraction`."""
        return "retraction" if self.retracted else "value"

    def row(self) -> Row:
        """The correction as the store keeps it; its numbers stand in the vintages."""
        return {
            "correction": self.id,
            "indicator": self.indicator,
            "area": self.area,
            "population_group": self.group,
            "period": self.period,
            "reported_round": self.round,
            "kind": self.kind,
            "corrected_on": self.date,
            "until": self.until,
            "by_name": self.by,
            "case_number": self.case,
        }


@dataclass(frozen=True)
class Declared:
    """The corrections of a dataset, the page they were read from, and every fault in it."""

    page: Page
    corrections: tuple[Correction, ...] = ()
    places: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def fault(self, one: Correction, code: str, column: str, **more: Any) -> Fault:
        """A fault of a correction at one of its fields."""
        line = self.page.line((self.places[one.id], column))
        return Fault(code, self.page.name, line=line, column=column, **more)


def read(path: Path, content: Catalogue) -> Declared:
    """The corrections in `path`, none where there is no such file. Raises nothing."""
    name = path.name
    if not path.is_file():
        return Declared(Page(name, None, {}))
    page = read_page(path, name)
    if page.faults or page.content is None:
        return Declared(page, faults=page.faults)
    if not isinstance(page.content, list):
        found = type(page.content).__name__
        return Declared(page, faults=(Fault("not_a_list", name, line=1, found=found),))
    faults: list[Fault] = []
    good: list[Correction] = []
    places: dict[str, int] = {}
    for number, row in enumerate(page.content):
        try:
            one = Correction.model_validate(row)
        except ValidationError as error:
            faults += form_faults(error, Correction, page, (number,))
            continue
        if one.id in places:
            line = page.line((number, "id"))
            faults.append(Fault("id_twice", name, line=line, column="id", found=one.id))
            continue
        places[one.id] = number
        wrong = [
            *_form_faults(one, page, number),
            *_code_faults(one, content, page, number),
        ]
        faults += wrong
        if not wrong:
            good.append(one)
    return Declared(page, tuple(good), places, tuple(faults))


def _form_faults(one: Correction, page: Page, number: int) -> Iterator[Fault]:
    """Fields that do not go together, each with what would."""
    value = None if one.corrected is None else one.corrected.value
    for wrong, column, allowed in (
        ((one.corrected is None) is not one.retracted, "corrected", "corrected | retracted: true"),
        (one.corrected is not None and value is None, "corrected", "value | retracted: true"),
        ((one.period is None) is (one.round is None), "period", "period | round"),
        (one.until is not None and one.until <= one.date, "until", f"> {one.date}"),
        (one.expect.status == "reported" and one.expect.value is None, "expect", "value | status"),
    ):
        if wrong:
            line = page.line((number, column))
            yield Fault("correction_form", page.name, line=line, column=column, allowed=allowed)


def _code_faults(one: Correction, content: Catalogue, page: Page, number: int) -> Iterator[Fault]:
    prefix = content.dataset.prefix
    if prefix and not one.id.startswith(prefix):
        line = page.line((number, "id"))
        yield Fault("id_prefix", page.name, line=line, column="id", found=one.id, allowed=prefix)
    for kind in ("indicator", "area", "group", "round"):
        code, known = getattr(one, kind), content.entries[kind]
        if code is not None and code not in known:
            yield Fault(
                "unknown_code",
                page.name,
                line=page.line((number, kind)),
                column=kind,
                found=code,
                nearest=tuple(nearest(code, known)),
                fields={"kind": kind},
            )
