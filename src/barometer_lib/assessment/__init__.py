"""What each indicator and goal is told in a round, by the rule its policy published.

`assess(tables)` takes the catalogue's and measurements' rows and gives two lists of rows, one for
indicators and one for goals, for every round of every policy. `answer(tables, fit)` gives the
three answers (level, direction, fast enough) and the rules side by side, for every series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from barometer_lib.assessment.answering import Answered, answer
from barometer_lib.assessment.assessor import Assessed, Assessor
from barometer_lib.assessment.book import Row

__all__ = ["Answered", "Assessed", "answer", "assess"]


def assess(tables: Mapping[str, Sequence[Row]]) -> Assessed:
    """Judges every round of every policy by the targets in force and the figures known that day.

    `tables` holds rows by table name: dataset, policy, goal, goal_indicator, indicator, target,
    area, series_break, round, round_policy, published_verdict, measurement_vintage.
    """
    assessor = Assessor(tables)
    found = Assessed([], [])
    for policy in tables["policy"]:
        previous: Row | None = None
        for this in assessor.rounds_of(policy["policy"]):
            one = assessor.round(policy, this, previous)
            found.indicators.extend(one.indicators)
            found.goals.extend(one.goals)
            previous = this
    return found
