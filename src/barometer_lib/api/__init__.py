"""The public functions: one line for a question an analyst has not asked before.

Every function reads the store that `store` (or `BAROMETER_STORE`) names, read-only, and closes it
again. Values come as printed (93.1 percent, not 0.931); `Result.frame()` gives a pandas table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from barometer_lib.api.barometer import Barometer, open
from barometer_lib.api.deliver import add, check
from barometer_lib.api.doors import (
    assess,
    charter,
    compare,
    diff,
    evaluate,
    gap,
    query,
    rank,
    rank_change,
    revisions,
    status,
    stored_queries,
    trend,
)
from barometer_lib.api.result import Result
from barometer_lib.api.round_life import (
    round_advance,
    round_draft,
    round_list,
    round_publish,
    round_show,
)

__all__ = [
    "Barometer", "Index", "Result", "add", "assess", "charter", "check", "compare", "diff",
    "evaluate", "gap", "index_stress", "index_what_if", "open", "query", "rank", "rank_change",
    "read_answers", "read_index", "read_sheet", "read_structure", "revisions", "round_advance",
    "round_draft", "round_list", "round_publish", "round_show", "status", "stored_queries", "trend",
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


def __getattr__(name: str) -> Any:
    """The index functions, which need numpy: loaded when they are asked for."""
    if name in ("index_stress", "index_what_if"):
        from barometer_lib.api import index_doors

        return getattr(index_doors, name)
    if name in MAKING:
        from barometer_lib.api import composite

        return getattr(composite, name)
    raise AttributeError(name)
