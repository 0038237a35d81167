"""Gaps as rows: what a pair of figures tells, and what a series of gaps has done.

A pair has `value` and `comparison_value`, `count1` of `n1` and `count2` of `n2` people (blank where
a figure carries none), `against` and, for the mean of a whole, the group's `part` of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from barometer_lib.gaps.between import MEAN, TARGET, Share, gap_to_target
from barometer_lib.intervals import difference, normal_quantile, wilson

Row = Mapping[str, Any]
LIMITS = ("low", "high", "ratio_low", "ratio_high", "p")
SERIES = ("indicator", "area", "population_group", "comparison", "against", "unit", "decimals")
FIRST, PREVIOUS = "first", "previous"


def gap_rows(pairs: Sequence[Row]) -> list[dict[str, Any]]:
    """The pairs with their gap in the figures' unit (shares of 1), its 95 % limits, the ratio with
    its limits, and p. Limits are blank, and `reason` says so, where a figure carries no n."""
    from barometer_lib.gaps import batch

    names = ("count1", "n1", "count2", "n2")
    count1, n1, count2, n2 = ([_number(one[name]) for one in pairs] for name in names)
    found = batch.gaps(count1, n1, count2, n2)
    rows = []
    for i, pair in enumerate(pairs):
        row = dict(pair)
        other = row["comparison_value"]
        row["gap"] = row["value"] - other
        row["ratio"] = row["value"] / other if other > 0 else None
        limits = {name: float(getattr(found, name)[i]) for name in LIMITS}
        if row["against"] == MEAN and row["part"] is not None:
            limits = _of_mean(limits, row["part"])
        if row["against"] == TARGET:
            limits = _of_target(row)
        row |= {name: one if math.isfinite(one) else None for name, one in limits.items()}
        known = row["low"] is not None
        row["distinguishable"] = (row["low"] > 0 or row["high"] < 0) if known else None
        row["reason"] = None if known else "no_interval"
        rows.append(row)
    return rows


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _of_mean(rest: Mapping[str, float], part: float) -> dict[str, float]:
    """Limits against the mean of a whole from those against the rest, as `between.gap_to_mean`."""

    def ratio(one: float) -> float:
        return 1 / part if one == math.inf else one / (part * one + 1 - part)

    return {
        "low": rest["low"] * (1 - part),
        "high": rest["high"] * (1 - part),
        "ratio_low": ratio(rest["ratio_low"]),
        "ratio_high": ratio(rest["ratio_high"]),
        "p": rest["p"],
    }


def _of_target(row: Row) -> dict[str, float]:
    target = row["comparison_value"]
    if row["n1"] is None:
        return dict.fromkeys(LIMITS, math.nan)
    if not 0 < target < 1:
        low, high = wilson(row["count1"], row["n1"])
        blank = dict.fromkeys(LIMITS, math.nan)
        return blank | {"low": low - target, "high": high - target}
    found = gap_to_target(Share(row["count1"], row["n1"]), target)
    return {name: getattr(found, name) for name in LIMITS}


def changes(series: Sequence[Row], broken: date | None) -> tuple[list[dict[str, Any]], str | None]:
    """Of one series of gaps, oldest first: the newest against the first and against the one before.

    Only gaps since the unlinked break `broken` are compared. Without a change the reason:
    `across_break` or `one_gap`.
    """
    if not series:
        return [], "no_gap"
    standing = [one for one in series if broken is None or one["period_end"] >= broken]
    if len(standing) < 2:
        return [], "across_break" if len(standing) < len(series) else "one_gap"
    newest = standing[-1]
    found = [_change(standing[0], newest, FIRST)]
    if len(standing) > 2:
        found.append(_change(standing[-2], newest, PREVIOUS))
    return found, None


def _change(before: Row, now: Row, since: str) -> dict[str, Any]:
    """Limits by square and add from the limits of the two gaps."""
    row = {name: now[name] for name in SERIES}
    row |= {"since": since, "from_period": before["period"], "to_period": now["period"]}
    row |= {"change": now["gap"] - before["gap"], "low": None, "high": None}
    row |= {"distinguishable": None, "ratio_change": None, "smallest": None}
    if now["ratio"] is not None and before["ratio"] is not None:
        row["ratio_change"] = now["ratio"] - before["ratio"]
    if now["low"] is not None and before["low"] is not None:
        limits = [(one["low"], one["high"]) for one in (now, before)]
        low, high = difference(now["gap"], limits[0], before["gap"], limits[1])
        reach = normal_quantile() + normal_quantile(0.6)
        smallest = reach * math.sqrt(_variance(now) + _variance(before))
        row |= {"low": low, "high": high, "distinguishable": low > 0 or high < 0}
        row["smallest"] = smallest
    return {**row, "synthetic": now["synthetic"]}


def _variance(row: Row) -> float:
    """The sampling variance of a gap: of its shares, scaled where the group is in its mean."""
    found = row["value"] * (1 - row["value"]) / row["n"]
    other = row["comparison_value"]
    if row["against"] == TARGET:
        return float(found)
    if row["against"] == MEAN:
        # the mean holds the group: its own share of the rest follows from the two
        part = row["n"] / (row["n"] + row["comparison_n"])
        other = (other - part * row["value"]) / (1 - part)
        return float((1 - part) ** 2 * (found + other * (1 - other) / row["comparison_n"]))
    return float(found + other * (1 - other) / row["comparison_n"])
