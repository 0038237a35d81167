"""Gaps of groups as an answer: each with what it is compared with, its change and its split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BarometerError, NotFound
from barometer_lib.intervals import benjamini_hochberg
from barometer_lib.sentences import gaps as said
from barometer_lib.sentences import things
from barometer_lib.store import pairs, questions
from barometer_lib.units import change_unit, scale

Row = Mapping[str, Any]
AGAINST = ("reference", "rest", "mean", "target")
KINDS = ("proportion", "mean", "rate")
GAP_COLUMNS = (
    "indicator", "area", "group", "against", "comparison", "period", "value", "comparison_value",
    "unit", "n", "comparison_n", "gap", "gap_unit", "low", "high", "ratio", "ratio_low",
    "ratio_high", "p", "p_adjusted", "distinguishable", "newest", "reason", "synthetic",
)  # fmt: skip


def gap_answer(
    session: stores.Session,
    indicator: str,
    area: str | None,
    group: str | None,
    against: str | None,
) -> Result:
    """The content of `Barometer.gap`: newest gaps with their changes, splits, and refusals."""
    code = questions.check_code(session, "indicator", indicator)
    entry = questions.indicator(session, code)
    place = str(questions.dataset(session)["home_area"])
    if area is not None:
        place = questions.check_code(session, "area", area)
    who = None if group is None else questions.check_code(session, "group", group)
    if against is not None and against not in AGAINST:
        raise NotFound("comparison", against, AGAINST)
    wanted = AGAINST if against is None else (against,)
    standing = pairs.standing(session, code, place)
    if not standing or (
        who is not None and all(one["population_group"] != who for one in standing)
    ):
        raise _nothing(session, code, place, who)
    known = [
        one
        for one in pairs.gaps(session, code, place)
        if one["against"] in wanted and who in (None, one["population_group"])
    ]
    day = _broken(session, code, place)
    found, rows = _told(known, standing, entry["unit"], day)
    refused = _refused(standing, found, entry, who, wanted)
    splits = _splits(session, code, place, who or entry["population_group"], day)
    content: dict[str, Any] = {
        "indicator": code,
        "area": place,
        "group": who,
        "against": against,
        "dataset": session.dataset,
        "as_of": None if session.day is None else session.day.isoformat(),
        "unit": entry["unit"],
        "gap_unit": change_unit(entry["unit"]),
        "polarity": entry["polarity"],
        "own_group": entry["population_group"],
        "reference_group": entry["reference_group"],
        "family": sum(1 for one in found if one["p"] is not None),
        "gaps": found,
        "splits": splits,
        "refused": refused,
        "synthetic": any(one["synthetic"] for one in known),
    }
    _say(session, content)
    return Result(content, rows, GAP_COLUMNS)


def _nothing(session: stores.Session, code: str, area: str, group: str | None) -> BarometerError:
    rows = questions.history(session, code)
    return BarometerError(
        "no_measurements",
        indicator=code,
        area=area,
        group=group or "-",
        areas=sorted({row["area"] for row in rows}) or ["-"],
        groups=sorted({row["population_group"] for row in rows}) or ["-"],
    )


def _broken(session: stores.Session, code: str, area: str) -> date | None:
    """The first day of the last break that concerns the area's series, linked or not."""
    level = session.codes("select level from area where area = $area", {"area": area})[0]
    passed = [
        one["start_day"]
        for one in questions.breaks(session, code)
        if one["area_level"] in (None, level)
    ]
    return max(passed) if passed else None


