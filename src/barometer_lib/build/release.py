"""What the public store must not hold: everything of a round that is not public yet.

unreleased   rounds with a life of their own that have not come to `public`
held back    the round, its words and verdicts, figures that no public round has shown yet,
             the corrections and deliveries that brought nothing else
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer_lib import periods, rounds
from barometer_lib.build.inputs import Inputs
from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Comment, Goal, Indicator, Round
from barometer_lib.corrections import Dispute
from barometer_lib.deliveries import Delivered
from barometer_lib.errors import Fault

FROZEN_TABLES = (
    "round", "round_policy", "round_statement", "goal", "goal_indicator", "indicator",
    "goal_assessment", "indicator_assessment", "measurement_vintage",
)  # fmt: skip


def public_inputs(inputs: Inputs, besides: str | None = None) -> Inputs:
    """The inputs without anything of a round that is not public; the same where every one is.
    `besides` is a round that is taken for public."""
    content, unreleased = inputs.content, inputs.lives.unreleased - {besides}
    if content is None or not unreleased:
        return inputs
    start = content.dataset.start_round
    if start in unreleased:
        fault = Fault(
            "start_unreleased", "catalogue/dataset.yml", column="start_round", found=start
        )
        return replace(inputs, faults=(*inputs.faults, fault))
    held = held_back(content, unreleased)
    delivered = _without(inputs.delivered, unreleased, held, _last_public(content, unreleased))
    left = {
        code
        for table in delivered.measurements
        for code in pc.unique(table["correction"]).to_pylist()
        if code is not None
    }
    kept = tuple(page for page in inputs.letters.rounds if page.round not in unreleased)
    letters = replace(inputs.letters, rounds=kept)
    told = {(row["kind"], row["code"]) for row in inputs.letters.words()}
    reasons = [
        row
        for row in inputs.words
        if (row["kind"], row["code"]) not in told and row["code"] in left
    ]
    return replace(
        inputs,
        content=_without_rounds(content, unreleased),
        delivered=delivered,
        corrections=tuple(row for row in inputs.corrections if row["correction"] in left),
        words=(*reasons, *letters.words()),
        letters=letters,
        disputes=tuple(one for one in inputs.disputes if _is_told(one, delivered)),
    )


def told_parts(parts: pa.Table, deliveries: pa.Table) -> pa.Table:
    """What a store was built from, without the deliveries that it does not show."""
    shown = tuple(f"/{code}" for code in deliveries["delivery"].to_pylist())
    kept = [
        not part.startswith("deliveries/") or part.endswith(shown)
        for part in parts["part"].to_pylist()
    ]
    return parts.filter(pa.array(kept))


def dispute_words(inputs: Inputs) -> Iterator[dict[str, str]]:
    """Reasons and outcomes of the disputes that are told, as labels."""
    for one in inputs.disputes:
        yield from one.labels()


def _is_told(one: Dispute, delivered: Delivered) -> bool:
    """Whether the disputed figure is among those delivered."""
    for table in delivered.measurements:
        cell = {"indicator": one.indicator, "area": one.area, "population_group": one.group}
        name = "reported_round" if one.period is None else "period"
        cell[name] = str(one.period or one.round)
        here = table
        for name, code in cell.items():
            here = here.filter(pc.equal(here[name], code))
        if here.num_rows:
            return True
    return False


def held_back(content: Catalogue, unreleased: frozenset[str]) -> dict[str, date]:
    """Indicators of unreleased rounds, each with the day of the last public round that judges it:
    what became known later has been shown by no public round."""
    policies = _policies_of(content)
    public: dict[str, date] = {}
    waiting: dict[str, date] = {}
    for one in content.all(Round):
        day = periods.last_day(one.published)
        judged = {code for policy in one.policies for code in policies.get(policy, ())}
        days = waiting if one.id in unreleased else public
        if not one.missed:
            for code in judged:
                days[code] = max(day, days.get(code, date.min))
    return {
        code: public.get(code, date.min)
        for code, day in waiting.items()
        if day > public.get(code, date.min)
    }


def _last_public(content: Catalogue, unreleased: frozenset[str]) -> date:
    """The day of the newest round that is public."""
    days = [
        periods.last_day(one.published)
        for one in content.all(Round)
        if one.id not in unreleased and not one.missed
    ]
    return max(days, default=date.min)


def _policies_of(content: Catalogue) -> dict[str, set[str]]:
    """The indicators that each policy's goals are judged by."""
    found: dict[str, set[str]] = {}
    for goal in content.all(Goal):
        found.setdefault(goal.policy, set()).update(one.indicator for one in goal.indicators)
    counting = [one for one in content.all(Indicator) if one.counts_areas_of is not None]
    for under in found.values():
        under |= {one.id for one in counting if one.counts_areas_of in under}
    return found


