"""The pieces the default templates are made of, written with python-docx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from barometer_lib.briefing.styles import CAPTION, FREE, ITEM, TEXT

FONT = "Arial"
INK, ACCENT, RED = "1A232F", "1F5BB0", "8D0A03"
HEADINGS = (("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11), ("Heading 4", 10.5))


def document() -> Any:
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
    for name, size in HEADINGS:
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


def loop(page: Any, words: str, inside: Callable[[], None]) -> None:
    """What stands inside, for each of some or on a condition: `for x in y` or `if z`."""
    page.add_paragraph(f"{{%p {words} %}}")
    inside()
    page.add_paragraph(f"{{%p end{words.split(maxsplit=1)[0]} %}}")


def each(page: Any, name: str, among: str, style: str) -> None:
    """One paragraph for each of some texts."""
    loop(
        page,
        f"for {name} in {among}",
        lambda: page.add_paragraph(f"{{{{ {name} }}}}", style=style),
    )


def table(
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
