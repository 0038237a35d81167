"""The yearly status report of all committees, and the council paper: a round as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as day_type
from pathlib import Path
from typing import Any

from barometer_lib import store as stores
from barometer_lib.briefing import agenda_page, annex_page, letter_page, parcels, word
from barometer_lib.briefing.items import items_of, status_words
from barometer_lib.briefing.letter_page import Letter, goal_words, missing, statements
from barometer_lib.briefing.material import Material, day_of, gather
from barometer_lib.briefing.refusals import round_refusals
from barometer_lib.briefing.reread import annex_faults
from barometer_lib.errors import Fault, FaultsFound
from barometer_lib.locale import date, number, period, text
from barometer_lib.sentences import counted
from barometer_lib.store import letters

Place = Path | str | None
Row = dict[str, Any]
KINDS = ("report", "agenda")
NO_ONE = "-"


@dataclass(frozen=True)
class Paper:
    """A document of a round: its file by name, and what it says as codes."""

    material: Material
    declared: Row
    files: dict[str, bytes]

    def content(self) -> Row:
        """The document as language-neutral codes."""
        return {
            "round": self.material.round,
            "dataset": self.material.dataset,
            "lang": self.material.lang,
            "case_number": self.declared["case_number"],
            "document_number": self.declared["document_number"],
            "goals": [
                {"policy": policy, "goal": goal["goal"], "status": goal["status"]}
                for policy, goal in self.material.goals()
            ],
            "files": sorted(self.files),
        }


def paper(
    kind: str,
    round: str,
    out: Place,
    policy: str | None,
    draft: bool,
    lang: str,
    pdf: bool,
    templates: Place,
    dataset: str,
    store: Place,
) -> Paper:
    """The report or the agenda of a round, written to `out` where it is named.

    Raises `FaultsFound` with every reason why it may not go out; `draft` lets all through but a
    number that differs, and marks every page.
    """
    folder = None if templates is None else Path(templates)
    with stores.session(store, dataset) as session:
        material = gather(session, round, policy, lang)
        whole = whole_round(session, material, kind, draft)
        faults = [] if draft else list(refusals(session, whole, kind))
    content = report_page(whole) if kind == "report" else agenda_page.page(whole, head(whole))
    sender = material.name("committee", material.declared["sender"])
    about = word.About(content["title"], sender or content["page"], day_of(material))
    name = f"{material.round}-{text(lang, f'letters.file.{kind}')}.docx"
    made = word.filled(kind, word.template(kind, folder), content, lang, about)
    with stores.session(store, dataset) as session:
        again = whole_round(session, gather(session, round, policy, lang), kind, draft)
    if kind == "report":
        faults += annex_faults(again, made, name)
    if faults:
        raise FaultsFound(faults)
    files = {name: made} | (parcels.pdfs({name: made}) if pdf else {})
    if out is not None:
        Path(out).mkdir(parents=True, exist_ok=True)
        for one, page in files.items():
            (Path(out) / one).write_bytes(page)
    return Paper(material, whole.declared, files)


def whole_round(session: stores.Session, material: Material, kind: str, draft: bool) -> Letter:
    """All goals of a round, as a letter to nobody has them."""
    goals = [(policy, goal, "lead") for policy, goal in material.goals()]
    items = [item for policy, goal, _ in goals for item in items_of(material, policy, goal)]
    declared = letters.paper(session, material.round, kind)
    return Letter(material, NO_ONE, declared, None, draft, goals, items)


def refusals(session: stores.Session, whole: Letter, kind: str) -> Iterator[Fault]:
    """Fields that are not filled in, a missing comment or approval, and stale figures."""
    material, own = whole.material, whole.declared
    file = f"letters/{material.round}.yml"
    yield from round_refusals(material)
    needed = {name: own[name] for name in ("case_number", "document_number")}
    if kind == "agenda":
        needed |= agenda_page.needed(material)
    for name, found in needed.items():
        if not found:
            column = f"{kind}.{name}"
            yield Fault("paper_unfilled", file, column=column, found=kind, mended_by="secretariat")
    if own["approved_by"] is None:
        column = f"{kind}.approved"
        yield Fault("paper_unapproved", file, column=column, found=kind, mended_by="secretariat")
    silent = {
        item.code: None
        for item in whole.items
        if item.fresh and item.row["counts"] and not material.comments.get(item.code)
    }
    for code in silent:
        yield Fault(
            "paper_comment", "catalogue/comments.yml", column=code, found=material.round,
            mended_by="secretariat",
        )  # fmt: skip
    for row in letters.stale_figures(session, material.round, day_of(material)):
        if row["policy"] in material.documents:
            yield Fault(
                "paper_stale", file, column=row["indicator"], found=str(row["value_shown"]),
                allowed=str(row["value_now"]), fields={"period": row["period"] or "-"},
                mended_by="secretariat",
            )  # fmt: skip


def head(whole: Letter) -> Row:
    """What stands on every page of a document of the whole round."""
    material, lang, own = whole.material, whole.material.lang, whole.declared
    written: day_type | None = material.declared["written"]
    marks = [text(lang, "letters.draft")] if whole.draft else []
    if material.synthetic:
        marks.append(text(lang, "letters.synthetic"))
    round_name = material.name("round", material.round)
    return {
        "mark": " · ".join(marks),
        "page": text(lang, "letters.mark.page", round=round_name),
        "date": text(
            lang,
            "letters.mark.date",
            day=date(written, lang) if written else missing(lang, "written"),
        ),
        "case": letter_page.numbered(lang, "case", own["case_number"]),
        "document": letter_page.numbered(lang, "document", own["document_number"]),
        "binding": text(lang, "letters.binding") if lang != "da" else "",
    }


def report_page(whole: Letter) -> Row:
    """The report's fields for the template."""
    material, lang = whole.material, whole.material.lang
    goals = [(policy, goal) for policy, goal, _ in whole.goals]
    parts = annex_page.parts(material, goals)
    drawn = dict(zip([goal["goal"] for _, goal in goals], parts.pop("goals"), strict=True))
    keys = ("goal", "status", "role")
    return {
        **head(whole),
        **parts,
        "title": text(lang, "letters.report.title", round=material.name("round", material.round)),
        "intro": [*said_of_round(material), *statements(material)],
        "columns": parts["columns"]
        | {key: text(lang, f"letters.column.{key}") for key in keys}
        | {"role": text(lang, "letters.column.committee")},
        "goals_title": text(lang, "letters.section.goals"),
        "goals_caption": text(lang, "letters.table.all_goals"),
        "goals": [_goal_row(material, goal) for _, goal in goals],
        "committees": [
            {"name": name, "goals": [drawn[code] for code in codes]}
            for name, codes in by_committee(material, [goal for _, goal in goals])
        ],
    }


