"""A store that grows by a delivery holds what a whole build would make, table by table."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barometer_lib.build import build
from barometer_lib.build.dataset import dataset_tables
from barometer_lib.build.inputs import Inputs
from barometer_lib.build.touched import New, NoShortWay, grow
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import (
    KINDS,
    Area,
    Dataset,
    Goal,
    Group,
    Indicator,
    Policy,
    Protection,
    Round,
    Target,
)
from barometer_lib.catalogue.policies import GoalIndicator
from barometer_lib.deliveries import Delivered
from barometer_lib.periods import parse
from barometer_lib.store import growing, resolve, writing
from shared_store import REPOSITORY
from small_city import TYPES, row

Row = dict[str, Any]
FIRST = date(2020, 1, 31)


def city(**more: Any) -> Catalogue:
    """Two indicators (one under a goal) of three areas; nobody is counted in them."""
    common = {"kind": "index_points", "unit": "points", "decimals": 1, "polarity": "higher",
              "polarity_basis": "stated", "frequency": "year", "basis": "administrative",
              "group": "o:all"}  # fmt: skip
    kinds = {
        "indicator": [Indicator(id="judged", **common), Indicator(id="other", **common),
                      Indicator(id="people", **common | {"kind": "count", "unit": "count"})],
        "area": [Area(id="city", level="municipality"),
                 *(Area(id=one, level="district", parent="city", division="d")
                   for one in ("east", "west"))],
        "group": [Group(id="o:all", definition="o", total=True)],
        "policy": [Policy(id="p", form="city_policy", span={"first": 2018}, rule="since_previous",
                          status="adopted", sources=["s"])],
        "goal": [Goal(id="g", policy="p", sources=["s"],
                      indicators=[GoalIndicator(indicator="judged", counts=True)])],
        "round": [Round(id=f"r{year}", published=f"{year}-06-30", policies=["p"], source="s")
                  for year in (2020, 2021)],
        "target": [Target(id="t", policy="p", goal="g", indicator="judged", form="level",
                          applies_to="city", value=60.0, unit="points", target_period="2025",
                          source="s")],
    }  # fmt: skip
    kinds |= more
    starts = {name: "x" for name in Dataset.model_fields if name.startswith("start_")}
    return Catalogue(
        Dataset(id="demo", synthetic=True, home_area="city", **starts),
        {kind: {entry.id: entry for entry in kinds.get(kind, ())} for kind in KINDS},
        {},
    )


def delivered(rows: Sequence[Row], code: str) -> Delivered:
    """A delivery of these figures, as the deliveries room gives it and corrections mark it."""
    columns = {
        name: pa.array([one[name] for one in rows], TYPES.get(name, pa.string()))
        for name in rows[0]
    }
    table = pa.table(columns).append_column("correction", pa.nulls(len(rows), pa.string()))
    entry = {"delivery": code, "title": "t", "source": "s", "address": "a", "received": FIRST,
             "licence": "l", "sureness": "high", "synthetic": True, "note": None}  # fmt: skip
    return Delivered(deliveries=[entry], measurements=[table])


def figure(indicator: str, area: str, year: int, value: float | None, day: date, code: str) -> Row:
    span = parse(str(year))
    status = "missing" if value is None else "reported"
    return row(indicator, area, "o:all", str(year), value, known_from=day, delivery=code,
               period_start=span.start, period_end=span.end, status=status,
               unit="count" if indicator == "people" else "points")  # fmt: skip


def whole(path: Path, content: Catalogue, *parts: Delivered) -> None:
    """A store built whole from all deliveries."""
    every = Delivered(
        deliveries=[one for part in parts for one in part.deliveries],
        measurements=[table for part in parts for table in part.measurements],
    )
    path.unlink(missing_ok=True)
    writing.write(path, {"demo": dataset_tables(Inputs(content, every))})


def grown(path: Path, content: Catalogue, part: Delivered, corrected: Sequence[str] = ()) -> None:
    with growing.growing(path) as con:
        grow(growing.Dataset(con, "demo"), New(content, part, frozenset(corrected)))


def differing(one: Path, other: Path) -> list[str]:
    """The tables that do not hold the same rows."""
    found = []
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'one'"
        ).fetchall()
        assert len(names) > 30
        for schema, name in names:
            mine, theirs = (f'from {store}.{schema}."{name}"' for store in ("one", "other"))
            rows = con.execute(
                f"select count(*) from (({mine} except all {theirs}) union all "
                f"({theirs} except all {mine}))"
            ).fetchall()
            if rows[0][0]:
                found.append(f"{schema}.{name}: {rows[0][0]}")
    return found


VALUES = st.none() | st.sampled_from([40.0, 41.5, 43.0, 50.0, 61.0])
CELLS = st.tuples(
    st.sampled_from(["judged", "other"]), st.sampled_from(["city", "east", "west"]),
    st.integers(2012, 2020),
)  # fmt: skip
STARTS = [figure("judged", "city", 2011, 39.0, FIRST, "d/1"),
          figure("other", "east", 2011, 39.0, FIRST, "d/1")]  # fmt: skip


def drawn(cells: dict[tuple[str, str, int], float | None], day: date, code: str) -> list[Row]:
    return [figure(*cell, value, day, code) for cell, value in cells.items()]


@given(
    first=st.dictionaries(CELLS, VALUES, max_size=25),
    second=st.dictionaries(CELLS, VALUES, max_size=6),
    third=st.dictionaries(CELLS, VALUES, min_size=1, max_size=6),
    days=st.tuples(st.integers(1, 400), st.integers(1, 400)),
)
@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_a_grown_store_holds_what_a_whole_build_makes(tmp_path, first, second, third, days):
    content = city()
    then = FIRST + timedelta(days=days[0])
    parts = [delivered([*STARTS, *drawn(first, FIRST, "d/1")], "d/1")]
    if second:
        parts.append(delivered(drawn(second, then, "d/2"), "d/2"))
    last = delivered(drawn(third, then + timedelta(days=days[1]), "d/3"), "d/3")
    whole(tmp_path / "grown.duckdb", content, *parts)
    grown(tmp_path / "grown.duckdb", content, last)
    whole(tmp_path / "whole.duckdb", content, *parts, last)
    assert differing(tmp_path / "grown.duckdb", tmp_path / "whole.duckdb") == []


LATER = FIRST + timedelta(days=30)


@pytest.mark.parametrize(
    ("why", "rows", "more"),
    [
        ("not later", [figure("other", "city", 2019, 50.0, FIRST, "d/2")], {}),
        ("must be hidden", [figure("people", "city", 2019, 3.0, LATER, "d/2")], {}),
        ("corrected", [figure("judged", "city", 2019, 50.0, LATER, "d/2")], {}),
        ("bound to one", [figure("other", "city", 2019, 50.0, LATER, "d/2")],
         {"disclosure": [Protection(id="x", worked_out=[{"indicator": "other", "of": "people"}])]}),
        ("rounded", [figure("other", "city", 2019, 50.0, LATER, "d/2")],
         {"disclosure": [Protection(id="x", rounding="controlled")]}),
    ],
)  # fmt: skip
def test_what_cannot_grow_is_said(tmp_path, why, rows, more):
    content = city(**more)
    people = figure("people", "city", 2018, 500.0, FIRST, "d/1")
    whole(tmp_path / "a.duckdb", content, delivered([*STARTS, people], "d/1"))
    with pytest.raises(NoShortWay, match=why):
        grown(tmp_path / "a.duckdb", content, delivered(rows, "d/2"), ["judged"])


def test_a_figure_that_was_withdrawn_may_come_back(tmp_path):
    """A retraction leaves no vintage: the same value after it is a new one all the same."""
    gone = figure("other", "east", 2011, None, LATER, "d/2") | {"status": "retracted"}
    again = figure("other", "east", 2011, 39.0, LATER + timedelta(days=9), "d/3")
    parts = [delivered(STARTS, "d/1"), delivered([gone], "d/2")]
    whole(tmp_path / "a.duckdb", city(), *parts)
    grown(tmp_path / "a.duckdb", city(), delivered([again], "d/3"))
    whole(tmp_path / "b.duckdb", city(), *parts, delivered([again], "d/3"))
    assert differing(tmp_path / "a.duckdb", tmp_path / "b.duckdb") == []


def copied(folder: Path) -> Path:
    """The shipped figures without the demo city: a build of them takes a second."""
    data = folder / "data"
    shutil.copytree(REPOSITORY / "data", data, ignore=shutil.ignore_patterns("demo"))
    return data


DESCRIPTION = """title: "A new figure"
source: br-2022-09-22-p3
address: https://example.org
received: "{day}"
licence: not stated
sureness: high
synthetic: false
files:
  - file: figures.csv
    holds: measurements
    sha256: {sha256}
    delimiter: ";"
    encoding: utf-8
    decimal: "."
    columns:
      indicator: {{column: indicator}}
      area: {{column: area}}
      period: {{column: period}}
      value: {{column: value}}
      known_from: {{constant: "{day}"}}
