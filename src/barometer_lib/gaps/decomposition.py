"""Did the rate change, or who is in the group? Differences split into their factors' effects.

Das Gupta's method: the effects are Shapley averages and add up exactly to the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, sqrt
from typing import Any

import numpy as np

from barometer_lib.intervals import LEVEL, normal_quantile

Factors = Mapping[str, Any]
Rate = Callable[[Factors], float]


def product(factors: Factors) -> float:
    """The usual rate of scalar factors (their product) or of vectors (the sum of products)."""
    whole = np.asarray(1.0)
    for one in factors.values():
        whole = whole * np.asarray(one, float)
    return float(whole.sum())


@dataclass(frozen=True)
class Decomposed:
    """Per factor the standardised rate of each population (all else held alike), and the crude
    rates. A factor's effect between two populations is the difference of its two rates."""

    standardised: Mapping[str, tuple[float, ...]]
    crude: tuple[float, ...]

    def effect(self, factor: str, first: int = 0, second: int = 1) -> float:
        """What the factor alone adds, going from population `first` to `second`."""
        rates = self.standardised[factor]
        return rates[second] - rates[first]


def das_gupta(populations: Sequence[Factors], rate: Rate = product) -> Decomposed:
    """Two or more populations (or years), each with the same named factors.

    With more than two, pairwise effects are made consistent (going over a third changes nothing).
    Source: Das Gupta 1993, US Census P23-186, chapters 2 to 6.
    """
    names = list(populations[0])
    if len(populations) < 2 or any(list(one) != names for one in populations):
        raise ValueError("two populations or more with the same factors in the same order")
    crude = tuple(rate(one) for one in populations)
    count = len(populations)
    pairs = {
        (i, j): _pairwise(populations[i], populations[j], names, rate)
        for i, j in combinations(range(count), 2)
    }
    if count == 2:
        return Decomposed({name: pairs[0, 1][name] for name in names}, crude)
    return Decomposed({name: _consistent(name, pairs, count) for name in names}, crude)


def _weight(size: int, others: int) -> float:
    return factorial(size) * factorial(others - size) / factorial(others + 1)


def _pairwise(
    first: Factors, second: Factors, names: Sequence[str], rate: Rate
) -> dict[str, tuple[float, float]]:
    found = {}
    for name in names:
        others = [one for one in names if one != name]
        standard = [0.0, 0.0]
        for size in range(len(others) + 1):
            for chosen in combinations(others, size):
                mixed = {one: (first if one in chosen else second)[one] for one in names}
                for place, own in enumerate((first, second)):
                    made = {**mixed, name: own[name]}
                    standard[place] += _weight(size, len(others)) * rate(made)
        found[name] = (standard[0], standard[1])
    return found


def _consistent(
    name: str, pairs: Mapping[tuple[int, int], Mapping[str, tuple[float, float]]], count: int
) -> tuple[float, ...]:
    """Each population's standardised rate over all others (Das Gupta's N-population formula)."""

    def standard(one: int, other: int) -> float:
        """The rate of `one` when standardised with `other`."""
        low, high = min(one, other), max(one, other)
        return pairs[low, high][name][0 if one == low else 1]

    rates = []
    for one in range(count):
        others = [i for i in range(count) if i != one]
        own = sum(standard(one, i) for i in others) / (count - 1)
        across = sum(
            sum(standard(i, j) for j in others if j != i) - (count - 2) * standard(i, one)
            for i in others
        )
        rates.append(own + across / (count * (count - 1)))
    return tuple(rates)


