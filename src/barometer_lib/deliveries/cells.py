"""Delivered JSON-stat files into DuckDB, untouched: every cell as a row of text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from barometer_lib.deliveries import jsonstat
from barometer_lib.deliveries.raw import RawFile, fill, unread
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def load_cells(con: DuckDBPyConnection, path: Path, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`: a column per dimension, `value`, `status`.

    A cell without a value or status holds an empty text there, so that a mapping can say what that
    means. A row's line is its cell's number in the document, counted from 1.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        found = error.object[max(0, error.start - 10) : error.end + 10]
        shown = found.decode("ascii", "backslashreplace")
        return unread(Fault("not_utf8", name, found=shown, mended_by="source"))
    cube, faults = jsonstat.read(text, name)
    if cube is None:
        return unread(*faults)
    if not cube.positions:
        return unread(Fault("delivery_empty", name, mended_by="source"))
    columns = list(zip(*cube.rows(), strict=True))
    return fill(con, cube.columns, columns, [at + 1 for at in cube.positions])
