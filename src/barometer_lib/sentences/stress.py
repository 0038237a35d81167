"""What is said of a stressed rank and of a what-if. Rows go in, sentences come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from barometer_lib.locale import list_of, number, text, text_count

Row = Mapping[str, Any]
Naming = Callable[[str], str]
NARROW = "\N{NO-BREAK SPACE}"
MOST_HOLDS = 2  # of a kind: the mildest conditions say the most


def percent(share: float, lang: str) -> str:
    """A share of 0-1 in per cent, with a decimal where it is small or not whole."""
    shown = 100 * share
    return number(shown, lang, 0 if abs(shown - round(shown)) < 0.05 or shown >= 10 else 1)


def percent_shown(share: float, lang: str) -> str:
    """The same with its unit, for tables."""
    return f"{percent(share, lang)}{NARROW}{text(lang, 'stress.percent')}"


def condition_share(share: float, lang: str) -> str:
    """The share of a condition: never rounded to another condition than the proven one."""
    shown = round(100 * share, 1)
    return number(shown, lang, 0 if shown == round(shown) else 1)


def weight_shown(share: float, lang: str) -> str:
    """A component's weight with its unit, for tables."""
    return f"{condition_share(share, lang)}{NARROW}{text(lang, 'stress.percent')}"


def draw_words(content: Row, lang: str) -> str:
    """How the weights were drawn, to stand in brackets."""
    spread = percent(content.get("spread") or 0.0, lang)
    drawn = text(lang, f"stress.draw.{content['draw']}", spread=spread)
    ways = content.get("combinations", 1)
    return drawn if ways == 1 else text(lang, "stress.draw.also", drawn=drawn, ways=ways)


def drawn_said(drawn: Row, lang: str) -> list[str]:
    """How the interval of a computed rank came about, and that its weights are an assumption."""
    draw = draw_words({"draw": "any", **drawn}, lang)
    said = [text(lang, "stress.drawn", draws=number(drawn["draws"], lang, 0), draw=draw)]
    said.append(weights_said(drawn["weights_basis"], lang))
    if drawn["filled"]:
        said.append(text_count(lang, "stress.filled", drawn["filled"]))
    return said


def weights_said(basis: str, lang: str) -> str:
    """Where the weights come from; equal weights are always called an assumption."""
    return text(lang, f"stress.weights.{basis}")


def standing(row: Row, name: str, lang: str) -> str:
    """A computed rank with its field and its points."""
    form = "shared" if row["tied"] else "alone"
    score = number(row["score"], lang, 1)
    return text(
        lang, f"stress.standing.{form}", unit=name, rank=row["rank"], of=row["of"], score=score
    )


def interval_said(row: Row, content: Row, lang: str) -> str:
    """Where nine of ten draws put a unit."""
    form = "narrow" if row["low"] == row["high"] else "wide"
    held = percent(row["held"], lang)
    fields = {key: row[key] for key in ("low", "high", "rank")}
    draw = draw_words(content, lang)
    return text(lang, f"stress.interval.{form}", draw=draw, held=held, **fields)


def bounds_said(unit: Row, lang: str) -> str:
    """The best and worst rank over all allowed weightings, and whether that is proven."""
    fields = {key: unit[key] for key in ("best", "worst", "best_limit", "worst_limit")}
    if not unit["certain"]:
        return text(lang, "stress.bounds.between", **fields)
    form = "fixed" if unit["best"] == unit["worst"] else "proven"
    return text(lang, f"stress.bounds.{form}", **fields)


def holds_said(unit: Row, units: Naming, components: Naming, lang: str) -> list[str]:
    """The conditions under which a rank is certain, mildest first, and who breaks them."""
    chosen = _mildest(unit["holds"])
    if not chosen:
        return [text(lang, "stress.hold.none")]
    said = []
    for one in chosen:
        component = "" if one["component"] is None else components(one["component"])
        share = condition_share(one["share"], lang)
        sentence = text(
            lang, f"stress.hold.{one['kind']}", rank=unit["rank"], component=component, share=share
        )
        if one["breaker"] is not None:
            breaker = text(lang, "stress.hold.breaker", breaker=units(one["breaker"]))
            sentence = f"{sentence} {breaker}"
        said.append(sentence)
    return said


