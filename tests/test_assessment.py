"""The published rules on hand-worked cases: every status follows from figures drawn in the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.assessment import assess
from barometer_lib.assessment.goals import majority
from barometer_lib.assessment.maximum import maximum_in_every_area
from barometer_lib.assessment.rules import Answer, Case, since_base, since_previous
from barometer_lib.assessment.targets import in_force, level
from barometer_lib.figures import Figure, Known, computed_change, shown
from barometer_lib.intervals import newcombe
from barometer_lib.periods import parse
from tables import table

ROUND, DAY, PREVIOUS_DAY = "r2", date(2014, 1, 31), date(2013, 1, 31)
INDICATOR = {
    "indicator": "employment",
    "kind": "proportion",
    "unit": "percent",
    "decimals": 1,
    "polarity": "higher",
    "population_group": "all",
    "design_effect": None,
    "counts_areas_of": None,
}


def row_of(drawn: dict[str, Any]) -> dict[str, Any]:
    """A drawn row as a measurement; what is not drawn is blank, or the plainest case."""
    period = drawn.get("period")
    row: dict[str, Any] = dict.fromkeys(Figure.__dataclass_fields__)
    row |= {"indicator": "employment", "area": "city", "population_group": "all"}
    row |= {"unit": "percent", "decimals": 1, "status": "reported", "source": "office"}
    row |= {"known_from": date(2013, 6, 30)} | drawn
    if period is not None:
        row |= {"period_start": parse(period).start, "period_end": parse(period).end}
    return row


def figures(drawn: str) -> list[Figure]:
    return [Figure.of(row_of(row)) for row in table(drawn)]


def case(known: list[Figure], *, breaks: Any = (), base: str | None = None, **entry: Any) -> Case:
    return Case(INDICATOR | entry, breaks, known, ROUND, DAY, PREVIOUS_DAY, base)


def two_counts(before: int, n1: int, after: int, n2: int) -> list[Figure]:
    return figures(f"""
        period | value          | numerator | denominator | known_from
        2012   | {before}/{n1}  | {before}  | {n1}        | 2013-01-15
        2013   | {after}/{n2}   | {after}   | {n2}        | 2014-01-15
    """)


# change = after - before in percentage points; low and high its Newcombe limits; zero tells where
# no change lies.
SHARES = table("""
    before | of   | after | of2  | polarity | change | low   | high  | previous   | base   | zero
    60     | 100  | 80    | 100  | higher   | 20.0   | 7.3   | 31.8  | progress   | green  | outside
    60     | 100  | 80    | 100  | lower    | 20.0   | 7.3   | 31.8  | setback    | red    | outside
    80     | 100  | 60    | 100  | higher   | -20.0  | -31.8 | -7.3  | setback    | red    | outside
    80     | 100  | 60    | 100  | lower    | -20.0  | -31.8 | -7.3  | progress   | green  | outside
    60     | 100  | 62    | 100  | higher   | 2.0    | -11.3 | 15.2  | standstill | yellow | within
    62     | 100  | 60    | 100  | higher   | -2.0   | -15.2 | 11.3  | standstill | yellow | within
    600    | 1000 | 650   | 1000 | higher   | 5.0    | 0.8   | 9.2   | progress   | green  | outside
    60     | 100  | 80    | 100  | neither  | 20.0   | 7.3   | 31.8  | -          | white  | neither
