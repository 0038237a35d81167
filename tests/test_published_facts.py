"""The published catalogue says what the delivered rows say, and nothing that they do not."""

from __future__ import annotations

import csv
import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from barometer_lib import deliveries, periods
from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.catalogue.entries import (
    Area,
    City,
    Comment,
    Commitment,
    Committee,
    EffortArea,
    Goal,
    Index,
    Indicator,
    OfficeHolder,
    Policy,
    Round,
    Source,
    Target,
)
from barometer_lib.deliveries.description import describe
from barometer_lib.errors import say_fault

ROOT = Path(__file__).resolve().parents[1] / "data"
RECEIVED = "2026-11-22"
DELIVERIES = (
    "barometer-measurements",
    "barometer-targets",
    "icc",
    "charter",
    "committees-and-areas",
)
ROWS = {
    "barometer-measurements/barometer_measurements.csv": 61,
    "barometer-targets/barometer_targets.csv": 25,
    "icc/icc_scores.csv": 17,
    "icc/icc_rankings.csv": 14,
    "icc/icc_editions.csv": 27,
    "icc/icc_component_definitions.csv": 14,
    "charter/charter_commitments.csv": 11,
    "committees-and-areas/committees.csv": 7,
    "committees-and-areas/districts_safety_survey.csv": 13,
}
NO_TARGET_STATED = {8}  # the row that only counts the goals of 2015-2018


def delivered(name: str) -> list[dict[str, str]]:
    """The rows of a delivered file, every cell as text."""
    source, file = name.split("/")
    path = ROOT / "deliveries" / source / RECEIVED / file
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def content() -> Catalogue:
    found, faults = inspect(ROOT / "catalogue")
    assert [say_fault(fault, "en") for fault in faults] == []
    assert found is not None
    return found


@pytest.mark.parametrize("name", DELIVERIES)
def test_files_are_as_delivered(name: str) -> None:
    folder = ROOT / "deliveries" / name / RECEIVED
    delivery, _, faults = describe(folder, name)
    assert faults == []
    assert delivery is not None
    assert delivery.received == date(2026, 11, 22)
    assert not delivery.synthetic
    for one in delivery.files:
        assert hashlib.sha256((folder / one.file).read_bytes()).hexdigest() == one.sha256


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_every_row_was_delivered(name: str, rows: int) -> None:
    assert len(delivered(name)) == rows


def test_deliveries_are_read_without_a_fault(content: Catalogue) -> None:
    found = deliveries.read(ROOT / "deliveries", content)
    assert [say_fault(fault, "en") for fault in found.faults] == []
    counted = [sum(table.num_rows for table in tables) for tables in (
        found.measurements, found.index_scores, found.index_ranks, found.index_field_sizes,
    )]  # fmt: skip
    assert counted == [61, 17, 14, 27]
    verdicts = {
        row["goal"]: (row["round"], row["status"])
        for table in found.verdicts
        for row in table.to_pylist()
    }
    assert verdicts == {
        "2011-2014-g1": ("2013-01", "setback"),
        "2011-2014-g2": ("2013-01", "standstill"),
        "2011-2014-g3": ("2013-01", "standstill"),
    }


def test_every_address_is_a_source(content: Catalogue) -> None:
    known = {one.address for one in content.all(Source)}
    for source in DELIVERIES:
        for path in sorted((ROOT / "deliveries" / source / RECEIVED).glob("*.csv")):
            rows = delivered(f"{source}/{path.name}")
            named = {row["source_url"] for row in rows if "source_url" in row}
            assert named <= known, path.name


def test_meeting_dates_are_those_in_the_address(content: Catalogue) -> None:
    held = 0
    for one in content.all(Source):
        found = re.search(r"m%C3%B8de-(\d\d)(\d\d)(\d{4})/", one.address)
        if found and " ; " not in one.address:
            day, month, year = found.groups()
            assert one.published == f"{year}-{month}-{day}", one.id
            held += 1
    assert held == 7


def test_the_article_without_a_date_has_none(content: Catalogue) -> None:
    article = next(one for one in content.all(Source) if "www.dr.dk" in one.address)
    assert article.published is None


def test_every_target_row_is_used(content: Catalogue) -> None:
    rows = delivered("barometer-targets/barometer_targets.csv")
    used = {one.evidence.line for one in content.all(Target) if one.evidence is not None}
    assert used | NO_TARGET_STATED == set(range(2, len(rows) + 2))
    assert not used & NO_TARGET_STATED
    assert all(one.evidence is not None for one in content.all(Target))


