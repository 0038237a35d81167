"""A published edition for tests to read: one policy of the demo city, and two real rounds."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from barometer_lib.edition import publish
from shared_store import REPOSITORY, pointer

BASE = "https://example.org/barometer"
DEMO, POLICY = "demo-2014-07", "demo-safe-city"
ROUNDS = ("2013-01", "2017")


@cache
def edition(dataset: str) -> Path:
    """The folder of a dataset, published once for all tests; gone when they end."""
    home = Path(tempfile.mkdtemp(prefix="edition-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    out = home / dataset
    given = {"store": pointer(), "folder": REPOSITORY / "no-deliveries"}
    if dataset == "demo":
        publish(DEMO, out, POLICY, dataset="demo", contact="tal@example.org", **given)
    else:
        for code in ROUNDS:
            publish(code, out, base_url=BASE, **given)
    return out
