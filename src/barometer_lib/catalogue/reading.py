"""Catalogue files in, checked entries out; every fault with file, line, found, allowed, remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from barometer_lib.catalogue import rules
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import EXTRA_LABEL_KINDS, KINDS, Dataset, Entry, refs_in
from barometer_lib.catalogue.lines import Page, Place, read_page
from barometer_lib.errors import Fault, nearest

LANGUAGES = ("da", "en")
DATASET = "dataset.yml"


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
    labels = {}
    for lang in LANGUAGES:
        page = _page(folder, f"labels.{lang}.yml", faults)
        pages[page.name] = page
        labels[lang] = _labels(page, faults)
    for kind, model in KINDS.items():
        for code, entry in entries[kind].items():
            place = _place_of(pages[kind], code)
            faults.extend(_dangling(entry, model, pages[kind], place, known_ids))
    content = None
    if dataset is not None:
        content = Catalogue(dataset, entries, labels)
        pages["dataset"] = read_page(folder / DATASET, DATASET)
        between = [*rules.faults(content, known_ids), *_label_faults(known_ids, labels)]
        faults.extend(_placed(fault, pages.values()) for fault in between)
    faults.extend(_stray_files(folder))
    unread = {kind for kind, model in KINDS.items() if _unread(folder, pages[kind])}
    dumb = {lang for lang in LANGUAGES if _unread(folder, pages[f"labels.{lang}.yml"])}
    if unread or dumb:
        # What hangs on a file that could not be read is no fault of its own.
        return None, [fault for fault in faults if not _follows(fault, unread, dumb)]
    return content, faults


def _unread(folder: Path, page: Page) -> bool:
    """Whether a page is missing or no YAML, so that nothing can be said of what names it."""
    return bool(page.content is None and page.faults) or not (folder / page.name).is_file()


def _follows(fault: Fault, unread: set[str], dumb: set[str]) -> bool:
    if fault.code == "unknown_code":
        return fault.fields.get("kind") in unread
    if fault.code not in ("label_missing", "label_stray"):
        return False
    owners = {text: kind for kind, model in KINDS.items() for text in model.texts}
    column = fault.column or ""
    silent = any(f"labels.{lang}.yml" in fault.file for lang in dumb)
    return silent or owners.get(column, column) in unread


def _page(folder: Path, name: str, faults: list[Fault]) -> Page:
    path = folder / name
    if not path.is_file():
        faults.append(Fault("file_missing", name, found=str(folder.name)))
        return Page(name, None, {})
    page = read_page(path, name)
    faults.extend(page.faults)
    return page


def _dataset(folder: Path, faults: list[Fault]) -> Dataset | None:
    page = _page(folder, DATASET, faults)
    if page.faults or not (folder / DATASET).is_file():
        return None
    try:
        return Dataset.model_validate({} if page.content is None else page.content)
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


def _placed(fault: Fault, pages: Iterable[Page]) -> Fault:
    """A fault between entries with the line it is mended in: the entry's, or the label's."""
    page = next((page for page in pages if page.name == fault.file), None)
    if page is None or fault.line is not None or fault.column is None:
        return fault
    place: Place = _place_of(page, fault.column) if isinstance(page.content, list) else ()
    return replace(fault, line=page.line(place or (fault.column, fault.found or "")))


def _labels(page: Page, faults: list[Fault]) -> dict[str, dict[str, str]]:
    content = page.content
    if content is not None and not isinstance(content, dict):
        faults.append(_not_labels(page, (), content))
        content = None
    labels: dict[str, dict[str, str]] = {}
    for kind, words in (content or {}).items():
        labels[str(kind)] = {}
        if words is not None and not isinstance(words, dict):
            faults.append(_not_labels(page, (str(kind),), words))
            continue
        for code, phrase in (words or {}).items():
            if isinstance(phrase, str) and phrase.strip():
                labels[str(kind)][str(code)] = phrase.strip()
            else:
                line = page.line((str(kind), str(code)))
                faults.append(
                    Fault("label_empty", page.name, line=line, column=str(kind), found=str(code))
                )
    return labels


def _not_labels(page: Page, place: Place, found: Any) -> Fault:
    return Fault(
        "wrong_value",
        page.name,
        line=page.line(place),
        column=str(place[0]) if place else None,
        found=_short(found),
        allowed="id: label",
    )


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
    expected = {model.file for model in KINDS.values()} | {DATASET}
    expected |= {f"labels.{lang}.yml" for lang in LANGUAGES}
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in expected:
            near = tuple(nearest(path.name, expected))
            yield Fault("file_stray", path.name, found=path.name, nearest=near)
