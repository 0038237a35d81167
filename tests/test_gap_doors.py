"""The doors `gap` and `compare`: what is compared with what, held to numbers worked by hand.

Witnesses: statsmodels' Newcombe interval and Benjamini-Hochberg; scipy's binomial and score tests;
shares, rests, means and changes worked by hand on a city of two districts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import sqrt
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

import barometer_lib
import shared_store
from barometer_lib import locale
from barometer_lib.build.gaps import gap_tables
from barometer_lib.build.tables import catalogue_tables
from barometer_lib.catalogue.entries import Target
from barometer_lib.catalogue.measures import Break
from barometer_lib.cli import main
from barometer_lib.errors import BarometerError
from barometer_lib.gaps import told
from barometer_lib.sentences import gaps as said
from barometer_lib.store import questions
from barometer_lib.store import session as look
from small_city import LATER, city, grid, share, vintages

Row = dict[str, Any]
DEMO = "demo-employment"
GROUP = "demo-origin:immigrants-non-western"


def asked(name: str, *arguments: Any, **more: Any) -> barometer_lib.Result:
    door = getattr(barometer_lib, name)
    found: barometer_lib.Result = door(
        *arguments, store=shared_store.pointer(), **{"dataset": "demo", **more}
    )
    return found


# --- a small city by hand -------------------------------------------------------------------------


def tables(rows: list[Row], **changed: Any) -> dict[str, pa.Table]:
    """The build's tables of gaps for a city of two districts and two origins."""
    made_up = city()
    content = replace(made_up, entries=defaultdict(dict, made_up.entries))
    share_ = content.entries["indicator"]["share"]
    content.entries["indicator"]["share"] = share_.model_copy(
        update={"reference_group": "o:b", "group": "o:a"} | changed.get("indicator", {})
    )
    for target in changed.get("targets", ()):
        content.entries["target"][target.id] = target
    made = catalogue_tables(content)
    figures = vintages(
        [
            one | {"period_start": date(2012, 7, 1), "period_end": _end(one["period"])}
            for one in rows
        ]
    )
    found = gap_tables({**made, "measurement_vintage": figures})
    return {name: table.to_pylist() for name, table in found.items()}


def _end(period: str) -> date:
    return {"2012-S2": date(2012, 12, 31), "2013-S1": date(2013, 6, 30)}[period]


def one(rows: list[Row], **wanted: Any) -> Row:
    (found,) = [row for row in rows if all(row[name] == to for name, to in wanted.items())]
    return found


NOW = grid([20, 60, 30, 90], [80, 120, 70, 130])
"""East: a 20 of 80, b 60 of 120; west: a 30 of 70, b 90 of 130. City: a 50 of 150, b 150 of 250."""


def test_each_comparison_worked_by_hand():
    found = tables(NOW)["gap"]
    a = {"area": "city", "population_group": "o:a"}
    reference = one(found, **a, against="reference")
    assert (reference["comparison"], reference["n"], reference["comparison_n"]) == ("o:b", 150, 250)
    assert reference["gap"] == pytest.approx(50 / 150 - 150 / 250)
    limits = confint_proportions_2indep(50, 150, 150, 250, method="newcomb")
    assert (reference["low"], reference["high"]) == pytest.approx(limits, abs=1e-9)
    assert reference["ratio"] == pytest.approx((50 / 150) / (150 / 250))
    assert reference["distinguishable"] is True
    # the rest of the city is o:b itself here, and the mean is 200 of 400
    rest = one(found, **a, against="rest")
    assert rest["gap"] == pytest.approx(reference["gap"])
    assert rest["comparison"] == "o:all"
    mean = one(found, **a, against="mean")
    assert mean["gap"] == pytest.approx(50 / 150 - 0.5)
    assert mean["gap"] == pytest.approx((1 - 150 / 400) * rest["gap"])
    assert (mean["low"], mean["high"]) == pytest.approx(tuple((1 - 150 / 400) * x for x in limits))
    assert mean["p"] == rest["p"]
    # a ratio r to the rest is r / (part r + 1 - part) to the mean
    low = rest["ratio_low"]
    assert mean["ratio_low"] == pytest.approx(low / (150 / 400 * low + 1 - 150 / 400))
    # the reference group is compared with rest and mean, and never with itself
    b = [
        row["against"]
        for row in found
        if row["area"] == "city" and row["population_group"] == "o:b"
    ]
    assert b == ["mean", "rest"]
    assert not [row for row in found if row["population_group"] == "o:all"]


