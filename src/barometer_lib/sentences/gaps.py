"""Differences between groups and between districts in sentences; what they are compared with is
always named. Numbers come as printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from barometer_lib.locale import Things, interval, list_of, number, period, text, with_unit
from barometer_lib.locale import change as change_words
from barometer_lib.sentences.indicators import one_stop

Row = Mapping[str, Any]
FEWEST_IN_FAMILY = 2


@dataclass(frozen=True)
class Told:
    """What sentences need to name things: labels by kind and code, the language, the area."""

    words: Mapping[tuple[str, str], str]
    lang: str
    area: str
    things: Things | None = None

    def name(self, kind: str, code: str) -> str:
        """The label of a code, or the code itself."""
        return self.words.get((kind, code), code)


def gap(row: Row, told: Told) -> str:
    """One gap: compared with what, how large, as a ratio, how sure, and how it has changed."""
    lang = told.lang
    target = ""
    if row["against"] == "target":
        target = with_unit(row["comparison_value"], row["unit"], lang, row["decimals"], told.things)
    parts = [
        text(
            lang,
            f"gaps.gap.{row['against']}",
            group=told.name("group", row["group"]),
            comparison=told.name("group", row["comparison"]),
            area=told.name("area", told.area),
            target=target,
            gap=_signed(row["gap"], row["gap_unit"], row["decimals"], told),
            when=period(row["period"], lang),
            limits=_limits(row, row["gap_unit"], row["decimals"] + 1, lang),
            ratio=_ratio(row, lang),
            sure=_sure(row["distinguishable"], lang),
        )
    ]
    parts += [_changed(one, row["decimals"], told) for one in row["changes"]]
    if row["no_change"] is not None:
        parts.append(text(lang, f"gaps.no_change.{row['no_change']}"))
    return one_stop(" ".join(parts))


def compared_with(row: Row, told: Told) -> str:
    """What a gap is compared with, in a few words."""
    target = ""
    if row["against"] == "target":
        target = with_unit(
            row["comparison_value"], row["unit"], told.lang, row["decimals"], told.things
        )
    return text(
        told.lang,
        f"gaps.named.{row['against']}",
        comparison=told.name("group", row["comparison"]),
        target=target,
    )


def funnel_place(row: Row) -> str:
    """Where a district lies of the funnel: inside, above or below, or beyond the far limit."""
    if row["funnel"] == "not_compared":
        return "none"
    if row["funnel"] == "similar":
        return "inside"
    way = "above" if row["difference"] > 0 else "below"
    return f"far_{way}" if row["funnel"] in ("best", "worst", "highest", "lowest") else way


def _signed(value: float, unit: str, decimals: int, told: Told) -> str:
    return change_words(value, unit, told.lang, decimals, told.things)


def _limits(row: Row, unit: str, decimals: int, lang: str) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    return text(
        lang, "gaps.limits", interval=interval(row["low"], row["high"], unit, lang, decimals)
    )


def _ratio(row: Row, lang: str) -> str:
    """The ratio in percent, with its limits; one that is open upwards has none."""
    if row["ratio"] is None:
        return ""
    shown = with_unit(row["ratio"] * 100, "percent", lang, 1)
    low, high = row["ratio_low"], row["ratio_high"]
    if low is None or high is None:
        return text(lang, "gaps.ratio", ratio=shown)
    limits = interval(low * 100, high * 100, "percent", lang, 1)
    return text(lang, "gaps.ratio_limits", ratio=shown, interval=limits)


def _sure(distinguishable: bool | None, lang: str) -> str:
    return text(lang, f"gaps.sure.{distinguishable}".lower())


def _changed(row: Row, decimals: int, told: Told) -> str:
    lang = told.lang
    said = text(
        lang,
        "gaps.changed",
        change=_signed(row["change"], row["unit"], decimals, told),
        since=period(row["from_period"], lang),
        limits=_limits(row, row["unit"], decimals + 1, lang),
        sure=_sure(row["distinguishable"], lang),
    )
    if row["smallest"] is None or row["since"] != "first":
        return said
    least = with_unit(row["smallest"], row["unit"], lang, decimals, told.things)
    return f"{said} {text(lang, 'gaps.smallest', smallest=least)}"


def split(row: Row, told: Told) -> str:
    """The change of a share split into rate and composition; or why it cannot be."""
    lang = told.lang
    group = told.name("group", row["group"])
    over = text(lang, "gaps.strata.groups")
    if row["strata"] != "groups":
        division = told.name("division", row["strata"])
        over = text(lang, "gaps.strata.districts", division=division)
    if row["reason"] is not None:
        return text(lang, f"gaps.no_split.{row['reason']}", group=group, over=over)
    said = []
    for one in row["changes"]:
        parts = {
            name: _signed(one[name], "percentage_points", 2, told)
            + text(
                lang,
                "gaps.limits",
                interval=interval(
                    one[f"{name}_low"], one[f"{name}_high"], "percentage_points", lang, 2
                ),
            )
            for name in ("rate", "composition")
        }
        said.append(
            text(
                lang,
                "gaps.split",
                group=group,
                over=over,
                change=_signed(one["change"], "percentage_points", 2, told),
                since=period(one["from_period"], lang),
                until=period(one["to_period"], lang),
                **parts,
            )
        )
    return one_stop(" ".join(said))


def refusal(row: Row, told: Told) -> str:
    """Why a comparison asked for cannot be told."""
    lang = told.lang
    comparison = row.get("reference") or ""
    return text(
        lang,
        f"gaps.refused.{row['reason']}",
        group="" if row["group"] is None else told.name("group", row["group"]),
        against="" if row["against"] is None else text(lang, f"gaps.against.{row['against']}"),
        comparison=told.name("group", comparison),
        area=told.name("area", told.area),
    )


def family(tests: int, lang: str) -> str | None:
    """That the p values are adjusted for all tests shown together; blank below two."""
    if tests < FEWEST_IN_FAMILY:
        return None
    return text(lang, "gaps.family", tests=number(tests, lang, 0))


def districts(content: Row, told: Told) -> list[str]:
    """What is to be said of a division's districts: against what, who lies apart, how unequal."""
    lang = told.lang
    rows = content["districts"]
    against = benchmark(content, told)
    said = [
        text(
            lang,
            "gaps.districts.against",
            against=against,
            when=period(content["period"], lang),
            count=number(len(rows), lang, 0),
        )
    ]
    for way, wanted in (("above", 1), ("below", -1)):
        apart = [one for one in rows if _apart(one) == wanted]
        names = list_of([told.name("area", one["area"]) for one in apart], lang)
        key = f"gaps.districts.{way}" if apart else f"gaps.districts.none_{way}"
        said.append(text(lang, key, names=names))
    if content["family"] >= FEWEST_IN_FAMILY:
        said.append(text(lang, "gaps.family", tests=number(content["family"], lang, 0)))
    for end in ("highest", "lowest"):
        ends = [one for one in rows if one["extreme"] == end]
        if ends:
            names = list_of([told.name("area", one["area"]) for one in ends], lang)
            shown = with_unit(ends[0]["value"], content["unit"], lang, ends[0]["decimals"])
            said.append(text(lang, f"gaps.districts.{end}", names=names, value=shown))
    said += [_unequal(one, lang) for one in content["inequality"] if one["measure"] in SAID]
    said += [_segregated(one, told) for one in content["segregation"] if one["measure"] in SAID]
    if content["along"] is not None:
        said.append(_along(content["along"], told))
    said += [
        text(
            lang,
            f"gaps.districts.left_out.{one['reason']}",
            name=told.name("area", one["area"]),
        )
        for one in content["refused"]
    ]
    return [one_stop(one) for one in said]


