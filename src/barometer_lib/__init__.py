"""Integration Barometer: where a city stands, whether it moves, and how sure that is.

`open`, `status`, `assess`, `trend`, `evaluate`, `rank`, `rank_change`, `diff`, `revisions` and
`query` read the store; `index_stress` and `index_what_if` read it or a table of your own;
`read_index`, `read_structure`, `read_sheet` and `read_answers` make an `Index` of your own; `check`
and `add` read the data folder; `letter`, `report` and `agenda` make Word files. They load only when
used.
`read_index`, `read_structure`, `read_sheet` and `read_answers` make an `Index` of your own;
`check`, `add` and `round_...` work on the data folder; `letter` makes Word files. They load only
when used.
and `add` read the data folder; `letter` makes Word files. They load only when used.
`open`, `status`, `assess`, `trend`, `gap`, `compare`, `evaluate`, `rank`, `rank_change`, `diff`,
`revisions` and `query` read the store; `index_stress` and `index_what_if` read it or a table of
your own; `read_index`, `read_structure`, `read_sheet` and `read_answers` make an `Index` of your
own; `check` and `add` read the data folder. They load only when used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Barometer", "Index", "Result", "__version__", "add", "agenda", "assess", "charter", "check",
    "compare", "diff", "evaluate", "gap", "index_stress", "index_what_if", "letter", "open",
    "publish", "query", "rank", "rank_change", "read_answers", "read_index", "read_sheet",
    "read_structure", "report", "revisions", "round_advance", "round_draft", "round_list",
    "round_publish", "round_show", "status", "stored_queries", "trend",
]  # fmt: skip

LETTERS = ("agenda", "letter", "report")

if TYPE_CHECKING:
    from barometer_lib.api import (
        Barometer,
        Index,
        Result,
        add,
        assess,
        charter,
        check,
        compare,
        diff,
        evaluate,
        gap,
        index_stress,
        index_what_if,
        open,
        query,
        rank,
        rank_change,
        read_answers,
        read_index,
        read_sheet,
        read_structure,
        revisions,
        round_advance,
        round_draft,
        round_list,
        round_publish,
        round_show,
        status,
        stored_queries,
        trend,
    )
    from barometer_lib.briefing import agenda, letter, report
    from barometer_lib.edition import publish


def __getattr__(name: str) -> Any:
    if name == "publish":
        from barometer_lib import edition

        return edition.publish
    if name in LETTERS:
        from barometer_lib import briefing

        return getattr(briefing, name)
    if name in __all__:
        from barometer_lib import api

        return getattr(api, name)
    raise AttributeError(name)
