"""What is said of the charter's commitments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import list_of, period, text, text_count

ANSWERS = ("met", "partly_met", "under_way", "not_begun")
Content = Mapping[str, Any]
Words = Mapping[tuple[str, str], str]


def summary(content: Content, lang: str) -> list[str]:
    """How many commitments the ordinary follow-up meets, and how the city answered."""
    rows = content["commitments"]
    by_follow_up = Counter(row["follow_up"] for row in rows)
    said = [
        text(
            lang,
            "charter.follow_up_of",
            count=len(rows),
            met=by_follow_up["met"],
            stale=by_follow_up["stale"],
            none=by_follow_up["none"],
        )
    ]
    given = Counter(row["answer"] for row in rows if row["answer"])
    if not given:
        return [*said, text(lang, "charter.no_answers")]
    parts = [text_count(lang, f"charter.count.{one}", given[one]) for one in ANSWERS if given[one]]
    silent = len(rows) - sum(given.values())
    if silent:
        parts.append(text_count(lang, "charter.count.silent", silent))
    return [*said, text(lang, "charter.answered", year=content["year"], parts=list_of(parts, lang))]


def answer_words(row: Content, lang: str) -> str:
    """The answer in words, with the earlier one where it was another; "no answer" where none."""
    if row["answer"] is None:
        said = text(lang, "charter.answer.silent")
    else:
        said = text(lang, f"charter.answer.{row['answer']}")
    if row["answer_before"] is None or row["answer_before"] == row["answer"]:
        return said
    was = text(lang, f"charter.answer.{row['answer_before']}")
    return text(lang, "charter.answer_before", now=said, was=was, year=row["year_before"])


def indicator_words(row: Content, words: Words, lang: str) -> str:
    """The indicators that follow a commitment, with their newest period."""
    if not row["indicators"]:
        return text(lang, "charter.no_indicator")
    said = []
    for one in row["indicators"]:
        code = one["indicator"]
        name = words.get(("indicator_short", code)) or words.get(("indicator", code), code)
        if one["period"] is None:
            said.append(text(lang, "charter.not_measured", indicator=name))
        else:
            newest = period(one["period"], lang)
            said.append(text(lang, "charter.measured", indicator=name, newest=newest))
    return list_of(said, lang)
