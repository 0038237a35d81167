"""What if: a reader raises components, counts them otherwise or leaves them out.

The only thing on the page that is worked out while a reader waits. The reader's choices are three
short texts in the address (`raise`, `weight`, `drop`), each checked against the index's components;
the work is bounded: one field, two positions, 10,000 draws each. numpy is loaded for it then, and
not before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from barometer_lib import charts
from barometer_lib.charts import Chart, HeldRank
from barometer_lib.locale import list_of, number, text
from barometer_lib.sentences import stress as said
from barometer_lib.store import components as stored_components
from barometer_lib.store.sessions import Session
from barometer_lib.tables import Cell, Column, Table
from barometer_lib.views.index_more import More
from barometer_lib.views.index_reading import StoredIndex
from barometer_lib.views.pages import Reading

if TYPE_CHECKING:
    from barometer_lib.ranking.what_if import Position

Row = Mapping[str, Any]
ITEM = re.compile(r"(\d{1,3})(?::(\d{1,3}(?:\.\d{1,2})?))?")
MOST_POINTS, MOST_FACTOR = 100.0, 3.0
SPREAD = 0.25  # how far the reader's own weights are moved in the draws, of themselves


@dataclass(frozen=True)
class Wanted:
    """What a reader tries: points added, factors on the weights, components left out, by code."""

    points: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    drop: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.points or self.factors or self.drop)


def wanted(reader: Reading, components: Sequence[Row]) -> Wanted:
    """The reader's choices as far as they make sense; what does not is left aside and told."""
    numbered = {str(row["number"]): str(row["component"]) for row in components}
    points = _pairs(reader, "raise", numbered, MOST_POINTS)
    factors = _pairs(reader, "weight", numbered, MOST_FACTOR)
    drop = tuple(_pairs(reader, "drop", numbered, None))
    left = [code for code in numbered.values() if code not in drop]
    if not left or all(factors.get(code) == 0 for code in left):
        reader.corrections.append(reader.say("what_if.nothing_left"))
        return Wanted(points)
    points = {code: value for code, value in points.items() if value}
    factors = {code: value for code, value in factors.items() if value != 1}
    return Wanted(points, factors, drop)


def _pairs(
    reader: Reading, name: str, numbered: Mapping[str, str], most: float | None
) -> dict[str, float]:
    """`2:10 5:0.5` as numbers by component; without `most` plain numbers of components."""
    found: dict[str, float] = {}
    asked = reader.state.get(name, "").split()
    for item in asked:
        match = ITEM.fullmatch(item)
        code = numbered.get(match[1]) if match else None
        if match is None or code is None or (match[2] is None) is not (most is None):
            reader.corrections.append(reader.say("what_if.unknown"))
            return {}
        value = float(match[2] or 0)
        if most is not None and value > most:
            reader.corrections.append(reader.say("what_if.unknown"))
            return {}
        found[code] = value
    return found


def as_state(chosen: Wanted, components: Sequence[Row]) -> dict[str, str]:
    """The choices as they stand in the address; nothing where nothing is tried."""
    numbers = {str(row["component"]): row["number"] for row in components}
    packed = {
        "raise": " ".join(f"{numbers[code]}:{value:g}" for code, value in chosen.points.items()),
        "weight": " ".join(f"{numbers[code]}:{value:g}" for code, value in chosen.factors.items()),
        "drop": " ".join(str(numbers[code]) for code in chosen.drop),
    }
    return {name: value for name, value in packed.items() if value}


@dataclass(frozen=True)
class Tried:
    """A unit's position before and after, and how weights were drawn for both."""

    before: Position
    after: Position
    draw: str


