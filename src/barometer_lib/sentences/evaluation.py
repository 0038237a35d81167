"""What is said of a local programme's districts: careful, and with what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import change, list_of, number, period, text
from barometer_lib.units import change_unit

Content = Mapping[str, Any]
Words = Mapping[tuple[str, str], str]


def heading(content: Content, words: Words, lang: str) -> str:
    """The indicator, where the programme is, and from when."""
    name = words.get(("indicator", content["indicator"]), content["indicator"])
    return text(
        lang,
        "evaluation.heading",
        indicator=name,
        areas=_areas(content["treated"], words, lang),
        first=period(content["first"], lang),
    )


def verdict(content: Content, words: Words, lang: str) -> str:
    """One sentence by the verdict's code; never that the programme caused anything."""
    found = next(one for one in content["estimates"] if one["estimate"] == "difference")
    return text(
        lang,
        f"evaluation.verdict.{content['verdict']}",
        areas=_areas(content["treated"], words, lang),
        effect=_amount(content, found["effect"], lang),
        compared=number(len(content["compared"]), lang, 0),
        p=number(found["p"], lang, 3),
        smallest=number(found["smallest_p"], lang, 3),
    )


def limits(lang: str) -> list[str]:
    """What no such comparison can say."""
    return [text(lang, "evaluation.cannot.cause"), text(lang, "evaluation.cannot.chosen")]


def checks(content: Content, words: Words, lang: str) -> list[str]:
    """What the estimates rest on, each with its figure."""
    found = content["checks"]
    told = [
        text(
            lang,
            "evaluation.check.regression",
            amount=_amount(content, found["regression_to_the_mean"], lang),
        ),
        text(
            lang,
            "evaluation.check.smallest",
            amount=_amount(content, found["smallest_effect"], lang, signed=False),
        ),
    ]
    if found["leads_p"] is None:
        told.append(text(lang, "evaluation.check.no_leads"))
    else:
        told.append(text(lang, "evaluation.check.leads", p=number(found["leads_p"], lang, 3)))
    if found["left_out_low"] is not None:
        ends = [_amount(content, found[f"left_out_{end}"], lang) for end in ("low", "high")]
        told.append(text(lang, "evaluation.check.left_out", low=ends[0], high=ends[1]))
    if found["earlier_dates_p"] is not None:
        told.append(
            text(
                lang,
                "evaluation.check.dates",
                count=number(found["earlier_dates"], lang, 0),
                p=number(found["earlier_dates_p"], lang, 3),
            )
        )
    if content["left_out"]:
        told.append(
            text(lang, "evaluation.check.gone", areas=_areas(content["left_out"], words, lang))
        )
    return told


def _areas(codes: list[str], words: Words, lang: str) -> str:
    return list_of([words.get(("area", code), code) for code in codes], lang)


def _amount(content: Content, value: float, lang: str, *, signed: bool = True) -> str:
    from barometer_lib.locale import with_unit

    unit = change_unit(content["unit"])
    told = change if signed else with_unit
    return told(value, unit, lang, content["decimals"])
