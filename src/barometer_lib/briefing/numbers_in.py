"""Numbers in text, as a reader of the language sees them, and the numbers a row may tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from barometer_lib.errors import BadInput
from barometer_lib.locale import period

GROUPED = {"da": ".", "en": ","}
POINT = {"da": ",", "en": "."}
TOKENS = {
    lang: re.compile(
        rf"\d{{1,3}}(?:\{GROUPED[lang]}\d{{3}})+(?!\d)(?:\{POINT[lang]}\d+)?"
        rf"|\d+(?:\{POINT[lang]}\d+)?"
    )
    for lang in GROUPED
}


def numbers_in(words: str, lang: str) -> list[float]:
    """The numbers of a text without signs: "1.175 job" is 1175 in Danish, 1.175 in English."""
    return [
        float(token.replace(GROUPED[lang], "").replace(",", "."))
        for token in TOKENS[lang].findall(words)
    ]


def known(numbers: Iterable[float]) -> set[float]:
    """The numbers without signs, as they can be compared."""
    return {round(abs(float(one)), 6) for one in numbers}


def strange(words: str, allowed: set[float], lang: str) -> list[float]:
    """The numbers of a text that are not among those allowed."""
    return [one for one in numbers_in(words, lang) if round(one, 6) not in allowed]


def every_number(content: Any) -> Iterator[float]:
    """Every number anywhere in plain content, and those in its period codes as words tell them."""
    if isinstance(content, bool) or content is None:
        return
    if isinstance(content, int | float):
        yield float(content)
        for digits in range(3):
            step = Decimal(1).scaleb(-digits)
            yield float(Decimal(repr(float(content))).quantize(step, rounding=ROUND_HALF_UP))
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from every_number(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from every_number(value)
    elif isinstance(content, str):
        yield from _of_text(content)


def _of_text(code: str) -> Iterator[float]:
    """A text's own numbers, and those of its words where it is the code of a period."""
    yield from numbers_in(code.replace(",", " ").replace(".", " "), "da")
    if code[:4].isdigit():
        try:
            yield from numbers_in(period(code, "da"), "da")
            yield from numbers_in(period(code, "en"), "en")
        except BadInput:
            return
