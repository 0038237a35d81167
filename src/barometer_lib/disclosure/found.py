"""What was decided of hidden figures, and how good each decision is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from barometer_lib.disclosure.counting import Figure

COMPANION = "companion"
EARLIER = "hidden_before"
CONTRADICTION = "disclosure_contradiction"
NARROW = "disclosure_narrow"
RELEASED = "disclosure_released"
ROUNDED_NARROW = "disclosure_rounded_narrow"


@dataclass(frozen=True)
class HiddenFigure:
    """What an attacker can tell of a hidden figure's count, and why it is hidden.

    `reason` is a primary rule's, `producer`, `hidden_before` or `companion`. `need` is how far
    `low` and `high` must lie apart; `fault` is blank where they do. `cost` is what hiding it costs
    where it is a companion, else 0. `gap` is how much cheaper its block might be at most. `release`
    is the earlier release that shows it or figures around it, where there is one.
    """

    figure: Figure
    reason: str
    low: float
    high: float
    need: float
    cost: float
    gap: float
    fault: str | None = None
    release: str | None = None

    @property
    def primary(self) -> bool:
        """Whether it is hidden for itself."""
        return self.reason != COMPANION


@dataclass(frozen=True)
class Solved:
    """One decision: figures bound together on a delivery day, and how good the choice is.

    `bound` is what any safe choice costs at least; `seconds` what it took of `limit`.
    """

    day: date
    indicators: tuple[str, ...]
    figures: int
    hidden: int
    cost: float
    bound: float
    gap: float
    seconds: float
    limit: float


@dataclass(frozen=True)
class Found:
    """The hidden figures of a dataset in the order of rows, and the decisions that chose them."""

    hidden: list[HiddenFigure]
    solved: list[Solved]
