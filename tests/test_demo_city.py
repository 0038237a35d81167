"""The synthetic city: written anew byte for byte, adds up, hides well, shows every special case."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from barometer_lib.catalogue import Catalogue, inspect
from barometer_lib.catalogue.entries import Indicator, Policy, Round, Target
from barometer_lib.errors import say_fault

DATA = Path(__file__).resolve().parent.parent / "data"
DELIVERIES = DATA / "deliveries" / "demo"
GENERATOR = DELIVERIES / "generate.py"
DISTRICTS = [f"D{number:02}" for number in range(1, 11)]
GROUPS = ["1", "2", "3", "4"]
MISSED_HALF_YEAR = "2008H2"
FIELDS = {"2009": 60, "2010": 80, "2011": 95, "2012": 113, "2013": 135, "2014": 150}
CITY_EDITIONS = sum(FIELDS.values())


@dataclass(frozen=True)
class Figure:
    """One delivered row, numbers exact."""

    delivery: str
    indicator: str
    area: str
    group: str
    period: str
    value: Fraction | None
    numerator: int | None
    denominator: int | None
    sample_size: int | None
    status: str


def number(text: str) -> Fraction | None:
    return Fraction(text.replace(",", ".")) if text else None


def whole(text: str) -> int | None:
    return int(text) if text else None


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    found = []
    for path in sorted((DELIVERIES / "statistics-office").glob("*/figures.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(list(stream)[1:], delimiter=";"):
                counts = [whole(one) for one in row[5:8]]
                found.append(Figure(path.parent.name, *row[:4], number(row[4]), *counts, row[8]))
    assert len(found) > 5000
    return found


@pytest.fixture(scope="module")
def content() -> Catalogue:
    found, faults = inspect(DATA / "catalogue" / "demo")
    assert found is not None
    assert [say_fault(one, "en") for one in faults] == []
    return found


def pick(figures: list[Figure], **wanted: str) -> list[Figure]:
    """The rows with these codes."""
    return [one for one in figures if all(getattr(one, key) == wanted[key] for key in wanted)]


def city_value(figures: list[Figure], indicator: str, group: str, period: str) -> Figure:
    """The city's newest delivered row of an indicator, group and period."""
    return pick(figures, indicator=indicator, area="CITY", group=group, period=period)[-1]


# --- written anew, small, known to the catalogue -------------------------------------------------