""")  # fmt: skip


WHY = {
    "outside": "change_significant",
    "within": "change_not_significant",
    "neither": "no_polarity",
}


@pytest.mark.parametrize("row", SHARES)
def test_a_change_of_shares_by_both_rules(row):
    known = two_counts(row["before"], row["of"], row["after"], row["of2"])
    previous = since_previous(case(known, polarity=row["polarity"]))
    base = since_base(case(known, polarity=row["polarity"], base="2012"))
    assert (previous.status, previous.reason) == (row["previous"], WHY[row["zero"]])
    assert (base.status, base.reason) == (row["base"], WHY[row["zero"]])
    for answer in (previous, base):
        assert answer.change is not None
        assert shown(answer.change) == row["change"]
        limits = [answer.change.low * 100, answer.change.high * 100]
        assert limits == pytest.approx([row["low"], row["high"]], abs=0.1)
        assert answer.change.unit == "percentage_points"
        facts = answer.facts
        assert (facts["polarity"], facts["change"]) == (row["polarity"], row["change"])
        assert (facts["reference_period"], facts["period"]) == ("2012", "2013")
        assert facts["reference_value"] == round(100 * row["before"] / row["of"], 1)


def test_a_ratio_in_percent_has_no_interval_of_a_share():
    known = two_counts(60, 100, 80, 100)
    answer = since_previous(case(known, kind="ratio"))
    assert answer.change is not None
    assert (answer.change.low, answer.change.significant) == (None, None)
    assert answer.reason == "significance_not_stated"


def test_a_revised_figure_of_a_known_period_is_no_new_measurement():
    known = figures("""
        period | value | known_from
        2012   | 0.60  | 2013-01-15
        2013   | 0.66  | 2014-01-15
    """)
    as_it_was = figures("""
        period | value | known_from
        2013   | 0.65  | 2013-06-30
    """)[0]
    new = Case(INDICATOR, (), known, ROUND, DAY, PREVIOUS_DAY, None, known[0])
    revised = Case(INDICATOR, (), known, ROUND, DAY, PREVIOUS_DAY, None, as_it_was)
    assert since_previous(new).status == "progress"
    assert since_previous(revised).status == "no_new_figures"


COUNTS = table("""
    before | after | polarity | status     | reason
    100    | 150   | higher   | progress   | change_significant
    100    | 150   | lower    | setback    | change_significant
    100    | 110   | higher   | standstill | change_not_significant
    0      | 12    | lower    | setback    | change_significant
    0      | 0     | higher   | standstill | no_change
""")


@pytest.mark.parametrize("row", COUNTS)
def test_a_change_of_counts(row):
    known = figures(f"""
        period | value           | unit  | decimals | known_from
        2012   | {row["before"]} | count | 0        | 2013-01-15
        2013   | {row["after"]}  | count | 0        | 2014-01-15
    """)
    answer = since_previous(case(known, unit="count", polarity=row["polarity"]))
    assert (answer.status, answer.reason) == (row["status"], row["reason"])
    # districts are no people: nothing random lies between nine and three of them
    districts = since_previous(
        case(known, unit="count", polarity=row["polarity"], counts_areas_of="unsafe")
    )
    expected = "no_change" if row["before"] == row["after"] else "significance_not_stated"
    assert districts.reason == expected


def test_a_mean_has_no_interval_and_says_so():
    known = figures("""
        period | value | unit | known_from
        2012   | 6.1   | mean | 2013-01-15
        2013   | 6.4   | mean | 2014-01-15
    """)
    answer = since_previous(case(known, unit="mean"))
    assert (answer.status, answer.reason) == ("progress", "significance_not_stated")
    assert answer.change.significant is None
    assert shown(answer.change) == 0.3


def test_the_design_effect_widens_the_interval():
    # 60 % and 66 % of 800: alone significant (6 points, 1.3 to 10.7); of 800/2 = 400 not
    known = figures("""
        period | value   | sample_size | known_from
        2012   | 60/100  | 800         | 2013-01-15
        2013   | 66/100  | 800         | 2014-01-15
    """)
    assert since_previous(case(known)).status == "progress"
    wide = since_previous(case(known, design_effect=2.0))
    assert (wide.status, wide.reason) == ("standstill", "change_not_significant")
    assert (wide.change.low, wide.change.high) == pytest.approx(newcombe(264, 400, 240, 400))


# No new figures, nothing before, hidden, missing, broken: what the newest rows are, what is said.
SITUATIONS = {
    "nothing known": ("period | value", "no_new_figures", "no_figures"),
    "the first figure": (
        """period | value  | known_from
           2013   | 60/100 | 2014-01-15""",
        None,
        "no_earlier_figure",
    ),
    "an old figure": (
        """period | value  | known_from
           2011   | 50/100 | 2012-01-15
           2012   | 60/100 | 2013-01-15""",
        "no_new_figures",
        "no_new_figures",
    ),
    "told as not new": (
        """period | value  | known_from | status
           2012   | 60/100 | 2013-01-15 | reported
           2013   | -      | 2014-01-15 | no_new_figures""",
        "no_new_figures",
        "no_new_figures",
    ),
    "missing": (
        """period | value  | known_from | status
           2012   | 60/100 | 2013-01-15 | reported
           2013   | -      | 2014-01-15 | missing""",
        "no_new_figures",
        "no_new_figures",
    ),
    "hidden": (
        """period | value  | known_from | status
           2012   | 60/100 | 2013-01-15 | reported
           2013   | -      | 2014-01-15 | suppressed""",
        None,
        "suppressed",
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_said_without_a_new_change(name):
    drawn, status, reason = SITUATIONS[name]
    answer = since_previous(case(figures(drawn)))
    assert (answer.status, answer.reason, answer.change) == (status, reason, None)


def test_what_is_shown_without_a_new_figure_is_the_last_one():
    drawn, _, _ = SITUATIONS["told as not new"]
    assert since_previous(case(figures(drawn))).figure.printed == 60.0


BREAK = {"start_day": date(2013, 1, 1), "linked": False}


def test_a_break_between_two_figures_leaves_no_change():
    known = two_counts(60, 100, 80, 100)
    for rule, status in ((since_previous, None), (since_base, "white")):
        answer = rule(case(known, breaks=[BREAK], base="2012"))
        assert (answer.status, answer.reason, answer.change) == (status, "across_break", None)
        assert answer.facts == {"before_period": "2012", "period": "2013"}


def test_a_linked_break_is_one_until_the_figure_was_carried_over_it():
    before, after = two_counts(60, 100, 80, 100)
    linked = BREAK | {"linked": True}
    assert since_previous(case([before, after], breaks=[linked])).reason == "across_break"
    carried = replace(before, linked_over=BREAK["start_day"], variance=0.0001, value=0.6)
    answer = since_previous(case([carried, after], breaks=[linked]))
    assert (answer.status, answer.reason) == ("progress", "change_significant")
    other = replace(carried, linked_over=date(2012, 1, 1))
    assert since_previous(case([other, after], breaks=[linked])).reason == "across_break"


def test_a_break_elsewhere_does_not_matter():
    known = two_counts(60, 100, 80, 100)
    for one in (
        BREAK | {"start_day": date(2012, 12, 31)},
        BREAK | {"start_day": date(2014, 1, 1)},
    ):
        assert since_previous(case(known, breaks=[one])).status == "progress"


PUBLISHED = table("""
    change | significance    | polarity | status     | reason
    0.3    | significant     | higher   | progress   | change_significant
    0.3    | not_significant | higher   | standstill | change_not_significant
    0.3    | not_stated      | higher   | progress   | significance_not_stated
    0.3    | -               | higher   | progress   | significance_not_stated
    -2.4   | not_stated      | higher   | setback    | significance_not_stated
    -2.4   | not_stated      | lower    | progress   | significance_not_stated
    0.0    | not_stated      | higher   | standstill | no_change
    -2.4   | significant     | neither  | -          | no_polarity
