"""What a reader of an Excel sheet sees in a cell: its number format, errors, unworked formulas.

The values themselves are read by calamine; this looks only for what a value does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET
from zipfile import ZipFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Formats that every workbook has without writing them down (ECMA-376, 18.8.30).
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00",
}  # fmt: skip
_UNSEEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_NUMBER = re.compile(r"[#0,?]*(?:\.(?P<decimals>[#0?]+))?(?P<thousands>,*)")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Shown:
    """How a number format shows a number (`power` of ten, `decimals`) or a date (`to`)."""

    decimals: int | None = None
    power: int = 0
    to: Literal["year", "month", "day"] | None = None


@dataclass(frozen=True)
class Odd:
    """A cell whose value does not tell everything: `error` as shown, `formula` never worked out,
    or `shown` otherwise than it is stored."""

    shown: Shown | None = None
    error: str | None = None
    formula: bool = False


def address(row: int, column: int) -> str:
    """The name of a cell, counted from 0: `B3` for row 2 and column 1."""
    letters = ""
    at = column + 1
    while at:
        at, letter = divmod(at - 1, 26)
        letters = _LETTERS[letter] + letters
    return f"{letters}{row + 1}"


def place_of(name: str) -> tuple[int, int]:
    """Row and column of a cell, counted from 0."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + _LETTERS.index(letter) + 1
    return int(name[len(letters) :]) - 1, column - 1


def shown_as(form: str) -> Shown | None:
    """What a number format does to a value; blank where it shows the value as it is."""
    plain = _UNSEEN.sub("", form.split(";", maxsplit=1)[0])
    if any(letter in plain.lower() for letter in "ydm") and "general" not in plain.lower():
        letters = plain.lower()
        if "y" not in letters or "d" in letters or "h" in letters:
            return Shown(to="day")
        return Shown(to="month" if "m" in letters else "year")
    if any(sign in plain.lower() for sign in ("e+", "e-", "/", "@", "general", "h", "s")):
        return None
    found = next((one for one in _NUMBER.finditer(plain) if one[0].strip(",")), None)
    if found is None:
        return None
    decimals = len(found["decimals"] or "")
    thousands = len(re.search(r",*$", found[0])[0])  # type: ignore[index]
    return Shown(decimals, 2 * plain.count("%") - 3 * thousands)


def odd_cells(book: ZipFile, part: str) -> dict[tuple[int, int], Odd]:
    """The cells of a sheet that need more than their value, by row and column from 0."""
    styles = dict(_styles(book))
    found: dict[tuple[int, int], Odd] = {}
    with book.open(part) as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314 - expat bounds expansion
            tag = _local(element)
            if tag == "c" and (odd := _odd(element, styles)) is not None:
                found[place_of(element.attrib["r"])] = odd
            if tag == "row":
                element.clear()
    return found


def _odd(cell: Element, styles: dict[int, Shown]) -> Odd | None:
    if "r" not in cell.attrib:
        return None
    inside = {_local(one): one.text for one in cell}
    if cell.get("t") == "e":
        return Odd(error=inside.get("v") or "#ERROR!")
    if "f" in inside and not inside.get("v") and cell.get("t") not in ("str", "s"):
        return Odd(formula=True)
    shown = styles.get(int(cell.get("s", "0")))
    return None if shown is None else Odd(shown)


def _styles(book: ZipFile) -> Iterator[tuple[int, Shown]]:
    """The number format of each cell style that shows values otherwise than they are stored."""
    if "xl/styles.xml" not in book.namelist():
        return
    root = ET.fromstring(book.read("xl/styles.xml"))  # noqa: S314
    forms = dict(BUILT_IN)
    for one in root.iter():
        if _local(one) == "numFmt":
            forms[int(one.attrib["numFmtId"])] = one.attrib["formatCode"]
    cells = next((one for one in root if _local(one) == "cellXfs"), None)
    for number, style in enumerate(cells if cells is not None else ()):
        form = forms.get(int(style.get("numFmtId", "0")))
        shown = None if form is None else shown_as(form)
        if shown is not None:
            yield number, shown


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def part_of(book: ZipFile, sheet: str) -> str | None:
    """The part of the workbook that holds a sheet."""
    names = ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314
    links = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    for one in names.iter():
        if _local(one) == "sheet" and one.get("name") == sheet:
            link = next(val for key, val in one.attrib.items() if key.endswith("}id"))
            target = targets.get(link, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def text_of(value: object, shown: Shown | None, decimal: str) -> str | None:
    """The cell as text: numbers without exponent, dates as a period of the precision shown."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number(value, shown).replace(".", decimal)
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.isoformat(" ")
    if isinstance(value, date):
        to = "day" if shown is None or shown.to is None else shown.to
        return value.strftime({"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}[to])
    return str(value)


def _number(value: float, shown: Shown | None) -> str:
    number = Decimal(f"{value:.15g}")
    if not number.is_finite():
        return str(value)
    if shown is not None and shown.decimals is not None and shown.to is None:
        step = Decimal(1).scaleb(-shown.decimals)
        number = number.scaleb(shown.power)
        if number.adjusted() < 20:
            number = number.quantize(step, ROUND_HALF_UP)
            return format(number or abs(number), "f")
    return format(number.normalize() if number else Decimal(0), "f")
