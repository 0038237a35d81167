"""Districts beside a benchmark as an answer: each one's difference, and how unequal all are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BarometerError, NotFound
from barometer_lib.sentences import gaps as said
from barometer_lib.store import pairs, questions

Row = Mapping[str, Any]
AGAINST = ("city", "districts", "target")
SHARES = ("value", "low", "high", "difference", "difference_low", "difference_high", "funnel_low",
          "funnel_high")  # fmt: skip
COMPARE_COLUMNS = (
    "indicator", "division", "group", "period", "area", "value", "low", "high", "unit", "n",
    "against", "benchmark", "difference", "difference_low", "difference_high", "difference_unit",
    "ratio", "ratio_low", "ratio_high", "p", "p_adjusted", "extreme", "funnel_low", "funnel_high",
    "funnel", "one_interval", "two_intervals", "control", "overlap", "quintile", "spine_place",
    "synthetic",
)  # fmt: skip


def compare_answer(
    session: stores.Session,
    indicator: str,
    division: str | None,
    group: str | None,
    period: str | None,
    against: str | None,
    along: str | None,
) -> Result:
    """The content of `Barometer.compare`, worked out as the build does, from the day's figures."""
    code = questions.check_code(session, "indicator", indicator)
    entry = questions.indicator(session, code)
    who = entry["population_group"]
    if group is not None:
        who = questions.check_code(session, "group", group)
    if against is not None and against not in AGAINST:
        raise NotFound("comparison", against, AGAINST)
    block = _block(session, code, who, division, period, entry["kind"])
    kind, benchmark = _benchmark(session, block, against)
    content = _content(session, entry, block, kind, benchmark)
    content["along"] = None
    if along is not None:
        order = questions.check_code(session, "indicator", along)
        content["along"] = _along(session, block, order)
    for lang in ("da", "en"):
        told = said.Told(questions.labels(session, lang), lang, content["area"])
        content[lang] = said.districts(content, told)
    same = {name: content[name] for name in ("indicator", "division", "group", "period", "against")}
    same |= {"unit": content["unit"], "difference_unit": "percentage_points"}
    rows = [
        {name: ({"benchmark": content["benchmark"]} | same | one)[name] for name in COMPARE_COLUMNS}
        for one in content["districts"]
    ]
    return Result(content, rows, COMPARE_COLUMNS)


def _block(
    session: stores.Session,
    code: str,
    group: str,
    division: str | None,
    period: str | None,
    kind: str,
) -> Sequence[Row]:
    """The districts compared: of the newest period unless one is named, in the division with most.

    Raises `BarometerError` naming what there is where nothing fits.
    """
    from barometer_lib.gaps.districts import FEWEST_DISTRICTS

    blocks = [one for one in pairs.districts(session, code) if one[0]["population_group"] == group]
    fit = [
        one
        for one in blocks
        if division in (None, one[0]["division"])
        and period in (None, one[0]["period"])
        and len(one) >= FEWEST_DISTRICTS
    ]
    if not fit:
        every = pairs.districts(session, code)
        reason = "not_compared_too_few" if blocks else "not_compared_no_people"
        raise BarometerError(
            reason if kind == "proportion" else "not_compared_kind",
            indicator=code,
            group=group,
            least=FEWEST_DISTRICTS,
            divisions=sorted({one[0]["division"] for one in every}) or ["-"],
            groups=sorted({one[0]["population_group"] for one in every}) or ["-"],
            periods=sorted({one[0]["period"] for one in blocks}) or ["-"],
        )
    newest = max(one[0]["period_end"] for one in fit)
    return max((one for one in fit if one[0]["period_end"] == newest), key=len)


def _benchmark(
    session: stores.Session, block: Sequence[Row], against: str | None
) -> tuple[str, float]:
    from barometer_lib.gaps import districts

    first = block[0]
    if against == districts.TARGET:
        targets = [
            one
            for one in pairs.gaps(session, first["indicator"], first["area"])
            if one["against"] == "target" and one["period"] == first["period"]
            and one["population_group"] == first["population_group"]
        ]  # fmt: skip
        if not targets:
            raise BarometerError(
                "not_compared_target", indicator=first["indicator"], period=first["period"]
            )
        return districts.TARGET, float(targets[-1]["comparison_value"])
    if against == districts.CITY and first["whole_value"] is None:
        raise BarometerError(
            "not_compared_city", indicator=first["indicator"], period=first["period"]
        )
    return districts.whole_of(block, against)


