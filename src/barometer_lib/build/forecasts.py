"""Forecasts frozen at a decision, and how later measurements compare: the tables `forecast` and
`forecast_point`.

A decision that set a target freezes a forecast of its indicator: the line through what was known on
that very day, carried on. Vintages make it the same in every later build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from barometer_lib import periods
from barometer_lib.build.lines import fit_lines
from barometer_lib.figures import Figure, Known
from barometer_lib.figures.fits import Ask, Fit
from barometer_lib.trends import TREND_POINTS, comparable
from barometer_lib.units import scale

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
FEWEST = 3
LONG = 10
ALWAYS = date(9999, 12, 30)
NUMBERS = ("forecast", "low", "high", "value", "distance")


@dataclass(frozen=True)
class Frozen:
    """One forecast: whose, what was known, the periods it is told for, and the lines asked."""

    row: dict[str, Any]
    entry: Row
    known: Sequence[Figure]
    later: Sequence[Figure]
    broken: date | None
    times: Sequence[float]
    asks: Sequence[Ask]
    due: str | None


def forecast_tables(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """The rows of both tables, from the catalogue's targets and the vintages."""
    known = Known(tables["measurement_vintage"])
    frozen = list(_frozen(tables, known))
    asks = [ask for one in frozen for ask in one.asks]
    fits = iter(fit_lines(asks))
    forecasts, points = [], []
    for one in frozen:
        made = _points(one, [next(fits) for _ in one.asks])
        points += made
        forecasts.append(one.row | _told(one, made))
    return {"forecast": forecasts, "forecast_point": points}


def _frozen(tables: Tables, known: Known) -> list[Frozen]:
    entries = {row["indicator"]: row for row in tables["indicator"]}
    levels = {row["area"]: row["level"] for row in tables["area"]}
    days = {row["decision"]: _day(row) for row in tables["decision"]}
    dataset = tables["dataset"][0]
    found: dict[tuple[str, ...], Frozen] = {}
    for target in tables["target"]:
        day = days.get(target["decision"] or "")
        entry = entries.get(target["indicator"] or "")
        if day is None or entry is None:
            continue
        for area, group in known.places(entry["indicator"]):
            here = _holds(target["applies_to"], area, levels[area], dataset["home_area"])
            key = (target["decision"], entry["indicator"], area, group)
            if here and group == entry["population_group"] and key not in found:
                row = dict(zip(("decision", "indicator", "area", "population_group"), key,
                               strict=True))  # fmt: skip
                row |= {"target": target["target"], "decided": day}
                row |= {"synthetic": dataset["synthetic"]}
                breaks = [
                    {**one, "linked": False}
                    for one in tables["series_break"]
                    if one["indicator"] == entry["indicator"]
                    and one["area_level"] in (None, levels[area])
                ]
                found[key] = _one(row, entry, known, breaks, target["target_period"])
    return list(found.values())


def _day(decision: Row) -> date | None:
    """The day of a decision; the last day of its period where only that is known."""
    if decision["decided"] is not None:
        return date.fromisoformat(str(decision["decided"]))
    period = decision["decided_period"]
    return None if period is None else periods.last_day(period)


def _holds(applies_to: str, area: str, level: str, home: str) -> bool:
    if applies_to == "every_district":
        return level in ("district", "survey_district")
    return level == "country" if applies_to == "country" else area == home


