"""Every series of a dataset whose break is linked: the link as known day by day, and its points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from math import sqrt
from typing import Any

from barometer_lib.figures import Figure, sampling_variance
from barometer_lib.intervals import normal_quantile
from barometer_lib.linking.factor import Link, back_cast, link

Row = dict[str, Any]
Series = tuple[str, str, str]
SHARE = "percent"


@dataclass(frozen=True)
class Linked:
    """`links` and `points` as rows of the tables `series_link` and `linked_measurement`."""

    links: list[Row]
    points: list[Row]


@dataclass(frozen=True)
class _Span:
    """A link and the days it was what was known (`until` blank: it is still)."""

    link: Link | None
    refused: str | None
    periods: tuple[str, ...]
    since: date
    until: date | None


def linked(
    vintages: Iterable[Mapping[str, Any]],
    breaks: Sequence[Mapping[str, Any]],
    indicators: Mapping[str, Mapping[str, Any]],
) -> Linked:
    """The links of every series with a declared one, and its figures before the break carried over.

    A link is known from the day on which the first of its overlaps is known by both methods, and
    again whenever one of these figures is renewed. Figures before an earlier break are left alone.
    A link is refused where it would carry a share out of 0 to 1 (`outside`), where the old figures
    are all 0 (`zero`), or where no overlap is known yet (no row at all).
    """
    series: dict[Series, list[Row]] = {}
    wanted = {
        code
        for one in breaks
        if one["linked"]
        for code in (one["indicator"], one["link_indicator"])
    }
    for row in vintages:
        if row["indicator"] in wanted and row["period"] is not None:
            key = (row["indicator"], row["area"], row["population_group"])
            series.setdefault(key, []).append(dict(row))
    found = Linked([], [])
    for one in breaks:
        if not one["linked"]:
            continue
        for key in list(series):
            if key[0] == one["indicator"]:
                _link_series(one, key, series, breaks, indicators, found)
    return found


def _link_series(
    one: Mapping[str, Any],
    key: Series,
    series: Mapping[Series, list[Row]],
    breaks: Sequence[Mapping[str, Any]],
    indicators: Mapping[str, Mapping[str, Any]],
    found: Linked,
) -> None:
    own, other = series[key], series.get((one["link_indicator"], *key[1:]), [])
    effects = [indicators[code]["design_effect"] for code in (key[0], one["link_indicator"])]
    floor = max(
        (b["start_day"] for b in breaks
         if b["indicator"] == key[0] and b["start_day"] < one["start_day"]),
        default=date.min,
    )  # fmt: skip
    before = [row for row in own if floor <= row["period_end"] < one["start_day"]]
    have = {row["period"] for row in before}
    before += [
        row for row in other if row["period_end"] < one["start_day"] and row["period"] not in have
    ]
    before = [row for row in before if _measured(row)]
    for span in _spans(one, own, other, effects, before):
        found.links.append(_link_row(one, key, span))
        if span.link is not None:
            found.points.extend(_points(one, key, span, before, effects))


def _spans(
    one: Mapping[str, Any],
    new: Sequence[Row],
    old: Sequence[Row],
    effects: Sequence[float | None],
    before: Sequence[Row],
) -> Iterator[_Span]:
    """The link on each day on which a figure of the overlap became known, was renewed or ended."""
    overlap = one["link_overlap"]
    used = [row for row in (*new, *old) if row["period"] in overlap]
    days = {row["known_from"] for row in used}
    days |= {row["known_until"] for row in used if row["known_until"] is not None}
    ordered = sorted(days)
    for day, until in zip_longest(ordered, ordered[1:]):
        known = [(_known(old, period, day), _known(new, period, day)) for period in overlap]
        pairs = [(was, now) for was, now in known if was is not None and now is not None]
        if pairs:
            made, refused = _made(str(one["link_method"]), pairs, effects, before)
            periods = tuple(now["period"] for _, now in pairs)
            yield _Span(made, refused, periods, day, until)


def _made(
    method: str,
    pairs: Sequence[tuple[Row, Row]],
    effects: Sequence[float | None],
    before: Sequence[Row],
) -> tuple[Link | None, str | None]:
    """The link of the overlaps known, or why there is none."""
    try:
        made = link(
            [was["value"] for was, _ in pairs],
            [now["value"] for _, now in pairs],
            method,
            [_variance(was, effects[1]) for was, _ in pairs],
            [_variance(now, effects[0]) for _, now in pairs],
        )
    except ValueError:
        return None, "zero"
    carried = [back_cast(row["value"], None, made)[0] for row in before if row["unit"] == SHARE]
    return (None, "outside") if any(not 0 <= one <= 1 for one in carried) else (made, None)


def _known(rows: Sequence[Row], period: str, day: date) -> Row | None:
    """The measured figure of a period as known on a day."""
    return next(
        (
            row
            for row in rows
            if row["period"] == period
            and _measured(row)
            and row["known_from"] <= day
            and (row["known_until"] is None or row["known_until"] > day)
        ),
        None,
    )


def _measured(row: Row) -> bool:
    return row["status"] == "reported" and row["value"] is not None


def _variance(row: Row, design_effect: float | None) -> float | None:
    return sampling_variance(Figure.of(row), design_effect)


def _link_row(one: Mapping[str, Any], key: Series, span: _Span) -> Row:
    made = span.link
    return {
        "indicator": key[0],
        "start": one["start"],
        "area": key[1],
        "population_group": key[2],
        "method": one["link_method"],
        "old_indicator": one["link_indicator"],
        "overlap": list(span.periods),
        "factor": None if made is None else made.factor,
        "standard_error": None if made is None or made.variance is None else sqrt(made.variance),
        "refused": span.refused,
        "known_from": span.since,
        "known_until": span.until,
    }


def _points(
    one: Mapping[str, Any],
    key: Series,
    span: _Span,
    before: Sequence[Row],
    effects: Sequence[float | None],
) -> Iterator[Row]:
    """Each vintage of each old figure on the new basis, for the days the link was known."""
    if span.link is None:
        return
    reach = normal_quantile()
    for row in before:
        since = max(row["known_from"], span.since)
        ends = [day for day in (row["known_until"], span.until) if day is not None]
        until = min(ends, default=None)
        if until is not None and until <= since:
            continue
        effect = effects[0] if row["indicator"] == key[0] else effects[1]
        value, variance = back_cast(row["value"], _variance(row, effect), span.link)
        half = None if variance is None else reach * sqrt(variance)
        yield {
            "indicator": key[0],
            "area": key[1],
            "population_group": key[2],
            "period": row["period"],
            "period_start": row["period_start"],
            "period_end": row["period_end"],
            "value": value,
            "low": None if half is None else value - half,
            "high": None if half is None else value + half,
            "variance": variance,
            "original_value": row["value"],
            "original_indicator": row["indicator"],
            "unit": row["unit"],
            "decimals": row["decimals"],
            "start": one["start"],
            "linked_over": one["start_day"],
            "source": row["source"],
            "known_from": since,
            "known_until": until,
            "synthetic": row["synthetic"],
        }
