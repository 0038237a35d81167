"""Which codes exist and what they mean.

`load(folder)` reads a catalogue folder and gives a `Catalogue`; every fault is told at once.
"""

from __future__ import annotations

from pathlib import Path

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.reading import read
from barometer_lib.errors import Fault, FaultsFound

__all__ = ["Catalogue", "inspect", "load"]


def load(folder: Path) -> Catalogue:
    """The catalogue in `folder`. Raises `FaultsFound` with every fault in all of its files."""
    content, faults = read(folder)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors or content is None:
        raise FaultsFound(errors)
    return content


def inspect(folder: Path) -> tuple[Catalogue | None, list[Fault]]:
    """As `load`, but gives the faults (warnings too) instead of raising them."""
    return read(folder)
