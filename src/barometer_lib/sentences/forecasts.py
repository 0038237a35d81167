"""A forecast frozen at a decision in sentences: what it led to, and how what came after lies by it.

What came after is compared with what would have come if the development had gone on; never is it
said why. Rows are those of `store.forecasts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import change as change_words
from barometer_lib.locale import date, interval, number, period, text, text_count, with_unit
from barometer_lib.sentences.indicators import one_stop
from barometer_lib.units import change_unit

Row = Mapping[str, Any]
JUDGED = ("inside", "better", "worse", "above", "below")


def forecast(row: Row, lang: str) -> str:
    """The forecast in two or three sentences; why there is none where there is none."""
    when = date(row["decided"], lang)
    if row["reason"] is not None:
        points = number(row["points"], lang, 0)
        return text(lang, f"forecasts.refused.{row['reason']}", day=when, points=points)
    newest = [one for one in row["series"] if one["outcome"] in JUDGED][-1]
    ahead = row["series"][-1]
    decimals, unit = row["decimals"] + 1, row["unit"]
    parts = [
        text(
            lang,
            "forecasts.frozen",
            day=when,
            points=number(row["points"], lang, 0),
            last=period(row["last_period"], lang),
            ahead=with_unit(ahead["forecast"], unit, lang, decimals, row.get("things")),
            limits=interval(ahead["low"], ahead["high"], unit, lang, decimals),
            period=period(ahead["period"], lang),
        ),
        text(
            lang,
            f"forecasts.newest.{newest['outcome']}",
            value=with_unit(newest["value"], unit, lang, row["decimals"], row.get("things")),
            when=period(newest["period"], lang),
            limits=interval(newest["low"], newest["high"], unit, lang, decimals),
            distance=change_words(
                newest["distance"], change_unit(unit), lang, decimals, row.get("things")
            ),
        ),
        text_count(lang, "forecasts.counted", row["later"], inside=number(row["inside"], lang, 0)),
        text(lang, "forecasts.no_cause"),
    ]
    if row["evidence"] == "indicative":
        parts.insert(0, text(lang, "forecasts.indicative"))
    return one_stop(" ".join(parts))
