"""The frame around every page: title, navigation, languages, citation; no script is needed."""

from __future__ import annotations

import functools
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from barometer_lib.edition import described
from barometer_lib.edition.links import to
from barometer_lib.locale import LANGUAGES, date, text

if TYPE_CHECKING:
    from jinja2 import Environment

    from barometer_lib.edition.site import Site

NAVIGATION = ("index.html", "icc.html", "changes.html", "method.html", "data.html")


def render(template: str, site: Site, **fields: Any) -> str:
    """A template as HTML; every value is escaped."""
    spoken = {"lang": site.lang, "say": site.say, "t": functools.partial(text, site.lang)}
    return _environment().get_template(template).render(**spoken, **fields)


def page(site: Site, name: str, content: str, figures: str | None) -> bytes:
    """The whole page `name` (its place below the site's home) around its content.

    `figures` is the place of the script with its charts' figures, where it has charts.
    """
    one, lang = site.shown.round, site.lang
    here = f"{site.home}/{name}"
    other = next(code for code in LANGUAGES if code != lang)
    title = site.titles[name]
    terms = site.shown.terms
    return render(
        "page.html",
        site,
        site_name=text(lang, "serve.site"),
        title=title,
        round_name=one.label("round", one.code, lang),
        day=date(one.day, lang),
        description=f"{title}. {described.about(one, lang)}",
        address=terms.address(here) if terms.base_url else None,
        other=other,
        other_href=to(here, f"{one.code}/{other}/{name}"),
        own_href=name.rsplit("/", 1)[-1],
        root=to(here, "x")[:-1],
        up=to(here, f"{site.home}/x")[:-1],
        navigation=_navigation(site, name, here),
        synthetic=one.synthetic,
        citation=described.citation(one, terms, lang),
        licence=described.licence(one, lang),
        figures=None if figures is None else to(here, figures),
        content=Markup(content),  # noqa: S704 - made by our own templates, escaped there
    ).encode("utf-8")


def _navigation(site: Site, name: str, here: str) -> list[dict[str, Any]]:
    """The round's own pages; what has many pages is reached from the first."""
    return [
        {
            "href": to(here, f"{site.home}/{one}"),
            "words": site.say(f"nav.{one.removesuffix('.html')}"),
            "here": one == name,
        }
        for one in NAVIGATION
        if one in site.titles
    ]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("barometer_lib.edition"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def door(template_fields: dict[str, Any], lang: str) -> bytes:
    """A page above the rounds: the list of them, or the choice of a language."""
    spoken = {"lang": lang, "t": functools.partial(text, lang)}
    made = _environment().get_template("door.html").render(**spoken, **template_fields)
    return made.encode("utf-8")
