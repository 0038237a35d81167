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

FONT = "Arial"
INK, ACCENT, RED = "1A232F", "1F5BB0", "8D0A03"


def _document() -> Any:
    """An empty page with the house's styles, margins, header and footer."""
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    page = Document()
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)
    styles = page.styles
    styles["Normal"].font.name, styles["Normal"].font.size = FONT, Pt(10.5)
    for name, size in (("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11)):
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = RGBColor.from_string(INK)
        style.paragraph_format.keep_with_next = True
        _own_fonts(style)
    for name, base in ((ITEM, "List Bullet"), (TEXT, "Normal"), (FREE, "Normal")):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[base]
        style.paragraph_format.space_after = Pt(6)
    styles[FREE].paragraph_format.left_indent = Mm(6)
    styles[CAPTION].font.size, styles[CAPTION].font.bold = Pt(9), False
    styles[CAPTION].font.color.rgb = RGBColor.from_string(INK)
    mark = section.header.paragraphs[0]
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = mark.add_run("{{ mark }}")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(12), RGBColor.from_string(RED)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ page }} · {{ case }} · {{ document }} · ")
    _page_number(foot)
    for run in foot.runs:
        run.font.size = Pt(8.5)
    return page


def _own_fonts(style: Any) -> None:
    """The heading's own font instead of the theme's."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.rFonts
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), FONT)


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no other way to a field


def _loop(page: Any, words: str, inside: Callable[[], None]) -> None:
    page.add_paragraph(f"{{%p {words} %}}")
    inside()
    page.add_paragraph(f"{{%p end{words.split(maxsplit=1)[0]} %}}")


def _each(page: Any, name: str, among: str, style: str) -> None:
    _loop(
        page,
        f"for {name} in {among}",
        lambda: page.add_paragraph(f"{{{{ {name} }}}}", style=style),
    )


def _table(
    page: Any, heads: list[str], row: str, among: str, cells: list[str], told: tuple[str, str],
    widths: tuple[int, ...],
) -> None:  # fmt: skip
    """A table with a head row, one row per entry, and its caption and code as alternative text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    table = page.add_table(rows=4, cols=len(heads), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - nor to a table's alternative text
    for name, words in zip(("w:tblCaption", "w:tblDescription"), told, strict=True):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), words)
        properties.append(mark)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    table.rows[1].cells[0].text = f"{{%tr for {row} in {among} %}}"
    for cell, words in zip(table.rows[2].cells, cells, strict=True):
        cell.text = words
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for line in table.rows:
        whole = OxmlElement("w:cantSplit")
        line._tr.get_or_add_trPr().append(whole)  # noqa: SLF001
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(2)
                for run in paragraph.runs:
                    run.font.size = Pt(9.5)


def _head(page: Any) -> None:
    page.add_heading("{{ title }}", level=1)
    _loop(page, "if binding", lambda: page.add_paragraph("{{ binding }}", style=TEXT))


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
    _table(
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
        _each(page, "line", "section.intro", TEXT)
        _each(page, "item", "section.told", ITEM)
        _each(page, "request", "section.requests", TEXT)

    _loop(page, "for section in sections", one)


def _challenges(page: Any) -> None:
    def inside() -> None:
        page.add_heading("{{ challenges.title }}", level=2)
        _each(page, "line", "challenges.words", FREE)
        page.add_paragraph("{{ challenges.signed }}", style=FREE)

    _loop(page, "if challenges.words", inside)


def letter() -> Any:
    """The letter to a committee."""
    page = _document()
    _letterhead(page)
    _head(page)
    _each(page, "line", "intro", TEXT)
    _loop(page, "if goals", lambda: _goals_table(page))
    _sections(page)
    _challenges(page)
    page.add_heading("{{ reply_title }}", level=2)
    _each(page, "line", "closing", TEXT)
    signed = page.add_paragraph("{{ signed_by }}")
    signed.add_run().add_break()
    signed.add_run("{{ signed_title }}")
    page.add_paragraph("{{ annexes }}")
    return page


def _indicator(page: Any) -> None:
    page.add_heading("{{ indicator.name }}", level=3)

    def chart() -> None:
        page.add_paragraph(
            "{{ picture_of(indicator.picture) }}"
        ).paragraph_format.keep_with_next = True
        page.add_paragraph("{{ indicator.picture_caption }}", style=CAPTION)

    _loop(page, "if indicator.picture", chart)
    _table(
        page,
        ["{{ columns.fact }}", "{{ columns.content }}"],
        "row",
        "indicator.rows",
        ["{{ row.name }}", "{{ row.words }}"],
        ("{{ indicator.caption }}", "{{ indicator.code }}"),
        (42, 118),
    )
    page.add_paragraph("")


def _annex_parts(page: Any) -> None:
    def goal() -> None:
        page.add_heading("{{ goal.name }}", level=2)
        _each(page, "line", "goal.said", TEXT)
        _loop(page, "for indicator in goal.indicators", lambda: _indicator(page))

    _loop(page, "for goal in goals", goal)
    page.add_heading("{{ differences_title }}", level=2)

    def difference() -> None:
        page.add_paragraph("{{ difference.words }}", style=TEXT)
        _loop(page, "if difference.rows", lambda: _differences(page))

    _loop(page, "for difference in differences", difference)

    def replies() -> None:
        page.add_heading("{{ replies_title }}", level=2)
        _each(page, "reply", "replies", FREE)

    _loop(page, "if replies", replies)
    page.add_heading("{{ hidden_title }}", level=2)
    _loop(page, "if hidden", lambda: _hidden(page))
    _loop(page, "if not hidden", lambda: page.add_paragraph("{{ nothing_hidden }}", style=TEXT))
    page.add_heading("{{ method_title }}", level=2).paragraph_format.page_break_before = True
    _each(page, "line", "method", TEXT)


def _differences(page: Any) -> None:
    keys = ("what", "cause", "before", "now")
    _table(
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
    _table(
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
    page = _document()
    _head(page)
    _each(page, "line", "intro", TEXT)
    _annex_parts(page)
    return page


DEFAULTS: dict[str, Callable[[], Any]] = {"letter": letter, "annex": annex}


def write(folder: Path) -> None:
    """Writes the default templates into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in DEFAULTS.items():
        make().save(str(folder / f"{name}.docx"))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
