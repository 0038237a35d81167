"""Many directions at once: p adjusted over the family that is shown together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.intervals import benjamini_hochberg

DISTRICTS = ("district", "survey_district")


def adjust(answers: Sequence[dict[str, Any]], levels: Mapping[str, str]) -> None:
    """Writes `p_adjusted` and the size of its `family` into the facts of every tested direction.

    A family is what a page shows together: the indicators a policy is judged by in a round, or the
    districts of one indicator and group in a round. Source: Benjamini and Hochberg 1995.
    """
    families: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in answers:
        if row["question"] != "direction" or row["facts"].get("p") is None:
            continue
        key: tuple[Any, ...] = (row["policy"], row["round"])
        if not row["own"]:
            if levels.get(row["area"]) not in DISTRICTS:
                continue
            key += (row["goal"], row["indicator"], row["population_group"])
        families.setdefault(key, []).append(row["facts"])
    for family in families.values():
        adjusted = benjamini_hochberg([facts["p"] for facts in family])
        for facts, p in zip(family, adjusted, strict=True):
            facts |= {"p_adjusted": float(f"{p:.3g}"), "family": len(family)}
