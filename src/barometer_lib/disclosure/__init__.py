"""Numbers small enough to identify people: hidden in the build, before anything is computed.

`protect` takes the measurements of a dataset and gives them back with every figure hidden that
would point at a person, and with the further ones that keep the hidden from being worked out. The
true values live in the build's memory alone.
"""

from __future__ import annotations

from barometer_lib.disclosure.hiding import Protected, protect
from barometer_lib.disclosure.primary import CountRule, SumRule, count_reasons, sum_reasons
from barometer_lib.disclosure.released import Released

__all__ = [
    "CountRule",
    "Protected",
    "Released",
    "SumRule",
    "count_reasons",
    "protect",
    "sum_reasons",
]
