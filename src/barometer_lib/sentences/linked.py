"""A link over a break in words: by what it was made, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import number, period, text
from barometer_lib.units import SHARE_UNITS


def printed_link(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Factor and standard error as readers see them: a difference of shares is in percentage
    points, a ratio has no unit."""
    times = 100 if row["method"] == "difference" and row["unit"] in SHARE_UNITS else 1
    return {
        name: None if row[name] is None else row[name] * times
        for name in ("factor", "standard_error")
    }


def link_words(row: Mapping[str, Any], lang: str) -> str:
    """One link in a sentence: its factor as printed, the periods it rests on, its error."""
    overlap = ", ".join(period(code, lang) for code in row["overlap"])
    shown = printed_link(row)
    sure = text(lang, "linked.unknown")
    if shown["standard_error"] is not None:
        sure = text(lang, "linked.error", error=number(shown["standard_error"], lang, 4))
    return text(
        lang,
        f"linked.{row['method']}",
        start=period(row["start"], lang),
        overlap=overlap,
        factor=number(shown["factor"] or 0.0, lang, 4),
        sure=sure,
    )
