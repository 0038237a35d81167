"""The tests of one series in an answer, its pace where it is too short, its frozen forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib import periods
from barometer_lib import store as stores
from barometer_lib.figures import Figure
from barometer_lib.sentences import tests as said
from barometer_lib.sentences import things
from barometer_lib.sentences.forecasts import forecast as forecast_said
from barometer_lib.store import forecasts as stored
from barometer_lib.store import questions
from barometer_lib.trends import TREND_POINTS, comparable
from barometer_lib.units import change_unit, scale

Row = Mapping[str, Any]


def tests(
    session: stores.Session,
    figures: Sequence[Figure],
    breaks: Sequence[Row],
    entry: Row,
    place: tuple[str, str, str],
) -> list[dict[str, Any]]:
    """Every test of a series as known on the session's day, by the calculators the build uses,
    with its sentence in both languages. `place` is its area, the area's level and its group."""
    from barometer_lib.trends.tested import every_test, made_ready, target_of

    standing, _ = comparable(figures, breaks)
    area, level, group = place
    home = str(questions.dataset(session)["home_area"])
    targets = session.rows(
        "select * from target where indicator = $code", {"code": entry["indicator"]}
    )
    target = target_of(targets, entry, area, group, level, home, standing)
    found = every_test(made_ready(standing, entry, target))
    labels = {lang: questions.labels(session, lang) for lang in ("da", "en")}
    for one in found:
        for lang in ("da", "en"):
            row = one | {"unit": entry["unit"], "things": things(labels[lang], entry["indicator"])}
            one[lang] = said.said(row, lang)
    return found


def pace(figures: Sequence[Figure], breaks: Sequence[Row], unit: str) -> dict[str, Any] | None:
    """The mean change a year of a series with two points to four: provisional, never tested.

    Blank where there is one point, or enough to test a line.
    """
    standing, _ = comparable(figures, breaks)
    if not 2 <= len(standing) < TREND_POINTS:
        return None
    first, last = standing[0], standing[-1]
    middles = [periods.parse(one.period or "").midpoint for one in (first, last)]
    years = middles[1] - middles[0]
    if years <= 0 or first.value is None or last.value is None:
        return None
    decimals = min(first.decimals, last.decimals) + 1
    per_year = round((last.value - first.value) * scale(unit) / years, decimals)
    return {
        "per_year": per_year,
        "unit": change_unit(unit),
        "from_period": first.period,
        "to_period": last.period,
        "points": len(standing),
    }


FORECAST = (
    "decision", "target", "decided", "points", "first_period", "last_period", "evidence", "code",
    "reason", "later", "inside", "better", "worse",
)  # fmt: skip
POINT = ("period", "forecast", "low", "high", "value", "distance", "outcome")


def forecasts(session: stores.Session, series: tuple[str, str, str]) -> list[dict[str, Any]]:
    """The forecasts of a series frozen at decisions up to the session's day, newest first, as they
    compare with what stands today."""
    labels = {lang: questions.labels(session, lang) for lang in ("da", "en")}
    found = []
    for row in stored.forecasts(session, *series):
        if session.day is not None and row["decided"] > session.day:
            continue
        made = {name: row[name] for name in FORECAST} | {"decided": row["decided"].isoformat()}
        made["series"] = [{name: one[name] for name in POINT} for one in row["series"]]
        for lang in ("da", "en"):
            more = {"things": things(labels[lang], series[0])}
            made[lang] = forecast_said(row | more, lang)
        found.append(made)
    return found
