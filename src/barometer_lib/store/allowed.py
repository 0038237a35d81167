"""What ad-hoc SQL may name: the tables of one dataset, and functions that only compute.

The statement's own syntax tree is read, so that a name cannot hide in quotes, in a subquery or in
a function that takes a table's name as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from barometer_lib.errors import BarometerError
from barometer_lib.store.sessions import CATALOG, DATASETS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMAS = frozenset({"", "information_schema"})
# Functions that give rows; all others read files, settings or tables named in a text.
ROW_FUNCTIONS = frozenset({"generate_series", "range", "unnest", "json_each", "json_tree"})
# The store's own table macros; they read the dataset they stand in.
MACROS = frozenset({"history", "latest_of", "trend_of", "assessment_of", "gap_of"})
# Functions that tell of the machine or of a table's contents, or write.
CLOSED_FUNCTIONS = frozenset(
    {"current_setting", "getvariable", "json_serialize_plan", "nextval", "currval", "write_log"}
)


def check_names(con: DuckDBPyConnection, sql: str, dataset: str) -> None:
    """Raises `BarometerError` where one SELECT names what a reader of `dataset` may not use."""
    asked = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0]
    tree = json.loads(asked)
    if tree.get("error"):
        raise BarometerError("query_failed", problem=str(tree.get("error_message")))
    for node in _nodes(tree):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            _check_table(node, dataset)
        elif kind == "TABLE_FUNCTION":
            _check_schema(node["function"], dataset)
            _check_function(node["function"], allowed=True)
        elif kind == "SHOW_REF" and node.get("query") is None:
            raise BarometerError("query_not_allowed", found="show")
        elif node.get("class") == "FUNCTION":
            _check_function(node, allowed=False)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every node of the tree, without recursion: a query may be nested deeply."""
    left = [tree]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield one
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _check_table(node: Mapping[str, Any], dataset: str) -> None:
    catalog, schema = _check_schema(node, dataset)
    if catalog not in ("", CATALOG) or schema not in SCHEMAS | {dataset}:
        named = ".".join(part for part in (catalog, schema, str(node["table_name"])) if part)
        raise BarometerError("query_not_allowed", found=named)


def _check_schema(node: Mapping[str, Any], dataset: str) -> tuple[str, str]:
    catalog = str(node.get("catalog_name", node.get("catalog", ""))).casefold()
    schema = str(node.get("schema_name", node.get("schema", ""))).casefold()
    for other in DATASETS:
        if other != dataset and other in (catalog, schema):
            raise BarometerError("query_other_dataset", found=other, wanted=dataset)
    return catalog, schema


def _check_function(node: Mapping[str, Any], *, allowed: bool) -> None:
    name = str(node["function_name"]).casefold()
    if (allowed and name not in ROW_FUNCTIONS | MACROS) or name in CLOSED_FUNCTIONS:
        raise BarometerError("query_not_allowed", found=f"{name}()")
