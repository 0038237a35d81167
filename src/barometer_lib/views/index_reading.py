"""What the index page shows, read from the store in one short session and closed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.store import indices, questions
from barometer_lib.store.sessions import Session

Row = Mapping[str, Any]
Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class StoredIndex:
    """Everything stored about one index that one edition and scope show."""

    lang: str
    synthetic: bool
    labels: Labels
    entry: Row
    edition: str
    scope: str
    editions: Sequence[Row]
    path: Sequence[Row]
    ranks: Sequence[Row]
    refusal: Row | None
    scores: Sequence[Row]
    scores_of_no_edition: Sequence[Row]
    fields: Sequence[Row]
    claims: Sequence[Row]
    components: Sequence[Row]
    targets: Sequence[Row]

    @property
    def code(self) -> str:
        """The index's id."""
        return str(self.entry["index"])

    @property
    def home(self) -> str:
        """The home city's id."""
        return str(self.entry["home_city"])

    def label(self, kind: str, code: str | None) -> str:
        """The words for a code of the catalogue; the code itself where it has none."""
        return "" if code is None else self.labels.get((kind, code), code)

    def part(self, kind: str, code: str | None) -> str:
        """The words for an edition, scope or component of this index."""
        return "" if code is None else self.labels.get((kind, f"{self.code}/{code}"), code)

    @property
    def ranked_scopes(self) -> list[str]:
        """The scopes in which the edition has ranks."""
        return next(
            (list(row["scopes"] or []) for row in self.editions if row["edition"] == self.edition),
            [],
        )


def read_index(session: Session, lang: str, index: str, edition: str, scope: str) -> StoredIndex:
    """Reads one edition and scope of an index. All codes are known ones; nothing is written."""
    entry = indices.entry(session, index)
    refusal = questions.refusal(session, index, edition, scope)
    unranked = [] if refusal is None else indices.edition_scores(session, index, edition, scope)
    return StoredIndex(
        lang=lang,
        synthetic=bool(questions.dataset(session)["synthetic"]),
        labels=questions.labels(session, lang),
        entry=entry,
        edition=edition,
        scope=scope,
        editions=questions.editions(session, index),
        path=questions.city_path(session, index, entry["home_city"]),
        ranks=questions.ranks(session, index, edition, scope),
        refusal=refusal,
        scores=unranked,
        scores_of_no_edition=indices.edition_scores(session, index, None, scope),
        fields=questions.field_sizes(session, index),
        claims=questions.rank_claims(session, index),
        components=indices.components(session, index),
        targets=indices.targets(session, index),
    )
