"""The tests of every series as it stands: the table `trend_test`.

The joinpoint model, which takes longest, is made of the series that policies are judged by: each
indicator's own group in the dataset's own area and in the country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.figures import Figure, standing_breaks
from barometer_lib.trends import comparable
from barometer_lib.trends.tested import every_test, made_ready, target_of

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
KEYS = ("indicator", "area", "population_group")


def trend_tests(tables: Tables) -> list[Row]:
    """Rows of `trend_test`: one per series and test."""
    entries = {row["indicator"]: row for row in tables["indicator"]}
    levels = {row["area"]: row["level"] for row in tables["area"]}
    breaks: dict[str, list[Row]] = {}
    for row in tables["series_break"]:
        breaks.setdefault(row["indicator"], []).append(row)
    home = tables["dataset"][0]["home_area"]
    series: dict[tuple[str, ...], list[Row]] = {}
    for row in tables["measurement_vintage"]:
        if row["known_until"] is None:
            series.setdefault(tuple(row[name] for name in KEYS), []).append(row)
    found: list[Row] = []
    for key in sorted(series):
        entry, level = entries[key[0]], levels[key[1]]
        rows = sorted(series[key], key=lambda row: row["period_end"] or row["known_from"])
        apply = [one for one in breaks.get(key[0], ()) if one["area_level"] in (None, level)]
        known = [Figure.of(row) for row in rows]
        figures, _ = comparable(known, standing_breaks(apply, known))
        own = key[2] == entry["population_group"] and (key[1] == home or level == "country")
        target = target_of(tables["target"], entry, key[1], key[2], level, home, figures)
        asked = made_ready(figures, entry, target)
        same = dict(zip(KEYS, key, strict=True))
        synthetic = {"synthetic": tables["dataset"][0]["synthetic"]}
        found += [same | one | synthetic for one in every_test(asked, joins=own)]
    return found
