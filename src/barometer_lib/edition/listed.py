"""The pages that no dashboard has: start, district, changes, method, data, accessibility."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from barometer_lib.edition import described, frame
from barometer_lib.edition.links import file_name, to
from barometer_lib.locale import as_rounded, interval, period, text, with_unit
from barometer_lib.sentences import counted
from barometer_lib.tables import Cell, Column, Table, as_html
from barometer_lib.views.round_changes import difference_table

if TYPE_CHECKING:
    from barometer_lib.edition.site import Site

Row = Mapping[str, Any]
CLASSES = ["table", "table--compact"]
KINDS = ("areas", "committees", "indicators", "districts")
METHOD = ("figures", "status", "rounding", "uncertainty", "revisions", "sources")


@dataclass(frozen=True)
class Link:
    """A link of a list: where to, its words, and what is said of it."""

    href: str
    words: str
    said: str = ""


def link(site: Site, name: str, here: str, said: str = "") -> Link:
    """A link to a page of the site from another, both by their place below its home."""
    href = to(f"{site.home}/{here}", f"{site.home}/{name}")
    return Link(href, site.titles[name], said)


def content(site: Site, name: str) -> str:
    """The content of a page that no dashboard has, as HTML."""
    if name.startswith("districts/"):
        return _district(site, name)
    make: dict[str, Callable[[Site], str]] = {
        "index.html": _start,
        "changes.html": _changes,
        "method.html": _method,
        "data.html": _files,
        "accessibility.html": _accessibility,
    }
    return make[name](site)


def _start(site: Site) -> str:
    shown, lang = site.shown, site.lang
    policies = []
    for code in shown.policies:
        statuses = [row["status"] for row in shown.round.rows("goals") if row["policy"] == code]
        said = counted(statuses, lang) if statuses else ""
        policies.append(
            link(
                site, f"policies/{file_name(code)}.html", "index.html", said or site.say("no_goals")
            )
        )
    parts = [
        {
            "key": kind,
            "links": [
                link(site, name, "index.html")
                for name in site.titles
                if name.startswith(f"{kind}/")
            ],
        }
        for kind in KINDS
    ]
    more = [name for name in site.titles if name.startswith("targets/") or "/" not in name]
    parts.append(
        {
            "key": "more",
            "links": [link(site, one, "index.html") for one in more if one != "index.html"],
        }
    )
    return frame.render("start.html", site, policies=policies, parts=parts)


def _district(site: Site, name: str) -> str:
    """The newest figure of every indicator in a district, beside the city's own."""
    code = site.code(name)
    shown, lang = site.shown, site.lang
    own = {row["indicator"]: row["group"] for row in shown.round.rows("indicators")}
    rows = [
        row for row in shown.round.rows("measurements") if row["group"] == own[row["indicator"]]
    ]
    cells = []
    for indicator in shown.indicators:
        mine = [row for row in rows if (row["indicator"], row["area"]) == (indicator, code)]
        if not mine:
            continue
        newest = mine[-1]
        home = [
            row
            for row in rows
            if (row["indicator"], row["area"], row["period"])
            == (indicator, shown.home_area, newest["period"])
        ]
        cells.append(_district_row(site, newest, home[-1] if home else None))
    title = site.titles[name]
    keys = ("indicator", "value", "interval", "city", "period", "source")
    columns = [
        Column("indicator", text(lang, "overview.column.indicator"), kind="address"),
        *(Column(key, site.say(f"district.{key}")) for key in keys[1:4]),
        Column("period", text(lang, "overview.column.period")),
        Column("source", text(lang, "overview.column.source"), kind="address"),
    ]
    table = Table(site.say("district.caption", area=title), columns, cells, lang=lang)
    lead = site.say("district.lead", area=title, count=len(cells))
    part = {"heading": site.say("district.heading"), "html": as_html(table, CLASSES)}
    return frame.render("table.html", site, lead=lead, tables=[part])


