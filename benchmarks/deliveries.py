"""Part L: a large delivery read and checked, against DuckDB's bare typed read of the same file.

The bare read knows every column's type beforehand (codes as enumerations, values as numbers) and
only sums them. The alternative is what an analyst would write with pandas and pandera: it tells
which lines are wrong, and loads nothing.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Area, Indicator
from barometer_lib.deliveries import read
from barometer_lib.deliveries.checks import FAULTS_PER_RULE
from barometer_lib.errors import Fault
from benchmarks import nation
from benchmarks.measure import Finding, compare, here

# Indicators, areas, groups; each for 18 quarters.
SHAPES = {"city": (10, 20, 10), "national": (225, 99, 25), "european": (225, 99, 25)}
DAMAGED = 5_000
KINDS = {"area": 11, "number": 6, "wide": 3, "short": 2, "range": 8, "twin": 20}
CODE = "office/2026-01-20"


def damages(rows: int) -> dict[int, str]:
    """Which rows (the first is 1) are damaged, and how: seeded, the last but few among them."""
    draw = random.Random(5)
    many = min(DAMAGED, rows // 20)
    kinds = [kind for kind, weight in KINDS.items() for _ in range(weight)]
    found = {row: draw.choice(kinds) for row in draw.sample(range(2, rows - 2), many - 1)}
    return found | {min(9_999_999, rows - 1): "number"}


def damaged(line: bytes, before: bytes, kind: str) -> bytes:
    """The line with one thing wrong."""
    cells = (before if kind == "twin" else line).rstrip(b"\n").split(b",")
    if kind == "area":
        cells[1] = b"nowhere"
    elif kind == "number":
        cells[4] = b"n/a"
    elif kind == "wide":
        cells.append(b"1")
    elif kind == "short":
        cells.pop()
    elif kind == "range":
        cells[4] = b"100.5"
    return b",".join(cells) + b"\n"


def written(folder: Path, size: str) -> tuple[Path, Catalogue]:
    """A delivery of that size below `folder`, made once, and the catalogue of its codes."""
    content = nation.nation(*SHAPES[size], "proportion")
    place = folder / size / CODE
    if not place.exists():
        place.mkdir(parents=True)
        indicators, areas, groups = SHAPES[size]
        wrong = damages(indicators * areas * groups * len(nation.PERIODS))
        row, before = 0, b""
        with (place / "figures.csv").open("wb") as stream:
            stream.write((",".join(nation.COLUMNS) + "\n").encode())
            for some in nation.lines(content):
                for place_in, line in enumerate(some):
                    row += 1
                    if row in wrong:
                        some[place_in] = damaged(line, before, wrong[row])
                    before = line
                stream.write(b"".join(some))
        nation.describe(place, "figures.csv")
    return folder / size, content


def checked(folder: Path, content: Catalogue) -> list[Fault]:
    """What `barometer check DELIVERY` asks for."""
    return read(folder, content, CODE, wanted=False).faults


def bare(file: Path, content: Catalogue) -> None:
    """DuckDB's read of the same columns with the same types."""
    import duckdb

    from barometer_lib.deliveries.large.plan import periods_written

    codes = {
        "indicator": [one.id for one in content.all(Indicator)],
        "area": [one.id for one in content.all(Area)],
        "group": nation.groups_of(content),
        "period": list(periods_written()),
    }
    with duckdb.connect(":memory:", config={"threads": "2"}) as con:
        for name, listed in codes.items():
            words = ", ".join(f"'{one}'" for one in listed)
            con.execute(f'create type "of_{name}" as enum ({words})')
        kinds = {name: f'"of_{name}"' for name in codes} | {"value": "DOUBLE"}
        con.execute(_bare(kinds), {"file": str(file)}).fetchall()


def bare_text(file: Path) -> None:
    """The same with every code as text."""
    import duckdb

    kinds = dict.fromkeys(nation.COLUMNS, "VARCHAR") | {"value": "DOUBLE"}
    with duckdb.connect(":memory:", config={"threads": "2"}) as con:
        con.execute(_bare(kinds), {"file": str(file)}).fetchall()


