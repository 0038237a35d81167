"""Letters and annexes made, checked and written: all of a round, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from barometer_lib import store as stores
from barometer_lib.briefing import annex_page, letter_page, parcels, word
from barometer_lib.briefing.letter_page import Letter
from barometer_lib.briefing.material import Material, day_of, gather
from barometer_lib.briefing.refusals import refusals, round_refusals
from barometer_lib.briefing.reread import annex_faults, letter_faults
from barometer_lib.errors import BadInput, Fault, FaultsFound
from barometer_lib.store import questions

Place = Path | str | None
Row = dict[str, Any]
ANNEX = {"da": "bilag-1", "en": "annex-1"}
LETTER = {"da": "brev", "en": "letter"}


@dataclass(frozen=True)
class Wishes:
    """What is made besides the Word files: PDF/A of each, an e-mail, a zip for the case system."""

    pdf: bool = False
    mail: bool = False
    zip: bool = False


NOTHING_MORE = Wishes()


@dataclass(frozen=True)
class Made:
    """One committee's files by name, the letter's title, and what they say as codes."""

    letter: Letter
    files: dict[str, bytes]
    title: str = ""

    def content(self) -> Row:
        """The letter as language-neutral codes."""
        letter, own = self.letter, self.letter.declared
        return {
            "committee": letter.committee,
            "case_number": own["case_number"],
            "document_number": own["document_number"],
            "addressee": None if letter.holder is None else letter.holder["name"],
            "news": letter.news,
            "goals": [{"goal": goal["goal"], "role": role} for _, goal, role in letter.goals],
            "indicators": [
                {
                    "goal": item.goal,
                    "indicator": item.code,
                    "lead": item.lead,
                    "section": item.section,
                    "new": item.fresh,
                }
                for item in letter.items
            ],
            "files": sorted(self.files),
        }


def file_name(letter: Letter, kind: str) -> str:
    """`<round>-<committee>-brev.docx`; another language is part of the name."""
    lang = letter.material.lang
    names = LETTER if kind == "letter" else ANNEX
    return f"{letter.material.round}-{letter.committee}-{names[lang]}.docx"


def chosen(material: Material, session: stores.Session, committee: str | None) -> list[str]:
    """The committees that get a letter: the one asked for, or all."""
    if committee is None:
        return list(material.committees)
    return [questions.check_code(session, "committee", committee)]


def make(letter: Letter, templates: Path | None) -> Made:
    """The letter and its Bilag 1 as Word files."""
    material = letter.material
    sender = material.name("committee", material.declared["sender"] or letter.committee)
    files = {}
    for kind, content in (
        ("letter", letter_page.page(letter)),
        ("annex", annex_page.page(letter)),
    ):
        about = word.About(content["title"], sender, day_of(material))
        page = word.template(kind, templates)
        files[file_name(letter, kind)] = word.filled(kind, page, content, material.lang, about)
    return Made(letter, files, letter_page.page(letter)["title"])


def letters_of(
    round: str,
    out: Place = None,
    *,
    policy: str | None = None,
    committee: str | None = None,
    draft: bool = False,
    check: bool = False,
    lang: str = "da",
    wishes: Wishes = NOTHING_MORE,
    templates: Place = None,
    dataset: str = "published",
    store: Place = None,
) -> list[Made]:
    """The letters of a round, one per committee, written to `out` where it is named.

    With `check` no Word file is made: those in `out`, as they may have been edited, are read and
    held against the store; `wishes` are made of them. Raises `FaultsFound` with every reason why a
    letter may not go out; `draft` lets all through but a number that differs, and marks every page.
    """
    if check and out is None:
        raise BadInput("letter_check_where")
    if draft and (wishes.mail or wishes.zip):
        raise BadInput("letter_draft_parcel")
    folder = None if templates is None else Path(templates)
    with stores.session(store, dataset) as session:
        material = gather(session, round, policy, lang)
        wanted = [
            letter_page.letter_of(session, material, code, draft)
            for code in chosen(material, session, committee)
        ]
        faults: list[Fault] = []
        if not draft:
            faults += round_refusals(material)
            faults += [one for letter in wanted for one in refusals(session, letter)]
    made = [_read(letter, Path(str(out))) if check else make(letter, folder) for letter in wanted]
    with stores.session(store, dataset) as session:
        again = gather(session, round, policy, lang)
        for one in made:
            fresh = letter_page.letter_of(session, again, one.letter.committee, draft)
            faults += reread(fresh, one.files)
    if faults:
        raise FaultsFound(faults)
    made = finished(made, wishes)
    if out is not None:
        write(made, Path(out))
        if wishes.zip:
            every = [(one.letter, one.title, one.files) for one in made]
            (Path(out) / f"{material.round}-{lang}.zip").write_bytes(parcels.case_file(every))
    return made


def finished(made: Sequence[Made], wishes: Wishes) -> list[Made]:
    """The letters with their PDFs and e-mails, where these are wished for."""
    words = {name: page for one in made for name, page in one.files.items()}
    drawn = parcels.pdfs(words) if wishes.pdf else {}
    found = []
    for one in made:
        files = dict(one.files)
        stems = {Path(name).stem for name in files}
        files |= {name: page for name, page in drawn.items() if Path(name).stem in stems}
        if wishes.mail:
            name = f"{Path(file_name(one.letter, 'letter')).stem}.eml"
            files[name] = parcels.mail(one.letter, one.title, files)
        found.append(replace(one, files=files))
    return found


def reread(letter: Letter, files: dict[str, bytes]) -> list[Fault]:
    """Every number in the finished files that is not the store's."""
    names = {kind: file_name(letter, kind) for kind in ("letter", "annex")}
    return [
        *letter_faults(letter, files[names["letter"]], names["letter"]),
        *annex_faults(letter, files[names["annex"]], names["annex"]),
    ]


def _read(letter: Letter, folder: Path) -> Made:
    """The files of a letter as they stand in a folder."""
    files = {}
    for kind in ("letter", "annex"):
        path = folder / file_name(letter, kind)
        if not path.is_file():
            raise BadInput("letter_no_file", path=str(path))
        files[path.name] = path.read_bytes()
    return Made(letter, files, letter_page.page(letter)["title"])


def write(made: Sequence[Made], folder: Path) -> None:
    """Writes all files; a file of the same name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        for name, page in one.files.items():
            (folder / name).write_bytes(page)
