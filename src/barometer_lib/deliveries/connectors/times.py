"""Periods as StatBank asks for them: 2008K1, 2008M01 and 2008H1."""

from __future__ import annotations

from barometer_lib.deliveries.spelled import parts_of, period_code

__all__ = ["period_code", "statbank_time"]

# StatBank's letter for the house's.
_STATBANK = {"Q": "K", "S": "H", "": "M"}


def statbank_time(written: str) -> str:
    """A quarter, half-year or month as StatBank writes it, such as 2008K1 for 2008-Q1."""
    parts = parts_of(written)
    return written.strip() if parts is None else f"{parts[0]}{_STATBANK[parts[1]]}{parts[2]}"
