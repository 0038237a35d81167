"""Sums of contributions: rules as data, numbers asked for, and nobody's share in what is shown."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from barometer_lib import deliveries
from barometer_lib.build import build
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.protection import Protection, SumLimit
from barometer_lib.disclosure import SumRule, protect, sum_reasons
from barometer_lib.disclosure.contributing import CONTRIBUTIONS, MadeUp, sum_reason
from barometer_lib.errors import Fault, say_fault
from offices import DATA, Office, demo
from small_city import DAY, LATER, Row, city, hidden_in, reasons_of, row, vintages

REFERENCE = Path(__file__).parent / "reference" / "disclosure.json"
VECTORS = {one["id"]: one for one in json.loads(REFERENCE.read_text("utf-8"))["vectors"]}
LIMITS = (
    SumLimit(kind="dominance", n=1, k=85),
    SumLimit(kind="dominance", n=2, k=90),
    SumLimit(kind="p_percent", p=10),
    SumLimit(kind="pq", p=10, q=40),
)


def made_up(*contributions: float) -> MadeUp:
    first, second, *_ = (*sorted(contributions, reverse=True), 0.0, 0.0)
    return MadeUp(sum(contributions), len(contributions), first, second)


def test_dominance_agrees_with_the_reference():
    """ssb-gausssuppression, testthat/test-DominanceRule.R: holdings added up, n = 2, k = 98."""
    vector = VECTORS["nk_dominance_by_holding"]
    source = vector["input"]
    for cell, primary in zip(source["contributions"], vector["expected"]["primary"], strict=True):
        holdings: dict[str, float] = {}
        pairs = zip(source["contributor"][cell], source["contributions"][cell], strict=True)
        for who, value in pairs:
            holdings[who] = holdings.get(who, 0.0) + value
        reason, _ = sum_reason(made_up(*holdings.values()), [SumLimit(kind="dominance", k=98)])
        assert (reason == "dominance") is primary


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.sampled_from(LIMITS))
def test_the_two_largest_tell_as_much_as_all_records(contributions, limit):
    """The rule worked out of every record (`sum_reasons`) and of what a delivery tells agree."""
    rule = SumRule(limit.kind, n=limit.n, k=limit.k, p=limit.p, q=limit.q)
    records = pa.table(
        {
            "cell": ["x"] * len(contributions),
            "contributor": [str(number) for number in range(len(contributions))],
            "value": [float(one) for one in contributions],
        }
    )
    (found,) = sum_reasons(records, rule).to_pylist()
    reason, width = sum_reason(made_up(*map(float, contributions)), [limit])
    assert reason == found["reason"]
    assert (width > 0) or reason in (None, "dominance")


@pytest.mark.parametrize("contributions", [(100, 50, 4), (100, 60), (100,), (80, 75, 5, 2)])
@pytest.mark.parametrize("limit", LIMITS)
def test_the_protection_level_is_where_the_rule_would_be_kept(contributions, limit):
    """With that much more in the sum, given by many small ones, the rule is just not broken."""
    reason, width = sum_reason(made_up(*contributions), [limit])
    if reason is None:
        return

    def unsafe(more: float) -> bool:
        grown = made_up(*contributions)
        return (
            sum_reason(MadeUp(grown.total + more, None, grown.largest, grown.second), [limit])[0]
            is not None
        )

    assert unsafe(width / 2 - 1e-3)
    assert not unsafe(width / 2 + 1e-3)


def test_what_was_known_before_counts():
    """Known to within 40 percent before, the 20 of the rest leave 8 percent of 100."""
    one = made_up(100, 50, 20)
    assert sum_reason(one, [SumLimit(kind="pq", p=10, q=40)]) == ("pq", pytest.approx(10.0))
    assert sum_reason(one, [SumLimit(kind="pq", p=10, q=100)]) == (None, 0.0)


def test_too_few_contributors():
    limit = SumLimit(kind="contributors", least=3, p=10)
    assert sum_reason(MadeUp(100.0, 2), [limit]) == ("contributors", 20.0)
    assert sum_reason(MadeUp(100.0, 3), [limit]) == (None, 0.0)
    assert sum_reason(MadeUp(0.0, 0), [limit]) == (None, 0.0)


def test_the_first_rule_that_holds_is_told_and_the_widest_counts():
    both = [SumLimit(kind="dominance", n=1, k=50), SumLimit(kind="p_percent", p=50)]
    reason, width = sum_reason(made_up(100, 40, 10), both)
    assert (reason, width) == ("dominance", pytest.approx(2 * (100 / 0.5 - 150)))
    assert sum_reason(made_up(100, 40, 10), both[1:]) == ("p_percent", pytest.approx(2 * 40))


# --- in a dataset ---------------------------------------------------------------------------------


def jobs(area: str, *contributions: float, group: str = "o:all", **more: Any) -> Row:
    """Jobs of an area, given by firms."""
    made = made_up(*contributions)
    told = {"contributors": float(len(contributions)), "largest": made.largest}
    told["second_largest"] = made.second
    return row("people", area, group, "2012", made.total, **told, **more)


def table(rows: list[Row]) -> pa.Table:
    """Rows as the store takes them, with the numbers of their contributors."""
    told = {
        name: pa.array([one.pop(name, None) for one in rows], pa.float64())
        for name in CONTRIBUTIONS
    }
    keyed = {
        (one["area"], one["population_group"], one["known_from"]): at for at, one in enumerate(rows)
    }
    found = vintages(rows)
    order = [
        keyed[one["area"], one["population_group"], one["known_from"]] for one in found.to_pylist()
    ]
    for name, values in told.items():
        found = found.append_column(name, values.take(pa.array(order)))
    return found


P_PERCENT = {"sums": [{"kind": "p_percent", "p": 10}]}
EAST, WEST = (900.0, 60.0, 40.0), (300.0, 250.0, 250.0, 200.0)


def test_a_dominated_sum_is_hidden_and_cannot_be_worked_out():
    rows = [jobs("east", *EAST), jobs("west", *WEST), jobs("city", *EAST, *WEST)]
    protected = protect(table(rows), city(**P_PERCENT))
    assert reasons_of(protected)["people", "east", "o:all", "2012"] == "p_percent"
    assert len(hidden_in(protected)) == 2
    told = {one.figure.cell[1]: one for one in protected.told}
    # 10 percent of 900 less the 40 of the rest, both ways
    assert told["east"].need == pytest.approx(100.0)
    assert told["east"].high - told["east"].low >= 100
    assert protected.faults == ()
    assert set(CONTRIBUTIONS).isdisjoint(protected.figures.column_names)


def test_without_such_a_rule_contributors_are_not_looked_at():
    rows = [jobs("east", *EAST), jobs("west", *WEST), jobs("city", *EAST, *WEST)]
    protected = protect(table(rows), city())
    assert hidden_in(protected) == set()
    assert set(CONTRIBUTIONS).isdisjoint(protected.figures.column_names)


def test_two_lone_contributors_need_a_third_figure():
    """Each knows its own sum and would find the other's by subtraction."""
    content = city(sums=[{"kind": "contributors", "least": 2}])
    groups = content.entries["group"]
    groups["o:c"] = groups["o:b"].model_copy(update={"id": "o:c"})
    groups["o:all"] = groups["o:all"].model_copy(update={"parts": ["o:a", "o:b", "o:c"]})
    parts = {"o:a": (50.0,), "o:b": (60.0,), "o:c": (30.0, 30.0, 30.0)}
    rows = [jobs("city", *given, group=group) for group, given in parts.items()]
    rows += [jobs("city", *(one for given in parts.values() for one in given))]
    protected = protect(table(rows), content)
    assert {one[2] for one in hidden_in(protected)} > {"o:a", "o:b"}
    two = [jobs("city", *given, group=group) for group, given in parts.items()]
    two[1] |= {"contributors": 2.0, "largest": 30.0, "second_largest": 30.0}
    two += [jobs("city", *(one for given in parts.values() for one in given))]
    assert len(hidden_in(protect(table(two), content))) == 2


