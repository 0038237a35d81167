"""The axes of charts in time: limits, and ticks in the words of the language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from barometer_lib import periods
from barometer_lib.charts.lines import Line, step_of
from barometer_lib.locale import month, number, ordinal, text

FLAT = 0.15  # a range smaller than this share of its top is drawn without zero
MOST_TICKS = 6


def value_limits(values: Iterable[float]) -> tuple[float, float, bool]:
    """Lower and upper end of the value axis, and whether zero is on it.

    Zero is left out only where all values lie close together and far from it.
    """
    known = list(values)
    if not known:
        return 0.0, 1.0, True
    low, high = min(known), max(known)
    if low >= 0 and high > 0 and high - low < FLAT * high and len(set(known)) > 1:
        room = (high - low) * 0.35
        return low - room, high + room, False
    low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or 1.0) * 0.08
    return (low - room if low < 0 else 0.0), (high + room if high > 0 else 0.0), True


def time_limits(places: Iterable[float], step: float) -> tuple[float, float]:
    """First and last year shown, with room for half a measurement at both ends."""
    known = sorted(places)
    if not known:
        return 0.0, 1.0
    room = max(step / 2, (known[-1] - known[0]) * 0.03)
    return known[0] - room, known[-1] + room


def time_ticks(lines: Sequence[Line], limits: tuple[float, float], lang: str) -> dict[str, object]:
    """Tick places and words: each period where they are few, whole years else."""
    found = {
        round(x, 4): point.period_code
        for line in lines
        for x, point in line.placed
        if point.period_code
    }
    step = min((step_of(line) for line in lines), default=1.0)
    if len(found) <= 4 or step == 1.0 or limits[1] - limits[0] < 2:
        kept = _thinned(sorted(found))
        words = [_tick(str(found[x]), lang) for x in kept]
        return {"tickmode": "array", "tickvals": kept, "ticktext": words}
    years = range(math.floor(limits[0]), math.ceil(limits[1]))
    inside = [year for year in years if limits[0] <= year + 0.5 <= limits[1]]
    kept = _thinned([year + 0.5 for year in inside])
    return {
        "tickmode": "array",
        "tickvals": kept,
        "ticktext": [text(lang, "numbers.period.year", year=int(x)) for x in kept],
    }


def _thinned(places: list[float]) -> list[float]:
    """The last place and every so many before it, at most `MOST_TICKS` and evenly far apart."""
    if len(places) <= 1:
        return places
    least = (places[-1] - places[0]) / MOST_TICKS
    kept: list[float] = []
    for place in reversed(places):
        if not kept or kept[-1] - place >= least - 1e-6:
            kept.append(place)
    return kept[::-1]


def _tick(code: str, lang: str) -> str:
    when = periods.parse(code)
    return text(
        lang,
        f"charts.tick.{when.frequency}",
        year=when.start.year,
        day=when.start.day,
        ending=f"{when.end.year % 100:02d}",
        ordinal=ordinal(when.number, lang),
        month=month(when.start.month, lang, "abbreviated"),
    )


def widest_number(low: float, high: float, lang: str) -> int:
    """How many characters the numbers of an axis take, about."""
    decimals = 1 if high - low < 5 else 0
    return max(len(number(low, lang, decimals)), len(number(high, lang, decimals)))
