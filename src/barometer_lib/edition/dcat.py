"""The catalogue entry by DCAT-AP-DK 2.0, as Turtle.

Mandatory there: a catalogue has title, description, publisher and a dataset; a dataset has title,
description and publisher; a distribution has its access address (digst/DCAT-AP-DK, release 2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from barometer_lib.edition.described import (
    KEYWORDS,
    Terms,
    about,
    citation,
    licence,
    mark,
    title,
)
from barometer_lib.edition.round import Round
from barometer_lib.locale import LANGUAGES, text

FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
LANGUAGE = {
    "da": "http://publications.europa.eu/resource/authority/language/DAN",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
# SOCI: population and society, of the EU's themes for data.
THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
LICENCES = {"MIT": "http://publications.europa.eu/resource/authority/licence/MIT"}
FORMATS = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def catalogue(one: Round, terms: Terms, folder: str, files: Mapping[str, bytes]) -> bytes:
    """`catalogue.ttl`. Without a base address its own addresses are relative to the file."""

    def at(name: str) -> str:
        relative = terms.base_url is None
        return f"<{name}>" if relative else f"<{terms.address(f'{folder}/{name}')}>"

    names = [name for name in sorted(files) if name.rsplit(".", 1)[-1] in FORMATS]
    parts = [
        PREFIXES,
        _node(
            at("catalogue.ttl#catalogue"),
            "dcat:Catalog",
            [
                *_both("dct:title", {lang: text(lang, "serve.site") for lang in LANGUAGES}),
                *_both("dct:description", {lang: about(one, lang) for lang in LANGUAGES}),
                f"dct:publisher {at('catalogue.ttl#publisher')}",
                f"dcat:dataset {at('catalogue.ttl#dataset')}",
                *_languages(),
            ],
        ),
        _node(at("catalogue.ttl#dataset"), "dcat:Dataset", _dataset(one, terms, at, names)),
        _node(
            at("catalogue.ttl#publisher"),
            "foaf:Agent",
            _both("foaf:name", {lang: terms.publisher_name(lang) for lang in LANGUAGES}),
        ),
    ]
    parts += [_distribution(one, name, at, len(files[name])) for name in names]
    return "\n".join(parts).encode("utf-8")


def _dataset(one: Round, terms: Terms, place: Callable[[str], str], names: list[str]) -> list[str]:
    told = {lang: f"{mark(one, lang)} {about(one, lang)}" for lang in LANGUAGES}
    words = {lang: [text(lang, f"edition.keyword.{key}") for key in KEYWORDS] for lang in LANGUAGES}
    return [
        *_both("dct:title", {lang: title(one, lang) for lang in LANGUAGES}),
        *_both("dct:description", told),
        f"dct:publisher {place('catalogue.ttl#publisher')}",
        f"dct:identifier {_literal(one.code)}",
        f'dct:issued "{one.day.isoformat()}"^^xsd:date',
        f"dcat:theme <{THEME}>",
        f"dct:accessRights <{PUBLIC}>",
        *_languages(),
        *[f"dcat:keyword {_literal(word)}@{lang}" for lang in LANGUAGES for word in words[lang]],
        *_both("dct:bibliographicCitation", {la: citation(one, terms, la) for la in LANGUAGES}),
        *[f"dcat:distribution {place(f'catalogue.ttl#{name}')}" for name in names],
    ]


def _distribution(one: Round, name: str, place: Callable[[str], str], size: int) -> str:
    stem, kind = name.rsplit(".", 1)
    code, media = FORMATS[kind]
    told = {lang: _file_title(one, stem, kind, lang) for lang in LANGUAGES}
    known = [LICENCES[code] for code in one.licences if code in LICENCES]
    return _node(
        place(f"catalogue.ttl#{name}"),
        "dcat:Distribution",
        [
            *_both("dct:title", told),
            f"dcat:accessURL {place(name)}",
            f"dcat:downloadURL {place(name)}",
            f"dct:format <{FILE_TYPE}{code}>",
            f"dcat:mediaType <https://www.iana.org/assignments/media-types/{media}>",
            f'dcat:byteSize "{size}"^^xsd:nonNegativeInteger',
            *[f"dct:license <{address}>" for address in known],
            *_both("dct:rights", {lang: licence(one, lang) for lang in LANGUAGES}, blank=True),
        ],
    )


def _file_title(one: Round, stem: str, kind: str, lang: str) -> str:
    if stem in one.tables:
        return f"{text(lang, f'edition.table.{stem}')} ({kind})"
    return f"{title(one, lang)} ({kind})"


def _languages() -> list[str]:
    return [f"dct:language <{LANGUAGE[lang]}>" for lang in LANGUAGES]


def _both(name: str, words: Mapping[str, str], *, blank: bool = False) -> list[str]:
    """A property in both languages; `blank` puts it into a statement of rights."""
    if not blank:
        return [f"{name} {_literal(said)}@{lang}" for lang, said in words.items()]
    inner = " ; ".join(f"dct:description {_literal(said)}@{lang}" for lang, said in words.items())
    return [f"{name} [ a dct:RightsStatement ; {inner} ]"]


def _literal(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _node(subject: str, kind: str, facts: list[str]) -> str:
    return f"{subject} a {kind} ;\n    " + " ;\n    ".join(facts) + " .\n"
