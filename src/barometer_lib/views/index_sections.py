"""Sections of the index page on the home city: profile, change, stress, way to a better rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib import charts
from barometer_lib.charts import Chart, HeldRank, Part, Profiled
from barometer_lib.locale import list_of, number, text
from barometer_lib.sentences import places, rank_change
from barometer_lib.sentences import stress as said
from barometer_lib.tables import Cell, Column, Table
from barometer_lib.views.index_more import More
from barometer_lib.views.index_reading import StoredIndex

Row = Mapping[str, Any]
PARTS = ("own", "others", "field", "method")


def held_chart(stored: StoredIndex) -> Chart | None:
    """The ranks of the field with their intervals; none where no interval is stored."""
    rows = [row for row in stored.ranks if row["low"] is not None]
    if len(rows) < 2:
        return None
    return charts.held_ranks(
        [
            HeldRank(
                stored.label("city", row["city"]), row["score"], row["rank"], bool(row["tied"]),
                row["low"], row["high"], row["ahead_of_next"], row["city"],
            )
            for row in rows
        ],
        stored.lang,
        name="ranking",
        index_label=stored.label("index", stored.code),
        edition_label=stored.part("edition", stored.edition),
        scope_label=stored.part("scope", stored.scope),
        home_city=stored.label("city", stored.home),
        notes=drawn_said(stored),
        synthetic=stored.synthetic,
    )  # fmt: skip


def drawn_said(stored: StoredIndex) -> list[str]:
    """How the intervals came about, and what is assumed; nothing where there are none."""
    drawn = next((row for row in stored.ranks if row["draws"] is not None), None)
    return [] if drawn is None else said.drawn_said(drawn, stored.lang)


def profile_chart(stored: StoredIndex, more: More) -> Chart | None:
    """The home city's components; none where the edition's are not public."""
    if not any(row["own"] is not None for row in more.profile):
        return None
    lang = stored.lang
    edition = stored.part("edition", stored.edition)
    who = {"own": f"{stored.label('city', stored.home)}, {edition}"}
    if more.leader is not None and any(row["leader"] is not None for row in more.profile):
        name = stored.label("city", more.leader)
        key = "second" if more.standing is not None and more.standing["rank"] == 1 else "leader"
        who["leader"] = text(lang, f"index_profile.who.{key}", city=name)
    if any(row["peers"] is not None for row in more.profile):
        scope = stored.part("scope", stored.entry["peers"])
        who["peers"] = text(lang, "index_profile.who.peers", scope=scope)
    if any(row["past"] is not None for row in more.profile):
        earlier = stored.part("edition", more.against)
        who["past"] = text(
            lang, "index_profile.who.past", city=stored.label("city", stored.home), edition=earlier
        )
    return charts.profile(
        [
            Profiled(
                stored.part("component", row["component"]), row["own"], row["leader"],
                row["peers"], row["past"], row["rank"], row["of"], row["component"],
            )
            for row in more.profile
        ],
        lang,
        name="profile",
        title=text(lang, "index_profile.title", city=stored.label("city", stored.home),
                   edition=edition),
        who=who,
        synthetic=stored.synthetic,
    )  # fmt: skip


def change_said(stored: StoredIndex, more: More) -> list[str]:
    """The change of the home city's rank in words; nothing where there is none."""
    if more.change is None:
        return []
    sentences = rank_change(more.change, stored.labels, stored.lang)
    if more.change["common"] is not None:
        sentences.append(text(stored.lang, "rank_change.shares"))
    return sentences


def change_chart(stored: StoredIndex, more: More) -> Chart | None:
    """The parts of the change; none where nothing of them can be told."""
    row = more.change
    if row is None or row["change"] is None:
        return None
    lang = stored.lang
    parts = [_part(row, one, lang) for one in PARTS]
    if not any(part.ends for part in parts):
        return None
    total = Part(
        text(lang, "rank_change.name.total"), places(row["change"], lang), row["change"],
        code="total", total=True,
    )  # fmt: skip
    title = text(
        lang, "index_profile.change_title", city=stored.label("city", stored.home),
        before=stored.part("edition", row["against"]), after=stored.part("edition", row["edition"]),
    )  # fmt: skip
    spoken = [f"{part.label}: {part.words}." for part in (*parts, total)]
    return charts.change_parts(
        [*parts, total], lang, name="change", title=title, sentences=spoken,
        synthetic=stored.synthetic,
    )  # fmt: skip


