"""What is asked of a table: which codes of which variables, how many cells, in how many calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from barometer_lib.deliveries.connectors.times import statbank_time
from barometer_lib.errors import BadInput, Fault, nearest

ALL = "*"
Selection = dict[str, tuple[str, ...]]
_RANGE = re.compile(r"(?:>=(?P<low>[^<>=]+))?(?:<=(?P<high>[^<>=]+))?")
_NEWEST = re.compile(r"(?a)\(-n\+(?P<most>\d{1,4})\)|\((?P<nth>\d{1,4})\)")


@dataclass(frozen=True)
class Variable:
    """A variable of a table: its codes in the table's order, and the label of each."""

    id: str
    label: str
    values: Mapping[str, str]
    elimination: bool = False
    time: bool = False


def parse(given: Iterable[str]) -> Selection:
    """`DIM=code,code` texts as codes by variable; a variable may be given several times.

    Raises `BadInput` for a text of another form.
    """
    selection: Selection = {}
    for one in given:
        name, equals, codes = one.partition("=")
        wanted = tuple(code.strip() for code in codes.split(","))
        if not equals or not name.strip() or not all(wanted):
            raise BadInput("fetch_select", asked=one)
        selection[name.strip()] = (*selection.get(name.strip(), ()), *wanted)
    return selection


def resolve(
    asked: Mapping[str, Sequence[str]], variables: Sequence[Variable], table: str
) -> tuple[Selection, list[Fault]]:
    """The selection with the table's own ids and plain codes, and everything that is wrong in it.

    Variables are found whatever their case; codes may hold `*`, `>=`, `<=` and StatBank's rules
    for the newest periods; periods may be written as the house writes them. A variable left out
    must be one that the table can sum over.
    """
    by_name = {one.id.casefold(): one for one in variables}
    selection: Selection = {}
    faults: list[Fault] = []
    for name, codes in asked.items():
        variable = by_name.get(name.casefold())
        if variable is None:
            faults.append(_unknown_variable(name, codes, variables, table))
            continue
        found, wrong = _codes(variable, codes, table)
        selection[variable.id] = (*selection.get(variable.id, ()), *found)
        faults.extend(wrong)
    known = {name.casefold() for name in asked}
    for one in variables:
        if one.id.casefold() not in known and not one.elimination:
            shown = ", ".join(f"{code} ({label})" for code, label in list(one.values.items())[:8])
            faults.append(
                Fault("fetch_variable_needed", table, column=one.id, found=one.id, allowed=shown)
            )
    order = [one.id for one in variables if one.id in selection]
    return {name: tuple(dict.fromkeys(selection[name])) for name in order}, faults


def _unknown_variable(
    name: str, codes: Sequence[str], variables: Sequence[Variable], table: str
) -> Fault:
    """Near in name, or holding the very codes: a variable that was renamed keeps its codes."""
    near = nearest(name, [one.id for one in variables])
    labels = {one.label.casefold(): one.id for one in variables}
    near += [labels[hit] for hit in nearest(name.casefold(), labels, 1)]
    plain = {code for code in codes if code != ALL}
    near += [one.id for one in variables if plain and plain <= one.values.keys()]
    return Fault(
        "fetch_no_variable",
        table,
        column=name,
        found=name,
        allowed=", ".join(one.id for one in variables),
        nearest=tuple(dict.fromkeys(near)),
    )


def _codes(
    variable: Variable, codes: Sequence[str], table: str
) -> tuple[list[str], Iterator[Fault]]:
    found: list[str] = []
    missing: list[str] = []
    for code in codes:
        hits = list(_matching(variable, code))
        found.extend(hits)
        if not hits:
            missing.append(code)
    return found, (_unknown_code(variable, code, table) for code in missing)


def _matching(variable: Variable, code: str) -> Iterator[str]:
    values = list(variable.values)
    if code in variable.values:
        yield code
        return
    as_time = statbank_time(code)
    if variable.time and as_time in variable.values:
        yield as_time
        return
    newest, span = _NEWEST.fullmatch(code), _RANGE.fullmatch(code)
    if ALL in code:
        form = re.compile(".*".join(re.escape(part) for part in code.split(ALL)))
        yield from (one for one in values if form.fullmatch(one))
    elif variable.time and newest:
        nth = newest["nth"]
        count = int(nth or newest["most"])
        if 0 < count <= len(values) or (nth is None and count):
            yield from values[-count:][: 1 if nth else None]
    elif variable.time and span and code:
        low, high = (statbank_time(span[end]) if span[end] else None for end in ("low", "high"))
        for one in values:
            if (low is None or one >= low) and (high is None or one <= high):
                yield one


def _unknown_code(variable: Variable, code: str, table: str) -> Fault:
    labels = {label: one for one, label in variable.values.items()}
    near = [*nearest(code, variable.values), *(labels[hit] for hit in nearest(code, labels))]
    shown = (f"{one} ({variable.values[one]})" for one in dict.fromkeys(near))
    many = len(variable.values) > 30
    return Fault(
        "fetch_no_code",
        table,
        column=variable.id,
        found=code,
        allowed=None if many else ", ".join(variable.values),
        nearest=tuple(shown),
    )


def cells(selection: Mapping[str, Sequence[str]]) -> int:
    """How many cells a selection asks for."""
    return prod(len(codes) for codes in selection.values())


def halves(selection: Selection) -> tuple[Selection, Selection] | None:
    """The selection cut in two along its longest variable; `None` where it is one cell."""
    longest = max(selection, key=lambda name: len(selection[name]), default="")
    codes = selection.get(longest, ())
    if len(codes) < 2:
        return None
    middle = (len(codes) + 1) // 2
    return {**selection, longest: codes[:middle]}, {**selection, longest: codes[middle:]}


def split(selection: Selection, most: int) -> list[Selection]:
    """As few selections as hold at most `most` cells each, cut along the longest variable first."""
    if cells(selection) <= most:
        return [selection]
    longest = max(selection, key=lambda name: len(selection[name]))
    codes = selection[longest]
    others = cells(selection) // len(codes)
    step = max(1, most // others)
    if len(codes) == 1:
        return [selection]
    pieces = [codes[at : at + step] for at in range(0, len(codes), step)]
    return [part for piece in pieces for part in split({**selection, longest: piece}, most)]
