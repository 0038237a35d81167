"""Stored questions to a session: rows with language-neutral codes, in the order readers see.

Every code asked for is checked; one that does not exist raises `NotFound` with the nearest.
Values are in stored units (shares 0-1); `printed` columns are as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from barometer_lib.errors import BadInput, BarometerError, NotFound
from barometer_lib.store.sessions import Session

Row = dict[str, Any]
_COLUMN = {"group": "population_group", "index": "index_definition", "scope": "index_scope"}


def known_codes(session: Session, kind: str) -> list[str]:
    """Every code of a kind (policy, round, indicator, area, group, committee, index, goal)."""
    table = _COLUMN.get(kind, kind)
    column = {"group": "population_group"}.get(kind, kind)
    return session.codes(f'select distinct "{column}" from {table} order by 1')


def check_code(session: Session, kind: str, asked: str) -> str:
    """The code asked for, however it is cased or its Danish letters are spelt.

    Raises `NotFound` with the nearest codes where there is none, and says so where a code of the
    demo city is asked of the published figures.
    """
    known = known_codes(session, kind)
    if asked in known:
        return asked
    if session.dataset == "published" and asked.startswith("demo-"):
        raise BadInput("demo_in_published", asked=asked)
    alike = [code for code in known if _spelt(code) == _spelt(asked)]
    if len(alike) == 1:
        return alike[0]
    raise NotFound(kind, asked, known)


def _spelt(code: str) -> str:
    """The code in one spelling: case folded, Danish letters and their transcriptions alike."""
    plain = code.casefold().translate({0xE6: "ae", 0xF8: "oe", 0xE5: "aa"})
    return plain.replace("ae", "a").replace("oe", "o").replace("aa", "a")


def labels(session: Session, lang: str) -> dict[tuple[str, str], str]:
    """Every label of a language by (kind, code)."""
    rows = session.rows("select kind, code, words from label where lang = $lang", {"lang": lang})
    return {(row["kind"], row["code"]): row["words"] for row in rows}


def dataset(session: Session) -> Row:
    """The dataset's own row: where a reader starts, whether it is synthetic."""
    return session.rows("select * from dataset")[0]


def policies(session: Session) -> list[Row]:
    """Policies in catalogue order, with their decision and how many rounds judge them."""
    return session.rows(
        """select p.*, d.decided, d.decided_period, d.body, d.case_number, d.address as
          decision_address, count(r.round)::integer as rounds
        from policy p left join decision d using (decision) left join round_policy r using (policy)
        group by all order by p.position"""
    )


def rounds(session: Session, policy: str | None = None) -> list[Row]:
    """Rounds, newest first; with `policy` only those that judge it."""
    return session.rows(
        """select distinct r.* from round r left join round_policy p using (round)
        where $policy is null or p.policy = $policy order by published_day desc, round desc""",
        {"policy": policy},
    )


def check_round(session: Session, policy: str, asked: str | None) -> str:
    """The round asked for (or the policy's newest), which must judge the policy."""
    of_policy = [row["round"] for row in rounds(session, policy)]
    if not of_policy:
        raise BarometerError("policy_without_rounds", policy=policy)
    if asked is None:
        return str(of_policy[0])
    code = check_code(session, "round", asked)
    if code not in of_policy:
        raise BarometerError("round_not_of_policy", round=code, policy=policy, rounds=of_policy)
    return code


def goals(session: Session, policy: str) -> list[Row]:
    """Goals of a policy with their effort areas, in catalogue order."""
    return session.rows(
        """select g.*, e.number as effort_area_number from goal g
        left join effort_area e using (effort_area) where g.policy = $policy
        order by e.position nulls last, g.number nulls last, g.position""",
        {"policy": policy},
    )


def goal_assessments(session: Session, policy: str, round_: str) -> list[Row]:
    """The goals judged in a round."""
    return session.rows(
        """select a.*, s.address as source_address, g.number, g.effort_area, g.lead_committee,
          g.contributing_committees, g.parent
        from goal_assessment a join goal g using (goal)
        left join effort_area e using (effort_area) left join source s using (source)
        where a.policy = $policy and a.round = $round
        order by e.position nulls last, g.number nulls last, g.position""",
        {"policy": policy, "round": round_},
    )


def indicator_assessments(session: Session, policy: str, round_: str) -> list[Row]:
    """The indicators of the goals judged in a round, `printed` being the value as printed."""
    return session.rows(
        """select a.*, i.polarity, s.address as source_address, s.published as source_published,
          case when a.unit in ('percent', 'percentage_points')
            then round(a.value * 100, a.decimals) else a.value end as printed
        from indicator_assessment a join indicator i using (indicator)
        left join source s on s.source = a.source
        where a.policy = $policy and a.round = $round order by a.goal, a.position""",
        {"policy": policy, "round": round_},
    )


def statements(session: Session, round_: str) -> list[Row]:
    """What a round said of effort areas in words, where no figures were published."""
    return session.rows(
        """select t.*, s.address as source_address from round_statement t
        join effort_area e using (effort_area) join source s using (source)
        where round = $round order by e.position""",
        {"round": round_},
    )


def indicator(session: Session, code: str) -> Row:
    """One indicator's entry with its source's address."""
    return session.rows(
        """select i.*, s.address as source_address
        from indicator i left join source s using (source) where indicator = $code""",
        {"code": code},
    )[0]


def indicators(session: Session) -> list[Row]:
    """Indicators that have figures, with how many, in catalogue order."""
    return session.rows(
        """select i.*, count(m.indicator)::integer as figures from indicator i
        join measurement m using (indicator) group by all order by i.position"""
    )