@dataclass(frozen=True)
class Effect:
    """A part of a change, as a share of 1, with its limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Kitagawa:
    """Change of a share = composition (who is in the group) + rate (what happens to them)."""

    change: float
    composition: Effect
    rate: Effect


Stratum = tuple[float, float]


def kitagawa(
    before: Sequence[Stratum],
    after: Sequence[Stratum],
    *,
    sampled: bool = False,
    level: float = LEVEL,
) -> Kitagawa:
    """The change of a share over strata (age, education): (count, n) of each stratum, twice.

    Limits count each stratum's rate as binomial; with `sampled` also the strata's sizes, which a
    register knows without error. Raises `ValueError` naming the stratum that has nobody. Source:
    Kitagawa 1955; variances by the delta method.
    """
    if len(before) != len(after) or not before:
        raise ValueError("the same strata before and after")
    for place, (_, n) in enumerate([*before, *after]):
        if not n > 0:
            raise ValueError(f"stratum {place % len(before) + 1} has nobody")
    (r0, n0), (r1, n1) = _rates(before), _rates(after)
    w0, w1 = n0 / n0.sum(), n1 / n1.sum()
    mean_rate, mean_weight = (r0 + r1) / 2, (w0 + w1) / 2
    composition = float(((w1 - w0) * mean_rate).sum())
    rate = float((mean_weight * (r1 - r0)).sum())
    spread = r0 * (1 - r0) / n0 + r1 * (1 - r1) / n1
    of_composition = float((((w1 - w0) / 2) ** 2 * spread).sum())
    of_rate = float((mean_weight**2 * spread).sum())
    if sampled:
        of_composition += _multinomial(w0, mean_rate, n0) + _multinomial(w1, mean_rate, n1)
        of_rate += _multinomial(w0, (r1 - r0) / 2, n0) + _multinomial(w1, (r1 - r0) / 2, n1)
    return Kitagawa(
        composition + rate,
        _effect(composition, of_composition, level),
        _effect(rate, of_rate, level),
    )


def _rates(strata: Sequence[Stratum]) -> tuple[Any, Any]:
    counts = np.array([one for one, _ in strata], float)
    sizes = np.array([n for _, n in strata], float)
    return counts / sizes, sizes


def _multinomial(weights: Any, along: Any, sizes: Any) -> float:
    """The variance of sum(w x) where the sample of sum(sizes) people was drawn."""
    mean = float((weights * along).sum())
    return float((weights * along**2).sum() - mean**2) / float(sizes.sum())


def _effect(value: float, variance: float, level: float) -> Effect:
    reach = normal_quantile(level) * sqrt(max(0.0, variance))
    return Effect(value, value - reach, value + reach)


def cross_classified(
    sizes: Sequence[Any], rates: Sequence[Any], names: Sequence[str]
) -> Decomposed:
    """Two populations classified by several attributes at once (age x origin): what the mix by
    each attribute adds, and the rates.

    `sizes` and `rates` are two arrays each, one axis per name. An attribute's structure factor is
    `prod (n_S+v / n_S)^w(S)` over sets S of the others; their product is the cell's share. The
    split of the structure holds rates at their mean. Source: Das Gupta 1993, chapters 4 and 5.
    """
    n = [np.asarray(one, float) for one in sizes]
    r = [np.asarray(one, float) for one in rates]
    if len(n) != 2 or any(one.shape != n[0].shape for one in (*n, *r)) or n[0].ndim != len(names):
        raise ValueError("two populations, each with sizes and rates over the same attributes")
    shares = [one / one.sum() for one in n]
    mean_rate, mean_share = (r[0] + r[1]) / 2, (shares[0] + shares[1]) / 2
    found = {"rate": tuple(float((mean_share * one).sum()) for one in r)}
    structure = [{name: _structure(one, axis) for axis, name in enumerate(names)} for one in n]

    def weighted(factors: Factors) -> float:
        return float((mean_rate * np.prod(list(factors.values()), axis=0)).sum())

    found |= das_gupta(structure, weighted).standardised
    crude = tuple(float((w * one).sum()) for w, one in zip(shares, r, strict=True))
    return Decomposed(found, crude)


def _structure(sizes: Any, axis: int) -> Any:
    others = [one for one in range(sizes.ndim) if one != axis]
    factor = np.ones_like(sizes)
    for size in range(len(others) + 1):
        for kept in combinations(others, size):
            gone = tuple(one for one in range(sizes.ndim) if one not in kept)
            below = sizes.sum(axis=gone, keepdims=True)
            without = tuple(one for one in gone if one != axis)
            above = sizes.sum(axis=without, keepdims=True) if without else sizes
            share = np.divide(above, below, out=np.zeros_like(above + below), where=below > 0)
            factor = factor * share ** _weight(size, len(others))
    return factor
