# ruff: noqa: INP001 - a program beside the deliveries it writes, not a package
"""Writes the deliveries of the synthetic city: `python data/deliveries/demo/generate.py [FOLDER]`.

Everything is invented. The same `plan.yml` gives the same files, byte for byte. What the city must
show, and where it stands:

| special case                          | indicator               | where                               |
|---------------------------------------|-------------------------|-------------------------------------|
| series break                          | demo-youth-education    | from 2011-S1                        |
| suppressed cell and its complements   | demo-young-charged      | 2012-S2, districts 7 and 3          |
| revision (two vintages)               | demo-welfare            | 2010-S2, restated 2011-07           |
| missed round                          | all                     | round demo-2009-01 (2008-S2)        |
| late figures                          | registers               | 2008-S2, delivered 2009-07          |
| zero target                           | demo-language-waiting   | target demo-target-waiting          |
| target met at its base                | demo-mentors            | target demo-target-mentors          |
| series crossing zero                  | demo-childcare-gap      | below zero 2006, above zero 2014    |
| monthly series                        | demo-unemployment       | 2011-01 to 2014-06                  |
| missing district                      | demo-volunteering       | 2012-S2, district 9                 |
| districts in part, no city figure     | demo-unsafe             | 2012-S1, districts 1 to 6           |
| exactly at the maximum of 10 per cent | demo-unsafe             | 2013-S2, district 5                 |
| no new figures                        | demo-managers           | 2013-S2 and 2014-S1                 |
| no base value                         | demo-managers           | first figure 2008-S1                |
| first figure in the newest round      | demo-school-parents     | 2014-S1                             |
| insignificant change                  | demo-belonging          | 2013-S1 to 2013-S2                  |
"""

from __future__ import annotations

import hashlib
import random
import sys
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE.parents[1] / "catalogue" / "demo"
FIGURES = "indicator;area;group;period;value;numerator;denominator;sample_size;status".split(";")
SCALE = {"percent": 100, "percentage_points": 100, "per_1000": 1000, "mean": 1, "points": 1}
NOTE = "Synthetic figures of a city that does not exist (syntetisk), made by generate.py."
Cells = dict[tuple[str, str], tuple[int, int]]  # (area, group) -> count, people
Row = list[str]


def read_yaml(path: Path) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def half_years(first: str, last: str) -> list[str]:
    """Every half-year from first to last."""
    codes = [f"{year}-S{half}" for year in range(2000, 2030) for half in (1, 2)]
    return codes[codes.index(first) : codes.index(last) + 1]


def months_of(half_year: str) -> list[str]:
    """The six months of a half-year."""
    first = 1 if half_year.endswith("S1") else 7
    return [f"{half_year[:4]}-{month:02}" for month in range(first, first + 6)]


def place(period: str) -> int:
    """A period's place on its axis: half-years or months since the year 0."""
    year, part = period.split("-")
    return int(year) * 2 + int(part[1]) if part.startswith("S") else int(year) * 12 + int(part)


def level(path: dict[str, float], period: str) -> float:
    """The level on the straight line between the two named periods around `period`."""
    knots = sorted((place(code), value) for code, value in path.items())
    here = place(period)
    before = [knot for knot in knots if knot[0] <= here][-1]
    after = [knot for knot in knots if knot[0] >= here][0]
    width = after[0] - before[0]
    return (
        before[1] if not width else before[1] + (after[1] - before[1]) * (here - before[0]) / width
    )


