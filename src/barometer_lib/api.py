"""The public functions: one line for a question an analyst has not asked before.

Every function reads the store that `store` (or `BAROMETER_STORE`) names, read-only, and closes it
again. Values come as printed (93.1 percent, not 0.931); `Result.frame()` gives a pandas table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib import store as stores
from barometer_lib.errors import BarometerError, NotFound
from barometer_lib.figures import Change, Figure, shown
from barometer_lib.store import questions
from barometer_lib.store import status as statuses
from barometer_lib.trends import Trend
from barometer_lib.trends import trend as trend_of
from barometer_lib.units import change_unit, printed

if TYPE_CHECKING:
    import pandas as pd

Place = Path | str | None
INDICATOR_COLUMNS = (
    "indicator", "value", "unit", "change", "change_unit", "significant", "counts", "status",
    "reason", "source", "synthetic",
)  # fmt: skip
RANK_COLUMNS = ("city", "score", "rank", "tied", "of", "kind", "source", "synthetic")


@dataclass(frozen=True)
class Result:
    """An answer: `content` is the whole of it with language-neutral codes, `rows` its table.

    `columns` names the table's columns, also where there is no row.
    """

    content: dict[str, Any]
    rows: list[dict[str, Any]]
    columns: Sequence[str] = ()

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas table. Raises `BarometerError` where pandas is not installed."""
        try:
            import pandas as pd
        except ImportError as error:
            raise BarometerError("analysis_extra", name="pandas") from error
        return pd.DataFrame(self.rows, columns=list(self.columns))


@dataclass(frozen=True)
class Barometer:
    """An open, read-only look at one dataset, as it stands or as it was known on a day."""

    session: stores.Session

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

    def trend(self, indicator: str, area: str | None = None, group: str | None = None) -> Result:
        """The history of a series, its newest change, and its trend where points are enough."""
        return _trend(self.session, indicator, area, group)

    def rank(self, index: str, edition: str | None = None, scope: str | None = None) -> Result:
        """The ranks of an edition and scope, with the scores that have no rank beside them."""
        return _rank(self.session, index, edition, scope)


