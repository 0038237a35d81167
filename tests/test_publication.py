"""Builds that are killed, run out of disk, or meet each other: the store is the old one or the
new one, whole, and what they leave behind does not grow. `make soak` runs the long ones."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import builders
from barometer_lib import store
from barometer_lib.build import Built, build, inputs_digest
from barometer_lib.errors import StoreError, say
from barometer_lib.store import locking, writing
from barometer_lib.store.pointer import KEPT_VERSIONS

TOLD = {"da", "en"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.little_data(tmp_path / "data", "old")


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    return tmp_path / "store" / "b.json"


def words(pointer: Path) -> list[str]:
    with store.session(pointer) as session:
        return builders.marked(session)


def beside(pointer: Path) -> Counter[str]:
    """How many files of each kind lie in the store's folder."""
    return Counter("".join(path.suffixes[-2:]) if path.suffix in (".new", ".part") else path.suffix
                   for path in pointer.parent.iterdir())  # fmt: skip


# --- killed ----------------------------------------------------------------------------------


def kill_many(tmp_path: Path, pointer: Path, timed: int, at_events: int) -> str:
    """Kills builds of two folders in turn; after each the store is whole and one of the two."""
    folders = {word: builders.little_data(tmp_path / word, word) for word in ("one", "two")}
    whole = {}
    for word, folder in folders.items():
        made = build(folder, pointer, force=True)
        whole[made.version.inputs] = (word, writing.content_digest(made.version.path))
    taken = builders.long_build(folders["two"], pointer)
    moments = random.Random(2013)  # the same in every run, but machines differ
    plan = [(moments.uniform(0, 1.05) * taken, False) for _ in range(timed)]
    plan += [(float(1 + number % 18), True) for number in range(at_events)]
    moments.shuffle(plan)
    reached: Counter[str] = Counter()
    moved = 0
    with builders.reading(pointer) as reader:
        for number, (moment, event) in enumerate(plan):
            word = ("one", "two")[number % 2]
            before = store.resolve(pointer)
            reached[builders.kill(folders[word], pointer, moment, event=event)] += 1
            version = store.resolve(pointer)
            told, digest = whole[version.inputs]
            assert writing.content_digest(version.path) == digest
            assert words(pointer) == [told]
            assert told == word or version == before
            moved += version != before
            left = beside(pointer)
            assert left[".duckdb"] <= KEPT_VERSIONS + 1, left
            assert sum(left.values()) <= KEPT_VERSIONS + 1 + 2 + 3, left
    assert set(reader.seen) <= {("one",), ("two",)}
    made = build(folders["one"], pointer, force=True, patience=0)
    assert writing.content_digest(made.version.path) == whole[made.version.inputs][1]
    assert beside(pointer) == {".duckdb": KEPT_VERSIONS, ".json": 1, ".lock": 1}
    steps = ", ".join(f"{step} {count}" for step, count in reached.most_common())
    return (
        f"{len(plan)} builds killed ({timed} by the clock over {taken:.1f} s, {at_events} at "
        f"things done in the folder); last step told: {steps}. The old store stood "
        f"{len(plan) - moved} times, the new one {moved} times, {len(reader.seen)} "
        "readers in between saw no other."
    )


def test_a_killed_build_leaves_the_old_or_the_new_store_whole(tmp_path: Path, pointer: Path):
    kill_many(tmp_path, pointer, 5, 0)


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_two_hundred_killed_builds(
    tmp_path: Path, pointer: Path, capsys: pytest.CaptureFixture[str]
):
    told = kill_many(tmp_path, pointer, 128, 72)
    with capsys.disabled():
        print(f"\n{told}")


def test_publishing_is_killed_at_everything_it_does(tmp_path: Path):
    """The moments between the finished file and the moved pointer are too short for a clock."""
    ended = 0
    for fatal in range(1, 40):
        pointer = tmp_path / str(fatal) / "b.json"
        for content in ("before", "standing"):
            publish(pointer, content)
        process = builders.context().Process(target=publish, args=(pointer, "new", fatal))
        process.start()
        process.join()
        version = store.resolve(pointer)
        assert version.path.read_text() == version.inputs
        assert version.inputs in {"standing", "new"}
        ended += process.exitcode == 0
        if process.exitcode == 0:
            assert version.inputs == "new"
            break
        # what was killed is gone with the next
        with store.only_builder(pointer, 0):
            store.clear_leftovers(pointer)
            publish(pointer, "next")
        left = beside(pointer)
        assert set(left) <= {".duckdb", ".json", ".lock"}, left
        assert left[".duckdb"] <= KEPT_VERSIONS
        assert store.resolve(pointer).inputs == "next"
    assert ended == 1, "publishing did more than was looked at"
    assert fatal > 5, "publishing was not watched"


