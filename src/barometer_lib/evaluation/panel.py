"""A balanced table of units by periods: what every comparison of places starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput, NotFound

Array = NDArray[np.float64]
LEAST_BEFORE = 2
LEAST_COMPARED = 2


@dataclass(frozen=True)
class Panel:
    """Values of units (rows) by periods (columns), all known, in the outcome's unit.

    `after` is the number of the first period of the programme; `left_out` names the units that lack
    a period and so are not compared.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    values: Array
    treated: tuple[str, ...]
    after: int
    left_out: tuple[str, ...] = ()

    @property
    def has_programme(self) -> NDArray[np.bool_]:
        """By unit, whether the programme is there."""
        return np.isin(self.units, self.treated)

    @property
    def before(self) -> Array:
        """The values before the programme."""
        return self.values[:, : self.after]

    @property
    def since(self) -> Array:
        """The values since the programme began."""
        return self.values[:, self.after :]

    @property
    def compared(self) -> tuple[str, ...]:
        """The units without the programme."""
        return tuple(unit for unit in self.units if unit not in self.treated)

    def with_treated(self, treated: Iterable[str]) -> Self:
        """The same figures as if the programme had been elsewhere."""
        return replace(self, treated=tuple(treated))

    def without(self, units: Iterable[str]) -> Self:
        """The same figures without some units."""
        gone = set(units)
        kept = [place for place, unit in enumerate(self.units) if unit not in gone]
        return replace(
            self,
            units=tuple(self.units[place] for place in kept),
            values=self.values[kept],
            treated=tuple(unit for unit in self.treated if unit not in gone),
        )

    def pretend(self, after: int) -> Self:
        """The periods before the programme alone, as if it had begun at number `after`."""
        return replace(
            self, periods=self.periods[: self.after], values=self.before.copy(), after=after
        )


def panel_of(
    rows: Iterable[Mapping[str, Any]],
    treated: Sequence[str],
    first: str,
    order: Sequence[str] | None = None,
) -> Panel:
    """The panel in rows of `unit`, `period` and `value` (blank where hidden or missing).

    `first` is the programme's first period; `order` the periods in time (as they sort where not
    given). A period in which a unit of the programme lacks its value is left out; another unit
    that lacks a value is left out whole and named. Raises `NotFound` for a unit or period that is
    not there, `BadInput` where fewer than two periods before, none since, or fewer than two units
    to compare with are left.
    """
    known = {(str(r["unit"]), str(r["period"])): r["value"] for r in rows if r["value"] is not None}
    units = sorted({unit for unit, _ in known})
    have = {period for _, period in known}
    periods = [p for p in order if p in have] if order else sorted(have)
    for unit in treated:
        if unit not in units:
            raise NotFound("unit", unit, units)
    if first not in periods:
        raise NotFound("period", first, periods)
    kept = [p for p in periods if all((unit, p) in known for unit in treated)]
    begun = set(periods[periods.index(first) :])
    whole = [unit for unit in units if all((unit, p) in known for p in kept)]
    before = sum(p not in begun for p in kept)
    if before < LEAST_BEFORE or before == len(kept):
        raise BadInput(
            "too_few_periods", before=before, since=len(kept) - before, least=LEAST_BEFORE
        )
    if len(whole) - len(set(treated)) < LEAST_COMPARED:
        raise BadInput(
            "too_few_compared", compared=len(whole) - len(set(treated)), least=LEAST_COMPARED
        )
    values = np.array([[float(known[unit, p]) for p in kept] for unit in whole])
    missing = tuple(unit for unit in units if unit not in whole)
    return Panel(tuple(whole), tuple(kept), values, tuple(treated), before, missing)