""")


@pytest.mark.parametrize("row", PUBLISHED)
def test_a_published_change_is_taken_as_reported(row):
    # the figures themselves say +20 points: the printed change wins
    before, after = table("""
        period | value  | numerator | denominator | known_from
        2012   | 60/100 | 60        | 100         | 2013-01-15
        2013   | 80/100 | 80        | 100         | 2014-01-15
    """)
    after |= {"published_change": row["change"], "change_unit": "percentage_points"}
    after |= {"published_significance": row["significance"]}
    known = [Figure.of(row_of(before)), Figure.of(row_of(after))]
    answer = since_previous(case(known, polarity=row["polarity"]))
    assert (answer.status, answer.reason) == (row["status"], row["reason"])
    assert (answer.change.kind, shown(answer.change)) == ("published", row["change"])
    assert (answer.change.reference_value, answer.change.low) == (None, None)


def test_a_published_change_counts_under_the_base_rule_only_from_the_base():
    drawn = """
        period | value  | published_change | change_since
        2013   | 80/100 | -5.0             | {since}
    """
    from_base = since_base(case(figures(drawn.format(since="2012")), base="2012"))
    assert (from_base.status, from_base.reason) == ("red", "significance_not_stated")
    elsewhere = since_base(case(figures(drawn.format(since="2011")), base="2012"))
    assert (elsewhere.status, elsewhere.reason) == ("white", "no_base_value")


def test_without_a_base_value_the_answer_is_white():
    known = figures("""
        period | value
        2011   | 50/100
        2013   | 80/100
    """)
    answer = since_base(case(known, base="2012"))
    assert (answer.status, answer.reason) == ("white", "no_base_value")
    assert answer.facts == {"base_period": "2012"}
    assert answer.figure.printed == 80.0


def test_the_base_itself_is_no_new_figure():
    answer = since_base(case(two_counts(60, 100, 80, 100)[:1], base="2012"))
    assert (answer.status, answer.reason) == ("white", "no_new_figures")
    hidden = figures(SITUATIONS["hidden"][0])
    assert since_base(case(hidden, base="2012")).reason == "suppressed"
    assert since_base(case([], base="2012")).reason == "no_figures"


def test_the_base_rule_skips_what_lies_between():
    known = figures("""
        period | value  | numerator | denominator | known_from
        2012   | 60/100 | 60        | 100         | 2012-06-30
        2013   | 90/100 | 90        | 100         | 2013-06-30
        2014   | 80/100 | 80        | 100         | 2014-01-15
    """)
    assert since_base(case(known, base="2012")).status == "green"
    assert shown(since_previous(case(known)).change) == -10.0


# --- from indicators to the goal -------------------------------------------------------------

REASONS = {
    "up": ("progress", "green", "change_significant"),
    "up?": ("progress", "green", "significance_not_stated"),
    "down": ("setback", "red", "change_significant"),
    "within": ("standstill", "yellow", "change_not_significant"),
    "same": ("standstill", "yellow", "no_change"),
    "old": ("no_new_figures", "white", "no_new_figures"),
    "never": ("no_new_figures", "white", "no_figures"),
    "no base": (None, "white", "no_base_value"),
    "hidden": (None, "white", "suppressed"),
}
MAJORITIES = table("""
    answers                | previous       | why               | base   | why2
    up                     | progress       | majority_progress | green  | majority_progress
    up?                    | progress       | majority_progress | green  | majority_progress
    up, up, down           | progress       | majority_progress | green  | majority_progress
    up, within, within     | progress       | majority_progress | green  | majority_progress
    up, down, down, within | setback        | majority_setback  | red    | majority_setback
    up, down               | standstill     | tie               | yellow | tie
    up, down, within       | standstill     | tie               | yellow | tie
    within                 | standstill     | none_significant  | yellow | none_significant
    within, old            | standstill     | none_significant  | yellow | none_significant
    same                   | standstill     | no_counting_change | yellow | no_counting_change
    old                    | standstill     | no_new_figures    | white  | no_new_figures
    old, never             | standstill     | no_new_figures    | white  | no_figures
    never                  | no_new_figures | no_figures        | white  | no_figures
    hidden                 | standstill     | no_counting_change | white | suppressed
