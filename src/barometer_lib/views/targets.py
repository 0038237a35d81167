"""The targets of a policy: every target as decided, what it replaced, and goals without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.locale import date, list_of, period, with_unit
from barometer_lib.sentences import goal_target, things
from barometer_lib.store import questions
from barometer_lib.store.targets import decided_targets
from barometer_lib.tables import Cell, Column, Kind, Table, as_html
from barometer_lib.views.pages import (
    Day,
    Reading,
    State,
    control,
    download,
    looking,
    options_of,
    page,
    reading,
    render,
    told_in_words,
)

if TYPE_CHECKING:
    from barometer_lib.store import Session
    from barometer_lib.views.widget import Dashboard, Option, Page

COLUMNS: Mapping[str, Kind] = {
    "goal": "label", "indicator": "text", "target": "text", "baseline": "text",
    "milestones": "text", "deadline": "text", "in_force": "text", "owners": "text",
    "decision": "text", "source": "address",
}  # fmt: skip
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What is stored about a policy's targets, and who reads it."""

    reader: Reading
    labels: Mapping[tuple[str, str], str]
    policy: Row
    goals: Sequence[Row]
    targets: Sequence[Row]

    def name(self, kind: str, code: str | None) -> str:
        """The words for a code; blank where there is none."""
        return "" if code is None else self.labels.get((kind, code), code)

    @property
    def without(self) -> list[Row]:
        """The goals that have no target, in catalogue order."""
        aimed = {row["goal"] for row in self.targets}
        return [row for row in self.goals if row["goal"] not in aimed]


def dashboard() -> Dashboard:
    """The targets as a widget, for the notebook's only cell."""
    from barometer_lib.views.widget import show

    return show(targets_page)


@told_in_words
def targets_page(state: State, store: Path | str | None = None, day: Day = None) -> Page:
    """The page for a reader's choices: `policy`, `lang`, `dataset`."""
    reader = reading(state)
    with looking(reader, store, day) as look:
        stored, choices = _read(look, reader)
    code = stored.policy["policy"]
    table = targets_table(stored)
    html = render(
        "targets.html",
        reader,
        policy=stored.name("policy", code),
        headline=headline(stored),
        decision=_decided(stored.policy, reader),
        table=table,
        table_html=as_html(table, ["table", "table--compact", "table--wide"]),
        without=[
            {
                "name": stored.name("goal", row["goal"]),
                "said": reader.say(f"targets.without.{_known(row)}"),
            }
            for row in stored.without
        ],
    )
    return page(
        reader,
        title=stored.name("policy", code),
        controls=[control("policy", reader.say("overview.control.policy"), choices, code)],
        html=html,
        downloads=[download(reader, "targets", table, f"targets-{code}")] if table.rows else [],
    )


def _read(look: Session, reader: Reading) -> tuple[Stored, list[Option]]:
    labels = questions.labels(look, reader.lang)
    policies = questions.policies(look)
    choices = [
        option
        for row in policies
        for option in options_of(
            {row["policy"]: labels["policy", row["policy"]]},
            reader.say(f"overview.form.{row['form']}"),
        )
    ]
    start = questions.dataset(look)["start_policy"]
    code = reader.pick("policy", choices, start, unknown="overview.unknown.policy")
    policy = next(row for row in policies if row["policy"] == code)
    found = [
        {**row, "things": things(labels, row["indicator"])} for row in decided_targets(look, code)
    ]
    return Stored(reader, labels, policy, questions.goals(look, code), found), choices


def headline(stored: Stored) -> str:
    """How many targets have a value to be held against, how many only a direction, and how many
    goals have none."""
    reader, rows = stored.reader, stored.targets
    said = [reader.say("targets.headline.none")]
    if rows:
        valued = sum(row["value"] is not None for row in rows)
        said = [reader.say("targets.headline.some", valued=valued, bare=len(rows) - valued)]
    if stored.without:
        said.append(reader.say("targets.headline.without", goals=len(stored.without)))
    return " ".join(said)


