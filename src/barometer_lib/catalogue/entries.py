"""All kinds of entries of a catalogue, and what the dataset itself says."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from barometer_lib.catalogue.cities import City, Index
from barometer_lib.catalogue.entry import Entry, Polarity, Unit, refs_in
from barometer_lib.catalogue.measures import (
    Area,
    Comment,
    Group,
    Indicator,
    Round,
    Source,
)
from barometer_lib.catalogue.policies import (
    Commitment,
    Committee,
    Decision,
    EffortArea,
    Goal,
    OfficeHolder,
    Policy,
    SelfAssessment,
    Target,
)
from barometer_lib.catalogue.protection import Protection

__all__ = [
    "EXTRA_LABEL_KINDS",
    "KINDS",
    "Area",
    "City",
    "Comment",
    "Commitment",
    "Committee",
    "Dataset",
    "Decision",
    "EffortArea",
    "Entry",
    "Goal",
    "Group",
    "Index",
    "Indicator",
    "OfficeHolder",
    "Polarity",
    "Policy",
    "Protection",
    "Round",
    "SelfAssessment",
    "Source",
    "Target",
    "Unit",
    "refs_in",
]


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
        Source, Round, Comment, Decision, OfficeHolder, Commitment, SelfAssessment,
        Protection,
    )
}  # fmt: skip
EXTRA_LABEL_KINDS: dict[str, str] = {
    "definition": "of a group's definition (`origin`, `bilingual`, ...)",
    "division": "of an area division",
    "component": "of an index component, `<index>/<component>`",
    "edition": "of an index edition, `<index>/<edition>`",
    "scope": "of a ranking scope, `<index>/<scope>`",
    "weights": "of an index's set of weights, `<index>/<set>`",
    "break_reason": "of a break's reason",
    "unit": "of a unit",
    "dataset": "of the dataset",
}
