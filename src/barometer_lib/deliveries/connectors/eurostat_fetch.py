"""A dataset of Eurostat as a delivery."""

from __future__ import annotations

from barometer_lib.deliveries.connectors import eurostat
from barometer_lib.deliveries.connectors.client import Client, Tell, silent
from barometer_lib.deliveries.connectors.parts import Parts, gather
from barometer_lib.deliveries.connectors.saving import Saved
from barometer_lib.deliveries.connectors.wanted import Plan, Wanted, finish
from barometer_lib.errors import BarometerError, FaultsFound


def fetch_eurostat(wanted: Wanted, client: Client | None = None, tell: Tell = silent) -> Saved:
    """Fetches a dataset of Eurostat into a delivery folder and says what was saved.

    Eurostat is asked in English where Danish is wanted. Raises `FaultsFound` for codes that no
    answer holds, `BarometerError` where the office refuses, does not answer, has no figures, or
    changed the dataset meanwhile.
    """
    plan = Plan.of(wanted, "eurostat")
    client = client or Client(tell=tell)
    chosen = eurostat.asked(plan.select)
    asked = {
        "office": "eurostat",
        "table": plan.table,
        "lang": wanted.lang,
        "select": chosen,
    }
    parts = Parts(plan.partial, asked, [chosen])
    question = eurostat.asker(plan.table, wanted.lang)
    gather(parts, client, question, eurostat.lacking, eurostat.too_large, tell)
    bodies = parts.bodies()
    try:
        cubes = [eurostat.cube_of(body, plan.table) for body in bodies]
        if not any(cube.positions for cube in cubes):
            raise BarometerError("fetch_empty", table=plan.table)
        faults = eurostat.faults(cubes, chosen, plan.table)
        if faults:
            raise FaultsFound(plan.told(faults))
        if len({cube.updated for cube in cubes}) > 1:
            dates = sorted(cube.updated for cube in cubes)
            raise BarometerError("fetch_updated", before=dates[0], after=dates[-1])
    except BarometerError:
        # These answers would stop every later try as well.
        parts.discard()
        raise
    title = f"{cubes[0].label} ({plan.table})"
    content = plan.content(title, parts.parts[0].address, cubes[0].updated or None)
    for number, (body, cube) in enumerate(zip(bodies, cubes, strict=True), start=1):
        extra = "" if len(cubes) == 1 else f"-{number}"
        rows = len(cube.positions)
        content.add(f"{plan.table}{extra}.json", body, rows, holds=plan.holds, format="json-stat")
    return finish(plan, parts, content, [])
