"""What has come since the last build: where it is new deliveries of figures, its store grows.

The last store's file is copied and only what the deliveries touched is worked out (`touched`).
Anything else that has changed, or a delivery that cannot go the short way, is built whole.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib import corrections, store
from barometer_lib.build.inputs import CORRECTIONS, PLACES, REST, datasets
from barometer_lib.build.touched import New, NoShortWay, grow
from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.deliveries import Delivered, read
from barometer_lib.deliveries.description import describe
from barometer_lib.disclosure import Released
from barometer_lib.errors import Fault, StoreError
from barometer_lib.store import growing

Grown = tuple[Path, Mapping[str, int]]
"""The store's copy, ready to be published, and how many rows its tables hold."""


def built_from(digests: Mapping[str, str], dataset: str) -> pa.Table:
    """The rows of the table `built_from` of a dataset: its deliveries, and all else as one."""
    own = {
        part: checksum
        for part, checksum in digests.items()
        if part == REST or (Path(part).parts[1] == "demo") is (dataset == "demo")
    }
    return pa.table({"part": list(own), "checksum": list(own.values())})


def since_last(
    folder: Path,
    pointer: Path,
    digests: Mapping[str, str],
    released: Callable[[str], Released],
    step: Callable[[str], None],
) -> Grown | None:
    """The last store with what has come since, as a part to be published; blank where there is no
    short way, and everything must be built."""
    fresh = _fresh(folder, pointer, digests)
    if fresh is None:
        return None
    part = store.new_part(pointer)
    shutil.copyfile(store.resolve(pointer).path, part)
    part.chmod(stat.S_IRUSR | stat.S_IWUSR)
    counts: dict[str, int] = {}
    try:
        with growing.growing(part) as con:
            for dataset, codes in fresh.items():
                one = growing.Dataset(con, dataset)
                if codes:
                    step(f"read_{dataset}")
                    new = _read(folder, dataset, codes)
                    step(f"touched_{dataset}")
                    grow(one, new, released(dataset))
                    rows = built_from(digests, dataset)
                    one.replace_all({"built_from": rows})
                counts |= one.counts()
    except NoShortWay:
        store.clear_leftovers(pointer)
        return None
    return part, counts


def _fresh(folder: Path, pointer: Path, digests: Mapping[str, str]) -> dict[str, list[str]] | None:
    """The new deliveries of each dataset, where nothing else has changed since the last build."""
    try:
        had = growing.built_from(store.resolve(pointer).path)
    except StoreError:
        return None
    places = datasets(folder)
    if had.keys() != places.keys():
        return None
    fresh = {}
    for dataset, place in places.items():
        now = dict(zip(*built_from(digests, dataset).to_pydict().values(), strict=True))
        if any(now.get(part) != checksum for part, checksum in had[dataset].items()):
            return None
        base = Path("deliveries") / place
        new = sorted(now.keys() - had[dataset].keys())
        fresh[dataset] = [Path(part).relative_to(base).as_posix() for part in new]
    return fresh if any(fresh.values()) else None


def _read(folder: Path, dataset: str, codes: Sequence[str]) -> New:
    """New deliveries, each compared with those of its name before; figures only, and no fault."""
    content, found = inspect(folder / "catalogue" / PLACES[dataset])
    if content is None or _errors(found):
        raise NoShortWay("the catalogue has faults")
    declared = corrections.read(folder / CORRECTIONS[dataset], content)
    whole = Delivered()
    for code in codes:
        _add(whole, folder / "deliveries" / PLACES[dataset], code, content)
    return New(content, whole, frozenset(one.indicator for one in declared.corrections))


def _add(whole: Delivered, place: Path, code: str, content: Catalogue) -> None:
    described, _, faults = describe(place / code, code)
    if described is None or faults:
        raise NoShortWay("the description has faults")
    if {one.holds for one in described.files} - {"measurements", "metadata"}:
        raise NoShortWay("not figures alone")
    delivered = read(place, content, only=code)
    if _errors(delivered.faults) or any(table.num_rows for table in delivered.verdicts):
        raise NoShortWay("faults, or verdicts")
    whole.deliveries += [one for one in delivered.deliveries if one["delivery"] == code]
    for table in delivered.measurements:
        own = table.filter(pc.equal(table["delivery"], code))
        if own.num_rows:
            none = pa.nulls(own.num_rows, pa.string())
            whole.measurements.append(own.append_column("correction", none))


def _errors(faults: Sequence[Fault]) -> bool:
    return any(fault.severity == "error" for fault in faults)
