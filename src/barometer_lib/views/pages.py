"""What all pages share: the reader's choices, the templates, and the frame a page is put into.

A page function takes the reader's untrusted choices and gives a `Page`::

    @told_in_words
    def some_page(state, store=None, day=None):
        reader = reading(state)
        with looking(reader, store, day) as look:
            ...
        return page(reader, title=..., controls=[...], html=render("some.html", reader, ...))

Templates stand in `templates/`; the pieces they share in `templates/pieces.html`, to be brought in
with ``{% import "pieces.html" as pieces with context %}``.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from barometer_lib.errors import BarometerError, StoreError, nearest, say
from barometer_lib.locale import LANGUAGES, date, list_of, number, period, text, text_count
from barometer_lib.store import Session, session

if TYPE_CHECKING:
    from jinja2 import Environment

    from barometer_lib import charts
    from barometer_lib.tables import Table
    from barometer_lib.views.widget import Chart, Control, Download, Option, Page

DATASETS = ("published", "demo")
LONGEST_TOLD = 40
STORE_FAULTS = {
    "store_missing": "missing",
    "store_pointer": "missing",
    "store_version": "version",
    "store_without": "without",
}
State = Mapping[str, str]
Day = dt.date | None
View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class Reading:
    """Who reads: their language and dataset, and what of their choices had to be put right.
    `drafts` is true where the store holds rounds that are not public."""

    lang: str
    dataset: str
    state: State
    corrections: list[str] = field(default_factory=list)
    drafts: bool = False

    @property
    def synthetic(self) -> bool:
        """True where every figure shown is synthetic."""
        return self.dataset == "demo"

    def say(self, key: str, **fields: Any) -> str:
        """A text in the reader's language."""
        return text(self.lang, key, **fields)

    def pick(self, name: str, options: Sequence[Option], default: str, *, unknown: str) -> str:
        """The reader's choice for a control, one of the options' values.

        A choice that does not exist becomes the nearest that does, else the default; the text
        `unknown` (fields `asked`, `shown`) then tells the reader.
        """
        labels = {option["value"]: option["label"] for option in options}
        value, asked = choose(self.state, name, list(labels), default)
        if asked is not None:
            self.corrections.append(self.say(unknown, asked=_told(asked), shown=labels[value]))
        return value

    def address(self, dashboard: str = "", **choices: str | None) -> str:
        """The address of a view in the same language and dataset; blank choices are left out."""
        kept = {name: value for name, value in choices.items() if value}
        return f"{dashboard}?" + urlencode({"lang": self.lang, "dataset": self.dataset, **kept})


def reading(state: State) -> Reading:
    """The reader's language and dataset, each checked; what is unknown is put right and told."""
    lang, asked_lang = choose(state, "lang", LANGUAGES, LANGUAGES[0], near=False)
    dataset, asked_dataset = choose(state, "dataset", DATASETS, DATASETS[0], near=False)
    reader = Reading(lang, dataset, state)
    if asked_lang is not None:
        said = reader.say("pages.unknown.lang", asked=_told(asked_lang))
        reader.corrections.append(said)
    if asked_dataset is not None:
        said = reader.say("pages.unknown.dataset", asked=_told(asked_dataset))
        reader.corrections.append(said)
    return reader


def choose(
    state: State, name: str, allowed: Sequence[str], default: str, *, near: bool = True
) -> tuple[str, str | None]:
    """The value of a choice, always one of `allowed`, and what was asked where that is not there.

    A choice that is absent or blank is the default without a word. With `near` the nearest code
    takes the place of one that does not exist.
    """
    asked = state.get(name, "")
    if not asked:
        return default, None
    if asked in allowed:
        return asked, None
    close = nearest(asked, allowed, 1) if near else []
    return (close[0] if close else default), asked


def _told(asked: str) -> str:
    """What was asked, short enough for a sentence."""
    return asked if len(asked) <= LONGEST_TOLD else asked[:LONGEST_TOLD] + "…"


def options_of(labels: Mapping[str, str], group: str | None = None) -> list[Option]:
    """Options of a control from codes and their labels, all under one group where it is named."""
    if group is None:
        return [{"value": code, "label": label} for code, label in labels.items()]
    return [{"value": code, "label": label, "group": group} for code, label in labels.items()]


def control(name: str, label: str, options: Sequence[Option], value: str) -> Control:
    """A drop-down with its chosen value."""
    return {"id": name, "label": label, "options": list(options), "value": value}


