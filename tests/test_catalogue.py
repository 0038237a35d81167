"""The catalogue broken one way at a time: every fault with its file, line, nearest and remedy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from barometer_lib import units
from barometer_lib.build import check
from barometer_lib.catalogue import Catalogue, inspect, load
from barometer_lib.catalogue.entries import KINDS, Goal, Indicator, Policy, Unit
from barometer_lib.deliveries.checks import RANGES
from barometer_lib.errors import Fault, FaultsFound, NotFound, say, say_fault
from barometer_lib.locale.numbers import BARE_UNITS

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "data" / "catalogue"
Change = Callable[[Any], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the published catalogue, to be broken."""
    copy = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, copy, ignore=shutil.ignore_patterns("demo"))
    return copy


def rewrite(folder: Path, name: str, change: Change) -> None:
    """Changes a page's content; every entry stands on lines of its own afterwards."""
    page = folder / name
    content = yaml.safe_load(page.read_text("utf-8"))
    change(content)
    page.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")


def entry(content: Any, code: str) -> Any:
    return next(row for row in content if row["id"] == code)


def of(code: str, **fields: Any) -> Change:
    """The change that gives an entry other fields."""
    return lambda content: entry(content, code).update(fields)


def goal_with(content: Any) -> Any:
    return entry(content, "2011-2014-g2")


