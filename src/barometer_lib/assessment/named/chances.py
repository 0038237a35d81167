"""The probability of each class of a rule, given what the two points were counted from.

Both points are spread over equally likely values of their sampling distributions (Beta, gamma or
normal, with Jeffreys' half), every pair of values is judged, and the share of pairs in a class is
its probability. No random numbers: the same figures always give the same probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from barometer_lib.assessment.named.measures import Floats
from barometer_lib.assessment.named.spans import Span
from barometer_lib.assessment.named.thresholds import LEAST_PROBABILITY, NamedRule
from barometer_lib.assessment.named.verdicts import classes_of, classified

STEPS = 128  # equally likely values per point


@dataclass(frozen=True)
class Drawn:
    """What a point's value was drawn from.

    `share`: `count` of `size` (people asked, divided by the design effect, or the whole register);
    `count`: `count` events, over `size` where it is a rate; `mean`: `count` with standard error
    `size`; `fixed`: the value as it stands, where a target states its own base. The value in the
    printed unit is `scale` times what is drawn.
    """

    kind: Literal["share", "count", "mean", "fixed"]
    count: float
    size: float = 1.0
    scale: float = 1.0

    def values(self, steps: int = STEPS) -> Floats:
        """Equally likely values, lowest first, in the printed unit."""
        return _values(self, steps)


@lru_cache(maxsize=4096)
def _values(drawn: Drawn, steps: int) -> Floats:
    """Worked out once for all the rules that look at the same figure."""
    from scipy.special import betaincinv, gammaincinv, ndtri

    at = (np.arange(steps) + 0.5) / steps
    if drawn.kind == "share":
        found = betaincinv(drawn.count + 0.5, drawn.size - drawn.count + 0.5, at)
    elif drawn.kind == "count":
        found = gammaincinv(drawn.count + 0.5, at) / drawn.size
    elif drawn.kind == "mean":
        found = drawn.count + drawn.size * ndtri(at)
    else:
        found = np.full(1, drawn.count)
    return np.asarray(found * drawn.scale, dtype=np.float64)


def chances(rule: NamedRule, span: Span, base: Drawn, latest: Drawn) -> dict[str, float]:
    """The probability of every class of the rule, worst first; they sum to 1."""
    first, last = base.values()[:, None], latest.values()[None, :]
    first, last = np.broadcast_arrays(first, last)
    found, _ = classified(rule, np.array(first), np.array(last), span)
    names = classes_of(rule, span)
    counts = np.bincount(found.ravel(), minlength=len(names))
    return {name: float(count) / found.size for name, count in zip(names, counts, strict=True)}


def told(
    found: Mapping[str, float], least: float = LEAST_PROBABILITY
) -> tuple[str, tuple[str, ...]]:
    """The class that has at least this probability, or `not_distinguishable` and between which.

    The classes between are the fewest that together have it, worst first.
    """
    ordered: Sequence[str] = sorted(found, key=lambda name: -found[name])
    if found[ordered[0]] >= least:
        return ordered[0], ()
    taken: list[str] = []
    together = 0.0
    for name in ordered:
        taken.append(name)
        together += found[name]
        if together >= least:
            break
    return "not_distinguishable", tuple(name for name in found if name in taken)
