"""The page around the content: language, title, header, navigation, headline, footer.

It is made from words alone, before any kernel is asked, so that a reader sees the headline at once
and in their own language, also where the kernel was warmed up before they came.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from barometer_lib.locale import text
from barometer_lib.serve.choices import DATASETS, LANGUAGES, Choices

if TYPE_CHECKING:
    from jinja2 import Template

STATIC = Path(__file__).parent / "static"
KERNEL_MARK = "<!-- kernel -->"
ORDER = ("overview", "indicator", "targets", "icc_index", "charter", "data_quality")


@dataclass(frozen=True)
class Site:
    """Where the pages lie and which dashboards there are, in the order of the navigation."""

    base_url: str
    dashboards: tuple[str, ...]

    def asset(self, name: str) -> str:
        """The address of a served file, with a mark of its content so that it may be kept long."""
        return f"{self.base_url}static/{name}?v={_content_mark(name)}"


def in_order(names: list[str]) -> tuple[str, ...]:
    """Dashboards as the navigation shows them: ours first, any other after them by name."""
    return tuple(sorted(names, key=lambda name: (_place(name), name)))


def page(site: Site, name: str, choices: Choices, content: str = "") -> str:
    """The whole page ``name`` (``start``, a dashboard, ``missing``, ``busy``, ``broken``).

    ``content`` is HTML, already escaped. A dashboard's page has ``KERNEL_MARK`` where the kernel's
    part belongs.
    """

    def say(key: str, **fields: str) -> str:
        return text(choices.lang, f"serve.{key}", **fields)

    return _template("page.html.j2").render(
        site=site,
        name=name,
        choices=choices,
        say=say,
        title=page_word(choices.lang, name, "title"),
        lead=page_word(choices.lang, name, "lead"),
        navigation=[
            (one, page_word(choices.lang, one, "menu")) for one in ("start", *site.dashboards)
        ],
        languages=LANGUAGES,
        datasets=DATASETS,
        is_dashboard=name in site.dashboards,
        content=Markup(content),  # noqa: S704 - made by our own templates, escaped there
        kernel_mark=Markup(KERNEL_MARK),  # noqa: S704 - a constant
    )


def sentence(lang: str, key: str, **fields: str) -> str:
    """An alert with one sentence of ``serve.yml``, as HTML."""
    said = text(lang, f"serve.{key}", **fields)
    return _template("alert.html.j2").render(sentence=said)


def page_word(lang: str, name: str, word: str) -> str:
    """A page's ``title``, ``lead`` or ``menu`` word; of a page without words, its file name."""
    try:
        return text(lang, f"serve.pages.{name}.{word}")
    except KeyError:
        return "" if word == "lead" else name.replace("_", " ").capitalize()


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("barometer_lib.serve", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(name)


@lru_cache(maxsize=64)
def _content_mark(name: str) -> str:
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"
