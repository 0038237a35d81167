"""Every test that a series has points enough for, with its numbers or why it is refused.

5 points: the recent trend and Mann-Kendall with Sen's slope; 10: joinpoint; by month or quarter: a
control chart; a survey: the smallest change that two of its rounds can tell. Values are as printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

from barometer_lib.figures import Figure, limits
from barometer_lib.figures.fits import Prepared
from barometer_lib.intervals import smallest_detectable_change
from barometer_lib.trends import SIGNIFICANT_P, TREND_POINTS
from barometer_lib.trends.recent import CRITICAL, Point, recent_trend
from barometer_lib.trends.xmr import xmr
from barometer_lib.units import scale

TESTS = ("recent", "mann_kendall", "joinpoint", "control_chart", "detectable")
REFUSED = "refused"
JOINED_KINDS = frozenset({"year", "school_year", "half_year", "quarter", "survey_wave"})
PERMUTED_POINTS = 20
MOST_JOINS = 3
SAVED = 6  # decimals of statistics


def target_of(
    targets: Sequence[Mapping[str, Any]],
    entry: Mapping[str, Any],
    area: str,
    group: str,
    level: str,
    home: str,
    figures: Sequence[Figure],
) -> float | None:
    """The target's value that a series is held against, as printed: of those in force at its newest
    figure the last to begin; blank where none with a value holds for just this series."""
    if not figures or group != entry["population_group"] or figures[-1].period_end is None:
        return None
    day = figures[-1].period_end
    places = {
        "city": area == home,
        "country": level == "country",
        "every_district": level in ("district", "survey_district"),
    }
    held = [
        one
        for one in targets
        if one["indicator"] == entry["indicator"]
        and one["form"] in ("level", "maximum", "minimum")
        and one["value"] is not None
        and one["unit"] == entry["unit"]
        and places[one["applies_to"]]
        and (one["valid_from"] is None or one["valid_from"] <= day)
        and (one["valid_to"] is None or one["valid_to"] >= day)
    ]
    if not held:
        return None
    return float(max(held, key=lambda one: one["valid_from"] or date.min)["value"])


def made_ready(
    figures: Sequence[Figure], entry: Mapping[str, Any], target: float | None = None
) -> Prepared:
    """A series of comparable figures with their limits, ready to be tested."""
    share, effect = entry["kind"] == "proportion", entry["design_effect"]
    return Prepared(
        figures,
        [limits(one, effect) if share else None for one in figures],
        entry["kind"],
        entry["unit"],
        entry["polarity"],
        entry["basis"],
        effect,
        target,
    )


def every_test(series: Prepared, *, joins: bool = True) -> list[dict[str, Any]]:
    """One row per test: `code`, `reason`, `points` used from `first_period` on, `estimate` with
    `low` and `high` (slopes per year), `statistic`, `p`, and `facts` with all other numbers.

    Without `joins` the joinpoint model, which takes longest, is left out.
    """
    found = [_recent(series), _ranks(series)]
    if joins:
        found.append(_joined(series))
    return [*found, _chart(series), _detectable(series)]


def _row(
    test: str, series: Prepared, used: int, code: str, reason: str, **numbers: Any
) -> dict[str, Any]:
    first = series.figures[-used].period if used else None
    blank = dict.fromkeys(("estimate", "low", "high", "statistic", "p"))
    facts = numbers.pop("facts", {})
    row = {"test": test, "code": code, "reason": reason, "points": used, "first_period": first}
    return row | blank | {name: _fine(one) for name, one in numbers.items()} | {"facts": facts}


def _refused(test: str, series: Prepared, reason: str, **facts: Any) -> dict[str, Any]:
    points = len(series.figures)
    return _row(test, series, points, REFUSED, reason, facts={"points": points} | facts)


def _fine(value: float | None) -> float | None:
    """A number with as many digits as are worth keeping; p small is kept by its first digits."""
    if value is None or isnan(value):
        return None
    return float(f"{value:.{SAVED}g}") if abs(value) < 1 else round(value, SAVED)


def _way(slope: float, polarity: str) -> str:
    if polarity == "neither":
        return "rising" if slope > 0 else "falling"
    return "improving" if (slope > 0) is (polarity == "higher") else "worsening"


def _recent(series: Prepared) -> dict[str, Any]:
    """The recent trend of the last five: by counts for a register's shares, else by intervals."""
    kind = {"rate": "rate", "proportion": "proportion"}.get(series.kind, "other")
    counted = kind == "proportion" and all(
        one.numerator is not None and one.denominator is not None for one in series.figures[-5:]
    )
    points = [
        Point(
            (one.value or 0.0) * scale(series.unit),
            None if limits is None else limits[0] * scale(series.unit),
            None if limits is None else limits[1] * scale(series.unit),
            one.numerator if counted else None,
            one.denominator if counted else None,
        )
        for one, limits in zip(series.figures, series.limits, strict=True)
    ]
    found = recent_trend(
        points,
        kind,
        by_count=counted,
        frequency=series.step or "year",
        times=series.times,
    )
    if found.reason is not None:
        return _refused("recent", series, found.reason, least=TREND_POINTS)
    certain = found.trend in ("increasing", "decreasing")
    facts = {
        "points": TREND_POINTS,
        "chi_square": _fine(found.chi_square),
        "critical": round(CRITICAL, 3),
        "kept_sign": found.kept_sign,
        "by_counts": counted,
        "slope": _fine(found.slope),
    }
    reason = "beyond_critical" if certain else "sign_not_kept"
    if not certain and (found.chi_square or 0.0) <= CRITICAL:
        reason = "within_critical"
    return _row(
        "recent", series, TREND_POINTS,
        _way(found.slope or 0.0, series.polarity) if certain else "not_distinguishable", reason,
        statistic=found.chi_square, facts=facts,
    )  # fmt: skip


