"""How figures of a source are protected: rules of disclosure control as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from barometer_lib.catalogue.entry import Entry, Ref

if TYPE_CHECKING:
    from barometer_lib.catalogue.content import Catalogue


class SameCount(BaseModel):
    """Two names of one count: `group` in `indicator` is `as_group` in `as_indicator`.

    It binds two tables of the same people together, such as origin by district and age by district
    through their totals.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    indicator: Annotated[str, Ref("indicator")]
    group: Annotated[str, Ref("group")]
    as_indicator: Annotated[str, Ref("indicator")]
    as_group: Annotated[str, Ref("group")]


class WorkedOut(BaseModel):
    """An indicator worked out from another one (a gap, a ratio): hidden where a part is hidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    indicator: Annotated[str, Ref("indicator")]
    of: Annotated[str, Ref("indicator")]


class SumLimit(BaseModel):
    """When a sum of contributions is hidden, by those who contribute to it.

    `dominance`: the `n` largest hold `k` percent or more. `p_percent`: the second largest can tell
    the largest to within `p` percent; `pq`: the same where everybody could tell to within `q`
    percent before. `contributors`: fewer than `least` contribute.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    kind: Literal["dominance", "p_percent", "pq", "contributors"]
    n: Literal[1, 2] = 2
    k: float = Field(default=85, gt=0, le=100)
    p: float = Field(default=10, gt=0, lt=100)
    q: float = Field(default=100, gt=0, le=100)
    least: int = Field(default=3, ge=2)

    @model_validator(mode="after")
    def _band(self) -> SumLimit:
        if self.kind == "pq" and self.p >= self.q:
            raise ValueError("p < q")
        return self


class Protection(Entry):
    """What is hidden in the figures of `source` (blank: of every source without rules of its own),
    for `indicators` (none named: for all).

    Counts of `first` to `last` persons are hidden; `zero` hides a count of nobody, `complement`
    holds the rest of a group to the same band, `whole_group` hides shares of nobody and everybody.
    `width` is how far an attacker's limits must lie apart at least (blank: `last` + 1). `cost` of a
    further hidden figure is its count, or one. `over_time` tells whether the counts of the parts of
    a period `add` up to it, count persons `once` in the longer period, or are told `apart`.
    `denominators` is the indicator under which the sizes of the groups are published. Shares and
    means of a survey are hidden where fewer than `sample` answered.

    `owned_up` says why figures that an earlier release shows, and this rule hides, may stay as they
    are there; without it such a figure is a fault.

    With `sums` a delivery tells of each count how many contribute and what the largest give; these
    numbers are asked for, and stay in the build.

    With `rounding` counts are told as multiples of `base` instead, and shares are worked out of
    the rounded counts: `controlled` so that all sums hold, or `conventional`, each by itself.
    """

    kind_key = "disclosure"
    file = "disclosure.yml"
    labelled = False
    source: Annotated[str, Ref("source")] | None = None
    indicators: list[Annotated[str, Ref("indicator")]] = Field(default_factory=list)
    first: int = Field(default=1, ge=1)
    last: int = Field(default=4, ge=1)
    zero: bool = False
    complement: bool = True
    whole_group: bool = True
    width: float | None = Field(default=None, gt=0)
    cost: Literal["count", "one"] = "count"
    over_time: Literal["add", "once", "apart"] = "apart"
    denominators: Annotated[str, Ref("indicator")] | None = None
    sample: int = Field(default=10, ge=0)
    rounding: Literal["controlled", "conventional"] | None = None
    base: int = Field(default=5, ge=2)
    sums: list[SumLimit] = Field(default_factory=list)
    owned_up: str | None = Field(default=None, min_length=1)
    same_counts: list[SameCount] = Field(default_factory=list)
    worked_out: list[WorkedOut] = Field(default_factory=list)

    @model_validator(mode="after")
    def _band(self) -> Protection:
        if self.first > self.last:
            raise ValueError("first <= last")
        if self.rounding is not None and self.denominators is not None:
            # A rounded share beside the exact size of its group would tell the count again.
            raise ValueError("rounding: no denominators")
        if self.rounding is not None and self.sums:
            raise ValueError("rounding: no sums")
        return self

    @property
    def needed_width(self) -> float:
        """How far an attacker's limits must lie apart."""
        return self.last + 1.0 if self.width is None else self.width


class Rules:
    """The rule of each figure: of its source and indicator, of its source, or of every source."""

    def __init__(self, content: Catalogue) -> None:
        self.entries = content.all(Protection)
        self.default = Protection(id="default")
        self._found: dict[tuple[str, str], Protection] = {}

    def of(self, source: str, indicator: str) -> Protection:
        """The closest rule; counts of 1 to 4 are hidden where none is stated."""
        key = (source, indicator)
        if key not in self._found:
            fitting = [
                one
                for one in self.entries
                if one.source in (None, source)
                and (not one.indicators or indicator in one.indicators)
            ]
            fitting.sort(key=lambda one: (one.source is None, not one.indicators))
            self._found[key] = fitting[0] if fitting else self.default
        return self._found[key]
