"""Cities and the indices that compare them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from barometer_lib.catalogue.entry import Code, Entry, Ref, Unit


class CityPopulation(BaseModel):
    """Inhabitants and foreign-born share (percent) of a city as one source states them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    inhabitants: int
    as_of: str
    foreign_born_percent: float | None = None
    note: str | None = None
    source: Annotated[str, Ref("source")]


class City(Entry):
    """A city of an index."""

    kind_key = "city"
    file = "cities.yml"
    country: str = Field(pattern=r"^[A-Z]{2}$")
    in_europe: bool
    populations: list[CityPopulation] = Field(default_factory=list)


class Component(BaseModel):
    """A component of an index; `lens` marks the parts of the intercultural lens."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    number: int
    lens: bool = False


class Edition(BaseModel):
    """One publication of an index. `precision` says how exactly its date is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    precision: Literal["day", "month", "season", "quarter", "year", "not_stated"]
    order: str = Field(pattern=r"^\d{4}(-\d{2}){0,2}$")


class Index(Entry):
    """A composite score of cities: its components, scopes of ranking and editions."""

    kind_key = "index"
    file = "indices.yml"
    texts = ("index_note", "index_definition")
    unit: Unit = "points"
    home_city: Annotated[str, Ref("city")]
    weights_public: bool
    components: list[Component]
    scopes: list[Code]
    editions: list[Edition]
    source: Annotated[str, Ref("source")]
