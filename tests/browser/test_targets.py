"""The page of targets in a browser: at both widths, in both languages, and found from the start."""

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
    page = page_at(product, f"targets?lang={lang}&dataset={dataset}", width=width)
    expect(page.locator(".key-sentence")).to_be_visible()
    expect(page.locator("#targets table")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe_faults(page) == []
    if folder := os.environ.get("BAROMETER_SHOTS"):
        page.screenshot(path=Path(folder) / f"targets-{lang}-{width}.png", full_page=True)


def test_a_choice_of_policy_changes_page_and_address(product: Any, page_at: OpenPage) -> None:
    page = page_at(product, "targets")
    expect(page.locator(".key-sentence")).to_be_visible()
    page.get_by_label("Politik", exact=True).select_option("sikker-by")
    expect(page.locator("#targets")).to_contain_text("i hver bydel")
    assert "policy=sikker-by" in page.url
    expect(page.locator("#targets")).not_to_contain_text("Bland dig")
