"""The form of `data/letters/<round>.yml`: the round's letters, one per committee, and replies."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from barometer_lib.catalogue.entry import Code

Form = Literal["reply", "decision", "budget_proposal"]
FORMS: tuple[Form, ...] = ("reply", "decision", "budget_proposal")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(_Part):
    """The same in both languages; the Danish is binding."""

    da: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Signed(_Part):
    """A free text with who wrote it, in which office, and when."""

    words: Words
    by: str = Field(min_length=1)
    title: Words
    date: dt.date


class Approved(_Part):
    """Who let the letter go out, and when."""

    by: str = Field(min_length=1)
    date: dt.date


class Sender(_Part):
    """In whose name the letters are written: the committee that notes, and who signs for it."""

    committee: str | None = None
    by: str = Field(min_length=1)
    title: Words


class Reply(_Part):
    """What a committee answered, decided or proposed for the budget, of one goal or of all.

    `amount` is in Danish kroner for `budget_year`, where one was named. `taken_note_in` is the
    address of the minute, where a minute says that the letter was taken note of.
    """

    id: Code
    form: Form
    received: dt.date
    goal: str | None = None
    words: Words
    case_number: str | None = None
    document_number: str | None = None
    amount: int | None = None
    budget_year: int | None = None
    taken_note_in: str | None = None


class Letter(_Part):
    """The letter to one committee. What is blank is told as missing when the letter is made.

    `challenges` is a signed free text, kept apart from what is made from figures;
    `no_challenges: true` says on purpose that there is none.
    """

    committee: str
    case_number: str | None = None
    document_number: str | None = None
    mailbox: str | None = None
    challenges: Signed | None = None
    no_challenges: bool = False
    approved: Approved | None = None
    replies: list[Reply] = Field(default_factory=list)


class Paper(_Part):
    """A document of the whole round: its case and document number, and who let it go out."""

    case_number: str | None = None
    document_number: str | None = None
    approved: Approved | None = None


class Agenda(Paper):
    """The council paper: what is proposed to the sending committee and, apart from that, to the
    council, what it costs, and how it goes on. What the round shows is not written here."""

    committee: list[Words] = Field(default_factory=list)
    council: list[Words] = Field(default_factory=list)
    economy: Words | None = None
    next_steps: Words | None = None


class Letters(_Part):
    """The letters of one round. `unassigned_to` is the committee whose letter carries the goals of
    which no source names a committee; `address` is where the round can be read."""

    round: str
    written: dt.date | None = None
    reply_by: dt.date | None = None
    address: str | None = None
    sender: Sender | None = None
    unassigned_to: str | None = None
    report: Paper | None = None
    agenda: Agenda | None = None
    letters: list[Letter] = Field(default_factory=list)
