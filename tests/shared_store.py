"""The store that tests ask: the shipped data, built once for all of them."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from barometer_lib.build import build

REPOSITORY = Path(__file__).resolve().parent.parent


@cache
def pointer() -> Path:
    """The pointer of a store built from the repository's own figures; gone when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="barometer-"))
    atexit.register(_clear, folder)
    place = folder / "barometer.json"
    build(REPOSITORY / "data", place)
    return place


def _clear(folder: Path) -> None:
    for path in folder.glob("*"):
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(folder, ignore_errors=True)


def environment(place: Path | None = None) -> dict[str, str]:
    """The environment of a command that asks that store, with nothing of the tester's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAROMETER_")}
    return {**kept, "BAROMETER_STORE": str(place or pointer()), "PYTHONUTF8": "1"}
