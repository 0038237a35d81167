"""The overview and the start page as served: what a committee member sees and does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
HEADLINE = (
    "Målerunden fra januar 2013: 2 mål i stilstand, 1 mål i tilbagegang og "
    "4 mål uden offentliggjorte tal."
)


def headline(page: Page):
    """The sentence a reader should carry home."""
    return page.locator("#barometer .key-sentence")


def goal(page: Page, code: str):
    """The part of the page that tells of one goal."""
    return page.locator(f'article[aria-labelledby="goal-{code}"]')


def sideways(page: Page) -> bool:
    """Tell whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_release_of_january_2013_is_read_at_once(
    product, page_at: OpenPage, axe_faults, width
) -> None:
    page = page_at(product, "overview", width=width)
    expect(headline(page)).to_have_text(HEADLINE)
    box = headline(page).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900  # on the first screen
    expect(goal(page, "2011-2014-g1")).to_contain_text("tilbagegang")
    expect(goal(page, "2011-2014-g2")).to_contain_text("ikke signifikant")
    expect(goal(page, "2011-2014-g3")).to_contain_text("ingen nye tal")
    expect(page.get_by_text("93,1 pct.", exact=True).first).to_be_visible()
    assert not sideways(page)
    assert axe_faults(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_all_that_can_be_opened_fits_and_has_no_faults(
    product, page_at: OpenPage, axe_faults, width
) -> None:
    page = page_at(product, "overview", width=width)
    expect(headline(page)).to_be_visible()
    for summary in page.locator("#barometer summary").all():
        summary.click()
    table = page.get_by_role("table", name="Indikatorer i målerunden")
    expect(table).to_be_visible()
    assert table.locator("tbody tr").count() == 7
    expect(page.get_by_text("Regel: Målet følger flertallet").first).to_be_visible()
    assert not sideways(page)
    assert axe_faults(page) == []


def test_english_by_the_switch_shows_the_same_view(product, page_at: OpenPage) -> None:
    page = page_at(product, "overview?policy=sikker-by&round=2017")
    expect(headline(page)).to_contain_text("Målerunden fra 2017")
    page.get_by_role("link", name="English").click()
    expect(headline(page)).to_have_text(
        "The round of 2017: 1 goal not met and 1 goal without published figures. "
        "The status is computed, not published."
    )
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "policy=sikker-by" in page.url
    assert "round=2017" in page.url


def test_choices_change_the_page_and_its_address(product, page_at: OpenPage) -> None:
    page = page_at(product, "overview")
    expect(headline(page)).to_have_text(HEADLINE)
    page.get_by_label("Politik", exact=True).select_option("2019-2022")
    expect(headline(page)).to_contain_text("ikke offentliggjort en målerunde")
    assert "policy=2019-2022" in page.url
    page.go_back()
    expect(headline(page)).to_have_text(HEADLINE)
    page.get_by_label("Udvalg").select_option("TMU")
    expect(headline(page)).to_have_text(
        "Ingen mål i denne politik nævner Teknik- og Miljøudvalget i kilderne."
    )


def test_a_link_with_an_unknown_policy_is_put_right(product, page_at: OpenPage) -> None:
    page = page_at(product, "overview?policy=2011-2015%3Cscript%3E&round=nothing")
    expect(headline(page)).to_have_text(HEADLINE)
    expect(page.get_by_text("Der findes ingen politik »2011-2015<script>«.")).to_be_visible()
    assert "policy=2011-2014" in page.url


def test_the_demo_city_has_lines_and_is_marked(product, page_at: OpenPage, axe_faults) -> None:
    page = page_at(product, "overview?dataset=demo", width=390)
    expect(headline(page)).to_contain_text("Målerunden fra 31. juli 2014")
    expect(page.locator("h2 .badge--synthetic")).to_have_text("Syntetiske tal · demoby")
    line = page.locator("svg.sparkline").first
    expect(line).to_be_visible()
    assert "2. halvår 2006" in (line.get_attribute("aria-label") or "")
    assert not sideways(page)
    assert axe_faults(page) == []


def test_the_figures_can_be_taken_along(product, page_at: OpenPage) -> None:
    page = page_at(product, "overview")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Hent tallene som CSV").click()
    file = waiting.value
    assert file.suggested_filename == "status-2011-2014-2013-01.csv"
    rows = list(csv.DictReader(io.StringIO(Path(file.path()).read_text(encoding="utf-8"))))
    assert [row["value"] for row in rows] == ["93.1", "77.2", "49.0", "38.0", "84.0", "10.8", "1.5"]


def test_an_indicator_leads_to_its_page_in_the_same_view(product, page_at: OpenPage) -> None:
    page = page_at(product, "overview?lang=en")
    expect(headline(page)).to_be_visible()
    goal(page, "2011-2014-g2").locator(".card a").first.click()
    page.wait_for_url(re.compile(r"/indicator\?.*indicator=overledighed"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.fixture
def store_gone(product) -> Iterator[Callable[[], None]]:
    """Take the store away while the page is open; it is put back after the test."""
    given = product.process.args
    pointer = Path(given[given.index("--store") + 1])
    aside = pointer.with_suffix(".aside")

    def take() -> None:
        pointer.rename(aside)

    yield take
    if aside.exists():
        aside.rename(pointer)


def test_a_store_that_goes_away_leaves_one_sentence_and_no_old_figures(
    product, page_at: OpenPage, store_gone
) -> None:
    page = page_at(product, "overview")
    expect(headline(page)).to_have_text(HEADLINE)
    store_gone()
    page.get_by_label("Udvalg").select_option("BIU")
    sentence = "Barometeret har ingen tal at vise lige nu: databasen mangler."
    expect(page.get_by_role("alert")).to_have_text(sentence)
    assert "barometer build" not in page.content()
    expect(page.get_by_text("93,1 pct.")).to_have_count(0)
    expect(headline(page)).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_start_page_leads_to_every_page(product, page_at: OpenPage, axe_faults, width) -> None:
    page = page_at(product, "", width=width)
    expect(page.get_by_text("Barometeret viser, hvordan det går")).to_be_visible()
    cards = page.locator("main .card h3 a")
    assert cards.all_text_contents() == [
        "Overblik", "Indikator", "Måltal", "ICC-indekset", "Charteret", "Tal og leverancer",
    ]  # fmt: skip
    assert not sideways(page)
    assert axe_faults(page) == []
    page.get_by_role("link", name="Gå til demobyen").click()
    expect(page.get_by_text("Målinger i barometeret")).to_be_visible()
    expect(page.locator("main .badge--synthetic").first).to_be_visible()
    cards.first.click()
    expect(headline(page)).to_contain_text("Målerunden fra 31. juli 2014")
