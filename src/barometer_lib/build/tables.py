"""The catalogue's entries as tables of the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib import periods
from barometer_lib.build.indices import index_tables
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import (
    Area,
    City,
    Comment,
    Commitment,
    Committee,
    Decision,
    EffortArea,
    Entry,
    Goal,
    Group,
    Indicator,
    OfficeHolder,
    Policy,
    Round,
    SelfAssessment,
    Source,
    Target,
)
from barometer_lib.figures import Figure, limits
from barometer_lib.rounds import Lives

Rows = list[dict[str, Any]]


def table_of(rows: Sequence[dict[str, Any]], json_columns: Sequence[str] = ()) -> pa.Table:
    """Rows as a table; a column that is blank in the first rows keeps its place."""
    if not rows:
        return pa.table({})
    names = list(rows[0])
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in names}
    for name in json_columns:
        columns[name] = [
            json.dumps(value, ensure_ascii=False, sort_keys=True) for value in columns[name]
        ]
    return pa.table(columns)


def with_limits(vintages: pa.Table, content: Catalogue) -> pa.Table:
    """The vintages with the 95 % limits `low` and `high` of every share that carries its n."""
    shares = {
        one.id: one.design_effect for one in content.all(Indicator) if one.kind == "proportion"
    }
    counted = pc.or_(pc.is_valid(vintages["numerator"]), pc.is_valid(vintages["sample_size"]))
    asked = pc.and_(counted, pc.is_in(vintages["indicator"], pa.array(list(shares), pa.string())))
    rows = np.flatnonzero(asked.to_numpy(zero_copy_only=False))
    low, high = np.full(vintages.num_rows, np.nan), np.full(vintages.num_rows, np.nan)
    for row, figure in zip(rows.tolist(), vintages.take(pa.array(rows)).to_pylist(), strict=True):
        found = limits(Figure.of(figure), shares[figure["indicator"]])
        if found is not None:
            low[row], high[row] = found
    vintages = vintages.append_column("low", pa.array(low, from_pandas=True))
    return vintages.append_column("high", pa.array(high, from_pandas=True))


def with_state(rounds: pa.Table, lives: Lives) -> pa.Table:
    """The rounds with their state, and whether it was declared or is public by its source."""
    codes = rounds["round"].to_pylist()
    rounds = rounds.append_column("state", pa.array([lives.state(code) for code in codes]))
    return rounds.append_column("declared", pa.array([code in lives.lives for code in codes]))


def catalogue_tables(content: Catalogue) -> dict[str, pa.Table]:
    """Every catalogue table of a dataset, by the store's table names."""
    rows = {
        "dataset": [_dataset(content)],
        "label": [
            {"kind": kind, "code": code, "lang": lang, "words": words}
            for kind, code, lang, words in content.label_rows()
        ],
        **_policies(content),
        **_indicators(content),
        **_places(content),
        **_rounds(content),
        **index_tables(content),
    }
    return {name: table_of(some) for name, some in rows.items()}


def _dataset(content: Catalogue) -> dict[str, Any]:
    one = content.dataset.model_dump(exclude={"id", "prefix"})
    return {"dataset": content.dataset.id, **one}


def _flat(entries: Sequence[Entry], name: str, drop: Sequence[str] = (), **more: str) -> Rows:
    """Entries as rows: the id under `name`, fields renamed by `more`, and their position."""
    rows = []
    for position, entry in enumerate(entries):
        row = entry.model_dump(exclude=set(drop) | {"id"})
        renamed = {more.get(key, key): value for key, value in row.items()}
        rows.append({name: entry.id, **renamed, "position": position})
    return rows


def _without_position(rows: Rows) -> Rows:
    return [{key: value for key, value in row.items() if key != "position"} for row in rows]


def _policies(content: Catalogue) -> dict[str, Rows]:
    policies = _flat(content.all(Policy), "policy", ("span", "rule_changes"))
    for row, policy in zip(policies, content.all(Policy), strict=True):
        row |= {"first_year": policy.span.first, "last_year": policy.span.last}
    targets = _flat(content.all(Target), "target", ("baseline", "milestones", "evidence"))
    for row, target in zip(targets, content.all(Target), strict=True):
        base, evidence = target.baseline, target.evidence
        row |= {
            "baseline_period": None if base is None else base.period,
            "baseline_value": None if base is None else base.value,
            "evidence_delivery": None if evidence is None else evidence.delivery,
            "evidence_file": None if evidence is None else evidence.file,
            "evidence_line": None if evidence is None else evidence.line,
        }
    return {
        "policy": policies,
        "rule_change": [
            {"policy": one.id, **change.model_dump()}
            for one in content.all(Policy)
            for change in one.rule_changes
        ],
        "effort_area": _flat(content.all(EffortArea), "effort_area"),
        "goal": _flat(content.all(Goal), "goal", ("indicators",)),
        "goal_indicator": [
            {"goal": goal.id, **one.model_dump(), "position": position}
            for goal in content.all(Goal)
            for position, one in enumerate(goal.indicators)
        ],
        "target": targets,
        "milestone": [
            {"target": target.id, **one.model_dump()}
            for target in content.all(Target)
            for one in target.milestones
        ],
        "committee": _flat(content.all(Committee), "committee"),
        "office_holder": [
            {key: value for key, value in one.model_dump().items() if key != "id"}
            for one in content.all(OfficeHolder)
        ],
        "decision": _flat(content.all(Decision), "decision"),
        "charter_commitment": _flat(content.all(Commitment), "commitment", ("indicators",)),
        "commitment_indicator": [
            {"commitment": one.id, "indicator": code}
            for one in content.all(Commitment)
            for code in one.indicators
        ],
        "self_assessment": _flat(content.all(SelfAssessment), "self_assessment"),
    }


def _indicators(content: Catalogue) -> dict[str, Rows]:
    return {
        "indicator": _flat(
            content.all(Indicator), "indicator", ("breaks",), group="population_group"
        ),
        "series_break": [
            {
                "indicator": indicator.id,
                **one.model_dump(exclude={"link"}),
                "start_day": periods.parse(one.start).start,
                "linked": one.link is not None,
                "link_method": None if one.link is None else one.link.method,
                "link_indicator": None if one.link is None else one.link.indicator,
                "link_overlap": [] if one.link is None else one.link.overlap,
            }
            for indicator in content.all(Indicator)
            for one in indicator.breaks
        ],
        "comment": _without_position(_flat(content.all(Comment), "comment")),
    }


def _places(content: Catalogue) -> dict[str, Rows]:
    return {
        "area": _flat(content.all(Area), "area", ("spellings",)),
        "population_group": _flat(content.all(Group), "population_group"),
        "city": _without_position(_flat(content.all(City), "city", ("populations",))),
        "city_population": [
            {"city": city.id, **one.model_dump()}
            for city in content.all(City)
            for one in city.populations
        ],
        "source": _flat(content.all(Source), "source"),
    }


def _rounds(content: Catalogue) -> dict[str, Rows]:
    rounds = content.all(Round)
    rows = _flat(rounds, "round", ("policies", "statements"))
    for row, one in zip(rows, rounds, strict=True):
        row["published_day"] = periods.last_day(one.published)
    return {
        "round": rows,
        "round_policy": [
            {"round": one.id, "policy": policy} for one in rounds for policy in one.policies
        ],
        "round_statement": [
            {"round": one.id, **said.model_dump()} for one in rounds for said in one.statements
        ],
    }