def _bare(kinds: dict[str, str]) -> str:
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    counts = ", ".join(f'count("{name}")' for name in nation.COLUMNS[:-1])
    return (
        f"select {counts}, sum(value) from read_csv($file, header = true, auto_detect = false, "
        f"delim = ',', quote = '\"', escape = '\"', nullstr = '', ignore_errors = true, "
        f"columns = {{{columns}}})"
    )


def with_pandera(file: Path, content: Catalogue) -> int:
    """The same checks with pandas and pandera; how many cells fail."""
    import pandas as pd
    import pandera.pandas as pandera

    rows = pd.read_csv(file, dtype=str, on_bad_lines="skip", keep_default_na=False)
    rows["value"] = pd.to_numeric(rows["value"], errors="coerce")
    codes = {
        "indicator": [one.id for one in content.all(Indicator)],
        "area": [one.id for one in content.all(Area)],
        "group": nation.groups_of(content),
        "period": list(nation.PERIODS),
    }
    columns = {
        name: pandera.Column(str, pandera.Check.isin(listed)) for name, listed in codes.items()
    }
    columns["value"] = pandera.Column(float, pandera.Check.in_range(0, 100))
    schema = pandera.DataFrameSchema(columns, unique=list(nation.COLUMNS[:-1]))
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return len(error.failure_cases)
    return 0


def wrongly_told(folder: Path, size: str, faults: list[Fault]) -> int:
    """How many faults are told of a line that is sound, or not told although the line is damaged.

    Of each rule at most so many are told; unknown codes are told once for all rows.
    """
    indicators, areas, groups = SHAPES[size]
    wrong = damages(indicators * areas * groups * len(nation.PERIODS))
    lines = (folder / CODE / "figures.csv").read_bytes().split(b"\n")
    twice = Counter(line.rsplit(b",", 1)[0] for row in wrong for line in lines[row - 1 : row + 1])
    told = {(one.line or 0) - 1: one.code for one in faults}
    rules = {"number": "not_a_number", "wide": "row_width", "short": "row_width",
             "range": "out_of_range"}  # fmt: skip
    expected = {row: rules[kind] for row, kind in sorted(wrong.items()) if kind in rules}
    seen: Counter[str] = Counter()
    missed = 0
    for row, rule in expected.items():
        seen[rule] += 1
        missed += seen[rule] <= FAULTS_PER_RULE and told.get(row) != rule
    sound = [row for row in told if row not in wrong and row + 1 not in wrong]
    return missed + len(sound) + (0 if twice else 1)


def peak(folder: Path, size: str) -> float:
    """The most memory that reading, checking and tabling takes in a process of its own, in GB."""
    script = (
        "import resource, sys; from pathlib import Path; from benchmarks import deliveries, nation;"
        "from barometer_lib.deliveries import read;"
        "resource.setrlimit(resource.RLIMIT_AS, (CAP, CAP));"
        "read(Path(sys.argv[1]), nation.nation(*deliveries.SHAPES[sys.argv[2]], 'proportion'));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)"
    ).replace("CAP", str(4 << 30))
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), size],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def loading(folder: Path, size: str, rounds: int) -> Iterator[Finding]:
    """Part L at one size."""
    place, content = written(folder, size)
    file = place / CODE / "figures.csv"
    said = f"delivery, {size}:"
    floor = partial(here, partial(bare, file, content))
    ours = partial(here, partial(checked, place, content))
    rounds = min(rounds, 5)
    limit = None if size == "city" else 2.2
    yield compare(f"{said} checked / typed read", ours, floor, limit=limit, rounds=rounds,
                  floors=1)  # fmt: skip
    text = partial(here, partial(bare_text, file))
    yield compare(f"{said} checked / read as text", ours, text, rounds=2, floors=1)
    yield compare(
        f"{said} pandas and pandera / checked",
        partial(here, partial(with_pandera, file, content)),
        ours,
        limit=None if size == "city" else 6,
        at_least=True,
        rounds=1,
        floors=1,
    )
    wrong = wrongly_told(place, size, checked(place, content))
    yield Finding.of(f"{said} damaged lines told wrongly", wrong, 0)
    yield Finding.of(f"{said} peak memory, GB", peak(place, size), 4.0)