def test_generator_writes_the_committed_deliveries(tmp_path: Path):
    subprocess.run([sys.executable, "-B", str(GENERATOR), str(tmp_path)], check=True)
    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    committed = {
        path.relative_to(DELIVERIES): path.read_bytes()
        for folder in DELIVERIES.iterdir()
        if folder.is_dir() and folder.name != "__pycache__"
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert sorted(written) == sorted(committed)
    assert [name for name in written if written[name] != committed[name]] == []
    assert len(written) == 15 * 2 + 4
    assert sum(len(body) for body in written.values()) < 2_000_000


def test_every_description_is_marked_synthetic():
    pages = sorted(DELIVERIES.rglob("delivery.yml"))
    assert len(pages) == 16
    for page in pages:
        description = yaml.safe_load(page.read_text("utf-8"))
        assert description["synthetic"] is True
        assert "syntetisk" in description["note"]
        assert description["title"].startswith("Synthetic")
        assert {(one["delimiter"], one["decimal"]) for one in description["files"]} == {(";", ",")}


def test_deliveries_are_read_without_a_fault(content: Catalogue, figures: list[Figure]):
    from barometer_lib.deliveries import read

    delivered = read(DELIVERIES, content)
    assert [say_fault(one, "en") for one in delivered.faults] == []
    assert sum(table.num_rows for table in delivered.measurements) == len(figures)
    assert [table.num_rows for table in delivered.index_scores] == [CITY_EDITIONS]
    assert [table.num_rows for table in delivered.index_components] == [CITY_EDITIONS * 18]
    assert [table.num_rows for table in delivered.index_field_sizes] == [6 * 3]


def test_every_id_says_demo(content: Catalogue):
    ids = [(kind, code) for kind, known in content.entries.items() for code in known]
    assert {kind for kind, _ in ids} == set(content.entries)
    for index in content.entries["index"].values():
        ids += [("component", one.id) for one in index.components]
        ids += [("edition", one.id) for one in index.editions]
    ids += [("break", one.reason) for each in content.all(Indicator) for one in each.breaks]
    ids += [("definition", one.definition) for one in content.entries["group"].values()]
    ids += [("administration", one.administration) for one in content.entries["committee"].values()]
    assert [one for one in ids if not one[1].startswith("demo-")] == []


def test_labels_own_up_to_being_synthetic(content: Catalogue):
    for lang, word in (("da", "syntetisk"), ("en", "synthetic")):
        for kind in ("comment", "round", "source", "indicator_definition", "decision", "dataset"):
            words = content.labels[lang][kind]
            assert [code for code in words if word not in words[code].lower()] == []


def test_catalogue_holds_what_the_city_is_for(content: Catalogue):
    indicators = content.all(Indicator)
    assert len(indicators) == 21
    assert {one.kind for one in indicators} == {
        "proportion", "rate", "count", "mean", "gap", "ratio", "index_points",
    }  # fmt: skip
    assert {one.polarity for one in indicators} == {"higher", "lower"}
    assert {one.form for one in content.all(Target)} == {
        "level", "maximum", "minimum", "change", "rank", "direction",
    }  # fmt: skip
    assert {one.id: one.rule for one in content.all(Policy)} == {
        "demo-2007-2010": "since_base",
        "demo-2011-2014": "since_previous",
        "demo-safe-city": "maximum_in_every_area",
    }
    rounds = content.all(Round)
    assert [one.id for one in rounds if one.missed] == ["demo-2009-01"]
    received = {path.name[:7] for path in (DELIVERIES / "statistics-office").iterdir()}
    assert {one.id.removeprefix("demo-") for one in rounds if not one.missed} == received
    assert len(rounds) == 16
    holders = content.entries["office_holder"].values()
    changed = {one.committee for one in holders if str(one.held_from) == "2010-01-01"}
    assert changed == {"demo-FIN", "demo-EMP"}


# --- adds up --------------------------------------------------------------------------------------


def cells_of(figures: list[Figure]) -> dict[tuple[str, str, str], dict[tuple[str, str], Figure]]:
    """Rows by area and group, for each indicator, period and delivery."""
    tables: dict[tuple[str, str, str], dict[tuple[str, str], Figure]] = defaultdict(dict)
    for one in figures:
        tables[one.indicator, one.period, one.delivery][one.area, one.group] = one
    return tables


def parts_of(cell: tuple[str, str], table: dict[tuple[str, str], Figure]) -> list[list[Figure]]:
    """The ways a cell is split in its table: into groups, into districts."""
    area, group = cell
    splits = []
    if group == "T":
        splits.append([table[area, one] for one in GROUPS if (area, one) in table])
    if area == "CITY":
        splits.append([table[one, group] for one in DISTRICTS if (one, group) in table])
    return [split for split in splits if split]


def amount(one: Figure, field: str) -> int | None:
    """A count of the row; of a count indicator the value itself."""
    if field == "value":
        return None if one.value is None else int(one.value)
    return getattr(one, field)


def test_totals_are_the_sums_of_their_parts(figures: list[Figure]):
    checked = defaultdict(int)
    for (indicator, _, _), table in cells_of(figures).items():
        fields = ["numerator", "denominator", "sample_size"]
        if indicator == "demo-job-starts":
            fields = ["value"]
        for cell, figure in table.items():
            for split in parts_of(cell, table):
                if any(part.status == "x" for part in split):
                    continue
                for field in fields:
                    counts = [amount(part, field) for part in split if part.status != "m"]
                    if counts and None not in counts:
                        assert amount(figure, field) == sum(counts), (figure, field)
                        checked[field] += 1
    assert checked["numerator"] > 1000
    assert checked["denominator"] > 1000
    assert checked["sample_size"] > 50
    assert checked["value"] > 200


def test_survey_totals_are_pooled(figures: list[Figure]):
    checked = 0
    for table in cells_of(figures).values():
        for cell, figure in table.items():
            for split in parts_of(cell, table):
                good = [part for part in split if part.sample_size and part.value is not None]
                if figure.sample_size and good:
                    pooled = sum(part.value * part.sample_size for part in good)
                    assert abs(figure.value - pooled / figure.sample_size) <= Fraction(1, 10)
                    checked += 1
    assert checked > 50


def test_printed_shares_are_their_counts(figures: list[Figure]):
    scale = {"demo-young-charged": 1000}
    with_counts = [one for one in figures if one.numerator is not None]
    assert len(with_counts) > 4000
    for one in with_counts:
        exact = Fraction(one.numerator * scale.get(one.indicator, 100), one.denominator)
        assert abs(exact - one.value) <= Fraction(5, 100), one


# --- hides well -----------------------------------------------------------------------------------


def test_hidden_cells_cannot_be_worked_out(figures: list[Figure]):
    tables = [
        table
        for table in cells_of(figures).values()
        if any(one.status == "x" for one in table.values())
    ]
    assert len(tables) == 1
    table = tables[0]
    hidden = [cell for cell, one in table.items() if one.status == "x"]
    assert len(hidden) == 4
    for cell in hidden:
        one = table[cell]
        assert (one.value, one.numerator, one.denominator, one.sample_size) == (None,) * 4
    equations = [
        [float(any((part.area, part.group) == cell for part in split)) for cell in hidden]
        for total in table
        for split in parts_of(total, table)
    ]
    known = np.array([row for row in equations if any(row)])
    # Each hidden cell stands in an equation, and no combination of equations leaves it alone.
    assert known.any(axis=0).all()
    rank = np.linalg.matrix_rank(known)
    for column in np.eye(len(hidden)):
        assert np.linalg.matrix_rank(np.vstack([known, column])) == rank + 1


def test_hidden_cells_are_delivered_once_and_the_primary_one_is_small(figures: list[Figure]):
    hidden = [one for one in figures if one.status == "x"]
    for one in hidden:
        codes = {key: getattr(one, key) for key in ("indicator", "area", "group", "period")}
        assert pick(figures, **codes) == [one]
    assert {(one.indicator, one.period) for one in hidden} == {("demo-young-charged", "2012H2")}
    plan = yaml.safe_load((DELIVERIES / "plan.yml").read_text("utf-8"))
    primary = dict(plan["fixed"][0])
    assert primary.pop("count") in range(1, 5)
    assert [primary["area"], primary["group"]] == plan["hidden"]["cells"][0]


def test_no_other_delivered_count_is_small(figures: list[Figure]):
    for one in figures:
        if one.numerator is not None:
            assert one.numerator >= 5
            assert one.denominator - one.numerator >= 5
    starts = [one.value for one in pick(figures, indicator="demo-job-starts")]
    assert min(starts) >= 5


# --- shows every special case ---------------------------------------------------------------------


def test_series_break(content: Catalogue, figures: list[Figure]):
    entry = content.get(Indicator, "demo-youth-education")
    assert [(one.start, one.link) for one in entry.breaks] == [("2011-S1", None)]
    before = city_value(figures, "demo-youth-education", "1", "2010H2").value
    after = city_value(figures, "demo-youth-education", "1", "2011H1").value
    assert after - before > 3


def test_revision_has_two_vintages(figures: list[Figure]):
    seen = defaultdict(list)
    for one in figures:
        seen[one.indicator, one.area, one.group, one.period].append(one)
    twice = {key: rows for key, rows in seen.items() if len(rows) > 1}
    assert {(key[0], key[3]) for key in twice} == {("demo-welfare", "2010H2")}
    assert len(twice) == 11 * 5
    for first, second in twice.values():
        assert (first.delivery, second.delivery) == ("2011-01-20", "2011-07-20")
        assert first.numerator < second.numerator
        assert first.denominator == second.denominator


def test_missed_round_brings_registers_late_and_no_survey(figures: list[Figure]):
    assert pick(figures, delivery="2009-01-20") == []
    late = pick(figures, period=MISSED_HALF_YEAR)
    assert {one.delivery for one in late} == {"2009-07-20"}
    assert {one.indicator for one in late if one.sample_size} == set()
    assert {"demo-employment", "demo-childcare-gap"} <= {one.indicator for one in late}
    around = pick(figures, indicator="demo-unsafe", area="CITY", group="T")
    assert {"2008H1", "2009H1"} <= {one.period for one in around}


def test_baselines_of_targets_are_delivered_figures(content: Catalogue, figures: list[Figure]):
    groups = {"demo-origin:total": "T", "demo-origin:immigrants-non-western": "2"}
    stated = [one for one in content.all(Target) if one.baseline is not None]
    assert len(stated) == 10
    for target in stated:
        indicator = content.get(Indicator, target.indicator)
        period = target.baseline.period.replace("-S", "H")
        group = groups[indicator.group]
        first = pick(figures, indicator=target.indicator, area="CITY", group=group, period=period)[
            0
        ]
        assert Fraction(str(target.baseline.value)) == first.value, target.id


def test_zero_target_and_target_met_at_its_base(content: Catalogue):
    waiting = content.get(Target, "demo-target-waiting")
    assert (waiting.form, waiting.value) == ("level", 0)
    mentors = content.get(Target, "demo-target-mentors")
    assert mentors.form == "minimum"
    assert mentors.baseline.value > mentors.value


def test_series_crosses_zero_once(figures: list[Figure]):
    gap = [one.value for one in pick(figures, indicator="demo-childcare-gap")]
    assert gap[0] < 0 < gap[-1]
    signs = [value > 0 for value in gap]
    assert sum(a != b for a, b in pairwise(signs)) == 1


def test_monthly_series_is_whole(figures: list[Figure]):
    rows = pick(figures, indicator="demo-unemployment")
    months = [f"{year}M{month:02}" for year in range(2011, 2015) for month in range(1, 13)]
    assert [one.period for one in rows] == months[:42]
    assert {(one.area, one.group) for one in rows} == {("CITY", "2")}


def test_missing_district(figures: list[Figure]):
    gone = [one for one in figures if one.status == "m"]
    where = [(one.indicator, one.area, one.period, one.value) for one in gone]
    assert where == [("demo-volunteering", "D09", "2012H2", None)]
    assert city_value(figures, "demo-volunteering", "T", "2012H2").sample_size == 9 * 350


def test_no_new_figures_in_the_newest_rounds(figures: list[Figure]):
    rows = [one for one in figures if one.status == "n"]
    assert [(one.indicator, one.period, one.delivery) for one in rows] == [
        ("demo-managers", "2013H2", "2014-01-20"),
        ("demo-managers", "2014H1", "2014-07-20"),
    ]
    assert {one.period for one in pick(figures, indicator="demo-school-parents")} == {"2014H1"}


# Districts strictly above 10 per cent, by half-year; 2012H1 covers six districts and no city.
ABOVE_TEN = {"2012H1": ["D03", "D05"], "2013H2": ["D03", "D09", "D10"]}


def test_safety_in_every_district(figures: list[Figure]):
    for period, above in ABOVE_TEN.items():
        rows = pick(figures, indicator="demo-unsafe", period=period)
        districts = {one.area: one.value for one in rows if one.area != "CITY"}
        assert [area for area in districts if districts[area] > 10] == above
        asked = DISTRICTS[:6] if period == "2012H1" else DISTRICTS
        assert list(districts) == asked
        assert bool(pick(rows, area="CITY")) is (period != "2012H1")
    (exact,) = pick(figures, indicator="demo-unsafe", area="D05", period="2013H2")
    assert exact.value == 10


def test_index_fields_are_whole_with_ties(content: Catalogue):
    folder = DELIVERIES / "icc-network" / "2014-05-01"
    with (folder / "scores.csv").open(encoding="utf-8") as stream:
        scores = list(csv.DictReader(stream, delimiter=";"))
    with (folder / "field_sizes.csv").open(encoding="utf-8") as stream:
        sizes = list(csv.DictReader(stream, delimiter=";"))
    large = {
        city.id
        for city in content.entries["city"].values()
        if city.populations[0].inhabitants > 200_000
    }
    assert len(content.entries["city"]) == 150
    assert 0 < len(large) < 150
    for edition, field_size in FIELDS.items():
        field = {one["city"]: one["score"] for one in scores if one["edition"] == edition}
        assert len(field) == field_size
        assert set(field) <= set(content.entries["city"])
        stated = {one["scope"]: int(one["cities"]) for one in sizes if one["edition"] == edition}
        assert stated == {
            "all": field_size,
            "population-over-200000": len(large & set(field)),
            "population-under-200000": len(set(field) - large),
        }
        assert len(set(field.values())) < field_size
        if edition == "2012":
            assert field["demo-demoby"] == field["demo-sample-01"] == "66,0"
            assert not {"demo-sample-07", "demo-sample-33"} & set(field)


def test_index_totals_come_out_of_components_by_the_stated_weights(content: Catalogue):
    folder = DELIVERIES / "icc-network" / "2014-05-01"
    with (folder / "scores.csv").open(encoding="utf-8") as stream:
        totals = {(row["city"], row["edition"]): row["score"]
                  for row in csv.DictReader(stream, delimiter=";")}  # fmt: skip
    with (folder / "components.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    index = content.entries["index"]["demo-icc"]
    sets = {one.id: one.weights for one in index.weights}
    stated = {one.id.removeprefix("demo-"): one.weights for one in index.editions}
    assert {stated[edition] for edition in FIELDS} == set(sets)
    assert len(rows) == len(totals) == CITY_EDITIONS
    gaps = 0
    for row in rows:
        known = {one.id: int(row[one.id]) for one in index.components if row[one.id]}
        gaps += len(index.components) - len(known)
        weights = sets[stated[row["edition"]]]
        count = sum(weights[one] for one in known)
        mean = Fraction(sum(int(weights[one]) * score for one, score in known.items()), int(count))
        assert abs(mean - number(totals[row["city"], row["edition"]])) <= Fraction(1, 20)
        if row["edition"] != "2013":
            assert len(known) == 18
    assert gaps == 7


def test_every_scope_of_the_index_has_cities_in_every_edition(content: Catalogue):
    from barometer_lib.ranking.scopes import inside

    index = content.entries["index"]["demo-icc"]
    cities = content.all(type(content.entries["city"]["demo-demoby"]))
    for scope in index.scopes:
        rule = scope.model_dump()
        if scope.members == "by_fact":
            first = [
                city.id
                for city in cities[: FIELDS["2009"]]
                if inside(rule, [{"in_europe": city.in_europe}, vars(city.populations[0])])
            ]
            assert 3 < len(first) < FIELDS["2009"], scope.id
    assert index.peers == "peers"
