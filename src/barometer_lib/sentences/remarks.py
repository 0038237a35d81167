"""Errata and disputes in sentences: what was corrected, when and why; what is in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.locale import date, period, text, with_unit
from barometer_lib.sentences.indicators import things

Row = Mapping[str, Any]
Labels = Mapping[tuple[str, str], str]


def remarks_of(
    errata: Sequence[Row], disputes: Sequence[Row], labels: Labels, lang: str
) -> list[str]:
    """Every erratum and dispute in a sentence, what is still in doubt first."""
    open_first = sorted(disputes, key=lambda row: row["decided_on"] is not None)
    return [
        *(dispute(row, labels, lang) for row in open_first),
        *(erratum(row, labels, lang) for row in errata),
    ]


def marks_of(row: Row) -> list[str]:
    """The marks of an indicator in a status whose figure is under clarification, or was corrected
    after the round."""
    marks = []
    if any(not one["decided"] for one in row["disputes"]):
        marks.append("mark")
    if row["errata"]:
        marks.append("corrected_mark")
    return marks


def erratum(row: Row, labels: Labels, lang: str) -> str:
    """What was corrected: the figure before and after, the day, and the reason."""
    before, after = (
        None if row[side] is None else _value(row, side, labels, lang)
        for side in ("before", "after")
    )
    return text(
        lang,
        "remarks.retracted" if after is None else "remarks.corrected",
        date=date(row["corrected_on"], lang),
        what=_what(row, labels, lang),
        before=before or text(lang, "numbers.value.missing"),
        after=after or "",
        reason=labels.get(("correction", row["correction"]), ""),
    )


def dispute(row: Row, labels: Labels, lang: str) -> str:
    """What is under clarification, since when, by whom and why, and how it ended."""
    said = text(
        lang,
        "remarks.disputed",
        date=date(row["raised_on"], lang),
        what=_what(row, labels, lang),
        by=row["by_name"],
        reason=labels.get(("dispute", row["dispute"]), ""),
    )
    if row["decided_on"] is None:
        return f"{said} {text(lang, 'remarks.open')}"
    outcome = labels.get(("dispute_outcome", row["dispute"]), "")
    when = date(row["decided_on"], lang)
    return f"{said} {text(lang, 'remarks.decided', date=when, outcome=outcome)}"


def _what(row: Row, labels: Labels, lang: str) -> str:
    code = row["indicator"]
    name = labels.get(("indicator_short", code)) or labels.get(("indicator", code), code)
    when = (
        labels.get(("round", row["reported_round"]), row["reported_round"])
        if row["period"] is None
        else period(row["period"], lang)
    )
    area = labels.get(("area", row["area"]), row["area"])
    group = labels.get(("group", row["population_group"]), row["population_group"])
    return text(lang, "remarks.what", name=name, area=area, group=group, period=when)


def _value(row: Row, side: str, labels: Labels, lang: str) -> str:
    named = things(labels, row["indicator"])
    return with_unit(row[side], row["unit"], lang, row["decimals"], named)
