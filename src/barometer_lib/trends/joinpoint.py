"""Joinpoint regression: a long series as straight lines that meet, with percent change a year.

For ten or more points in time; shorter series are refused. How many joins is decided by BIC or by
the permutation test.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log, sqrt

from barometer_lib.intervals import LEVEL, normal_quantile, student_quantile
from barometer_lib.trends import segments

FEWEST_POINTS = 10
PERMUTATIONS = 999
SEED = 20261101


@dataclass(frozen=True)
class Segment:
    """One line from `start` to `end` (years). `slope` per year on the fitted scale with its limits;
    `apc` the percent change a year with its limits, blank where no logarithm was taken."""

    start: float
    end: float
    slope: float
    slope_low: float
    slope_high: float
    apc: float | None
    apc_low: float | None
    apc_high: float | None


@dataclass(frozen=True)
class Change:
    """An average over a stretch of years: the length-weighted mean slope, and as percent a year."""

    slope: float
    slope_low: float
    slope_high: float
    aapc: float | None
    aapc_low: float | None
    aapc_high: float | None


@dataclass(frozen=True)
class Joined:
    """A fitted model. `joins` in years with their standard errors; `rss` and `bic` of the fit.

    `intercept` is the first line's value at year 0 on the fitted scale. `p` lists the permutation
    tests as (joins under the hypothesis, joins against it, p). `fitted` has one value per point.
    """

    joins: tuple[float, ...]
    join_se: tuple[float | None, ...]
    intercept: float
    segments: tuple[Segment, ...]
    average: Change
    rss: float
    bic: float
    p: tuple[tuple[int, int, float], ...]
    fitted: tuple[float, ...]


@dataclass(frozen=True)
class Refused:
    """Why there is no model: fewer_than_ten, not_positive."""

    reason: str


def joinpoint(
    times: Sequence[float],
    values: Sequence[float],
    *,
    logs: bool = True,
    most: int | None = None,
    joins: int | None = None,
    choose: str = "permutation",
    between: bool = False,
    permutations: int = PERMUTATIONS,
    level: float = LEVEL,
) -> Joined | Refused:
    """The model of a series: at most `most` joins (by length unless given), or just `joins`.

    `choose` is bic or permutation; the permutation test goes from none against `most` inwards,
    each test at 5 % divided by `most`. Joins lie at observed times, or anywhere `between` them.
    With `logs` values must be above 0 and changes are percent a year. Two points lie between a
    join and either end, and between two joins. Source: Kim et al. 2000; NCI Joinpoint help;
    Clegg et al. 2009 for the average; Muggeo 2003 for joins between observations.
    """
    if choose not in ("bic", "permutation"):
        raise ValueError(f"how to choose the number of joins: {choose}")
    places = sorted(set(times))
    if len(places) < FEWEST_POINTS:
        return Refused("fewer_than_ten")
    if logs and not min(values) > 0:
        return Refused("not_positive")
    x, y = segments.columns(times, [log(one) for one in values] if logs else values)
    longest = allowed(len(places))
    limit = longest if most is None else min(most, longest)
    tests: list[tuple[int, int, float]] = []
    if joins is not None:
        if not 0 <= joins <= longest:
            raise ValueError(f"{len(places)} points in time bear {longest} joins, not {joins}")
        number = joins
    elif choose == "bic":
        number = _by_bic(x, y, limit)
    else:
        number, tests = _by_permutation(x, y, limit, permutations)
    fit = segments.best(x, y, number)
    if between and number:
        fit = segments.refined(x, y, fit)
    return _told(fit, x, logs, level, tests)


def allowed(points: int) -> int:
    """The most joins that a number of points bears: 0 up to 6, 1 up to 11, ... at most 5."""
    return max(0, min(5, (points - 2) // 5))


def _bic(rss: float, n: int, joins: int) -> float:
    return -inf if rss <= 0 else log(rss / n) + 2 * (joins + 1) * log(n) / n


def _by_bic(x: segments.Column, y: segments.Column, limit: int) -> int:
    found = [_bic(segments.best(x, y, one).rss, len(x), one) for one in range(limit + 1)]
    return found.index(min(found))


def _by_permutation(
    x: segments.Column, y: segments.Column, limit: int, permutations: int
) -> tuple[int, list[tuple[int, int, float]]]:
    """Fewest against most joins; a rejection raises the fewest, else the most comes down."""
    import numpy as np

    chance = np.random.default_rng(SEED)
    fewest, most = 0, limit
    tests = []
    while fewest < most:
        null = segments.best(x, y, fewest)
        seen = null.rss / segments.best(x, y, most).rss
        residuals = y - null.fitted
        drawn = np.stack([chance.permutation(residuals) for _ in range(permutations)], axis=1)
        again = null.fitted[:, None] + drawn
        ratios = segments.least_rss(x, again, fewest) / segments.least_rss(x, again, most)
        p = (1 + int((ratios >= seen * (1 - 1e-12)).sum())) / (1 + permutations)
        tests.append((fewest, most, p))
        if p < 0.05 / limit:
            fewest += 1
        else:
            most -= 1
    return fewest, tests


def _told(
    fit: segments.Fit,
    x: segments.Column,
    logs: bool,
    level: float,
    tests: list[tuple[int, int, float]],
) -> Joined:
    count = len(fit.joins)
    freedom = len(x) - 2 * (count + 1)
    ends = [float(x.min()), *fit.joins, float(x.max())]
    slopes, spread = fit.slopes()
    variance = fit.rss / freedom
    t = student_quantile(freedom, level)
    lines = []
    for i, slope in enumerate(slopes):
        reach = t * sqrt(max(0.0, variance * spread[i, i]))
        limits = (float(slope), float(slope - reach), float(slope + reach))
        lines.append(Segment(ends[i], ends[i + 1], *limits, *_percents(limits, logs)))
    weights = [(b - a) / (ends[-1] - ends[0]) for a, b in itertools.pairwise(ends)]
    middle = sum(w * float(one) for w, one in zip(weights, slopes, strict=True))
    mixed = sum(
        weights[i] * weights[j] * float(spread[i, j])
        for i in range(count + 1)
        for j in range(count + 1)
    )
    # Without a join the average is the one line, with its own degrees of freedom.
    quantile = normal_quantile(level) if count else t
    reach = quantile * sqrt(max(0.0, variance * mixed))
    limits = (middle, middle - reach, middle + reach)
    return Joined(
        tuple(fit.joins),
        tuple(fit.join_errors(variance)),
        fit.intercept,
        tuple(lines),
        Change(*limits, *_percents(limits, logs)),
        fit.rss,
        _bic(fit.rss, len(x), count),
        tuple(tests),
        tuple(float(one) for one in fit.fitted),
    )


def _percents(
    limits: tuple[float, float, float], logs: bool
) -> tuple[float | None, float | None, float | None]:
    if not logs:
        return None, None, None
    low, middle, high = (100 * (exp(one) - 1) if isfinite(one) else inf for one in
                         (limits[1], limits[0], limits[2]))  # fmt: skip
    return middle, low, high
