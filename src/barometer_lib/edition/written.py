"""Tables as files: CSV, Parquet and one Excel workbook, the same bytes for the same content."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pyarrow as pa

# A day that no file can have been written on: no clock gets into a file.
NO_DAY = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
WIDEST = 60


def as_csv(table: pa.Table) -> bytes:
    """UTF-8 without a mark, comma, decimal point, CRLF; blanks are empty, truths true and false."""
    page = io.StringIO(newline="")
    rows = csv.writer(page, lineterminator="\r\n")
    rows.writerow(table.column_names)
    columns = [[_in_csv(value) for value in table[name].to_pylist()] for name in table.column_names]
    rows.writerows(zip(*columns, strict=True))
    return page.getvalue().encode("utf-8")


def _in_csv(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def as_parquet(table: pa.Table, told: Mapping[str, str]) -> bytes:
    """Parquet with the facts `told` in the schema's metadata."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(told)), sink, compression="zstd")
    return sink.getvalue()


def as_workbook(
    first: Sequence[tuple[str, str]], tables: Mapping[str, pa.Table], title: str
) -> bytes:
    """A workbook: a first sheet of terms and words, then one sheet per table, headed and frozen.

    Cells that begin like a formula stay text.
    """
    import xlsxwriter

    sink = io.BytesIO()
    given = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, given) as book:
        book.set_properties({"title": title, "created": NO_DAY})
        bold = book.add_format({"bold": True, "bottom": 1})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("readme")
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, 24, wrap)
        sheet.set_column(1, 1, 100, wrap)
        for row, (term, words) in enumerate(first):
            sheet.write_string(row, 0, term)
            sheet.write_string(row, 1, words)
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)
            for at, column in enumerate(table.column_names):
                values = table[column].to_pylist()
                longest = max(map(len, [column, *(str(one) for one in values[:200])]))
                sheet.set_column(at, at, min(longest + 2, WIDEST))
                sheet.write_string(0, at, column, bold)
                for row, value in enumerate(values, 1):
                    if isinstance(value, date):
                        sheet.write_datetime(row, at, value, days)
                    elif value is not None:
                        sheet.write(row, at, value)
    return sink.getvalue()