def said_of_round(material: Material) -> list[str]:
    """How many goals the round judges, and how many stand where; one sentence per policy."""
    lang, published = material.lang, material.entry["published"]
    found = []
    for policy, document in material.documents.items():
        statuses = [goal["status"] for goal in document["goals"]]
        if statuses:
            found.append(
                text(
                    lang,
                    "letters.report.counts",
                    policy=material.name("policy", policy),
                    when=period(published, lang),
                    count=number(len(statuses), lang, 0),
                    counts=counted(statuses, lang),
                )
            )
    return found


def _goal_row(material: Material, goal: Row) -> Row:
    lang = material.lang
    status = status_words(goal["status"], lang)
    lead = goal["lead_committee"]
    return {
        "goal": material.name("goal", goal["goal"]),
        "status": f"{status[:1].upper()}{status[1:]}. {' '.join(goal_words(material, goal))}",
        "role": material.name("committee", lead) if lead else text(lang, "letters.role.no_lead"),
    }


def by_committee(
    material: Material, goals: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, list[str]]]:
    """The goals under the committee that answers for each; last those without one."""
    for code in (*material.committees, None):
        mine = [goal["goal"] for goal in goals if goal["lead_committee"] == code]
        if mine:
            none = text(material.lang, "letters.report.no_committee")
            yield material.name("committee", code) if code else none, mine