def a_target(value: float, **more: Any) -> Target:
    made = {
        "id": "t", "policy": "p", "indicator": "share", "form": "minimum", "value": value,
        "unit": "percent", "source": "s", **more,
    }  # fmt: skip
    return Target(**made)


def test_a_target_is_compared_where_it_holds():
    def against(**more: Any) -> list[Row]:
        made = tables(NOW, targets=[a_target(**{"value": 40, **more})])["gap"]
        return [row for row in made if row["against"] == "target"]

    (found,) = against()
    assert (found["area"], found["population_group"]) == ("city", "o:a")
    assert (found["comparison"], found["comparison_n"]) == ("t", None)
    assert found["gap"] == pytest.approx(50 / 150 - 0.4)
    # scipy's exact interval is wider than Wilson's and holds it
    exact = binomtest(50, 150).proportion_ci(method="wilson")
    assert (found["low"], found["high"]) == pytest.approx((exact.low - 0.4, exact.high - 0.4))
    z = (50 / 150 - 0.4) / sqrt(0.4 * 0.6 / 150)
    assert found["p"] == pytest.approx(0.0956, abs=1e-4)
    assert z == pytest.approx(-1.6667, abs=1e-4)
    districts = against(applies_to="every_district")
    assert [row["area"] for row in districts] == ["east", "west"]
    assert against(valid_to=date(2012, 6, 30)) == []
    assert against(unit="count") == []
    assert against(form="change", value=-3) == []


def test_a_target_of_all_has_limits_and_no_test():
    (found,) = [
        row for row in tables(NOW, targets=[a_target(100)])["gap"] if row["against"] == "target"
    ]
    assert found["high"] < 0
    assert found["p"] is None


def test_a_hidden_figure_and_figures_without_people_tell_no_interval_or_nothing():
    hidden = [
        one | {"value": None, "numerator": None, "denominator": None, "status": "suppressed"}
        if (one["area"], one["population_group"]) == ("city", "o:b")
        else one
        for one in NOW
    ]
    found = [row for row in tables(hidden)["gap"] if row["area"] == "city"]
    assert [(row["population_group"], row["against"]) for row in found] == [
        ("o:a", "mean"),
        ("o:a", "rest"),
    ]
    bare = [one | {"numerator": None, "denominator": None} for one in NOW]
    found = [row for row in tables(bare)["gap"] if row["area"] == "city"]
    assert {row["against"] for row in found} == {"reference", "mean"}  # no rest without people
    assert {(row["reason"], row["low"], row["distinguishable"]) for row in found} == {
        ("no_interval", None, None)
    }


def test_groups_of_another_definition_are_never_compared():
    other = [one | {"population_group": one["population_group"].replace("o:", "q:")} for one in NOW]
    found = tables(NOW)["gap"]
    assert {row["comparison"][0] for row in found} == {"o"}
    # figures of groups that the catalogue does not hold take no part at all
    assert tables(NOW + other)["gap"] == found


def test_a_gap_stands_while_both_figures_stand():
    again = [
        one | {"value": 0.4, "numerator": 60, "known_from": LATER, "delivery": "e", "line": 9}
        for one in NOW
        if (one["area"], one["population_group"]) == ("city", "o:a")
    ]
    found = [
        (row["known_from"], row["known_until"], round(row["gap"], 4))
        for row in tables(NOW + again)["gap"]
        if row["area"] == "city" and row["against"] == "reference"
    ]
    first = NOW[0]["known_from"]
    assert found == [(first, LATER, round(1 / 3 - 0.6, 4)), (LATER, None, -0.2)]


LATE = grid([32, 60, 28, 78], [80, 120, 70, 130], period="2013-S1")
"""City: a 60 of 150, b 138 of 250: the difference moves from -0.2667 to -0.152."""


