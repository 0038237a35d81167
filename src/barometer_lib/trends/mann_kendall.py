"""Mann-Kendall's test and Sen's slope for a panel of series.

Up to ten points the p value is exact, ties included; above, the normal approximation with the
tie-corrected variance. Sources: Mann 1945, Kendall 1975, Sen 1968, Gilbert 1987 (table A18).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from barometer_lib.trends.kernel import LEVEL, blocks
from barometer_lib.trends.student import Counts, Numbers

EXACT_POINTS = 10
CELLS, SERIES = 180_000, 1500
"""Pairwise slopes and series worked on at a time. Powers of two would be five times slower: the
rows of a panel would compete for the same places of the processor's cache."""

LARGEST_TABLE = 1 << 22


@dataclass(frozen=True)
class Ranks:
    """Mann-Kendall and Sen of every series; blank (NaN) below two points.

    `s` is the sum of signs, `var` its variance corrected for ties, `z` the normal score with
    continuity correction, `p` two-sided: exact where `exact` is true. `sen` is the median slope of
    all pairs per year, at real distances in time; `sen_low` and `sen_high` its interval,
    `sen_intercept` the median value less the slope times the median time. `s`, `var`, `z` and `p`
    are blank too where two values stand at one time.
    """

    s: Numbers
    var: Numbers
    z: Numbers
    p: Numbers
    exact: NDArray[np.bool_]
    sen: Numbers
    sen_low: Numbers
    sen_high: Numbers
    sen_intercept: Numbers


