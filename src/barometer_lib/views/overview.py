"""The overview of a policy in a round: effort areas, their goals, the goals' indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.locale import period
from barometer_lib.sentences import counted, marking, things
from barometer_lib.sentences.goals import ORDER
from barometer_lib.sentences.remarks import remarks_of
from barometer_lib.sentences.tests import family as family_words
from barometer_lib.store import questions
from barometer_lib.store.answers import family
from barometer_lib.store.remarks import of_round
from barometer_lib.store.rounds import committees, earlier_figures, effort_areas, source_names
from barometer_lib.store.status import status, without_round
from barometer_lib.store.targets import targets
from barometer_lib.tables import as_html
from barometer_lib.views.goals import Shown, areas_shown, of_effort_area
from barometer_lib.views.goals_table import status_table
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
    from barometer_lib.views.widget import Control, Dashboard, Option, Page

ALL = "all"
NO_ROUND = "none"
MARKS = {
    "since_previous": ("progress", "standstill", "setback", "no_new_figures"),
    "since_base": ("green", "yellow", "red", "white"),
    "maximum_in_every_area": ("met", "not_met", "cannot_tell"),
    "none": (),
}
Row = dict[str, Any]


def dashboard() -> Dashboard:
    """The overview as a widget, for the notebook's only cell."""
    from barometer_lib.views.widget import show

    return show(overview_page)


@told_in_words
def overview_page(state: State, store: Path | str | None = None, day: Day = None) -> Page:
    """The page for a reader's choices: `policy`, `round`, `committee`, `lang`, `dataset`.

    `effort_area` leaves the other effort areas of the policy out; one it does not have is ignored.
    """
    reader = reading(state)
    with looking(reader, store, day) as look:
        shown, controls = _chosen(look, reader)
    table = status_table(shown)
    html = render(
        "overview.html",
        reader,
        **_content(shown),
        table=table,
        table_html=as_html(table, ["table", "table--compact"]),
    )
    filename = "-".join(("status", shown.policy["policy"], shown.document["round"] or NO_ROUND))
    return page(
        reader,
        title=shown.name("policy", shown.policy["policy"]),
        controls=controls,
        html=html,
        downloads=[download(reader, "status", table, filename)] if table.rows else [],
    )


def _chosen(look: Session, reader: Reading) -> tuple[Shown, list[Control]]:
    """The rows of what the reader chose, and the controls with that choice."""
    labels = questions.labels(look, reader.lang)
    policies = questions.policies(look)
    choices = _policy_options(reader, policies, labels)
    code = reader.pick(
        "policy",
        choices,
        questions.dataset(look)["start_policy"],
        unknown="overview.unknown.policy",
    )
    policy = next(row for row in policies if row["policy"] == code)
    rounds = _round_options(reader, questions.rounds(look, code), labels)
    remark = _not_of_policy(look, reader, rounds, labels)
    chosen = (
        rounds[0]["value"]
        if remark
        else reader.pick("round", rounds, rounds[0]["value"], unknown="overview.unknown.round")
    )
    listed = _committee_options(reader, look, labels)
    committee = reader.pick("committee", listed, ALL, unknown="overview.unknown.committee")
    named = None if committee == ALL else committee
    shown = _rows(look, reader, labels, policy, None if chosen == NO_ROUND else chosen, named)
    shown = of_effort_area(shown, reader.state.get("effort_area", ""))
    shown.remark = remark
    return shown, [
        control("policy", reader.say("overview.control.policy"), choices, code),
        control("round", reader.say("overview.control.round"), rounds, chosen),
        control("committee", reader.say("overview.control.committee"), listed, committee),
    ]


def _policy_options(
    reader: Reading, policies: list[Row], labels: dict[tuple[str, str], str]
) -> list[Option]:
    return [
        option
        for row in policies
        for option in options_of(
            {row["policy"]: labels["policy", row["policy"]]},
            reader.say(f"overview.form.{row['form']}"),
        )
    ]


def _round_options(
    reader: Reading, rounds: list[Row], labels: dict[tuple[str, str], str]
) -> list[Option]:
    if not rounds:
        return options_of({NO_ROUND: reader.say("overview.no_round")})
    drafts = {row["round"] for row in rounds if row["state"] != "public"}
    named = {row["round"]: labels["round", row["round"]] for row in rounds}
    return options_of(
        {
            code: reader.say("pages.draft.round", round=words) if code in drafts else words
            for code, words in named.items()
        }
    )


def _committee_options(
    reader: Reading, look: Session, labels: dict[tuple[str, str], str]
) -> list[Option]:
    codes = committees(look)
    everyone = {ALL: reader.say("overview.all_committees")}
    return options_of(everyone | {code: labels["committee", code] for code in codes})


