"""Status, trend and rank on the terminal: a table for people, codes for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from barometer_lib.api import Result
from barometer_lib.cli.drawing import in_blocks
from barometer_lib.cli.linked import linked_words
from barometer_lib.cli.printing import LABELLED, NOTHING, print_machine
from barometer_lib.errors import BarometerError
from barometer_lib.locale import Things, as_rounded, change, text, with_unit
from barometer_lib.locale import period as period_words
from barometer_lib.sentences import counts, marking, things
from barometer_lib.sentences.stress import drawn_said, percent_shown
from barometer_lib.sentences.tests import indicative
from barometer_lib.store import questions, session
from barometer_lib.tables import Cell, Column, Table, as_text


def print_status(found: Result, form: str, lang: str, store: Path | None) -> None:
    """Goals with their status, and their indicators with value, change and why."""
    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    content = found.content
    click.echo(heading_of(content, words))
    tell_synthetic(content, lang)
    if content["missed"]:
        click.echo(text(lang, "cli.missed"))
    for goal in content["goals"]:
        click.echo()
        line = _goal_line(goal, words, lang)
        rows = [_status_row(one, goal["rule"], words, lang) for one in goal["indicators"]]
        click.echo(as_text(_table(line, rows, lang)) if rows else line)
    tell_rounded([one for goal in content["goals"] for one in goal["indicators"]], lang)
    for said in content["statements"]:
        name = words.get(("effort_area", said["effort_area"]), said["effort_area"])
        click.echo(f"{name}: {text(lang, 'status.code.' + said['status'] + '.name')}")
    if content["goals_without_figures"]:
        click.echo()
        click.echo(text(lang, "cli.without_figures"))
        for goal in content["goals_without_figures"]:
            click.echo(f"  {words.get(('goal', goal['goal']), goal['goal'])}")


def _goal_line(goal: Mapping[str, Any], words: Mapping[tuple[str, str], str], lang: str) -> str:
    number = "" if goal["number"] is None else f"{goal['number']}. "
    name = words.get(("goal", goal["goal"]), goal["goal"])
    computed = text(lang, f"status.code.{goal['status_computed']}.name")
    if goal["status_published"] is None:
        told = text(lang, "cli.computed", status=computed)
    else:
        published = text(lang, f"status.code.{goal['status_published']}.name")
        told = text(lang, "cli.published", status=published, computed=computed)
    return f"{number}{name}: {told}"


def _status_row(
    one: Mapping[str, Any], rule: str, words: Mapping[tuple[str, str], str], lang: str
) -> dict[str, Cell]:
    status = one["status"]
    name, of = _short(one["indicator"], words), things(words, one["indicator"])
    first = {"indicator": Cell(one["indicator"], name)}
    if marking(rule) == "star":
        mark = "* " if one["counts"] else "  "
        first = {"starred": Cell(one["indicator"], mark + name)}
    shown = NOTHING if status is None else text(lang, f"status.code.{status}.name")
    limit = {"limit": NOTHING}
    found = {
        **first,
        "period": Cell(one["period"], _period(one["period"], lang)),
        "value": Cell(one["value"], _value(one, lang, of)),
        "change": Cell(one["change"], _change(one["change"], one["change_unit"], lang, of)),
        "status": Cell(status, shown),
        "reason": Cell(
            one["reason"], text(lang, f"status.indicator_reason.{one['reason']}", **limit)
        ),
    }
    if marking(rule) == "plain":
        found["counts"] = Cell(one["counts"], counts(one["counts"], rule, lang))
    return found


def _short(code: str, words: Mapping[tuple[str, str], str]) -> str:
    return words.get(("indicator_short", code), words.get(("indicator", code), code))


def print_trend(found: Result, form: str, lang: str, store: Path | None) -> None:
    """The series' figures and what they tell."""
    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    content = found.content
    heading, of = heading_of(content, words), things(words, content["indicator"])
    tell_synthetic(content, lang)
    rows = [
        {
            "period": Cell(one["period"], _period(one["period"], lang)),
            "value": Cell(one["value"], _value(one, lang, of)),
            "interval": Cell(one["low"], _interval(one)),
            "known_from": Cell(one["known_from"], one["known_from"]),
            "source": Cell(one["source"], one["source"]),
        }
        for one in content["points"]
    ]
    click.echo(as_text(_table(heading, rows, lang)))
    if drawn := in_blocks(content, lang):
        click.echo(drawn)
    if content["linked"]:
        click.echo(linked_words(content, lang))
    click.echo(_told(content, lang, of))
    if content["pace"] is not None:
        click.echo(indicative(content["pace"], lang, of))
    for one in (*content["tests"], *content["forecasts"]):
        click.echo(f"- {one[lang]}")
    tell_rounded([content], lang)
    if content["successor"]:
        successor = words.get(("indicator", content["successor"]), content["successor"])
        click.echo(text(lang, "cli.succeeded", end=content["ends"], successor=successor))


def _told(content: Mapping[str, Any], lang: str, of: Things | None) -> str:
    parts = []
    moved = content["change"]
    if moved is not None:
        shown = _change(moved["value"], moved["unit"], lang, of)
        since = NOTHING if moved["since"] is None else _period(moved["since"], lang)
        parts.append(text(lang, "cli.change_since", change=shown, since=since))
        parts.append(text(lang, f"cli.significant.{moved['significant']}"))
    line = content["trend"]
    if line is not None:
        slope = change(line["slope_per_year"], line["unit"], lang, 2, of)
        low = change(line["low"], line["unit"], lang, 2)
        high = change(line["high"], line["unit"], lang, 2)
        parts.append(text(lang, "cli.slope", slope=slope, low=low, high=high, n=line["points"]))
    parts.append(text(lang, f"cli.direction.{content['direction']}"))
    if content["points_before_break"]:
        parts.append(text(lang, "cli.before_break", count=content["points_before_break"]))
    return " ".join(parts)


