"""Word files from the templates: every field filled, the same bytes for the same words.

`python -m barometer_lib.briefing.default_templates DIR` writes the templates anew.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from barometer_lib.briefing.pictures import Picture
from barometer_lib.errors import BadInput, BarometerError, Fault, FaultsFound, nearest

LOCALES = {"da": "da-DK", "en": "en-GB"}
NAMES = ("letter", "annex", "report", "agenda")
PICTURE_MILLIMETRES = 120
STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class About:
    """What a Word file says of itself: its title, its author, and its day."""

    title: str
    author: str
    day: date


def template(name: str, folder: Path | None = None) -> bytes:
    """The template of a kind of document: the secretariat's own in `folder`, else the default."""
    if folder is not None:
        own = folder / f"{name}.docx"
        if not own.is_file():
            raise BadInput("no_template", path=str(own), known=[f"{one}.docx" for one in NAMES])
        return own.read_bytes()
    page = resources.files(__package__).joinpath("templates", f"{name}.docx")
    return page.read_bytes()


def fields_of(page: bytes) -> set[str]:
    """The fields a template asks for."""
    return set(_opened(page).get_undeclared_template_variables(_environment()))


def filled(name: str, page: bytes, context: Mapping[str, Any], lang: str, about: About) -> bytes:
    """The template with every field filled, as a Word file.

    Raises `FaultsFound` with every field of the template that there is no content for.
    """
    from jinja2 import TemplateError

    word = _opened(page)
    unknown = sorted(fields_of(page) - set(context))
    if unknown:
        raise FaultsFound([_unknown(name, one, context) for one in unknown])
    try:
        word.render({**context, "picture_of": _placing(word)}, _environment(), autoescape=True)
    except TemplateError as error:
        fault = Fault("letter_template", f"{name}.docx", found=str(error), mended_by="secretariat")
        raise FaultsFound([fault]) from error
    _describe(word, lang, about)
    made = io.BytesIO()
    word.save(made)
    return _even(made.getvalue())


def _opened(page: bytes) -> Any:
    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise BarometerError("letters_extra", name="docxtpl") from error
    return DocxTemplate(io.BytesIO(page))


def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined

    made = Environment(undefined=StrictUndefined, autoescape=True)
    made.globals["picture_of"] = None
    return made


def _unknown(name: str, field: str, context: Mapping[str, Any]) -> Fault:
    return Fault(
        "letter_field", f"{name}.docx", column=field, found=field,
        allowed=", ".join(sorted(context)), nearest=tuple(nearest(field, context)),
        mended_by="secretariat",
    )  # fmt: skip


def _placing(word: Any) -> Any:
    """What puts a chart into the text, with its alternative text."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    class Described(InlineImage):  # type: ignore[misc]
        def __init__(self, picture: Picture) -> None:
            super().__init__(word, io.BytesIO(picture.png()), width=Mm(PICTURE_MILLIMETRES))
            self.alt = picture.alt

        def _insert_image(self) -> str:
            drawn = str(super()._insert_image())
            return drawn.replace("<wp:docPr ", f'<wp:docPr descr="{escape(self.alt)}" ', 1)

    return Described


def _describe(word: Any, lang: str, about: About) -> None:
    """Title, author, day and language, in the file's properties and for all its text."""
    from docx.oxml.ns import qn

    properties = word.docx.core_properties
    properties.title, properties.author, properties.language = (
        about.title,
        about.author,
        LOCALES[lang],
    )
    properties.last_modified_by, properties.revision = about.author, 1
    properties.created = properties.modified = midday(about.day)
    for mark in word.docx.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), LOCALES[lang])


def midday(day: date) -> datetime:
    """Noon of a day: the one time of every file made for it."""
    return datetime.combine(day, time(12), UTC)


def _even(made: bytes) -> bytes:
    """The same file with no time of its making in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