""")


@pytest.mark.parametrize("row", MAJORITIES, ids=lambda row: row["answers"])
def test_the_majority_of_the_counting_changes_decides(row):
    words = row["answers"].split(", ")
    previous = [Answer(None, REASONS[word][0], REASONS[word][2]) for word in words]
    base = [Answer(None, REASONS[word][1], REASONS[word][2]) for word in words]
    found = majority("since_previous", previous)
    assert (found.status, found.reason) == (row["previous"], row["why"])
    assert found.facts["counting"] == len(words)
    assert found.facts["better"] == sum(word in ("up", "up?") for word in words)
    assert found.facts["not_stated"] == words.count("up?")
    assert found.facts["not_significant"] == words.count("within")
    found = majority("since_base", base)
    assert (found.status, found.reason) == (row["base"], row["why2"])


def test_a_goal_without_a_counting_indicator_is_not_judged_better():
    assert majority("since_previous", []).status == "standstill"
    assert majority("since_base", []).status == "white"


# --- maximum in every district ---------------------------------------------------------------

UNSAFE = {"indicator": "employment", "unit": "percent", "population_group": "all"}
COUNTING = {"indicator": "districts-above", "population_group": "all"}
DISTRICTS = [{"area": f"d{number}", "division": "official"} for number in (1, 2, 3)]
SURVEY = [{"area": "s1", "division": "survey"}, {"area": "s2", "division": "survey"}]


def districts(drawn: str, counting: Any = COUNTING) -> Any:
    known = Known(row_of(row) for row in table(drawn))
    areas = [*DISTRICTS, *SURVEY]
    return maximum_in_every_area(known, DAY, 10.0, UNSAFE, counting, areas, "city")


MAXIMA = {
    "all within": (
        """area | period | value
           d1   | 2013   | 4.0/100
           d2   | 2013   | 9.9/100
           d3   | 2013   | 7.0/100""",
        ("met", "within_maximum", 0, False),
    ),
    "exactly at the limit is not above": (
        """area | period | value
           d1   | 2013   | 4.0/100
           d2   | 2013   | 10.0/100
           d3   | 2013   | 7.0/100""",
        ("met", "within_maximum", 0, False),
    ),
    "strictly above": (
        """area | period | value
           d1   | 2013   | 4.0/100
           d2   | 2013   | 10.1/100
           d3   | 2013   | 17.0/100""",
        ("not_met", "above_maximum", 2, False),
    ),
    "some are not known: at least": (
        """area | period | value    | status
           d1   | 2013   | 12.0/100 | reported
           d2   | 2013   | -        | suppressed""",
        ("not_met", "partial_count", 1, True),
    ),
    "some are not known, none above": (
        """area | period | value
           d1   | 2013   | 9.0/100""",
        ("cannot_tell", "partial_count", 0, True),
    ),
    "a published count wins": (
        """indicator       | area | period | value    | unit
           employment      | d1   | 2013   | 12.0/100 | percent
           districts-above | city | 2013   | 4        | count""",
        ("not_met", "published_count", 4, False),
    ),
    "a published count of none": (
        """indicator       | area | period | value    | unit
           employment      | d1   | 2013   | 12.0/100 | percent
           districts-above | city | 2013   | 0        | count""",
        ("met", "published_count", 0, False),
    ),
    "an older published count does not": (
        """indicator       | area | period | value    | unit
           employment      | d1   | 2013   | 12.0/100 | percent
           districts-above | city | 2012   | 4        | count""",
        ("not_met", "partial_count", 1, True),
    ),
    "only the newest period counts": (
        """area | period | value
           d1   | 2012   | 40.0/100
           d1   | 2013   | 4.0/100
           d2   | 2013   | 4.0/100
           d3   | 2013   | 4.0/100""",
        ("met", "within_maximum", 0, False),
    ),
    "what was not yet known does not": (
        """area | period | value    | known_from
           d1   | 2013   | 40.0/100 | 2014-02-01""",
        ("cannot_tell", "no_figures", None, None),
    ),
}


@pytest.mark.parametrize("name", MAXIMA)
def test_no_district_may_lie_above(name):
    drawn, expected = MAXIMA[name]
    found = districts(drawn)
    facts = found.facts
    assert (found.status, found.reason, facts["count"], facts.get("at_least")) == expected


def test_the_division_is_named_and_two_are_never_added():
    found = districts("""
        area | period | value
        d1   | 2013   | 12.0/100
        s1   | 2013   | 11.0/100
        s2   | 2013   | 13.0/100
    """)
    assert (found.facts["division"], found.facts["count"], found.facts["of"]) == ("survey", 2, 2)
    assert found.facts["areas_above"] == [
        {"area": "s2", "value": 13.0},
        {"area": "s1", "value": 11.0},
    ]
    assert (found.facts["limit"], found.facts["unit"]) == (10.0, "percent")


# --- level against target --------------------------------------------------------------------

TARGETS = table("""
    form    | target | value    | unit    | decimals | polarity | met   | distance
    level   | 70     | 71.5/100 | percent | 1        | higher   | true  | 1.5
    level   | 70     | 68.5/100 | percent | 1        | higher   | false | -1.5
    level   | 10     | 10.5/100 | percent | 1        | lower    | false | 0.5
    maximum | 10     | 10.0/100 | percent | 1        | higher   | true  | 0.0
    maximum | 10     | 10.1/100 | percent | 1        | higher   | false | 0.1
    minimum | 10     | 9.9/100  | percent | 1        | lower    | false | -0.1
    minimum | 12.5   | 12/100   | percent | 0        | higher   | false | -0.5
    maximum | 0      | 0.4/100  | percent | 1        | lower    | false | 0.4
    maximum | 0      | 0/100    | percent | 1        | lower    | true  | 0.0
    level   | 0      | 3        | count   | 0        | lower    | false | 3
    level   | 0      | 0        | count   | 0        | lower    | true  | 0
    level   | 400    | 420      | count   | 0        | higher   | true  | 20
    rank    | 1      | 4        | rank    | 0        | lower    | -     | -