"""


def deliver(data: Path, day: str, *lines: str) -> None:
    import hashlib

    place = data / "deliveries" / "new-figures" / day
    place.mkdir(parents=True)
    text = "\n".join(["indicator;area;period;value", *lines, ""])
    (place / "figures.csv").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (place / "delivery.yml").write_text(DESCRIPTION.format(day=day, sha256=digest), "utf-8")


def steps_of(data: Path, pointer: Path, **more: Any) -> list[str]:
    steps: list[str] = []
    build(data, pointer, step=steps.append, **more)
    return steps


def test_a_build_after_a_delivery_grows_the_store(tmp_path):
    data, pointer = copied(tmp_path), tmp_path / "grown.json"
    build(data, pointer)
    deliver(data, "2031-01-01", "tryg_nabolag;101;2030;88.5")
    assert "touched_published" in steps_of(data, pointer)
    whole = tmp_path / "whole.json"
    assert "assess_published" in steps_of(data, whole)
    assert differing(resolve(pointer).path, resolve(whole).path) == []
    assert steps_of(data, pointer) == []
    deliver(data, "2032-01-01", "tryg_nabolag;101;2031;89.5")
    page = data / "catalogue" / "areas.yml"
    page.write_text(page.read_text("utf-8") + "# a word\n", "utf-8")
    assert "touched_published" not in steps_of(data, pointer)


def test_a_table_that_only_whole_builds_make_stands_in_the_way(tmp_path):
    whole(tmp_path / "a.duckdb", city(), delivered(STARTS, "d/1"))
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.execute("create table demo.later_invention (indicator varchar)")
    rows = [figure("other", "city", 2019, 50.0, LATER, "d/2")]
    with pytest.raises(NoShortWay, match="whole builds"):
        grown(tmp_path / "a.duckdb", city(), delivered(rows, "d/2"))