def print_rank(found: Result, form: str, lang: str, store: Path | None) -> None:
    """Ranks of one edition and scope, and why there is no computed rank where there is none."""
    words = label_words(found, lang, store)
    if form != "table":
        print_machine(found, form, words, lang)
        return
    content = found.content
    click.echo(heading_of(content, words))
    tell_synthetic(content, lang)
    rows = [
        {
            "city": Cell(one["city"], words.get(("city", one["city"]), one["city"])),
            "score": Cell(one["score"], with_unit(one["score"], "points", lang)),
            "rank": Cell(one["rank"], _rank(one, lang)),
            **(_held(one, lang) if content["interval"] else {}),
            "kind": Cell(one["kind"], text(lang, f"status.kind.{one['kind']}")),
            "source": Cell(one["source"], one["source"] or NOTHING),
        }
        for one in content["rows"]
    ]
    edition = words.get(("edition", f"{content['index']}/{content['edition']}"), content["edition"])
    scope = words.get(("scope", f"{content['index']}/{content['scope']}"), content["scope"])
    click.echo(as_text(_table(f"{edition}, {scope}", rows, lang)))
    if content["interval"]:
        for sentence in drawn_said(content["interval"], lang):
            click.echo(sentence)
    for one in content["scores_without_rank"]:
        city = words.get(("city", one["city"]), one["city"])
        click.echo(
            text(lang, "cli.score_only", city=city, score=with_unit(one["score"], "points", lang))
        )
    if content["computed_refused"]:
        reason = content["computed_refused"]["reason"]
        click.echo(text(lang, f"cli.refused.{reason}", **_known(content["computed_refused"])))


def _known(refused: Mapping[str, Any]) -> dict[str, Any]:
    return {"scored": refused["scored"], "of": refused["of"] or NOTHING}


def _rank(one: Mapping[str, Any], lang: str) -> str:
    key = "cli.rank_tied" if one["tied"] else "cli.rank"
    of = text(lang, "cli.field_unknown") if one["of"] is None else str(one["of"])
    return text(lang, key, rank=one["rank"], of=of)


def _held(one: Mapping[str, Any], lang: str) -> dict[str, Cell]:
    """Where nine of ten draws put a city, and how often it is ahead of the next in the list."""
    if one["low"] is None:
        return {"interval": Cell(None, NOTHING), "ahead_of_next": Cell(None, NOTHING)}
    ahead = one["ahead_of_next"]
    return {
        "interval": Cell(one["low"], f"{one['low']}-{one['high']}"),
        "ahead_of_next": Cell(ahead, NOTHING if ahead is None else percent_shown(ahead, lang)),
    }


def _table(caption: str, rows: Sequence[Mapping[str, Cell]], lang: str) -> Table:
    names = list(rows[0]) if rows else []
    right = {"value", "change", "score", "rank", "interval", "ahead_of_next"}
    columns = [
        Column(name, text(lang, f"cli.column.{name}"), "right" if name in right else "left")
        for name in names
    ]
    return Table(caption, columns, rows, lang=lang)


def heading_of(content: Mapping[str, Any], words: Mapping[tuple[str, str], str]) -> str:
    """What was asked for: policy and round, or indicator, area and group."""
    parts = [
        words.get((LABELLED[key], str(content[key])), str(content[key]))
        for key in ("policy", "round", "index", "indicator", "area", "group")
        if content.get(key)
    ]
    return " · ".join(parts)


def tell_synthetic(content: Mapping[str, Any], lang: str) -> None:
    """Says that the figures are synthetic where they are."""
    if content["dataset"] == "demo":
        click.echo(text(lang, "cli.synthetic"))


def tell_rounded(rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Says what rounding means where any figure is told rounded."""
    for base in sorted({row["rounded_to"] for row in rows if row.get("rounded_to")}):
        click.echo(text(lang, "numbers.rounded_note", base=base))


def _value(one: Mapping[str, Any], lang: str, of: Things | None) -> str:
    if one["value"] is None:
        status = one.get("status")
        known = ("suppressed", "missing", "no_new_figures")
        return text(lang, f"cli.figure.{status}") if status in known else NOTHING
    shown = with_unit(one["value"], one["unit"], lang, one.get("decimals"), of)
    return as_rounded(shown, one.get("rounded_to"), lang)


def _change(value: float | None, unit: str | None, lang: str, of: Things | None) -> str:
    if value is None or unit is None:
        return NOTHING
    return change(value, unit, lang, things=of)


def _interval(one: Mapping[str, Any]) -> str:
    return NOTHING if one["low"] is None else f"{one['low']} - {one['high']}"


def _period(code: str | None, lang: str) -> str:
    if code is None:
        return text(lang, "cli.period_unknown")
    try:
        return period_words(code, lang)
    except BarometerError:
        return code


def label_words(found: Result, lang: str, store: Path | None) -> dict[tuple[str, str], str]:
    """The labels of the answer's dataset by kind and code."""
    with session(store, found.content["dataset"]) as open_session:
        return questions.labels(open_session, lang)
