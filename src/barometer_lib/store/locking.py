"""One build of a store at a time: a lock beside the pointer, held by the operating system.

The system frees it when its holder ends, however that ends. The lock's file stays where it is:
whoever removed it while another waits would make two locks of one.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from barometer_lib.errors import StoreError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# How long a build waits for another one, and how often it looks.
PATIENCE = 3600.0
LOOK = 0.1
TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows locks bytes, and nobody else may read them: one that is far behind what is written.
FAR = 1 << 30


def lock_path(pointer: Path) -> Path:
    """The file that a build of this store locks."""
    return pointer.with_name(f"{pointer.name}.lock")


@contextmanager
def only_builder(
    pointer: Path,
    patience: float = PATIENCE,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Nobody else builds the store of `pointer` meanwhile, in no process and no thread.

    Calls `waiting` once where another build has to be waited for. Raises `StoreError` where it is
    still there after `patience` seconds (`store_locked`), or where the place knows no locks or
    cannot be written to (`store_no_lock`).
    """
    path = lock_path(pointer)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError("store_no_lock", path=str(path), problem=_problem(error)) from error
    try:
        _take(handle, path, patience, waiting)
        _sign(handle)
        yield
    finally:
        # Closing frees the lock.
        os.close(handle)


def _take(handle: int, path: Path, patience: float, waiting: Callable[[], None]) -> None:
    until = time.monotonic() + patience
    told = False
    while not _free(handle, path):
        if time.monotonic() >= until:
            seconds = f"{patience:g}"
            raise StoreError("store_locked", path=str(path), seconds=seconds, holder=_holder(path))
        if not told:
            waiting()
            told = True
        time.sleep(LOOK)


def _free(handle: int, path: Path) -> bool:
    """Whether the lock was free, and is ours now."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise StoreError("store_no_lock", path=str(path), problem=_problem(error)) from error
    return True


def _sign(handle: int) -> None:
    """Leaves the number of this process in the file, for those who wait too long."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
    except OSError:
        # A full disk: the lock holds without a name in it.
        return


def _holder(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip() or "?"
    except OSError:
        return "?"


def _problem(error: OSError) -> str:
    return error.strerror or type(error).__name__
