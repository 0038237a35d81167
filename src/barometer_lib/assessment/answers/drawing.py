"""What a figure was counted from, as the distribution its value is drawn from."""

from __future__ import annotations

from barometer_lib.assessment.answers.seen import Seen
from barometer_lib.assessment.named import Drawn
from barometer_lib.figures.changes import sample
from barometer_lib.units import COUNT_UNITS, scale


def drawn(seen: Seen, position: int, stated: float) -> Drawn | None:
    """The distribution of a comparable figure by its position; -1 is a base the target states.

    Blank where the figure does not say what it was counted from.
    """
    if position < 0:
        return Drawn("fixed", stated)
    figure, indicator = seen.comparable[position], seen.indicator
    if indicator["kind"] == "proportion":
        found = sample(figure, indicator["design_effect"])
        return None if found is None else Drawn("share", *found, float(scale(figure.unit)))
    if indicator["kind"] == "rate" and figure.numerator is not None and figure.denominator:
        return Drawn("count", figure.numerator, figure.denominator, 1000.0)
    of_people = indicator["counts_areas_of"] is None
    if figure.unit in COUNT_UNITS and of_people and figure.value is not None:
        return Drawn("count", figure.value)
    return None
