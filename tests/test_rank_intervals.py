"""Stored intervals of computed ranks: what the build keeps is what a stress of the field gives."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import rankdata

import barometer_lib
from barometer_lib.api.index_doors import field, index_stress, index_what_if
from barometer_lib.api.what_if import Wish
from barometer_lib.cli import main
from barometer_lib.errors import BarometerError
from barometer_lib.ranking.held import rank_intervals
from barometer_lib.ranking.weight_sets import every_weighting, exact_rank, exact_shares

HOME, NEWEST = "demo-demoby", "demo-2014"


@pytest.fixture(scope="module")
def demo(built):
    with barometer_lib.open(built, dataset="demo") as barometer:
        yield barometer


# --- ranks of the store carry how far they hold


@pytest.mark.parametrize("scope", ["all", "europe-population-over-200000", "peers"])
def test_the_stored_interval_is_that_of_the_stress_of_the_field(demo, built, scope):
    stored = {
        row["city"]: row
        for row in demo.sql(
            f"select * from index_rank_interval where edition = 'demo-2014' and scope = '{scope}'"
        ).rows
    }
    found = index_stress("demo-icc", edition=NEWEST, scope=scope, dataset="demo", store=built)
    assert {row["unit"] for row in found.rows} == set(stored)
    for row in found.rows:
        kept = stored[row["unit"]]
        assert (kept["low"], kept["median"], kept["high"]) == (
            row["low"], row["median"], row["high"],
        )  # fmt: skip
        assert kept["first"] == pytest.approx(row["first"], abs=1e-4)
        assert kept["weights_basis"] == "equal_assumed"
        assert (kept["draws"], kept["combinations"]) == (10_000, 4 * 3 * 19)


def test_who_is_ahead_agrees_with_a_plain_simulation_by_scipy(built):
    """Weights of 1 and logarithms of exponentials: an independent count of the flat law."""
    table = field("demo-icc", None, NEWEST, "peers", "demo", built)
    chance = np.random.default_rng(5)
    drawn = chance.dirichlet(np.ones(18), 20_000)
    places = rankdata(-(drawn @ table.values.T), axis=1, method="min")
    found = index_stress(
        "demo-icc", edition=NEWEST, scope="peers", alone=True, dataset="demo", store=built
    )
    for row in found.rows:
        drawn_of = places[:, table.unit(row["unit"])]
        assert abs(row["mean"] - drawn_of.mean()) < 0.05
        low, high = np.quantile(drawn_of, (0.05, 0.95))
        assert abs(row["low"] - low) <= 1
        assert abs(row["high"] - high) <= 1


def test_every_computed_rank_has_an_interval_and_no_published_one(demo, built):
    rows = demo.sql('select kind, low, high, rank, "of", held from index_ranking').rows
    assert len(rows) > 3000
    assert all(row["kind"] == "computed" for row in rows)
    assert all(1 <= row["low"] <= row["high"] <= row["of"] for row in rows)
    assert np.mean([row["low"] <= row["rank"] <= row["high"] for row in rows]) > 0.97
    with barometer_lib.open(built) as barometer:
        published = barometer.sql("select kind, low from index_ranking").rows
        assert {row["kind"] for row in published} == {"published"}
        assert {row["low"] for row in published} == {None}
        assert barometer.rank("icc", "2012-01").content["interval"] is None


def test_neighbours_are_set_against_each_other_both_ways(demo):
    rows = demo.sql("select * from index_rank_ahead where edition = 'demo-2014'").rows
    ahead = {(row["scope"], row["city"], row["other"]): row for row in rows}
    for (scope, city, other), row in ahead.items():
        back = ahead[scope, other, city]
        assert row["step"] == -back["step"]
        assert abs(row["step"]) <= 3
        assert 0.98 < row["ahead"] + back["ahead"] <= 1  # draws in which the two tie are nobody's
        if row["step"] > 0:
            assert row["rank"] <= row["rank_other"]


def test_a_condition_of_the_store_holds_under_drawn_weightings_and_breaks_outside(demo, built):
    """Random weightings inside each stored condition, ranked in rational numbers."""
    rows = demo.sql("select * from index_rank_hold where edition = 'demo-2014'").rows
    table = field("demo-icc", None, NEWEST, "peers", "demo", built)
    unit, chance = table.unit(HOME), np.random.default_rng(3)
    checked = [row for row in rows if row["scope"] == "peers" and row["kind"] == "at_least"]
    assert len(checked) > 3
    for row in checked:
        column = table.component(row["component"])
        for inside in (True, False):
            ranks = set()
            for _ in range(30):
                rest = chance.dirichlet(np.full(18, 0.1))
                rest[column] = 0
                share = row["share"] if inside else row["share"] - 0.05
                weights = rest / rest.sum() * (1 - share)
                weights[column] = share
                exact = exact_shares(weights, every_weighting(18))
                ranks.add(exact_rank(table.values, unit, exact))
            if inside:
                assert ranks == {row["rank"]}


def test_a_city_without_components_leaves_its_field_without_intervals():
    tables = small_tables()
    assert {row["city"] for row in rank_intervals(tables, draws=200).intervals} == {"a", "b", "c"}
    gone = [row for row in tables["index_component_score"] if row["city"] != "c"]
    assert rank_intervals({**tables, "index_component_score": gone}).intervals == []
    blank = [{**row, "score": None} if row["component"] == "y" else row
             for row in tables["index_component_score"]]  # fmt: skip
    assert rank_intervals({**tables, "index_component_score": blank}).intervals == []
    published = [{**row, "kind": "published"} for row in tables["index_rank"]]
    assert rank_intervals({**tables, "index_rank": published}).intervals == []


def small_tables():
    cities = {"a": (80, 40), "b": (70, 60), "c": (10, 20)}
    key = {"index": "i", "edition": "e"}
    return {
        "index_definition": [{"index": "i", "home_city": "a"}],
        "index_edition": [{**key, "weights": None}],
        "index_weight": [],
        "index_component": [
            {"index": "i", "component": one, "number": number}
            for number, one in enumerate(("x", "y"))
        ],
        "index_component_score": [
            {**key, "city": city, "component": one, "score": score, "synthetic": True}
            for city, scores in cities.items()
            for one, score in zip(("x", "y"), scores, strict=True)
        ],
        "index_rank": [
            {**key, "scope": "all", "city": city, "rank": rank, "kind": "computed"}
            for rank, city in enumerate(("b", "a", "c"), start=1)
        ],
    }


def test_the_smallest_field_by_hand():
    found = rank_intervals(small_tables(), draws=4_000)
    # a leads b by 10 x - 20 y: ahead where x counts two thirds, a third of all flat weightings, as
    # scored; the other ways of making the index move that share, but c is last in every one.
    (last,) = [row for row in found.intervals if row["city"] == "c"]
    assert (last["low"], last["high"], last["held"]) == (3, 3, 1.0)
    assert last["weights_basis"] == "equal_assumed"
    (lead,) = [row for row in found.ahead if (row["city"], row["other"]) == ("a", "b")]
    assert (lead["step"], lead["rank"], lead["rank_other"]) == (-1, 2, 1)
    assert 0.3 < lead["ahead"] < 0.65
    holds = {(row["kind"], row["component"]): row["share"] for row in found.holds}
    assert holds["at_least", "y"] == 0.334  # b is ahead as long as y counts a third
    assert holds["at_most", "x"] == 0.666


# --- doors


def test_stress_and_what_if_of_stored_components(built):
    found = index_stress("demo-icc", dataset="demo", store=built, unit=HOME, draws=2000)
    content = found.content
    assert (content["edition"], content["scope"], content["of"]) == (NEWEST, "all", 150)
    assert content["weights_basis"] == "equal_assumed"
    assert content["synthetic"] is True
    assert content["unit"]["rank"] == 5
    asked = {"dataset": "demo", "store": built, "scope": "europe-population-over-200000"}
    moved = index_what_if("demo-icc", HOME, points={"demo-health": 30}, draws=2000, **asked).content
    assert moved["before"]["rank"] == 3
    assert moved["after"]["score"] == pytest.approx(77.5 + 30 / 18, abs=0.05)
    wished = index_what_if("demo-icc", HOME, wish=Wish(1, step=1.0), draws=500, **asked).content
    assert wished["path"]["possible"]
    assert wished["after"]["rank"] == wished["path"]["rank"] == 1
    # 92.4 is the leader's total: 18 times what is short of it, in whole points.
    assert wished["path"]["points"] == pytest.approx(18 * (92.4444 - 77.5), abs=1)


def test_missing_scores_are_filled_and_told(built):
    found = index_stress("demo-icc", edition="demo-2013", dataset="demo", store=built, draws=500)
    assert len(found.content["filled"]) == 7
    assert {"unit": "demo-sample-03", "component": "demo-media"} in found.content["filled"]


def test_invented_weights_are_called_so(built):
    found = index_stress("demo-icc", edition="demo-2010", dataset="demo", store=built, draws=500)
    assert found.content["weights_basis"] == "invented"
    weights = {one["component"]: one["weight"] for one in found.content["components"]}
    assert weights["demo-education"] == pytest.approx(2 * weights["demo-media"], abs=2e-6)


def test_a_scope_without_a_field_is_refused(built):
    with pytest.raises(BarometerError):
        index_stress("icc", edition="2012-01", store=built)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_terminal_tells_the_interval(built, lang):
    done = CliRunner().invoke(
        main,
        ["rank", "demo-icc", "--scope", "peers", "--dataset", "demo", "--lang", lang,
         "--store", str(built)],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    said = done.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "1-4" in said
    assert ("Lige vægte er en antagelse" if lang == "da" else "Equal weights are an") in said
    assert "10.000" in said if lang == "da" else "10,000" in said


def test_cities_outside_a_computed_scope_are_not_listed_as_unranked(built):
    found = barometer_lib.rank("demo-icc", scope="peers", dataset="demo", store=built)
    assert found.content["scores_without_rank"] == []
    assert len(found.rows) == 9
    assert found.rows[-1]["ahead_of_next"] is None


# --- views


def test_the_profile_ranks_a_component_in_its_field(demo):
    rows = demo.sql(
        "select * from index_profile where edition = 'demo-2013' and component = 'demo-media'"
    ).rows
    scores = np.array([row["score"] for row in rows if row["score"] is not None])
    assert len(rows) == 135
    assert {row["of"] for row in rows} == {133}
    known = [row for row in rows if row["score"] is not None]
    expected = rankdata(-scores, method="min")
    assert [row["rank"] for row in known] == expected.tolist()
    assert rows[0]["mean"] == pytest.approx(scores.mean())
    assert rows[0]["best"] == scores.max()
    assert {row["rank"] for row in rows if row["score"] is None} == {None}


def test_parts_of_a_change_stand_in_rows_and_add_up(demo):
    rows = demo.sql(
        "select against, part, places, change from index_change_part "
        "where edition = 'demo-2014' and scope = 'all'"
    ).rows
    for against in {row["against"] for row in rows}:
        parts = {row["part"]: row["places"] for row in rows if row["against"] == against}
        (change,) = {row["change"] for row in rows if row["against"] == against}
        assert set(parts) == {"own", "others", "field", "method"}
        assert sum(parts.values()) == pytest.approx(change)
    assert next(r["places"] for r in rows if (r["against"], r["part"]) == ("demo-2010", "method"))
