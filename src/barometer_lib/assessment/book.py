"""The catalogue and the figures as the rules look things up in them, one round at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.assessment.answers.seen import Seen
from barometer_lib.assessment.maximum import Districts, maximum_in_every_area
from barometer_lib.assessment.named import LEAST_PROBABILITY
from barometer_lib.assessment.rules import Case, is_new
from barometer_lib.assessment.targets import in_force
from barometer_lib.figures.series import Known, standing_breaks

Row = Mapping[str, Any]
DISTRICT_LEVELS = ("district", "survey_district")
HOLDS_FOR = {"city": "home", "country": "home", "every_district": "districts"}


class Book:
    """The rows of a dataset, ready to be asked for one series in one round after another."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.tables = tables
        self.known = Known(tables["measurement_vintage"])
        self.indicators = {row["indicator"]: row for row in tables["indicator"]}
        self.levels = {row["area"]: row["level"] for row in tables["area"]}
        self.breaks: dict[str, list[Row]] = {}
        for row in tables["series_break"]:
            self.breaks.setdefault(row["indicator"], []).append(row)
        dataset = tables["dataset"][0]
        self.home: str = dataset["home_area"]
        self.synthetic: bool = dataset["synthetic"]
        countries = [row["area"] for row in tables["area"] if row["level"] == "country"]
        self.country: str = countries[0] if countries else self.home
        self.districts = [row for row in tables["area"] if row["level"] in DISTRICT_LEVELS]
        self._rounds: dict[str, list[Row]] = {}
        self.changes = {
            (row["policy"], row["round"]): row["rule"] for row in tables.get("rule_change", ())
        }

    def rounds_of(self, policy: str) -> list[Row]:
        """The rounds that judge a policy, oldest first, missed ones left out."""
        if policy not in self._rounds:
            self._rounds[policy] = self._in_time(policy)
        return self._rounds[policy]

    def _in_time(self, policy: str) -> list[Row]:
        codes = {row["round"] for row in self.tables["round_policy"] if row["policy"] == policy}
        rounds = [row for row in self.tables["round"] if row["round"] in codes]
        return sorted(
            (row for row in rounds if not row["missed"]), key=lambda row: row["published_day"]
        )

    def pairs(self, policy: str) -> list[tuple[Row, Row | None]]:
        """Each round of a policy with the one before it."""
        rounds = self.rounds_of(policy)
        return list(zip(rounds, [None, *rounds], strict=False))

    def rules_of(self, policy: Row, this: Row) -> tuple[str, str | None]:
        """The rule that judges a policy in a round, and the one before it if it changed there."""
        rule, before = str(policy["rule"]), None
        for one in self.rounds_of(policy["policy"]):
            new = self.changes.get((policy["policy"], one["round"]))
            before = None
            if new is not None and new != rule:
                rule, before = new, rule
            if one["round"] == this["round"]:
                break
        return rule, before

    def least_of(self, policy: Row) -> float:
        """The probability a verdict needs under a policy."""
        return float(policy.get("least_probability") or LEAST_PROBABILITY)

    def area_of(self, policy: Row) -> str:
        """The area a policy is judged for: the city, or the country for a national framework."""
        return self.country if policy["form"] == "national" else self.home

    def goals(self, policy: Row) -> list[tuple[Row, list[Row]]]:
        """A policy's goals that have indicators, each with its indicators."""
        found = []
        for goal in self.tables["goal"]:
            if goal["policy"] != policy["policy"]:
                continue
            under = [row for row in self.tables["goal_indicator"] if row["goal"] == goal["goal"]]
            if under:
                found.append((goal, under))
        return found

    def breaks_for(self, indicator: str, level: str | None) -> list[Row]:
        """The breaks of an indicator that concern areas of a level; a blank level only those of
        all areas."""
        return [
            one
            for one in self.breaks.get(indicator, ())
            if one["area_level"] is None or one["area_level"] == level
        ]

    def case(
        self, policy: Row, this: Row, previous: Row | None, code: str, area: str, group: str
    ) -> Case:
        """An indicator's series as the rules of change look at it in a round."""
        series = (code, area, group)
        day = None if previous is None else previous["published_day"]
        before = [] if day is None else self.known.series(*series, day)
        level = None if area in (self.home, self.country) else self.levels.get(area)
        figures = self.known.series(*series, this["published_day"])
        return Case(
            self.indicators[code],
            standing_breaks(self.breaks_for(code, level), figures),
            figures,
            this["round"],
            this["published_day"],
            day,
            policy["base_period"],
            next((one for one in reversed(before) if one.measured), None),
        )

    def seen(self, policy: Row, goal: str, case: Case, area: str, group: str) -> Seen:
        """The same series with the target that is in force for it."""
        code = case.indicator["indicator"]
        target = in_force(self.tables["target"], policy["policy"], goal, code, case.day)
        if target is not None and target["form"] == "rank":
            target = None
        hold = None
        if target is not None:
            hold = self._hold(policy, target, case.indicator, area, group)
        newest = case.newest
        return Seen(
            case.indicator,
            area,
            group,
            case.figures,
            case.breaks,
            target if hold is None else None,
            hold,
            policy["base_period"],
            newest is not None and is_new(case, newest),
            self.known.revised(code, area, group, case.day),
        )

    def _hold(self, policy: Row, target: Row, indicator: Row, area: str, group: str) -> str | None:
        """Why an indicator's target does not hold for this very series; blank where it does."""
        if group != indicator["population_group"]:
            return "other_series"
        own = area == self.area_of(policy)
        if HOLDS_FOR[target["applies_to"]] == "home":
            return None if own else "other_series"
        if own:
            return "judged_in_districts"
        return None if self.levels.get(area) in DISTRICT_LEVELS else "other_series"

    def areas_above(
        self, policy: Row, goal: str, code: str, this: Row, previous: Row | None
    ) -> Districts | None:
        """The districts above a goal's maximum; blank where it states none."""
        day = this["published_day"]
        target = in_force(self.tables["target"], policy["policy"], goal, code, day)
        if target is None or target["form"] != "maximum" or target["value"] is None:
            return None
        counting = next(
            (row for row in self.indicators.values() if row["counts_areas_of"] == code), None
        )
        return maximum_in_every_area(
            self.known,
            day,
            target["value"],
            self.indicators[code],
            counting,
            self.districts,
            self.home,
            None if previous is None else previous["published_day"],
        )
