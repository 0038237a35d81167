"""The page of figures and deliveries in a browser: both widths, both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("lang", "width", "dataset"), [("da", 1280, "published"), ("en", 390, "demo")]
)
def test_the_page_is_whole_and_accessible(
    product: Any,
    page_at: OpenPage,
    axe_faults: Callable[[Page], list[str]],
    lang: str,
    width: int,
    dataset: str,
) -> None:
    page = page_at(product, f"data_quality?lang={lang}&dataset={dataset}", width=width)
    expect(page.locator(".key-sentence")).to_be_visible()
    expect(page.locator("#deliveries table")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe_faults(page) == []
    if folder := os.environ.get("BAROMETER_SHOTS"):
        page.screenshot(path=Path(folder) / f"data_quality-{lang}-{width}.png", full_page=True)


def test_a_choice_of_committee_changes_page_and_address(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "data_quality?dataset=demo")
    expect(page.locator(".key-sentence")).to_be_visible()
    before = page.locator("#ages tbody tr").count()
    page.get_by_label("Udvalg", exact=True).select_option(index=1)
    expect(page.locator("#ages tbody tr")).not_to_have_count(before)
    assert "committee=" in page.url
