"""Figures that belong together: groups and what they are compared with, districts and their city,
a whole and its parts.

Every question reads `vintage`: in a build the figures just made, in a session those known on its
day. Only reported figures take part: what is hidden tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pyarrow as pa

from barometer_lib.store.questions import Row
from barometer_lib.store.sessions import Session

# How many people a share is of: a register's denominator, or a survey's effective sample. Blank
# where the figure carries none, or one that its own value does not fit.
PEOPLE = """case when i.kind <> 'proportion' or v.unit <> 'percent' or v.value not between 0 and 1
      then null
    when v.numerator is not null and v.denominator > 0 then
      case when v.numerator between 0 and v.denominator then v.denominator end
    when v.sample_size > 0 then v.sample_size / coalesce(i.design_effect, 1) end"""

FIGURE = f"""figure as (
    select v.*, i.reference_group, i.kind, i.position, i.polarity, i.basis, p.definition, p.total,
      i.population_group as own_group, p.position as group_position, a.level, a.parent, a.division,
      a.position as area_position, {PEOPLE} as n,
      coalesce(v.numerator, v.value * {PEOPLE}) as counted
    from vintage v join indicator i using (indicator) join area a using (area)
    join population_group p on p.population_group = v.population_group
    where i.kind in ('proportion', 'mean', 'rate')
      and v.value is not null and v.status = 'reported' and v.period is not null)"""

TOGETHER = """r.indicator = g.indicator and r.area = g.area and r.period = g.period
    and r.unit = g.unit and greatest(g.known_from, r.known_from)
      < coalesce(least(g.known_until, r.known_until), date '9999-12-31')"""
STOOD = """greatest(g.known_from, r.known_from) as from_day,
      least(g.known_until, r.known_until) as until_day"""

PAIRS = f"""{FIGURE}, whole as (
    select g.*, r.population_group as comparison, r.value as comparison_value,
      r.decimals as comparison_decimals, r.counted - g.counted as rest_count, r.n - g.n as rest_n,
      g.n / r.n as its_part, {STOOD}
    from figure g join figure r on {TOGETHER} and r.total and r.definition = g.definition
    where not g.total
), split as (
    select *, coalesce(rest_n > 0 and rest_count between 0 and rest_n, false) as parted from whole
), paired as (
    select g.*, r.population_group as comparison, 'reference' as against,
      r.value as comparison_value, r.decimals as comparison_decimals, r.counted as count2,
      r.n as n2, null::double as part, {STOOD}
    from figure g join figure r on {TOGETHER} and r.population_group = g.reference_group
    where g.population_group <> g.reference_group and not g.total
  union all by name
    select * exclude (rest_count, rest_n, its_part, parted, comparison_value), 'rest' as against,
      rest_count / rest_n as comparison_value, rest_count as count2, rest_n as n2,
      null::double as part
    from split where parted
  union all by name
    select * exclude (rest_count, rest_n, its_part, parted), 'mean' as against,
      case when parted then rest_count end as count2, case when parted then rest_n end as n2,
      case when parted then its_part end as part
    from split
  union all by name
    select g.*, t.target as comparison, 'target' as against,
      case when g.unit = 'percent' then t.value / 100 else t.value end as comparison_value,
      g.decimals as comparison_decimals, null::double as count2, null::double as n2,
      null::double as part, g.known_from as from_day, g.known_until as until_day
    from figure g join target t on t.indicator = g.indicator and t.unit = g.unit
      and t.form in ('level', 'maximum', 'minimum') and t.value is not null
      and g.period_end between coalesce(t.valid_from, date '0001-01-01')
        and coalesce(t.valid_to, date '9999-12-31')
    where g.population_group = g.own_group
      and case t.applies_to
        when 'every_district' then g.level in ('district', 'survey_district')
        when 'country' then g.level = 'country' else g.area = $home end
)
select indicator, area, population_group, comparison, against, period, period_end, kind,
  case when unit = 'percent' then 'percentage_points' else unit end as unit,
  least(decimals, comparison_decimals)::integer as decimals, value, comparison_value,
  counted as count1, n as n1, count2, n2, part, from_day as known_from, until_day as known_until,
  synthetic
