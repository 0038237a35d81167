"""What is laid over a picture in time: target, path to the target, breaks."""

from __future__ import annotations

from collections.abc import Sequence

from barometer_lib.charts.frame import Figure, note, wrapped
from barometer_lib.charts.lines import Break, Forecast, Line, Target
from barometer_lib.charts.palette import INK, MUTED, see_through
from barometer_lib.locale import text


def target_path(target: Target | None) -> list[Figure]:
    """The way from baseline to target as a dotted line; nothing where it is not known.

    A milestone is an open diamond on it: a shape that no series has.
    """
    if target is None or not target.path:
        return []
    stops = {x for x, _ in target.way}
    return [
        {
            "type": "scatter",
            "mode": "lines+markers" if stops else "lines",
            "name": "target path",
            "marker": {
                "symbol": "diamond-open",
                "color": INK,
                "size": [9 if x in stops else 0 for x, _ in target.path],
            },
            "x": [round(x, 4) for x, _ in target.path],
            "y": [value for _, value in target.path],
            "line": {"color": MUTED, "width": 1.5, "dash": "dot"},
            "hoverinfo": "skip",
        }
    ]


def forecast_band(forecast: Forecast | None) -> list[Figure]:
    """A frozen forecast as a dash-dotted line in a pale band; nothing where there is none."""
    if forecast is None or not forecast.points:
        return []
    x = [round(one[0], 4) for one in forecast.points]
    common: Figure = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    ends = [one[3] for one in forecast.points] + [one[2] for one in forecast.points[::-1]]
    band = {"name": "forecast band", "x": x + x[::-1], "y": ends, "fill": "toself"}
    middle = {"name": "forecast", "x": x, "y": [one[1] for one in forecast.points]}
    return [
        common | band | {"fillcolor": see_through(MUTED, 0.14), "line": {"width": 0}},
        common | middle | {"line": {"color": MUTED, "width": 1.5, "dash": "dashdot"}},
    ]


def draw_target(page: Figure, target: Target | None) -> None:
    """Draws the target as a dashed line; its year and value stand among the labels at its end."""
    if target is None:
        return
    ending = {"xref": "paper", "x0": 0, "x1": 1, "y0": target.value, "y1": target.value}
    line = {"color": INK, "width": 1.5, "dash": "dash"}
    page["shapes"].append({"type": "line", "name": "target", "line": line} | ending)


def visible(breaks: Sequence[Break], page: Figure) -> list[Break]:
    """The breaks inside the time that is shown."""
    first, last = page["xaxis"]["range"]
    return [one for one in breaks if first < one.x < last]


def draw_breaks(
    page: Figure,
    breaks: Sequence[Break],
    lang: str,
    spots: Sequence[tuple[float, float]] = (),
) -> None:
    """Draws each break as a line down the picture, with its reason.

    The reason stands at the foot of the line, or at its head where `spots` (the points drawn) lie
    low beside it, so that it hides no figure.
    """
    first, last = page["xaxis"]["range"]
    for one in breaks:
        line = {"color": MUTED, "width": 1, "dash": "dot"}
        ends = {"yref": "paper", "x0": one.x, "x1": one.x, "y0": 0, "y1": 1}
        page["shapes"].append({"type": "line", "name": "break", "line": line} | ends)
        late = one.x > (first + last) / 2
        high = _low_beside(one.x, -1 if late else 1, spots, page)
        words = text(lang, "charts.linked_break" if one.linked else "charts.break")
        page["annotations"].append(
            note(
                words + "<br>" + wrapped(one.reason, 24),
                name="break",
                yref="paper",
                x=one.x,
                xanchor="right" if late else "left",
                xshift=-4 if late else 4,
                y=1 if high else 0,
                yanchor="top" if high else "bottom",
                align="right" if late else "left",
                font={"color": MUTED, "size": 11},
                bgcolor="rgba(255,255,255,0.8)",
            )
        )


def mark_carried(page: Figure, lines: Sequence[Line], lang: str) -> None:
    """Writes at the first point of each dashed line that it was carried over a break."""
    for line in lines:
        if line.carried and line.drawn:
            x, first = line.drawn[0]
            page["annotations"].append(
                note(
                    text(lang, "charts.carried"),
                    name="carried",
                    x=x,
                    y=float(first.value or 0),
                    xanchor="left",
                    yanchor="bottom",
                    yshift=6,
                    font={"color": MUTED, "size": 11},
                )
            )


def _low_beside(x: float, side: int, spots: Sequence[tuple[float, float]], page: Figure) -> bool:
    """Whether the points on this side of a break, as far as words reach, lie in the lower half."""
    first, last = page["xaxis"]["range"]
    beside = [value for at, value in spots if 0 <= side * (at - x) <= (last - first) / 4]
    if not beside:
        return False
    low, high = page["yaxis"]["range"]
    return bool(min(beside) - low < high - max(beside))
