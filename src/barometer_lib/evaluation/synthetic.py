"""A weighted average of other units that stands for what would have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from barometer_lib.evaluation.panel import Array, Panel


@dataclass(frozen=True)
class Synthetic:
    """`gap` is the programme's units minus their stand-in, by period; `effect` its mean since.

    `fit` is the mean square of the gap before, `ratio` that since over that before (large where
    something happened); `weights` by unit of comparison, at least 0 and 1 in sum.
    """

    weights: dict[str, float]
    gap: Array
    effect: float
    fit: float
    ratio: float


@dataclass(frozen=True)
class SyntheticDifference:
    """Synthetic differences in differences: the effect, and the weights of units and of periods."""

    effect: float
    weights: dict[str, float]
    periods: dict[str, float]


@dataclass(frozen=True)
class Placebo:
    """How many of `units` have a ratio at least as large, the programme's own included."""

    rank: int
    units: int

    @property
    def p(self) -> float:
        """The share of units with a ratio at least as large; never below 1 in `units`."""
        return self.rank / self.units


def simplex_weights(others: Array, own: Array, ridge: float = 0.0) -> Array:
    """Weights of the rows of `others`, at least 0 and 1 in sum, that come nearest to `own`.

    Least squares plus `ridge` times the sum of squared weights. Exact: with a sum of 1 the problem
    is the same as non-negative least squares of `[others - own; 1] w = [0; 1]`, made to sum to 1
    afterwards, since only the direction of w counts in the first rows. By scipy's active set.
    """
    from scipy.optimize import nnls

    apart = (others - own[None, :]).T
    if ridge > 0:
        apart = np.vstack([apart, np.sqrt(ridge) * np.eye(len(others))])
    size = float(np.sqrt((apart**2).mean())) or 1.0
    rows = np.vstack([apart / size, np.ones(len(others))])
    aim = np.zeros(len(rows))
    aim[-1] = 1.0
    found, _ = nnls(rows, aim, maxiter=50 * len(others) + 1000)
    weights: Array = found / found.sum()
    return weights


def synthetic_control(panel: Panel) -> Synthetic:
    """The gap to the average of comparison units that fits best before, on outcomes alone.

    Several units of a programme count as their mean. Source: Abadie, Diamond and Hainmueller 2010,
    without covariates.
    """
    with_it = panel.has_programme
    own = panel.values[with_it].mean(axis=0)
    others = panel.values[~with_it]
    weights = simplex_weights(others[:, : panel.after], own[: panel.after])
    return of_weights(panel, dict(zip(panel.compared, weights.tolist(), strict=True)))


def of_weights(panel: Panel, weights: dict[str, float]) -> Synthetic:
    """The gap to a stand-in of given weights."""
    own = panel.values[panel.has_programme].mean(axis=0)
    stand_in = sum(w * panel.values[panel.units.index(unit)] for unit, w in weights.items())
    gap = own - stand_in
    before, since = gap[: panel.after], gap[panel.after :]
    fit = float((before**2).mean())
    ratio = float((since**2).mean()) / fit if fit > 0 else float("inf")
    return Synthetic(weights, gap, float(since.mean()), fit, ratio)


def placebo(panel: Panel) -> Placebo:
    """The same for every comparison unit in turn, the programme's own left out of their donors.

    Source: Abadie, Diamond and Hainmueller 2010, section 3.4.
    """
    own = synthetic_control(panel).ratio
    elsewhere = panel.without(panel.treated)
    ratios = [synthetic_control(elsewhere.with_treated([u])).ratio for u in elsewhere.units]
    return Placebo(1 + sum(one >= own for one in ratios), 1 + len(ratios))


def synthetic_difference(panel: Panel) -> SyntheticDifference:
    """Differences in differences between weighted units and weighted periods.

    Unit weights follow the programme's units before, up to a constant, with the ridge
    `(treated * periods since)^(1/2) * variance of first differences`; period weights follow the
    comparison units' mean since. Source: Arkhangelsky et al. 2021, Algorithm 1.
    """
    with_it = panel.has_programme
    others, own = panel.values[~with_it], panel.values[with_it]
    t0, t1 = panel.after, panel.values.shape[1] - panel.after
    noise = float(np.diff(others[:, :t0], axis=1).std(ddof=1))
    ridge = float(np.sqrt(len(own) * t1)) * noise**2 * t0
    before, aim = others[:, :t0], own[:, :t0].mean(axis=0)
    unit_weights = simplex_weights(
        before - before.mean(axis=1, keepdims=True), aim - aim.mean(), ridge
    )
    later = others[:, t0:].mean(axis=1)
    period_weights = simplex_weights(
        (before - before.mean(axis=0, keepdims=True)).T,
        later - later.mean(),
        (1e-6 * noise) ** 2 * len(others),
    )
    change = own[:, t0:].mean() - own[:, :t0].mean(axis=0) @ period_weights
    theirs = unit_weights @ (later - before @ period_weights)
    return SyntheticDifference(
        float(change - theirs),
        dict(zip(panel.compared, unit_weights.tolist(), strict=True)),
        dict(zip(panel.periods[:t0], period_weights.tolist(), strict=True)),
    )
