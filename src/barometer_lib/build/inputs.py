"""What a build is made from: the catalogue, what was delivered, and what was corrected in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from barometer_lib import corrections, correspondence, rounds
from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.corrections import Dispute
from barometer_lib.deliveries import Delivered, read
from barometer_lib.deliveries.description import DESCRIPTION
from barometer_lib.errors import BadInput, Fault

PLACES = {"published": Path(), "demo": Path("demo")}
# Bytes of a file read at a time.
PIECE = 1 << 20
CORRECTIONS = {"published": "corrections.yml", "demo": "corrections.demo.yml"}
DISPUTES = {"published": "disputes.yml", "demo": "disputes.demo.yml"}


@dataclass(frozen=True)
class Inputs:
    """One dataset as read: `content` is blank where its catalogue could not be read."""

    content: Catalogue | None
    delivered: Delivered = field(default_factory=Delivered)
    corrections: tuple[dict[str, Any], ...] = ()
    words: tuple[dict[str, str], ...] = ()
    letters: correspondence.Correspondence = field(default_factory=correspondence.Correspondence)
    lives: rounds.Lives = field(default_factory=rounds.Lives)
    disputes: tuple[Dispute, ...] = ()
    faults: tuple[Fault, ...] = ()


def datasets(folder: Path) -> dict[str, Path]:
    """The datasets below `folder`: always the published one, the demo city where it is there."""
    return {
        dataset: place
        for dataset, place in PLACES.items()
        if dataset == "published" or (folder / "catalogue" / place).is_dir()
    }


def must_be_there(folder: Path) -> None:
    """Raises `BadInput` where there is no data folder of that name."""
    if not folder.is_dir():
        raise BadInput("no_data_folder", path=str(folder))


def read_inputs(
    folder: Path, dataset: str, seen: Callable[[str, float], None] = lambda *_: None
) -> Inputs:
    """Everything below `folder` that makes one dataset, with every fault in it."""
    must_be_there(folder)
    place = PLACES[dataset]
    content, found = inspect(folder / "catalogue" / place)
    faults = list(named(found, place))
    if content is None:
        return Inputs(None, faults=tuple(faults))
    delivered = read(folder / "deliveries" / place, content, seen=seen)
    faults += named(delivered.faults, place)
    declared = corrections.read(folder / CORRECTIONS[dataset], content)
    corrected = corrections.apply(delivered.measurements, declared)
    letters = correspondence.read(folder / "letters", content)
    lives = rounds.read(folder / "rounds", content.entries["round"], content.dataset.prefix)
    disputed = corrections.read_disputes(folder / DISPUTES[dataset], content)
    return Inputs(
        content,
        replace(delivered, measurements=corrected.tables),
        tuple(corrected.applied),
        (*_reasons(declared), *letters.words()),
        letters,
        lives,
        disputed.disputes,
        (*faults, *corrected.faults, *letters.faults, *lives.faults, *disputed.faults),
    )


def _reasons(declared: corrections.Declared) -> Iterator[dict[str, str]]:
    """Why each correction was made, as labels of kind `correction`."""
    for one in declared.corrections:
        for lang, words in one.reason:
            yield {"kind": "correction", "code": one.id, "lang": lang, "words": words}


def named(faults: Iterable[Fault], place: Path) -> Iterator[Fault]:
    """The faults with their files named from the data folder, as a reader finds them."""
    for fault in faults:
        room = "deliveries" if "/" in fault.file else "catalogue"
        whole = fault.code == "no_folder"
        yield fault if whole else replace(fault, file=(Path(room) / place / fault.file).as_posix())


def inputs_digest(folder: Path) -> str:
    """A checksum of everything a build is made from: the data and the library's own files."""
    return digest_of(input_digests(folder))


def digest_of(parts: Mapping[str, str]) -> str:
    """One checksum of checksums by name."""
    named = "".join(f"{part}:{checksum}\n" for part, checksum in sorted(parts.items()))
    return hashlib.sha256(named.encode()).hexdigest()


REST = "rest"
"""The name of everything that is in no delivery: catalogue, corrections, rounds, the library."""


def input_digests(folder: Path) -> dict[str, str]:
    """Checksums of what a build is made from: each delivery by its folder below the data, and all
    else as `REST`."""
    must_be_there(folder)
    library = Path(__file__).parent.parent
    digests = {REST: hashlib.sha256()}
    for root, names in ((folder, ("*",)), (library, ("*.py", "*.sql"))):
        found = {path.relative_to(root) for name in names for path in root.rglob(name)}
        for path in sorted(found):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
            if (root / path).is_file() and not hidden:
                part = REST if root is library else _delivery(folder, path)
                digest = digests.setdefault(part, hashlib.sha256())
                digest.update(f"{path.as_posix()}:{(root / path).stat().st_size}\n".encode())
                with (root / path).open("rb") as stream:
                    while piece := stream.read(PIECE):
                        digest.update(piece)
    return {part: digest.hexdigest() for part, digest in digests.items()}


def _delivery(folder: Path, path: Path) -> str:
    """The delivery a file lies in; what lies in none belongs to the rest."""
    for place in path.parents:
        if place.parts[:1] == ("deliveries",) and (folder / place / DESCRIPTION).is_file():
            return place.as_posix()
    return REST
