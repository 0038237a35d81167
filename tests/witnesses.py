"""Numbers of other people's making, transcribed to `reference/` with their source named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).resolve().parent / "reference"


def page(name: str) -> dict[str, Any]:
    """A whole page of reference numbers; it says what they are and where they are from."""
    found = json.loads((REFERENCE / name).read_text("utf-8"))
    assert found["what"]
    assert found["source"]
    assert found["address"].startswith("https://")
    return found


def cases(name: str, *words: str) -> list[Any]:
    """The page's cases as parameters; with `words` those whose id begins with one of them."""
    found = [
        pytest.param(case, id=f"{case['id']} {case['place']}")
        for case in page(name)["cases"]
        if not words or case["id"].startswith(words)
    ]
    assert found, f"{name} has no case {words}"
    return found


def near(case: dict[str, Any], wanted: Any) -> Any:
    """The wanted number within the tolerance that the source's own printing gives."""
    return pytest.approx(wanted, abs=case["abs"], rel=case["rel"])
