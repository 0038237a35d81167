"""A round into a folder: made, looked at as an attacker looks, and only then made public."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.build import telling
from barometer_lib.edition import above, audit, published_folder, reading
from barometer_lib.edition.described import Terms, about
from barometer_lib.edition.opendata import FOLDER, open_data
from barometer_lib.edition.round import Round, read
from barometer_lib.edition.site import Site
from barometer_lib.errors import BadInput, Fault, FaultsFound
from barometer_lib.locale import LANGUAGES

Place = Path | str
ABOVE = ""  # what stands above the rounds, among the parts of the folder
WEB = re.compile(r"https?://[^/\s\"<>]+[^\s\"<>]*")


@dataclass(frozen=True)
class Published:
    """What was published: the round, how many files, and what the audit looked at.

    `figures` counts the figures read back from the files of the whole folder; `deliveries` tells
    whether they were also held against the true figures of the data folder.
    """

    round: str
    dataset: str
    synthetic: bool
    out: Path
    written: int
    unchanged: int
    removed: int
    figures: int
    deliveries: bool


def publish(
    round: str,
    out: Place,
    policy: str | None = None,
    *,
    dataset: str = "published",
    store: Place | None = None,
    folder: Place = "data",
    base_url: str | None = None,
    publisher: str | None = None,
    contact: str | None = None,
    pages: bool = True,
) -> Published:
    """Publishes a round below the folder `out`, as its figures were known on its day.

    Only what is in the store leaves it. Before anything in `out` changes, the folder as it would be
    is read back: raises `FaultsFound` where a file shows a figure the store does not show, or where
    all rounds in it together tell one that is hidden (held against the deliveries below `folder`,
    where these are there). Files that are the same keep their time; two runs give the same bytes.
    Raises `NotFound` for an unknown code, `BarometerError` for a round never held, a policy it does
    not judge, or a folder that holds something else, `BadInput` for a base that is no web address.
    """
    if base_url is not None and not WEB.fullmatch(base_url):
        raise BadInput("edition_base_url", asked=base_url)
    place = Path(out)
    said = published_folder.manifest(place, dataset)
    one = read(store, dataset, round, policy)
    terms = Terms(publisher, base_url, contact)
    made = open_data(one, terms)
    files = {f"{one.code}/{FOLDER}/{name}": content for name, content in made.items()}
    if pages:
        files |= _pages(one, store, terms, files)
    with published_folder.staged(place, files) as stage:
        figures, deliveries = _audited(one, place, stage, said["files"], files, Path(folder))
    said["rounds"] = {code: told for code, told in said["rounds"].items() if code != one.code}
    if pages:
        said["rounds"][one.code] = _told(one)
    done = published_folder.put(place, files, said, one.code)
    if said["rounds"]:
        _put_above(place, said, dataset, terms)
    return Published(
        one.code, dataset, one.synthetic, place, done.written, done.unchanged, done.removed,
        figures, deliveries,
    )  # fmt: skip


def _put_above(out: Path, said: dict[str, Any], dataset: str, terms: Terms) -> None:
    """Lists of the rounds that have pages, feeds, site map, styles and scripts."""
    listed = [name for names in said["files"].values() for name in names]
    top = {**above.assets(), **above.above(said["rounds"], dataset, terms, listed)}
    published_folder.put(out, top, said, ABOVE)


def _pages(
    one: Round, store: Place | None, terms: Terms, open_files: Collection[str]
) -> dict[str, bytes]:
    """The pages of a round in both languages, and the door to them."""
    shown = reading.read(one, store, terms)
    files: dict[str, bytes] = {}
    for lang in LANGUAGES:
        files |= Site(shown, lang, store, open_files).files()
    names = {lang: one.label("round", one.code, lang) for lang in LANGUAGES}
    files[f"{one.code}/index.html"] = above.round_door(names, synthetic=one.synthetic)
    return files


def _told(one: Round) -> dict[str, str]:
    """What the lists of rounds say of one."""
    names = {lang: one.label("round", one.code, lang) for lang in LANGUAGES}
    abouts = {f"about_{lang}": about(one, lang) for lang in LANGUAGES}
    return {"day": one.day.isoformat(), **names, **abouts}


def _audited(
    one: Round,
    out: Path,
    stage: Path,
    listed: Mapping[str, Collection[str]],
    new: Collection[str],
    deliveries: Path,
) -> tuple[int, bool]:
    """Looks at the folder as it would be; gives how many figures it shows."""
    shown, faults = audit.check_files(_whole(one.code, out, stage, listed, new), one.stored)
    if faults:
        raise FaultsFound(faults)
    if not deliveries.is_dir() or not shown:
        return len(shown), False
    found = told_by(shown, deliveries, one.dataset, out.name)
    if found:
        raise FaultsFound(found)
    return len(shown), True


def told_by(shown: list[audit.Row], deliveries: Path, dataset: str, name: str) -> list[Fault]:
    """A fault for every hidden figure that the shown ones tell, as the build's attacker finds."""
    released = audit.as_released(shown)

    def of(indicators: Collection[str]) -> Mapping[str, pa.Table]:
        wanted = pa.array(sorted(indicators), pa.string())
        return {name: released.filter(pc.is_in(released["indicator"], wanted))}

    return telling.told_by(deliveries, dataset, of)


def _whole(
    code: str,
    out: Path,
    stage: Path,
    listed: Mapping[str, Collection[str]],
    new: Collection[str],
) -> Iterator[tuple[str, bytes]]:
    """Every data file of the folder as it would be: other rounds' as they are, this one's new."""
    for part, names in listed.items():
        for name in names if part != code else ():
            if (out / name).is_file() and FOLDER in PurePosixPath(name).parts:
                yield name, (out / name).read_bytes()
    for name in sorted(new):
        if FOLDER in PurePosixPath(name).parts:
            yield name, (stage / name).read_bytes()
