"""What was published before: stores and frozen rounds, and what may be told given them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from barometer_lib import store
from barometer_lib.build.inputs import Inputs, datasets, named, read_inputs
from barometer_lib.build.release import FROZEN_TABLES, frozen_faults
from barometer_lib.disclosure import Protected, Released, protect
from barometer_lib.errors import FaultsFound, StoreError
from barometer_lib.store import releases, writing


def released(folder: Path, pointer: Path, dataset: str) -> Released:
    """Reads what earlier stores and frozen rounds show of a dataset, when it is asked for."""

    def shown(indicators: Collection[str]) -> Mapping[str, pa.Table]:
        files = releases.releases(pointer, folder)
        found = releases.released_figures(files, dataset, indicators)
        return {path.name: table for path, table in found.items()}

    return shown


def frozen_before(place: Path, dataset: str) -> dict[str, str]:
    """The rounds that the store of today shows as frozen, each with its checksum."""
    try:
        return releases.frozen_rounds(store.resolve(place).path, dataset)
    except StoreError:
        return {}


def hold_to_frozen(inputs: Inputs, tables: Mapping[str, pa.Table]) -> None:
    """Raises `FaultsFound` where a public round would show anything but what it was frozen with."""
    if not inputs.lives.frozen:
        return
    rows = {name: tables[name].to_pylist() for name in FROZEN_TABLES if name in tables}
    faults = list(frozen_faults(inputs, {name: rows.get(name, []) for name in FROZEN_TABLES}))
    if faults:
        raise FaultsFound(faults)


def disclosure(folder: Path, pointer: Path | None = None) -> dict[str, Protected]:
    """What is hidden in each dataset below `folder`, and what can be told of it; changes nothing.

    What the stores at `pointer` and frozen rounds show counts as known. For those who have the
    deliveries: reasons and costs would tell what is hidden. Raises `FaultsFound` where the
    deliveries cannot be built at all.
    """
    found = {}
    for dataset, place in datasets(folder).items():
        inputs = read_inputs(folder, dataset)
        errors = [one for one in inputs.faults if one.severity == "error"]
        if inputs.content is None or errors:
            raise FaultsFound(errors)
        if inputs.delivered.measurements:
            table = writing.vintages(inputs.delivered.measurements)
            earlier = released(folder, store.pointer_path(pointer), dataset)
            protected = protect(table, inputs.content, earlier)
            told = tuple(named(protected.faults, place))
            found[dataset] = replace(protected, faults=told)
    return found
