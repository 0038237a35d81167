"""What a rule sees: the figures of one series as they were known on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from barometer_lib.units import printed

MAY_LACK = ("rounded_to", "variance", "linked_over", "vintage")


@dataclass(frozen=True)
class Figure:
    """One measurement. Shares are 0-1; `decimals` is how it was printed; blanks are `None`.

    `rounded_to` is the base of a figure that is told rounded to protect people. A figure carried
    over a linked break names the break's first day as `linked_over`, and has the `variance` of the
    link and its own, blank where the link's is not known; `vintage` is then the day the figure as
    delivered became known.
    """

    indicator: str
    area: str
    group: str
    period: str | None
    period_start: date | None
    period_end: date | None
    reported_round: str | None
    value: float | None
    unit: str
    decimals: int
    numerator: float | None
    denominator: float | None
    sample_size: float | None
    status: str
    published_change: float | None
    change_unit: str | None
    change_since: str | None
    published_significance: str | None
    source: str
    known_from: date
    known_until: date | None
    rounded_to: int | None = None
    variance: float | None = None
    linked_over: date | None = None
    vintage: date | None = None

    @property
    def printed(self) -> float | None:
        """The value as printed: 93.1 where the share is 0.931."""
        return printed(self.value, self.unit, self.decimals)

    @property
    def measured(self) -> bool:
        """Whether it is a new measurement (not hidden, missing or merely repeated)."""
        return self.status == "reported" and self.value is not None

    def without_n(self) -> Figure:
        """The figure without what it was counted from: its share has no interval of its own."""
        return replace(self, numerator=None, denominator=None, sample_size=None)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Figure:
        """A figure from a row of the measurement table."""
        given: dict[str, Any] = {name: row.get(name) for name in MAY_LACK}
        given |= {name: row[name] for name in cls.__dataclass_fields__ if name in row}
        return cls(**given | {"group": row["population_group"]})


class Known:
    """All figures of a dataset; `series` gives one series as known on a day."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._series: dict[tuple[str, str, str], list[Figure]] = {}
        for row in rows:
            figure = Figure.of(row)
            key = (figure.indicator, figure.area, figure.group)
            self._series.setdefault(key, []).append(figure)
        self._places: dict[str, list[tuple[str, str]]] = {}
        for indicator, area, group in self._series:
            self._places.setdefault(indicator, []).append((area, group))

    def series(self, indicator: str, area: str, group: str, day: date) -> list[Figure]:
        """Figures known on `day`, in order of time; undated ones by the day they were known."""
        known = [
            one
            for one in self._series.get((indicator, area, group), [])
            if one.known_from <= day and (one.known_until is None or one.known_until > day)
        ]
        return sorted(known, key=lambda one: (one.period_end or one.known_from, one.known_from))

    def places(self, indicator: str) -> list[tuple[str, str]]:
        """The areas and groups an indicator has figures for, in the order delivered."""
        return self._places.get(indicator, [])

    def revised(self, indicator: str, area: str, group: str, day: date) -> int:
        """How many periods of a series had been delivered more than once by `day`."""
        delivered = {
            (one.period, one.vintage or one.known_from)
            for one in self._series.get((indicator, area, group), [])
            if one.known_from <= day and one.period is not None
        }
        counted = Counter(period for period, _ in delivered)
        return sum(1 for times in counted.values() if times > 1)


def broken_between(breaks: Sequence[Mapping[str, Any]], before: Figure, after: Figure) -> bool:
    """Whether a break lies between two figures over which the earlier one was not carried."""
    if before.period_end is None or after.period_end is None:
        return False
    return any(
        before.period_end < one["start_day"] <= after.period_end
        for one in breaks
        if not (one["linked"] and before.linked_over == one["start_day"])
    )


def standing_breaks(
    breaks: Iterable[Mapping[str, Any]], figures: Sequence[Figure]
) -> list[dict[str, Any]]:
    """The breaks of a series as they stand: one is linked where figures were carried over it."""
    over = {one.linked_over for one in figures}
    return [{**one, "linked": one["linked"] and one["start_day"] in over} for one in breaks]