def test_targets_say_what_their_row_says(content: Catalogue) -> None:
    rows = delivered("barometer-targets/barometer_targets.csv")
    addresses = {one.id: one.address for one in content.all(Source)}
    committees = {one.id for one in content.all(Committee)}
    for one in content.all(Target):
        assert one.evidence is not None
        row = rows[one.evidence.line - 2]
        assert addresses[one.source] == row["source_url"], one.id
        assert one.owners == [
            word for word in row["responsible"].split(" + ") if word in committees
        ]
        year = row["target_year"] if row["target_year"].isdigit() else None
        assert one.target_period == year, one.id
        assert (one.decision, one.valid_from, one.valid_to) == (None, None, None)
        if row["target_value"] == "direction only":
            assert (one.form, one.value) == ("direction", None), one.id
        if row["good_direction"] in ("up", "down"):
            assert one.direction == row["good_direction"], one.id
        if row["baseline"].startswith("not seen"):
            assert one.baseline is None, one.id


def test_targets_with_a_value(content: Catalogue) -> None:
    valued = {one.id: one for one in content.all(Target) if one.value is not None}
    assert {key: (one.form, one.value, one.applies_to) for key, one in valued.items()} == {
        "t-2011-2014-most-inclusive": ("rank", 1, "city"),
        "t-sikker-by-index": ("change", -50, "city"),
        "t-sikker-by-unsafe": ("maximum", 10, "every_district"),
    }


def test_no_owner_is_invented(content: Catalogue) -> None:
    leads = {one.id: one.lead_committee for one in content.all(Goal) if one.lead_committee}
    assert leads == {
        "2011-2014-most-inclusive": "BIU",
        "2011-2014-belonging": "BIU",
        "2011-2014-poverty": "BIU",
        "2011-2014-discrimination": "BIU",
        "2019-2022-biu-labour-market": "BIU",
        "2019-2022-biu-igu": "BIU",
        "2019-2022-biu-youth-education": "BIU",
        "2019-2022-biu-included": "BIU",
        "sikker-by-unsafe": "ØU",
    }
    contributing = {
        one.id: one.contributing_committees
        for one in content.all(Goal)
        if one.contributing_committees is not None
    }
    assert contributing == {"sikker-by-index": ["BIU", "ØU"]}


def test_the_release_of_january_2013(content: Catalogue) -> None:
    rows = [
        row
        for row in delivered("barometer-measurements/barometer_measurements.csv")
        if row["period"] == "2013-01 release"
    ]
    goals = {one.number: one for one in content.all(Goal) if one.policy == "2011-2014"}
    assert set(goals) == {1, 2, 3, None}
    for number in (1, 2, 3):
        of_goal = [row for row in rows if row["goal_no"] == str(number)]
        goal = goals[number]
        assert (goal.lead_committee, goal.contributing_committees) == (None, None)
        assert content.label("goal", goal.id, "da") == of_goal[0]["goal"]
        assert goal.effort_area is not None
        effort = content.get(EffortArea, goal.effort_area)
        name = content.label("effort_area", effort.id, "da")
        assert of_goal[0]["effort_area"] == f"INDSATSOMRÅDE {effort.number}: {name}"
        assert [
            (one.indicator, str(one.number), one.counts) for one in goal.indicators
        ] == [
            (row["indicator_id"], row["indicator_no"], row["counts_for_status_colour"] == "yes")
            for row in of_goal
        ]  # fmt: skip


def test_indicators_carry_the_sources_names_and_units(content: Catalogue) -> None:
    units = {"pct": "percent", "pct-point": "percentage_points", "count": "count"}
    for row in delivered("barometer-measurements/barometer_measurements.csv"):
        one = content.get(Indicator, row["indicator_id"])
        assert content.label("indicator", one.id, "da") == row["indicator_da"]
        named = row["unit"].split(" (")[0]
        assert one.unit == units.get(named, "persons_fte"), one.id


def test_polarity_is_not_guessed(content: Catalogue) -> None:
    neither = {one.id for one in content.all(Indicator) if one.polarity == "neither"}
    assert neither == {"skole_fordeling_afvig", "inst_fordeling_afvig"}
    ratio, excess = (content.get(Indicator, code) for code in ("kar_gab_ratio", "overledighed"))
    assert (ratio.kind, ratio.unit, ratio.polarity) == ("ratio", "percent", "higher")
    assert (excess.kind, excess.unit, excess.polarity) == ("gap", "percentage_points", "lower")
    assert excess.reference_group is None