# name: (page, change, fault as (code, file, column, found), what is near, text of its line)
BROKEN: dict[str, tuple[str, Change, tuple[Any, ...], str | None, str]] = {
    "a field too many": (
        "indicators.yml",
        of("overledighed", polarty="lower"),
        ("field_unknown", "indicators.yml", "polarty", "lower"),
        "polarity",
        "polarty: lower",
    ),
    "a field missing": (
        "indicators.yml",
        lambda content: entry(content, "overledighed").pop("polarity"),
        ("field_missing", "indicators.yml", "polarity", None),
        None,
        "- id: overledighed",
    ),
    "a word that is no choice": (
        "indicators.yml",
        of("overledighed", polarity="lover"),
        ("wrong_value", "indicators.yml", "polarity", "lover"),
        "lower",
        "polarity: lover",
    ),
    "a wrong type": (
        "indicators.yml",
        of("overledighed", decimals="one"),
        ("wrong_value", "indicators.yml", "decimals", "one"),
        None,
        "decimals: one",
    ),
    "a number where a code belongs": (
        "areas.yml",
        lambda content: entry(content, "101").update(id=101),
        ("wrong_value", "areas.yml", "id", "101"),
        None,
        "- id: 101",
    ),
    "a code that does not exist": (
        "goals.yml",
        lambda content: goal_with(content)["indicators"][0].update(indicator="overledighet"),
        ("unknown_code", "goals.yml", "indicator", "overledighet"),
        "overledighed",
        "- indicator: overledighet",
    ),
    "a committee that does not exist": (
        "goals.yml",
        of("sikker-by-index", contributing_committees=["BIU", "BUI"]),
        ("unknown_code", "goals.yml", "contributing_committees", "BUI"),
        "BIU",
        "- BUI",
    ),
    "no period": (
        "policies.yml",
        of("2015-2018", base_period="base 2014"),
        ("wrong_value", "policies.yml", "base_period", "base 2014"),
        None,
        "base_period: base 2014",
    ),
    "the same id twice": (
        "indicators.yml",
        lambda content: content.append(dict(entry(content, "overledighed"))),
        ("id_twice", "indicators.yml", "id", "overledighed"),
        None,
        "- id: overledighed",
    ),
    "an id of the demo city": (
        "rounds.yml",
        of("2016", id="demo-2016"),
        ("id_prefix", "rounds.yml", "demo-2016", "demo-2016"),
        None,
        "- id: demo-2016",
    ),
    "a polarity that is guessed": (
        "indicators.yml",
        of("overledighed", polarity_basis="not_stated"),
        ("polarity_guessed", "indicators.yml", "overledighed", "lower"),
        None,
        "- id: overledighed",
    ),
    "groups of two definitions": (
        "indicators.yml",
        of("overledighed", reference_group="bilingual:monolingual"),
        ("groups_mixed", "indicators.yml", "overledighed", None),
        None,
        "- id: overledighed",
    ),
    "an end without a successor": (
        "indicators.yml",
        lambda content: entry(content, "utryg_nabolag").pop("successor"),
        ("successor_without_end", "indicators.yml", "utryg_nabolag", "None"),
        None,
        "- id: utryg_nabolag",
    ),
    "a goal's number twice": (
        "goals.yml",
        of("2011-2014-g2", number=1),
        ("number_twice", "goals.yml", "2011-2014-g2", "1"),
        None,
        "- id: 2011-2014-g2",
    ),
    "an indicator twice under a goal": (
        "goals.yml",
        lambda content: goal_with(content)["indicators"].append(
            dict(goal_with(content)["indicators"][0])
        ),
        ("indicator_twice", "goals.yml", "2011-2014-g2", "overledighed"),
        None,
        "- id: 2011-2014-g2",
    ),
    "a maximum without its value": (
        "targets.yml",
        lambda content: entry(content, "t-sikker-by-unsafe").pop("value"),
        ("target_without_value", "targets.yml", "t-sikker-by-unsafe", "maximum"),
        None,
        "- id: t-sikker-by-unsafe",
    ),
    "a direction with a value": (
        "targets.yml",
        of("t-sikker-by-unsafe", form="direction"),
        ("direction_target", "targets.yml", "t-sikker-by-unsafe", "10.0"),
        None,
        "- id: t-sikker-by-unsafe",
    ),
    "a target before its baseline": (
        "targets.yml",
        of("t-sikker-by-unsafe", baseline={"period": "2014"}, target_period="2013"),
        ("target_before_baseline", "targets.yml", "t-sikker-by-unsafe", "2013"),
        None,
        "- id: t-sikker-by-unsafe",
    ),
    "a target that ends before it begins": (
        "targets.yml",
        lambda content: entry(content, "t-sikker-by-unsafe").update(
            yaml.safe_load("{valid_from: 2014-01-01, valid_to: 2013-01-01}")
        ),
        ("validity_turned", "targets.yml", "t-sikker-by-unsafe", "2013-01-01"),
        None,
        "- id: t-sikker-by-unsafe",
    ),
    "no target was adopted, and there is one": (
        "goals.yml",
        of("sikker-by-unsafe", target_adopted=False),
        ("target_after_all", "goals.yml", "sikker-by-unsafe", "false"),
        None,
        "- id: sikker-by-unsafe",
    ),
    "the base rule without a base": (
        "policies.yml",
        lambda content: entry(content, "2015-2018").pop("base_period"),
        ("base_missing", "policies.yml", "2015-2018", "since_base"),
        None,
        "- id: 2015-2018",
    ),
    "a policy that ends before it begins": (
        "policies.yml",
        lambda content: entry(content, "2015-2018")["span"].update(last=2014),
        ("span_turned", "policies.yml", "2015-2018", "2015-2014"),
        None,
        "- id: 2015-2018",
    ),
    "a list that is none": (
        "comments.yml",
        lambda _: None,
        ("not_a_list", "comments.yml", None, "dict"),
        None,
        "a: 1",
    ),
    "a start that does not exist": (
        "dataset.yml",
        lambda content: content.update(start_round="2013-1"),
        ("unknown_code", "dataset.yml", "start_round", "2013-1"),
        "2013-01",
        "start_round: 2013-1",
    ),
    "an edition to start with that does not exist": (
        "dataset.yml",
        lambda content: content.update(start_edition="2012-1"),
        ("unknown_code", "dataset.yml", "start_edition", "2012-1"),
        "2012-01",
        "start_edition: 2012-1",
    ),
    "a label that is missing": (
        "labels.en.yml",
        lambda content: content["indicator"].pop("overledighed"),
        ("label_missing", "labels.en.yml", "indicator", "overledighed"),
        None,
        "indicator:",
    ),
    "a label that is empty": (
        "labels.da.yml",
        lambda content: content["indicator"].update(overledighed=" "),
        ("label_empty", "labels.da.yml", "indicator", "overledighed"),
        None,
        "overledighed:",
    ),
    "a label of nothing": (
        "labels.da.yml",
        lambda content: content["area"].update({"101-11": "Hven"}),
        ("label_stray", "labels.da.yml", "area", "101-11"),
        "101-10",
        "101-11: Hven",
    ),
    "labels of no kind": (
        "labels.da.yml",
        lambda content: content.update(indicatr={"overledighed": "x"}),
        ("label_kind", "labels.da.yml", "indicatr", "indicatr"),
        "indicator",
        "indicatr:",
    ),
    "labels that are no list of words": (
        "labels.da.yml",
        lambda content: content.update(comment="x"),
        ("wrong_value", "labels.da.yml", "comment", "x"),
        None,
        "comment: x",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_entry_is_told_with_its_place(name: str, folder: Path):
    page, change, (code, file, column, found), near, line = BROKEN[name]
    if code == "not_a_list":
        (folder / page).write_text("a: 1\n", "utf-8")
    else:
        rewrite(folder, page, change)
    faults = [one for one in inspect(folder)[1] if one.code == code]
    fault = next(one for one in faults if (one.file, one.column) == (file, column))
    if found is not None:
        assert fault.found == found
    assert fault.line is not None
    text = (folder / file).read_text("utf-8").splitlines()[fault.line - 1]
    assert text.replace("'", "").strip().startswith(line), (fault.line, text)
    if near is not None:
        assert near in fault.nearest
        assert "Mente du" in say_fault(fault, "da")
        assert near in say_fault(fault, "en")
    for lang in ("da", "en"):
        assert say_fault(fault, lang).startswith(f"{file}:{fault.line} " if column else file)
    with pytest.raises(FaultsFound):
        load(folder)


def test_the_allowed_values_are_told(folder: Path):
    rewrite(folder, "indicators.yml", of("overledighed", polarity="lover"))
    (fault,) = [one for one in inspect(folder)[1] if one.code == "wrong_value"]
    assert fault.allowed == "higher, lower, neither"
    rewrite(folder, "indicators.yml", of("overledighed", polarity="lower", ends="soon"))
    fault = next(one for one in inspect(folder)[1] if one.code == "wrong_value")
    assert "2013-S1" in str(fault.allowed)


@pytest.mark.parametrize("name", ["labels.da.yml", "goals.yml", "dataset.yml", "charter.yml"])
def test_a_file_that_is_missing(folder: Path, name: str):
    (folder / name).unlink()
    faults = inspect(folder)[1]
    assert ("file_missing", name) in {(one.code, one.file) for one in faults}


@pytest.mark.parametrize("name", ["dataset.yml", "labels.da.yml"])
def test_a_file_that_is_empty_is_a_fault(folder: Path, name: str):
    (folder / name).write_text("", "utf-8")
    with pytest.raises(FaultsFound) as caught:
        load(folder)
    assert name in {one.file for one in caught.value.faults}
    assert caught.value.fields["count"] > 0


def test_labels_that_are_a_list(folder: Path):
    (folder / "labels.da.yml").write_text("- a\n- b\n", "utf-8")
    faults = [one for one in inspect(folder)[1] if one.file == "labels.da.yml"]
    assert ("wrong_value", 1) in {(one.code, one.line) for one in faults}


def test_a_file_that_is_not_of_the_catalogue(folder: Path):
    (folder / "indicator.yml").write_text("[]\n", "utf-8")
    (fault,) = inspect(folder)[1]
    assert (fault.code, fault.file, fault.nearest[0]) == (
        "file_stray", "indicator.yml", "indicators.yml",
    )  # fmt: skip


def test_a_file_that_is_not_utf8(folder: Path):
    text = (folder / "areas.yml").read_text("utf-8") + "\n# Nørrebro\n"
    (folder / "areas.yml").write_bytes(text.encode("latin-1", "replace"))
    assert ("not_utf8", "areas.yml") in {(one.code, one.file) for one in inspect(folder)[1]}


def test_yaml_that_is_broken_is_told_with_its_line(folder: Path):
    (folder / "comments.yml").write_text("- id: a\n- id: [b\n", "utf-8")
    fault = next(one for one in inspect(folder)[1] if one.code == "not_yaml")
    assert (fault.file, fault.line) == ("comments.yml", 3)


def test_a_key_that_stands_twice(folder: Path):
    page = (folder / "indicators.yml").read_text("utf-8")
    page = page.replace("- id: overledighed\n", "- id: overledighed\n  unit: count\n", 1)
    (folder / "indicators.yml").write_text(page, "utf-8")
    fault = next(one for one in inspect(folder)[1] if one.code == "key_twice")
    lines = page.splitlines()
    assert fault.found == "unit"
    assert fault.line is not None
    start = lines.index("- id: overledighed")
    assert lines[start + 1] == "  unit: count"
    # the second of the two, further down in the same entry
    assert lines[fault.line - 1] == "  unit: percentage_points"
    assert start < fault.line - 1 < start + 12


def test_no_folder(tmp_path: Path):
    content, faults = inspect(tmp_path / "nowhere")
    assert content is None
    assert [one.code for one in faults] == ["no_folder"]


def test_every_fault_of_every_file_at_once(tmp_path: Path):
    """Faults in several files of both datasets, and in a delivery, in one run."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    rewrite(data / "catalogue", "indicators.yml", of("overledighed", polarity="lover"))
    rewrite(data / "catalogue", "labels.da.yml", lambda content: content["area"].pop("101"))
    rewrite(data / "catalogue" / "demo", "rounds.yml", of("demo-2007-01", source="demo-counsil"))
    (data / "deliveries" / "charter" / "2026-11-22" / "charter_events.csv").unlink()
    faults = check(data)
    found = {(one.code, one.file) for one in faults}
    assert found >= {
        ("wrong_value", "catalogue/indicators.yml"),
        ("label_missing", "catalogue/labels.da.yml"),
        ("unknown_code", "catalogue/demo/rounds.yml"),
        ("delivery_file_missing", "deliveries/charter/2026-11-22/delivery.yml"),
    }
    for fault in faults:
        assert (data / fault.file).exists(), fault


def test_an_entry_that_does_not_exist_is_told_with_the_nearest():
    content = load(CATALOGUE)
    with pytest.raises(NotFound) as caught:
        content.get(Indicator, "Overledighet")
    assert caught.value.fields["nearest"][0] == "overledighed"
    assert say(caught.value, "da").startswith(
        "Der findes ikke indikatoren 'Overledighet'. Mente du: overledighed"
    )
    with pytest.raises(NotFound) as caught:
        content.get(Policy, "zzz")
    assert caught.value.fields["nearest"] == []
    assert "2011-2014" in say(caught.value, "en")


# --- one home per fact -----------------------------------------------------------------------


def test_units_are_the_same_wherever_they_stand():
    assert set(get_args(Unit)) == set(units.UNITS) == set(RANGES)
    assert set(units.SHARE_UNITS) <= set(units.UNITS)
    assert set(units.COUNT_UNITS) <= set(units.UNITS)


def test_sql_scales_the_share_units_and_no_others():
    shares = {frozenset(one) for one in _unit_lists(ROOT / "src" / "barometer_lib" / "store")}
    assert shares == {frozenset(units.SHARE_UNITS)}


def _unit_lists(folder: Path) -> list[list[str]]:
    pages = sorted([*folder.rglob("*.py"), *folder.rglob("*.sql")])
    lists = [
        re.findall(r"'(\w+)'", found)
        for page in pages
        for found in re.findall(r"unit\s+in\s+\(([^)]*)\)", page.read_text("utf-8"))
    ]
    assert len(lists) > 3
    return lists


@pytest.mark.parametrize("unit", units.UNITS)
def test_a_stored_value_is_printed_as_it_was_delivered(unit: str):
    assert units.printed(units.stored(93.1, unit), unit, 1) == 93.1
    assert units.printed(None, unit, 1) is None
    expected = 0.931 if unit in ("percent", "percentage_points") else 93.1
    assert units.stored(93.1, unit) == pytest.approx(expected)


def test_the_change_of_percent_is_in_percentage_points():
    assert units.change_unit("percent") == "percentage_points"
    assert units.change_unit("percentage_points") == "percentage_points"
    assert units.change_unit("count") == "count"


def test_entries_do_not_change():
    one = load(CATALOGUE).get(Indicator, "overledighed")
    with pytest.raises(ValueError, match="frozen"):
        one.polarity = "higher"  # type: ignore[misc]


@pytest.mark.parametrize("folder", [CATALOGUE, CATALOGUE / "demo"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_counts_and_means_say_what_they_are_of(folder: Path, lang: str):
    content = load(folder)
    bare = {one.id for one in content.all(Indicator) if one.unit in BARE_UNITS}
    assert bare
    for kind in ("indicator_unit", "indicator_unit_one"):
        assert set(content.labels[lang][kind]) == bare


def test_the_guiding_marks_and_goals_seen_are_those_of_the_catalogue():
    content = load(CATALOGUE)
    goals = [goal.id for goal in content.all(Goal) if goal.policy == "2019-2022"]
    marks = [code for code in goals if content.label("goal_kind", code, "da")]
    for lang in ("da", "en"):
        said = content.label("policy_goals_seen", "2019-2022", lang)
        assert said is not None
        assert [int(one) for one in re.findall(r"\d+", said)] == [
            len(marks),
            len(goals) - len(marks),
            12,
        ]


def test_published_and_demo_share_no_id():
    published, demo = load(CATALOGUE), load(CATALOGUE / "demo")
    for kind in KINDS:
        assert not set(published.entries[kind]) & set(demo.entries[kind])
        assert all(code.startswith("demo-") for code in demo.entries[kind])
        assert not [code for code in published.entries[kind] if code.startswith("demo-")]


def test_a_catalogue_is_of_one_dataset(tmp_path: Path):
    """The demo city's catalogue called published is full of faults."""
    copy = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE / "demo", copy)
    rewrite(copy, "dataset.yml", lambda content: content.update(id="published", prefix=""))
    content, faults = inspect(copy)
    assert isinstance(content, Catalogue)
    assert {one.code for one in faults} == {"id_prefix"}
    assert all(isinstance(one, Fault) and one.line for one in faults)


def test_a_page_that_cannot_be_read_is_one_fault_and_not_hundreds(folder: Path):
    (folder / "committees.yml").write_text("- id: BIU\n  administration: [", "utf-8")
    content, faults = inspect(folder)
    assert content is None
    assert [(fault.code, fault.file) for fault in faults] == [("not_yaml", "committees.yml")]
