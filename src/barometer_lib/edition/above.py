"""What stands above the rounds: lists of them, feeds, site map, and the files all pages share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from importlib import resources
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from barometer_lib.edition import frame
from barometer_lib.edition.described import Terms
from barometer_lib.errors import BarometerError
from barometer_lib.locale import LANGUAGES, text

FIRST = {"da": "index.html", "en": "en.html"}
VENDOR = (
    "vendor/barometer.css", "vendor/plotly-basic.min.js", "vendor/plotly-basic.LICENSE.txt",
    "vendor/dkfds.LICENSE.md", "vendor/fonts/plex-regular.woff2",
    "vendor/fonts/plex-semibold.woff2", "vendor/fonts/LICENSE.txt",
    "vendor/img/chevron-down.svg", "vendor/img/chevron-up.svg",
    "vendor/img/chevron-down-gray-200.svg", "icon.svg",
)  # fmt: skip
Rounds = Mapping[str, Mapping[str, Any]]


def assets() -> dict[str, bytes]:
    """Styles, fonts and scripts, by their place in the edition.

    Raises `BarometerError` where the front-end parts are not installed.
    """
    served = resources.files("barometer_lib").joinpath("serve", "static")
    found = {}
    for name in VENDOR:
        file = served.joinpath(*name.split("/"))
        if not file.is_file():
            raise BarometerError("edition_assets")
        found[f"assets/{name.removeprefix('vendor/')}"] = file.read_bytes()
    own = resources.files("barometer_lib.edition").joinpath("static", "edition.js")
    found["assets/edition.js"] = own.read_bytes()
    return found


def above(rounds: Rounds, dataset: str, terms: Terms, places: Collection[str]) -> dict[str, bytes]:
    """The lists of rounds, the feeds and, with a base address, the site map; `rounds` tells each
    round's day and its names by language."""
    newest = sorted(rounds, key=lambda code: (rounds[code]["day"], code), reverse=True)
    files = {}
    synthetic = dataset == "demo"
    for lang in LANGUAGES:
        links = [
            {"href": f"{code}/{lang}/index.html", "words": rounds[code][lang]} for code in newest
        ]
        part = {"lang": lang, "heading": text(lang, "edition.site.rounds"), "links": links}
        fields = {
            "title": text(lang, "serve.site"), "root": "", "synthetic": synthetic, "parts": [part],
            "others": [{"lang": one, "href": FIRST[one]} for one in LANGUAGES],
        }  # fmt: skip
        files[FIRST[lang]] = frame.door(fields, lang)
        files[f"feed.{lang}.xml"] = _feed(newest, rounds, dataset, terms, lang)
    if terms.base_url is not None:
        files["sitemap.xml"] = _site_map(terms, [*places, *FIRST.values()])
    return files


def round_door(names: Mapping[str, str], *, synthetic: bool) -> bytes:
    """The page of a round without a language: it offers both."""
    parts = [
        {
            "lang": lang,
            "heading": names[lang],
            "links": [
                {"href": f"{lang}/index.html", "words": text(lang, f"serve.language.{lang}")}
            ],
        }
        for lang in LANGUAGES
    ]
    fields = {
        "title": text("da", "serve.site"), "root": "../", "synthetic": synthetic, "parts": parts,
        "others": [],
    }  # fmt: skip
    return frame.door(fields, "da")


def _feed(newest: list[str], rounds: Rounds, dataset: str, terms: Terms, lang: str) -> bytes:
    """An Atom feed with an entry per round; its times are the rounds' days."""

    def name(what: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'integration-barometer:{dataset}:{what}')}"

    def moment(code: str) -> str:
        return f"{rounds[code]['day']}T00:00:00Z"

    entries = [
        f"""<entry>
<id>{name(code)}</id>
<title>{escape(rounds[code][lang])}</title>
<updated>{moment(code)}</updated>
<link href="{escape(terms.address(f"{code}/{lang}/index.html"))}"/>
<summary>{escape(rounds[code][f"about_{lang}"])}</summary>
</entry>"""
        for code in newest
    ]
    own = escape(terms.address(f"feed.{lang}.xml"))
    head = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">
<id>{name(lang)}</id>
<title>{escape(text(lang, "serve.site"))}</title>
<updated>{moment(newest[0])}</updated>
<author><name>{escape(terms.publisher_name(lang))}</name></author>
<link rel="self" href="{own}"/>
"""
    return (head + "\n".join(entries) + "\n</feed>\n").encode("utf-8")


def _site_map(terms: Terms, places: Collection[str]) -> bytes:
    pages = sorted({place for place in places if place.endswith(".html")})
    rows = "\n".join(f"<url><loc>{escape(terms.address(place))}</loc></url>" for place in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{rows}\n</urlset>\n'.encode()
