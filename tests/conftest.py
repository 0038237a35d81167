"""What every test may use: the drawn tables of `tables.py`, and properties without a clock."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

# Machines that test are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a server, a browser or a store in one process, side by side with others."""
    for item in items:
        group = "browser" if item.get_closest_marker("browser") else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def built() -> Path:
    """The pointer of a store built once from the shipped data; tests only read it."""
    from shared_store import pointer

    return pointer()
