"""The figures themselves: what was delivered, how old it is, what was revised, hidden or broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.locale import change, date, period, with_unit
from barometer_lib.store import quality, questions
from barometer_lib.tables import Cell, Column, Kind, Table, as_html
from barometer_lib.units import change_unit
from barometer_lib.views.pages import (
    Reading,
    State,
    control,
    download,
    looking,
    options_of,
    page,
    reading,
    render,
    told_in_words,
)

if TYPE_CHECKING:
    from barometer_lib.store import Session
    from barometer_lib.views.widget import Dashboard, Option, Page

Row = Mapping[str, Any]
ALL = "all"
PARTS: Mapping[str, tuple[Callable[..., Sequence[Row]], Mapping[str, Kind]]] = {
    "deliveries": (
        quality.deliveries,
        {
            "source": "text", "received": "text", "indicators": "number", "figures": "number",
            "newest": "text", "licence": "text", "address": "address",
        },
    ),
    "ages": (
        quality.ages,
        {"indicator": "label", "figures": "number", "newest": "text", "known_from": "text"},
    ),
    "revised": (
        quality.revised,
        {
            "indicator": "label", "measurements": "number", "revised": "number",
            "corrected": "number", "mean_revision": "text", "mean_absolute_revision": "text",
        },
    ),
    "corrections": (
        quality.corrections,
        {
            "indicator": "label", "area": "text", "period": "text", "kind": "text",
            "reason": "text", "corrected_on": "text", "by_name": "text", "case_number": "text",
        },
    ),
    "hidden": (quality.hidden, {"indicator": "label", "period": "text", "figures": "number"}),
    "breaks": (
        quality.breaks,
        {"indicator": "label", "start": "text", "reason": "text", "linked": "text"},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """What is stored about the figures, by part of the page, and who reads it."""

    reader: Reading
    labels: Mapping[tuple[str, str], str]
    rows: Mapping[str, Sequence[Row]]

    def name(self, kind: str, code: str | None) -> str:
        """The words for a code; blank where there is none."""
        return "" if code is None else self.labels.get((kind, code), code)


def dashboard() -> Dashboard:
    """The page as a widget, for the notebook's only cell."""
    from barometer_lib.views.widget import show

    return show(data_quality_page)


@told_in_words
def data_quality_page(state: State, store: Path | str | None = None) -> Page:
    """The page for a reader's choices: `committee` (or `all`), `lang`, `dataset`."""
    reader = reading(state)
    with looking(reader, store) as look:
        stored, choices, committee = _read(look, reader)
    tables = {part: _table(stored, part) for part in PARTS}
    html = render(
        "data_quality.html",
        reader,
        whose=next(one["label"] for one in choices if one["value"] == committee),
        headline=headline(stored),
        parts=[
            {
                "id": part,
                "title": reader.say(f"data_quality.{part}.title"),
                "remark": reader.say(f"data_quality.{part}.remark"),
                "caption": table.caption,
                "html": as_html(table, ["table", "table--compact"]) if table.rows else None,
                "none": reader.say(f"data_quality.{part}.none"),
            }
            for part, table in tables.items()
        ],
    )
    return page(
        reader,
        title=reader.say("data_quality.title"),
        controls=[
            control("committee", reader.say("overview.control.committee"), choices, committee)
        ],
        html=html,
        downloads=[
            download(reader, part, table, part) for part, table in tables.items() if table.rows
        ],
    )


def _read(look: Session, reader: Reading) -> tuple[Stored, list[Option], str]:
    labels = questions.labels(look, reader.lang)
    names = {code: labels["committee", code] for code in quality.committees_with_indicators(look)}
    choices = options_of({ALL: reader.say("data_quality.all"), **names})
    committee = reader.pick("committee", choices, ALL, unknown="overview.unknown.committee")
    asked = None if committee == ALL else committee
    rows = {part: ask(look, asked) for part, (ask, _) in PARTS.items()}
    return Stored(reader, labels, rows), choices, committee


def headline(stored: Stored) -> str:
    """How many deliveries and indicators there are, how many have no figure, what was put right
    and what is hidden."""
    reader, rows = stored.reader, stored.rows
    bare = sum(row["figures"] == 0 for row in rows["ages"])
    said = [
        reader.say(
            "data_quality.headline.came",
            deliveries=len(rows["deliveries"]),
            indicators=len(rows["ages"]),
        )
    ]
    if bare:
        said.append(reader.say("data_quality.headline.bare", count=bare))
    said.append(
        reader.say(
            "data_quality.headline.put_right",
            revised=sum(row["revised"] for row in rows["revised"]),
            corrected=len(rows["corrections"]),
            hidden=sum(row["figures"] for row in rows["hidden"]),
        )
    )
    return " ".join(said)


def _table(stored: Stored, part: str) -> Table:
    say = stored.reader.say
    title = say(f"data_quality.{part}.title")
    if stored.reader.synthetic:
        title = f"{title} · {say('pages.synthetic')}"
    _, kinds = PARTS[part]
    columns = [
        Column(
            key,
            say(f"data_quality.column.{key}"),
            "right" if kind == "number" else "left",
            kind=kind,
        )
        for key, kind in kinds.items()
    ]
    rows = [{key: _cell(stored, key, row) for key in kinds} for row in stored.rows[part]]
    return Table(title, columns, rows, lang=stored.reader.lang)


def _cell(stored: Stored, key: str, row: Row) -> Cell:
    """A cell by its column: codes in words, days and periods as read, revisions with their unit."""
    say, lang, value = stored.reader.say, stored.reader.lang, row.get(key)
    if key == "reason":
        return _reason(stored, row)
    if key == "linked":
        return Cell(value, say(f"data_quality.linked.{'yes' if value else 'no'}"))
    if key == "kind":
        return Cell(value, say(f"data_quality.kind.{value}"))
    if key in ("newest", "period", "start"):
        return Cell(value, period(value, lang) if value else say("data_quality.no_period"))
    if value is None:
        return Cell(None, say("data_quality.unknown"))
    if key in ("indicator", "area", "source"):
        return Cell(value, stored.name(key, value))
    if key in ("received", "known_from", "corrected_on"):
        return Cell(str(value), date(value, lang))
    if key in ("mean_revision", "mean_absolute_revision"):
        scale = 100 if row["unit"] in ("percent", "percentage_points") else 1
        told = change if key == "mean_revision" else with_unit
        words = told(value * scale, change_unit(row["unit"]), lang, row["decimals"] + 1)
        return Cell(value * scale, words)
    if key == "licence" and value == "not stated":
        return Cell(value, say("data_quality.unknown"))
    return Cell(value, str(value))


def _reason(stored: Stored, row: Row) -> Cell:
    code = row.get("correction") or row.get("reason")
    kind = "correction" if "correction" in row else "break_reason"
    return Cell(code, stored.name(kind, code))
