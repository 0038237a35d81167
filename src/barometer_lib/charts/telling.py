"""What a chart in time says in words, and its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from barometer_lib.charts.lines import Break, Line, Point, Target, interrupted
from barometer_lib.locale import list_of, period, text, text_count, with_unit
from barometer_lib.periods import parse
from barometer_lib.tables import Cell, Column, Table


def target_words(target: Target, unit: str, lang: str) -> str:
    """The target as it stands at its line: its year and value, or the limit it sets."""
    value = with_unit(target.value, unit, lang, target.decimals)
    if target.form != "level":
        return text(lang, f"charts.target.{target.form}", value=value)
    if target.period_code is None:
        return text(lang, "charts.target.level", value=value)
    when = period(target.period_code, lang)
    return text(lang, "charts.target.level_when", value=value, period=when)


def history_summary(
    lines: Sequence[Line],
    lang: str,
    unit: str,
    decimals: int | None,
    target: Target | None,
    breaks: Sequence[Break],
    *,
    from_zero: bool,
) -> Iterator[str]:
    """The sentences beside a history: the lines' last figures, target, breaks, what is not seen."""
    own = [line for line in lines if not line.carried]
    if len(own) == 1:
        yield _line_sentence(own[0], lang, unit, decimals, breaks)
    else:
        yield _lines_sentence(own, lang, unit, decimals)
    if target:
        yield text(lang, "charts.target_sentence", target=target_words(target, unit, lang))
        yield from _milestones(target, unit, lang)
    for one in breaks:
        yield _break_sentence(one, lang)
    if any(interrupted(line, breaks) for line in lines):
        yield text(lang, "charts.gap_sentence")
    hidden = sum(point.status == "suppressed" for line in lines for point in line.points)
    if hidden:
        yield text_count(lang, "charts.hidden_sentence", hidden)
    if any(point.low is not None for line in lines for point in line.points):
        yield text(lang, "charts.uncertainty_sentence")
    if not from_zero:
        yield text(lang, "charts.not_from_zero")


def _break_sentence(one: Break, lang: str) -> str:
    """From when on the series is broken and why, and whether it is linked."""
    key = "charts.linked_break_sentence" if one.linked else "charts.break_sentence"
    when = period(one.period_code, lang)
    return text(lang, key, period=when, reason=one.reason.rstrip("."))


def _milestones(target: Target, unit: str, lang: str) -> Iterator[str]:
    """The milestones on the drawn way to the target, in time."""
    if not target.path or not target.milestones:
        return
    in_time = sorted(target.milestones, key=lambda one: parse(one[0]).midpoint)
    parts = [
        text(
            lang,
            "charts.milestone",
            value=with_unit(value, unit, lang, target.decimals),
            period=period(when, lang),
        )
        for when, value in in_time
    ]
    yield text(lang, "charts.milestones", parts=list_of(parts, lang))


def _lines_sentence(lines: Sequence[Line], lang: str, unit: str, decimals: int | None) -> str:
    """The last figure of each of several lines, in one sentence."""
    shown = []
    for line in lines:
        last = _last(line)
        if last is None:
            continue
        value = last.shown(unit, lang, decimals)
        words = {"label": line.label, "value": value, "period": last.period(lang)}
        shown.append(text(lang, "charts.lines_part", **words))
    if not shown:
        return text(lang, "charts.lines_none")
    return text(lang, "charts.lines", parts=list_of(shown, lang))


def _last(line: Line) -> Point | None:
    if line.drawn:
        return line.drawn[-1][1]
    known = [point for point in line.points if point.value is not None]
    return known[-1] if known else None


def _line_sentence(
    line: Line, lang: str, unit: str, decimals: int | None, breaks: Sequence[Break]
) -> str:
    """The last figure of the only line, against the first where they can be compared."""
    last = _last(line)
    if last is None:
        return text(lang, "charts.line_none", label=line.label)
    value = last.shown(unit, lang, decimals)
    words = {"label": line.label, "value": value, "period": last.period(lang)}
    drawn = line.drawn
    if len(drawn) < 2 or any(drawn[0][0] < one.x <= drawn[-1][0] for one in breaks):
        return text(lang, "charts.line_one", **words)
    first = drawn[0][1]
    return text(
        lang,
        "charts.line_span",
        first_value=first.shown(unit, lang, decimals),
        first_period=first.period(lang),
        **words,
    )


def history_table(
    lines: Sequence[Line],
    lang: str,
    title: str,
    unit: str,
    decimals: int | None,
    breaks: Sequence[Break],
    notes: Sequence[str],
) -> Table:
    """Periods down, lines across, newest first; intervals stand beside their values."""
    columns = [Column("period", text(lang, "charts.column.period"), kind="label")]
    columns += [
        Column(_key(line, place), line.label, "right", "number") for place, line in enumerate(lines)
    ]
    seen: dict[tuple[float, str, str], dict[str, Cell]] = {}
    for place, line in enumerate(lines):
        for point in line.points:
            words = point.period(lang)
            when = (-(point.x or 0.0), point.period_code or "", words)
            row = seen.setdefault(when, {"period": Cell(point.period_code, words)})
            row[_key(line, place)] = _cell(point, unit, lang, decimals)
    nothing = Cell(None, text(lang, "numbers.value.missing"))
    rows = [
        {column.key: row.get(column.key, nothing) for column in columns}
        for _, row in sorted(seen.items(), key=lambda item: item[0])
    ]
    said = [_break_sentence(one, lang) for one in breaks]
    return Table(title, columns, rows, [*said, *notes], lang)


def _key(line: Line, place: int) -> str:
    return line.key or ("value" if place == 0 else f"value_{place + 1}")


def _cell(point: Point, unit: str, lang: str, decimals: int | None) -> Cell:
    value = point.value
    return Cell(value, point.shown(unit, lang, decimals), point.limits(unit, lang, decimals))
