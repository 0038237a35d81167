"""Indicators, where and for whom they are measured, their sources and rounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from barometer_lib.catalogue.entry import Code, Entry, Kind, PeriodCode, Polarity, Ref, Unit


class Link(BaseModel):
    """How a break is bridged: `indicator` holds what the old method gave in the periods of
    `overlap`, which the new one measured too. Figures before the break are carried over by the
    ratio or the difference of the two."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    method: Literal["ratio", "difference"]
    indicator: Annotated[str, Ref("indicator")]
    overlap: list[PeriodCode] = Field(min_length=1)


class Break(BaseModel):
    """From `start` on not comparable with before. `reason` is the id of a label `break_reason`.

    `area_level` limits the break to that level; `link` says how it is bridged, if it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    start: PeriodCode
    reason: Code
    area_level: str | None = None
    link: Link | None = None


class Indicator(Entry):
    """One measured thing, defined once. `polarity` is which way is better, as a source says it.

    `decimals` is how the value is printed when the delivery does not say; `full_register` tells a
    figure without sampling error from a survey's. What a count or a mean is of (districts, grade
    points) is the label `indicator_unit`, with `indicator_unit_one` for exactly one.
    """

    kind_key = "indicator"
    file = "indicators.yml"
    texts = (
        "indicator_definition",
        "indicator_processing",
        "indicator_short",
        "indicator_unit",
        "indicator_unit_one",
    )
    kind: Kind
    unit: Unit
    decimals: int = Field(ge=0, le=4)
    polarity: Polarity
    polarity_basis: Literal["stated", "target", "goal_wording", "not_stated"]
    basis: Literal["full_register", "survey", "administrative", "not_stated"]
    frequency: Literal["year", "half_year", "quarter", "month", "school_year", "survey", "unknown"]
    group: Annotated[str, Ref("group")]
    reference_group: Annotated[str, Ref("group")] | None = None
    source: Annotated[str, Ref("source")] | None = None
    breaks: list[Break] = Field(default_factory=list)
    ends: PeriodCode | None = None
    successor: Annotated[str, Ref("indicator")] | None = None
    counts_areas_of: Annotated[str, Ref("indicator")] | None = None
    design_effect: float | None = Field(default=None, ge=1)


class Area(Entry):
    """An area of one level; survey districts name the districts they lie in and their division."""

    kind_key = "area"
    file = "areas.yml"
    texts = ("area_note",)
    level: Literal[
        "country", "municipality", "district", "survey_district", "peer_group", "outside"
    ]
    parent: Annotated[str, Ref("area")] | None = None
    division: Code | None = None
    division_version: str | None = None
    lies_in: list[Annotated[str, Ref("area")]] = Field(default_factory=list)
    square_metres: int | None = None
    spellings: list[str] = Field(default_factory=list)


class Group(Entry):
    """A population group, `<definition>:<code>`; groups of two definitions are never mixed."""

    kind_key = "group"
    file = "groups.yml"
    texts = ("group_note",)
    definition: Code
    total: bool = False
    parts: list[Annotated[str, Ref("group")]] = Field(default_factory=list)


class Source(Entry):
    """Where figures come from. `published` is as exact as the source tells, blank if it does not.

    `address` is the web address, or the document's own reference where it is not on the web.
    """

    kind_key = "source"
    file = "sources.yml"
    address: str
    published: PeriodCode | None = None
    publisher: str | None = None
    licence: str | None = None
    sureness: Literal["high", "medium", "low"] = "high"


class Statement(BaseModel):
    """What a round said of an effort area in words, where no figures were published."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    effort_area: Annotated[str, Ref("effort_area")]
    status: Literal["progress", "standstill", "setback", "no_new_figures"]
    source: Annotated[str, Ref("source")]


class Round(Entry):
    """A dated, numbered publication. `published` is its date as exactly as it is known."""

    kind_key = "round"
    file = "rounds.yml"
    texts = ("round_note",)
    published: PeriodCode
    policies: list[Annotated[str, Ref("policy")]]
    statements: list[Statement] = Field(default_factory=list)
    missed: bool = False
    source: Annotated[str, Ref("source")]


class Comment(Entry):
    """A dated comment to an indicator in a round; its words are the label `comment` of its id."""

    kind_key = "comment"
    file = "comments.yml"
    indicator: Annotated[str, Ref("indicator")]
    round: Annotated[str, Ref("round")]
    written: date
    author: str