def _not_of_policy(
    look: Session, reader: Reading, of_policy: list[Option], labels: dict[tuple[str, str], str]
) -> str | None:
    """A quiet remark where the round asked for is one of another policy."""
    asked = reader.state.get("round", "")
    others = {row["round"] for row in questions.rounds(look)} | {NO_ROUND}
    if asked not in others or asked in {option["value"] for option in of_policy}:
        return None
    if asked == NO_ROUND:
        return reader.say("overview.remark.newest", shown=of_policy[0]["label"])
    return reader.say(
        "overview.remark.other_policy",
        asked=labels["round", asked],
        shown=of_policy[0]["label"],
    )


def _rows(
    look: Session,
    reader: Reading,
    labels: dict[tuple[str, str], str],
    policy: Row,
    round_: str | None,
    committee: str | None,
) -> Shown:
    code = policy["policy"]
    document = status(look, code, round_, committee) if round_ else None
    figures = earlier_figures(look, code, round_) if round_ else []
    judged = document["goals"] if document else []
    for row in (*figures, *(row for goal in judged for row in goal["indicators"])):
        row["things"] = things(labels, row["indicator"])
    return Shown(
        reader=reader,
        labels=labels,
        policy=policy,
        committee=committee,
        document=document or without_round(look, code, committee),
        effort_areas=effort_areas(look, code),
        figures=figures,
        targets=targets(look, code),
        sources=source_names(look, reader.lang),
        remarks=of_round(look, code, round_) if round_ else ([], []),
        family=family(look, code, round_) if round_ else (0, 0),
        ratios=frozenset(
            row["indicator"] for row in questions.indicators(look) if row["kind"] == "ratio"
        ),
    )


def _content(shown: Shown) -> dict[str, Any]:
    """What the template says, in the order it says it."""
    code = shown.policy["policy"]
    round_ = shown.document["round"]
    return {
        "policy": shown.name("policy", code),
        "decided": shown.policy["decided"],
        "round": shown.name("round", round_) if round_ else None,
        "round_note": shown.note("round_note", round_),
        "policy_note": shown.note("policy_note", code),
        "remark": shown.remark,
        "missed": shown.document["missed"],
        "headline": _headline(shown),
        "tally": _tally(shown),
        "areas": areas_shown(shown),
        "committee": shown.name("committee", shown.committee) if shown.committee else None,
        "national": shown.national,
        "marks": _marks(shown),
        "rule": shown.policy["rule"],
        "marking": marking(shown.policy["rule"]),
        "rounded": shown.rounded,
        "remarks": remarks_of(*shown.remarks, shown.labels, shown.lang),
        "family": None if shown.committee else family_words(*shown.family, shown.lang),
    }


def _headline(shown: Shown) -> str:
    """The sentence a reader should carry home."""
    say, document = shown.reader.say, shown.document
    without = [None for _ in document["goals_without_figures"]]
    if shown.committee and shown.national:
        return say("overview.headline.no_committee")
    if shown.committee and not document["goals"] and not without:
        return say("overview.headline.no_goal", committee=shown.name("committee", shown.committee))
    when = period(document["published"], shown.lang) if document["published"] else ""
    if document["missed"]:
        return say("overview.headline.missed", when=when)
    if document["statements"] and not document["goals"]:
        statuses = [row["status"] for row in document["statements"]]
        said = counted(statuses, shown.lang, of="efforts")
        return say("overview.headline.counts", when=when, counts=said)
    said = counted([goal["status"] for goal in document["goals"]] + without, shown.lang)
    if not document["round"]:
        if shown.goals_seen:
            return say("overview.headline.seen", seen=shown.goals_seen)
        return say("overview.headline.no_round", counts=said)
    if not said:
        return say("overview.headline.nothing", when=when)
    judged = document["goals"]
    computed = judged and all(goal["status_published"] is None for goal in judged)
    kind = "computed" if computed else "counts"
    return say(f"overview.headline.{kind}", when=when, counts=said)


def _marks(shown: Shown) -> tuple[str, ...]:
    """The marks a page of the rule may carry: its goals', then its indicators'."""
    own = _of_rule(shown)
    limits = shown.policy["rule"] == "maximum_in_every_area"
    return own + MARKS["since_previous"] if limits else own


def _of_rule(shown: Shown) -> tuple[str, ...]:
    """The marks of the policy's rule; of a named rule of progress those that the page carries."""
    rule = shown.policy["rule"]
    if rule in MARKS:
        return MARKS[rule]
    carried = {goal["status"] for goal in shown.document["goals"]}
    carried |= {one["status"] for goal in shown.document["goals"] for one in goal["indicators"]}
    return tuple(code for code in ORDER if code in carried)


def _tally(shown: Shown) -> list[tuple[str, int]]:
    """How many of the judged goals carry each mark of the rule."""
    carried = [goal["status"] for goal in shown.document["goals"]]
    return [(code, carried.count(code)) for code in (_of_rule(shown) if carried else ())]
