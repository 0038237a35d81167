"""Delivered Excel workbooks into DuckDB: one sheet as a table of the text that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.raw import RawFile, fill, header_faults, named, unread
from barometer_lib.deliveries.sheet_cells import Odd, address, odd_cells, part_of, text_of
from barometer_lib.errors import Fault, nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Odds = Mapping[tuple[int, int], Odd]
Cells = list[list[Any]]


def load_sheet(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads a sheet into table `raw_rows` of `con`: every cell as it is shown, rows as numbered.

    Merged cells in or below the header, errors, and formulas that were never worked out are faults:
    the value that such a cell stands for is not in the file. Rows without any content are no rows.
    """
    read = read_sheet(path, spec.sheet, name)
    if isinstance(read, Fault):
        return unread(read)
    sheet, cells, odd, merged = read
    top = spec.header_row - 1
    if top >= len(cells) or not any(_filled(one) for one in cells[top]):
        return unread(Fault("delivery_empty", name, sheet=sheet, mended_by="source"))
    used = [row for at, row in enumerate(cells) if at >= top and not spec.skips(at + 1)]
    width = max(at + 1 for row in used for at, cell in enumerate(row) if _filled(cell))
    texts = [_row(row, at, width, odd, spec) for at, row in enumerate(cells)]
    header = named([cell or "" for cell in texts[top]])
    faults = [
        *_merged_faults(merged, top, spec, name, sheet),
        *header_faults(header, name, spec.header_row, sheet),
    ]
    if faults:
        return unread(*faults)
    rows = [
        (at + 1, row)
        for at, row in enumerate(texts)
        if at > top and (any(row) or any((at, column) in odd for column in range(width)))
    ]
    faults = list(_cell_faults(odd, header, top, spec, name, sheet))
    if not rows:
        return unread(*faults, Fault("delivery_empty", name, sheet=sheet, mended_by="source"))
    columns = list(zip(*(row for _, row in rows), strict=True))
    raw = fill(con, header, columns, [line for line, _ in rows])
    return RawFile(raw.columns, raw.rows, tuple(faults), sheet=sheet)


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in their order. Raises `ValueError` where it is none."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)
    except (CalamineError, OSError) as error:
        raise ValueError(str(error)) from error


def read_sheet(
    path: Path, wanted: str | None, name: str
) -> tuple[str, Cells, Odds, Sequence[Any]] | Fault:
    """Name, cells, odd cells and merged ranges of a sheet; or why it cannot be read.

    Without a wanted sheet the workbook must have one only. Cells come from A1 on.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        if wanted is None and len(names) > 1:
            listed = ", ".join(names)
            return Fault("sheet_choice", name, found=listed, mended_by="mapping")
        sheet = names[0] if wanted is None else wanted
        if sheet not in names:
            return Fault(
                "sheet_missing",
                name,
                found=sheet,
                allowed=", ".join(names),
                nearest=tuple(nearest(sheet, names)),
                mended_by="mapping",
            )
        page = book.get_sheet_by_name(sheet)
        cells = page.to_python(skip_empty_area=False)
        merged = page.merged_cell_ranges or []
        with ZipFile(path) as parts:
            part = part_of(parts, sheet)
            odd = {} if part is None else odd_cells(parts, part)
    except (CalamineError, BadZipFile, OSError, KeyError, SyntaxError) as error:
        return Fault("xlsx_form", name, found=str(error)[:120], mended_by="source")
    return sheet, cells, odd, merged


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _row(
    row: Sequence[Any], at: int, width: int, odd: Odds, spec: DeliveredFile
) -> list[str | None]:
    padded = [*row[:width], *[None] * (width - len(row))]
    found = []
    for column, value in enumerate(padded):
        one = odd.get((at, column))
        shown = None if one is None else one.shown
        found.append(text_of(value, shown, spec.decimal) if _filled(value) else None)
    return found


def _merged_faults(
    merged: Sequence[Any], top: int, spec: DeliveredFile, name: str, sheet: str
) -> Iterator[Fault]:
    for (first_row, first_column), (last_row, last_column) in sorted(merged):
        lines = range(max(first_row, top), last_row + 1)
        if all(spec.skips(line + 1) for line in lines):
            continue
        cells = f"{address(first_row, first_column)}:{address(last_row, last_column)}"
        code = "merged_header" if first_row <= top else "merged_cells"
        yield Fault(code, name, sheet=sheet, line=first_row + 1, found=cells, mended_by="source")


def _cell_faults(
    odd: Odds, header: Sequence[str], top: int, spec: DeliveredFile, name: str, sheet: str
) -> Iterator[Fault]:
    for (row, column), one in sorted(odd.items(), key=lambda item: item[0]):
        if row <= top or column >= len(header) or spec.skips(row + 1):
            continue
        code = "cell_error" if one.error else "formula_blank" if one.formula else None
        if code is not None:
            yield Fault(
                code,
                name,
                sheet=sheet,
                line=row + 1,
                column=header[column],
                found=one.error,
                mended_by="source",
                fields={"cell": address(row, column)},
            )
