"""Deliveries in, published store out: read this first to know how a number is made.

    catalogue    the codes and what they mean; every fault at once
    deliveries   the files as delivered, checked against the catalogue
    corrections  declared errors of delivered figures put right, as vintages of their own
    letters      what is said of each committee's letter, and what the committee answered
    vintages     every value kept with the day it became known
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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from barometer_lib import store
from barometer_lib.assessment import answer, assess
from barometer_lib.build.checking import Added, add, check
from barometer_lib.build.earlier import disclosure, released
from barometer_lib.build.inputs import (
    PLACES,
    Inputs,
    datasets,
    inputs_digest,
    must_be_there,
    named,
    read_inputs,
)
from barometer_lib.build.lines import fit_lines
from barometer_lib.build.linked import link_series
from barometer_lib.build.tables import catalogue_tables, table_of, with_limits
from barometer_lib.build.trends import trend_tables
from barometer_lib.catalogue import Catalogue
from barometer_lib.differences import by_indicator
from barometer_lib.disclosure import Released, protect
from barometer_lib.errors import BarometerError, Fault, FaultsFound, StoreError
from barometer_lib.linking import Linked, on_linked_basis
from barometer_lib.ranking import computed_ranks, rank_changes, rank_intervals
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
    step: Step = lambda _: None,
    patience: float = store.PATIENCE,
    seen: Seen = lambda *_: None,
) -> Built:
    """Builds the store from `folder` and publishes it. Raises `FaultsFound` and changes nothing
    where there is any fault; gives `unchanged` where nothing was new since the last build.

    One build of a store at a time: a second one waits for `patience` seconds, then reads what is
    there by then. Raises `StoreError` where it waited in vain, or where the disk is full. `seen`
    is told which large file is being read, and what share of it was.
    """
    place = store.pointer_path(pointer)
    must_be_there(folder)
    store.must_be_pointer(place)
    try:
        with store.only_builder(place, patience, lambda: step("wait")):
            return _build(folder, place, force, step, seen)
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


def _build(folder: Path, place: Path, force: bool, step: Step, seen: Seen) -> Built:
    """The build of whoever holds the lock; what killed ones left goes first."""
    inputs = inputs_digest(folder)
    if not force and (version := _current(place, inputs)) is not None:
        return Built(version, True, {})
    store.clear_leftovers(place)
    writing.temporary(place)
    made: dict[str, dict[str, pa.Table]] = {}
    faults: list[Fault] = []
    for dataset in datasets(folder):
        step(f"read_{dataset}")
        inputs_read = read_inputs(folder, dataset, seen)
        faults.extend(inputs_read.faults)
        if inputs_read.content is not None and not _errors(faults):
            step(f"assess_{dataset}")
            made[dataset] = dataset_tables(inputs_read, released(folder, place, dataset))
    if _errors(faults):
        raise FaultsFound(_errors(faults))
    step("write")
    version = _published(made, place, inputs)
    counts = {
        f"{dataset}.{name}": table.num_rows
        for dataset, tables in made.items()
        for name, table in tables.items()
    }
    return Built(version, False, counts)


def _published(
    made: Mapping[str, Mapping[str, pa.Table]], place: Path, inputs: str
) -> store.Version:
    """The tables as a new file that the pointer names; where that fails nothing is left."""
    part = store.new_part(place)
    try:
        writing.write(part, made)
        return store.publish(part, place, inputs)
    except OSError as error:
        raise writing.not_written(place.parent, error) from error
    finally:
        store.clear_leftovers(place)


def dataset_tables(inputs: Inputs, earlier: Released | None = None) -> dict[str, pa.Table]:
    """All tables of one dataset: the catalogue, what was delivered, and what follows from it.

    `earlier` gives what was published before: nothing hidden now may be told by it.
    """
    content, delivered = inputs.content, inputs.delivered
    if content is None:
        raise ValueError("a dataset without a catalogue has no tables")
    tables = catalogue_tables(content)
    tables["label"] = pa.concat_tables([tables["label"], *_rows(inputs.words)])
    tables["delivery"] = table_of(delivered.deliveries)
    tables["correction"] = table_of(inputs.corrections)
    tables |= {name: table_of(some) for name, some in inputs.letters.tables().items()}
    series = Linked([], [])
    if delivered.measurements:
        protected = protect(writing.vintages(delivered.measurements), content, earlier)
        if protected.faults:
            raise FaultsFound(list(named(protected.faults, PLACES[content.dataset.id])))
        tables["suppression"] = table_of(protected.pattern)
        series = link_series(tables, protected.figures)
        tables |= figure_tables(protected.figures, content, series)
        tables["revision_statistics"] = table_of(by_indicator(protected.figures))
    for name, parts in (
        ("published_verdict", delivered.verdicts),
        ("index_score", delivered.index_scores),
        ("index_component_score", delivered.index_components),
        ("index_field_size", delivered.index_field_sizes),
        ("index_rank", [_as_published(part) for part in delivered.index_ranks]),
    ):
        if parts:
            tables[name] = pa.concat_tables(parts)
    rows = {name: table.to_pylist() for name, table in tables.items() if name in NEEDED}
    whole = _with_empty(rows)
    whole["measurement_vintage"] = on_linked_basis(whole["measurement_vintage"], series.points)
    assessed = assess(whole)
    ranks, refusals = computed_ranks(whole)
    answered = answer(whole, fit_lines)
    tables["answer"] = table_of(answered.answers, json_columns=("facts",))
    tables["rule_verdict"] = table_of(answered.verdicts, json_columns=("facts", "chances"))
    tables["indicator_assessment"] = table_of(assessed.indicators, json_columns=("facts",))
    tables["goal_assessment"] = table_of(assessed.goals, json_columns=("facts",))
    both = [*whole["index_rank"], *ranks]
    tables["index_rank"] = table_of(both)
    with_ranks = {**whole, "index_rank": both}
    tables["index_rank_change"] = table_of(rank_changes(with_ranks))
    held = rank_intervals(with_ranks)
    tables["index_rank_interval"] = table_of(held.intervals)
    tables["index_rank_ahead"] = table_of(held.ahead)
    tables["index_rank_hold"] = table_of(held.holds)
    tables["index_rank_path"] = table_of(held.paths)
    tables["index_rank_refusal"] = table_of(refusals)
    return tables


def figure_tables(figures: pa.Table, content: Catalogue, over: Linked) -> dict[str, pa.Table]:
    """The figures with their limits, the dictionary of their series, their links over breaks, and
    what each series tells."""
    series, numbered = writing.numbered(with_limits(figures, content))
    return {
        "series": series,
        "measurement_vintage": numbered,
        "series_link": table_of(over.links),
        "linked_measurement": table_of(over.points),
        **trend_tables(numbered, series, content, carried=over.points),
    }


NEEDED = (
    "dataset", "policy", "goal", "goal_indicator", "indicator", "target", "area", "series_break",
    "round", "round_policy", "rule_change", "published_verdict", "measurement_vintage",
    "index_definition", "index_component",
    "index_weight", "index_edition", "index_scope", "index_score", "index_component_score",
    "index_rank", "index_field_size", "city", "city_population",
)  # fmt: skip


def _rows(rows: Sequence[Mapping[str, str]]) -> list[pa.Table]:
    return [pa.Table.from_pylist(list(rows))] if rows else []


def _with_empty(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, Sequence[dict[str, Any]]]:
    return {name: rows.get(name, []) for name in NEEDED}


def _as_published(table: pa.Table) -> pa.Table:
    kept = [
        "index",
        "edition",
        "scope",
        "city",
        "score",
        "rank",
        "tied",
        "of",
        "source",
        "synthetic",
    ]
    return table.select(kept).append_column("kind", pa.array(["published"] * table.num_rows))


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
