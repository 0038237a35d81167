"""The nouns of the barometer: what an entry of each catalogue file holds.

A field typed with `Ref("kind")` names an entry of that kind; the reader checks that it exists.
Labels, definitions and notes for readers stand in `labels.<lang>.yml`, never here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from barometer_lib import periods
from barometer_lib.errors import BadInput

Unit = Literal[
    "percent", "percentage_points", "count", "persons_fte", "points", "rank", "per_1000", "mean"
]
Polarity = Literal["higher", "lower", "neither"]
Kind = Literal["proportion", "rate", "count", "mean", "gap", "ratio", "index_points"]
Rule = Literal["since_previous", "since_base", "maximum_in_every_area", "none"]


class Ref:
    """Marks a field as the code of another entry; `kind` is that entry's class key."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


def _is_period(code: str) -> str:
    try:
        periods.parse(code)
    except BadInput as error:
        raise ValueError(f"period:{error.fields['grammar']}") from error
    return code


PeriodCode = Annotated[str, AfterValidator(_is_period)]
Code = Annotated[str, Field(min_length=1, pattern=r"^[^\s,;]+$")]


class Entry(BaseModel):
    """One entry of a catalogue file. Unknown fields are faults; entries do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    kind_key: ClassVar[str]
    file: ClassVar[str]
    labelled: ClassVar[bool] = True
    texts: ClassVar[tuple[str, ...]] = ()

    id: Code


class YearSpan(BaseModel):
    """First and last year; the last is blank where it is open."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    first: int
    last: int | None = None


class Policy(Entry):
    """A policy, plan or national framework with goals. `rule` says how its goals are judged."""

    kind_key = "policy"
    file = "policies.yml"
    texts = ("policy_note",)
    form: Literal["city_policy", "city_plan", "national"]
    status: Literal["draft", "adopted"] = "adopted"
    span: YearSpan
    rule: Rule
    base_period: PeriodCode | None = None
    decision: Annotated[str, Ref("decision")] | None = None
    sources: list[Annotated[str, Ref("source")]]


class EffortArea(Entry):
    """An effort area of a policy, with its printed number where it has one."""

    kind_key = "effort_area"
    file = "effort_areas.yml"
    policy: Annotated[str, Ref("policy")]
    number: int | None = None


class GoalIndicator(BaseModel):
    """An indicator under a goal; `counts` is the star: it decides the goal's status."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    indicator: Annotated[str, Ref("indicator")]
    number: int | None = None
    counts: bool


class Goal(Entry):
    """A goal of a policy. Committees are null where no source names one."""

    kind_key = "goal"
    file = "goals.yml"
    texts = ("goal_note",)
    policy: Annotated[str, Ref("policy")]
    number: int | None = None
    effort_area: Annotated[str, Ref("effort_area")] | None = None
    parent: Annotated[str, Ref("goal")] | None = None
    lead_committee: Annotated[str, Ref("committee")] | None = None
    contributing_committees: list[Annotated[str, Ref("committee")]] | None = None
    indicators: list[GoalIndicator] = []
    sources: list[Annotated[str, Ref("source")]]


class Break(BaseModel):
    """From `start` on not comparable with before. `reason` is the id of a label `break_reason`.

    `area_level` limits the break to that level; `linked` says a stored link bridges it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    start: PeriodCode
    reason: Code
    area_level: str | None = None
    linked: bool = False


class Indicator(Entry):
    """One measured thing, defined once. `polarity` is which way is better, as a source says it.

    `decimals` is how the value is printed when the delivery does not say; `full_register` tells a
    figure without sampling error from a survey's.
    """

    kind_key = "indicator"
    file = "indicators.yml"
    texts = ("indicator_definition", "indicator_processing", "indicator_short")
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
    breaks: list[Break] = []
    ends: PeriodCode | None = None
    successor: Annotated[str, Ref("indicator")] | None = None
    counts_areas_of: Annotated[str, Ref("indicator")] | None = None
    design_effect: float | None = Field(default=None, ge=1)


class Milestone(BaseModel):
    """A value to be reached on the way to a target."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    period: PeriodCode
    value: float


class Baseline(BaseModel):
    """What the target is measured from; `value` is blank where no source states it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    period: PeriodCode | None = None
    value: float | None = None


