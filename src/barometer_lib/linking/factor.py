"""One link: the new method against the old in the periods that were measured by both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Moment = TypeVar("Moment")
METHODS = ("ratio", "difference")


@dataclass(frozen=True)
class Link:
    """`factor` is new/old for a ratio, new minus old for a difference. `variance` is its own
    uncertainty, blank where nothing tells it: one overlap of figures without their n."""

    method: str
    factor: float
    variance: float | None
    overlaps: int


def link(
    old: Sequence[float],
    new: Sequence[float],
    method: str,
    old_variances: Sequence[float | None] = (),
    new_variances: Sequence[float | None] = (),
) -> Link:
    """The link of figures measured by both methods in the same periods, in order.

    A ratio is that of the two means, a difference that of the means. Its variance follows from the
    figures' own variances where every one has one (the two samples taken as independent), else
    from how far the overlaps disagree, else it is not known. Raises `ValueError` where there is no
    overlap, or the old figures are all 0 and a ratio is asked for.
    """
    if not old or len(old) != len(new):
        raise ValueError(f"{len(old)} old figures, {len(new)} new ones")
    if method not in METHODS:
        raise ValueError(method)
    count = len(old)
    mean_old, mean_new = sum(old) / count, sum(new) / count
    if method == "ratio" and mean_old == 0:
        raise ValueError("a ratio to nothing")
    factor = mean_new / mean_old if method == "ratio" else mean_new - mean_old
    weight = factor**2 if method == "ratio" else 1.0
    spread = mean_old**2 if method == "ratio" else 1.0
    known = [*old_variances, *new_variances]
    variance: float | None = None
    if len(known) == 2 * count and all(one is not None for one in known):
        of_old = sum(one or 0.0 for one in old_variances) / count**2
        of_new = sum(one or 0.0 for one in new_variances) / count**2
        variance = (of_new + weight * of_old) / spread
    elif count > 1:
        carried = [y * factor if method == "ratio" else y + factor for y in old]
        left = sum((b - a) ** 2 for a, b in zip(carried, new, strict=True))
        variance = left / (count - 1) / count / spread
    return Link(method, factor, variance, count)


def back_cast(value: float, variance: float | None, over: Link) -> tuple[float, float | None]:
    """An old figure on the new basis, and its variance: its own (blank: none known) carried over,
    and the link's added. Blank where the link's is not known."""
    ratio = over.method == "ratio"
    carried = value * over.factor if ratio else value + over.factor
    if over.variance is None:
        return carried, None
    own = (variance or 0.0) * (over.factor**2 if ratio else 1.0)
    return carried, own + over.variance * (value**2 if ratio else 1.0)


def splice(
    old: Mapping[Moment, float],
    new: Mapping[Moment, float],
    overlap: Sequence[Moment],
    method: str,
) -> dict[Moment, float]:
    """The linked series: old figures of periods the new method lacks, carried over; then the new.

    Raises `ValueError` where a period of the overlap was not measured by both.
    """
    missing = [one for one in overlap if one not in old or one not in new]
    if missing:
        raise ValueError(f"not measured by both: {missing}")
    over = link([old[one] for one in overlap], [new[one] for one in overlap], method)
    carried = {one: back_cast(value, None, over)[0] for one, value in old.items()}
    return {one: value for one, value in carried.items() if one not in new} | dict(new)
