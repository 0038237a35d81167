"""One series through the engine: the same kernel that takes millions, on a panel of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from math import isinf, isnan
from typing import Any

import numpy as np

from barometer_lib.trends import Line
from barometer_lib.trends.aims import Aims, aim
from barometer_lib.trends.kernel import LEVEL, Lines, fit_panel
from barometer_lib.trends.mann_kendall import Ranks, rank_panel
from barometer_lib.trends.student import Numbers

SIGN = {"higher": 1.0, "lower": -1.0, "neither": 0.0}


@dataclass(frozen=True)
class SeriesFit:
    """All the engine knows of one series. Times in years, values in the unit they came in.

    A blank (None) means it cannot be told: no line below two points at different times, no
    uncertainty below three, nothing of a target where none was given. `level` is true where the
    slope counts as zero. What each number is stands at `Lines`, `Aims` and `Ranks`; there the
    names carry the same meaning: `sen...` is Sen's slope, `s`, `var`, `z` and `rank_p` are
    Mann-Kendall's, exact where `rank_exact`. `meets` is infinite for never.
    """

    n: int
    first_time: float | None
    last_time: float | None
    first_value: float | None
    last_value: float | None
    slope: float | None
    intercept: float | None
    mean_time: float | None
    mean_value: float | None
    se: float | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None
    r2: float | None
    sigma: float | None
    level: bool
    projected: float | None
    line_low: float | None
    line_high: float | None
    se_projected: float | None
    projected_low: float | None
    projected_high: float | None
    p_reach: float | None
    meets: float | None
    meets_low: float | None
    meets_high: float | None
    required_pace: float | None
    pace_ratio: float | None
    closed: float | None
    met: bool
    s: float | None
    var: float | None
    z: float | None
    rank_p: float | None
    rank_exact: bool
    sen: float | None
    sen_low: float | None
    sen_high: float | None
    sen_intercept: float | None

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the line's uncertainty, n - 2; never below 0."""
        return max(0, self.n - 2)


RENAMED = {"p": "rank_p", "exact": "rank_exact"}
"""Columns of `Ranks` that would be taken for the line's."""


def columns(lines: Lines, aims: Aims, ranks: Ranks) -> dict[str, np.ndarray]:
    """All results of a panel under the names `SeriesFit` gives them, one array each."""
    found = {one.name: getattr(lines, one.name) for one in fields(lines)}
    found |= {one.name: getattr(aims, one.name) for one in fields(aims)}
    found |= {RENAMED.get(one.name, one.name): getattr(ranks, one.name) for one in fields(ranks)}
    return {one.name: found[one.name] for one in fields(SeriesFit)}


def fit_series(
    times: Sequence[float] | Numbers,
    values: Sequence[float | None] | Numbers,
    weights: Sequence[float | None] | Numbers | None = None,
    target_time: float | None = None,
    target: float | None = None,
    polarity: str = "higher",
    *,
    new_weight: float = 1.0,
    level: float = LEVEL,
) -> SeriesFit:
    """The line, its uncertainty, its target, Mann-Kendall and Sen of one series, in any order.

    `times` are years (period midpoints), `values` None or NaN where there is none, `weights` one
    over the variance of each point up to a common factor. With `target_time` there is a
    projection, with `target` too the rest of what a target is told; `polarity` is higher, lower or
    neither. `new_weight` is the weight of a new measurement at the target time. Raises
    `ValueError` where the lengths differ or the polarity has no meaning.
    """
    if len(times) != len(values) or (weights is not None and len(weights) != len(values)):
        raise ValueError(f"{len(times)} times, {len(values)} values")
    if polarity not in SIGN:
        raise ValueError(f"polarity: {polarity}")
    x, y = _column(times), _column(values)
    order = np.lexsort((y[:, 0], x[:, 0]))
    x, y = x[order], y[order]
    w = None if weights is None else _column(weights)[order]
    if not len(x):
        x = y = np.full((1, 1), np.nan)
        w = None
    lines = fit_panel(x, y, w, level)
    ranks = rank_panel(x, y if w is None else np.where(w > 0, y, np.nan), level)
    aims = aim(lines, _one(target_time), _one(target), np.array([SIGN[polarity]]),
               new_weight=new_weight, level=level)  # fmt: skip
    found = {name: _plain(array[0]) for name, array in columns(lines, aims, ranks).items()}
    return SeriesFit(**found)


def line_through(times: Sequence[float], values: Sequence[float]) -> Line:
    """The line of one series worked out now, as the store would keep it.

    Raises `ValueError` below three points at different times: such a line has no uncertainty.
    """
    found = fit_series(times, values)
    if found.se is None:
        raise ValueError(f"a line with its uncertainty needs three points, got {found.n}")
    told = asdict(found)
    return Line.of({**told, "t": None if isinf(told["t"]) else told["t"]})


def _column(numbers: Sequence[float | None] | Numbers) -> Numbers:
    return np.array(numbers, dtype=np.float64).reshape(-1, 1)


def _one(number: float | None) -> Numbers:
    return np.array([np.nan if number is None else number])


def _plain(number: np.generic) -> Any:
    plain = number.item()
    return None if isinstance(plain, float) and isnan(plain) else plain
