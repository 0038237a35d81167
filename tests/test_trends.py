"""Trends: the line against two outside witnesses, and how little is said of few points."""

from __future__ import annotations

import math
import random
from dataclasses import asdict
from datetime import date
from functools import partial

import numpy as np
import pytest
import scipy.stats
import statsmodels.api

from barometer_lib.figures import Figure
from barometer_lib.intervals import student_p, student_quantile
from barometer_lib.periods import parse
from barometer_lib.trends import as_stored
from barometer_lib.trends import trend as trend_with
from barometer_lib.trends.fits import line_through

NO_BREAK: list[dict[str, object]] = []
trend = partial(trend_with, line_through=line_through)


def figure(period: str | None, value: float | None, **more: object) -> Figure:
    days = None if period is None else parse(period)
    row = {
        "indicator": "i",
        "area": "101",
        "population_group": "residents:all",
        "period": period,
        "period_start": days and days.start,
        "period_end": days and days.end,
        "reported_round": None,
        "value": value,
        "unit": "percent",
        "decimals": 1,
        "numerator": None,
        "denominator": None,
        "sample_size": None,
        "status": "reported" if value is not None else "missing",
        "published_change": None,
        "change_unit": None,
        "change_since": None,
        "published_significance": None,
        "source": "s",
        "known_from": date(2020, 1, 1),
        "known_until": None,
    }
    return Figure.of({**row, **more})


def years(first: int, values: list[float | None]) -> list[Figure]:
    return [figure(str(first + step), value) for step, value in enumerate(values)]


def broken(start: str, *, linked: bool = False) -> dict[str, object]:
    return {"start": start, "start_day": parse(start).start, "linked": linked, "reason": "r"}


def series_like_the_barometers() -> list[tuple[list[float], list[float]]]:
    """Short series about 2010, values of one decimal as they are printed, some with gaps."""
    draw = random.Random(11)
    found = []
    for _ in range(60):
        n = draw.randint(3, 16)
        x = sorted(draw.sample([2006 + step / 2 for step in range(30)], n))
        slope = draw.choice([0.0, 0.3, -1.2])
        y = [round(40 + slope * (one - 2010) + draw.gauss(0, 2), 1) / 100 for one in x]
        if min(y) != max(y):
            found.append((x, y))
    return found


@pytest.mark.parametrize(("x", "y"), series_like_the_barometers())
def test_the_line_is_statsmodels_line(x, y):
    ours = line_through(x, y)
    centred = np.array(x) - np.mean(x)  # statsmodels loses digits on raw years
    theirs = statsmodels.api.OLS(y, statsmodels.api.add_constant(centred)).fit()
    low, high = theirs.conf_int(0.05)[1]
    assert ours.slope == pytest.approx(theirs.params[1], rel=1e-9, abs=1e-15)
    assert ours.se == pytest.approx(theirs.bse[1], rel=1e-9)
    assert ours.t == pytest.approx(theirs.tvalues[1], rel=1e-9, abs=1e-12)
    assert ours.p == pytest.approx(theirs.pvalues[1], rel=1e-7, abs=1e-13)
    assert (ours.low, ours.high) == pytest.approx((low, high), rel=1e-8, abs=1e-14)
    assert ours.n == len(x)


@pytest.mark.parametrize(("x", "y"), series_like_the_barometers())
def test_the_line_is_scipys_line(x, y):
    ours, theirs = line_through(x, y), scipy.stats.linregress(x, y)
    assert ours.slope == pytest.approx(theirs.slope, rel=1e-9, abs=1e-14)
    assert ours.intercept == pytest.approx(theirs.intercept, rel=1e-8)
    assert ours.se == pytest.approx(theirs.stderr, rel=1e-8)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-13)


def test_a_line_worked_out_by_hand():
    # x - mean: -1, 0, 1; slope = (3 - 1) / 2 = 1; left: 1/6, -1/3, 1/6 -> 1/6; se = sqrt(1/6 / 2)
    line = line_through([2009, 2010, 2011], [1.0, 1.5, 3.0])
    assert line.slope == pytest.approx(1.0)
    assert line.se == pytest.approx(math.sqrt(1 / 6 / 2))
    assert line.intercept == pytest.approx(5.5 / 3 - 2010)


