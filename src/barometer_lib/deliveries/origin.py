"""Danmarks Statistik's origin codes: each table has its own, and some hold subtotals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import Group
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.raw import LINE, RAW, quoted
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ORIGIN = "origin"


@cache
def tables() -> dict[str, dict[str, Any]]:
    """Table of StatBank -> its `codes` with what they stand for, and its `subtotals`."""
    import yaml

    page = resources.files(__package__).joinpath("origin_codes.yml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = yaml.load(page, Loader=yaml.CSafeLoader)
    return found


def table_of(spec: DeliveredFile) -> str | None:
    """The table of StatBank a file is from: as declared, or as the file is called."""
    called = spec.file.split(".", maxsplit=1)[0].split("-")[0].upper()
    return spec.table or (called if called in tables() else None)


def origin_faults(
    con: DuckDBPyConnection, spec: DeliveredFile, content: Catalogue, name: str
) -> Iterator[Fault]:
    """Origin codes that mean something else in their table, and subtotals beside their parts.

    Looks at the column that groups are read from; rows that are left out are not there any more.
    """
    mapping = spec.columns.get("group")
    table = tables().get(table_of(spec) or "")
    if table is None or mapping is None or mapping.column is None:
        return
    lines: dict[str | None, int] = dict(
        con.execute(
            f"select {quoted(mapping.column)}, min({LINE}) from {RAW} group by 1 order by 2"
        ).fetchall()
    )
    mapped = {raw: mapping.map.get(raw, raw) for raw in lines if raw is not None}
    groups = {one.id: one for one in content.all(Group)}
    for raw, code in mapped.items():
        group = groups.get(str(code))
        means = table["codes"].get(raw)
        if group is None or not group.definition.endswith(ORIGIN):
            continue
        if means is None or not _agrees(str(code), means):
            yield Fault(
                "origin_code",
                name,
                line=lines[raw],
                column=mapping.column,
                found=raw,
                allowed=", ".join(table["codes"]),
                mended_by="mapping",
                fields={"group": code, "table": table_of(spec), "means": means or "-"},
            )
    yield from _mixed(mapped, lines, table.get("subtotals", {}), groups, mapping.column, name)


def _agrees(code: str, means: str) -> bool:
    """Whether a group is what a code stands for; a group the catalogue names otherwise is."""
    called = code.rpartition(":")[2]
    known = {each for table in tables().values() for each in table["codes"].values()}
    return called == means or called not in known


def _mixed(
    mapped: Mapping[str, object],
    lines: Mapping[str | None, int],
    subtotals: Mapping[str, list[str]],
    groups: Mapping[str, Group],
    column: str,
    name: str,
) -> Iterator[Fault]:
    for raw, parts in subtotals.items():
        beside = [part for part in parts if mapped.get(part) is not None]
        if mapped.get(raw) is None or not beside:
            continue
        group = groups.get(str(mapped[raw]))
        declared = set() if group is None else set(group.parts)
        if declared and declared == {str(mapped[part]) for part in beside}:
            continue
        yield Fault(
            "subtotal_mixed",
            name,
            line=lines[raw],
            column=column,
            found=raw,
            mended_by="mapping",
            fields={"parts": ", ".join(beside)},
        )
