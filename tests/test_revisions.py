"""How much figures were revised, and why two rounds differ: one cause a line, nothing twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import barometer_lib
from barometer_lib import store
from barometer_lib.cli import main
from barometer_lib.differences import CAUSES, Happenings, State, by_indicator, differences, revised
from barometer_lib.errors import BarometerError

REFERENCE = json.loads((Path(__file__).parent / "reference" / "vintages.json").read_text("utf-8"))
Row = dict[str, Any]


# --- revision statistics (McKenzie 2006: MR, MAR, RMAR) -----------------------------------------


def test_revisions_of_the_reference_series():
    """61.0, 63.0, 58.0 first; 60.4, 62.1, 59.2 in the end, of the records in the reference."""
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for one in REFERENCE["records"]:
        if not one.get("retracted"):
            first.setdefault(one["period"], one["value"])
            last[one["period"]] = one["value"]
    told = revised(list(first.values()), list(last.values()))
    assert (told.n, told.revised) == (3, 3)
    assert told.mean == pytest.approx((-0.6 - 0.9 + 1.2) / 3, abs=1e-9)
    assert told.mean_absolute == pytest.approx((0.6 + 0.9 + 1.2) / 3, abs=1e-9)
    assert told.relative_mean_absolute == pytest.approx(2.7 / (60.4 + 62.1 + 59.2), abs=1e-9)


def test_revisions_of_nothing_and_of_zeros():
    assert revised([], []) == revised((), ())
    assert (revised([], []).n, revised([], []).mean) == (0, None)
    zeros = revised([1.0, 0.0], [0.0, 0.0])
    assert (zeros.mean, zeros.mean_absolute, zeros.relative_mean_absolute) == (-0.5, 0.5, None)
    with pytest.raises(ValueError, match="2 first values, 1 latest"):
        revised([1.0, 2.0], [1.0])


def vintage(period: str, value: float | None, known: str, until: str | None, **more: Any) -> Row:
    row = {
        "indicator": "i", "area": "a", "population_group": "g", "period": period,
        "reported_round": None, "value": value, "status": "reported", "known_from": known,
        "known_until": until, "correction": None, "unit": "percent", "decimals": 1,
        "synthetic": True,
    }  # fmt: skip
    return row | more


def test_only_figures_that_stand_and_were_never_corrected_are_counted():
    rows = [
        vintage("2007", 0.61, "2008", "2009"), vintage("2007", 0.62, "2009", "2010"),
        vintage("2007", 0.60, "2010", None),
        vintage("2008", 0.63, "2008", None),
        vintage("2009", 0.50, "2008", "2009"),  # retracted
        vintage("2010", 0.10, "2008", "2009"), vintage("2010", 0.20, "2009", None, correction="c"),
        vintage("2011", 0.10, "2008", "2009"),
        vintage("2011", None, "2009", None, status="suppressed"),
    ]  # fmt: skip
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["correction"] = pa.array(columns["correction"], pa.string())
    columns["reported_round"] = pa.array(columns["reported_round"], pa.string())
    [told] = by_indicator(pa.table(columns))
    assert (told["measurements"], told["revised"], told["corrected"]) == (2, 1, 1)
    assert told["mean_revision"] == pytest.approx(-0.005)
    assert told["relative_mean_absolute_revision"] == pytest.approx(0.01 / 1.23)


def test_the_restated_half_year_of_the_demo_city(built: Path):
    """The plan restates 2010-S2 of one register, in 11 areas and 5 groups, by 4 percent."""
    found = barometer_lib.revisions(dataset="demo", store=built)
    told = {row["indicator"]: row for row in found.rows}
    welfare = told.pop("demo-welfare")
    assert (welfare["measurements"], welfare["revised"], welfare["unit"]) == (
        880, 55, "percentage_points",
    )  # fmt: skip
    assert welfare["mean_revision"] == welfare["mean_absolute_revision"] > 0
    assert {row["revised"] for row in told.values()} == {0}
    assert told["demo-inclusion-index"]["corrected"] == 1
    one = barometer_lib.revisions("demo-inclusion-index", dataset="demo", store=built).content
    [step] = one["figures"]
    assert (step["before"], step["after"], step["correction"]) == (
        58.8, 59.3, "demo-correction-inclusion-2012",
    )  # fmt: skip


# --- causes, one by one on drawn cases ----------------------------------------------------------

BEFORE, AFTER = date(2012, 7, 31), date(2013, 1, 31)


def said(**more: Any) -> Row:
    """What a round says of an indicator."""
    row = {
        "policy": "p", "round": "r", "goal": "g1", "indicator": "i", "area": "a",
        "population_group": "g", "position": 0, "counts": True, "rule": "since_previous",
        "value": 0.5, "unit": "percent", "decimals": 1, "period": "2011",
        "reference_period": "2010",
        "reference_value": 0.4, "change": 0.1, "status": "progress", "reason": "change_significant",
        "facts": {"target": {"target": "t", "value": 60.0, "met": False, "distance": -10.0}},
        "source": "s", "synthetic": True,
    }  # fmt: skip
    return row | more


def target(value: float, **more: Any) -> Row:
    return {"target": {"target": f"t{value}", "value": value, "met": False} | more}


def goal(**more: Any) -> Row:
    row = {
        "policy": "p", "round": "r", "goal": "g1", "rule": "since_previous", "status": "progress",
        "status_published": None, "status_computed": "progress", "reason": "majority_progress",
        "facts": {"better": 1}, "source": "s", "synthetic": True,
    }  # fmt: skip
    return row | more


def state(day: date, indicators: list[Row], goals: list[Row] = (), policies: str = "p") -> State:
    return State(day, frozenset(policies), indicators, goals)


def happened(period: str | None = "2011", **more: Any) -> Row:
    row = {
        "indicator": "i", "area": "a", "population_group": "g", "period": period,
        "reported_round": None, "renewed": True, "correction": None,
        "known_from": date(2012, 10, 1), "corrected_on": date(2012, 10, 1),
    }  # fmt: skip
    return row | more


def broken(start: str) -> Row:
    return {"indicator": "i", "start_day": date.fromisoformat(start)}


NOTHING_NEW = {"status": "no_new_figures", "reason": "no_new_figures", "change": None}
CASES = {
    "nothing": ({}, Happenings(), []),
    "a new period": ({"period": "2012", "value": 0.6}, Happenings(), ["new_period"]),
    "a revised figure": (
        {"value": 0.6}, Happenings(vintages=[happened()]), ["revised_figure"]),
    "a revised figure that the change is counted from": (
        {"change": 0.2}, Happenings(vintages=[happened("2010")]), ["revised_figure"]),
    "another figure's revision is no cause": (
        NOTHING_NEW, Happenings(vintages=[happened("2009")]), ["no_new_figures"]),
    "a corrected error": (
        {"value": 0.6}, Happenings([happened(correction="c")], [happened()]), ["corrected_error"]),
    "a correction before the first round is no cause": (
        {"value": 0.6}, Happenings([happened()], [happened(corrected_on=BEFORE)]),
        ["revised_figure"]),
    "a retracted figure": (
        {"period": "2010", "value": 0.4}, Happenings((), [happened()]), ["corrected_error"]),
    "a corrected figure that the change is counted from": (
        {"change": 0.2}, Happenings([happened("2010")], [happened("2010")]), ["corrected_error"]),
    "a new period after a corrected one": (
        {"period": "2012"}, Happenings([], [happened("2011")]), ["new_period"]),
    "a new definition": (
        {"period": "2012", "value": 0.6}, Happenings(breaks=[broken("2012-01-01")]),
        ["new_definition"]),
    "a break that both figures follow": (
        {"period": "2012"}, Happenings(breaks=[broken("2011-01-01")]), ["new_period"]),
    "a new target": ({"facts": target(70.0)}, Happenings(), ["new_target"]),
    "a new target that is met": ({"facts": target(40.0, met=True)}, Happenings(), ["new_target"]),
    "a new method": ({"rule": "since_base"}, Happenings(), ["new_method"]),
    "an indicator that counts no more": ({"counts": False}, Happenings(), ["new_method"]),
    "a new target and a new period": (
        {"period": "2012", "facts": target(70.0)}, Happenings(), ["new_target", "new_period"]),
    "nothing new came": (NOTHING_NEW, Happenings(), ["no_new_figures"]),
    "the old figure again": (
        {"period": None, "value": 0.5}, Happenings(), ["no_new_figures"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_cause(name: str):
    changed, known, causes = CASES[name]
    found = differences(state(BEFORE, [said()]), state(AFTER, [said(**changed)]), known)
    assert [one["cause"] for one in found] == causes
    for one in found:
        assert (one["old_value"], one["new_value"]) == (0.5, changed.get("value", 0.5))
        assert (one["indicator"], one["area"], one["population_group"]) == ("i", "a", "g")


def test_a_figure_of_an_unknown_period_is_new_where_a_round_reports_it():
    was = state(BEFORE, [said(period=None, reference_period=None)])
    now = state(AFTER, [said(period=None, reference_period=None, value=0.6)])
    fresh = Happenings([happened(None, renewed=False, reported_round="2013-01")])
    assert [one["cause"] for one in differences(was, now, fresh)] == ["new_period"]
    again = Happenings([happened(None)])
    assert [one["cause"] for one in differences(was, now, again)] == ["revised_figure"]


def test_what_comes_and_what_goes():
    none, row = state(BEFORE, []), state(AFTER, [said()])
    assert [one["cause"] for one in differences(none, row, Happenings())] == ["new_period"]
    other = state(BEFORE, [], policies="q")
    assert [one["cause"] for one in differences(other, row, Happenings())] == ["new_method"]
    had, gone = state(BEFORE, [said()]), state(AFTER, [])
    for known, cause in (
        (Happenings(ends={"i": date(2012, 12, 31)}), "new_definition"),
        (Happenings(ends={"i": date(2013, 12, 31)}), "no_new_figures"),
        (Happenings(corrections=[happened()]), "corrected_error"),
    ):
        [line] = differences(had, gone, known)
        assert (line["cause"], line["old_value"], line["new_value"]) == (cause, 0.5, None)
    moved = state(AFTER, [], policies="q")
    assert [one["cause"] for one in differences(had, moved, Happenings())] == ["new_method"]


GOALS = {
    "its indicators": ({"status": "setback"}, [said(period="2012")], Happenings(), "new_period"),
    "its indicators, the first cause of all": (
        {"status": "setback"}, [said(rule="x", period="2012")], Happenings(), "new_method"),
    "the published verdict alone": (
        {"status_published": "setback", "status": "setback"}, [said()], Happenings(),
        "published_verdict"),
    "another rule": ({"rule": "since_base"}, [said()], Happenings(), "new_method"),
    "nothing new": ({"reason": "no_new_figures"}, [said()], Happenings(), "no_new_figures"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOALS)
def test_why_a_goal_is_told_otherwise(name: str):
    changed, indicators, known, cause = GOALS[name]
    was = state(BEFORE, [said()], [goal()])
    found = differences(was, state(AFTER, indicators, [goal(**changed)]), known)
    [line] = [one for one in found if one["indicator"] is None]
    assert (line["cause"], line["goal"]) == (cause, "g1")


def test_a_goal_of_every_district_is_told_by_its_districts():
    district = {"rule": "maximum_in_every_area", "facts": {"limit": 10, "period": "2011"}}
    was = state(BEFORE, [], [goal(**district)])
    under = {"g1": frozenset({"i"})}
    for facts, known, cause in (
        ({"limit": 10, "period": "2012"}, Happenings(under=under), "new_period"),
        ({"limit": 8, "period": "2011"}, Happenings(under=under), "new_target"),
        ({"limit": 10, "period": "2011", "above": 1},
         Happenings([happened(area="d")], under=under), "revised_figure"),
        ({"limit": 10, "period": "2011", "above": 1},
         Happenings((), [happened(area="d")], under=under), "corrected_error"),
    ):  # fmt: skip
        now = state(AFTER, [], [goal(**district | {"facts": facts})])
        assert [one["cause"] for one in differences(was, now, known)] == [cause]


# --- every difference once ------------------------------------------------------------------------

PARTS = {
    "method": st.sampled_from([{}, {"rule": "since_base"}, {"counts": False}]),
    "target": st.sampled_from([{}, {"facts": target(70.0)}, {"facts": {"target": None}}]),
    "figure": st.sampled_from(
        [{}, {"value": 0.6}, {"period": "2012"}, {"status": None}, {"reason": "suppressed"},
         {"reference_period": "2009"}, {"source": "t"}, {"period": None, "value": None}]
    ),
}  # fmt: skip
EVENTS = st.lists(
    st.builds(
        happened, st.sampled_from([None, "2009", "2010", "2011", "2012"]),
        renewed=st.booleans(), indicator=st.sampled_from(["i0", "i1", "i2"]),
    ),
    max_size=4,
)  # fmt: skip
FIGURE_CAUSES = {"new_definition", "new_period", "revised_figure", "corrected_error",
                 "no_new_figures"}  # fmt: skip


@given(
    st.lists(st.tuples(*PARTS.values(), st.sampled_from(["both", "old", "new"])), max_size=3),
    EVENTS, EVENTS,
    st.lists(st.sampled_from([broken("2011-06-01"), broken("2012-01-01")]), max_size=1),
    st.sampled_from(["p", "q"]),
)  # fmt: skip
def test_every_difference_is_listed_exactly_once(drawn, vintages, corrected, breaks, judged):
    old, new, expected = [], [], set()
    for number, (method, aim, figure, stands) in enumerate(drawn):
        code = {"indicator": f"i{number}"}
        if stands != "new":
            old.append(said(**code))
        if stands != "old":
            new.append(said(**code, **method, **aim, **figure))
        if stands == "both":
            parts = {"method": method, "target": aim, "figure": figure}
            expected |= {(f"i{number}", name) for name, change in parts.items() if change}
        else:
            expected.add((f"i{number}", "presence"))
    known = Happenings(vintages, corrected, [one | {"indicator": "i0"} for one in breaks])
    found = differences(state(BEFORE, old, policies=judged), state(AFTER, new), known)
    assert {one["cause"] for one in found} <= set(CAUSES)
    listed = []
    for one in found:
        here = [row for row in (*old, *new) if row["indicator"] == one["indicator"]]
        part = {"new_method": "method", "new_target": "target"}.get(one["cause"], "figure")
        listed.append((one["indicator"], "presence" if len(here) == 1 else part))
        if part == "figure" and len(here) == 2:
            assert one["cause"] in FIGURE_CAUSES
    assert sorted(listed) == sorted(expected)
    assert differences(state(AFTER, new), state(AFTER, new), known) == []


# --- as it is asked -------------------------------------------------------------------------------


def test_rounds_of_the_demo_city(built: Path):
    """Every difference between two rounds' rows in the store is there, and nothing else."""
    with store.session(built, "demo") as look:
        rounds = [row["round"] for row in look.rows(
            "select round from round where not missed order by published_day")]  # fmt: skip
        for before, after in (rounds[:2], rounds[4:6], (rounds[5], rounds[8]), rounds[-2:]):
            found = barometer_lib.diff(before, after, dataset="demo", store=built).rows
            keys = [(one["policy"], one["goal"], one["indicator"], one["cause"]) for one in found]
            assert len(set(keys)) == len(keys)
            told = {key[:3] for key in keys}
            rows = look.rows(
                """with said as (
                  select * exclude (round, position, synthetic) from indicator_assessment
                  where round = $round)
                select * from said""", {"round": before})  # fmt: skip
            others = look.rows(
                """select * exclude (round, position, synthetic) from indicator_assessment
                where round = $round""", {"round": after})  # fmt: skip
            key = lambda row: (row["policy"], row["goal"], row["indicator"])  # noqa: E731
            old, new = ({key(row): row for row in some} for some in (rows, others))
            differ = {one for one in {*old, *new} if old.get(one) != new.get(one)}
            assert {one for one in told if one[2] is not None} == differ


