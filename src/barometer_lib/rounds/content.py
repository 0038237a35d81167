"""What a round shows, as plain content that can be kept, summed and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
SHOWN_OF_GOALS = ("status", "status_published", "status_computed", "reason", "rule")
SHOWN_OF_INDICATORS = (
    "value", "unit", "decimals", "period", "reference_period", "change_printed", "change_unit",
    "significant", "counts", "status", "reason", "rule",
)  # fmt: skip
FIGURE = ("value", "unit", "status", "numerator", "denominator", "sample_size", "published_change")
DIGITS = 12


def content_of(tables: Mapping[str, Sequence[Row]], code: str) -> dict[str, Any]:
    """What round `code` shows: itself, the verdicts of its goals and indicators, and a sum of
    every series behind them as known on its day. Keys are codes; the order of rows is none."""
    [entry] = [row for row in tables["round"] if row["round"] == code]
    policies = sorted(row["policy"] for row in tables["round_policy"] if row["round"] == code)
    goals = {row["goal"] for row in tables["goal"] if row["policy"] in policies}
    under = {row["indicator"] for row in tables["goal_indicator"] if row["goal"] in goals}
    under |= {row["indicator"] for row in tables["indicator"] if row["counts_areas_of"] in under}
    return {
        "round": {
            "published": entry["published"],
            "missed": entry["missed"],
            "policies": policies,
            "statements": sorted(
                [row["effort_area"], row["status"]]
                for row in tables["round_statement"]
                if row["round"] == code
            ),
        },
        "goals": {
            _key(row, ("policy", "goal")): _plain(row, SHOWN_OF_GOALS)
            for row in tables["goal_assessment"]
            if row["round"] == code
        },
        "indicators": {
            _key(row, ("policy", "goal", "indicator", "area", "population_group")): _plain(
                row, SHOWN_OF_INDICATORS
            )
            for row in tables["indicator_assessment"]
            if row["round"] == code
        },
        "series": _series(tables["measurement_vintage"], under, entry["published_day"]),
    }


def _series(vintages: Sequence[Row], indicators: set[Any], day: Any) -> dict[str, str]:
    """A sum of each series as known on the day."""
    found: dict[str, list[Any]] = {}
    for row in vintages:
        until = row["known_until"]
        known = row["known_from"] <= day and (until is None or until > day)
        if known and row["indicator"] in indicators:
            key = _key(row, ("indicator", "area", "population_group"))
            moment = row["period"] or f"round {row['reported_round']}"
            found.setdefault(key, []).append([moment, _plain(row, FIGURE)])
    return {key: checksum(sorted(rows, key=str))[:16] for key, rows in sorted(found.items())}


def _key(row: Row, names: Sequence[str]) -> str:
    return " ".join(str(row[name]) for name in names)


def _plain(row: Row, names: Sequence[str]) -> dict[str, Any]:
    """The row's values; a number keeps as many digits as mean something."""
    return {
        name: float(f"{row[name]:.{DIGITS}g}") if isinstance(row[name], float) else row[name]
        for name in names
    }


def checksum(content: Any) -> str:
    """The SHA-256 of content, the same whatever order its keys stand in."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(frozen: Row, now: Row) -> Iterator[tuple[str, str, str]]:
    """Everything that is no longer as it was frozen: where, what was frozen, what there is now."""
    for part in sorted({*frozen, *now} - {"life"}):
        before, after = frozen.get(part, {}), now.get(part, {})
        for key in sorted({*before, *after}):
            old, new = before.get(key), after.get(key)
            if old == new:
                continue
            if isinstance(old, dict) and isinstance(new, dict):
                for name in sorted({*old, *new}):
                    if old.get(name) != new.get(name):
                        yield f"{part} {key} {name}", str(old.get(name)), str(new.get(name))
            else:
                yield f"{part} {key}", str(old), str(new)
