"""Units of figures: which are shares, and how a stored value is printed."""

from __future__ import annotations

# Shares are stored 0-1 and printed times 100; every other unit is stored as printed.
SHARE_UNITS = frozenset({"percent", "percentage_points"})
COUNT_UNITS = frozenset({"count", "persons_fte"})
UNITS = (
    "percent",
    "percentage_points",
    "count",
    "persons_fte",
    "points",
    "rank",
    "per_1000",
    "mean",
)


def scale(unit: str) -> int:
    """What a stored value is multiplied by to be printed: 100 for shares, else 1."""
    return 100 if unit in SHARE_UNITS else 1


def printed(value: float | None, unit: str, decimals: int) -> float | None:
    """A stored value as readers see it: 93.1 for the share 0.931; blank stays blank."""
    return None if value is None else round(value * scale(unit), decimals)


def stored(value: float, unit: str) -> float:
    """A printed value as it is stored: 0.931 for 93.1 percent."""
    return value / scale(unit)


def change_unit(unit: str) -> str:
    """The unit of a change: percent change in percentage points, all else in their own unit."""
    return "percentage_points" if unit == "percent" else unit


def decimals_of(number: float) -> int:
    """How many decimals a printed number has: 1 for 2.4, 0 for 10."""
    text = f"{number:.10f}".rstrip("0")
    return len(text.split(".")[1])
