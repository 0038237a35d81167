"""One engine, one result from three doors: Python, command line, SQL; digit by digit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from click.testing import CliRunner

import barometer_lib
from barometer_lib import store
from barometer_lib.cli import answers, main
from shared_store import pointer

SQL_NAMES = {"slope_per_year": "slope", "sen_per_year": "sen"}
TOLD = ("slope_per_year", "low", "high", "se", "p", "r2", "sen_per_year", "sen_low", "sen_high",
        "rank_p", "points")  # fmt: skip


def in_sql(session: store.Session) -> dict[tuple[str, str, str], dict[str, object]]:
    """What the macro tells of every series of a dataset."""
    found = {}
    for code in session.codes("select distinct indicator from series order by 1"):
        for row in session.rows("select * from trend_of($code)", {"code": code}):
            found[row["indicator"], row["area"], row["population_group"]] = row
    return found


def on_the_command_line(dataset: str, indicator: str, area: str, group: str) -> dict[str, object]:
    done = CliRunner().invoke(main, [
        "trend", indicator, "--area", area, "--group", group, "--dataset", dataset,
        "--store", str(pointer()), "--format", "json",
    ])  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["indicator"], told["area"], told["group"]) == (indicator, area, group)
    return dict(told)


@pytest.fixture(params=["published", "demo"])
def opened(request, monkeypatch) -> Iterator[store.Session]:
    """The store, opened once: hundreds of commands that each open it would take a minute."""
    with store.session(pointer(), request.param) as session:

        @contextmanager
        def already(_place, dataset, day=None):
            assert (dataset, day) == (request.param, None)
            yield session

        monkeypatch.setattr(store, "session", already)
        monkeypatch.setattr(answers, "session", already)
        yield session


def test_three_doors_tell_the_same_of_every_series(opened):
    barometer = barometer_lib.open(pointer(), dataset=opened.dataset)
    rows = in_sql(opened)
    drawn = 0
    for (indicator, area, group), row in rows.items():
        found = barometer.trend(indicator, area, group).content
        told = on_the_command_line(opened.dataset, indicator, area, group)
        assert told["trend"] == found["trend"]
        assert told["direction"] == found["direction"] == row["direction"]
        if found["trend"] is None:
            assert row["p"] is None
            continue
        drawn += 1
        assert [found["trend"][name] for name in TOLD] == [
            row[SQL_NAMES.get(name, name)] for name in TOLD
        ]
    assert drawn == sum(row["p"] is not None for row in rows.values()) >= 2


def test_what_was_known_on_a_day_is_worked_out_by_the_same_engine():
    """On a day after the last delivery all is known that stands: worked out, not read."""
    with (
        barometer_lib.open(pointer(), dataset="demo") as standing,
        barometer_lib.open(pointer(), dataset="demo", as_of=date(2999, 1, 1)) as then,
    ):
        areas = then.session.codes(
            "select distinct area from series where indicator = 'demo-employment' order by 1"
        )
        assert len(areas) > 5
        for area in areas:
            found = then.trend("demo-employment", area).content
            assert found["trend"] is not None
            assert found["trend"] == standing.trend("demo-employment", area).content["trend"]
