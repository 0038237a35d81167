"""What every catalogue entry shares: its form, its codes, and fields that name other entries.

A field typed with `Ref("kind")` names an entry of that kind; the reader checks that it exists.
Labels, definitions and notes for readers stand in `labels.<lang>.yml`, never here.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from barometer_lib import periods
from barometer_lib.errors import BadInput

Unit = Literal[
    "percent", "percentage_points", "count", "persons_fte", "points", "rank", "per_1000", "mean"
]
Polarity = Literal["higher", "lower", "neither"]
Kind = Literal["proportion", "rate", "count", "mean", "gap", "ratio", "index_points"]
Rule = Literal[
    "since_previous",
    "since_base",
    "maximum_in_every_area",
    "linear_gap_closure",
    "eurostat",
    "statcan",
    "un_progress_chart",
    "sdsn_arrows",
    "weather",
    "national_barometer",
    "none",
]


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
