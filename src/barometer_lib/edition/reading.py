"""Which pages a round has: what there is to say of, asked of the store as it was on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from barometer_lib import store as stores
from barometer_lib.differences import compared
from barometer_lib.edition.described import Terms
from barometer_lib.edition.links import file_name
from barometer_lib.edition.round import Round
from barometer_lib.store import differences, indices, questions
from barometer_lib.views.round_changes import difference

Row = Mapping[str, Any]
DISTRICT_LEVELS = ("district", "survey_district")
KINDS = {
    "policies": "policy", "areas": "effort_area", "committees": "committee",
    "indicators": "indicator", "districts": "area",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What a policy's round says otherwise than its round before."""

    policy: str
    before: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A round with what its pages are about, in the order readers see it."""

    round: Round
    home_area: str
    effort_areas: tuple[str, ...]
    committees: tuple[str, ...]
    goals: tuple[Row, ...]
    index: str | None
    edition: str | None
    changes: tuple[Change, ...]
    rules: tuple[str, ...]
    terms: Terms

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies the round is published for."""
        return self.round.policies

    @property
    def indicators(self) -> tuple[str, ...]:
        """The policies' indicators that have figures."""
        return tuple(dict.fromkeys(row["indicator"] for row in self.round.rows("measurements")))

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts that have figures, in catalogue order."""
        known = {row["area"] for row in self.round.rows("measurements")}
        return tuple(
            row["area"]
            for row in self.round.rows("areas")
            if row["level"] in DISTRICT_LEVELS and row["area"] in known
        )

    @property
    def codes(self) -> dict[str, str]:
        """Every code that has a page, by the name of its file."""
        every = (self.policies, self.effort_areas, self.committees, self.indicators, self.districts)
        return {file_name(code): code for codes in every for code in codes}

    def policies_of(self, key: str, code: str) -> list[str]:
        """The policies with goals of an effort area, or that a committee leads or joins in."""
        if key == "effort_area":
            return [row["policy"] for row in self.goals if row["effort_area"] == code][:1] or [
                *self.policies
            ][:1]
        found = [row["policy"] for row in self.goals if code in _committees_of(row)]
        return list(dict.fromkeys(found))

    def title(self, kind: str, code: str, lang: str) -> str:
        """The title of a page: of an indicator its short name."""
        one = KINDS[kind]
        if one == "indicator":
            short = self.round.labels[lang].get(("indicator_short", code))
            return short or self.round.label(one, code, lang)
        return self.round.label(one, code, lang)


def _committees_of(goal: Row) -> list[str]:
    return [
        code for code in (goal["lead_committee"], *(goal["contributing_committees"] or ())) if code
    ]


def read(one: Round, store: Path | str | None, terms: Terms) -> Shown:
    """What the pages of a round are about."""
    with stores.session(store, one.dataset, one.day, whole=True) as look:
        start = questions.dataset(look)
        goals = [row for policy in one.policies for row in questions.goals(look, policy)]
        areas = dict.fromkeys(row["effort_area"] for row in goals if row["effort_area"])
        index = str(start["start_index"])
        editions = [row for row in questions.editions(look, index) if row["scores"]]
        known = look.codes("select committee from committee order by position")
        busy = {code for row in goals for code in _committees_of(row)}
        changes = tuple(_changes(look, one))
        rules = [row["rule"] for row in questions.policies(look) if row["policy"] in one.policies]
        entry = indices.entry(look, index) if editions else None
    return Shown(
        one,
        str(start["home_area"]),
        tuple(areas),
        tuple(code for code in known if code in busy),
        tuple(goals),
        index if entry else None,
        editions[0]["edition"] if editions else None,
        changes,
        tuple(dict.fromkeys(rules)),
        terms,
    )


def _changes(look: stores.Session, one: Round) -> list[Change]:
    """For every policy, what differs from the newest earlier round that judged it."""
    found = []
    for policy in one.policies:
        held = [row for row in questions.rounds(look, policy) if not row["missed"]]
        earlier = [row for row in held if row["published_day"] < one.day]
        if earlier:
            before = earlier[0]
            said = differences.both_rounds(look, before["round"], one.code, policy)
            rows = [difference(row) for row in compared(said)]
            found.append(Change(policy, before["round"], rows))
    return found
