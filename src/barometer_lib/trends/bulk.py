"""Rows in, one row of results per series out: the engine over tables, in bounded memory.

Rows name their series and their period by whole numbers. They are laid out as panels: on the grid
of all periods where series share one, point by point where they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from barometer_lib.trends.aims import aim
from barometer_lib.trends.fits import columns
from barometer_lib.trends.kernel import LEVEL, fit_panel
from barometer_lib.trends.mann_kendall import Ranks, rank_panel
from barometer_lib.trends.student import Counts, Numbers

ROWS = 1 << 21
"""Rows worked on at a time; a panel of them and its results stay well under half a gigabyte."""

SPARSE = 0.3
"""A grid less full than this is not laid out; its series are, point by point."""


@dataclass(frozen=True)
class Targets:
    """Where series are going: arrays by series number, NaN where there is no target.

    `time` in years, `value` in the unit of the values, `sign` 1 where higher is better, -1 where
    lower is, 0 where neither.
    """

    time: Numbers
    value: Numbers
    sign: Numbers


def fit_rows(
    rows: pa.Table | pa.RecordBatch,
    times: Numbers | None = None,
    targets: Targets | None = None,
    *,
    ranks: bool = True,
    level: float = LEVEL,
) -> pa.Table:
    """All results of every series in `rows`, sorted by series, in the columns of `SeriesFit`.

    `rows` has `series_id` (a whole number, 0 or more), `period_index` (a whole number), `value`
    and, where points count differently, `weight`; in any order, one row per series and period.
    `times` holds the middle of each period in years by `period_index`; without it the index is a
    year. `ranks` false leaves Mann-Kendall and Sen blank. Blanks are nulls; a series whose values
    are all blank has n 0.
    """
    series = _array(rows, "series_id").astype(np.int64, copy=False)
    if not len(series):
        series = np.zeros(0, np.int64)
    period = _array(rows, "period_index").astype(np.int64, copy=False)
    value = _array(rows, "value").astype(np.float64, copy=False)
    weight = _array(rows, "weight") if "weight" in rows.schema.names else None
    numbers, place = _numbered(series)
    x, y, w = _panel(place, len(numbers), period, value, weight, times)
    lines = fit_panel(x, y, w, level)
    aims = aim(lines, *_aimed(targets, numbers), level=level)
    there = y if w is None else np.where(w > 0, y, np.nan)
    ranked = rank_panel(x, there, level) if ranks else _unranked(len(numbers))
    found: dict[str, Any] = {"series_id": numbers, **columns(lines, aims, ranked)}
    return pa.table({name: _column(column) for name, column in found.items()})


def _column(numbers: NDArray[Any]) -> pa.Array:
    """An array with nulls for NaN; an array of one NaN throughout is cheap and becomes nulls."""
    if numbers.strides == (0,):
        return pa.nulls(len(numbers), pa.from_numpy_dtype(numbers.dtype))
    return pa.array(numbers, from_pandas=True)


def fit_batches(
    batches: Iterable[pa.RecordBatch],
    times: Numbers | None = None,
    targets: Targets | None = None,
    *,
    ranks: bool = True,
    rows: int = ROWS,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[pa.Table]:
    """`fit_rows` over a stream sorted by series, some `rows` at a time, in bounded memory.

    No series is cut: the last one of a stretch waits for the next batch. `progress` is told how
    many rows are done. Raises `ValueError` where a series comes back after another.
    """
    waiting: list[pa.RecordBatch] = []
    have, done, last = 0, 0, -1
    for batch in _pieces(batches, rows):
        waiting.append(batch)
        have += batch.num_rows
        if have < rows:
            continue
        table = pa.Table.from_batches(waiting)
        ends = int(np.searchsorted(_sorted(table, last), int(table["series_id"][-1].as_py())))
        if ends == 0:
            continue
        yield fit_rows(table.slice(0, ends), times, targets, ranks=ranks)
        last = int(table["series_id"][ends - 1].as_py())
        waiting = table.slice(ends).to_batches()
        have -= ends
        done += ends
        progress(done)
    if have:
        table = pa.Table.from_batches(waiting)
        _sorted(table, last)
        yield fit_rows(table, times, targets, ranks=ranks)
        progress(done + have)


def _pieces(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)


def _sorted(table: pa.Table, last: int) -> Counts:
    series: Counts = _array(table, "series_id")
    if series[0] <= last or (series[1:] < series[:-1]).any():
        raise ValueError("a stream of rows must be sorted by series")
    return series


def _array(rows: pa.Table | pa.RecordBatch, name: str) -> NDArray[Any]:
    column = rows.column(name)
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _numbered(series: Counts) -> tuple[Counts, Counts]:
    """The series numbers that occur, and each row's place among them."""
    if not len(series):
        return series, series
    first, last = int(series.min()), int(series.max())
    if last - first < 2 * len(series):
        occurs = np.zeros(last - first + 1, bool)
        place = series - first
        occurs[place] = True
        numbers = np.flatnonzero(occurs) + first
        return numbers, place if occurs.all() else (np.cumsum(occurs) - 1)[place]
    numbers, place = np.unique(series, return_inverse=True)
    return numbers, place


def _panel(
    place: Counts,
    count: int,
    period: Counts,
    value: Numbers,
    weight: Numbers | None,
    times: Numbers | None,
) -> tuple[Numbers, Numbers, Numbers | None]:
    """The rows as a panel: its times, values and weights."""
    if not len(place):
        return np.zeros((1, 1)), np.full((1, 0), np.nan), None
    first, last = int(period.min()), int(period.max())
    grid = np.arange(first, last + 1)
    middles = np.asarray(grid + 0.5 if times is None else times[grid], np.float64)
    down = np.ones(len(middles) - 1, bool) if times is None else np.diff(middles) > 0
    if len(place) >= SPARSE * count * len(grid) and down.all():
        row, x = period - first, middles.reshape(-1, 1)
    else:
        moment = period + 0.5 if times is None else times[period]
        order = np.lexsort((moment, place))
        place, value, moment = place[order], value[order], moment[order]
        weight = None if weight is None else weight[order]
        starts = np.searchsorted(place, np.arange(count))
        row = np.arange(len(place)) - starts[place]
        x = np.full((int(row.max()) + 1, count), np.nan)
        x[row, place] = moment
    shape = (len(x), count)
    at = row * count
    at += place
    return (
        x,
        _scattered(shape, at, value),
        None if weight is None else _scattered(shape, at, weight.astype(np.float64, copy=False)),
    )


def _scattered(shape: tuple[int, int], at: Counts, value: Numbers) -> Numbers:
    panel = np.full(shape, np.nan)
    panel.ravel()[at] = value
    return panel


def _aimed(targets: Targets | None, numbers: Counts) -> tuple[Numbers, Numbers, Numbers]:
    if targets is None:
        none = np.full(len(numbers), np.nan)
        return none, none, np.zeros(len(numbers))
    return targets.time[numbers], targets.value[numbers], targets.sign[numbers]


def _unranked(count: int) -> Ranks:
    none = np.broadcast_to(np.nan, count)
    return Ranks(none, none, none, none, np.zeros(count, bool), none, none, none, none)
