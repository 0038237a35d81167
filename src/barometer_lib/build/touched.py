"""A build of what a delivery touched: the last store's copy, with only that worked out anew.

Content is that of a whole build, row by row. Where that cannot be known without looking at
everything (anything but new deliveries of figures has changed; a figure is older than one that is
known; a figure to be hidden or corrected) there is no short way, and `grow` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.build.dataset import (
    NEEDED,
    delivery_table,
    judged_indicators,
    judged_tables,
)
from barometer_lib.build.tables import catalogue_tables, with_limits
from barometer_lib.build.trends import summary_of, trend_tables
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Protection
from barometer_lib.deliveries import Delivered
from barometer_lib.differences import by_indicator
from barometer_lib.disclosure import Released, protect
from barometer_lib.disclosure.counting import given
from barometer_lib.store import writing
from barometer_lib.store.growing import SERIES, Dataset

if TYPE_CHECKING:
    from numpy.typing import NDArray

JUDGED = (
    "answer", "rule_verdict", "indicator_assessment", "goal_assessment", "trend_test", "forecast",
    "forecast_point", "gap", "gap_change", "district_comparison", "district_inequality",
    "decomposition", "segregation",
)  # fmt: skip
KNOWN = frozenset({
    *JUDGED, "goal_indicator", "indicator", "series_break", "series_link", "linked_measurement",
    "target", "comment", "commitment_indicator", "dispute", "series", "measurement_vintage",
    "correction", "revision_statistics", "suppression", "trend", "summary",
})  # fmt: skip
"""The tables that speak of indicators: made here anew, or not of figures that go the short way."""


class NoShortWay(Exception):
    """The whole build is needed; `args[0]` says why."""


@dataclass(frozen=True)
class New:
    """New deliveries of one dataset: their figures as delivered, and what was read of them."""

    content: Catalogue
    delivered: Delivered
    corrected: frozenset[str] = frozenset()


def grow(store: Dataset, new: New, released: Released | None = None) -> None:
    """Puts new deliveries into a store's copy. Raises `NoShortWay` where it must be built whole;
    the copy is worth nothing then."""
    if store.about("indicator") - KNOWN:
        raise NoShortWay("a table of indicators that is made by whole builds alone")
    figures = _new_figures(store, new)
    touched = set(pc.unique(figures["indicator"]).to_pylist())
    _unprotected(store, new, touched)
    before = store.figures(touched)
    ended, added = _vintages(before, figures)
    store.end(ended)
    store.insert("measurement_vintage", with_limits(added, new.content))
    new_series = store.add_series()
    store.insert("delivery", delivery_table(new.delivered))
    after = store.figures(touched)
    kept = protect(after.drop_columns(["series_id", "low", "high"]), new.content, released)
    if kept.pattern or kept.rounded or kept.faults or kept.following:
        raise NoShortWay("a figure must be hidden")
    _trends(store, after, pa.concat_tables([ended.select(["series_id"]),
                                            added.select(["series_id"])]), new.content)  # fmt: skip
    statistics = by_indicator(after)
    if statistics:
        rows = pa.Table.from_pylist(statistics)
        store.replace("revision_statistics", rows, "indicator", pa.array(sorted(touched)))
    _judge(store, new.content, touched)
    if new_series:
        store.renumber()


def _new_figures(store: Dataset, new: New) -> pa.Table:
    """The delivered figures with the numbers of their series; all later than what is known."""
    if not new.delivered.measurements:
        raise NoShortWay("no figures")
    figures = pa.concat_tables(new.delivered.measurements, promote_options="default")
    if given(figures):
        raise NoShortWay("who contributes to a sum is known to a whole build alone")
    known = pc.max(store.table("delivery")["known_to"]).as_py() or date.max
    first = pc.min(figures["known_from"]).as_py()
    if first is None or first <= known:
        raise NoShortWay("a figure is not later than what is known")
    if set(pc.unique(figures["indicator"]).to_pylist()) & new.corrected:
        raise NoShortWay("a figure may be corrected")
    return figures.join(_series(store, figures), list(SERIES), join_type="left outer")


def _series(store: Dataset, figures: pa.Table) -> pa.Table:
    """The dictionary of series with those that are new behind the others, for now."""
    known = store.table("series")
    keys = pa.concat_tables([one.select(list(SERIES)) for one in (figures, known)])
    every = keys.group_by(list(SERIES)).aggregate([])
    new = every.join(known, list(SERIES), join_type="left anti")
    ids = pa.array(range(known.num_rows, known.num_rows + new.num_rows), pa.int32())
    return pa.concat_tables([known, new.append_column("series_id", ids).select(known.column_names)])


def _unprotected(store: Dataset, new: New, touched: set[str]) -> None:
    """Raises where a touched indicator is bound to others by the rules of disclosure, or hidden."""
    bound = set(store.table("suppression")["indicator"].to_pylist())
    for rule in new.content.all(Protection):
        if rule.denominators is not None or rule.rounding is not None:
            raise NoShortWay("figures are rounded, or their groups' sizes are looked up")
        if rule.sums:
            raise NoShortWay("sums are looked at by who contributes to them")
        for one in rule.worked_out:
            bound |= {one.indicator, one.of}
        for same in rule.same_counts:
            bound |= {same.indicator, same.as_indicator}
    if bound & touched:
        raise NoShortWay("a figure must be hidden, or is bound to one that must")
    breaks = store.table("series_break", "linked")
    linked = {*breaks["indicator"].to_pylist(), *breaks["link_indicator"].to_pylist()}
    if linked & touched:
        raise NoShortWay("a series is carried over a break")


def _vintages(before: pa.Table, figures: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The stored vintages that new ones replace (with the day), and the new vintages."""
    standing = before.filter(pc.is_null(before["known_until"]))
    ids = pa.concat_tables([
        one.select([*SERIES, "series_id"]) for one in (standing, figures)
    ]).group_by([*SERIES, "series_id"]).aggregate([])  # fmt: skip
    columns = [name for name in figures.column_names if name != "series_id"]
    merged = writing.vintages(
        [standing.select(columns), figures.select(columns).cast(standing.select(columns).schema)]
    )
    numbered = merged.join(ids, list(SERIES), join_type="left outer")
    fresh = pc.is_in(numbered["delivery"], pc.unique(figures["delivery"]))
    ended = numbered.filter(pc.and_(pc.invert(fresh), pc.is_valid(numbered["known_until"])))
    return ended, numbered.filter(fresh)


