"""All tables of one dataset: the catalogue, what was delivered, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib.assessment import answer, assess
from barometer_lib.build.earlier import hold_to_frozen
from barometer_lib.build.forecasts import forecast_tables
from barometer_lib.build.gaps import gap_tables
from barometer_lib.build.inputs import PLACES, Inputs, named
from barometer_lib.build.lines import fit_lines
from barometer_lib.build.linked import link_series
from barometer_lib.build.release import dispute_words, round_rows
from barometer_lib.build.tables import catalogue_tables, table_of, with_limits, with_state
from barometer_lib.build.testing import trend_tests
from barometer_lib.build.trends import trend_tables
from barometer_lib.catalogue import Catalogue
from barometer_lib.deliveries import Delivered
from barometer_lib.differences import by_indicator
from barometer_lib.disclosure import Released, protect
from barometer_lib.errors import FaultsFound
from barometer_lib.linking import Linked, on_linked_basis
from barometer_lib.ranking import computed_ranks, rank_changes, rank_intervals
from barometer_lib.store import writing
from barometer_lib.trends.tested import every_test


def dataset_tables(inputs: Inputs, earlier: Released | None = None) -> dict[str, pa.Table]:
    """All tables of one dataset: the catalogue, what was delivered, and what follows from it.

    `earlier` gives what was published before: nothing hidden now may be told by it.
    """
    content, delivered = inputs.content, inputs.delivered
    if content is None:
        raise ValueError("a dataset without a catalogue has no tables")
    tables = catalogue_tables(content)
    words = [*_rows(inputs.words), *_rows(list(dispute_words(inputs)))]
    tables["label"] = pa.concat_tables([tables["label"], *words])
    tables["delivery"] = delivery_table(delivered)
    tables["correction"] = table_of(inputs.corrections)
    tables["dispute"] = table_of([one.row() for one in inputs.disputes])
    tables["round"] = with_state(tables["round"], inputs.lives)
    tables |= {name: table_of(some) for name, some in round_rows(inputs).items()}
    tables |= {name: table_of(some) for name, some in inputs.letters.tables().items()}
    series = Linked([], [])
    if delivered.measurements:
        protected = protect(writing.vintages(delivered.measurements), content, earlier)
        if protected.faults:
            raise FaultsFound(list(named(protected.faults, PLACES[content.dataset.id])))
        tables["suppression"] = table_of(protected.pattern)
        series = link_series(tables, protected.figures)
        tables |= figure_tables(protected.figures, content, series)
        tables["revision_statistics"] = table_of(by_indicator(protected.figures))
    for name, parts in (
        ("published_verdict", delivered.verdicts),
        ("index_score", delivered.index_scores),
        ("index_component_score", delivered.index_components),
        ("index_field_size", delivered.index_field_sizes),
        ("index_rank", [_as_published(part) for part in delivered.index_ranks]),
    ):
        if parts:
            tables[name] = pa.concat_tables(parts)
    tables |= judged_tables(tables, series.points)
    tables |= ranked_tables(tables)
    hold_to_frozen(inputs, tables)
    return tables


def delivery_table(delivered: Delivered) -> pa.Table:
    """The deliveries with the newest day any of their figures became known (`known_to`)."""
    newest: dict[str, date] = {}
    for table in delivered.measurements:
        for code in pc.unique(table["delivery"]).to_pylist():
            own = table.filter(pc.equal(table["delivery"], code))
            newest[code] = max(newest.get(code, date.min), pc.max(own["known_from"]).as_py())
    rows = [{**one, "known_to": newest.get(str(one["delivery"]))} for one in delivered.deliveries]
    return table_of(rows)


def judged_tables(
    tables: Mapping[str, pa.Table], points: Sequence[Mapping[str, Any]]
) -> dict[str, pa.Table]:
    """What is said of the figures: assessments, answers, verdicts; from the tables of a dataset
    and its figures carried over linked breaks."""
    whole = _with_empty(tables)
    figures = _judged_figures(tables)
    whole["measurement_vintage"] = on_linked_basis(whole["measurement_vintage"], points)
    assessed = assess(whole)
    answered = answer(whole, fit_lines, partial(every_test, joins=False))
    measured = {**whole, "measurement_vintage": figures.to_pylist()}
    return {
        **gap_tables({**tables, "measurement_vintage": figures}),
        **{name: table_of(some) for name, some in forecast_tables(measured).items()},
        "trend_test": table_of(trend_tests(whole), json_columns=("facts",)),
        "answer": table_of(answered.answers, json_columns=("facts",)),
        "rule_verdict": table_of(answered.verdicts, json_columns=("facts", "chances")),
        "indicator_assessment": table_of(assessed.indicators, json_columns=("facts",)),
        "goal_assessment": table_of(assessed.goals, json_columns=("facts",)),
    }


def ranked_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Ranks as published and computed, how they changed and how far they hold."""
    whole = _with_empty(tables, figures=False)
    ranks, refusals = computed_ranks(whole)
    both = [*whole["index_rank"], *ranks]
    with_ranks = {**whole, "index_rank": both}
    held = rank_intervals(with_ranks)
    return {
        "index_rank": table_of(both),
        "index_rank_change": table_of(rank_changes(with_ranks)),
        "index_rank_interval": table_of(held.intervals),
        "index_rank_ahead": table_of(held.ahead),
        "index_rank_hold": table_of(held.holds),
        "index_rank_path": table_of(held.paths),
        "index_rank_refusal": table_of(refusals),
    }


