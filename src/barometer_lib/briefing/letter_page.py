"""The letter to one committee as words: what stands under which heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from barometer_lib.briefing.items import Item, items_of, name_of, status_words, told
from barometer_lib.briefing.leads import wording
from barometer_lib.briefing.material import Material, day_of
from barometer_lib.locale import date, list_of, number, text
from barometer_lib.sentences import areas_above, goal_reason
from barometer_lib.store import Session, letters

Row = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """One committee's letter before it is drawn. `declared` is what the data say of it, `holder`
    who holds the office; blanks are told as missing."""

    material: Material
    committee: str
    declared: Row
    holder: Row | None
    draft: bool
    goals: Sequence[tuple[str, Row, str]] = ()
    items: Sequence[Item] = field(default=())

    @property
    def news(self) -> bool:
        """Whether the round brought the committee anything new."""
        return any(item.fresh for item in self.items)

    def under(self, section: str) -> list[Item]:
        """The indicators under a heading, under every goal they stand in."""
        return [item for item in self.items if item.section == section]


def letter_of(session: Session, material: Material, committee: str, draft: bool) -> Letter:
    """The letter to a committee, from what the store has of the round."""
    goals = material.goals_of(committee)
    return Letter(
        material,
        committee,
        letters.letter(session, material.round, committee),
        letters.office_holder(session, committee, day_of(material)),
        draft,
        goals,
        [item for policy, goal, _ in goals for item in items_of(material, policy, goal)],
    )


def missing(lang: str, name: str) -> str:
    """The words that stand where a field is not filled in."""
    return text(lang, "letters.missing", field=text(lang, f"letters.field.{name}"))


def head(letter: Letter) -> dict[str, Any]:
    """What stands above the letter and on every page of letter and annex."""
    material, lang = letter.material, letter.material.lang
    declared, own = material.declared, letter.declared
    written = declared["written"]
    marks = [text(lang, "letters.draft")] if letter.draft else []
    if material.synthetic:
        marks.append(text(lang, "letters.synthetic"))
    round_name = material.name("round", material.round)
    day = date(written, lang) if written else missing(lang, "written")
    name = letter.holder["name"] if letter.holder else missing(lang, "addressee")
    title = material.name("chair_title", letter.committee)
    return {
        "mark": " · ".join(marks),
        "page": text(lang, "letters.mark.page", round=round_name),
        "committee": material.name("committee", letter.committee),
        "administration": material.name("administration", letter.committee),
        "to": text(lang, "letters.mark.to", title=title, name=name),
        "date": text(lang, "letters.mark.date", day=day),
        "case": numbered(lang, "case", own["case_number"]),
        "document": numbered(lang, "document", own["document_number"]),
        "round": round_name,
        "binding": text(lang, "letters.binding") if lang != "da" else "",
    }


def numbered(lang: str, name: str, number_: str | None) -> str:
    """A case or document number with its word."""
    return text(lang, f"letters.mark.{name}", number=number_ or missing(lang, f"{name}_number"))


def page(letter: Letter) -> dict[str, Any]:
    """The letter's fields for the template; every text is filled."""
    material, lang = letter.material, letter.material.lang
    committee = material.name("committee", letter.committee)
    round_name = material.name("round", material.round)
    return {
        **head(letter),
        "title": text(lang, "letters.letter.title", round=round_name, committee=committee),
        "intro": _intro(letter),
        "goals_caption": text(lang, "letters.table.goals"),
        "goals_title": text(lang, "letters.section.goals"),
        "columns": {key: text(lang, f"letters.column.{key}") for key in ("goal", "status", "role")},
        "goals": [_goal_row(material, goal, role) for _, goal, role in letter.goals],
        "sections": _sections(letter),
        "challenges": _challenges(letter),
        "reply_title": text(lang, "letters.section.reply"),
        "closing": _closing(letter),
        "signed_by": material.declared["signed_by"] or missing(lang, "signed_by"),
        "signed_title": _signed_title(material),
        "annexes": text(lang, "letters.letter.annexes", committee=committee),
    }


def _signed_title(material: Material) -> str:
    found = material.label("letter_sender_title", material.round)
    return found or missing(material.lang, "signed_title")


def _intro(letter: Letter) -> list[str]:
    material, lang = letter.material, letter.material.lang
    published = material.entry["published"]
    words = {"round": material.name("round", material.round)}
    dated = len(published) == len("2013-01-31")
    said = [
        text(lang, "letters.letter.intro", day=date(published, lang), **words)
        if dated
        else text(lang, "letters.letter.intro_undated", **words)
    ]
    if not letter.goals:
        said.append(text(lang, "letters.letter.no_goals"))
    elif not letter.news:
        said.append(text(lang, "letters.letter.no_news"))
    else:
        fresh = dict.fromkeys(name_of(material, item.code) for item in letter.items if item.fresh)
        said.append(text(lang, "letters.letter.updated", names=list_of(fresh, lang)))
    return [*said, *_of_no_committee(letter), *statements(material)]


