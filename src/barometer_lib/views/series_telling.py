"""What an indicator's series says: the newest figure, its change, and how much is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.figures import Change, Figure, shown
from barometer_lib.locale import change, interval, period, text, text_count, with_unit
from barometer_lib.trends import Fit, Trend, as_stored, trend
from barometer_lib.units import change_unit, printed
from barometer_lib.views.series_linked import carried, on_one_basis
from barometer_lib.views.series_reading import Stored
from barometer_lib.views.series_tables import published_words, value_words

Row = Mapping[str, Any]
WORDS = "sentences_history"


def trend_of(stored: Stored, area: str) -> Trend:
    """What one area's series has done, by the breaks that concern it.

    The line is the stored one; where none is stored, as of figures of an earlier day, it is worked
    out.
    """
    basis, breaks = on_one_basis(stored, area)
    figures = [Figure.of(row) for row in basis]
    entry = stored.indicator
    return trend(
        figures,
        breaks,
        entry["polarity"],
        entry["design_effect"],
        line_through=_line_through(stored.trend(area)),
    )


def _line_through(told: Row) -> Fit:
    if told:
        return as_stored(told)
    from barometer_lib.trends.fits import line_through

    return line_through


def newest(rows: Sequence[Row]) -> Row | None:
    """The newest figure with a value; of repeated figures the newest there is."""
    measured = [row for row in rows if row["printed"] is not None]
    return measured[-1] if measured else None


def headline(stored: Stored, area: str) -> list[str]:
    """The sentences a reader should carry home of one series."""
    lang, rows = stored.lang, stored.series(area, stored.group)
    row = newest(rows)
    found = trend_of(stored, area)
    said = [_level(stored, area, row)]
    if rows and rows[-1]["status"] != "reported":
        kind = "repeated" if row is rows[-1] else rows[-1]["status"]
        said.append(text(lang, f"{WORDS}.last.{kind}"))
    elif found.change is not None:
        said.append(change_sentence(found.change, rows, lang))
    elif found.reason == "across_break":
        said.append(text(lang, f"{WORDS}.across_break"))
    said.append(evidence_sentence(found, stored, on_one_basis(stored, area)[0]))
    linked = len(carried(stored, area))
    if linked:
        said.append(text_count(lang, f"{WORDS}.linked", linked))
    return [sentence for sentence in said if sentence]


def _level(stored: Stored, area: str, row: Row | None) -> str:
    lang = stored.lang
    words = {"name": stored.name, "area": stored.label("area", area)}
    if row is None:
        return text(lang, f"{WORDS}.newest.none", **words)
    words["value"] = value_words(row, lang)
    if row["period"] is None:
        when = published_words(row, lang)
        return text(lang, f"{WORDS}.newest.undated", date=when, **words)
    when = period(row["period"], lang)
    return text(lang, f"{WORDS}.newest.dated", period=when, **words)


def change_sentence(found: Change, rows: Sequence[Row], lang: str) -> str:
    """A change in words: against what, how much, and whether it is more than uncertainty."""
    said = {True: "significant", False: "not_significant", None: "not_stated"}[found.significant]
    amount = change(shown(found), found.unit, lang, found.decimals, rows[-1]["things"])
    sure = text(lang, f"{WORDS}.significance.{found.kind}.{said}")
    if found.kind == "published":
        since = found.reference_period
        if since in (None, "previous"):
            return text(lang, f"{WORDS}.change.published", change=amount, significance=sure)
        when = period(str(since), lang)
        return text(
            lang, f"{WORDS}.change.published_since", period=when, change=amount, significance=sure
        )
    words = {
        "before": _earlier(found, rows, lang),
        "period": period(str(found.reference_period), lang),
        "change": amount,
        "significance": sure,
    }
    key = "same" if shown(found) == 0 else "computed"
    return text(lang, f"{WORDS}.change.{'linked' if found.linked else key}", **words)


def _earlier(found: Change, rows: Sequence[Row], lang: str) -> str:
    """The figure a computed change counts from: one carried over a break as it was carried."""
    if found.linked and found.reference_value is not None:
        decimals = (found.reference_decimals or 0) + 1
        unit, things = rows[-1]["unit"], rows[-1]["things"]
        value = printed(found.reference_value, unit, decimals)
        return with_unit(value or 0.0, unit, lang, decimals, things)
    before = next((row for row in rows if row["period"] == found.reference_period), None)
    return "" if before is None else value_words(before, lang)


def evidence_sentence(found: Trend, stored: Stored, rows: Sequence[Row]) -> str:
    """How much the series can tell: one figure, a few, or a trend with its uncertainty."""
    lang = stored.lang
    if found.evidence == "none":
        return ""
    if found.line is None:
        comparable = found.points
        if comparable <= 1:
            form = "level" if found.change is None else "one_with_change"
            return text(lang, f"{WORDS}.evidence.{form}")
        return text_count(lang, f"{WORDS}.evidence.preliminary", comparable)
    dated = [row for row in rows if row["period"] and row["status"] == "reported"]
    first, last = dated[-found.points], dated[-1]
    unit = change_unit(stored.indicator["unit"])
    decimals = stored.indicator["decimals"] + 1
    slope, low, high = (
        printed(value, unit, decimals) or 0.0
        for value in (found.line.slope, found.line.low, found.line.high)
    )
    return text_count(
        lang,
        f"{WORDS}.evidence.{found.direction}",
        found.points,
        first=period(first["period"], lang),
        last=period(last["period"], lang),
        slope=change(slope, unit, lang, decimals, stored.things),
        limits=interval(low, high, unit, lang, decimals),
    )


def target_sentences(stored: Stored) -> list[str]:
    """Every target of the indicator in words, newest policy last; says so where none is adopted."""
    lang = stored.lang
    own = [row for row in stored.targets if row["indicator"] in (stored.code, None)]
    if not own:
        return [text(lang, f"{WORDS}.target.none")]
    return [_target(stored, row) for row in own]


def _target(stored: Stored, row: Row) -> str:
    said = _target_value(stored, row)
    note = stored.note("target_note", row["target"])
    return f"{said} {note}" if note else said


def _target_value(stored: Stored, row: Row) -> str:
    lang = stored.lang
    policy = stored.label("policy", row["policy"])
    where = text(lang, f"{WORDS}.target.applies.{row['applies_to']}")
    words = {"policy": policy, "where": where, "when": "", "baseline": ""}
    if row["target_period"]:
        words["when"] = text(
            lang, f"{WORDS}.target.when", period=period(row["target_period"], lang)
        )
    if row["baseline_value"] is not None and row["baseline_period"]:
        words["baseline"] = text(
            lang,
            f"{WORDS}.target.baseline",
            value=with_unit(
                row["baseline_value"], stored.indicator["unit"], lang, things=stored.things
            ),
            period=period(row["baseline_period"], lang),
        )
    if row["form"] == "direction":
        return text(lang, f"{WORDS}.target.direction.{row['direction'] or 'none'}", **words)
    words["value"] = with_unit(abs(row["value"]), row["unit"], lang, things=stored.things)
    form = row["form"]
    if form == "change":
        form = "change_down" if row["value"] < 0 else "change_up"
    return text(lang, f"{WORDS}.target.{form}", **words)
