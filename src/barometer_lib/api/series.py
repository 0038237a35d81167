"""One series as an answer: its figures, its newest change, its trend where points are enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api import testing
from barometer_lib.api.result import Result
from barometer_lib.errors import BarometerError
from barometer_lib.figures import Change, Figure, shown, standing_breaks
from barometer_lib.linking import standing_rows
from barometer_lib.sentences.linked import printed_link
from barometer_lib.store import links, questions, remarks, series
from barometer_lib.trends import Fit, Trend, as_stored
from barometer_lib.trends import trend as trend_of
from barometer_lib.units import change_unit, printed, scale


def trend_answer(
    session: stores.Session, indicator: str, area: str | None, group: str | None
) -> Result:
    """The content of `Barometer.trend`: points and change as printed, reasons as codes, the trend
    in the unit of a change with all its digits.

    The trend of what stands is the one the store keeps; of what was known on a day it is worked
    out by the same engine, to the same last digit.

    Without `area` the home city's series (or the first that has figures), without `group` the
    indicator's own. Raises `BarometerError` naming the areas and groups that have figures.
    """
    code = questions.check_code(session, "indicator", indicator)
    entry = questions.indicator(session, code)
    who = (
        entry["population_group"]
        if group is None
        else questions.check_code(session, "group", group)
    )
    place = _area(session, code, area, who)
    rows = questions.history(session, code, [place], [who])
    if not rows:
        raise _nothing(session, code, place, who)
    carried = links.linked_points(session, code, [place], [who])
    figures = [Figure.of(row) for row in standing_rows(rows, carried)]
    if entry["kind"] != "proportion":
        figures = [one.without_n() for one in figures]
    breaks = [one for one in questions.breaks(session, code) if _applies(one, rows[0]["level"])]
    breaks = standing_breaks(breaks, figures)
    found = trend_of(
        figures,
        breaks,
        entry["polarity"],
        entry["design_effect"],
        line_through=_line_through(session, code, place, who),
    )
    points = [_point(row) for row in rows]
    base = max((one["rounded_to"] or 0 for one in points), default=0) or None
    content = {
        "indicator": code,
        "area": place,
        "group": who,
        "dataset": session.dataset,
        "as_of": None if session.day is None else session.day.isoformat(),
        "unit": entry["unit"],
        "polarity": entry["polarity"],
        "points": points,
        "rounded_to": base,
        **_told(found),
        "breaks": [
            {"start": one["start"], "reason": one["reason"], "linked": one["linked"]}
            for one in breaks
        ],
        "links": [_link(one) for one in links.links(session, code, place, who)],
        "linked": [_linked_point(one) for one in carried],
        "errata": [_erratum(one) for one in remarks.errata(session, code, place, who)],
        "disputes": [_dispute(one) for one in remarks.disputes(session, code, place, who)],
        "pace": testing.pace(figures, breaks, entry["unit"]),
        "tests": testing.tests(session, figures, breaks, entry, (place, rows[0]["level"], who)),
        "forecasts": testing.forecasts(session, (code, place, who)),
        "ends": entry["ends"],
        "successor": entry["successor"],
        "synthetic": bool(rows[0]["synthetic"]),
    }
    return Result(content, points, list(points[0]))


def _line_through(session: stores.Session, indicator: str, area: str, group: str) -> Fit:
    if session.day is None:
        return as_stored(series.trends(session, indicator, group, area)[0])
    from barometer_lib.trends.fits import line_through

    return line_through


def _link(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "start": row["start"],
        "method": row["method"],
        "old_indicator": row["old_indicator"],
        "overlap": row["overlap"],
        **printed_link(row),
        "refused": row["refused"],
    }


def _erratum(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "correction": row["correction"],
        "period": row["period"],
        "round": row["reported_round"],
        "kind": row["kind"],
        "before": row["before"],
        "after": row["after"],
        "unit": row["unit"],
        "date": row["corrected_on"].isoformat(),
        "by": row["by_name"],
        "case": row["case_number"],
    }


def _dispute(row: Mapping[str, Any]) -> dict[str, Any]:
    decided = row["decided_on"]
    return {
        "dispute": row["dispute"],
        "period": row["period"],
        "round": row["reported_round"],
        "since": row["raised_on"].isoformat(),
        "by": row["by_name"],
        "decided": None if decided is None else decided.isoformat(),
    }


def _linked_point(row: Mapping[str, Any]) -> dict[str, Any]:
    fine = row["decimals"] + 1
    return {
        "period": row["period"],
        "value": printed(row["value"], row["unit"], fine),
        "low": printed(row["low"], row["unit"], fine),
        "high": printed(row["high"], row["unit"], fine),
        "original": row["printed_original"],
        "original_indicator": row["original_indicator"],
        "unit": row["unit"],
    }


def _area(session: stores.Session, indicator: str, area: str | None, group: str) -> str:
    if area is not None:
        return questions.check_code(session, "area", area)
    have = series.areas_of_group(session, indicator, group)
    home = str(questions.dataset(session)["home_area"])
    return home if home in have or not have else have[0]


def _nothing(session: stores.Session, indicator: str, area: str, group: str) -> BarometerError:
    rows = questions.history(session, indicator)
    return BarometerError(
        "no_measurements",
        indicator=indicator,
        area=area,
        group=group,
        areas=sorted({row["area"] for row in rows}) or ["-"],
        groups=sorted({row["population_group"] for row in rows}) or ["-"],
    )


def _applies(one: Mapping[str, Any], level: str) -> bool:
    return one["area_level"] is None or one["area_level"] == level


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    fine = row["decimals"] + 1
    return {
        "period": row["period"],
        "reported_round": row["reported_round"],
        "value": row["printed"],
        "rounded_to": row["rounded_to"],
        "unit": row["unit"],
        "low": printed(row["low"], row["unit"], fine),
        "high": printed(row["high"], row["unit"], fine),
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "sample_size": row["sample_size"],
        "status": row["status"],
        "known_from": row["known_from"].isoformat(),
        "source": row["source_address"],
        "delivery": row["delivery"],
        "line": row["line"],
        "synthetic": row["synthetic"],
    }


def _told(found: Trend) -> dict[str, Any]:
    latest = found.latest
    return {
        "latest": None
        if latest is None
        else {"period": latest.period, "value": latest.printed, "unit": latest.unit},
        "change": None if found.change is None else _change(found.change),
        "evidence": found.evidence,
        "direction": found.direction,
        "reason": found.reason,
        "comparable_points": found.points,
        "points_before_break": found.before_break,
        "trend": _line(found),
    }


def _change(change: Change) -> dict[str, Any]:
    fine = change.decimals + 1
    return {
        "value": shown(change),
        "unit": change.unit,
        "low": printed(change.low, change.unit, fine),
        "high": printed(change.high, change.unit, fine),
        "significant": change.significant,
        "since": change.reference_period,
        "kind": change.kind,
    }


def _line(found: Trend) -> dict[str, Any] | None:
    line, latest = found.line, found.latest
    if line is None or latest is None:
        return None
    unit = change_unit(latest.unit)
    by = scale(unit)

    def told(value: float | None) -> float | None:
        return None if value is None else value * by

    return {
        "method": "ordinary least squares",
        "slope_per_year": told(line.slope),
        "unit": unit,
        "low": told(line.low),
        "high": told(line.high),
        "se": told(line.se),
        "p": line.p,
        "r2": line.r2,
        "sen_per_year": told(line.sen),
        "sen_low": told(line.sen_low),
        "sen_high": told(line.sen_high),
        "rank_p": line.rank_p,
        "points": line.n,
    }
