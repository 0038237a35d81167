"""The council paper of a round: what is proposed, why, what the round shows, money, and what next.

What is proposed, what it costs and how it goes on are people's words, from the data; the rest
follows from the round.
"""

from __future__ import annotations

from typing import Any

from barometer_lib.briefing.items import name_of
from barometer_lib.briefing.leads import wording
from barometer_lib.briefing.letter_page import Letter, missing, statements
from barometer_lib.briefing.material import Material
from barometer_lib.locale import date, list_of, number, period, text
from barometer_lib.sentences import counted, reply

Row = dict[str, Any]
PARTS = ("proposal", "problem", "solution", "economy", "process", "annexes")


def words_of(material: Material, part: str) -> list[str]:
    """What people wrote for a part of the paper, in order."""
    kind, start = "agenda", f"{material.round}/{part}/"
    found = {
        int(code.removeprefix(start)): words
        for (of, code), words in material.labels.items()
        if of == kind and code.startswith(start)
    }
    return [found[place] for place in sorted(found)]


def numbered(lines: list[str]) -> list[str]:
    """The lines with their numbers, counted anew in every part."""
    return [f"{place}. {words}" for place, words in enumerate(lines, start=1)]


def needed(material: Material) -> Row:
    """The parts that people must have written before the paper goes out."""
    return {part: words_of(material, part) for part in ("committee", "economy", "next_steps")}


def page(whole: Letter, head: Row) -> Row:
    """The paper's fields for the template."""
    material, lang = whole.material, whole.material.lang
    round_name = material.name("round", material.round)
    return {
        **head,
        "title": text(lang, "letters.agenda.title", round=round_name),
        **{f"{part}_title": text(lang, f"letters.agenda.{part}") for part in PARTS},
        "committee_title": _to_committee(material),
        "committee": numbered(words_of(material, "committee")) or [missing(lang, "proposal")],
        "council_title": text(lang, "letters.agenda.to_council"),
        "council": numbered(words_of(material, "council")),
        "problem": [*_counts(material), *statements(material)],
        "solution": _solution(whole),
        "economy": words_of(material, "economy") or [missing(lang, "economy")],
        "proposals": _proposals(material),
        "process": _process(material),
        "annexes": numbered(_annexes(material)),
    }


def _to_committee(material: Material) -> str:
    lang, sender = material.lang, material.declared["sender"]
    name = material.name("committee", sender) if sender else missing(lang, "sender")
    return text(lang, "letters.agenda.to_committee", committee=name)


def _counts(material: Material) -> list[str]:
    lang, published = material.lang, material.entry["published"]
    return [
        text(
            lang,
            "letters.report.counts",
            policy=material.name("policy", policy),
            when=period(published, lang),
            count=number(len(document["goals"]), lang, 0),
            counts=counted([goal["status"] for goal in document["goals"]], lang),
        )
        for policy, document in material.documents.items()
        if document["goals"]
    ]


def _solution(whole: Letter) -> list[str]:
    """What the letters ask and tell, by name: no figure is repeated here."""
    material, lang = whole.material, whole.material.lang
    said = [text(lang, "letters.agenda.letters")]
    for section in wording().sections:
        names = dict.fromkeys(
            name_of(material, item.code) for item in whole.items if item.section == section
        )
        if names:
            heading = text(lang, f"letters.section.{section}")
            said.append(f"{heading}: {list_of(names, lang)}.")
    asked = any(item.section in wording().asked for item in whole.items)
    return [*said, text(lang, "letters.agenda.asked")] if asked else said


def _proposals(material: Material) -> list[str]:
    """The budget proposals that committees sent after the letters of the round before."""
    found = {
        one["reply"]: reply(one, material.labels, material.lang)
        for _, goal in material.goals()
        for one in goal["replies"]
        if one["form"] == "budget_proposal"
    }
    return list(found.values())


def _process(material: Material) -> list[str]:
    lang, by = material.lang, material.declared["reply_by"]
    said = words_of(material, "next_steps") or [missing(lang, "process")]
    if by:
        said.append(text(lang, "letters.agenda.reply_by", day=date(by, lang)))
    return said


def _annexes(material: Material) -> list[str]:
    lang = material.lang
    report = text(lang, "letters.agenda.report", round=material.name("round", material.round))
    return [
        report,
        *(
            text(lang, "letters.agenda.letter", committee=material.name("committee", code))
            for code in material.committees
        ),
    ]
