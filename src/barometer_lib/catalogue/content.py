"""The catalogue as read: all entries of one dataset and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from barometer_lib.catalogue.entries import Dataset, Entry
from barometer_lib.errors import NotFound

Found = TypeVar("Found", bound=Entry)


@dataclass(frozen=True)
class Catalogue:
    """All entries of one dataset, by kind and id, and their labels by language."""

    dataset: Dataset
    entries: Mapping[str, Mapping[str, Entry]]
    labels: Mapping[str, Mapping[str, Mapping[str, str]]]

    def all(self, kind: type[Found]) -> list[Found]:
        """Every entry of a kind, in the order of its file."""
        return cast("list[Found]", list(self.entries[kind.kind_key].values()))

    def get(self, kind: type[Found], code: str) -> Found:
        """The entry with this code. Raises `NotFound` with the nearest codes."""
        known = self.entries[kind.kind_key]
        if code not in known:
            raise NotFound(kind.kind_key, code, known)
        return cast("Found", known[code])

    def label(self, kind: str, code: str, lang: str) -> str | None:
        """The label of a code, blank where there is none in that language."""
        return self.labels.get(lang, {}).get(kind, {}).get(code)

    def label_rows(self) -> Iterable[tuple[str, str, str, str]]:
        """Every label as (kind, code, lang, words)."""
        for lang, kinds in self.labels.items():
            for kind, words in kinds.items():
                for code, phrase in words.items():
                    yield kind, code, lang, phrase