def breaks(session: Session, code: str) -> list[Row]:
    """Breaks of an indicator's series, in time."""
    return session.rows(
        "select * from series_break where indicator = $code order by start_day", {"code": code}
    )


def history(
    session: Session, code: str, areas: Sequence[str] = (), groups: Sequence[str] = ()
) -> list[Row]:
    """Every figure of an indicator as it stands (or stood on the session's day), in time.

    Undated figures stand at the day they were known. `areas` and `groups` narrow it.
    """
    return session.rows(
        """select m.*, s.address as source_address, s.published as source_published, a.level,
          a.division from measurement m join source s using (source) join area a using (area)
        where indicator = $code and (len($areas) = 0 or list_contains($areas, m.area))
          and (len($groups) = 0 or list_contains($groups, population_group))
        order by a.position, population_group, coalesce(period_end, known_from), period""",
        {"code": code, "areas": list(areas), "groups": list(groups)},
    )


def comments(session: Session, code: str) -> list[Row]:
    """The dated comments to an indicator, newest first."""
    return session.rows(
        "select * from comment where indicator = $code order by written desc, comment",
        {"code": code},
    )


def goals_of(session: Session, code: str) -> list[Row]:
    """The goals an indicator stands under, and whether it counts there."""
    return session.rows(
        """select gi.*, g.policy, g.number as goal_number from goal_indicator gi
        join goal g using (goal) where gi.indicator = $code order by g.position""",
        {"code": code},
    )


def editions(session: Session, index: str) -> list[Row]:
    """Editions of an index, newest first, with how many scores and ranks each has."""
    return session.rows(
        """select e.*, (select count(*) from index_score s where s."index" = e."index"
            and s.edition = e.edition and s.score is not null)::integer as scores,
          (select list(distinct scope order by scope) from index_rank r where r."index" = e."index"
            and r.edition = e.edition) as scopes
        from index_edition e where e."index" = $index order by sort_day desc, edition""",
        {"index": index},
    )


def scopes(session: Session, index: str) -> list[str]:
    """The scopes of ranking an index has."""
    return session.codes(
        'select scope from index_scope where "index" = $index order by position', {"index": index}
    )


def ranks(session: Session, index: str, edition: str, scope: str) -> list[Row]:
    """Ranks of an edition and scope, best first; published and computed ones are marked so.

    Computed ranks carry their interval (`low`, `high`, ...), and `ahead_of_next`: how often the
    city is ahead of the next one in the list. All blank where nothing is known of it.
    """
    return session.rows(
        """select r.*, s.address as source_address, a.ahead as ahead_of_next, a.other as next
        from index_ranking r left join source s using (source)
        left join index_rank_ahead a on r.kind = 'computed' and a."index" = r."index"
            and a.edition = r.edition and a.scope = r.scope and a.city = r.city and a.step = 1
        where r."index" = $index and r.edition = $edition and r.scope = $scope
        order by r.rank, r.city""",
        {"index": index, "edition": edition, "scope": scope},
    )


def refusal(session: Session, index: str, edition: str, scope: str) -> Row | None:
    """Why no rank was computed for an edition and scope, if none was."""
    found = session.rows(
        """select * from index_rank_refusal where "index" = $index and edition = $edition
        and scope = $scope""",
        {"index": index, "edition": edition, "scope": scope},
    )
    return found[0] if found else None


def scores(session: Session, index: str, edition: str | None) -> list[Row]:
    """Scores of an edition (of no stated edition where `None`), highest first."""
    return session.rows(
        """select x.*, s.address as source_address from index_score x join source s using (source)
        where "index" = $index and edition is not distinct from $edition and score is not null
        order by score desc, city""",
        {"index": index, "edition": edition},
    )


def rank_claims(session: Session, index: str, city: str | None = None) -> list[Row]:
    """Ranks told in passing beside scores (scope often not stated); no published rank rows."""
    return session.rows(
        """select x.*, s.address as source_address from index_score x join source s using (source)
        where "index" = $index and claimed_rank is not null and ($city is null or city = $city)
          and not exists (select 1 from index_rank r where r."index" = x."index"
            and r.city = x.city and r.edition = x.edition and r.rank = x.claimed_rank)
        order by edition, city""",
        {"index": index, "city": city},
    )


def city_path(session: Session, index: str, city: str) -> list[Row]:
    """A city's scores by edition in time, each with its ranks (a list of scope, rank, of, tied)."""
    return session.rows(
        """select x.edition, e.precision, e.sort_day, x.score, x.note, x.source,
          s.address as source_address,
          (select list({'scope': scope, 'rank': rank, 'of': "of", 'tied': tied, 'kind': kind}
            order by scope) from index_rank r where r."index" = x."index" and r.city = x.city
            and r.edition = x.edition) as ranks
        from index_score x join index_edition e using ("index", edition)
        join source s using (source)
        where x."index" = $index and x.city = $city and score is not null order by e.sort_day""",
        {"index": index, "city": city},
    )


def field_sizes(session: Session, index: str) -> list[Row]:
    """How many cities each dated list compared; a list of its own, joined to nothing."""
    return session.rows(
        """select f.*, s.address as source_address from index_field_size f join source s
        using (source) where "index" = $index order by line""",
        {"index": index},
    )


def provenance(session: Session) -> dict[str, Any]:
    """Counts and the newest days of what the dataset holds, for the start page."""
    return session.rows(
        """select (select count(*) from measurement)::integer as measurements,
          (select count(*) from delivery)::integer as deliveries,
          (select max(received) from delivery) as received"""
    )[0]
