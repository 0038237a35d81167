"""Finished files read again and their numbers held against the store.

What a letter says stands in words; here the rows of the store are asked anew, and every number in
what was made from figures must be one of theirs. Free text and what the template says of itself
are left alone.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.briefing.items import Item, name_of
from barometer_lib.briefing.letter_page import Letter
from barometer_lib.briefing.numbers_in import every_number, known, numbers_in, strange
from barometer_lib.briefing.styles import CAPTION, ITEM, TEXT
from barometer_lib.errors import BarometerError, Fault
from barometer_lib.locale import date, text

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Read:
    """A Word file's text: paragraphs with the name of their style, tables with their code."""

    paragraphs: list[tuple[str, str]]
    tables: list[tuple[str, list[list[str]]]]


def read(page: bytes) -> Read:
    """The text of a Word file. Raises `BarometerError` where it is none."""
    from docx import Document
    from docx.oxml.ns import qn

    try:
        word = Document(io.BytesIO(page))
    except Exception as error:
        raise BarometerError("letter_file", problem=str(error)) from error
    tables = []
    for table in word.tables:
        mark = table._tbl.tblPr.find(qn("w:tblDescription"))  # noqa: SLF001 - no other way
        code = "" if mark is None else str(mark.get(qn("w:val")))
        tables.append((code, [[cell.text for cell in line.cells] for line in table.rows[1:]]))
    return Read(
        [(one.style.name or "" if one.style else "", one.text) for one in word.paragraphs], tables
    )


def letter_faults(letter: Letter, page: bytes, file: str) -> Iterator[Fault]:
    """Every number of a letter that is not the store's, and every indicator that is left out."""
    lang, found = letter.material.lang, read(page)
    words = _of_words(letter)
    left: dict[str, list[Item]] = {}
    for item in letter.items:
        left.setdefault(name_of(letter.material, item.code), []).append(item)
    for style, said in found.paragraphs:
        if style == ITEM:
            name = next((one for one in left if said.startswith(f"{one}:")), None)
            items = left.get(name or "", [])
            allowed = words.union(*(_of_item(letter, item) for item in items))
            yield from _strange(said, allowed, lang, file, name or said[:40])
            yield from _without(said, items, lang, file)
        elif style == TEXT:
            yield from _strange(said, words, lang, file, said[:40])
    told = [said for style, said in found.paragraphs if style == ITEM]
    for name in left:
        if not any(said.startswith(f"{name}:") for said in told):
            yield Fault("letter_left_out", file, column=name, found=name, mended_by="secretariat")
    yield from _tables(letter, found, file)


def annex_faults(letter: Letter, page: bytes, file: str) -> Iterator[Fault]:
    """Every number of an annex that is not the store's, and every indicator that is left out."""
    found = read(page)
    codes = {code for code, _ in found.tables}
    for item in letter.items:
        if _code(item) not in codes:
            yield Fault(
                "letter_left_out", file, column=item.code, found=item.code,
                mended_by="secretariat",
            )  # fmt: skip
    words = _of_words(letter)
    every = words.union(*(_of_item(letter, item) for item in letter.items))
    for style, said in found.paragraphs:
        if style == CAPTION:
            yield from _strange(said, every, letter.material.lang, file, said[:40])
    yield from _tables(letter, found, file)


def _code(item: Item) -> str:
    return f"{item.policy} {item.goal} {item.code}"


def _tables(letter: Letter, found: Read, file: str) -> Iterator[Fault]:
    by_code = {_code(item): item for item in letter.items}
    for code, lines in found.tables:
        if code in by_code:
            yield from _indicator(letter, by_code[code], lines, file)
        elif code in ("goals", "differences", "hidden"):
            allowed = _of_words(letter) | _of_rows(letter, code)
            for line in lines:
                yield from _strange(" ".join(line), allowed, letter.material.lang, file, line[0])


