"""Where the statistics offices answer. The one home of their addresses."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from barometer_lib.errors import BadInput

STATBANK = "https://api.statbank.dk/v1"
EUROSTAT = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0"
_BASES = {
    "statbank": ("BAROMETER_STATBANK", STATBANK),
    "eurostat": ("BAROMETER_EUROSTAT", EUROSTAT),
}

# As both offices state it on their pages about reuse.
LICENCE = "CC BY 4.0"


def base(office: str) -> str:
    """The address of an office without a slash at its end; the environment may name another.

    Raises `BadInput` where the environment names something that is no web address.
    """
    variable, usual = _BASES[office]
    address = (os.environ.get(variable) or usual).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("fetch_address", variable=variable, found=address)
    return address
