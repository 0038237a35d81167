"""JSON-stat documents (versions 1 and 2) to cells: every value with the codes it stands under.

Three shapes are read: version 2 (`id` and `size` beside `dimension`), version 1 (a bundle that
names its one dataset) and StatBank's (`id`, `size` and `role` inside `dimension`). Values keep the
digits they were written with. Whatever is wrong comes back as faults with its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any, NoReturn

from barometer_lib.errors import Fault

VALUE = "value"
STATUS = "status"
_BESIDE = {"id", "size", "role"}
LONGEST_NUMBER = 40
MOST_CELLS = 2_000_000_000


class Written(str):
    """A number as it was written in the document."""

    __slots__ = ()


@dataclass(frozen=True)
class Dimension:
    """One dimension of a cube: its codes in their order, and the label of each."""

    id: str
    label: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Cube:
    """A dataset: dimensions, and the cells that were written.

    `positions` counts cells from 0 with the last dimension running fastest; `values` and
    `statuses` hold the text at each position, empty where the document has none.
    """

    dimensions: tuple[Dimension, ...]
    positions: tuple[int, ...]
    values: tuple[str, ...]
    statuses: tuple[str, ...]
    label: str
    updated: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of a row's cells: each dimension, then `value` and `status`."""
        return (*(one.id for one in self.dimensions), VALUE, STATUS)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The cells in the order of the document: a code per dimension, value, status."""
        sizes = [len(one.codes) for one in self.dimensions]
        steps = [prod(sizes[number + 1 :]) for number in range(len(sizes))]
        for position, value, status in zip(self.positions, self.values, self.statuses, strict=True):
            codes = (
                one.codes[position // step % size]
                for one, step, size in zip(self.dimensions, steps, sizes, strict=True)
            )
            yield (*codes, value, status)


class _Wrong(Exception):
    """Something in the document is not as JSON-stat has it."""

    def __init__(
        self, code: str, place: str = "", found: object = None, allowed: object = None
    ) -> None:
        self.code, self.place, self.found, self.allowed = code, place, found, allowed
        super().__init__(code)


def read(text: str, name: str) -> tuple[Cube | None, list[Fault]]:
    """The cube of a document, or the fault that stops it from being read.

    `name` is the file as the fault shall name it; the fault's column is the place in the document,
    such as `dimension.geo.category.index`.
    """
    try:
        return _cube(_dataset(_document(text))), []
    except json.JSONDecodeError as error:
        found = f"{error.msg}, {error.colno}"
        return None, [_fault("json_form", name, line=error.lineno, found=found)]
    except RecursionError:
        return None, [_fault("json_form", name, found="[[[[")]
    except _Wrong as wrong:
        shown = None if wrong.found is None else str(wrong.found)[:80]
        allowed = None if wrong.allowed is None else str(wrong.allowed)
        return None, [_fault(wrong.code, name, wrong.place or None, shown, allowed)]


def _fault(
    code: str,
    name: str,
    column: str | None = None,
    found: str | None = None,
    allowed: str | None = None,
    line: int | None = None,
) -> Fault:
    return Fault(
        code, name, line=line, column=column, found=found, allowed=allowed, mended_by="source"
    )


def _document(text: str) -> Any:
    def constant(word: str) -> NoReturn:
        raise _Wrong("jsonstat_value", VALUE, word)

    return json.loads(
        text,
        parse_int=Written,
        parse_float=Written,
        parse_constant=constant,
        object_pairs_hook=_keys_once,
    )


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Wrong("key_twice", found=twice)
    return found


def _dataset(document: Any) -> dict[str, Any]:
    """The one dataset of the document, whichever version it is."""
    if not isinstance(document, dict):
        raise _Wrong("jsonstat_no_dataset")
    kind = document.get("class", "dataset")
    if kind != "dataset":
        raise _Wrong("jsonstat_no_dataset", "class", kind)
    if "dimension" in document:
        return document
    inside = {
        key: one for key, one in document.items() if isinstance(one, dict) and "dimension" in one
    }
    if not inside:
        raise _Wrong("jsonstat_no_dataset", found=", ".join(document))
    if len(inside) > 1:
        raise _Wrong("jsonstat_many", found=", ".join(inside))
    return next(iter(inside.values()))


def _cube(dataset: Mapping[str, Any]) -> Cube:
    outer = _kind(dataset["dimension"], dict, "dimension")
    names = [str(one) for one in _list(dataset, outer, "id")]
    if not names or len({name.casefold() for name in (*names, VALUE, STATUS)}) < len(names) + 2:
        raise _Wrong("jsonstat_names", "id", ", ".join(names))
    sizes = [_count(one, "size") for one in _list(dataset, outer, "size")]
    if len(sizes) != len(names):
        raise _Wrong("jsonstat_size", "size", len(sizes), len(names))
    dimensions = tuple(
        _dimension(name, size, outer) for name, size in zip(names, sizes, strict=True)
    )
    if prod(sizes) > MOST_CELLS:
        raise _Wrong("jsonstat_size", "size", prod(sizes), f"<= {MOST_CELLS}")
    positions, values, statuses = _cells(dataset, prod(sizes))
    label, updated = (str(dataset.get(key) or "") for key in ("label", "updated"))
    return Cube(dimensions, positions, values, statuses, label, updated)


def _kind(found: Any, kind: type, place: str) -> Any:
    if not isinstance(found, kind):
        allowed = "{...}" if kind is dict else "[...]"
        raise _Wrong("jsonstat_kind", place, json.dumps(found, ensure_ascii=False), allowed)
    return found


def _list(dataset: Mapping[str, Any], outer: Mapping[str, Any], key: str) -> list[Any]:
    """`id` or `size`: beside `dimension` in version 2, inside it in version 1."""
    if key in dataset:
        return list(_kind(dataset[key], list, key))
    if key in outer:
        return list(_kind(outer[key], list, f"dimension.{key}"))
    raise _Wrong("jsonstat_missing", key)


def _count(found: Any, place: str) -> int:
    if not isinstance(found, Written) or not (found.isascii() and found.isdigit()):
        raise _Wrong("jsonstat_kind", place, found, "0, 1, 2, ...")
    if len(found) > 12:
        raise _Wrong("jsonstat_kind", place, found, "< 10^12")
    return int(found)


def _dimension(name: str, size: int, outer: Mapping[str, Any]) -> Dimension:
    place = f"dimension.{name}"
    if name not in outer or name in _BESIDE:
        raise _Wrong("jsonstat_missing", place)
    one = _kind(outer[name], dict, place)
    category = _kind(one.get("category"), dict, f"{place}.category")
    given = category.get("label")
    labels = {} if given is None else _kind(given, dict, f"{place}.category.label")
    codes = _codes(category.get("index"), labels, f"{place}.category.index")
    if len(codes) != size:
        raise _Wrong("jsonstat_size", f"{place}.category.index", len(codes), size)
    if len(set(codes)) < len(codes):
        raise _Wrong("jsonstat_names", f"{place}.category.index", ", ".join(codes))
    words = {code: str(labels.get(code, code)) for code in codes}
    return Dimension(name, str(one.get("label") or name), tuple(codes), words)


def _codes(index: Any, labels: Mapping[str, Any], place: str) -> Sequence[str]:
    if index is None and len(labels) == 1:
        return list(labels)
    if isinstance(index, list):
        return [str(code) for code in index]
    places = {code: _count(found, place) for code, found in _kind(index, dict, place).items()}
    if sorted(places.values()) != list(range(len(places))):
        raise _Wrong("jsonstat_order", place, sorted(places.values()), f"0-{len(places) - 1}")
    return sorted(places, key=lambda code: places[code])


def _cells(
    dataset: Mapping[str, Any], cells: int
) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """Every cell that has a value or a status, by its position."""
    if VALUE not in dataset:
        raise _Wrong("jsonstat_missing", VALUE)
    values = _placed(dataset[VALUE], cells, VALUE)
    given = dataset.get(STATUS)
    if isinstance(given, str):
        statuses = dict.fromkeys(values, given)
    elif isinstance(given, list) and len(given) == 1:
        statuses = dict.fromkeys(values, _text(given[0], f"{STATUS}.0"))
    else:
        statuses = {} if given is None else _placed(given, cells, STATUS)
    positions = tuple(sorted({*values, *(at for at, word in statuses.items() if word)}))
    return (
        positions,
        tuple(values.get(at, "") for at in positions),
        tuple(statuses.get(at, "") for at in positions),
    )


def _placed(found: Any, cells: int, place: str) -> dict[int, str]:
    if isinstance(found, list):
        if len(found) != cells:
            raise _Wrong("jsonstat_length", place, len(found), cells)
        return {at: _text(one, f"{place}.{at}") for at, one in enumerate(found)}
    placed: dict[int, str] = {}
    for key, one in _kind(found, dict, place).items():
        if not (key.isascii() and key.isdigit()) or len(key) > 18 or str(int(key)) != key:
            raise _Wrong("jsonstat_position", place, key, f"0-{cells - 1}")
        if int(key) >= cells:
            raise _Wrong("jsonstat_position", place, key, f"0-{cells - 1}")
        placed[int(key)] = _text(one, f"{place}.{key}")
    return placed


def _text(one: Any, place: str) -> str:
    """A number as written, but never with an exponent; a word as it is; nothing for null."""
    if one is None:
        return ""
    if isinstance(one, Written):
        return _without_exponent(one, place)
    if isinstance(one, str):
        return one
    raise _Wrong("jsonstat_value", place, json.dumps(one))


def _without_exponent(one: Written, place: str) -> str:
    if len(one) > LONGEST_NUMBER:
        raise _Wrong("jsonstat_value", place, one)
    if "e" not in one.lower():
        return str(one)
    number = Decimal(one)
    if not -LONGEST_NUMBER < number.adjusted() < LONGEST_NUMBER:
        raise _Wrong("jsonstat_value", place, one)
    return format(number, "f")
