"""Districts side by side, highest share first, with the limit none may pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from barometer_lib.charts.dots import Dot, dot_figure, limit_line
from barometer_lib.charts.frame import Chart, finished
from barometer_lib.charts.lines import Point
from barometer_lib.charts.scales import value_limits
from barometer_lib.locale import list_of, text, text_count, with_unit
from barometer_lib.tables import Cell, Column, Table


@dataclass(frozen=True)
class Area:
    """An area with its measurement; `accent` marks the city among its districts."""

    label: str
    point: Point
    code: str | None = None
    accent: bool = False


def districts(
    areas: Sequence[Area],
    lang: str,
    *,
    name: str,
    title: str,
    unit: str,
    decimals: int | None = None,
    limit: float | None = None,
    limit_decimals: int | None = None,
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Chart:
    """A dot per area, sorted by value; what is hidden or missing follows below with its word.

    `limit` is a maximum: values strictly above it are marked by shape and colour, and counted.
    """
    known = [area for area in areas if area.point.value is not None]
    known.sort(key=lambda area: -float(area.point.value or 0))
    unknown = [area for area in areas if area.point.value is None]
    rows = [*known, *unknown]
    ends = _ends(known, limit)
    dots = [_dot(area, unit, lang, decimals, limit) for area in rows]
    figure = dot_figure(dots, lang, unit=unit, ends=ends, synthetic=synthetic)
    words = "" if limit is None else _limit_words(limit, unit, lang, limit_decimals)
    if limit is not None:
        limit_line(figure, limit, words)
    table = Table(
        title, _columns(lang), [_row(area, unit, lang, decimals) for area in rows], notes, lang
    )
    said = _summary(known, unknown, lang, unit, decimals, limit, words)
    return finished(name, figure, title, said, table, lang, synthetic=synthetic)


def _limit_words(limit: float, unit: str, lang: str, decimals: int | None) -> str:
    return text(lang, "charts.target.maximum", value=with_unit(limit, unit, lang, decimals))


def _ends(known: Sequence[Area], limit: float | None) -> tuple[float, float]:
    values = [
        value
        for area in known
        for value in (area.point.value, area.point.low, area.point.high)
        if value is not None
    ]
    low, high, _ = value_limits([*values, 0.0, *([limit] if limit is not None else [])])
    return low, high


def _above(area: Area, limit: float | None) -> bool:
    return limit is not None and area.point.value is not None and area.point.value > limit


def _dot(area: Area, unit: str, lang: str, decimals: int | None, limit: float | None) -> Dot:
    point = area.point
    return Dot(
        area.label,
        point.value,
        point.shown(unit, lang, decimals),
        point.low,
        point.high,
        area.accent,
        _above(area, limit),
    )


def _columns(lang: str) -> list[Column]:
    return [
        Column("area", text(lang, "charts.column.area"), kind="label"),
        Column("value", text(lang, "charts.column.value"), "right", "number"),
        Column("period", text(lang, "charts.column.period")),
    ]


def _row(area: Area, unit: str, lang: str, decimals: int | None) -> dict[str, Cell]:
    point = area.point
    shown = point.shown(unit, lang, decimals)
    return {
        "area": Cell(area.code or area.label, area.label),
        "value": Cell(point.value, shown, point.limits(unit, lang, decimals)),
        "period": Cell(point.period_code, point.period(lang)),
    }


def _summary(
    known: Sequence[Area],
    unknown: Sequence[Area],
    lang: str,
    unit: str,
    decimals: int | None,
    limit: float | None,
    limit_words: str,
) -> Iterator[str]:
    # The city stands among its districts for comparison; it is not one of them.
    parts = [area for area in known if not area.accent]
    what = "share" if unit == "percent" else "value"
    if parts and not unknown and parts[0].point.value != parts[-1].point.value:
        # Which is highest or lowest is only known where every district's figure is.
        for wanted, one in (("highest", parts[0]), ("lowest", parts[-1])):
            value = one.point.shown(unit, lang, decimals)
            yield text(lang, f"charts.districts.{wanted}_{what}", label=one.label, value=value)
    if limit is not None:
        above = [area.label for area in parts if _above(area, limit)]
        fields = {"limit": limit_words, "of": len(parts)}
        if above:
            named = list_of(above, lang)
            yield text_count(lang, "charts.districts.above", len(above), names=named, **fields)
        else:
            yield text(lang, "charts.districts.none_above", **fields)
    for status in ("suppressed", "missing", "no_new_figures"):
        names = [area.label for area in unknown if _status(area) == status]
        if names:
            yield text(lang, f"charts.districts.{status}", names=list_of(names, lang))


def _status(area: Area) -> str:
    status = area.point.status
    return "missing" if status in ("reported", "unknown") else status
