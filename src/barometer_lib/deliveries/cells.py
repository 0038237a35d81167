"""Delivered JSON-stat files into DuckDB, untouched: every cell as a row of text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from barometer_lib.deliveries import jsonstat
from barometer_lib.deliveries.reading import LINE, POSITION, RAW, RawFile
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def load_cells(con: DuckDBPyConnection, path: Path, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`: a column per dimension, `value`, `status`.

    A cell without a value or status holds an empty text there, so that a mapping can say what that
    means. A row's line is its cell's number in the document, counted from 1.
    """
    import pyarrow as pa

    con.execute(f"drop table if exists {RAW}")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        found = error.object[max(0, error.start - 10) : error.end + 10]
        shown = found.decode("ascii", "backslashreplace")
        return _unread(Fault("not_utf8", name, found=shown, mended_by="source"))
    cube, faults = jsonstat.read(text, name)
    if cube is None:
        return _unread(*faults)
    if not cube.positions:
        return _unread(Fault("delivery_empty", name, mended_by="source"))
    columns = list(zip(*cube.rows(), strict=True))
    lines = pa.array([at + 1 for at in cube.positions], pa.int32())
    positions = pa.array(range(1, len(cube.positions) + 1), pa.int64())
    texts = [pa.array(column, pa.string()) for column in columns]
    cells = pa.table(
        [*texts, positions, lines], [*cube.columns, POSITION.strip('"'), LINE.strip('"')]
    )
    con.register("delivered_cells", cells)
    con.execute(f"create temp table {RAW} as select * from delivered_cells")
    con.unregister("delivered_cells")
    return RawFile(cube.columns, len(cube.positions), ())


def _unread(*faults: Fault) -> RawFile:
    return RawFile((), 0, tuple(faults))
