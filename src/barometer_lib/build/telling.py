"""What figures that are to be published would tell of those that are hidden."""

from __future__ import annotations

from pathlib import Path

from barometer_lib.build.inputs import PLACES, named, read_inputs
from barometer_lib.disclosure import Released, protect
from barometer_lib.errors import Fault, FaultsFound
from barometer_lib.store import writing


def told_by(folder: Path, dataset: str, shown: Released) -> list[Fault]:
    """A fault for every figure hidden today that `shown`, which is to be published, would tell.

    For those who have the deliveries: it is held against the true figures below `folder`. Raises
    `FaultsFound` where these could not be built at all.
    """
    inputs = read_inputs(folder, dataset)
    errors = [one for one in inputs.faults if one.severity == "error"]
    if inputs.content is None or errors:
        raise FaultsFound(errors)
    if not inputs.delivered.measurements:
        return []
    table = writing.vintages(inputs.delivered.measurements)
    return list(named(protect(table, inputs.content, shown).faults, PLACES[dataset]))
