"""Queries asked by name: every one answers, its parameters are bound and checked."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

import barometer_lib
from barometer_lib import store
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, NotFound
from barometer_lib.store.allowed import MACROS
from barometer_lib.store.stored import KINDS, stored_queries, stored_query
from shared_store import REPOSITORY, pointer


@pytest.fixture(scope="module")
def demo():
    with store.session(pointer(), "demo") as session:
        yield session


def values_for(name: str, session: store.Session) -> dict[str, str]:
    """Values for what a query must be given, codes that are in the demo city."""
    found = {}
    for one in stored_queries()[name].parameters:
        if one.required:
            table = {"index": "index_definition"}.get(one.name, one.name)
            found[one.name] = session.codes(
                f'select "{one.name}" from {table} where "{one.name}" in '
                f'(select "{one.name}" from {SOME.get(name) or SOME[one.name]}) limit 1'
            )[0]
    return found


SOME = {
    "gaps": "gap",
    "indicator": "trend",
    "area": "trend",
    "policy": "rule_verdict",
    "index": "index_rank",
}


@pytest.mark.parametrize("name", stored_queries())
def test_every_stored_query_answers(name, demo):
    sql, values = stored_query(demo, name, values_for(name, demo))
    assert demo.rows(sql, values), name


def test_a_stored_query_is_one_select_the_sandbox_lets_through():
    found = barometer_lib.query(
        stored="trends", values={"indicator": "Demo-Employment", "area": "demo-01"},
        dataset="demo", store=pointer(),
    )  # fmt: skip
    assert {row["indicator"] for row in found.rows} == {"demo-employment"}
    assert {row["area"] for row in found.rows} == {"demo-01"}


@pytest.mark.parametrize("name", [name for name in stored_queries() if name != "trends"])
def test_the_sandbox_lets_every_stored_query_through(name):
    from barometer_lib.store.allowed import check_names

    with store.session(pointer(), "demo") as session:
        check_names(session.connection, stored_queries()[name].sql, "demo")


def test_values_are_bound_and_never_pasted_in():
    own = barometer_lib.query(
        "select $word as said", values={"word": "x' or 1=1 --"}, store=pointer()
    )
    assert own.rows == [{"said": "x' or 1=1 --"}]


def test_what_is_wrong_with_a_stored_query_is_told(demo):
    for name, given, kind in (
        ("trend", {}, "stored_query"),
        ("trends", {"indicator": "demo-employment", "aera": "demo-01"}, "parameter"),
        ("trends", {"indicator": "demo-employmint"}, "indicator"),
        ("trends", {"indicator": "demo-employment", "area": "nowhere"}, "area"),
    ):
        with pytest.raises(NotFound) as caught:
            stored_query(demo, name, given)
        assert caught.value.fields["kind"] == kind
    with pytest.raises(BadInput) as missing:
        stored_query(demo, "trends", {"area": "demo-01"})
    assert missing.value.fields["missing"] == ["indicator"]


def run(*arguments: str):
    return CliRunner().invoke(main, ["query", *arguments, "--store", str(pointer())])


def test_the_command_lists_asks_and_refuses():
    listed = run("--list", "--format", "csv", "--lang", "en").stdout
    assert [line.split(",")[0] for line in listed.splitlines()[1:]] == list(stored_queries())
    asked = run("--stored", "newest", "--param", "indicator=utryg_nabolag", "--format", "csv")
    assert "101,residents:all,2022,9.0,percent" in asked.stdout
    wrong_use = ((), ("select 1", "--stored", "newest"))
    for wrong in (*wrong_use, ("--stored", "newest", "--param", "x")):
        done = run(*wrong, "--lang", "en")
        assert done.exit_code == (2 if wrong in wrong_use else 1)
        assert "NAME" in done.stderr


def test_parameters_that_are_codes_are_of_known_kinds():
    names = {of.name for one in stored_queries().values() for of in one.parameters}
    assert set(KINDS) & names == names - {"most", "against"}


def test_every_macro_is_allowed_documented_and_reads_its_own_dataset():
    views = (REPOSITORY / "src/barometer_lib/store/views.sql").read_text("utf-8")
    made = re.findall(r"create macro \{schema\}\.(\w+)\(", views)
    assert set(made) == MACROS
    page = (REPOSITORY / "docs/store.md").read_text("utf-8")
    assert [name for name in (*made, *stored_queries()) if f"`{name}" not in page] == []
    for body in re.findall(r"create macro .*? as table\n(.*?);", views, re.DOTALL):
        assert len(re.findall(r"(?:from|join) (?!\{schema\}\.|\()", body)) == 0
