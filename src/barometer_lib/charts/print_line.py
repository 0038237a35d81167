"""A series as a small picture for print: SVG without any text, which stands beside it as words."""

from __future__ import annotations

from collections.abc import Sequence

from barometer_lib.charts.palette import ACCENT, INK, MUTED, RULE

WIDTH, HEIGHT, ROOM = 480, 132, 10
HEADROOM = 0.08  # of the span, so that no point touches the frame


def print_line(
    values: Sequence[float | None],
    places: Sequence[float],
    interrupted: Sequence[bool],
    target: float | None = None,
) -> str:
    """The values at their places in time as SVG: a dot each, joined unless a period or a break lies
    between (`interrupted`); a blank value has no dot. `target` is a dashed line.

    Raises `ValueError` where no value is known.
    """
    known = [value for value in values if value is not None]
    if not known:
        raise ValueError("a picture needs a value")
    every = [*known, *([] if target is None else [target])]
    low, high = min(every), max(every)
    spare = (high - low) * HEADROOM or 1.0
    low, tall = low - spare, high - low + 2 * spare
    first, wide = min(places), (max(places) - min(places)) or 1.0

    def spot(place: float, value: float) -> tuple[float, float]:
        across = 0.5 if len(values) == 1 else (place - first) / wide
        x = ROOM + across * (WIDTH - 2 * ROOM)
        y = HEIGHT - ROOM - (value - low) / tall * (HEIGHT - 2 * ROOM)
        return round(x, 1), round(y, 1)

    runs = _runs(values, places, interrupted)
    lines = [_joined([spot(*one) for one in run]) for run in runs if len(run) > 1]
    dots = [_dot(*spot(*one)) for run in runs for one in run]
    aim = "" if target is None else _across(spot(first, target)[1])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<path d="M{ROOM} {HEIGHT - 1}H{WIDTH - ROOM}" stroke="{MUTED}"/>'
        f'<path d="M{ROOM} 1H{WIDTH - ROOM}" stroke="{RULE}"/>'
        f"{aim}{''.join(lines)}{''.join(dots)}</svg>"
    )


def _runs(
    values: Sequence[float | None], places: Sequence[float], interrupted: Sequence[bool]
) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for value, place, broken in zip(values, places, interrupted, strict=True):
        if (broken or value is None) and runs[-1]:
            runs.append([])
        if value is not None:
            runs[-1].append((place, value))
    return runs


def _joined(spots: Sequence[tuple[float, float]]) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in spots)
    return f'<polyline points="{points}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="3.2" fill="{ACCENT}"/>'


def _across(y: float) -> str:
    return (
        f'<path d="M{ROOM} {y:g}H{WIDTH - ROOM}" stroke="{INK}" stroke-width="1.5" '
        'stroke-dasharray="7 5"/>'
    )
