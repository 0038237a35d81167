"""Lines that meet: least squares for given joins, and the search for the best joins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb, isfinite, sqrt

import numpy as np

Column = np.ndarray[tuple[int], np.dtype[np.float64]]
Grid = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Bases = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]

APART = 3
"""Joins at observed times leave two observations between them, and two before and after."""
MOST_SETS = 6000
BATCH = 500
GAPS_AROUND = 4


@dataclass(frozen=True)
class Fit:
    """Joins in time order; `coefficients` are value at the mean time, first slope, and bends."""

    joins: tuple[float, ...]
    coefficients: Column
    scatter: Grid
    rss: float
    fitted: Column
    centre: float
    join_scatter: Column | None = None

    @property
    def intercept(self) -> float:
        """The first line's value at time 0."""
        return float(self.coefficients[0] - self.coefficients[1] * self.centre)

    def slopes(self) -> tuple[Column, Grid]:
        """The slope of each line, and their covariance over the residual variance."""
        count = len(self.joins)
        pick = np.zeros((count + 1, len(self.coefficients)))
        for line in range(count + 1):
            pick[line, 1 : line + 2] = 1.0
        return pick @ self.coefficients, pick @ self.scatter @ pick.T

    def join_errors(self, variance: float) -> list[float | None]:
        """Each join's standard error, where joins were sought between observations."""
        if self.join_scatter is None:
            return [None] * len(self.joins)
        found: list[float | None] = []
        for place, scatter in enumerate(self.join_scatter):
            bend = abs(float(self.coefficients[2 + place]))
            found.append(sqrt(variance * float(scatter)) / bend if bend > 0 else None)
        return found


def columns(times: Sequence[float], values: Sequence[float]) -> tuple[Column, Column]:
    """Both as arrays in time order."""
    x, y = np.asarray(times, float), np.asarray(values, float)
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def fit_at(x: Column, y: Column, joins: Sequence[float]) -> Fit:
    """The least-squares lines with joins at given times."""
    centre = float(x.mean())
    design = _design(x, joins, centre)
    inverse = np.linalg.pinv(design)
    coefficients = inverse @ y
    fitted = design @ coefficients
    rss = float(((y - fitted) ** 2).sum())
    return Fit(tuple(joins), coefficients, inverse @ inverse.T, rss, fitted, centre)


def _design(x: Column, joins: Sequence[float], centre: float) -> Grid:
    bends = [np.maximum(x - one, 0.0) for one in joins]
    return np.stack([np.ones_like(x), x - centre, *bends], axis=1)


def best(x: Column, y: Column, count: int) -> Fit:
    """The best lines with `count` joins at observed times, two observations apart."""
    if count == 0:
        return fit_at(x, y, ())
    found: tuple[float, tuple[int, ...]] | None = None
    places = np.unique(x)
    for sets, bases in _bases(x, count):
        rss = _left(y[:, None], bases)[:, 0]
        place = int(np.argmin(rss))
        if found is None or rss[place] < found[0]:
            found = float(rss[place]), sets[place]
    if found is None:
        raise ValueError(f"{len(places)} points in time do not bear {count} joins")
    at = list(found[1])
    return fit_at(x, y, [float(places[one]) for one in _settled(x, y, places, at)])


def least_rss(x: Column, y: Grid, count: int) -> Column:
    """The least squared deviation of each column of `y`, over all sets of joins as `best` tries."""
    if count == 0:
        basis = np.linalg.qr(_design(x, (), float(x.mean())))[0]
        straight: Column = _left(y, basis[None])[0]
        return straight
    least: Column = np.full(y.shape[1], np.inf)
    for _, bases in _bases(x, count):
        for basis in bases:
            np.minimum(least, _left(y, basis[None])[0], out=least)
    return least


def _left(y: Grid, bases: Bases) -> Grid:
    centred = y - y.mean(axis=0)
    along = np.einsum("snk,np->skp", bases, centred)
    left: Grid = (centred * centred).sum(axis=0)[None, :] - (along * along).sum(axis=1)
    return np.maximum(left, 0.0)


def _bases(x: Column, count: int) -> Iterator[tuple[list[tuple[int, ...]], Bases]]:
    """Sets of joins (places among the times) with an orthonormal basis of each one's lines."""
    places = np.unique(x)
    sets = [one for one in combinations(_candidates(len(places), count), count) if _apart(one)]
    centre = float(x.mean())
    for start in range(0, len(sets), BATCH):
        batch = sets[start : start + BATCH]
        designs = np.stack([_design(x, [float(places[i]) for i in one], centre) for one in batch])
        yield batch, np.linalg.qr(designs)[0]


