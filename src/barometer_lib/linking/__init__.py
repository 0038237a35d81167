"""Series linked across a break by a parallel run: a factor or a difference with its uncertainty.

`link` works one out, `back_cast` carries an old figure over it, `linked` does both for every series
of a dataset whose break has a declared link.
"""

from __future__ import annotations

from barometer_lib.linking.basis import as_measurement, on_linked_basis, standing_rows
from barometer_lib.linking.factor import Link, back_cast, link, splice
from barometer_lib.linking.series import Linked, linked

__all__ = [
    "Link",
    "Linked",
    "as_measurement",
    "back_cast",
    "link",
    "linked",
    "on_linked_basis",
    "splice",
    "standing_rows",
]