from paired
order by position, area_position, group_position, population_group, against, comparison,
  period_end, period, from_day"""

DISTRICTS = f"""{FIGURE}
select v.indicator, v.area, v.population_group, v.period, v.period_end, v.value, v.decimals,
  v.known_from, v.synthetic, v.polarity, v.division, v.n, v.counted as count, v.parent,
  w.value as whole_value, w.counted as whole_count, w.n as whole_n
from figure v left join figure w on w.area = v.parent and w.indicator = v.indicator
  and w.population_group = v.population_group and w.period = v.period and w.unit = v.unit
where v.division is not null and v.n is not null and v.kind = 'proportion'
order by v.position, v.division, v.group_position, v.period_end, v.period, v.area_position"""

# A whole and its parts: a group's groups in one area, or an area's districts in one group. `wanted`
# is how many parts there are; a part has no `n` where it is hidden, missing or carries none.
STRATA = f"""{FIGURE}, piece as (
    select g.population_group as whole_group, a.area as whole_area, 'groups' as strata,
      g.part as part_group, a.area as part_area, g.place, g.wanted
    from (select population_group, unnest(parts) as part, generate_subscripts(parts, 1) as place,
        len(parts) as wanted from population_group where len(parts) > 1) g cross join area a
  union all
    select g.population_group, d.parent, d.division, g.population_group, d.area, d.position,
      count(*) over (partition by g.population_group, d.parent, d.division)
    from area d cross join population_group g where d.division is not null and d.parent is not null
)
select w.indicator, w.area, w.population_group, piece.strata, w.period, w.period_end, w.decimals,
  w.level, w.synthetic, w.counted, w.n, w.denominator is null as sampled,
  any_value(piece.wanted)::integer as wanted,
  list({{'area': piece.part_area, 'group': piece.part_group, 'count': f.counted, 'n': f.n}}
    order by piece.place) as parts
from figure w join piece on piece.whole_area = w.area and piece.whole_group = w.population_group
left join figure f on f.indicator = w.indicator and f.area = piece.part_area
  and f.population_group = piece.part_group and f.period = w.period and f.unit = w.unit
where w.kind = 'proportion' and w.n is not null
group by all having count(f.n) > 0
order by w.indicator, w.area, w.population_group, piece.strata, w.period_end, w.period"""

# Where people of a group live: those a full register's share is of, district by district.
LIVING = f"""{FIGURE}, place as (
    select * from figure
    where division is not null and basis = 'full_register' and denominator > 0 and n = denominator
)
select g.indicator, g.division, g.population_group, t.population_group as among, g.period,
  g.period_end, g.synthetic,
  (select count(*) from area a where a.division = g.division)::integer as wanted,
  list({{'area': g.area, 'group': g.n, 'total': t.n}} order by g.area_position) as places
from place g join place t on t.indicator = g.indicator and t.area = g.area
  and t.period = g.period and t.total and t.definition = g.definition
