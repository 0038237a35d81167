"""What somebody wants fetched, and the plan that follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from barometer_lib.deliveries.connectors import saving, statbank
from barometer_lib.deliveries.connectors.parts import Parts
from barometer_lib.deliveries.connectors.recipe import Recipe, recipe
from barometer_lib.deliveries.connectors.saving import Content, Saved, Warnings
from barometer_lib.errors import BadInput, Fault

_TABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,39}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
DELIVERIES = Path("data") / "deliveries"


# The same fault, where it is a recipe's own code that the table does not know: the table changed.
CHANGED_TABLE = {
    "fetch_no_variable": "fetch_no_variable_now",
    "fetch_no_code": "fetch_no_code_now",
    "fetch_variable_needed": "fetch_variable_needed_now",
}


@dataclass(frozen=True)
class Wanted:
    """What somebody wants fetched. Of `table` and `recipe` (its name) one may be blank.

    `select` overrides the recipe's codes variable by variable. With `indicator`, an id of the
    catalogue, the delivery holds measurements of it; without, figures that nothing reads yet.
    """

    table: str | None = None
    select: Mapping[str, Sequence[str]] = field(default_factory=dict)
    recipe: str | None = None
    indicator: str | None = None
    into: Path = DELIVERIES
    name: str | None = None
    source: str | None = None
    lang: str = "da"
    form: statbank.Form = "csv"


@dataclass(frozen=True)
class Plan:
    """A wish that holds together: its table, recipe, codes, and where the delivery goes."""

    wanted: Wanted
    office: str
    table: str
    recipe: Recipe | None
    select: dict[str, Sequence[str]]
    folder: Path

    @classmethod
    def of(cls, wanted: Wanted, office: str) -> Plan:
        found = None if wanted.recipe is None else recipe(wanted.recipe)
        table = wanted.table or ("" if found is None else found.table)
        if found is not None and (found.office, found.table.casefold()) != (
            office,
            table.casefold(),
        ):
            raise BadInput(
                "fetch_recipe_other", recipe=found.name, office=found.office, table=found.table
            )
        if not _TABLE.fullmatch(table):
            raise BadInput("fetch_table_name", asked=table)
        table = table.upper() if office == "statbank" else table.lower()
        if wanted.indicator is not None and (found is None or found.mapping is None):
            raise BadInput("fetch_no_mapping", indicator=wanted.indicator)
        name = wanted.name or (found.name if found else f"{office}-{table.lower()}")
        if not _NAME.fullmatch(name) or name == "demo":
            raise BadInput("fetch_name", asked=name)
        select = dict({} if found is None else found.select)
        overridden = {name.casefold() for name in wanted.select}
        select = {one: codes for one, codes in select.items() if one.casefold() not in overridden}
        merged = {**select, **wanted.select}
        return cls(wanted, office, table, found, merged, saving.target(wanted.into, name))

    @property
    def partial(self) -> Path:
        """Where answers wait until all are there."""
        return self.wanted.into / f".partial-{self.folder.parent.name}"

    def told(self, faults: Sequence[Fault]) -> list[Fault]:
        """Faults as they are told: those of a recipe's own codes mean that the table changed."""
        mine = {name.casefold() for name in self.wanted.select}
        if self.recipe is None:
            return list(faults)
        return [
            fault
            if (fault.column or "").casefold() in mine
            else replace(
                fault,
                code=CHANGED_TABLE.get(fault.code, fault.code),
                mended_by="developer",
                fields={"recipe": self.recipe.name},
            )
            for fault in faults
        ]

    def content(
        self, title: str, address: str, updated: str | None, notes: Sequence[str] = ()
    ) -> Content:
        """The delivery's words; its files come later."""
        if self.recipe is not None:
            title = self.recipe.title.en
            notes = [*notes, *([self.recipe.note.en] if self.recipe.note else [])]
        return Content(
            title=title,
            source=self.wanted.source or self.office,
            address=address,
            table=self.table,
            updated=updated,
            note=" ".join(notes),
        )

    @property
    def holds(self) -> str:
        """What the files hold: measurements only where an indicator was named."""
        return "evidence" if self.wanted.indicator is None else "measurements"


def finish(plan: Plan, parts: Parts, content: Content, warnings: Warnings) -> Saved:
    """Makes the delivery and says what it holds."""
    calls, resumed = len(parts.parts), parts.resumed
    saving.save(plan.folder, parts, content)
    return Saved(
        folder=plan.folder,
        table=plan.table,
        updated=content.updated,
        rows=content.rows,
        calls=calls,
        resumed=resumed,
        holds=plan.holds,
        warnings=warnings,
    )