def _candidates(times: int, count: int) -> list[int]:
    """Places for joins: all of them, or evenly thinned where there were too many sets."""
    whole = list(range(APART - 1, times - APART + 1))
    keep = len(whole)
    while comb(keep, count) > MOST_SETS:
        keep -= 1
    return [whole[round(i * (len(whole) - 1) / max(1, keep - 1))] for i in range(keep)]


def _apart(places: Sequence[int]) -> bool:
    return all(b - a >= APART for a, b in pairwise(places))


def _settled(x: Column, y: Column, places: Column, at: list[int]) -> list[int]:
    """Each join moved, in turn, to where it fits best, until none moves: mends a thinned search."""
    for _ in range(50):
        before = list(at)
        for one in range(len(at)):
            low = at[one - 1] + APART if one else APART - 1
            high = at[one + 1] - APART if one + 1 < len(at) else len(places) - APART
            tried = [[*at[:one], place, *at[one + 1 :]] for place in range(low, high + 1)]
            rss = [fit_at(x, y, [float(places[p]) for p in some]).rss for some in tried]
            least = int(np.argmin(rss))
            if rss[least] < rss[at[one] - low]:
                at = tried[least]
        if at == before:
            break
    return at


def refined(x: Column, y: Column, start: Fit) -> Fit:
    """The best lines with joins anywhere, from joins at observed times.

    All joins step together, linearised (Muggeo 2003), then each one is sought alone in the gaps
    around it, until neither helps: steps alone stop at observations, where the fit has a kink. A
    join's standard error is that of its gap coefficient over its bend.
    """
    fit = start
    for _ in range(50):
        before = fit.rss
        fit = _alone(x, y, _together(x, y, fit))
        if fit.rss >= before * (1 - 1e-10):
            break
    return _with_errors(x, fit)


def _together(x: Column, y: Column, fit: Fit) -> Fit:
    for _ in range(100):
        step = _step(x, y, fit)
        part = 1.0
        moved = None if step is None else _moved(x, y, fit, step)
        while step is not None and (moved is None or moved.rss >= fit.rss):
            part /= 2
            if part < 1e-6:
                return fit
            moved = _moved(x, y, fit, step * part)
        if moved is None:
            break
        fit = moved
    return fit


def _alone(x: Column, y: Column, fit: Fit) -> Fit:
    from scipy.optimize import minimize_scalar

    places = np.unique(x)
    for one in range(len(fit.joins)):
        here = int(np.searchsorted(places, fit.joins[one]))
        for left in range(max(1, here - GAPS_AROUND), min(len(places) - 2, here + GAPS_AROUND)):
            joins = list(fit.joins)

            def rss(at: float, joins: list[float] = joins, one: int = one) -> float:
                return fit_at(x, y, [*joins[:one], at, *joins[one + 1 :]]).rss

            ends = (float(places[left]), float(places[left + 1]))
            found = minimize_scalar(rss, bounds=ends, method="bounded", options={"xatol": 1e-9})
            if found.fun < fit.rss:
                tried = [*joins[:one], float(found.x), *joins[one + 1 :]]
                fit = fit_at(x, y, tried) if tried == sorted(tried) else fit
    return fit


def _gaps(x: Column, fit: Fit) -> Grid:
    steps = [-(x > one).astype(float) for one in fit.joins]
    return np.stack(steps, axis=1)


def _step(x: Column, y: Column, fit: Fit) -> Column | None:
    design = np.concatenate([_design(x, fit.joins, fit.centre), _gaps(x, fit)], axis=1)
    solved = np.linalg.lstsq(design, y, rcond=None)[0]
    count = len(fit.joins)
    bends, gaps = solved[2 : 2 + count], solved[2 + count :]
    if np.any(bends == 0):
        return None
    step: Column = gaps / bends
    return step if all(isfinite(one) for one in step) else None


def _moved(x: Column, y: Column, fit: Fit, step: Column) -> Fit | None:
    joins = [one + float(by) for one, by in zip(fit.joins, step, strict=True)]
    inside = all(a < b for a, b in zip([x[1], *joins], [*joins, x[-2]], strict=True))
    return fit_at(x, y, joins) if inside else None


def _with_errors(x: Column, fit: Fit) -> Fit:
    design = np.concatenate([_design(x, fit.joins, fit.centre), _gaps(x, fit)], axis=1)
    scatter = np.linalg.pinv(design.T @ design)
    count = len(fit.joins)
    at = np.diag(scatter)[2 + count :]
    return Fit(fit.joins, fit.coefficients, fit.scatter, fit.rss, fit.fitted, fit.centre, at.copy())