def test_the_change_of_a_gap_worked_by_hand():
    found = tables(NOW + LATE)["gap_change"]
    moved = one(found, area="city", population_group="o:a", against="reference", since="first")
    assert (moved["from_period"], moved["to_period"]) == ("2012-S2", "2013-S1")
    assert moved["change"] == pytest.approx((60 / 150 - 138 / 250) - (50 / 150 - 150 / 250))
    before = confint_proportions_2indep(50, 150, 150, 250, method="newcomb")
    now = confint_proportions_2indep(60, 150, 138, 250, method="newcomb")
    gap0, gap1 = 50 / 150 - 0.6, 0.4 - 138 / 250
    below = sqrt((gap1 - now[0]) ** 2 + (before[1] - gap0) ** 2)
    above = sqrt((now[1] - gap1) ** 2 + (gap0 - before[0]) ** 2)
    assert moved["low"] == pytest.approx(moved["change"] - below)
    assert moved["high"] == pytest.approx(moved["change"] + above)
    assert moved["distinguishable"] is False
    assert moved["ratio_change"] == pytest.approx(0.4 / 0.552 - (1 / 3) / 0.6)
    spread = sum(p * (1 - p) / n for p, n in ((1 / 3, 150), (0.6, 250), (0.4, 150), (0.552, 250)))
    assert moved["smallest"] == pytest.approx((1.959964 + 0.841621) * sqrt(spread), rel=1e-6)
    # the group is 150 of 400: against the mean everything is 250/400 of it
    mean = one(found, area="city", population_group="o:a", against="mean", since="first")
    assert mean["change"] == pytest.approx(moved["change"] * 250 / 400)
    assert mean["smallest"] == pytest.approx(moved["smallest"] * 250 / 400)
    # with two periods the one before is the first, and is told once
    assert {row["since"] for row in found} == {"first"}


def test_nothing_is_compared_across_a_break():
    broken = Break(start="2013-S1", reason="new-register")
    found = tables(NOW + LATE, indicator={"breaks": [broken]})
    assert found["gap_change"] == []
    assert found["decomposition"] == []


def test_a_change_is_split_worked_by_hand():
    """East 80 of 200, west 120 of 200 -> east 92 of 200, west 106 of 200: the mix stands still."""
    found = tables(NOW + LATE)["decomposition"]
    over = one(found, area="city", population_group="o:all", strata="districts")
    assert over["change"] == pytest.approx(198 / 400 - 200 / 400)
    assert over["composition"] == pytest.approx(0)
    # people move from b (0.5) to a (0.25) in the east: 80 and 120 become 120 and 80
    moved = [share("east", group, "2013-S1", *numbers) for group, numbers in (
        ("o:a", (30, 120)), ("o:b", (40, 80)), ("o:all", (70, 200)))]  # fmt: skip
    east = one(
        tables([one for one in NOW if one["area"] == "east"] + moved)["decomposition"],
        strata="groups",
    )
    assert east["change"] == pytest.approx(70 / 200 - 80 / 200)
    assert east["rate"] == pytest.approx(0)
    assert east["composition"] == pytest.approx((0.6 - 0.4) * 0.25 + (0.4 - 0.6) * 0.5)
    assert east["rate_low"] < 0 < east["rate_high"]
    # the rates' own sampling: each stratum's variance by the square of the mean weight
    spread = sum(
        0.5**2 * p * (1 - p) / n for p, n in ((0.25, 80), (0.25, 120), (0.5, 120), (0.5, 80))
    )
    assert east["rate_high"] == pytest.approx(1.959964 * sqrt(spread), rel=1e-6)


@pytest.mark.parametrize("fault", ["hidden", "added"])
def test_parts_that_are_not_known_or_do_not_add_up_are_not_split(fault):
    def broken(row: Row) -> Row:
        if (row["area"], row["population_group"]) != ("west", "o:all"):
            return row
        if fault == "hidden":
            return row | {"value": None, "numerator": None, "denominator": None,
                          "status": "suppressed"}  # fmt: skip
        return row | {"numerator": row["numerator"] + 10, "value": 0.7}

    found = tables([broken(row) for row in NOW + LATE])["decomposition"]
    assert not [row for row in found if row["strata"] == "districts"
                and row["population_group"] == "o:all"]  # fmt: skip
    assert [row for row in found if row["population_group"] == "o:a"]


