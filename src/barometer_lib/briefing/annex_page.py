"""Bilag 1 of one committee as words and tables: every goal, every indicator, what changed, what is
hidden, and the method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from barometer_lib.briefing.items import (
    Item,
    change_words,
    comments,
    interval_words,
    items_of,
    name_of,
    pace_words,
    status_words,
    target_words,
    when,
)
from barometer_lib.briefing.letter_page import Letter, goal_words, head
from barometer_lib.briefing.material import Material
from barometer_lib.briefing.pictures import Picture, picture_of
from barometer_lib.locale import date, number, period, text, with_unit
from barometer_lib.sentences import indicator_reason, reply, value
from barometer_lib.sentences.answers import answer
from barometer_lib.units import printed

Row = dict[str, Any]
DIFFERENCES = ("what", "cause", "before", "now")
HIDDEN = ("indicator", "area", "group", "period")


def page(letter: Letter) -> Row:
    """The annex's fields for the template; a chart is a `Picture`."""
    material, lang = letter.material, letter.material.lang
    committee = material.name("committee", letter.committee)
    round_name = material.name("round", material.round)
    day = date(material.entry["published_day"], lang)
    goals = [(policy, goal) for policy, goal, _ in letter.goals]
    return {
        **head(letter),
        "title": text(lang, "letters.annex.title", committee=committee, round=round_name),
        "intro": [text(lang, "letters.annex.intro", day=day)]
        if goals
        else [text(lang, "letters.letter.no_goals")],
        **parts(material, goals),
    }


def parts(material: Material, goals: Sequence[tuple[str, Row]]) -> Row:
    """The goals with their indicators, what changed, what is hidden, and the method."""
    lang = material.lang
    keys = ("fact", "content", *DIFFERENCES, *HIDDEN)
    codes = {one["indicator"] for _, goal in goals for one in goal["indicators"]}
    return {
        "columns": {key: text(lang, f"letters.column.{key}") for key in keys},
        "goals": [_goal(material, policy, goal) for policy, goal in goals],
        "differences": _differences(material, goals),
        "differences_title": text(lang, "letters.annex.differences"),
        "replies": _replies(material, goals),
        "replies_title": text(lang, "letters.annex.replies"),
        "hidden": _hidden(material, codes),
        "hidden_title": text(lang, "letters.annex.hidden"),
        "hidden_caption": text(lang, "letters.table.hidden"),
        "hidden_note": text(lang, "letters.annex.hidden_note"),
        "nothing_hidden": text(lang, "letters.annex.nothing_hidden"),
        "method_title": text(lang, "letters.annex.method"),
        "method": _method(material, goals),
    }


def _goal(material: Material, policy: str, goal: Row) -> Row:
    lang = material.lang
    name = material.name("goal", goal["goal"])
    status = status_words(goal["status"], lang)
    source = material.sources.get(goal["source"] or "")
    said = [
        text(lang, "letters.goal_line", goal=name, status=status, reason=" ".join(
            goal_words(material, goal)
        ))
    ]  # fmt: skip
    if source:
        said.append(f"{text(lang, 'letters.row.source')}: {source} ({goal['source']})")
    return {
        "name": name,
        "said": said,
        "indicators": [_indicator(material, item) for item in items_of(material, policy, goal)],
    }


def _indicator(material: Material, item: Item) -> Row:
    name = name_of(material, item.code)
    rows = [
        {"name": text(material.lang, f"letters.row.{key}"), "words": words}
        for key, words in _facts(material, item)
    ]
    picture = picture_of(material, item)
    return {
        "name": material.name("indicator", item.code),
        "caption": text(material.lang, "letters.table.indicator", name=name),
        "code": f"{item.policy} {item.goal} {item.code}",
        "rows": rows,
        "picture": picture,
        "picture_caption": picture.caption if isinstance(picture, Picture) else "",
    }


