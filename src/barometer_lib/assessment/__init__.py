"""What each indicator and goal is told in a round, by the rule its policy published.

`assess(tables)` takes the catalogue's and measurements' rows and gives two lists of rows, one for
indicators and one for goals, for every round of every policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometer_lib.assessment.goals import Verdict, majority
from barometer_lib.assessment.maximum import Districts, maximum_in_every_area
from barometer_lib.assessment.rules import Answer, Case, since_base, since_previous
from barometer_lib.assessment.targets import in_force, level
from barometer_lib.figures.changes import shown
from barometer_lib.figures.series import Known

__all__ = ["Assessed", "assess"]

Row = Mapping[str, Any]
RULES = {"since_previous": since_previous, "since_base": since_base}
DISTRICT_LEVELS = ("district", "survey_district")


@dataclass(frozen=True)
class Assessed:
    """Rows of `indicator_assessment` and `goal_assessment`."""

    indicators: list[dict[str, Any]]
    goals: list[dict[str, Any]]


class Assessor:
    """The catalogue and the figures, ready to judge one round after another."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.tables = tables
        self.known = Known(tables["measurement_vintage"])
        self.indicators = {row["indicator"]: row for row in tables["indicator"]}
        self.breaks: dict[str, list[Row]] = {}
        for row in tables["series_break"]:
            if row["area_level"] is None:
                self.breaks.setdefault(row["indicator"], []).append(row)
        self.verdicts = {(row["round"], row["goal"]): row for row in tables["published_verdict"]}
        dataset = tables["dataset"][0]
        self.home: str = dataset["home_area"]
        self.synthetic: bool = dataset["synthetic"]
        countries = [row["area"] for row in tables["area"] if row["level"] == "country"]
        self.country: str = countries[0] if countries else self.home
        self.districts = [row for row in tables["area"] if row["level"] in DISTRICT_LEVELS]

    def rounds_of(self, policy: str) -> list[Row]:
        """The rounds that judge a policy, oldest first, missed ones left out."""
        codes = {row["round"] for row in self.tables["round_policy"] if row["policy"] == policy}
        rounds = [row for row in self.tables["round"] if row["round"] in codes]
        return sorted(
            (row for row in rounds if not row["missed"]), key=lambda row: row["published_day"]
        )

    def round(self, policy: Row, this: Row, previous: Row | None) -> Assessed:
        """One round of one policy."""
        found = Assessed([], [])
        for goal in self.tables["goal"]:
            if goal["policy"] != policy["policy"]:
                continue
            under = [row for row in self.tables["goal_indicator"] if row["goal"] == goal["goal"]]
            if not under:
                continue
            if policy["rule"] == "maximum_in_every_area":
                self._maximum_goal(policy, this, previous, goal, under, found)
            elif policy["rule"] in RULES:
                self._ruled_goal(policy, this, previous, goal, under, found)
        return found

    def _answers(
        self, policy: Row, this: Row, previous: Row | None, under: Sequence[Row], rule: str
    ) -> list[tuple[Row, Answer]]:
        area = self.country if policy["form"] == "national" else self.home
        answers = []
        for row in under:
            indicator = self.indicators[row["indicator"]]
            series = (row["indicator"], area, indicator["population_group"])
            day = None if previous is None else previous["published_day"]
            before = [] if day is None else self.known.series(*series, day)
            case = Case(
                indicator,
                self.breaks.get(row["indicator"], ()),
                self.known.series(*series, this["published_day"]),
                this["round"],
                this["published_day"],
                day,
                policy["base_period"],
                next((one for one in reversed(before) if one.measured), None),
            )
            answers.append((row, RULES[rule](case)))
        return answers

    def _ruled_goal(
        self,
        policy: Row,
        this: Row,
        previous: Row | None,
        goal: Row,
        under: Sequence[Row],
        found: Assessed,
    ) -> None:
        rule = policy["rule"]
        answers = self._answers(policy, this, previous, under, rule)
        published = self.verdicts.get((this["round"], goal["goal"]))
        if published is None and all(answer.figure is None for _, answer in answers):
            return
        verdict = majority(rule, [answer for row, answer in answers if row["counts"]])
        found.goals.append(self._goal_row(policy, this, goal, verdict, published, None))
        for row, answer in answers:
            found.indicators.append(self._indicator_row(policy, this, row, answer))

    def _maximum_goal(
        self,
        policy: Row,
        this: Row,
        previous: Row | None,
        goal: Row,
        under: Sequence[Row],
        found: Assessed,
    ) -> None:
        first = next((row for row in under if row["counts"]), None)
        if first is None:
            return
        indicator = self.indicators[first["indicator"]]
        target = in_force(
            self.tables["target"],
            policy["policy"],
            goal["goal"],
            first["indicator"],
            this["published_day"],
        )
        if target is None or target["form"] != "maximum" or target["value"] is None:
            return
        counting = next(
            (
                row
                for row in self.indicators.values()
                if row["counts_areas_of"] == first["indicator"]
            ),
            None,
        )
        districts = maximum_in_every_area(
            self.known,
            this["published_day"],
            target["value"],
            indicator,
            counting,
            self.districts,
            self.home,
            None if previous is None else previous["published_day"],
        )
        verdict = Verdict(districts.status, districts.reason, dict(districts.facts))
        published = self.verdicts.get((this["round"], goal["goal"]))
        found.goals.append(self._goal_row(policy, this, goal, verdict, published, districts))
        for row, answer in self._answers(policy, this, previous, under, "since_previous"):
            if answer.figure is not None:
                shown = _unjudged(answer)
                found.indicators.append(self._indicator_row(policy, this, row, shown))

    def _goal_row(
        self,
        policy: Row,
        this: Row,
        goal: Row,
        verdict: Verdict,
        published: Row | None,
        districts: Districts | None,
    ) -> dict[str, Any]:
        said = None if published is None else published["status"]
        source = published["source"] if published else districts.source if districts else None
        return {
            "policy": policy["policy"],
            "round": this["round"],
            "goal": goal["goal"],
            "rule": policy["rule"],
            "status": said or verdict.status,
            "status_published": said,
            "status_computed": verdict.status,
            "reason": verdict.reason,
            "facts": verdict.facts,
            "source": source or this["source"],
            "synthetic": self.synthetic,
        }

    def _indicator_row(self, policy: Row, this: Row, row: Row, answer: Answer) -> dict[str, Any]:
        indicator = self.indicators[row["indicator"]]
        figure, change = answer.figure, answer.change
        target = in_force(
            self.tables["target"],
            policy["policy"],
            row["goal"],
            row["indicator"],
            this["published_day"],
        )
        facts = dict(answer.facts) | {"target": level(target, figure, indicator["polarity"])}
        area = self.country if policy["form"] == "national" else self.home
        return {
            "policy": policy["policy"],
            "round": this["round"],
            "goal": row["goal"],
            "indicator": row["indicator"],
            "area": area if figure is None else figure.area,
            "population_group": indicator["population_group"],
            "position": row["position"],
            "counts": row["counts"],
            "rule": policy["rule"],
            "value": None if figure is None else figure.value,
            "unit": indicator["unit"],
            "decimals": indicator["decimals"] if figure is None else figure.decimals,
            "period": None if figure is None else figure.period,
            "reference_period": None if change is None else change.reference_period,
            "reference_value": None if change is None else change.reference_value,
            "change": None if change is None else change.value,
            "change_printed": None if change is None else shown(change),
            "change_unit": None if change is None else change.unit,
            "change_low": None if change is None else change.low,
            "change_high": None if change is None else change.high,
            "change_kind": None if change is None else change.kind,
            "significant": None if change is None else change.significant,
            "status": answer.status,
            "reason": answer.reason,
            "facts": facts,
            "source": None if figure is None else figure.source,
            "synthetic": self.synthetic,
        }


def _unjudged(answer: Answer) -> Answer:
    """The change as it is, without a mark: such a plan judges its limit in the districts only."""
    if answer.status in (None, "no_new_figures"):
        return answer
    return replace(answer, status=None, reason="rule_is_maximum")


def assess(tables: Mapping[str, Sequence[Row]]) -> Assessed:
    """Judges every round of every policy by the targets in force and the figures known that day.

    `tables` holds rows by table name: dataset, policy, goal, goal_indicator, indicator, target,
    area, series_break, round, round_policy, published_verdict, measurement_vintage.
    """
    assessor = Assessor(tables)
    found = Assessed([], [])
    for policy in tables["policy"]:
        previous: Row | None = None
        for this in assessor.rounds_of(policy["policy"]):
            one = assessor.round(policy, this, previous)
            found.indicators.extend(one.indicators)
            found.goals.extend(one.goals)
            previous = this
    return found