def _trends(store: Dataset, after: pa.Table, touched: pa.Table, content: Catalogue) -> None:
    """The trends of touched series, and the summary of their indicators."""
    ids = pc.unique(touched["series_id"])
    if not len(ids):
        return
    own = after.filter(pc.is_in(after["series_id"], ids))
    series, numbered = writing.numbered(own.drop_columns(["series_id"]))
    first = np.flatnonzero(np.diff(own["series_id"].to_numpy(), prepend=-1))
    numbers: NDArray[Any] = own["series_id"].to_numpy()[first]
    told = trend_tables(numbered, series, content)["trend"]
    told = told.set_column(0, "series_id", pa.array(numbers, pa.int32()))
    store.replace("trend", told, "series_id", pa.array(numbers))
    indicators = pc.unique(series["indicator"])
    rows = store.table("trend", "list_contains($values, indicator)", indicators.to_pylist())
    store.replace("summary", summary_of(rows), "indicator", indicators)


def _judge(store: Dataset, content: Catalogue, touched: set[str]) -> None:
    """What is said of the figures anew, where a judged indicator was touched."""
    tables = dict(catalogue_tables(content))
    judged = judged_indicators(tables)
    if not judged & touched:
        return
    for name in set(NEEDED) - set(tables):
        tables[name] = store.table(name) if name != "measurement_vintage" else (
            store.figures(judged)
        )  # fmt: skip
    tables["index_rank"] = store.table("index_rank", "kind = 'published'")
    points = store.table("linked_measurement").to_pylist()
    told: Mapping[str, pa.Table] = judged_tables(tables, points)
    store.replace_all({name: told.get(name, pa.table({})) for name in JUDGED})
