"""The home city on the index page: profile, change, stress, way to a better rank, what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from barometer_lib.charts import Chart
from barometer_lib.locale import text, with_unit
from barometer_lib.tables import Table, as_html
from barometer_lib.views import index_sections as sections
from barometer_lib.views import index_tried as trying
from barometer_lib.views.index_more import More
from barometer_lib.views.index_reading import StoredIndex
from barometer_lib.views.index_tried import Tried, Wanted
from barometer_lib.views.pages import Reading, choose, control, download, options_of, render

if TYPE_CHECKING:
    from barometer_lib.views.widget import Control, Download


@dataclass(frozen=True)
class HomeSections:
    """What the sections put on the page."""

    html: str
    controls: Sequence[Control]
    charts: Sequence[Chart]
    downloads: Sequence[Download]
    state: Mapping[str, str]


def home_sections(
    reader: Reading, stored: StoredIndex, more: More, chosen: Wanted, found: Tried | None
) -> HomeSections:
    """The sections for what is stored, and for what the reader tried (`found`, blank: nothing)."""
    drawn = {
        "profile": sections.profile_chart(stored, more),
        "change": sections.change_chart(stored, more),
        "tried": None if found is None else trying.tried_chart(stored, found),
    }
    wished, first = _wished(reader, stored, more)
    state = trying.as_state(chosen, stored.components) if found is not None else {}
    if wished is not None and wished != first:
        state["wish"] = str(wished)
    html = render(
        "index_more.html",
        reader,
        **drawn,
        home=stored.label("city", stored.home),
        refusal=sections.refusal_said(stored, more, stored.lang),
        peers=sections.peers_said(stored, more),
        source=_source(stored, "source"),
        change_source=_source(stored, "change_source"),
        change_said=sections.change_said(stored, more),
        stress_said=sections.stress_said(stored, more),
        ahead=sections.ahead_table(stored, more),
        targets=rank_targets(stored),
        path_said=_path_said(stored, more, wished),
        wishes=_wishes(reader, stored, more, wished, state),
        sliders=_sliders(stored, more, chosen),
        tried_said=[] if found is None else trying.tried_said(stored, found, chosen),
        reset=reader.address(edition=stored.edition, scope=stored.scope),
        table_html=_table_html,
    )
    return HomeSections(
        html,
        _controls(reader, stored, more),
        [chart for chart in drawn.values() if chart],
        _downloads(reader, stored, more, drawn, chosen, found),
        state,
    )


def _table_html(table: Table) -> str:
    return as_html(table, ["table", "table--compact"])


def _sliders(stored: StoredIndex, more: More, chosen: Wanted) -> list[trying.Slider]:
    can_try = more.standing is not None and more.has_components
    return trying.sliders(stored, more, chosen) if can_try else []


def _controls(reader: Reading, stored: StoredIndex, more: More) -> list[Control]:
    """The earlier edition to compare with, where there is any."""
    if more.against is None:
        return []
    options = options_of({one: stored.part("edition", one) for one in more.earlier})
    return [control("against", reader.say("index_profile.control.against"), options, more.against)]


def _wished(reader: Reading, stored: StoredIndex, more: More) -> tuple[int | None, int | None]:
    """The rank whose way is shown, and the one shown unasked: a target's, else the best. Blank
    where no way is stored."""
    ranks = [str(rank) for rank in more.wishes]
    if not ranks:
        return None, None
    aimed = [str(int(row["value"])) for row in stored.targets]
    first = next((rank for rank in aimed if rank in ranks), ranks[0])
    return int(choose(reader.state, "wish", ranks, first, near=False)[0]), int(first)


def _path_said(stored: StoredIndex, more: More, wished: int | None) -> list[str]:
    if wished is not None:
        return sections.path_said(stored, more, wished)
    lang, home = stored.lang, stored.label("city", stored.home)
    row = more.standing
    if row is not None and row["rank"] == 1:
        return [text(lang, "index_profile.path_first", city=home)]
    if more.has_components:
        return [sections.refusal_said(stored, more, lang)]
    ranks = sorted({int(one["value"]) for one in stored.targets}) or [1]
    return [
        text(
            lang,
            "index_profile.refused.no_rank",
            wished=rank,
            scope=stored.part("scope", stored.scope),
            edition=stored.part("edition", stored.edition),
        )
        for rank in ranks
    ]


def _wishes(
    reader: Reading,
    stored: StoredIndex,
    more: More,
    wished: int | None,
    state: Mapping[str, str],
) -> list[dict[str, Any]]:
    kept = {name: value for name, value in state.items() if name != "wish"}
    return [
        {
            "rank": rank,
            "chosen": rank == wished,
            "address": reader.address(
                edition=stored.edition, scope=stored.scope, wish=str(rank), **kept
            ),
        }
        for rank in more.wishes
    ]


def _source(stored: StoredIndex, key: str) -> str:
    """Where the figures of these sections come from, and what the barometer made of them."""
    row = next(iter(stored.ranks), None)
    name = stored.label("source", row["source"] if row else stored.entry["source"])
    return text(stored.lang, f"index_profile.{key}", source=name)


def rank_targets(stored: StoredIndex) -> list[dict[str, Any]]:
    """The targets set on the home city's rank, in words, with note and source."""
    lang = stored.lang
    found = []
    for row in stored.targets:
        when = text(lang, "sentences_history.target.when", period=row["target_period"])
        words = text(
            lang,
            "sentences_history.target.rank",
            policy=stored.label("policy", row["policy"]),
            value=with_unit(row["value"], "rank", lang),
            when=when if row["target_period"] else "",
            where="",
            baseline="",
        )
        found.append(
            {
                "words": words,
                "note": stored.labels.get(("target_note", row["target"])),
                "address": row["source_address"],
                "source": stored.label("source", row["source"]),
            }
        )
    return found


def _downloads(
    reader: Reading,
    stored: StoredIndex,
    more: More,
    drawn: Mapping[str, Chart | None],
    chosen: Wanted,
    found: Tried | None,
) -> list[Download]:
    name = f"{stored.code}-{stored.edition}-{stored.scope}"
    tables = {
        **{one: chart.table for one, chart in drawn.items() if chart is not None},
        "ahead": sections.ahead_table(stored, more),
        "ways": sections.path_table(stored, more) if more.paths else None,
        "what-if": None if found is None else trying.file_table(stored, more, chosen, found),
    }
    tables.pop("tried", None)
    return [
        download(reader, one, table, f"{name}-{one}")
        for one, table in tables.items()
        if table is not None
    ]