def test_a_constant_series_has_no_slope_and_no_nan():
    line = line_through([2009, 2010, 2011, 2012, 2013], [0.11] * 5)
    assert (line.slope, line.se, line.t, line.p, line.low, line.high) == (0, 0, 0, 1, 0, 0)


@pytest.mark.parametrize("start", [0, 2009])
def test_points_exactly_on_a_line_leave_nothing(start):
    x = [start + step for step in range(6)]
    line = line_through(x, [0.1 * step for step in range(6)])
    assert line.slope == pytest.approx(0.1, rel=1e-12)
    assert (line.se, line.p, line.t) == (0.0, 0.0, None)
    assert line.low == line.high == line.slope


@pytest.mark.parametrize(("large", "small"), [(1e6, 1.0), (1e9, 1.0), (0.0, 1e-12), (50.0, 1e-6)])
def test_no_digits_are_lost_on_large_or_small_values(large, small):
    """Values about a million that differ by one, and values of a millionth, about the year 2010."""
    steps = [0.0, 1.0, 0.0, 2.0, 1.0, 3.0]
    x = [2007.0 + step for step in range(6)]
    ours = line_through(x, [large + small * step for step in steps])
    whole = line_through([float(step) for step in range(6)], steps)
    rounding = 1e-9 if (small == 1.0 and large < 1e9) or large == 0 else 1e-6
    assert ours.slope == pytest.approx(whole.slope * small, rel=rounding)
    assert ours.se == pytest.approx(whole.se * small, rel=rounding)
    assert ours.p == pytest.approx(whole.p, rel=rounding)


def test_a_line_needs_three_points_at_more_than_one_time():
    with pytest.raises(ValueError, match="three points"):
        line_through([2009, 2010], [1.0, 2.0])
    with pytest.raises(ValueError, match="2 values"):
        line_through([2009, 2010, 2011], [1.0, 2.0])
    with pytest.raises(ValueError, match="three points"):
        line_through([2010, 2010, 2010], [1.0, 2.0, 3.0])


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 7, 8, 20, 29])
def test_students_p_and_quantile_are_scipys(freedom):
    for t in (0.0, 0.1, 0.7, 1.0, 2.0, 3.5, 8.0):
        theirs = 2 * scipy.stats.t.sf(t, freedom)
        assert student_p(t, freedom) == pytest.approx(theirs, rel=1e-9, abs=1e-14)
        assert student_p(-t, freedom) == student_p(t, freedom)
    for level in (0.8, 0.95, 0.998):
        theirs = scipy.stats.t.ppf(0.5 + level / 2, freedom)
        assert student_quantile(freedom, level) == pytest.approx(theirs, rel=1e-8)


def test_nothing_is_told_of_nothing():
    found = trend(years(2009, [None, None]), NO_BREAK, "higher")
    assert (found.evidence, found.reason, found.latest) == ("none", "no_figures", None)


@pytest.mark.parametrize(
    ("values", "evidence", "reason"),
    [
        ([0.1], "level", "one_point"),
        ([0.1, 0.2], "change", "fewer_than_five"),
        ([0.1, 0.2, 0.3, 0.4], "change", "fewer_than_five"),
        ([0.1, 0.2, None, 0.3, 0.4], "change", "fewer_than_five"),
        ([0.1, 0.2, 0.3, 0.4, 0.5], "trend", "slope_significant"),
        ([0.1, None, 0.2, 0.3, 0.4, 0.5], "trend", "slope_significant"),
    ],
)
def test_under_five_points_there_is_no_trend(values, evidence, reason):
    found = trend(years(2009, values), NO_BREAK, "higher")
    assert (found.evidence, found.reason) == (evidence, reason)
    assert (found.line is None) is (evidence != "trend")
    if evidence != "trend":
        assert found.direction == "too_few_points"


def test_the_change_is_of_the_newest_two():
    found = trend(years(2009, [0.5, 0.2, 0.1]), NO_BREAK, "higher")
    assert found.change is not None
    assert found.change.value == pytest.approx(0.1 - 0.2)
    assert found.change.reference_period == "2010"


