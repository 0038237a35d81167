"""The page of the charter in a browser: both widths, both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("lang", "width", "dataset"), [("da", 390, "published"), ("en", 1280, "demo")]
)
def test_the_page_is_whole_and_accessible(
    product: Any,
    page_at: OpenPage,
    axe_faults: Callable[[Page], list[str]],
    lang: str,
    width: int,
    dataset: str,
) -> None:
    page = page_at(product, f"charter?lang={lang}&dataset={dataset}", width=width)
    expect(page.locator(".key-sentence")).to_be_visible()
    expect(page.locator("#charter table")).to_be_visible()
    expect(page.locator("#others table")).to_have_count(1 if dataset == "demo" else 0)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe_faults(page) == []
