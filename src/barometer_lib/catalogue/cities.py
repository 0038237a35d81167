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


class Scope(BaseModel):
    """Which cities are ranked together: all, those a fact picks, those listed, or not stated.

    A fact's limit leaves out a city that stands exactly at it. Several facts hold together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    members: Literal["all", "by_fact", "listed", "not_stated"] = "by_fact"
    inhabitants_over: int | None = None
    inhabitants_under: int | None = None
    foreign_born_over: float | None = None
    foreign_born_under: float | None = None
    in_europe: bool | None = None
    cities: list[Annotated[str, Ref("city")]] = Field(default_factory=list)


class WeightSet(BaseModel):
    """What each component counts in a score; `basis` says whether it was published or assumed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    basis: Literal["published", "assumed", "invented"]
    weights: dict[str, float]
    source: Annotated[str, Ref("source")] | None = None


class Edition(BaseModel):
    """One publication of an index. `precision` says how exactly its date is known.

    `weights` names the set that the edition's scores were weighed by, blank where not stated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Code
    precision: Literal["day", "month", "season", "quarter", "year", "not_stated"]
    order: str = Field(pattern=r"^\d{4}(-\d{2}){0,2}$")
    weights: Code | None = None


class Index(Entry):
    """A composite score of cities: its components, scopes of ranking and editions.

    `decimals` is how many a published score has. Scores that are worked out again are rounded to
    them, so that cities tie as they do where the score was published. `peers` is the scope of the
    cities the home city is compared with, blank where nobody named any.
    """

    kind_key = "index"
    file = "indices.yml"
    texts = ("index_note", "index_definition")
    unit: Unit = "points"
    home_city: Annotated[str, Ref("city")]
    weights_public: bool
    decimals: int = 0
    peers: Code | None = None
    components: list[Component]
    weights: list[WeightSet] = Field(default_factory=list)
    scopes: list[Scope]
    editions: list[Edition]
    source: Annotated[str, Ref("source")]
