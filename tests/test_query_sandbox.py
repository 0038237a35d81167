"""Ad-hoc SQL is not trusted: what it may read, what it may not, and how it is bounded."""

from __future__ import annotations

import os
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from barometer_lib.errors import BarometerError, NotFound, StoreError
from barometer_lib.store import resolve, sandbox
from barometer_lib.store.sandbox import Answer, query
from shared_store import pointer

NOT_ONE_SELECT = [
    "",
    "select 1; select 2",
    "create table x (a integer)",
    "create temp table x (a integer)",
    "insert into measurement_vintage select * from measurement_vintage",
    "update indicator set unit = 'count'",
    "delete from indicator",
    "drop view measurement",
    "alter table indicator add column x integer",
    "copy (select 1) to 'x.csv'",
    "copy indicator from 'x.csv'",
    "export database 'x'",
    "attach 'x.duckdb' as x",
    "detach barometer",
    "install httpfs",
    "load httpfs",
    "pragma version",
    "set memory_limit = '9GB'",
    "set enable_external_access = true",
    "reset memory_limit",
    "use barometer.demo",
    "call pragma_version()",
    "checkpoint",
    "explain analyze select 1",
    "begin",
    "prepare p as select 1",
    "set variable x = 1",
]
NOT_ALLOWED = [
    "from duckdb_settings()",
    "from duckdb_databases()",
    "from duckdb_secrets()",
    "from duckdb_views()",
    "from duckdb_logs()",
    "from read_csv('data/catalogue/goals.yml')",
    "from read_csv_auto('data/catalogue/goals.yml')",
    "from read_text('README.md')",
    "from read_blob('README.md')",
    "from read_parquet('x.parquet')",
    "from read_json('x.json')",
    "from glob('*')",
    "from sniff_csv('x.csv')",
    "from parquet_metadata('x.parquet')",
    "select * from query('select 1')",
    "select * from query_table('measurement')",
    "from histogram_values('measurement', 'value')",
    "from pragma_storage_info('measurement_vintage')",
    "from pragma_database_list()",
    "from enable_logging()",
    "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "select json_serialize_plan('select 1')",
    "select current_setting('memory_limit')",
    "select getvariable('x')",
    "select write_log('x')",
    "from (show all tables)",
    "from (show tables)",
    "from pg_catalog.pg_tables",
    "from system.information_schema.tables",
    "from main.measurement",
    "select (select count(*) from (select * from glob('*')))",
]
OF_THE_DEMO_CITY = [
    "from demo.measurement",
    "from barometer.demo.latest",
    'from "DEMO"."measurement"',
    'from "barometer"."demo"."measurement_vintage"',
    "table demo.indicator",
    "from (summarize demo.measurement)",
    "from (describe demo.measurement)",
    "from (show demo.measurement)",
    "select (select max(value) from demo.measurement)",
    "select 1 where exists (from demo.goal)",
    "with a as (from demo.measurement) from a",
    "with recursive a as (select 1 n union all select n + 1 from a, demo.goal where n < 3) from a",
    "from measurement union all by name from demo.measurement",
    "from measurement positional join demo.measurement",
    "select * from measurement m, lateral (select * from demo.goal) g",
    "select 1 order by (select count(*) from demo.goal)",
    "select max(value) over (order by (select count(*) from demo.goal)) from measurement",
    "from (pivot demo.measurement on status in ('reported') using count(*) group by unit)",
    "from (unpivot demo.measurement on value into name key value amount)",
    "from demo.measurement tablesample 10 percent",
]
HIDING_THE_DEMO_CITY = [
    "select * from query('from demo.measurement')",
    "select * from query_table('demo.measurement')",
    "select * from query_table(['demo.measurement'])",
    "from histogram('demo.measurement', 'value')",
    "from histogram_values('demo.measurement', 'value')",
    "from pragma_storage_info('demo.measurement_vintage')",
    "from pragma_table_info('demo.measurement')",
    "select json_serialize_plan('select max(value) from demo.measurement', optimize := true)",
    "from json_execute_serialized_sql(json_serialize_sql('from demo.measurement'))",
]