def rank_panel(times: Numbers, values: Numbers, level: float = LEVEL) -> Ranks:
    """Mann-Kendall and Sen for a panel laid out as `fit_panel` takes it."""
    points, count = values.shape
    names = ("n", "s", "ties", "twins", "sen", "sen_low", "sen_high", "sen_intercept")
    parts = {name: np.full(count, np.nan) for name in names}
    pairs = max(1, points * (points - 1) // 2)
    for block in blocks(count, max(1, min(SERIES, CELLS // pairs))):
        x = times if times.shape[1] == 1 else times[:, block]
        _rank_block(x, values[:, block], level, {k: part[block] for k, part in parts.items()})
    n = parts["n"].astype(np.int64)
    whole = n * (n - 1) * (2 * n + 5) - parts["ties"].astype(np.int64)
    var = whole / 18
    s = parts["s"]
    blank = (n < 2) | (parts["twins"] > 0)
    s[blank] = np.nan
    var[blank] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(var > 0, (s - np.sign(s)) / np.sqrt(var), s * 0)
    exact = ~blank & (n <= EXACT_POINTS)
    p = np.full(count, np.nan)
    p[exact] = _exact_p(n[exact], parts["ties"][exact], s[exact])
    rest = ~blank & ~exact
    p[rest] = _normal_p(np.abs(z[rest]), whole[rest], np.abs(s[rest]).astype(np.int64))
    named = {name: parts[name] for name in ("sen", "sen_low", "sen_high", "sen_intercept")}
    return Ranks(s=s, var=var, z=z, p=p, exact=exact, **named)


def _rank_block(x: Numbers, y: Numbers, level: float, out: dict[str, Numbers]) -> None:
    points, count = y.shape
    there = np.isfinite(y) & np.isfinite(x)
    n = there.sum(axis=0)
    out["n"][:] = n
    ordered_y = np.sort(y, axis=0)
    tied = np.zeros(count)
    out["ties"][:] = _tie_term(ordered_y, tied)
    slopes = np.empty((max(1, points * (points - 1) // 2), count))
    rising, twins, row = np.zeros(count), np.zeros(count), 0
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for i in range(points - 1):
            part = slopes[row : row + points - 1 - i]
            np.subtract(y[i + 1 :], y[i], out=part)
            rising += _count(part > 0)
            apart = x[i + 1 :] - x[i]
            part /= apart
            if (apart == 0).any():
                together = (apart == 0) & there[i + 1 :] & there[i]
                part[np.broadcast_to(together, part.shape)] = np.nan
                twins += together.sum(axis=0)
            row += points - 1 - i
    pairs = n * (n - 1) // 2
    out["s"][:], out["twins"][:] = rising - (pairs - tied - rising), twins
    ordered = slopes[:row].T.copy()
    ordered.sort(axis=1)
    usable = np.flatnonzero(pairs > twins)
    if usable.size:
        _sen(ordered, (pairs - twins)[usable].astype(np.int64),
             n[usable], level, usable, out)  # fmt: skip
        apart = out["sen"] * _middle_time(x, there, n)
        out["sen_intercept"][usable] = (_middle(ordered_y, n) - apart)[usable]


def _sen(ordered: Numbers, pairs: Counts, n: Counts, level: float, usable: Counts,
         out: dict[str, Numbers]) -> None:  # fmt: skip
    """The middle slope, and the slopes as far from it as the variance of S tells."""
    middle = ordered[usable, (pairs - 1) // 2] + ordered[usable, pairs // 2]
    out["sen"][usable] = middle / 2
    spread = np.sqrt((n * (n - 1) * (2 * n + 5) - out["ties"][usable]) / 18)
    reach = NormalDist().inv_cdf(0.5 + level / 2) * spread
    low = np.maximum(np.rint((pairs - reach) / 2) - 1, 0).astype(np.int64)
    high = np.minimum(np.rint((pairs + reach) / 2), pairs - 1).astype(np.int64)
    out["sen_low"][usable] = ordered[usable, low]
    out["sen_high"][usable] = ordered[usable, high]


def _count(found: NDArray[np.bool_]) -> Counts:
    """How many are true in each column."""
    small = len(found) < 128
    counted: Counts = np.add.reduce(
        found.view(np.int8), axis=0, dtype=np.int8 if small else np.int64
    )
    return counted


def _middle(ordered: Numbers, n: Counts) -> Numbers:
    """The median of each sorted column with n values; blanks stand last when sorted."""
    columns = np.arange(ordered.shape[1])
    both = ordered[np.maximum(n - 1, 0) // 2, columns] + ordered[n // 2, columns]
    return np.asarray(both / 2, np.float64)


def _middle_time(x: Numbers, there: NDArray[np.bool_], n: Counts) -> Numbers:
    """The median time of the points that are there."""
    if x.shape[1] > 1:
        return _middle(np.sort(np.where(there, x, np.nan), axis=0), n)
    passed = np.cumsum(there, axis=0, dtype=np.int16)
    few, last = n.astype(np.int16), len(x) - 1
    first = _count(passed <= (few - 1) // 2).astype(np.int64).clip(max=last)
    second = _count(passed <= few // 2).astype(np.int64).clip(max=last)
    return np.asarray((x[first, 0] + x[second, 0]) / 2, np.float64)


def _tie_term(ordered: Numbers, tied: Numbers) -> Numbers:
    """The sum of t(t-1)(2t+5) over the groups of t equal values of each sorted column.

    `tied` is raised by the pairs of equal values.
    """
    run = np.ones(ordered.shape[1])
    term = np.zeros(ordered.shape[1])
    for same in ordered[:-1] == ordered[1:]:
        tied += run * same
        run *= same
        run += 1
        term += 6 * (run * run - 1)  # what the run's term grows by when it gets this long
    return term


def _normal_p(z: Numbers, whole: Counts, s: Counts) -> Numbers:
    """Two-sided p of normal scores. Few of them differ, and each is worked out once.

    `whole` (18 times the variance) and `s` name a score; where they are small they are looked up.
    """
    width = int(s.max(initial=0)) + 1
    size = (int(whole.max(initial=0)) + 1) * width
    if size > LARGEST_TABLE:
        distinct, where = np.unique(z, return_inverse=True)
        return np.array([erfc(one / sqrt(2)) for one in distinct])[where]
    key = whole * width + s
    scores = np.full(size, np.nan)
    scores[key] = z
    occur = np.flatnonzero(~np.isnan(scores))
    scores[occur] = [erfc(one / sqrt(2)) for one in scores[occur]]
    return np.asarray(scores[key])


def _exact_p(n: Counts, ties: Numbers, s: Numbers) -> Numbers:
    table, places = _exact_tables()
    return np.asarray(table[places[n, ties.astype(np.int64) // 6], np.abs(s).astype(np.int64)])


@cache
def _exact_tables() -> tuple[Numbers, Counts]:
    """P(|S| >= s) for every pattern of ties up to ten points, and where a pattern stands.

    n and the tie term together name the pattern.
    """
    patterns = [one for n in range(2, EXACT_POINTS + 1) for one in _partitions(n, n)]
    largest = EXACT_POINTS * (EXACT_POINTS - 1) // 2
    terms = [sum(t * (t - 1) * (2 * t + 5) for t in one) // 6 for one in patterns]
    table = np.zeros((len(patterns), largest + 1))
    places = np.full((EXACT_POINTS + 1, max(terms) + 1), -1, np.int64)
    for place, (pattern, term) in enumerate(zip(patterns, terms, strict=True)):
        if places[sum(pattern), term] != -1:
            raise AssertionError("two patterns of ties share a term")
        places[sum(pattern), term] = place
        for s, chance in enumerate(exact_two_sided(pattern)):
            table[place, s] = chance
    return table, places


def _partitions(total: int, most: int) -> Iterator[tuple[int, ...]]:
    if total == 0:
        yield ()
    for first in range(min(total, most), 0, -1):
        for rest in _partitions(total - first, first):
            yield (first, *rest)


def exact_two_sided(pattern: tuple[int, ...]) -> list[float]:
    """P(|S| >= s) for s = 0, 1, ... when every order of the values is as likely as another.

    `pattern` holds the sizes of the groups of equal values, such as (2, 1, 1) for four values of
    which two are equal. The orders are counted by their inversions: adding a group of t values to
    m others multiplies the counts by the Gaussian binomial of m + t over t.
    """
    counts, have = [1], 0
    for size in pattern:
        counts = _product(counts, _gaussian_binomial(have + size, size))
        have += size
    orders, largest = sum(counts), len(counts) - 1
    by_size = [0] * (largest + 1)
    for inversions, count in enumerate(counts):
        by_size[abs(largest - 2 * inversions)] += count
    return [sum(by_size[s:]) / orders for s in range(largest + 1)]


def _gaussian_binomial(n: int, k: int) -> list[int]:
    """Its coefficients: how many ways to place k among n with 0, 1, 2, ... inversions."""
    row = [[1]] + [[] for _ in range(k)]
    for total in range(1, n + 1):
        for size in range(min(total, k), 0, -1):
            moved = [0] * size + row[size] if row[size] else []
            row[size] = _sum(row[size - 1], moved)
    return row[k]


def _sum(a: list[int], b: list[int]) -> list[int]:
    longest = max(len(a), len(b))
    return [(a[i] if i < len(a) else 0) + (b[i] if i < len(b) else 0) for i in range(longest)]


def _product(a: list[int], b: list[int]) -> list[int]:
    found = [0] * (len(a) + len(b) - 1)
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            found[i + j] += one * other
    return found
