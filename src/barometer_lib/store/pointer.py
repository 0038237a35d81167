"""Publish a new file and move the pointer; never edit, never rename over.

The pointer is a small text file that names the current version. Versions lie beside it, read-only.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from barometer_lib.errors import StoreError

LAYOUT = 1
KEPT_VERSIONS = 3
DEFAULT_POINTER = Path("store") / "barometer.json"
VARIABLE = "BAROMETER_STORE"
STALE_PART_SECONDS = 3600
LARGEST_POINTER = 4096


@dataclass(frozen=True)
class Version:
    """A published store file and what it was built from."""

    path: Path
    layout: int
    built: str
    inputs: str


def pointer_path(given: Path | str | None) -> Path:
    """The pointer: as given, else from `BAROMETER_STORE`, else `store/barometer.json`."""
    if given is not None:
        return Path(given)
    named = os.environ.get(VARIABLE)
    return Path(named) if named else DEFAULT_POINTER


def resolve(pointer: Path) -> Version:
    """The version the pointer names. Raises `StoreError` where there is none or it is not ours."""
    try:
        content = json.loads(pointer.read_text("utf-8"))
        layout = int(content["layout"])
        if layout != LAYOUT:
            raise StoreError("store_version", path=str(pointer), found=layout, wanted=LAYOUT)
        version = Version(
            pointer.parent / Path(str(content["file"])).name,
            layout,
            str(content["built"]),
            str(content["inputs"]),
        )
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise StoreError("store_missing", path=str(pointer)) from error
    except (ValueError, KeyError, TypeError) as error:
        problem = type(error).__name__
        raise StoreError("store_unreadable", path=str(pointer), problem=problem) from error
    if not version.path.is_file():
        raise StoreError("store_pointer", path=str(pointer), found=version.path.name)
    return version


def new_part(pointer: Path) -> Path:
    """A name for a file to build, beside the pointer, that no other build uses; sorts by time.

    Raises `StoreError` where the pointer's name is that of a file which is no pointer.
    """
    pointer.parent.mkdir(parents=True, exist_ok=True)
    if pointer.is_file() and pointer.stat().st_size > LARGEST_POINTER:
        # A pointer is a few words; this is somebody's file, named by mistake.
        raise StoreError("store_not_pointer", path=str(pointer))
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return pointer.parent / f"{pointer.stem}-{moment}-{secrets.token_hex(3)}.duckdb.part"


def publish(part: Path, pointer: Path, inputs: str) -> Version:
    """Makes a finished, closed `part` the current version, and clears versions of long ago."""
    final = part.with_suffix("")
    part.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    part.replace(final)
    built = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"file": final.name, "layout": LAYOUT, "built": built, "inputs": inputs}
    swap = pointer.with_name(f"{pointer.name}.{secrets.token_hex(3)}.new")
    with swap.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    swap.replace(pointer)
    _clear(pointer, final)
    return Version(final, LAYOUT, built, inputs)


def _clear(pointer: Path, current: Path) -> None:
    """Removes this pointer's versions but the newest, and what killed builds left long ago."""
    version = re.compile(re.escape(pointer.stem) + r"-\d{8}T\d{12}-[0-9a-f]{6}\.duckdb")
    swap = re.compile(re.escape(pointer.name) + r"\.[0-9a-f]{6}\.new")
    beside = sorted(pointer.parent.iterdir(), reverse=True)
    versions = [path for path in beside if version.fullmatch(path.name)]
    old = [path for path in versions if path != current][KEPT_VERSIONS - 1 :]
    leftover = [
        path
        for path in beside
        if swap.fullmatch(path.name) or re.match(version.pattern + r"\.part", path.name)
    ]
    stale = [path for path in leftover if _age(path) > STALE_PART_SECONDS]
    for path in (*old, *stale):
        # A file that a reader holds open on Windows goes with a later build.
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
            path.unlink()


def _age(path: Path) -> float:
    """Seconds since the file was written; 0 where it is gone already."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
