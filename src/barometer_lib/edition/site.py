"""The pages of a round in one language, from what the dashboards show and the open tables."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from barometer_lib.edition import frame, listed
from barometer_lib.edition.links import Pages, apart, file_name, linked, pictured
from barometer_lib.edition.listed import Link
from barometer_lib.edition.reading import Shown
from barometer_lib.errors import BarometerError
from barometer_lib.locale import text
from barometer_lib.views.icc_index import icc_index_page
from barometer_lib.views.indicator import indicator_page
from barometer_lib.views.overview import overview_page
from barometer_lib.views.targets import targets_page

Files = dict[str, bytes]


@dataclass(frozen=True)
class Site:
    """A round in one language. `store` is asked as it was on the round's day."""

    shown: Shown
    lang: str
    store: Path | str | None
    open_files: Collection[str]

    @property
    def home(self) -> str:
        """The place of its pages in the edition."""
        return f"{self.shown.round.code}/{self.lang}"

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every page by its place below `home`, with its title."""
        return dict(self._titles())

    def _titles(self) -> Iterator[tuple[str, str]]:
        shown, lang = self.shown, self.lang
        yield "index.html", shown.round.label("round", shown.round.code, lang)
        for kind, codes in (
            ("policies", shown.policies),
            ("areas", shown.effort_areas),
            ("committees", shown.committees),
            ("indicators", shown.indicators),
            ("districts", shown.districts),
        ):
            for code in codes:
                yield f"{kind}/{file_name(code)}.html", shown.title(kind, code, lang)
        for code in shown.policies:
            name = shown.title("policies", code, lang)
            yield f"targets/{file_name(code)}.html", self.say("targets", policy=name)
        if shown.edition is not None:
            yield "icc.html", shown.round.label("index", str(shown.index), lang)
        for name in ("changes", "method", "data", "accessibility"):
            yield f"{name}.html", self.say(f"{name}.title")

    def say(self, key: str, **fields: Any) -> str:
        """A text of the site in its language."""
        return text(self.lang, f"edition.site.{key}", **fields)

    @property
    def pages(self) -> Pages:
        """What its links may lead to."""
        places = {f"{self.home}/{name}" for name in self.titles}
        one = self.shown.round
        return Pages(self.home, places, one.code, self.shown.policies)

    def files(self) -> Files:
        """Every file of the round in this language, by its place in the edition."""
        found: Files = {}
        for name in self.titles:
            content, figures = self._content(name)
            place = f"{self.home}/{name}"
            script = None
            if figures:
                script = place.replace(".html", ".figures.js")
                found[script] = _script(figures)
            found[place] = frame.page(self, name, content, script)
        return found

    def code(self, name: str) -> str:
        """The code that a page is about; blank for a page about the round."""
        return self.shown.codes.get(name.partition("/")[2].removesuffix(".html"), "")

    def _content(self, name: str) -> tuple[str, list[Any]]:
        kind = name.partition("/")[0]
        code = self.code(name)
        ask = {
            "policies": lambda: self._view(name, overview_page, policy=code),
            "indicators": lambda: self._view(name, indicator_page, code, indicator=code),
            "targets": lambda: self._view(name, targets_page, policy=code),
            "areas": lambda: self._parts(name, effort_area=code),
            "committees": lambda: self._parts(name, committee=code),
            "icc.html": lambda: self._view(name, icc_index_page, edition=self.shown.edition),
        }
        if kind in ask:
            return ask[kind]()
        return listed.content(self, name), []

    def _parts(self, name: str, **choice: str) -> tuple[str, list[Any]]:
        """The overview of every policy that has something for an effort area or a committee."""
        [(key, code)] = choice.items()
        policies = self.shown.policies_of(key, code)
        parts = [self._view(name, overview_page, policy=one, **choice) for one in policies]
        if len(parts) == 1:
            return parts[0]
        pairs = zip(policies, parts, strict=True)
        return "\n".join(apart(html, one) for one, (html, _) in pairs), []

    def _view(
        self, name: str, view: Any, code: str = "", **choices: str | None
    ) -> tuple[str, list[Any]]:
        """A dashboard's page as it was on the round's day, linked and drawn for a file."""
        one = self.shown.round
        state = {"lang": self.lang, "dataset": one.dataset, "round": one.code}
        if len(self.shown.policies) == 1:
            state["policy"] = self.shown.policies[0]
        state |= {key: value for key, value in choices.items() if value}
        page = view(state, self.store, one.day)
        if page["error"]:
            raise BarometerError("edition_page", page=name, problem=page["error"])
        charts = {chart["id"]: chart for chart in page["charts"]}
        html = linked(page["html"], f"{self.home}/{name}", self.pages, self.open_files, code)
        return pictured(html, charts, self.lang), page["charts"]

    def link(self, name: str, here: str, said: str = "") -> Link:
        """A link to a page below `home`, from another of them."""
        return listed.link(self, name, here, said)


def _script(figures: Iterable[Mapping[str, Any]]) -> bytes:
    """The page's figures for the interactive charts; a script, so that it loads from a file too."""
    named = {one["id"]: {key: one[key] for key in ("figure", "height", "label")} for one in figures}
    packed = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
    return f"window.barometerFigures={packed};\n".encode()
