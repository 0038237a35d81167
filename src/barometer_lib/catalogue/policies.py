"""Policies, their goals and targets, and who decides on them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from barometer_lib.catalogue.entry import Code, Entry, PeriodCode, Ref, Rule, Unit


class YearSpan(BaseModel):
    """First and last year; the last is blank where it is open."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    first: int
    last: int | None = None


class RuleChange(BaseModel):
    """From a round on a policy is judged by another rule; in that round both verdicts are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    round: Annotated[str, Ref("round")]
    rule: Rule


class Policy(Entry):
    """A policy, plan or national framework with goals. `rule` says how its goals are judged.

    `rule_changes` are the rounds from which another rule judges, `least_probability` what one class
    must have for a verdict to stand (blank: 0.8).
    """

    kind_key = "policy"
    file = "policies.yml"
    texts = ("policy_note", "policy_goals_seen")
    form: Literal["city_policy", "city_plan", "national"]
    status: Literal["draft", "adopted"] = "adopted"
    span: YearSpan
    rule: Rule
    base_period: PeriodCode | None = None
    rule_changes: list[RuleChange] = Field(default_factory=list)
    least_probability: float | None = Field(default=None, gt=0.5, lt=1)
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
    """A goal of a policy. Committees are null where no source names one.

    `target_adopted: false` says that a source shows that no target was adopted; blank where no
    source has been seen. It stands only with goals that have no target.
    """

    kind_key = "goal"
    file = "goals.yml"
    texts = ("goal_note", "goal_kind")
    policy: Annotated[str, Ref("policy")]
    number: int | None = None
    effort_area: Annotated[str, Ref("effort_area")] | None = None
    parent: Annotated[str, Ref("goal")] | None = None
    lead_committee: Annotated[str, Ref("committee")] | None = None
    contributing_committees: list[Annotated[str, Ref("committee")]] | None = None
    target_adopted: Literal[False] | None = None
    indicators: list[GoalIndicator] = Field(default_factory=list)
    sources: list[Annotated[str, Ref("source")]]


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
    milestones: list[Milestone] = Field(default_factory=list)
    target_period: PeriodCode | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    owners: list[Annotated[str, Ref("committee")]] = Field(default_factory=list)
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


class Commitment(Entry):
    """One of the charter's commitments, by the role in which the city makes it.

    `indicators` are those by which the ordinary follow-up through the barometer meets it.
    """

    kind_key = "commitment"
    file = "charter.yml"
    role: Literal["policy_maker", "service_provider", "employer", "buyer"]
    indicators: list[Annotated[str, Ref("indicator")]] = Field(default_factory=list)
    source: Annotated[str, Ref("source")]


class SelfAssessment(Entry):
    """A city's own answer on one commitment in one year; its words are the label of its id.

    `city` is blank for the home city. `evidence` are addresses or documents' own references.
    """

    kind_key = "self_assessment"
    file = "self_assessments.yml"
    commitment: Annotated[str, Ref("commitment")]
    city: Annotated[str, Ref("city")] | None = None
    year: int = Field(ge=2010, le=2100)
    answer: Literal["met", "partly_met", "under_way", "not_begun"]
    author: str
    evidence: list[str] = Field(default_factory=list)
    source: Annotated[str, Ref("source")]
