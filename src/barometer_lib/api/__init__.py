"""The public functions: one line for a question an analyst has not asked before.

Every function reads the store that `store` (or `BAROMETER_STORE`) names, read-only, and closes it
again. Values come as printed (93.1 percent, not 0.931); `Result.frame()` gives a pandas table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from barometer_lib import store as stores
from barometer_lib.api.assessing import assess_answer
from barometer_lib.api.changes import change_answer
from barometer_lib.api.deliver import add, check
from barometer_lib.api.differences import diff_answer, revisions_answer
from barometer_lib.api.ranks import rank_answer
from barometer_lib.api.result import Result
from barometer_lib.api.series import trend_answer
from barometer_lib.store import questions
from barometer_lib.store import status as statuses

__all__ = [
    "Barometer", "Index", "Result", "add", "assess", "check", "diff", "index_stress",
    "index_what_if", "open", "query", "rank", "rank_change", "read_answers", "read_index",
    "read_sheet", "read_structure", "revisions", "status", "trend",
]  # fmt: skip
MAKING = ("Index", "read_answers", "read_index", "read_sheet", "read_structure")

if TYPE_CHECKING:
    from barometer_lib.api.composite import (
        Index,
        read_answers,
        read_index,
        read_sheet,
        read_structure,
    )
    from barometer_lib.api.index_doors import index_stress, index_what_if

Place = Path | str | None
INDICATOR_COLUMNS = (
    "indicator", "value", "unit", "change", "change_unit", "significant", "counts", "status",
    "reason", "source", "synthetic",
)  # fmt: skip


@dataclass(frozen=True)
class Barometer:
    """An open, read-only look at one dataset, as it stands or as it was known on a day.

    Made by `open`; closed by `close`, or at the end of a `with` block.
    """

    session: stores.Session
    close: Callable[[], None]

    def __enter__(self) -> Self:
        """The barometer itself, open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the store's file."""
        self.close()

    def sql(self, statement: str, values: Mapping[str, Any] | None = None) -> Result:
        """The rows of your own SQL, with values bound by `$name`. Trusted callers only."""
        rows = self.session.rows(statement, values)
        return Result({"rows": rows}, rows, list(rows[0]) if rows else ())

    def codes(self, kind: str) -> list[str]:
        """Every code of a kind: policy, round, goal, indicator, area, group, committee, index."""
        return questions.known_codes(self.session, kind)

    def status(self, policy: str, round: str | None = None, committee: str | None = None) -> Result:
        """The status of a policy's goals in a round (its newest unless named)."""
        content = statuses.status(self.session, policy, round, committee)
        rows = [
            {"goal": goal["goal"], "number": goal["number"], "goal_status": goal["status"]}
            | {key: one[key] for key in INDICATOR_COLUMNS}
            for goal in content["goals"]
            for one in goal["indicators"]
        ]
        return Result(content, rows, ("goal", "number", "goal_status", *INDICATOR_COLUMNS))

    def assess(
        self,
        policy: str,
        round: str | None = None,
        indicator: str | None = None,
        *,
        area: str | None = None,
        group: str | None = None,
        rule: str | None = None,
        compare_rules: bool = False,
    ) -> Result:
        """Level, direction and pace of a round's indicators, one row per answer (`question`).

        `code` says what, `reason` why; `amount`, `low`, `high` in `unit` as printed: the distance
        from the target, the change (per year from five points on), the projection. A row `policy`
        holds the policy's own status; rows `rule` the verdict (`code`) and what may be told of it.
        """
        return assess_answer(
            self.session, policy, round, indicator, area, group, rule, compare_rules=compare_rules
        )

    def trend(self, indicator: str, area: str | None = None, group: str | None = None) -> Result:
        """The history of a series, its newest change, and its trend where points are enough."""
        return trend_answer(self.session, indicator, area, group)

    def rank(self, index: str, edition: str | None = None, scope: str | None = None) -> Result:
        """The ranks of an edition and scope, with the scores that have no rank beside them."""
        return rank_answer(self.session, index, edition, scope)

    def diff(self, before: str, after: str, policy: str | None = None) -> Result:
        """What round `after` says otherwise than round `before`, and why: one cause a row."""
        return diff_answer(self.session, before, after, policy)

    def revisions(self, indicator: str | None = None) -> Result:
        """How much figures were revised from the first that was known to the one that stands."""
        return revisions_answer(self.session, indicator)

    def rank_change(
        self,
        index: str,
        edition: str | None = None,
        against: str | None = None,
        *,
        city: str | None = None,
        scope: str | None = None,
        against_scope: str | None = None,
    ) -> Result:
        """Why a city's rank differs between two editions: its own movement, the others', the
        growth of the field, a change of weights. Rows are the parts in places (above 0 is a fall);
        they add up to `content["change"]`. A blank part cannot be told; `untold` says why.

        Without `city` the index's home city, without `against` the ranked edition before. Raises
        `BarometerError` where the city has no rank in both editions.
        """
        return change_answer(self.session, index, edition, against, city, (scope, against_scope))


