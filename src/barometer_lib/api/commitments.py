"""The charter's commitments: what the ordinary follow-up meets, and the city's own answers."""

from __future__ import annotations

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import NotFound
from barometer_lib.store import charter as stored

COLUMNS = (
    "commitment", "role", "follow_up", "answer", "answer_before", "author", "evidence",
    "indicators",
)  # fmt: skip


def charter_answer(session: stores.Session, year: int | None) -> Result:
    """The content of `Barometer.charter`: one row per commitment, and other cities' answers."""
    known = stored.years(session)
    if year is None:
        year = stored.newest_year(session)
    elif year not in known:
        raise NotFound("year", str(year), [str(one) for one in known])
    content = stored.told(session, year)
    rows = content["commitments"]
    return Result(
        content,
        [
            {key: row[key] for key in COLUMNS}
            | {"indicators": [one["indicator"] for one in row["indicators"]]}
            for row in rows
        ],
        COLUMNS,
    )