def test_unsafe_ends_and_safe_succeeds_it(content: Catalogue) -> None:
    for unsafe, safe in (("utryg_nabolag", "tryg_nabolag"), ("utryg_aften_nat", "tryg_aften_nat")):
        one = content.get(Indicator, unsafe)
        assert (one.ends, one.successor) == ("2022", safe)
        assert content.get(Indicator, safe).polarity == "higher"
    assert content.get(Indicator, "bydele_over_10").counts_areas_of == "utryg_nabolag"


def test_committees_and_survey_districts_are_those_delivered(content: Catalogue) -> None:
    rows = delivered("committees-and-areas/committees.csv")
    found = [
        (one.id, content.label("committee", one.id, "da"), one.administration)
        for one in content.all(Committee)
    ]
    assert found == [
        (row["committee_abbr"], row["committee_da"], row["administration_abbr"]) for row in rows
    ]
    survey = {
        content.label("area", one.id, "da"): one.lies_in
        for one in content.all(Area)
        if one.level == "survey_district"
    }
    assert survey == {
        row["name_da"]: [f"101-{int(row['maps_to_bydel_nr']):02d}"]
        for row in delivered("committees-and-areas/districts_safety_survey.csv")
    }
    official = {one.id: one.square_metres for one in content.all(Area) if one.level == "district"}
    assert official == {
        f"101-{int(row['bydel_nr']):02d}": int(row["area_m2"])
        for row in delivered("committees-and-areas/districts.csv")
        if row["kind"] == "bydel"
    }


def test_the_index_has_the_published_editions_and_parts(content: Catalogue) -> None:
    index = content.get(Index, "icc")
    rows = [*delivered("icc/icc_scores.csv"), *delivered("icc/icc_rankings.csv")]
    assert {one.id for one in index.editions} == {row["period"] for row in rows} - {""}
    assert [one.order for one in index.editions] == sorted(one.order for one in index.editions)
    assert not index.weights_public
    assert [(one.id, one.lens) for one in index.components] == [
        (row["component_id"], row["in_intercultural_lens_composite"] == "yes")
        for row in delivered("icc/icc_component_definitions.csv")
    ]
    counted = {
        (city.id, one.inhabitants, one.foreign_born_percent)
        for city in content.all(City)
        for one in city.populations
    }
    assert counted == {
        (
            row["city"].lower(),
            int(row["population"]),
            float(row["foreign_born_pct"]) if row["foreign_born_pct"] else None,
        )
        for row in delivered("icc/icc_city_population.csv")
    }


def test_commitments_are_the_charters(content: Catalogue) -> None:
    rows = delivered("charter/charter_commitments.csv")
    assert [one.id for one in content.all(Commitment)] == [row["code"] for row in rows]
    for row in rows:
        assert content.label("commitment", row["code"], "en") == row["commitment_en"]


def test_rounds_can_know_their_figures(content: Catalogue) -> None:
    """A round is not dated before the source that it is read from."""
    assert [one.id for one in content.all(Round)] == [
        "2008-11", "2013-01", "2016", "2017", "2018-03", "2019", "2022-09", "2022-11", "2023-06",
    ]  # fmt: skip
    for one in content.all(Round):
        source = content.get(Source, one.source)
        assert source.published is not None
        assert periods.parse(source.published).start <= periods.last_day(one.published), one.id
        assert one.missed is False
    words = {one.effort_area: one.status for one in content.get(Round, "2008-11").statements}
    assert words == {
        "2007-2010-employment": "progress",
        "2007-2010-education": "progress",
        "2007-2010-housing": "progress",
    }


def test_what_is_not_known_stays_blank(content: Catalogue) -> None:
    assert content.all(Comment) == []
    assert content.all(OfficeHolder) == []
    rules = {one.id: (one.rule, one.base_period) for one in content.all(Policy)}
    assert rules == {
        "2007-2010": ("none", None),
        "2011-2014": ("since_previous", None),
        "2015-2018": ("since_base", "2014"),
        "2019-2022": ("none", None),
        "sikker-by": ("maximum_in_every_area", None),
        "national": ("since_base", "2012"),
    }


def test_words_that_are_not_used(content: Catalogue) -> None:
    banned = "nydansk|generationsindvandrer|ghetto|prognose|kriminelle familier"
    never = re.compile(banned, re.IGNORECASE)
    percent = re.compile(r"\d ?%")
    for kind, code, lang, words in content.label_rows():
        assert not never.search(words), (kind, code)
        if lang == "da" and kind.endswith(("_note", "_processing")):
            assert not percent.search(words), (kind, code)
