"""The index page of the demo city as a reader meets it: intervals, profile, change, what if."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


def settled(page: Page) -> None:
    """Wait until the page stands and every chart of it is drawn."""
    expect(page.locator("#part-about")).to_be_visible()
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator(".main-svg").first).to_be_visible()


def opened(page: Page) -> None:
    """Opens all that can be opened."""
    for details in page.locator("details").all():
        details.evaluate("one => one.open = true")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_grown_page_is_whole_and_accessible(
    product: Any,
    page_at: OpenPage,
    axe_faults: Callable[[Page], list[str]],
    lang: str,
    width: int,
) -> None:
    page = page_at(product, f"icc_index?lang={lang}&dataset=demo&raise=18:20", width=width)
    settled(page)
    opened(page)
    charts = page.locator("[data-chart]")
    assert charts.evaluate_all("all => all.map(one => one.dataset.chart)") == [
        "path", "ranking", "profile", "change", "what-if",
    ]  # fmt: skip
    for name in ("path", "ranking", "profile", "change", "what-if"):
        expect(page.locator(f"[data-download={name}]")).to_be_visible()
        expect(page.locator(f"#table-{name} table")).to_be_visible()
        expect(page.locator(f"[data-chart={name}]")).to_have_attribute("role", "figure")
        expect(page.locator(f"[data-chart={name}]")).to_have_attribute(
            "aria-label", re.compile("[Ss]ynt")
        )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert axe_faults(page) == []
    if folder := os.environ.get("BAROMETER_SHOTS"):
        page.screenshot(path=Path(folder) / f"index-demo-{lang}-{width}.png", full_page=True)


def test_a_slider_moves_the_rank_and_keeps_its_place_and_focus(
    product: Any, page_at: OpenPage
) -> None:
    page = page_at(product, "icc_index?dataset=demo", width=390)
    settled(page)
    expect(page.locator("[data-chart=what-if]")).to_have_count(0)
    page.locator("#what-if-form summary").click()
    slider = page.locator("#raise-18")
    slider.scroll_into_view_if_needed()
    slider.focus()
    before = slider.bounding_box()
    page.keyboard.press("End")
    expect(page.locator("[data-chart=what-if] .main-svg").first).to_be_visible()
    expect(slider).to_be_focused()
    expect(slider).to_have_value("57")
    expect(page.locator('output[for="raise-18"]')).to_have_text("57")
    after = slider.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 40
    assert "raise=18%3A57" in page.url
    expect(page.locator(".what-if__result")).to_contain_text("Efter: nummer 2 af 150")
    page.locator("#drop-3").check()
    expect(page.locator("section", has=page.locator("#part-what-if"))).to_contain_text(
        "Udeladt: Nabolag"
    )
    assert "drop=3" in page.url
    page.get_by_role("link", name="Sæt alle skydere tilbage").click()
    expect(page).not_to_have_url(re.compile("raise"))
    expect(page.locator("#raise-18")).to_have_value("0")
    expect(page.locator("[data-chart=what-if]")).to_have_count(0)


def test_a_link_shows_the_same_attempt_and_its_file_says_synthetic(
    product: Any, page_at: OpenPage
) -> None:
    page = page_at(product, "icc_index?dataset=demo&lang=en&weight=2:3&wish=2")
    settled(page)
    expect(page.locator("#weight-2")).to_have_value("3")
    expect(page.locator("section", has=page.locator("#part-way"))).to_contain_text(
        "The shortest way to number 2"
    )
    with page.expect_download() as saved:
        page.locator("[data-download=what-if]").click()
    assert saved.value.suggested_filename == "syntetisk-demo-icc-demo-2014-all-what-if.csv"
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert "demo-education" in text


def test_published_components_are_not_public_and_nothing_can_be_moved(
    product: Any, page_at: OpenPage
) -> None:
    page = page_at(product, "icc_index")
    settled(page)
    expect(page.locator("section", has=page.locator("#part-profile"))).to_contain_text(
        "ikke offentlige"
    )
    expect(page.locator('input[type="range"]')).to_have_count(0)