# --- the store and the doors ----------------------------------------------------------------------


def test_districts_of_the_store_are_those_of_the_door():
    """One way of working out, two doors: the stored table and `compare` say the same."""
    found = asked("compare", "demo-welfare")
    with look(shared_store.pointer(), "demo") as store:
        rows = store.rows(
            "select * from district_comparison where indicator = 'demo-welfare'"
            " and period = $period and population_group = $group",
            {"period": found.content["period"], "group": found.content["group"]},
        )
    assert [row["area"] for row in rows] == [row["area"] for row in found.rows]
    for stored, shown in zip(rows, found.rows, strict=True):
        for name in ("low", "high", "difference", "difference_low", "funnel_high"):
            assert shown[name] == pytest.approx(stored[name] * 100, abs=0.006), name
        for name in ("p", "p_adjusted", "funnel", "two_intervals", "quintile", "extreme"):
            assert shown[name] == (pytest.approx(stored[name]) if "p" in name[:1] else stored[name])


def test_a_district_is_held_against_the_rest_of_the_city():
    found = asked("compare", "demo-welfare")
    with look(shared_store.pointer(), "demo") as store:
        figures = {
            row["area"]: row
            for row in store.rows(
                "select * from measurement where indicator = 'demo-welfare' and period = $p"
                " and population_group = $g",
                {"p": found.content["period"], "g": found.content["group"]},
            )
        }
    whole = figures["demo-city"]
    raw = []
    for row in found.rows:
        own = figures[row["area"]]
        others = whole["numerator"] - own["numerator"], whole["denominator"] - own["denominator"]
        low, high = confint_proportions_2indep(
            own["numerator"], own["denominator"], *others, method="newcomb"
        )
        part = 1 - own["denominator"] / whole["denominator"]
        assert row["difference_low"] == pytest.approx(low * part * 100, abs=0.006)
        assert row["difference_high"] == pytest.approx(high * part * 100, abs=0.006)
        assert (row["p"] < 0.05) is bool(low > 0 or high < 0)
        raw.append(row["p"])
    adjusted = multipletests(raw, method="fdr_bh")[1]
    assert [row["p_adjusted"] for row in found.rows] == pytest.approx(list(adjusted))
    assert found.content["family"] == len(raw)


def test_p_of_gaps_is_adjusted_over_the_family_that_is_shown():
    found = asked("gap", DEMO).content
    raw = [one["p"] for one in found["gaps"]]
    assert [one["p_adjusted"] for one in found["gaps"]] == pytest.approx(
        list(multipletests(raw, method="fdr_bh")[1])
    )
    assert found["family"] == len(raw)
    assert str(len(raw)) in found["family_en"]
    alone = asked("gap", DEMO, group=GROUP, against="reference").content
    assert alone["family_en"] is None
    assert alone["gaps"][0]["p_adjusted"] == alone["gaps"][0]["p"]


def test_rows_are_every_period_and_the_newest_are_marked():
    found = asked("gap", DEMO, group=GROUP, against="reference")
    assert list(found.frame().columns) == list(found.columns)
    periods = [row["period"] for row in found.rows]
    assert periods == sorted(periods, key=lambda code: (code[:4], code[5:]))
    assert [row["newest"] for row in found.rows] == [False] * (len(periods) - 1) + [True]
    newest, told_ = found.rows[-1], found.content["gaps"][0]
    assert newest["gap"] == told_["gap"] == round(newest["value"] - newest["comparison_value"], 1)
    assert told_["changes"][0]["change"] == pytest.approx(
        newest["gap"] - found.rows[0]["gap"], abs=0.1
    )


