"""The public functions: what an analyst asks in one line."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import barometer_lib
from barometer_lib.errors import BadInput, BarometerError, NotFound, StoreError
from shared_store import pointer


@pytest.fixture(autouse=True)
def _the_tests_store(monkeypatch):
    monkeypatch.setenv("BAROMETER_STORE", str(pointer()))


def test_the_package_tells_its_public_names_and_no_others():
    for name in barometer_lib.__all__:
        assert getattr(barometer_lib, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = barometer_lib.no_such_name


def test_functions_and_an_open_barometer_give_the_same():
    with barometer_lib.open() as barometer:
        assert barometer.status("2011-2014").content == barometer_lib.status("2011-2014").content
        assert barometer.trend("utryg_nabolag").rows == barometer_lib.trend("utryg_nabolag").rows
        assert barometer.rank("icc").content == barometer_lib.rank("icc").content


def test_the_store_may_be_named():
    assert barometer_lib.trend("utryg_nabolag", store=pointer()).rows
    with pytest.raises(StoreError):
        barometer_lib.trend("utryg_nabolag", store="no-such.json")


def test_values_come_as_printed():
    found = barometer_lib.trend("ledighedsgab")
    assert [(row["period"], row["value"]) for row in found.rows] == [("2011", 10.9), ("2017", 6.3)]


def test_a_frame_holds_the_rows():
    frame = barometer_lib.trend("utryg_nabolag").frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["value"]) == [11.0, 11.0, 7.1, 6.6, 6.4, 9.0, 12.0, 9.0, 9.0, 9.0]
    assert frame["synthetic"].sum() == 0


def test_a_frame_without_rows_has_its_columns():
    frame = barometer_lib.status("2007-2010").frame()
    assert len(frame) == 0
    assert {"goal", "indicator", "value", "status"} <= set(frame.columns)


def test_open_shows_what_was_known_on_a_day():
    with barometer_lib.open(as_of="2016-12-31") as barometer:
        then = barometer.trend("utryg_nabolag")
    assert [row["period"] for row in then.rows] == ["2009", "2014", "2015", "2016"]
    assert then.content["as_of"] == "2016-12-31"
    with barometer_lib.open(as_of=date(2016, 12, 30)) as barometer, pytest.raises(BarometerError):
        barometer.trend("utryg_nabolag")


def test_open_shows_what_a_round_knew():
    with barometer_lib.open(round="2017") as barometer:
        seen = {row["period"] for row in barometer.trend("utryg_nabolag").rows}
    assert "2017" in seen
    assert "2018" not in seen


def test_a_revision_is_seen_from_its_day_on():
    """The value of the day before a revision is the old one, that of the day itself the new one."""
    sql = """select o.indicator, o.area, o.population_group as who, o.period, o.value as before,
        n.value as after, n.known_from as day from measurement_vintage o
        join measurement_vintage n using (indicator, area, population_group, period)
        where n.known_from = o.known_until and o.value <> n.value limit 1"""
    with barometer_lib.open(dataset="demo") as barometer:
        [one] = barometer.sql(sql).rows

    def value(day: date) -> float:
        asked = """select value from measurement where indicator = $i and area = $a
            and population_group = $g and period = $p"""
        with barometer_lib.open(dataset="demo", as_of=day) as barometer:
            bound = {"i": one["indicator"], "a": one["area"], "g": one["who"], "p": one["period"]}
            [row] = barometer.sql(asked, bound).rows
        return row["value"]

    assert value(one["day"]) == one["after"]
    assert value(date.fromordinal(one["day"].toordinal() - 1)) == one["before"]


def test_an_open_barometer_answers_sql_with_bound_values():
    with barometer_lib.open() as barometer:
        found = barometer.sql(
            "select count(*) as n from measurement where indicator = $code",
            {"code": "' or true --"},
        )
        assert found.rows == [{"n": 0}]
        with pytest.raises(Exception, match="read-only"):
            barometer.sql("delete from measurement_vintage")


def test_codes_are_listed():
    with barometer_lib.open() as barometer:
        assert barometer.codes("policy") == [
            "2007-2010", "2011-2014", "2015-2018", "2019-2022", "national", "sikker-by",
        ]  # fmt: skip
        assert "101-01" in barometer.codes("area")
        assert barometer.codes("index") == ["icc"]


def test_a_look_is_closed_when_it_ends():
    with barometer_lib.open() as barometer:
        pass
    with pytest.raises(Exception, match="closed"):
        barometer.sql("select 1")


def test_query_is_the_sandbox():
    found = barometer_lib.query("select count(*) as n from measurement", max_rows=5)
    assert found.rows == [{"n": 61}]
    assert found.columns == ["n"]
    with pytest.raises(BarometerError):
        barometer_lib.query("from demo.measurement")


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (lambda: barometer_lib.trend("utrygg_nabolag"), "indicator"),
        (lambda: barometer_lib.status("2011-2015"), "policy"),
        (lambda: barometer_lib.rank("icc", "2012-1"), "edition"),
        (lambda: barometer_lib.open(round="2013-02"), "round"),
        (lambda: barometer_lib.open(dataset="both"), "dataset"),
    ],
)
def test_what_does_not_exist_is_told(asked, kind):
    with pytest.raises(NotFound) as caught:
        asked()
    assert caught.value.fields["kind"] == kind


def test_a_day_is_written_year_month_day():
    with pytest.raises(BadInput), barometer_lib.open(as_of="31.01.2013"):
        pass


def test_a_rank_that_nobody_published_is_refused_with_its_reason():
    with pytest.raises(BarometerError) as caught:
        barometer_lib.rank("icc", "2012", "all")
    assert caught.value.code == "rank_not_published"
    assert caught.value.fields["why"] == "no_scores"
    assert "2012-01 (all)" in caught.value.fields["published"]


def test_a_barometer_opens_at_once_without_a_with_statement():
    barometer = barometer_lib.open()
    assert barometer.trend("overledighed").content["latest"]["value"] == 10.8
    barometer.close()
    with pytest.raises(Exception, match="closed"):
        barometer.codes("policy")
