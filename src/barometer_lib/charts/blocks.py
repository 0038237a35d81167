"""A series as a word of text: one block a value, for terminals."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
ABSENT = "·"


def blocks(values: Sequence[float | None], encoding: str | None = None) -> str:
    """One block for each value between the lowest and the highest, a dot for a blank.

    Nothing where `encoding` (the terminal's) has no such characters, or under two values. Values
    that are all alike stand half up.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2 or not _shows(encoding):
        return ""
    low, tall = min(known), max(known) - min(known)
    top = len(BLOCKS) - 1
    return "".join(
        ABSENT if value is None else BLOCKS[round((value - low) / tall * top) if tall else top // 2]
        for value in values
    )


def _shows(encoding: str | None) -> bool:
    try:
        (BLOCKS + ABSENT).encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
