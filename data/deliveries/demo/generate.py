# ruff: noqa: INP001 - a program beside the deliveries it writes, not a package
"""Writes the deliveries of the synthetic city: `python data/deliveries/demo/generate.py [FOLDER]`.

Everything is invented. The same `plan.yml` gives the same files, byte for byte. What the city must
show, and where it stands:

| special case                        | indicator             | where                              |
|-------------------------------------|-----------------------|------------------------------------|
| series break                        | demo-youth-education  | from 2011-S1                       |
| linked break and a parallel run     | demo-inclusion-index  | from 2013-S1                       |
| suppressed cell and its complements | demo-young-charged    | 2012-S2, districts 7 and 3         |
| revision (two vintages)             | demo-welfare          | 2010-S2, restated 2011-07          |
| missed round                        | all                   | round demo-2009-01 (2008-S2)       |
| late figures                        | registers             | 2008-S2, delivered 2009-07         |
| zero target                         | demo-language-waiting | target demo-target-waiting         |
| target met at its base              | demo-mentors          | target demo-target-mentors         |
| series crossing zero                | demo-childcare-gap    | below zero 2006, above zero 2014   |
| monthly series                      | demo-unemployment     | 2011-01 to 2014-06                 |
| missing district                    | demo-volunteering     | 2012-S2, district 9                |
| districts in part, no city figure   | demo-unsafe           | 2012-S1, districts 1 to 6          |
| exactly at the maximum (10 percent) | demo-unsafe           | 2013-S2, district 5                |
| no new figures                      | demo-managers         | 2013-S2 and 2014-S1                |
| no base value                       | demo-managers         | first figure 2008-S1               |
| first figure in the newest round    | demo-school-parents   | 2014-S1                            |
| insignificant change                | demo-belonging        | 2013-S1 to 2013-S2                 |
| shared rank                         | demo-icc              | edition demo-2012, the home city   |
| weights changed between editions    | demo-icc              | from demo-2010 to demo-2011        |
| cities that left and came back      | demo-icc              | edition demo-2012                  |
| missing component scores            | demo-icc              | edition demo-2013                  |
"""

from __future__ import annotations

import hashlib
import sys
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from city import SCALE, WHOLE, Cell, Cells, City, place, read_yaml, with_totals
from network import Network

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE.parents[1] / "catalogue" / "demo"
NUMBERS = ("value", "numerator", "denominator", "sample_size")
FIGURES = ("indicator", "area", "group", "period", *NUMBERS, "status")
STATUSES = {"": "reported", "x": "suppressed", "m": "missing", "n": "no_new_figures"}
NOTE = "Synthetic figures of a city that does not exist (syntetisk), made by generate.py."
Row = list[str]