def _facts(material: Material, item: Item) -> Iterator[tuple[str, str]]:
    lang, row = material.lang, item.row
    hidden = item.lead == "hidden"
    yield "status", status_words(row["status"], lang)
    yield "reason", indicator_reason(row, lang)
    figure = value(row, lang)
    yield "value", figure if row["value"] is None or hidden else figure + when(row, lang)
    yield "change", change_words(item, lang)
    yield "interval", interval_words(material, item)
    yield "target", target_words(material, item)
    yield "level", answer(item.answers["level"], lang)
    yield "direction", answer(item.answers["direction"], lang)
    yield "pace", pace_words(item, lang)
    for words in comments(material, item) or [text(lang, "letters.none.comment")]:
        yield "comment", words
    name = material.sources.get(row["source"] or "")
    none = text(lang, "letters.none.source")
    yield "source", none if row["source"] is None else f"{name or row['source']} ({row['source']})"


def _differences(material: Material, goals: Sequence[tuple[str, Row]]) -> list[Row]:
    """Per policy: a table of what the round says otherwise, or the words for why there is none."""
    lang = material.lang
    found: list[Row] = []
    mine = {(policy, goal["goal"]) for policy, goal in goals}
    for policy in dict.fromkeys(policy for policy, _ in goals):
        changes = material.changes[policy]
        words = {
            "policy": material.name("policy", policy),
            "before": material.name("round", changes.before),
            "after": material.name("round", material.round),
        }
        rows = [one for one in changes.rows if (policy, one["goal"]) in mine]
        if changes.before is None:
            found.append(
                {"words": text(lang, "letters.annex.no_round_before", **words), "rows": []}
            )
        elif not rows:
            found.append(
                {"words": text(lang, "letters.annex.nothing_changed", **words), "rows": []}
            )
        else:
            title = text(lang, "letters.table.differences", **words)
            shown = [_difference(material, one) for one in rows]
            found.append({"words": f"{words['policy']}: {title}", "rows": shown})
    return found


def _difference(material: Material, one: Mapping[str, Any]) -> Row:
    lang = material.lang
    goal = material.name("goal", one["goal"])
    of_goal = one["indicator"] is None
    what = text(lang, "rounds.goal", goal=goal) if of_goal else name_of(material, one["indicator"])
    return {
        "what": what,
        "cause": text(lang, f"rounds.cause.{one['cause']}"),
        "before": _side(material, one, "old"),
        "now": _side(material, one, "new"),
    }


def _side(material: Material, one: Mapping[str, Any], side: str) -> str:
    lang = material.lang
    said = []
    if one[f"{side}_value"] is not None:
        shown = printed(one[f"{side}_value"], one["unit"], one["decimals"])
        moment = one[f"{side}_period"]
        when_ = "" if moment is None else f" ({period(moment, lang)})"
        said.append(with_unit(shown or 0.0, one["unit"], lang, one["decimals"]) + when_)
    if one[f"{side}_status"] is not None:
        said.append(status_words(one[f"{side}_status"], lang))
    if one["cause"] == "new_target" and one[f"{side}_target"] is not None:
        said.append(text(lang, "rounds.target", target=number(one[f"{side}_target"], lang)))
    return ": ".join(said) or "-"


def _hidden(material: Material, codes: set[str]) -> list[Row]:
    lang = material.lang
    return [
        {
            "indicator": name_of(material, row["indicator"]),
            "area": material.name("area", row["area"]),
            "group": material.name("group", row["population_group"]),
            "period": period(row["period"], lang)
            if row["period"]
            else text(lang, "letters.none.period"),
        }
        for row in material.hidden
        if row["indicator"] in codes
    ]


def _replies(material: Material, goals: Sequence[tuple[str, Row]]) -> list[str]:
    """What committees answered of these goals after letters of earlier rounds, each once."""
    found = {
        one["reply"]: reply(one, material.labels, material.lang)
        for _, goal in goals
        for one in goal["replies"]
    }
    return list(found.values())


def _method(material: Material, goals: Sequence[tuple[str, Row]]) -> list[str]:
    lang = material.lang
    rules = dict.fromkeys(goal["rule"] for _, goal in goals)
    day = date(material.entry["published_day"], lang)
    return [
        *(text(lang, f"sentences.rule.{rule}") for rule in rules),
        *(
            text(lang, f"letters.method.{key}", day=day)
            for key in ("known", "interval", "points", "course", "outlook", "more")
        ),
    ]
