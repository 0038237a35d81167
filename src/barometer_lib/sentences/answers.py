"""The three answers of a series in sentences, and the numbers behind them.

Rows are those of the table `answer`, with `facts` as a mapping; `things` is what a count is of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barometer_lib.locale import change as change_words
from barometer_lib.locale import interval, number, period, text, with_unit
from barometer_lib.sentences.indicators import one_stop
from barometer_lib.units import change_unit, decimals_of

Row = Mapping[str, Any]


def answer(row: Row, lang: str) -> str:
    """The answer in one sentence of the reader's language."""
    telling = {"level": _level, "direction": _direction, "pace": _pace}[row["question"]]
    return one_stop(telling(row, lang))


def stale(row: Row, lang: str) -> str | None:
    """That the round brought no new figure; blank where it did, or where there is no figure."""
    facts = row["facts"]
    return None if facts["new"] or facts["value"] is None else text(lang, "answers.stale")


def chance(share: float, lang: str) -> str:
    """A probability in words: "62 percent", "above 99 percent"."""
    if share < 0.01:
        return text(lang, "answers.chance.low")
    if share > 0.99:
        return text(lang, "answers.chance.high")
    return text(lang, "answers.chance.share", share=number(share * 100, lang, 0))


def _level(row: Row, lang: str) -> str:
    facts = row["facts"]
    key = f"answers.level.{row['code']}.{row['reason']}"
    if row["reason"] == "direction_only":
        key += f".{facts['target_direction'] or 'stated'}"
    latest = ""
    if facts["value"] is not None:
        latest = text(lang, "answers.latest", value=_value(row, lang), when=_when(facts, lang))
    distance = ""
    if row["amount"] is not None:
        by = abs(row["amount"])
        distance = with_unit(by, row["unit"], lang, row["decimals"], row.get("things"))
    return text(
        lang,
        key,
        Target=_target(row, lang),
        value=_value(row, lang),
        when=_when(facts, lang),
        latest=latest,
        distance=distance,
    )


def _direction(row: Row, lang: str) -> str:
    facts = row["facts"]
    fields: dict[str, Any] = {"points": row["points"], "change": "", "since": "", "interval": ""}
    fields["first"] = _period(facts["first_period"], lang)
    if row["amount"] is not None:
        shown = row["amount"]
        fields["change"] = change_words(
            shown, row["unit"], lang, row["decimals"], row.get("things")
        )
    since = facts.get("reference_period")
    fields["since"] = text(lang, "answers.previous")
    if since not in (None, "previous"):
        fields["since"] = _period(since, lang)
    fields["interval"] = _interval(row["low"], row["high"], row["unit"], lang, row["decimals"])
    key = f"answers.direction.{row['code']}.{row['reason']}"
    if row["amount"] == 0 and row["code"] == "too_few_points":
        key += "_same"
    return text(lang, key, **fields)


def _pace(row: Row, lang: str) -> str:
    facts = row["facts"]
    key = f"answers.pace.{row['code']}.{row['reason']}"
    if row["code"] == "cannot_tell" or row["reason"] == "target_period_reached":
        return text(lang, key, Target=_target(row, lang), period=_period(_due(row), lang))
    two = row["amount"] is None
    said = text(
        lang,
        f"{key}_two" if two else key,
        Target=_target(row, lang),
        target=_aim(row, lang),
        period=_period(_due(row), lang),
        since=_period(facts.get("base_period"), lang),
        chance="" if row["probability"] is None else chance(row["probability"], lang),
        projected=""
        if two
        else with_unit(row["amount"], row["unit"], lang, row["decimals"], row.get("things")),
        interval=_interval(row["low"], row["high"], row["unit"], lang, row["decimals"]),
    )
    if row["evidence"] in ("change", "indicative"):
        return text(lang, "answers.indicative", sentence=said[0].lower() + said[1:])
    return said


def _due(row: Row) -> str | None:
    due: str | None = row["facts"].get("target_period")
    return due


def _aim(row: Row, lang: str) -> str:
    facts = row["facts"]
    if facts.get("target") is None:
        return ""
    aim = round(facts["target"], 2)
    return with_unit(aim, facts["unit"], lang, decimals_of(aim), row.get("things"))


