# ruff: noqa: INP001 - stands beside the deliveries it is about, not in a package
"""The synthetic index: 150 cities that do not exist, 18 components, six editions.

The same plan gives the same scores. A city has a level of its own, strong and weak components, and
moves a little from one edition to the next; the home city moves as the plan says. The field grows,
some cities miss an edition, and in one edition some scores are missing. Totals are weighted means
of the components, by the set of weights that the edition states.
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Row = list[str]
Scores = dict[str, int | None]  # component -> score, blank where missing


class Network:
    """The index drawn from a plan; `scores` holds every component by edition and city."""

    def __init__(self, plan: dict[str, Any], cities: list[dict[str, Any]], index: Any) -> None:
        self.plan = plan
        self.cities = {one["id"]: one["populations"][0] for one in cities}
        self.components = [one["id"] for one in index["components"]]
        self.sets = {one["id"]: one["weights"] for one in index["weights"]}
        self.stated = {one["id"].removeprefix("demo-"): one["weights"] for one in index["editions"]}
        self.chance = random.Random(plan["seed"])  # noqa: S311 - repeatable, not secret
        base = {city: self._base() for city in self.cities}
        self.scores = {edition: self._edition(edition, base) for edition in plan["fields"]}

    def _base(self) -> dict[str, float]:
        """A city's lasting profile: its level, and what it is good and bad at."""
        level = self.chance.gauss(56, 9)
        return {component: level + self.chance.gauss(0, 13) for component in self.components}

    def _edition(self, edition: str, base: dict[str, dict[str, float]]) -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        gone = self.plan["absent"].get(edition, [])
        for city in list(self.cities)[: self.plan["fields"][edition]]:
            for component, score in base[city].items():
                base[city][component] = score + self.chance.gauss(0.8, 2.5)
            if city not in gone:
                found[city] = {one: _whole(score) for one, score in base[city].items()}
        home, total = self.plan["home_city"], self.plan["home"][edition]
        found[home] = self._moved(found[home], round(total * len(self.components)))
        twin = self.plan["tied"].get(edition)
        if twin is not None:  # the same scores in other components: tied only while all count alike
            turned = [*self.components[1:], self.components[0]]
            found[twin] = {
                one: found[home][other] for one, other in zip(self.components, turned, strict=True)
            }
        for city, component in self.plan["missing"].get(edition, []):
            found[city][component] = None
        return found

    def _moved(self, scores: Scores, total: int) -> Scores:
        """The scores moved point by point until they add up to the total."""
        moved = {one: int(score or 0) for one, score in scores.items()}
        while (short := total - sum(moved.values())) != 0:
            step = 1 if short > 0 else -1
            component = self.chance.choice(self.components)
            if 4 < moved[component] + step < 98:
                moved[component] += step
        return dict(moved)

    def total(self, edition: str, scores: Scores) -> str:
        """A city's total as the network prints it: a decimal comma, rounded half up.

        Components that are missing leave their weight to the others.
        """
        weights = self.sets[self.stated[edition]]
        known = {one: score for one, score in scores.items() if score is not None}
        count = sum(Fraction(weights[one]) for one in known)
        mean = sum(Fraction(weights[one]) * score for one, score in known.items()) / count
        printed = Decimal(mean.numerator) / Decimal(mean.denominator)
        return str(printed.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")

    def score_rows(self) -> list[Row]:
        """index, city, edition, total."""
        return [
            ["demo-icc", city, edition, self.total(edition, scores)]
            for edition, field in self.scores.items()
            for city, scores in field.items()
        ]

    def component_rows(self) -> list[Row]:
        """city, edition, a column for every component; a missing score is an empty cell."""
        return [
            [city, edition, *("" if score is None else str(score) for score in scores.values())]
            for edition, field in self.scores.items()
            for city, scores in field.items()
        ]

    def size_rows(self) -> list[Row]:
        """edition, scope, how many cities."""
        rows = []
        for edition, field in self.scores.items():
            large = sum(self.cities[city]["inhabitants"] > 200000 for city in field)
            rows.append([edition, "all", str(len(field))])
            rows.append([edition, "population-over-200000", str(large)])
            rows.append([edition, "population-under-200000", str(len(field) - large)])
        return rows


def _whole(score: float) -> int:
    return min(97, max(5, round(score)))
