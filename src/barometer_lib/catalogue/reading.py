"""Catalogue files in, checked entries out; every fault with file, line, found, allowed, remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from barometer_lib.catalogue import rules
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import EXTRA_LABEL_KINDS, KINDS, Dataset, Entry, refs_in
from barometer_lib.catalogue.lines import Page, Place, read_page
from barometer_lib.errors import Fault, nearest

LANGUAGES = ("da", "en")


def read(folder: Path) -> tuple[Catalogue | None, list[Fault]]:
    """The catalogue (or `None` where an entry could not be read) and all faults."""
    faults: list[Fault] = []
    if not folder.is_dir():
        return None, [Fault("no_folder", str(folder), found=str(folder))]
    dataset = _dataset(folder, faults)
    entries: dict[str, dict[str, Entry]] = {}
    pages: dict[str, Page] = {}
    known_ids: dict[str, set[str]] = {}
    for kind, model in KINDS.items():
        page = _page(folder, model.file, faults)
        pages[kind] = page
        entries[kind], known_ids[kind] = _entries(model, page, faults)
    labels = {lang: _labels(folder, lang, faults) for lang in LANGUAGES}
    for kind, model in KINDS.items():
        for code, entry in entries[kind].items():
            place = _place_of(pages[kind], code)
            faults.extend(_dangling(entry, model, pages[kind], place, known_ids))
    content = None
    if dataset is not None:
        content = Catalogue(dataset, entries, labels)
        faults.extend(rules.faults(content, known_ids))
        faults.extend(_label_faults(known_ids, labels))
    faults.extend(_stray_files(folder))
    return content, faults


def _page(folder: Path, name: str, faults: list[Fault]) -> Page:
    path = folder / name
    if not path.is_file():
        faults.append(Fault("file_missing", name, found=str(folder.name)))
        return Page(name, None, {})
    page = read_page(path, name)
    faults.extend(page.faults)
    return page


def _dataset(folder: Path, faults: list[Fault]) -> Dataset | None:
    page = _page(folder, "dataset.yml", faults)
    if page.content is None:
        return None
    try:
        return Dataset.model_validate(page.content)
    except ValidationError as error:
        faults.extend(form_faults(error, Dataset, page, ()))
        return None


def _entries(
    model: type[Entry], page: Page, faults: list[Fault]
) -> tuple[dict[str, Entry], set[str]]:
    found: dict[str, Entry] = {}
    ids: set[str] = set()
    rows = page.content if page.content is not None else []
    if not isinstance(rows, list):
        faults.append(Fault("not_a_list", page.name, line=1, found=type(rows).__name__))
        return found, ids
    for index, row in enumerate(rows):
        code = str(row.get("id")) if isinstance(row, dict) and "id" in row else None
        if code is not None and code in ids:
            faults.append(
                Fault("id_twice", page.name, line=page.line((index, "id")), column="id", found=code)
            )
            continue
        if code is not None:
            ids.add(code)
        try:
            entry = model.model_validate(row)
        except ValidationError as error:
            faults.extend(form_faults(error, model, page, (index,)))
        else:
            found[entry.id] = entry
    return found, ids


def form_faults(
    error: ValidationError, model: type[BaseModel], page: Page, place: Place
) -> Iterator[Fault]:
    for one in error.errors():
        here: Place = (*place, *one["loc"])
        column = ".".join(str(step) for step in one["loc"]) or None
        known = list(model.model_fields)
        code, allowed, near = "wrong_value", _allowed(one), []
        if one["type"] == "missing":
            code, allowed = "field_missing", None
        elif one["type"] == "extra_forbidden":
            code = "field_unknown"
            near = nearest(str(one["loc"][-1]), known)
            allowed = ", ".join(known) if len(one["loc"]) == 1 else None
        elif one["type"] == "literal_error":
            near = nearest(str(one["input"]), _choices(one))
        found = None if one["type"] == "missing" else _short(one["input"])
        yield Fault(
            code,
            page.name,
            line=page.line(here),
            column=column,
            found=found,
            allowed=allowed,
            nearest=tuple(near),
        )


def _choices(one: Mapping[str, Any]) -> list[str]:
    expected = str(one.get("ctx", {}).get("expected", ""))
    return [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]


def _allowed(one: Mapping[str, Any]) -> str | None:
    if one["type"] == "literal_error":
        return ", ".join(_choices(one))
    message = str(one["msg"])
    if "period:" in message:
        return message.split("period:", 1)[1]
    return message


def _short(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 60 else words[:57] + "..."


def _place_of(page: Page, code: str) -> Place:
    for index, row in enumerate(page.content or []):
        if isinstance(row, dict) and str(row.get("id")) == code:
            return (index,)
    return ()


def _dangling(
    entry: BaseModel,
    model: type[BaseModel],
    page: Page,
    place: Place,
    known: Mapping[str, set[str]],
) -> Iterator[Fault]:
    for name in model.model_fields:
        value = getattr(entry, name)
        values = value if isinstance(value, list) else [value]
        kind = refs_in(model, name)
        for index, one in enumerate(values):
            here: Place = (*place, name, index) if isinstance(value, list) else (*place, name)
            if isinstance(one, BaseModel):
                yield from _dangling(one, type(one), page, here, known)
            elif kind is not None and isinstance(one, str) and one not in known[kind]:
                yield Fault(
                    "unknown_code",
                    page.name,
                    line=page.line(here),
                    column=name,
                    found=one,
                    nearest=tuple(nearest(one, known[kind])),
                    fields={"kind": kind},
                )


def _labels(folder: Path, lang: str, faults: list[Fault]) -> dict[str, dict[str, str]]:
    page = _page(folder, f"labels.{lang}.yml", faults)
    content = page.content if isinstance(page.content, dict) else {}
    labels: dict[str, dict[str, str]] = {}
    for kind, words in content.items():
        labels[str(kind)] = {}
        for code, phrase in (words or {}).items():
            if isinstance(phrase, str) and phrase.strip():
                labels[str(kind)][str(code)] = phrase.strip()
            else:
                line = page.line((str(kind), str(code)))
                faults.append(
                    Fault("label_empty", page.name, line=line, column=str(kind), found=str(code))
                )
    return labels


def _label_faults(
    known: Mapping[str, set[str]],
    labels: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> Iterator[Fault]:
    text_kinds = {text: kind for kind, model in KINDS.items() for text in model.texts}
    for lang in LANGUAGES:
        name = f"labels.{lang}.yml"
        for kind, model in KINDS.items():
            for code in sorted(known[kind]) if model.labelled else []:
                if code not in labels[lang].get(kind, {}):
                    yield Fault("label_missing", name, column=kind, found=code)
        for kind, words in labels[lang].items():
            owner = text_kinds.get(kind, kind)
            if owner in KINDS:
                for code in words:
                    if code not in known[owner]:
                        near = tuple(nearest(code, known[owner]))
                        yield Fault("label_stray", name, column=kind, found=code, nearest=near)
            elif kind not in EXTRA_LABEL_KINDS:
                every = [*KINDS, *text_kinds, *EXTRA_LABEL_KINDS]
                yield Fault(
                    "label_kind", name, column=kind, found=kind, nearest=tuple(nearest(kind, every))
                )
    yield from _one_language_only(labels)


def _one_language_only(labels: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[Fault]:
    first, second = LANGUAGES
    for have, lack in ((first, second), (second, first)):
        for kind, words in labels[have].items():
            for code in words:
                if code not in labels[lack].get(kind, {}):
                    yield Fault("label_missing", f"labels.{lack}.yml", column=kind, found=code)


def _stray_files(folder: Path) -> Iterator[Fault]:
    expected = {model.file for model in KINDS.values()} | {"dataset.yml"}
    expected |= {f"labels.{lang}.yml" for lang in LANGUAGES}
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in expected:
            near = tuple(nearest(path.name, expected))
            yield Fault("file_stray", path.name, found=path.name, nearest=near)
