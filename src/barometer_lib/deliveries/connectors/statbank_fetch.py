"""A table of StatBank as a delivery."""

from __future__ import annotations

from functools import partial
from typing import Any

from barometer_lib.deliveries.connectors import saving, selection, statbank
from barometer_lib.deliveries.connectors.client import Client, Tell, silent
from barometer_lib.deliveries.connectors.parts import Parts, gather
from barometer_lib.deliveries.connectors.recipe import subtotals
from barometer_lib.deliveries.connectors.saving import WITHHELD, Figures, Saved, Warnings
from barometer_lib.deliveries.connectors.selection import Selection
from barometer_lib.deliveries.connectors.times import period_code
from barometer_lib.deliveries.connectors.wanted import Plan, Wanted, finish
from barometer_lib.errors import BarometerError, Fault, FaultsFound


def fetch_statbank(wanted: Wanted, client: Client | None = None, tell: Tell = silent) -> Saved:
    """Fetches a table of StatBank into a delivery folder and says what was saved.

    Raises `FaultsFound` for codes the table does not have, `BarometerError` where the office
    refuses or does not answer. Answers that came are kept: the same call fetches the rest.
    """
    plan = Plan.of(wanted, "statbank")
    client = client or Client(tell=tell)
    table = statbank.table_info(client, plan.table, wanted.lang)
    chosen = _chosen(plan, table)
    tell("asked", table=plan.table, cells=selection.cells(chosen))
    asked = {
        "office": "statbank",
        "table": plan.table,
        "lang": wanted.lang,
        "form": wanted.form,
        "select": chosen,
        "updated": table.updated,
    }
    parts = Parts(plan.partial, asked, selection.split(chosen, statbank.MOST_CELLS))
    question = statbank.asker(plan.table, wanted.lang, wanted.form)
    lacking = partial(statbank.lacking, form=wanted.form)
    gather(parts, client, question, lacking, statbank.too_large, tell)
    if len(parts.parts) > 1:
        again = statbank.table_info(client, plan.table, wanted.lang)
        if again.updated != table.updated:
            parts.discard()
            raise BarometerError("fetch_updated", before=table.updated, after=again.updated)
    try:
        return _save(plan, table, chosen, parts)
    except BarometerError:
        # These answers would stop every later try as well.
        parts.discard()
        raise


def _chosen(plan: Plan, table: statbank.Table) -> Selection:
    """The codes to ask for. Raises `FaultsFound` with everything that is wrong in them."""
    chosen, faults = selection.resolve(plan.select, table.variables, plan.table)
    if plan.wanted.indicator is not None:
        faults += [
            Fault("fetch_subtotals", plan.table, column=variable, found=codes)
            for variable, codes in _mixed(plan.table, chosen)
        ]
    if faults:
        raise FaultsFound(plan.told(faults))
    return chosen


def _mixed(table: str, chosen: Selection) -> list[tuple[str, str]]:
    """Variables in which a subtotal was chosen together with a part of it, and those codes."""
    found = []
    for name, sums in subtotals().get(table, {}).items():
        codes = set(chosen.get(name, ()))
        both = [one for one, parts in sums.items() if one in codes and codes & set(parts)]
        if both:
            found.append((name, ", ".join(both)))
    return found


def _save(plan: Plan, table: statbank.Table, chosen: Selection, parts: Parts) -> Saved:
    hidden = {WITHHELD} | ({table.suppressed} if table.suppressed else set())
    note = f"Withheld figures are written as: {' or '.join(sorted(hidden))}."
    title = f"{table.text} ({plan.table})"
    content = plan.content(title, parts.parts[0].address, table.updated, [note])
    bodies = parts.bodies()
    files = [statbank.joined(bodies)] if plan.wanted.form == "csv" else bodies
    read = [_figures(plan, body) for body in files]
    if not any(one.rows for one in read):
        raise BarometerError("fetch_empty", table=plan.table)
    for number, (body, figures) in enumerate(zip(files, read, strict=True), start=1):
        extra = "" if len(files) == 1 else f"-{number}"
        _add(plan, content, f"{plan.table}{extra}", body, figures, hidden)
    content.add(f"{plan.table}.tableinfo.json", table.answer.body, None, holds="metadata")
    return finish(plan, parts, content, _warnings(plan, table, chosen, read))


def _figures(plan: Plan, body: bytes) -> Figures:
    header, rows = statbank.rows_of(body, plan.wanted.form, plan.table)
    return Figures(header, rows, header[-1] if plan.wanted.form == "csv" else "value")


def _add(
    plan: Plan, content: saving.Content, name: str, body: bytes, figures: Figures, hidden: set[str]
) -> None:
    mapping = None if plan.recipe is None else plan.recipe.mapping
    columns = saving.columns(mapping, figures, hidden, plan.wanted.indicator)
    written: dict[str, Any] = {"format": "json-stat"}
    if plan.wanted.form == "csv":
        mark = saving.decimal_mark(figures.values, plan.wanted.lang)
        written = {"delimiter": statbank.DELIMITER, "decimal": mark}
    suffix = "csv" if plan.wanted.form == "csv" else "json"
    content.add(
        f"{name}.{suffix}", body, len(figures.rows), holds=plan.holds, **written, columns=columns
    )


def _warnings(
    plan: Plan, table: statbank.Table, chosen: Selection, read: list[Figures]
) -> Warnings:
    """What somebody should look at: mixed subtotals, a closed table, withheld and silent codes."""
    found: Warnings = [
        ("subtotals", {"variable": variable, "codes": codes})
        for variable, codes in _mixed(plan.table, chosen)
    ]
    if not table.active:
        found.append(("inactive", {"table": plan.table}))
    mark = {table.suppressed} if table.suppressed else set()
    count = sum(saving.is_hidden(value, mark) for one in read for value in one.values)
    if count:
        found.append(("withheld", {"count": count, "written": table.suppressed}))
    for name, codes in chosen.items():
        have = {period_code(cell) for one in read for cell in one.column(name)}
        missing = [code for code in codes if period_code(code) not in have]
        if missing:
            shown = ", ".join(missing[:10])
            found.append(("silent", {"variable": name, "codes": shown, "count": len(missing)}))
    return found
