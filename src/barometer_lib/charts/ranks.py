"""Ranks and scores in words and cells.

A rank is never shown without its edition, the size of its field where known, its scope and ties.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from barometer_lib.locale import number, ordinal, text, with_unit
from barometer_lib.tables import Cell

Kind = Literal["published", "computed"]


def rank_words(rank: int, tied: bool, lang: str) -> str:
    """A rank with its tie: "8. plads (delt)"."""
    form = "tied" if tied else "alone"
    return text(lang, f"charts.rank.{form}", ordinal=ordinal(rank, lang))


def field_words(of: int | None, scope_label: str | None, lang: str) -> str:
    """The field of a rank: "blandt 34 byer, alle byer"; says so where size or scope are unknown."""
    size = "unknown" if of is None else "known"
    shown = "" if of is None else number(of, lang, 0)
    form = size if scope_label else f"{size}_no_scope"
    return text(lang, f"charts.field.{form}", of=shown, scope=scope_label)


def score_words(score: float | None, lang: str, decimals: int | None) -> str:
    """A score with its unit, or that it is not stated."""
    if score is None:
        return text(lang, "charts.score_unknown")
    return with_unit(score, "points", lang, decimals)


def score_ends(scores: Iterable[float | None]) -> tuple[float, float]:
    """Ends of the scale in tens around the scores: dots need no zero."""
    known = [score for score in scores if score is not None] or [0.0, 100.0]
    return math.floor((min(known) - 2) / 10) * 10.0, math.ceil((max(known) + 2) / 10) * 10.0


def rank_cell(rank: int | None, tied: bool, lang: str) -> Cell:
    """The cell of a rank with its tie."""
    if rank is None:
        return Cell(None, text(lang, "charts.rank.none"))
    return Cell(rank, rank_words(rank, tied, lang))


def kind_cell(rank: int | None, kind: Kind, lang: str) -> Cell:
    """The cell that says whether a rank was published or computed."""
    shown = text(lang, "charts.rank.none") if rank is None else text(lang, f"status.kind.{kind}")
    return Cell(None if rank is None else kind, shown)