def test_small_counts_stay_hidden_beside_rules_for_sums():
    rows = [jobs("city", 1.0, 1.0, 1.0)]
    protected = protect(table(rows), city(**P_PERCENT))
    assert list(reasons_of(protected).values()) == ["count"]


def test_a_later_vintage_has_contributors_of_its_own():
    rows = [jobs("city", 300.0, 250.0, 250.0), jobs("city", 900.0, 60.0, 40.0, known_from=LATER)]
    protected = protect(table(rows), city(**P_PERCENT))
    assert [one["known_from"] for one in protected.pattern] == [LATER]
    assert {one["known_from"] for one in protected.figures.to_pylist()} == {DAY, LATER}


def test_rules_that_cannot_be_are_refused():
    for wrong in (
        {"kind": "other"},
        {"kind": "pq", "p": 50, "q": 40},
        {"kind": "dominance", "n": 3},
    ):
        with pytest.raises(ValidationError):
            SumLimit(**wrong)
    with pytest.raises(ValidationError, match="rounding: no sums"):
        city(rounding="controlled", **P_PERCENT)


# --- what a delivery must tell --------------------------------------------------------------------

COLUMNS = {name: {"column": name} for name in ("indicator", "area", "period", "value")}
RULE = {"id": "demo-firms", "source": "demo-statistics-office", "indicators": ["demo-mentors"]}


def with_rule(*sums: dict[str, Any]) -> Catalogue:
    content = demo()
    rule = Protection(**{**RULE, "sums": list(sums)})
    entries = content.entries | {"disclosure": content.entries["disclosure"] | {rule.id: rule}}
    return replace(content, entries=entries)


def faults_of(folder: Path, content: Catalogue, lines: list[str], *more: str) -> list[Fault]:
    columns = COLUMNS | {name: {"column": name} for name in more}
    Office(folder).deliver("figures.csv", "\n".join(lines) + "\n", columns)
    found = deliveries.read(folder, content).faults
    return [one for one in found if one.code.startswith("contributions")]


