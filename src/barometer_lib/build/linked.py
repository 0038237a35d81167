"""Series over linked breaks in a build: which are linked, and their figures put on one basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.linking import Linked, linked

Row = Mapping[str, Any]


def link_series(tables: Mapping[str, pa.Table], figures: pa.Table) -> Linked:
    """The links of a dataset and the figures carried over them; only series with a declared link
    are looked at one by one."""
    breaks = [row for row in tables["series_break"].to_pylist() if row["linked"]]
    if not breaks:
        return Linked([], [])
    wanted = {row[name] for row in breaks for name in ("indicator", "link_indicator")}
    rows = figures.filter(pc.is_in(figures["indicator"], pa.array(sorted(wanted)))).to_pylist()
    indicators = {row["indicator"]: row for row in tables["indicator"].to_pylist()}
    return linked(rows, tables["series_break"].to_pylist(), indicators)


def standing_on_one_basis(
    kept: pa.Table, series: pa.Table, points: Sequence[Row]
) -> tuple[pa.Table, dict[str, set[int]]]:
    """What stands today (`series_id`, `period`, `period_end`, `value`, `status`, `known_until`)
    with the carried values in place of those delivered; and per break (its `start`) the series
    that were carried over it. Figures of another indicator come as rows of their own."""
    today = [row for row in points if row["known_until"] is None]
    if not today:
        return kept, {}
    keys = zip(
        *(series[name].to_pylist() for name in ("indicator", "area", "population_group")),
        strict=True,
    )
    number = {key: at for at, key in enumerate(keys)}
    carried: dict[tuple[int, str], Row] = {}
    over: dict[str, set[int]] = {}
    for row in today:
        at = number.get((row["indicator"], row["area"], row["population_group"]))
        if at is not None:
            carried[at, row["period"]] = row
            over.setdefault(row["start"], set()).add(at)
    rows = [dict(row) for row in kept.to_pylist()]
    for one in rows:
        found = carried.pop((one["series_id"], one["period"]), None)
        if found is not None:
            one["value"] = found["value"]
    for (at, period), found in carried.items():
        same = {name: found[name] for name in ("period_end", "value", "known_until")}
        rows.append({"series_id": at, "period": period, "status": "reported", **same})
    return pa.Table.from_pylist(rows, kept.schema), over