def publish(pointer: Path, content: str, fatal: int | None = None) -> None:
    if fatal is not None:
        builders.mortal(pointer.parent, fatal)
    part = store.new_part(pointer)
    part.write_text(content)
    store.publish(part, pointer, content)


# --- two at once -----------------------------------------------------------------------------


class Building(threading.Thread):
    """A build in a thread; it stops before `hold` until `go` is set."""

    def __init__(self, data: Path, pointer: Path, hold: str = "", force: bool = False) -> None:
        super().__init__()
        self.data, self.pointer, self.hold, self.force = data, pointer, hold, force
        self.steps: list[str] = []
        self.there, self.go = threading.Event(), threading.Event()
        self.made: Built | None = None

    def run(self) -> None:
        self.made = build(self.data, self.pointer, force=self.force, step=self.step)

    def step(self, name: str) -> None:
        self.steps.append(name)
        if name == self.hold:
            self.there.set()
            assert self.go.wait(60)


def test_older_content_never_comes_last(data: Path, pointer: Path):
    first = Building(data, pointer, hold="write")
    first.start()
    assert first.there.wait(60)
    builders.mark(data, "new")
    second = Building(data, pointer, hold="wait")
    second.start()
    assert second.there.wait(60)
    assert not pointer.exists()
    second.go.set()
    first.go.set()
    first.join()
    second.join()
    assert second.steps[0] == "wait"
    assert second.steps.count("wait") == 1
    assert words(pointer) == ["new"]
    assert store.resolve(pointer).inputs == inputs_digest(data)
    assert len(list(pointer.parent.glob("*.duckdb"))) == 2


def test_who_waited_sees_that_nothing_is_left_to_do(data: Path, pointer: Path):
    first, second = Building(data, pointer, hold="write"), Building(data, pointer, hold="wait")
    first.start()
    assert first.there.wait(60)
    second.start()
    assert second.there.wait(60)
    second.go.set()
    first.go.set()
    first.join()
    second.join()
    assert second.steps == ["wait"]
    assert first.made is not None
    assert second.made is not None
    assert (first.made.unchanged, second.made.unchanged) == (False, True)
    assert second.made.version == first.made.version


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_many_builds_at_once(tmp_path: Path, pointer: Path, capsys: pytest.CaptureFixture[str]):
    folders = [builders.little_data(tmp_path / word, word) for word in ("one", "two", "three")]
    build(folders[0], pointer)
    with builders.reading(pointer) as reader:
        processes = []
        for number in range(12):
            ours, theirs = multiprocessing.Pipe(duplex=False)
            arguments = (folders[number % 3], pointer, theirs, None)
            process = builders.context().Process(target=builders.building, args=arguments)
            process.start()
            theirs.close()
            processes.append((process, ours))
        steps = []
        for process, ours in processes:
            process.join()
            assert process.exitcode == 0
            with suppress(EOFError):
                while True:
                    steps.append(ours.recv())
    assert set(reader.seen) <= {("one",), ("two",), ("three",)}
    assert steps.count("end") == 12
    assert words(pointer) in (["one"], ["two"], ["three"])
    assert beside(pointer) == {".duckdb": KEPT_VERSIONS, ".json": 1, ".lock": 1}
    with capsys.disabled():
        print(f"\n12 builds at once: {steps.count('wait')} waited, all ended, in turn.")


# --- the lock --------------------------------------------------------------------------------


def held(pointer: Path) -> tuple[BaseProcess, int]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = builders.context().Process(
        target=builders.holding, args=(pointer, theirs), daemon=True
    )
    process.start()
    return process, ours.recv()


