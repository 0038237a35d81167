"""The one widget of a dashboard: a reader chooses, Python decides the page, the browser draws it.

A view calls :func:`show` with a function ``decide(state) -> Page``. Nothing else crosses the line:

==================  =======================================================================
browser to Python   ``{"kind": "choose", "state": {...}, "serial": n}`` for every choice,
                    ``{"kind": "beat"}`` to hear whether Python is still there
Python to browser   the trait ``page`` (a :class:`Page` with the choice's ``serial``),
                    ``{"kind": "beat"}``
==================  =======================================================================

What ``decide`` gets: every control's value, ``lang`` and ``dataset``, as the strings the browser
sent. They are untrusted: look each up in a list of your own before you use it, put the default in
its place when it is unknown, and say so in a sentence of the page. ``state`` in the answer is what
was really shown; the browser writes it into the address, so that a link shows the same view.

What ``html`` may contain beside text, lists, tables and inline SVG (escape every value: make it
with Jinja2 and autoescape):

``<div data-chart="ID"></div>``
    is filled with the chart of that id; its table belongs beside it.
``<a href="?indicator=x" data-state='{"indicator": "x"}'>``
    changes the choice without loading the page anew. A plain link elsewhere needs no mark.
``<input data-pack="NAME" name="PART" data-rest="VALUE" id="ID">`` (a slider, or a check box)
    inputs of one name are one choice, sent as ``PART:VALUE`` of each that is not at rest (of a
    check box ``PART`` where it is set), parted by spaces. The page keeps its place and the input
    its focus; an ``<output for="ID">`` shows a slider's number while it moves.
``<a href="#" data-download="ID">``
    saves the download of that id as a file.
``<details>`` that the reader opened, by ``id``, stay open from one choice to the next.

The page's ``<h1>`` stands in the template: begin with ``<h2>``. This module imports anywidget and
the standard library alone: a reader's kernel stays small.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import anywidget
import traitlets

LANGUAGES = ("da", "en")
LONGEST_VALUE = 200
MOST_VALUES = 30
BROWSER_WORDS = ("choices", "loading", "shown", "silent", "reload", "no_chart")
CALENDAR_WORDS = ("months", "short_months", "days", "short_days")


class Option(TypedDict):
    """One choice of a control; options of one ``group`` stand together under its name."""

    value: str
    label: str
    group: NotRequired[str]


class Control(TypedDict):
    """One drop-down: ``value`` is the chosen option's value."""

    id: str
    label: str
    options: list[Option]
    value: str


class Chart(TypedDict):
    """A Plotly figure as plain dicts (``data``, ``layout``), its height in pixels, and its text."""

    id: str
    figure: dict[str, Any]
    height: int
    label: str


class Download(TypedDict):
    """A file the reader may save."""

    id: str
    filename: str
    mime: str
    text: str


class Page(TypedDict):
    """What a reader sees for one choice. With ``error`` set, nothing but that sentence is shown."""

    lang: str
    title: str
    controls: list[Control]
    state: dict[str, str]
    html: str
    charts: list[Chart]
    downloads: NotRequired[list[Download]]
    error: str | None


Decide = Callable[[Mapping[str, str]], Page]


class Dashboard(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
    """The widget itself; views make it with :func:`show` and put nothing into it by hand."""

    _esm = Path(__file__).with_name("widget.js")
    page = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, decide: Decide) -> None:
        """Show what ``decide`` makes of each choice."""
        self._decide = decide
        super().__init__(words={lang: _words(lang) for lang in LANGUAGES})
        self.on_msg(self._answer)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take nothing from the browser this way: choices come as messages and are checked."""

    def _answer(self, _widget: object, content: object, _buffers: object) -> None:
        """Answer one message; whatever goes wrong, the browser gets a sentence and no detail."""
        if not isinstance(content, dict):
            return
        if content.get("kind") == "beat":
            self.send({"kind": "beat"})
        elif content.get("kind") == "choose":
            serial = content.get("serial")
            page = decided(self._decide, strings_of(content.get("state")))
            self.page = {**page, "serial": serial if isinstance(serial, int) else 0}


def show(decide: Decide) -> Dashboard:
    """The dashboard of a view; as the last expression of a notebook's cell it is shown.

    ``decide`` is called once for the browser's first state (what stands in the address) and once
    for every choice. What it raises is logged with its traceback and reaches the reader as one
    sentence with the log's reference.
    """
    if os.environ.get("VOILA_PREHEAT") == "True":
        # This kernel waits for a reader: what the first page needs is loaded before they come.
        decided(decide, {})
    return Dashboard(decide)


def strings_of(state: object) -> dict[str, str]:
    """What of a browser's ``state`` can be a choice: short strings under short names, not many."""
    if not isinstance(state, dict):
        return {}
    kept = {
        name: value
        for name, value in state.items()
        if isinstance(name, str)
        and isinstance(value, str)
        and len(name) <= LONGEST_VALUE
        and len(value) <= LONGEST_VALUE
    }
    return dict(list(kept.items())[:MOST_VALUES])


def decided(decide: Decide, state: Mapping[str, str]) -> Page:
    """The page for a choice, or a page that says in one sentence that it could not be made."""
    try:
        return decide(state)
    except Exception:  # noqa: BLE001 - the reader gets a sentence, the log gets the rest
        reference = secrets.token_hex(3)
        _log_failure(reference, state)
        lang = state.get("lang", "")
        lang = lang if lang in LANGUAGES else LANGUAGES[0]
        return {
            "lang": lang,
            "title": "",
            "controls": [],
            "state": {},
            "html": "",
            "charts": [],
            "error": _failure_sentence(lang, reference),
        }


def _log_failure(reference: str, state: Mapping[str, str]) -> None:
    """Write the failure with its traceback to the kernel's log, which ends on the server's stderr.

    ``sys.stderr`` would not do: a kernel sends that to the browser.
    """
    from traitlets.log import get_logger

    log = get_logger()
    log.exception("a dashboard failed [%s] for %r", reference, dict(state))


def _words(lang: str) -> dict[str, str]:
    """The words of the frame around a page, some of them for when Python can no longer answer."""
    from barometer_lib.locale import text

    return {key: text(lang, f"widget.{key}") for key in BROWSER_WORDS + CALENDAR_WORDS}


def _failure_sentence(lang: str, reference: str) -> str:
    """One plain sentence with the log's reference."""
    from barometer_lib.locale import text

    return text(lang, "widget.failed", reference=reference)
