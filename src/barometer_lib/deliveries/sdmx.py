"""Delivered SDMX-CSV files (1.0 and 2.0): observations, their flags, and the code of each label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from barometer_lib.deliveries.csv_rows import load_csv
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.raw import LINE, RAW, RawFile, quoted, unread
from barometer_lib.deliveries.shape import ColumnMapping
from barometer_lib.errors import Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
STATUS, CONFIDENTIAL, OUR_STATUS = "OBS_STATUS", "CONF_STATUS", "status"
# CL_OBS_STATUS: there is no figure, or it is withheld. CL_CONF_STATUS: all but F is confidential.
NO_FIGURE = ("M", "L", "O", "H")
WITHHELD = ("Q", "c", "C")
FREE = "F"
# Eurostat has its flags in a column of their own: c is confidential, and may stand with others.
FLAG = "OBS_FLAG"
UNIT, POWER = "UNIT_MEASURE", "UNIT_MULT"
UNITS = {"PC": "percent", "PT": "percent", "NR": "count", "NUMBER": "count", "PS": "count"}
LABELLED = ": "


def load_sdmx(con: DuckDBPyConnection, path: Path, spec: DeliveredFile, name: str) -> RawFile:
    """Reads the file into table `raw_rows` of `con`; where codes stand with labels, the codes.

    The first column says which version it is: DATAFLOW (1.0) or STRUCTURE (2.0). A column `status`
    is added: `suppressed` for what is confidential, `missing` for what has no figure, else
    `reported`. A row that deletes (ACTION D) is no figure and a fault.
    """
    raw = load_csv(con, path, spec, name)
    if not raw.columns:
        return raw
    codes = tuple(column.split(LABELLED)[0].strip() for column in raw.columns)
    first = codes[0].partition("[")[0]
    missing = [one for one in (TIME, VALUE) if one not in codes]
    if first not in ("DATAFLOW", "STRUCTURE") or missing or OUR_STATUS in codes:
        found = ", ".join(raw.columns)
        return unread(Fault("sdmx_form", name, line=1, found=found, mended_by="source"))
    for old, new in zip(raw.columns, codes, strict=True):
        _only_codes(con, old, new)
    faults = [*raw.faults]
    if first == "STRUCTURE" and "ACTION" in codes:
        faults += _deletions(con, name)
    con.execute(f'alter table {RAW} add column "{OUR_STATUS}" varchar')
    con.execute(f'update {RAW} set "{OUR_STATUS}" = {_status(codes)}')
    con.execute(f"update {RAW} set {VALUE} = null where upper({VALUE}) = 'NAN'")
    if POWER in codes:
        _multiply(con)
    return RawFile((*codes, OUR_STATUS), raw.rows, tuple(faults))


def with_defaults(spec: DeliveredFile, columns: Sequence[str]) -> DeliveredFile:
    """The file with what SDMX says of itself, where `delivery.yml` says nothing else of it."""
    if spec.format != "sdmx-csv":
        return spec
    mappings = {
        "period": ColumnMapping(column=TIME, spelled="office"),
        "value": ColumnMapping(column=VALUE),
        "status": ColumnMapping(column=OUR_STATUS),
    }
    if UNIT in columns:
        mappings["unit"] = ColumnMapping(column=UNIT, map=dict(UNITS))
    return spec.model_copy(update={"columns": mappings | spec.columns})


def _only_codes(con: DuckDBPyConnection, old: str, new: str) -> None:
    if old == new:
        return
    con.execute(f"alter table {RAW} rename column {quoted(old)} to {quoted(new)}")
    con.execute(
        f"update {RAW} set {quoted(new)} = split_part({quoted(new)}, '{LABELLED}', 1) "
        f"where contains({quoted(new)}, '{LABELLED}')"
    )


def _multiply(con: DuckDBPyConnection) -> None:
    """Figures in thousands or millions as what they stand for: 12.5 with UNIT_MULT 3 is 12500."""
    pairs = con.execute(
        f"select distinct {VALUE}, {POWER} from {RAW} where {VALUE} is not null "
        f"and regexp_full_match({POWER}, '-?[1-9]') "
        f"and regexp_full_match({VALUE}, '-?[0-9]+([.][0-9]+)?')"
    ).fetchall()
    for value, power in pairs:
        whole = format(Decimal(value).scaleb(int(power)), "f")
        con.execute(
            f"update {RAW} set {VALUE} = $whole where {VALUE} = $value and {POWER} = $power",
            {"whole": whole, "value": value, "power": power},
        )


def _deletions(con: DuckDBPyConnection, name: str) -> Iterator[Fault]:
    rows = con.execute(
        f"select {LINE}, ACTION from {RAW} where ACTION = 'D' order by 1 limit 1000"
    ).fetchall()
    for line, found in rows:
        yield Fault(
            "sdmx_delete", name, line=line, column="ACTION", found=found, mended_by="source"
        )


def _status(codes: tuple[str, ...]) -> str:
    def listed(words: tuple[str, ...]) -> str:
        return ", ".join(f"'{word}'" for word in words)

    tests = []
    if CONFIDENTIAL in codes:
        tests.append(f"when coalesce({CONFIDENTIAL}, '{FREE}') <> '{FREE}' then 'suppressed'")
    if FLAG in codes:
        tests.append(f"when contains({FLAG}, 'c') then 'suppressed'")
    if STATUS in codes:
        tests.append(f"when {STATUS} in ({listed(WITHHELD)}) then 'suppressed'")
        tests.append(f"when {STATUS} in ({listed(NO_FIGURE)}) then 'missing'")
    tests.append(f"when {VALUE} is null or upper({VALUE}) = 'NAN' then 'missing'")
    return f"case {' '.join(tests)} else 'reported' end"
