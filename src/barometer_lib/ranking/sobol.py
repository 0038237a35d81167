"""Variance-based sensitivity: how much of an answer's variance each input accounts for.

First-order index: the share that goes away on average when the input alone is known. Total index:
the share that stays when all but the input are known. Saltelli's plan with N (d + 2) runs;
`S = mean(y_B (y_AB - y_A)) / V`, `S_T = mean((y_A - y_AB)^2) / (2 V)`. The answers are centred
before, which changes no expectation and makes the first estimate steadier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput

Array = NDArray[np.float64]
MOST_RUNS = 1 << 17
MOST_INPUTS = 50


@dataclass(frozen=True)
class SobolIndices:
    """One number per input; `low` and `high` are bootstrap limits (5 and 95 per cent).

    All indices are NaN where the answer does not vary (`variance` 0). `runs` counts evaluations.
    """

    first: Array
    total: Array
    first_low: Array
    first_high: Array
    total_low: Array
    total_high: Array
    variance: float
    mean: float
    runs: int


def sobol_indices(
    answer: Callable[[Array], Array],
    inputs: int,
    size: int = 1024,
    *,
    seed: int = 0,
    resamples: int = 200,
) -> SobolIndices:
    """Indices of `answer`, which takes rows of numbers from 0 to 1 and gives one number a row.

    `size` is raised to a power of two (the plan is a scrambled Sobol sequence); `size * (inputs +
    2)` evaluations are made. Raises `BadInput` ("sobol_size") for no inputs or too many runs.
    """
    size = 1 << max(1, (size - 1).bit_length())
    if not 1 <= inputs <= MOST_INPUTS or size * (inputs + 2) > MOST_RUNS * 8 or size > MOST_RUNS:
        raise BadInput("sobol_size", inputs=inputs, size=size, most=MOST_RUNS)
    from scipy.stats import qmc

    plan = qmc.Sobol(2 * inputs, scramble=True, rng=np.random.default_rng(seed)).random(size)
    a, b = plan[:, :inputs], plan[:, inputs:]
    y_a, y_b = np.asarray(answer(a), float), np.asarray(answer(b), float)
    mixed = np.empty((inputs, size))
    for one in range(inputs):
        rows = a.copy()
        rows[:, one] = b[:, one]
        mixed[one] = answer(rows)
    first, total, variance = estimates(y_a, y_b, mixed)
    chance = np.random.default_rng(seed + 1)
    again = np.array([
        np.stack(estimates(y_a[rows], y_b[rows], mixed[:, rows])[:2])
        for rows in chance.integers(0, size, (resamples, size))
    ])  # fmt: skip
    if variance > 0 and resamples:
        low, high = np.nanquantile(again, [0.05, 0.95], axis=0)
    else:
        low = high = np.full((2, inputs), np.nan)
    mean = float(np.concatenate([y_a, y_b]).mean())
    runs = size * (inputs + 2)
    return SobolIndices(
        first, total, low[0], high[0], low[1], high[1], variance, mean, runs
    )  # fmt: skip


def estimates(y_a: Array, y_b: Array, mixed: Array) -> tuple[Array, Array, float]:
    """First-order and total indices and the variance, from the answers to A, B and each AB."""
    both = np.concatenate([y_a, y_b])
    variance = float(both.var(ddof=1))
    steps = mixed - y_a
    if variance == 0 or np.ptp(both) == 0:
        nothing = np.full(len(mixed), np.nan)
        return nothing, nothing, 0.0
    first = ((y_b - both.mean()) * steps).mean(axis=1) / variance
    total = (steps**2).mean(axis=1) / (2 * variance)
    return first, total, variance
