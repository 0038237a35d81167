"""A field of units with a score for each component, and the weights it is put together with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from barometer_lib.errors import BadInput, NotFound

Array = NDArray[np.float64]
Row = Mapping[str, Any]
EQUAL, GIVEN = "equal_assumed", "given"


@dataclass(frozen=True)
class ComponentTable:
    """Units by components, scores 0-100, higher is better, NaN is missing.

    `basis` says where the weights come from: `equal_assumed` (none are known, or equal ones were
    assumed), `given` (the
    reader's own), `published`, `assumed` or `invented`. `index`, `edition`, `scope` and `dataset`
    are blank for a file.
    """

    units: tuple[str, ...]
    components: tuple[str, ...]
    values: Array
    weights: Array
    basis: str
    index: str | None = None
    edition: str | None = None
    scope: str | None = None
    dataset: str | None = None
    synthetic: bool = False

    def unit(self, code: str) -> int:
        """The row of a unit. Raises `NotFound`."""
        if code not in self.units:
            raise NotFound("unit", code, self.units)
        return self.units.index(code)

    def component(self, code: str) -> int:
        """The column of a component. Raises `NotFound`."""
        if code not in self.components:
            raise NotFound("component", code, self.components)
        return self.components.index(code)

    def by_column(self, given: Mapping[str, float]) -> dict[int, float]:
        """Numbers by component code as numbers by column."""
        return {self.component(code): float(value) for code, value in given.items()}

    def weighted(self, given: Mapping[str, float]) -> ComponentTable:
        """The same field with the reader's own weights; a component not named keeps its own."""
        if not given:
            return self
        weights = self.weights.copy()
        for column, weight in self.by_column(given).items():
            weights[column] = weight
        if not np.isfinite(weights).all() or weights.min() < 0 or weights.sum() <= 0:
            raise BadInput("bad_weights", found=", ".join(f"{one:g}" for one in weights))
        return replace(self, weights=weights, basis=GIVEN)

    def gaps(self) -> list[tuple[str, str]]:
        """Which scores are missing: (unit, component)."""
        rows, columns = np.nonzero(np.isnan(self.values))
        return [
            (self.units[row], self.components[column])
            for row, column in zip(rows, columns, strict=True)
        ]


def stored_table(
    scores: Sequence[Row],
    components: Sequence[str],
    weights: Sequence[Row],
    cities: Sequence[str] | None = None,
    **named: str,
) -> ComponentTable:
    """A field from rows of the store: (city, component, score, synthetic), all of one edition.

    `components` in their order, `weights` as rows (component, weight, basis), equal where there are
    none; `cities` keeps those of a scope (blank: all). `named` are index, edition, scope, dataset.
    """
    kept = sorted({row["city"] for row in scores} & set(cities or [row["city"] for row in scores]))
    rows = {city: place for place, city in enumerate(kept)}
    columns = {code: place for place, code in enumerate(components)}
    values = np.full((len(kept), len(components)), np.nan)
    for row in scores:
        if row["city"] in rows and row["component"] in columns and row["score"] is not None:
            values[rows[row["city"]], columns[row["component"]]] = row["score"]
    counted, basis = np.ones(len(components)), EQUAL
    if weights:
        given = {row["component"]: float(row["weight"]) for row in weights}
        counted = np.array([given.get(code, 0.0) for code in components])
        even = bool((counted == counted[0]).all())
        basis = EQUAL if even and weights[0]["basis"] == "assumed" else str(weights[0]["basis"])
    synthetic = any(row["synthetic"] for row in scores)
    return ComponentTable(
        tuple(kept), tuple(components), values, counted, basis, synthetic=synthetic, **named
    )
