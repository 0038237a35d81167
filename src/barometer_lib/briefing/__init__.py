"""A round as letters: to each committee a Word letter and its Bilag 1.

What is said is decided by the assessment in the store and by the rules in `wording.yml`; the Word
template is the secretariat's. The sentences are those of the pages.
"""

from __future__ import annotations

from pathlib import Path

from barometer_lib.briefing.making import Made, Wishes, letters_of
from barometer_lib.briefing.papers import Paper, paper

Place = Path | str | None


def letter(
    round: str,
    out: Place = None,
    *,
    policy: str | None = None,
    committee: str | None = None,
    draft: bool = False,
    check: bool = False,
    lang: str = "da",
    pdf: bool = False,
    mail: bool = False,
    zip: bool = False,
    templates: Place = None,
    dataset: str = "published",
    store: Place = None,
) -> list[Made]:
    """The letters of a round with their annexes, written to `out` where it is named.

    One `Made` per committee (or of `committee` alone): `files` are Word files by name, `content()`
    what they say as codes. `policy` narrows the round to one of the policies it judges; `draft`
    marks every page and lets unfilled fields through; `check` reads the files in `out` and holds
    them against the store; `templates` is a folder with templates of one's own. `pdf` adds PDF/A
    of every file (LibreOffice must be installed), `mail` an e-mail file per committee that is ready
    to be sent, `zip` a file for the case system, written to `out`.

    Raises `FaultsFound` with every reason why a letter may not go out: a field that is not filled
    in, a missing comment or approval, a figure that was revised since the round, a newer round, a
    number in the files that is not the store's. Nothing is written then.
    """
    return letters_of(
        round, out, policy=policy, committee=committee, draft=draft, check=check, lang=lang,
        wishes=Wishes(pdf, mail, zip), templates=templates, dataset=dataset, store=store,
    )  # fmt: skip


def report(
    round: str,
    out: Place = None,
    *,
    policy: str | None = None,
    draft: bool = False,
    lang: str = "da",
    pdf: bool = False,
    templates: Place = None,
    dataset: str = "published",
    store: Place = None,
) -> Paper:
    """The status report of a round, all committees in one Word file, written to `out` if named.

    Same parts, same refusals and same options as `letter`.
    """
    return paper(
        "report", round, out, policy, draft, lang, pdf, templates, dataset, store
    )  # fmt: skip


def agenda(
    round: str,
    out: Place = None,
    *,
    policy: str | None = None,
    draft: bool = False,
    lang: str = "da",
    pdf: bool = False,
    templates: Place = None,
    dataset: str = "published",
    store: Place = None,
) -> Paper:
    """The council paper of a round as a Word file: proposals to committee and council apart,
    problem, solution, economy, what happens next, annexes. Otherwise as `report`.
    """
    return paper(
        "agenda", round, out, policy, draft, lang, pdf, templates, dataset, store
    )  # fmt: skip


__all__ = ["Made", "Paper", "agenda", "letter", "report"]
