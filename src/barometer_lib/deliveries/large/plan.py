"""Whether a file is declared plainly enough to be read at once, and what its cells may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.mapping import Known, code_of
from barometer_lib.deliveries.origin import table_of, tables
from barometer_lib.deliveries.shape import ColumnMapping

CODES = ("indicator", "area", "group", "period", "unit", "status", "source")
NUMBERS = ("value", "numerator", "denominator", "sample_size")
YEARS = range(1950, 2071)
# More codes than this would no longer be small numbers.
MOST_CODES = 60_000


@dataclass(frozen=True)
class Coded:
    """A column of codes: what its cells may say, and the code that each stands for."""

    column: str
    raws: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """How a file is read at once: columns of codes, columns of numbers, and constants."""

    coded: Mapping[str, Coded]
    numbers: Mapping[str, str]
    constants: Mapping[str, str]


def plan_of(spec: DeliveredFile, known: Known) -> Plan | None:
    """The plan of a plainly declared file of measurements; nothing for any other."""
    plain = (
        spec.holds == "measurements"
        and spec.format == "csv"
        and spec.encoding == "utf-8"
        and spec.header_row == 1
        and spec.wide is None
        and not (spec.skip_rows or spec.last_row or spec.leave_out)
    )
    marks = any(_number(mark, spec.decimal) for mark in spec.marks)
    if not plain or marks or tables().get(table_of(spec) or "") is not None:
        return None
    coded: dict[str, Coded] = {}
    numbers: dict[str, str] = {}
    constants: dict[str, str] = {}
    for dimension, mapping in spec.columns.items():
        if mapping.default is not None:
            continue
        if mapping.columns is not None or dimension not in (*CODES, *NUMBERS):
            return None
        if mapping.constant is not None:
            code, good = code_of(dimension, mapping.constant, mapping, known)
            if dimension in NUMBERS or not good or code is None:
                return None
            constants[dimension] = code
        elif dimension in NUMBERS:
            if mapping.map or mapping.has_otherwise:
                return None
            numbers[dimension] = str(mapping.column)
        else:
            pairs = list(_pairs(dimension, mapping, known))
            if not 0 < len(pairs) < MOST_CODES:
                return None
            coded[dimension] = Coded(
                str(mapping.column),
                tuple(raw for raw, _ in pairs),
                tuple(code for _, code in pairs),
            )
    columns = [one.column for one in coded.values()] + list(numbers.values())
    twice = len({one.casefold() for one in columns}) < len(columns)
    if twice or "value" not in numbers or not {"indicator", "area"} <= {*coded, *constants}:
        return None
    return Plan(coded, numbers, constants)


def _number(mark: str, decimal: str) -> bool:
    """Whether a mark is written as a figure is: then a figure alone does not tell."""
    try:
        return float(mark.strip().replace(decimal, ".")) is not None
    except ValueError:
        return False


def _pairs(dimension: str, mapping: ColumnMapping, known: Known) -> Iterator[tuple[str, str]]:
    """What a cell may say, with its code. Anything else is looked at by the general path."""
    said = [raw for raw in mapping.map if raw]
    said += (periods_written() if dimension == "period" else known.codes.get(dimension)) or ()
    said += known.sources_by_address if dimension == "source" else ()
    for raw in dict.fromkeys(said):
        code, good = code_of(dimension, raw, mapping, known)
        if good and code is not None:
            yield raw, code


@cache
def periods_written() -> tuple[str, ...]:
    """The usual periods as the house and as offices write them."""
    ends = ["", *(f"-S{n}" for n in (1, 2)), *(f"-Q{n}" for n in range(1, 5))]
    ends += [f"-{month:02}" for month in range(1, 13)]
    ends += [f"{letter}{n}" for letter in "KQ" for n in range(1, 5)]
    ends += [f"H{n}" for n in (1, 2)] + [f"M{month:02}" for month in range(1, 13)]
    return tuple(f"{year}{end}" for year in YEARS for end in ends) + tuple(
        f"{year}/{year + 1}" for year in YEARS
    )
