"""The index page: the home city's path, ranks by edition and scope, and what a rank means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer_lib.charts import field_words, rank_words
from barometer_lib.locale import list_of, number, text, with_unit
from barometer_lib.store import questions
from barometer_lib.store.sessions import Session
from barometer_lib.tables import Table, as_html
from barometer_lib.views.index_charts import FEWEST, path, rank_of, ranking, spark, whole_fields
from barometer_lib.views.index_home import HomeSections, home_sections, rank_targets
from barometer_lib.views.index_more import read_more
from barometer_lib.views.index_reading import StoredIndex, read_index
from barometer_lib.views.index_sections import drawn_said, held_chart
from barometer_lib.views.index_tables import (
    claims_table,
    fields_table,
    file_table,
    ranks_table,
    scores_table,
)
from barometer_lib.views.index_tried import tried, wanted
from barometer_lib.views.pages import (
    Day,
    Reading,
    State,
    control,
    download,
    looking,
    page,
    reading,
    render,
    told_in_words,
)

if TYPE_CHECKING:
    from barometer_lib.views.widget import Control, Dashboard, Option, Page

Row = Mapping[str, Any]
MEANINGS = ("one", "two", "three", "four")


def dashboard() -> Dashboard:
    """The widget that a notebook shows."""
    from barometer_lib.views.widget import show

    return show(lambda state: icc_index_page(state, None))


@told_in_words
def icc_index_page(state: State, store: Path | str | None = None, day: Day = None) -> Page:
    """The page of the dataset's index for a reader's choices, put right where unknown."""
    reader = reading(state)
    with looking(reader, store, day) as look:
        start = questions.dataset(look)
        index = str(start["start_index"])
        controls = _controls(look, reader, index, start)
        edition, scope = (one["value"] for one in controls)
        stored = read_index(look, reader.lang, index, edition, scope)
        more = read_more(look, reader, stored)
        chosen = wanted(reader, stored.components)
        can_try = more.standing is not None and more.has_components
        found = tried(look, stored, chosen) if chosen and can_try else None
    return _page(reader, stored, controls, home_sections(reader, stored, more, chosen, found))


def _controls(look: Session, reader: Reading, index: str, start: Row) -> list[Control]:
    labels = questions.labels(look, reader.lang)
    editions = questions.editions(look, index)

    def option(kind: str, code: str, group: str | None = None) -> Option:
        made: Option = {"value": code, "label": labels.get((kind, f"{index}/{code}"), code)}
        if group:
            made["group"] = group
        return made

    options = [option("edition", row["edition"]) for row in editions]
    edition = reader.pick(
        "edition", options, start["start_edition"], unknown="icc_index.unknown.edition"
    )
    ranked = next(list(row["scopes"] or []) for row in editions if row["edition"] == edition)
    known = questions.scopes(look, index)
    scopes = [option("scope", code, reader.say("icc_index.with_ranks")) for code in ranked]
    scopes += [
        option("scope", code, reader.say("icc_index.without_ranks"))
        for code in known
        if code not in ranked
    ]
    first = start["start_scope"]
    if ranked and first not in ranked:
        first = ranked[0]
    scope = reader.pick("scope", scopes, first, unknown="icc_index.unknown.scope")
    return [
        control("edition", reader.say("icc_index.control.edition"), options, edition),
        control("scope", reader.say("icc_index.control.scope"), scopes, scope),
    ]


def _page(
    reader: Reading, stored: StoredIndex, controls: Sequence[Control], home: HomeSections
) -> Page:
    drawn = {"path": path(stored), "ranking": held_chart(stored) or ranking(stored)}
    edition = stored.part("edition", stored.edition)
    html = render(
        "icc_index.html",
        reader,
        stored=stored,
        key=_key_sentences(stored),
        **drawn,
        ranks=ranks_table(stored) if stored.ranks and drawn["ranking"] is None else None,
        standings=[_standing(stored, row) for row in stored.ranks if row["city"] == stored.home],
        elsewhere=_elsewhere(stored, reader),
        refusal=_refusal(stored),
        scores=_scores_table(stored, stored.scores, edition),
        scores_of_no_edition=_scores_table(stored, stored.scores_of_no_edition, None),
        meanings=[text(stored.lang, f"icc_index.meaning.{one}") for one in MEANINGS],
        growth=_growth(stored),
        spark=spark(stored),
        fields=fields_table(stored) if stored.fields else None,
        claims=claims_table(stored) if stored.claims else None,
        targets=rank_targets(stored),
        table_html=_table_html,
        edition=edition,
        scope=stored.part("scope", stored.scope),
        home=stored.label("city", stored.home),
        drawn_said=drawn_said(stored),
        ranking_source=_ranking_source(stored),
        more=home.html,
    )
    name = stored.code
    return page(
        reader,
        title=stored.label("index", stored.code),
        controls=[*controls, *home.controls],
        html=html,
        charts=[*(chart for chart in drawn.values() if chart), *home.charts],
        downloads=[
            download(
                reader, "ranking", file_table(stored), f"{name}-{stored.edition}-{stored.scope}"
            ),
            download(reader, "fields", fields_table(stored), f"{name}-fields"),
            *(
                [download(reader, "path", drawn["path"].table, f"{name}-path")]
                if drawn["path"]
                else []
            ),
            *home.downloads,
        ],
        more_state=home.state,
    )


def _ranking_source(stored: StoredIndex) -> str:
    """Where the ranks shown come from."""
    known = {row["source"]: stored.label("source", row["source"]) for row in stored.ranks}
    names = list_of(list(known.values()), stored.lang)
    return text(stored.lang, "icc_index.ranking.source", source=names)


def _table_html(table: Table) -> str:
    return as_html(table, ["table", "table--compact"])


def _standing(stored: StoredIndex, row: Row) -> str:
    """A rank in one sentence with everything it must stand with."""
    lang = stored.lang
    return text(
        lang,
        "sentences_history.rank.standing",
        city=stored.label("city", row["city"]),
        rank=rank_words(row["rank"], bool(row["tied"]), lang),
        field=field_words(row["of"], stored.part("scope", stored.scope), lang),
        edition=stored.part("edition", stored.edition),
        score=with_unit(row["score"], "points", lang),
        kind=text(lang, f"status.kind.{row['kind']}"),
    )


def _key_sentences(stored: StoredIndex) -> list[str]:
    """The home city's newest known score with its rank, and why ranks cannot be compared."""
    lang = stored.lang
    home = stored.label("city", stored.home)
    if not stored.path:
        return [text(lang, "icc_index.key.none", city=home)]
    row = stored.path[-1]
    rank = rank_of(stored, row)
    standing = text(lang, "icc_index.key.no_rank")
    if rank is not None:
        standing = text(
            lang,
            "charts.standing",
            rank=rank_words(rank["rank"], bool(rank["tied"]), lang),
            field=field_words(rank["of"], stored.part("scope", rank["scope"]), lang),
            kind=text(lang, f"status.kind.{rank['kind']}"),
        )
    newest = text(
        lang,
        "icc_index.key.newest",
        city=home,
        score=with_unit(row["score"], "points", lang),
        edition=stored.part("edition", row["edition"]),
        standing=standing,
    )
    return [newest, text(lang, "charts.fields_differ")]


