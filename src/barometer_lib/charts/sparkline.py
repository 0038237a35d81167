"""A series as a picture of a word's size, inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from barometer_lib.charts.palette import ACCENT
from barometer_lib.locale import text

WIDTH, HEIGHT, ROOM = 96, 24, 4


def sparkline(
    values: Sequence[float | None], lang: str, *, label: str, places: Sequence[float] | None = None
) -> str:
    """The values as inline SVG with a name for screen readers; the last value has a dot.

    A blank interrupts the line. `places` are the values' places in time, evenly spaced without.
    With no value at all there is no picture but the words for it.
    """
    known = [value for value in values if value is not None]
    if not known:
        return f'<span class="meta">{escape(text(lang, "numbers.value.missing"))}</span>'
    spots = _spots(values, places)
    runs: list[list[tuple[float, float]]] = [[]]
    for spot in spots:
        if spot is not None:
            runs[-1].append(spot)
        elif runs[-1]:
            runs.append([])
    drawn = "".join(_run(run) for run in runs if run)
    last = next(spot for spot in reversed(spots) if spot is not None)
    named = escape(label)
    return (
        f'<svg class="sparkline" role="img" aria-label="{named}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><title>{named}</title>{drawn}'
        f'<circle cx="{last[0]:g}" cy="{last[1]:g}" r="3" fill="{ACCENT}"/></svg>'
    )


def _spots(
    values: Sequence[float | None], places: Sequence[float] | None
) -> list[tuple[float, float] | None]:
    along = list(places) if places is not None else [float(place) for place in range(len(values))]
    first, wide = min(along), (max(along) - min(along)) or 1.0
    known = [value for value in values if value is not None]
    low, tall = min(known), max(known) - min(known)

    def across(place: float) -> float:
        if len(values) == 1:
            return WIDTH / 2
        return round(ROOM + (place - first) / wide * (WIDTH - 2 * ROOM), 1)

    def up(value: float) -> float:
        share = (value - low) / tall if tall else 0.5
        return round(HEIGHT - ROOM - share * (HEIGHT - 2 * ROOM), 1)

    return [
        None if value is None else (across(place), up(value))
        for place, value in zip(along, values, strict=True)
    ]


def _run(run: Sequence[tuple[float, float]]) -> str:
    if len(run) == 1:
        return f'<circle cx="{run[0][0]:g}" cy="{run[0][1]:g}" r="1.5" fill="{ACCENT}"/>'
    points = " ".join(f"{x:g},{y:g}" for x, y in run)
    return f'<polyline points="{points}" fill="none" stroke="{ACCENT}" stroke-width="1.5"/>'
