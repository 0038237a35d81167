"""The start page: what this is, the newest rounds, the dashboards, the way to the demo city."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from barometer_lib.errors import StoreError
from barometer_lib.sentences import counted
from barometer_lib.store import questions
from barometer_lib.store.rounds import newest_rounds
from barometer_lib.store.status import status
from barometer_lib.views.pages import Reading, looking, reading, render, store_fault

OURS = ("overview", "indicator", "targets", "icc_index", "charter", "data_quality")


def start_page(
    lang: str,
    dataset: str,
    dashboards: Sequence[str] = OURS,
    store: Path | str | None = None,
) -> str:
    """The page's content as an HTML fragment, with a card for each of `dashboards`; no kernel.

    Without a readable store it says so, and still shows what there is to open.
    """
    reader = reading({"lang": lang, "dataset": dataset})
    cards = [_card(reader, name) for name in dashboards]
    try:
        told, fault = _told(reader, store), None
    except StoreError as error:
        told, fault = {}, store_fault(reader.lang, error)
    other = "published" if reader.synthetic else "demo"
    switch = Reading(reader.lang, other, {}).address()
    return render("start.html", reader, cards=cards, fault=fault, switch=switch, **_blank(told))


def _blank(told: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(("newest", "extent", "built"), None) | told


def _told(reader: Reading, store: Path | str | None) -> dict[str, Any]:
    """The newest round of each policy in a sentence, and what the dataset holds."""
    with looking(reader, store) as look:
        labels = questions.labels(look, reader.lang)
        extent = questions.provenance(look)
        newest = [
            _round(reader, row, status(look, row["policy"], row["round"]), labels)
            for row in newest_rounds(look)
        ]
        built = look.version.built[:10]
    return {"newest": newest, "extent": extent, "built": built}


def _round(
    reader: Reading,
    row: dict[str, Any],
    document: dict[str, Any],
    labels: dict[tuple[str, str], str],
) -> dict[str, str]:
    """A policy's newest round: the policy, what was found, and where to read on."""
    goals, statements = document["goals"], document["statements"]
    said = counted([goal["status"] for goal in goals], reader.lang)
    if statements and not goals:
        said = counted([one["status"] for one in statements], reader.lang, of="efforts")
    computed = goals and all(goal["status_published"] is None for goal in goals)
    return {
        "policy": labels["policy", row["policy"]],
        "address": reader.address("overview", policy=row["policy"], round=row["round"]),
        "said": reader.say(
            "start.newest_computed" if computed else "start.newest",
            round=labels["round", row["round"]],
            counts=said or reader.say("start.no_status"),
        ),
    }


def _card(reader: Reading, name: str) -> dict[str, str]:
    """A dashboard's title and lead; one without words of its own has its file name."""
    if name in OURS:
        title = reader.say(f"serve.pages.{name}.title")
        lead = reader.say(f"serve.pages.{name}.lead")
    else:
        title, lead = name.replace("_", " ").capitalize(), reader.say("start.other")
    return {"title": title, "lead": lead, "address": reader.address(name)}
