"""Deliveries looked at without building anything: all of them, one of them, or one to be added."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from barometer_lib.build.inputs import PLACES, Inputs, datasets, named, read_inputs
from barometer_lib.build.release import public_inputs
from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.deliveries import read
from barometer_lib.deliveries.adding import Wishes, detect, draft
from barometer_lib.deliveries.adding.describing import last_of
from barometer_lib.deliveries.adding.descriptor import DESCRIPTOR, described
from barometer_lib.deliveries.description import DESCRIPTION, find
from barometer_lib.errors import BadInput, BarometerError, Fault, FaultsFound, NotFound

Tell = Callable[..., None]
Seen = Callable[[str, float], None]
NAME = re.compile(r"(?a)[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Added:
    """A delivery that was put in its place: its folder, its name, and warnings to look at."""

    folder: Path
    delivery: str
    warnings: tuple[Fault, ...]


def check(folder: Path, delivery: str | None = None, seen: Seen = lambda *_: None) -> list[Fault]:
    """Every fault in the catalogues and deliveries below `folder`; changes nothing.

    `delivery` looks at one alone: its code (`statistics-office/2014-01-20`), a name without the day
    for the newest, `demo/` before it for the demo city, or the path of its folder. Raises
    `NotFound` with the nearest where there is no such delivery. `seen` is told which large file is
    being read, and what share of it was.
    """
    if delivery is not None:
        return _check_one(folder, delivery, seen)
    faults: list[Fault] = []
    for dataset in datasets(folder):
        faults.extend(_check_dataset(read_inputs(folder, dataset, seen)))
    return faults


def _check_dataset(inputs: Inputs) -> list[Fault]:
    """The faults of a dataset; where rounds are frozen, whether each still shows the same."""
    faults = list(inputs.faults)
    if inputs.lives.frozen and all(fault.severity != "error" for fault in faults):
        from barometer_lib.build.dataset import dataset_tables

        try:
            dataset_tables(public_inputs(inputs))
        except FaultsFound as found:
            faults.extend(found.faults)
    return faults


def _check_one(folder: Path, asked: str, seen: Seen) -> list[Fault]:
    dataset, code, staged = _place(folder, asked)
    content, faults = _catalogue(folder, dataset)
    if content is None:
        return faults
    root = folder / "deliveries" / PLACES[dataset]
    found = read(root, content, code, staged, wanted=False, seen=seen).faults
    return [*faults, *named(found, PLACES[dataset])]


def _catalogue(folder: Path, dataset: str) -> tuple[Catalogue | None, list[Fault]]:
    if not folder.is_dir():
        raise BadInput("no_data_folder", path=str(folder))
    content, found = inspect(folder / "catalogue" / PLACES[dataset])
    return content, list(named(found, PLACES[dataset]))


def _place(folder: Path, asked: str) -> tuple[str, str, Path | None]:
    """Dataset and code of a delivery that was named; and its folder, where that lies elsewhere."""
    if not folder.is_dir():
        raise BadInput("no_data_folder", path=str(folder))
    root = (folder / "deliveries").resolve()
    path = Path(asked).resolve()
    inside = path.is_relative_to(root) and path != root
    code = path.relative_to(root).as_posix() if inside else asked.strip("/").replace("\\", "/")
    if (path / DESCRIPTION).is_file() and not inside:
        return "published", f"{path.parent.name}/{path.name}", path
    dataset, _, rest = code.partition("/") if code.startswith("demo/") else ("published", "", code)
    known = [one.relative_to(root / PLACES[dataset]).as_posix() for one in _found(root, dataset)]
    newest = [one for one in known if one.rpartition("/")[0] == rest]
    if rest not in known and not newest:
        mine = [one if dataset == "published" else f"demo/{one}" for one in known]
        raise NotFound("delivery", asked, mine)
    return dataset, rest if rest in known else max(newest), None


def _found(root: Path, dataset: str) -> list[Path]:
    place = root / PLACES[dataset]
    return find(place) if place.is_dir() else []


def add(
    file: Path,
    delivery: str,
    folder: Path,
    *,
    wishes: Wishes | None = None,
    description: Path | None = None,
    tell: Tell = lambda *_, **__: None,
    keep: Callable[[str], None] = lambda _: None,
) -> Added:
    """Puts a file in its place as an unedited delivery, with a drafted `delivery.yml`.

    `delivery` is its name, with `demo/` before it for the demo city, and with `/` and a day where
    that is not today. How the file is written, and which mapping is taken over, is told; the draft
    goes to `keep`. `description` takes a `delivery.yml` that was written already. Raises
    `BarometerError` where something cannot be told from the file, and `FaultsFound` with every
    fault of the delivery; either way nothing is changed.
    """
    if not file.is_file():
        raise BarometerError("add_no_file", file=str(file))
    dataset, name, day = _named(delivery)
    target = folder / "deliveries" / PLACES[dataset] / name / day.isoformat()
    if target.exists():
        raise BarometerError("add_exists", folder=str(target))
    content, faults = _catalogue(folder, dataset)
    if content is None:
        raise FaultsFound(faults)
    root = folder / "deliveries" / PLACES[dataset]
    with tempfile.TemporaryDirectory() as name_of:
        staged = Path(name_of)
        shutil.copyfile(file, staged / file.name)
        if description is not None:
            page = description.read_text("utf-8")
        else:
            page = _drafted(file, root, name, wishes or Wishes(), content, day, tell)
        if f"file: {DESCRIPTOR}" in page:
            shutil.copyfile(file.parent / DESCRIPTOR, staged / DESCRIPTOR)
        (staged / DESCRIPTION).write_text(page, "utf-8", newline="\n")
        keep(page)
        code = f"{name}/{day.isoformat()}"
        found = list(named(read(root, content, code, staged, wanted=False).faults, PLACES[dataset]))
        if any(fault.severity == "error" for fault in found):
            raise FaultsFound(found)
        _put(staged, target)
    return Added(target, delivery if "/" in delivery else code, tuple(found))


def _named(delivery: str) -> tuple[str, str, date]:
    dataset, rest = "published", delivery.strip("/")
    if rest.startswith("demo/"):
        dataset, rest = "demo", rest.removeprefix("demo/")
    name, _, day = rest.partition("/")
    try:
        received = date.fromisoformat(day) if day else date.today()  # noqa: DTZ011 - their own day
    except ValueError as error:
        raise BadInput("bad_date", asked=day) from error
    if not NAME.fullmatch(name) or name == "demo":
        raise BadInput("fetch_name", asked=name)
    return dataset, name, received


def _drafted(
    file: Path,
    root: Path,
    name: str,
    wishes: Wishes,
    content: Catalogue,
    day: date,
    tell: Tell,
) -> str:
    import yaml

    before = last_of(root, name)
    told = described(file)
    given = dict(wishes.given)
    if told is not None:
        tell("descriptor", fields=len(told.fields))
        given = told.given | given
    if before is not None and "sheet" not in given:
        given |= _same_sheet(file, before[0].files[0].sheet)
    made = draft(file, detect(file, given, tell), before, told, wishes, content, day, tell)
    return yaml.safe_dump(made.page, sort_keys=False, allow_unicode=True, width=100)


def _same_sheet(file: Path, sheet: str | None) -> dict[str, str]:
    """The sheet of the delivery before, where the new workbook has one of that name."""
    from barometer_lib.deliveries.sheets import sheet_names

    try:
        return {"sheet": sheet} if sheet is not None and sheet in sheet_names(file) else {}
    except ValueError:
        return {}


def _put(staged: Path, target: Path) -> None:
    """Moves a whole delivery to its place at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".adding-", dir=target.parent))
    try:
        for one in sorted(staged.iterdir(), key=lambda one: one.name == DESCRIPTION):
            shutil.copyfile(one, part / one.name)
        part.chmod(0o755)
        part.rename(target)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
