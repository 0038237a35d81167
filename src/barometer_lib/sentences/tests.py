"""The tests of a series in sentences: what each says with its numbers, or why it was refused.

Rows are those of the table `trend_test`, with `facts` as a mapping, and `unit`, the unit of the
series' values; `things` is what a count is of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import (
    Things,
    interval,
    list_of,
    number,
    period,
    text,
    text_count,
    with_unit,
)
from barometer_lib.locale import change as change_words
from barometer_lib.sentences.indicators import one_stop
from barometer_lib.units import change_unit

Row = Mapping[str, Any]
REFUSED = "refused"
LEAST_P = 0.001
FINE = 2


def name(test: str, lang: str) -> str:
    """A test's name for readers."""
    return text(lang, f"tests.name.{test}")


def said(row: Row, lang: str) -> str:
    """What a test says of the series, or why it was refused, in one or two sentences."""
    if row["code"] == REFUSED:
        key = f"tests.refused.{row['reason']}"
        points = number(row["facts"]["points"], lang, 0)
        return text(lang, key, name=name(row["test"], lang), points=points)
    telling = {
        "recent": _recent,
        "mann_kendall": _ranks,
        "joinpoint": _joined,
        "control_chart": _chart,
        "detectable": _detectable,
    }[row["test"]]
    return one_stop(telling(row, lang))


def _common(row: Row, lang: str) -> dict[str, str]:
    way = row["code"] if row["code"] in ("improving", "worsening", "rising", "falling") else None
    return {
        "first": period(row["first_period"], lang),
        "points": number(row["points"], lang, 0),
        "way": "" if way is None else text(lang, f"tests.way.{way}"),
    }


def _recent(row: Row, lang: str) -> str:
    facts = row["facts"]
    return text(
        lang,
        f"tests.recent.{row['reason']}",
        statistic=number(facts["chi_square"], lang, 1),
        critical=number(facts["critical"], lang, 2),
        **_common(row, lang),
    )


def _moved(value: float, row: Row, lang: str, decimals: int = FINE) -> str:
    return change_words(value, change_unit(row["unit"]), lang, decimals, row.get("things"))


def _ranks(row: Row, lang: str) -> str:
    p = row["p"]
    least = text(lang, "answers.fact.least_p", p=number(LEAST_P, lang))
    return text(
        lang,
        f"tests.mann_kendall.{row['reason']}",
        estimate=_moved(row["estimate"], row, lang),
        limits=_limits(row, lang),
        statistic=number(row["statistic"], lang, 0),
        p=least if p < LEAST_P else number(p, lang, 3),
        **_common(row, lang),
    )


def _limits(row: Row, lang: str) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    unit = change_unit(row["unit"])
    return text(lang, "tests.limits", interval=interval(row["low"], row["high"], unit, lang, FINE))


def _a_year(value: float, row: Row, lang: str) -> str:
    """A change per year: relative where logarithms were taken, else in the unit of a change."""
    if not row["facts"]["percent"]:
        return _moved(value, row, lang)
    signed = change_words(value, "mean", lang, 1)
    return text(lang, "tests.relative", change=signed)


def _joined(row: Row, lang: str) -> str:
    facts = row["facts"]
    limits = _limits(row, lang)
    if facts["percent"] and row["low"] is not None and row["high"] is not None:
        low, high = (number(row[one], lang, 1) for one in ("low", "high"))
        limits = text(lang, "tests.relative_limits", low=low, high=high)
    segments = [
        text(
            lang,
            "tests.segment",
            change=_a_year(one["change"], row, lang),
            start=period(one["from"], lang),
            end=period(one["to"], lang),
        )
        for one in facts["segments"]
    ]
    return text(
        lang,
        f"tests.joinpoint.{row['code']}",
        joins=list_of([period(one, lang) for one in facts["joins"]], lang),
        segments=list_of(segments, lang),
        estimate=_a_year(row["estimate"], row, lang),
        limits=limits,
        **_common(row, lang),
    )


def _chart(row: Row, lang: str) -> str:
    facts, unit, of = row["facts"], row["unit"], row.get("things")
    assurance = ""
    if facts["assurance"] is not None:
        target = with_unit(facts["target"], unit, lang, None, of)
        assurance = text(lang, f"tests.assurance.{facts['assurance']}", target=target)
    low, high, mean = (with_unit(facts[one], unit, lang, 1, of) for one in ("low", "high", "mean"))
    return text(
        lang,
        "tests.control_chart",
        variation=text(lang, f"tests.variation.{row['code']}"),
        low=low,
        high=high,
        estimate=mean,
        trial=text(lang, "tests.trial") if facts["trial"] else "",
        assurance=assurance,
    )


def _detectable(row: Row, lang: str) -> str:
    facts = row["facts"]
    return text(
        lang,
        "tests.detectable",
        before=number(facts["sample_before"], lang, 0),
        now=number(facts["sample_size"], lang, 0),
        estimate=with_unit(row["estimate"], "percentage_points", lang, 1),
        change=change_words(facts["change"], "percentage_points", lang, 1),
    )


def indicative(pace: Row, lang: str, things: Things | None = None) -> str:
    """The pace of a series too short to be tested, marked provisional."""
    shown = change_words(pace["per_year"], pace["unit"], lang, None, things)
    first, last = (period(pace[one], lang) for one in ("from_period", "to_period"))
    points = number(pace["points"], lang, 0)
    return text(lang, "tests.indicative", pace=shown, first=first, last=last, points=points)


def family(count: int, tests: int, lang: str) -> str | None:
    """How many of the directions shown together stand out after adjusting; blank below two."""
    if tests < 2:
        return None
    return text_count(lang, "tests.family", count, family=number(tests, lang, 0))