def _part(row: Row, name: str, lang: str) -> Part:
    label, value = text(lang, f"rank_change.name.{name}"), row[name]
    low, high = (row.get(f"{name}_{end}") for end in ("low", "high"))
    if value is not None:
        words = places(value, lang)
    elif low is not None and high is not None:
        words = text(lang, "rank_change.between", low=places(low, lang), high=places(high, lang))
    else:
        words = text(lang, "index_profile.not_told")
    return Part(label, words, value, low, high, name)


def stress_said(stored: StoredIndex, more: More) -> list[str]:
    """How far the home city's rank holds; nothing where it has no interval."""
    row = more.standing
    if row is None or row["low"] is None:
        return []
    lang = stored.lang
    shown = said.standing(row, stored.label("city", row["city"]), lang)
    content = {**row, "draw": "any"}
    holds = {"rank": row["rank"], "holds": more.holds}
    conditions = said.holds_said(
        holds,
        lambda code: stored.label("city", code),
        lambda code: stored.part("component", code),
        lang,
    )
    return [
        shown,
        said.interval_said(row, content, lang),
        *conditions,
        said.weights_said(row["weights_basis"], lang),
    ]


def ahead_table(stored: StoredIndex, more: More) -> Table | None:
    """How often the home city is ahead of its neighbours in the list."""
    if not more.ahead:
        return None
    lang = stored.lang
    caption = text(lang, "index_profile.ahead_caption", city=stored.label("city", stored.home))
    if stored.synthetic:
        caption = f"{caption} · {text(lang, 'charts.synthetic')}"
    columns = [
        Column("city", text(lang, "charts.column.city"), kind="label"),
        Column("rank", text(lang, "charts.column.rank"), "right"),
        Column("ahead", text(lang, "index_profile.column.ahead_of_it"), "right", "number"),
    ]
    rows = [
        {
            "city": Cell(row["other"], stored.label("city", row["other"])),
            "rank": Cell(row["rank_other"], number(row["rank_other"], lang, 0)),
            "ahead": Cell(row["ahead"], said.percent_shown(row["ahead"], lang)),
        }
        for row in more.ahead
    ]
    return Table(caption, columns, rows, lang=lang)


def path_said(stored: StoredIndex, more: More, wished: int) -> list[str]:
    """The way to a rank in words: how many points in which components, or that there is none."""
    rows = [row for row in more.paths if row["wished"] == wished]
    lang = stored.lang
    if not rows[0]["possible"]:
        return [text(lang, "stress.path.impossible", wished=wished, rank=rows[0]["rank"])]
    steps = [
        text(
            lang,
            "stress.path.step",
            points=_points(row["points"], lang),
            component=stored.part("component", row["component"]),
            to=_points(row["reaches"], lang),
        )
        for row in rows
    ]
    total = _points(sum(row["points"] for row in rows), lang)
    sentence = text(
        lang, "index_profile.path_found", city=stored.label("city", stored.home), wished=wished,
        steps=list_of(steps, lang), points=total, scope=stored.part("scope", stored.scope),
    )  # fmt: skip
    return [sentence, text(lang, "index_profile.path_others")]


def _points(value: float, lang: str) -> str:
    """Points with a decimal where they are not whole."""
    return number(value, lang, 0 if abs(value - round(value)) < 0.05 else 1)


def path_table(stored: StoredIndex, more: More) -> Table:
    """Every stored way for a file: rank, component, points, score reached."""
    keys = ("wished", "possible", "component", "points", "reaches", "score", "rank")
    rows = [
        {key: Cell(row[key], "-" if row[key] is None else str(row[key])) for key in keys}
        for row in more.paths
    ]
    return Table(stored.code, [Column(key, key) for key in keys], rows)


def refusal_said(stored: StoredIndex, more: More, lang: str) -> str:
    """Why there is no profile, stress or way here, in one sentence."""
    edition, scope = (
        stored.part("edition", stored.edition), stored.part("scope", stored.scope),
    )  # fmt: skip
    if not more.has_components:
        return text(lang, "index_profile.refused.no_components", edition=edition)
    home = stored.label("city", stored.home)
    return text(lang, "index_profile.refused.not_in_scope", city=home, scope=scope)


def peers_said(stored: StoredIndex, more: More) -> str:
    """Who the peers are; nothing where nobody named any."""
    if not more.peers:
        return ""
    names = list_of([stored.label("city", city) for city in more.peers], stored.lang)
    return text(stored.lang, "index_profile.peers_are", cities=names)