def figure_tables(figures: pa.Table, content: Catalogue, over: Linked) -> dict[str, pa.Table]:
    """The figures with their limits, the dictionary of their series, their links over breaks, and
    what each series tells."""
    series, numbered = writing.numbered(with_limits(figures, content))
    return {
        "series": series,
        "measurement_vintage": numbered,
        "series_link": table_of(over.links),
        "linked_measurement": table_of(over.points),
        **trend_tables(numbered, series, content, carried=over.points),
    }


NEEDED = (
    "dataset", "policy", "goal", "goal_indicator", "indicator", "target", "area", "series_break",
    "round", "round_policy", "rule_change", "decision", "population_group", "published_verdict",
    "measurement_vintage",
    "index_definition", "index_component",
    "index_weight", "index_edition", "index_scope", "index_score", "index_component_score",
    "index_rank", "index_field_size", "city", "city_population",
)  # fmt: skip


def _rows(rows: Sequence[Mapping[str, str]]) -> list[pa.Table]:
    return [pa.Table.from_pylist(list(rows))] if rows else []


def _with_empty(
    tables: Mapping[str, pa.Table], *, figures: bool = True
) -> dict[str, Sequence[dict[str, Any]]]:
    """The tables that are looked at as rows; of the figures those of judged indicators, or none."""
    judged = judged_indicators(tables) if figures else set()
    rows: dict[str, Sequence[dict[str, Any]]] = {}
    for name in NEEDED:
        table = tables.get(name)
        if name == "measurement_vintage" and table is not None:
            table = table.filter(
                pc.is_in(table["indicator"], pa.array(sorted(judged), pa.string()))
            )
        rows[name] = [] if table is None else table.to_pylist()
    return rows


def _judged_figures(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The figures of the indicators that policies judge by; an empty table where there are none."""
    figures = tables.get("measurement_vintage")
    if figures is None or not figures.num_rows:
        return pa.table({})
    judged = pa.array(sorted(judged_indicators(tables)), pa.string())
    return figures.filter(pc.is_in(figures["indicator"], judged))


def judged_indicators(tables: Mapping[str, pa.Table]) -> set[str]:
    """The indicators under goals, those with targets, and what counts areas of them."""
    judged = set(tables["goal_indicator"].column("indicator").to_pylist()) if (
        tables["goal_indicator"].num_rows
    ) else set()  # fmt: skip
    if tables["target"].num_rows:
        judged |= set(tables["target"].column("indicator").to_pylist()) - {None}
    for row in tables["indicator"].select(["indicator", "counts_areas_of"]).to_pylist():
        if row["counts_areas_of"] in judged or row["indicator"] in judged:
            judged |= {row["indicator"], row["counts_areas_of"]} - {None}
    return judged


def _as_published(table: pa.Table) -> pa.Table:
    kept = [
        "index",
        "edition",
        "scope",
        "city",
        "score",
        "rank",
        "tied",
        "of",
        "source",
        "synthetic",
    ]
    return table.select(kept).append_column("kind", pa.array(["published"] * table.num_rows))