def _content(
    session: stores.Session, entry: Row, block: Sequence[Row], kind: str, benchmark: float
) -> dict[str, Any]:
    from barometer_lib.gaps import districts

    first = block[0]
    fine = max(one["decimals"] for one in block) + 1
    compared = districts.compared(block, kind, benchmark)
    rows = [_shown(one, row, fine) for one, row in zip(block, compared, strict=True)]
    unmeasured = pairs.unmeasured(
        session, first["indicator"], first["population_group"], first["division"], first["period"]
    )
    return {
        "indicator": first["indicator"],
        "area": first["parent"],
        "division": first["division"],
        "group": first["population_group"],
        "period": first["period"],
        "dataset": session.dataset,
        "as_of": None if session.day is None else session.day.isoformat(),
        "unit": entry["unit"],
        "decimals": fine - 1,
        "polarity": entry["polarity"],
        "against": kind,
        "benchmark": round(benchmark * 100, fine),
        "family": sum(1 for one in rows if one["p"] is not None),
        "districts": rows,
        "inequality": [_measure(one) for one in districts.spread(block)],
        "segregation": _segregation(session, first),
        "refused": [_left_out(one) for one in unmeasured],
        "synthetic": any(one["synthetic"] for one in block),
    }


def _left_out(one: Row) -> dict[str, Any]:
    status = one["status"]
    return {
        "area": one["area"],
        "reason": status if status in ("suppressed", "missing") else "without_people",
    }


def _shown(figure: Row, row: Row, fine: int) -> dict[str, Any]:
    found = dict(row)
    for name in SHARES:
        found[name] = None if row[name] is None else round(row[name] * 100, fine)
    for name in ("ratio", "ratio_low", "ratio_high", "spine_place"):
        found[name] = None if row[name] is None else round(row[name], 4)
    found["value"] = round(row["value"] * 100, figure["decimals"])
    found |= {"n": figure["n"], "decimals": figure["decimals"], "synthetic": figure["synthetic"]}
    del found["benchmark"], found["benchmark_kind"]
    return found


def _measure(row: Row) -> dict[str, Any]:
    """A measure of inequality, as it stands in the store: shares of 1 within its formula."""
    names = ("value", "low", "high", "chance", "chance_high")
    return {"measure": row["measure"]} | {name: round(row[name], 6) for name in names}


def _segregation(session: stores.Session, first: Row) -> list[dict[str, Any]]:
    """How unevenly the group lives over the districts, in the same period."""
    from barometer_lib.gaps import splits

    names = ("division", "population_group", "period")
    for one in pairs.living(session, first["indicator"]):
        if all(one[name] == first[name] for name in names):
            rows, _ = splits.segregated(one)
            kept = ("measure", "among", "period", "value", "chance", "chance_high", "p")
            group = {"group": first["population_group"]}
            return [group | {name: row[name] for name in kept} for row in rows]
    return []


def _along(session: stores.Session, block: Sequence[Row], order: str) -> dict[str, Any]:
    """Slope, relative index and concentration along the districts in the order of another
    indicator: from its lowest value to its highest, same period, its own group."""
    from barometer_lib.gaps.slope import PROPORTION, concentration, slope_index

    entry = questions.indicator(session, order)
    rows = questions.history(
        session, order, [one["area"] for one in block], [entry["population_group"]]
    )
    place = {
        row["area"]: row["value"]
        for row in rows
        if row["period"] == block[0]["period"] and row["value"] is not None
    }
    found: dict[str, Any] = {"order": order, "reason": None}
    if any(one["area"] not in place for one in block):
        return found | {"reason": "order_not_known"}
    if any(not 0 < one["count"] < one["n"] for one in block):
        return found | {"reason": "share_at_end"}
    ordered = sorted(block, key=lambda one: place[one["area"]])
    values, people = [one["value"] for one in ordered], [one["n"] for one in ordered]
    errors = [1 / sqrt(one["n"] * one["value"] * (1 - one["value"])) for one in ordered]
    slope = slope_index(values, people, kind=PROPORTION, errors=errors)
    about = concentration(values, people)
    limits = {name: getattr(slope, name) for name in ("sii", "sii_low", "sii_high")}
    found |= {name: round(one * 100, 3) for name, one in limits.items()}
    found |= {name: round(getattr(slope, name), 4) for name in ("rii", "rii_low", "rii_high")}
    return found | {"concentration": round(about.relative, 5)}
