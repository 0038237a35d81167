"""The indicator page: one indicator over time, for groups and districts, with its verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.locale import period, text, text_count
from barometer_lib.sentences.remarks import remarks_of
from barometer_lib.store import questions
from barometer_lib.store.series import areas_with_figures, groups_with_figures
from barometer_lib.store.sessions import Session
from barometer_lib.tables import Table, as_html
from barometer_lib.views.pages import (
    Day,
    Reading,
    State,
    control,
    download,
    looking,
    page,
    reading,
    render,
    told_in_words,
)
from barometer_lib.views.series_answers import answers
from barometer_lib.views.series_charts import districts, groups, history
from barometer_lib.views.series_linked import told
from barometer_lib.views.series_reading import DISTRICT_LEVELS, EVERY_DISTRICT, Stored, read
from barometer_lib.views.series_tables import (
    figures_table,
    file_table,
    revision_lines,
    value_words,
)
from barometer_lib.views.series_telling import headline, newest, target_sentences
from barometer_lib.views.verdicts import standings

if TYPE_CHECKING:
    from barometer_lib.views.widget import Control, Dashboard, Option, Page

KEPT = {"policy": "policy", "round": "round", "committee": "committee"}


def dashboard() -> Dashboard:
    """The widget that a notebook shows."""
    from barometer_lib.views.widget import show

    return show(lambda state: indicator_page(state, None))


@told_in_words
def indicator_page(state: State, store: Path | str | None = None, day: Day = None) -> Page:
    """The page of one indicator for a reader's choices, put right where unknown."""
    reader = reading(state)
    with looking(reader, store, day) as look:
        start = questions.dataset(look)
        labels = questions.labels(look, reader.lang)
        controls = _controls(look, reader, start, labels)
        chosen = {one["id"]: one["value"] for one in controls}
        kept = _kept(look, state)
        stored = read(look, reader.lang, kept, **_codes(chosen))
    home = str(start["home_area"])
    return _page(reader, stored, home, controls, kept)


def _codes(chosen: Mapping[str, str]) -> dict[str, str]:
    return {"code": chosen["indicator"], "area": chosen["area"], "group": chosen["group"]}


def _kept(look: Session, state: State) -> dict[str, str]:
    """The overview's choices, kept for the way back where they exist."""
    return {
        name: state[name]
        for name, kind in KEPT.items()
        if state.get(name) in questions.known_codes(look, kind)
    }


def _controls(
    look: Session, reader: Reading, start: Mapping[str, Any], labels: Mapping[tuple[str, str], str]
) -> list[Control]:
    def pick(name: str, options: list[Option], default: str) -> Control:
        known = [option["value"] for option in options]
        first = default if default in known else known[0]
        value = reader.pick(name, options, first, unknown=f"indicator.unknown.{name}")
        return control(name, reader.say(f"indicator.control.{name}"), options, value)

    indicator = pick(
        "indicator", _indicator_options(look, reader, labels), start["start_indicator"]
    )
    code = indicator["value"]
    entry = questions.indicator(look, code)
    areas = _area_options(look, reader, code, labels)
    groups_ = [
        _option(row["population_group"], labels.get(("group", row["population_group"])))
        for row in groups_with_figures(look, code)
    ]
    return [
        indicator,
        pick("area", areas, start["home_area"]),
        pick("group", groups_, entry["population_group"]),
    ]


def _option(value: str, label: str | None, group: str | None = None) -> Option:
    made: Option = {"value": value, "label": label or value}
    if group:
        made["group"] = group
    return made


def _indicator_options(
    look: Session, reader: Reading, labels: Mapping[tuple[str, str], str]
) -> list[Option]:
    """Indicators with figures under the policy they first stand under, in catalogue order."""
    options = []
    for row in questions.indicators(look):
        code = row["indicator"]
        under = questions.goals_of(look, code)
        group = (
            labels.get(("policy", under[0]["policy"]), under[0]["policy"])
            if under
            else reader.say("indicator.outside")
        )
        short = labels.get(("indicator_short", code)) or labels.get(("indicator", code))
        options.append(_option(code, short, group))
    return options


def _area_options(
    look: Session, reader: Reading, code: str, labels: Mapping[tuple[str, str], str]
) -> list[Option]:
    options: list[Option] = []
    rows = areas_with_figures(look, code)
    for row in rows:
        group = reader.say(f"indicator.level.{row['level']}")
        if row["division"]:
            group = labels.get(("division", row["division"]), row["division"])
        options.append(_option(row["area"], labels.get(("area", row["area"])), group))
    if sum(row["level"] in DISTRICT_LEVELS for row in rows) > 1:
        options.append(_option(EVERY_DISTRICT, reader.say("indicator.every_district")))
    return options


