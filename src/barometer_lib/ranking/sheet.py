"""A table of units by columns: what the pipeline's steps hand on, and its reading from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import Fault, FaultsFound, NotFound, nearest

if TYPE_CHECKING:
    import pyarrow as pa

Array = NDArray[np.float64]
Line = tuple[int, Mapping[str, Any]]
BLANKS = frozenset({"", "NA", "-", ".."})


@dataclass(frozen=True)
class Sheet:
    """Values of units (rows) in columns; NaN is missing. `groups` are the units' texts by name."""

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array
    groups: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)

    def column(self, code: str) -> Array:
        """The values of one column. Raises `NotFound` with the nearest codes."""
        if code not in self.columns:
            raise NotFound("column", code, self.columns)
        return self.values[:, self.columns.index(code)]

    def take(self, columns: Iterable[str]) -> Self:
        """The sheet with these columns alone, in this order."""
        wanted = tuple(columns)
        values = np.column_stack([self.column(code) for code in wanted]) if wanted else (
            np.empty((len(self.units), 0))
        )  # fmt: skip
        return self.with_values(values, wanted)

    def rows(self, units: Sequence[bool] | NDArray[np.bool_]) -> Self:
        """The units marked true."""
        kept = np.asarray(units, dtype=bool)
        names = tuple(np.array(self.units, dtype=object)[kept])
        groups = {
            name: tuple(np.array(texts, dtype=object)[kept]) for name, texts in self.groups.items()
        }
        return type(self)(names, self.columns, self.values[kept], groups)

    def with_values(self, values: Array, columns: Sequence[str] | None = None) -> Self:
        """The same units with other values, or other columns too."""
        return type(self)(
            self.units,
            self.columns if columns is None else tuple(columns),
            values,
            self.groups,
        )

    def group(self, name: str) -> tuple[str | None, ...]:
        """The units' texts in one grouping. Raises `NotFound`."""
        if name not in self.groups:
            raise NotFound("column", name, self.groups)
        return self.groups[name]

    def table(self) -> pa.Table:
        """The sheet as a table: `unit`, the groups, the columns; missing is null."""
        import pyarrow as pa

        columns: dict[str, Any] = {"unit": list(self.units), **self.groups}
        for place, code in enumerate(self.columns):
            columns[code] = pa.array(self.values[:, place], from_pandas=True)
        return pa.table(columns)


def sheet_of(
    lines: Sequence[Line],
    numbers: Iterable[str],
    unit: str | None = None,
    file: str = "values",
) -> Sheet:
    """The sheet of a table's rows: `numbers` are the columns of values, the rest are groups.

    The first column (or `unit`) names the units. Raises `FaultsFound` with every fault: a column
    that is not there, a unit twice or unnamed, a value that is no number.
    """
    wanted = tuple(numbers)
    have = list(lines[0][1]) if lines else []
    key = unit or (have[0] if have else "unit")
    faults = [
        Fault("missing_column", file, line=1, column=code, found=code,
              nearest=tuple(nearest(code, have)))
        for code in (key, *wanted) if code not in have
    ]  # fmt: skip
    if faults:
        raise FaultsFound(faults)
    values = np.full((len(lines), len(wanted)), np.nan)
    seen: dict[str, int] = {}
    for place, (line, row) in enumerate(lines):
        name = "" if row[key] is None else str(row[key]).strip()
        if not name:
            faults.append(Fault("blank_key", file, line=line, column=key))
        elif name in seen:
            faults.append(Fault("row_twice", file, line=line, column=key, found=name,
                                fields={"first": seen[name]}))  # fmt: skip
        seen.setdefault(name, line)
        for wide, code in enumerate(wanted):
            number = _number(row[code])
            if number is None:
                faults.append(Fault("not_a_number", file, line=line, column=code,
                                    found=str(row[code])))  # fmt: skip
            else:
                values[place, wide] = number
    if faults:
        raise FaultsFound(faults)
    others = [name for name in have if name != key and name not in wanted]
    groups = {name: tuple(_text(row[name]) for _, row in lines) for name in others}
    return Sheet(tuple(seen), wanted, values, groups)


def _text(value: Any) -> str | None:
    return None if value is None or str(value).strip() in BLANKS else str(value).strip()


def _number(value: Any) -> float | None:
    """A number, NaN for a blank, `None` for anything else."""
    if value is None or (isinstance(value, str) and value.strip() in BLANKS):
        return float("nan")
    try:
        return float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