def _told(
    known: Sequence[Row], standing: Sequence[Row], unit: str, day: date | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The newest gap of every series with its changes, and all gaps as tidy rows."""
    from barometer_lib.gaps import told

    newest_of = {one["population_group"]: one["period"] for one in standing if one["known"]}
    found, rows = [], []
    keys = ("population_group", "against", "comparison")
    for _, some in groupby(known, lambda row: tuple(row[name] for name in keys)):
        series = list(some)
        broken = None if day is None or series[-1]["period_end"] < day else day
        moved, reason = told.changes(series, broken)
        newest = _printed(series[-1], unit)
        shown = newest_of.get(series[-1]["population_group"]) == series[-1]["period"]
        if shown:
            changes = [_change(one) for one in moved]
            found.append(newest | {"changes": changes, "no_change": reason})
        rows += [_printed(one, unit) | {"newest": False, "p_adjusted": None} for one in series[:-1]]
        rows.append(newest | {"newest": shown, "p_adjusted": None})
    tests = [one for one in found if one["p"] is not None]
    for one, p in zip(tests, benjamini_hochberg([one["p"] for one in tests]), strict=True):
        one["p_adjusted"] = p
    for one in found:
        one.setdefault("p_adjusted", None)
        same = ("group", "against", "comparison", "period")
        next(row for row in rows if all(row[name] == one[name] for name in same))["p_adjusted"] = (
            one["p_adjusted"]
        )
    return found, [{name: row[name] for name in GAP_COLUMNS} for row in rows]


def _printed(row: Row, unit: str) -> dict[str, Any]:
    by, fine = scale(row["unit"]), row["decimals"] + 1
    found = {"indicator": row["indicator"], "area": row["area"], "group": row["population_group"]}
    found |= {name: row[name] for name in ("against", "comparison", "period", "n", "comparison_n")}
    for name, decimals in (
        ("value", fine - 1), ("comparison_value", fine), ("gap", fine - 1), ("low", fine),
        ("high", fine),
    ):  # fmt: skip
        found[name] = None if row[name] is None else round(row[name] * by, decimals)
    for name in ("ratio", "ratio_low", "ratio_high"):
        found[name] = None if row[name] is None else round(row[name], 4)
    found |= {"unit": unit, "gap_unit": row["unit"], "decimals": row["decimals"]}
    found |= {name: row[name] for name in ("p", "distinguishable", "reason", "synthetic")}
    return found


def _change(row: Row) -> dict[str, Any]:
    by, fine = scale(row["unit"]), row["decimals"] + 1
    found = {name: row[name] for name in ("since", "from_period", "to_period")}
    for name, decimals in (("change", fine - 1), ("low", fine), ("high", fine), ("smallest", fine)):
        found[name] = None if row[name] is None else round(row[name] * by, decimals)
    ratio = row["ratio_change"]
    found |= {"unit": row["unit"], "ratio_change": None if ratio is None else round(ratio, 4)}
    return found | {"distinguishable": row["distinguishable"]}


def _refused(
    standing: Sequence[Row],
    found: Sequence[Row],
    entry: Row,
    who: str | None,
    wanted: Sequence[str],
) -> list[dict[str, Any]]:
    """What was asked for and cannot be told, each with its reason."""
    if entry["kind"] not in KINDS:
        return [{"group": None, "against": None, "reason": "kind"}]
    told = {(one["group"], one["against"]) for one in found}
    refused = []
    for against in wanted:
        whole = _for_all(against, standing, entry)
        if whole is not None:
            refused.append({"group": None, "against": against, "reason": whole})
            continue
        for one in standing:
            group = one["population_group"]
            skipped = one["total"] or (against == "reference" and group == entry["reference_group"])
            if skipped or who not in (None, group) or (group, against) in told:
                continue
            reason = _reason(one, against, standing, entry)
            if reason is not None:
                refused.append({"group": group, "against": against, "reason": reason})
    return refused


def _for_all(against: str, standing: Sequence[Row], entry: Row) -> str | None:
    """Why no group at all can be compared so; blank where one could."""
    groups = {one["population_group"] for one in standing}
    if against == "reference":
        if entry["reference_group"] is None:
            return "no_reference"
        return None if entry["reference_group"] in groups else "reference_not_measured"
    if against in ("rest", "mean"):
        return None if any(one["total"] for one in standing) else "no_total"
    return None


def _reason(one: Row, against: str, standing: Sequence[Row], entry: Row) -> str | None:
    by_group = {row["population_group"]: row for row in standing}
    if one["status"] == "suppressed":
        return "suppressed"
    if not one["known"]:
        return "not_measured"
    if against == "target":
        return "no_target" if one["population_group"] == entry["population_group"] else None
    if against == "reference":
        other = by_group[entry["reference_group"]]
        if other["definition"] != one["definition"]:
            return "other_population"
    else:
        totals = [row for row in standing if row["total"]]
        same = [row for row in totals if row["definition"] == one["definition"]]
        if not same:
            return "other_population"
        other = same[0]
    if other["status"] == "suppressed":
        return "comparison_suppressed"
    return "people_not_known" if against == "rest" else "other_period"


def _splits(
    session: stores.Session, code: str, area: str, group: str, day: date | None
) -> list[dict[str, Any]]:
    """Composition or rate, for the group asked of and for everybody together."""
    from barometer_lib.gaps import splits

    totals = set(session.codes("select population_group from population_group where total"))
    found: list[dict[str, Any]] = []
    for series in splits.series_of(pairs.strata(session, code)):
        newest = series[-1]
        if newest["area"] != area or newest["population_group"] not in {group, *totals}:
            continue
        broken = None if day is None or newest["period_end"] < day else day
        rows, reason = splits.decomposed(series, broken)
        names = ("population_group", "strata")
        same = {"group": newest[names[0]], "strata": newest[names[1]]}
        fine = newest["decimals"] + 1
        made = [_part(row, fine) for row in rows]
        found.append(same | {"parts": newest["wanted"], "changes": made, "reason": reason})
    return found


def _part(row: Row, fine: int) -> dict[str, Any]:
    found = {name: row[name] for name in ("since", "from_period", "to_period")}
    numbers = (
        "change", "composition", "composition_low", "composition_high", "rate", "rate_low",
        "rate_high",
    )  # fmt: skip
    return found | {name: round(row[name] * 100, fine) for name in numbers}


def _say(session: stores.Session, content: dict[str, Any]) -> None:
    """Every gap, split and refusal with its sentence in both languages."""
    for lang in ("da", "en"):
        words = questions.labels(session, lang)
        of = things(words, content["indicator"])
        told = said.Told(words, lang, content["area"], of)
        for one in content["gaps"]:
            one[lang] = said.gap(one, told)
        for one in content["splits"]:
            one[lang] = said.split(one, told)
        for one in content["refused"]:
            one[lang] = said.refusal(one | {"reference": content["reference_group"]}, told)
        content[f"family_{lang}"] = said.family(content["family"], lang)