def test_a_revision_a_correction_and_a_break_in_the_demo_city(built: Path):
    def causes(before: str, after: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in barometer_lib.diff(before, after, dataset="demo", store=built).rows:
            found.setdefault(row["indicator"], set()).add(row["cause"])
        return found

    assert causes("demo-2011-01", "demo-2011-07")["demo-youth-education"] >= {"new_definition"}
    assert causes("demo-2013-07", "demo-2014-01")["demo-managers"] == {"no_new_figures"}


@pytest.mark.parametrize(("before", "after", "code"), [
    ("demo-2011-07", "demo-2011-01", "rounds_turned"),
    ("demo-2008-07", "demo-2009-01", "round_missed"),
    ("demo-2008-07", "demo-1999", "not_found"),
])  # fmt: skip
def test_rounds_that_cannot_be_compared(built: Path, before: str, after: str, code: str):
    with pytest.raises(BarometerError) as caught:
        barometer_lib.diff(before, after, dataset="demo", store=built)
    assert caught.value.code == code


def test_a_policy_that_neither_round_judges(built: Path):
    with pytest.raises(BarometerError) as caught:
        barometer_lib.diff("demo-2007-01", "demo-2007-07", "demo-safe-city", dataset="demo",
                           store=built)  # fmt: skip
    assert caught.value.code == "round_not_of_policy"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_commands_say_it_in_words(built: Path, lang: str):
    asked = ["--dataset", "demo", "--store", str(built), "--lang", lang]
    done = CliRunner().invoke(main, ["diff", "demo-2011-01", "demo-2011-07", *asked])
    assert done.exit_code == 0, done.output
    assert {"da": "ny definition", "en": "new definition"}[lang] in done.stdout
    same = CliRunner().invoke(main, ["diff", "demo-2011-07", "demo-2011-07", *asked])
    assert {"da": "siger det samme", "en": "say the same"}[lang] in same.stdout
    moved = CliRunner().invoke(main, ["revisions", "demo-inclusion-index", *asked])
    assert {"da": "blev rettet til 59,3", "en": "was corrected to 59.3"}[lang] in moved.stdout
    table = CliRunner().invoke(
        main, ["diff", "demo-2011-01", "demo-2011-07", *asked, "--format", "csv"]
    )
    assert table.stdout.splitlines()[0].startswith("policy,goal,indicator,area,group,cause")
