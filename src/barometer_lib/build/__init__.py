"""Deliveries in, published store out: read this first to know how a number is made.

    catalogue    the codes and what they mean; every fault at once
    deliveries   the files as delivered, checked against the catalogue
    corrections  declared errors of delivered figures put right, as vintages of their own
    letters      what is said of each committee's letter, and what the committee answered
    vintages     every value kept with the day it became known
    release      rounds that are not public yet left out, public ones held to what they froze
    disclosure   what could point at a person is hidden, before anything is computed or stored
    linking      figures before a linked break carried over it, the link's uncertainty with them
    assessment   each round of each policy judged by the rule its policy published; beside it the
                 three answers (level, direction, fast enough) and the rules side by side
    trends       every series, as it stands, through the trend engine
    ranking      ranks computed where a whole field is scored, with how far each holds; why the
                 city's rank changed
    store        one new file with a schema per dataset, then the pointer moves

A build that fails or is killed at any moment leaves the old store whole.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from barometer_lib import store
from barometer_lib.build.checking import Added, add, check
from barometer_lib.build.dataset import dataset_tables
from barometer_lib.build.earlier import disclosure, frozen_before, released
from barometer_lib.build.inputs import (
    datasets,
    digest_of,
    input_digests,
    inputs_digest,
    must_be_there,
    read_inputs,
)
from barometer_lib.build.release import public_inputs, told_parts, unfrozen_faults
from barometer_lib.build.since_last import built_from, since_last
from barometer_lib.errors import BarometerError, Fault, FaultsFound, StoreError
from barometer_lib.store import writing

Step = Callable[[str], None]
Seen = Callable[[str, float], None]
NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


@dataclass(frozen=True)
class Built:
    """What a build did: the published version, whether anything was new, and row counts."""

    version: store.Version
    unchanged: bool
    counts: Mapping[str, int]


def build(
    folder: Path,
    pointer: Path | None = None,
    *,
    force: bool = False,
    drafts: bool = False,
    step: Step = lambda _: None,
    patience: float = store.PATIENCE,
    seen: Seen = lambda *_: None,
) -> Built:
    """Builds the store from `folder` and publishes it. Raises `FaultsFound` and changes nothing
    where there is any fault; gives `unchanged` where nothing was new since the last build.

    One build of a store at a time: a second one waits for `patience` seconds, then reads what is
    there by then. Raises `StoreError` where it waited in vain, or where the disk is full. `seen`
    is told which large file is being read, and what share of it was.

    Rounds that are not public yet are left out, unless `drafts` asks for a store of its own that
    holds them; a pointer is of one kind for good.
    """
    place = store.pointer_path(pointer, drafts=drafts)
    must_be_there(folder)
    store.must_be_pointer(place)
    store.check_kind(place, drafts=drafts)
    try:
        with store.only_builder(place, patience, lambda: step("wait")):
            return _build(folder, place, force, drafts, step, seen)
    except StoreError as error:
        # A store that is there and is the right one needs no place that can be written to.
        if error.code != "store_no_lock" or force:
            raise
        version = _current(place, inputs_digest(folder))
        if version is None:
            raise
        return Built(version, True, {})
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        # What is read is written anew in the system's folder for such things.
        raise writing.not_written(writing.temporary(place), error) from error


def _build(folder: Path, place: Path, force: bool, drafts: bool, step: Step, seen: Seen) -> Built:
    """The build of whoever holds the lock; what killed ones left goes first."""
    digests = input_digests(folder)
    inputs = digest_of(digests)
    if not force and (version := _current(place, inputs)) is not None:
        return Built(version, True, {})
    store.clear_leftovers(place)
    writing.temporary(place)
    if not force and not drafts and not any((folder / "rounds").glob("*.y*ml")):
        # What a round under way holds back is only known of the whole.
        with _left_whole(place):
            grown = since_last(folder, place, digests, partial(released, folder, place), step)
            if grown is not None:
                return Built(store.publish(grown[0], place, inputs), False, grown[1])
    made: dict[str, dict[str, pa.Table]] = {}
    faults: list[Fault] = []
    for dataset in datasets(folder):
        step(f"read_{dataset}")
        inputs_read = read_inputs(folder, dataset, seen)
        if not drafts:
            inputs_read = public_inputs(inputs_read)
        faults.extend(inputs_read.faults)
        faults.extend(unfrozen_faults(inputs_read, frozen_before(place, dataset)))
        if inputs_read.content is not None and not _errors(faults):
            step(f"assess_{dataset}")
            made[dataset] = dataset_tables(inputs_read, released(folder, place, dataset))
            parts = built_from(digests, dataset)
            if inputs_read.lives.unreleased and not drafts:
                parts = told_parts(parts, made[dataset]["delivery"])
            made[dataset]["built_from"] = parts
    if _errors(faults):
        raise FaultsFound(_errors(faults))
    step("write")
    with _left_whole(place):
        part = store.new_part(place)
        writing.write(part, made)
        version = store.publish(part, place, inputs, drafts=drafts)
    counts = {
        f"{dataset}.{name}": table.num_rows
        for dataset, tables in made.items()
        for name, table in tables.items()
    }
    return Built(version, False, counts)


@contextmanager
def _left_whole(place: Path) -> Iterator[None]:
    """Where what is done inside fails, nothing of it is left; a full disk is told in words."""
    try:
        yield
    except OSError as error:
        raise writing.not_written(place.parent, error) from error
    finally:
        store.clear_leftovers(place)


def _errors(faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.severity == "error"]


def _current(pointer: Path, inputs: str) -> store.Version | None:
    try:
        version = store.resolve(pointer)
        return version if version.inputs == inputs else None
    except StoreError:
        return None


__all__ = [
    "Added",
    "BarometerError",
    "Built",
    "add",
    "build",
    "check",
    "dataset_tables",
    "disclosure",
    "inputs_digest",
]
