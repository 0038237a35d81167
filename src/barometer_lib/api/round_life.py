"""The life of rounds: `barometer_lib.round_list()`, `.round_draft(...)`, `.round_publish(...)`.

They read and write `rounds/` in the data folder; a build then shows what is public.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from barometer_lib.api.result import Result

Place = Path | str
COLUMNS = (
    "dataset", "round", "published", "day", "missed", "state", "declared", "release", "embargoed",
    "by", "at", "checksum",
)  # fmt: skip
STEP_COLUMNS = ("round", "state", "by", "at")


def round_list(*, folder: Place = "data") -> Result:
    """The release calendar: every round, newest first, with its state, the announced hour
    (`release`), whether it is under embargo, who took its last step and when, its checksum.

    Times are ISO 8601 with their zone; `release`, `by`, `at` and `checksum` are blank for rounds
    that are public by their source (`declared` is false).
    """
    from barometer_lib.build.publishing import round_list as listed

    rows = listed(Path(folder))
    return Result({"rounds": rows}, rows, COLUMNS)


def round_show(code: str, *, folder: Place = "data") -> Result:
    """One round with its steps (the rows) and what was accepted. Raises `NotFound`."""
    from barometer_lib.build.publishing import round_shown

    return _told(round_shown(Path(folder), code))


def round_draft(code: str, release: dt.datetime, by: str, *, folder: Place = "data") -> Result:
    """Begins a round as a draft, to be public at `release` (with its zone) and no earlier.

    From here on nothing of it is built for the public. Raises `NotFound`, or `BarometerError`
    where it has begun.
    """
    from barometer_lib.build.publishing import begin

    return _told(begin(Path(folder), code, release, by))


def round_advance(code: str, by: str, *, folder: Place = "data") -> Result:
    """Takes a round one step on: approved professionally, by management, presented. Raises
    `BarometerError` where the next step is to publish it, or it is public."""
    from barometer_lib.build.publishing import advance

    return _told(advance(Path(folder), code, by))


def round_publish(
    code: str,
    by: str,
    accepted: str | None = None,
    *,
    folder: Place = "data",
    store: Place | None = None,
) -> Result:
    """Freezes a presented round and makes it public, once; the next build shows it.

    `accepted` says why open warnings are accepted, and is kept with them. Raises `BarometerError`
    before the announced hour, where the round is not presented or public already, where an earlier
    round of its policies is open, and where warnings are open and nobody accepts them; raises
    `FaultsFound` where the data cannot be built.
    """
    from barometer_lib.build.publishing import publish

    pointer = None if store is None else Path(store)
    return _told(publish(Path(folder), code, by, accepted, pointer=pointer))


def _told(shown: dict[str, Any]) -> Result:
    rows = [{"round": shown["round"], **step} for step in shown["steps"]]
    return Result(shown, rows, STEP_COLUMNS)