def _target(row: Row, lang: str) -> str:
    kind = row["facts"].get("target_kind")
    if row["facts"].get("target") is None or kind not in ("level", "maximum", "minimum", "change"):
        return ""
    return text(lang, f"answers.target.{kind}", target=_aim(row, lang))


def _value(row: Row, lang: str) -> str:
    facts = row["facts"]
    if facts["value"] is None:
        return text(lang, "numbers.value.missing")
    shown = facts["value"]
    return with_unit(shown, facts["unit"], lang, decimals_of(shown), row.get("things"))


def _when(facts: Row, lang: str) -> str:
    if facts["period"] is None:
        return text(lang, "answers.when_unknown")
    return text(lang, "answers.when", period=period(facts["period"], lang))


def _period(code: str | None, lang: str) -> str:
    return text(lang, "numbers.value.unknown") if code is None else period(code, lang)


def _interval(
    low: float | None, high: float | None, unit: str | None, lang: str, decimals: int
) -> str:
    if low is None or high is None or unit is None:
        return ""
    return interval(low, high, unit, lang, decimals)


LEAST_P = 0.001  # below this a p value is told as "below"
PLAIN = (
    *("points", "linked", "before_break", "suppressed", "revised"),
    *("numerator", "denominator", "sample_size", "design_effect"),
)
IN_UNIT = ("value", "target", "reference_value", "base_value", "projected")
BY = ("change", "slope", "observed_per_year", "required_per_year", "needed_per_year")
OF_PERIOD = {
    "value": "period",
    "reference_value": "reference_period",
    "base_value": "base_period",
    "target": "target_period",
}
LIMITS = {"level": "limits", "direction": "change_limits", "pace": "projected_limits"}


SERIES = ("value", "points", "first_period", "linked", "before_break", "suppressed", "revised")
OWN = {
    "level": ("target",),
    "direction": (
        *("reference_value", "change", "numerator", "denominator", "sample_size"),
        *("design_effect", "slope", "p", "p_adjusted", "family"),
    ),
    "pace": (
        *("target", "base_value", "observed_per_year", "required_per_year", "needed_per_year"),
        *("slope", "projected", "probability", "least_probability", "meets"),
    ),
}


def series_facts(row: Row, lang: str) -> list[tuple[str, str]]:
    """What the answers of a series were worked out from, each number with its name: the same for
    all three. Counts of nothing left out are not listed."""
    return _listed(SERIES, row, lang)


def worked_out(row: Row, lang: str) -> list[tuple[str, str]]:
    """The numbers of one answer's own working, each with its name, where they are known."""
    facts = row["facts"]
    found = _listed(OWN[row["question"]], row, lang)
    low, high = facts.get("low"), facts.get("high")
    if low is not None and high is not None:
        name = LIMITS[row["question"]]
        unit = facts["unit"] if row["question"] != "direction" else change_unit(facts["unit"])
        if row["question"] == "direction" and "slope" in facts:
            name = "slope_limits"
        shown = interval(low, high, unit, lang, max(decimals_of(low), decimals_of(high)))
        found.append((text(lang, f"answers.fact.{name}"), shown))
    return found


def _listed(names: Sequence[str], row: Row, lang: str) -> list[tuple[str, str]]:
    facts = row["facts"]
    return [
        (text(lang, f"answers.fact.{name}"), _fact(name, row, lang))
        for name in names
        if facts.get(name) is not None and (facts[name] or name not in PLAIN)
    ]


def _fact(name: str, row: Row, lang: str) -> str:
    facts, things = row["facts"], row.get("things")
    value = facts[name]
    if name in IN_UNIT:
        rounded = round(value, 4)
        said = with_unit(rounded, facts["unit"], lang, decimals_of(rounded), things)
        when = facts.get(OF_PERIOD.get(name, ""))
        return said if when in (None, "previous") else said + _when({"period": when}, lang)
    if name in BY:
        rounded = round(value, 4)
        return change_words(rounded, change_unit(facts["unit"]), lang, decimals_of(rounded), things)
    if name in ("probability", "least_probability"):
        return chance(value, lang)
    if name == "first_period":
        return period(value, lang)
    if name == "meets":
        return text(lang, "answers.fact.never") if value == "never" else str(value)
    if name in ("p", "p_adjusted") and value < LEAST_P:
        return text(lang, "answers.fact.least_p", p=number(LEAST_P, lang))
    return number(value, lang)
