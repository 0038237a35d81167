"""An indicator's line in a status: value, change, significance, reason, target.

Rows are those of `store.status.status`: values and changes as printed, codes beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import Things, as_rounded, period, text, with_unit
from barometer_lib.locale import change as change_words

Row = Mapping[str, Any]


def one_stop(sentence: str) -> str:
    """The sentence with one full stop where an abbreviation meets its end."""
    return sentence.replace("..", ".")


def things(labels: Mapping[tuple[str, str], str], code: str) -> Things | None:
    """What an indicator counts, by its labels (kind, code); blank where it has a unit of its own.

    The rows below carry it as `things`.
    """
    many = labels.get(("indicator_unit", code))
    return (labels.get(("indicator_unit_one", code), many), many) if many else None


def value(row: Row, lang: str) -> str:
    """The value with its unit, or the word for why there is none."""
    if row["value"] is not None:
        shown = with_unit(row["value"], row["unit"], lang, row["decimals"], row.get("things"))
        return as_rounded(shown, row.get("rounded_to"), lang)
    hidden = row["reason"] if row["reason"] in ("suppressed", "no_new_figures") else "missing"
    return text(lang, f"numbers.value.{hidden}")


def change(row: Row, lang: str) -> str | None:
    """The change with its sign and unit; blank where none is known."""
    if row["change"] is None:
        return None
    return change_words(row["change"], row["change_unit"], lang, row["decimals"], row.get("things"))


def changed(row: Row, lang: str) -> str | None:
    """The change and since when: "+0.3 points since 2012"."""
    by = change(row, lang)
    if by is None:
        return None
    since = row["reference_period"]
    if since is None or since == "previous":
        return text(lang, "sentences.changed.previous", change=by)
    linked = (row.get("facts") or {}).get("linked")
    key = "sentences.changed.since_linked" if linked else "sentences.changed.since"
    return text(lang, key, change=by, period=period(since, lang))


def significance(row: Row, lang: str) -> str | None:
    """Whether the change is significant, in words; blank where there is no change."""
    if row["change"] is None:
        return None
    code = {True: "significant", False: "not_significant", None: "not_stated"}[row["significant"]]
    return text(lang, f"status.significance.{code}")


def indicator_reason(row: Row, lang: str) -> str:
    """Why the indicator has its status, as a sentence."""
    aim = row["target"] or {}
    limit = ""
    if aim.get("value") is not None:
        limit = with_unit(aim["value"], aim["unit"], lang, things=row.get("things"))
    return one_stop(text(lang, f"status.indicator_reason.{row['reason']}", limit=limit))


def goal_target(stored: Mapping[str, Any], lang: str) -> str:
    """A target of the goal itself, as a row of the targets holds it."""
    aim = {**stored, "period": stored["target_period"], "met": None, "distance": None}
    return target({"target": aim}, lang)


def own_target(row: Row, of_goals: frozenset[str], lang: str) -> str:
    """As `target`; a direction of its whole goal (`of_goals`: their codes) is not its own."""
    aim = row["target"] or {"form": None}
    if aim["form"] == "direction" and aim["target"] in of_goals:
        return target({**row, "target": None}, lang)
    return target(row, lang)


def target(row: Row, lang: str) -> str:
    """The target of an indicator, how far the value is from it, or that none was adopted."""
    aim = row["target"] or {"form": None}
    form = aim["form"]
    if form is None:
        return text(lang, "sentences.target.none")
    if form == "direction":
        return text(lang, f"sentences.target.direction.{aim['direction'] or 'stated'}")
    when = _when(aim, lang)
    if form == "change":
        said = "fall" if aim["value"] < 0 else "rise"
        by = with_unit(abs(aim["value"]), aim["unit"], lang, things=row.get("things"))
        return text(lang, f"sentences.target.{said}", value=by, when=when) + _reached(aim, lang)
    level = with_unit(aim["value"], aim["unit"], lang, things=row.get("things"))
    where = text(lang, "sentences.target.every_district") if _each(aim) else ""
    said = text(lang, f"sentences.target.{form}", value=level, when=when, where=where)
    return said + _distance(aim, row, lang)


def _each(aim: Mapping[str, Any]) -> bool:
    """True where every district is held to the target, not the city as a whole."""
    return bool(aim["applies_to"] == "every_district")


def _when(aim: Mapping[str, Any], lang: str) -> str:
    if not aim["period"]:
        return ""
    return text(lang, "sentences.target.when", period=period(aim["period"], lang))


def _distance(aim: Mapping[str, Any], row: Row, lang: str) -> str:
    if aim["met"] is None or aim["distance"] is None:
        return ""
    if aim["met"]:
        return text(lang, "sentences.target.met")
    unit = "percentage_points" if row["unit"] == "percent" else row["unit"]
    by = with_unit(abs(aim["distance"]), unit, lang, row["decimals"], row.get("things"))
    return text(lang, "sentences.target.missing", distance=by)


def _reached(aim: Mapping[str, Any], lang: str) -> str:
    if aim["met"] is None or aim["distance"] is None:
        return ""
    if aim["met"]:
        return text(lang, "sentences.target.met")
    by = change_words(aim["distance"], aim["unit"], lang, 1)
    return text(lang, "sentences.target.reached", change=by)