class Evidence(BaseModel):
    """The delivered row a catalogue entry was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    delivery: str
    file: str
    line: int


class Target(Entry):
    """A target as decided. `value` is in `unit` as printed (10 percent is 10, not 0.10).

    `form`: a level to reach, a maximum or minimum (`applies_to` tells where), a relative change
    in percent, a rank, or a direction only (no value).
    """

    kind_key = "target"
    file = "targets.yml"
    labelled = False
    texts = ("target_note",)
    policy: Annotated[str, Ref("policy")]
    goal: Annotated[str, Ref("goal")] | None = None
    indicator: Annotated[str, Ref("indicator")] | None = None
    index: Annotated[str, Ref("index")] | None = None
    form: Literal["level", "maximum", "minimum", "change", "rank", "direction"]
    applies_to: Literal["city", "every_district", "country"] = "city"
    value: float | None = None
    unit: Unit | None = None
    direction: Literal["up", "down"] | None = None
    baseline: Baseline | None = None
    milestones: list[Milestone] = []
    target_period: PeriodCode | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    owners: list[Annotated[str, Ref("committee")]] = []
    decision: Annotated[str, Ref("decision")] | None = None
    source: Annotated[str, Ref("source")]
    evidence: Evidence | None = None


class Committee(Entry):
    """A standing committee; labels `committee`, `administration` and `chair_title` go with it."""

    kind_key = "committee"
    file = "committees.yml"
    texts = ("administration", "chair_title", "committee_note")
    administration: Code
    source: Annotated[str, Ref("source")]


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
    lies_in: list[Annotated[str, Ref("area")]] = []
    square_metres: int | None = None
    spellings: list[str] = []


class Group(Entry):
    """A population group, `<definition>:<code>`; groups of two definitions are never mixed."""

    kind_key = "group"
    file = "groups.yml"
    texts = ("group_note",)
    definition: Code
    total: bool = False
    parts: list[Annotated[str, Ref("group")]] = []


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
    populations: list[CityPopulation] = []


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
    statements: list[Statement] = []
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


class Decision(Entry):
    """A decision with its case: body, date, case number, agenda item, link."""

    kind_key = "decision"
    file = "decisions.yml"
    body: str
    decided: date | None = None
    decided_period: PeriodCode | None = None
    case_number: str | None = None
    document_number: str | None = None
    agenda_item: str | None = None
    address: str | None = None


class OfficeHolder(Entry):
    """Who held an office from and to a date (blank: still, or not known)."""

    kind_key = "office_holder"
    file = "office_holders.yml"
    labelled = False
    committee: Annotated[str, Ref("committee")]
    name: str
    held_from: date
    held_to: date | None = None
    source: Annotated[str, Ref("source")]


class Commitment(Entry):
    """One of the charter's commitments, by the role in which the city makes it."""

    kind_key = "commitment"
    file = "charter.yml"
    role: Literal["policy_maker", "service_provider", "employer", "buyer"]
    source: Annotated[str, Ref("source")]


class Dataset(BaseModel):
    """What the dataset is: its id, whether it is synthetic, and where a reader starts."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Literal["published", "demo"]
    synthetic: bool
    prefix: str = ""
    home_area: str
    start_policy: str
    start_round: str
    start_indicator: str
    start_index: str
    start_edition: str
    start_scope: str


KINDS: dict[str, type[Entry]] = {
    entry.kind_key: entry
    for entry in (
        Policy, EffortArea, Goal, Indicator, Target, Committee, Area, Group, City, Index,
        Source, Round, Comment, Decision, OfficeHolder, Commitment,
    )
}  # fmt: skip
EXTRA_LABEL_KINDS: dict[str, str] = {
    "definition": "of a group's definition (`origin`, `bilingual`, ...)",
    "division": "of an area division",
    "component": "of an index component, `<index>/<component>`",
    "edition": "of an index edition, `<index>/<edition>`",
    "scope": "of a ranking scope, `<index>/<scope>`",
    "break_reason": "of a break's reason",
    "unit": "of a unit",
    "dataset": "of the dataset",
}


def refs_in(model: type[BaseModel], name: str) -> str | None:
    """The kind that field `name` of `model` refers to, or `None`."""
    found = _ref_of(model.model_fields[name].annotation)
    for mark in model.model_fields[name].metadata:
        if isinstance(mark, Ref):
            return mark.kind
    return found


def _ref_of(annotation: Any) -> str | None:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Ref):
            return mark.kind
    for inner in getattr(annotation, "__args__", ()):
        found = _ref_of(inner)
        if found:
            return found
    return None
