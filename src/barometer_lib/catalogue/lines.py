"""YAML with the line of every value, so that a fault can be found with an editor's "go to line"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from barometer_lib.errors import Fault

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Page:
    """A YAML file read: its content, the line of each value by its place, and faults of form."""

    name: str
    content: Any
    lines: dict[Place, int]
    faults: tuple[Fault, ...] = ()

    def line(self, place: Place) -> int | None:
        """The line of the value at `place`, or of the nearest value around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None


def read_page(path: Path, name: str) -> Page:
    """The YAML file at `path`. A file that is no YAML comes back empty with its fault."""
    import yaml

    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        return Page(name, None, {}, (Fault("not_utf8", name, found=str(error.object[:20])),))
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        problem = str(getattr(error, "problem", error))
        return Page(name, None, {}, (Fault("not_yaml", name, line=line, found=problem),))
    lines: dict[Place, int] = {}
    faults: list[Fault] = []
    if root is not None:
        _walk(root, (), lines, faults, name)
    return Page(name, content, lines, tuple(faults))


def _walk(node: Any, place: Place, lines: dict[Place, int], faults: list[Fault], name: str) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if node.id == "sequence":
        for index, inner in enumerate(node.value):
            _walk(inner, (*place, index), lines, faults, name)
    elif node.id == "mapping":
        seen: set[str] = set()
        for key, inner in node.value:
            here = (*place, key.value)
            lines[here] = key.start_mark.line + 1
            if key.value in seen:
                faults.append(
                    Fault("key_twice", name, line=lines[here], column=key.value, found=key.value)
                )
            seen.add(key.value)
            _walk(inner, here, lines, faults, name)
