"""Ranks under many weightings, counted: how often each unit had each rank, and who was ahead.

A weighted mean that is monotone in `sum(weight * f(component))` ranks units by that sum alone, so a
combination of normalisation and aggregation is one matrix of transformed components, and a draw of
weights is one row of a matrix product. Each score is then packed with its unit's number (in the
lowest bits of the mantissa) and the whole row is sorted, which gives order and unit at once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput
from barometer_lib.ranking.draws import Array, WeightDraws

Counted = NDArray[np.int64]
BATCH = 512  # draws sorted at a time: the scores of a batch stay in the cache
BLOCK = 4096  # draws compared pair by pair at a time
MOST_DRAWS = 5_000_000
MOST_UNITS = 2_000
MOST_THREADS = 4
SMALL_PRODUCT = 200_000  # matrix products below this size are not spread over threads by BLAS


@dataclass(frozen=True)
class RankCounts:
    """What the draws gave. Ties share the better rank; neither of two tied units is ahead.

    `histogram[unit, rank - 1]` counts draws; its rows sum to `draws`. `ahead[a, b]` counts the
    draws in which `a` scored strictly higher than `b`; blank where pairs were not asked for.
    """

    histogram: Counted
    ahead: Counted | None
    draws: int

    def interval(self, low: float = 0.05, high: float = 0.95) -> tuple[Counted, Counted]:
        """Each unit's smallest ranks that these shares of the draws, at least, do not pass."""
        reached = np.cumsum(self.histogram, axis=1)
        ends = [max(1, np.ceil(share * self.draws - 1e-9)) for share in (low, high)]
        return 1 + (reached >= ends[0]).argmax(axis=1), 1 + (reached >= ends[1]).argmax(axis=1)

    def mean(self) -> Array:
        """The mean rank of each unit."""
        ranks = np.arange(1, self.histogram.shape[1] + 1)
        return np.asarray(self.histogram @ ranks / self.draws)


def count_ranks(
    matrices: Sequence[Array],
    weights: WeightDraws,
    draws: int = 10_000,
    *,
    seed: int = 0,
    pairs: bool = False,
    threads: int = 1,
) -> RankCounts:
    """Counts the ranks of units over `draws` weightings shared evenly by the matrices.

    `matrices` hold one row per unit and one column per component, transformed so that a larger
    weighted sum is a better unit; all of one shape, without blanks. The answer depends on the seed
    alone, not on `threads` (at most four, and no more than the machine has).
    Raises `BadInput` ("stress_size") for no units, too many units, or too many draws.
    """
    shape = matrices[0].shape
    units = shape[0]
    if not 1 <= units <= MOST_UNITS or not 1 <= draws <= MOST_DRAWS:
        raise BadInput(
            "stress_size", units=units, draws=draws, most_units=MOST_UNITS, most=MOST_DRAWS
        )
    if any(one.shape != shape or not np.isfinite(one).all() for one in matrices):
        raise ValueError("matrices of one shape without blanks are needed")
    falling = [np.ascontiguousarray((one.max(axis=0) - one).T) for one in matrices]
    twins = [_twins(one) for one in matrices]
    blocks = _schedule(len(matrices), draws)
    seeds = np.random.SeedSequence(seed).spawn(len(blocks))
    most = max(1, min(threads, MOST_THREADS, os.cpu_count() or 1))

    def work(number: int) -> tuple[Counted, Counted | None]:
        chance = np.random.Generator(np.random.SFC64(seeds[number]))
        return _block(falling, twins, weights, blocks[number], chance, pairs)

    histogram = np.zeros((units, units), np.int64)
    ahead = np.zeros((units, units), np.int64) if pairs else None
    with ThreadPoolExecutor(most) as pool:
        done = map(work, range(len(blocks))) if most == 1 else pool.map(work, range(len(blocks)))
        for seen, before in done:
            histogram += seen
            if ahead is not None and before is not None:
                ahead += before
    return RankCounts(histogram, ahead, draws)


def _schedule(combinations: int, draws: int) -> list[list[tuple[int, int]]]:
    """Blocks of (combination, number of draws), each combination as often as the others."""
    share, more = divmod(draws, combinations)
    blocks: list[list[tuple[int, int]]] = [[]]
    room = BLOCK
    for combination in range(combinations):
        left = share + (combination < more)
        while left:
            size = min(left, BATCH, room)
            blocks[-1].append((combination, size))
            left, room = left - size, room - size
            if not room:
                blocks.append([])
                room = BLOCK
    return [block for block in blocks if block]


def _twins(matrix: Array) -> Sequence[tuple[int, int]]:
    """Units with the very same components as an earlier one: they must tie to the last bit."""
    probe = (matrix * np.sqrt(np.arange(2.0, matrix.shape[1] + 2))).sum(axis=1)
    if np.unique(probe).size == len(matrix):  # twins would have the same sum, summed the same way
        return []
    first: dict[bytes, int] = {}
    found = [(unit, first.setdefault(row.tobytes(), unit)) for unit, row in enumerate(matrix + 0.0)]
    return [(unit, of) for unit, of in found if unit != of]