def test_a_lock_that_cannot_be_had_in_time_is_told_and_a_killed_holder_frees_it(
    data: Path, pointer: Path
):
    process, number = held(pointer)
    command = [sys.executable, "-c", "from barometer_lib.cli import main; main()", "build"]
    command += ["--data", str(data), "--store", str(pointer), "--wait", "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    told = done.stderr.strip().split("\n")
    assert "venter på" in told[0]
    assert f"Proces {number}" in told[1]
    assert "efter 0.5 sekunders" in told[1]
    assert len(told) == 2
    assert not pointer.exists()
    process.kill()
    process.join()
    assert not build(data, pointer, patience=0).unchanged


def broken_lock(kind: int) -> Callable[..., None]:
    def lock(*_: object) -> None:
        raise OSError(kind, os.strerror(kind))

    return lock


@pytest.mark.skipif(sys.platform == "win32", reason="the call of Windows has another name")
def test_a_place_without_locks_is_told_and_nothing_is_built(
    data: Path, pointer: Path, monkeypatch: pytest.MonkeyPatch
):
    made = build(data, pointer)
    monkeypatch.setattr(locking.fcntl, "flock", broken_lock(errno.ENOLCK))
    # what is there already is the right one: nothing has to be written
    assert build(data, pointer).unchanged
    for force, word in ((True, "old"), (False, "new")):
        builders.mark(data, word)
        with pytest.raises(StoreError) as caught:
            build(data, pointer, force=force)
        assert caught.value.code == "store_no_lock"
        for lang in TOLD:
            assert str(locking.lock_path(pointer)) in say(caught.value, lang)
            assert os.strerror(errno.ENOLCK) in say(caught.value, lang)
    assert store.resolve(pointer) == made.version


def test_a_folder_that_cannot_be_written_to_is_told(data: Path, pointer: Path):
    locking.lock_path(pointer).mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        build(data, pointer)
    assert caught.value.code == "store_no_lock"


def test_threads_of_one_process_wait_for_each_other_too(pointer: Path):
    with (
        store.only_builder(pointer),
        pytest.raises(StoreError) as caught,
        store.only_builder(pointer, 0.2),
    ):
        pass
    assert caught.value.fields["holder"] == str(os.getpid())


# --- no room ---------------------------------------------------------------------------------


def cramped(data: Path, pointer: Path, most: int | None) -> tuple[str, str]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    arguments = (data, pointer, most, theirs)
    process = builders.context().Process(target=builders.cramped, args=arguments)
    process.start()
    theirs.close()
    found: tuple[str, str] = ours.recv()
    process.join()
    return found


def sizes(pointer: Path) -> dict[str, int]:
    return {
        path.name: path.stat().st_size
        for path in pointer.parent.iterdir()
        if path.suffix != ".lock"
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no process's files")
def test_a_build_without_room_leaves_the_old_store_and_nothing_else(data: Path, pointer: Path):
    made = build(data, pointer)
    builders.mark(data, "new")
    before = sizes(pointer)
    for most in (0, 100_000, 4_000_000):
        code, told = cramped(data, pointer, most)
        assert code == "store_not_written"
        assert str(pointer.parent if most else Path(tempfile.gettempdir())) in told
        assert sizes(pointer) == before
        assert store.resolve(pointer) == made.version
        assert words(pointer) == ["old"]
    assert cramped(data, pointer, None) == ("", "")
    assert words(pointer) == ["new"]


FILLED = """
import sys
from pathlib import Path
import builders
from barometer_lib import store
from barometer_lib.build import build
from barometer_lib.errors import BarometerError
from barometer_lib.store import writing

data, pointer = map(Path, sys.argv[1:])
room = pointer.parent
made = build(data, pointer)
digest = writing.content_digest(made.version.path)
builders.mark(data, "new")
names = sorted(path.name for path in room.iterdir())
ballast, failed, refused = room / "ballast", 0, 0
for megabytes in range(1, 40):
    with ballast.open("ab") as stream:
        try:
            stream.write(bytes(1_000_000))
            stream.flush()
        except OSError:
            refused += 1
    try:
        made = build(data, pointer, force=True)
        digest = writing.content_digest(made.version.path)
        names = sorted(path.name for path in room.iterdir() if path != ballast)
    except BarometerError as error:
        assert error.code == "store_not_written", error.code
        failed += 1
        assert store.resolve(pointer) == made.version
    assert writing.content_digest(store.resolve(pointer).path) == digest
    assert sorted(path.name for path in room.iterdir() if path != ballast) == names
    if refused:
        break
print(f"{failed} builds failed for want of room on a real full disk")
ballast.unlink()
assert not build(data, pointer, force=True).unchanged
"""


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_disk_that_fills_up(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """On a small disk in memory, made in a world of its own; that needs Linux."""
    room = tmp_path / "room"
    room.mkdir()
    mount = f'mount -t tmpfs -o size=60m none "{room}" && exec "$0" "$@"'
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount; files of bounded size stand in for it")
    command = [*alone, sys.executable, "-c", FILLED, str(data), str(room / "b.json")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=1000
    )
    assert done.returncode == 0, done.stderr
    with capsys.disabled():
        print(f"\n{done.stdout.strip()} (60 MB in memory, tmpfs)")
    assert not done.stdout.startswith("0 ")
