"""The store as it would have been on a day: what became known later is not there.

That is so of rounds and their statuses, comments, targets, editions and vintages.

Views of a session's own stand before the tables of the same names; nothing is written.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OF_ROUNDS = (
    "round_policy", "round_statement", "goal_assessment", "indicator_assessment", "answer",
    "rule_verdict",
)  # fmt: skip
# Tables whose rows are told in the order they were written in.
IN_ORDER = ("answer", "rule_verdict")
OF_EDITIONS = (
    "index_score",
    "index_rank",
    "index_component_score",
    "index_rank_refusal",
    "index_rank_change",
    "index_rank_interval",
    "index_rank_ahead",
    "index_rank_path",
    "index_rank_hold",
)
# A day of an edition may be a year or a month only: then it is known from its end.
EDITION_KNOWN = """case when length(sort_day) = 10 then sort_day::date
  else last_day(strptime(rpad(sort_day, 7, '-12') || '-01', '%Y-%m-%d')::date) end <= {day}"""


def known_then(con: DuckDBPyConnection, place: str, day: date) -> None:
    """Lays the views of a day over the dataset at `place` (catalog and schema)."""
    when = f"date '{day.isoformat()}'"

    def view(name: str, rest: str, what: str = "*") -> None:
        con.execute(f"create temp view {name} as select {what} from {place}.{name} where {rest}")

    ended = f"case when known_until <= {when} then known_until end as known_until"
    view("measurement_vintage", f"known_from <= {when}", f"* replace ({ended})")
    view("round", f"published_day <= {when}")
    for name in OF_ROUNDS:
        numbered = "rowid, *" if name in IN_ORDER else "*"
        view(name, "round in (select round from temp.round)", numbered)
    view("comment", f"written <= {when}")
    view("correction", f"corrected_on <= {when}")
    view("series_break", f"start_day <= {when}")
    view("target", f"coalesce(valid_from <= {when}, true)")
    view("index_edition", EDITION_KNOWN.format(day=when))
    for name in OF_EDITIONS:
        # What names no edition has no day, and is not there.
        among = '("index", edition) in (select ("index", edition) from temp.index_edition)'
        view(name, among)
    view("index_field_size", among)
    later = f"""series_id not in (select series_id from {place}.measurement_vintage
        where known_from > {when} or known_until <= {when})"""
    # The stored trends are of today's figures: of a series that has changed since there is none.
    view("trend", later)
