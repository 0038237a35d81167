"""StatBank of Statistics Denmark: what a table holds, and its figures with codes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import Any, Literal
from urllib.parse import quote, urlencode

from barometer_lib.deliveries import jsonstat
from barometer_lib.deliveries.connectors import addresses
from barometer_lib.deliveries.connectors.client import HALF, Answer, Client, refused
from barometer_lib.deliveries.connectors.selection import Selection, Variable
from barometer_lib.errors import BarometerError

# The most cells in one answer that is not streamed, as StatBank says when it refuses.
MOST_CELLS = 1_000_000
TOO_LARGE = "REQUEST-LIMIT"
DELIMITER = ";"
Form = Literal["csv", "json-stat"]


@dataclass(frozen=True)
class Table:
    """What StatBank says of a table. `suppressed` is how it writes a hidden figure, if it does."""

    id: str
    text: str
    unit: str
    updated: str
    active: bool
    suppressed: str | None
    variables: tuple[Variable, ...]
    answer: Answer

    @property
    def time(self) -> Variable | None:
        """The variable of periods."""
        return next((one for one in self.variables if one.time), None)


def table_info(client: Client, table: str, lang: str) -> Table:
    """Asks what a table holds. Raises `BarometerError` where there is no such table."""
    options = urlencode({"lang": lang, "format": "JSON"})
    address = f"{addresses.base('statbank')}/tableinfo/{quote(table)}?{options}"
    answer = client.ask(address, lacking=lambda answer: HALF if answer.json() is None else None)
    if answer.status != 200:
        raise refused(answer)
    try:
        return _table(answer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BarometerError("fetch_form", address=address, found=str(error)) from error


def _table(answer: Answer) -> Table:
    found = answer.json()
    hidden = found.get("suppressedDataValue")
    return Table(
        id=str(found["id"]),
        text=str(found["text"]),
        unit=str(found["unit"]),
        updated=str(found["updated"]),
        active=found.get("active") is not False,
        suppressed=None if hidden is None else str(hidden),
        variables=tuple(_variable(one) for one in found["variables"]),
        answer=answer,
    )


def _variable(found: Mapping[str, Any]) -> Variable:
    return Variable(
        id=str(found["id"]),
        label=str(found["text"]),
        values={str(one["id"]): str(one["text"]) for one in found["values"]},
        elimination=found["elimination"] is True,
        time=found["time"] is True,
    )


def question(
    selection: Selection, table: str, lang: str, form: Form
) -> tuple[str, dict[str, Any] | None]:
    """The address and the query for a selection; every code is named, none is left to a rule."""
    query: dict[str, Any] = {
        "table": table,
        "format": "CSV" if form == "csv" else "JSONSTAT",
        "lang": lang,
        "valuePresentation": "Code",
    }
    if form == "csv":
        query["delimiter"] = "Semicolon"
    query["variables"] = [
        {"code": name, "values": list(codes)} for name, codes in selection.items()
    ]
    return f"{addresses.base('statbank')}/data", query


def asker(table: str, lang: str, form: Form) -> partial[tuple[str, dict[str, Any] | None]]:
    """`question` for one table."""
    return partial(question, table=table, lang=lang, form=form)


def too_large(answer: Answer) -> bool:
    """Whether StatBank refused because of too many cells."""
    found = answer.json() if answer.status == 400 else None
    return isinstance(found, dict) and found.get("errorTypeCode") == TOO_LARGE


def lacking(answer: Answer, form: Form) -> str | None:
    """ "half" where an answer stops early: JSON that does not close, a row that is too short."""
    if form == "json-stat":
        return HALF if answer.json() is None else None
    try:
        rows = csv_rows(answer.body)
    except ValueError:
        return HALF
    return None if rows and all(len(row) == len(rows[0]) > 1 for row in rows) else HALF


def csv_rows(body: bytes) -> list[list[str]]:
    """Header and rows of an answer as CSV. Raises `ValueError` where it is no such text."""
    try:
        text = body.decode("utf-8-sig")
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=DELIMITER) if row]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def rows_of(body: bytes, form: Form, name: str) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of an answer. Raises `BarometerError` where it cannot be read."""
    if form == "csv":
        header, *rows = csv_rows(body)
        return header, rows
    cube, faults = jsonstat.read(body.decode("utf-8-sig", "replace"), name)
    if cube is None:
        raise BarometerError("fetch_form", address=name, found=faults[0].code)
    return list(cube.columns), [list(row) for row in cube.rows()]


def joined(bodies: list[bytes]) -> bytes:
    """Answers as CSV in one: the first as it is, of the others the rows below the header.

    Raises `BarometerError` where their headers differ.
    """
    first, *others = (body.removeprefix(b"\xef\xbb\xbf") for body in bodies)
    header, _, _ = first.partition(b"\n")
    whole_text = bodies[0]
    for one in others:
        mine, _, rows = one.partition(b"\n")
        if mine.rstrip() != header.rstrip():
            raise BarometerError("fetch_parts_differ")
        gap = b"" if whole_text.endswith(b"\n") else b"\r\n" if b"\r\n" in whole_text else b"\n"
        whole_text += gap + rows
    return whole_text
