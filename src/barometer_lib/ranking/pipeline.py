"""A composite index made step by step; each step gives a new index and writes what it did.

    Index.of(structure, values)      .screen() .denominate() .impute() .treat()
                                     .normalise() .weigh() .aggregate()

Every step may be left out, and each stands alone in its own module as a function of sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from barometer_lib.errors import BadInput, NotFound
from barometer_lib.ranking import analysis, compare, levels, prepare, weights
from barometer_lib.ranking.impute import Filled, impute
from barometer_lib.ranking.sheet import Sheet
from barometer_lib.ranking.structure import Structure
from barometer_lib.ranking.treat import Treated, treat


@dataclass(frozen=True)
class Made:
    """What the steps did: nothing here is silent."""

    screened_out: tuple[prepare.Screened, ...] = ()
    divided: Mapping[str, str] = field(default_factory=dict)
    filled: tuple[Filled, ...] = ()
    treated: tuple[Treated, ...] = ()
    steps: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    weights_basis: str = "given"
    judges: tuple[int, Mapping[str, float]] | None = None


@dataclass(frozen=True)
class Index:
    """A composite index in the making. `sheet` holds the newest values, `raw` those at the start.

    Values are units by indicators in the structure's order; NaN is missing. After `aggregate` the
    sheet also holds every group and, last, the index.
    """

    structure: Structure
    raw: Sheet
    sheet: Sheet
    made: Made = Made()

    @classmethod
    def of(cls, structure: Structure, values: Sheet) -> Self:
        """An index whose values have a column for every indicator; others are left aside."""
        sheet = values.take(part.code for part in structure.indicators)
        return cls(structure, sheet, sheet)

    def _next(self, step: str, sheet: Sheet, options: Mapping[str, Any], **made: Any) -> Self:
        steps = (*self.made.steps, (step, dict(options)))
        return replace(self, sheet=sheet, made=replace(self.made, steps=steps, **made))

    def screen(self, least_known: float = 0.0, least_nonzero: float = 0.0) -> Self:
        """Without the units of which less than a share (0-1) is known, or not 0."""
        sheet, told = prepare.screen(self.sheet, least_known, least_nonzero)
        out = tuple(one for one in told if not one.kept)
        options = {"least_known": least_known, "least_nonzero": least_nonzero}
        return self._next("screen", sheet, options, screened_out=out)

    def denominate(self, denominators: Sheet) -> Self:
        """Indicators that name a denominator divided by it."""
        sheet, divided = prepare.denominate(self.sheet, denominators, self.structure)
        return self._next("denominate", sheet, {}, divided=divided)

    def impute(
        self, method: str, *, group: str | None = None, earlier: Sequence[Sheet] = ()
    ) -> Self:
        """Gaps filled; `made.filled` lists each. Regression and EM look at one parent at a time."""
        blocks = {
            part.code: [one.code for one in self.structure.children(part.code)]
            for part in (self.structure.at(2) if self.structure.levels > 1 else ())
        }
        sheet, told = impute(self.sheet, method, group=group, earlier=earlier, blocks=blocks)
        return self._next("impute", sheet, {"method": method, "group": group}, filled=tuple(told))

    def treat(self, most: int = 5, transformation: str = "log_shifted") -> Self:
        """Outliers drawn in or the column transformed; `made.treated` lists each."""
        sheet, told = treat(self.sheet, most, transformation)
        options = {"most": most, "transformation": transformation}
        return self._next("treat", sheet, options, treated=tuple(told))

    def normalise(self, method: str = "min_max", **options: Any) -> Self:
        """Every indicator on one scale, higher is better."""
        sheet = levels.normalised(self.sheet, self.structure, method, **options)
        return self._next("normalise", sheet, {"method": method, **options})

    def as_scored(self) -> Self:
        """The values as they came, where they stand on one scale already (scores of 0-100, higher
        is better). Raises `BadInput` ("bad_direction") where lower is better somewhere."""
        if (self.structure.directions < 0).any():
            raise BadInput("bad_direction", found="-1")
        return self._next("as_scored", self.sheet, {})

    def budget(self, allocations: Sheet) -> Self:
        """Weights from judges (rows) who shared out points over the parts; `made.judges` tells how
        far they disagree."""
        structure, spreads = weights.budgeted(self.structure, allocations)
        made = self._next("weigh", self.sheet, {"method": "budget"}, weights_basis="budget",
                          judges=(len(allocations.units), spreads))  # fmt: skip
        return replace(made, structure=structure)

    def weigh(self, method: str, wanted: Mapping[str, float] | None = None) -> Self:
        """Weights by `equal`, `given`, `pca` or `optimised`, the groups from the bottom up.

        `wanted` are the correlations that `optimised` aims at, by part and in proportion.
        """
        structure = self.structure
        for code in wanted or {}:
            if code not in {part.code for part in structure.parts}:
                raise NotFound("column", code, [part.code for part in structure.parts])
        if method in ("pca", "optimised"):
            for level in range(2, structure.levels + 1):
                whole = levels.aggregated(self.sheet, structure)
                below = {part.code for part in structure.at(level - 1)}
                scores = {code: whole.column(code) for code in whole.columns if code in below}
                structure = weights.weights_by(structure, method, scores, wanted)
        else:
            structure = weights.weights_by(structure, method, {})
        options = {"method": method, **({"wanted": dict(wanted)} if wanted else {})}
        made = self._next("weigh", self.sheet, options, weights_basis=method)
        return replace(made, structure=structure)

    def aggregate(
        self,
        method: str | Sequence[str] = "arithmetic",
        least_share: float | Sequence[float] = 0.0,
        **options: Any,
    ) -> Self:
        """Groups and the index, level by level."""
        sheet = levels.aggregated(self.sheet, self.structure, method, least_share, options)
        told = {"method": method, "least_share": least_share, **options}
        return self._next("aggregate", sheet, told)

    @property
    def scores(self) -> Mapping[str, float]:
        """The index's score of every unit. Raises `BadInput` before `aggregate`."""
        if self.structure.top not in self.sheet.columns:
            raise BadInput("not_aggregated")
        column = self.sheet.column(self.structure.top)
        return dict(zip(self.sheet.units, map(float, column), strict=True))

    def ranking(self) -> list[dict[str, Any]]:
        """Units from the best: unit, score, rank, tied, of, and how many of its values were filled.

        Units without a score come last, without a rank.
        """
        scores = self.scores
        column = np.array(list(scores.values()))
        places = compare.ranks(column)
        filled = [one.unit for one in self.made.filled]
        known = int((~np.isnan(column)).sum())
        rows = [
            {
                "unit": unit,
                "score": None if np.isnan(score) else score,
                "rank": None if np.isnan(place) else int(place),
                "tied": bool((places == place).sum() > 1),
                "of": known,
                "filled": filled.count(unit),
            }
            for (unit, score), place in zip(scores.items(), places, strict=True)
        ]
        return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"], row["unit"]))

    def without_each(self, level: int) -> dict[str, list[compare.Shift]]:
        """Each part of a level left out in turn, all the other steps as they were."""
        step = next(options for name, options in self.made.steps if name == "aggregate")
        normal = self.sheet.take(part.code for part in self.structure.indicators)

        def remade(structure: Structure) -> Sheet:
            kept = normal.take(part.code for part in structure.indicators)
            more = {key: step[key] for key in step if key not in ("method", "least_share")}
            return levels.aggregated(kept, structure, step["method"], step["least_share"], more)

        return compare.without_each(self.structure, level, remade)

    def correlations(self, level: int = 1) -> list[analysis.Correlation]:
        """Every pair of parts of a level."""
        return analysis.correlations(self.sheet, self.structure, level)

    def strengths(
        self, unit: str, most: int = 5
    ) -> tuple[list[analysis.Standing], list[analysis.Standing]]:
        """A unit's best and worst indicators, on the values as they came."""
        return analysis.strengths(self.raw, unit, self.structure.directions, most)
