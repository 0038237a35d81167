"""The charts of one indicator: its history, groups side by side, districts side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib import charts
from barometer_lib.charts import Area, Break, Chart, Forecast, Line, Point, Target
from barometer_lib.locale import period, text, text_count
from barometer_lib.periods import parse
from barometer_lib.views.series_linked import carried, dashed
from barometer_lib.views.series_reading import DISTRICT_LEVELS, EVERY_DISTRICT, Stored

Row = Mapping[str, Any]
FEWEST = 2  # dated points that make a picture
LINE_FORMS = ("level", "maximum", "minimum")


def point(row: Row) -> Point:
    """A stored figure as a point: what is not a new measurement has its word and no value."""
    measured = row["status"] == "reported" and row["printed"] is not None
    return Point(
        row["period"],
        value=row["printed"] if measured else None,
        low=row["printed_low"] if measured else None,
        high=row["printed_high"] if measured else None,
        status=row["status"],
        decimals=row["decimals"],
        rounded_to=row["rounded_to"],
    )


def drawable(lines: Sequence[Line]) -> bool:
    """Whether any line has enough dated points for a picture in time."""
    return any(len(line.drawn) >= FEWEST for line in lines)


def _breaks(stored: Stored, level: str | None, over: Sequence[Row] = ()) -> list[Break]:
    """The breaks of a level; those that figures of `over` were carried over are marked linked."""
    linked = {row["start"] for row in over}
    return [
        Break(row["start"], stored.label("break_reason", row["reason"]), row["start"] in linked)
        for row in stored.breaks_for(level)
    ]


def _level(stored: Stored, area: str) -> str | None:
    return next((row["level"] for row in stored.figures if row["area"] == area), None)


def target_row(stored: Stored, *, every_district: bool = False) -> Row | None:
    """The newest target with a value that holds for the city, or for every district."""
    wanted = "every_district" if every_district else "city"
    fitting = [
        row
        for row in stored.targets
        if row["value"] is not None
        and row["form"] in LINE_FORMS
        and row["applies_to"] == wanted
        and row["indicator"] in (stored.code, None)
    ]
    return fitting[-1] if fitting else None


def _target(stored: Stored) -> Target | None:
    if stored.area == EVERY_DISTRICT:
        return None
    in_district = _level(stored, stored.area) in DISTRICT_LEVELS
    row = target_row(stored, every_district=in_district)
    own_group = stored.group == stored.indicator["population_group"]
    if row is None or not own_group or row["unit"] != stored.indicator["unit"]:
        return None
    return Target(
        row["value"],
        row["form"],
        row["target_period"],
        None if in_district else row["baseline_value"],
        None if in_district else row["baseline_period"],
        decimals=0 if row["value"] == int(row["value"]) else stored.indicator["decimals"],
        milestones=[(one["period"], one["value"]) for one in row["milestones"]],
    )


def history(stored: Stored) -> Chart | None:
    """The chosen series in time; blank where fewer than two points are dated."""
    lines = [
        Line(
            stored.label("area", area),
            [point(row) for row in stored.series(area, stored.group)],
            key=area,
        )
        for area in stored.shown_areas
    ]
    lines = [line for line in lines if line.drawn]
    if not drawable(lines):
        return None
    where = (
        text(stored.lang, "indicator.every_district")
        if stored.area == EVERY_DISTRICT
        else stored.label("area", stored.area)
    )
    title = text(stored.lang, "indicator.history.title", name=stored.name, area=where)
    more: dict[str, Any] = {
        "name": "history",
        "title": title,
        "unit": stored.indicator["unit"],
        "decimals": stored.indicator["decimals"],
        "synthetic": stored.synthetic,
    }
    level = _level(stored, stored.shown_areas[0])
    if len(lines) > 1:
        return charts.groups(lines, stored.lang, breaks=_breaks(stored, level), **more)[0]
    more["breaks"] = _breaks(stored, level, carried(stored, stored.area))
    beside = dashed(stored, stored.area)
    if beside is not None:
        lines, more["colours"] = [beside, *lines], [0, 0]
    return charts.history(
        lines, stored.lang, target=_target(stored), forecast=_forecast(stored), **more
    )


def _forecast(stored: Stored) -> Forecast | None:
    """The newest forecast frozen at a decision, where something has come after to compare."""
    for row in stored.forecasts:
        points = [one for one in row["series"] if one["low"] is not None]
        if row["reason"] is None and len(points) >= FEWEST:
            return Forecast(
                [
                    (parse(one["period"]).midpoint, one["forecast"], one["low"], one["high"])
                    for one in points
                ]
            )
    return None


def groups(stored: Stored, area: str) -> list[Chart]:
    """The groups of one area side by side, and the gap to the reference group after it."""
    codes = list(dict.fromkeys(row["population_group"] for row in stored.figures))
    lines = [
        Line(
            stored.label("group", code),
            [point(row) for row in stored.series(area, code)],
            key=code,
        )
        for code in codes
    ]
    lines = [line for line in lines if line.drawn]
    if len(lines) < FEWEST or not drawable(lines):
        return []
    reference = stored.label("group", stored.indicator["reference_group"])
    where = stored.label("area", area)
    return charts.groups(
        lines,
        stored.lang,
        name="groups",
        title=text(stored.lang, "indicator.groups.title", name=stored.name, area=where),
        unit=stored.indicator["unit"],
        decimals=stored.indicator["decimals"],
        gaps=_gaps(stored),
        gap_title=text(
            stored.lang,
            "indicator.groups.gap_title",
            name=stored.name,
            area=where,
            reference=reference,
        ),
        gap_unit=stored.gaps[0]["unit"] if stored.gaps else "percentage_points",
        breaks=_breaks(stored, _level(stored, area)),
        synthetic=stored.synthetic,
    )


def _gaps(stored: Stored) -> list[Line]:
    codes = list(dict.fromkeys(row["population_group"] for row in stored.gaps))
    return [
        Line(
            stored.label("group", code),
            [
                Point(
                    row["period"],
                    value=row["printed"],
                    decimals=row["decimals"],
                    rounded_to=row["rounded_to"],
                )
                for row in stored.gaps
                if row["population_group"] == code
            ],
            key=code,
        )
        for code in codes
    ]


def districts(stored: Stored, home: str) -> list[Chart]:
    """Per division the districts in their newest period, with the limit none may pass."""
    found = []
    for division, rows in stored.newest_areas.items():
        known = [row for row in rows if row["known"]]
        if known:
            found.append(_division(stored, division, rows, home))
    return found


def _division(stored: Stored, division: str, rows: Sequence[Row], home: str) -> Chart:
    lang, when = stored.lang, rows[0]["period"]
    areas = [Area(stored.label("area", row["area"]), point(row), row["area"]) for row in rows]
    city = [row for row in stored.series(home, stored.group) if row["period"] == when]
    areas += [Area(stored.label("area", home), point(row), home, accent=True) for row in city]
    known = sum(row["known"] for row in rows)
    limit = target_row(stored, every_district=True)
    maximum = limit is not None and limit["form"] == "maximum"
    notes = [
        text_count(
            lang, "indicator.districts.known", known, of=len(rows), period=period(when, lang)
        )
    ]
    return charts.districts(
        areas,
        lang,
        name=f"districts-{division}",
        title=text(
            lang,
            "indicator.districts.title",
            name=stored.name,
            division=stored.label("division", division),
            period=period(when, lang),
        ),
        unit=stored.indicator["unit"],
        decimals=stored.indicator["decimals"],
        limit=limit["value"] if maximum and limit else None,
        limit_decimals=0,
        notes=notes,
        synthetic=stored.synthetic,
    )
