"""What no single entry can tell: prefixes, numbers used twice, targets against their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from barometer_lib import periods
from barometer_lib.catalogue.content import Catalogue
from barometer_lib.catalogue.entries import (
    KINDS,
    Area,
    Goal,
    Group,
    Index,
    Indicator,
    Policy,
    Target,
)
from barometer_lib.errors import Fault, nearest

NEEDS_VALUE = frozenset({"level", "maximum", "minimum", "change", "rank"})


def faults(content: Catalogue, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    """Every fault between entries of one catalogue."""
    yield from _prefixes(content, known)
    yield from _starts(content, known)
    yield from _goals(content)
    yield from _indicators(content)
    yield from _links(content)
    yield from _targets(content)
    yield from _policies(content)
    yield from _indices(content)
    yield from _words(content)


def _at(kind: str, code: str, rule: str, found: str, allowed: str | None = None) -> Fault:
    return Fault(
        rule, KINDS[kind].file, column=code, found=found, allowed=allowed, fields={"id": code}
    )


def _prefixes(content: Catalogue, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    prefix = content.dataset.prefix
    for kind, codes in known.items():
        for code in sorted(codes):
            wrong = not code.startswith(prefix) if prefix else code.startswith("demo-")
            if wrong:
                yield _at(kind, code, "id_prefix", code, prefix or None)


def _starts(content: Catalogue, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    start = content.dataset
    index = content.entries["index"].get(start.start_index)
    parts = (
        {"edition": {one.id for one in index.editions}, "scope": {one.id for one in index.scopes}}
        if isinstance(index, Index)
        else {}
    )
    for kind, field in (
        ("area", "home_area"),
        ("policy", "start_policy"),
        ("round", "start_round"),
        ("indicator", "start_indicator"),
        ("index", "start_index"),
        ("edition", "start_edition"),
        ("scope", "start_scope"),
    ):
        code = getattr(start, field)
        codes = parts.get(kind) if kind in ("edition", "scope") else known[kind]
        if codes is not None and code not in codes:
            yield Fault(
                "unknown_code",
                "dataset.yml",
                column=field,
                found=code,
                nearest=tuple(nearest(code, codes)),
                fields={"kind": kind},
            )


def _goals(content: Catalogue) -> Iterator[Fault]:
    numbers: set[tuple[str, int]] = set()
    for goal in content.all(Goal):
        if goal.number is not None and goal.parent is None:
            if (goal.policy, goal.number) in numbers:
                yield _at("goal", goal.id, "number_twice", str(goal.number))
            numbers.add((goal.policy, goal.number))
        under = [one.indicator for one in goal.indicators]
        for code in sorted({code for code in under if under.count(code) > 1}):
            yield _at("goal", goal.id, "indicator_twice", code)


def _indicators(content: Catalogue) -> Iterator[Fault]:
    groups = content.entries["group"]
    for one in content.all(Indicator):
        if one.polarity_basis == "not_stated" and one.polarity != "neither":
            yield _at("indicator", one.id, "polarity_guessed", one.polarity, "neither")
        group, reference = groups.get(one.group), groups.get(one.reference_group or "")
        mixed = isinstance(group, Group) and isinstance(reference, Group)
        if mixed and group.definition != reference.definition:  # type: ignore[union-attr]
            yield _at("indicator", one.id, "groups_mixed", f"{one.group}, {one.reference_group}")
        if (one.successor is None) is not (one.ends is None):
            yield _at("indicator", one.id, "successor_without_end", str(one.successor))


def _links(content: Catalogue) -> Iterator[Fault]:
    """A link needs the same thing in the same unit, in periods that the new method has measured."""
    known = content.entries["indicator"]
    for one in content.all(Indicator):
        for each in one.breaks:
            if each.link is None:
                continue
            early = [p for p in each.link.overlap if periods.parse(p).start < _start(each.start)]
            if early:
                yield _at("indicator", one.id, "link_before_break", ", ".join(early), each.start)
            other = known.get(each.link.indicator)
            if isinstance(other, Indicator) and (other.unit, other.kind) != (one.unit, one.kind):
                yield _at("indicator", one.id, "link_unit", other.unit, one.unit)
            if each.link.indicator == one.id:
                yield _at("indicator", one.id, "link_to_itself", one.id)


def _start(period: str) -> date:
    return periods.parse(period).start


def _targets(content: Catalogue) -> Iterator[Fault]:
    aimed = {one.goal for one in content.all(Target)}
    for goal in content.all(Goal):
        if goal.target_adopted is False and goal.id in aimed:
            yield _at("goal", goal.id, "target_after_all", "false")
    for one in content.all(Target):
        if one.form in NEEDS_VALUE and one.value is None:
            yield _at("target", one.id, "target_without_value", one.form)
        if one.form == "direction" and (one.value is not None or one.direction is None):
            yield _at("target", one.id, "direction_target", str(one.value or one.direction))
        if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
            yield _at("target", one.id, "validity_turned", str(one.valid_to))
        start = one.baseline.period if one.baseline else None
        end = one.target_period
        if start and end and periods.last_day(end) <= periods.last_day(start):
            yield _at("target", one.id, "target_before_baseline", end)


def _policies(content: Catalogue) -> Iterator[Fault]:
    for one in content.all(Policy):
        if one.rule == "since_base" and one.base_period is None:
            yield _at("policy", one.id, "base_missing", one.rule)
        if one.span.last is not None and one.span.last < one.span.first:
            yield _at("policy", one.id, "span_turned", f"{one.span.first}-{one.span.last}")


def _indices(content: Catalogue) -> Iterator[Fault]:
    for index in content.all(Index):
        yield from _index_parts(index)
        for name, codes in (
            ("component", [one.id for one in index.components]),
            ("edition", [one.id for one in index.editions]),
            ("scope", [one.id for one in index.scopes]),
            ("weights", [one.id for one in index.weights]),
        ):
            for code in sorted({code for code in codes if codes.count(code) > 1}):
                yield _at("index", index.id, "id_twice", code)
            for lang in ("da", "en"):
                for code in codes:
                    if content.label(name, f"{index.id}/{code}", lang) is None:
                        yield Fault(
                            "label_missing",
                            f"labels.{lang}.yml",
                            column=name,
                            found=f"{index.id}/{code}",
                        )


def _index_parts(index: Index) -> Iterator[Fault]:
    """A scope by fact names a fact, a listed one its cities; weights fit the components."""
    facts = ("inhabitants_over", "inhabitants_under", "foreign_born_over", "foreign_born_under",
             "in_europe")  # fmt: skip
    for scope in index.scopes:
        has_fact = any(getattr(scope, fact) is not None for fact in facts)
        fits = has_fact is (scope.members == "by_fact")
        if not fits or bool(scope.cities) is not (scope.members == "listed"):
            yield _at("index", index.id, "scope_rule", scope.id, scope.members)
    parts = {one.id for one in index.components}
    for known in index.weights:
        if set(known.weights) != parts:
            odd = sorted(set(known.weights) ^ parts)
            yield _at("index", index.id, "weights_parts", f"{known.id}: {', '.join(odd)}")
        if min(known.weights.values(), default=-1) < 0 or sum(known.weights.values()) <= 0:
            yield _at("index", index.id, "weights_parts", f"{known.id}: {known.weights}")
    sets = {one.id for one in index.weights}
    for edition in index.editions:
        if edition.weights is not None and edition.weights not in sets:
            yield _at("index", index.id, "weights_parts", edition.weights, ", ".join(sorted(sets)))
    listed = [scope.id for scope in index.scopes if scope.members == "listed"]
    if index.peers is not None and index.peers not in listed:
        yield _at("index", index.id, "peers_scope", index.peers, ", ".join(listed) or "-")


def _words(content: Catalogue) -> Iterator[Fault]:
    """Codes that are no entries of their own, but are told to readers all the same."""
    areas, groups = content.all(Area), content.all(Group)
    breaks = [one for indicator in content.all(Indicator) for one in indicator.breaks]
    for kind, codes in (
        ("division", {one.division for one in areas if one.division is not None}),
        ("definition", {one.definition for one in groups}),
        ("break_reason", {one.reason for one in breaks}),
    ):
        for lang in ("da", "en"):
            for code in sorted(codes):
                if content.label(kind, code, lang) is None:
                    yield Fault("label_missing", f"labels.{lang}.yml", column=kind, found=code)
