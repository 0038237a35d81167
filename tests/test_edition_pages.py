"""The public pages: every link leads somewhere, HTML and feeds are valid, no script is needed."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser as Reader
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest

from barometer_lib import charts
from barometer_lib.charts.lines import Line, Point
from barometer_lib.charts.picture import inline
from barometer_lib.edition import above, links, publish
from barometer_lib.edition.links import Pages
from barometer_lib.errors import BarometerError
from barometer_lib.locale import text
from edition_folder import BASE, DEMO, POLICY, ROUNDS, edition
from shared_store import REPOSITORY, pointer

FIRST_VIEW = 300_000
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Seen(Reader):
    """What a page has: its ids, what it links to and loads, its headings, captions and words."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: Counter[str] = Counter()
        self.lang = ""
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        if tag == "html":
            self.lang = given.get("lang") or ""
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))
        elif tag == "link" and given.get("rel") != "canonical":
            self.loads.append(str(given["href"]))
        elif tag in ("script", "img"):
            self.loads += [
                str(given[key]) for key in given if key in ("src", "data-bundle", "data-figures")
            ]


@cache
def pages() -> dict[Path, Seen]:
    found = [file for name in ("demo", "published") for file in edition(name).rglob("*.html")]
    return {file: Seen(file) for file in found}


def home(page: Path) -> Path:
    return next(edition(one) for one in ("demo", "published") if page.is_relative_to(edition(one)))


def name_of(page: Path) -> str:
    return page.relative_to(home(page)).as_posix()


def own(lang: str) -> list[Path]:
    """The pages of rounds in a language."""
    return [page for page in pages() if f"/{lang}/" in f"/{name_of(page)}"]


def test_both_languages_have_the_same_pages():
    def names(lang: str) -> set[str]:
        return {name_of(page).replace(f"/{lang}/", "/") for page in own(lang)}

    assert names("da") == names("en")
    assert len(names("da")) > 40
    kinds = Counter(name.split("/")[1] for name in names("da") if name.startswith(DEMO))
    for kind in ("policies", "areas", "committees", "indicators", "districts", "targets"):
        assert kinds[kind] >= 1, kind
    assert {"icc.html", "changes.html", "method.html", "data.html", "accessibility.html"} <= set(
        kinds
    )


def test_every_link_and_everything_loaded_is_there():
    lost = []
    for page, seen in pages().items():
        for href in [*seen.links, *seen.loads]:
            if urlsplit(href).scheme in ("http", "https"):
                continue
            assert not href.startswith("/"), (page, href)
            place, part = urldefrag(href)
            file = (page.parent / place).resolve() if place else page
            known = pages()[file].ids if file in pages() else [part]
            if not file.is_file() or part not in ("", *known):
                lost.append((name_of(page), href))
    assert lost == []


def test_nothing_is_loaded_from_elsewhere():
    for page, seen in pages().items():
        assert [one for one in seen.loads if urlsplit(one).scheme] == [], page
    for file in edition("demo").glob("assets/*.css"):
        assert not re.search(r"url\((?![\"']?(?:fonts|img|data:))", file.read_text("utf-8"))


def test_html_is_valid_by_the_standards_own_parser():
    for page in pages():
        html5lib.HTMLParser(strict=True).parse(page.read_bytes())


def test_every_page_has_its_landmarks_and_no_id_twice():
    for page, seen in pages().items():
        assert [one for one, count in Counter(seen.ids).items() if count > 1] == [], page
        for tag in ("main", "header", "h1"):
            assert seen.tags[tag] == 1, (page, tag)
        assert "#content" in seen.links
        assert seen.tags["table"] == seen.tags["caption"], page
        assert seen.lang in ("da", "en")
        expected = name_of(page).split("/")[1] if page in [*own("da"), *own("en")] else seen.lang
        assert seen.lang == expected


def test_the_first_view_is_light():
    """The page, its styles, two fonts and the small script; the chart bundle comes when asked."""
    for page in pages():
        assets = home(page) / "assets"
        shared = ["barometer.css", "edition.js", "icon.svg"]
        shared += [f"fonts/plex-{one}.woff2" for one in ("regular", "semibold")]
        weight = page.stat().st_size + sum((assets / one).stat().st_size for one in shared)
        assert weight < FIRST_VIEW, (name_of(page), weight)


