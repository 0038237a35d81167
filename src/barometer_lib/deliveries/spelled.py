"""How offices write periods: StatBank's 2008K1, 2008M01, 2008H1, Eurostat's 2008-Q1, SDMX's A1."""

from __future__ import annotations

import re

# By the house's letter; StatBank writes K for a quarter or, in English, Q.
_FORMS = {
    "Q": re.compile(r"(?a)(?P<year>\d{4})-?[KQ](?P<part>[1-4])"),
    "S": re.compile(r"(?a)(?P<year>\d{4})-?[HS](?P<part>[12])"),
    "": re.compile(r"(?a)(?P<year>\d{4})(?:-?M|-)(?P<part>0[1-9]|1[0-2])"),
}
_WHOLE = re.compile(r"(?a)(?P<year>\d{4})-A1")


def parts_of(written: str) -> tuple[str, str, str] | None:
    """Year, letter and number of a half-year, quarter or month; blank for anything else."""
    for letter, form in _FORMS.items():
        found = form.fullmatch(written.strip())
        if found:
            return found["year"], letter, found["part"]
    return None


def period_code(written: str) -> str:
    """The house's code of a period as an office wrote it; anything else comes back as it is."""
    whole = _WHOLE.fullmatch(written.strip())
    if whole:
        return whole["year"]
    parts = parts_of(written)
    return written.strip() if parts is None else f"{parts[0]}-{parts[1]}{parts[2]}"
