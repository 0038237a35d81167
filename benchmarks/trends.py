"""Trends of every series, from parquet to results, against the bare scan of the same file.

The alternatives are what an analyst would write: one statsmodels fit per series, on a sample and
scaled. The same run holds the results to exact arithmetic and to statsmodels.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from barometer_lib.trends.bulk import Targets, fit_batches, fit_rows
from barometer_lib.trends.fits import fit_series
from benchmarks import exact, national
from benchmarks.measure import Finding, compare, here

TARGET_TIME = 2030.5
SAMPLE = 150
LIMITS = {"city": 10.0, "national": 10.0, "european": 12.0}
RANKED = {"city": 20.0, "national": 20.0, "european": 24.0}


def aims(series: int) -> Targets:
    """A target for every series: 52 in the middle of 2030, higher is better."""
    return Targets(np.full(series, TARGET_TIME), np.full(series, 52.0), np.ones(series))


def whole(path: Path, series: int, ranks: bool) -> pa.Table:
    """A file that fits: read it, fit it."""
    return fit_rows(pq.read_table(path), None, aims(series), ranks=ranks)


def streamed(path: Path, series: int, ranks: bool) -> int:
    """A file of any length: stretch by stretch, keeping nothing; how many series there were."""
    batches = pq.ParquetFile(path).iter_batches(1 << 19)
    return sum(part.num_rows for part in fit_batches(batches, None, aims(series), ranks=ranks))


def peak(path: Path, series: int) -> float:
    """The most memory a process of its own takes to stream the file, in GB."""
    script = (
        "import resource, sys; from pathlib import Path; from benchmarks.trends import streamed; "
        "streamed(Path(sys.argv[1]), int(sys.argv[2]), True); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(series)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def one_by_one(table: np.ndarray) -> list[tuple[float, ...]]:
    """Each row of `table` with statsmodels: slope, se, p, R2 and the prediction limits."""
    import statsmodels.api

    found = []
    years = np.arange(table.shape[1]) + national.YEARS[0] + 0.5
    for row in table:
        there = ~np.isnan(row)
        x, y = years[there], row[there]
        centre = x.mean()
        model = statsmodels.api.OLS(y, statsmodels.api.add_constant(x - centre)).fit()
        future = model.get_prediction(np.array([[1.0, TARGET_TIME - centre]])).summary_frame()
        found.append((
            model.params[1], model.bse[1], model.pvalues[1], model.rsquared,
            future["obs_ci_lower"][0], future["obs_ci_upper"][0],
        ))  # fmt: skip
    return found


NAMES = ("slope", "se", "p", "r2", "projected_low", "projected_high")


def sample(size: str) -> np.ndarray:
    """Ordinary series of that size: no constant ones, none of one or two points."""
    points, missing = national.POINTS[size], national.MISSING[size]
    return national.values(0, SAMPLE + 6, points, missing)[6:]


def error_against_statsmodels(size: str) -> float:
    """The largest relative error of slope, se, p, R2 and prediction limits over the sample."""
    table, worst = sample(size), 0.0
    years = np.arange(table.shape[1]) + national.YEARS[0] + 0.5
    for row, theirs in zip(table, one_by_one(table), strict=True):
        ours = fit_series(years, row, None, TARGET_TIME)
        for name, value in zip(NAMES, theirs, strict=True):
            if name == "r2" and value < 1e-6:
                continue  # a difference of nearly equal numbers there, as statsmodels forms it
            worst = max(worst, abs(getattr(ours, name) - value) / abs(value))
    return worst


KINDS: dict[str, tuple[float, Callable[[np.ndarray, np.ndarray], np.ndarray]]] = {
    "ordinary": (1e-9, lambda _, y: y),
    "1e6 +- 1": (1e-9, lambda _, y: 1e6 + np.sign(y - np.median(y))),
    "1e9 +- 1": (1e-9, lambda _, y: 1e9 + np.sign(y - np.median(y))),
    "1e-12": (1e-9, lambda _, y: y * 1e-12),
    "line + 1e-6": (1e-5, lambda x, y: 0.5 * (x - 2010) + 1e-6 * y),
    "line + 1e-10": (1e-5, lambda x, y: 0.5 * (x - 2010) + 1e-10 * y),
}


def error_against_exact(kind: str, size: str) -> float:
    """The largest relative error of slope, se, p and prediction limits against exact arithmetic."""
    _, make = KINDS[kind]
    table, worst = sample(size)[:40], 0.0
    for row in table:
        there = ~np.isnan(row)
        x = (np.arange(len(row)) + national.YEARS[0] + 0.5)[there]
        y = make(x, row[there])
        ours = fit_series(x, y, None, TARGET_TIME)
        if ours.level or ours.se == 0:
            continue
        theirs = exact.line(x, y, at=TARGET_TIME)
        for name in ("slope", "se", "p", "projected_low", "projected_high"):
            worst = max(worst, abs(getattr(ours, name) - theirs[name]) / abs(theirs[name]))
    return worst


def trends(folder: Path, size: str, rounds: int = 7) -> Iterator[Finding]:
    """Part T at one size: ratios to the scan, to statsmodels, errors and memory."""
    import duckdb

    path, series = national.written(folder, size), national.SERIES[size]
    con = duckdb.connect()

    def scan() -> None:
        con.execute(
            "select sum(series_id), sum(period_index), sum(value) from read_parquet($path)",
            {"path": str(path)},
        ).fetchall()

    run = streamed if size == "european" else whole
    rounds = min(rounds, 3) if size == "european" else rounds
    floor = partial(here, scan)
    lines = partial(here, partial(run, path, series, False))
    ranked = partial(here, partial(run, path, series, True))
    said = f"trends, {size}:"
    yield compare(f"{said} lines / scan", lines, floor, limit=LIMITS[size], rounds=rounds)
    yield compare(f"{said} and Mann-Kendall / scan", ranked, floor, limit=RANKED[size],
                  rounds=rounds)  # fmt: skip
    table = sample(size)
    yield compare(
        f"{said} statsmodels / lines",
        lambda: here(lambda: one_by_one(table)) * series / SAMPLE,
        lines,
        limit=None if size == "city" else 800,
        at_least=True,
        rounds=3,
        floors=1,
    )
    for kind, (limit, _) in KINDS.items():
        yield Finding.of(f"{said} error, exact, {kind}", error_against_exact(kind, size), limit)
    yield Finding.of(f"{said} error, statsmodels", error_against_statsmodels(size), 1e-8)
    yield Finding.of(f"{said} peak memory, GB", peak(path, series), 1.0)
