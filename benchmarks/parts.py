"""What is measured: start-up, drawn ranks, a build, a question, and what a start loads."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.deliveries import loading
from benchmarks.measure import Finding, compare, here, process
from benchmarks.ranks import ranking, what_if
from benchmarks.stores import country, growing, sorted_storage
from benchmarks.trends import trends


@dataclass(frozen=True)
class Options:
    """Which parts, how large the made-up series are, and how often each pair is measured."""

    parts: str
    size: str
    rounds: int


REPOSITORY = Path(__file__).resolve().parent.parent
DATA = REPOSITORY / "data"
MAIN = "from barometer_lib.cli import main; main()"
NEVER = ("pandas", "scipy", "statsmodels", "plotly", "voila")


def starting() -> Iterator[Finding]:
    """`barometer --help` against the bare interpreter."""
    yield compare(
        "start: --help / bare interpreter",
        lambda: process(["-c", MAIN, "--help"]),
        lambda: process(["-c", "pass"]),
        limit=6,
        rounds=9,
    )


def building(folder: Path) -> Iterator[Finding]:
    """A whole build of the shipped figures against DuckDB's bare read of the same files."""
    import duckdb

    from barometer_lib.build import build

    files = sorted(str(path) for path in (DATA / "deliveries").rglob("*.csv"))

    def read() -> None:
        con = duckdb.connect(":memory:")
        for file in files:
            con.execute("select count(*) from read_csv($file, all_varchar = true)", {"file": file})
            con.fetchall()
        con.close()

    yield compare(
        "build: all of it / reading the same files",
        lambda: here(lambda: build(DATA, folder / "built.json", force=True)),
        lambda: here(read),
        rounds=3,
    )


def asking(pointer: Path) -> Iterator[Finding]:
    """One stored question, session included, against opening a bare connection to the file."""
    import duckdb

    from barometer_lib import store
    from barometer_lib.store import questions

    file = str(store.resolve(pointer).path)

    def bare() -> None:
        con = duckdb.connect(file, read_only=True)
        con.execute("select 1").fetchall()
        con.close()

    def question() -> None:
        with store.session(pointer) as session:
            questions.history(session, "utryg_nabolag", ["101"])

    yield compare(
        "question: one history / a bare connection",
        lambda: here(question),
        lambda: here(bare),
        rounds=9,
    )


def loaded(pointer: Path) -> list[str]:
    """The heavy packages that `--help` or `trend` load; there should be none."""
    script = (
        f"import sys\ntry:\n    {MAIN}\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *[name for name in {NEVER!r} if name in sys.modules])"
    )
    found: set[str] = set()
    for arguments in (["--help"], ["trend", "utryg_nabolag", "--store", str(pointer)]):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            check=True, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        found |= set(done.stdout.splitlines()[-1].split()[1:])
    return sorted(found)


def start(folder: Path, _: Options) -> Iterator[Finding]:
    """S: start-up, and the packages that a start must not load."""
    yield from starting()
    heavy = loaded(_built(folder))
    title = "start: heavy packages" + (f" ({', '.join(heavy)})" if heavy else "")
    yield Finding.of(title, len(heavy), 0)


def questions(folder: Path, options: Options) -> Iterator[Finding]:
    """Q: one question to the shipped store, and what a country's store answers."""
    yield from asking(_built(folder))
    yield from sorted_storage(folder, options.size, options.rounds)
    if options.size != "city":
        yield from country(folder, options.rounds)


def _built(folder: Path) -> Path:
    from barometer_lib.build import build

    pointer = folder / "built.json"
    if not pointer.exists():
        build(DATA, pointer)
    return pointer


def ranks() -> Iterator[Finding]:
    """R: drawn ranks, and one what-if."""
    yield from ranking()
    yield what_if()


PARTS: dict[str, Callable[[Path, Options], Iterator[Finding]]] = {
    "S": start,
    "R": lambda _, __: ranks(),
    "B": lambda folder, _: building(folder),
    "Q": questions,
    "I": lambda folder, _: growing(folder),
    "T": lambda folder, options: trends(folder, options.size, options.rounds),
    "L": lambda folder, options: loading(folder, options.size, options.rounds),
}
"""What can be measured: start, ranks, build, questions, a store that grows, trends, large
deliveries."""


def everything(options: Options) -> Iterator[Finding]:
    """Every part asked for, in turn."""
    # A reader's file may still be open on Windows when the folder goes.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for letter in options.parts:
            yield from PARTS[letter](Path(name), options)
