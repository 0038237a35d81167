"""The measurements without what is hidden, and the pattern that tells what was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib import periods
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Indicator, Protection, Round
from barometer_lib.disclosure.changed import SUPPRESSED, with_rounded, without
from barometer_lib.disclosure.counting import (
    PRODUCER,
    Figure,
    counted_figures,
    given,
    may_count,
    moment,
)
from barometer_lib.disclosure.derived import derivable
from barometer_lib.disclosure.found import RELEASED
from barometer_lib.disclosure.released import Released, with_released
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from barometer_lib.disclosure.found import Found, HiddenFigure, Solved
    from barometer_lib.disclosure.rounded import RoundedFigure

BUILD = "build"


@dataclass(frozen=True)
class Following:
    """A row hidden as it leads back to a hidden figure: `worked_out` of it, or its `change`."""

    indicator: str
    area: str
    group: str
    period: str
    known_from: date
    reason: str


@dataclass(frozen=True)
class Protected:
    """What came of it: `figures` without what is hidden, `pattern` for the store, and `told`.

    `told` holds what an attacker can work out, reasons and costs: it stays with those who have the
    deliveries, since a reason or a cost in the store would tell what is hidden. `rounded` holds the
    same of figures told as multiples of a base, `solved` every choice with its certified gap.
    """

    figures: pa.Table
    pattern: list[dict[str, Any]]
    told: tuple[HiddenFigure, ...] = ()
    following: tuple[Following, ...] = ()
    faults: tuple[Fault, ...] = ()
    rounded: tuple[RoundedFigure, ...] = ()
    solved: tuple[Solved, ...] = ()


def protect(vintages: pa.Table, content: Catalogue, released: Released | None = None) -> Protected:
    """The measurements with every figure hidden that needs it: status `suppressed`, no numbers.

    Hidden are figures small enough to point at a person, the cheapest further ones that keep them
    from being worked out, figures worked out from hidden ones, and published changes that would
    lead back to one. Where the rule says so figures are rounded instead, in a column `rounded_to`.
    `released` gives the figures that earlier releases show: they are known whatever is hidden now.
    `faults` names every figure that cannot be protected. A small figure that nobody delivered, and
    that follows from totals, is protected as if it had been.
    """
    counted = counted_figures(vintages, content)
    counted += derivable(counted, content)
    if released is not None:
        counted = with_released(counted, vintages, content, released)
    rounded, found = _decided(counted, content)
    told = [] if found is None else found.hidden
    rows = _looked_at(vintages, content) if told or rounded else {}
    hidden = {one.figure.row for one in told if one.figure.row >= 0}
    worked_out = set(_worked_out(rows, hidden | {one.figure.row for one in rounded}, content))
    worked_out -= hidden
    hidden |= worked_out
    changes = set(_changes_from(rows, hidden))
    bare = {row for row in changes if rows[row]["value"] is None}
    hidden |= bare
    following = [_following(rows[row], "worked_out") for row in sorted(worked_out)]
    following += [_following(rows[row], "change") for row in sorted(bare)]
    looked_at: list[HiddenFigure | RoundedFigure] = [*told, *rounded]
    faults = [_fault(one, rows[_place(one.figure)]) for one in looked_at if _is_fault(one)]
    return Protected(
        without(with_rounded(vintages.drop_columns(given(vintages)), rounded), hidden, changes),
        _pattern(rows, hidden, content),
        tuple(told),
        tuple(following),
        tuple(faults),
        tuple(rounded),
        () if found is None else tuple(found.solved),
    )


def _decided(counted: list[Figure], content: Catalogue) -> tuple[list[RoundedFigure], Found | None]:
    """What is rounded and what is hidden; scipy is asked for only where something is."""
    rounded: list[RoundedFigure] = []
    if any(one.rule.rounding is not None for one in counted):
        from barometer_lib.disclosure.rounded import round_figures
        from barometer_lib.disclosure.splits import Splits

        rounded = round_figures(counted, Splits.of(content))
    small = any(one.small is not None for one in rounded)
    if not small and all(one.reason is None for one in counted):
        return rounded, None
    from barometer_lib.disclosure.pattern import find_pattern

    return rounded, find_pattern(counted, content, rounded=rounded)


def _looked_at(vintages: pa.Table, content: Catalogue) -> dict[int, dict[str, Any]]:
    """The rows, by number, among which hidden figures and what leads back to them can be."""
    parts = {one.indicator for rule in content.all(Protection) for one in rule.worked_out}
    worked_out = pc.is_in(vintages["indicator"], pa.array(sorted(parts), pa.string()))
    kept = may_count(vintages, content) | worked_out.to_numpy(zero_copy_only=False)
    numbers = np.flatnonzero(kept)
    rows = vintages.take(pa.array(numbers)).to_pylist()
    return dict(zip(numbers.tolist(), rows, strict=True))


def _following(row: Mapping[str, Any], reason: str) -> Following:
    series = (row["indicator"], row["area"], row["population_group"])
    return Following(*series, moment(row), row["known_from"], reason)


def _worked_out(
    rows: Mapping[int, Mapping[str, Any]], hidden: set[int], content: Catalogue
) -> Iterator[int]:
    """Gaps and ratios of which a part is hidden."""
    parts = {one.indicator: one.of for rule in content.all(Protection) for one in rule.worked_out}
    indicators = {one.id: one for one in content.all(Indicator)}
    gone = {
        (row["indicator"], row["area"], row["population_group"], moment(row))
        for row in (rows[number] for number in hidden)
    }
    for number, row in rows.items():
        if row["indicator"] in parts and row["value"] is not None:
            reference = indicators[row["indicator"]].reference_group
            for group in (row["population_group"], reference):
                if (parts[row["indicator"]], row["area"], group, moment(row)) in gone:
                    yield number


def _changes_from(rows: Mapping[int, Mapping[str, Any]], hidden: set[int]) -> Iterator[int]:
    """Rows whose published change leads back to a hidden figure of their series."""
    series: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, row in rows.items() if hidden else ():
        series[row["indicator"], row["area"], row["population_group"]].append(number)
    for numbers in series.values():
        gone = {
            rows[number]["period"] or rows[number]["reported_round"]
            for number in numbers
            if number in hidden
        }
        for number in numbers if gone else ():
            row = rows[number]
            if row["published_change"] is None or number in hidden:
                continue
            since = row["change_since"]
            stated = since is not None and _is_period(since)
            # Since what a change is counted may be said in words: then any hidden figure may be it.
            if since in gone or not stated:
                yield number


def _is_period(code: str) -> bool:
    return any(form.fullmatch(code) for form in periods.FORMS.values())


def _pattern(
    rows: Mapping[int, Mapping[str, Any]], hidden: Iterable[int], content: Catalogue
) -> list[dict[str, Any]]:
    """One row per hidden figure and vintage, with the round that first shows it as hidden."""
    held = sorted(
        (periods.last_day(one.published), one.id) for one in content.all(Round) if not one.missed
    )
    pattern = []
    for number in sorted(hidden):
        row = rows[number]
        rounds = [code for day, code in held if day >= row["known_from"]]
        pattern.append(
            {
                "round": rounds[0] if rounds else None,
                "indicator": row["indicator"],
                "area": row["area"],
                "population_group": row["population_group"],
                "period": row["period"],
                "reported_round": row["reported_round"],
                "known_from": row["known_from"],
                "hidden_by": PRODUCER if row["status"] == SUPPRESSED else BUILD,
                "synthetic": row["synthetic"],
            }
        )
    return pattern


def _place(one: Figure) -> int:
    """The row that a figure stands in, or that of the total which tells it."""
    return one.row if one.row >= 0 or one.told_by is None else one.told_by


def _is_fault(one: HiddenFigure | RoundedFigure) -> bool:
    """Whether a figure stops the build: what is owned up to does not."""
    owned_up = one.fault == RELEASED and one.figure.rule.owned_up is not None
    return one.fault is not None and not owned_up


def _fault(one: HiddenFigure | RoundedFigure, row: Mapping[str, Any]) -> Fault:
    indicator, area, group, when = one.figure.cell
    return Fault(
        one.fault or "",
        f"{row['delivery']}/{row['file']}",
        line=row["line"],
        found=f"{indicator}, {area}, {group}, {when}",
        mended_by="source",
        fields={"release": getattr(one, "release", None) or ""},
    )
