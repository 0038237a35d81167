"""The indicator page and the index page as a reader meets them, on the real product."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
WIDTHS = (1280, 390)
PAGES = ("indicator", "icc_index")


def settled(page: Page) -> None:
    """Wait until the page stands and every chart of it is drawn."""
    expect(page.locator("#part-about")).to_be_visible()
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator(".main-svg").first).to_be_visible()


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def drawn(page: Page) -> int:
    """How many charts stand on the page."""
    return page.locator("[data-chart] .main-svg:first-child").count()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_page_is_whole_and_accessible(
    product: Any,
    page_at: OpenPage,
    axe_faults: Callable[[Page], list[str]],
    name: str,
    lang: str,
    width: int,
) -> None:
    page = page_at(product, f"{name}?lang={lang}", width=width)
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".key-sentence")).to_be_visible()
    expect(page.locator("table:visible").first).to_be_visible()
    assert drawn(page) >= 1
    assert sideways(page) <= 0
    assert axe_faults(page) == []
    if folder := os.environ.get("BAROMETER_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{lang}-{width}.png", full_page=True)


def test_indicator_says_its_figure_and_its_verdicts(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "indicator?indicator=kar_gab_ratio&policy=2011-2014&round=2013-01")
    settled(page)
    expect(page.locator(".figure-value")).to_have_text("93,1\u00a0pct.")
    expect(page.locator(".key-sentence")).to_contain_text("periode ikke oplyst")
    expect(page.locator(".status--setback").first).to_be_visible()
    expect(page.locator(".status--progress").first).to_be_visible()
    assert drawn(page) == 0


def test_a_choice_of_district_changes_page_and_address(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "indicator")
    settled(page)
    page.locator("#control-area").select_option("tu-bispebjerg")
    expect(page.locator(".key-sentence")).to_contain_text("Bispebjerg: 17")
    assert "area=tu-bispebjerg" in page.url
    page.go_back()
    expect(page.locator(".key-sentence")).to_contain_text("København: 9")


def test_the_successor_opens_without_a_new_page(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "indicator?indicator=utryg_nabolag")
    settled(page)
    page.evaluate("window.stayed = true")
    page.locator("a[data-state]").first.click()
    expect(page.locator(".key-sentence")).to_contain_text("Trygge i nabolaget")
    assert page.evaluate("window.stayed") is True
    assert "indicator=tryg_nabolag" in page.url


def test_figures_are_saved_as_a_file(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "indicator?dataset=demo&indicator=demo-welfare")
    settled(page)
    with page.expect_download() as saved:
        page.locator("[data-download=shown]").click()
    assert saved.value.suggested_filename == "syntetisk-demo-welfare-demo-city.csv"
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert text.startswith("synthetic,indicator,")
    assert len(text.splitlines()) == 17


def test_an_unknown_choice_is_put_right_in_words_and_address(
    product: Any, page_at: OpenPage
) -> None:
    page = page_at(product, "indicator?indicator=%3Cscript%3Ealert(1)%3C/script%3E")
    settled(page)
    expect(page.locator(".note--warning")).to_contain_text("<script>alert(1)</script>")
    assert "script" not in page.url


def test_ranks_stand_with_edition_field_and_scope(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "icc_index")
    settled(page)
    ranks = page.get_by_role("region", name="januar 2012, alle byer")
    expect(ranks).to_contain_text("8. plads (delt)")
    expect(ranks).to_contain_text("34")
    page.locator("#control-edition").select_option("2012-Q1")
    expect(page.locator("section", has=page.locator("#part-ranking"))).to_contain_text(
        "Der er ingen placeringer"
    )
    page.locator('a[data-state*="population-over-200000"]').click()
    expect(page.get_by_role("region", name="byer med over 200.000")).to_contain_text("4. plads")
    assert "scope=population-over-200000" in page.url
