"""The default templates of letter, annex, report and council paper, written with python-docx.

A template is a Word file the secretariat opens and changes as it likes: letterhead, fonts, order,
fixed words. What stands in double braces is filled; `python -m ... DIR` writes the defaults anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from barometer_lib.briefing.styles import CAPTION, FREE, ITEM, TEXT
from barometer_lib.briefing.template_parts import document, each, loop, table


def _head(page: Any) -> None:
    page.add_heading("{{ title }}", level=1)
    loop(page, "if binding", lambda: page.add_paragraph("{{ binding }}", style=TEXT))


def _letterhead(page: Any) -> None:
    lines = page.add_paragraph("{{ to }}")
    for words in ("{{ committee }}", "{{ administration }}"):
        lines.add_run().add_break()
        lines.add_run(words)
    marks = page.add_paragraph("{{ date }}")
    for words in ("{{ case }}", "{{ document }}"):
        marks.add_run().add_break()
        marks.add_run(words)


def _goals_table(page: Any) -> None:
    page.add_heading("{{ goals_title }}", level=2)
    table(
        page,
        ["{{ columns.goal }}", "{{ columns.status }}", "{{ columns.role }}"],
        "goal",
        "goals",
        ["{{ goal.goal }}", "{{ goal.status }}", "{{ goal.role }}"],
        ("{{ goals_caption }}", "goals"),
        (55, 75, 30),
    )


def _sections(page: Any) -> None:
    def one() -> None:
        page.add_heading("{{ section.title }}", level=2)
        each(page, "line", "section.intro", TEXT)
        each(page, "item", "section.told", ITEM)
        each(page, "request", "section.requests", TEXT)

    loop(page, "for section in sections", one)


def _challenges(page: Any) -> None:
    def inside() -> None:
        page.add_heading("{{ challenges.title }}", level=2)
        each(page, "line", "challenges.words", FREE)
        page.add_paragraph("{{ challenges.signed }}", style=FREE)

    loop(page, "if challenges.words", inside)


def letter() -> Any:
    """The letter to a committee."""
    page = document()
    _letterhead(page)
    _head(page)
    each(page, "line", "intro", TEXT)
    loop(page, "if goals", lambda: _goals_table(page))
    _sections(page)
    _challenges(page)
    page.add_heading("{{ reply_title }}", level=2)
    each(page, "line", "closing", TEXT)
    signed = page.add_paragraph("{{ signed_by }}")
    signed.add_run().add_break()
    signed.add_run("{{ signed_title }}")
    page.add_paragraph("{{ annexes }}")
    return page


def _indicator(page: Any, level: int) -> None:
    page.add_heading("{{ indicator.name }}", level=level)

    def chart() -> None:
        page.add_paragraph(
            "{{ picture_of(indicator.picture) }}"
        ).paragraph_format.keep_with_next = True
        page.add_paragraph("{{ indicator.picture_caption }}", style=CAPTION)

    loop(page, "if indicator.picture", chart)
    table(
        page,
        ["{{ columns.fact }}", "{{ columns.content }}"],
        "row",
        "indicator.rows",
        ["{{ row.name }}", "{{ row.words }}"],
        ("{{ indicator.caption }}", "{{ indicator.code }}"),
        (42, 118),
    )
    page.add_paragraph("")


def _goals(page: Any, among: str, level: int) -> None:
    def goal() -> None:
        page.add_heading("{{ goal.name }}", level=level)
        each(page, "line", "goal.said", TEXT)
        loop(page, "for indicator in goal.indicators", lambda: _indicator(page, level + 1))

    loop(page, f"for goal in {among}", goal)


def _after_the_goals(page: Any) -> None:
    page.add_heading("{{ differences_title }}", level=2)

    def difference() -> None:
        page.add_paragraph("{{ difference.words }}", style=TEXT)
        loop(page, "if difference.rows", lambda: _differences(page))

    loop(page, "for difference in differences", difference)

    def replies() -> None:
        page.add_heading("{{ replies_title }}", level=2)
        each(page, "reply", "replies", FREE)

    loop(page, "if replies", replies)
    page.add_heading("{{ hidden_title }}", level=2)
    loop(page, "if hidden", lambda: _hidden(page))
    loop(page, "if not hidden", lambda: page.add_paragraph("{{ nothing_hidden }}", style=TEXT))
    page.add_heading("{{ method_title }}", level=2).paragraph_format.page_break_before = True
    each(page, "line", "method", TEXT)


def _differences(page: Any) -> None:
    keys = ("what", "cause", "before", "now")
    table(
        page,
        [f"{{{{ columns.{key} }}}}" for key in keys],
        "row",
        "difference.rows",
        [f"{{{{ row.{key} }}}}" for key in keys],
        ("{{ difference.words }}", "differences"),
        (52, 38, 35, 35),
    )
    page.add_paragraph("")


def _hidden(page: Any) -> None:
    keys = ("indicator", "area", "group", "period")
    page.add_paragraph("{{ hidden_note }}", style=TEXT)
    table(
        page,
        [f"{{{{ columns.{key} }}}}" for key in keys],
        "row",
        "hidden",
        [f"{{{{ row.{key} }}}}" for key in keys],
        ("{{ hidden_caption }}", "hidden"),
        (45, 35, 50, 30),
    )


def annex() -> Any:
    """Bilag 1: every goal and indicator, what changed, what is hidden, and the method."""
    page = document()
    _head(page)
    each(page, "line", "intro", TEXT)
    _goals(page, "goals", 2)
    _after_the_goals(page)
    return page


def report() -> Any:
    """The status report: every goal of the round under the committee that answers for it."""
    page = document()
    page.add_paragraph("{{ date }}")
    _head(page)
    each(page, "line", "intro", TEXT)
    loop(page, "if goals", lambda: _goals_table(page))

    def committee() -> None:
        page.add_heading("{{ committee.name }}", level=2)
        _goals(page, "committee.goals", 3)

    loop(page, "for committee in committees", committee)
    _after_the_goals(page)
    return page


def agenda() -> Any:
    """The council paper: proposals to committee and council apart, then why, what, money, next."""
    page = document()
    page.add_paragraph("{{ date }}")
    _head(page)
    page.add_heading("{{ proposal_title }}", level=2)
    page.add_heading("{{ committee_title }}", level=3)
    each(page, "line", "committee", FREE)

    def council() -> None:
        page.add_heading("{{ council_title }}", level=3)
        each(page, "line", "council", FREE)

    loop(page, "if council", council)
    for part, style in (("problem", TEXT), ("solution", TEXT), ("economy", FREE)):
        page.add_heading(f"{{{{ {part}_title }}}}", level=2)
        each(page, "line", part, style)
    each(page, "line", "proposals", FREE)
    page.add_heading("{{ process_title }}", level=2)
    each(page, "line", "process", FREE)
    page.add_heading("{{ annexes_title }}", level=2)
    each(page, "line", "annexes", FREE)
    return page


DEFAULTS: dict[str, Callable[[], Any]] = {
    "letter": letter,
    "annex": annex,
    "report": report,
    "agenda": agenda,
}


def write(folder: Path) -> None:
    """Writes the default templates into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in DEFAULTS.items():
        make().save(str(folder / f"{name}.docx"))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