def _district_row(site: Site, row: Row, home: Row | None) -> dict[str, Cell]:
    shown, lang = site.shown, site.lang
    none = text(lang, "overview.none")
    limits = None
    if row["low"] is not None and row["high"] is not None:
        limits = interval(row["low"], row["high"], row["unit"], lang, row["decimals"])
    code = row["indicator"]
    when = period(row["period"], lang) if row["period"] else text(lang, "numbers.period.unknown")
    return {
        "indicator": Cell(
            f"../indicators/{file_name(code)}.html", shown.title("indicators", code, lang)
        ),
        "value": Cell(row["value"], value_words(row, lang)),
        "interval": Cell(limits, limits or none),
        "city": Cell(
            None if home is None else home["value"], value_words(home, lang) if home else none
        ),
        "period": Cell(row["period"], when),
        "source": Cell(row["source_address"], row[f"source_{lang}"] or none),
    }


def value_words(row: Row, lang: str) -> str:
    """The value as printed, or the word for why there is none."""
    if row["status"] != "reported" or row["value"] is None:
        return text(lang, f"numbers.value.{row['status']}")
    said = with_unit(row["value"], row["unit"], lang, row["decimals"])
    return as_rounded(said, row["rounded_to"], lang)


def _changes(site: Site) -> str:
    shown, lang = site.shown, site.lang
    words = shown.round.labels[lang]
    tables = []
    for one in shown.changes:
        before = shown.round.label("round", one.before, lang)
        name = shown.title("policies", one.policy, lang)
        heading = site.say("changes.since", policy=name, round=before)
        html = (
            as_html(difference_table(one.rows, heading, words, lang), CLASSES) if one.rows else ""
        )
        tables.append({"heading": heading, "html": html, "nothing": text(lang, "rounds.nothing")})
    lead = site.say("changes.lead" if tables else "changes.first")
    return frame.render("table.html", site, lead=lead, tables=tables)


def _method(site: Site) -> str:
    lang = site.lang
    parts: list[dict[str, Any]] = [
        {"heading": site.say(f"method.{key}.title"), "words": [site.say(f"method.{key}.words")]}
        for key in METHOD
    ]
    rules = [text(lang, f"sentences.rule.{rule}") for rule in site.shown.rules]
    parts.insert(2, {"heading": site.say("method.rule"), "words": rules})
    return frame.render("words.html", site, parts=parts)


def _files(site: Site) -> str:
    """The open-data files of the round."""
    one, here = site.shown.round, f"{site.home}/data.html"
    folder = f"{one.code}/data"

    def links(names: Sequence[str]) -> list[Link]:
        return [
            Link(to(here, f"{folder}/{name}"), name)
            for name in names
            if f"{folder}/{name}" in site.open_files
        ]

    tables = []
    for name in one.tables:
        said = text(site.lang, f"edition.table.{name}")
        tables += [Link(to(here, f"{folder}/{name}.csv"), f"{name}.csv", said)]
        tables += [Link(to(here, f"{folder}/{name}.parquet"), f"{name}.parquet", said)]
    first = [described.NAMES[site.lang], described.WORKBOOK, "datapackage.json"]
    first += ["csv-metadata.json", "catalogue.ttl", "SHA256SUMS"]
    parts = [
        {"heading": site.say("data.first"), "links": links(first)},
        {"heading": site.say("data.tables"), "links": tables},
        {
            "heading": site.say("data.indicators"),
            "links": links([f"indicators/{code}.csv" for code in site.shown.indicators]),
        },
    ]
    lead = f"{described.mark(one, site.lang)} {described.about(one, site.lang)}"
    return frame.render(
        "list.html", site, lead=lead, parts=[part for part in parts if part["links"]]
    )


def _accessibility(site: Site) -> str:
    contact = site.shown.terms.contact
    said = site.say("accessibility.contact", contact=contact) if contact else None
    words = [site.say(f"accessibility.{key}") for key in ("standard", "tested", "known", "law")]
    parts = [
        {"heading": None, "words": words},
        {
            "heading": site.say("accessibility.contact_title"),
            "words": [said or site.say("accessibility.no_contact")],
        },
    ]
    return frame.render("words.html", site, parts=parts)
