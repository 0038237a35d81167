"""The page of targets: every target as decided, what replaced it, and what was never adopted."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from barometer_lib.store import session
from barometer_lib.store.targets import decided_targets
from barometer_lib.views.targets import targets_page
from guides import even
from shared_store import pointer


def words(**state: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]*>", " ", targets_page(state, pointer())["html"]))
    return re.sub(r"\s+", " ", even(plain).replace("\n", " "))


def rows(**state: str) -> dict[str, dict[str, str]]:
    [file] = targets_page(state, pointer())["downloads"]
    return {row["goal"]: row for row in csv.DictReader(io.StringIO(file["text"]))}


def test_the_safety_target_stands_as_decided_with_its_source():
    said = words(policy="sikker-by")
    assert "højst 10 pct. i hver bydel" in said.casefold()
    found = rows(policy="sikker-by")["sikker-by-unsafe"]
    assert (found["synthetic"], found["target"]) == ("false", "10.0")
    assert found["source"].startswith("http")


def test_what_no_source_says_is_not_stated_and_never_a_blank():
    said = words(policy="2011-2014")
    assert "ikke oplyst" in said
    assert "intet måltal set i kilderne" in said
    assert "intet måltal vedtaget." not in said, "no source shows that none was adopted"


def test_a_target_that_was_changed_stands_with_the_day_the_new_one_took_its_place():
    with session(pointer(), "demo") as look:
        found = {row["target"]: row for row in decided_targets(look, "demo-2011-2014")}
    old, new = found["demo-target-waiting-2010"], found["demo-target-waiting"]
    assert str(old["replaced_by"]) == "2012-06-01" == str(new["valid_from"])
    assert new["replaced_by"] is None
    said = words(dataset="demo", policy="demo-2011-2014")
    assert "1. januar 2011 til 31. maj 2012 Afløst 1. juni 2012." in said
    assert said.count("Afløst") == 1


def test_milestones_and_goals_without_a_target_are_told():
    said = words(dataset="demo", policy="demo-2011-2014", lang="en")
    assert "60% (2nd half of 2012)" in said
    assert "no target was adopted." in said
    assert "Synthetic figures" in said
    danish = words(dataset="demo", policy="demo-2011-2014")
    assert "intet måltal vedtaget." in danish
    assert "intet måltal set i kilderne" not in danish


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("dataset", ["published", "demo"])
def test_every_policy_has_a_page_whose_counts_are_those_of_its_table(dataset, lang):
    first = targets_page({"dataset": dataset, "lang": lang}, pointer())
    for option in first["controls"][0]["options"]:
        made = targets_page(
            {"dataset": dataset, "lang": lang, "policy": option["value"]}, pointer()
        )
        assert made["error"] is None
        with session(pointer(), dataset) as look:
            found = decided_targets(look, option["value"])
        valued = sum(row["value"] is not None for row in found)
        said = html.unescape(made["html"])
        if found:
            assert f": {valued}. " in said
            assert f": {len(found) - valued}." in said
            assert made["html"].count("<tr>") == len(found) + 1


def test_a_policy_that_does_not_exist_becomes_the_nearest_and_is_told():
    made = targets_page({"policy": "sikker-bye"}, pointer())
    assert made["state"]["policy"] == "sikker-by"
    assert "sikker-bye" in made["html"]