def _without(
    delivered: Delivered, unreleased: frozenset[str], held: Mapping[str, date], last: date
) -> Delivered:
    """What was delivered without the held-back figures, and without what came with them and is
    newer than the `last` public round of all."""
    masks = [_hidden(table, unreleased, held) for table in delivered.measurements]
    brought = _deliveries(
        table.filter(mask) for table, mask in zip(delivered.measurements, masks, strict=True)
    )
    tables = []
    for table, mask in zip(delivered.measurements, masks, strict=True):
        with_them = pc.is_in(table["delivery"], pa.array(sorted(brought), pa.string()))
        newer = pc.greater(table["known_from"], pa.scalar(last, pa.date32()))
        tables.append(table.filter(pc.invert(pc.or_(mask, pc.and_(with_them, newer)))))
    others = (delivered.index_scores, delivered.index_ranks, delivered.index_field_sizes)
    left = _deliveries([*tables, *(table for some in others for table in some)])
    gone = brought - left
    return replace(
        delivered,
        measurements=tables,
        verdicts=[_public_verdicts(table, unreleased) for table in delivered.verdicts],
        deliveries=[row for row in delivered.deliveries if row["delivery"] not in gone],
    )


def _hidden(table: pa.Table, unreleased: frozenset[str], held: Mapping[str, date]) -> Any:
    """Which rows report for an unreleased round, or were known only after the last public one."""
    hidden = pc.is_in(table["reported_round"], pa.array(sorted(unreleased)))
    for code, day in held.items():
        late = pc.greater(table["known_from"], pa.scalar(day, pa.date32()))
        hidden = pc.or_(hidden, pc.and_(pc.equal(table["indicator"], code), late))
    return hidden


def _deliveries(tables: Iterable[pa.Table]) -> set[str]:
    """The deliveries that rows come from."""
    return {
        code
        for table in tables
        if "delivery" in table.column_names
        for code in pc.unique(table["delivery"]).to_pylist()
    }


def _public_verdicts(table: pa.Table, unreleased: frozenset[str]) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["round"], pa.array(sorted(unreleased)))))


def _without_rounds(content: Catalogue, unreleased: frozenset[str]) -> Catalogue:
    entries = {kind: dict(some) for kind, some in content.entries.items()}
    gone = {"round": set(unreleased)}
    gone["comment"] = {one.id for one in content.all(Comment) if one.round in unreleased}
    for kind, codes in gone.items():
        for code in codes:
            del entries[kind][code]
    kinds = {"round": "round", "round_note": "round", "comment": "comment"}
    labels = {
        lang: {
            kind: {
                code: words
                for code, words in some.items()
                if code not in gone.get(kinds.get(kind, ""), ())
            }
            for kind, some in labelled.items()
        }
        for lang, labelled in content.labels.items()
    }
    return replace(content, entries=entries, labels=labels)


def round_rows(inputs: Inputs) -> dict[str, list[dict[str, Any]]]:
    """The tables `round_step` and `round_release` of the rounds that are there."""
    known = set() if inputs.content is None else set(inputs.content.entries["round"])
    steps, releases = [], []
    for code, life in inputs.lives.lives.items():
        if code not in known:
            continue
        steps += [
            {
                "round": code,
                "state": step.state,
                "by_name": step.by,
                "taken_at": step.at.isoformat(),
            }
            for step in life.steps
        ]
        taken = life.accepted
        releases.append(
            {
                "round": code,
                "release": life.release.isoformat(),
                "checksum": life.checksum,
                "accepted_reason": None if taken is None else taken.reason,
                "accepted_by": None if taken is None else taken.by,
                "accepted_warnings": [] if taken is None else taken.warnings,
            }
        )
    return {"round_step": steps, "round_release": releases}


def unfrozen_faults(inputs: Inputs, before: Mapping[str, str]) -> Iterator[Fault]:
    """Every round that a published store shows as frozen (`before`: its checksum) and that is now
    frozen with something else, or no longer."""
    for code, checksum in before.items():
        life = inputs.lives.lives.get(code)
        now = None if life is None else life.checksum
        if now != checksum:
            found = "-" if now is None else now
            yield Fault("round_unfrozen", f"rounds/{code}.yml", found=found, allowed=checksum)


def frozen_faults(
    inputs: Inputs, tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[Fault]:
    """Everything that a public round would show otherwise than it was frozen."""
    for code, frozen in inputs.lives.frozen.items():
        for where, was, now in rounds.changed(frozen, rounds.content_of(tables, code)):
            yield Fault("round_changed", f"rounds/{code}.yml", column=where, found=now, allowed=was)
