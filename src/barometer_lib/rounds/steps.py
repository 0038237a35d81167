"""Steps of a round: begun as a draft, approved, presented, and made public once and for all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from barometer_lib.errors import BarometerError
from barometer_lib.rounds.content import checksum
from barometer_lib.rounds.life import FROZEN, LIFE, STATES, Accepted, Life, Step, told_life


def begin(folder: Path, code: str, release: dt.datetime, by: str, now: dt.datetime) -> Life:
    """Begins the life of round `code` as a draft, to be public at `release` and no earlier.

    Raises `BarometerError` where it has begun already, or the hour has no time zone.
    """
    if release.tzinfo is None:
        raise BarometerError("release_without_zone", asked=release.isoformat())
    if (folder / f"{code}.yml").exists():
        raise BarometerError("round_begun", round=code)
    life = Life(round=code, release=release, steps=[Step(state="draft", by=by, at=now)])
    _write(folder, life)
    return life


def advance(folder: Path, life: Life, by: str, now: dt.datetime) -> Life:
    """Takes a round one step on, up to `presented`; the last step is `freeze`.

    Raises `BarometerError` where the next step is to publish it, or it is public already.
    """
    if life.public:
        raise BarometerError("round_is_public", round=life.round)
    following = STATES[STATES.index(life.state) + 1]
    if following == "public":
        raise BarometerError("round_to_publish", round=life.round)
    after = life.model_copy(update={"steps": [*life.steps, Step(state=following, by=by, at=now)]})
    _write(folder, after)
    return after


def freeze(
    folder: Path,
    life: Life,
    content: Mapping[str, Any],
    by: str,
    now: dt.datetime,
    warnings: Sequence[str] = (),
    accepted: str | None = None,
) -> Life:
    """Makes a presented round public: what it shows is kept beside its page, and its checksum in.

    Raises `BarometerError` where it is public already, not presented yet, before its hour, or
    where warnings are open and no acceptance is stated.
    """
    if life.public:
        raise BarometerError("round_is_public", round=life.round)
    if life.state != "presented":
        raise BarometerError("round_not_presented", round=life.round, state=life.state)
    if now < life.release:
        hour = life.release.isoformat()
        raise BarometerError("round_before_hour", round=life.round, release=hour)
    if warnings and not accepted:
        raise BarometerError("round_warnings", round=life.round, warnings=list(warnings))
    kept = None
    if warnings and accepted:
        kept = Accepted(reason=accepted, by=by, warnings=list(warnings))
    steps = [*life.steps, Step(state="public", by=by, at=now)]
    after = life.model_copy(update={"steps": steps, "accepted": kept})
    frozen = {**content, LIFE: told_life(after)}
    after = after.model_copy(update={"checksum": checksum(frozen)})
    page = json.dumps(frozen, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    _replace(folder / f"{life.round}{FROZEN}", page)
    _write(folder, after)
    return after


def _write(folder: Path, life: Life) -> None:
    import yaml

    told = life.model_dump(exclude_none=True)
    text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)
    _replace(folder / f"{life.round}.yml", text)


def _replace(path: Path, text: str) -> None:
    """Writes the whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, "utf-8", newline="\n")
    part.replace(path)