def printed(value: Fraction, decimals: int) -> str:
    """The value as the source prints it: rounded half up, decimal comma."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return str(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)).replace(".", ",")


class City:
    """The synthetic city: counts and people of every indicator, period, area and group."""

    def __init__(self, plan: dict[str, Any], catalogue: Path) -> None:
        self.plan = plan
        self.indicators = {one["id"]: one for one in read_yaml(catalogue / "indicators.yml")}
        self.chance = random.Random(plan["seed"])  # noqa: S311 - repeatable, not secret
        self.half_years = half_years(plan["first_period"], plan["last_period"])
        self.cells: dict[tuple[str, str], Cells] = {}
        for indicator, series in plan["series"].items():
            self._fill(indicator, series)

    def periods(self, series: dict[str, Any], half_year: str) -> list[str]:
        """The periods of a series that lie in a half-year, from its first one on."""
        first = series.get("first", self.half_years[0])
        inside = [half_year] if "-S" in first else months_of(half_year)
        return [period for period in inside if place(period) >= place(first)]

    def _fill(self, indicator: str, series: dict[str, Any]) -> None:
        spread = series.get("spread", 0)
        away = {district: self.chance.uniform(-1, 1) for district in self.plan["district_shares"]}
        middle = sum(away.values()) / len(away)
        away = {district: spread * (one - middle) for district, one in away.items()}
        for half_year in self.half_years:
            for period in self.periods(series, half_year):
                self.cells[indicator, period] = self._period(indicator, series, period, away)

    def _period(
        self, indicator: str, series: dict[str, Any], period: str, away: dict[str, float]
    ) -> Cells:
        cells: Cells = {}
        for group, path in series["path"].items():
            city = level(path, period) + self.chance.uniform(-1, 1) * series["noise"]
            for area, people in self._people(indicator, group, period).items():
                share = (city + away.get(area, 0.0)) / self._scale(indicator)
                cells[area, group] = (round(people * share), people)
        for one in self.plan["fixed"]:
            if (one["indicator"], one["period"]) == (indicator, period):
                cells[one["area"], one["group"]] = (
                    one["count"],
                    cells[one["area"], one["group"]][1],
                )
        return cells

    def _scale(self, indicator: str) -> int:
        """What a level is divided by to be a share; counts of a population are drawn in percent."""
        if "people" not in self.plan["series"][indicator]:
            return 1
        return SCALE.get(self.indicators[indicator]["unit"], 100)

    def _people(self, indicator: str, group: str, period: str) -> dict[str, int]:
        """People per area; a figure that is no share is counted in its smallest printed unit."""
        series = self.plan["series"][indicator]
        if "people" not in series:
            return {"CITY": 10 ** self.indicators[indicator]["decimals"]}
        growth = 1 + series["growth"] * (place(period) - place(self._first(series)))
        people = series["people"][group] * growth
        if series["shape"] in ("groups", "home"):
            return {"CITY": round(people)}
        shares = self.plan["district_shares"]
        if series["shape"] == "districts":
            return {district: round(people / len(shares)) for district in shares}
        tilt = self.plan["tilt"] if group in ("2", "3") else dict.fromkeys(shares, 1.0)
        whole = sum(shares[district] * tilt[district] for district in shares)
        return {one: round(people * shares[one] * tilt[one] / whole) for one in shares}

    def _first(self, series: dict[str, Any]) -> str:
        return str(series.get("first", self.half_years[0]))


def with_totals(cells: Cells, shape: str) -> Cells:
    """The cells and their sums: all groups (T) in an area, the city in a group, the city's total."""
    sums: dict[tuple[str, str], list[int]] = {}
    for (area, group), (count, people) in cells.items():
        keys = {(area, group)}
        if shape in ("cross", "groups"):
            keys.add((area, "T"))
        if shape in ("cross", "districts"):
            keys.add(("CITY", group))
        if shape == "cross":
            keys.add(("CITY", "T"))
        for key in keys:
            summed = sums.setdefault(key, [0, 0])
            summed[0] += count
            summed[1] += people
    return {key: (sums[key][0], sums[key][1]) for key in sorted(sums)}