def printed(value: Fraction, decimals: int) -> str:
    """The value as the source prints it: rounded half up, decimal comma."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return str(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)).replace(".", ",")


def figures(count: int, people: int, print_as: str, facts: dict[str, Any]) -> Row:
    """Value, numerator, denominator and sample size as printed."""
    scale = SCALE.get(facts["unit"])
    value = Fraction(count) if scale is None else Fraction(count * scale, people)
    return [
        printed(value, facts["decimals"]),
        str(count) if print_as == "counts" else "",
        str(people) if print_as in ("counts", "size") else "",
        str(people) if print_as == "sample" else "",
    ]


def shown_cells(city: City, indicator: str, period: str, factor: float) -> Cells:
    """What is delivered of an indicator in a period, totals included; `factor` restates counts."""
    plan = city.plan
    here = {"indicator": indicator, "period": period}
    cells = {
        cell: (round(count * factor), people)
        for cell, (count, people) in city.cells[indicator, period].items()
    }
    if here.items() <= plan["partial"].items():
        return {cell: cells[cell] for cell in cells if cell[0] in plan["partial"]["districts"]}
    if here.items() <= plan["missing"].items():
        cells = {cell: cells[cell] for cell in cells if cell[0] != plan["missing"]["area"]}
    return with_totals(cells, plan["series"][indicator]["shape"])


def marked_cells(city: City, indicator: str, period: str) -> dict[Cell, str]:
    """The cells delivered with a mark in the place of figures."""
    plan = city.plan
    here = {"indicator": indicator, "period": period}
    series = plan["series"][indicator]
    if "no_new_from" in series and place(period) >= place(series["no_new_from"]):
        return {(WHOLE, group): "n" for group in series["path"]}
    if here.items() <= plan["missing"].items():
        return {(plan["missing"]["area"], group): "m" for group in series["path"]}
    if here.items() <= plan["hidden"].items():
        return dict.fromkeys(((area, group) for area, group in plan["hidden"]["cells"]), "x")
    return {}


def series_rows(city: City, indicator: str, period: str, factor: float = 1.0) -> list[Row]:
    """The rows of one indicator in one period."""
    print_as, facts = city.plan["series"][indicator]["print"], city.indicators[indicator]
    shown = shown_cells(city, indicator, period, factor)
    marked = marked_cells(city, indicator, period)
    rows = []
    for cell in sorted({*shown, *marked}):
        numbers = [""] * 4 if cell in marked else figures(*shown[cell], print_as, facts)
        rows.append([indicator, *cell, period, *numbers, marked.get(cell, "")])
    return rows


def derived_row(city: City, indicator: str, period: str) -> Row:
    """A gap or ratio of two groups of the city."""
    rule = city.plan["derived"][indicator]
    cells = with_totals(city.cells[rule["of"], period], city.plan["series"][rule["of"]]["shape"])
    group, against = (Fraction(*cells[WHOLE, rule[one]]) for one in ("group", "against"))
    value = {
        "difference": (group - against) * 100,
        "difference_turned": (against - group) * 100,
        "ratio": group / against * 100,
    }[rule["form"]]
    text = printed(value, city.indicators[indicator]["decimals"])
    return [indicator, WHOLE, rule["group"], period, text, "", "", "", ""]


def round_rows(city: City, half_year: str, late: str | None, release: str) -> list[Row]:
    """Everything one round's delivery holds: its half-year, what came late, what is restated."""
    rows = []
    revision = city.plan["revision"]
    for indicator, series in city.plan["series"].items():
        is_survey = series["print"] == "sample"
        for one in [half_year] if late is None or is_survey else [late, half_year]:
            for period in city.periods(series, one):
                rows += series_rows(city, indicator, period)
        if (revision["indicator"], revision["with"]) == (indicator, release):
            rows += series_rows(city, indicator, revision["period"], revision["factor"])
    for indicator in city.plan["derived"]:
        rows += [derived_row(city, indicator, one) for one in (late, half_year) if one]
    for one in city.plan["parallel"]:
        if one["period"] == half_year:
            rows.append([one["indicator"], WHOLE, "T", half_year, one["value"], "", "", "", ""])
    return rows


def raw_period(period: str) -> str:
    """A period as the statistics office writes it: 2012H2, 2012M07."""
    return period.replace("-S", "H") if "-S" in period else period.replace("-", "M")


def write_csv(path: Path, header: tuple[str, ...], rows: list[Row]) -> str:
    """Writes the file (semicolons, plain newlines); gives its checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(";".join(row) + "\n" for row in [header, *rows])
    path.write_bytes(text.encode())
    return hashlib.sha256(text.encode()).hexdigest()


def file_of(path: Path, holds: str, checksum: str, columns: dict[str, Any]) -> dict[str, Any]:
    """A file's entry in delivery.yml."""
    return {
        "file": path.name, "holds": holds, "sha256": checksum, "delimiter": ";",
        "encoding": "utf-8", "decimal": ",", "columns": columns,
    }  # fmt: skip