def ask(sql: str, **bounds: object) -> Answer:
    return query(sql, pointer(), **bounds)


@pytest.fixture(scope="module")
def shut():
    """The very connection and check of the process, without starting one for each statement."""
    job = {"path": str(resolve(pointer()).path), "dataset": "published"}
    con = sandbox._connect(job)
    yield lambda sql: sandbox._one_select(con, {**job, "sql": sql})
    con.close()


def refused(shut, sql: str) -> str:
    with pytest.raises(BarometerError) as caught:
        shut(sql)
    return caught.value.code


def refusal(sql: str, **bounds: object) -> BarometerError:
    with pytest.raises(BarometerError) as caught:
        ask(sql, **bounds)
    return caught.value


def test_a_question_is_answered():
    answer = ask(
        "select period, printed from measurement where indicator = 'utryg_nabolag' "
        "and area = '101' order by period"
    )
    assert answer.columns == ["period", "printed"]
    assert answer.rows[0] == ["2009", 11.0]
    assert len(answer.rows) == 10
    assert answer.cut is False


@pytest.mark.parametrize(
    "sql",
    [
        "from measurement limit 1",
        "from published.measurement limit 1",
        "from barometer.published.measurement limit 1",
        "select 1 -- ; drop table measurement",
        "values (1)",
        "with a as (select 1 as demo) select demo.demo from a as demo",
        "select count(*) from information_schema.tables",
        "select x from range(3) t(x) qualify row_number() over (order by x) = 1",
        "select unnest([1, 2])",
        "select list_transform([1], lambda x: x + 1)",
        "select histogram(value) from measurement",
        "from (summarize measurement)",
    ],
)
def test_reading_and_computing_are_allowed(sql):
    assert ask(sql).rows


def test_the_demo_city_is_asked_as_itself():
    answer = query(
        "select bool_and(synthetic), count(*) > 5000 from measurement", pointer(), "demo"
    )
    assert answer.rows == [[True, True]]
    with pytest.raises(BarometerError) as caught:
        query("from published.measurement", pointer(), "demo")
    assert caught.value.code == "query_other_dataset"


@pytest.mark.parametrize("sql", NOT_ONE_SELECT)
def test_anything_but_one_select_is_refused(shut, sql):
    assert refused(shut, sql) == "query_not_select"


@pytest.mark.parametrize("sql", NOT_ALLOWED)
def test_nothing_but_the_datasets_tables_can_be_named(shut, sql):
    assert refused(shut, sql) == "query_not_allowed"


@pytest.mark.parametrize("sql", OF_THE_DEMO_CITY)
def test_the_other_dataset_cannot_be_named(shut, sql):
    assert refused(shut, sql) == "query_other_dataset"


@pytest.mark.parametrize("sql", HIDING_THE_DEMO_CITY)
def test_the_other_dataset_cannot_be_reached_by_a_text(shut, sql):
    assert refused(shut, sql) == "query_not_allowed"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("set enable_external_access = true", "query_not_select"),
        ("select * from query_table(['demo.measurement'])", "query_not_allowed"),
        ("from demo.measurement", "query_other_dataset"),
    ],
)
def test_the_process_of_its_own_refuses_the_same(sql, code):
    assert refusal(sql).code == code


def test_a_name_in_a_text_is_only_a_text():
    assert ask("select 'demo.measurement', 'glob(*)'").rows == [["demo.measurement", "glob(*)"]]


def test_names_of_tables_give_no_row_of_the_other_dataset():
    answer = ask("select * from information_schema.columns")
    assert not any(
        str(value).startswith("demo-") for row in answer.rows for value in row if value is not None
    )


@pytest.mark.parametrize(
    ("sql", "closed"),
    [
        ("from 'README.md'", "README.md"),
        ("from 'x.csv'", "x.csv"),
        ("from 'https://example.org/x.parquet'", "example.org"),
        ("select getenv('HOME')", "getenv"),
    ],
)
def test_files_network_and_environment_are_closed(sql, closed):
    error = refusal(sql)
    assert error.code == "query_failed"
    assert closed in error.fields["problem"]


