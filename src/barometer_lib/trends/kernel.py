"""The one trend engine: least squares for many series at once, in numpy alone.

A panel has one column per series and one row per period (or per point). Two passes: the means,
then sums of what is left of them. Residuals are formed one by one, never as a difference of large
sums, so near-perfect lines keep their digits. What one series alone gives is what it gives among
millions: `fit_series` in `fits` runs this on a panel of one column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from barometer_lib.trends.student import Counts, Numbers, quantiles, two_sided_p

EPSILON = float(np.finfo(np.float64).eps)
DEAD_BAND = 1e-12
LEVEL = 0.95
NEAR_PERFECT = 1e-9
"""Below this share of variance left, residuals are formed without rounding."""
BLOCK = 4000


@dataclass(frozen=True)
class Lines:
    """The line of every series of a panel, one array per column; NaN where there is none.

    `n` points, from `first_time` (`first_value`) to `last_time` (`last_value`), in years and in
    the unit of the values. `slope` per year, `intercept` at year 0; `mean_time` and `mean_value`
    are the weighted centre the line runs through. `se`, `t`, `p` (two-sided), `low` and `high`
    are the slope's; `sigma` is the residual standard deviation (of a point of weight 1), `r2`
    the share of variance explained. `weight` is the sum of the weights, `spread` the weighted sum
    of squared distances in time. `level` is true where the slope counts as zero.
    """

    n: Counts
    first_time: Numbers
    last_time: Numbers
    first_value: Numbers
    last_value: Numbers
    slope: Numbers
    intercept: Numbers
    mean_time: Numbers
    mean_value: Numbers
    se: Numbers
    t: Numbers
    p: Numbers
    low: Numbers
    high: Numbers
    r2: Numbers
    sigma: Numbers
    weight: Numbers
    spread: Numbers
    level: NDArray[np.bool_]

    @property
    def freedom(self) -> Counts:
        """Degrees of freedom, n - 2; never below 0."""
        return np.maximum(self.n - 2, 0)


def blocks(columns: int, size: int = BLOCK) -> Iterator[slice]:
    """Stretches of columns small enough to stay in the processor's own memory; none narrow."""
    start = 0
    while start < columns:
        stop = columns if columns - start - size < _NARROW else start + size
        yield slice(start, stop)
        start = stop


def fit_panel(
    times: Numbers, values: Numbers, weights: Numbers | None = None, level: float = LEVEL
) -> Lines:
    """The least-squares lines of a panel: `values` (points x series, NaN where there is none).

    `times` in years, increasing downwards: one column for all series or one per series.
    `weights` as `values`, above 0; a point without a weight, or with weight 0, is left out.
    Edge rules: no point, all blank; one point, its value alone; two points, slope without
    uncertainty; a constant series has slope 0, se 0, t 0, p 1 and no R2; points exactly on a line
    have se 0, p 0, R2 1; a slope within rounding of zero is zero, with t 0 and p 1.
    """
    count = values.shape[1]
    if count < _NARROW:
        times, values, weights = _widened(times), _widened(values), _widened(weights)
    parts = {name: np.empty(values.shape[1]) for name in _COLUMNS}
    for block in blocks(values.shape[1]):
        x = times if times.shape[1] == 1 else times[:, block]
        w = None if weights is None else weights[:, block]
        _moments(x, values[:, block], w, {name: part[block] for name, part in parts.items()})
    return _finished({name: part[:count] for name, part in parts.items()}, level)


_NARROW = 8
"""Below this many columns sums would run in another order, and end in other last digits."""


@overload
def _widened(panel: Numbers) -> Numbers: ...
@overload
def _widened(panel: Numbers | None) -> Numbers | None: ...
def _widened(panel: Numbers | None) -> Numbers | None:
    if panel is None or panel.shape[1] == 0:
        return panel
    missing = _NARROW - panel.shape[1]
    return np.concatenate([panel, np.repeat(panel[:, -1:], missing, axis=1)], axis=1)


_COLUMNS = ("n", "first_time", "last_time", "first_value", "last_value", "mean_time",
            "mean_value", "slope", "left", "total", "weight", "spread", "smallest",
            "largest")  # fmt: skip


_REFINED = (
    "smallest",
    "first_time",
    "mean_time",
    "mean_value",
    "slope",
    "left",
    "weight",
    "spread",
)