def test_numbers_that_a_rule_needs_are_asked_for(tmp_path):
    content = with_rule({"kind": "p_percent"}, {"kind": "contributors"})
    lines = ["indicator,area,period,value", "demo-mentors,demo-city,2014-S1,120"]
    found = faults_of(tmp_path, content, lines)
    assert [(one.code, one.file, one.line, one.column) for one in found] == [
        ("contributions_needed", "office/2015-01-20/figures.csv", 2, name) for name in CONTRIBUTIONS
    ]
    assert "demo-firms" in say_fault(found[0], "en")
    assert "leverandøren" in say_fault(found[0], "da")


def test_another_indicator_of_the_source_needs_none(tmp_path):
    lines = ["indicator,area,period,value", "demo-language-waiting,demo-city,2014-S1,120"]
    assert faults_of(tmp_path, with_rule({"kind": "p_percent"}), lines) == []


def test_a_share_held_by_the_largest_alone_needs_no_second(tmp_path):
    lines = ["indicator,area,period,value,largest", "demo-mentors,demo-city,2014-S1,120,70"]
    content = with_rule({"kind": "dominance", "n": 1})
    assert faults_of(tmp_path, content, lines, "largest") == []


def test_blank_numbers_are_told_row_by_row(tmp_path):
    lines = [
        "indicator,area,period,value,largest,second_largest",
        "demo-mentors,demo-city,2013-S1,120,,",
        "demo-mentors,demo-city,2013-S2,120,70,",
        "demo-mentors,demo-city,2014-S1,120,120,",  # one contributor has no second
        "demo-mentors,demo-city,2014-S2,0,,",  # nothing is made up of nothing
    ]
    content = with_rule({"kind": "p_percent"})
    found = faults_of(tmp_path, content, lines, "largest", "second_largest")
    assert [(one.code, one.line, one.column) for one in found] == [
        ("contributions_blank", 2, "largest"),
        ("contributions_blank", 3, "second_largest"),
    ]


def test_numbers_that_cannot_belong_to_the_sum_are_told(tmp_path):
    lines = [
        "indicator,area,period,value,contributors,largest,second_largest",
        "demo-mentors,demo-city,2011-S1,120,3,130,0",
        "demo-mentors,demo-city,2011-S2,120,3,50,60",
        "demo-mentors,demo-city,2012-S1,120,3,70,60",
        "demo-mentors,demo-city,2012-S2,120,2.5,70,40",
        "demo-mentors,demo-city,2013-S1,120,1,70,40",
        "demo-mentors,demo-city,2013-S2,120,3,-1,-2",
        "demo-mentors,demo-city,2014-S1,120,3,70,40",
    ]
    found = faults_of(tmp_path, demo(), lines, *CONTRIBUTIONS)
    assert [(one.code, one.line, one.column, one.found) for one in found] == [
        ("contributions_disagree", 2, "largest", "130"),
        ("contributions_disagree", 6, "largest", "70"),
        ("contributions_disagree", 7, "largest", "-1"),
        ("contributions_disagree", 3, "second_largest", "60"),
        ("contributions_disagree", 4, "second_largest", "60"),
        ("contributions_disagree", 7, "second_largest", "-2"),
        ("contributions_disagree", 5, "contributors", "2.5"),
        ("contributions_disagree", 6, "contributors", "1"),
    ]


def test_contributors_stay_in_the_build(tmp_path):
    """A delivery with contributors: its figures are stored, what the largest give is not."""
    shutil.copytree(DATA, tmp_path / "data")
    lines = ["indicator,area,period,value,contributors,largest,second_largest"]
    lines += [
        "demo-mentors,demo-city,2019-S1,1234,7,1077,83",
        "demo-mentors,demo-city,2019-S2,987,7,301,203",
    ]
    columns = COLUMNS | {name: {"column": name} for name in CONTRIBUTIONS}
    Office(tmp_path / "data" / "deliveries" / "demo").deliver(
        "figures.csv", "\n".join(lines) + "\n", columns, day=date(2020, 1, 20)
    )
    page = tmp_path / "data" / "catalogue" / "demo" / "disclosure.yml"
    rule = RULE | {"source": "demo-city-council", "sums": [{"kind": "p_percent", "p": 10}]}
    page.write_text(yaml.safe_dump([*yaml.safe_load(page.read_text("utf-8")), rule]), "utf-8")
    told = tmp_path / "data" / "deliveries" / "demo" / "office" / "2020-01-20" / "delivery.yml"
    council = told.read_text("utf-8").replace("demo-statistics-office", "demo-city-council")
    told.write_text(council, "utf-8")
    path = build(tmp_path / "data", tmp_path / "barometer.json").version.path
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(
            "select period, value, status from demo.measurement where indicator = 'demo-mentors' "
            "and period >= '2019' order by 1"
        ).fetchall()
        names = con.execute("select distinct column_name from duckdb_columns()").fetchall()
    assert rows == [("2019-S1", None, "suppressed"), ("2019-S2", 987.0, "reported")]
    assert {one[0] for one in names}.isdisjoint(CONTRIBUTIONS)