def open(
    store: Place = None,
    *,
    dataset: str = "published",
    as_of: str | date | None = None,
    round: str | None = None,
) -> Barometer:
    """Opens the store read-only: `barometer = barometer_lib.open()`, or in a `with` statement.

    `as_of` a day or `round` a round's code shows the measurements as they were known then.
    Raises `StoreError` where there is no store, `NotFound` for a round that does not exist.
    """
    day = stores.parse_day(as_of) if isinstance(as_of, str) else as_of
    if round is not None:
        with stores.session(store, dataset) as session:
            code = questions.check_code(session, "round", round)
            day = next(
                row["published_day"] for row in questions.rounds(session) if row["round"] == code
            )
    stack = ExitStack()
    session = stack.enter_context(stores.session(store, dataset, day))
    return Barometer(session, stack.close)


def status(
    policy: str,
    round: str | None = None,
    committee: str | None = None,
    *,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.status`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.status(policy, round, committee)


def assess(
    policy: str,
    round: str | None = None,
    indicator: str | None = None,
    *,
    area: str | None = None,
    group: str | None = None,
    rule: str | None = None,
    compare_rules: bool = False,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.assess`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.assess(
            policy,
            round,
            indicator,
            area=area,
            group=group,
            rule=rule,
            compare_rules=compare_rules,
        )


def trend(
    indicator: str,
    area: str | None = None,
    group: str | None = None,
    *,
    as_of: str | date | None = None,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.trend`, on the store as it stands or as it was known on `as_of`."""
    with open(store, dataset=dataset, as_of=as_of) as barometer:
        return barometer.trend(indicator, area, group)


def rank(
    index: str,
    edition: str | None = None,
    scope: str | None = None,
    *,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.rank`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.rank(index, edition, scope)


def diff(
    before: str,
    after: str,
    policy: str | None = None,
    *,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.diff`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.diff(before, after, policy)


def revisions(
    indicator: str | None = None, *, dataset: str = "published", store: Place = None
) -> Result:
    """As `Barometer.revisions`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.revisions(indicator)


def rank_change(
    index: str,
    edition: str | None = None,
    against: str | None = None,
    *,
    city: str | None = None,
    scope: str | None = None,
    against_scope: str | None = None,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.rank_change`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.rank_change(
            index, edition, against, city=city, scope=scope, against_scope=against_scope
        )


def query(sql: str, *, dataset: str = "published", store: Place = None, **bounds: Any) -> Result:
    """The answer to one SELECT in the sandbox: bounded rows, time and memory, no files."""
    from barometer_lib.store.sandbox import query as ask

    answer = ask(sql, store, dataset, **bounds)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    content = {"columns": answer.columns, "rows": rows, "cut": answer.cut}
    return Result(content, rows, answer.columns)


def __getattr__(name: str) -> Any:
    """The index functions, which need numpy: loaded when they are asked for."""
    if name in ("index_stress", "index_what_if"):
        from barometer_lib.api import index_doors

        return getattr(index_doors, name)
    if name in MAKING:
        from barometer_lib.api import composite

        return getattr(composite, name)
    raise AttributeError(name)
