"""The answers on the indicator page: as stored, for the series and the round a reader chose."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from barometer_lib.views.indicator import indicator_page


@pytest.fixture(scope="module")
def store(built):
    return built


def part(page: Any) -> str:
    """The words of the answers' section; empty where the page has none."""
    found = re.search(r'aria-labelledby="part-answers">(.*?)</section>', page["html"], re.DOTALL)
    plain = unescape(re.sub(r"<[^>]+>", " ", found[1] if found else ""))
    return re.sub(r"\s+", " ", plain.replace("\N{NO-BREAK SPACE}", " ")).strip()


def test_refusals_of_the_published_figures_read_plainly(store: Path) -> None:
    said = part(indicator_page({"indicator": "utryg_nabolag"}, store))
    assert "Målet gælder i hver bydel for sig og kan ikke afgøres med tallet for hele byen." in said
    assert "om året over 10 målinger siden 2009 er inden for den statistiske usikkerhed." in said
    assert "Der er ingen nye tal i denne målerunde." in said
    assert said.index("Niveau") < said.index("Retning") < said.index("Hurtigt nok")


def test_a_release_without_periods_says_what_is_missing(store: Path) -> None:
    asked = {"indicator": "kar_gab_ratio", "lang": "en"}
    said = part(indicator_page(asked, store))
    assert "No target value is seen in the sources; the newest figure is 93.1%" in said
    assert "+0.3 percentage points since the previous measurement; the source does not say" in said
    assert "Without a target value there is no pace" in said


def test_the_round_a_reader_came_from_is_the_one_answered(store: Path) -> None:
    asked = {"indicator": "utryg_nabolag", "lang": "en", "area": "tu-valby", "policy": "sikker-by"}
    newest = part(indicator_page(asked, store))
    then = part(indicator_page({**asked, "round": "2016"}, store))
    assert "The target of at most 10% is not met: 13% (2017)" in newest
    assert "The target of at most 10% is met: 10% (2016)." in then


def test_numbers_and_rules_stand_below(store: Path) -> None:
    asked = {"dataset": "demo", "indicator": "demo-employment", "lang": "en"}
    page = indicator_page({**asked, "policy": "demo-2011-2014", "round": "demo-2014-07"}, store)
    said = part(page)
    assert "Required pace a year since the base +1.025 percentage points" in said
    assert "Since the previous measurement (the policy's own rule) standstill tested" in said
    for rule in ("Linear gap closure", "Eurostat", "Statistics Canada", "UN Progress Chart",
                 "SDSN arrows", "German weather symbols", "National integration"):  # fmt: skip
        assert rule in said
    assert 'id="answers-worked"' in page["html"]
    assert 'id="answers-rules"' in page["html"]


def test_every_district_at_once_has_no_answer_of_its_own(store: Path) -> None:
    assert part(indicator_page({"indicator": "utryg_nabolag", "area": "districts"}, store)) == ""
