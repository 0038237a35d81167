"""Texts by key: read once from the word files, filled with the fields of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from barometer_lib.errors import BadInput

LANGUAGES = ("da", "en")


@cache
def words(lang: str) -> Mapping[str, Any]:
    """All words of a language as nested mappings, one branch per room (file).

    Raises `BadInput` for a language that is not one of `LANGUAGES`.
    """
    import yaml

    if lang not in LANGUAGES:
        raise BadInput("bad_choice", asked=lang, known=LANGUAGES)
    folder = resources.files("barometer_lib.locale").joinpath("words", lang)
    pages = sorted(
        (page for page in folder.iterdir() if page.name.endswith(".yml")),
        key=lambda page: page.name,
    )
    return {
        page.name.removesuffix(".yml"): yaml.load(page.read_text("utf-8"), Loader=yaml.CSafeLoader)
        or {}
        for page in pages
    }


def _leaves(branch: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, below in branch.items():
        if isinstance(below, Mapping):
            yield from _leaves(below, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(below)


@cache
def _texts(lang: str) -> dict[str, str]:
    return dict(_leaves(words(lang)))


def text(lang: str, key: str, **fields: Any) -> str:
    """The text of `key` ("room.part.name") with its fields filled.

    Fields the text does not use are left aside. Raises `KeyError` for an unknown key or a field
    that is missing.
    """
    pattern = _texts(lang)[key]
    return pattern.format(**fields) if "{" in pattern else pattern


def text_count(lang: str, key: str, count: int, **fields: Any) -> str:
    """The text of `key.one` or `key.other`, with `{count}` written as a number."""
    from barometer_lib.locale.numbers import number

    form = "one" if count == 1 else "other"
    return text(lang, f"{key}.{form}", **fields, count=number(count, lang, 0))


def list_of(items: Iterable[str], lang: str) -> str:
    """Words in a row: "a, b og c"; one word stands alone, none give an empty text."""
    row: Sequence[str] = list(items)
    if len(row) < 2:
        return "".join(row)
    return text(lang, "numbers.list_of", first=", ".join(row[:-1]), last=row[-1])
