"""The public pages in a browser, from the file system: no script, both languages, two widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from edition_folder import DEMO, edition

pytestmark = pytest.mark.browser
PAGES = (
    "index.html",
    "policies/demo-safe-city.html",
    "indicators/demo-unsafe.html",
    "districts/demo-03.html",
    "icc.html",
    "changes.html",
    "accessibility.html",
)


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of the demo city's edition from the file system; it may load files alone."""
    contexts, foreign, errors = [], [], []

    def failed(asked: Request) -> None:
        # axe asks for the styles anew, which a browser refuses of files.
        if asked.resource_type not in ("xhr", "fetch"):
            errors.append(asked.url)

    def opened(name: str, lang: str = "da", *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: asked.url.startswith("file:") or foreign.append(asked.url))
        page.on("requestfailed", failed)
        page.on("pageerror", lambda thrown: errors.append(str(thrown)))
        file: Path = edition("demo") / DEMO / lang / name
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible_and_fit(open_file, axe_faults, lang, width):
    for name in PAGES:
        page = open_file(name, lang, width=width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert axe_faults(page) == [], name


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_without_a_script_the_page_is_whole(open_file, width, shown):
    page = open_file("indicators/demo-unsafe.html", "en", width=width, script=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture = page.get_by_role("img").first
    expect(picture).to_be_visible()
    assert f"picture--{shown}" in (picture.get_attribute("class") or "")
    assert page.get_by_role("button").count() == 0
    page.get_by_role("link", name="Dansk").click()
    expect(page.locator("html")).to_have_attribute("lang", "da")
    page.get_by_role("link", name="Åbne data").first.click()
    expect(page.get_by_role("heading", level=1, name="Åbne data")).to_be_visible()


def test_a_picture_becomes_a_chart_when_asked_and_the_bundle_comes_then(open_file):
    page = open_file("indicators/demo-unsafe.html")
    assert page.evaluate("typeof Plotly") == "undefined"
    page.get_by_role("button", name="Interaktivt diagram").first.click()
    chart = page.locator("figure.chart [role=figure] .main-svg").first
    expect(chart).to_be_visible(timeout=20_000)
    assert page.locator(".modebar-btn").count() == 0
