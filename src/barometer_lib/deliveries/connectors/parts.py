"""Answers kept until all are there: a broken fetch goes on where it stopped.

The folder `.partial-<name>` holds one file per answer and `manifest.json`, which says what was
asked, of which state of the table, and which answers are whole. It is removed by a delivery.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from barometer_lib.deliveries.connectors.client import Answer, Client, Tell, is_error, refused
from barometer_lib.deliveries.connectors.selection import Selection, halves

MANIFEST = "manifest.json"
LAYOUT = 1


@dataclass
class Part:
    """One question and, once it was answered, where the answer lies and its checksum."""

    selection: Selection
    address: str = ""
    query: Mapping[str, Any] | None = None
    file: str | None = None
    sha256: str | None = None


class Parts:
    """The questions of one fetch and the answers so far, on disk after every answer."""

    def __init__(self, folder: Path, asked: Mapping[str, Any], selections: list[Selection]) -> None:
        """Takes up what `folder` holds where it was asked the same, else begins anew.

        `asked` says what is asked and of which state of the table.
        """
        self.folder = folder
        self.asked = json.loads(json.dumps(asked))
        self.parts = self._earlier()
        self.resumed = sum(1 for part in self.parts if part.file)
        if not self.resumed:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n", "utf-8")
            self.parts = [Part(one) for one in selections]

    def _earlier(self) -> list[Part]:
        try:
            found = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            if found["layout"] != LAYOUT or found["asked"] != self.asked:
                return []
            return [self._whole(part) for part in found["parts"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _whole(self, found: Mapping[str, Any]) -> Part:
        selection = {name: tuple(codes) for name, codes in found["selection"].items()}
        part = Part(selection, found["address"], found["query"], found["file"], found["sha256"])
        path = self.folder / str(part.file)
        if part.file is None or not path.is_file() or _sum(path.read_bytes()) != part.sha256:
            return Part(selection)
        return part

    def keep(self, number: int, answer: Answer, query: Mapping[str, Any] | None) -> None:
        """Writes an answer and then the manifest that names it."""
        part = self.parts[number]
        part.sha256 = _sum(answer.body)
        part.file, part.address, part.query = f"part-{part.sha256[:16]}", answer.address, query
        self._write(part.file, answer.body)
        self._note()

    def cut(self, number: int) -> bool:
        """Cuts a question in two; false where it asks for one cell only."""
        both = halves(self.parts[number].selection)
        if both is None:
            return False
        self.parts[number : number + 1] = [Part(one) for one in both]
        self._note()
        return True

    def bodies(self) -> list[bytes]:
        """The answers in the order of their questions."""
        return [(self.folder / str(part.file)).read_bytes() for part in self.parts]

    def discard(self) -> None:
        """Removes all that was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _note(self) -> None:
        parts = [vars(part) for part in self.parts]
        manifest = {"layout": LAYOUT, "asked": self.asked, "parts": parts}
        self._write(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8"))

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self.folder / f"{name}.new"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def gather(
    parts: Parts,
    client: Client,
    question: Callable[[Selection], tuple[str, dict[str, Any] | None]],
    lacking: Callable[[Answer], str | None],
    too_large: Callable[[Answer], bool],
    tell: Tell,
) -> None:
    """Puts every question that has no answer yet; one that is too large is cut in two.

    Raises `BarometerError` where the host refuses or does not answer; what was answered is kept.
    """
    if parts.resumed:
        tell("resumed", have=parts.resumed, parts=len(parts.parts))
    number = 0
    while number < len(parts.parts):
        part = parts.parts[number]
        if part.file is None:
            tell("part", number=number + 1, parts=len(parts.parts))
            address, query = question(part.selection)
            answer = client.ask(address, query, lacking)
            if too_large(answer) and parts.cut(number):
                continue
            if answer.status != 200 or is_error(answer):
                raise refused(answer)
            parts.keep(number, answer, query)
        number += 1