def _elsewhere(stored: StoredIndex, reader: Reading) -> list[dict[str, str]]:
    """The scopes in which the edition has ranks, where the chosen one has none."""
    if stored.ranks:
        return []
    return [
        {
            "code": scope,
            "name": stored.part("scope", scope),
            "address": reader.address(edition=stored.edition, scope=scope),
        }
        for scope in stored.ranked_scopes
    ]


def _refusal(stored: StoredIndex) -> str | None:
    """Why no ranks were computed here, in words."""
    if stored.refusal is None:
        return None
    lang, row = stored.lang, stored.refusal
    of = "" if row["of"] is None else number(row["of"], lang, 0)
    why = text(
        lang,
        f"icc_index.refusal.{row['reason']}",
        scored=number(row["scored"], lang, 0),
        of=of,
    )
    return f"{text(lang, 'icc_index.refusal.start')} {why}"


def _scores_table(stored: StoredIndex, rows: Sequence[Row], edition: str | None) -> Table | None:
    if not rows:
        return None
    key = "caption_no_edition" if edition is None else "caption"
    caption = text(stored.lang, f"icc_index.scores.{key}", edition=edition)
    return scores_table(stored, rows, caption)


def _growth(stored: StoredIndex) -> str | None:
    """The first and the newest field of the list."""
    rows = whole_fields(stored)
    if len(rows) < FEWEST:
        return None
    ends = (number(row["cities"], stored.lang, 0) for row in (rows[0], rows[-1]))
    first, last = ends
    return text(stored.lang, "icc_index.meaning.field", first=first, last=last)
