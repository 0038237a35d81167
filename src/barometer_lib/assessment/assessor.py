"""Rounds judged one after another: what each goal and its indicators are told in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometer_lib.assessment.book import Book, Row
from barometer_lib.assessment.by_name import answer_by_name, goal_by_name
from barometer_lib.assessment.goals import Verdict, majority
from barometer_lib.assessment.maximum import Districts
from barometer_lib.assessment.named import RULES as NAMED
from barometer_lib.assessment.rules import RULES, Answer
from barometer_lib.assessment.targets import in_force, level
from barometer_lib.figures.changes import shown


@dataclass(frozen=True)
class Assessed:
    """Rows of `indicator_assessment` and `goal_assessment`."""

    indicators: list[dict[str, Any]]
    goals: list[dict[str, Any]]


class Assessor(Book):
    """The book, judging one round after another."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        super().__init__(tables)
        self.verdicts = {(row["round"], row["goal"]): row for row in tables["published_verdict"]}

    def round(self, policy: Row, this: Row, previous: Row | None) -> Assessed:
        """One round of one policy; where its rule changed the rule before is told beside it."""
        found = Assessed([], [])
        rule, before = self.rules_of(policy, this)
        for goal, under in self.goals(policy):
            if rule == "maximum_in_every_area":
                self._maximum_goal(policy, this, previous, goal, under, found)
            elif rule in RULES or rule in NAMED:
                self._ruled_goal(policy, this, previous, goal, under, found, rule, before)
        return found

    def _answers(
        self, policy: Row, this: Row, previous: Row | None, under: Sequence[Row], rule: str
    ) -> list[tuple[Row, Answer]]:
        area = self.area_of(policy)
        answers = []
        for row in under:
            code = row["indicator"]
            group = self.indicators[code]["population_group"]
            case = self.case(policy, this, previous, code, area, group)
            if rule in RULES:
                answers.append((row, RULES[rule](case)))
                continue
            seen = self.seen(policy, row["goal"], case, area, group)
            answers.append((row, answer_by_name(seen, case, rule, self.least_of(policy))))
        return answers

    def _ruled_goal(
        self,
        policy: Row,
        this: Row,
        previous: Row | None,
        goal: Row,
        under: Sequence[Row],
        found: Assessed,
        rule: str,
        before: str | None,
    ) -> None:
        answers = self._answers(policy, this, previous, under, rule)
        published = self.verdicts.get((this["round"], goal["goal"]))
        if published is None and all(answer.figure is None for _, answer in answers):
            return
        verdict = goal_verdict(rule, [answer for row, answer in answers if row["counts"]])
        if before in RULES or before in NAMED:
            earlier = self._answers(policy, this, previous, under, str(before))
            old = goal_verdict(str(before), [one for row, one in earlier if row["counts"]])
            told = {"rule": before, "status": old.status, "reason": old.reason}
            verdict = replace(verdict, facts=verdict.facts | {"rule_before": told})
        found.goals.append(self._goal_row(policy, this, goal, verdict, published, None, rule))
        for row, answer in answers:
            found.indicators.append(self._indicator_row(policy, this, row, answer, rule))

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
        districts = self.areas_above(policy, goal["goal"], first["indicator"], this, previous)
        if districts is None:
            return
        rule = "maximum_in_every_area"
        verdict = Verdict(districts.status, districts.reason, dict(districts.facts))
        published = self.verdicts.get((this["round"], goal["goal"]))
        found.goals.append(self._goal_row(policy, this, goal, verdict, published, districts, rule))
        for row, answer in self._answers(policy, this, previous, under, "since_previous"):
            if answer.figure is not None:
                shown = _unjudged(answer)
                found.indicators.append(self._indicator_row(policy, this, row, shown, rule))

    def _goal_row(
        self,
        policy: Row,
        this: Row,
        goal: Row,
        verdict: Verdict,
        published: Row | None,
        districts: Districts | None,
        rule: str,
    ) -> dict[str, Any]:
        said = None if published is None else published["status"]
        source = published["source"] if published else districts.source if districts else None
        return {
            "policy": policy["policy"],
            "round": this["round"],
            "goal": goal["goal"],
            "rule": rule,
            "status": said or verdict.status,
            "status_published": said,
            "status_computed": verdict.status,
            "reason": verdict.reason,
            "facts": verdict.facts,
            "source": source or this["source"],
            "synthetic": self.synthetic,
        }

    def _indicator_row(
        self, policy: Row, this: Row, row: Row, answer: Answer, rule: str
    ) -> dict[str, Any]:
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
        if figure is not None and figure.rounded_to is not None:
            facts["rounded_to"] = figure.rounded_to
        area = self.area_of(policy)
        return {
            "policy": policy["policy"],
            "round": this["round"],
            "goal": row["goal"],
            "indicator": row["indicator"],
            "area": area if figure is None else figure.area,
            "population_group": indicator["population_group"],
            "position": row["position"],
            "counts": row["counts"],
            "rule": rule,
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


def goal_verdict(rule: str, answers: Sequence[Answer]) -> Verdict:
    """The computed status of a goal from its counting indicators, by the rule's own way."""
    return majority(rule, answers) if rule in RULES else goal_by_name(rule, answers)


def _unjudged(answer: Answer) -> Answer:
    """The change as it is, without a mark: such a plan judges its limit in the districts only."""
    if answer.status in (None, "no_new_figures"):
        return answer
    return replace(answer, status=None, reason="rule_is_maximum")
