"""What is said of a changed rank: what moved, what each part did, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import change, list_of, number, ordinal, text, text_count, with_unit

Row = Mapping[str, Any]
Labels = Mapping[tuple[str, str], str]
PARTS = ("own", "others", "field", "method")
DECIMALS = 1
# In the order they are read; what stands in the sentences above them is not repeated.
UNTOLD = (
    "scopes_differ", "own_moved", "field_size_unknown", "field_shrank", "leavers_unknown",
    "method_not_stated", "not_reweighed", "others_scores_unknown",
)  # fmt: skip


def places(value: float, lang: str, decimals: int | None = DECIMALS) -> str:
    """Places moved with their way: "3 pladser ned", "1,5 pladser op", "ingen pladser"."""
    shown = round(value, DECIMALS)
    if shown == 0:
        return text(lang, "rank_change.places.none")
    form = "down" if shown > 0 else "up"
    exact = None if shown == int(shown) else decimals
    return text(lang, f"rank_change.places.{form}", places=_count(abs(shown), lang, exact))


def _count(value: float, lang: str, decimals: int | None = None) -> str:
    return change(value, "rank", lang, decimals).lstrip("+")


def standing(row: Row, labels: Labels, lang: str, which: str = "") -> str:
    """A rank with field, scope and edition; `which` is `_against` for the earlier one."""
    edition, scope = (
        (row["against"], row["against_scope"]) if which else (row["edition"], row["scope"])
    )
    size = row[f"of{which}"]
    form = "alone" if not row[f"tied{which}"] else "tied"
    field = text(
        lang,
        f"charts.field.{'unknown' if size is None else 'known'}",
        of="" if size is None else number(size, lang, 0),
        scope=_part(labels, "scope", row["index"], scope),
    )
    rank = text(lang, f"charts.rank.{form}", ordinal=ordinal(row[f"rank{which}"], lang))
    where = _part(labels, "edition", row["index"], edition)
    return text(lang, "rank_change.standing", rank=rank, field=field, edition=where)


def _part(labels: Labels, kind: str, index: str, code: str) -> str:
    return labels.get((kind, f"{index}/{code}"), code)


def moved(row: Row, labels: Labels, lang: str) -> list[str]:
    """From where to where, and what the score did."""
    step = row["change"]
    form = "apart" if step is None else "none" if step == 0 else "down" if step > 0 else "up"
    first = text(
        lang,
        f"rank_change.moved.{form}",
        city=labels.get(("city", row["city"]), row["city"]),
        before=standing(row, labels, lang, "_against"),
        after=standing(row, labels, lang),
        places=_count(abs(step or 0), lang),
    )
    before, after = row["score_against"], row["score"]
    if before is None or after is None:
        return [first]
    if before == after:
        return [first, text(lang, "rank_change.score.same", score=with_unit(after, "points", lang))]
    scores = {"before": number(before, lang), "after": with_unit(after, "points", lang)}
    return [first, text(lang, "rank_change.score.other", **scores)]


def rank_change(row: Row, labels: Labels, lang: str) -> list[str]:
    """The sentences of one change: `row` is a row of `index_rank_change`, or shaped like one."""
    said = moved(row, labels, lang)
    if row["common"] is not None:
        said += _split(row, lang)
    else:
        said += _bounds(row, lang)
    if row["change"] is None:
        return [*said, text(lang, "rank_change.untold.fields_apart")]
    return said + [
        text(lang, f"rank_change.untold.{one}") for one in UNTOLD if one in row["untold"]
    ]


def _split(row: Row, lang: str) -> list[str]:
    known = [(name, row[name]) for name in PARTS if row[name] is not None]
    parts = [
        text(lang, f"rank_change.part.{name}", places=places(value, lang)) for name, value in known
    ]
    ranks = {"before": row["rank_common_against"], "after": row["rank_common"]}
    said = [
        text(lang, "rank_change.parts", parts=list_of(parts, lang)),
        text(lang, "rank_change.common", common=number(row["common"], lang, 0), **ranks),
    ]
    for name in ("joined", "left"):
        if row[name]:
            ahead = number(len(row[f"{name}_ahead"]), lang, 0)
            said.append(text_count(lang, f"rank_change.{name}", row[name], ahead=ahead))
    return said


def _bounds(row: Row, lang: str) -> list[str]:
    said = [] if row["own"] is None else [text(lang, "rank_change.own_still")]
    if row["field_low"] is None:
        return said
    field, others = (
        text(
            lang,
            "rank_change.between",
            low=places(row[f"{name}_low"], lang),
            high=places(row[f"{name}_high"], lang),
        )
        for name in ("field", "others")
    )
    return [*said, text(lang, "rank_change.bounds", field=field, others=others)]