def test_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refusal("copy (select 1) to 'x.csv'")
    refusal("attach 'x.duckdb' as x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_cannot_be_read(tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("name\nhunter2\n", "utf-8")
    error = refusal(f"from '{file.as_posix()}'")
    assert error.code == "query_failed"
    assert "hunter2" not in error.fields["problem"]


def test_python_objects_are_not_tables():
    job = {"path": str(resolve(pointer()).path), "dataset": "published"}
    con = sandbox._connect(job)
    secret_rows = pa.table({"name": ["hunter2"]})
    assert secret_rows.num_rows == 1
    with pytest.raises(duckdb.CatalogException, match="secret_rows does not exist"):
        con.execute("from secret_rows")
    con.close()
    assert "job does not exist" in refusal("from job").fields["problem"]


def test_the_process_sees_nothing_of_the_environment(monkeypatch):
    monkeypatch.setenv("BAROMETER_SECRET", "hunter2")
    monkeypatch.setenv("PYTHONPATH", os.fspath(Path(__file__).parent))
    kept = sandbox._bare_environment()
    assert "hunter2" not in kept.values()
    assert "PYTHONPATH" not in kept


def test_rows_are_bounded():
    answer = ask("select * from range(1000)", max_rows=10)
    assert len(answer.rows) == 10
    assert answer.cut is True
    assert ask("select * from range(10)", max_rows=10).cut is False


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from range(1000000) a(x), range(1000000) b(y) where sin(x * y) > 2",
        "with recursive r as (select 1 n union all select n + 1 from r) select max(n) from r",
    ],
)
def test_a_runaway_is_stopped(sql):
    begun = time.monotonic()
    error = refusal(sql, seconds=1.0)
    assert error.code == "query_time"
    assert error.fields["seconds"] == 1.0
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "sql",
    [
        "select list(x) from range(100000000) t(x)",
        "select length(repeat('x', 2000000000))",
        "select repeat('x', 10000000) from range(20)",
    ],
)
def test_memory_and_the_answer_are_bounded(sql):
    error = refusal(sql)
    assert error.code == "query_memory"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("selec 1", "syntax error"),
        ("select * from measurment", 'Did you mean "measurement"'),
        ("select valu from measurement", "valu"),
        ("select 'a'::integer", "Could not convert"),
    ],
)
def test_a_faulty_statement_is_told_in_its_own_words(sql, said):
    error = refusal(sql)
    assert error.code == "query_failed"
    assert said in error.fields["problem"]
    assert "Traceback" not in error.fields["problem"]


def test_every_kind_of_value_comes_as_json_can_tell_it():
    answer = ask(
        "select date '2013-01-31' d, 'nan'::double n, 1.25::decimal(9,2) m, [1, 2] l, "
        "{'a': date '2020-01-01'} s, map([1], ['x']) p, '\\xAA'::blob b, null z"
    )
    [row] = answer.rows
    told = dict(zip(answer.columns, row, strict=True))
    assert told == {
        "d": "2013-01-31", "n": "nan", "m": 1.25, "l": [1, 2], "s": {"a": "2020-01-01"},
        "p": {"1": "x"}, "b": "aa", "z": None,
    }  # fmt: skip


def test_columns_of_one_name_are_all_kept():
    answer = ask("select 1 as a, 2 as a, 3 as a_2")
    assert answer.columns == ["a", "a_2", "a_2_2"]
    assert answer.rows == [[1, 2, 3]]


def test_a_time_zone_is_refused_in_words():
    assert refusal("select now() as n").code == "query_time_zone"
    assert ask("select now()::timestamp is not null").rows == [[True]]


def test_bad_store_and_bad_dataset(tmp_path):
    with pytest.raises(NotFound):
        query("select 1", pointer(), "demoo")
    with pytest.raises(StoreError) as caught:
        query("select 1", tmp_path / "none.json")
    assert caught.value.code == "store_missing"
    place = tmp_path / "barometer.json"
    place.write_text('{"file": "x.duckdb", "layout": 1, "built": "", "inputs": ""}', "utf-8")
    (tmp_path / "x.duckdb").write_bytes(b"this is no store")
    with pytest.raises(StoreError) as caught:
        query("select 1", place)
    assert caught.value.code == "store_unreadable"
