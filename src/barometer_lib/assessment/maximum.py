"""Rule "maximum in every district": how many districts lie strictly above the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from barometer_lib.figures.series import Figure, Known
from barometer_lib.units import stored


@dataclass(frozen=True)
class Districts:
    """The newest survey of a division against a limit.

    `status` is met, not_met or cannot_tell. `count` is how many districts lie above; `at_least`
    where only some districts' values are known and no count was published.
    """

    status: str
    reason: str
    facts: Mapping[str, Any]
    source: str | None


def maximum_in_every_area(
    known: Known,
    day: date,
    limit: float,
    indicator: Mapping[str, Any],
    counting: Mapping[str, Any] | None,
    areas: Sequence[Mapping[str, Any]],
    home: str,
    previous_day: date | None = None,
) -> Districts:
    """The districts above `limit` (as printed, such as 10 percent) in the newest period known.

    A published count of districts wins. Otherwise the districts' own values are counted, and
    where some are not known the count is a least number. Exactly at the limit is not above.
    `counting` is the indicator that holds the published count, `areas` the districts. Where
    nothing is newer than `previous_day`, the day of the round before, the goal cannot be told
    from new figures; the old count stays in the facts with its period.
    """
    group = indicator["population_group"]
    by_division: dict[str, list[Figure]] = {}
    for area in areas:
        for figure in known.series(indicator["indicator"], area["area"], group, day):
            by_division.setdefault(area["division"], []).append(figure)
    count = None
    if counting is not None:
        counts = known.series(counting["indicator"], home, counting["population_group"], day)
        count = next((one for one in reversed(counts) if one.measured), None)
    newest = _newest_period(by_division, count)
    facts: dict[str, Any] = {"limit": limit, "unit": indicator["unit"], "period": newest}
    if newest is None:
        return Districts("cannot_tell", "no_figures", facts | {"count": None}, None)
    division, values = _values(by_division, newest)
    above = _above(values, limit, indicator["unit"])
    facts |= {
        "division": division,
        "areas_above": [{"area": one.area, "value": one.printed} for one in above],
        "areas_known": len(values),
    }
    told = _counted(values, above, areas, division, facts)
    used = values
    if count is not None and count.period == newest and count.value is not None:
        facts |= {"count": int(count.value), "at_least": False, "of": None}
        status = "not_met" if count.value > 0 else "met"
        told = Districts(status, "published_count", facts, count.source)
        used = [*values, count]
    if previous_day is not None and all(one.known_from <= previous_day for one in used):
        return Districts("cannot_tell", "no_new_figures", told.facts, told.source)
    return told


def _counted(
    values: Sequence[Figure],
    above: Sequence[Figure],
    areas: Sequence[Mapping[str, Any]],
    division: str | None,
    facts: dict[str, Any],
) -> Districts:
    of = sum(1 for area in areas if area["division"] == division)
    whole = len(values) == of
    facts = facts | {"count": len(above), "at_least": not whole, "of": of}
    source = values[0].source if values else None
    if above:
        reason = "above_maximum" if whole else "partial_count"
        return Districts("not_met", reason, facts, source)
    if whole:
        return Districts("met", "within_maximum", facts, source)
    return Districts("cannot_tell", "partial_count", facts, source)


def _newest_period(by_division: Mapping[str, list[Figure]], count: Figure | None) -> str | None:
    figures = [one for each in by_division.values() for one in each if one.measured]
    figures += [count] if count is not None else []
    dated = [one for one in figures if one.period_end is not None]
    if not dated:
        return None
    return max(dated, key=lambda one: one.period_end or date.min).period


def _values(
    by_division: Mapping[str, list[Figure]], period: str
) -> tuple[str | None, list[Figure]]:
    found = {
        division: [one for one in figures if one.period == period and one.measured]
        for division, figures in by_division.items()
    }
    found = {division: figures for division, figures in found.items() if figures}
    if not found:
        return None, []
    division = max(found, key=lambda code: len(found[code]))
    return division, found[division]


def _above(values: Sequence[Figure], limit: float, unit: str) -> list[Figure]:
    line = stored(limit, unit)
    above = [one for one in values if one.value is not None and one.value > line + 1e-12]
    return sorted(above, key=lambda one: -(one.value or 0.0))
