"""What the indicator page shows, read from the store in one short session and closed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.locale import Things
from barometer_lib.sentences import things
from barometer_lib.store import answers, links, questions, remarks, series
from barometer_lib.store.forecasts import forecasts
from barometer_lib.store.sessions import Session
from barometer_lib.store.targets import targets

Row = Mapping[str, Any]
Labels = Mapping[tuple[str, str], str]
DISTRICT_LEVELS = ("district", "survey_district")
EVERY_DISTRICT = "districts"


@dataclass(frozen=True)
class Stored:
    """Everything stored about one indicator, in the order readers see it."""

    lang: str
    synthetic: bool
    labels: Labels
    indicator: Row
    predecessor: str | None
    area: str
    group: str
    figures: Sequence[Row]
    breaks: Sequence[Row]
    targets: Sequence[Row]
    verdicts: Sequence[Row]
    goals: Sequence[Row]
    comments: Sequence[Row]
    revisions: Sequence[Row]
    gaps: Sequence[Row]
    newest_areas: Mapping[str, Sequence[Row]]
    answers: Sequence[Row] = ()
    tests: Sequence[Row] = ()
    forecasts: Sequence[Row] = ()
    rules: Sequence[Row] = ()
    trends: Sequence[Row] = ()
    linked: Sequence[Row] = ()
    links: Sequence[Row] = ()
    errata: Sequence[Row] = ()
    disputes: Sequence[Row] = ()

    def label(self, kind: str, code: str | None) -> str:
        """The words for a code; the code itself where it has none."""
        return "" if code is None else self.labels.get((kind, code), code)

    def note(self, kind: str, code: str) -> str | None:
        """A label that need not be there."""
        return self.labels.get((kind, code))

    @property
    def code(self) -> str:
        """The indicator's id."""
        return str(self.indicator["indicator"])

    @property
    def things(self) -> Things | None:
        """What the indicator counts; blank where its unit has a word of its own."""
        return things(self.labels, self.code)

    @property
    def name(self) -> str:
        """The indicator's short name."""
        return self.note("indicator_short", self.code) or self.label("indicator", self.code)

    def series(self, area: str, group: str) -> list[Row]:
        """The figures of one area and group, in time."""
        return [
            row for row in self.figures if row["area"] == area and row["population_group"] == group
        ]

    @property
    def chosen(self) -> list[Row]:
        """The figures the reader chose: one area's, or those of every district."""
        return [row for area in self.shown_areas for row in self.series(area, self.group)]

    @property
    def shown_areas(self) -> list[str]:
        """The areas the reader chose, in catalogue order."""
        if self.area != EVERY_DISTRICT:
            return [self.area]
        found = [row["area"] for row in self.figures if row["level"] in DISTRICT_LEVELS]
        return list(dict.fromkeys(found))

    @property
    def rounded(self) -> list[int]:
        """The bases of the figures that are told rounded to protect people."""
        return sorted({row["rounded_to"] for row in self.figures if row["rounded_to"]})

    def trend(self, area: str) -> Row:
        """What the trend engine tells of the chosen group's series in an area; empty where there
        is no such series."""
        return next((row for row in self.trends if row["area"] == area), {})

    def breaks_for(self, level: str | None) -> list[Row]:
        """The breaks that concern areas of a level."""
        return [row for row in self.breaks if row["area_level"] in (None, level)]


def read(
    session: Session, lang: str, kept: Mapping[str, str], *, code: str, area: str, group: str
) -> Stored:
    """Reads one indicator. All codes are known ones; nothing is written. `kept` holds the policy
    and round a reader came from, whose answers are shown where there are some."""
    entry = questions.indicator(session, code)
    areas = series.areas_with_figures(session, code)
    divisions = dict.fromkeys(row["division"] for row in areas if row["division"])
    home = questions.dataset(session)["home_area"]
    there = area if area != EVERY_DISTRICT else home
    reference = entry["reference_group"]
    labels = questions.labels(session, lang)
    counted = {"things": things(labels, code)}
    answered = _answered(session, kept, code, area, group)

    def of_things(rows: Sequence[Row]) -> list[Row]:
        return [{**row, **counted} for row in rows]

    return Stored(
        lang=lang,
        synthetic=bool(questions.dataset(session)["synthetic"]),
        labels=labels,
        indicator=entry,
        predecessor=series.predecessor(session, code),
        area=area,
        group=group,
        figures=of_things(series.figures(session, code)),
        breaks=questions.breaks(session, code),
        targets=targets(session, indicator=code),
        verdicts=of_things(series.verdicts(session, code)),
        goals=questions.goals_of(session, code),
        comments=questions.comments(session, code),
        revisions=of_things(series.revisions(session, code, there, group)),
        gaps=series.gaps(session, code, there, reference) if reference else [],
        newest_areas={
            division: series.newest_areas(session, code, division, group) for division in divisions
        },
        answers=of_things(answered[0]),
        rules=answered[1],
        trends=series.trends(session, code, group),
        linked=links.linked_points(session, code),
        links=links.links(session, code, area, group),
        errata=remarks.errata(session, code, there, group),
        disputes=remarks.disputes(session, code, there, group),
        forecasts=of_things(forecasts(session, code, there, group)),
        tests=of_things(series.tests(session, code, there, group)),
    )


def _answered(
    session: Session, kept: Mapping[str, str], code: str, area: str, group: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The three answers of a series under one goal in one round, and the rules side by side."""
    found = answers.newest_answered(
        session, code, area, group, kept.get("policy"), kept.get("round")
    )
    if found is None:
        return [], []
    series = (found["policy"], found["round"], code, area, group)
    return (
        [row for row in answers.answers(session, *series) if row["goal"] == found["goal"]],
        [row for row in answers.rule_verdicts(session, *series) if row["goal"] == found["goal"]],
    )