def test_gaps_as_they_were_known():
    then = asked("gap", DEMO, group=GROUP, against="reference", as_of="2010-01-31")
    now = asked("gap", DEMO, group=GROUP, against="reference")
    assert len(then.rows) < len(now.rows)
    assert then.content["as_of"] == "2010-01-31"
    # the store holds what stood that day: worked out again from that day's figures
    with look(shared_store.pointer(), "demo", date(2010, 1, 31)) as store:
        rows = store.rows(
            "select period, population_group, value from measurement where indicator = $i"
            " and area = 'demo-city' and population_group in ($g, 'demo-origin:danish')",
            {"i": DEMO, "g": GROUP},
        )
    figures = {(row["period"], row["population_group"]): row["value"] for row in rows}
    for row in then.rows:
        pair = [figures[row["period"], who] for who in (GROUP, "demo-origin:danish")]
        assert row["gap"] == pytest.approx(100 * (pair[0] - pair[1]), abs=0.06)


def test_a_gap_that_ended_with_its_target_is_no_gap_today():
    found = asked("gap", DEMO, group=GROUP, against="target")
    assert [one["comparison"] for one in found.content["gaps"]] == ["demo-target-employment"]
    assert {row["comparison"] for row in found.rows} == {
        "demo-target-employment", "demo-target-employment-2010",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "options", "reasons"),
    [
        ("demo-employment-gap", {}, {(None, "kind")}),
        ("demo-young-charged", {"against": "reference"}, {(None, "no_reference")}),
        ("demo-exam-grade", {"against": "rest", "group": GROUP}, {(GROUP, "people_not_known")}),
        ("demo-youth-education", {"against": "target"}, {(GROUP, "no_target")}),
        (
            "utryg_nabolag",
            {"dataset": "published", "against": "reference"},
            {(None, "no_reference")},
        ),
        ("utryg_nabolag", {"dataset": "published", "against": "mean"}, set()),
    ],
)
def test_refusals_carry_their_reason(indicator, options, reasons):
    found = asked("gap", indicator, **options).content
    assert {(one["group"], one["reason"]) for one in found["refused"]} == reasons
    assert found["gaps"] == []
    assert all(one["da"] and one["en"] for one in found["refused"])


@pytest.mark.parametrize(
    ("standing", "against", "reason"),
    [
        ([{"status": "suppressed"}, {}], "reference", "suppressed"),
        ([{"known": False, "status": "missing"}, {}], "reference", "not_measured"),
        ([{}, {"definition": "citizenship"}], "reference", "other_population"),
        ([{}, {"status": "suppressed"}], "reference", "comparison_suppressed"),
        ([{}, {}], "reference", "other_period"),
        ([{}, {"total": True, "definition": "citizenship"}], "mean", "other_population"),
        ([{}, {"total": True}], "rest", "people_not_known"),
    ],
)
def test_each_reason_of_a_group(standing, against, reason):
    from barometer_lib.api.gaps import _refused

    rows = [
        {"population_group": code, "status": "reported", "known": True, "definition": "origin",
         "total": False, "period": "2012"} | more
        for code, more in zip(("a", "b"), standing, strict=True)
    ]  # fmt: skip
    entry = {"kind": "proportion", "reference_group": "b", "population_group": "a"}
    found = _refused(rows, [], entry, "a", (against,))
    assert found == [{"group": "a", "against": against, "reason": reason}]


def test_what_is_asked_wrongly_is_told():
    for door, arguments, code in (
        ("gap", ("no-such",), "not_found"),
        ("compare", ("demo-young-charged",), "not_compared_kind"),
        ("compare", ("demo-welfare", None, None, "1999"), "not_compared_too_few"),
    ):
        with pytest.raises(BarometerError) as error:
            asked(door, *arguments)
        assert error.value.code == code
    for options, code in (
        ({"against": "target"}, "not_compared_target"),
        ({"against": "nobody"}, "not_found"),
    ):
        with pytest.raises(BarometerError) as error:
            asked("compare", "demo-welfare", **options)
        assert error.value.code == code
    with pytest.raises(BarometerError) as error:
        asked("gap", DEMO, group="demo-origin:danish", area="demo-city", against="nobody")
    assert error.value.code == "not_found"
    with pytest.raises(BarometerError) as error:
        asked("compare", "utryg_nabolag", dataset="published")
    assert error.value.code == "not_compared_no_people"


