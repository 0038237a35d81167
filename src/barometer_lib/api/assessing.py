"""The three answers of a round's indicators, the policy's status, and the rules side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BarometerError, NotFound
from barometer_lib.sentences import things
from barometer_lib.sentences.answers import answer as sentence
from barometer_lib.sentences.tests import REFUSED
from barometer_lib.sentences.tests import said as test_said
from barometer_lib.store import answers as stored
from barometer_lib.store import questions

Row = Mapping[str, Any]
RULES = (
    "linear_gap_closure", "eurostat", "statcan", "un_progress_chart", "sdsn_arrows", "weather",
    "national_barometer", "since_previous", "since_base", "maximum_in_every_area",
)  # fmt: skip
COLUMNS = (
    "policy", "round", "goal", "indicator", "area", "group", "question", "rule", "role", "code",
    "told", "reason", "evidence", "points", "amount", "low", "high", "unit", "probability",
    "synthetic",
)  # fmt: skip


def assess_answer(
    session: stores.Session,
    policy: str,
    round_: str | None,
    indicator: str | None,
    area: str | None,
    group: str | None,
    rule: str | None,
    *,
    compare_rules: bool,
) -> Result:
    """The content of `Barometer.assess`: one entry per series with its answers, status and rules.

    Without area and group the series the policy is judged by. Raises `BarometerError` where there
    is no answer, naming the areas and groups that have one.
    """
    policy = questions.check_code(session, "policy", policy)
    code = questions.check_round(session, policy, round_)
    if indicator is not None:
        indicator = questions.check_code(session, "indicator", indicator)
    if area is not None:
        area = questions.check_code(session, "area", area)
    if group is not None:
        group = questions.check_code(session, "group", group)
    if rule is not None and rule not in RULES:
        raise NotFound("rule", rule, RULES)
    chosen = (policy, code, indicator, area, group)
    found = stored.answers(session, *chosen)
    if not found:
        raise _nothing(session, policy, code, indicator)
    verdicts = [
        row
        for row in stored.rule_verdicts(session, *chosen)
        if compare_rules or row["rule"] == rule or row["role"] == "before"
    ]
    content = {
        "policy": policy,
        "round": code,
        "dataset": session.dataset,
        "series": _series(session, found, verdicts),
    }
    return Result(content, [*_answer_rows(found), *_rule_rows(verdicts)], COLUMNS)


def _nothing(
    session: stores.Session, policy: str, code: str, indicator: str | None
) -> BarometerError:
    rows = [] if indicator is None else stored.places_answered(session, policy, code, indicator)
    if rows:
        return BarometerError(
            "not_assessed_there",
            indicator=indicator,
            areas=sorted({row["area"] for row in rows}),
            groups=sorted({row["population_group"] for row in rows}),
        )
    return BarometerError("not_assessed", policy=policy, round=code, indicator=indicator or "-")


def _key(row: Row) -> tuple[str, ...]:
    names = ("goal", "indicator", "area", "population_group")
    return tuple(row[name] for name in names)


def _series(
    session: stores.Session, found: Sequence[Row], verdicts: Sequence[Row]
) -> list[dict[str, Any]]:
    labels = {lang: questions.labels(session, lang) for lang in ("da", "en")}
    entries: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in found:
        entry = entries.setdefault(_key(row), _entry(row))
        entry["answers"][row["question"]] = {
            "code": row["code"],
            "reason": row["reason"],
            "evidence": row["evidence"],
            "points": row["points"],
            "amount": row["amount"],
            "low": row["low"],
            "high": row["high"],
            "unit": row["unit"],
            "probability": row["probability"],
            **{
                lang: sentence({**row, "things": things(labels[lang], row["indicator"])}, lang)
                for lang in ("da", "en")
            },
            "facts": row["facts"],
        }
        if row["question"] == "direction":
            entry["answers"]["direction"] |= _tests(row, labels)
    for row in verdicts:
        entries[_key(row)]["rules"].append(_verdict(row))
    return list(entries.values())


def _tests(row: Row, labels: Mapping[str, Any]) -> dict[str, Any]:
    """What the tests of a series say, those that its points are enough for, as sentences; the
    series a policy is judged by alone is tested."""
    found = {}
    for lang in ("da", "en"):
        more = {
            "unit": row["facts"]["unit"],
            "things": things(labels[lang], row["indicator"]),
        }
        tests = row["facts"].get("tests", ())
        found[f"tests_{lang}"] = [
            test_said(one | more, lang) for one in tests if one["code"] != REFUSED
        ]
    return found


def _entry(row: Row) -> dict[str, Any]:
    return {
        "goal": row["goal"],
        "indicator": row["indicator"],
        "area": row["area"],
        "group": row["population_group"],
        "own": row["own"],
        "answers": {},
        "policy_status": {
            "rule": row["rule"],
            "status": row["status"],
            "reason": row["status_reason"],
        },
        "rules": [],
        "synthetic": row["synthetic"],
    }


VERDICT = (
    "rule", "version", "role", "verdict", "told", "between", "reason", "measure", "score",
    "probability", "chances", "facts",
)  # fmt: skip


def _verdict(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in VERDICT}


def _answer_rows(found: Sequence[Row]) -> list[dict[str, Any]]:
    rows = []
    for row in found:
        made = {name: row.get(name) for name in COLUMNS} | {"group": row["population_group"]}
        rows.append(made | {"rule": None, "role": None, "told": None})
        if row["question"] == "pace" and row["status_reason"] is not None:
            nothing = dict.fromkeys(("evidence", "points", "amount", "low", "high", "unit"))
            said = {"question": "policy", "rule": row["rule"], "role": "own", "code": row["status"]}
            said["reason"] = row["status_reason"]
            rows.append(made | nothing | said | {"told": None, "probability": None})
    return rows


def _rule_rows(verdicts: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {name: row.get(name) for name in COLUMNS}
        | {
            "group": row["population_group"],
            "question": "rule",
            "code": row["verdict"],
            "amount": row["measure"],
        }
        for row in verdicts
    ]
