"""Stored queries: SQL with a name and parameters, asked in the sandbox like any other.

They stand in `stored.sql`: a line `-- query NAME: what it tells`, a line `-- param NAME: what` for
each parameter (`NAME?` may be left out and is then blank), and the statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from barometer_lib.errors import BadInput, NotFound
from barometer_lib.store.questions import check_code
from barometer_lib.store.sessions import Session

KINDS = ("indicator", "area", "group", "policy", "round", "index", "city")
"""Parameters that are codes, checked before the query is asked."""
LINE = re.compile(r"-- (query|param) (\w+)(\??): (.+)")


@dataclass(frozen=True)
class Parameter:
    """One parameter; without `required` it may be blank."""

    name: str
    tells: str
    required: bool


@dataclass(frozen=True)
class StoredQuery:
    """A query by its name: what it tells, its parameters, its one SELECT."""

    name: str
    tells: str
    parameters: tuple[Parameter, ...]
    sql: str


@cache
def stored_queries() -> Mapping[str, StoredQuery]:
    """Every stored query by its name, in the order they are listed."""
    page = resources.files(__package__).joinpath("stored.sql").read_text("utf-8")
    return {one.name: one for one in map(_read, page.strip().split("\n\n"))}


def _read(block: str) -> StoredQuery:
    heads = [LINE.fullmatch(line) for line in block.splitlines()]
    told = [head.groups() for head in heads if head is not None]
    sql = "\n".join(
        line for line, head in zip(block.splitlines(), heads, strict=True) if head is None
    )
    (_, name, _, tells), *parameters = told
    return StoredQuery(
        name, tells, tuple(Parameter(of, what, not mark) for _, of, mark, what in parameters), sql
    )


def stored_query(
    session: Session, name: str, given: Mapping[str, str]
) -> tuple[str, dict[str, str | None]]:
    """The statement of a stored query and the values of all its parameters, codes put right.

    Raises `NotFound` for a query, a parameter or a code that does not exist, `BadInput` where a
    parameter that is needed is not given.
    """
    known = stored_queries()
    if name not in known:
        raise NotFound("stored_query", name, known)
    query = known[name]
    names = [one.name for one in query.parameters]
    for asked in given:
        if asked not in names:
            raise NotFound("parameter", asked, names)
    missing = [one.name for one in query.parameters if one.required and one.name not in given]
    if missing:
        raise BadInput("parameter_missing", query=name, missing=missing)
    values = {
        of: check_code(session, of, given[of]) if of in KINDS and of in given else given.get(of)
        for of in names
    }
    return query.sql, values
