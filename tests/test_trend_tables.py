"""The engine over tables: every series gets what it gets alone, however the rows arrive."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer_lib.trends.bulk import Targets, fit_batches, fit_rows
from barometer_lib.trends.fits import SeriesFit, fit_series

SIGNS = {1.0: "higher", -1.0: "lower", 0.0: "neither"}


def rows(seed: int, series: int, points: int = 12, *, weights: bool = False) -> pa.Table:
    """Rows with gaps; series 1 is constant, 2 has two points, 3 has one, 4 is almost a line."""
    random = np.random.default_rng(seed)
    values = np.round(30 + random.normal(0, 1, (series, points)).cumsum(axis=1), 1)
    there = random.random(values.shape) >= 0.1
    values[1:2] = 40.0
    values[4:5] = 10 + 0.5 * np.arange(points) + 1e-9 * values[4:5]  # all but a line
    there[2:3, 2:], there[3:4, 1:] = False, False
    which, when = np.nonzero(there)
    columns = {"series_id": which, "period_index": when + 2010, "value": values[there]}
    if weights:
        columns["weight"] = random.uniform(0.1, 4, len(which))
    return pa.table(columns)


def targets(series: int) -> Targets:
    random = np.random.default_rng(5)
    value = np.where(random.random(series) < 0.8, np.round(random.normal(32, 3, series)), np.nan)
    return Targets(np.full(series, 2025.5), value, random.integers(-1, 2, series).astype(float))


def alone(table: pa.Table, number: int, aims: Targets, middle: np.ndarray | None) -> SeriesFit:
    own = table.filter(pa.compute.equal(table["series_id"], number))
    period = own["period_index"].to_numpy()
    return fit_series(
        period + 0.5 if middle is None else middle[period],
        own["value"].to_numpy(),
        own["weight"].to_numpy() if "weight" in own.schema.names else None,
        float(aims.time[number]),
        None if np.isnan(aims.value[number]) else float(aims.value[number]),
        SIGNS[float(aims.sign[number])],
    )


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("grid", ["shared", "own"])
def test_every_series_gets_what_it_gets_alone(weights, grid):
    table, aims = rows(1, 30, weights=weights), targets(30)
    middle = None
    if grid == "own":  # quarters, of which each series has few: laid out point by point
        spread = np.random.default_rng(2).integers(0, 9, 30)[table["series_id"].to_numpy()]
        index = (table["period_index"].to_numpy() - 2010) * 9 + spread
        table = table.set_column(1, "period_index", pa.array(index))
        middle = 2000 + np.arange(200) / 4
    shuffled = table.take(np.random.default_rng(3).permutation(table.num_rows))
    found = fit_rows(shuffled, middle, aims).to_pylist()
    numbers = sorted(set(table["series_id"].to_pylist()))
    assert [row["series_id"] for row in found] == numbers
    assert {row["n"] for row in found} >= {1, 2}
    for row in found:
        one = alone(table, row["series_id"], aims, middle)
        for field in fields(SeriesFit):
            assert row[field.name] == getattr(one, field.name), (row["series_id"], field.name)


@given(st.integers(1, 40), st.integers(1, 300), st.integers(0, 9))
@settings(max_examples=20)
def test_a_stream_in_any_pieces_gives_the_same_table(batch, stretch, seed):
    table, aims = rows(seed, 12), targets(12)
    told: list[int] = []
    pieces = fit_batches(
        table.to_batches(max_chunksize=batch), None, aims, rows=stretch, progress=told.append
    )
    assert pa.concat_tables(list(pieces)).equals(fit_rows(table, None, aims))
    assert told == sorted(told)
    assert told[-1] == table.num_rows


def test_a_stream_that_is_not_sorted_is_refused():
    table = rows(1, 12)
    turned = table.sort_by([("series_id", "descending")])
    with pytest.raises(ValueError, match="sorted by series"):
        list(fit_batches(turned.to_batches()))
    again = pa.concat_tables([table.slice(0, 60), table.slice(0, 20)])
    with pytest.raises(ValueError, match="sorted by series"):
        list(fit_batches(again.to_batches(max_chunksize=20), rows=20))


def test_numbers_far_apart_and_no_rows_at_all():
    table = rows(1, 5)
    far = pa.array(table["series_id"].to_numpy() * 10**9)
    found = fit_rows(table.set_column(0, "series_id", far))
    near = fit_rows(table)
    assert found.drop_columns(["series_id"]).equals(near.drop_columns(["series_id"]))
    assert found["series_id"].to_pylist() == [one * 10**9 for one in near["series_id"].to_pylist()]
    assert fit_rows(table.slice(0, 0)).num_rows == 0


def test_without_ranks_the_rest_is_the_same():
    table, aims = rows(1, 8), targets(8)
    whole, bare = fit_rows(table, None, aims), fit_rows(table, None, aims, ranks=False)
    assert bare["sen"].null_count == bare.num_rows
    kept = [name for name in whole.column_names if name not in
            ("s", "var", "z", "rank_p", "rank_exact", "sen", "sen_low", "sen_high",
             "sen_intercept")]  # fmt: skip
    assert bare.select(kept).equals(whole.select(kept))


def test_the_engine_loads_nothing_heavy():
    script = (
        "import sys, barometer_lib.trends.bulk; "
        "print([n for n in ('scipy', 'pandas', 'statsmodels', 'duckdb') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