def _of_no_committee(letter: Letter) -> list[str]:
    material, lang = letter.material, letter.material.lang
    without = material.unassigned
    if not without:
        return []
    carrier = material.declared["unassigned_to"]
    if carrier == letter.committee:
        names = list_of([material.name("goal", goal["goal"]) for goal in without], lang)
        return [text(lang, "letters.letter.unassigned", names=names)]
    words = {
        "count": number(len(without), lang, 0),
        "committee": material.name("committee", carrier),
    }
    form = "elsewhere" if carrier else "elsewhere_report"
    return [text(lang, f"letters.letter.{form}", **words)]


def statements(material: Material) -> list[str]:
    """What the round told in words of effort areas, where no figures were published."""
    lang = material.lang
    return [
        text(
            lang,
            "letters.letter.statement",
            area=material.name("effort_area", said["effort_area"]),
            status=text(lang, f"status.short.{said['status']}"),
        )
        for document in material.documents.values()
        for said in document["statements"]
    ]


def goal_words(material: Material, goal: Row) -> list[str]:
    """Why a goal has its status, and the districts above the limit where it has one."""
    lang = material.lang
    division = goal["facts"].get("division")
    named = material.name("division", division) if division else None
    areas = {code: words for (kind, code), words in material.labels.items() if kind == "area"}
    return [goal_reason(goal, lang), *areas_above(goal, areas, named, lang)]


def _goal_row(material: Material, goal: Row, role: str) -> Row:
    lang = material.lang
    status = status_words(goal["status"], lang)
    return {
        "code": goal["goal"],
        "goal": material.name("goal", goal["goal"]),
        "status": f"{status[:1].upper()}{status[1:]}. {' '.join(goal_words(material, goal))}",
        "role": text(lang, f"letters.role.{role}"),
    }


def _sections(letter: Letter) -> list[Row]:
    found = []
    for section in wording().sections:
        items = letter.under(section)
        if items:
            found.append(_section(letter, section, items))
    return found


def _section(letter: Letter, section: str, items: Sequence[Item]) -> Row:
    material, lang = letter.material, letter.material.lang
    intro = [text(lang, "letters.letter.untold_intro")] if section == "untold" else []
    asked = section in wording().asked
    return {
        "title": text(lang, f"letters.section.{section}"),
        "intro": intro,
        "told": list(dict.fromkeys(told(material, item) for item in items)),
        "requests": _requests(letter, section, items) if asked else [],
    }


def _requests(letter: Letter, section: str, items: Sequence[Item]) -> list[str]:
    """With every reported progress the request to consider whether it is sufficient."""
    material, lang = letter.material, letter.material.lang
    sender = material.declared["sender"]
    name = material.name("committee", sender) if sender else missing(lang, "sender")
    own = "_own" if sender == letter.committee else ""
    by_goal: dict[str, list[str]] = {}
    for item in items:
        by_goal.setdefault(item.goal, []).append(name_of(material, item.code))
    return [
        text(
            lang,
            f"letters.request.{section}{own}",
            Sender=name,
            goal=material.name("goal", goal),
            names=list_of(names, lang),
            committee=material.name("committee", letter.committee),
        )
        for goal, names in by_goal.items()
    ]


def _challenges(letter: Letter) -> Row:
    """The signed free text, apart from what is made from figures; blank where there is none."""
    material, lang, own = letter.material, letter.material.lang, letter.declared
    title = text(lang, "letters.section.challenges")
    code = f"{material.round}/{letter.committee}"
    if own["challenges_by"] is None:
        words = "" if own["no_challenges"] else missing(lang, "challenges")
        return {"title": title, "words": [words] if words else [], "signed": ""}
    signed = text(
        lang,
        "letters.letter.challenges_signed",
        name=own["challenges_by"],
        title=material.name("letter_challenges_title", code),
        day=date(own["challenges_on"], lang),
    )
    words = material.name("letter_challenges", code)
    return {"title": title, "words": words.split("\n"), "signed": signed}


def _closing(letter: Letter) -> list[str]:
    declared, lang = letter.material.declared, letter.material.lang
    by = declared["reply_by"]
    said = [text(lang, "letters.letter.reply_undated")]
    if by or letter.draft:
        day = date(by, lang) if by else missing(lang, "reply_by")
        said = [text(lang, "letters.letter.reply", day=day)]
    address = declared["address"] or missing(lang, "address")
    return [*said, text(lang, "letters.letter.link", address=address)]
