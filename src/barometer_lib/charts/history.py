"""The history of an indicator: one or a few lines in time, with target, breaks and uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from barometer_lib.charts.frame import (
    CHARACTER,
    LINE,
    Chart,
    Figure,
    axis,
    finished,
    layout,
    note,
    plain,
    spread,
    text_width,
    wrapped,
)
from barometer_lib.charts.lines import Break, Forecast, Line, Point, Target, pieces, step_of
from barometer_lib.charts.overlays import (
    draw_breaks,
    draw_target,
    forecast_band,
    mark_carried,
    target_path,
    visible,
)
from barometer_lib.charts.palette import INK, MUTED, SERIES, see_through
from barometer_lib.charts.scales import time_limits, time_ticks, value_limits, widest_number
from barometer_lib.charts.telling import history_summary, history_table, target_words
from barometer_lib.locale import text

HEIGHT = 340
TOP, BOTTOM = 38, 46
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
BAND_FROM = 4  # points in a row from which uncertainty is a band and no longer bars
LABEL_WIDTH = 18  # characters
MOST_LINES = len(SERIES)
Label = tuple[float, str, str]  # the value it belongs to, its words, their colour


def history(
    lines: Sequence[Line],
    lang: str,
    *,
    name: str,
    title: str,
    unit: str,
    decimals: int | None = None,
    target: Target | None = None,
    breaks: Sequence[Break] = (),
    notes: Sequence[str] = (),
    colours: Sequence[int] | None = None,
    forecast: Forecast | None = None,
    synthetic: bool = False,
) -> Chart:
    """The lines in one picture, each labelled at its end. Values are in the published `unit`.

    A line is interrupted where measurements are absent and parted at breaks; what is hidden or
    missing stands in the table with its word and nowhere as a number. `notes` follow the table.
    `colours` says per line the place of its colour and symbol; blank, they follow the lines.
    Raises `ValueError` for more lines than there are colours (`MOST_LINES`): use `groups`.
    """
    if len(lines) > MOST_LINES:
        raise ValueError(f"{len(lines)} lines do not fit in one picture")
    looks = range(len(lines)) if colours is None else colours
    low, high, from_zero = value_limits([*_values(lines, target), *_foreseen(forecast)])
    figure: Figure = {"data": forecast_band(forecast), "layout": {}}
    for place, line in zip(looks, lines, strict=True):
        figure["data"] += list(line_traces(line, place, breaks, unit, lang, decimals))
    labels = _end_labels(lines, looks, lang, unit, decimals, target)
    later = [one[0] for one in forecast.points] if forecast else []
    figure["layout"] = _layout(lines, labels, lang, unit, target, (low, high), later)
    figure["data"] += target_path(target)
    draw_target(figure["layout"], target)
    spots = [(x, float(one.value or 0)) for line in lines for x, one in line.drawn]
    draw_breaks(figure["layout"], visible(breaks, figure["layout"]), lang, spots)
    mark_carried(figure["layout"], lines, lang)
    table = history_table(lines, lang, title, unit, decimals, breaks, notes)
    said = [*history_summary(lines, lang, unit, decimals, target, breaks, from_zero=from_zero)]
    if forecast is not None and forecast.points:
        said.append(text(lang, "charts.forecast"))
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def _values(lines: Sequence[Line], target: Target | None) -> Iterator[float]:
    for line in lines:
        for _, point in line.drawn:
            yield from (v for v in (point.value, point.low, point.high) if v is not None)
    if target:
        yield target.value
        yield from (value for _, value in target.path)


def _foreseen(forecast: Forecast | None) -> Iterator[float]:
    for _, _, low, high in forecast.points if forecast else ():
        yield from (low, high)


def _layout(
    lines: Sequence[Line],
    labels: Sequence[Label],
    lang: str,
    unit: str,
    target: Target | None,
    ends: tuple[float, float],
    later: Sequence[float] = (),
) -> Figure:
    left = round(CHARACTER * widest_number(*ends, lang)) + 16
    right = max(text_width(words for _, words, _ in labels) + 18, 24)
    sizes = [LINE * (words.count("<br>") + 1) + 4 for _, words, _ in labels]
    tall = max(HEIGHT - TOP - BOTTOM, sum(sizes))
    page = layout(lang, tall + TOP + BOTTOM, left=left, right=right, top=TOP, bottom=BOTTOM)
    places = [x for line in lines for x, _ in line.placed]
    places += [x for x, _ in target.path] if target else []
    places += later
    if target and target.form == "level" and target.x is not None:
        places.append(target.x)
    step = max((step_of(line) for line in lines), default=1.0)
    limits = time_limits(places, step)
    page["xaxis"] = axis(*limits, showgrid=False, ticks="outside", tickcolor=MUTED)
    page["xaxis"] |= time_ticks(lines, limits, lang)
    page["yaxis"] = axis(*ends, zeroline=ends[0] <= 0 <= ends[1], zerolinecolor=MUTED)
    page["annotations"] += _placed_labels(labels, sizes, tall, ends)
    unit_name = text(lang, f"numbers.unit_name.{unit}")
    page["annotations"].append(
        note(
            plain(unit_name),
            xref="paper",
            yref="paper",
            x=0,
            y=1,
            xanchor="left",
            yanchor="bottom",
            xshift=-left + 4,
            yshift=4,
            font={"color": MUTED},
        )
    )
    return page


def _end_labels(
    lines: Sequence[Line],
    looks: Sequence[int],
    lang: str,
    unit: str,
    decimals: int | None,
    target: Target | None,
) -> list[Label]:
    """Per line, and for the target, the value at its end, the words there and their colour."""
    labels = []
    for place, line in zip(looks, lines, strict=True):
        if not line.drawn or line.carried:
            continue
        _, last = line.drawn[-1]
        words = plain(last.shown(unit, lang, decimals))
        if sum(not one.carried for one in lines) > 1:
            words = f"{wrapped(line.label, LABEL_WIDTH)}<br>{words}"
        labels.append((float(last.value or 0), words, SERIES[place]))
    if target:
        told = target_words(target, unit, lang)
        labels.append((target.value, wrapped(told, LABEL_WIDTH), INK))
    return labels


def _placed_labels(
    labels: Sequence[Label], sizes: Sequence[int], tall: float, ends: tuple[float, float]
) -> list[Figure]:
    wanted = [(value - ends[0]) / (ends[1] - ends[0]) * tall for value, _, _ in labels]
    return [
        note(
            words,
            name="line label",
            xref="paper",
            x=1,
            xanchor="left",
            xshift=6,
            yref="paper",  # what lies off an axis in its own unit is not drawn at all
            y=round(place / tall, 4),
            yanchor="middle",
            font={"color": colour},
        )
        for (_, words, colour), place in zip(labels, spread(wanted, sizes, tall), strict=True)
    ]


def line_traces(
    line: Line,
    place: int,
    breaks: Sequence[Break],
    unit: str,
    lang: str,
    decimals: int | None,
) -> Iterator[Figure]:
    """One line's traces: a line per part between breaks, and the bands of its uncertainty."""
    colour, symbol = SERIES[place], SYMBOLS[place] + ("-open" if line.carried else "")
    dash = {"dash": "dash"} if line.carried else {}
    for part in pieces(line, () if line.carried else breaks):
        banded = _stretches(part)
        for stretch in banded:
            yield _band(stretch, colour)
        in_band = {x for stretch in banded for x, _ in stretch}
        trace: Figure = {
            "type": "scatter",
            "mode": "lines+markers",
            "name": plain(line.label),
            "x": [round(x, 4) for x, _ in part],
            "y": [None if point is None else point.value for _, point in part],
            "connectgaps": False,
            "cliponaxis": False,
            "line": {"color": colour, "width": 2} | dash,
            "marker": {"color": colour, "symbol": symbol, "size": 7},
            "hovertext": [
                "" if point is None else _hover(line, point, unit, lang, decimals)
                for _, point in part
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        bars = [(x, point) for x, point in part if x not in in_band]
        if any(_sure(point) for _, point in bars):
            trace["error_y"] = _bars(part, in_band, colour)
        yield trace


def _sure(point: Point | None) -> bool:
    return point is not None and None not in (point.value, point.low, point.high)


def _stretches(part: Sequence[tuple[float, Point | None]]) -> list[list[tuple[float, Point]]]:
    """The runs of points with an interval that are long enough for a band."""
    runs: list[list[tuple[float, Point]]] = [[]]
    for x, point in part:
        if point is not None and _sure(point):
            runs[-1].append((x, point))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= BAND_FROM]


def _band(stretch: Sequence[tuple[float, Point]], colour: str) -> Figure:
    there = [round(x, 4) for x, _ in stretch]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "band",
        "x": there + there[::-1],
        "y": [point.high for _, point in stretch] + [point.low for _, point in stretch[::-1]],
        "fill": "toself",
        "fillcolor": see_through(colour, 0.14),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _bars(part: Sequence[tuple[float, Point | None]], in_band: set[float], colour: str) -> Figure:
    def far(x: float, point: Point | None, end: str) -> float:
        if x in in_band or point is None or not _sure(point):
            return 0.0
        limit = point.high if end == "high" else point.low
        return round(abs(float(limit or 0) - float(point.value or 0)), 6)

    return {
        "type": "data",
        "symmetric": False,
        "array": [far(x, point, "high") for x, point in part],
        "arrayminus": [far(x, point, "low") for x, point in part],
        "color": colour,
        "thickness": 1.2,
        "width": 3,
    }


def _hover(line: Line, point: Point, unit: str, lang: str, decimals: int | None) -> str:
    rows = [f"<b>{plain(line.label)}</b>", plain(point.period(lang))]
    rows.append(plain(point.shown(unit, lang, decimals)))
    limits = point.limits(unit, lang, decimals)
    if limits:
        rows.append(plain(text(lang, "charts.interval", limits=limits)))
    return "<br>".join(rows)
