"""The steps of a round from the data folder's side: what it would show, and what is still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from barometer_lib import periods, rounds, store
from barometer_lib.build.dataset import dataset_tables
from barometer_lib.build.earlier import released
from barometer_lib.build.inputs import Inputs, datasets, read_inputs
from barometer_lib.build.release import FROZEN_TABLES, public_inputs
from barometer_lib.catalogue.entries import Round
from barometer_lib.errors import BarometerError, FaultsFound, NotFound, say_fault

ROUNDS = "rounds"


def round_list(folder: Path) -> list[dict[str, Any]]:
    """Every round of every dataset, newest first, with its state, hour, names and checksum."""
    rows: list[dict[str, Any]] = []
    for dataset in datasets(folder):
        inputs = _read(folder, dataset)
        rows += [{"dataset": dataset, **_told(one, inputs)} for one in _entries(inputs).values()]
    return sorted(rows, key=lambda row: (row["dataset"], row["day"], row["round"]), reverse=True)


def round_shown(folder: Path, code: str) -> dict[str, Any]:
    """One round with its steps; a draft's checksum is what it would be frozen with now."""
    dataset, inputs = _holding(folder, code)
    life = inputs.lives.lives.get(code)
    return {
        "dataset": dataset,
        **_told(_entries(inputs)[code], inputs),
        "policies": _entries(inputs)[code].policies,
        "steps": []
        if life is None
        else [
            {"state": step.state, "by": step.by, "at": step.at.isoformat()} for step in life.steps
        ],
        "accepted": None if life is None or life.accepted is None else life.accepted.model_dump(),
    }


def begin(
    folder: Path, code: str, release: dt.datetime, by: str, now: dt.datetime | None = None
) -> dict[str, Any]:
    """Begins a round as a draft, to be public at `release`: nothing of it is built for the public
    from here on. Raises `NotFound`, or `BarometerError` where it has begun."""
    _holding(folder, code)
    rounds.begin(folder / ROUNDS, code, release, by, now or _now())
    return round_shown(folder, code)


def advance(folder: Path, code: str, by: str, now: dt.datetime | None = None) -> dict[str, Any]:
    """Takes a round one step on: approved professionally, by management, presented."""
    _, inputs = _holding(folder, code)
    rounds.advance(folder / ROUNDS, _life(inputs, code), by, now or _now())
    return round_shown(folder, code)


def publish(
    folder: Path,
    code: str,
    by: str,
    accepted: str | None = None,
    now: dt.datetime | None = None,
    pointer: Path | None = None,
) -> dict[str, Any]:
    """Freezes a presented round and makes it public; the next build shows it.

    What the stores at `pointer` show counts as known when figures are hidden, as in that build.
    Raises `FaultsFound` where the data cannot be built, `BarometerError` where the round is public
    already, not presented, before its hour, or warnings are open and nobody accepts them.
    """
    dataset, inputs = _holding(folder, code)
    life = _life(inputs, code)
    if life.public:
        raise BarometerError("round_is_public", round=code)
    errors = [fault for fault in inputs.faults if fault.severity == "error"]
    if errors:
        raise FaultsFound(errors)
    for earlier in sorted(_open_before(inputs, code)):
        raise BarometerError("round_earlier_open", round=code, earlier=earlier)
    before = released(folder, store.pointer_path(pointer), dataset)
    tables = dataset_tables(public_inputs(inputs, besides=code), before)
    shown = {name: tables[name].to_pylist() for name in FROZEN_TABLES if name in tables}
    content = rounds.content_of(_whole(shown), code)
    warnings = [say_fault(fault, "en") for fault in inputs.faults if fault.severity == "warning"]
    rounds.freeze(folder / ROUNDS, life, content, by, now or _now(), warnings, accepted)
    return round_shown(folder, code)


def _open_before(inputs: Inputs, code: str) -> list[str]:
    """Rounds before this one that judge one of its policies and are not public yet."""
    entries = _entries(inputs)
    this = entries[code]
    return [
        one.id
        for one in entries.values()
        if one.id in inputs.lives.unreleased
        and periods.last_day(one.published) < periods.last_day(this.published)
        and set(one.policies) & set(this.policies)
    ]


def _whole(tables: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: tables.get(name, []) for name in FROZEN_TABLES}


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone().replace(microsecond=0)


def _read(folder: Path, dataset: str) -> Inputs:
    inputs = read_inputs(folder, dataset)
    if inputs.content is None:
        raise FaultsFound(list(inputs.faults))
    return inputs


def _entries(inputs: Inputs) -> dict[str, Round]:
    return {} if inputs.content is None else {one.id: one for one in inputs.content.all(Round)}


def _holding(folder: Path, code: str) -> tuple[str, Inputs]:
    """The dataset that holds a round, and its inputs."""
    known: list[str] = []
    for dataset in datasets(folder):
        if code.startswith("demo-") is (dataset == "demo"):
            inputs = _read(folder, dataset)
            known += _entries(inputs)
            if code in _entries(inputs):
                wrong = [one for one in inputs.lives.faults if one.file.startswith(ROUNDS)]
                if wrong:
                    raise FaultsFound(wrong)
                return dataset, inputs
    raise NotFound("round", code, known)


def _life(inputs: Inputs, code: str) -> rounds.Life:
    if code not in inputs.lives.lives:
        raise BarometerError("round_without_life", round=code)
    return inputs.lives.lives[code]


def _told(one: Round, inputs: Inputs) -> dict[str, Any]:
    life = inputs.lives.lives.get(one.id)
    last = None if life is None else life.steps[-1]
    return {
        "round": one.id,
        "published": one.published,
        "day": periods.last_day(one.published).isoformat(),
        "missed": one.missed,
        "state": inputs.lives.state(one.id),
        "declared": life is not None,
        "release": None if life is None else life.release.isoformat(),
        "embargoed": life is not None and not life.public,
        "by": None if last is None else last.by,
        "at": None if last is None else last.at.isoformat(),
        "checksum": None if life is None else life.checksum,
    }
