"""Ranks: ties share a place, and nothing is ranked over a field that is not wholly known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from barometer_lib.ranking import computed_ranks, ranked
from barometer_lib.ranking.scopes import facts_of, inside, members
from tables import table

RANKED = table("""
    city  | score | rank | tied
    oslo  | 85    | 1    | false
    lyon  | 74    | 2    | true
    paris | 74    | 2    | true
    turku | 66    | 4    | false
    bari  | 60    | 5    | true
    genoa | 60    | 5    | true
    siena | 60    | 5    | true
    zaria | 12    | 8    | false
""")


def test_equal_scores_share_the_better_rank_and_the_next_is_left_out():
    scores = {row["city"]: row["score"] for row in reversed(RANKED)}
    assert ranked(scores) == [
        (row["city"], row["score"], row["rank"], row["tied"]) for row in RANKED
    ]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(0, 20), max_size=30))
def test_ranks_agree_with_scipy(scores):
    names = list(scores)
    other = rankdata([-scores[name] for name in names], method="min")
    expected = dict(zip(names, (int(rank) for rank in other), strict=True))
    found = ranked(scores)
    assert {city: rank for city, _, rank, _ in found} == expected
    for city, score, _, tied in found:
        assert tied is (list(scores.values()).count(score) > 1)
        assert scores[city] == score


def network(field_sizes: str, scores: str = "", ranks: str = "", **more: Any) -> Any:
    """One index with two editions and two scopes; three cities with their inhabitants."""
    given = """
        edition | city | score | source
        2012    | a    | 70    | council
        2012    | b    | 70    | council
        2012    | c    | 60    | council
        2014    | a    | 71    | council
    """
    tables: dict[str, Any] = {
        "dataset": [{"synthetic": True}],
        "index_definition": [{"index": "i"}],
        "index_edition": [{"index": "i", "edition": one} for one in ("2012", "2014")],
        "index_scope": [
            {"index": "i", "scope": "all", "members": "all"},
            {
                "index": "i",
                "scope": "population-over-200000",
                "members": "by_fact",
                "inhabitants_over": 200_000,
            },
            {"index": "i", "scope": "members", "members": "not_stated"},
        ],
        "city": [{"city": one, "in_europe": one != "c"} for one in "abc"],
        "index_score": [row | {"index": "i"} for row in table(scores or given)],
        "index_rank": [row | {"index": "i"} for row in table(ranks or "edition | scope | of")],
        "index_field_size": [row | {"index": "i"} for row in table(field_sizes)],
        "city_population": table("""
            city | inhabitants | foreign_born_percent
            a    | 300000      | 20
            b    | 200000      | 15
            c    | 250000      | 10
        """),
    }
    return computed_ranks(tables | more)


def refusals(found: Any) -> dict[tuple[str, str], str]:
    return {(row["edition"], row["scope"]): row["reason"] for row in found[1]}


def test_a_whole_field_is_ranked_and_marked_computed():
    ranks, _ = network("""
        edition | scope | cities
        2012    | all   | 3
    """)
    over_all = [row for row in ranks if row["scope"] == "all"]
    assert [(row["city"], row["rank"], row["tied"], row["of"]) for row in over_all] == [
        ("a", 1, True, 3), ("b", 1, True, 3), ("c", 3, False, 3),
    ]  # fmt: skip
    assert {(row["kind"], row["synthetic"], row["source"]) for row in ranks} == {
        ("computed", True, "council")
    }


def test_a_scope_ranks_its_own_cities_alone():
    ranks, refused = network("""
        edition | scope | cities
        2012    | all   | 3
    """)
    # b has exactly 200,000 inhabitants: neither above nor below
    big = [row for row in ranks if row["scope"] == "population-over-200000"]
    assert [(row["city"], row["rank"], row["of"]) for row in big] == [("a", 1, 2), ("c", 2, 2)]
    assert {row["scope"] for row in refused if row["edition"] == "2012"} == {"members"}


REFUSED = {
    "not every city has a score": (
        """edition | scope | cities
           2012    | all   | 4""",
        ("2012", "all"),
        "field_incomplete",
    ),
    "the size is stated for another edition only": (
        """edition | scope | cities
           2012    | all   | 3""",
        ("2014", "all"),
        "field_size_unknown",
    ),
    "two sizes are stated": (
        """edition | scope | cities
           2012    | all   | 3
           2012    | -     | 4""",
        ("2012", "all"),
        "field_size_unknown",
    ),
    "the size of a scope is no size of the field": (
        """edition | scope                  | cities
           2012    | population-over-200000 | 3""",
        ("2012", "all"),
        "field_size_unknown",
    ),
    "who is a member is not known": (
        """edition | scope | cities
           2012    | all   | 3""",
        ("2012", "members"),
        "scope_unknown_members",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rank_is_refused_with_its_reason(name):
    sizes, place, reason = REFUSED[name]
    found = network(sizes)
    assert refusals(found)[place] == reason
    assert not [row for row in found[0] if (row["edition"], row["scope"]) == place]


def test_a_scope_whose_size_a_published_rank_tells_is_not_called_unknown():
    ranks = """edition | scope   | of
               2014    | members | 20"""
    found = network("edition | scope | cities", ranks=ranks)
    assert refusals(found)[("2014", "members")] == "scope_incomplete"
    assert refusals(found)[("2014", "all")] == "field_size_unknown"
    (told,) = [row for row in found[1] if (row["edition"], row["scope"]) == ("2014", "members")]
    assert told["of"] == 20


def test_a_scope_needs_the_facts_it_is_cut_by():
    sizes = """
        edition | scope | cities
        2012    | all   | 3
    """
    some = [{"city": "a", "inhabitants": 300000, "foreign_born_percent": None}]
    found = network(sizes, city_population=some)
    assert refusals(found)[("2012", "population-over-200000")] == "city_facts_missing"
    assert [row for row in found[0] if row["scope"] == "all"]


def test_no_scores_no_ranks():
    found = network(
        """edition | scope | cities
           2012    | all   | 3""",
        scores="""edition | city | score | source
                  2012    | a    | 70    | council
                  2012    | b    | 70    | council
                  2012    | c    | -     | council""",
    )
    assert refusals(found)[("2014", "all")] == "no_scores"
    assert refusals(found)[("2012", "all")] == "field_incomplete"


@pytest.mark.parametrize(
    ("limit", "fact", "below", "at", "above"),
    [
        ("inhabitants_over", "inhabitants", False, False, True),
        ("inhabitants_under", "inhabitants", True, False, False),
        ("foreign_born_over", "foreign_born_percent", False, False, True),
        ("foreign_born_under", "foreign_born_percent", True, False, False),
    ],
)
def test_a_city_at_the_limit_is_in_neither_scope(limit, fact, below, at, above):
    scope = {"members": "by_fact", limit: 15}
    found = [inside(scope, [{fact: value}]) for value in (14, 15, 16)]
    assert found == [below, at, above]


BIG_IN_EUROPE = {"members": "by_fact", "in_europe": True, "inhabitants_over": 200_000}
FACTS = facts_of(
    table("""
        city | in_europe
        a    | true
        b    | true
        c    | false
        d    | true
    """),
    table("""
        city | inhabitants | foreign_born_percent
        a    | 300000      | -
        a    | 310000      | -
        b    | 90000       | -
        c    | 900000      | -
    """),
)


def test_facts_of_a_scope_hold_together():
    assert members(BIG_IN_EUROPE, "abc", FACTS) == (["a"], None)
    # c is outside Europe whatever its size; d's size is not known
    assert inside(BIG_IN_EUROPE, FACTS["c"]) is False
    assert members(BIG_IN_EUROPE, "abcd", FACTS) == ([], "city_facts_missing")


def test_sources_on_either_side_of_a_limit_decide_nothing():
    torn = {**FACTS, "b": [{"in_europe": True}, {"inhabitants": 199_000}, {"inhabitants": 201_000}]}
    assert members(BIG_IN_EUROPE, "ab", torn) == ([], "city_facts_differ")


def test_a_peer_group_is_a_list_of_cities():
    listed = {"members": "listed", "cities": ["a", "c", "not-in-this-edition"]}
    assert members(listed, "abcd", FACTS) == (["a", "c"], None)
    assert members({"members": "not_stated"}, "ab", FACTS) == ([], "scope_unknown_members")
