"""Rows of many made-up series, seeded: as large as a city, a country, or a continent.

Values have one decimal (so they tie), 6 percent are missing at random, 3 series in 1,000 are
constant, 2 have two points and 1 has one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

YEARS = range(2010, 2026)
SERIES = {"city": 2_000, "national": 141_120, "european": 3_498_000}
POINTS = {"city": 12, "national": 16, "european": 16}
MISSING = {"city": 0.0, "national": 0.0645, "european": 0.1091}
AT_A_TIME = 100_000


def values(first: int, last: int, points: int, missing: float) -> np.ndarray:
    """The values of the series from `first` up to `last`, one row each, NaN where missing."""
    random = np.random.default_rng([2011, first])
    found = np.round(50 + random.normal(0, 1, (last - first, points)).cumsum(axis=1), 1)
    number = np.arange(first, last) % 1000
    found[random.random(found.shape) < missing] = np.nan
    found[number < 3] = found[number < 3][:, :1]
    found[(number >= 3) & (number < 5), 2:] = np.nan
    found[number == 5, 1:] = np.nan
    return found


def rows(first: int, last: int, points: int, missing: float) -> pa.Table:
    """The same as rows of series, year and value, sorted."""
    table = values(first, last, points, missing)
    which, when = np.nonzero(~np.isnan(table))
    return pa.table(
        {
            "series_id": (which + first).astype(np.int32),
            "period_index": (when + YEARS[0]).astype(np.int16),
            "value": table[which, when],
        }
    )


def written(folder: Path, size: str) -> Path:
    """A parquet file of that size in `folder`, made once."""
    path = folder / f"{size}.parquet"
    if not path.exists():
        writer = None
        for first in range(0, SERIES[size], AT_A_TIME):
            last = min(first + AT_A_TIME, SERIES[size])
            table = rows(first, last, POINTS[size], MISSING[size])
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()
    return path
