"""Checks over many rows at once: sums, subtotals, frequencies, and the delivery before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from barometer_lib import deliveries
from barometer_lib.build import check
from barometer_lib.errors import NotFound, say_fault
from offices import DATA, Office, demo, mapped

HEADER = "indicator,area,group,period,value,numerator,denominator"
COLUMNS = mapped(**{name: name for name in HEADER.split(",")})
PARTS = {
    "danish": 600,
    "immigrants-non-western": 200,
    "descendants-non-western": 150,
    "western": 50,
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def row(group: str, value: Any, *, indicator: str = "demo-job-starts", area: str = "demo-city",
        period: str = "2013-S1", of: str = ",") -> str:  # fmt: skip
    return f"{indicator},{area},demo-origin:{group},{period},{value},{of}"


def page(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def all_told(office: Office) -> list[tuple[Any, ...]]:
    """Rule, line, column, value and severity of each fault, warnings too."""
    found = office.everything()
    for fault in found:
        for lang in ("da", "en"):
            assert say_fault(fault, lang)
    return [(one.code, one.line, one.column, one.found, one.severity) for one in found]


# --- parts against totals --------------------------------------------------------------------


def split(total: Any, **changed: Any) -> list[str]:
    parts = PARTS | {key.replace("_", "-"): one for key, one in changed.items()}
    return [row("total", total), *(row(one, n) for one, n in parts.items() if n is not None)]


def test_a_total_that_is_its_parts(office: Office):
    office.deliver("f.csv", page(*split(1000)), COLUMNS)
    assert all_told(office) == []


@pytest.mark.parametrize("total", [1001, 999])
def test_a_total_that_is_not_its_parts(office: Office, total: int):
    office.deliver("f.csv", page(*split(total)), COLUMNS)
    assert all_told(office) == [("parts_total", 2, "value", str(total), "error")]
    (fault,) = office.everything()
    assert fault.allowed == "1000"
    assert "demo-origin:western" in say_fault(fault, "en")


def test_known_parts_may_be_less_than_the_total_but_not_more(office: Office):
    office.deliver("f.csv", page(*split(1000, western=None)), COLUMNS)
    assert all_told(office) == []
    office.deliver("g.csv", page(*split(949, western=None)), COLUMNS, day=date(2015, 2, 1))
    assert all_told(office) == [("parts_above", 2, "value", "949", "error")]


def test_hidden_parts_are_not_known(office: Office):
    hidden = page(*split(1000, western="..", danish=590))
    office.deliver("f.csv", hidden, COLUMNS, marks={"..": "suppressed"})
    assert all_told(office) == []


@pytest.mark.parametrize(("total", "wrong"), [("10.5", False), ("10.6", False), ("11.2", True)])
def test_rounded_figures_add_up_within_rounding(office: Office, total: str, wrong: bool):
    # four parts printed with one decimal may each be 0.05 off, and so may their total
    rows = [row("total", total), *(row(one, "2.6") for one in PARTS)]
    office.deliver("f.csv", page(*rows), COLUMNS)
    assert [one[0] for one in all_told(office)] == (["parts_total"] if wrong else [])


def test_the_people_behind_a_share_add_up(office: Office):
    def share(group: str, of: int, base: int) -> str:
        text = f"{100 * of / base:.1f}"
        return row(group, text, indicator="demo-employment", of=f"{of},{base}")

    parts = [share(one, n // 2, n) for one, n in PARTS.items()]
    office.deliver("f.csv", page(share("total", 500, 1000), *parts), COLUMNS)
    assert all_told(office) == []
    office.deliver("f.csv", page(share("total", 501, 1010), *parts), COLUMNS, day=date(2015, 2, 1))
    assert [one[:4] for one in all_told(office)] == [
        ("parts_total", 2, "numerator", "501"),
        ("parts_total", 2, "denominator", "1010"),
    ]


def test_shares_do_not_add_up_and_are_not_asked_to(office: Office):
    rows = [row(one, "50.0", indicator="demo-employment") for one in (*PARTS, "total")]
    office.deliver("f.csv", page(*rows), COLUMNS)
    assert all_told(office) == []


def districts(each: int) -> list[str]:
    return [row("danish", each, area=f"demo-{number:02}") for number in range(1, 11)]


@pytest.mark.parametrize(
    ("city", "told"),
    [
        (100, []),
        (99, [("parts_above", 2, "value", "99", "error")]),
        (101, [("areas_below", 2, "value", "101", "warning")]),
    ],
)
def test_districts_against_their_city(office: Office, city: int, told):
    office.deliver("f.csv", page(row("danish", city), *districts(10)), COLUMNS)
    assert all_told(office) == told


def test_some_of_the_districts_tell_only_that_the_city_has_too_few(office: Office):
    office.deliver("f.csv", page(row("danish", 100), *districts(10)[:5]), COLUMNS)
    assert all_told(office) == []


# --- subtotals -------------------------------------------------------------------------------


def statbank(name: str, rows: dict[str, Any], groups: dict[str, str], office: Office, **spec: Any):
    text = "HERKOMST;TID;INDHOLD\n" + "".join(f"{one};2013H1;{n}\n" for one, n in rows.items())
    columns = mapped(
        indicator={"constant": "demo-job-starts"}, area={"constant": "demo-city"},
        group={"column": "HERKOMST", "map": groups},
        period={"column": "TID", "spelled": "office"}, value="INDHOLD",
    )  # fmt: skip
    office.deliver(name, text, columns, delimiter=";", **spec)


ORIGINS = {
    "24": "demo-origin:western", "25": "demo-origin:immigrants-non-western",
    "1": "demo-origin:danish",
}  # fmt: skip


def test_a_subtotal_of_a_table_beside_its_parts(office: Office):
    rows = {"1": 600, "21": 250, "24": 50, "25": 200}
    statbank("STRAFNA9.csv", rows, ORIGINS | {"21": "demo-origin:total"}, office)
    assert ("subtotal_mixed", 3, "HERKOMST", "21", "error") in all_told(office)
    (fault,) = [one for one in office.everything() if one.code == "subtotal_mixed"]
    assert fault.fields["parts"] == "24, 25"


def test_a_subtotal_that_is_left_out(office: Office):
    rows = {"1": 600, "21": 250, "25": 200}
    statbank("f.csv", rows, ORIGINS, office, table="STRAFNA9", leave_out={"HERKOMST": ["21"]})
    assert all_told(office) == []


@pytest.mark.parametrize(
    ("table", "code", "group", "wrong"),
    [
        ("FOLK1E", "1", "danish", False),
        ("AMR2", "999", "danish", False),
        ("AMR2", "1", "danish", True),
        ("RAS200", "25", "descendants-non-western", True),
        ("RAS200", "35", "descendants-non-western", False),
        ("FOLK1C", "5", "danish", False),
        ("FOLK1C", "35", "descendants-non-western", True),
    ],
)
def test_origin_codes_mean_what_their_table_says(office: Office, table, code, group, wrong):
    statbank("f.csv", {code: 7}, {code: f"demo-origin:{group}"}, office, table=table)
    told = [("origin_code", 2, "HERKOMST", code, "error")] if wrong else []
    assert all_told(office) == told


def test_origin_codes_are_those_of_the_collected_facts():
    """facts/herkomst_codes.csv: every code of every table, and which of them are sums."""
    from barometer_lib.deliveries.origin import tables

    counted = {table: len(one["codes"]) for table, one in tables().items()}
    assert counted == {
        "FOLK1E": 6, "FOLK1C": 4, "RAS200": 4, "STRAFNA9": 8, "STRFNA10": 8, "AMR2": 5,
        "KMSTA001": 5,
    }  # fmt: skip
    sums = {table: one["subtotals"] for table, one in tables().items() if "subtotals" in one}
    both = {"21": ["24", "25"], "31": ["34", "35"]}
    assert sums == {"STRAFNA9": both, "STRFNA10": both}


def test_a_group_that_is_the_sum_of_two_others_throughout(office: Office):
    rows = []
    for number, period in enumerate(("2012-S1", "2012-S2", "2013-S1")):
        rows += [row("danish", 30 + number, period=period), row("western", 10, period=period)]
        rows += [row("immigrants-non-western", 20 + number, period=period)]
    office.deliver("f.csv", page(*rows), COLUMNS)
    assert [one[::2] for one in all_told(office)] == [("subtotal_looks", "group", "warning")]


def test_two_periods_may_be_an_accident(office: Office):
    rows = []
    for period in ("2012-S1", "2012-S2"):
        rows += [row("danish", 30, period=period), row("western", 10, period=period)]
        rows += [row("immigrants-non-western", 20, period=period)]
    office.deliver("f.csv", page(*rows), COLUMNS)
    assert all_told(office) == []


# --- periods ---------------------------------------------------------------------------------


def test_a_period_of_another_kind_than_the_indicator_is_a_warning(office: Office):
    office.deliver("f.csv", page(row("danish", 7, period="2013-Q1")), COLUMNS)
    assert all_told(office) == [("frequency_other", 2, "period", "2013-Q1", "warning")]


# --- against the last delivery ---------------------------------------------------------------


def twice(office: Office, before: list[str], after: list[str]) -> list[tuple[Any, ...]]:
    office.deliver("f.csv", page(*before), COLUMNS, day=date(2014, 1, 20))
    office.deliver("f.csv", page(*after), COLUMNS, day=date(2014, 7, 20))
    return all_told(office)


def test_a_delivery_with_fewer_series_than_the_last(office: Office):
    before = [row("danish", 60), row("western", 60)]
    told = twice(office, before, [row("danish", 61, period="2013-S2")])
    assert told == [("coverage_shrunk", None, "demo-job-starts", "1", "warning")]
    (fault,) = office.everything()
    assert fault.file == "office/2014-07-20/delivery.yml"
    assert (fault.fields["had"], fault.fields["last"]) == (2, "office/2014-01-20")
    assert "demo-city, demo-origin:western" in say_fault(fault, "da")


def test_an_indicator_that_is_not_delivered_this_time_is_no_matter(office: Office):
    before = [row("danish", 60), row("danish", "50.0", indicator="demo-employment")]
    assert twice(office, before, [row("danish", 61, period="2013-S2")]) == []


JUMPS: dict[str, tuple[str, Any, str, Any, bool]] = {
    "a count that doubles": ("demo-job-starts", 60, ",", 121, True),
    "a count that grows": ("demo-job-starts", 60, ",", 120, False),
    "a count that halves": ("demo-job-starts", 121, ",", 60, True),
    "a small count": ("demo-job-starts", 10, ",", 30, False),
    "a share": ("demo-employment", "50.0", ",", "60.1", True),
    "a share that moves": ("demo-employment", "50.0", ",", "60.0", False),
    "an index": ("demo-inclusion-index", "50.0", ",", "61.0", True),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_value_that_jumps(name: str, office: Office):
    indicator, was, of, now, wrong = JUMPS[name]
    told = twice(
        office,
        [row("danish", was, indicator=indicator, of=of)],
        [row("danish", now, indicator=indicator, period="2013-S2", of=of)],
    )
    found = [("value_jumped", 2, "value", str(float(now)).removesuffix(".0"), "warning")]
    assert told == (found if wrong else [])
    if wrong:
        (fault,) = office.everything()
        assert float(fault.fields["before"]) == float(was)
        assert (fault.fields["at"], fault.fields["period"]) == ("2013-S1", "2013-S2")


def test_a_share_of_few_people_moves_by_chance(office: Office):
    few = twice(
        office,
        [row("danish", "50.0", indicator="demo-employment", of="10,20")],
        [row("danish", "70.0", indicator="demo-employment", period="2013-S2", of="14,20")],
    )
    assert few == []


def test_a_revised_figure_is_compared_with_its_own_period(office: Office):
    before = [row("danish", 100, period="2012-S2"), row("danish", 500, period="2013-S1")]
    told = twice(office, before, [row("danish", 510, period="2012-S2")])
    assert [one[0] for one in told] == ["value_jumped"]
    assert office.everything()[0].fields["at"] == "2012-S2"


def test_no_jump_is_told_across_a_break(office: Office):
    # the demo city's catalogue: a new register from 2011-S1 on
    before = [row("danish", "50.0", indicator="demo-youth-education", period="2010-S2")]
    after = [row("danish", "70.0", indicator="demo-youth-education", period="2011-S1")]
    assert twice(office, before, after) == []


def test_only_the_newest_delivery_is_compared(office: Office):
    twice(office, [row("danish", 60)], [row("danish", 200, period="2013-S2")])
    newest = page(row("danish", 201, period="2014-S1"))
    office.deliver("f.csv", newest, COLUMNS, day=date(2015, 1, 20))
    assert all_told(office) == []
    asked = deliveries.read(office.folder, demo(), "office/2014-07-20").faults
    assert [one.code for one in asked] == ["value_jumped"]


def test_one_delivery_alone(office: Office):
    twice(office, [row("danish", "x")], [row("danish", "y", period="2013-S2")])
    asked = deliveries.read(office.folder, demo(), "office/2014-07-20").faults
    assert [(one.code, one.found) for one in asked] == [("not_a_number", "y")]
    with pytest.raises(NotFound) as told:
        deliveries.read(office.folder, demo(), "office/2014-07-21")
    assert told.value.fields["nearest"][0] == "office/2014-07-20"


def test_the_shipped_deliveries_pass_every_check():
    assert [say_fault(one, "en") for one in check(DATA)] == []
