"""What can go wrong, and how it is told.

Every error a user can cause is a `BarometerError` with a code, the facts of the case and words in
both languages (`messages.da.yml`, `messages.en.yml`). Faults in given material are collected as
`Fault`s and raised together in one `FaultsFound`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

__all__ = [
    "BadInput",
    "BarometerError",
    "Fault",
    "FaultsFound",
    "NotFound",
    "StoreError",
    "nearest",
    "say",
    "say_fault",
    "say_place",
    "say_remedy",
    "say_rule",
]

EXIT_GOOD = 0
EXIT_FAULTS = 1
EXIT_WRONG_USE = 2


@cache
def _messages(lang: str) -> dict[str, str]:
    import yaml

    page = resources.files(__package__).joinpath(f"messages.{lang}.yml").read_text("utf-8")
    words: dict[str, str] = yaml.safe_load(page)
    return words


def nearest(asked: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known codes most like `asked`, best first; empty when nothing is near."""
    codes = sorted({str(code) for code in known})
    lowered = {code.casefold(): code for code in codes}
    hits = difflib.get_close_matches(asked.casefold(), lowered, n=most, cutoff=0.5)
    return [lowered[hit] for hit in hits]


class BarometerError(Exception):
    """An error a user can do something about. `code` names it, `fields` hold the facts."""

    exit_code = EXIT_FAULTS

    def __init__(self, code: str, **fields: Any) -> None:
        self.code = code
        self.fields = fields
        super().__init__(code)

    def __str__(self) -> str:
        return say(self, "en")


class BadInput(BarometerError):
    """A value that was given is not of the right form."""


class NotFound(BarometerError):
    """A code that does not exist; `nearest` holds the codes most like it."""

    def __init__(self, kind: str, asked: str, known: Iterable[str]) -> None:
        near = nearest(asked, known)
        codes = sorted({str(code) for code in known})
        super().__init__("not_found", kind=kind, asked=asked, nearest=near, known=codes)


class StoreError(BarometerError):
    """The store is missing, of another version, or cannot be read."""


@dataclass(frozen=True)
class Fault:
    """One fault in what was given: where it stands, what was found, what is allowed, who mends it.

    `line` counts from 1 (the header is line 1); in a workbook it is the row of the `sheet`. Blank
    fields are `None`.
    """

    code: str
    file: str
    line: int | None = None
    column: str | None = None
    found: str | None = None
    allowed: str | None = None
    nearest: tuple[str, ...] = ()
    mended_by: str = "analyst"
    severity: str = "error"
    fields: Mapping[str, Any] = field(default_factory=dict)
    sheet: str | None = None

    def facts(self) -> dict[str, Any]:
        """The fault as a flat mapping with language-neutral codes, for JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "sheet": self.sheet,
            "line": self.line,
            "column": self.column,
            "found": self.found,
            "allowed": self.allowed,
            "nearest": list(self.nearest),
            "mended_by": self.mended_by,
        }


class FaultsFound(BarometerError):
    """All faults of one look through the material, worst file first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.code))
        super().__init__("faults_found", count=len(self.faults))

    def __str__(self) -> str:
        return "\n".join([say(self, "en"), *(say_fault(fault, "en") for fault in self.faults)])


def _listed(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return value


def _filled(code: str, lang: str, fields: Mapping[str, Any]) -> str:
    return _messages(lang)[code].format(**{key: _listed(val) for key, val in fields.items()})


def say(error: BarometerError, lang: str) -> str:
    """The error as sentences in `lang` ("da" or "en")."""
    fields = dict(error.fields)
    if isinstance(error, NotFound):
        kind = _messages(lang).get(f"kind_{fields['kind']}", fields["kind"])
        sentence = _filled("not_found", lang, fields | {"kind": kind})
        if fields["nearest"]:
            return f"{sentence} {_filled('did_you_mean', lang, fields)}"
        if 0 < len(fields["known"]) <= 40:
            return f"{sentence} {_filled('there_are', lang, fields)}"
        return sentence
    return _filled(error.code, lang, fields)


def say_place(fault: Fault) -> str:
    """Where the fault stands: `file (sheet):line [column]`."""
    place = fault.file if fault.sheet is None else f"{fault.file} ({fault.sheet})"
    place = place if fault.line is None else f"{place}:{fault.line}"
    return f"{place} [{fault.column}]" if fault.column else place


def say_rule(fault: Fault, lang: str) -> str:
    """What is wrong, as a sentence of `lang`."""
    return _filled("fault_" + fault.code, lang, {**fault.facts(), **fault.fields})


def say_remedy(fault: Fault, lang: str) -> str:
    """What is allowed, what is near, and who mends it, in `lang`."""
    parts = []
    if fault.allowed:
        parts.append(_filled("allowed", lang, {"allowed": fault.allowed}))
    if fault.nearest:
        parts.append(_filled("did_you_mean", lang, {"nearest": fault.nearest}))
    parts.append(_messages(lang)[f"mended_by_{fault.mended_by}"])
    return " ".join(parts)


def say_fault(fault: Fault, lang: str) -> str:
    """The fault in one line of `lang`: place, what was found, what is allowed, remedy, who."""
    kind = f"{_messages(lang)['warning']} " if fault.severity == "warning" else ""
    return f"{kind}{say_place(fault)}: {say_rule(fault, lang)} {say_remedy(fault, lang)}"
