"""Primary rules: which figures would point at a person by themselves. Tables in, tables out.

Counts and shares come as one row per figure; sums come with the list of their contributors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HALF = 0.5
# Differences of floating point numbers below this are none.
TINY = 1e-9


@dataclass(frozen=True)
class CountRule:
    """Which counts are hidden: `first` to `last` persons, and what is done about none and all.

    `zero` hides a count of nobody that is no part of a known group; `complement` holds the rest
    of the group (denominator - numerator) to the same band; `whole_group` hides a share where
    nobody or everybody in the group is counted.
    """

    first: int = 1
    last: int = 4
    zero: bool = False
    complement: bool = True
    whole_group: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"no band of counts: {self.first} to {self.last}")


def count_reasons(counts: pa.Table, rule: CountRule) -> pa.Table:
    """The table with a column `reason`: why each figure must be hidden, blank where it need not.

    `counts` has `low` and `high`, between which the count of persons lies (the same number where
    it is known exactly, blank where it is not known), and `denominator`, the persons it is counted
    among (blank where the figure is no part of a group). Reasons, the first that holds:
    `denominator` (the group itself is that small), `count`, `complement`, `nobody`, `everybody`.
    """
    low, high, among = (_numbers(counts, name) for name in ("low", "high", "denominator"))
    known = ~np.isnan(low)
    shares = known & (among > 0)
    rest_low, rest_high = among - high, among - low
    none = high < HALF
    all_of_them = rest_high < HALF
    found = [
        ("denominator", _in_band(among, among, rule)),
        ("count", _in_band(low, high, rule)),
        ("complement", shares & rule.complement & _in_band(rest_low, rest_high, rule)),
        ("nobody", known & none & np.where(shares, rule.whole_group or rule.zero, rule.zero)),
        ("everybody", shares & all_of_them & rule.whole_group),
    ]
    reasons = np.full(counts.num_rows, None, dtype=object)
    for reason, holds in reversed(found):
        reasons[holds] = reason
    return counts.append_column("reason", pa.array(reasons, pa.string()))


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    column = pc.cast(table.column(name), pa.float64())
    return pc.fill_null(column, np.nan).to_numpy().astype(float)  # type: ignore[no-any-return]


def _in_band(low: np.ndarray, high: np.ndarray, rule: CountRule) -> np.ndarray:
    """Whether a count between `low` and `high` may be one that is hidden; blank is not."""
    return (low < rule.last + HALF) & (high >= rule.first - HALF)


@dataclass(frozen=True)
class SumRule:
    """Which sums are hidden: a named rule with its numbers.

    `dominance`: the `n` largest contributors hold at least `k` percent. `p_percent`: the second
    largest can tell the largest to within `p` percent. `pq`: the same where everybody could tell
    to within `q` percent before.
    """

    kind: str
    n: int = 2
    k: float = 85.0
    p: float = 10.0
    q: float = 100.0

    def __post_init__(self) -> None:
        good = (
            self.kind in ("dominance", "p_percent", "pq")
            and self.n >= 1
            and 0 < self.k <= 100
            and 0 < self.p < self.q <= 100
        )
        if not good:
            raise ValueError(f"no rule for sums: {self}")


def sum_reasons(contributions: pa.Table, rule: SumRule) -> pa.Table:
    """One row per `cell`: its `total`, its `share` of the largest, and `reason` (blank: shown).

    `contributions` has `cell`, `contributor` and `value` (not negative). What one contributor
    gives in several rows is added before contributors are ranked. `share` is the part of the total
    that the `n` largest hold (dominance) or the margin, in shares of the largest contribution, by
    which the second largest can tell it (p_percent and pq). Raises `ValueError` for a negative
    value.
    """
    given: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in contributions.to_pylist():
        if row["value"] < 0:
            raise ValueError(f"a negative contribution in {row['cell']}")
        given[row["cell"]][row["contributor"]] += row["value"]
    rows = []
    for cell, by in given.items():
        ranked = sorted(by.values(), reverse=True)
        share, unsafe = (
            _dominated(ranked, rule) if rule.kind == "dominance" else _told(ranked, rule)
        )
        rows.append((cell, sum(ranked), share, rule.kind if unsafe else None))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    types = (("cell", pa.string()), ("total", pa.float64()), ("share", pa.float64()))
    made = {name: pa.array(columns[i], kind) for i, (name, kind) in enumerate(types)}
    return pa.table({**made, "reason": pa.array(columns[3], pa.string())})


def _dominated(ranked: Sequence[float], rule: SumRule) -> tuple[float | None, bool]:
    total = sum(ranked)
    if total <= 0:
        return None, False
    share = sum(ranked[: rule.n]) / total
    return share, share >= rule.k / 100 - TINY


def _told(ranked: Sequence[float], rule: SumRule) -> tuple[float | None, bool]:
    largest = ranked[0] if ranked else 0.0
    if largest <= 0:
        return None, False
    margin = sum(ranked[2:]) / largest
    before = rule.q / 100 if rule.kind == "pq" else 1.0
    return margin, margin * before < rule.p / 100 - TINY
