"""Districts of one division, group and period: each against a benchmark, and how unequal all are.

A block is the districts' rows, each with `area`, `value`, `count` of `n`, `polarity`, and the
city's own figure as `whole_value`, `whole_count`, `whole_n` (blank where there is none).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.gaps import benchmark as judge
from barometer_lib.gaps import inequality as unequal
from barometer_lib.gaps.between import Share, gap_to_target
from barometer_lib.gaps.funnel import proportion_limits
from barometer_lib.gaps.quantiles import quantile_of_value, spine
from barometer_lib.intervals import benjamini_hochberg, wilson

Row = Mapping[str, Any]
Test = dict[str, float | None]
CITY, DISTRICTS, TARGET = "city", "districts", "target"
FEWEST_DISTRICTS = 3
MEASURES = {
    "between_variance": unequal.between_variance,
    "index_of_disparity": unequal.disparity,
    "mean_difference": unequal.mean_difference,
    "theil": unequal.theil,
}


def whole_of(block: Sequence[Row], kind: str | None = None) -> tuple[str, float]:
    """What districts are compared with: the city's own figure, else (or with `districts`) all of
    them together."""
    whole = block[0]["whole_value"]
    if whole is not None and kind != DISTRICTS:
        return CITY, float(whole)
    return DISTRICTS, sum(one["count"] for one in block) / sum(one["n"] for one in block)


def compared(
    block: Sequence[Row],
    kind: str,
    benchmark: float,
    tests: Sequence[Test] | None = None,
) -> list[dict[str, Any]]:
    """Each district by every method: limits, difference and ratio, p and p over all of them,
    outcomes.

    Against the city or all districts together p is that of the district against the rest; `tests`
    are those of `against_rest`, where many blocks were tested at once.
    """
    if tests is None:
        own = kind == TARGET
        tests = _against_target(block, benchmark) if own else against_rest([(block, kind)])[0]
    adjusted = iter(benjamini_hochberg([one["p"] for one in tests if one["p"] is not None]))
    values = [one["value"] for one in block]
    highest, lowest = max(values), min(values)
    rows = []
    for one, test in zip(block, tests, strict=True):
        ends = {one["value"] == highest: "highest", one["value"] == lowest: "lowest"}
        rows.append(
            _judged(one, values, kind, benchmark)
            | {"overlap": _overlap(one, block, kind)}
            | test
            | {"p_adjusted": None if test["p"] is None else next(adjusted)}
            | {"extreme": None if highest == lowest else ends.get(True)}
        )
    return rows


def _judged(one: Row, values: Sequence[float], kind: str, benchmark: float) -> dict[str, Any]:
    value, n, polarity = one["value"], one["n"], one["polarity"]
    low, high = wilson(one["count"], n)
    far = wilson(one["count"], n, 0.998)
    funnel = proportion_limits(benchmark, n)
    place = spine(value, values, polarity, benchmark)
    return {
        "area": one["area"],
        "value": value,
        "low": low,
        "high": high,
        "benchmark_kind": kind,
        "benchmark": benchmark,
        "difference": value - benchmark,
        "ratio": value / benchmark if benchmark > 0 else None,
        "funnel_low": funnel[0],
        "funnel_high": funnel[1],
        "funnel": judge.funnel_place(value, n, benchmark, polarity),
        "one_interval": judge.one_interval(low, high, benchmark, polarity),
        "two_intervals": judge.two_intervals((low, high), far, benchmark, polarity),
        "control": judge.control_proportion(value, n, benchmark, polarity),
        "quintile": quantile_of_value(value, values, 5, polarity),
        "spine_place": None if place is None else place.place,
    }


def _test(limits: tuple[float, float, float, float], p: float) -> Test:
    """Limits of difference and ratio, and p; all blank where p is not known."""
    names = ("difference_low", "difference_high", "ratio_low", "ratio_high")
    known = not math.isnan(p)
    found: Test = dict.fromkeys((*names, "p"))
    return found | dict(zip((*names, "p"), (*limits, p), strict=True)) if known else found


def _overlap(one: Row, block: Sequence[Row], kind: str) -> str:
    """Whether a district's interval and the city's overlap; not compared without the city's n."""
    count, n = block[0]["whole_count"], block[0]["whole_n"]
    if kind != CITY or not n:
        return judge.NOT_COMPARED
    low, high = wilson(one["count"], one["n"])
    return judge.overlapping(
        (one["value"], low, high), (count / n, *wilson(count, n)), one["polarity"]
    )


def _against_target(block: Sequence[Row], target: float) -> list[Test]:
    found: list[Test] = []
    for one in block:
        told = gap_to_target(Share(one["count"], one["n"]), target)
        limits = (told.low, told.high, told.ratio_low, told.ratio_high)
        found.append(_test(limits, told.p))
    return found


def against_rest(blocks: Sequence[tuple[Sequence[Row], str]]) -> list[list[Test]]:
    """Each district of each block (with what it is compared with) against the rest: limits of
    district minus city, and p. Blank where the city's n is not known or does not hold the
    district."""
    from barometer_lib.gaps import batch

    count: list[float] = []
    n: list[float] = []
    whole_n: list[float] = []
    rest: list[float] = []
    for block, kind in blocks:
        whole = block[0]["whole_count"], block[0]["whole_n"]
        if kind == DISTRICTS:
            whole = (sum(one["count"] for one in block), sum(one["n"] for one in block))
        people = math.nan if whole[1] is None else float(whole[1])
        counted = math.nan if whole[0] is None else float(whole[0])
        for one in block:
            count.append(float(one["count"]))
            n.append(float(one["n"]))
            whole_n.append(people)
            rest.append(counted - count[-1])
    made = batch.gaps(count, n, rest, [a - b for a, b in zip(whole_n, n, strict=True)])
    rows: list[Test] = []
    for i, all_people in enumerate(whole_n):
        part = 1 - n[i] / all_people
        low, high, p = (float(getattr(made, name)[i]) for name in ("low", "high", "p"))
        ratios = (float(getattr(made, name)[i]) for name in ("ratio_low", "ratio_high"))
        # district/city from district/rest: the city is 1 - part of it, and the rest
        below, above = (
            1 / (1 - part) if one == math.inf else one / ((1 - part) * one + part) for one in ratios
        )
        rows.append(_test((low * part, high * part, below, above), p))
    left = iter(rows)
    return [[next(left) for _ in block] for block, _ in blocks]


def spread(block: Sequence[Row], draws: int = unequal.DRAWS) -> list[dict[str, Any]]:
    """How unequal the districts are: each measure with limits and what chance alone would give.

    Nothing where nobody of any district is counted.
    """
    counts, ns = [one["count"] for one in block], [one["n"] for one in block]
    if not sum(counts) > 0:
        return []
    return [
        {
            "measure": name,
            "districts": len(block),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "chance": one.chance,
            "chance_high": one.chance_high,
        }
        for name, one in unequal.all_with_chance(MEASURES, counts, ns, draws).items()
    ]