def series_rows(city: City, indicator: str, period: str, factor: float = 1.0) -> list[Row]:
    """The rows of one indicator in one period; `factor` restates the counts."""
    plan, series, facts = city.plan, city.plan["series"][indicator], city.indicators[indicator]
    if place(period) >= place(series["no_new_from"]) if "no_new_from" in series else False:
        return [[indicator, "CITY", group, period, "", "", "", "", "n"] for group in series["path"]]
    cells = {
        key: (round(c * factor), people)
        for key, (c, people) in city.cells[indicator, period].items()
    }
    partial, missing, hidden = plan["partial"], plan["missing"], plan["hidden"]
    if (partial["indicator"], partial["period"]) == (indicator, period):
        cells = {key: cells[key] for key in cells if key[0] in partial["districts"]}
        whole = cells
    else:
        gone = (
            {missing["area"]}
            if (missing["indicator"], missing["period"]) == (indicator, period)
            else set()
        )
        whole = with_totals({k: v for k, v in cells.items() if k[0] not in gone}, series["shape"])
        whole |= {key: (-1, -1) for key in cells if key[0] in gone}
    is_hidden = (hidden["indicator"], hidden["period"]) == (indicator, period)
    secret = {tuple(cell) for cell in hidden["cells"]} if is_hidden else set()
    rows = []
    for key in sorted(whole):
        if key in secret or whole[key][0] < 0:
            rows.append([indicator, *key, period, "", "", "", "", "x" if key in secret else "m"])
        else:
            rows.append(
                [indicator, *key, period, *figures(*whole[key], series["print"], facts), ""]
            )
    return rows


def figures(count: int, people: int, print_as: str, facts: dict[str, Any]) -> Row:
    """Value, numerator, denominator and sample size as printed."""
    scale = SCALE.get(facts["unit"])
    value = Fraction(count) if scale is None else Fraction(count * scale, people)
    both, size, sample = print_as == "counts", print_as == "size", print_as == "sample"
    return [
        printed(value, facts["decimals"]),
        str(count) if both else "",
        str(people) if both or size else "",
        str(people) if sample else "",
    ]


def derived_row(city: City, indicator: str, period: str) -> Row:
    """A gap or ratio of two groups of the city."""
    rule = city.plan["derived"][indicator]
    cells = with_totals(city.cells[rule["of"], period], city.plan["series"][rule["of"]]["shape"])
    group, against = (Fraction(*cells["CITY", rule[one]]) for one in ("group", "against"))
    value = {
        "difference": (group - against) * 100,
        "difference_turned": (against - group) * 100,
        "ratio": group / against * 100,
    }[rule["form"]]
    text = printed(value, city.indicators[indicator]["decimals"])
    return [indicator, "CITY", rule["group"], period, text, "", "", "", ""]


def round_rows(city: City, half_year: str, late: str | None, release: str) -> list[Row]:
    """Everything one round's delivery holds: its half-year, what came late, what is restated."""
    rows = []
    revision = city.plan["revision"]
    for indicator, series in city.plan["series"].items():
        is_survey = series["print"] == "sample"
        for one in [late, half_year]:
            if one is not None and not (one == late and is_survey):
                for period in city.periods(series, one):
                    rows += series_rows(city, indicator, period)
        if revision["indicator"] == indicator and revision["with"] == release:
            rows += series_rows(city, indicator, revision["period"], revision["factor"])
    for indicator in city.plan["derived"]:
        rows += [derived_row(city, indicator, one) for one in (late, half_year) if one]
    return rows


def raw_period(period: str) -> str:
    """A period as the statistics office writes it: 2012H2, 2012M07."""
    return period.replace("-S", "H") if "-S" in period else period.replace("-", "M")


def write_csv(path: Path, header: Row, rows: list[Row]) -> str:
    """Writes the file (semicolons, plain newlines); gives its checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(";".join(row) + "\n" for row in [header, *rows])
    path.write_bytes(text.encode())
    return hashlib.sha256(text.encode()).hexdigest()


def write_description(folder: Path, description: dict[str, Any]) -> None:
    """Writes the delivery.yml."""
    text = yaml.safe_dump(description, sort_keys=False, allow_unicode=True, width=100)
    (folder / "delivery.yml").write_bytes(text.encode())


def described(
    title: str, source: str, received: str, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """A delivery.yml's content, marked synthetic."""
    return {
        "title": title, "source": source, "address": "data/deliveries/demo/generate.py",
        "received": received, "licence": "MIT", "sureness": "high", "synthetic": True,
        "note": NOTE, "files": files,
    }  # fmt: skip


def file_of(name: str, holds: str, checksum: str, columns: dict[str, Any]) -> dict[str, Any]:
    """A file's entry in delivery.yml."""
    return {
        "file": name, "holds": holds, "sha256": checksum, "delimiter": ";", "encoding": "utf-8",
        "decimal": ",", "columns": columns,
    }  # fmt: skip


