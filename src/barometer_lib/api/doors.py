"""Each question in one line: the store is opened, asked and closed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from barometer_lib.api.barometer import Place, open
from barometer_lib.api.result import Result


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


def charter(year: int | None = None, *, dataset: str = "published", store: Place = None) -> Result:
    """As `Barometer.charter`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.charter(year)


def evaluate(
    indicator: str,
    treated: Sequence[str],
    first: str,
    *,
    against: Sequence[str] = (),
    since: str | None = None,
    group: str | None = None,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.evaluate`, on the store as it stands."""
    with open(store, dataset=dataset) as barometer:
        return barometer.evaluate(
            indicator, treated, first, against=against, since=since, group=group
        )


def gap(
    indicator: str,
    area: str | None = None,
    group: str | None = None,
    *,
    against: str | None = None,
    as_of: str | date | None = None,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.gap`, on the store as it stands or as it was known on `as_of`."""
    with open(store, dataset=dataset, as_of=as_of) as barometer:
        return barometer.gap(indicator, area, group, against=against)


def compare(
    indicator: str,
    division: str | None = None,
    group: str | None = None,
    period: str | None = None,
    *,
    against: str | None = None,
    along: str | None = None,
    as_of: str | date | None = None,
    dataset: str = "published",
    store: Place = None,
) -> Result:
    """As `Barometer.compare`, on the store as it stands or as it was known on `as_of`."""
    with open(store, dataset=dataset, as_of=as_of) as barometer:
        return barometer.compare(indicator, division, group, period, against=against, along=along)


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


def query(
    sql: str | None = None,
    *,
    stored: str | None = None,
    values: Mapping[str, Any] | None = None,
    dataset: str = "published",
    store: Place = None,
    **bounds: Any,
) -> Result:
    """The answer to one SELECT in the sandbox: bounded rows, time and memory, no files.

    Either your own `sql`, or the name of a `stored` query; `values` are bound to its `$name`s.
    Raises `NotFound` for a stored query, parameter or code that does not exist.
    """
    from barometer_lib.store.sandbox import query as ask
    from barometer_lib.store.stored import stored_query

    bound = dict(values or {})
    if stored is not None:
        with open(store, dataset=dataset) as barometer:
            sql, bound = stored_query(barometer.session, stored, bound)
    answer = ask(sql or "", store, dataset, values=bound, **bounds)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    content = {"columns": answer.columns, "rows": rows, "cut": answer.cut}
    return Result(content, rows, answer.columns)


def stored_queries() -> Result:
    """The queries that can be asked by name: what each tells and its parameters (`?` may be left
    out)."""
    from barometer_lib.store.stored import stored_queries as known

    rows = [
        {
            "query": one.name,
            "parameters": ", ".join(of.name + "?" * (not of.required) for of in one.parameters),
            "tells": one.tells,
        }
        for one in known().values()
    ]
    return Result({"columns": list(rows[0]), "rows": rows, "cut": False}, rows, list(rows[0]))