def test_pages_tell_their_round_their_citation_and_whether_figures_are_synthetic():
    for lang in ("da", "en"):
        for page in own(lang):
            words = page.read_text("utf-8")
            marked = text(lang, "serve.synthetic.explained") in words
            assert marked is (home(page).name == "demo"), page
            assert text(lang, "edition.site.cite") in words
            assert ("canonical" in words) is (home(page).name == "published")


def test_pages_show_what_was_known_on_the_rounds_day():
    """Safety figures of 2019 to 2022 are in the store, and in no page of the round of 2017.

    The words of the catalogue are those of today, and may tell when an indicator ends.
    """
    folder = edition("published") / "2017" / "da"
    page = (folder / "indicators" / "utryg_nabolag.html").read_text("utf-8")
    table = page.split('id="part-table"')[1].split('id="part-about"')[0]
    periods = {int(one) for one in re.findall(r'<th scope="row">(20\d\d)', table)}
    assert {2016, 2017} <= periods
    assert max(periods) == 2017
    sentence = re.search(r'class="key-sentence">(.*?)</p>', page, re.DOTALL)[1]
    assert "2017" in sentence
    for name in ("policies/sikker-by.html", "icc.html"):
        words = re.sub(r'href="[^"]*"', "", (folder / name).read_text("utf-8"))
        assert not re.search(r"\b(?:2019|2021|2022)\b", words), name


def test_addresses_are_plain():
    names = [name_of(page) for page in pages()]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9._/-]+", name)] == []
    assert "2017/da/committees/OEU.html" in names


def test_charts_are_drawn_without_a_script():
    drawn = 0
    for page, seen in pages().items():
        words = page.read_text("utf-8")
        places = words.count("data-chart=")
        assert words.count('<svg class="picture ') == 2 * places, page
        drawn += places
        assert ("edition.js" in words) is (places > 0), page
        assert seen.tags["script"] == (1 if places else 0)
    assert drawn > 20


def test_what_changed_is_that_of_the_round_before():
    page = (edition("demo") / DEMO / "en" / "changes.html").read_text("utf-8")
    assert "since" in page
    first = (edition("published") / "2013-01" / "en" / "changes.html").read_text("utf-8")
    assert text("en", "edition.site.changes.first") in first


def test_the_contact_is_the_one_given_or_none():
    said = (edition("demo") / DEMO / "da" / "accessibility.html").read_text("utf-8")
    assert "tal@example.org" in said
    none = (edition("published") / "2013-01" / "da" / "accessibility.html").read_text("utf-8")
    assert text("da", "edition.site.accessibility.no_contact") in none
    assert "@" not in none
    assert "904" in none


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_feed_is_valid_and_names_every_round(lang):
    root = ET.parse(edition("published") / f"feed.{lang}.xml").getroot()
    for one in ("id", "title", "updated", f"author/{ATOM}name"):
        assert root.findtext(f"{ATOM}{one}"), one
    entries = root.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}updated") for one in entries] == [
        "2017-12-31T00:00:00Z",
        "2013-01-31T00:00:00Z",
    ]
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries)
    for one in entries:
        address = one.find(f"{ATOM}link").get("href")
        assert (edition("published") / address.removeprefix(f"{BASE}/")).is_file()
    relative = ET.parse(edition("demo") / f"feed.{lang}.xml").getroot()
    assert (edition("demo") / relative.find(f"{ATOM}entry/{ATOM}link").get("href")).is_file()


def test_the_site_map_names_every_page_and_no_other():
    root = ET.parse(edition("published") / "sitemap.xml").getroot()
    named = {one.text for one in root.iter(f"{SITEMAP}loc")}
    assert named == {
        f"{BASE}/{name_of(page)}" for page in pages() if home(page).name == "published"
    }
    assert not (edition("demo") / "sitemap.xml").exists()