def page(
    reader: Reading,
    *,
    title: str,
    controls: Sequence[Control],
    html: str,
    charts: Iterable[charts.Chart] = (),
    downloads: Iterable[Download] = (),
    more_state: Mapping[str, str] | None = None,
) -> Page:
    """The page as the browser gets it, what was put right told at its top.

    `state` is what was really shown: language, dataset, every control, and `more_state`.
    """
    shown = {"lang": reader.lang, "dataset": reader.dataset}
    shown |= {one["id"]: one["value"] for one in controls} | dict(more_state or {})
    return {
        "lang": reader.lang,
        "title": reader.say("pages.draft.title", title=title) if reader.drafts else title,
        "controls": list(controls),
        "state": shown,
        "html": render("corrections.html", reader) + html,
        "charts": [drawn(chart) for chart in charts],
        "downloads": list(downloads),
        "error": None,
    }


@contextmanager
def looking(reader: Reading, store: Path | str | None, day: Day = None) -> Iterator[Session]:
    """A session of the reader's dataset, of what was known on `day` where one is given; from here
    on it is known whether the store holds drafts."""
    with session(store, reader.dataset, day, whole=True) as look:
        reader.drafts = look.version.drafts
        yield look


def drawn(chart: charts.Chart) -> Chart:
    """A chart as the browser gets it."""
    return {
        "id": chart.id,
        "figure": chart.figure,
        "height": chart.height,
        "label": chart.label,
    }


def download(reader: Reading, name: str, table: Table, filename: str) -> Download:
    """A table as a CSV file to save; its first column says whether the figures are synthetic.

    `filename` has no ending; that of a file of synthetic figures begins with a mark.
    """
    from barometer_lib.tables import Cell, Column, as_csv

    mark = Cell(reader.synthetic, str(reader.synthetic))
    marked = replace(
        table,
        columns=[Column("synthetic", "synthetic"), *table.columns],
        rows=[{"synthetic": mark, **row} for row in table.rows],
    )
    start = reader.say("pages.download.draft") if reader.drafts else ""
    start += reader.say("pages.download.synthetic") if reader.synthetic else ""
    return {
        "id": name,
        "filename": f"{start}{filename}.csv",
        "mime": "text/csv",
        "text": as_csv(marked),
    }


def told_in_words(make: View) -> View:
    """A page function that says what a reader can do where the store or a code is not there.

    It takes the reader's choices and the store's pointer; some also a day, to show what was known.
    """

    @functools.wraps(make)
    def made(state: State, *more: Any, **named: Any) -> Page:
        try:
            found: Page = make(state, *more, **named)
            return found
        except BarometerError as error:
            return error_page(reading(state).lang, error)

    return cast("View", made)


def error_page(lang: str, error: BarometerError) -> Page:
    """A page that holds one message and nothing else."""
    return {
        "lang": lang,
        "title": "",
        "controls": [],
        "state": {},
        "html": "",
        "charts": [],
        "error": store_fault(lang, error) if isinstance(error, StoreError) else say(error, lang),
    }


def store_fault(lang: str, error: StoreError) -> str:
    """What a reader is told where the store is at fault; place and remedy go to the log."""
    from traitlets.log import get_logger

    get_logger().error("%s", say(error, "en"))
    return text(lang, f"pages.store.{STORE_FAULTS.get(error.code, 'unreadable')}")


def render(template: str, reader: Reading, **fields: Any) -> str:
    """A template of `templates/` as HTML. Every value is escaped.

    Templates know `reader`, `lang`, `synthetic`, `t` (text by key), `count_of` (a text for one or
    many), `number`, `date`, `period`, `list_of`, each in the reader's language, and `glyph`.
    """
    return _environment().get_template(template).render(**_spoken(reader), **fields)


def _spoken(reader: Reading) -> dict[str, Any]:
    lang = reader.lang
    return {
        "reader": reader,
        "lang": lang,
        "synthetic": reader.synthetic,
        "t": functools.partial(text, lang),
        "count_of": functools.partial(text_count, lang),
        "number": lambda value, decimals=None: number(value, lang, decimals),
        "date": lambda day: date(day, lang),
        "period": lambda code: period_words(code, lang),
        "list_of": lambda words: list_of(words, lang),
    }


def period_words(code: str | None, lang: str) -> str:
    """A period in words, also where it is not known."""
    return period(code, lang) if code else text(lang, "numbers.period.unknown")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from barometer_lib.charts.palette import STATUS_GLYPHS, STATUS_TONES

    made = Environment(
        loader=PackageLoader("barometer_lib.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["glyph"] = STATUS_GLYPHS
    made.globals["tone"] = STATUS_TONES
    return made
