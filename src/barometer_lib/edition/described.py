"""What goes with the tables: data package, CSV on the Web, readme, checksums, citation."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from barometer_lib.edition.round import Round
from barometer_lib.locale import LANGUAGES, date, list_of, text

WORKBOOK = "barometer.xlsx"
LABEL = re.compile(r"(.+)_(da|en)")
NAMES = {"da": "LAESMIG.md", "en": "README.md"}
# Frictionless and CSV on the Web: the types of our columns.
TYPES = {
    "bool": ("boolean", "boolean"),
    "double": ("number", "double"),
    "int32": ("integer", "integer"),
    "int64": ("integer", "integer"),
    "date32[day]": ("date", "date"),
}


@dataclass(frozen=True)
class Terms:
    """Who publishes, and below which address; both may be blank."""

    publisher: str | None = None
    base_url: str | None = None
    contact: str | None = None

    def publisher_name(self, lang: str) -> str:
        """The publisher; the barometer itself where nobody is named."""
        return self.publisher or text(lang, "serve.site")

    def address(self, path: str) -> str:
        """The absolute address of a file of the edition; relative where no base is known."""
        return path if self.base_url is None else f"{self.base_url.rstrip('/')}/{path}"


def title(one: Round, lang: str) -> str:
    """The name of a round's open data."""
    return text(lang, "edition.title", site=text(lang, "serve.site"), round=one.name(lang))


def about(one: Round, lang: str) -> str:
    """What the open data are, in one sentence."""
    return text(lang, "edition.about", round=one.name(lang), day=date(one.day, lang))


def mark(one: Round, lang: str) -> str:
    """Whether the figures are synthetic, as a sentence."""
    return text(lang, "edition.synthetic" if one.synthetic else "edition.real")


def citation(one: Round, terms: Terms, lang: str) -> str:
    """How the edition is cited; the day is the round's, never that of publishing."""
    return text(
        lang,
        "edition.citation",
        publisher=terms.publisher_name(lang),
        site=text(lang, "serve.site"),
        round=one.name(lang),
        day=date(one.day, lang),
    )


def licence(one: Round, lang: str) -> str:
    """The licence as the deliveries state it; says so where none does."""
    stated = [code for code in one.licences if code != "not stated"]
    if not stated:
        return text(lang, "edition.unstated")
    return text(lang, "edition.licensed", licences=list_of(stated, lang))


def field_words(column: str, lang: str) -> str:
    """What a column holds."""
    try:
        return text(lang, f"edition.field.{column}")
    except KeyError:
        found = LABEL.fullmatch(column)
        if found is None:
            raise
        language = text(lang, f"edition.language.{found[2]}")
        return text(lang, "edition.label_of", column=found[1], language=language)


def data_package(one: Round, terms: Terms, files: Mapping[str, bytes]) -> bytes:
    """`datapackage.json`: every CSV table with its columns, size and checksum."""
    code = re.sub(r"[^a-z0-9._-]", "-", f"integration-barometer-{one.code}".lower())
    package: dict[str, Any] = {
        "name": code,
        "title": title(one, "en"),
        "description": f"{mark(one, 'en')} {about(one, 'en')}",
        "version": one.published,
        "keywords": [text("en", f"edition.keyword.{key}") for key in KEYWORDS],
        "synthetic": one.synthetic,
        "citation": citation(one, terms, "en"),
        "sources": _sources(one),
        "resources": [
            {
                "name": name.replace("_", "-"),
                "path": f"{name}.csv",
                "title": text("en", f"edition.table.{name}"),
                "description": text("da", f"edition.table.{name}"),
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[f"{name}.csv"]),
                "hash": f"sha256:{hashlib.sha256(files[f'{name}.csv']).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
                "schema": {"fields": [_field(column) for column in table.schema]},
            }
            for name, table in one.tables.items()
        ],
    }
    stated = [code for code in one.licences if code != "not stated"]
    if stated:
        package["licenses"] = [{"name": code} for code in stated]
    if terms.base_url is not None:
        package["homepage"] = terms.address(f"{one.code}/")
    return as_json(package)


KEYWORDS = ("integration", "municipality", "indicator")


def _field(column: pa.Field) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": TYPES.get(str(column.type), ("string", "string"))[0],
        "description": field_words(column.name, "en"),
    }


def _sources(one: Round) -> list[dict[str, str]]:
    found = [row for row in one.rows("sources") if (row["source_address"] or "").startswith("http")]
    return [{"title": row["source_en"], "path": row["source_address"]} for row in found]


def csv_on_the_web(one: Round) -> bytes:
    """`csv-metadata.json`: the tables as the W3C's CSV on the Web describes them."""
    return as_json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:title": title(one, "en"),
            "dc:description": f"{mark(one, 'en')} {about(one, 'en')}",
            "tables": [
                {
                    "url": f"{name}.csv",
                    "dc:description": text("en", f"edition.table.{name}"),
                    "dialect": {"header": True, "encoding": "utf-8"},
                    "tableSchema": {"columns": [_csvw_column(one) for one in table.schema]},
                }
                for name, table in one.tables.items()
            ],
        }
    )


def _csvw_column(column: pa.Field) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": field_words(column.name, "en"),
        "datatype": TYPES.get(str(column.type), ("string", "string"))[1],
    }


def readme(one: Round, terms: Terms, lang: str) -> bytes:
    """The page to read first."""
    files = "\n".join(
        f"- `{name}`: {text(lang, f'edition.table.{name}')}" for name in sorted(one.tables)
    )
    policies = [one.label("policy", code, lang) for code in one.policies]
    return text(
        lang,
        "edition.readme",
        title=title(one, lang),
        mark=mark(one, lang),
        about=about(one, lang),
        policies=list_of(policies, lang),
        workbook=WORKBOOK,
        files=files,
        licence=licence(one, lang),
        citation=citation(one, terms, lang),
    ).encode("utf-8")


def first_sheet(one: Round, terms: Terms) -> list[tuple[str, str]]:
    """The workbook's first sheet, in both languages."""
    rows: list[tuple[str, str]] = []
    for lang in LANGUAGES:
        policies = [one.label("policy", code, lang) for code in one.policies]
        told = {
            "round": one.name(lang),
            "known": date(one.day, lang),
            "policies": list_of(policies, lang),
            "figures": mark(one, lang),
            "licence": licence(one, lang),
            "citation": citation(one, terms, lang),
        }
        rows += [(text(lang, f"edition.workbook.{key}"), words) for key, words in told.items()]
        rows.append((text(lang, "edition.workbook.tables"), ""))
        rows += [(name, text(lang, f"edition.table.{name}")) for name in one.tables]
        rows.append(("", ""))
    return rows


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The lines that `sha256sum --check` reads."""
    lines = [
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files.items())
    ]
    return "".join(lines).encode("utf-8")


def as_json(content: Any) -> bytes:
    """JSON for files: readable, in UTF-8, the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
