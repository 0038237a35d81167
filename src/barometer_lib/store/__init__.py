"""The DuckDB store: published as a new file and a pointer, read through read-only sessions.

`writing` makes the file (the build alone needs it), `questions` and `status` ask it, `sandbox`
answers ad-hoc SQL.
"""

from barometer_lib.store.locking import PATIENCE, only_builder
from barometer_lib.store.pointer import (
    LAYOUT,
    VARIABLE,
    Version,
    check_kind,
    clear_leftovers,
    must_be_pointer,
    new_part,
    pointer_path,
    publish,
    resolve,
)
from barometer_lib.store.sessions import DATASETS, Session, check_dataset, parse_day, session

__all__ = [
    "DATASETS",
    "LAYOUT",
    "PATIENCE",
    "VARIABLE",
    "Session",
    "Version",
    "check_dataset",
    "check_kind",
    "clear_leftovers",
    "must_be_pointer",
    "new_part",
    "only_builder",
    "parse_day",
    "pointer_path",
    "publish",
    "resolve",
    "session",
]
