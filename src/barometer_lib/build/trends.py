"""The trend of every series, stored: what stands today, put through the one trend engine.

The same rules as `trends.trend`: only figures measured and not yet replaced, only what follows the
last unlinked break, and no test of a trend below five points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from barometer_lib import periods
from barometer_lib.build.linked import Row, standing_on_one_basis
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Area, Indicator, Target
from barometer_lib.trends import SIGNIFICANT_P, TREND_POINTS
from barometer_lib.trends.bulk import Targets, fit_rows
from barometer_lib.trends.student import Numbers
from barometer_lib.units import stored

Fit = Callable[[pa.Table, Numbers, Targets], pa.Table]
"""The engine: rows of series, the middle of each period, the targets; results per series."""

EVIDENCE = ("none", "level", "change", "pace", "trend", "long")
"""What 0, 1, 2, 3, 5 and 10 comparable points allow."""
STEPS = (1, 2, 3, 5, 10)
TESTED = ("t", "p", "s", "var", "z", "rank_p", "rank_exact", "sen", "sen_low", "sen_high",
          "sen_intercept")  # fmt: skip
ENDLESS = ("t", "meets", "meets_low", "meets_high")
PLACES = {"city": "city", "country": "country", "every_district": "district"}


def trend_tables(
    figures: pa.Table,
    series: pa.Table,
    content: Catalogue,
    fit: Fit = fit_rows,
    carried: Sequence[Row] = (),
) -> dict[str, pa.Table]:
    """The tables `trend` (one row per series) and `summary` (how many series are told what).

    `figures` are the vintages with their `series_id`, `series` the dictionary of series,
    `carried` what was carried over linked breaks. Values are in stored units. `meets` is blank and
    `never` true where a line never meets its target.
    """
    rows, dropped = _comparable(figures, series, content, carried)
    codes, middles = _periods(rows["period"])
    aimed, named = _targets(series, content)
    dated = rows.append_column("period_index", codes)
    dated = dated.filter(pc.is_valid(dated["period_index"]))
    fitted = fit(dated.select(["series_id", "period_index", "value"]), middles, aimed)
    whole = _every_series(fitted, series.num_rows)
    whole = _within_evidence(whole)
    points = whole["n"].to_numpy()
    evidence = np.array(EVIDENCE)[np.searchsorted(STEPS, points, side="right")]
    told = {
        "series_id": series["series_id"],
        **{name: series[name] for name in ("indicator", "area", "population_group")},
        "evidence": pa.array(evidence),
        "direction": pa.array(_direction(whole, series, content)),
        "points_before_break": pa.array(dropped),
        **named,
        **{name: whole[name] for name in whole.column_names if name != "series_id"},
    }
    trend = pa.table(told)
    return {"trend": trend, "summary": summary_of(trend)}


def summary_of(trend: pa.Table) -> pa.Table:
    """How many of the series are told what, by area and indicator."""
    keys = ["area", "indicator", "evidence", "direction"]
    counted = trend.group_by(keys, use_threads=False).aggregate([("series_id", "count")])
    counted = counted.rename_columns([*keys, "series"])
    return counted.sort_by([(key, "ascending") for key in keys])


def _comparable(
    figures: pa.Table, series: pa.Table, content: Catalogue, carried: Sequence[Row]
) -> tuple[pa.Table, NDArray[np.int64]]:
    """The measured figures that stand and follow the last break, and how many each series drops."""
    kept = figures.select(["series_id", "period", "period_end", "value", "status", "known_until"])
    standing = pc.and_(pc.is_null(kept["known_until"]), pc.equal(kept["status"], "reported"))
    kept = kept.filter(pc.and_(standing, pc.is_valid(kept["value"])))
    kept, over = standing_on_one_basis(kept, series, carried)
    number = kept["series_id"].to_numpy()
    ends = kept["period_end"].cast(pa.int32()).to_numpy(zero_copy_only=False)
    day = np.where(np.isnan(ends), -np.inf, ends) if ends.dtype.kind == "f" else ends
    newest = np.full(series.num_rows, -np.inf)
    np.maximum.at(newest, number, day)
    broken = _last_break(series, newest, content, over)
    before = (day < broken[number]) & np.isfinite(day)
    dropped = np.bincount(number[before], minlength=series.num_rows)
    return kept.filter(pa.array(~before)), dropped


def _last_break(
    series: pa.Table, newest: Numbers, content: Catalogue, over: Mapping[str, set[int]]
) -> Numbers:
    """The day (since 1970) from which each series can be compared; -inf where always. A linked
    break is none for the series that were carried `over` it."""
    last = np.full(series.num_rows, -np.inf)
    levels = _levels(series, content)
    for indicator in content.all(Indicator):
        for one in indicator.breaks:
            start = float((periods.parse(one.start).start - EPOCH).days)
            its = pc.equal(series["indicator"], indicator.id).to_numpy()
            here = its & (newest >= start)
            if one.link is not None:
                here[list(over.get(one.start, ()))] = False
            if one.area_level is not None:
                here &= levels == one.area_level
            last[here] = np.maximum(last[here], start)
    return last


EPOCH = periods.parse("1970-01-01").start


def _levels(series: pa.Table, content: Catalogue) -> NDArray[Any]:
    by_area = {one.id: one.level for one in content.all(Area)}
    return _looked_up(series["area"], by_area, "")


def _looked_up(column: pa.ChunkedArray, values: dict[str, Any], other: Any) -> NDArray[Any]:
    """A value for each code of a column, looked up once per code."""
    coded = pc.dictionary_encode(column).combine_chunks()
    table = np.array([values.get(code, other) for code in coded.dictionary.to_pylist()])
    if not len(table):
        return np.array([], dtype=type(other))
    return np.asarray(table[coded.indices.to_numpy()])


def _periods(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Numbers]:
    """Each period's place among all that occur in time, and the middles they have in years."""
    coded = pc.dictionary_encode(column.combine_chunks())
    middles = np.array([periods.parse(code).midpoint for code in coded.dictionary.to_pylist()])
    order = np.argsort(middles, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    indices = pc.take(pa.array(place), coded.indices)
    return pa.chunked_array([indices], pa.int32()), np.asarray(middles[order], np.float64)


def _targets(series: pa.Table, content: Catalogue) -> tuple[Targets, dict[str, pa.Array]]:
    """The target of each series: the last to be reached of those with a value and a period.

    A target of the city is the city's, one of every district the districts', one of the country
    the country's; a maximum is reached from above, a minimum from below, a level as the
    indicator's polarity says.
    """
    count = series.num_rows
    time, value, sign = np.full(count, np.nan), np.full(count, np.nan), np.zeros(count)
    which = np.full(count, -1)
    entries = {one.id: one for one in content.all(Indicator)}
    levels = _levels(series, content)
    named = [
        one
        for one in content.all(Target)
        if one.indicator is not None and one.value is not None and one.target_period is not None
        and one.form in ("level", "maximum", "minimum")
    ]  # fmt: skip
    named.sort(key=lambda one: periods.parse(one.target_period or "").end)
    for number, one in enumerate(named):
        entry = entries[one.indicator or ""]
        here = pc.equal(series["indicator"], entry.id).to_numpy() & (
            levels == PLACES[one.applies_to]
        )
        time[here] = periods.parse(one.target_period or "").midpoint
        value[here] = stored(one.value or 0.0, entry.unit)
        polarity = {"maximum": -1.0, "minimum": 1.0}.get(one.form)
        sign[here] = {"higher": 1.0, "lower": -1.0}.get(entry.polarity, 0.0) if (
            polarity is None
        ) else polarity  # fmt: skip
        which[here] = number
    codes = np.array([one.id for one in named] + [None], dtype=object)[which]
    spans = np.array([one.target_period for one in named] + [None], dtype=object)[which]
    return Targets(time, value, sign), {
        "target": pa.array(codes, pa.string()),
        "target_period": pa.array(spans, pa.string()),
        "target_value": pa.array(value, from_pandas=True),
    }


def _every_series(fitted: pa.Table, count: int) -> pa.Table:
    """The results in the order of the dictionary; a series without figures has n 0."""
    if fitted.num_rows == count:
        return fitted
    place = np.full(count, -1)
    place[fitted["series_id"].to_numpy()] = np.arange(fitted.num_rows)
    taken = fitted.take(pa.array(place, mask=place < 0))
    for name, empty in (("n", 0), ("level", False), ("met", False)):
        at = taken.column_names.index(name)
        taken = taken.set_column(at, name, pc.fill_null(taken[name], empty))
    return taken


def _within_evidence(whole: pa.Table) -> pa.Table:
    """No test below five points, and no infinity: `never` says that a line does not get there."""
    few = pc.less(whole["n"], TREND_POINTS)
    for name in TESTED:
        blank = pa.scalar(None, whole[name].type)
        whole = whole.set_column(
            whole.column_names.index(name), name, pc.if_else(few, blank, whole[name])
        )
    never = pc.and_(pc.is_valid(whole["meets"]), pc.is_inf(whole["meets"]))
    for name in ENDLESS:
        finite = pc.if_else(pc.is_finite(whole[name]), whole[name], pa.scalar(None, pa.float64()))
        whole = whole.set_column(whole.column_names.index(name), name, finite)
    return whole.append_column("never", pc.fill_null(never, False))


def _direction(whole: pa.Table, series: pa.Table, content: Catalogue) -> NDArray[Any]:
    polarity = {one.id: one.polarity for one in content.all(Indicator)}
    wished = _looked_up(series["indicator"], polarity, "neither")
    p = whole["p"].to_numpy(zero_copy_only=False)
    up = whole["slope"].to_numpy(zero_copy_only=False) > 0
    good = np.where(wished == "higher", up, ~up)
    told = np.where(good, "improving", "worsening")
    told = np.where(wished == "neither", np.where(up, "rising", "falling"), told)
    told = np.where(p < SIGNIFICANT_P, told, "not_distinguishable")
    return np.where(whole["n"].to_numpy() < TREND_POINTS, "too_few_points", told)