def _page(
    reader: Reading,
    stored: Stored,
    home: str,
    controls: Sequence[Control],
    kept: Mapping[str, str],
) -> Page:
    shown = home if stored.area == EVERY_DISTRICT else stored.area
    line = history(stored)
    beside = groups(stored, shown)
    by_district = districts(stored, home)
    table = figures_table(stored)
    html = render(
        "indicator.html",
        reader,
        stored=stored,
        sentences=_sentences(stored),
        newest=_newest(stored),
        targets=target_sentences(stored),
        answers=answers(stored),
        history=line,
        linked=told(stored),
        remarks=remarks_of(stored.errata, stored.disputes, stored.labels, stored.lang),
        groups=beside,
        group_table=_group_table(stored, shown) if not beside else None,
        districts=by_district,
        division_words=_division_words(stored),
        standings=standings(stored, reader, kept),
        table=table,
        sources=_sources(stored),
        table_html=_table_html,
        revisions=revision_lines(stored),
        area_note=stored.note("area_note", stored.area),
        succession=_succession(stored, reader, kept),
    )
    charts = [chart for chart in (line, *beside, *by_district) if chart]
    name = stored.code
    return page(
        reader,
        title=stored.name,
        controls=controls,
        html=html,
        charts=charts,
        downloads=[
            download(reader, "shown", file_table(stored, stored.chosen), f"{name}-{stored.area}"),
            download(reader, "all", file_table(stored, stored.figures), name),
        ],
        more_state=kept,
    )


def _table_html(table: Table) -> str:
    return as_html(table, ["table", "table--compact"])


def _sentences(stored: Stored) -> list[str]:
    if stored.area != EVERY_DISTRICT:
        return headline(stored, stored.area)
    key = "indicator.every_district_sentence"
    return [text_count(stored.lang, key, len(stored.shown_areas), name=stored.name)]


def _newest(stored: Stored) -> dict[str, Any] | None:
    """The newest figure as the card shows it; blank where every district is shown at once."""
    if stored.area == EVERY_DISTRICT:
        return None
    row = newest(stored.chosen)
    return None if row is None else {"row": row, "value": value_words(row, stored.lang)}


def _group_table(stored: Stored, area: str) -> Table | None:
    """The groups of a single period, where no line can be drawn."""
    from barometer_lib.tables import Cell, Column

    rows = [
        row
        for row in stored.figures
        if row["area"] == area and row["period"] and row["status"] == "reported"
    ]
    if len({row["population_group"] for row in rows}) < 2:
        return None
    columns = [
        Column("group", text(stored.lang, "indicator.control.group"), kind="label"),
        Column("value", text(stored.lang, "indicator.table.value"), "right", "number"),
        Column("period", text(stored.lang, "indicator.table.period")),
    ]
    cells = [
        {
            "group": Cell(row["population_group"], stored.label("group", row["population_group"])),
            "value": Cell(row["printed"], value_words(row, stored.lang)),
            "period": Cell(row["period"], period(row["period"], stored.lang)),
        }
        for row in rows
    ]
    title = text(
        stored.lang,
        "indicator.groups.title",
        name=stored.name,
        area=stored.label("area", area),
    )
    return Table(title, columns, cells, lang=stored.lang)


def _division_words(stored: Stored) -> list[str]:
    """Whose districts these are."""
    levels = dict.fromkeys(row["level"] for row in stored.figures)
    keys = {"survey_district": "survey", "district": "official"}
    return [
        text(stored.lang, f"indicator.districts.{keys[level]}") for level in levels if level in keys
    ]


def _sources(stored: Stored) -> list[dict[str, Any]]:
    """Each source of the indicator's figures once, newest first."""
    found = {
        row["source"]: {
            "name": stored.label("source", row["source"]),
            "address": row["source_address"],
        }
        for row in reversed(stored.figures)
    }
    return list(found.values())


def _succession(stored: Stored, reader: Reading, kept: Mapping[str, str]) -> list[dict[str, str]]:
    """What came after or before the indicator, each with a link; never one line with it."""
    found = []
    after = stored.indicator["successor"]
    if after:
        ends = period(stored.indicator["ends"], stored.lang)
        found.append((text(stored.lang, "indicator.successor.ends", period=ends), after))
    if stored.predecessor:
        found.append((text(stored.lang, "indicator.successor.begins"), stored.predecessor))
    return [
        {
            "words": words,
            "code": code,
            "name": stored.note("indicator_short", code) or stored.label("indicator", code),
            "address": reader.address(indicator=code, **kept),
        }
        for words, code in found
    ]