@contextmanager
def open(
    store: Place = None,
    *,
    dataset: str = "published",
    as_of: str | date | None = None,
    round: str | None = None,
) -> Iterator[Barometer]:
    """Opens the store read-only: `with barometer_lib.open() as barometer: ...`.

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
    with stores.session(store, dataset, day) as session:
        yield Barometer(session)


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


def query(sql: str, *, dataset: str = "published", store: Place = None, **bounds: Any) -> Result:
    """The answer to one SELECT in the sandbox: bounded rows, time and memory, no files."""
    from barometer_lib.store.sandbox import query as ask

    answer = ask(sql, store, dataset, **bounds)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    content = {"columns": answer.columns, "rows": rows, "cut": answer.cut}
    return Result(content, rows, answer.columns)


def _trend(session: stores.Session, indicator: str, area: str | None, group: str | None) -> Result:
    code = questions.check_code(session, "indicator", indicator)
    entry = questions.indicator(session, code)
    who = entry["population_group"] if group is None else _checked(session, "group", group)
    place = _area(session, code, area, who)
    rows = questions.history(session, code, [place], [who])
    if not rows:
        raise _nothing(session, code, place, who)
    figures = [Figure.of({**row, "known_until": None}) for row in rows]
    breaks = [one for one in questions.breaks(session, code) if _applies(one, rows[0]["level"])]
    found = trend_of(figures, breaks, entry["polarity"], entry["design_effect"])
    points = [_point(row) for row in rows]
    content = {
        "indicator": code,
        "area": place,
        "group": who,
        "dataset": session.dataset,
        "as_of": None if session.day is None else session.day.isoformat(),
        "unit": entry["unit"],
        "polarity": entry["polarity"],
        "points": points,
        **_told(found),
        "breaks": [{"start": one["start"], "reason": one["reason"]} for one in breaks],
        "ends": entry["ends"],
        "successor": entry["successor"],
        "synthetic": bool(rows[0]["synthetic"]),
    }
    return Result(content, points, list(points[0]))


def _checked(session: stores.Session, kind: str, code: str) -> str:
    return questions.check_code(session, kind, code)


def _area(session: stores.Session, indicator: str, area: str | None, group: str) -> str:
    if area is not None:
        return _checked(session, "area", area)
    rows = questions.history(session, indicator, [], [group])
    have = [row["area"] for row in rows]
    home = str(questions.dataset(session)["home_area"])
    return home if home in have or not have else str(have[0])


def _nothing(session: stores.Session, indicator: str, area: str, group: str) -> BarometerError:
    rows = questions.history(session, indicator)
    return BarometerError(
        "no_measurements",
        indicator=indicator,
        area=area,
        group=group,
        areas=sorted({row["area"] for row in rows}) or ["-"],
        groups=sorted({row["population_group"] for row in rows}) or ["-"],
    )


def _applies(one: Mapping[str, Any], level: str) -> bool:
    return one["area_level"] is None or one["area_level"] == level


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    fine = row["decimals"] + 1
    return {
        "period": row["period"],
        "reported_round": row["reported_round"],
        "value": row["printed"],
        "unit": row["unit"],
        "low": printed(row["low"], row["unit"], fine),
        "high": printed(row["high"], row["unit"], fine),
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "sample_size": row["sample_size"],
        "status": row["status"],
        "known_from": row["known_from"].isoformat(),
        "source": row["source_address"],
        "delivery": row["delivery"],
        "line": row["line"],
        "synthetic": row["synthetic"],
    }


def _told(found: Trend) -> dict[str, Any]:
    latest = found.latest
    return {
        "latest": None
        if latest is None
        else {"period": latest.period, "value": latest.printed, "unit": latest.unit},
        "change": None if found.change is None else _change(found.change),
        "evidence": found.evidence,
        "direction": found.direction,
        "reason": found.reason,
        "comparable_points": found.points,
        "points_before_break": found.before_break,
        "trend": _line(found),
    }


def _change(change: Change) -> dict[str, Any]:
    fine = change.decimals + 1
    return {
        "value": shown(change),
        "unit": change.unit,
        "low": printed(change.low, change.unit, fine),
        "high": printed(change.high, change.unit, fine),
        "significant": change.significant,
        "since": change.reference_period,
        "kind": change.kind,
    }


def _line(found: Trend) -> dict[str, Any] | None:
    line, latest = found.line, found.latest
    if line is None or latest is None:
        return None
    unit = change_unit(latest.unit)
    return {
        "method": "ordinary least squares",
        "slope_per_year": printed(line.slope, unit, 4),
        "unit": unit,
        "low": printed(line.low, unit, 4),
        "high": printed(line.high, unit, 4),
        "se": printed(line.se, unit, 6),
        "p": line.p,
        "points": line.n,
    }


def _rank(session: stores.Session, index: str, edition: str | None, scope: str | None) -> Result:
    code = questions.check_code(session, "index", index)
    editions = questions.editions(session, code)
    start = questions.dataset(session)
    if edition is None:
        edition = str(
            start["start_edition"] if code == start["start_index"] else editions[0]["edition"]
        )
    known = [str(row["edition"]) for row in editions]
    if edition not in known:
        raise NotFound("edition", edition, known)
    have = next(list(row["scopes"] or []) for row in editions if row["edition"] == edition)
    scope = _scope(session, code, scope, have)
    rows = [
        {
            "city": row["city"],
            "score": row["score"],
            "rank": row["rank"],
            "tied": row["tied"],
            "of": row["of"],
            "kind": row["kind"],
            "source": row["source_address"],
            "synthetic": row["synthetic"],
        }
        for row in questions.ranks(session, code, edition, scope)
    ]
    refused = questions.refusal(session, code, edition, scope)
    if not rows and not questions.scores(session, code, edition):
        raise _unranked(code, edition, scope, refused, editions)
    with_rank = {row["city"] for row in rows}
    content = {
        "index": code,
        "edition": edition,
        "scope": scope,
        "dataset": session.dataset,
        "rows": rows,
        "scores_without_rank": [
            {"city": one["city"], "score": one["score"], "source": one["source_address"]}
            for one in questions.scores(session, code, edition)
            if one["city"] not in with_rank
        ],
        "computed_refused": None
        if refused is None
        else {"reason": refused["reason"], "scored": refused["scored"], "of": refused["of"]},
    }
    return Result(content, rows, RANK_COLUMNS)


def _scope(session: stores.Session, index: str, scope: str | None, have: Sequence[str]) -> str:
    known = questions.scopes(session, index)
    if scope is None:
        return "all" if "all" in have or not have else have[0]
    if scope not in known:
        raise NotFound("scope", scope, known)
    return scope


def _unranked(
    index: str,
    edition: str,
    scope: str,
    refused: Mapping[str, Any] | None,
    editions: Sequence[Mapping[str, Any]],
) -> BarometerError:
    published = [
        f"{row['edition']} ({', '.join(row['scopes'])})" for row in editions if row["scopes"]
    ]
    return BarometerError(
        "rank_not_published",
        index=index,
        edition=edition,
        scope=scope,
        why="-" if refused is None else refused["reason"],
        published=published or ["-"],
    )
