"""Why a rank changed: the city's own movement, the others', the field and the method.

A city's rank is 1 plus the number of cities with a higher score. Between two editions up to four
things change: its own score (`own`), the scores of the cities in both editions (`others`), which
cities take part (`field`) and how a score is weighed (`method`). The rank is worked out with every
combination of changed and unchanged things; each gets its Shapley share of the whole change: its
mean effect over all orders in which the four could have changed. The shares add up exactly, and no
order is preferred. Above 0 is a fall (a larger rank number), below 0 a rise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any

Scores = Mapping[str, float]
Row = Mapping[str, Any]
PARTS = ("own", "others", "field", "method")


@dataclass(frozen=True)
class Editions:
    """The scores of one field in two editions, each as it was weighed and by the other's weights.

    The re-weighed scores are blank where they cannot be worked out; nothing is then said of the
    method.
    """

    before: Scores
    after: Scores
    before_by_new: Scores | None = None
    after_by_old: Scores | None = None

    @property
    def common(self) -> set[str]:
        """The cities in both editions."""
        return set(self.before) & set(self.after)

    @property
    def joined(self) -> set[str]:
        """The cities in the later edition alone."""
        return set(self.after) - set(self.before)

    @property
    def left(self) -> set[str]:
        """The cities in the earlier edition alone."""
        return set(self.before) - set(self.after)

    @property
    def parts(self) -> tuple[str, ...]:
        """What may have changed between the two."""
        by_both = self.before_by_new is not None and self.after_by_old is not None
        return PARTS if by_both else PARTS[:-1]


@dataclass(frozen=True)
class Split:
    """A change of rank and its parts, and the facts behind them.

    `parts` adds up to `rank - rank_against`. `rank_common` and `rank_common_against` are the ranks
    among the cities in both editions. `passed` are cities of both editions that were not behind
    and now are, `passed_by` those that were not ahead and now are.
    """

    rank: int
    rank_against: int
    parts: Mapping[str, Fraction]
    rank_common: int
    rank_common_against: int
    common: int
    joined: int
    left: int
    joined_ahead: Sequence[str] = field(default_factory=tuple)
    left_ahead: Sequence[str] = field(default_factory=tuple)
    passed: Sequence[str] = field(default_factory=tuple)
    passed_by: Sequence[str] = field(default_factory=tuple)

    @property
    def change(self) -> int:
        """The later rank less the earlier one: above 0 is a fall."""
        return self.rank - self.rank_against


def rank_among(city: str, scores: Scores) -> int:
    """A city's rank: 1 and the number of cities with a higher score."""
    own = scores[city]
    return 1 + sum(1 for score in scores.values() if score > own)


def _scores_when(editions: Editions, city: str, changed: frozenset[str]) -> dict[str, float]:
    """The field's scores with the `changed` things as they are in the later edition."""
    before, after = editions.before, editions.after
    if "method" in changed:
        before = before if editions.before_by_new is None else editions.before_by_new
    elif editions.after_by_old is not None:
        after = editions.after_by_old
    found = {one: (after if "others" in changed else before)[one] for one in editions.common}
    found[city] = (after if "own" in changed else before)[city]
    if "field" in changed:
        return found | {one: after[one] for one in editions.joined}
    return found | {one: before[one] for one in editions.left}


def split(editions: Editions, city: str) -> Split:
    """The change of a city's rank between two editions, split into its parts.

    The city must have a score in both editions. Where nothing is known of the method it counts as
    the same, and `parts` has no `method`.
    """
    names = editions.parts
    ranks = {
        frozenset(some): rank_among(city, _scores_when(editions, city, frozenset(some)))
        for size in range(len(names) + 1)
        for some in combinations(names, size)
    }
    shares = {name: _shapley(name, names, ranks) for name in names}
    before, after = editions.before, editions.after
    common = editions.common
    behind_before = {one for one in common if before[one] < before[city]}
    behind_after = {one for one in common if after[one] < after[city]}
    ahead_before = {one for one in common if before[one] > before[city]}
    ahead_after = {one for one in common if after[one] > after[city]}
    return Split(
        rank=rank_among(city, after),
        rank_against=rank_among(city, before),
        parts=shares,
        rank_common=1 + len(ahead_after),
        rank_common_against=1 + len(ahead_before),
        common=len(common),
        joined=len(editions.joined),
        left=len(editions.left),
        joined_ahead=sorted(one for one in editions.joined if after[one] > after[city]),
        left_ahead=sorted(one for one in editions.left if before[one] > before[city]),
        passed=sorted(behind_after - behind_before),
        passed_by=sorted(ahead_after - ahead_before),
    )


def _shapley(name: str, names: Sequence[str], ranks: Mapping[frozenset[str], int]) -> Fraction:
    others = [one for one in names if one != name]
    total = Fraction(0)
    for size in range(len(others) + 1):
        orders = factorial(size) * factorial(len(others) - size)
        for some in combinations(others, size):
            effect = ranks[frozenset((*some, name))] - ranks[frozenset(some)]
            total += Fraction(orders * effect, factorial(len(names)))
    return total


@dataclass(frozen=True)
class Told:
    """What two published ranks tell of a change without the other cities' scores.

    `own` is 0 where the score stood still, else blank: what it moved depends on the others.
    `field` and `others` are then the least and most they may be if no city left the field; blank
    where the own score moved, a field's size is not stated or the field became smaller.
    """

    own: int | None
    field: tuple[int, int] | None
    others: tuple[int, int] | None
    untold: tuple[str, ...]


def told_of_published(before: Row, after: Row) -> Told:
    """Bounds from ranks, fields' sizes and scores alone (rows with `rank`, `of`, `score`).

    With N₁ cities before and N₂ after, none gone, N₂ - N₁ joined. Of those, at most `rank - 1` are
    ahead; at least as many as the cities of before could not be, and as do not fit behind.
    """
    same = before["score"] is not None and before["score"] == after["score"]
    own = 0 if same else None
    untold = ["others_scores_unknown"] if same else ["others_scores_unknown", "own_moved"]
    if before["of"] is None or after["of"] is None:
        return Told(own, None, None, (*untold, "field_size_unknown"))
    joined = after["of"] - before["of"]
    if joined < 0:
        return Told(own, None, None, (*untold, "field_shrank"))
    if not same:
        return Told(own, None, None, tuple(untold))
    ahead = after["rank"] - 1
    least = max(0, ahead - (before["of"] - 1), joined - (after["of"] - after["rank"]))
    most = min(joined, ahead)
    change = after["rank"] - before["rank"]
    return Told(own, (least, most), (change - most, change - least), (*untold, "leavers_unknown"))
