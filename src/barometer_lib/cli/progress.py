"""A bar on standard error for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE = 2.0
STEPS = 1000


class Progress:
    """A bar for the file at hand, drawn once it takes longer than two seconds."""

    def __init__(self) -> None:
        self.file = ""
        self.begun = time.monotonic()
        self.bar: Any = None

    def seen(self, file: str, share: float) -> None:
        """So much of that file is read, from 0 to 1."""
        if file != self.file:
            self.end()
            self.file, self.begun = file, time.monotonic()
        if self.bar is None and time.monotonic() - self.begun > PATIENCE:
            self.bar = click.progressbar(length=STEPS, label=file, file=sys.stderr)
        if self.bar is not None:
            self.bar.update(max(0, min(STEPS, int(share * STEPS)) - self.bar.pos))

    def end(self) -> None:
        """Ends the line of the bar."""
        if self.bar is not None:
            self.bar.render_finish()
        self.bar = None


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar for as long as the block lasts."""
    made = Progress()
    try:
        yield made
    finally:
        made.end()