def _indicator(letter: Letter, item: Item, lines: list[list[str]], file: str) -> Iterator[Fault]:
    """The rows of an indicator's table: value, change, interval and target number by number."""
    lang, limits = letter.material.lang, letter.material.limits
    target = item.row["target"] or {}
    pair = limits.get((item.policy, item.goal, item.code))
    fine = item.row["decimals"] + 1
    exact = {
        "value": [item.row["value"]],
        "change": [item.row["change"]],
        "interval": [None] if pair is None or item.row["value"] is None else list(pair),
        "target": [target.get("value")],
    }
    allowed = _of_words(letter) | _of_item(letter, item)
    for line in lines:
        key = next((one for one in exact if line[0] == text(lang, f"letters.row.{one}")), None)
        told = numbers_in(line[1], lang)
        if key is not None:
            wanted = [abs(round(one, fine)) for one in exact[key] if one is not None]
            if [round(one, 6) for one in told[: len(wanted)]] != [round(w, 6) for w in wanted]:
                yield _differs(file, f"{item.code} {line[0]}", line[1], _shown(wanted))
                continue
        if line[0] not in (text(lang, "letters.row.comment"), text(lang, "letters.row.source")):
            yield from _strange(line[1], allowed, lang, file, f"{item.code} {line[0]}")


def _without(said: str, items: Sequence[Item], lang: str, file: str) -> Iterator[Fault]:
    """The figure itself must be told, where there is one to tell."""
    told = known(numbers_in(said, lang))
    values = [item.row["value"] for item in items if item.lead != "hidden"]
    values = [value for value in values if value is not None]
    if values and not known(values) & told:
        yield _differs(file, items[0].code, said, _shown(values))


def _strange(said: str, allowed: set[float], lang: str, file: str, where: str) -> Iterator[Fault]:
    odd = strange(said, allowed, lang)
    if odd:
        yield _differs(file, where, _shown(odd), None)


def _differs(file: str, where: str, found: str, allowed: str | None) -> Fault:
    return Fault(
        "letter_differs", file, column=where, found=found, allowed=allowed,
        mended_by="secretariat",
    )  # fmt: skip


def _shown(numbers: list[float]) -> str:
    return ", ".join(f"{one:g}" for one in numbers)


def _of_item(letter: Letter, item: Item) -> set[float]:
    """The numbers an indicator's rows may tell."""
    material = letter.material
    rows = [item.row, *item.answers.values(), material.figures.get((item.policy, item.code), [])]
    found = set(every_number(rows))
    shares = [one * 100 for one in (row.get("probability") for row in item.answers.values()) if one]
    found |= {round(one) for one in shares} | {1, 99, 95}
    limits = material.limits.get((item.policy, item.goal, item.code), ())
    found |= {round(one, item.row["decimals"] + 1) for one in limits}
    return known(found)


def _of_rows(letter: Letter, code: str) -> set[float]:
    """The numbers the goals' statuses, the differences or the hidden cells may tell."""
    material = letter.material
    if code == "goals":
        facts = [goal["facts"] for _, goal, _ in letter.goals]
        return known(every_number(facts)) | {0.0} | _of_labels(letter, ("area", "division"))
    if code == "hidden":
        periods = known(every_number([row["period"] for row in material.hidden]))
        return periods | _of_labels(letter, ("area", "group"))
    rows = [dict(row) for changes in material.changes.values() for row in changes.rows]
    hundred = [
        {key: value * 100 for key, value in row.items() if isinstance(value, float)} for row in rows
    ]
    return known(every_number([rows, hundred]))


def _of_words(letter: Letter) -> set[float]:
    """The numbers in names, dates and counts that stand in any text made for the letter."""
    material, lang = letter.material, letter.material.lang
    days = [material.entry["published_day"], material.declared["reply_by"]]
    said = [date(day, lang) for day in days if day is not None]
    said.append(str(material.declared["address"] or ""))
    said += [material.name("goal", goal["goal"]) for _, goal, _ in letter.goals]
    said += [material.name("goal", goal["goal"]) for goal in material.unassigned]
    said += [name_of(material, item.code) for item in letter.items]
    numbers = [one for words in said for one in numbers_in(words, lang)]
    kinds = ("committee", "round", "policy", "effort_area")
    return known([*numbers, len(material.unassigned), 1]) | _of_labels(letter, kinds)


def _of_labels(letter: Letter, kinds: Collection[str]) -> set[float]:
    """The numbers in all names of some kinds."""
    lang = letter.material.lang
    names = [words for (kind, _), words in letter.material.labels.items() if kind in kinds]
    return known(one for words in names for one in numbers_in(words, lang))