def test_an_unchanged_page_keeps_its_time_and_a_round_stays_when_another_comes():
    out = edition("demo")
    before = {
        file: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in out.rglob("*")
        if file.is_file()
    }
    given = {"dataset": "demo", "store": pointer(), "folder": REPOSITORY / "no-deliveries"}
    again = publish(DEMO, out, POLICY, contact="tal@example.org", **given)
    assert (again.written, again.removed) == (0, 0)
    assert before == {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in before}
    assert set(before) == {file for file in out.rglob("*") if file.is_file()}
    archive = (edition("published") / "index.html").read_text("utf-8")
    assert [archive.index(f'href="{code}/da/index.html"') for code in sorted(ROUNDS, reverse=True)]


def test_links_of_the_dashboards_become_files_or_words():
    here = Pages("r/da", {"r/da/indicators/a.html", "r/da/policies/p.html"}, "r", ["p"])
    html = (
        '<a href="indicator?lang=da&amp;indicator=a">A</a> <a href="indicator?indicator=b">B</a> '
        '<a href="overview?policy=p&amp;round=r">P</a> '
        '<a href="overview?policy=p&amp;round=q">Q</a> '
        '<a href="https://example.org/x">X</a> <a href="#" data-download="all">D</a>'
        '<a href="#" data-download="profile">no</a>'
    )
    made = links.linked(html, "r/da/areas/one.html", here, {"r/data/indicators/a.csv"}, "a")
    assert made == (
        '<a href="../indicators/a.html">A</a> B <a href="../policies/p.html">P</a> Q '
        '<a href="https://example.org/x">X</a> '
        '<a class="button-link" href="../../data/indicators/a.csv">D</a>'
    )


def test_pages_need_the_front_end_parts(monkeypatch):
    monkeypatch.setattr(above, "VENDOR", ("vendor/none.css",))
    with pytest.raises(BarometerError) as found:
        above.assets()
    assert found.value.code == "edition_assets"


# Pictures


def strokes(figure, tag: str, lang: str = "da") -> list[ET.Element]:
    """The strokes of the wide drawing of a figure."""
    wide = inline(figure, lang, "x").split("</svg>")[0] + "</svg>"
    return list(ET.fromstring(wide).iter(tag))


def test_panels_stand_below_each_other_on_one_scale():
    lines = [
        Line(f"Bydel {place}", [Point(str(2010 + at), None, value) for at, value in enumerate(row)])
        for place, row in enumerate(([10.0, 20.0], [20.0, 10.0], [10.0, 20.0]))
    ]
    one = charts.panels(lines, "da", name="p", title="T", unit="percent")
    runs = [
        [tuple(map(float, spot.split(","))) for spot in stroke.get("points").split()]
        for stroke in strokes(one.figure, "polyline")
    ]
    first, second, third = runs
    assert first[0][1] > first[1][1]
    assert second[0][1] < second[1][1]
    assert max(y for _, y in first) < min(y for _, y in second) < min(y for _, y in third)
    steps = [run[1][1] - run[0][1] for run in runs]
    assert steps[0] == pytest.approx(-steps[1], abs=0.3) == pytest.approx(steps[2], abs=0.6)


def test_bars_begin_at_their_base_and_reach_as_far_as_they_are_long():
    figure = {
        "data": [
            {
                "type": "bar", "x": [10, -20], "y": [0, -1], "base": [0, 10],
                "marker": {"color": ["#000000", "rgba(0,0,0,0)"], "line": {"color": "#111111"}},
            }
        ],
        "layout": {
            "height": 100, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "shapes": [],
            "annotations": [], "xaxis": {"range": [-50, 50]}, "yaxis": {"range": [-1.5, 0.5]},
        },
    }  # fmt: skip
    right, left = strokes(figure, "rect")
    assert (float(right.get("x")), float(right.get("width"))) == (500.0, 100.0)
    assert (float(left.get("x")), float(left.get("width"))) == (400.0, 200.0)
    assert float(right.get("y")) < float(left.get("y"))
    assert (right.get("fill"), left.get("fill")) == ("#000000", "none")


def test_periods_that_do_not_fit_leave_every_second_out():
    points = [Point(str(year), None, 1.0 * year) for year in range(1990, 2021)]
    one = charts.history([Line("A", points)], "da", name="h", title="T", unit="percent")
    drawing = inline(one.figure, "da", "x").split("</svg>")
    shown = [len(re.findall(r">(?:19|20)\d\d<", part)) for part in drawing[:2]]
    assert shown[0] >= shown[1] >= 2