def test_districts_against_the_target_for_every_district():
    found = asked("compare", "demo-unsafe", against="target")
    assert (found.content["against"], found.content["benchmark"]) == ("target", 10.0)
    for row in found.rows:
        assert row["difference"] == pytest.approx(row["value"] - 10, abs=0.006)
        assert row["overlap"] == "not_compared"
    all_ = asked("compare", "demo-unsafe", against="districts").content
    count = sum(row["value"] * row["n"] for row in all_["districts"])
    assert all_["benchmark"] == pytest.approx(
        count / sum(row["n"] for row in all_["districts"]), abs=0.01
    )


def test_a_slope_along_another_indicator():
    found = asked("compare", DEMO, group=GROUP, along="demo-welfare").content
    # by hand: weighted least squares on the middle of each district's place
    with look(shared_store.pointer(), "demo") as store:
        order = {
            row["area"]: row["value"]
            for row in store.rows(
                "select area, value from measurement where indicator = 'demo-welfare'"
                " and period = $p and population_group = $g",
                {"p": found["period"], "g": GROUP},
            )
        }
    rows = sorted(found["districts"], key=lambda row: order[row["area"]])
    people = sum(row["n"] for row in rows)
    ends = [0.0]
    for row in rows:
        ends.append(ends[-1] + row["n"] / people)
    places = [(a + b) / 2 for a, b in pairwise(ends)]
    weights = [row["n"] / people for row in rows]
    x = sum(w * p for w, p in zip(weights, places, strict=True))
    y = sum(w * row["value"] for w, row in zip(weights, rows, strict=True))
    across = sum(
        w * (p - x) * (r["value"] - y) for w, p, r in zip(weights, places, rows, strict=True)
    )
    slope = across / sum(w * (p - x) ** 2 for w, p in zip(weights, places, strict=True))
    assert found["along"]["sii"] == pytest.approx(slope, abs=0.01)
    assert found["along"]["sii_low"] < found["along"]["sii"] < found["along"]["sii_high"]
    refused = asked("compare", DEMO, group=GROUP, along="demo-mentors").content["along"]
    assert refused["reason"] == "order_not_known"


def test_segregation_stands_beside_chance():
    found = {
        one["measure"]: one for one in asked("compare", DEMO, group=GROUP).content["segregation"]
    }
    assert set(found) == {"dissimilarity", "isolation", "entropy"}
    apart = found["dissimilarity"]
    assert apart["chance"] < apart["chance_high"] < apart["value"] < 1
    with look(shared_store.pointer(), "demo") as store:
        rows = store.rows(
            "select population_group = $g as own, area, denominator as n from measurement where"
            " indicator = $i and period = $p and area <> 'demo-city'"
            " and population_group in ($g, 'demo-origin:total') order by area, own",
            {"g": GROUP, "i": DEMO, "p": apart["period"]},
        )
    totals = [row["n"] for row in rows if not row["own"]]
    own = [row["n"] for row in rows if row["own"]]
    by_hand = 0.5 * sum(
        abs(a / sum(own) - (t - a) / (sum(totals) - sum(own)))
        for a, t in zip(own, totals, strict=True)
    )
    assert apart["value"] == pytest.approx(by_hand)
    assert asked("compare", DEMO, group="demo-origin:total").content["segregation"] == []


# --- words ----------------------------------------------------------------------------------------


NEVER = {
    "da": (
        "uændret",
        "tendens",
        "trend",
        "skyldes",
        "effekt",
        "ghetto",
        "bedste",
        "dårligste",
        "%",
    ),
    "en": ("unchanged", "trend", "because of", "caused", "effect", "best", "worst"),
}


