"""A table decided once and written as text, CSV, JSON rows or HTML.

A cell has a raw value (for machines) and what is shown (for readers, in their language, with its
unit). What is hidden or missing shows its word; no shown cell is ever empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Literal

from barometer_lib.locale import text

LINKS = ("https://", "http://", "../")
Raw = str | int | float | bool | date | None
Align = Literal["left", "right"]
Kind = Literal["label", "text", "number", "status", "address"]


@dataclass(frozen=True)
class Column:
    """One column. `kind` says what its cells are:

    `label` heads its row, `number` is set in tabular figures, the raw value of a `status` is its
    code and that of an `address` a web address, or one of a page beside (`../`), behind the words.
    """

    key: str
    label: str
    align: Align = "left"
    kind: Kind = "text"


@dataclass(frozen=True)
class Cell:
    """One cell: the raw value (blank is `None`), what readers see, and a remark beside it.

    `note_lang` is the remark's language where it is quoted in another one than the table's.
    Raises `ValueError` where nothing would be shown.
    """

    value: Raw
    shown: str
    note: str | None = None
    note_lang: str | None = None

    def __post_init__(self) -> None:
        if not self.shown.strip():
            raise ValueError(f"a cell must show a value or a word (raw value {self.value!r})")


@dataclass(frozen=True)
class Table:
    """A captioned table. Every row has a cell for every column, or `ValueError` is raised."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    notes: Sequence[str] = field(default=())
    lang: str = "da"

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise ValueError(f"two columns of one name among {keys}")
        for row in self.rows:
            if row.keys() != set(keys):
                raise ValueError(f"a row has the cells {sorted(row)}, the columns are {keys}")


def _with_note(cell: Cell) -> str:
    return f"{cell.shown} ({cell.note})" if cell.note else cell.shown


def _aligned(words: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    return "  ".join(
        word.rjust(width) if column.align == "right" else word.ljust(width)
        for word, width, column in zip(words, widths, columns, strict=True)
    ).rstrip()


def as_text(table: Table) -> str:
    """The table for a terminal: caption, aligned columns, notes. Nothing is wrapped or cut."""
    head = [column.label for column in table.columns]
    body = [[_with_note(row[column.key]) for column in table.columns] for row in table.rows]
    widths = [max(map(len, cells)) for cells in zip(head, *body, strict=True)]
    lines = [table.caption, "", _aligned(head, widths, table.columns)]
    lines.append("  ".join("-" * width for width in widths))
    lines += [_aligned(words, widths, table.columns) for words in body]
    if not body:
        lines.append(text(table.lang, "tables.empty"))
    if table.notes:
        lines += ["", *table.notes]
    return "\n".join(lines) + "\n"


def _plain(value: Raw) -> str | int | float | bool | None:
    return value.isoformat() if isinstance(value, date) else value


def _in_csv(value: Raw) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value))


def as_csv(table: Table) -> str:
    """The raw values as CSV (RFC 4180): comma, decimal point, header of keys, CRLF.

    A blank field is a blank value; why it is blank belongs in a column of its own.
    """
    page = io.StringIO(newline="")
    rows = csv.writer(page, lineterminator="\r\n")
    rows.writerow([column.key for column in table.columns])
    rows.writerows(
        [_in_csv(row[column.key].value) for column in table.columns] for row in table.rows
    )
    return page.getvalue()


def as_json_rows(table: Table) -> list[dict[str, str | int | float | bool | None]]:
    """The raw values as plain rows for JSON; dates are written as year-month-day."""
    return [
        {column.key: _plain(row[column.key].value) for column in table.columns}
        for row in table.rows
    ]


def _shown_html(cell: Cell, column: Column) -> str:
    shown = escape(cell.shown)
    if column.kind == "status" and cell.value is not None:
        shown = f'<span class="status status--{escape(str(cell.value))}">{shown}</span>'
    elif column.kind == "address" and str(cell.value).startswith(LINKS):
        shown = f'<a href="{escape(str(cell.value))}">{shown}</a>'
    if not cell.note:
        return shown
    lang = f' lang="{escape(cell.note_lang)}"' if cell.note_lang else ""
    return f'{shown} <span class="meta"{lang}>{escape(cell.note)}</span>'


def _cell_html(cell: Cell, column: Column) -> str:
    number = ' class="num"' if column.align == "right" else ""
    if column.kind == "label":
        return f'<th scope="row"{number}>{_shown_html(cell, column)}</th>'
    return f"<td{number}>{_shown_html(cell, column)}</td>"


def _head_html(column: Column) -> str:
    number = ' class="num"' if column.align == "right" else ""
    return f'<th scope="col"{number}>{escape(column.label)}</th>'


def as_html(table: Table, classes: Sequence[str] = ()) -> str:
    """The table as escaped HTML with caption and scopes; notes follow it as paragraphs.

    Right-aligned cells carry the class `num`, notes `note`, statuses `status status--<code>`.
    """
    named = f' class="{escape(" ".join(classes))}"' if classes else ""
    head = "".join(_head_html(column) for column in table.columns)
    body = "".join(
        f"<tr>{''.join(_cell_html(row[column.key], column) for column in table.columns)}</tr>"
        for row in table.rows
    )
    if not table.rows:
        nothing = escape(text(table.lang, "tables.empty"))
        body = f'<tr><td colspan="{len(table.columns)}">{nothing}</td></tr>'
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
    return (
        f"<table{named}><caption>{escape(table.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
    )
