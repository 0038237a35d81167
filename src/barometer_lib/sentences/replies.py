"""What a committee answered after a letter, in words.

Rows are the replies of a goal in `store.status.status`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import date, number, text

Row = Mapping[str, Any]


def reply(row: Row, labels: Mapping[tuple[str, str], str], lang: str) -> str:
    """Who answered what, when, after which round; an amount and the minute where there are any."""
    said = text(
        lang,
        "letters.reply.line",
        day=date(row["received"], lang),
        committee=labels["committee", row["committee"]],
        form=text(lang, f"letters.reply.{row['form']}"),
        round=labels["round", row["round"]],
        words=labels["letter_reply", row["reply"]],
    )
    if row["amount"] is not None:
        amount = number(row["amount"], lang, 0)
        said += text(lang, "letters.reply.amount", amount=amount, year=row["budget_year"])
    if row["taken_note_in"]:
        said += " " + text(lang, "letters.reply.noted", address=row["taken_note_in"])
    return said
