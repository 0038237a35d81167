"""Publish a new file and move the pointer; never edit, never rename over.

The pointer is a small text file that names the current version. Versions lie beside it, read-only.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from barometer_lib.errors import StoreError

LAYOUT = 1
KEPT_VERSIONS = 3
DEFAULT_POINTER = Path("store") / "barometer.json"
DRAFTS_POINTER = Path("store") / "drafts.json"
VARIABLE = "BAROMETER_STORE"
LARGEST_POINTER = 4096


@dataclass(frozen=True)
class Version:
    """A published store file and what it was built from."""

    path: Path
    layout: int
    built: str
    inputs: str
    drafts: bool = False


def pointer_path(given: Path | str | None, *, drafts: bool = False) -> Path:
    """The pointer: as given, else from `BAROMETER_STORE`, else `store/barometer.json`.

    Of a store with drafts: as given, else `store/drafts.json`, never the public one's place.
    """
    if given is not None:
        return Path(given)
    if drafts:
        return DRAFTS_POINTER
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
            bool(content.get("drafts", False)),
        )
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise StoreError("store_missing", path=str(pointer)) from error
    except (ValueError, KeyError, TypeError) as error:
        problem = type(error).__name__
        raise StoreError("store_unreadable", path=str(pointer), problem=problem) from error
    if not version.path.is_file():
        raise StoreError("store_pointer", path=str(pointer), found=version.path.name)
    return version


def must_be_pointer(pointer: Path) -> None:
    """Raises `StoreError` where the pointer's name is that of a file which is no pointer."""
    if pointer.is_file() and pointer.stat().st_size > LARGEST_POINTER:
        # A pointer is a few words; this is somebody's file, named by mistake.
        raise StoreError("store_not_pointer", path=str(pointer))


def new_part(pointer: Path) -> Path:
    """A name for a file to build, beside the pointer, that no other build uses; sorts by time.

    Raises `StoreError` where the pointer's name is that of a file which is no pointer.
    """
    pointer.parent.mkdir(parents=True, exist_ok=True)
    must_be_pointer(pointer)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return pointer.parent / f"{pointer.stem}-{moment}-{secrets.token_hex(3)}.duckdb.part"


def check_kind(pointer: Path, *, drafts: bool) -> None:
    """Raises `StoreError` where the pointer is of the other kind: a store with drafts never takes
    the place of a public one, nor the other way round."""
    try:
        content = json.loads(pointer.read_text("utf-8"))
        other = bool(content.get("drafts", False)) is not drafts
    except (OSError, ValueError, AttributeError):
        return
    if other:
        raise StoreError("store_drafts" if drafts else "store_public", path=str(pointer))


def publish(part: Path, pointer: Path, inputs: str, *, drafts: bool = False) -> Version:
    """Makes a finished, closed `part` the current version, and clears versions of long ago.

    Where it fails the pointer names what it named before, and nothing new is left.
    """
    final = part.with_suffix("")
    swap = pointer.with_name(f"{pointer.name}.{secrets.token_hex(3)}.new")
    built = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"file": final.name, "layout": LAYOUT, "built": built, "inputs": inputs}
    content |= {"drafts": True} if drafts else {}
    try:
        part.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        part.replace(final)
        with swap.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        swap.replace(pointer)
    except OSError:
        _remove(swap)
        _remove(final)
        raise
    _clear_versions(pointer, final.name)
    return Version(final, LAYOUT, built, inputs, drafts)


def clear_leftovers(pointer: Path) -> None:
    """Removes what killed builds of this pointer left: parts, half pointers, and versions that no
    pointer came to name, but for the newest few.

    Only for the one who builds (`locking.only_builder`): another's part would go too.
    """
    left = re.compile(
        f"{_version(pointer)}[.]part([.].*)?|{re.escape(pointer.name)}[.][0-9a-f]{{6}}[.]new"
    )
    if pointer.parent.is_dir():
        for path in pointer.parent.iterdir():
            if left.fullmatch(path.name):
                _remove(path)
        with contextlib.suppress(StoreError):
            _clear_versions(pointer, resolve(pointer).path.name)


def _version(pointer: Path) -> str:
    return re.escape(pointer.stem) + r"-\d{8}T\d{12}-[0-9a-f]{6}\.duckdb"


def _clear_versions(pointer: Path, current: str) -> None:
    """Removes this pointer's versions but the newest."""
    version = re.compile(_version(pointer))
    beside = sorted(pointer.parent.iterdir(), reverse=True)
    versions = [path for path in beside if version.fullmatch(path.name)]
    for path in [path for path in versions if path.name != current][KEPT_VERSIONS - 1 :]:
        _remove(path)


def _remove(path: Path) -> None:
    """Removes a file, or the folder in which DuckDB put what it had no memory for."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    # A file that a reader holds open on Windows goes with a later build.
    with contextlib.suppress(OSError):
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        path.unlink()
