"""How the offices write periods: StatBank's 2008K1, 2008M01 and 2008H1, Eurostat's 2008-Q1."""

from __future__ import annotations

import re

# StatBank's letter (K or, in English, Q) and the house's.
_FORMS = {
    "Q": re.compile(r"(?a)(?P<year>\d{4})-?[KQ](?P<part>[1-4])"),
    "S": re.compile(r"(?a)(?P<year>\d{4})-?[HS](?P<part>[12])"),
    "": re.compile(r"(?a)(?P<year>\d{4})(?:M|-)(?P<part>0[1-9]|1[0-2])"),
}
_STATBANK = {"Q": "K", "S": "H", "": "M"}


def _parts(written: str) -> tuple[str, str, str] | None:
    for letter, form in _FORMS.items():
        found = form.fullmatch(written.strip())
        if found:
            return found["year"], letter, found["part"]
    return None


def period_code(written: str) -> str:
    """The house's code of a period as an office wrote it; anything else comes back as it is."""
    parts = _parts(written)
    return written.strip() if parts is None else f"{parts[0]}-{parts[1]}{parts[2]}"


def statbank_time(written: str) -> str:
    """A quarter, half-year or month as StatBank writes it, such as 2008K1 for 2008-Q1."""
    parts = _parts(written)
    return written.strip() if parts is None else f"{parts[0]}{_STATBANK[parts[1]]}{parts[2]}"
