"""What a public function gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from barometer_lib.errors import BarometerError

if TYPE_CHECKING:
    import pandas as pd


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
