"""The charter: commitments by role, what the ordinary follow-up meets, and the cities' answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.sentences.charter import answer_words, indicator_words, summary
from barometer_lib.store import charter as stored_charter
from barometer_lib.store import questions
from barometer_lib.tables import Cell, Column, Table, as_html
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
    from barometer_lib.views.widget import Control, Dashboard, Page

Row = Mapping[str, Any]
KEYS = ("commitment", "role", "follow_up", "indicators", "answer", "author", "evidence")


@dataclass(frozen=True)
class Stored:
    """What is stored about the charter in one year, and who reads it."""

    reader: Reading
    labels: Mapping[tuple[str, str], str]
    content: Mapping[str, Any]

    def name(self, kind: str, code: str) -> str:
        """The words for a code."""
        return self.labels.get((kind, code), code)


def dashboard() -> Dashboard:
    """The charter as a widget, for the notebook's only cell."""
    from barometer_lib.views.widget import show

    return show(charter_page)


@told_in_words
def charter_page(state: State, store: Path | str | None = None) -> Page:
    """The page for a reader's choices: `year` of the answers, `lang`, `dataset`."""
    reader = reading(state)
    with looking(reader, store) as look:
        stored, controls = _read(look, reader)
    own, others = own_table(stored), others_table(stored)
    html = render(
        "charter.html",
        reader,
        sentences=summary(stored.content, reader.lang),
        table=own,
        table_html=as_html(own, ["table", "table--compact", "table--wide"]),
        others=others,
        others_html=as_html(others, ["table", "table--compact"]),
    )
    downloads = [download(reader, "charter", own, f"charter-{stored.content['year']}")]
    if others.rows:
        downloads.append(
            download(reader, "others", others, f"charter-cities-{stored.content['year']}")
        )
    return page(
        reader, title=reader.say("charter.title"), controls=controls, html=html, downloads=downloads
    )


def _read(look: Session, reader: Reading) -> tuple[Stored, list[Control]]:
    labels = questions.labels(look, reader.lang)
    years = [str(year) for year in stored_charter.years(look)]
    controls = []
    year = stored_charter.newest_year(look)
    if years:
        choices = options_of({one: one for one in years})
        picked = reader.pick("year", choices, years[0], unknown="charter.unknown_year")
        controls = [control("year", reader.say("charter.year"), choices, picked)]
        year = int(picked)
    content = stored_charter.told(look, year)
    return Stored(reader, labels, content), controls


def own_table(stored: Stored) -> Table:
    """Every commitment, one a row, with its follow-up and the city's answer."""
    say, lang = stored.reader.say, stored.reader.lang
    rows = [
        {
            "role": Cell(row["role"], say(f"charter.role.{row['role']}")),
            "commitment": Cell(row["commitment"], stored.name("commitment", row["commitment"])),
            "follow_up": Cell(row["follow_up"], say(f"charter.follow_up.{row['follow_up']}")),
            "indicators": Cell(
                " ".join(one["indicator"] for one in row["indicators"]),
                indicator_words(row, stored.labels, lang),
            ),
            "answer": Cell(row["answer"], answer_words(row, lang)),
            "author": Cell(row["author"], row["author"] or say("charter.none")),
            "evidence": Cell(
                " ".join(row["evidence"]), ", ".join(row["evidence"]) or say("charter.none")
            ),
        }
        for row in stored.content["commitments"]
    ]
    return Table(_caption(stored, "charter.caption"), _columns(stored, KEYS), rows, lang=lang)


def others_table(stored: Stored) -> Table:
    """The cities that answered in the year by commitment; no rows where no other city did."""
    say, lang = stored.reader.say, stored.reader.lang
    given = {(one["city"], one["commitment"]): one["answer"] for one in stored.content["others"]}
    cities = list(dict.fromkeys(city for city, _ in given))
    commitments: Sequence[Row] = stored.content["commitments"] if cities else []
    columns = [
        *_columns(stored, ("commitment",)),
        Column("own", say("charter.own_city")),
        *(Column(city, stored.name("city", city)) for city in cities),
    ]
    rows = [
        {
            "commitment": Cell(row["commitment"], stored.name("commitment", row["commitment"])),
            "own": _answer(stored, row["answer"]),
        }
        | {city: _answer(stored, given.get((city, row["commitment"]))) for city in cities}
        for row in commitments
    ]
    return Table(_caption(stored, "charter.others"), columns, rows, lang=lang)


def _answer(stored: Stored, answer: str | None) -> Cell:
    return Cell(answer, stored.reader.say(f"charter.answer.{answer or 'silent'}"))


def _caption(stored: Stored, key: str) -> str:
    said = stored.reader.say(key, year=stored.content["year"])
    return f"{said} · {stored.reader.say('pages.synthetic')}" if stored.reader.synthetic else said


def _columns(stored: Stored, keys: Sequence[str]) -> list[Column]:
    say = stored.reader.say
    return [
        Column(key, say(f"charter.column.{key}"), kind="label" if key == "commitment" else "text")
        for key in keys
    ]
