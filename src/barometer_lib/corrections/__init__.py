"""Declared corrections of delivered figures: a new vintage each, with its reason and its guard.

`read(path, content)` reads `corrections.yml`; `apply(tables, corrections)` puts each correction
beside the delivered rows as a vintage of its own. A delivered file is never edited.
`read_disputes(path, content)` reads which figures are under clarification.
"""

from __future__ import annotations

from barometer_lib.corrections.applying import Corrected, apply
from barometer_lib.corrections.disputes import Dispute, Disputes, read_disputes
from barometer_lib.corrections.entry import Correction, Declared, read

__all__ = [
    "Corrected",
    "Correction",
    "Declared",
    "Dispute",
    "Disputes",
    "apply",
    "read",
    "read_disputes",
]