where not g.total
group by all
order by g.indicator, g.division, g.population_group, g.period_end, g.period"""

NAMES = ("indicator", "area", "population_group", "target")
BLOCK = ("indicator", "division", "population_group", "period")


class Figures:
    """The figures of a build, to be asked the questions of this module.

    `tables` are the store's, by name; `home` is the dataset's own area.
    """

    def __init__(self, tables: Mapping[str, pa.Table], home: str) -> None:
        self.tables = tables
        self.home = home

    def pairs(self) -> pa.Table:
        """Each group beside what it is compared with, in every area and period both are reported.

        `known_from` and `known_until` bound the days on which just these two figures stood.
        `count1` of `n1` and `count2` of `n2` are the people of the group and of the comparison
        (of the rest, for the mean of a whole that the group is `part` of).
        """
        return self._asked(PAIRS, "incoming", {"home": self.home})

    def districts(self) -> list[list[Row]]:
        """Today's reported shares of districts that carry their n: one block of rows per
        indicator, division, group and period, each with the city's own figure where there is one.
        """
        return blocks_of(self._now(DISTRICTS))

    def strata(self) -> list[Row]:
        """Today's wholes with their parts, series by series in time."""
        return self._now(STRATA)

    def living(self) -> list[Row]:
        """Where the people of each group live, today's figures."""
        return self._now(LIVING)

    def _now(self, sql: str) -> list[Row]:
        rows: list[Row] = self._asked(
            sql, "(select * from incoming where known_until is null)"
        ).to_pylist()
        return rows

    def _asked(self, sql: str, vintages: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        import duckdb

        with duckdb.connect(":memory:") as con:
            con.register("incoming", self.tables["measurement_vintage"])
            for name in NAMES:
                if self.tables[name].num_rows or name != "target":
                    con.register(name, self.tables[name])
                else:
                    con.execute(NO_TARGET)
            asked = f"with vintage as (select * from {vintages}), {sql}"
            return con.sql(asked, params=dict(values or {})).to_arrow_table()


NO_TARGET = """create table target (target varchar, indicator varchar, unit varchar, form varchar,
    value double, valid_from date, valid_to date, applies_to varchar)"""


def blocks_of(rows: list[Row]) -> list[list[Row]]:
    """Districts' rows in blocks to be compared: one per indicator, division, group and period."""
    return [
        list(block) for _, block in groupby(rows, lambda row: tuple(row[name] for name in BLOCK))
    ]


KNOWN = """with vintage as (select *, null::date as known_until from measurement
    where indicator = $code), """


def districts(session: Session, code: str) -> list[list[Row]]:
    """As `Figures.districts`, of one indicator as known on the session's day."""
    return blocks_of(session.rows(KNOWN + DISTRICTS, {"code": code}))


def strata(session: Session, code: str) -> list[Row]:
    """As `Figures.strata`, of one indicator as known on the session's day."""
    return session.rows(KNOWN + STRATA, {"code": code})


def living(session: Session, code: str) -> list[Row]:
    """As `Figures.living`, of one indicator as known on the session's day."""
    return session.rows(KNOWN + LIVING, {"code": code})


def gaps(session: Session, code: str, area: str) -> list[Row]:
    """The stored gaps of an indicator in an area as known on the session's day, series by series
    in time."""
    return session.rows(
        """select x.* from gap x join population_group g using (population_group)
        where x.indicator = $code and x.area = $area
          and case when $day is null then x.known_until is null
            else x.known_from <= $day and (x.known_until is null or x.known_until > $day) end
        order by g.position, x.population_group,
          list_position(['reference', 'rest', 'mean', 'target'], x.against), x.comparison,
          x.period_end, x.period""",
        {"code": code, "area": area, "day": session.day},
    )


def unmeasured(session: Session, code: str, group: str, division: str, period: str) -> list[Row]:
    """The division's districts without a reported share in the period, with their status."""
    return session.rows(
        """select a.area, coalesce(m.status, 'missing') as status from area a
        left join measurement m on m.area = a.area and m.indicator = $code
          and m.population_group = $group and m.period = $period
        where a.division = $division and (m.value is null or m.status <> 'reported')
        order by a.position""",
        {"code": code, "group": group, "division": division, "period": period},
    )


def standing(session: Session, code: str, area: str) -> list[Row]:
    """Each group's newest figure of an indicator in an area, with its status and its kind of
    people: what a comparison would need."""
    return session.rows(
        """select m.population_group, m.period, m.period_end, m.status,
          m.value is not null as known, g.definition, g.total
        from measurement m join population_group g using (population_group)
        where m.indicator = $code and m.area = $area and m.period is not null
        qualify row_number() over (partition by m.population_group
          order by m.period_end desc, m.known_from desc) = 1
        order by g.position""",
        {"code": code, "area": area},
    )


def groups(session: Session) -> dict[str, Row]:
    """Every population group by its code, in catalogue order."""
    rows = session.rows("select * from population_group order by position")
    return {row["population_group"]: row for row in rows}
