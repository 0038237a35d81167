"""The tables of a round as open data: stored questions whose answers leave the house as files.

Asked of a session on the round's day, so that `measurement` is what was known then. Values are as
printed (93.1 percent). Every table begins with `synthetic`; rows stand in a fixed order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from barometer_lib.store.sessions import Session

if TYPE_CHECKING:
    import pyarrow as pa

MARK = "(select synthetic from dataset) as synthetic"
CHOSEN = "list_contains($policies, {0}.policy)"
UNDER = """list_contains((select list(distinct gi.indicator) from goal_indicator gi
  join goal g using (goal) where list_contains($policies, g.policy)), {0}.indicator)"""
SCALE = "(case when {0}.unit in ('percent', 'percentage_points') then 100 else 1 end)"
# A day of an edition may be a year or a month only: then it is known from its end.
KNOWN = """last_day(strptime(rpad({0}.sort_day, 7, '-12') || '-01', '%Y-%m-%d')::date) <= $day
  or length({0}.sort_day) = 10 and {0}.sort_day <= $day::varchar"""

TABLES: Mapping[str, str] = {
    "measurements": f"""select m.synthetic, m.indicator, m.area, m.population_group as "group",
        m.period, m.period_start, m.period_end, m.reported_round, m.printed as value,
        round(m.low * {SCALE.format("m")}, m.decimals + 1) as low,
        round(m.high * {SCALE.format("m")}, m.decimals + 1) as high,
        m.unit, m.decimals, m.status, m.rounded_to, m.numerator, m.denominator, m.sample_size,
        m.published_change as change, m.change_unit, m.change_since,
        m.published_significance as significance, m.source, s.address as source_address,
        m.known_from, m.known_from_basis, m.sureness, m.delivery, m.file, m.line, m.correction
      from measurement m join indicator i using (indicator) join area a using (area)
      join population_group g on g.population_group = m.population_group
      join source s on s.source = m.source
      where {UNDER.format("m")} order by i.position, a.position, g.position,
        coalesce(m.period_end, m.known_from), m.period, m.reported_round""",
    "goals": f"""select a.synthetic, a.policy, a.round, a.goal, g.number, g.effort_area, a.rule,
        a.status, a.status_published, a.status_computed, a.reason, g.lead_committee,
        array_to_string(g.contributing_committees, ' ') as contributing_committees,
        s.address as source_address
      from goal_assessment a join goal g using (goal) join policy p on p.policy = a.policy
      left join source s on s.source = a.source
      where a.round = $round and {CHOSEN.format("a")} order by p.position, g.position""",
    "indicator_statuses": f"""select a.synthetic, a.policy, a.round, a.goal, a.indicator, a.area,
        a.population_group as "group", a.period, a.counts, a.rule,
        round(a.value * {SCALE.format("a")}, a.decimals) as value, a.unit, a.reference_period,
        a.change_printed as change, a.change_unit, a.change_kind, a.significant, a.status,
        a.reason, s.address as source_address
      from indicator_assessment a join goal g using (goal) join policy p on p.policy = a.policy
      left join source s on s.source = a.source
      where a.round = $round and {CHOSEN.format("a")}
      order by p.position, g.position, a.position""",
    "answers": f"""select x.synthetic, x.policy, x.round, x.goal, x.indicator, x.area,
        x.population_group as "group", x.own, x.level, x.distance, x.direction, x.change,
        x.change_low, x.change_high, x.pace, x.projected, x.projected_low, x.projected_high,
        x.probability, x.points, x.status
      from assessment x join goal g using (goal) join policy p on p.policy = x.policy
      join indicator i using (indicator) join area a using (area)
      join population_group u on u.population_group = x.population_group
      where x.round = $round and {CHOSEN.format("x")}
      order by p.position, g.position, i.position, a.position, u.position""",
    "statements": f"""select {MARK}, t.round, e.policy, t.effort_area, t.status,
        s.address as source_address
      from round_statement t join effort_area e using (effort_area) join source s using (source)
      where t.round = $round and {CHOSEN.format("e")} order by e.position""",
    "indicators": f"""select {MARK}, i.indicator, i.kind, i.unit, i.decimals, i.polarity,
        i.frequency, i.basis, i.population_group as "group", i.reference_group, i.ends,
        i.successor, s.address as source_address
      from indicator i left join source s using (source)
      where {UNDER.format("i")} order by i.position""",
    "breaks": f"""select {MARK}, b.indicator, b.start, b.start_day, b.reason as break_reason,
        b.area_level, b.linked
      from series_break b join indicator i using (indicator)
      where b.start_day <= $day and {UNDER.format("b")} order by i.position, b.start_day""",
    "targets": f"""select {MARK}, t.target, t.policy, t.goal, t.indicator, t."index", t.form,
        t.applies_to, t.value, t.unit, t.direction, t.baseline_period, t.baseline_value,
        t.target_period, t.valid_from, t.valid_to, array_to_string(t.owners, ' ') as owners,
        t.decision, s.address as source_address
      from target t left join source s using (source)
      where coalesce(t.valid_from <= $day, true) and {CHOSEN.format("t")} order by t.position""",
    "hidden": f"""select h.synthetic, h.round, h.indicator, h.area,
        h.population_group as "group", h.period, h.reported_round, h.known_from, h.hidden_by
      from round_suppression h join indicator i using (indicator) join area a using (area)
      where h.round = $round and {UNDER.format("h")}
      order by i.position, a.position, h.population_group, h.period, h.known_from""",
    "comments": f"""select {MARK}, c.comment, c.indicator, c.round, c.written, c.author
      from comment c where c.written <= $day and {UNDER.format("c")}
      order by c.written, c.comment""",
    "policies": f"""select {MARK}, p.policy, p.form, p.status as policy_status, p.first_year,
        p.last_year, p.rule, d.decided
      from policy p left join decision d using (decision) where {CHOSEN.format("p")}
      order by p.position""",
    "rounds": f"""select {MARK}, r.round, r.published, r.published_day, r.missed,
        string_agg(p.policy, ' ' order by p.policy) as policies
      from round r left join round_policy p using (round)
      where r.published_day <= $day group by all order by r.published_day, r.round""",
    "areas": f"""select {MARK}, area, level, parent, division, division_version
      from area order by position""",
    "groups": f"""select {MARK}, population_group as "group", definition, total
      from population_group order by position""",
    "committees": f"select {MARK}, committee, administration from committee order by position",
    "sources": f"""select {MARK}, s.source, s.address as source_address, s.published, s.publisher,
        s.licence from source s order by s.position""",
    "index_scores": f"""select x.synthetic, x."index", x.edition, x.city, x.score, x.note,
        s.address as source_address
      from index_score x join index_edition e using ("index", edition)
      join source s using (source) where x.score is not null and ({KNOWN.format("e")})
      order by x."index", e.sort_day, x.edition, x.score desc, x.city""",
    "index_ranks": f"""select r.synthetic, r."index", r.edition, r.scope, r.city, r.score, r.rank,
        r.tied, r."of", r.kind, s.address as source_address
      from index_rank r join index_edition e using ("index", edition)
      left join source s on s.source = r.source where {KNOWN.format("e")}
      order by r."index", e.sort_day, r.edition, r.scope, r.kind, r.rank, r.city""",
}  # fmt: skip


def open_tables(session: Session, round_: str, policies: list[str]) -> dict[str, pa.Table]:
    """Every table of a round for its `policies`, by name; empty ones are left out.

    The session must stand on the round's day.
    """
    if session.day is None:
        raise ValueError("open data are what was known on a day")
    given = {"round": round_, "policies": policies, "day": session.day}
    found = {}
    for name, sql in TABLES.items():
        used = {key: value for key, value in given.items() if f"${key}" in sql}
        answer = session.connection.sql(sql, params=used)
        table = answer.to_arrow_table()
        if table.num_rows:
            found[name] = table
    return found


def stored_figures(session: Session) -> list[dict[str, object]]:
    """Every vintage the store shows or hides, as printed: what a published file may repeat."""
    return session.rows(
        f"""select m.indicator, m.area, m.population_group as "group", m.period,
          m.reported_round, m.status, round(m.value * {SCALE.format("m")}, m.decimals) as value,
          round(m.low * {SCALE.format("m")}, m.decimals + 1) as low,
          round(m.high * {SCALE.format("m")}, m.decimals + 1) as high,
          m.numerator, m.denominator, m.sample_size, m.published_change as change
        from measurement_vintage m"""
    )


def licences(session: Session) -> list[str]:
    """The licences that the deliveries state, each once."""
    return session.codes("select distinct licence from delivery order by 1")
