"""Ad-hoc SQL without trust: one SELECT, in a process of its own, bounded in every way.

A read-only DuckDB connection is not a sandbox. Here nothing outside the store can be read: no
file, no network, no setting, no Python object; rows, time and memory are bounded.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from barometer_lib.errors import BarometerError, StoreError
from barometer_lib.store.allowed import check_names
from barometer_lib.store.pointer import pointer_path, resolve
from barometer_lib.store.sessions import CATALOG, check_dataset, use_dataset

MAX_ROWS = 10_000
MAX_SECONDS = 20.0
MEMORY = "512MB"
ADDRESS_SPACE = 1_500_000_000
MAX_ANSWER = 50_000_000  # characters of the whole answer


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
    values: Mapping[str, str | float | None] | None = None,
    max_rows: int = MAX_ROWS,
    seconds: float = MAX_SECONDS,
) -> Answer:
    """The answer to one SELECT on one dataset of the store; `values` are bound to its `$name`s.

    Raises `BarometerError` for anything but one SELECT, a query that fails, names the other
    dataset, or takes more time or memory than it may.
    """
    check_dataset(dataset)
    version = resolve(pointer_path(store))
    job = {
        "path": str(version.path),
        "dataset": dataset,
        "sql": sql,
        "values": dict(values or {}),
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
    if done.returncode == -getattr(signal, "SIGXCPU", 0) and done.returncode:
        raise BarometerError("query_time", seconds=seconds)
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise BarometerError("query_memory", limit=MEMORY) from error
    if "error" in answer:
        kind = StoreError if answer["error"].startswith("store_") else BarometerError
        raise kind(answer["error"], **answer["fields"])
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
        answer = json.dumps(_answer(job))
        if len(answer) > MAX_ANSWER:
            raise BarometerError("query_memory", limit=MEMORY)
    except BarometerError as error:
        answer = json.dumps({"error": error.code, "fields": error.fields})
    sys.stdout.write(answer)


def _connect(job: dict[str, Any]) -> Any:
    """The store's file, read-only, with every door shut before anything is asked."""
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
    try:
        con.execute(f"attach '{path}' as {CATALOG} (read_only)")
    except duckdb.Error as error:
        problem = str(error).split("\n")[0]
        raise StoreError("store_unreadable", path=job["path"], problem=problem) from error
    use_dataset(con, job["dataset"], job["path"])
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    import threading

    import duckdb

    con = _connect(job)
    _bound(job["seconds"])
    statement = _one_select(con, job)
    timer = threading.Timer(job["seconds"], con.interrupt)
    timer.start()
    try:
        result = con.execute(statement, job["values"])
        columns = _columns(result.description or [])
        rows = result.fetchmany(job["max_rows"] + 1)
    except duckdb.InterruptException as error:
        raise BarometerError("query_time", seconds=job["seconds"]) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise BarometerError("query_memory", limit=MEMORY) from error
    except duckdb.Error as error:
        if "bad_alloc" in str(error):
            raise BarometerError("query_memory", limit=MEMORY) from error
        raise BarometerError("query_failed", problem=_problem(error)) from error
    finally:
        timer.cancel()
    cut = len(rows) > job["max_rows"]
    told = [[_plain(value) for value in row] for row in rows[: job["max_rows"]]]
    return {"columns": columns, "rows": told, "cut": cut}


def _one_select(con: Any, job: dict[str, Any]) -> Any:
    import duckdb

    try:
        statements = con.extract_statements(job["sql"])
        kinds = [str(one.type).rsplit(".", 1)[-1] for one in statements]
        if kinds != ["SELECT"]:
            raise BarometerError("query_not_select", found=kinds or ["-"])
        check_names(con, job["sql"], job["dataset"])
    except duckdb.Error as error:
        raise BarometerError("query_failed", problem=_problem(error)) from error
    return statements[0]


def _columns(description: Sequence[Sequence[Any]]) -> list[str]:
    """The columns' names, each once: `a`, `a_2`. A time zone cannot be told and is refused."""
    names: list[str] = []
    for name, kind, *_ in description:
        if "TIME ZONE" in str(kind):
            raise BarometerError("query_time_zone", column=name)
        number, unique = 1, name
        while unique in names:
            number += 1
            unique = f"{name}_{number}"
        names.append(unique)
    return names


def _problem(error: Exception) -> str:
    """What DuckDB says, without the drawing of the statement and without a traceback."""
    said = str(error)
    for tail in ("\n\nLINE", "\nTraceback", "\nStack Trace"):
        said = said.split(tail, maxsplit=1)[0]
    return said.strip()


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
    """A value as JSON can tell it; a number that is not finite becomes text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if isfinite(value) else str(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else str(value)