def tried(session: Session, stored: StoredIndex, chosen: Wanted) -> Tried:
    """Works it out on the stored component scores of the field. The home city must be in it."""
    from barometer_lib.ranking.combinations import filled
    from barometer_lib.ranking.draws import Kind, WeightDraws
    from barometer_lib.ranking.scored import stored_table
    from barometer_lib.ranking.what_if import position, raised, without

    index, edition = stored.code, stored.edition
    table = stored_table(
        stored_components.component_scores(session, index, edition),
        [str(row["component"]) for row in stored.components],
        stored_components.edition_weights(session, index, edition),
        [str(row["city"]) for row in stored.ranks],
    )
    values, unit = filled(table.values, "mean"), table.unit(stored.home)
    draw: Kind = "band" if chosen.factors else "any"
    before = position(values, unit, WeightDraws(draw, table.weights, SPREAD))
    nominal = table.weights.copy()
    for column, factor in table.by_column(chosen.factors).items():
        nominal[column] *= factor
    changed = raised(values, unit, table.by_column(chosen.points))
    gone = [table.component(code) for code in chosen.drop]
    kept, law = without(changed, WeightDraws(draw, nominal, SPREAD), gone)
    return Tried(before, position(kept, unit, law), draw)


def tried_said(stored: StoredIndex, found: Tried, chosen: Wanted) -> list[str]:
    """Before and after in words, and how the intervals were drawn."""
    lang = stored.lang
    sentences = [
        said.position_said(vars(found.before), "before", lang),
        said.position_said(vars(found.after), "after", lang),
    ]
    if chosen.drop:
        names = list_of([stored.part("component", code) for code in chosen.drop], lang)
        sentences.append(text(lang, "stress.what_if.dropped", components=names))
    words = said.draw_words({"draw": found.draw, "spread": SPREAD}, lang)
    sentences.append(text(lang, "stress.drawn", draws=number(10_000, lang, 0), draw=words))
    basis = "given" if chosen.factors else _basis(stored)
    return [*sentences, said.weights_said(basis, lang), text(lang, "index_profile.path_others")]


def _basis(stored: StoredIndex) -> str:
    known = next((row["weights_basis"] for row in stored.ranks if row["weights_basis"]), None)
    return str(known or "equal_assumed")


def tried_chart(stored: StoredIndex, found: Tried) -> Chart:
    """The two positions, one above the other, each with its interval."""
    lang = stored.lang
    rows = [
        HeldRank(
            text(lang, f"what_if.{name}"), round(one.score, 1), one.rank, one.tied, one.low,
            one.high,
        )
        for name, one in (("before", found.before), ("after", found.after))
    ]  # fmt: skip
    title = text(lang, "what_if.title", city=stored.label("city", stored.home))
    return charts.two_positions(rows, lang, name="what-if", title=title,
                                synthetic=stored.synthetic)  # fmt: skip


@dataclass(frozen=True)
class Slider:
    """A component's row in the form: its number and name, the score now, and what is chosen."""

    number: int
    label: str
    score: float
    room: float
    points: float
    factor: float
    dropped: bool


def sliders(stored: StoredIndex, more: More, chosen: Wanted) -> list[Slider]:
    """A row for each component the home city has a score in."""
    return [
        Slider(
            number=row["number"],
            label=stored.part("component", row["component"]),
            score=row["own"],
            room=MOST_POINTS - row["own"],
            points=min(chosen.points.get(row["component"], 0.0), MOST_POINTS - row["own"]),
            factor=chosen.factors.get(row["component"], 1.0),
            dropped=row["component"] in chosen.drop,
        )
        for row in more.profile
        if row["own"] is not None
    ]


def file_table(stored: StoredIndex, more: More, chosen: Wanted, found: Tried) -> Table:
    """What was tried and what came of it, for a file."""
    keys = ("component", "score", "points", "weight_factor", "dropped")
    rows = [
        {
            "component": row["component"],
            "score": row["own"],
            "points": chosen.points.get(row["component"], 0.0),
            "weight_factor": chosen.factors.get(row["component"], 1.0),
            "dropped": row["component"] in chosen.drop,
        }
        for row in more.profile
    ]
    cells = [{key: Cell(row[key], str(row[key])) for key in keys} for row in rows]
    for name, one in (("before", found.before), ("after", found.after)):
        told = f"{name}: rank {one.rank} of {one.of} ({one.low}-{one.high})"
        blank = {key: Cell(None, "-") for key in keys}
        cells.append({**blank, "component": Cell(told, told), "score": Cell(one.score, "-")})
    return Table(stored.code, [Column(key, key) for key in keys], cells)
