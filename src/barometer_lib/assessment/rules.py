"""The published rules: what one indicator is told in a round, and why.

Each rule takes the figures known on the round's day and gives an `Answer` with a status code, a
reason code and the numbers it was worked out from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from barometer_lib.figures.changes import Change, computed_change, published_change, shown
from barometer_lib.figures.series import Figure, broken_between
from barometer_lib.units import change_unit, printed

# better, no significant change, worse, cannot be told
WORDS = {
    "since_previous": ("progress", "standstill", "setback", "no_new_figures"),
    "since_base": ("green", "yellow", "red", "white"),
}


@dataclass(frozen=True)
class Answer:
    """What a rule says of an indicator. `status` is blank where the rule cannot tell."""

    figure: Figure | None
    status: str | None
    reason: str
    change: Change | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """An indicator in a round: its catalogue entry, breaks and the figures known that day.

    `previous_day` is the day of the policy's round before and `previous_newest` the newest
    measured figure of that day; both are blank for the first.
    """

    indicator: Mapping[str, Any]
    breaks: Sequence[Mapping[str, Any]]
    figures: Sequence[Figure]
    round: str
    day: date
    previous_day: date | None
    base_period: str | None
    previous_newest: Figure | None = None

    @property
    def newest(self) -> Figure | None:
        """The newest figure, repeated ones included."""
        return self.figures[-1] if self.figures else None

    def change(self, before: Figure, after: Figure) -> Change:
        """The change between two figures of this indicator."""
        if self.indicator["kind"] != "proportion":
            before, after = before.without_n(), after.without_n()
        effect = self.indicator["design_effect"]
        of_people = self.indicator["counts_areas_of"] is None
        return computed_change(before, after, effect, of_people=of_people)


def since_previous(case: Case) -> Answer:
    """Rule of 2011-14: the newest figure against the measurement before it."""
    better, same, worse, none = WORDS["since_previous"]
    figure = case.newest
    if figure is None:
        return Answer(None, none, "no_figures")
    if figure.status == "suppressed":
        return Answer(figure, None, "suppressed")
    if figure.status != "reported" or not is_new(case, figure):
        return Answer(_last_measured(case) or figure, none, "no_new_figures")
    change = published_change(figure)
    if change is None:
        before = _before(case, figure)
        if before is None:
            return Answer(figure, None, "no_earlier_figure")
        if broken_between(case.breaks, before, figure):
            return Answer(figure, None, "across_break", facts=_broken(before, figure))
        change = case.change(before, figure)
    return _judged(case, figure, change, (better, same, worse))


def since_base(case: Case) -> Answer:
    """Rule of 2015-18: the newest figure against the base period."""
    better, same, worse, white = WORDS["since_base"]
    measured = [one for one in case.figures if one.measured]
    newest = case.newest
    if newest is not None and newest.status == "suppressed":
        return Answer(newest, white, "suppressed")
    if not measured:
        return Answer(newest, white, "no_figures")
    figure = measured[-1]
    change = published_change(figure)
    if change is None or figure.change_since != case.base_period:
        base = next((one for one in measured if one.period == case.base_period), None)
        if base is None:
            return Answer(figure, white, "no_base_value", facts={"base_period": case.base_period})
        if base is figure:
            return Answer(figure, white, "no_new_figures", facts={"base_period": case.base_period})
        if broken_between(case.breaks, base, figure):
            return Answer(figure, white, "across_break", facts=_broken(base, figure))
        change = case.change(base, figure)
    answer = _judged(case, figure, change, (better, same, worse))
    if answer.status is None:
        return Answer(figure, white, answer.reason, change, answer.facts)
    return answer


def _judged(case: Case, figure: Figure, change: Change, words: tuple[str, str, str]) -> Answer:
    better, same, worse = words
    polarity = case.indicator["polarity"]
    facts = _worked_out(figure, change, polarity)
    if polarity == "neither":
        return Answer(figure, None, "no_polarity", change, facts)
    if change.significant is False:
        return Answer(figure, same, "change_not_significant", change, facts)
    if shown(change) == 0:
        return Answer(figure, same, "no_change", change, facts)
    reason = "significance_not_stated" if change.significant is None else "change_significant"
    good = (change.value > 0) is (polarity == "higher")
    return Answer(figure, better if good else worse, reason, change, facts)


def is_new(case: Case, figure: Figure) -> bool:
    """Whether a figure is a new measurement in the round, not a revision of one known before."""
    if figure.reported_round is not None:
        return figure.reported_round == case.round
    if case.previous_day is None or figure.known_from <= case.previous_day:
        return case.previous_day is None
    # A revised figure of a period that was known before is no new measurement.
    before = case.previous_newest
    if before is None or before.period_end is None or figure.period_end is None:
        return True
    return figure.period_end > before.period_end


def _last_measured(case: Case) -> Figure | None:
    measured = [one for one in case.figures if one.measured]
    return measured[-1] if measured else None


def _before(case: Case, figure: Figure) -> Figure | None:
    earlier = [one for one in case.figures if one.measured and one is not figure]
    return earlier[-1] if earlier else None


def _broken(before: Figure, after: Figure) -> dict[str, Any]:
    return {"before_period": before.period, "period": after.period}


def _worked_out(figure: Figure, change: Change, polarity: str) -> dict[str, Any]:
    """The numbers behind the answer, as printed, for "how this was worked out"."""
    facts: dict[str, Any] = {
        "polarity": polarity,
        "change_kind": change.kind,
        "value": figure.printed,
        "unit": figure.unit,
        "period": figure.period,
        "change": shown(change),
        "change_unit": change.unit,
        "reference_period": change.reference_period,
    }
    if change.kind == "computed":
        unit = change_unit(figure.unit)
        facts |= {
            "reference_value": printed(
                change.reference_value, figure.unit, change.reference_decimals or 0
            ),
            "low": printed(change.low, unit, figure.decimals + 1),
            "high": printed(change.high, unit, figure.decimals + 1),
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "sample_size": figure.sample_size,
        }
    if change.linked:
        facts["linked"] = True
    return facts


RULES = {"since_previous": since_previous, "since_base": since_base}
