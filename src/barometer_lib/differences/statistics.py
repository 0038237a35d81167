"""Revision statistics: from the first figure that was known to the one that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

CELL = ("indicator", "area", "population_group", "period", "reported_round")
SAME = 1e-12


@dataclass(frozen=True)
class Revised:
    """Over `n` measurements, of which `revised` changed: the mean revision (latest minus first),
    the mean absolute revision, and the sum of absolute revisions as a share of the sum of the
    absolute latest values. Blank where there is no measurement (or all latest values are 0)."""

    n: int
    revised: int
    mean: float | None
    mean_absolute: float | None
    relative_mean_absolute: float | None


def revised(
    first: Sequence[float] | NDArray[np.float64], latest: Sequence[float] | NDArray[np.float64]
) -> Revised:
    """Revision statistics of measurements known first as `first` and last as `latest`.

    MR = mean(L - P), MAR = mean|L - P|, RMAR = sum|L - P| / sum|L| (McKenzie 2006, OECD). Both in
    the unit of the values; a measurement that never changed counts with revision 0.
    """
    if len(first) != len(latest):
        raise ValueError(f"{len(first)} first values, {len(latest)} latest ones")
    if not len(first):
        return Revised(0, 0, None, None, None)
    before, after = np.asarray(first, float), np.asarray(latest, float)
    moved = after - before
    changed = int(np.count_nonzero(np.abs(moved) > SAME * np.maximum(1.0, np.abs(after))))
    # Sums without rounding on the way: the same in whatever order the measurements come.
    level, total = fsum(np.abs(after)), fsum(np.abs(moved))
    return Revised(
        len(first),
        changed,
        fsum(moved) / len(first),
        total / len(first),
        total / level if level > 0 else None,
    )


def by_indicator(vintages: pa.Table) -> list[dict[str, Any]]:
    """The revision statistics of every indicator with measurements that stand, as rows.

    Hidden, missing and retracted figures are left out, and so are measurements that were ever
    corrected: an error put right is no revision. They are counted as `corrected`.
    """
    shown = vintages.filter(
        pc.and_(pc.is_valid(vintages["value"]), pc.equal(vintages["status"], "reported"))
    ).sort_by("known_from")
    # `last` passes over blanks unless told otherwise: a blank known_until is what stands.
    blanks_too = pc.ScalarAggregateOptions(skip_nulls=False)
    cells = shown.group_by(list(CELL), use_threads=False).aggregate(
        [
            ("value", "first"),
            ("value", "last"),
            ("known_until", "last", blanks_too),
            ("correction", "count"),
            ("unit", "last"),
            ("decimals", "max"),
            ("synthetic", "last"),
        ]
    )
    standing = cells.filter(pc.is_null(cells["known_until_last"]))
    codes = sorted(pc.unique(standing["indicator"]).to_pylist())
    return [_of(code, standing.filter(pc.equal(standing["indicator"], code))) for code in codes]


def _of(indicator: str, cells: pa.Table) -> dict[str, Any]:
    """The row of one indicator, from its measurements that stand."""
    clean = cells.filter(pc.equal(cells["correction_count"], 0))
    told = revised(clean["value_first"].to_numpy(), clean["value_last"].to_numpy())
    return {
        "indicator": indicator,
        "unit": cells["unit_last"][0].as_py(),
        "decimals": pc.max(cells["decimals_max"]).as_py(),
        "measurements": told.n,
        "revised": told.revised,
        "corrected": cells.num_rows - clean.num_rows,
        "mean_revision": told.mean,
        "mean_absolute_revision": told.mean_absolute,
        "relative_mean_absolute_revision": told.relative_mean_absolute,
        "synthetic": cells["synthetic_last"][0].as_py(),
    }
