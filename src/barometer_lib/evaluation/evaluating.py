"""All estimates of one programme in one table, its assumptions with their checks, its verdict."""

from __future__ import annotations

from dataclasses import dataclass

from barometer_lib.evaluation.chance import (
    Left,
    Permuted,
    Pretended,
    leave_one_out,
    permuted,
    placebo_dates,
    size_of_leads,
)
from barometer_lib.evaluation.compared import Difference, Event, difference, event_study
from barometer_lib.evaluation.panel import Panel
from barometer_lib.evaluation.regressing import (
    Regression,
    regression_to_the_mean,
    smallest_effect,
)
from barometer_lib.evaluation.synthetic import (
    Placebo,
    Synthetic,
    SyntheticDifference,
    placebo,
    synthetic_control,
    synthetic_difference,
)

SURE = 0.05
ALIKE = 0.10


@dataclass(frozen=True)
class Evaluation:
    """What was found, all in the outcome's unit. `verdict` is one of

    `cannot_be_told`   so few places that no p below 0.05 is possible
    `moved_before`     the places moved differently before the programme began
    `within_chance`    other sets of places show as much
    `depends`          the effect changes sign with one unit of comparison or with the method
    `different`        the places have moved differently since, and no check speaks against it
    """

    panel: Panel
    difference: Difference
    chance: Permuted
    events: list[Event]
    leads: Permuted | None
    control: Synthetic
    control_placebo: Placebo
    synthetic: SyntheticDifference
    left: list[Left]
    dates: list[Pretended]
    regression: Regression
    smallest: float
    verdict: str


def evaluate(panel: Panel) -> Evaluation:
    """Every estimate and every check of a panel, and the verdict by the rule in `Evaluation`.

    The verdict never says that the programme caused anything.
    """
    found = difference(panel)
    chance = permuted(panel)
    events = event_study(panel)
    leads = permuted(panel, size_of_leads) if any(one.lead for one in events) else None
    control = synthetic_control(panel)
    doubly = synthetic_difference(panel)
    left = leave_one_out(panel)
    effects = [control.effect, doubly.effect, *(one.effect for one in left)]
    return Evaluation(
        panel,
        found,
        chance,
        events,
        leads,
        control,
        placebo(panel),
        doubly,
        left,
        placebo_dates(panel),
        regression_to_the_mean(panel),
        smallest_effect(found),
        _verdict(found, chance, leads, effects),
    )


def _verdict(
    found: Difference, chance: Permuted, leads: Permuted | None, effects: list[float]
) -> str:
    if chance.smallest > SURE:
        return "cannot_be_told"
    if leads is not None and leads.p <= ALIKE:
        return "moved_before"
    if chance.p > SURE:
        return "within_chance"
    if any(one * found.effect <= 0 for one in effects):
        return "depends"
    return "different"