def _mildest(holds: Sequence[Row]) -> list[Row]:
    """The conditions worth telling: a band, then what asks for least of one component."""
    always = [one for one in holds if one["kind"] == "always"]
    bands = [one for one in holds if one["kind"] == "band"]
    least = sorted(
        (one for one in holds if one["kind"] == "at_least"), key=lambda one: float(one["share"])
    )
    most = sorted(
        (one for one in holds if one["kind"] == "at_most"), key=lambda one: -float(one["share"])
    )
    return [*always, *bands, *least[:MOST_HOLDS], *most[:MOST_HOLDS]]


def order_said(order: Row, units: Naming, components: Naming, lang: str) -> list[str]:
    """In which weightings an order holds: always, never, or what it asks of single weights."""
    names = list_of([units(code) for code in order["units"]], lang)
    first = text(lang, f"stress.order.{order['holds']}", units=names)
    if order["holds"] != "sometimes":
        return [first]
    said = [first]
    for one in _mildest(order["conditions"]):
        component = "" if one["component"] is None else components(one["component"])
        share = condition_share(one["share"], lang)
        ahead, behind = (units(code) for code in order["units"])
        said.append(
            text(lang, f"stress.order.{one['kind']}", unit=ahead, other=behind,
                 component=component, share=share)
        )  # fmt: skip
    for one in order["limits"]:
        for end, key in (("low", "needs_least"), ("high", "needs_most")):
            free = one[end] <= 5e-4 if end == "low" else one[end] >= 1 - 5e-4
            if not free:
                share = condition_share(one[end], lang)
                name = components(one["component"])
                said.append(text(lang, f"stress.order.{key}", component=name, share=share))
    return said


def contender_said(rival: Row, name: str, other: str, lang: str) -> str:
    """How often a unit is ahead of another."""
    ahead = percent(rival["ahead"], lang)
    return text(lang, "stress.contender", unit=name, other=other, rank=rival["rank"], ahead=ahead)


def drivers_said(content: Row, lang: str) -> str:
    """Which choice moves the ranks most, with its limits."""
    known = [one for one in content["drivers"] if one["total"] is not None]
    if not known:
        return text(lang, "stress.driver.none")
    most = known[0]
    low, high = (percent(max(0.0, most[key]), lang) for key in ("total_low", "total_high"))
    factor = text(lang, f"stress.factor.{most['factor']}")
    total = percent(most["total"], lang)
    return text(lang, "stress.driver.most", factor=factor, total=total, low=low, high=high)


def position_said(found: Row, when: str, lang: str) -> str:
    """A position before or after a what-if."""
    tied = text(lang, "stress.what_if.tied") if found["tied"] else ""
    score = number(found["score"], lang, 1)
    fields = {key: found[key] for key in ("rank", "of", "low", "high")}
    return text(lang, f"stress.what_if.{when}", tied=tied, score=score, **fields)


def path_said(path: Row, components: Naming, lang: str) -> list[str]:
    """The way to a wished rank: what it takes, or why there is none."""
    fields = {"wished": path["wished"], "rank": path["rank"]}
    if not path["possible"]:
        return [text(lang, "stress.path.impossible", **fields)]
    if not path["steps"]:
        return [text(lang, "stress.path.nothing", **fields)]
    steps = [
        text(
            lang,
            "stress.path.step",
            points=number(one["points"], lang, 1),
            component=components(one["component"]),
            to=number(one["to"], lang, 1),
        )
        for one in path["steps"]
    ]
    cost, points = number(path["cost"], lang, 1), number(path["points"], lang, 1)
    listed = list_of(steps, lang)
    said = [text(lang, "stress.path.found", steps=listed, points=points, cost=cost, **fields)]
    if path["sure"]:
        said.append(text(lang, "stress.path.sure", sure=condition_share(path["sure"], lang)))
    if not path["cheapest"]:
        said.append(text(lang, "stress.path.perhaps_cheaper"))
    return [*said, text(lang, "stress.path.others_still")]
