"""Numbers with their units. Values come in the published unit: 93.1 is 93.1 percent."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from barometer_lib.locale.texts import text, words

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
BARE_UNITS = frozenset({"count", "mean"})  # a number of something, which the unit does not name
Things = tuple[str, str]  # what is counted: the word for one, and for any other number
MOST_DECIMALS = 6  # where the caller names none
NOISE = 10  # decimals below which a float's digits are rounding noise of its computation


@cache
def separators(lang: str) -> tuple[str, str]:
    """The decimal and the thousands separator of a language, as Babel knows them."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    words(lang)
    return get_decimal_symbol(lang), get_group_symbol(lang)


def _rounded(value: float, decimals: int | None) -> Decimal:
    if not math.isfinite(value):
        raise ValueError(f"no number to show: {value}")
    exact = Decimal(repr(round(float(value), NOISE)))
    if decimals is None:
        short = exact.quantize(Decimal(1).scaleb(-MOST_DECIMALS), rounding=ROUND_HALF_UP)
        return short.quantize(Decimal(1)) if short == short.to_integral() else short.normalize()
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: float, lang: str, decimals: int | None = None) -> str:
    """A number in words of the language: "1.234,5", "−2,4" (true minus sign).

    Halves are rounded away from zero; without `decimals` as many are shown as the value has. What
    is hidden or missing has a word, not a number: a value that is not finite raises `ValueError`.
    """
    shown = _rounded(value, decimals)
    decimal, group = separators(lang)
    plain = f"{abs(shown):,f}"
    whole, _, rest = plain.partition(".")
    digits = whole.replace(",", group) + (decimal + rest if rest else "")
    return f"{MINUS}{digits}" if shown < 0 else digits


@cache
def _ordinal_form(count: int, lang: str) -> str:
    from babel import Locale

    return str(Locale(lang).ordinal_form(count))


def ordinal(count: int, lang: str) -> str:
    """A place in a row: "4." in Danish, "4th" in English."""
    return text(
        lang, f"numbers.ordinal.{_ordinal_form(count, lang)}", number=number(count, lang, 0)
    )


def _in_unit(
    shown: str, unit: str, lang: str, branch: str = "unit", things: Things | None = None
) -> str:
    form = "one" if shown.lstrip(f"+{MINUS}") == "1" else "other"
    if things and unit in BARE_UNITS:
        return f"{shown}{NO_BREAK_SPACE}{things[form == 'other']}"
    return text(lang, f"numbers.{branch}.{unit}.{form}", number=shown)


def with_unit(
    value: float, unit: str, lang: str, decimals: int | None = None, things: Things | None = None
) -> str:
    """A value with its unit: "93,1 pct.", "10,8 procentpoint", "4. plads". Unit codes are those of
    the catalogue; an unknown one raises `KeyError`. Number and unit do not break across lines.

    `things` is what a count or a mean is of: "4 bydele"; other units have their own word.
    """
    if unit == "rank":
        return text(lang, "numbers.place", ordinal=ordinal(round(value), lang))
    return _in_unit(number(value, lang, decimals), unit, lang, things=things)


def change(
    value: float, unit: str, lang: str, decimals: int | None = None, things: Things | None = None
) -> str:
    """A change with its sign and unit: "+0,3 procentpoint", "−2,4 procentpoint"; no sign at zero.

    `unit` is the unit of the change: the change of a percentage is `percentage_points`.
    """
    shown = number(value, lang, decimals)
    signed = f"+{shown}" if _rounded(value, decimals) > 0 else shown
    return _in_unit(signed, unit, lang, "change" if unit == "rank" else "unit", things)


def as_rounded(words: str, base: int | None, lang: str) -> str:
    """A value in words, marked as rounded where it was told as a multiple of a base."""
    return words if base is None else text(lang, "numbers.rounded", value=words)


def interval(low: float, high: float, unit: str, lang: str, decimals: int | None = None) -> str:
    """Two limits with their unit: "90,1-96,1 pct."; with a minus sign "−2,4 til 1,1 point"."""
    first, last = number(low, lang, decimals), number(high, lang, decimals)
    form = "from_to" if MINUS in first + last else "range"
    return _in_unit(text(lang, f"numbers.{form}", first=first, last=last), unit, lang)
