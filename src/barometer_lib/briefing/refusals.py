"""Why a letter may not go out: every reason at once."""

from __future__ import annotations

from collections.abc import Iterator

from barometer_lib.briefing.letter_page import Letter
from barometer_lib.briefing.material import Material, day_of
from barometer_lib.errors import Fault
from barometer_lib.store import Session, letters

OF_ROUND = ("written", "reply_by", "sender", "signed_by", "address")
OF_LETTER = ("case_number", "document_number")


def round_refusals(material: Material) -> Iterator[Fault]:
    """Fields that hold for all letters of a round and are not filled in."""
    for name in OF_ROUND:
        if material.declared[name] is None:
            yield Fault(
                "letter_round_unfilled", f"letters/{material.round}.yml", column=name,
                found=material.round, mended_by="secretariat",
            )  # fmt: skip


def refusals(session: Session, letter: Letter) -> Iterator[Fault]:
    """Fields of a letter that are not filled in, a comment or an approval that is missing, stale
    figures, and a newer round. Figures are compared when the finished files are read again."""
    yield from _unfilled(letter)
    yield from _unapproved(letter)
    yield from _uncommented(letter)
    yield from _stale(session, letter)


def _place(letter: Letter) -> str:
    return f"letters/{letter.material.round}.yml"


def _unfilled(letter: Letter) -> Iterator[Fault]:
    own = letter.declared
    empty = [name for name in OF_LETTER if own[name] is None]
    if own["challenges_by"] is None and not own["no_challenges"]:
        empty.append("challenges")
    for name in empty:
        yield Fault(
            "letter_unfilled", _place(letter), column=name, found=letter.committee,
            mended_by="secretariat",
        )  # fmt: skip
    if letter.holder is None:
        day = day_of(letter.material).isoformat()
        yield Fault(
            "letter_addressee", "catalogue/office_holders.yml", found=letter.committee,
            fields={"day": day}, mended_by="secretariat",
        )  # fmt: skip


def _unapproved(letter: Letter) -> Iterator[Fault]:
    own, written = letter.declared, letter.material.declared["written"]
    if own["approved_by"] is None:
        yield Fault(
            "letter_unapproved", _place(letter), column="approved", found=letter.committee,
            mended_by="secretariat",
        )  # fmt: skip
    elif written is not None and own["approved_on"] > written:
        yield Fault(
            "letter_approved_late", _place(letter), column="approved", found=letter.committee,
            allowed=f"<= {written.isoformat()}", mended_by="secretariat",
            fields={"day": own["approved_on"].isoformat()},
        )  # fmt: skip


def _uncommented(letter: Letter) -> Iterator[Fault]:
    """Indicators that count and have a new figure, but no comment in the round."""
    silent = {
        item.code: None
        for item in letter.items
        if item.fresh and item.row["counts"] and not letter.material.comments.get(item.code)
    }
    for code in silent:
        yield Fault(
            "letter_comment", "catalogue/comments.yml", column=code, found=letter.committee,
            fields={"round": letter.material.round}, mended_by="secretariat",
        )  # fmt: skip


def _stale(session: Session, letter: Letter) -> Iterator[Fault]:
    material = letter.material
    mine = {(item.policy, item.goal, item.code) for item in letter.items}
    for row in letters.stale_figures(session, material.round, day_of(material)):
        if (row["policy"], row["goal"], row["indicator"]) in mine:
            yield Fault(
                "letter_stale", _place(letter), column=row["indicator"],
                found=str(row["value_shown"]), allowed=str(row["value_now"]),
                fields={"committee": letter.committee, "period": row["period"] or "-"},
                mended_by="secretariat",
            )  # fmt: skip
    newer: dict[str, None] = {}
    for policy in material.documents:
        found = letters.rounds_after(session, material.round, policy, day_of(material))
        newer |= dict.fromkeys(found)
    if newer:
        yield Fault(
            "letter_superseded", _place(letter), column="written", found=", ".join(newer),
            fields={"committee": letter.committee}, mended_by="secretariat",
        )  # fmt: skip
