"""A change of rank split into its parts: exact, free of order, and silent where it must be."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import barometer_lib
from barometer_lib.errors import BadInput, BarometerError, NotFound
from barometer_lib.ranking.change import Editions, rank_among, split, told_of_published
from barometer_lib.ranking.changes import Weighing, rank_changes
from barometer_lib.sentences import places, rank_change
from tables import table

CITIES = st.sampled_from("abcdefghij")
FIELDS = st.dictionaries(CITIES, st.integers(0, 12), min_size=1, max_size=10)


def by_every_order(before, after, city, before_by_new=None, after_by_old=None):
    """The mean effect of each change over all orders, walked through one order at a time."""
    by_both = before_by_new is not None
    names = ["own", "others", "field", *(["method"] if by_both else [])]
    effects = dict.fromkeys(names, Fraction(0))
    orders = list(permutations(names))
    for order in orders:
        done: set[str] = set()
        rank = rank_among(city, before)
        for name in order:
            done.add(name)
            scores = {}
            for one in set(before) | set(after):
                if one not in after and "field" in done:
                    continue
                if one not in before and "field" not in done:
                    continue
                late = one not in before or (
                    one in after and ("own" if one == city else "others") in done
                )
                new = not by_both or "method" in done
                if late:
                    scores[one] = after[one] if new else after_by_old[one]
                else:
                    scores[one] = before_by_new[one] if by_both and new else before[one]
            moved = rank_among(city, scores)
            effects[name] += Fraction(moved - rank, len(orders))
            rank = moved
    return effects


@settings(max_examples=60)
@given(FIELDS, FIELDS, FIELDS, FIELDS)
def test_parts_are_means_over_every_order_and_add_up(before, after, other, more):
    before, after = {**before, "z": 6}, {**after, "z": 7}
    found = split(Editions(before, after), "z")
    assert found.parts == by_every_order(before, after, "z")
    assert sum(found.parts.values()) == found.change
    turned = ({one: other.get(one, 3) for one in before}, {one: more.get(one, 9) for one in after})
    found = split(Editions(before, after, *turned), "z")
    assert found.parts == by_every_order(before, after, "z", *turned)
    assert (
        sum(found.parts.values())
        == found.change
        == (rank_among("z", after) - rank_among("z", before))
    )


@given(FIELDS, FIELDS)
def test_what_did_not_change_moved_nothing(before, after):
    still = split(Editions({**before, "z": 5}, {**after, "z": 5}), "z")
    assert still.parts["own"] == 0
    same_field = {one: after.get(one, 4) for one in before}
    assert split(Editions({**before, "z": 5}, {**same_field, "z": 8}), "z").parts["field"] == 0
    alone = split(Editions({**before, "z": 5}, {**before, "z": 8}), "z")
    assert alone.parts["own"] == alone.change
    assert alone.parts["others"] == 0


# Our city z stands second behind a. b gains and passes it; c and d are new, c ahead; e has left.
#            then: a 80, z 70, b 60, e 75        now: a 80, b 78, z 72, c 90, d 10
BEFORE = {"a": 80, "z": 70, "b": 60, "e": 75}
AFTER = {"a": 80, "b": 78, "z": 72, "c": 90, "d": 10}


def test_a_split_worked_by_hand():
    found = split(Editions(BEFORE, AFTER), "z")
    assert (found.rank_against, found.rank, found.change) == (3, 4, 1)
    # c joins ahead (1), e leaves from ahead (-1); b passes (1); two points pass nobody
    assert found.parts == {"own": 0, "others": 1, "field": 0}
    assert (found.rank_common_against, found.rank_common, found.common) == (2, 3, 3)
    assert (found.joined, found.joined_ahead) == (2, ["c"])
    assert (found.left, found.left_ahead) == (1, ["e"])
    assert (found.passed_by, found.passed) == (["b"], [])


def test_two_changes_that_need_each_other_share_the_effect():
    # z rises from 50 to 70 past b at 60, who would have risen past z otherwise
    found = split(Editions({"z": 50, "b": 40}, {"z": 70, "b": 60}), "z")
    assert found.change == 0
    assert found.parts == {"own": Fraction(-1, 2), "others": Fraction(1, 2), "field": 0}


# --- published ranks alone -------------------------------------------------------------------


def test_copenhagen_from_5th_of_20_to_8th_of_34_as_far_as_it_can_be_told():
    told = told_of_published({"rank": 5, "of": 20, "score": 66}, {"rank": 8, "of": 34, "score": 66})
    # 14 new cities; 7 are ahead at the most, and all 14 fit behind
    assert (told.own, told.field, told.others) == (0, (0, 7), (-4, 3))


def test_both_ends_of_what_is_told_can_happen():
    ahead, behind = {f"a{n}": 70 for n in range(4)}, {f"b{n}": 60 for n in range(15)}
    before = {**ahead, "z": 66, **behind}
    all_behind = {one: 70 if n < 3 else score for n, (one, score) in enumerate(behind.items())}
    least = {**ahead, "z": 66, **all_behind, **{f"c{n}": 50 for n in range(14)}}
    most = {**dict.fromkeys(ahead, 60), "z": 66, **behind}
    most |= {f"c{n}": 80 if n < 7 else 50 for n in range(14)}
    for after, field, others in ((least, 0, 3), (most, 7, -4)):
        found = split(Editions(before, after), "z")
        assert (found.rank_against, found.rank, len(before), len(after)) == (5, 8, 20, 34)
        assert (found.parts["field"], found.parts["others"]) == (field, others)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8),
       st.lists(st.integers(0, 9), max_size=8))  # fmt: skip
def test_the_bounds_hold_whatever_the_others_did(common, new):
    before = {"z": 5} | {f"a{n}": one for n, (one, _) in enumerate(common)}
    after = {"z": 5} | {f"a{n}": one for n, (_, one) in enumerate(common)}
    after |= {f"b{n}": one for n, one in enumerate(new)}
    found = split(Editions(before, after), "z")
    told = told_of_published(
        {"rank": found.rank_against, "of": len(before), "score": 5},
        {"rank": found.rank, "of": len(after), "score": 5},
    )
    assert told.field[0] <= found.parts["field"] <= told.field[1]
    assert told.others[0] <= found.parts["others"] <= told.others[1]


@pytest.mark.parametrize(
    ("after", "why"),
    [
        ({"rank": 4, "of": None, "score": 66}, "field_size_unknown"),
        ({"rank": 4, "of": 10, "score": 66}, "field_shrank"),
        ({"rank": 4, "of": 34, "score": 74}, "own_moved"),
    ],
)
def test_what_cannot_be_told_is_not_told(after, why):
    told = told_of_published({"rank": 5, "of": 20, "score": 66}, after)
    assert (told.field, told.others) == (None, None)
    assert why in told.untold


# --- from the tables of an index -------------------------------------------------------------


def network(weights_then="even", weights_now="even", scores=None):
    """Two editions of three cities and two components; the later weighs education three to one."""
    parts = table("""
        edition | city | component | score
        2012    | a    | education | 80
        2012    | a    | media     | 40
        2012    | z    | education | 40
        2012    | z    | media     | 90
        2014    | a    | education | 80
        2014    | a    | media     | 40
        2014    | z    | education | 40
        2014    | z    | media     | 90
    """)
    given_ = scores or table("""
        edition | city | score | source
        2012    | a    | 60    | s
        2012    | z    | 65    | s
        2014    | a    | 70    | s
        2014    | z    | 53    | s
    """)
    own = {"index": "i"}
    ranks = [
        own | {"edition": edition, "scope": "all", "city": "z", "score": score, "rank": rank,
               "tied": False, "of": 2, "kind": "computed"}
        for edition, score, rank in (("2012", 65, 1), ("2014", 53, 2))
    ]  # fmt: skip
    return {
        "dataset": [{"synthetic": True}],
        "index_definition": [own | {"home_city": "z", "decimals": 0}],
        "index_edition": [
            own | {"edition": "2012", "sort_day": "2012", "weights": weights_then},
            own | {"edition": "2014", "sort_day": "2014", "weights": weights_now},
        ],
        "index_scope": [own | {"scope": "all", "members": "all"}],
        "index_weight": [
            own | {"weights": one, "component": part, "weight": weight}
            for one, part, weight in (("even", "education", 1.0), ("even", "media", 1.0),
                                      ("school", "education", 3.0), ("school", "media", 1.0))
        ],
        "index_score": [own | row for row in given_],
        "index_component_score": [own | row for row in parts],
        "index_rank": ranks,
        "index_field_size": [own | {"edition": one, "scope": "all", "cities": 2}
                             for one in ("2012", "2014")],
        "city": [], "city_population": [],
    }  # fmt: skip


def test_changed_weights_alone_move_the_rank():
    (row,) = rank_changes(network("even", "school"))
    assert row["change"] == 1
    assert (row["own"], row["others"], row["field"], row["method"]) == (0, 0, 0, 1)
    assert row["untold"] == []


def test_scores_are_rounded_half_up_as_they_are_published():
    weighing = Weighing.of(network(), "i")
    assert weighing.scores("2014", "school") == {"a": 70, "z": 53}  # 52.5


def test_without_stated_weights_the_method_is_not_spoken_of():
    (row,) = rank_changes(network(None, "school"))
    assert row["method"] is None
    assert row["untold"] == ["method_not_stated"]
    assert row["own"] + row["others"] + row["field"] == row["change"]


def test_scores_that_do_not_come_out_of_their_components_are_not_reweighed():
    odd = table("""
        edition | city | score | source
        2012    | a    | 60    | s
        2012    | z    | 66    | s
        2014    | a    | 70    | s
        2014    | z    | 53    | s
    """)
    (row,) = rank_changes(network("even", "school", odd))
    assert row["method"] is None
    assert row["untold"] == ["not_reweighed"]


# --- through the doors -----------------------------------------------------------------------


def test_the_answer_for_copenhagen(built):
    content = barometer_lib.rank_change("icc", "2012-01", "2011-spring", store=built).content
    assert (content["rank_against"], content["of_against"], content["tied_against"]) == (
        5,
        20,
        True,
    )
    assert (content["rank"], content["of"], content["tied"]) == (8, 34, True)
    assert content["change"] == 3
    parts = {row["part"]: (row["places"], row["low"], row["high"]) for row in content["parts"]}
    assert parts["own"] == (0, None, None)
    assert parts["field"] == (None, 0, 7)
    assert parts["others"] == (None, -4, 3)
    assert parts["method"] == (None, None, None)
    assert {"scopes_differ", "leavers_unknown", "method_not_stated"} <= set(content["untold"])
    assert "opened to non-network cities" in content["notes"][-1]["note"]


def test_ranks_of_fields_apart_are_not_subtracted(built):
    content = barometer_lib.rank_change("icc", "2012-Q1", "2011-spring", store=built).content
    assert content["change"] is None
    assert "fields_apart" in content["untold"]
    assert [row["places"] for row in content["parts"]] == [None] * 4


def test_the_store_holds_what_the_function_answers(built):
    with barometer_lib.open(built, dataset="demo") as barometer:
        stored = barometer.sql(
            "select * from index_rank_change where \"index\" = 'demo-icc' and scope = 'all'"
        ).rows
        assert stored
        for row in stored:
            answer = barometer.rank_change("demo-icc", row["edition"], row["against"], scope="all")
            assert [row[part["part"]] for part in answer.rows] == [
                part["places"] for part in answer.rows
            ]
            told = [part["places"] for part in answer.rows if part["places"] is not None]
            assert sum(told) == pytest.approx(row["change"])


def test_questions_that_have_no_answer_say_so(built):
    with barometer_lib.open(built) as barometer:
        with pytest.raises(BarometerError, match="2013"):
            barometer.rank_change("icc", "2013", "2011-spring")
        with pytest.raises(BadInput, match="earlier than 2011-spring"):
            barometer.rank_change("icc", "2011-spring", "2012-01")
        with pytest.raises(NotFound):
            barometer.rank_change("icc", "2012-01", "2011-spring", city="copenhagn")
        with pytest.raises(NotFound):
            barometer.rank_change("icc", "2012-01", "2011-spring", scope="everywhere")


SENTENCE = {
    "index": "i", "city": "z", "edition": "2014", "against": "2012", "scope": "all",
    "against_scope": "all", "score": 70, "score_against": 66, "rank": 4, "rank_against": 3,
    "tied": True, "tied_against": False, "of": 40, "of_against": 20, "change": 1, "own": -2.5,
    "others": 1.0, "field": 2.5, "method": 0.0, "common": 20, "rank_common": 2,
    "rank_common_against": 3, "joined": 20, "left": 0, "joined_ahead": ["a", "b"],
    "left_ahead": [], "untold": [],
}  # fmt: skip


def test_the_sentences_tell_every_part():
    said = " ".join(rank_change(SENTENCE, {}, "da")).replace("\N{NO-BREAK SPACE}", " ")
    assert "3. plads blandt 20 byer, all (2012) til 4. plads (delt) blandt 40 byer" in said
    assert "1 plads ned" in said
    assert "byens eget pointtal 2,5 pladser op" in said
    assert "ændrede vægte ingen pladser" in said
    assert "20 byer er kommet til; 2 af dem ligger foran." in said
    english = " ".join(rank_change(SENTENCE, {}, "en")).replace("\N{NO-BREAK SPACE}", " ")
    assert "2.5 places up" in english
    assert "changed weights no places" in english


def test_places_have_a_way_not_a_sign():
    assert places(-1, "en").replace("\N{NO-BREAK SPACE}", " ") == "1 place up"
    assert places(1 / 3, "da").replace("\N{NO-BREAK SPACE}", " ") == "0,3 pladser ned"
    assert places(0, "da") == "ingen pladser"