def _ranks(series: Prepared) -> dict[str, Any]:
    """Mann-Kendall, exact up to ten points, and Sen's slope a year."""
    if len(series.figures) < TREND_POINTS:
        return _refused("mann_kendall", series, "fewer_than_five", least=TREND_POINTS)
    import numpy as np

    from barometer_lib.trends.mann_kendall import rank_panel

    times = np.array(series.times)[:, None]
    found = rank_panel(times, np.array(series.values)[:, None])
    p, slope = float(found.p[0]), float(found.sen[0])
    if isnan(p):
        return _refused("mann_kendall", series, "two_at_one_time")
    facts = {
        "points": len(series.figures),
        "s": float(found.s[0]),
        "exact": bool(found.exact[0]),
        "p": _fine(p),
    }
    certain = p < SIGNIFICANT_P and slope != 0
    return _row(
        "mann_kendall", series, len(series.figures),
        _way(slope, series.polarity) if certain else "not_distinguishable",
        "rank_significant" if certain else "rank_not_significant",
        estimate=slope, low=float(found.sen_low[0]), high=float(found.sen_high[0]),
        statistic=float(found.s[0]), p=p, facts=facts,
    )  # fmt: skip


def _joined(series: Prepared) -> dict[str, Any]:
    """Straight lines that meet; their number by the permutation test, of long series by BIC."""
    from barometer_lib.trends.joinpoint import FEWEST_POINTS, Refused, joinpoint

    if series.step not in JOINED_KINDS:
        reason = "too_often" if series.step else "mixed_periods"
        return _refused("joinpoint", series, reason)
    logs = min(series.values, default=0.0) > 0 and series.kind != "gap"
    choose = "permutation" if len(series.figures) <= PERMUTED_POINTS else "bic"
    found = joinpoint(series.times, series.values, logs=logs, most=MOST_JOINS, choose=choose)
    if isinstance(found, Refused):
        return _refused("joinpoint", series, found.reason, least=FEWEST_POINTS)
    at = dict(zip(series.times, (one.period for one in series.figures), strict=True))
    facts = {
        "points": len(series.figures),
        "chosen_by": choose,
        "percent": logs,
        "joins": [at.get(one, round(one, 3)) for one in found.joins],
        "segments": [
            {
                "from": at.get(one.start, round(one.start, 3)),
                "to": at.get(one.end, round(one.end, 3)),
                "change": _fine(one.apc if logs else one.slope),
                "low": _fine(one.apc_low if logs else one.slope_low),
                "high": _fine(one.apc_high if logs else one.slope_high),
            }
            for one in found.segments
        ],
        "tests": [{"joins": a, "against": b, "p": _fine(p)} for a, b, p in found.p],
    }
    about = found.average
    average = (about.aapc, about.aapc_low, about.aapc_high)
    if not logs:
        average = (about.slope, about.slope_low, about.slope_high)
    return _row(
        "joinpoint", series, len(series.figures), "joined" if found.joins else "straight",
        "by_permutation" if choose == "permutation" else "by_bic",
        estimate=average[0], low=average[1], high=average[2], facts=facts,
    )  # fmt: skip


def _chart(series: Prepared) -> dict[str, Any]:
    """The control chart of a series by month or quarter: variation and assurance."""
    found = xmr(
        series.values,
        frequency=series.step or "mixed",
        polarity=series.polarity,
        target=series.target,
    )
    if found.reason is not None:
        return _refused("control_chart", series, found.reason)
    last = found.limits[-1]
    facts = {
        "points": len(series.figures),
        "mean": _fine(last.mean),
        "low": _fine(last.low),
        "high": _fine(last.high),
        "trial": last.trial,
        "cause": found.causes[-1],
        "assurance": found.assurance,
        "target": series.target,
        "special": sum(1 for one in found.causes if one != "common"),
    }
    return _row(
        "control_chart", series, len(series.figures), str(found.variation), found.causes[-1],
        estimate=last.mean, low=last.low, high=last.high, facts=facts,
    )  # fmt: skip


def _detectable(series: Prepared) -> dict[str, Any]:
    """The smallest change that a survey's two newest rounds tell with probability 0.8."""
    if series.basis != "survey" or series.kind != "proportion":
        return _refused("detectable", series, "no_survey")
    if len(series.figures) < 2:
        return _refused("detectable", series, "one_round")
    before, now = series.figures[-2:]
    sizes = [one.sample_size or one.denominator for one in (before, now)]
    if sizes[0] is None or sizes[1] is None or not 0 < (now.value or 0.0) < 1:
        return _refused("detectable", series, "sample_not_known")
    effect = series.design_effect or 1.0
    least = 100 * smallest_detectable_change(sizes[0], sizes[1], now.value or 0.0, effect)
    change = series.values[-1] - series.values[-2]
    facts = {
        "change": _fine(change),
        "sample_size": sizes[1],
        "sample_before": sizes[0],
        "design_effect": effect,
        "power": 0.8,
    }
    reached = abs(change) >= least
    return _row(
        "detectable", series, 2, "large_enough" if reached else "too_small",
        "beyond_detectable" if reached else "below_detectable", estimate=least, facts=facts,
    )  # fmt: skip