def write_round(city: City, folder: Path, release: str, rows: list[Row]) -> None:
    """Writes one round's delivery."""
    received = f"{release}-{city.plan['delivered_on_day']:02}"
    target = folder / "statistics-office" / received
    raw = [[*row[:3], raw_period(row[3]), *row[4:]] for row in rows]
    checksum = write_csv(target / "figures.csv", FIGURES, raw)
    groups = {code: f"demo-origin:{name}" for code, name in city.plan["groups"].items()}
    areas = {one: f"demo-{one[1:]}" for one in city.plan["district_shares"]}
    columns: dict[str, Any] = {
        "indicator": {"column": "indicator"},
        "area": {"column": "area", "map": {"CITY": "demo-city", **areas}},
        "group": {"column": "group", "map": {"T": "demo-origin:total", **groups}},
        "period": {"column": "period", "map": {raw_period(p): p for p in sorted({r[3] for r in rows})}},
        **{one: {"column": one} for one in FIGURES[4:8]},
        "status": {
            "column": "status",
            "map": {"": "reported", "x": "suppressed", "m": "missing", "n": "no_new_figures"},
        },
    }  # fmt: skip
    files = [file_of("figures.csv", "measurements", checksum, columns)]
    title = f"Synthetic figures of the demo city, {release}"
    write_description(target, described(title, "demo-statistics-office", received, files))


def write_index(city: City, folder: Path, catalogue: Path) -> None:
    """Writes the index delivery: a score for every city of every edition's field, and field sizes."""
    plan = city.plan["index"]
    cities = read_yaml(catalogue / "cities.yml")
    scores: list[Row] = []
    sizes: list[Row] = []
    for edition, count in plan["cities"].items():
        field = cities[:count]
        for one in field:
            score = city.chance.randint(34, 82)
            if one["id"] in (plan["home_city"], plan["tied"].get(edition)):
                score = plan["home"][edition]
            scores.append(["demo-icc", one["id"], edition, str(score)])
        large = sum(one["populations"][0]["inhabitants"] > 200000 for one in field)
        for scope, size in (
            ("all", count),
            ("population-over-200000", large),
            ("population-under-200000", count - large),
        ):
            sizes.append([edition, scope, str(size)])
    target = folder / "icc-network" / plan["received"].isoformat()
    editions = {one: f"demo-{one}" for one in plan["cities"]}
    edition = {"column": "edition", "map": editions}
    index = {"constant": "demo-icc"}
    files = [
        file_of(
            "scores.csv",
            "index_scores",
            write_csv(target / "scores.csv", ["index", "city", "edition", "score"], scores),
            {
                "index": index,
                "city": {"column": "city"},
                "edition": edition,
                "score": {"column": "score"},
                "precision": {"constant": "year"},
                "sureness": {"constant": "high"},
            },
        ),
        file_of(
            "field_sizes.csv",
            "index_field_sizes",
            write_csv(target / "field_sizes.csv", ["edition", "scope", "cities"], sizes),
            {
                "index": index,
                "edition": edition,
                "edition_text": {"column": "edition"},
                "scope": {"column": "scope"},
                "cities": {"column": "cities"},
            },
        ),
    ]
    title = "Synthetic index of fictitious cities, 2010 to 2014"
    received = plan["received"].isoformat()
    write_description(target, described(title, "demo-icc-network", received, files))


def generate(folder: Path, plan: Path = HERE / "plan.yml", catalogue: Path = CATALOGUE) -> None:
    """Writes every delivery of the synthetic city into `folder`."""
    city = City(read_yaml(plan), catalogue)
    late: str | None = None
    for half_year in city.half_years:
        year = int(half_year[:4])
        release = f"{year}-07" if half_year.endswith("S1") else f"{year + 1}-01"
        if release == city.plan["missed"]:
            late = half_year
            continue
        write_round(city, folder, release, round_rows(city, half_year, late, release))
        late = None
    write_index(city, folder, catalogue)


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