def _block(
    falling: Sequence[Array],
    twins: Sequence[Sequence[tuple[int, int]]],
    weights: WeightDraws,
    parts: Sequence[tuple[int, int]],
    chance: np.random.Generator,
    pairs: bool,
) -> tuple[Counted, Counted | None]:
    units = falling[0].shape[1]
    counted = np.zeros(units * units, np.int64)
    wide = -(-sum(size for _, size in parts) // 64) * 64
    ranks = np.zeros((units, wide), np.uint8 if units <= 256 else np.uint16) if pairs else None
    most = max(size for _, size in parts)
    rows = np.arange(most)[:, None] * units
    room = np.empty((3, most, units))
    at, ties = 0, False
    for combination, size in parts:
        scores, order, spare = room[0, :size], room[1, :size], room[2, :size]
        _product(weights.draw(chance, size), falling[combination], scores)
        for unit, of in twins[combination]:
            scores[:, unit] = scores[:, of]
        units_in_order, place = sorted_units(scores, order.view(np.int64), spare.view(np.int64))
        ties = ties or len(place) > 1
        cells = np.add(units_in_order, place * units, out=spare.view(np.int64))
        counted += np.bincount(cells.ravel(), minlength=units * units)
        if ranks is not None:
            flat = np.add(units_in_order, rows[:size], out=spare.view(np.int64))
            placed = np.empty((size, units), ranks.dtype)
            placed.ravel()[flat] = place.astype(ranks.dtype)
            ranks[:, at : at + size] = placed.T
        at += size
    histogram = counted.reshape(units, units).T
    return histogram, None if ranks is None else _ahead(ranks, at, ties)


def _product(drawn: Array, falling: Array, scores: Array) -> None:
    """The matrix product in pieces so small that BLAS starts no threads of its own."""
    rows, components = drawn.shape
    piece = max(8, SMALL_PRODUCT // (components * falling.shape[1]))
    for begin in range(0, rows, piece):
        part = slice(begin, begin + piece)
        np.matmul(drawn[part], falling, out=scores[part])


def sorted_units(
    falling_scores: Array, order: Counted | None = None, spare: Counted | None = None
) -> tuple[Counted, Counted]:
    """Each row's units from the smallest score up, and the number of units before each (0-based).

    Scores are zero or more, smaller is better, and the array is overwritten. Scores that agree to
    some 13 digits are tied and share a place. Where no two tie, the places are one row for all.
    `order` and `spare` are room to work in, of the same shape; the first is given back.
    """
    units = falling_scores.shape[1]
    mask = (1 << max(1, (units - 1).bit_length())) - 1
    keys = falling_scores.view(np.int64)
    keys &= ~mask
    keys |= np.arange(units)
    keys.sort(axis=1)
    order = np.bitwise_and(keys, mask, out=order)
    if units == 1:
        return order, np.zeros((1, 1), np.int64)
    apart = None if spare is None else spare.ravel()[: keys.size - len(keys)]
    apart = None if apart is None else apart.reshape(len(keys), units - 1)
    apart = np.bitwise_xor(keys[:, 1:], keys[:, :-1], out=apart)
    if apart.min() > mask:
        return order, np.arange(units)[None, :]
    first = np.zeros(keys.shape, np.int64)
    first[:, 1:] = np.where(apart > mask, np.arange(1, units), 0)
    return order, np.maximum.accumulate(first, axis=1)


def _ahead(ranks: NDArray[np.unsignedinteger], draws: int, ties: bool) -> Counted:
    """In how many draws (columns) the rank of `a` is smaller than that of `b`, for every pair."""
    units = ranks.shape[0]
    ahead = np.zeros((units, units), np.int64)
    for a in range(units - 1):
        mine, others = ranks[a], ranks[a + 1 :]
        wins = _set_bits(mine < others)
        ahead[a, a + 1 :] = wins
        ahead[a + 1 :, a] = _set_bits(others < mine) if ties else draws - wins
    return ahead


def _set_bits(table: NDArray[np.bool_]) -> Counted:
    words = np.packbits(table, axis=1).view(np.uint64)
    return np.asarray(np.bitwise_count(words).sum(axis=1, dtype=np.int64))


def ranks_of_draws(matrix: Array, drawn: Array) -> Counted:
    """The ranks of all units (columns) under each weighting (rows); ties share the better rank.

    `matrix` as in `count_ranks`; `drawn` are weightings as rows, zero or more.
    """
    falling = np.ascontiguousarray((matrix.max(axis=0) - matrix).T)
    scores = np.empty((len(drawn), len(matrix)))
    _product(drawn, falling, scores)
    for unit, of in _twins(matrix):
        scores[:, unit] = scores[:, of]
    order, place = sorted_units(scores)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(place + 1, order.shape), axis=1)
    return ranks
