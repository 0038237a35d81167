"""The hand-worked statuses of the demo city follow from its delivered figures."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from barometer_lib.catalogue import Catalogue, load
from barometer_lib.catalogue.entries import Goal, Indicator, Policy, Round

ROOT = Path(__file__).resolve().parent
FIGURES = ROOT.parent / "data" / "deliveries" / "demo" / "statistics-office"
WORKED = yaml.safe_load((ROOT / "reference" / "demo_city_statuses.yml").read_text("utf-8"))
GOALS = [
    pytest.param(sheet, goal, id=f"{sheet['round']} {goal}")
    for sheet in WORKED
    for goal in sheet["goals"]
]
RAW_GROUPS = {"demo-origin:total": "T", "demo-origin:immigrants-non-western": "2"}
Z = 1.959963984540054
Cell = dict[str, Any]


@pytest.fixture(scope="module")
def content() -> Catalogue:
    return load(ROOT.parent / "data" / "catalogue" / "demo")


@pytest.fixture(scope="module")
def city_rows() -> dict[tuple[str, str, str], list[tuple[str, dict[str, str]]]]:
    """The city's rows by indicator, group and period, each with its day of delivery."""
    rows: dict[tuple[str, str, str], list[tuple[str, dict[str, str]]]] = {}
    for path in sorted(FIGURES.glob("*/figures.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter=";"):
                if row["area"] == "CITY":
                    key = (row["indicator"], row["group"], row["period"])
                    rows.setdefault(key, []).append((path.parent.name, row))
    return rows


def known(rows: list[tuple[str, dict[str, str]]], until: str) -> Cell | None:
    """The newest figure delivered until a day, in the form of the worked sheet."""
    found = [row for day, row in rows if day <= until and row["value"]]
    if not found:
        return None
    newest = found[-1]
    if newest["numerator"]:
        return {"count": int(newest["numerator"]), "people": int(newest["denominator"])}
    percent = float(newest["value"].replace(",", "."))
    return {"percent": percent, "asked": int(newest["sample_size"])}


def share(cell: Cell) -> tuple[float, int]:
    if "count" in cell:
        return cell["count"] / cell["people"], cell["people"]
    return cell["percent"] / 100, cell["asked"]


def wilson(p: float, n: int) -> tuple[float, float]:
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return middle - half, middle + half


def change(before: Cell, after: Cell) -> dict[str, float]:
    """After minus before in points, with the 95 % Newcombe interval."""
    (p1, n1), (p2, n2) = share(before), share(after)
    (l1, u1), (l2, u2) = wilson(p1, n1), wilson(p2, n2)
    low, high = math.hypot(p2 - l2, u1 - p1), math.hypot(u2 - p2, p1 - l1)
    points = {"points": p2 - p1, "low": p2 - p1 - low, "high": p2 - p1 + high}
    return {key: 100 * value for key, value in points.items()}


def said(cell: Cell, polarity: str, ever: bool) -> str:
    """What the two figures say of the indicator."""
    if cell["before"] is None:
        return "no_base" if ever else "no_figures"
    if cell["after"] is None:
        return "no_new_figures"
    if cell["change"]["low"] <= 0 <= cell["change"]["high"]:
        return "within"
    return "better" if (cell["change"]["low"] > 0) is (polarity == "higher") else "worse"


def verdict(rule: str, told: list[str]) -> str:
    """The goal's status by its policy's rule."""
    better, worse = told.count("better"), told.count("worse")
    if rule == "since_base":
        if set(told) <= {"no_base", "no_figures", "no_new_figures"}:
            return "white"
        return "green" if better > worse else "red" if worse > better else "yellow"
    if set(told) == {"no_figures"}:
        return "no_new_figures"
    return "progress" if better > worse else "setback" if worse > better else "standstill"


@pytest.mark.parametrize(("sheet", "goal"), GOALS)
def test_worked_figures_are_the_delivered_ones(content, city_rows, sheet, goal):
    until = content.get(Round, sheet["round"]).published
    counting = {one.indicator for one in content.get(Goal, goal).indicators if one.counts}
    assert counting == set(sheet["goals"][goal]["indicators"])
    for code, cell in sheet["goals"][goal]["indicators"].items():
        group = RAW_GROUPS[content.get(Indicator, code).group]
        for when in ("before", "after"):
            period = sheet[when].replace("-S", "H")
            assert known(city_rows.get((code, group, period), []), until) == cell[when], (
                code,
                when,
            )


@pytest.mark.parametrize(("sheet", "goal"), GOALS)
def test_worked_status_follows_from_its_figures(content, city_rows, sheet, goal):
    worked = sheet["goals"][goal]
    assert content.get(Goal, goal).policy == sheet["policy"]
    until = content.get(Round, sheet["round"]).published
    for code, cell in worked["indicators"].items():
        if cell["change"] is None:
            assert cell["before"] is None or cell["after"] is None
        else:
            assert change(cell["before"], cell["after"]) == pytest.approx(cell["change"], abs=0.005)
            # Far from the edge: one respondent or rounding cannot turn the answer.
            assert min(abs(cell["change"]["low"]), abs(cell["change"]["high"])) > 0.5
        entry = content.get(Indicator, code)
        ever = any(
            known(rows, until)
            for key, rows in city_rows.items()
            if key[:2] == (code, RAW_GROUPS[entry.group])
        )
        assert said(cell, entry.polarity, ever) == cell["said"], code
    told = [cell["said"] for cell in worked["indicators"].values()]
    assert verdict(content.get(Policy, sheet["policy"]).rule, told) == worked["status"]


def test_every_goal_and_every_status_is_worked_out(content):
    for sheet in WORKED:
        of_policy = {one.id for one in content.all(Goal) if one.policy == sheet["policy"]}
        assert set(sheet["goals"]) == of_policy
    statuses = {goal["status"] for sheet in WORKED for goal in sheet["goals"].values()}
    assert statuses == {
        "green", "yellow", "red", "white", "progress", "standstill", "setback", "no_new_figures",
    }  # fmt: skip
