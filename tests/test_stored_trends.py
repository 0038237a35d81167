"""Stored trends: each series' row is what the engine and the minimum data give it alone."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

import barometer_lib
from barometer_lib import store
from barometer_lib.build.trends import trend_tables
from barometer_lib.catalogue import inspect
from barometer_lib.errors import BarometerError
from barometer_lib.figures import Figure, standing_breaks
from barometer_lib.linking import standing_rows
from barometer_lib.periods import parse
from barometer_lib.store import sandbox, writing
from barometer_lib.trends import Line, trend
from barometer_lib.trends.fits import fit_series, line_through
from shared_store import REPOSITORY, pointer


@pytest.fixture(scope="module")
def demo():
    with store.session(pointer(), "demo") as session:
        yield session


def test_every_stored_trend_is_what_the_series_alone_is_told(demo):
    entries = {row["indicator"]: row for row in demo.rows("select * from indicator")}
    levels = {row["area"]: row["level"] for row in demo.rows("select * from area")}
    breaks = demo.rows("select * from series_break")
    raw: dict[int, list[dict[str, Any]]] = {}
    for row in demo.rows("select * from measurement order by series_id, period_end, known_from"):
        raw.setdefault(row["series_id"], []).append(row)
    carried: dict[int, list[dict[str, Any]]] = {}
    for row in demo.rows(
        """select m.*, s.series_id from linked_measurement m join series s
        using (indicator, area, population_group) where known_until is null"""
    ):
        carried.setdefault(row["series_id"], []).append(row)
    figures = {
        key: [Figure.of(row) for row in standing_rows(rows, carried.get(key, []))]
        for key, rows in raw.items()
    }
    rows = demo.rows("select * from trend order by series_id")
    assert len(rows) == demo.rows("select count(*)::integer as n from series")[0]["n"] > 100
    tested = 0
    for row in rows:
        entry = entries[row["indicator"]]
        own = [one for one in breaks if one["indicator"] == row["indicator"]
               and one["area_level"] in (None, levels[row["area"]])]  # fmt: skip
        its = figures.get(row["series_id"], [])
        found = trend(its, standing_breaks(own, its), entry["polarity"],
                      line_through=line_through)  # fmt: skip
        assert row["points_before_break"] == found.before_break
        assert row["n"] == found.points, row
        assert row["direction"] == found.direction, row
        if found.line is not None:
            tested += 1
            assert Line.of(row) == found.line
        else:
            assert (row["p"], row["rank_p"], row["sen"]) == (None, None, None)
    assert tested > 50


def test_the_summary_counts_every_series_once(demo):
    counted = Counter[tuple[str, ...]]()
    for row in demo.rows("select area, indicator, evidence, direction from trend"):
        counted[tuple(row.values())] += 1
    summary = demo.rows("select * from summary")
    assert {tuple(row[name] for name in ("area", "indicator", "evidence", "direction")):
            row["series"] for row in summary} == dict(counted)  # fmt: skip


def test_measurements_lie_sorted_by_series_and_time(demo):
    rows = demo.rows("select series_id, period_end from measurement_vintage order by rowid")
    keys = [(row["series_id"], row["period_end"] or date.max) for row in rows]
    assert keys == sorted(keys)
    assert [row["series_id"] for row in demo.rows("select series_id from series order by rowid")] \
        == list(range(len({key for key, _ in keys})))  # fmt: skip


CONTENT = inspect(REPOSITORY / "data" / "catalogue" / "demo")[0]


def stored(values: dict[str, float | None], indicator: str, area: str) -> dict[str, object]:
    """The stored trend of one made-up series of a demo indicator."""
    spans = [parse(code) for code in values]
    table = pa.table({
        "indicator": pa.array([indicator] * len(spans), pa.string()),
        "area": pa.array([area] * len(spans), pa.string()),
        "population_group": pa.array(["residents:all"] * len(spans), pa.string()),
        "period": [one.code for one in spans], "period_end": [one.end for one in spans],
        "value": pa.array(values.values(), pa.float64()),
        "status": ["missing" if one is None else "reported" for one in values.values()],
        "known_until": pa.nulls(len(spans), pa.date32()),
    })  # fmt: skip
    series, figures = writing.numbered(table)
    return trend_tables(figures, series, CONTENT)["trend"].to_pylist()[0]


def of_years(points: int, first: int = 2001) -> dict[str, float | None]:
    return {str(first + step): 0.2 + 0.01 * ((step * 7) % 5) for step in range(points)}


@pytest.mark.parametrize(
    ("points", "evidence", "tested"),
    [(0, "none", False), (1, "level", False), (2, "change", False), (3, "pace", False),
     (4, "pace", False), (5, "trend", True), (9, "trend", True), (10, "long", True)],
)  # fmt: skip
def test_how_much_is_told_depends_on_the_points(points, evidence, tested):
    code, area = unbroken()
    values = of_years(points) | {"2030": None}
    row = stored(values, code, area)
    assert (row["n"], row["evidence"]) == (points, evidence)
    assert (row["p"] is not None) is tested
    assert (row["rank_p"] is not None) is tested
    assert (row["slope"] is not None) is (points >= 2)
    assert (row["direction"] == "too_few_points") is not tested


def unbroken() -> tuple[str, str]:
    with store.session(pointer(), "demo") as session:
        row = session.rows(
            """select i.indicator, d.home_area from indicator i, dataset d where i.indicator not in
            (select indicator from series_break) order by i.position limit 1"""
        )[0]
    return str(row["indicator"]), str(row["home_area"])


def test_a_target_gives_pace_and_projection(demo):
    rows = demo.rows(
        """select t.*, i.polarity, g.form, a.level from trend t join target g using (target)
        join indicator i on i.indicator = t.indicator join area a using (area)"""
    )
    assert rows
    for row in rows:
        figures = demo.rows(
            """select period, value from measurement where series_id = $id and status = 'reported'
            and value is not null and period is not null""",
            {"id": row["series_id"]},
        )
        if row["points_before_break"]:
            continue
        polarity = {"maximum": "lower", "minimum": "higher"}.get(row["form"], row["polarity"])
        alone = fit_series(
            [parse(one["period"]).midpoint for one in figures],
            [one["value"] for one in figures],
            None, parse(row["target_period"]).midpoint, row["target_value"], polarity,
        )  # fmt: skip
        for name in ("projected", "projected_low", "p_reach", "required_pace", "pace_ratio",
                     "closed", "met"):  # fmt: skip
            assert row[name] == getattr(alone, name), name
        assert row["never"] is (alone.meets == float("inf"))


def test_macros_answer_in_sql_and_in_the_sandbox():
    with store.session(pointer(), "demo") as session:
        code = session.rows("select indicator from trend where evidence = 'long' limit 1")[0]
        indicator = code["indicator"]
        told = session.rows("select * from trend_of($code)", {"code": indicator})
        figures = session.rows("select * from history($code)", {"code": indicator})
    assert {row["indicator"] for row in (*told, *figures)} == {indicator}
    area = told[0]["area"]
    one = barometer_lib.query(
        f"select * from history('{indicator}', place := '{area}')",
        dataset="demo", store=pointer(),
    )  # fmt: skip
    assert {row["area"] for row in one.rows} == {area}
    assert len(one.rows) == sum(row["area"] == area for row in figures)


def test_a_macro_of_the_other_dataset_is_refused():
    for named in ("published.history('x')", "barometer.published.trend_of('x')"):
        with pytest.raises(BarometerError) as caught:
            sandbox.query(f"select * from {named}", store=pointer(), dataset="demo")
        assert caught.value.code == "query_other_dataset"


def test_figures_out_of_order_are_not_numbered():
    table = pa.table({"indicator": ["b", "a", "b"], "area": ["1"] * 3,
                      "population_group": ["g"] * 3})  # fmt: skip
    with pytest.raises(ValueError, match="sorted by series"):
        writing.numbered(table)
