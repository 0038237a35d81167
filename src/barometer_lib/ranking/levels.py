"""Normalised indicators aggregated level by level up the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from barometer_lib.errors import BadInput
from barometer_lib.ranking.aggregate import aggregate
from barometer_lib.ranking.normalise import NORMALISATIONS, normalise
from barometer_lib.ranking.sheet import Array, Sheet
from barometer_lib.ranking.structure import Structure


def normalised(
    sheet: Sheet, structure: Structure, method: str = "min_max", **options: Any
) -> Sheet:
    """The indicators on one scale, each with its own direction; goalposts and targets from the
    structure where the method takes them and none are given."""
    parts = [structure[code] for code in sheet.columns]
    if method == "goalposts" and "posts" not in options:
        options["posts"] = _from_structure(parts, "low"), _from_structure(parts, "high")
    if method == "distance_to_target" and "target" not in options:
        options["target"] = _from_structure(parts, "target")
    if method == "distance_to_reference" and isinstance(options.get("reference"), str):
        options["reference"] = sheet.units.index(options["reference"])
    if method not in NORMALISATIONS:
        raise BadInput("bad_choice", asked=method, known=sorted(NORMALISATIONS))
    directions = [part.direction for part in parts]
    return sheet.with_values(normalise(sheet.values, method, directions, **options))


def _from_structure(parts: Sequence[Any], name: str) -> Array:
    missing = [part.code for part in parts if getattr(part, name) is None]
    if missing:
        raise BadInput("structure_lacks", what=name, indicators=", ".join(missing))
    return np.array([getattr(part, name) for part in parts], dtype=float)


def aggregated(
    sheet: Sheet,
    structure: Structure,
    method: str | Sequence[str] = "arithmetic",
    least_share: float | Sequence[float] = 0.0,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """The indicators and every group above them, the index last. One method and least share, or one
    for each step up: indicators into level 2 first.
    """
    steps = structure.levels - 1
    methods = [method] * steps if isinstance(method, str) else list(method)
    shares = [least_share] * steps if isinstance(least_share, (int, float)) else list(least_share)
    for given in (methods, shares):
        if len(given) != steps:
            raise BadInput("one_a_level", given=len(given), levels=steps)
    columns = {code: sheet.values[:, place] for place, code in enumerate(sheet.columns)}
    for step in range(steps):
        for group in structure.at(step + 2):
            parts = structure.children(group.code)
            scores = np.column_stack([columns[part.code] for part in parts])
            weights = [part.weight for part in parts]
            columns[group.code] = aggregate(
                scores, weights, methods[step], shares[step], **(options or {})
            )
    return sheet.with_values(np.column_stack(list(columns.values())), list(columns))
