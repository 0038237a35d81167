"""The DuckDB store: published as a new file and a pointer, read through read-only sessions."""

from barometer_lib.store.pointer import (
    LAYOUT,
    VARIABLE,
    Version,
    new_part,
    pointer_path,
    publish,
    resolve,
)
from barometer_lib.store.sessions import DATASETS, Session, check_dataset, parse_day, session
from barometer_lib.store.writing import content_digest, vintages, write

__all__ = [
    "DATASETS",
    "LAYOUT",
    "VARIABLE",
    "Session",
    "Version",
    "check_dataset",
    "content_digest",
    "new_part",
    "parse_day",
    "pointer_path",
    "publish",
    "resolve",
    "session",
    "vintages",
    "write",
]