""")


def target(**given: Any) -> dict[str, Any]:
    blank = dict.fromkeys(
        ("target", "policy", "goal", "indicator", "form", "value", "unit", "direction",
         "target_period", "valid_from", "valid_to", "baseline_value")
    )  # fmt: skip
    return blank | {"applies_to": "city"} | given


@pytest.mark.parametrize("row", TARGETS)
def test_level_against_target(row):
    drawn = {"period": "2013"} | {key: row[key] for key in ("value", "unit", "decimals")}
    found = level(
        target(form=row["form"], value=row["target"]), Figure.of(row_of(drawn)), row["polarity"]
    )
    assert (found["met"], found["distance"]) == (row["met"], row["distance"])


@pytest.mark.parametrize(
    ("change", "value", "met", "distance"),
    [(-50, 40, True, -50.0), (-50, 41, False, -48.75), (10, 88, True, 10.0), (10, 87, False, 8.75)],
)
def test_a_relative_change_is_told_in_percent_of_the_base(change, value, met, distance):
    # base 80: 40 is -50 %, 41 is -48.75 %, 88 is +10 %, 87 is +8.75 %
    figure = Figure.of(row_of({"period": "2013", "value": value, "unit": "count", "decimals": 0}))
    found = level(target(form="change", value=change, baseline_value=80), figure, "lower")
    assert (found["met"], found["distance"]) == (met, pytest.approx(distance, abs=0.0501))
    without = level(target(form="change", value=change, baseline_value=0), figure, "lower")
    assert (without["met"], without["distance"]) == (None, None)


def test_no_target_no_figure_or_a_direction_alone_is_not_met_and_not_missed():
    figure = Figure.of(row_of({"period": "2013", "value": 0.5}))
    assert level(None, figure, "higher") == {"form": None}
    for found in (
        level(target(form="direction", direction="up"), figure, "higher"),
        level(target(form="level", value=40), None, "higher"),
        level(target(form="maximum", value=10, applies_to="every_district"), figure, "lower"),
    ):
        assert (found["met"], found["distance"]) == (None, None)


def test_the_target_in_force_is_the_one_of_that_day():
    policy = {"policy": "p", "goal": "g"}
    old = target(target="old", valid_to=date(2014, 1, 30), indicator="employment", **policy)
    new = target(target="new", valid_from=date(2014, 1, 31), indicator="employment", **policy)
    whole = target(target="whole goal", **policy)
    other = target(target="other", policy="q", goal="g", indicator="employment")
    rows = [whole, old, new, other]

    def on(day: date, indicator: str = "employment") -> str | None:
        found = in_force(rows, "p", "g", indicator, day)
        return None if found is None else found["target"]

    assert on(date(2014, 1, 30)) == "old"
    assert on(date(2014, 1, 31)) == "new"
    assert on(DAY, "another") == "whole goal"
    assert in_force([old], "p", "g", "employment", DAY) is None


# --- properties ------------------------------------------------------------------------------

counts = st.integers(2, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
TURNED = {"progress": "setback", "setback": "progress", "green": "red", "red": "green"}


@given(before=counts, after=counts)
def test_turning_the_polarity_turns_the_status(before, after):
    known = two_counts(*before, *after)
    for rule in (since_previous, since_base):
        up = rule(case(known, base="2012", polarity="higher"))
        down = rule(case(known, base="2012", polarity="lower"))
        assert down.status == TURNED.get(up.status, up.status)
        assert down.reason == up.reason


@given(before=counts, after=counts)
def test_turning_the_polarity_and_the_change_keeps_the_status(before, after):
    ups = two_counts(*before, *after)
    turned = two_counts(before[1] - before[0], before[1], after[1] - after[0], after[1])
    for rule in (since_previous, since_base):
        one = rule(case(ups, base="2012", polarity="higher"))
        other = rule(case(turned, base="2012", polarity="lower"))
        assert (one.status, one.reason) == (other.status, other.reason)


@given(before=counts, after=counts)
def test_a_change_within_its_interval_is_never_progress_or_setback(before, after):
    low, high = newcombe(*after, *before)
    answer = since_previous(case(two_counts(*before, *after)))
    if low <= 0 <= high:
        assert answer.status == "standstill"
    elif shown(answer.change) != 0:
        assert answer.status == ("progress" if low > 0 else "setback")


@given(words=st.lists(st.sampled_from(sorted(REASONS)), max_size=6), seed=st.randoms())
def test_the_order_of_the_indicators_does_not_matter(words, seed):
    mixed = list(words)
    seed.shuffle(mixed)
    for rule, place in (("since_previous", 0), ("since_base", 1)):
        answers, others = (
            [Answer(None, REASONS[word][place], REASONS[word][2]) for word in some]
            for some in (words, mixed)
        )
        assert majority(rule, answers) == majority(rule, others)


@given(seed=st.randoms())
def test_the_order_of_the_rows_does_not_matter(seed):
    rows = [row_of(row) for row in table("""
        period | value  | numerator | denominator | known_from
        2011   | 50/100 | 50        | 100         | 2012-01-15
        2012   | 60/100 | 60        | 100         | 2013-01-15
        2013   | 80/100 | 80        | 100         | 2014-01-15
    """)]  # fmt: skip
    seed.shuffle(rows)
    known = Known(rows).series("employment", "city", "all", DAY)
    assert [one.period for one in known] == ["2011", "2012", "2013"]


@given(before=counts, after=counts)
def test_a_change_is_no_finer_than_its_figures(before, after):
    first, second = two_counts(*before, *after)
    change = computed_change(first, second, None)
    assert round(shown(change), 1) == shown(change)
    assert change.low <= change.value <= change.high


# --- whole rounds ----------------------------------------------------------------------------


def a_city(**more: Any) -> dict[str, list[dict[str, Any]]]:
    """A policy with one goal and two indicators, of which the first counts."""
    entry = INDICATOR | {"design_effect": None}
    policy = {"policy": "p", "rule": "since_previous", "form": "city_policy", "base_period": None}
    rounds = [
        {"round": "r1", "published_day": PREVIOUS_DAY, "missed": False, "source": "council"},
        {"round": ROUND, "published_day": DAY, "missed": False, "source": "council"},
    ]
    tables: dict[str, list[dict[str, Any]]] = {
        "dataset": [{"home_area": "city", "synthetic": False}],
        "policy": [policy],
        "goal": [{"goal": "g", "policy": "p"}],
        "goal_indicator": [
            {"goal": "g", "indicator": "employment", "counts": True, "position": 0},
            {"goal": "g", "indicator": "welfare", "counts": False, "position": 1},
        ],
        "indicator": [entry, entry | {"indicator": "welfare", "polarity": "lower"}],
        "target": [],
        "area": [{"area": "city", "level": "municipality", "division": None}],
        "series_break": [],
        "round": rounds,
        "round_policy": [{"round": row["round"], "policy": "p"} for row in rounds],
        "published_verdict": [],
        "measurement_vintage": [row_of(row) for row in table("""
            indicator  | period | value  | numerator | denominator | known_from
            employment | 2012   | 60/100 | 60        | 100         | 2013-01-15
            employment | 2013   | 80/100 | 80        | 100         | 2014-01-15
            welfare    | 2012   | 20/100 | 20        | 100         | 2013-01-15
            welfare    | 2013   | 60/100 | 60        | 100         | 2014-01-15
        """)],
    }  # fmt: skip
    return tables | more


def test_only_counting_indicators_decide_and_the_others_are_shown():
    found = assess(a_city())
    goal = next(row for row in found.goals if row["round"] == ROUND)
    assert (goal["status"], goal["status_computed"], goal["status_published"]) == (
        "progress", "progress", None,
    )  # fmt: skip
    shown_rows = {row["indicator"]: row for row in found.indicators if row["round"] == ROUND}
    assert (shown_rows["welfare"]["status"], shown_rows["welfare"]["counts"]) == ("setback", False)
    assert shown_rows["employment"]["change_printed"] == 20.0


def test_a_published_verdict_is_shown_and_the_computed_one_stands_beside_it():
    said = {"round": ROUND, "goal": "g", "status": "setback", "source": "minutes"}
    goal = next(
        row for row in assess(a_city(published_verdict=[said])).goals if row["round"] == ROUND
    )
    assert (goal["status"], goal["status_published"], goal["status_computed"], goal["source"]) == (
        "setback", "setback", "progress", "minutes",
    )  # fmt: skip


def test_a_round_knows_only_the_figures_of_its_day():
    found = assess(a_city())
    first = [row for row in found.indicators if row["round"] == "r1"]
    assert {row["period"] for row in first} == {"2012"}
    assert {row["reason"] for row in first} == {"no_earlier_figure"}


def test_a_missed_round_is_not_judged():
    tables = a_city()
    tables["round"][1]["missed"] = True
    assert {row["round"] for row in assess(tables).goals} == {"r1"}
