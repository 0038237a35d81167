"""The published folder: what is new is written, what is the same keeps its time, what is gone goes.

`edition.json` names the dataset and, per round, every file of it; it holds no time.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from barometer_lib.errors import BarometerError

MANIFEST = "edition.json"
Files = Mapping[str, bytes]


@dataclass
class Written:
    """How many files were written, left as they were, and taken away."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    places: list[str] = field(default_factory=list)


def manifest(out: Path, dataset: str) -> dict[str, Any]:
    """What the folder says of itself; a new folder's says nothing yet.

    Raises `BarometerError` where the folder holds something else, or the other dataset.
    """
    place = out / MANIFEST
    if not out.exists() or not any(out.iterdir()):
        return {"dataset": dataset, "rounds": {}, "files": {}}
    try:
        said: dict[str, Any] = json.loads(place.read_text("utf-8"))
        known = str(said["dataset"])
        dict(said["files"]), dict(said["rounds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BarometerError("edition_folder", path=str(out)) from error
    if known != dataset:
        raise BarometerError("edition_dataset", path=str(out), found=known, wanted=dataset)
    return said


@contextmanager
def staged(out: Path, files: Files) -> Iterator[Path]:
    """The files in a folder beside `out`, to be looked at before they are public; gone after."""
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, content in files.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def put(out: Path, files: Files, said: dict[str, Any], part: str) -> Written:
    """Makes `files` the part `part` of the folder; files the part had before and has no more go."""
    done = Written()
    for name in sorted(set(said["files"].get(part, ())) - set(files)):
        (out / name).unlink(missing_ok=True)
        _clear(out, (out / name).parent)
        done.removed += 1
    for name, content in sorted(files.items()):
        if _write(out / name, content):
            done.written += 1
            done.places.append(name)
        else:
            done.unchanged += 1
    said["files"][part] = sorted(files)
    ordered = {**said, **{key: dict(sorted(said[key].items())) for key in ("rounds", "files")}}
    text = json.dumps(ordered, ensure_ascii=False, indent=1) + "\n"
    _write(out / MANIFEST, text.encode("utf-8"))
    return done


def _write(file: Path, content: bytes) -> bool:
    if file.is_file() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
    return True


def _clear(out: Path, folder: Path) -> None:
    """Takes away folders that have become empty."""
    while folder != out and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
