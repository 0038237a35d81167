"""Deliveries checked and added: `barometer_lib.check(...)`, `barometer_lib.add(...)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.errors import BadInput, Fault, say_fault, say_remedy, say_rule

if TYPE_CHECKING:
    import pandas as pd

    from barometer_lib.build.checking import Added

Place = Path | str
COLUMNS = (
    "severity", "file", "sheet", "row", "column", "value", "rule", "message", "remedy",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What a check found: every fault and warning, with file, sheet, row, column and value."""

    faults: Sequence[Fault]

    @property
    def good(self) -> bool:
        """Whether nothing stops a build; there may be warnings."""
        return not any(fault.severity == "error" for fault in self.faults)

    def rows(self, lang: str = "en") -> list[dict[str, Any]]:
        """One row per fault: `COLUMNS`, with message and remedy in `lang`."""
        return [
            {
                "severity": one.severity,
                "file": one.file,
                "sheet": one.sheet,
                "row": one.line,
                "column": one.column,
                "value": one.found,
                "rule": one.code,
                "message": say_rule(one, lang),
                "remedy": say_remedy(one, lang),
            }
            for one in self.faults
        ]

    def frame(self, lang: str = "en") -> pd.DataFrame:
        """The rows as a pandas table. Raises `BarometerError` where pandas is not installed."""
        from barometer_lib.api.result import Result

        return Result({}, self.rows(lang), COLUMNS).frame()

    def report(self, path: Place, lang: str = "en") -> Path:
        """Writes the rows to a file, as its name ends: `.csv` or `.html`. Gives the path.

        Raises `BadInput` for another ending.
        """
        place = Path(path)
        write = {".csv": _csv, ".html": _html}.get(place.suffix.lower())
        if write is None:
            raise BadInput("report_ending", file=place.name)
        place.write_text(write(self, lang), "utf-8", newline="")
        return place

    def __str__(self) -> str:
        return "\n".join(say_fault(fault, "en") for fault in self.faults)


def _table(found: Checked, lang: str, *, machine: bool) -> Any:
    from barometer_lib.locale import text
    from barometer_lib.tables import Cell, Column, Table

    right = ("row",)
    heads = [
        Column(
            one,
            text(lang, f"deliver.column.{one}"),
            "right" if one in right else "left",
            "number" if one in right else "text",
        )
        for one in COLUMNS
    ]
    rows = []
    for row in found.rows(lang):
        shown = {key: str(val) if val not in (None, "") else "-" for key, val in row.items()}
        if not machine:
            shown["severity"] = text(lang, f"deliver.severity.{row['severity']}")
        rows.append({key: Cell(row[key], shown[key]) for key in COLUMNS})
    errors = sum(1 for one in found.faults if one.severity == "error")
    caption = text(lang, "deliver.report", errors=errors, warnings=len(found.faults) - errors)
    return Table(caption, heads, rows, lang=lang)


def _csv(found: Checked, lang: str) -> str:
    from barometer_lib.tables import as_csv

    # The mark tells Excel that the file is UTF-8.
    return "\ufeff" + as_csv(_table(found, lang, machine=True))


def _html(found: Checked, lang: str) -> str:
    from html import escape

    from barometer_lib.tables import as_html

    table = _table(found, lang, machine=False)
    style = (
        "body{font:16px/1.5 sans-serif;margin:2rem}table{border-collapse:collapse}"
        "caption{text-align:left;font-weight:bold;margin-bottom:1rem}"
        "th,td{border-bottom:1px solid #767676;padding:.4rem .8rem;text-align:left;"
        "vertical-align:top}.num{text-align:right;font-variant-numeric:tabular-nums}"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(table.caption)}</title>'
        f"<style>{style}</style></head><body><main>{as_html(table)}</main></body></html>\n"
    )


def check(
    delivery: str | None = None,
    *,
    folder: Place = "data",
    seen: Callable[[str, float], None] = lambda *_: None,
) -> Checked:
    """Every fault of one delivery (its code, name or folder), or of the whole data folder.

    Changes nothing. Raises `NotFound` where there is no such delivery, `BadInput` where there is no
    data folder. `seen(file, share)` hears how much of a large file is read.
    """
    from barometer_lib.build.checking import check as look

    return Checked(look(Path(folder), delivery, seen))


def add(
    file: Place,
    delivery: str,
    *,
    folder: Place = "data",
    source: str | None = None,
    title: str | None = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    written: Mapping[str, Any] | None = None,
    description: Place | None = None,
    tell: Callable[..., None] = lambda *_, **__: None,
    keep: Callable[[str], None] = lambda _: None,
) -> Added:
    """Puts a file in its place as an unedited delivery; gives its folder and its warnings.

    The mapping is that of the newest delivery of the same name whose columns the file has, else by
    the columns' names; `columns` (dimension -> column) and `constants` (dimension -> code) say
    otherwise. `written` states how the file is written (`delimiter`, `decimal`, `encoding`,
    `sheet`, `header_row`) where that is not to be found out. `tell(code, **facts)` hears what was
    found out, `keep(text)` gets the drafted delivery.yml; `description` takes one instead.
    Raises `FaultsFound` with every fault, `BarometerError` where something must be stated; then
    nothing is changed.
    """
    from barometer_lib.build.checking import add as put
    from barometer_lib.deliveries.adding import Wishes

    wishes = Wishes(source, title, dict(written or {}), dict(columns or {}), dict(constants or {}))
    own = None if description is None else Path(description)
    return put(
        Path(file), delivery, Path(folder), wishes=wishes, description=own, tell=tell, keep=keep
    )
