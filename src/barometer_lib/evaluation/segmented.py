"""One series before and after: level and slope at an interruption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, pi

import numpy as np

from barometer_lib.evaluation.regression import Term, least_squares, statsmodels, terms_of


@dataclass(frozen=True)
class Interrupted:
    """`trend` before per unit of time, `level` the jump at the first time after, `slope` the change
    of the trend; in the outcome's unit."""

    trend: Term
    level: Term
    slope: Term | None


@dataclass(frozen=True)
class Rates:
    """The ratio of rates after and before with its 95 % limits, and the trend as a ratio a season.

    `dispersion` is Pearson's: above 1 the counts vary more than chance counts do.
    """

    ratio: float
    low: float
    high: float
    log_ratio: Term
    season_trend: float
    dispersion: float


def interrupted(
    times: Sequence[float],
    values: Sequence[float],
    first: float,
    *,
    lags: int | None = 1,
    slope: bool = True,
) -> Interrupted:
    """Segmented regression: `y = a + b t + c after + d (t - first) after`.

    Newey-West errors with `lags`, plain ones where None. Needs three times on each side for the
    slope, two for the level. Sources: Linden 2015; Lopez Bernal et al. 2017.
    """
    t = np.asarray(times, float)
    after = (t >= first).astype(float)
    least = 3 if slope else 2
    if min(after.sum(), len(t) - after.sum()) < least:
        raise ValueError(f"an interruption needs {least} times on each side")
    terms = {"trend": t, "level": after}
    if slope:
        terms["slope"] = (t - first) * after
    found = least_squares(values, {name: list(x) for name, x in terms.items()}, lags=lags)
    return Interrupted(found["trend"], found["level"], found.get("slope"))


def interrupted_counts(
    counts: Sequence[float],
    population: Sequence[float],
    after: Sequence[float],
    *,
    harmonics: int = 0,
    season: float = 12,
    overdispersed: bool = True,
) -> Rates:
    """Poisson regression of counts, offset the log of `population`, one row per time in order.

    `after` is 0 before and 1 since (a share where a time is in part). `harmonics` pairs of sine
    and cosine follow a season of `season` times. `overdispersed` widens the errors by Pearson's
    dispersion (quasi-Poisson). Source: Lopez Bernal et al. 2017, their data and code.
    """
    sm = statsmodels()
    t = np.arange(1, len(counts) + 1, dtype=float)
    columns = [np.ones(len(t)), np.asarray(after, float), t]
    for k in range(1, harmonics + 1):
        columns += [np.sin(2 * pi * k * t / season), np.cos(2 * pi * k * t / season)]
    model = sm.GLM(
        np.asarray(counts, float),
        np.column_stack(columns),
        family=sm.families.Poisson(),
        offset=np.log(np.asarray(population, float)),
    )
    fit = model.fit(scale="X2") if overdispersed else model.fit()
    spread = float(fit.pearson_chi2 / fit.df_resid)
    found = terms_of(fit, ["const", "after", "trend"])
    jump = found["after"]
    return Rates(
        exp(jump.value), exp(jump.low), exp(jump.high), jump,
        exp(season * found["trend"].value), spread,
    )  # fmt: skip
