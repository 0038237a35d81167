"""Ad-hoc SQL without trust: one SELECT, in a process of its own, bounded in every way.

A read-only DuckDB connection is not a sandbox. Here nothing outside the store can be read: no
file, no network, no setting, no Python object; rows, time and memory are bounded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from barometer_lib.errors import BarometerError
from barometer_lib.store.pointer import pointer_path, resolve
from barometer_lib.store.sessions import CATALOG, DATASETS, check_dataset

MAX_ROWS = 10_000
MAX_SECONDS = 20.0
MEMORY = "512MB"
ADDRESS_SPACE = 3_000_000_000


@dataclass(frozen=True)
class Answer:
    """The columns and rows of a query; `cut` where there were more rows than the limit."""

    columns: list[str]
    rows: list[list[Any]]
    cut: bool


def query(
    sql: str,
    store: Path | str | None = None,
    dataset: str = "published",
    *,
    max_rows: int = MAX_ROWS,
    seconds: float = MAX_SECONDS,
) -> Answer:
    """The answer to one SELECT on one dataset of the store.

    Raises `BarometerError` for anything but one SELECT, a query that fails, names the other
    dataset, or takes more time or memory than it may.
    """
    check_dataset(dataset)
    version = resolve(pointer_path(store))
    job = {
        "path": str(version.path),
        "dataset": dataset,
        "sql": sql,
        "max_rows": max_rows,
        "seconds": seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _start()],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds + 10,
            check=False,
            env=_bare_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise BarometerError("query_time", seconds=seconds) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise BarometerError("query_memory", limit=MEMORY) from error
    if "error" in answer:
        raise BarometerError(answer["error"], **answer["fields"])
    return Answer(answer["columns"], answer["rows"], answer["cut"])


def _start() -> str:
    package = str(Path(__file__).resolve().parents[2])
    return (
        f"import sys; sys.path.insert(0, {package!r}); "
        "from barometer_lib.store.sandbox import answer_job; answer_job()"
    )


def _bare_environment() -> dict[str, str]:
    kept = ("SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL")
    return {name: os.environ[name] for name in kept if name in os.environ}


def answer_job() -> None:
    """Runs in the process of its own: reads the job, answers on standard output."""
    job = json.loads(sys.stdin.read())
    try:
        answer = _answer(job)
    except BarometerError as error:
        answer = {"error": error.code, "fields": error.fields}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, default=_plain))


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    import threading

    import duckdb

    con = duckdb.connect(
        ":memory:",
        config={
            "threads": "1",
            "memory_limit": MEMORY,
            "temp_directory": "",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    path = job["path"].replace("'", "''")
    con.execute(f"attach '{path}' as {CATALOG} (read_only)")
    con.execute(f"use {CATALOG}.{job['dataset']}")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    _bound(job["seconds"])
    statement = _one_select(con, job)
    timer = threading.Timer(job["seconds"], con.interrupt)
    timer.start()
    try:
        result = con.execute(statement)
        columns = [one[0] for one in result.description or []]
        rows = result.fetchmany(job["max_rows"] + 1)
    except duckdb.InterruptException as error:
        raise BarometerError("query_time", seconds=job["seconds"]) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise BarometerError("query_memory", limit=MEMORY) from error
    except duckdb.Error as error:
        raise BarometerError("query_failed", problem=str(error).split("\n\nLINE")[0]) from error
    finally:
        timer.cancel()
    cut = len(rows) > job["max_rows"]
    return {"columns": columns, "rows": [list(row) for row in rows[: job["max_rows"]]], "cut": cut}


def _one_select(con: Any, job: dict[str, Any]) -> Any:
    import duckdb

    try:
        statements = con.extract_statements(job["sql"])
    except duckdb.Error as error:
        raise BarometerError("query_failed", problem=str(error).split("\n\nLINE")[0]) from error
    kinds = [str(one.type).rsplit(".", 1)[-1] for one in statements]
    if kinds != ["SELECT"]:
        raise BarometerError("query_not_select", found=kinds or ["-"])
    try:
        named = con.get_table_names(job["sql"], qualified=True)
    except duckdb.Error:
        named = set()
    for other in DATASETS:
        if other != job["dataset"] and any(_belongs(name, other) for name in named):
            raise BarometerError("query_other_dataset", found=other, wanted=job["dataset"])
    return statements[0]


def _belongs(name: str, dataset: str) -> bool:
    parts = [part.strip('"').casefold() for part in name.split(".")]
    return dataset in parts[:-1]


def _bound(seconds: float) -> None:
    """Address space and processor time, where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    whole = int(seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
