"""`data/letters/` in, letters and replies out; every fault with file, line, found and allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.lines import Page, Place, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.correspondence.entry import Agenda, Letter, Letters, Paper, Reply
from barometer_lib.errors import Fault, nearest

Row = dict[str, Any]
FOLDER = "letters"
DEMO = "demo-"


@dataclass(frozen=True)
class Correspondence:
    """The letters of a dataset's rounds and every fault in how they are written."""

    rounds: tuple[Letters, ...] = ()
    faults: tuple[Fault, ...] = ()

    def tables(self) -> dict[str, list[Row]]:
        """The rows of the store: `letter_round`, `letter`, `letter_paper` and `letter_reply`."""
        every = [(page, one) for page in self.rounds for one in page.letters]
        return {
            "letter_round": [_round_row(page) for page in self.rounds],
            "letter": [_letter_row(page, one) for page, one in every],
            "letter_paper": [
                _paper_row(page, kind, one)
                for page in self.rounds
                for kind, one in (("report", page.report), ("agenda", page.agenda))
                if one is not None
            ],
            "letter_reply": [
                _reply_row(page, one, reply) for page, one in every for reply in one.replies
            ],
        }

    def words(self) -> Iterator[dict[str, str]]:
        """Free texts as labels: of a letter by round and committee, of a reply by its id."""
        for page in self.rounds:
            if page.sender is not None:
                yield from _labels("letter_sender_title", page.round, page.sender.title)
            if page.agenda is not None:
                yield from _agenda_words(page.round, page.agenda)
            for one in page.letters:
                code = letter_code(page.round, one.committee)
                if one.challenges is not None:
                    yield from _labels("letter_challenges", code, one.challenges.words)
                    yield from _labels("letter_challenges_title", code, one.challenges.title)
                for reply in one.replies:
                    yield from _labels("letter_reply", reply.id, reply.words)


def letter_code(round_: str, committee: str) -> str:
    """The code of a letter among labels."""
    return f"{round_}/{committee}"


def _labels(kind: str, code: str, words: Any) -> Iterator[dict[str, str]]:
    for lang, said in words:
        yield {"kind": kind, "code": code, "lang": lang, "words": said.strip()}


def _agenda_words(round_: str, agenda: Agenda) -> Iterator[dict[str, str]]:
    """The parts of the council paper that people wrote, each numbered within its part."""
    for part in ("committee", "council", "economy", "next_steps"):
        found = getattr(agenda, part)
        every = found if isinstance(found, list) else [found]
        for place, words in enumerate(one for one in every if one is not None):
            yield from _labels("agenda", f"{round_}/{part}/{place}", words)


def _paper_row(page: Letters, kind: str, one: Paper) -> Row:
    return {
        "round": page.round,
        "kind": kind,
        "case_number": one.case_number,
        "document_number": one.document_number,
        "approved_by": None if one.approved is None else one.approved.by,
        "approved_on": None if one.approved is None else one.approved.date,
    }


def _round_row(page: Letters) -> Row:
    sender = page.sender
    return {
        "round": page.round,
        "written": page.written,
        "reply_by": page.reply_by,
        "address": page.address,
        "sender": None if sender is None else sender.committee,
        "signed_by": None if sender is None else sender.by,
        "unassigned_to": page.unassigned_to,
    }


def _letter_row(page: Letters, one: Letter) -> Row:
    return {
        "round": page.round,
        "committee": one.committee,
        "case_number": one.case_number,
        "document_number": one.document_number,
        "mailbox": one.mailbox,
        "approved_by": None if one.approved is None else one.approved.by,
        "approved_on": None if one.approved is None else one.approved.date,
        "challenges_by": None if one.challenges is None else one.challenges.by,
        "challenges_on": None if one.challenges is None else one.challenges.date,
        "no_challenges": one.no_challenges,
    }


def _reply_row(page: Letters, one: Letter, reply: Reply) -> Row:
    kept = reply.model_dump(exclude={"id", "words"})
    return {"reply": reply.id, "round": page.round, "committee": one.committee, **kept}


def read(folder: Path, content: Catalogue) -> Correspondence:
    """The letters below `folder`, those of the dataset's own rounds; none where there is no folder.

    Raises nothing.
    """
    demo = bool(content.dataset.prefix)
    rounds: list[Letters] = []
    faults: list[Fault] = []
    taken: set[str] = set()
    for path in sorted(folder.glob("*.y*ml")) if folder.is_dir() else ():
        if path.stem.startswith(DEMO) is not demo:
            continue
        page = read_page(path, f"{FOLDER}/{path.name}")
        faults += page.faults
        if page.faults:
            continue
        try:
            found = Letters.model_validate({} if page.content is None else page.content)
        except ValidationError as error:
            faults += form_faults(error, Letters, page, ())
            continue
        wrong = list(_faults(found, page, path.stem, content, taken))
        faults += wrong
        if not wrong:
            rounds.append(found)
    return Correspondence(tuple(rounds), tuple(faults))


def _faults(
    found: Letters, page: Page, stem: str, content: Catalogue, taken: set[str]
) -> Iterator[Fault]:
    if found.round != stem:
        yield _unknown(page, ("round",), "round", found.round, [stem])
    else:
        yield from _code(content, page, ("round",), "round", found.round)
    if found.sender is not None:
        committee = found.sender.committee
        yield from _code(content, page, ("sender", "committee"), "committee", committee)
    yield from _code(content, page, ("unassigned_to",), "committee", found.unassigned_to)
    written_to: set[str] = set()
    for number, one in enumerate(found.letters):
        place: Place = ("letters", number)
        yield from _code(content, page, (*place, "committee"), "committee", one.committee)
        if one.committee in written_to:
            yield _twice(page, (*place, "committee"), one.committee)
        written_to.add(one.committee)
        if one.challenges is not None and one.no_challenges:
            line = page.line((*place, "no_challenges"))
            yield Fault("letter_challenges_both", page.name, line=line, column="no_challenges")
        for index, reply in enumerate(one.replies):
            here = (*place, "replies", index)
            if reply.id in taken:
                yield _twice(page, (*here, "id"), reply.id)
            taken.add(reply.id)
            yield from _code(content, page, (*here, "goal"), "goal", reply.goal)
            if (reply.amount is None) is not (reply.budget_year is None):
                line = page.line((*here, "amount"))
                yield Fault("letter_amount", page.name, line=line, column="amount")


def _code(
    content: Catalogue, page: Page, place: Place, kind: str, code: str | None
) -> Iterator[Fault]:
    known: Mapping[str, Any] = content.entries[kind]
    if code is not None and code not in known:
        yield _unknown(page, place, kind, code, nearest(code, known))


def _unknown(page: Page, place: Place, kind: str, code: str, near: list[str]) -> Fault:
    column, line = str(place[-1]), page.line(place)
    return Fault(
        "unknown_code", page.name, line=line, column=column, found=code, nearest=tuple(near),
        fields={"kind": kind},
    )  # fmt: skip


def _twice(page: Page, place: Place, code: str) -> Fault:
    column = str(place[-1])
    return Fault("id_twice", page.name, line=page.line(place), column=column, found=code)
