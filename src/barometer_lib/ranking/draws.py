"""Weights drawn by chance: every weighting alike, around given ones, or in a band about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput

Array = NDArray[np.float64]
Kind = Literal["any", "around", "band"]
KINDS: tuple[Kind, ...] = ("any", "around", "band")


@dataclass(frozen=True)
class WeightDraws:
    """How weights are drawn. All kinds give weights of zero or more; `scaled` ones sum to 1.

    `any` is the flat Dirichlet law: every weighting is as likely as every other. `around` is the
    Dirichlet law whose means are the nominal weights; the larger `concentration`, the closer.
    `band` multiplies each nominal weight by a number drawn evenly from 1 - spread to 1 + spread.
    `at_least` is the smallest share of the sum each component may have (0 where nothing is asked).
    Raises `BadInput` ("stress_weights") where no weighting would be left.
    """

    kind: Kind
    nominal: Array
    spread: float = 0.25
    concentration: float = 50.0
    at_least: Array | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadInput("bad_choice", asked=self.kind, known=list(KINDS))
        check_weights(self.nominal)
        least = self.at_least
        if least is not None and (least.min() < 0 or least.sum() > 1):
            raise BadInput("stress_weights", found=f"{least.sum():g} > 1")
        if not 0 <= self.spread <= 1 or self.concentration <= 0:
            raise BadInput("stress_weights", found=f"{self.spread:g}, {self.concentration:g}")

    def draw(self, chance: np.random.Generator, count: int) -> Array:
        """`count` weightings as rows. Ranks do not ask for their sum, so it may be any."""
        size = (count, self.nominal.size)
        drawn: Array
        if self.kind == "any":
            drawn = chance.standard_exponential(size)
        elif self.kind == "around":
            share = self.nominal / self.nominal.sum()
            drawn = chance.standard_gamma(np.broadcast_to(share * self.concentration, size))
        else:
            drawn = self.nominal * chance.uniform(1 - self.spread, 1 + self.spread, size)
        if self.at_least is None or not self.at_least.any():
            return drawn
        left = 1 - self.at_least.sum()
        held: Array = self.at_least + left * drawn / drawn.sum(axis=1, keepdims=True)
        return held


def check_weights(weights: Array) -> None:
    """Raises `BadInput` ("stress_weights") unless weights are finite, 0 or more, and not all 0."""
    if weights.ndim != 1 or weights.size == 0 or not np.isfinite(weights).all():
        raise BadInput("stress_weights", found=str(weights.tolist()))
    if weights.min() < 0 or weights.sum() <= 0:
        raise BadInput("stress_weights", found=str(weights.tolist()))
