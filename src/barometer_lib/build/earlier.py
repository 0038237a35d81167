"""What was published before: stores and frozen rounds, and what may be told given them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from barometer_lib import store
from barometer_lib.build.inputs import datasets, named, read_inputs
from barometer_lib.disclosure import Protected, Released, protect
from barometer_lib.errors import FaultsFound
from barometer_lib.store import releases, writing


def released(folder: Path, pointer: Path, dataset: str) -> Released:
    """Reads what earlier stores and frozen rounds show of a dataset, when it is asked for."""

    def shown(indicators: Collection[str]) -> Mapping[str, pa.Table]:
        files = releases.releases(pointer, folder)
        found = releases.released_figures(files, dataset, indicators)
        return {path.name: table for path, table in found.items()}

    return shown


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
