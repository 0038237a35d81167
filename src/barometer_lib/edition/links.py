"""The dashboards' links as links between files, and their placeholders as pictures and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape, unescape
from posixpath import relpath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from barometer_lib.charts.picture import inline

ANCHOR = re.compile(r'<a\b([^>]*)\bhref="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
CHART = re.compile(r'<div data-chart="([^"]+)"></div>')
DOWNLOAD = re.compile(r'data-download="([^"]+)"')
# What a reader moves and a program answers: no part of a page that stands still.
ANSWERED = re.compile(r'<section aria-labelledby="part-what-if">.*?</section>', re.DOTALL)
# Downloads of the dashboards, and the open file that holds the same.
FILES = {
    "status": "indicator_statuses.csv",
    "targets": "targets.csv",
    "ranking": "index_ranks.csv",
}
# Letters of codes by their numbers, since addresses are plain: ae, oe, aa.
LETTERS = {0xE6: "ae", 0xC6: "AE", 0xF8: "oe", 0xD8: "OE", 0xE5: "aa", 0xC5: "AA"}
OF_INDICATOR = ("shown", "all")


def file_name(code: str) -> str:
    """A code as part of an address that every server and file system takes."""
    return code.translate(LETTERS)


def to(here: str, there: str) -> str:
    """The relative address of a file from another, both by their place in the edition."""
    return relpath(there, here.rsplit("/", 1)[0] if "/" in here else ".")


@dataclass(frozen=True)
class Pages:
    """What there is to link to, by its place in the edition: `home` is the round in a language."""

    home: str
    places: Collection[str]
    round: str
    policies: Collection[str]

    def target(self, href: str) -> str | None:
        """The place of the page that a dashboard's link means; blank where it is not published."""
        parts = urlsplit(unescape(href))
        asked = {name: found[0] for name, found in parse_qs(parts.query).items()}
        name = parts.path
        if name == "indicator" or (not name and "indicator" in asked):
            place = f"{self.home}/indicators/{file_name(asked.get('indicator', ''))}.html"
        elif name == "overview" and asked.get("round") in (None, self.round):
            place = f"{self.home}/policies/{file_name(asked.get('policy', ''))}.html"
        else:
            return None
        return place if place in self.places else None


def linked(html: str, here: str, pages: Pages, files: Collection[str], code: str = "") -> str:
    """A dashboard's HTML for the file `here`: links lead to files, or are plain words.

    A download becomes a link to the open file with the same figures (`code` names the indicator).
    """

    def one(match: re.Match[str]) -> str:
        before, href, after, words = match.groups()
        download = DOWNLOAD.search(before + after)
        if download:
            name = FILES.get(download[1])
            if download[1] in OF_INDICATOR:
                name = f"indicators/{code}.csv"
            place = f"{pages.round}/data/{name}"
            if place not in files:
                return ""
            return f'<a class="button-link" href="{escape(to(here, place))}">{words}</a>'
        if href.startswith(("http://", "https://")) or (href.startswith("#") and len(href) > 1):
            return match[0]
        found = pages.target(href)
        return words if found is None else f'<a href="{escape(to(here, found))}">{words}</a>'

    return ANCHOR.sub(one, ANSWERED.sub("", html))


def pictured(html: str, charts: Mapping[str, Mapping[str, Any]], lang: str) -> str:
    """The HTML with every chart drawn in its place, to be read without a script."""

    def one(match: re.Match[str]) -> str:
        chart = charts[match[1]]
        drawing = inline(chart["figure"], lang, chart["label"])
        return f'<div data-chart="{match[1]}">\n{drawing}\n</div>'

    return CHART.sub(one, html)


def apart(html: str, mark: str) -> str:
    """The HTML with every id of its own, so that two parts of one page do not share any."""
    named: Callable[[re.Match[str]], str] = lambda found: f'{found[1]}="{found[2]}-{mark}"'  # noqa: E731
    return re.sub(r'\b(id|aria-labelledby)="([^"]+)"', named, html)
