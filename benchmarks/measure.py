"""A subject and its floor in turn (A B A B), in processor seconds; the median of the ratios."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter, process_time

try:
    import resource
except ImportError:  # Windows: processes are timed by the clock there
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Finding:
    """A ratio with its spread. `limit` is blank where the ratio is told and not judged.

    The limit is the most the ratio may be, or with `at_least` the least.
    """

    name: str
    ratio: float
    low: float
    high: float
    limit: float | None
    subject_ms: float
    floor_ms: float
    at_least: bool = False

    @classmethod
    def of(cls, name: str, value: float, limit: float | None) -> Finding:
        """A value measured once."""
        return cls(name, value, value, value, limit, 0, 0)

    @property
    def good(self) -> bool:
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def facts(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "ok": self.good}

    def line(self) -> str:
        """For people."""
        limit = "-" if self.limit is None else f"{'>= ' if self.at_least else ''}{self.limit:g}"
        verdict = "ok" if self.good else "FAIL"
        small = 0 < self.high < 0.01
        ratio, low, high = (
            f"{one:.1e}" if small else f"{one:.2f}" for one in (self.ratio, self.low, self.high)
        )
        return (
            f"{self.name:<44} {ratio:>7}  ({low}-{high})  "
            f"limit {limit:>7}  {verdict:<4}  {self.subject_ms:.0f} / {self.floor_ms:.0f} ms"
        )


def _children() -> float:
    if resource is None:
        return perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(used.ru_utime + used.ru_stime)


def process(arguments: Sequence[str]) -> float:
    """Processor seconds of a Python process with these arguments."""
    begun = _children()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return _children() - begun


def here(work: Callable[[], object]) -> float:
    """Processor seconds of work in this process, all threads."""
    begun = process_time()
    work()
    return process_time() - begun


def compare(
    name: str,
    subject: Callable[[], float],
    floor: Callable[[], float],
    *,
    limit: float | None = None,
    at_least: bool = False,
    rounds: int = 7,
    floors: int = 3,
) -> Finding:
    """The ratio of a subject to its floor, each measured in turn after one run to warm up."""
    subject()
    floor()
    ratios, subjects, bare = [], [], []
    for _ in range(rounds):
        below = sum(floor() for _ in range(floors)) / floors
        above = subject()
        ratios.append(above / max(below, 1e-6))
        subjects.append(above)
        bare.append(below)
    return Finding(
        name,
        median(ratios),
        min(ratios),
        max(ratios),
        limit,
        median(subjects) * 1000,
        median(bare) * 1000,
        at_least,
    )
