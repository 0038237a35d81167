"""Figures on one basis: those before a linked break as they were carried over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def on_linked_basis(
    vintages: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """The vintages with each old figure on the new basis for the days its link was known.

    What follows from the figures (a change, a status) is then worked out on one basis; the figures
    as delivered stand in the store beside. Old figures of another indicator come as rows of their
    own.
    """
    own: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    rows: list[Row] = []
    for one in sorted(points, key=lambda each: each["known_from"]):
        if one["original_indicator"] == one["indicator"]:
            own.setdefault(_cell(one), []).append(one)
        else:
            rows.append(as_measurement(one))
    for row in vintages:
        carried = [one for one in own.get(_cell(row), ()) if _within(one, row)]
        rows.extend(_pieces(row, carried))
    return rows


def _pieces(row: Mapping[str, Any], carried: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """A vintage cut into the days it stood on the old basis and those it stood on the new."""
    since = row["known_from"]
    row = {**row, "vintage": since} if carried else row
    for one in carried:
        if since < one["known_from"]:
            yield {**row, "known_from": since, "known_until": one["known_from"]}
        yield {**row, **as_measurement(one)}
        if one["known_until"] is None:
            return
        since = one["known_until"]
    if row["known_until"] is None or since < row["known_until"] or not carried:
        yield {**row, "known_from": since}


CARRIED = (
    "indicator", "area", "population_group", "period", "period_start", "period_end", "value",
    "variance", "linked_over", "unit", "decimals", "source", "known_from", "known_until",
    "synthetic",
)  # fmt: skip
BLANK = (
    "reported_round", "numerator", "denominator", "sample_size", "published_change", "change_unit",
    "change_since", "published_significance",
)  # fmt: skip


def as_measurement(point: Mapping[str, Any]) -> Row:
    """A linked point as a row of measurements: without its n, since its variance is the link's."""
    return {**{name: point[name] for name in CARRIED}, **dict.fromkeys(BLANK), "status": "reported"}


def _cell(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["indicator"], row["area"], row["population_group"], row["period"])


def _within(one: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether the linked point is of this vintage."""
    if one["known_from"] < row["known_from"]:
        return False
    until = row["known_until"]
    return until is None or (one["known_until"] is not None and one["known_until"] <= until)


def standing_rows(
    rows: Sequence[Mapping[str, Any]], carried: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """The figures of one series as known on a day, in time, those before a linked break as they
    were carried over it; undated ones stand by the day they were known."""
    ends = {"known_until": None}
    over = {one["period"]: {**as_measurement(one), **ends} for one in carried}
    own = [{**row, **ends, **over.pop(row["period"], {})} for row in rows]
    return sorted([*over.values(), *own], key=lambda row: row["period_end"] or row["known_from"])
