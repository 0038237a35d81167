"""The figures of one indicator as a table for readers and as a file to save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.locale import as_rounded, change, date, interval, number, period, text, with_unit
from barometer_lib.tables import Cell, Column, Kind, Table
from barometer_lib.views.pages import period_words
from barometer_lib.views.series_reading import Stored

Row = Mapping[str, Any]
FILE_COLUMNS = (
    "indicator", "area", "area_name", "group", "group_name", "period", "round", "value", "unit",
    "low", "high", "numerator", "denominator", "sample_size", "change", "change_unit",
    "change_since", "significance", "status", "source", "source_address", "delivery", "file",
    "line", "known_from", "correction", "rounded_to",
)  # fmt: skip

KINDS: Mapping[str, Kind] = {"period": "label", "source": "address", "value": "number"}


def since(row: Row, lang: str) -> str:
    """What a published change counts from: the measurement before, or a named period."""
    if row["change_since"] in (None, "previous"):
        return text(lang, f"indicator.since.{row['change_since'] or 'unknown'}")
    return text(lang, "indicator.since.period", period=period(row["change_since"], lang))


def value_words(row: Row, lang: str) -> str:
    """A figure with its unit, or the word for why there is none."""
    if row["printed"] is None:
        reason = "missing" if row["status"] == "reported" else row["status"]
        return text(lang, f"numbers.value.{reason}")
    shown = with_unit(row["printed"], row["unit"], lang, row["decimals"], row["things"])
    return as_rounded(shown, row["rounded_to"], lang)


def published_words(row: Row, lang: str) -> str:
    """When a figure was published, no finer than its source is dated."""
    if row["source_published"]:
        return period(row["source_published"], lang)
    return date(row["known_from"], lang)


def sample_words(row: Row, lang: str) -> str:
    """What the figure counts: so many of so many, so many asked, or not stated."""
    if row["numerator"] is not None and row["denominator"] is not None:
        part, whole = (number(row[key], lang, 0) for key in ("numerator", "denominator"))
        return text(lang, "indicator.table.part_of", part=part, whole=whole)
    for key in ("denominator", "sample_size"):
        if row[key] is not None:
            return text(lang, f"indicator.table.{key}", n=number(row[key], lang, 0))
    return text(lang, "numbers.value.unknown")


def change_words(row: Row, lang: str) -> str:
    """The change as its source printed it, with what it counts from."""
    unit = row["change_unit"] or row["unit"]
    decimals = max(row["decimals"], 1 if row["published_change"] % 1 else 0)
    by = change(row["published_change"], unit, lang, decimals, row["things"])
    return f"{by} {since(row, lang)}"


def figures_table(stored: Stored) -> Table:
    """Every chosen figure, newest first, each with its status, source, delivery and line."""
    lang = stored.lang
    rows = list(reversed(stored.chosen))
    keys = ["period", "value", "interval", "n", "change", "status", "source", "delivery"]
    if len(stored.shown_areas) > 1:
        keys.insert(1, "area")
    if all(row["printed_low"] is None for row in rows):
        keys.remove("interval")
    if all(row["published_change"] is None for row in rows):
        keys.remove("change")
    columns = [
        Column(
            key,
            text(lang, f"indicator.table.{key}"),
            "right" if key in ("value", "interval", "n") else "left",
            KINDS.get(key, "text"),
        )
        for key in keys
    ]
    cells = [_cells(stored, row) for row in rows]
    where = (
        stored.label("area", stored.shown_areas[0])
        if len(stored.shown_areas) == 1
        else text(lang, "indicator.every_district")
    )
    caption = text(
        lang,
        "indicator.table.caption",
        name=stored.name,
        area=where,
        group=stored.label("group", stored.group),
    )
    if stored.synthetic:
        caption = f"{caption} · {text(lang, 'charts.synthetic')}"
    return Table(caption, columns, [{key: row[key] for key in keys} for row in cells], lang=lang)


def _cells(stored: Stored, row: Row) -> dict[str, Cell]:
    lang = stored.lang
    repeated = row["status"] == "no_new_figures" and row["printed"] is not None
    limits = None
    if row["printed_low"] is not None and row["printed"] is not None:
        limits = interval(
            row["printed_low"], row["printed_high"], row["unit"], lang, row["decimals"]
        )
    changed = row["published_change"] is not None
    return {
        "period": Cell(row["period"], period_words(row["period"], lang), _known(row, lang)),
        "area": Cell(row["area"], stored.label("area", row["area"])),
        "value": Cell(row["printed"], value_words(row, lang)),
        "interval": Cell(limits, limits or text(lang, "indicator.table.not_known")),
        "n": Cell(row["denominator"] or row["sample_size"], sample_words(row, lang)),
        "change": Cell(
            row["published_change"],
            change_words(row, lang) if changed else text(lang, "numbers.value.none"),
        ),
        "status": Cell(
            row["status"],
            text(lang, f"numbers.value.{row['status']}"),
            text(lang, "indicator.table.repeated") if repeated else None,
        ),
        "source": Cell(row["source_address"], stored.label("source", row["source"])),
        "delivery": Cell(
            row["delivery"],
            text(lang, "indicator.table.place", delivery=row["delivery"], line=row["line"])
            if row["correction"] is None
            else text(lang, "indicator.table.correction", date=date(row["known_from"], lang)),
        ),
    }


def _known(row: Row, lang: str) -> str | None:
    """Where the period is not stated: when the figure was published."""
    if row["period"] is not None:
        return None
    return text(lang, "indicator.table.published", date=published_words(row, lang))


def file_table(stored: Stored, rows: Sequence[Row]) -> Table:
    """Figures for a file: codes and words, values in their published unit, where each stands."""
    columns = [Column(key, key) for key in FILE_COLUMNS]
    return Table(stored.name, columns, [_file_row(stored, row) for row in rows])


def _file_row(stored: Stored, row: Row) -> dict[str, Cell]:
    named = {
        "area_name": stored.label("area", row["area"]),
        "group": row["population_group"],
        "group_name": stored.label("group", row["population_group"]),
        "round": row["reported_round"],
        "value": row["printed"],
        "low": _rounded(row["printed_low"], row["decimals"]),
        "high": _rounded(row["printed_high"], row["decimals"]),
        "change": row["published_change"],
        "significance": row["published_significance"],
    }
    return {
        key: Cell(value, str(value) if value not in (None, "") else "-")
        for key in FILE_COLUMNS
        for value in [named[key] if key in named else row[key]]
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals + 1)


def revision_lines(stored: Stored) -> list[str]:
    """Each figure of the chosen series that was delivered anew: before, after, and when."""

    def words(row: Row, when: str) -> str:
        of_then = {key: row[f"{key}_{when}"] for key in ("printed", "status", "rounded_to")}
        return value_words({**row, **of_then}, stored.lang)

    return [
        text(
            stored.lang,
            "indicator.revisions.line",
            period=period_words(row["period"], stored.lang),
            before=words(row, "before"),
            after=words(row, "after"),
            date=date(row["revised"], stored.lang),
        )
        for row in stored.revisions
    ]
