"""The three answers and the rules side by side, for every series in every round of its policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometer_lib.assessment.answers import direction, pace
from barometer_lib.assessment.answers.adjusting import adjust
from barometer_lib.assessment.answers.compare import Compared, compared, facts_of, judged
from barometer_lib.assessment.answers.level import level
from barometer_lib.assessment.answers.seen import Aim, Reply, Seen, aim_of, fine
from barometer_lib.assessment.book import Book, Row
from barometer_lib.assessment.named import RULES as NAMED
from barometer_lib.assessment.named.verdicts import RuleVerdict
from barometer_lib.assessment.rules import RULES, Case
from barometer_lib.figures.changes import shown
from barometer_lib.figures.fits import Ask, Fit, Fitter, Tester

DEFAULT = "linear_gap_closure"
MAXIMUM = "maximum_in_every_area"


@dataclass(frozen=True)
class Answered:
    """Rows of the tables `answer` and `rule_verdict`."""

    answers: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """One series of an indicator under a goal in a round: what every row of it starts with."""

    policy: Row
    this: Row
    previous: Row | None
    goal: str
    indicator: str
    area: str
    group: str
    own: bool

    def row(self) -> dict[str, Any]:
        """The keys of its rows."""
        return {
            "policy": self.policy["policy"],
            "round": self.this["round"],
            "goal": self.goal,
            "indicator": self.indicator,
            "area": self.area,
            "population_group": self.group,
            "own": self.own,
        }


def answer(tables: Mapping[str, Sequence[Row]], fit: Fitter, test: Tester) -> Answered:
    """Answers for every series known on the day of each round of each policy.

    `tables` are those of `assess`, with `rule_change` where a policy changed its rule; `fit` fits
    lines, `test` tests the series a policy is judged by (in the facts of its direction). The p of
    directions shown together are adjusted for one another.

    The rules stand side by side for the series a policy is judged by; for other areas and
    groups there is the policy's own rule and the default one, where a target holds.
    """
    book = Book(tables)
    looks = [
        look
        for policy in tables["policy"]
        for this, previous in book.pairs(policy["policy"])
        for place in _places(book, policy, this, previous)
        if (look := _look(book, place)) is not None
    ]
    asks = list(dict.fromkeys(one for look in looks for one in (look.line, look.aimed) if one))
    fits = dict(zip(asks, fit(asks), strict=True))
    found = Answered([], [])
    for look in looks:
        _answer_one(book, look, fits, found, test)
    adjust(found.answers, book.levels)
    return found


@dataclass(frozen=True)
class Look:
    """One series as seen in a round, and the lines it needs: its own and to its target."""

    place: Place
    case: Case
    seen: Seen
    aim: Aim
    line: Ask | None
    aimed: Ask | None


def _look(book: Book, place: Place) -> Look | None:
    """The series as it was known; blank where there was no figure of it."""
    case = book.case(
        place.policy, place.this, place.previous, place.indicator, place.area, place.group
    )
    if not case.figures:
        return None
    seen = book.seen(place.policy, place.goal, case, place.area, place.group)
    aim = aim_of(seen)
    series = tuple(seen.times), tuple(seen.values)
    line = Ask(*series) if direction.needs_line(seen) else None
    wanted = pace.needs_line(seen, aim)
    aimed = Ask(*series, aim.time, aim.value, aim.better) if wanted else None
    return Look(place, case, seen, aim, line, aimed)


def _places(book: Book, policy: Row, this: Row, previous: Row | None) -> list[Place]:
    own = book.area_of(policy)
    return [
        Place(
            policy,
            this,
            previous,
            goal["goal"],
            row["indicator"],
            area,
            group,
            area == own and group == book.indicators[row["indicator"]]["population_group"],
        )
        for goal, under in book.goals(policy)
        for row in under
        for area, group in book.known.places(row["indicator"])
    ]


def _answer_one(
    book: Book, look: Look, fits: Mapping[Ask, Fit], found: Answered, test: Tester
) -> None:
    place, seen, aim = look.place, look.seen, look.aim
    least = book.least_of(place.policy)
    line = None if look.line is None else fits[look.line]
    aimed = None if look.aimed is None else fits[look.aimed]
    for reply in (
        level(seen, aim),
        direction.direction(seen, line, test if place.own else None, aim.value),
        pace.pace(seen, aim, aimed, least),
    ):
        found.answers.append(_answer_row(place, reply, seen, book.synthetic))
    found.verdicts.extend(_verdict_rows(book, place, look.case, seen, aim))


def _answer_row(place: Place, reply: Reply, seen: Seen, synthetic: bool) -> dict[str, Any]:
    return place.row() | {
        "period": None if seen.latest is None else seen.latest.period,
        "question": reply.question,
        "code": reply.code,
        "reason": reply.reason,
        "evidence": reply.evidence,
        "points": len(seen.comparable),
        "amount": reply.amount,
        "low": reply.low,
        "high": reply.high,
        "unit": reply.unit,
        "decimals": reply.decimals,
        "probability": reply.probability,
        "facts": reply.facts,
        "synthetic": synthetic,
    }


def _verdict_rows(
    book: Book, place: Place, case: Case, seen: Seen, aim: Aim
) -> list[dict[str, Any]]:
    rule, before = book.rules_of(place.policy, place.this)
    least = book.least_of(place.policy)
    if place.own:
        rows = [*compared(seen, aim, None, least), *_changes(book, place, case, aim)]
    else:
        wanted = dict.fromkeys(name for name in (rule, before, DEFAULT) if name in NAMED)
        rows = [judged(seen, aim, str(name), least) for name in wanted if aim.reason == "target"]
    role = {rule: "own", before: "before"}
    return [
        _verdict_row(place, one, seen, role.get(one.plain.rule, "compared"), book.synthetic)
        for one in rows
    ]


def _changes(book: Book, place: Place, case: Case, aim: Aim) -> list[Compared]:
    """The rules of change, and the limit in every district where the goal has one."""
    rows = []
    based = replace(case, base_period=case.base_period or aim.base_period)
    for name, rule in RULES.items():
        if name == "since_base" and based.base_period is None:
            continue
        said = rule(based)
        change = None if said.change is None else shown(said.change)
        code = None if said.status in ("no_new_figures", "white") else said.status
        tested = said.change is not None and said.change.significant is not None
        since = None if said.change is None else said.change.reference_period
        facts = {} if since in (None, "previous") else {"base_period": since}
        plain = RuleVerdict(name, "1", code, said.reason, change, facts=facts)
        rows.append(Compared(plain, code if tested else None, (), {}))
    districts = book.areas_above(
        place.policy, place.goal, place.indicator, place.this, place.previous
    )
    if districts is not None:
        code = None if districts.status == "cannot_tell" else districts.status
        count = districts.facts.get("count")
        plain = RuleVerdict(MAXIMUM, "1", code, districts.reason, count)
        rows.append(Compared(plain, None, (), {}))
    return rows


def _verdict_row(
    place: Place, one: Compared, seen: Seen, role: str, synthetic: bool
) -> dict[str, Any]:
    plain = one.plain
    return place.row() | {
        "period": None if seen.latest is None else seen.latest.period,
        "rule": plain.rule,
        "version": plain.version,
        "role": role,
        "verdict": plain.verdict,
        "told": one.told,
        "between": list(one.between),
        "reason": plain.reason,
        "measure": fine(plain.measure, 6),
        "score": fine(plain.score, 4),
        "probability": one.probability,
        "chances": one.chances,
        "facts": facts_of(one, seen),
        "synthetic": synthetic,
    }
