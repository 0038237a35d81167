"""Ready selections for the tables that the barometer's indicators come from."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from barometer_lib.errors import NotFound


class Coded(BaseModel):
    """A variable of the table, and the catalogue's code for each of its codes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    variable: str
    codes: dict[str, str]


class Codes(BaseModel):
    """How the table's codes become the catalogue's. Periods and figures are mapped as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    area: Coded | str
    group: Coded | None = None
    period: str = "Tid"
    unit: str


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    da: str
    en: str


class Recipe(BaseModel):
    """A named selection. Without a mapping its answer is kept, but no measurements are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    office: Literal["statbank", "eurostat"]
    table: str
    title: Words
    note: Words | None = None
    select: dict[str, list[str]] = Field(min_length=1)
    mapping: Codes | None = None


@cache
def recipes() -> dict[str, Recipe]:
    """The shipped recipes by name."""
    import yaml

    folder = resources.files(__package__).joinpath("recipes")
    pages = sorted((one for one in folder.iterdir() if one.name.endswith(".yml")), key=str)
    found = {}
    for page in pages:
        content = yaml.load(page.read_text("utf-8"), Loader=yaml.CSafeLoader)
        one = Recipe(name=page.name.removesuffix(".yml"), **content)
        found[one.name] = one
    return found


def recipe(name: str) -> Recipe:
    """The recipe of that name. Raises `NotFound` with the nearest names."""
    known = recipes()
    if name not in known:
        raise NotFound("recipe", name, known)
    return known[name]


@cache
def subtotals() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Table -> variable -> code of a subtotal -> the codes it sums; never add both."""
    import yaml

    page = resources.files(__package__).joinpath("recipes", "subtotals.yaml").read_text("utf-8")
    found: dict[str, dict[str, dict[str, list[str]]]] = yaml.load(page, Loader=yaml.CSafeLoader)
    return found
