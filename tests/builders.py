"""What other processes do in the tests of publication: build, be killed, hold the lock, run full.

Functions by name, so that `multiprocessing` finds them on every system.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from barometer_lib import store
from barometer_lib.build import build
from barometer_lib.errors import BarometerError, say

DATA = Path(__file__).resolve().parents[1] / "data"
WATCHED = ("open", "os.rename", "os.chmod", "os.remove", "os.listdir", "os.scandir", "os.truncate")
TITLE = "A title that only this store has: {}."


def context() -> Any:
    """Processes that begin with everything imported, where the system can give such."""
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    made = multiprocessing.get_context(kind)
    if kind == "forkserver":
        made.set_forkserver_preload(["barometer_lib.build", "barometer_lib.store", "duckdb"])
    return made


def little_data(folder: Path, word: str) -> Path:
    """The shipped data without the demo city; `word` stands in a title of its store."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("demo", "corrections.demo.yml"))
    mark(folder, word)
    return folder


def mark(folder: Path, word: str) -> None:
    """Puts the word into the title of a delivery."""
    page = next(iter(sorted((folder / "deliveries").rglob("delivery.yml"))))
    rest = [one for one in page.read_text("utf-8").split("\n") if not one.startswith("title:")]
    page.write_text("\n".join([f'title: "{TITLE.format(word)}"', *rest]), "utf-8")


def marked(session: store.Session) -> list[str]:
    """The words that stand in the titles of a store's deliveries: one in a whole store."""
    before, _, after = TITLE.partition("{}")
    asked = "select title from delivery where starts_with(title, $title)"
    titles = session.codes(asked, {"title": before})
    return [one.removeprefix(before).removesuffix(after) for one in titles]


def building(data: Path, pointer: Path, told: Connection, fatal: int | None) -> None:
    """Builds, telling each step; ends itself at the `fatal`-th thing done in the store's folder."""
    if fatal is not None:
        mortal(pointer.parent, fatal)
    told.send("begin")
    build(data, pointer, force=True, step=told.send)
    told.send("end")


def mortal(folder: Path, fatal: int) -> None:
    done = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event in WATCHED and str(arguments[0]).startswith(str(folder)):
            done += 1
            if done == fatal:
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    sys.addaudithook(watch)


def kill(data: Path, pointer: Path, moment: float, *, event: bool = False) -> str:
    """Starts a build and kills it `moment` seconds after it began, or at that event; its step."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    fatal = int(moment) if event else None
    process: BaseProcess = context().Process(target=building, args=(data, pointer, theirs, fatal))
    process.start()
    theirs.close()
    last, until = "start", None
    try:
        while process.is_alive():
            if ours.poll(0.02 if until is None else max(0.0, until - time.monotonic())):
                last = ours.recv()
                if last == "begin" and not event:
                    until = time.monotonic() + moment
            elif until is not None:
                break
    except EOFError:
        pass
    if not event:
        process.kill()
    process.join()
    return last


def long_build(data: Path, pointer: Path) -> float:
    """Seconds an undisturbed build takes in such a process."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = context().Process(target=building, args=(data, pointer, theirs, None))
    process.start()
    while ours.recv() != "begin":
        continue
    begun = time.monotonic()
    while ours.recv() != "end":
        continue
    taken = time.monotonic() - begun
    process.join()
    return taken


def holding(pointer: Path, told: Connection) -> None:
    """Holds the lock until it is killed."""
    with store.only_builder(pointer):
        told.send(os.getpid())
        time.sleep(600)


def cramped(data: Path, pointer: Path, most: int | None, told: Connection) -> None:
    """Builds where no file may grow beyond `most` bytes, and tells what went wrong."""
    if most is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        build(data, pointer, force=True)
        told.send(("", ""))
    except BarometerError as error:
        told.send((error.code, say(error, "da")))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        told.send((type(error).__name__, str(error)))


class Reader(threading.Thread):
    """Asks again and again: one session open throughout, and a new one each time."""

    def __init__(self, pointer: Path) -> None:
        super().__init__()
        self.pointer = pointer
        self.seen: list[tuple[str, ...]] = []
        self.problems: list[BaseException] = []
        self.stop = threading.Event()

    def run(self) -> None:
        try:
            with store.session(self.pointer) as long:
                first = marked(long)
                while not self.stop.is_set():
                    with store.session(self.pointer) as session:
                        self.seen.append(tuple(marked(session)))
                    if marked(long) != first:
                        raise AssertionError("an open session changed under its reader")
                    time.sleep(0.02)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
            self.problems.append(error)


@contextmanager
def reading(pointer: Path) -> Iterator[Reader]:
    """A reader for as long as the block lasts; whatever it met is raised at the end."""
    reader = Reader(pointer)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop.set()
        reader.join()
    for problem in reader.problems:
        raise problem
