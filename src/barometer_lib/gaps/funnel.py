"""Funnel limits: how far from the average an area of a given size may lie by chance."""

from __future__ import annotations

from math import sqrt

from barometer_lib.intervals import LEVEL, exact_poisson, normal_quantile


def proportion_limits(average: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a share of `n` people, `average -+ z sqrt(average (1 - average) / n)`, cut at 0
    and 1: the shares whose Wilson interval just touches the average.

    Source: Spiegelhalter 2005, as in PHEindicatormethods 2.1.0.
    """
    if not n > 0 or not 0 <= average <= 1:
        raise ValueError(f"no funnel: average {average}, n {n}")
    reach = normal_quantile(level) * sqrt(average * (1 - average) / n)
    return max(0.0, average - reach), min(1.0, average + reach)


def expected_limits(observed: float, level: float = LEVEL) -> tuple[float, float]:
    """The fewest and most expected events for which `observed` events are no surprise: its exact
    Poisson limits. The funnel of ratios runs at `observed` over these. Source: as above."""
    return exact_poisson(observed, level)
