"""A look at one dataset of the store, open and read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from barometer_lib import store as stores
from barometer_lib.api.assessing import assess_answer
from barometer_lib.api.changes import change_answer
from barometer_lib.api.comparing import compare_answer
from barometer_lib.api.differences import diff_answer, revisions_answer
from barometer_lib.api.gaps import gap_answer
from barometer_lib.api.ranks import rank_answer
from barometer_lib.api.result import Result
from barometer_lib.api.series import trend_answer
from barometer_lib.store import questions
from barometer_lib.store import status as statuses

Place = Path | str | None
INDICATOR_COLUMNS = (
    "indicator", "value", "unit", "change", "change_unit", "significant", "counts", "status",
    "reason", "source", "synthetic", "rounded_to",
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

    def charter(self, year: int | None = None) -> Result:
        """The charter's commitments in a year: what the barometer follows, and the answers.

        One row per commitment: `follow_up` is `met`, `stale` or `none`, `answer` blank where the
        city gave none. Without `year` that of the newest answer. Raises `NotFound` for a year
        without answers.
        """
        from barometer_lib.api.commitments import charter_answer

        return charter_answer(self.session, year)

    def evaluate(
        self,
        indicator: str,
        treated: Sequence[str],
        first: str,
        *,
        against: Sequence[str] = (),
        since: str | None = None,
        group: str | None = None,
    ) -> Result:
        """A local programme in the areas `treated` from period `first`, against the other areas.

        Rows are estimates, `effect` in the unit of a change, `p` by permutation over all sets of as
        many areas with the smallest p they can give; blank where an estimate has none. The content
        holds the verdict's code, the checks and the leads and lags. `since` is the first period
        used. Refuses an unlinked break and fewer than two periods before with `BarometerError`.
        """
        from barometer_lib.api.evaluating import evaluate_answer

        return evaluate_answer(self.session, indicator, treated, first, group, since, against)

    def gap(
        self,
        indicator: str,
        area: str | None = None,
        group: str | None = None,
        *,
        against: str | None = None,
    ) -> Result:
        """Each group's difference from what it is compared with, one row per group, comparison
        (`against`: reference, rest, mean, target; all where none is named) and period.

        `gap` in `gap_unit` with its 95 % limits, above 0 where the group lies higher; `ratio` is
        group over comparison. Blank limits: the figures do not say how many people they are of.
        Changes, splits into composition and rate, refusals and sentences stand in `content`.
        """
        return gap_answer(self.session, indicator, area, group, against)

    def compare(
        self,
        indicator: str,
        division: str | None = None,
        group: str | None = None,
        period: str | None = None,
        *,
        against: str | None = None,
        along: str | None = None,
    ) -> Result:
        """A division's districts beside their city, all districts together or the target for every
        district (`against`: city, districts, target), one row per district.

        Numbers in percent and percentage points; outcomes by every published way to compare.
        Inequality, segregation, a slope `along` another indicator and sentences stand in `content`.
        Raises `BarometerError` where fewer than three districts carry a share and its people.
        """
        return compare_answer(self.session, indicator, division, group, period, against, along)

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