def targets_table(stored: Stored) -> Table:
    """Every target of the policy, one a row; what is not known says so."""
    say, lang = stored.reader.say, stored.reader.lang
    title = say("targets.caption", policy=stored.name("policy", stored.policy["policy"]))
    if stored.reader.synthetic:
        title = f"{title} · {say('pages.synthetic')}"
    columns = [
        Column(key, say(f"targets.column.{key}"), kind=kind) for key, kind in COLUMNS.items()
    ]
    return Table(title, columns, [_row(stored, row) for row in stored.targets], lang=lang)


def _row(stored: Stored, row: Row) -> dict[str, Cell]:
    say, lang = stored.reader.say, stored.reader.lang
    unknown = say("targets.unknown")
    goal = stored.name("goal", row["goal"]) or say("targets.whole_policy")
    kind = "indicator" if row["indicator"] else "index"
    about = row[kind]
    codes = list(row["owners"] or [])
    owners = [stored.name("committee", code) for code in codes]
    deadline = row["target_period"]
    words = goal_target({**row, "target_period": None}, lang)
    return {
        "goal": Cell(row["goal"], goal),
        "indicator": Cell(about, stored.name(kind, about) or say("targets.no_indicator")),
        "target": Cell(
            row["value"],
            words[:1].upper() + words[1:],
            stored.labels.get(("target_note", row["target"])),
        ),
        "baseline": Cell(row["baseline_value"], _baseline(row, lang) or unknown),
        "milestones": Cell(len(row["milestones"]), _milestones(row, lang) or say("targets.none")),
        "deadline": Cell(deadline, period(deadline, lang) if deadline else unknown),
        "in_force": Cell(row["valid_from"], _in_force(row, stored.reader)),
        "owners": Cell(", ".join(codes), list_of(owners, lang) if owners else unknown),
        "decision": Cell(row["decision_period"], _decision(stored, row) or unknown),
        "source": Cell(row["source_address"], stored.name("source", row["source"]) or unknown),
    }


def _baseline(row: Row, lang: str) -> str:
    """The value the target is measured from, and when; blank where neither is known."""
    when = period(row["baseline_period"], lang) if row["baseline_period"] else ""
    if row["baseline_value"] is None:
        return when
    value = with_unit(
        row["baseline_value"], row["indicator_unit"] or row["unit"], lang, things=row["things"]
    )
    return f"{value} ({when})" if when else value


def _milestones(row: Row, lang: str) -> str:
    shown = [
        f"{with_unit(one['value'], row['unit'], lang, things=row['things'])}"
        f" ({period(one['period'], lang)})"
        for one in row["milestones"]
    ]
    return list_of(shown, lang) if shown else ""


def _in_force(row: Row, reader: Reading) -> str:
    """From when to when it holds; said where a later target took its place."""
    since, until = row["valid_from"], row["valid_to"]
    known = "both" if since and until else "since" if since else "until" if until else "unknown"
    words = {
        "since": date(since, reader.lang) if since else "",
        "until": date(until, reader.lang) if until else "",
    }
    said = reader.say(f"targets.in_force.{known}", **words)
    if row["replaced_by"] is None:
        return said
    return f"{said} {reader.say('targets.replaced', day=date(row['replaced_by'], reader.lang))}"


def _decision(stored: Stored, row: Row) -> str:
    """The decision, when it was taken and its case, each where known; blank where it is not."""
    if row["decision"] is None:
        return ""
    when = row["decision_period"]
    said = stored.name("decision", row["decision"])
    said = f"{said} ({period(when, stored.reader.lang)})" if when else said
    case = row["case_number"]
    return f"{said}, {stored.reader.say('targets.case', number=case)}" if case else said


def _decided(policy: Row, reader: Reading) -> str | None:
    when = policy["decided"]
    return None if when is None else reader.say("overview.decided", day=date(when, reader.lang))


def _known(goal: Row) -> str:
    return "adopted_none" if goal["target_adopted"] is False else "not_seen"