SAID = ("index_of_disparity", "dissimilarity")
ALPHA = 0.05


def _apart(one: Row) -> int:
    """1 above and -1 below the comparison where the adjusted test says so, else 0."""
    if one["p_adjusted"] is None or one["p_adjusted"] >= ALPHA:
        return 0
    return 1 if one["difference"] > 0 else -1


def benchmark(content: Row, told: Told) -> str:
    """What districts are compared with, in words: the city, all of them, or the target."""
    shown = with_unit(content["benchmark"], content["unit"], told.lang, content["decimals"])
    return text(
        told.lang,
        f"gaps.benchmark.{content['against']}",
        area=told.name("area", content["area"]),
        value=shown,
    )


def _unequal(one: Row, lang: str) -> str:
    return text(
        lang,
        "gaps.unequal",
        value=number(one["value"], lang, 1),
        low=number(one["low"], lang, 1),
        high=number(one["high"], lang, 1),
        chance=number(one["chance"], lang, 1),
        chance_high=number(one["chance_high"], lang, 1),
        sure=text(lang, f"gaps.beyond_chance.{one['low'] > one['chance_high']}".lower()),
    )


def _segregated(one: Row, told: Told) -> str:
    lang = told.lang
    return text(
        lang,
        "gaps.segregated",
        group=told.name("group", one["group"]),
        among=told.name("group", one["among"]),
        when=period(one["period"], lang),
        value=number(one["value"] * 100, lang, 1),
        chance=number(one["chance"] * 100, lang, 1),
        chance_high=number(one["chance_high"] * 100, lang, 1),
    )


def _along(one: Row, told: Told) -> str:
    lang = told.lang
    name = told.name("indicator_short", one["order"])
    if name == one["order"]:
        name = told.name("indicator", one["order"])
    if one["reason"] is not None:
        return text(lang, f"gaps.along.refused.{one['reason']}", order=name)
    return text(
        lang,
        "gaps.along.told",
        order=name,
        sii=_signed(one["sii"], "percentage_points", 1, told),
        limits=interval(one["sii_low"], one["sii_high"], "percentage_points", lang, 1),
        rii=number(one["rii"], lang, 2),
        concentration=number(one["concentration"], lang, 3),
    )
