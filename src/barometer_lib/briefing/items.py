"""One indicator of a goal as a letter and its annex tell it: words decided, nothing drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from barometer_lib.briefing.leads import facts_of, lead_of, wording
from barometer_lib.briefing.material import Material
from barometer_lib.locale import date, interval, period, text, with_unit
from barometer_lib.sentences import (
    changed,
    indicator_reason,
    own_target,
    significance,
    value,
)
from barometer_lib.sentences.answers import answer, chance
from barometer_lib.sentences.indicators import one_stop
from barometer_lib.units import decimals_of

Row = Mapping[str, Any]
# The sentence of the page judges the pace in its first word; a letter tells the projection alone.
UNJUDGED = ("too_slow", "moving_away")


def _unanswered(question: str, code: str) -> Row:
    """The answer of an indicator that had no figure at all when the round was held."""
    blank = dict.fromkeys(("amount", "low", "high", "unit", "probability"))
    facts = {"new": False, "value": None, "period": None, "first_period": None}
    said = {"question": question, "code": code, "reason": "no_figures", "evidence": "none"}
    return {**blank, **said, "points": 0, "decimals": 0, "facts": facts}


UNANSWERED = {
    "level": _unanswered("level", "cannot_tell"),
    "direction": _unanswered("direction", "too_few_points"),
    "pace": _unanswered("pace", "cannot_tell"),
}


@dataclass(frozen=True)
class Item:
    """An indicator under a goal: its rows, its lead, and the heading it stands under."""

    policy: str
    goal: str
    row: Row
    answers: Mapping[str, Row]
    lead: str
    section: str

    @property
    def code(self) -> str:
        """The indicator's code."""
        return str(self.row["indicator"])

    @property
    def fresh(self) -> bool:
        """Whether the round brought a figure."""
        return bool(facts_of(self.row, self.answers)["new"]) and self.row["value"] is not None


def items_of(material: Material, policy: str, goal: Row) -> list[Item]:
    """The indicators of a goal, each with its lead."""
    found = []
    for row in goal["indicators"]:
        answers = material.answers.get((policy, goal["goal"], row["indicator"])) or UNANSWERED
        lead = lead_of(facts_of(row, answers))
        section = wording().section_of(lead)
        found.append(Item(policy, goal["goal"], row, answers, lead, section))
    return found


def name_of(material: Material, code: str) -> str:
    """An indicator's short name, or its name."""
    return material.label("indicator_short", code) or material.name("indicator", code)


def when(row: Row, lang: str) -> str:
    """The figure's period in brackets."""
    if row["period"] is None:
        return text(lang, "letters.item.when_unknown")
    return text(lang, "letters.item.when", period=period(row["period"], lang))


def told(material: Material, item: Item) -> str:
    """The indicator's lines of the letter: lead, figure, change, direction and outlook."""
    lang, row = material.lang, item.row
    fields = {
        "name": name_of(material, item.code),
        "lead": text(lang, f"letters.lead.{item.lead}"),
        "value": value(row, lang),
        "when": when(row, lang),
        "changed": changed(row, lang),
        "significance": significance(row, lang),
    }
    bare = row["value"] is None or item.lead == "hidden"
    form = "bare" if bare else "figure" if fields["changed"] is None else "changed"
    if item.lead == "no_new":
        form = "bare" if bare else "figure"
    said = [text(lang, f"letters.item.{form}", **fields)]
    if item.section == "untold":
        said.append(why_untold(item, lang))
    elif item.section != "no_new":
        if item.answers["direction"]["evidence"] == "long":
            said.append(answer(item.answers["direction"], lang))
        said.append(outlook(item, lang))
    return one_stop(" ".join(part for part in said if part))


def why_untold(item: Item, lang: str) -> str:
    """Why it cannot be told which way an indicator goes."""
    direction = answer(item.answers["direction"], lang)
    if item.row["status"] is None and item.row["reason"] != "rule_is_maximum":
        reason = indicator_reason(item.row, lang)
        return f"{reason} {direction}" if item.row["reason"] != "suppressed" else direction
    return direction


def outlook(item: Item, lang: str) -> str:
    """Where the development leads by the target's time; blank where nothing is projected."""
    pace = item.answers["pace"]
    if pace["code"] not in (*UNJUDGED, "on_track", "target_met", "not_distinguishable"):
        return ""
    if pace["reason"] == "target_period_reached":
        return answer(pace, lang)
    facts = pace["facts"]
    aim = round(facts["target"], 2)
    things = pace.get("things")
    fields = {
        "target": with_unit(aim, facts["unit"], lang, decimals_of(aim), things),
        "period": period(facts["target_period"], lang),
    }
    if pace["amount"] is None:
        if pace["probability"] is None:
            return ""
        fields["chance"] = chance(pace["probability"], lang)
        return one_stop(text(lang, "letters.outlook.two", **fields))
    unit, decimals = pace["unit"], pace["decimals"]
    fields["projected"] = with_unit(pace["amount"], unit, lang, decimals, things)
    fields["interval"] = interval(pace["low"], pace["high"], unit, lang, decimals)
    form = "projection" if pace["evidence"] == "long" else "provisional"
    return one_stop(text(lang, f"letters.outlook.{form}", **fields))


def pace_words(item: Item, lang: str) -> str:
    """The answer on pace for the annex, without the word that judges whether it is enough."""
    pace = item.answers["pace"]
    return outlook(item, lang) if pace["code"] in UNJUDGED else answer(pace, lang)


def status_words(code: str | None, lang: str) -> str:
    """A status in a letter's words: a letter does not say that progress is not enough."""
    if code is None:
        return text(lang, "letters.none.status")
    try:
        return text(lang, f"letters.status.{code}")
    except KeyError:
        return text(lang, f"status.short.{code}")


def interval_words(material: Material, item: Item) -> str:
    """The 95 % interval of the value, where the source states what it is worked out from."""
    limits = material.limits.get((item.policy, item.goal, item.code))
    if limits is None or item.row["value"] is None:
        return text(material.lang, "letters.none.interval")
    unit, decimals = item.row["unit"], item.row["decimals"]
    return interval(*limits, unit, material.lang, decimals + 1)


def change_words(item: Item, lang: str) -> str:
    """The change, since when, and whether it is significant."""
    by = changed(item.row, lang)
    if by is None:
        return text(lang, "letters.none.change")
    return f"{by} ({significance(item.row, lang)})"


def target_words(material: Material, item: Item) -> str:
    """The indicator's target."""
    rows = material.targets[item.policy]
    of_goals = frozenset(row["target"] for row in rows if row["indicator"] is None)
    words = own_target(item.row, of_goals, material.lang)
    return words[:1].upper() + words[1:]


def comments(material: Material, item: Item) -> list[str]:
    """The dated comments to the indicator in the round."""
    return [
        text(
            material.lang,
            "letters.comment",
            day=date(row["written"], material.lang),
            author=row["author"],
            words=material.name("comment", row["comment"]),
        )
        for row in material.comments.get(item.code, ())
    ]
