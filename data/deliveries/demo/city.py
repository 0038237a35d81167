# ruff: noqa: INP001 - stands beside the deliveries it is about, not in a package
"""The synthetic city: counts and people of every indicator, period, area and group.

`City` draws them from `plan.yml`; the same plan gives the same numbers.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml

Cell = tuple[str, str]  # area, group
Cells = dict[Cell, tuple[int, int]]  # count, people
# What a count over people is multiplied with to be the printed value, by unit; counts have none.
SCALE = {"percent": 100, "percentage_points": 100, "per_1000": 1000, "mean": 1, "points": 1}
WHOLE, TOTAL = "CITY", "T"


def read_yaml(path: Path) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def half_years(first: str, last: str) -> list[str]:
    """Every half-year from first to last."""
    years = range(int(first[:4]), int(last[:4]) + 1)
    codes = [f"{year}-S{half}" for year in years for half in (1, 2)]
    return codes[codes.index(first) : codes.index(last) + 1]


def months_of(half_year: str) -> list[str]:
    """The six months of a half-year."""
    first = 1 if half_year.endswith("S1") else 7
    return [f"{half_year[:4]}-{month:02}" for month in range(first, first + 6)]


def place(period: str) -> int:
    """A period's place on its axis: half-years or months since the year 0."""
    year, part = period.split("-")
    return int(year) * 2 + int(part[1]) if part.startswith("S") else int(year) * 12 + int(part)


def level(path: dict[str, float], period: str) -> float:
    """The level on the straight line between the two named periods around `period`."""
    knots = sorted((place(code), value) for code, value in path.items())
    here = place(period)
    start, low = next(knot for knot in reversed(knots) if knot[0] <= here)
    end, high = next(knot for knot in knots if knot[0] >= here)
    return low if start == end else low + (high - low) * (here - start) / (end - start)


def with_totals(cells: Cells, shape: str) -> Cells:
    """The cells and their sums: all groups in an area, the city in a group, the city in all."""
    sums: dict[Cell, tuple[int, int]] = {}
    for (area, group), (count, people) in cells.items():
        keys = {(area, group)}
        if shape in ("cross", "groups"):
            keys.add((area, TOTAL))
        if shape in ("cross", "districts"):
            keys.add((WHOLE, group))
        if shape == "cross":
            keys.add((WHOLE, TOTAL))
        for key in keys:
            before = sums.get(key, (0, 0))
            sums[key] = (before[0] + count, before[1] + people)
    return {key: sums[key] for key in sorted(sums)}


class City:
    """The city drawn from a plan; `cells` holds counts and people by indicator and period."""

    def __init__(self, plan: dict[str, Any], catalogue: Path) -> None:
        self.plan = plan
        self.indicators = {one["id"]: one for one in read_yaml(catalogue / "indicators.yml")}
        self.chance = random.Random(plan["seed"])  # noqa: S311 - repeatable, not secret
        self.half_years = half_years(plan["first_period"], plan["last_period"])
        self.cells: dict[tuple[str, str], Cells] = {}
        for indicator, series in plan["series"].items():
            away = self._away(series.get("spread", 0))
            for half_year in self.half_years:
                for period in self.periods(series, half_year):
                    self.cells[indicator, period] = self._draw(indicator, period, away)
        for one in plan["fixed"]:
            cells = self.cells[one["indicator"], one["period"]]
            cell = (one["area"], one["group"])
            cells[cell] = (one["count"], cells[cell][1])

    def periods(self, series: dict[str, Any], half_year: str) -> list[str]:
        """The periods of a series that lie in a half-year, from its first one on."""
        first = self._first(series)
        inside = [half_year] if "-S" in first else months_of(half_year)
        return [period for period in inside if place(period) >= place(first)]

    def _first(self, series: dict[str, Any]) -> str:
        return str(series.get("first", self.half_years[0]))

    def _away(self, spread: float) -> dict[str, float]:
        """How far each district lies from the city; the ten add up to nothing."""
        drawn = {district: self.chance.uniform(-1, 1) for district in self.plan["district_shares"]}
        middle = sum(drawn.values()) / len(drawn)
        return {district: spread * (one - middle) for district, one in drawn.items()}

    def _draw(self, indicator: str, period: str, away: dict[str, float]) -> Cells:
        cells: Cells = {}
        series = self.plan["series"][indicator]
        # Counts of a population are drawn in per cent of it, other counts as they are.
        scale = SCALE.get(self.indicators[indicator]["unit"], 100) if "people" in series else 1
        for group, path in series["path"].items():
            city = level(path, period) + self.chance.uniform(-1, 1) * series["noise"]
            for area, people in self._people(indicator, group, period).items():
                cells[area, group] = (round(people * (city + away.get(area, 0)) / scale), people)
        return cells

    def _people(self, indicator: str, group: str, period: str) -> dict[str, int]:
        """People per area; a figure that is no share is counted in its smallest printed unit."""
        series = self.plan["series"][indicator]
        if "people" not in series:
            return {WHOLE: 10 ** self.indicators[indicator]["decimals"]}
        growth = 1 + series["growth"] * (place(period) - place(self._first(series)))
        people = series["people"][group] * growth
        if series["shape"] in ("groups", "home"):
            return {WHOLE: round(people)}
        shares = self.plan["district_shares"]
        if series["shape"] == "districts":
            return {district: round(people / len(shares)) for district in shares}
        tilt = self.plan["tilt"] if group in self.plan["tilted"] else dict.fromkeys(shares, 1)
        whole = sum(shares[district] * tilt[district] for district in shares)
        return {one: round(people * shares[one] * tilt[one] / whole) for one in shares}