def _moments(x: Numbers, y: Numbers, w: Numbers | None, out: dict[str, Numbers]) -> None:
    """Two passes over a block: means, then the sums of what differs from them."""
    there = np.isfinite(y) & np.isfinite(x)
    if w is not None:
        there &= (w > 0) & np.isfinite(w)
    points = y.shape[0]
    rows = np.arange(points, dtype=np.int16 if points < 30_000 else np.int64)[:, None]
    columns = np.arange(y.shape[1])
    if not there.all():
        y = np.where(there, y, np.nan)
    kept = there.astype(np.float64)
    weight = kept if w is None else np.where(there, w, 0.0)
    out["n"][:] = kept.sum(axis=0)
    out["smallest"][:] = np.fmin.reduce(y, axis=0)
    out["largest"][:] = np.fmax.reduce(y, axis=0)
    for name, edge in (
        ("first", np.where(there, rows, rows[-1]).min(axis=0)),
        ("last", np.where(there, rows, rows[0]).max(axis=0)),
    ):
        out[f"{name}_value"][:] = y[edge, columns]
        out[f"{name}_time"][:] = x[edge, 0] if x.shape[1] == 1 else x[edge, columns]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        dy = np.where(there, y - out["smallest"], 0.0)
        out["weight"][:] = weight.sum(axis=0)
        dx = np.where(there, x - out["first_time"], 0.0)
        elapsed = np.einsum("ij,ij->j", weight, dx) / out["weight"]
        out["mean_time"][:] = elapsed
        mean = np.einsum("ij,ij->j", weight, dy) / out["weight"]
        out["mean_value"][:] = mean
        dx -= elapsed
        dx *= kept
        dy -= mean
        dy *= kept
        wx = dx if w is None else dx * weight
        out["spread"][:] = np.einsum("ij,ij->j", wx, dx)
        out["slope"][:] = np.einsum("ij,ij->j", wx, dy) / out["spread"]
        wy = dy if w is None else dy * weight
        out["total"][:] = np.einsum("ij,ij->j", wy, dy)
        dx *= out["slope"]
        dy -= dx
        wr = dy if w is None else dy * weight
        out["left"][:] = np.einsum("ij,ij->j", wr, dy)
        near = np.flatnonzero((out["left"] < NEAR_PERFECT * out["total"]) & (out["n"] > 2))
        if near.size:
            near = np.resize(near, max(near.size, _NARROW))
            few = {name: out[name][near] for name in _REFINED}
            x_near = x if x.shape[1] == 1 else x[:, near]
            _refine(x_near, y[:, near], weight[:, near], few)
            for name in ("slope", "left", "mean_value"):
                out[name][near] = few[name]


def _refine(x: Numbers, y: Numbers, weight: Numbers, out: dict[str, Numbers]) -> None:
    """Lines that leave almost nothing: what they leave, formed without rounding, is fitted again.

    The residuals of the first line are differences of nearly equal numbers; with the product
    split into its two halves (Dekker 1971) they are exact, and small enough to lose nothing after.
    """
    kept = weight > 0
    steps = np.where(kept, x - out["first_time"], 0.0)
    base = out["smallest"] + (out["mean_value"] - out["slope"] * out["mean_time"])
    product = out["slope"] * steps
    high, low = _halves(np.broadcast_to(out["slope"], steps.shape))
    far, near = _halves(steps)
    lost = ((high * far - product) + high * near + low * far) + low * near
    raised = y - base
    back = raised - y
    behind = (y - (raised - back)) - (base + back)
    rest = np.where(kept, (raised - product) + (behind - lost), 0.0)
    dx = np.where(kept, steps - out["mean_time"], 0.0)
    mean = np.einsum("ij,ij->j", weight, rest) / out["weight"]
    rest = np.where(kept, rest - mean, 0.0)
    more = np.einsum("ij,ij->j", weight * dx, rest) / out["spread"]
    rest -= more * dx
    out["slope"] += more
    out["mean_value"][:] = (base - out["smallest"]) + out["slope"] * out["mean_time"] + mean
    out["left"][:] = np.einsum("ij,ij->j", weight * rest, rest)


def _halves(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Each number as the sum of two of half its digits."""
    large = numbers * 134217729.0  # 2^27 + 1
    high = large - (large - numbers)
    return high, numbers - high


def _finished(parts: dict[str, Numbers], level: float) -> Lines:
    n = parts["n"].astype(np.int64)
    none, constant = n == 0, (n > 0) & (parts["smallest"] == parts["largest"])
    slope, left, spread = parts["slope"], parts["left"], parts["spread"]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        size = np.maximum(np.abs(parts["smallest"]), np.abs(parts["largest"]))
        # Rounding of the values as they were written, for n of them.
        exact = (n > 2) & (left <= parts["weight"] * (4 * EPSILON * size) ** 2)
        span = parts["last_time"] - parts["first_time"]
        scale = np.maximum(DEAD_BAND * (parts["largest"] - parts["smallest"]), 8 * EPSILON * size)
        flat = constant | (np.abs(slope) <= scale / span)
        flat &= n > 1
        slope[flat] = 0.0
        unfit = (n < 2) | ~(spread > 0)
        slope[unfit] = np.nan
        flat &= ~unfit
        few = unfit | (n < 3)
        left[constant | exact] = 0.0
        sigma = np.where(few, np.nan, np.sqrt(left / np.maximum(n - 2, 1)))
        se = sigma / np.sqrt(spread)
        t = np.where(flat, np.where(few, np.nan, 0.0), slope / se)
        p = two_sided_p(t, np.where(few, 0, n - 2))
        reach = quantiles(np.where(few, 0, n - 2), level) * se
        r2 = np.where(few | constant, np.nan, np.where(exact, 1.0, 1 - left / parts["total"]))
        mean_time = parts["mean_time"] + parts["first_time"]
        mean_value = np.where(constant, parts["smallest"], parts["smallest"] + parts["mean_value"])
    for name in ("first_time", "last_time", "first_value", "last_value"):
        parts[name][none] = np.nan
    return Lines(
        n=n,
        first_time=parts["first_time"],
        last_time=parts["last_time"],
        first_value=parts["first_value"],
        last_value=parts["last_value"],
        slope=slope,
        intercept=mean_value - slope * mean_time,
        mean_time=mean_time,
        mean_value=mean_value,
        se=se,
        t=t,
        p=p,
        low=slope - reach,
        high=slope + reach,
        r2=r2,
        sigma=sigma,
        weight=parts["weight"],
        spread=spread,
        level=flat,
    )
