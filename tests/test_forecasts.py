"""Forecasts frozen at a decision: statsmodels' prediction interval, vintages, outcomes, words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

import barometer_lib
import shared_store
from barometer_lib import locale, periods
from barometer_lib.build.forecasts import forecast_tables
from barometer_lib.charts import Forecast, Line, Point, history
from barometer_lib.sentences.forecasts import forecast as said
from barometer_lib.store import forecasts as stored
from barometer_lib.store import session as look
from barometer_lib.views.indicator import indicator_page

Row = dict[str, Any]
DECIDED = date(2010, 1, 15)


def vintage(year: int, value: float | None, **more: Any) -> Row:
    when = periods.parse(str(year))
    row = {
        "indicator": "work", "area": "city", "population_group": "all", "period": str(year),
        "period_start": when.start, "period_end": when.end, "reported_round": None,
        "value": None if value is None else value / 100, "unit": "percent", "decimals": 1,
        "numerator": None, "denominator": None, "sample_size": None,
        "status": "reported" if value is not None else "suppressed", "published_change": None,
        "change_unit": None, "change_since": None, "published_significance": None, "source": "s",
        "known_from": date(year + 1, 1, 10), "known_until": None,
    }  # fmt: skip
    return row | more


KNOWN = [vintage(2006 + at, value) for at, value in enumerate((60.0, 63.0, 64.0, 67.0))]


def made(later: list[Row], known: list[Row] = KNOWN, **changed: Any) -> tuple[Row, list[Row]]:
    entry = {"indicator": "work", "unit": "percent", "kind": "proportion", "polarity": "higher",
             "population_group": "all"}  # fmt: skip
    target = {"target": "t", "decision": "d", "indicator": "work", "applies_to": "city",
              "target_period": "2012"}  # fmt: skip
    decision = {"decision": "d", "decided": DECIDED, "decided_period": None}
    tables = {
        "dataset": [{"home_area": "city", "synthetic": True}],
        "indicator": [entry | changed.get("entry", {})],
        "area": [{"area": "city", "level": "municipality"}, {"area": "east", "level": "district"}],
        "decision": [decision | changed.get("decision", {})],
        "target": [target | changed.get("target", {})],
        "series_break": changed.get("breaks", []),
        "measurement_vintage": [*known, *later],
    }
    found = forecast_tables(tables)
    (row,) = found["forecast"]
    return row, found["forecast_point"]


def test_the_interval_is_that_of_a_new_observation():
    """methods: 60, 63, 64, 67 (2006-09) lead to 73.4 in 2012, give or take 6.3."""
    row, points = made([vintage(2010, 68.0)])
    fit = sm.OLS([60, 63, 64, 67], sm.add_constant(np.arange(2006.0, 2010.0))).fit()
    for one, year in zip(points, (2010.0, 2012.0), strict=True):
        told = fit.get_prediction([[1, year]]).summary_frame(alpha=0.05)
        assert one["forecast"] == pytest.approx(told["mean"][0], abs=0.01)
        assert one["low"] == pytest.approx(told["obs_ci_lower"][0], abs=0.01)
        assert one["high"] == pytest.approx(told["obs_ci_upper"][0], abs=0.01)
    assert points[1]["forecast"] == pytest.approx(73.4, abs=0.05)
    assert points[1]["high"] - points[1]["forecast"] == pytest.approx(6.3, abs=0.05)
    assert (row["points"], row["evidence"], row["first_period"], row["last_period"]) == (
        4, "indicative", "2006", "2009",
    )  # fmt: skip
    assert (row["code"], row["later"], row["inside"]) == ("inside", 1, 1)
    assert points[0]["distance"] == pytest.approx(68 - points[0]["forecast"], abs=0.01)
    assert points[1]["outcome"] == "not_yet"


def test_what_became_known_later_changes_nothing_of_what_was_frozen():
    before, points = made([vintage(2010, 68.0)])
    again = [
        KNOWN[0] | {"known_until": date(2011, 5, 1)},
        *KNOWN[1:],
        KNOWN[0] | {"value": 0.40, "known_from": date(2011, 5, 1)},
    ]
    after, others = made([vintage(2010, 68.0), vintage(2011, 71.0)], again)
    frozen = ("decided", "points", "first_period", "last_period", "evidence")
    assert [before[name] for name in frozen] == [after[name] for name in frozen]
    by_period = {one["period"]: one for one in others}
    for one in points:
        for name in ("forecast", "low", "high"):
            assert by_period[one["period"]][name] == one[name]
    # what was not known that day is not in the line, whenever it was measured
    late = [*KNOWN[:3], KNOWN[3] | {"known_from": date(2010, 2, 1)}]
    assert made([], late)[0]["last_period"] == "2008"
    # a later revision of a later figure is what it is compared with today
    revised = [vintage(2010, 68.0, known_until=date(2012, 1, 1)),
               vintage(2010, 90.0, known_from=date(2012, 1, 1))]  # fmt: skip
    assert made(revised)[0]["code"] == "better"


@pytest.mark.parametrize(
    ("value", "polarity", "outcome"),
    [
        (68.0, "higher", "inside"), (90.0, "higher", "better"), (50.0, "higher", "worse"),
        (90.0, "lower", "worse"), (50.0, "lower", "better"), (90.0, "neither", "above"),
        (50.0, "neither", "below"), (None, "higher", "suppressed"),
    ],
)  # fmt: skip
def test_how_a_later_measurement_lies(value, polarity, outcome):
    row, points = made([vintage(2010, value)], entry={"polarity": polarity})
    assert points[0]["outcome"] == outcome
    assert row["code"] == ("refused" if outcome == "suppressed" else outcome)
    counted = (row["inside"], row["better"], row["worse"])
    wanted = {"inside": (1, 0, 0), "better": (0, 1, 0), "above": (0, 1, 0), "worse": (0, 0, 1),
              "below": (0, 0, 1), "suppressed": (0, 0, 0)}  # fmt: skip
    assert counted == wanted[outcome]


@pytest.mark.parametrize(
    ("known", "later", "changed", "reason"),
    [
        ([], [vintage(2010, 68.0)], {}, "nothing_known"),
        (KNOWN[:2], [vintage(2010, 68.0)], {}, "fewer_than_three"),
        ([*KNOWN[:3], KNOWN[3] | {"value": None, "status": "suppressed"}],
         [vintage(2010, 68.0)], {}, "newest_hidden"),
        (KNOWN, [], {}, "nothing_later"),
        (KNOWN, [], {"target": {"target_period": None}}, "nothing_later"),
        (KNOWN, [vintage(2010, 68.0)], {"breaks": [
            {"indicator": "work", "area_level": None, "linked": False,
             "start_day": date(2010, 1, 1)}]}, "across_break"),
    ],
)  # fmt: skip
def test_where_there_is_no_forecast_it_says_why(known, later, changed, reason):
    row, _ = made(later, known, **changed)
    assert (row["code"], row["reason"], row["later"]) == ("refused", reason, 0)


def test_a_linked_break_parts_too_and_one_of_another_level_does_not():
    """The forecast is of figures as they were known that day, which no link has carried over."""
    broken = {"indicator": "work", "start_day": date(2010, 1, 1), "linked": True}
    for level, code in ((None, "refused"), ("district", "inside")):
        told = made([vintage(2010, 68.0)], breaks=[broken | {"area_level": level}])[0]
        assert told["code"] == code


def test_only_where_a_target_holds_and_of_decisions_with_a_day():
    east = [one | {"area": "east"} for one in [*KNOWN, vintage(2010, 68.0)]]
    row, _ = made([vintage(2010, 68.0), *east], target={"applies_to": "every_district"})
    assert row["area"] == "east"
    month = {"decided": None, "decided_period": "2010-01"}
    assert made([], decision=month)[0]["decided"] == date(2010, 1, 31)
    with pytest.raises(ValueError, match="unpack"):
        made([], decision={"decided": None})


def test_shares_stay_between_nothing_and_everybody():
    steep = [vintage(2006 + at, value) for at, value in enumerate((70.0, 80.0, 88.0, 97.0))]
    _, points = made([vintage(2010, 99.0)], steep)
    assert points[-1]["high"] == 100.0
    assert points[-1]["forecast"] == 100.0


# --- the store, the doors, the page ---------------------------------------------------------------


def test_the_door_tells_what_the_store_holds():
    found = barometer_lib.trend("demo-employment", dataset="demo", store=shared_store.pointer())
    with look(shared_store.pointer(), "demo") as store:
        rows = stored.forecasts(store, "demo-employment", "demo-city", found.content["group"])
    assert [one["decision"] for one in found.content["forecasts"]] == [
        "demo-decision-2010", "demo-decision-2006",
    ]  # fmt: skip
    first = found.content["forecasts"][0]
    assert [one["forecast"] for one in first["series"]] == [
        one["forecast"] for one in rows[0]["series"]
    ]
    assert first["code"] == "worse"
    then = barometer_lib.trend(
        "demo-employment", dataset="demo", store=shared_store.pointer(), as_of="2009-01-01"
    )
    assert [one["decision"] for one in then.content["forecasts"]] == ["demo-decision-2006"]


NEVER = {
    "da": ("prognose", "skyldes", "effekt", "virkede", "fordi", "uændret"),
    "en": ("because", "caused", "effect", "worked", "thanks to", "unchanged"),
}


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_what_the_store_holds_can_be_said_without_a_cause(lang):
    with look(shared_store.pointer(), "demo") as store:
        places = store.rows("select distinct indicator, area, population_group as g from forecast")
        rows = [
            row
            for one in places
            for row in stored.forecasts(store, one["indicator"], one["area"], one["g"])
        ]
    assert {row["code"] for row in rows} >= {"inside", "better", "worse", "refused"}
    for row in rows:
        sentence = said(row, lang)
        assert re.fullmatch(r"\S.*[.]", sentence), sentence
        assert not re.search(r"[{}]|  |\.\.|None", sentence), sentence
        assert [word for word in NEVER[lang] if word in sentence.lower()] == []
    for reason in locale.words(lang)["forecasts"]["refused"]:
        assert said({"decided": DECIDED, "reason": reason, "points": 2}, lang).endswith(".")


def test_the_picture_draws_the_forecast_in_its_band():
    line = Line("x", [Point(str(2006 + at), value=60.0 + at, decimals=1) for at in range(4)])
    given = {"name": "history", "title": "t", "unit": "percent", "decimals": 1}
    plain = history([line], "en", **given)
    chart = history(
        [line], "en", forecast=Forecast([(2012.5, 66.0, 60.0, 90.0), (2013.5, 67.0, 59.0, 91.0)]),
        **given,
    )  # fmt: skip
    names = [trace["name"] for trace in chart.figure["data"]]
    assert names[:2] == ["forecast band", "forecast"]
    assert "forecast" not in [trace["name"] for trace in plain.figure["data"]]
    assert locale.text("en", "charts.forecast") in chart.summary
    assert locale.text("en", "charts.forecast") not in plain.summary
    assert chart.figure["layout"]["yaxis"]["range"][1] >= 91
    assert chart.figure["layout"]["xaxis"]["range"][1] >= 2013.5


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_the_page_says_and_draws_it(lang):
    page = indicator_page(
        {"indicator": "demo-employment", "dataset": "demo", "lang": lang}, shared_store.pointer()
    )
    heading = locale.text(lang, "forecasts.title")
    assert heading in page["html"]
    assert locale.text(lang, "forecasts.no_cause") in page["html"]
    assert locale.text(lang, "tests.title") in page["html"]
