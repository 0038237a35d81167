"""What `delivery.yml` may say of how a file is laid out: mappings, blocks of columns, marks."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Mark = Literal["suppressed", "missing"]


class ColumnMapping(BaseModel):
    """Where one dimension is read from, and how its raw values become codes.

    One of `column`, `columns` (joined with " | "), `constant` or `default: indicator` (the
    catalogue's own value for the indicator). A raw value that is not in `map` becomes `otherwise`
    where that is given, else it must itself be a known code. A blank in `map` is a blank.
    `spelled: office` reads periods as statistics offices write them (2008K1, 2008M01, 2008-A1).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str | None = None
    columns: list[str] | None = None
    constant: str | None = None
    default: Literal["indicator"] | None = None
    map: dict[str, str | bool | None] = {}
    otherwise: str | None = None
    spelled: Literal["office"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_text(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("map"), dict):
            codes = {
                str(raw): code if code is None or isinstance(code, bool) else str(code)
                for raw, code in given["map"].items()
            }
            return {**given, "map": codes}
        return given

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = (self.column, self.columns, self.constant, self.default)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("exactly one of: column, columns, constant, default")
        return self

    @property
    def names(self) -> list[str]:
        """The columns of the file that are read."""
        return [self.column] if self.column is not None else list(self.columns or [])

    @property
    def has_otherwise(self) -> bool:
        """Whether unmapped raw values become `otherwise` (which may be blank)."""
        return "otherwise" in self.model_fields_set


class Wide(BaseModel):
    """Columns that are one thing side by side (a year each, a group each), to be read as rows.

    `label` names the new column that tells them apart, `values` the new columns of figures: for
    each, the columns of the file and the label of each (its own name where a list is given).
    All new columns have the same labels in the same order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    values: dict[str, dict[str, str]] = Field(min_length=1)

    @field_validator("values", mode="before")
    @classmethod
    def _labelled(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        found: dict[str, object] = {}
        for new, columns in given.items():
            pairs = dict.fromkeys(columns) if isinstance(columns, list) else columns
            if isinstance(pairs, dict):
                pairs = {str(one): str(one if label is None else label) for one, label in
                         pairs.items()}  # fmt: skip
            found[str(new)] = pairs
        return found

    @model_validator(mode="after")
    def _same_labels(self) -> Self:
        first, *others = (list(columns.values()) for columns in self.values.values())
        if len(set(first)) < len(first) or not first:
            raise ValueError("each column of a block needs a label of its own")
        if any(labels != first for labels in others):
            raise ValueError("all blocks need the same labels in the same order")
        if self.label in self.values:
            raise ValueError("the label needs another name than the figures")
        return self

    @property
    def labels(self) -> list[str]:
        """What the columns of a block are called, in their order."""
        return list(next(iter(self.values.values())).values())

    @property
    def columns(self) -> list[str]:
        """Every column of the file that is part of a block."""
        return [column for columns in self.values.values() for column in columns]

    @property
    def blocks(self) -> list[dict[str, str]]:
        """Per label: which column of the file each new column is read from."""
        return [
            {new: list(columns)[number] for new, columns in self.values.items()}
            for number in range(len(self.labels))
        ]