def well_written(sentence: str, lang: str) -> None:
    assert re.fullmatch(r"\S.*[.]", sentence), sentence
    assert not re.search(r"[{}]|  |\.\.|None|\( *\)| ,| ;|:\s*\.", sentence), sentence
    for word in NEVER[lang]:
        assert word not in sentence.lower(), (word, sentence)


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_what_the_store_holds_can_be_said_and_names_its_comparison(lang):
    with look(shared_store.pointer(), "demo") as store:
        codes = [row["indicator"] for row in questions.indicators(store)]
        words = questions.labels(store, lang)
        measured = {
            (row["indicator"], row["area"])
            for row in store.rows(
                "select indicator, area from measurement where period is not null"
            )
        }
    names = {
        "reference": ("the reference group", "referencegruppen"),
        "rest": ("the rest of", "resten af"),
        "mean": ("the mean of", "gennemsnittet for"),
        "target": ("the target of", "målet på"),
    }
    told_ = 0
    for code in codes:
        for area in ("demo-city", "demo-03"):
            if (code, area) not in measured:
                continue
            found = asked("gap", code, area).content
            for one_ in found["gaps"]:
                well_written(one_[lang], lang)
                assert any(name in one_[lang] for name in names[one_["against"]])
                assert words["group", one_["group"]] in one_[lang]
                told_ += 1
            for one_ in (*found["splits"], *found["refused"]):
                well_written(one_[lang], lang)
    assert told_ > 50


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_districts_can_be_said(lang):
    for code, options in (
        (DEMO, {"group": GROUP, "along": "demo-welfare"}),
        ("demo-unsafe", {"against": "target"}),
        ("demo-volunteering", {"against": "districts", "along": "demo-mentors"}),
    ):
        sentences = asked("compare", code, **options).content[lang]
        assert len(sentences) > 4
        for sentence in sentences:
            well_written(sentence, lang)


def keys(branch: Any, above: str = "") -> set[str]:
    if not isinstance(branch, dict):
        return {above}
    return {key for name, below in branch.items() for key in keys(below, f"{above}.{name}")}


def test_every_reason_has_its_words():
    for lang in locale.LANGUAGES:
        named = said.Told({}, lang, "city")
        for key in keys(locale.words(lang)["gaps"]["refused"]):
            row_ = {"group": "a", "against": "mean", "reason": key[1:], "reference": "b"}
            well_written(said.refusal(row_, named), lang)
        for key in keys(locale.words(lang)["gaps"]["no_split"]):
            row_ = {"group": "a", "strata": "groups", "reason": key[1:]}
            well_written(said.split(row_, named), lang)


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 400), st.integers(1, 400), st.integers(401, 900)), min_size=1,
        max_size=5,
    )
)  # fmt: skip
def test_the_order_of_rows_changes_nothing(rows):
    """Rows of gaps are told one by one: turned round, they come out turned round."""
    pairs = [
        {"value": a / n, "comparison_value": b / n, "count1": a, "n1": n, "count2": b, "n2": n,
         "against": "reference", "part": None}
        for a, b, n in rows
    ]  # fmt: skip
    assert told.gap_rows(pairs[::-1]) == told.gap_rows(pairs)[::-1]


# --- the command line -----------------------------------------------------------------------------


def test_the_commands_print_for_people_and_machines(built):
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, [*arguments, "--store", str(built)])
        assert done.exit_code == 0, done.output
        return done.stdout

    shown = run("gap", DEMO, "--dataset", "demo", "--lang", "da")
    assert "referencegruppen" in shown
    assert "Syntetiske tal" in shown
    assert "pct." in shown
    content = json.loads(run("gap", DEMO, "--dataset", "demo", "--format", "json"))
    assert content["gaps"][0]["group_label"]
    lines = run("compare", "demo-welfare", "--dataset", "demo", "--format", "csv").splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("indicator,division,group,period,area,value")


def test_a_gap_needs_no_scipy(built):
    """What is stored is read: the kernel that shows a gap loads no numbers' library."""
    code = (
        "import sys, barometer_lib as b; b.gap('demo-employment', dataset='demo', against='mean',"
        f" store={str(built)!r}); print([m for m in ('scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert done.stdout.strip() == "[]"


def test_small_numbers_stay_hidden_in_what_is_worked_out():
    """A hidden stratum is in no gap, no split and no spread of the build."""
    gone = [
        row_ | {"value": None, "numerator": None, "denominator": None, "status": "suppressed"}
        if row_["population_group"] == "o:a" and row_["area"] == "east"
        else row_
        for row_ in NOW + LATE
    ]
    made = tables(gone)
    assert not [r for r in made["gap"] if (r["area"], r["population_group"]) == ("east", "o:a")]
    assert not [r for r in made["decomposition"] if r["area"] == "east"]
    assert not [r for r in made["segregation"] if r["population_group"] == "o:a"]