@pytest.mark.parametrize(
    ("polarity", "rising", "falling"),
    [
        ("higher", "improving", "worsening"),
        ("lower", "worsening", "improving"),
        ("neither", "rising", "falling"),
    ],
)
def test_direction_follows_polarity(polarity, rising, falling):
    up = years(2009, [0.10, 0.12, 0.13, 0.15, 0.16, 0.18])
    down = years(2009, [0.18, 0.16, 0.15, 0.13, 0.12, 0.10])
    assert trend(up, NO_BREAK, polarity).direction == rising
    assert trend(down, NO_BREAK, polarity).direction == falling


def test_noise_is_no_direction():
    found = trend(years(2009, [0.10, 0.12, 0.09, 0.11, 0.10, 0.12]), NO_BREAK, "higher")
    assert (found.direction, found.reason) == ("not_distinguishable", "slope_not_significant")


def test_real_distances_in_time_count():
    with_gap = [figure(str(y), v) for y, v in zip(
        (2009, 2010, 2014, 2015, 2016), (0.10, 0.11, 0.15, 0.16, 0.17), strict=True
    )]  # fmt: skip
    line = trend(with_gap, NO_BREAK, "higher").line
    assert line is not None
    assert line.slope == pytest.approx(0.01)


def test_a_break_leaves_what_was_before_out():
    series = years(2009, [0.5, 0.6, 0.7, 0.1, 0.2])
    found = trend(series, [broken("2012")], "higher")
    assert (found.points, found.before_break, found.evidence) == (2, 3, "change")
    assert found.change is not None
    assert found.change.value == pytest.approx(0.1)


def test_one_point_after_a_break_is_compared_with_nothing():
    found = trend(years(2009, [0.5, 0.6, 0.1]), [broken("2011")], "higher")
    assert (found.evidence, found.reason, found.change) == ("level", "across_break", None)


def test_a_linked_break_and_a_later_break_leave_the_series_whole():
    series = years(2009, [0.1, 0.2, 0.3, 0.4, 0.5])
    for one in (broken("2011", linked=True), broken("2014")):
        found = trend(series, [one], "higher")
        assert (found.points, found.before_break) == (5, 0)


def test_a_published_change_is_told_as_published():
    last = figure("2013", 0.772, published_change=-2.4, change_unit="percentage_points",
                  change_since="previous")  # fmt: skip
    found = trend([figure("2012", 0.9), last], NO_BREAK, "higher")
    assert found.change is not None
    assert (found.change.kind, found.change.value) == ("published", pytest.approx(-0.024))


def test_undated_figures_are_in_no_line():
    """A release that does not state its period has no place in time."""
    undated = [figure(None, 0.1 * step) for step in range(1, 7)]
    found = trend(undated, NO_BREAK, "higher")
    assert found.line is None
    assert found.direction == "too_few_points"


def test_repeated_and_hidden_figures_are_not_measurements():
    series = [
        *years(2009, [0.1, 0.2]),
        figure("2011", 0.2, status="no_new_figures"),
        figure("2012", None, status="suppressed"),
    ]
    found = trend(series, NO_BREAK, "higher")
    assert found.points == 2
    assert found.latest is not None
    assert found.latest.period == "2010"


def test_a_stored_line_is_told_as_stored_and_only_of_its_own_points():
    row = {**asdict(line_through([2009, 2010, 2011, 2012, 2013], [0.1, 0.2, 0.1, 0.4, 0.5])),
           "series_id": 7, "slope": 0.25}  # fmt: skip
    told = trend_with(years(2009, [0.1, 0.2, 0.1, 0.4, 0.5]), NO_BREAK, "higher",
                      line_through=as_stored(row))  # fmt: skip
    assert told.line is not None
    assert told.line.slope == 0.25
    with pytest.raises(ValueError, match="through 5"):
        trend_with(years(2009, [0.1, 0.2, 0.1, 0.4, 0.5, 0.6]), NO_BREAK, "higher",
                   line_through=as_stored(row))  # fmt: skip
