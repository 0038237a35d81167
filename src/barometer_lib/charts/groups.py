"""Groups side by side, and the gap between them in a small chart of its own."""

from __future__ import annotations

from collections.abc import Sequence

from barometer_lib.charts.frame import (
    CHARACTER,
    Chart,
    Figure,
    axis,
    finished,
    layout,
    note,
    plain,
    text_width,
)
from barometer_lib.charts.history import MOST_LINES, history, line_traces
from barometer_lib.charts.lines import Break, Line, step_of
from barometer_lib.charts.overlays import draw_breaks, visible
from barometer_lib.charts.palette import ACCENT, MUTED
from barometer_lib.charts.scales import time_limits, time_ticks, value_limits, widest_number
from barometer_lib.charts.telling import history_summary, history_table
from barometer_lib.locale import text

PANEL = 118  # pixels of one small picture
TOP, BOTTOM = 40, 46
SPACE = 0.3  # share of a panel above its picture, for its name


def groups(
    lines: Sequence[Line],
    lang: str,
    *,
    name: str,
    title: str,
    unit: str,
    decimals: int | None = None,
    gaps: Sequence[Line] = (),
    gap_title: str = "",
    gap_unit: str = "percentage_points",
    breaks: Sequence[Break] = (),
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> list[Chart]:
    """The groups' chart and, where `gaps` are given, the gaps' chart after it (id `<name>-gap`).

    Up to `MOST_LINES` groups share a picture with direct labels; more get a small picture each,
    one below the other, on one scale. Gaps are taken as given, in `gap_unit`.
    """
    draw = history if len(lines) <= MOST_LINES else panels
    charts = [
        draw(
            lines,
            lang,
            name=name,
            title=title,
            unit=unit,
            decimals=decimals,
            breaks=breaks,
            notes=notes,
            synthetic=synthetic,
        )
    ]
    if gaps:
        charts.append(
            history(
                gaps,
                lang,
                name=f"{name}-gap",
                title=gap_title or text(lang, "charts.gap_title", title=title),
                unit=gap_unit,
                decimals=decimals,
                breaks=breaks,
                colours=_colours_of(lines, gaps),
                synthetic=synthetic,
            )
        )
    return charts


def _colours_of(lines: Sequence[Line], gaps: Sequence[Line]) -> list[int] | None:
    """The colours the gaps' groups have in the groups' chart; blank where that has none."""
    places = {line.label: place for place, line in enumerate(lines)}
    if len(lines) > MOST_LINES or any(gap.label not in places for gap in gaps):
        return None
    return [places[gap.label] for gap in gaps]


def panels(
    lines: Sequence[Line],
    lang: str,
    *,
    name: str,
    title: str,
    unit: str,
    decimals: int | None = None,
    breaks: Sequence[Break] = (),
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Chart:
    """A small picture per line, one below the other, all on one scale."""
    values = [
        value
        for line in lines
        for _, point in line.drawn
        for value in (point.value, point.low, point.high)
        if value is not None
    ]
    low, high, from_zero = value_limits(values)
    words = [
        plain(line.drawn[-1][1].shown(unit, lang, decimals)) if line.drawn else "" for line in lines
    ]
    left = round(CHARACTER * widest_number(low, high, lang)) + 16
    height = TOP + BOTTOM + PANEL * len(lines)
    page = layout(lang, height, left=left, right=text_width(words) + 18, top=TOP, bottom=BOTTOM)
    limits = time_limits(
        [x for line in lines for x, _ in line.placed],
        max((step_of(line) for line in lines), default=1.0),
    )
    page["xaxis"] = axis(*limits, showgrid=False, ticks="outside", tickcolor=MUTED)
    page["xaxis"] |= time_ticks(lines, limits, lang)
    figure: Figure = {"data": [], "layout": page}
    for place, line in enumerate(lines):
        _panel(figure, line, place, len(lines), (low, high), words[place])
        for trace in line_traces(line, 0, breaks, unit, lang, decimals):
            figure["data"].append(trace | {"yaxis": _axis_name(place)})
    draw_breaks(page, visible(breaks, page), lang)
    page["xaxis"]["anchor"] = _axis_name(len(lines) - 1)
    table = history_table(lines, lang, title, unit, decimals, breaks, notes)
    said = history_summary(lines, lang, unit, decimals, None, breaks, from_zero=from_zero)
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def _axis_name(place: int) -> str:
    return "y" if place == 0 else f"y{place + 1}"


def _panel(
    figure: Figure, line: Line, place: int, count: int, ends: tuple[float, float], words: str
) -> None:
    """The value axis of one panel, its name above and its last value at the right."""
    page = figure["layout"]
    top = 1 - place / count
    ceiling = top - SPACE / count
    key = "yaxis" if place == 0 else f"yaxis{place + 1}"
    page[key] = axis(*ends, nticks=3, domain=[round(1 - (place + 1) / count, 5), round(ceiling, 5)])
    page[key]["anchor"] = "x"
    heading = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left"}
    page["annotations"].append(
        note(
            f"<b>{plain(line.label)}</b>",
            name="panel",
            y=round(ceiling, 5),
            yanchor="bottom",
            yshift=3,
            **heading,
        )
    )
    if line.drawn:
        page["annotations"].append(
            note(
                words,
                name="line label",
                xref="paper",
                x=1,
                xanchor="left",
                xshift=6,
                yref=_axis_name(place),
                y=line.drawn[-1][1].value,
                yanchor="middle",
                font={"color": ACCENT},
            )
        )
