"""Many tests at once: what remains significant of a family that is shown together."""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p of each test, in the order given: those below q have a false discovery rate of
    at most q.

    `p_(i)` becomes the least of `p_(j) m / j` over j >= i, at most 1. Source: Benjamini and
    Hochberg 1995.
    """
    m = len(p)
    if any(not 0 <= one <= 1 for one in p):
        raise ValueError("a p lies between 0 and 1")
    adjusted = [1.0] * m
    least = 1.0
    for rank, place in zip(range(m, 0, -1), sorted(range(m), key=lambda i: -p[i]), strict=True):
        least = min(least, p[place] * m / rank)
        adjusted[place] = least
    return adjusted