def describe(folder: Path, title: str, source: str, files: list[dict[str, Any]]) -> None:
    """Writes the delivery.yml, marked synthetic; the folder's name is the day it was received."""
    description = {
        "title": title, "source": source, "address": "data/deliveries/demo/generate.py",
        "received": folder.name, "licence": "MIT", "sureness": "high", "synthetic": True,
        "note": NOTE, "files": files,
    }  # fmt: skip
    text = yaml.safe_dump(description, sort_keys=False, allow_unicode=True, width=100)
    (folder / "delivery.yml").write_bytes(text.encode())


def write_round(city: City, folder: Path, release: str, rows: list[Row]) -> None:
    """Writes one round's delivery."""
    received = f"{release}-{city.plan['delivered_on_day']:02}"
    path = folder / "statistics-office" / received / "figures.csv"
    raw = [[*row[:3], raw_period(row[3]), *row[4:]] for row in rows]
    groups = {code: f"demo-origin:{name}" for code, name in city.plan["groups"].items()}
    areas = {one: f"demo-{one[1:]}" for one in city.plan["district_shares"]}
    periods = {raw_period(one): one for one in sorted({row[3] for row in rows})}
    columns: dict[str, Any] = {
        "indicator": {"column": "indicator"},
        "area": {"column": "area", "map": {WHOLE: "demo-city", **areas}},
        "group": {"column": "group", "map": {"T": "demo-origin:total", **groups}},
        "period": {"column": "period", "map": periods},
        **{one: {"column": one} for one in NUMBERS},
        "status": {"column": "status", "map": STATUSES},
    }
    checksum = write_csv(path, FIGURES, raw)
    files = [file_of(path, "measurements", checksum, columns)]
    title = f"Synthetic figures of the demo city, {release}"
    describe(path.parent, title, "demo-statistics-office", files)


def write_index(city: City, folder: Path, catalogue: Path) -> None:
    """Writes the index delivery: totals, component scores, and how many cities took part."""
    plan = city.plan["index"]
    (index,) = read_yaml(catalogue / "indices.yml")
    network = Network(plan, read_yaml(catalogue / "cities.yml"), index)
    target = folder / "icc-network" / str(plan["received"])
    edition = {"column": "edition", "map": {one: f"demo-{one}" for one in plan["fields"]}}
    constant = {"index": {"constant": "demo-icc"}, "edition": edition}
    score_columns = {
        "index": {"column": "index"}, "city": {"column": "city"}, "edition": edition,
        "score": {"column": "score"}, "precision": {"constant": "year"},
        "sureness": {"constant": "high"},
    }  # fmt: skip
    component_columns = {
        **constant, "city": {"column": "city"}, "component": {"column": "component"},
        "score": {"column": "score"},
    }  # fmt: skip
    size_columns = {
        **constant, "edition_text": {"column": "edition"}, "scope": {"column": "scope"},
        "cities": {"column": "cities"},
    }  # fmt: skip
    wide = {"label": "component", "values": {"score": network.components}}
    files = []
    for name, holds, header, rows, columns, more in (
        ("scores.csv", "index_scores", ("index", "city", "edition", "score"),
         network.score_rows(), score_columns, {}),
        ("components.csv", "index_components", ("city", "edition", *network.components),
         network.component_rows(), component_columns, {"wide": wide}),
        ("field_sizes.csv", "index_field_sizes", ("edition", "scope", "cities"),
         network.size_rows(), size_columns, {}),
    ):  # fmt: skip
        checksum = write_csv(target / name, header, rows)
        files.append({**file_of(target / name, holds, checksum, columns), **more})
    describe(target, "Synthetic index of fictitious cities", "demo-icc-network", files)


def generate(folder: Path) -> None:
    """Writes every delivery of the synthetic city into `folder`."""
    city = City(read_yaml(HERE / "plan.yml"), CATALOGUE)
    late: str | None = None
    for half_year in city.half_years:
        year = int(half_year[:4])
        release = f"{year}-07" if half_year.endswith("S1") else f"{year + 1}-01"
        if release == city.plan["missed"]:
            late = half_year
            continue
        write_round(city, folder, release, round_rows(city, half_year, late, release))
        late = None
    write_index(city, folder, CATALOGUE)


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
