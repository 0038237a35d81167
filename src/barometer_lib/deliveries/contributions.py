"""Who a sum is made of: asked for where a rule of disclosure control needs it, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.protection import Protection, Rules
from barometer_lib.deliveries.checks import CONTRIBUTIONS, FAULTS_PER_RULE, column_of
from barometer_lib.deliveries.description import DESCRIPTION, DeliveredFile
from barometer_lib.errors import Fault
from barometer_lib.units import COUNT_UNITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DISAGREE = {
    "largest": "largest > value + 1e-9 or (contributors = 1 and abs(largest - value) > 1e-9)",
    "second_largest": (
        "second_largest > largest or "
        "(largest <= value + 1e-9 and largest + second_largest > value + 1e-9)"
    ),
    "contributors": (
        "contributors <> floor(contributors) or (contributors < 1 and value > 0) "
        "or (contributors = 1 and second_largest > 0)"
    ),
}


def contribution_faults(
    con: DuckDBPyConnection, spec: DeliveredFile, content: Catalogue, source: str, name: str
) -> Iterator[Fault]:
    """Numbers that a source's rule for sums needs and that are not there, and those that cannot be
    of this sum."""
    yield from _absent(con, spec, content, source, name)
    for dimension, when in _DISAGREE.items():
        if dimension not in spec.columns:
            continue
        rows = con.execute(
            f"select line, block, {dimension}, value from typed_rows where value is not null "
            f"and ({when} or {dimension} < 0) order by line, block limit {FAULTS_PER_RULE}"
        ).fetchall()
        for line, block, found, value in rows:
            column = column_of(spec, dimension, block)
            yield Fault(
                "contributions_disagree", name, line=line, column=column, found=f"{found:g}",
                mended_by="source", fields={"value": f"{value:g}"},
            )  # fmt: skip


def _absent(
    con: DuckDBPyConnection, spec: DeliveredFile, content: Catalogue, source: str, name: str
) -> Iterator[Fault]:
    rules = Rules(content)
    if not any(rule.sums for rule in rules.entries):
        return
    units = ", ".join(f"'{unit}'" for unit in sorted(COUNT_UNITS))
    concerned = con.execute(
        f"select distinct indicator, source from typed_rows where unit in ({units}) "
        "and indicator is not null order by 1, 2"
    ).fetchall()
    for indicator, own in concerned:
        rule = rules.of(own or source, indicator)
        for dimension in _needed(rule):
            second = "and largest < value - 1e-9 " if dimension == "second_largest" else ""
            known = f"{dimension} is null {second}" if dimension in spec.columns else "true"
            rows = con.execute(
                "select line, block from typed_rows where indicator = $indicator and "
                f"source is not distinct from $own and value > 0 and {known} "
                f"order by line, block limit {FAULTS_PER_RULE}",
                {"indicator": indicator, "own": own},
            ).fetchall()
            if rows and dimension not in spec.columns:
                facts = {"indicator": indicator, "rule": rule.id, "description": DESCRIPTION}
                yield Fault(
                    "contributions_needed", name, line=rows[0][0], column=dimension,
                    found=dimension, mended_by="mapping", fields=facts,
                )  # fmt: skip
                continue
            for line, block in rows:
                yield Fault(
                    "contributions_blank", name, line=line,
                    column=column_of(spec, dimension, block), found="", mended_by="source",
                    fields={"indicator": indicator, "rule": rule.id},
                )  # fmt: skip


def _needed(rule: Protection) -> list[str]:
    """Which numbers the rule's limits are worked out from."""
    needed = {
        one
        for limit in rule.sums
        for one in (CONTRIBUTIONS[:1] if limit.kind == "contributors" else CONTRIBUTIONS[1:])
    }
    if all(limit.kind == "dominance" and limit.n == 1 for limit in rule.sums):
        needed -= {"second_largest"}
    return [one for one in CONTRIBUTIONS if one in needed]