def _one(
    row: dict[str, Any], entry: Row, known: Known, breaks: Sequence[Row], due: str | None
) -> Frozen:
    series = (row["indicator"], row["area"], row["population_group"])
    then = known.series(*series, row["decided"])
    standing, _ = comparable(then, breaks)
    last = standing[-1].period_end if standing else None
    now = known.series(*series, ALWAYS)
    later = [one for one in now if one.period_end and last and one.period_end > last]
    passed = [one["start_day"] for one in breaks if last is not None and one["start_day"] > last]
    codes = [one.period or "" for one in later]
    if due is not None and last is not None and periods.last_day(due) > last and due not in codes:
        codes.append(due)
    times = [periods.parse(code).midpoint for code in codes]
    asks: list[Ask] = []
    if len(standing) >= FEWEST and then[-1].measured:
        line = tuple(periods.parse(one.period or "").midpoint for one in standing)
        values = tuple((one.value or 0.0) * scale(entry["unit"]) for one in standing)
        asks = [Ask(line, values, time, 0.0) for time in times]
    return Frozen(row, entry, standing, later, min(passed, default=None), times, asks, due)


def _points(one: Frozen, fits: Sequence[Fit]) -> list[dict[str, Any]]:
    """The forecast in every later period, beside what was measured."""
    if not fits:
        return []
    measured: list[Figure | None] = [*one.later, None][: len(fits)]
    keys = ("decision", "indicator", "area", "population_group")
    decimals = one.known[-1].decimals + 1
    rows = []
    for figure, fit in zip(measured, fits, strict=True):
        period = one.due if figure is None else figure.period
        low, high = _within(fit.projected_low, one.entry), _within(fit.projected_high, one.entry)
        value = None if figure is None or not figure.measured else figure.printed
        middle = _within(fit.projected, one.entry)
        row = {name: one.row[name] for name in keys} | {"period": period}
        row |= {"period_end": periods.last_day(period or "")}
        row |= {"forecast": middle, "low": low, "high": high, "value": value}
        row["distance"] = None if value is None or middle is None else value - middle
        row["outcome"] = _outcome(one, figure, value, low, high)
        for name in NUMBERS:
            row[name] = None if row[name] is None else round(row[name], decimals)
        rows.append(row | {"synthetic": one.row["synthetic"]})
    return rows


def _within(value: float | None, entry: Row) -> float | None:
    """Kept within what the unit can be, as every projection is."""
    if value is None or entry["kind"] not in ("proportion", "rate", "count"):
        return value
    most = 100.0 if entry["kind"] == "proportion" else value
    return min(max(value, 0.0), max(most, 0.0))


def _outcome(
    one: Frozen, figure: Figure | None, value: float | None, low: float | None, high: float | None
) -> str:
    """How a later measurement lies: inside the interval, or outside on the better or worse side."""
    if figure is None:
        return "not_yet"
    end = figure.period_end
    if one.broken is not None and end is not None and end >= one.broken:
        return "across_break"
    if value is None:
        return "suppressed" if figure.status == "suppressed" else "not_measured"
    if low is None or high is None:
        return "no_interval"
    if low <= value <= high:
        return "inside"
    up = value > high
    if one.entry["polarity"] == "neither":
        return "above" if up else "below"
    return "better" if up is (one.entry["polarity"] == "higher") else "worse"


def _told(one: Frozen, points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the forecast says by its newest later measurement, or why there is none."""
    outcomes = [row["outcome"] for row in points]
    judged = [row for row in outcomes if row in ("inside", "better", "worse", "above", "below")]
    n = len(one.known)
    reason = None
    if n < FEWEST:
        reason = "fewer_than_three" if n else "nothing_known"
    elif not one.asks:
        reason = "nothing_later" if not one.times else "newest_hidden"
    elif not judged:
        reason = "across_break" if "across_break" in outcomes else "nothing_later"
    evidence = "indicative" if n < TREND_POINTS else "long" if n >= LONG else "trend"
    ends = (one.known[0].period, one.known[-1].period) if one.known else (None, None)
    return {
        "points": n,
        "first_period": ends[0],
        "last_period": ends[1],
        "evidence": evidence if n >= FEWEST else "none",
        "code": judged[-1] if judged else "refused",
        "reason": reason,
        "later": len(judged),
        "inside": judged.count("inside"),
        "better": judged.count("better") + judged.count("above"),
        "worse": judged.count("worse") + judged.count("below"),
    }
