"""Did the rate change, or the mix of people? And where people live: rows for whole series.

A whole is a group with its groups, or a city with its districts; `parts` hold each one's `count` of
`n`, blank where a part is hidden, missing or carries no n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from barometer_lib.gaps import segregation as apart
from barometer_lib.gaps.decomposition import kitagawa
from barometer_lib.gaps.told import FIRST, PREVIOUS

Row = Mapping[str, Any]
SERIES = ("indicator", "area", "population_group", "strata")
PLACED = ("indicator", "division", "population_group")
DRAWS = 300
FEWEST_PLACES = 3


def series_of(rows: Sequence[Row]) -> list[list[Row]]:
    """The wholes in series, each in time; rows come sorted so."""
    return [list(one) for _, one in groupby(rows, lambda row: tuple(row[name] for name in SERIES))]


def refusal(row: Row) -> str | None:
    """Why a whole cannot be split: `part_not_known` (hidden, missing, or without n), `part_empty`,
    `parts_do_not_add_up`; blank where it can."""
    parts = row["parts"]
    if len(parts) < row["wanted"] or any(one["n"] is None for one in parts):
        return "part_not_known"
    if any(not one["n"] > 0 for one in parts):
        return "part_empty"
    # what a share is printed with decides how far counts worked out from it may be off
    loose = 0.5 + (10.0 ** -(row["decimals"] + 2) * row["n"] if row["sampled"] else 0.0)
    people = abs(sum(one["n"] for one in parts) - row["n"])
    counted = abs(sum(one["count"] for one in parts) - row["counted"])
    return "parts_do_not_add_up" if people > 0.5 or counted > loose else None


def decomposed(
    series: Sequence[Row], broken: date | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The change of one whole split into composition and rate: newest against first and previous.

    Only periods since `broken` whose parts are all known take part. Without two of them the reason.
    """
    standing = [one for one in series if broken is None or one["period_end"] >= broken]
    whole = [one for one in standing if refusal(one) is None]
    if len(whole) < 2:
        reasons = [one for one in map(refusal, reversed(standing)) if one is not None]
        return [], reasons[0] if reasons else "one_period"
    if whole[-1] is not standing[-1]:
        return [], refusal(standing[-1])
    found = [_split(whole[0], whole[-1], FIRST)]
    if len(whole) > 2:
        found.append(_split(whole[-2], whole[-1], PREVIOUS))
    return found, None


def _split(before: Row, now: Row, since: str) -> dict[str, Any]:
    strata = [[(one["count"], one["n"]) for one in row["parts"]] for row in (before, now)]
    told = kitagawa(strata[0], strata[1], sampled=now["sampled"])
    row = {name: now[name] for name in SERIES}
    row |= {"since": since, "from_period": before["period"], "to_period": now["period"]}
    row |= {"parts": len(now["parts"]), "change": told.change}
    for name, part in (("composition", told.composition), ("rate", told.rate)):
        row |= {name: part.value, f"{name}_low": part.low, f"{name}_high": part.high}
    return {**row, "synthetic": now["synthetic"]}


def segregated(row: Row) -> tuple[list[dict[str, Any]], str | None]:
    """How evenly a group is spread over the districts, among all people counted; or the reason.

    Dissimilarity stands beside what dealing the group out at random would give.
    """
    places = row["places"]
    if len(places) < row["wanted"]:
        return [], "place_not_known"
    group, total = [one["group"] for one in places], [one["total"] for one in places]
    if len(places) < FEWEST_PLACES:
        return [], "too_few_places"
    if not 0 < sum(group) < sum(total) or any(a > b for a, b in zip(group, total, strict=True)):
        return [], "parts_do_not_add_up"
    names = ("indicator", "division", "population_group", "among", "period", "period_end")
    told = {name: row[name] for name in names} | {"districts": len(places)}
    chance = apart.dissimilarity_by_chance(group, total, DRAWS)
    measured = {
        "dissimilarity": (chance.value, chance.chance, chance.chance_high, chance.p),
        "isolation": (apart.isolation(group, total), sum(group) / sum(total), None, None),
        "entropy": (apart.entropy(group, total), None, None, None),
    }
    return [
        told
        | {"measure": name, "value": one[0], "chance": one[1], "chance_high": one[2], "p": one[3]}
        | {"synthetic": row["synthetic"]}
        for name, one in measured.items()
    ], None
